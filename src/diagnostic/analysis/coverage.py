"""What the reference list asks for, what is computed, and which source to ask for the rest.

The list and its sources are data (``reference_list.csv``, ``reference_sources.csv``). An indicator registered
later under one of these identifiers changes its row by itself.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Final

import pandas as pd

from diagnostic.analysis.indicator import INDICATORS
from diagnostic.formatting import enumeration, plural, typographic
from diagnostic.vocabulary import KNOWN

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from diagnostic.analysis.indicator import Indicator

COVERAGE_COLUMNS: Final = [
    "id", "theme", "label", "state", "state_label", "variables", "sources", "source_labels", "access",
]  # fmt: skip
UNKNOWN_COLUMNS: Final = ["rank", "what", "how", "access", "ids"]
STATES: Final = {
    "computed": "calculé", "partial": "calculé en partie : une variante seulement",
    "hidden": "lu, mais aucun chiffre publié pour ces quartiers",
    "no_file": "calculable : fichier à ajouter", "no_source": "source à demander",
}  # fmt: skip


def _table(name: str) -> pd.DataFrame:
    with (files("diagnostic.analysis") / name).open(encoding="utf-8") as lines:
        return pd.read_csv(lines, dtype="str", keep_default_na=False)


def reference_list() -> pd.DataFrame:
    """Give the reference list of indicators: ``id, theme, label, sources`` (names of sources, blanks between).

    Examples
    --------
    >>> reference_list().set_index("id").loc["LOG03", "sources"]
    'insee_qpv_logt'
    """
    return _table("reference_list.csv")


def reference_sources() -> pd.DataFrame:
    """Give the sources of the list: ``source, producer, title, access``.

    Examples
    --------
    >>> reference_sources().set_index("source").loc["insee_bpe", "producer"]
    'Insee'
    """
    return _table("reference_sources.csv")


def coverage(indicators: pd.DataFrame, *, elsewhere: Collection[str] = ()) -> pd.DataFrame:
    """Say for each entry of the reference list whether it is computed, and else which source lacks.

    Parameters
    ----------
    indicators
        Columns ``schemas.INDICATOR_COLUMNS``, of the territory.
    elsewhere
        Entries that another table gives: those of the inventory of actions are no indicators of a place.

    Returns
    -------
    pandas.DataFrame
        Columns ``COVERAGE_COLUMNS``, one row an entry. ``state`` is ``computed``, ``partial`` (only a variant of
        the entry, ``EDU03-BAC``, is), ``hidden`` (every value absent), ``no_file`` (an indicator exists, its file
        was not added) or ``no_source`` (no indicator reads it yet).
    """
    registered: dict[str, list[Indicator]] = {}
    for one in INDICATORS:
        registered.setdefault(one.id.partition("-")[0], []).append(one)
    known = set(indicators.loc[indicators["status"].isin(KNOWN), "variable"])
    present = set(indicators["variable"])
    sources = reference_sources().set_index("source")
    rows = []
    for row in reference_list().to_dict("records"):
        ours = registered.get(str(row["id"]), [])
        names = [one.name for one in ours]
        exact = [one.name for one in ours if one.id == row["id"]]
        state = _state(names, exact=exact, known=known, present=present)
        state = "computed" if row["id"] in elsewhere else state
        wanted = [name for name in str(row["sources"]).split() if name in sources.index]
        rows.append({
            "id": row["id"], "theme": row["theme"], "label": typographic(str(row["label"])), "state": state,
            "state_label": STATES[state], "variables": ", ".join(names), "sources": " ".join(wanted),
            "source_labels": typographic(enumeration(_titles(sources, wanted))),
            "access": typographic(" ; ".join(dict.fromkeys(str(sources["access"][name]) for name in wanted))),
        })  # fmt: skip
    return pd.DataFrame(rows, columns=COVERAGE_COLUMNS)


def _titles(sources: pd.DataFrame, names: Iterable[str]) -> list[str]:
    return [f"{sources['producer'][name]}, « {sources['title'][name]} »" for name in names]


def _state(names: list[str], *, exact: list[str], known: set[str], present: set[str]) -> str:
    if not names:
        return "no_source"
    if known.intersection(names):
        return "computed" if known.intersection(exact) else "partial"
    return "hidden" if present.intersection(names) else "no_file"


def unknowns(covered: pd.DataFrame, *, blind: pd.DataFrame, crossed: pd.DataFrame) -> pd.DataFrame:
    """List what is not known yet and how to learn it, what serves most first.

    Parameters
    ----------
    covered
        Of :func:`coverage`.
    blind
        Of :func:`diagnostic.analysis.evidence.blind_spots`.
    crossed
        Of :func:`diagnostic.analysis.crossing.crossings`.

    Returns
    -------
    pandas.DataFrame
        Columns ``UNKNOWN_COLUMNS``: ``what`` is not known, ``how`` to learn it, ``access`` to the source, ``ids``
        of the indicators and crossings it would give.
    """
    rows: list[dict[str, object]] = [
        {"what": str(row["message"]), "how": "Demander aux acteurs du domaine ce qu’ils observent.", "access": "",
         "ids": "", "weight": 1}
        for row in blind.to_dict("records")
    ]  # fmt: skip
    lacking = crossed[(crossed["missing"] != "") & (crossed["domain"] == "")]
    for missing, group in lacking.groupby("missing", sort=False):
        rows.append({
            "what": enumeration(dict.fromkeys(group["label"])) + ".", "how": f"Il manque : {missing}.",
            "access": "", "ids": " ".join(dict.fromkeys(group["id"])), "weight": len(group),
        })  # fmt: skip
    wanted = covered[covered["state"].isin(["no_file", "no_source"])]
    for (source, access), group in wanted.groupby(["source_labels", "access"], sort=False):
        rows.append({
            "what": f"{plural(len(group), 'indicateur')} : " + " ; ".join(group["label"]) + ".",
            "how": f"Ajouter ou demander : {source}.", "access": access, "ids": " ".join(group["id"]),
            "weight": len(group),
        })  # fmt: skip
    ordered = sorted(rows, key=lambda row: -int(str(row["weight"])))
    table = pd.DataFrame(
        [{**row, "rank": rank} for rank, row in enumerate(ordered, start=1)], columns=UNKNOWN_COLUMNS
    )
    return table.assign(what=table["what"].map(typographic), how=table["how"].map(typographic))
