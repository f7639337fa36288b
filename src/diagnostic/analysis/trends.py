"""Series over time, and gaps that are worse and worsening: only between editions that can be compared.

Two figures make a step when they have the same place, indicator, group, unit, source and kind of date. A break
declared in ``breaks.csv`` marks the step and forbids its reading; so do two censuses less than five years apart,
which share surveys: in small communes, possibly the only one.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from diagnostic.analysis.indicator import INDICATORS
from diagnostic.formatting import typographic
from diagnostic.vocabulary import KNOWN, Direction, Level

if TYPE_CHECKING:
    from collections.abc import Collection

SERIES: Final = ["level", "code", "vintage", "variable", "group", "unit", "source", "period_basis"]
TREND_COLUMNS: Final = [
    *SERIES, "period", "edition", "value", "low", "high", "status", "previous_period", "previous_value", "change",
    "half_width", "comparable", "moved", "break_label",
]  # fmt: skip
WORSENING_COLUMNS: Final = [
    "level", "code", "vintage", "variable", "group", "unit", "comparator_kind", "comparator_code",
    "comparator_label", "period", "earlier_period", "difference", "earlier_difference", "change", "half_width",
]  # fmt: skip
CENSUS_CYCLE: Final = 5
OVERLAP: Final = typographic(
    "deux recensements à moins de cinq ans d’écart ont des enquêtes communes : ils ne se comparent pas"
)
# Declared in advance: a gap worsens from 2 points (percentages) or 5 % of the comparator's value.
WORSENING_POINTS: Final = 2.0
WORSENING_RATIO: Final = 0.05


def breaks() -> pd.DataFrame:
    """Give the breaks declared in the package: ``source, variables, from_period, label``.

    Returns
    -------
    pandas.DataFrame
        ``variables`` are names of indicators, separated by blanks; ``from_period`` is the first year of the new
        series; ``least_years`` the distance under which two years of this source are not compared; either may be
        missing.

    Examples
    --------
    >>> breaks().columns.tolist()
    ['source', 'variables', 'from_period', 'least_years', 'label']
    """
    with (files("diagnostic.analysis") / "breaks.csv").open(encoding="utf-8") as lines:
        table = pd.read_csv(lines, dtype={"source": "str", "variables": "str", "label": "str"})
    return table.assign(label=table["label"].map(typographic))


def trends(
    indicators: pd.DataFrame, *, territory: Collection[str], declared: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Lay the figures of each place out in time, one row a figure and the step from the one before.

    Parameters
    ----------
    indicators
        Columns ``schemas.INDICATOR_COLUMNS``.
    territory
        Codes of the territory's neighbourhoods; wider places are kept too.
    declared
        Breaks, as :func:`breaks` gives them by default.

    Returns
    -------
    pandas.DataFrame
        Columns ``TREND_COLUMNS``; series of a single year have no row. ``comparable`` says whether the step may
        be read, ``break_label`` why not; ``change`` is in the unit of the figure and missing where it may not be
        read; ``moved`` says that the change exceeds ``half_width``, that of the two modelled intervals joined.
    """
    rows = indicators[(indicators["level"] != Level.QPV) | indicators["code"].isin(territory)]
    rows = rows.sort_values([*SERIES, "period", "edition"], kind="stable").drop_duplicates(
        [*SERIES, "period"], keep="last"
    )
    rows = rows[rows.groupby(SERIES)["period"].transform("size") > 1]
    before = rows.groupby(SERIES, sort=False)[["period", "value", "low", "high"]].shift()
    table = rows.assign(previous_period=before["period"].astype("Int64"), previous_value=before["value"])
    table["break_label"] = _break_labels(table, breaks() if declared is None else declared)
    table["comparable"] = table["previous_period"].notna() & (table["break_label"] == "")
    readable = table["comparable"] & table["status"].isin(KNOWN) & table["previous_value"].notna()
    table["change"] = (table["value"] - table["previous_value"]).where(readable)
    widths = ((rows["high"] - rows["low"]).div(2), (before["high"] - before["low"]).div(2))
    table["half_width"] = ((widths[0] ** 2 + widths[1] ** 2) ** 0.5).where(readable)
    table["moved"] = (table["change"].abs() > table["half_width"]).fillna(value=False)
    return table[TREND_COLUMNS].reset_index(drop=True)


