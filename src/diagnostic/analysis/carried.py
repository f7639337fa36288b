"""Rates published on the outlines of 2015, estimated on those of 2024 and said to be no more than that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from diagnostic.analysis.indicator import INDICATORS
from diagnostic.formatting import number, typographic
from diagnostic.territory.areal import Kind
from diagnostic.territory.generations import NEW, OLD, Passage
from diagnostic.vocabulary import KNOWN, NEVER_MAPPED, Level, Status

if TYPE_CHECKING:
    import geopandas as gpd

CARRIED_COLUMNS: Final = [
    "code", "vintage", "variable", "label", "group", "period", "period_basis", "edition", "unit", "value", "low",
    "high", "status", "coverage", "note",
]  # fmt: skip
COVERED: Final = 0.8  # share of a quarter of 2024 that the outlines of 2015 must cover for a figure to be given
PEOPLE: Final = "population"


def carried(indicators: pd.DataFrame, outlines: gpd.GeoDataFrame) -> pd.DataFrame:
    """Estimate on the quarters of 2024 the headline figures of those of 2015.

    Parameters
    ----------
    indicators
        Columns ``schemas.INDICATOR_COLUMNS``; the quarters of 2015 are read.
    outlines
        Of :class:`diagnostic.territory.counterparts.Counterparts`: both generations.

    Returns
    -------
    pandas.DataFrame
        Columns ``CARRIED_COLUMNS``, one row a quarter of 2024 and a figure of everybody; ``label`` is
        short, ``coverage`` is the share of its area that was a quarter in 2015. Percentages only, averaged with
        the inhabitants as weights: a count of the part that was inside is not that of the quarter, medians and
        indices do not add up, and shares of origins are never estimated. Under 80 % of coverage there is none:
        what lay outside in 2015 is another population; nor where a rate rests on too few people to be written.
    """
    old = outlines[outlines["vintage"] == OLD]
    new = outlines[outlines["vintage"] == NEW]
    # What may not be written as a percentage is not carried as one either.
    written = indicators["reliability"].eq("publish") | ~indicators["status"].isin(KNOWN)
    own = indicators[
        written &
        (indicators["level"] == Level.QPV) & (indicators["vintage"] == OLD) & indicators["headline"]
        & (indicators["group"] == "all") & indicators["code"].isin(old["code"])
    ]  # fmt: skip
    people = own[own["variable"] == PEOPLE].drop_duplicates("code").set_index("code")["value"].dropna()
    rows = own[(own["unit"] == "percent") & ~own["variable"].isin(NEVER_MAPPED)]
    groups = [group for _, group in rows.groupby("variable", sort=True) if group["code"].isin(people.index).all()]
    if new.empty or not groups:
        return pd.DataFrame({name: [] for name in CARRIED_COLUMNS})
    passage = Passage(old, new)
    parts = [_one(group, passage, people=people) for group in groups]
    labels = {one.name: typographic(one.short_label) for one in INDICATORS}
    table = pd.concat(parts, ignore_index=True)
    return table.assign(label=table["variable"].map(labels))[CARRIED_COLUMNS]


def _one(group: pd.DataFrame, passage: Passage, *, people: pd.Series[float]) -> pd.DataFrame:
    first = group.iloc[0]
    source = group.drop_duplicates("code").set_index("code")
    values = source["value"].reindex(passage.old["code"].to_numpy())
    statuses = source["status"].reindex(values.index).fillna(str(Status.MISSING))
    weight = people.reindex(values.index).fillna(0.0)
    found = passage.carry(values, kind=Kind.INTENSIVE, statuses=statuses, weight=weight)
    enough = found["coverage"].round(2) >= COVERED  # as it is printed
    thin = f"moins de {number(100 * COVERED)} % de la surface était un quartier en {OLD} : pas d’estimation"
    told = {name: first[name] for name in ("variable", "period", "period_basis", "edition", "unit")}
    return pd.DataFrame({
        "code": found.index, "vintage": NEW, "group": "all", **told,
        "value": found["value"].where(enough).round(1),
        "low": found["low"].where(enough).round(1), "high": found["high"].where(enough).round(1),
        "status": np.where(enough, found["status"], str(Status.MISSING)), "coverage": found["coverage"],
        "note": np.where(enough, found["note"], thin),
    })  # fmt: skip
