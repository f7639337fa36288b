"""What each quarter is compared with, and under which code the figures of that place are published.

A quarter over several communes is compared with each of them; the one that holds most of its area, or the first
that the producer names, has rank 0. A quarter over two EPCI is compared with both; the diagnostic's own has
rank 0. A code of another date is never taken for another code in silence: the dated alias table says what it
covers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from diagnostic.formatting import long_date, number
from diagnostic.territory import catalogue
from diagnostic.vocabulary import Level

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from diagnostic.territory.assembly import Assembled
    from diagnostic.territory.catalogue import EpciCode
    from diagnostic.territory.memberships import Member
    from diagnostic.territory.places import Territory

COLUMNS: Final = [
    "level", "code", "vintage", "comparator_kind", "comparator_code", "comparator_label", "rank", "note",
]  # fmt: skip
MEDIAN: Final = "qpv_departement_median"
FRANCE_CODE: Final = "METROPOLE"
FRANCE_LABEL: Final = "France métropolitaine"
STANDS: Final = 0.9  # share of communes or inhabitants under which an older perimeter is another place
ZONING_2020: Final = 2021  # first geography whose tables use the urban units of 2020
UNPUBLISHED: Final = "aucun chiffre dans les fichiers ajoutés"


@dataclass(frozen=True, slots=True)
class PublishedCode:
    """A code under which the figures of a place are published, and the French note that goes with them."""

    code: str
    note: str = ""


def published_codes(level: str, canonical: str, available: Collection[str]) -> list[PublishedCode]:
    r"""Find under which codes the tables at hand publish a place.

    Parameters
    ----------
    level
        ``commune`` or ``epci``; other levels keep their codes.
    canonical
        Code of today.
    available
        Codes that the tables hold at this level.

    Returns
    -------
    list of PublishedCode
        The code of today first, then that of an older table when it covers nearly the same place (90 % of its
        inhabitants and of its communes); the note says how the perimeter differs. Empty when no table holds it.

    Examples
    --------
    >>> [(found.code, found.note) for found in published_codes("epci", "200093201", {"245900410"})]
    [('245900410', 'publié sous le code 245900410, périmètre de 2020 : 90 communes, 95 depuis le 14\xa0mars 2020')]
    >>> published_codes("epci", "200093201", {"245901061"})
    []
    """
    found = [PublishedCode(canonical, _same_code(canonical, level))] if canonical in available else []
    if level == Level.EPCI:
        aliases = [row for row in catalogue.epci_codes() if row.canonical == canonical != row.published]
        kept = [row for row in aliases if row.published in available and _stands(row)]
        found += [PublishedCode(row.published, _alias(row)) for row in kept]
    elif level == Level.COMMUNE and not found:
        town = catalogue.communes().get(canonical)
        former = [code for code in (town.former if town else ()) if code in available]
        if len(former) == 1:
            found.append(PublishedCode(former[0], f"publié sous l’ancien code de commune {former[0]}"))
    return found


def _stands(row: EpciCode) -> bool:
    if row.population_share is None or row.shared is None or not row.communes:
        return False  # the perimeter of 2015 is not at hand: its code is never taken for another
    return row.population_share >= STANDS and row.shared / row.communes >= STANDS


def _alias(row: EpciCode) -> str:
    since = ""
    if row.until:
        from datetime import date  # noqa: PLC0415 - a rare sentence

        since = f" depuis le {long_date(date.fromisoformat(row.until))}"
    now = f"{number(row.now)}{since}" if since else f"{number(row.now)} aujourd’hui"
    before = f"périmètre de {row.vintage} : {number(row.communes or 0)} communes"
    perimeter = "même périmètre" if row.communes == row.now == row.shared else f"{before}, {now}"
    return f"publié sous le code {row.published}, {perimeter}"


def _same_code(canonical: str, level: str) -> str:
    if level != Level.EPCI:
        return ""
    rows = [row for row in catalogue.epci_codes() if row.published == row.canonical == canonical]
    return "".join(
        f"périmètre de {row.vintage} dans les tables de cette époque : {number(row.communes or 0)} communes,"
        f" {number(row.now)} aujourd’hui"
        for row in rows[:1]
        if row.communes != row.now or row.shared != row.now
    )


def comparators(territory: Territory, assembled: Assembled, figures: pd.DataFrame) -> pd.DataFrame:
    """Say which places each quarter of a territory is compared with.

    Parameters
    ----------
    territory
        The territory, as :class:`~diagnostic.territory.assembly.Assembled` completes it.
    assembled
        Where its quarters lie.
    figures
        Columns ``level``, ``code`` and ``vintage``: the places for which figures are at hand.

    Returns
    -------
    pandas.DataFrame
        ``level, code, vintage, comparator_kind, comparator_code, comparator_label, rank, note``; the codes are
        those of the figures. A place without any figure keeps its own code, and its note says so; an urban unit,
        which the income threshold of the law refers to, is named only when its figures are at hand.
    """
    units = _published_units(figures)
    pairs = figures[["level", "code"]].drop_duplicates()
    available = {str(level): set(group["code"]) for level, group in pairs.groupby("level")}
    rows = [
        (Level.QPV.value, code, territory.generation, *row)
        for code in territory.qpv
        for row in [*_of_quarter(assembled.members[code], available), *_units(assembled.members[code], units)]
    ]
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.astype({"vintage": "int64", "rank": "int64"})


def _of_quarter(member: Member, available: Mapping[str, Collection[str]]) -> list[tuple[str, str, str, int, str]]:
    places = [
        *((Level.COMMUNE, place, rank) for rank, place in enumerate(member.communes)),
        *((Level.EPCI, place, rank) for rank, place in enumerate(member.epci)),
        (Level.DEPARTMENT, member.departement, 0),
        (Level.REGION, member.region, 0),
        (Level.FRANCE, (FRANCE_CODE, FRANCE_LABEL), 0),
    ]
    rows: list[tuple[str, str, str, int, str]] = []
    for level, (code, label), rank in places:
        if not code:
            continue
        found = published_codes(level, code, available.get(level, ())) or [PublishedCode(code, UNPUBLISHED)]
        rows += [(level.value, one.code, label, rank, one.note) for one in found]
    code, label = member.departement
    rows.append((MEDIAN, code, f"médiane des quartiers du département ({label})", 0, ""))
    return rows


def _published_units(figures: pd.DataFrame) -> set[tuple[str, int]]:
    """Give the urban units with figures, each with its zoning: 2010, or 2020 in tables of later geographies."""
    rows = figures[figures["level"] == Level.URBAN_UNIT]
    zonings = [2020 if int(year) >= ZONING_2020 else 2010 for year in rows["vintage"]]
    return set(zip(rows["code"].astype(str), zonings, strict=True))


def _units(member: Member, published: Collection[tuple[str, int]]) -> list[tuple[str, str, str, int, str]]:
    found = [unit for unit in member.urban_units if (unit.code, unit.zoning) in published]
    return [
        (Level.URBAN_UNIT.value, unit.code, unit.label, rank, f"unité urbaine au zonage de {unit.zoning}")
        for rank, unit in enumerate(found)
    ]
