"""How many values are hidden, by source and reason: counted, never revealed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from diagnostic.analysis.indicator import INDICATORS
from diagnostic.formatting import typographic
from diagnostic.schemas import HIDDEN_COLUMNS
from diagnostic.survey_model import concepts
from diagnostic.vocabulary import GROUP_LABELS, KNOWN, STATUS_LABELS, Level, Status

if TYPE_CHECKING:
    from collections.abc import Iterable

TERRITORY = "territoire"
SURVEY = "enquête"

_KEY = ["source", "edition", "variable", "group", "status", "reason"]


def hidden_values(indicators: pd.DataFrame, *, territory: Iterable[str]) -> pd.DataFrame:
    """Count what the document cannot show.

    Parameters
    ----------
    indicators
        Columns ``schemas.INDICATOR_COLUMNS``; headline rows of the territory's neighbourhoods are counted.
    territory
        Codes of the territory's neighbourhoods.

    Returns
    -------
    pandas.DataFrame
        Columns ``schemas.HIDDEN_COLUMNS``: ``cells`` absent for one reason, out of ``total`` neighbourhoods.
    """
    codes = set(territory)
    own = indicators[(indicators["level"] == Level.QPV) & indicators["code"].isin(codes) & indicators["headline"]]
    absent = own[~own["status"].isin(KNOWN)]
    if absent.empty:
        return pd.DataFrame({name: [] for name in HIDDEN_COLUMNS})
    why = reason(absent)
    noted = why.where((absent["note"] == "") | (why == absent["note"]), why + " : " + absent["note"])
    counted = absent.assign(reason=noted).groupby(_KEY, as_index=False).size()
    names = [_label(variable, group) for variable, group in counted[["variable", "group"]].itertuples(index=False)]
    counted = counted.assign(label=names, cells=counted["size"].astype("int64"), total=len(codes))
    counted["reason"] = counted["reason"].map(typographic)
    return counted.sort_values(["source", "variable", "group", "reason"], kind="stable")[
        HIDDEN_COLUMNS
    ].reset_index(drop=True)


def reason(absent: pd.DataFrame) -> pd.Series[str]:
    """Say why each value is absent; the project's own rule is never called the producer's secrecy.

    Parameters
    ----------
    absent
        Rows without a value: ``status``.
    """
    return absent["status"].map({str(status): label for status, label in STATUS_LABELS.items()})


def hidden_answers(estimates: pd.DataFrame, *, year: int | str) -> pd.DataFrame:
    """Count the figures of a survey that the project's rule hides, by what they are about.

    Parameters
    ----------
    estimates
        Columns ``schemas.ESTIMATE_COLUMNS``, as published.
    year
        Of the survey, empty where its protocol was erased.

    Returns
    -------
    pandas.DataFrame
        Columns ``schemas.HIDDEN_COLUMNS``: ``cells`` figures hidden out of ``total``.
    """
    known = concepts()
    about = [
        "territoire entier" if level == TERRITORY and not by else "par quartier" if level == Level.QPV
        else f"par {known[by].label if by in known else by}"
        for level, by in zip(estimates["level"], estimates["by"], strict=True)
    ]  # fmt: skip
    masked = estimates["status"].eq(str(Status.MASKED))
    counted = estimates.assign(label=about, masked=masked).groupby("label", sort=False)["masked"]
    table = counted.agg(cells="sum", total="size").query("cells > 0").reset_index()
    counted_by: pd.DataFrame = table.assign(
        source=SURVEY, edition=str(year), variable="", group="all", status=str(Status.MASKED),
        label="Ressenti\u00a0: " + table["label"], reason=STATUS_LABELS[Status.MASKED],
    )  # fmt: skip
    return counted_by[HIDDEN_COLUMNS]


def _label(variable: str, group: str) -> str:
    label = INDICATORS[variable].label
    return label if group == "all" else f"{label} ({GROUP_LABELS.get(group, group)})"
