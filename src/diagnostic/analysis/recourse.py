"""What reached a counter: complaints, points of law, prosecutions. They measure recourse, not what was lived."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from diagnostic.action_model import choices
from diagnostic.analysis.crossing import ACCESS_COLUMNS, RECORDED_COLUMNS
from diagnostic.vocabulary import Status

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Mapping

RECOURSE_COLUMNS: Final = [
    "kind", "kind_label", "perimeter", "perimeter_label", "period", "count", "status", "source", "reading",
]  # fmt: skip
# One fact may be a complaint to a delegate, then to the institution; a case filed, then prosecuted: added up once.
COUNTED: Final = ("reclamation_ddd", "plainte")
LOCAL: Final = "contrat"
SMALL: Final = 11  # of a contract, under which a count may point to someone: hidden
# What counts part of another line: shown beside it, it tells the rest.
PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "reclamation_ddd": ("delegue_ddd",), "plainte": ("poursuite", "classement"),
}  # fmt: skip
READINGS: Final[Mapping[str, str]] = {
    "reclamation_ddd": "Dit qui a saisi l’institution. Un nombre bas peut dire qu’elle n’est pas connue.",
    "delegue_ddd": "Déjà comptées dans les réclamations : ne s’y ajoutent pas. Suit les permanences ouvertes.",
    "point_justice": "Des entretiens, pas des faits : une personne peut venir plusieurs fois.",
    "plainte": "Faits portés à la police ou au parquet. Peu de plaintes ne veut pas dire peu de faits.",
    "poursuite": "Part des plaintes : ne s’y ajoute pas. La preuve manque souvent.",
    "classement": "Part des plaintes : ne s’y ajoute pas. Classé ne veut pas dire que rien ne s’est passé.",
}


def recourse_table(table: pd.DataFrame) -> pd.DataFrame:
    """Lay the lead's table out with the proper reading of each line.

    Parameters
    ----------
    table
        Columns ``nature, perimetre, annee, nombre, source``.

    Returns
    -------
    pandas.DataFrame
        Columns ``RECOURSE_COLUMNS``, by perimeter, kind and year, in the order of the lists. ``status`` is
        ``masked`` and ``count`` NaN for one to ten facts in a contract and what would give them by difference.
    """
    kinds, perimeters = (
        {one.code: (rank, one.label) for rank, one in enumerate(choices(name))}
        for name in ("recours", "perimetres")
    )  # fmt: skip
    hidden = _hidden(table)
    rows = [
        {
            "kind": row["nature"], "kind_label": kinds[row["nature"]][1], "perimeter": row["perimetre"],
            "perimeter_label": perimeters[row["perimetre"]][1], "period": int(row["annee"]),
            **_shown(row, hidden=hidden), "source": row["source"],
            "reading": READINGS[row["nature"]],
        }
        for row in table.to_dict("records")
    ]  # fmt: skip
    rows.sort(key=lambda row: (perimeters[row["perimeter"]][0], kinds[row["kind"]][0], row["period"]))
    return pd.DataFrame(rows, columns=RECOURSE_COLUMNS)


def _hidden(table: pd.DataFrame) -> set[tuple[str, int]]:
    """Find the kinds and years of a contract to hide: small counts, and parts that would tell a small rest."""
    own = table[table["perimetre"] == LOCAL]
    counts = {(str(row["nature"]), int(row["annee"])): int(row["nombre"]) for row in own.to_dict("records")}
    hidden = {key for key, count in counts.items() if 0 < count < SMALL}
    for (whole, year), count in counts.items():
        parts = {(part, year) for part in PARTS.get(whole, ())} & set(counts)
        rest = count - sum(counts[part] for part in parts)
        if parts and (0 < rest < SMALL or parts & hidden):
            hidden |= {part for part in parts if counts[part]}
    return hidden


def _shown(row: Mapping[Hashable, Any], *, hidden: Collection[tuple[str, int]]) -> dict[str, object]:
    if row["perimetre"] == LOCAL and (row["nature"], int(row["annee"])) in hidden:
        return {"count": math.nan, "status": str(Status.MASKED)}
    return {"count": float(row["nombre"]), "status": str(Status.OBSERVED)}


def recorded(table: pd.DataFrame, *, perimeter: str) -> pd.DataFrame | None:
    """Keep what may be set beside a survey: one perimeter, one year, each fact once.

    Parameters
    ----------
    table
        Columns ``nature, perimetre, annee, nombre, source``.
    perimeter
        That of the survey.

    Returns
    -------
    pandas.DataFrame or None
        Columns ``crossing.RECORDED_COLUMNS``: complaints to the Défenseur des droits and criminal complaints of
        the last year that has both; ``None`` when there is none, as one alone would be half the count.
    """
    own = table[table["perimetre"].eq(perimeter) & table["nature"].isin(COUNTED)]
    complete = own.groupby("annee")["nature"].nunique()
    years = complete[complete == len(COUNTED)].index
    if years.empty:
        return None
    last = own[own["annee"] == max(years)].rename(columns={"nature": "kind", "annee": "period", "nombre": "count"})
    found: pd.DataFrame = last[RECORDED_COLUMNS].reset_index(drop=True)
    return found


def access(table: pd.DataFrame) -> pd.DataFrame:
    """Keep the nearest place of access to the law of each neighbourhood, columns ``crossing.ACCESS_COLUMNS``.

    Parameters
    ----------
    table
        Columns ``qpv, minutes``: one row a neighbourhood and a place.

    Examples
    --------
    >>> access(pd.DataFrame({"qpv": ["QP099002", "QP099001", "QP099002"], "minutes": [40, 15, 25]}))
           code  minutes
    0  QP099001       15
    1  QP099002       25
    """
    nearest = table.groupby("qpv", sort=True)["minutes"].min()
    return nearest.rename_axis("code").reset_index()[ACCESS_COLUMNS]
