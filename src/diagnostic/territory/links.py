"""Which place lies in which, as producers write it: names or codes, several in one cell."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import pandas as pd

from diagnostic.schemas import LINK_COLUMNS
from diagnostic.territory import catalogue
from diagnostic.territory.names import commune_code, department_of, key, split_codes, split_communes
from diagnostic.vocabulary import Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

UNRESOLVED: Final = "nom:"
COG: Final = 2025
PARENT: Final = 6  # columns of a link that name the place and its parent


def link_table(rows: Iterable[tuple[object, ...]]) -> pd.DataFrame:
    """Build a table of links, types fixed even when there is no row.

    Parameters
    ----------
    rows
        Tuples in the order of ``schemas.LINK_COLUMNS``.

    Returns
    -------
    pandas.DataFrame
        Columns ``schemas.LINK_COLUMNS``, each link once.
    """
    table = pd.DataFrame(list(rows), columns=LINK_COLUMNS)
    table = table.astype(dict.fromkeys(("vintage", "parent_vintage", "rank"), "int64"))
    return table.drop_duplicates(LINK_COLUMNS[:PARENT], ignore_index=True)


@lru_cache(maxsize=1)
def _known() -> Mapping[tuple[str, str], Iterable[str]]:
    index: dict[tuple[str, str], set[str]] = {}
    for code, town in catalogue.communes().items():
        index.setdefault((town.departement, key(town.label)), set()).add(code)
    return index


def links_by_name(quarters: Iterable[tuple[str, str]], *, source: str) -> pd.DataFrame:
    """Link QPV of 2015 to communes that the producer names without codes.

    Parameters
    ----------
    quarters
        Code and list of names of each QPV.
    source
        Name of the source.

    Returns
    -------
    pandas.DataFrame
        Columns ``schemas.LINK_COLUMNS``; ``parent_code`` is a commune code of 2025, or ``nom:`` and the name
        where neither the shipped list nor the rules know it. ``rank`` follows the producer's order.

    Examples
    --------
    >>> table = links_by_name([("QP059074", "Lille, Faches-Thumesnil, Loos,  Lezennes"), ("QP099001", "Ici")],
    ...                       source="anct_qpv_2015")
    >>> table["parent_code"].tolist()
    ['59350', '59220', '59360', '59346', 'nom:Ici']
    """
    listed = catalogue.quarters(2015)
    rows: list[tuple[object, ...]] = []
    for code, text in quarters:
        names = split_communes(text)
        known = listed.get(code)
        same = known is not None and len(known.communes) == len(names)
        place = department_of(code)
        if known is not None and len(known.communes) == 1:
            # Communes that merged since: one code for all their names.
            codes: Sequence[str | None] = known.communes * len(names)
        elif known is not None and same:
            codes = known.communes
        else:
            codes = [commune_code(name, place, known=_known()) for name in names]
        for rank, (name, town) in enumerate(zip(names, codes, strict=True)):
            found = town or f"{UNRESOLVED}{name}"
            vintage = COG if town else 2015
            rows.append((Level.QPV.value, code, 2015, Level.COMMUNE.value, found, vintage, rank, name, source))
    return link_table(rows)


def links_by_code(
    places: Iterable[tuple[str, str, str]],
    *,
    vintage: int,
    parent: Level,
    parent_vintage: int,
    source: str,
    level: Level = Level.QPV,
) -> pd.DataFrame:
    """Link places to parents whose codes stand in one cell.

    Parameters
    ----------
    places
        Code of the place, list of codes, list of labels (possibly empty or of another length).
    vintage
        Generation of the QPV, or year of the codes.
    parent
        Level of the parents; commune codes get their leading zero back.
    parent_vintage
        Year of the parents' codes.
    source
        Name of the source.
    level
        Level of the places.

    Examples
    --------
    >>> links_by_code([("QN00201M", "2571; 02691", "Omissy; Saint-Quentin")], vintage=2024,
    ...               parent=Level.COMMUNE, parent_vintage=2024, source="x")["parent_code"].tolist()
    ['02571', '02691']
    """
    rows: list[tuple[object, ...]] = []
    for code, text, names in places:
        codes = split_codes(text) if parent is Level.COMMUNE else split_communes(text)
        labels = split_communes(names)
        if len(labels) != len(codes):
            labels = [""] * len(codes)
        rows += [
            (level.value, code, vintage, parent.value, found, parent_vintage, rank, label, source)
            for rank, (found, label) in enumerate(zip(codes, labels, strict=True))
        ]
    return link_table(rows)
