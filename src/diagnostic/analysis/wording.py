"""Words that sentences share: the comparator, the places, the size declared in advance, the year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from diagnostic.analysis.gaps import NOTABLE_POINTS, NOTABLE_RATIO, SIMILAR
from diagnostic.formatting import NBSP, number, plural, quantity

if TYPE_CHECKING:
    import pandas as pd

_OWN: Final = {
    "commune": "leur commune", "epci": "leur intercommunalité", "unite_urbaine": "leur agglomération",
    "departement": "leur département",
    "region": "leur région", "qpv_similar_median": "la médiane des quartiers qui leur ressemblent le plus",
}  # fmt: skip
_PLACES: Final = {
    "commune": "la commune ({label})",
    "epci": "l’intercommunalité ({label})",
    "unite_urbaine": "l’unité urbaine ({label})",
    "departement": "le département ({label})",
    "region": "la région ({label})",
    "france": "la France métropolitaine",
    "qpv_departement_median": "la médiane des autres quartiers du département",
    "qpv_similar_median": "la médiane des quartiers qui lui ressemblent le plus",
}


def place(known: pd.DataFrame) -> str:
    """Name the comparator, the same for all or each neighbourhood's own."""
    kind = known["comparator_kind"].iloc[0]
    labels = known["comparator_label"].unique()
    several = len(known) > 1 if kind == SIMILAR else len(labels) > 1
    if several and kind in _OWN:
        return _OWN[kind]
    return _PLACES[kind].format(label=labels[0])


def places(count: int, known: int) -> str:
    r"""Say in how many of the neighbourhoods where a figure is known.

    Examples
    --------
    >>> places(1, 1), places(2, 3)
    ('dans le quartier', 'dans 2\xa0quartiers sur\xa03')
    """
    if known == 1:
        return "dans le quartier"
    if count == known:
        return f"dans les {number(known)} quartiers où le chiffre est connu"
    return f"dans {out_of(count, known)}"


def out_of(count: int, total: int) -> str:
    """Write a number of neighbourhoods out of a total."""
    return f"{plural(count, 'quartier')} sur{NBSP}{number(total)}"


def unknown(count: int, total: int) -> str:
    """Say in how many neighbourhoods a figure is not known."""
    if total == 1:
        return "dans le quartier"
    return f"dans {out_of(count, total)}"


def size(unit: str) -> str:
    """Write the size declared in advance, from which a gap counts."""
    percent = f"{number(100 * NOTABLE_RATIO)} %"
    return f"{quantity(NOTABLE_POINTS, 'points', decimals=0)} et {percent}" if unit == "percent" else percent


def period(rows: pd.DataFrame) -> str:
    """Write the year of the data, or the edition where that alone is known."""
    row = rows.iloc[0]
    return f"édition {row['edition']}" if row["period_basis"] == "edition" else str(row["period"])
