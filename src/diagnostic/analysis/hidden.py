"""How many values are hidden, by source and reason: counted, never revealed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from diagnostic.analysis.indicator import INDICATORS
from diagnostic.analysis.precision import SMALL_BASE
from diagnostic.formatting import typographic
from diagnostic.schemas import HIDDEN_COLUMNS
from diagnostic.vocabulary import GROUP_LABELS, KNOWN, STATUS_LABELS, Level

if TYPE_CHECKING:
    from collections.abc import Iterable

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
        Rows without a value: ``status``, ``note``.
    """
    labels = absent["status"].map({str(status): label for status, label in STATUS_LABELS.items()})
    return labels.where(absent["note"] != SMALL_BASE, absent["note"])


def _label(variable: str, group: str) -> str:
    label = INDICATORS[variable].label
    return label if group == "all" else f"{label} ({GROUP_LABELS.get(group, group)})"