def _break_labels(table: pd.DataFrame, declared: pd.DataFrame) -> pd.Series[str]:
    """Say why each step may not be read; empty where it may, or where nothing comes before."""
    labels = pd.Series("", index=table.index, dtype="str")
    previous = table["previous_period"].astype("Float64").astype(float)
    distance = table["period"] - previous
    sources = table["source"].astype(str).str.split(" + ", regex=False)
    for row in declared.to_dict("records"):
        ours = sources.map(lambda names, source=str(row["source"]): source in names).astype(bool)
        ours &= table["variable"].isin(str(row["variables"]).split())
        crossed = (previous < row["from_period"]) & (table["period"] >= row["from_period"])
        labels = labels.mask(ours & (crossed | (distance < row["least_years"])) & (labels == ""), row["label"])
    census = table["variable"].isin([one.name for one in INDICATORS if one.base != "none"])
    return labels.mask(census & (distance < CENSUS_CYCLE) & (labels == ""), OVERLAP)


def worsening(gaps: pd.DataFrame, series: pd.DataFrame) -> pd.DataFrame:
    """Find the gaps that are unfavourable, notable, and wider than at an earlier comparable year.

    Parameters
    ----------
    gaps
        Columns ``schemas.GAP_COLUMNS``, earlier years included.
    series
        Of :func:`trends`: every step between the two years must be comparable.

    Returns
    -------
    pandas.DataFrame
        Columns ``WORSENING_COLUMNS``: ``change`` is how much the gap widened, positive, at least 2 points
        (percentages) or 5 % of the comparator's value, and beyond ``half_width`` where intervals are known.
    """
    key = [
        "level", "code", "vintage", "variable", "group", "unit", "period_basis", "comparator_kind",
        "comparator_code",
    ]  # fmt: skip
    last = gaps[gaps["headline"] & gaps["worse"] & gaps["notable"]]
    before = gaps[~gaps["headline"] & gaps["difference"].notna()]
    earlier = before[[*key, "period", "difference", "half_width"]].rename(
        columns={name: f"earlier_{name}" for name in ("period", "difference", "half_width")}
    )
    pairs = last.merge(earlier, on=key)
    pairs = pairs[pairs["earlier_period"] < pairs["period"]]
    pairs = pairs[_linked(pairs, series)]
    # The oldest year that may be compared tells the most.
    pairs = pairs.sort_values([*key, "earlier_period"], kind="stable").drop_duplicates(key)
    sign = np.where(pairs["direction"] == Direction.LESS_IS_WORSE, -1.0, 1.0)
    change = (pairs["difference"] - pairs["earlier_difference"]) * sign
    width = (pairs["half_width"].fillna(0) ** 2 + pairs["earlier_half_width"].fillna(0) ** 2) ** 0.5
    size = (WORSENING_RATIO * pairs["comparator_value"].abs()).mask(
        pairs["unit"].isin(["percent", "points"]), WORSENING_POINTS
    )
    kept = pairs.assign(change=change, half_width=width)[(change >= size) & (change > width)]
    return kept[WORSENING_COLUMNS].reset_index(drop=True)


def _linked(pairs: pd.DataFrame, series: pd.DataFrame) -> pd.Series[bool]:
    """Say for which pairs every step of the neighbourhood's series between the two years is readable."""
    key = ["level", "code", "vintage", "variable", "group"]
    steps = series[["period_basis", *key, "period", "comparable"]].rename(columns={"period": "step"})
    numbered = pairs.reset_index(drop=True).reset_index(names="pair")
    between = numbered[["pair", "period_basis", *key, "period", "earlier_period"]].merge(
        steps, on=["period_basis", *key]
    )
    inside = between[(between["step"] > between["earlier_period"]) & (between["step"] <= between["period"])]
    whole = inside.groupby("pair")["comparable"].all().reindex(numbered["pair"], fill_value=False)
    reached = inside.groupby("pair")["step"].max().reindex(numbered["pair"]) == numbered["period"].to_numpy()
    return pd.Series(whole.to_numpy(dtype=bool) & reached.to_numpy(dtype=bool), index=pairs.index)
