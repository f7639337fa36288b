"""Quarters taken together, and a place without its quarters: sums and differences of published counts.

Numerator and denominator are summed, then the indicator is computed from the sums: a rate is never averaged. A
total is made only where every one of its quarters is published, so that none can be found by subtraction; the
same place without its quarters only takes public counts from public counts. Counts are whole numbers as the
producers give them, exact to the unit: neither carries a rounding error nor, being registers, a sampling one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from diagnostic.analysis.facilities import SERVED
from diagnostic.analysis.indicator import INDICATORS
from diagnostic.formatting import NBSP, enumeration, number, plural
from diagnostic.schemas import MEASURE_COLUMNS
from diagnostic.territory import catalogue
from diagnostic.territory.names import department_of
from diagnostic.vocabulary import ABSENCE_PRECEDENCE, KNOWN, Level, Status

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence

    from diagnostic.territory.memberships import Memberships, Pair
    from diagnostic.territory.places import Territory

# What a place without its quarters is called, by the level of the place.
OUTSIDE: Final = {Level.EPCI: Level.EPCI_OUTSIDE, Level.COMMUNE: Level.COMMUNE_OUTSIDE}
MADE: Final = (Level.CONTRACT, *OUTSIDE.values())
PAIRED: Final = [
    "level", "code", "vintage", "comparator_kind", "comparator_code", "comparator_label", "rank", "note",
]  # fmt: skip
NAMED: Final = 3  # codes that a reason names before it counts
# From what changes nothing to what hides most.
_STRENGTH: Final = (*KNOWN, *reversed(ABSENCE_PRECEDENCE))
_CELL: Final = ["variable", "group", "period", "period_basis", "source", "edition"]


@dataclass(frozen=True, slots=True)
class Whole:
    """A set of quarters, to add up or to take from a place.

    Parameters
    ----------
    level
        One of :data:`MADE`.
    code, label
        Of the place that it is said of; the label as printed.
    generation
        Of the quarters: 2015 or 2024.
    quarters
        Every quarter of the set, also those that no file has: they make it absent.
    host
        Level of the place from which the quarters are taken; empty for their total.
    until
        Last geography in which the place had another perimeter: its figures are not those of today's place.
    reason
        French, why it cannot be made at all; empty where it can.
    """

    level: Level
    code: str
    label: str
    generation: int
    quarters: tuple[str, ...]
    host: str = ""
    until: int = 0
    reason: str = ""


def wholes(territory: Territory, memberships: Memberships, *, quarters: Collection[str] = ()) -> tuple[Whole, ...]:
    """Say which sets of quarters a territory is compared with.

    Parameters
    ----------
    territory
        Its quarters are the total, unless there is only one.
    memberships
        Where every quarter lies, those outside the territory included.
    quarters
        Codes of the same generation that files have besides the shipped list's (the fictional ones).

    Returns
    -------
    tuple of Whole
        The total, then each EPCI of the territory's quarters without all of its own; the commune instead where
        there is no EPCI. A place that a quarter crosses the limit of, or where one may be unknown, has a
        ``reason``.
    """
    found = []
    if len(territory.qpv) > 1:
        label = f"ensemble des QPV du contrat ({plural(len(territory.qpv), 'quartier')})"
        code = territory.main_epci or territory.name
        found.append(Whole(Level.CONTRACT, code, label, territory.generation, territory.qpv))
    lie = _lie(territory, memberships, quarters)
    hosts = {place: level for code in territory.qpv for level, place in lie[code]}
    return (*found, *(_without(level, place, territory.generation, lie) for place, level in hosts.items()))


def _lie(
    territory: Territory, memberships: Memberships, quarters: Collection[str]
) -> dict[str, list[tuple[Level, Pair]]]:
    """Give the EPCI of each quarter of the generation, or its communes where it has none."""
    codes = dict.fromkeys([*territory.qpv, *sorted({*quarters, *catalogue.quarters(territory.generation)})])
    members = {code: memberships.of(code, territory.generation) for code in codes}
    return {
        code: [(Level.EPCI, one) for one in member.epci] or [(Level.COMMUNE, one) for one in member.communes]
        for code, member in members.items()
    }


def _without(level: Level, place: Pair, generation: int, lie: Mapping[str, list[tuple[Level, Pair]]]) -> Whole:
    code, label = place
    inside = tuple(sorted(one for one, homes in lie.items() if (level, place) in homes))
    across = [one for one in inside if len(lie[one]) > 1]
    near = {department_of(one) for one in inside}
    lost = [one for one, homes in lie.items() if not homes and department_of(one) in near]
    reason = ""
    if across:
        reason = f"{enumeration(across)} {'déborde' if len(across) == 1 else 'débordent'} de ses limites"
    elif lost:
        reason = f"on ne sait pas où {'se trouve' if len(lost) == 1 else 'se trouvent'} {_codes(lost)}"
    changed = [
        row.vintage for row in catalogue.epci_codes()
        if row.published == row.canonical == code and not row.communes == row.shared == row.now
    ]  # fmt: skip
    return Whole(
        OUTSIDE[level], code, f"{label} hors QPV", generation, inside, host=str(level),
        until=max(changed, default=0), reason=reason,
    )  # fmt: skip


def paired(sets: Sequence[Whole], *, territory: Territory) -> pd.DataFrame:
    """Pair each quarter of a territory with the sets that it belongs to.

    Parameters
    ----------
    sets
        Of :func:`wholes`.
    territory
        Whose quarters are compared.

    Returns
    -------
    pandas.DataFrame
        Columns of :func:`diagnostic.territory.comparators.comparators`, to add to its rows.
    """
    rows = [
        (str(Level.QPV), code, territory.generation, str(one.level), one.code, one.label, 0, _composed(one))
        for code in territory.qpv
        for one in sets
        if code in one.quarters
    ]
    return pd.DataFrame(rows, columns=PAIRED).astype({"vintage": "int64", "rank": "int64"})


def _composed(one: Whole) -> str:
    count = plural(len(one.quarters), "quartier")
    taken = "quartier retiré" if len(one.quarters) == 1 else "quartiers retirés"
    return f"{number(len(one.quarters))} {taken}" if one.host else f"{count}, celui-ci compris"


def summed(measures: pd.DataFrame, sets: Sequence[Whole]) -> pd.DataFrame:
    """Add up the counts that an additive indicator reads.

    Parameters
    ----------
    measures
        Columns ``schemas.MEASURE_COLUMNS``: counts of the quarters and of the places around.
    sets
        Of :func:`wholes`.

    Returns
    -------
    pandas.DataFrame
        Columns ``schemas.MEASURE_COLUMNS``, one row a set and a count that its quarters have in one source and
        edition. Absent, with the strongest reason and a French note, as soon as one quarter is.

    Examples
    --------
    >>> len(summed(pd.DataFrame(columns=MEASURE_COLUMNS), ()))
    0
    """
    read = {(name.variable, name.group or group) for one in INDICATORS if one.additive
            for group in one.groups for name in one.inputs}  # fmt: skip
    counts = measures[pd.MultiIndex.from_frame(measures[["variable", "group"]]).isin(read)]
    # Inhabitants of two years are not added up: the year of those served is in the note.
    counts = counts.assign(of=counts["note"].where(counts["variable"] == SERVED, ""))
    parts = [part for one in sets if len(part := _of(counts, one))]
    if not parts:
        return pd.DataFrame(columns=MEASURE_COLUMNS)
    return pd.concat(parts, ignore_index=True)[MEASURE_COLUMNS]


def _of(counts: pd.DataFrame, one: Whole) -> pd.DataFrame:
    """Give the counts of one set, taken from its place where it has one."""
    cell = [*_CELL, "unit", "of"]
    own = counts[(counts["level"] == Level.QPV) & (counts["vintage"] == one.generation)]
    own = own[own["code"].isin(one.quarters)]
    parts = own.groupby(cell, sort=True)
    total = pd.DataFrame([_total(rows, one) | dict(zip(cell, key, strict=True)) for key, rows in parts])
    if total.empty:
        return total
    if not one.host:
        return total.assign(level=str(one.level), code=one.code, vintage=one.generation)
    place = counts[(counts["level"] == one.host) & (counts["code"] == one.code)]
    both = place.merge(total, on=cell, suffixes=("", "_quarters"))
    return pd.DataFrame([_rest(row, one) for row in both.to_dict("records")], columns=counts.columns)


def _total(rows: pd.DataFrame, one: Whole) -> dict[str, object]:
    absent = rows[~rows["status"].isin(KNOWN)]
    unpublished = sorted({*one.quarters} - {*rows["code"]} | {*absent["code"]})
    words = [*rows["status"], *([] if len(rows) == len(one.quarters) else [Status.MISSING])]
    status = str(max(words, key=_STRENGTH.index))
    if not unpublished:
        return {"value": float(rows["value"].sum()), "status": status, "note": str(rows["of"].iloc[0])}
    return {"value": None, "status": status, "note": _incomplete(unpublished, one)}


def _incomplete(unpublished: Sequence[str], one: Whole) -> str:
    return (
        f"chiffre non publié dans {plural(len(unpublished), 'quartier')} sur{NBSP}"
        f"{number(len(one.quarters))} ({_codes(unpublished)})"
    )


def _codes(codes: Sequence[str]) -> str:
    rest = [f"{number(len(codes) - NAMED)} autres"] if len(codes) > NAMED + 1 else codes[NAMED:]
    return enumeration([*codes[:NAMED], *rest])


def _rest(row: Mapping[Hashable, Any], one: Whole) -> dict[Hashable, Any]:
    """Take the quarters from their place, unless something forbids it."""
    found = {**row, "level": str(one.level), "code": one.code}
    absent = found | {"value": None, "status": str(Status.MISSING)}
    if one.reason:
        return absent | {"note": one.reason}
    if int(row["vintage"]) <= one.until:
        return absent | {"note": f"la géographie {row['vintage']} lui donnait un autre périmètre"}
    if row["status"] not in KNOWN:
        return found
    if row["status_quarters"] not in KNOWN:
        return absent | {"status": row["status_quarters"], "note": row["note_quarters"]}
    value = float(row["value"]) - float(row["value_quarters"])
    if value < 0:
        return absent | {"note": "ses quartiers comptent plus que lui : les deux chiffres ne vont pas ensemble"}
    status = str(max((row["status"], row["status_quarters"]), key=_STRENGTH.index))
    return found | {"value": value, "status": status, "note": row["of"]}


def held(table: pd.DataFrame, sets: Sequence[Whole]) -> pd.DataFrame:
    """Keep, of the indicators of sets, those that add up and whose every quarter may be shown.

    Parameters
    ----------
    table
        Indicators of quarters, places and sets: one row a figure.
    sets
        Of :func:`wholes`.

    Returns
    -------
    pandas.DataFrame
        The same columns. A figure that one quarter hides, or has from another source or edition, is absent.
    """
    made = table["level"].isin([str(level) for level in MADE])
    if not made.any():
        return table
    additive = [one.name for one in INDICATORS if one.additive]
    kept = table[~made | table["variable"].isin(additive)].copy()
    for one in sets:
        for label, status, note in _hidden(kept, one):
            kept.loc[label, ["value", "low", "high"]] = float("nan")
            kept.loc[label, ["status", "note"]] = status, note
    return kept


def _hidden(table: pd.DataFrame, one: Whole) -> Iterator[tuple[object, str, str]]:
    """Give the rows of a set that may not be shown: index, status and reason."""
    own = table[(table["level"] == Level.QPV) & (table["vintage"] == one.generation)]
    own = own[own["code"].isin(one.quarters)]
    cells = dict(tuple(own.groupby(_CELL)))
    mine = table[(table["level"] == str(one.level)) & (table["code"] == one.code) & table["status"].isin(KNOWN)]
    for label, *key in mine[_CELL].itertuples(name=None):
        rows = cells.get(tuple(key), own.iloc[:0])
        # Nought out of nought is known: it neither hides nor changes the total.
        shown = rows[rows["status"].isin([*KNOWN, Status.NOT_APPLICABLE])]
        unpublished = sorted({*one.quarters} - {*shown["code"]})
        if unpublished:
            words = [str(Status.MISSING), *rows.loc[~rows["code"].isin(shown["code"]), "status"]]
            yield label, max(words, key=_STRENGTH.index), _incomplete(unpublished, one)
