"""Each indicator as the atlas shows it: rounded values or marks, classes, comparators, sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from diagnostic.formatting import DECIMALS, enumeration, typographic
from diagnostic.publication.figures.cells import MARKED, WEAK, Cell
from diagnostic.publication.figures.classes import Classes, classes, written
from diagnostic.publication.report.reading import comparator_cell, group_label
from diagnostic.vocabulary import DIRECTION_LABELS, THEME_LABELS, Direction, Theme

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    from diagnostic.publication.atlas.pool import Pool
    from diagnostic.publication.report.reading import Reader

KINDS_OF_ABSENCE: Final = (*(str(status) for status in MARKED), WEAK)
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_UNCLASSED: Final = "v"  # a value that is written and never coloured
# Never counts of people.
_COMPARED: Final = (
    "percent", "points", "euros", "euros_per_m2", "ratio", "per_1000_inhabitants", "index",
)  # fmt: skip
_ORIGIN: Final = ("foreign", "immigrant", "french")


def never_ranked(variable: str, group: str) -> bool:
    """Say whether a figure is about foreigners or immigrants: never mapped by class, always in list order.

    Examples
    --------
    >>> never_ranked("foreign_share", "all"), never_ranked("employment_rate", "foreign")
    (True, True)
    >>> never_ranked("employment_rate", "women")
    False
    """
    return any(word in name for word in _ORIGIN for name in (variable, group))


def scaled(value: float | None, unit: str) -> int | None:
    """Round a value as it is written, in units of its last digit.

    Examples
    --------
    >>> scaled(41.25, "percent"), scaled(-0.04, "percent"), scaled(12345.4, "euros"), scaled(None, "ratio")
    (413, 0, 12345, None)
    """
    if value is None:
        return None
    digits = DECIMALS.get(unit, 0)
    whole: int = round(round(abs(value) + 1e-9, digits) * 10**digits)  # as formatting.number rounds
    return -whole if value < 0 else whole


def all_series(reader: Reader, pool: Pool) -> list[dict[str, Any]]:
    """Give every indicator and group that has a row, by theme, main ones first.

    Parameters
    ----------
    reader
        One generation of neighbourhoods.
    pool
        Receives sources, names and lists that several indicators share.
    """
    rows = reader.tables.indicators
    rows = rows[rows["headline"].astype(bool)]  # at every level: the comparators have their sources too
    files = {
        (str(variable), str(group)): pool.sources(part)
        for (variable, group), part in rows.groupby(["variable", "group"], sort=True)
    }
    return [
        {**_one(reader, pool, variable, group), "sources": files[variable, group]}
        for theme in Theme
        for variable in reader.variables(theme)
        for group in sorted((group for one, group in files if one == variable), key=_everybody_first)
        if not reader.rows(variable, group).empty
    ]


def _everybody_first(group: str) -> tuple[bool, str]:
    return group != "all", group


def _one(reader: Reader, pool: Pool, variable: str, group: str) -> dict[str, Any]:
    unit = reader.unit(variable)
    shown = [reader.cells(variable, group)[code] for code in reader.codes]
    plain = never_ranked(variable, group)
    levels = Classes(()) if plain else classes(one.value for one in shown if one.written and one.value is not None)
    return {
        "id": variable if group == "all" else f"{variable}.{group}",
        "theme": THEME_LABELS[Theme(reader.word(variable, "theme"))],
        "name": typographic(_named(reader.short(variable), group)),
        "label": typographic(_named(reader.label(variable), group)),
        "unit": unit, "period": reader.period(variable, group), "plain": plain,
        "sided": not plain and reader.word(variable, "direction") not in {"", Direction.NEUTRAL},
        "words": pool.words({
            "says": reader.word(variable, "says"), "not": reader.word(variable, "does_not_say"),
            "ask": reader.word(variable, "ask"), "formula": reader.word(variable, "formula"),
            "direction": DIRECTION_LABELS[Direction(reader.word(variable, "direction") or Direction.NEUTRAL)],
        }),
        "detail": group != "all" or not reader.main(variable),
        "limits": written(levels.limits, unit), "edges": [scaled(edge, unit) for edge in levels.limits],
        "values": [scaled(one.value, unit) if one.written else None for one in shown],
        "marks": "".join(_mark(one, levels, plain=plain) for one in shown),
        **_intervals(shown, unit),
        "gaps": {
            kind: found for kind in (reader.kinds(variable) if unit in _COMPARED else ())
            if (found := _gap(reader, pool, shown, variable=variable, group=group, kind=kind))
        },
    }  # fmt: skip


def _named(label: str, group: str) -> str:
    return label if group == "all" else f"{label}, {group_label(group)}"


def _mark(cell: Cell, levels: Classes, *, plain: bool) -> str:
    """Give one letter: the class of a value, or the reason of its absence."""
    if not cell.written or cell.value is None:
        return _LETTERS[KINDS_OF_ABSENCE.index(cell.kind)]
    return _UNCLASSED if plain else str(levels.of(cell.value))


def _intervals(shown: Sequence[Cell], unit: str) -> dict[str, Any]:
    """Give the bounds of values that have an interval; nothing for a figure without sampling error."""
    low = [scaled(one.low, unit) if one.written else None for one in shown]
    high = [scaled(one.high, unit) if one.written else None for one in shown]
    known = any(bound is not None and bound != other for bound, other in zip(low, high, strict=True))
    return {"low": low, "high": high} if known else {}


def _gap(
    reader: Reader, pool: Pool, shown: Sequence[Cell], *, variable: str, group: str, kind: str
) -> dict[str, Any] | None:
    """Give one comparator: its values, each neighbourhood's own, and the difference where its value is written."""
    unit = reader.unit(variable)
    rows = [reader.comparison(variable, code, kind, group=group) for code in reader.codes]
    found = [row for row in rows if row is not None]
    if not found:
        return None
    places: dict[str, Mapping[Hashable, Any]] = {}
    for row in found:
        places.setdefault(str(row["comparator_code"]), row)
    order = {code: rank for rank, code in enumerate(places)}
    return {
        "of": pool.shared([None if row is None else order[str(row["comparator_code"])] for row in rows]),
        "names": pool.shared([pool.name(str(row["comparator_label"])) for row in places.values()]),
        "values": [scaled(float(row["comparator_value"]), unit) for row in places.values()],
        "period": enumeration(sorted({_period(row) for row in places.values()})),
        "differences": [_difference(row, cell, unit) for row, cell in zip(rows, shown, strict=True)],
        "notable": _flags(rows, shown),
    }  # fmt: skip


def _period(row: Mapping[Hashable, Any]) -> str:
    year = str(int(row["comparator_period"]))
    return f"édition {year}" if row["period_basis"] == "edition" else year


def _difference(row: Mapping[Hashable, Any] | None, cell: Cell, unit: str) -> int | None:
    read = comparator_cell(row, "difference", unit=unit) if cell.written else None
    return None if read is None else scaled(read.value, unit)


def _flags(rows: Iterable[Mapping[Hashable, Any] | None], shown: Sequence[Cell]) -> str:
    """Flag the notable and unfavourable differences, four to a hexadecimal digit; empty where there is none."""
    flags = "".join(
        "1" if row is not None and cell.written and bool(row["notable"]) and bool(row["worse"]) else "0"
        for row, cell in zip(rows, shown, strict=True)
    )
    fours = (flags[start : start + 4].ljust(4, "0") for start in range(0, len(flags), 4))
    return "".join(f"{int(four, 2):x}" for four in fours) if "1" in flags else ""
