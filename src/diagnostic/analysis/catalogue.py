"""The sheet of each indicator, as a table that documents print."""

from __future__ import annotations

import pandas as pd

from diagnostic.analysis.indicator import INDICATORS
from diagnostic.formatting import typographic
from diagnostic.schemas import CATALOGUE_COLUMNS

_TEXTS = ["label", "short_label", "formula", "says", "does_not_say", "ask", "reference"]


def catalogue() -> pd.DataFrame:
    """Give one row an indicator.

    Returns
    -------
    pandas.DataFrame
        Columns ``schemas.CATALOGUE_COLUMNS``, in the order of the reference list.

    Examples
    --------
    >>> catalogue().set_index("variable").loc["poverty_rate", "id"]
    'RES01'
    """
    rows = [
        {
            "variable": one.name, "id": one.id, "label": one.label, "short_label": one.short_label,
            "theme": str(one.theme), "unit": one.unit, "direction": str(one.direction),
            "criteria": ", ".join(one.criteria), "scale": str(one.scale), "formula": one.formula,
            "says": one.says, "does_not_say": one.does_not_say, "ask": one.ask, "reference": one.reference,
        }
        for one in sorted(INDICATORS, key=lambda one: (one.theme, one.id))
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=CATALOGUE_COLUMNS)
    for column in _TEXTS:
        table[column] = table[column].map(typographic)
    return table
