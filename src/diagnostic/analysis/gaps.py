"""Gaps between a neighbourhood and what it is compared with. A gap is not a discrimination."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from diagnostic.analysis.indicator import INDICATORS
from diagnostic.formatting import number
from diagnostic.schemas import GAP_COLUMNS
from diagnostic.territory.names import department_of
from diagnostic.vocabulary import KNOWN, Direction, Level

if TYPE_CHECKING:
    from collections.abc import Mapping

MEDIAN: Final = "qpv_departement_median"
# Declared in advance: a gap is notable from 5 points and 10 %, and beyond its interval.
NOTABLE_POINTS: Final = 5.0
NOTABLE_RATIO: Final = 0.10
MEDIAN_FROM: Final = 5  # under five other neighbourhoods a median speaks of one of them
FIGURE: Final = ["variable", "group", "period", "period_basis"]


def gaps(
    indicators: pd.DataFrame,
    comparators: pd.DataFrame,
    *,
    directions: Mapping[str, Direction] | None = None,
) -> pd.DataFrame:
    """Compare each neighbourhood with every comparator that publishes the same figure of the same period.

    Parameters
    ----------
    indicators
        Columns ``schemas.INDICATOR_COLUMNS``; neighbourhoods and comparators alike, the other neighbourhoods of
        the department included.
    comparators
        One row a neighbourhood and comparator: ``level, code, vintage, comparator_kind, comparator_code,
        comparator_label, rank, note``; kind ``qpv_departement_median`` carries the department's code.
    directions
        What a higher value means, by indicator; those registered by default.

    Returns
    -------
    pandas.DataFrame
        Columns ``schemas.GAP_COLUMNS``. ``difference`` is value minus comparator (points where the unit is
        percent); ``half_width`` is that of the neighbourhood's modelled interval; ``worse`` orients the
        difference by direction; ``notable`` asks at least 5 points (for percentages) and 10 %, beyond the
        half-width; where the uncertainty is unknown nothing is notable. A comparator that does not exist has no
        row: it is never replaced.

    Notes
    -----
    The median of the department's neighbourhoods is taken over published values, the neighbourhood itself
    excluded; it is a median, never a rate of the department.
    """
    own = indicators[indicators["level"] == Level.QPV]
    places = own.merge(comparators, on=["level", "code", "vintage"], suffixes=("", "_comparator"))
    published = _published(places, indicators)
    table = pd.concat([published, _medians(places, own)], ignore_index=True)
    if table.empty:
        return pd.DataFrame({name: [] for name in GAP_COLUMNS})
    known = table["value"].notna() & table["comparator_value"].notna()
    table["difference"] = table["value"] - table["comparator_value"]
    table["ratio"] = (table["value"] / table["comparator_value"]).where(table["comparator_value"] != 0)
    table["status"] = table["status"].where(~known, "estimated").where(known | table["value"].isna(), "missing")
    signs = _directions(directions)
    table["direction"] = table["variable"].map(signs).fillna(Direction.NEUTRAL).astype(str)
    table["half_width"] = (table["high"] - table["low"]).div(2)
    table = _judged(table)
    order = [
        "level",
        "code",
        "vintage",
        "variable",
        "group",
        "period",
        "comparator_kind",
        "rank",
        "comparator_code",
    ]
    return table.sort_values(order, kind="stable")[GAP_COLUMNS].reset_index(drop=True)


def _directions(directions: Mapping[str, Direction] | None) -> Mapping[str, Direction]:
    return directions if directions is not None else {one.name: one.direction for one in INDICATORS}


def _published(places: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    """Pair with comparators that are themselves published places."""
    wanted = places[places["comparator_kind"] != MEDIAN]
    others = indicators[indicators["level"] != Level.QPV]
    others = others[["level", "code", *FIGURE, "value", "period", "unit"]].rename(
        columns={"level": "comparator_kind", "code": "comparator_code", "value": "comparator_value"}
    )
    others = others.loc[:, ~others.columns.duplicated()]
    paired = wanted.merge(others, on=["comparator_kind", "comparator_code", *FIGURE, "unit"], how="inner")
    return paired.assign(comparator_period=paired["period"], note=_notes(paired))


def _notes(table: pd.DataFrame) -> pd.Series[str]:
    both = table["note"].astype(str).str.cat(table["note_comparator"].astype(str), sep=" ; ")
    return both.str.strip(" ;")


def _medians(places: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """Pair with the median of the department's other neighbourhoods."""
    wanted = places[places["comparator_kind"] == MEDIAN]
    keyed = own.assign(department=own["code"].map(department_of))
    pools = dict(tuple(keyed.groupby([*FIGURE, "department", "vintage"], sort=False)))
    rows = []
    for key, group in wanted.groupby([*FIGURE, "comparator_code", "vintage"], sort=False):
        pool = pools.get(key)
        if pool is not None:
            rows.append(_with_median(group, pool))
    return pd.concat(rows, ignore_index=True) if rows else wanted.iloc[:0]


def _with_median(group: pd.DataFrame, pool: pd.DataFrame) -> pd.DataFrame:
    codes = pool["code"].to_numpy()
    values = pool["value"].to_numpy(dtype=float)
    medians, counts = [], []
    for code in group["code"]:
        others = values[(codes != code) & ~np.isnan(values)]
        medians.append(float(np.median(others)) if len(others) >= MEDIAN_FROM else np.nan)
        counts.append(len(others))
    total = len(pool) - 1
    labels = [
        f"{label} ({number(count)} sur {number(total)} publiés)"
        for label, count in zip(group["comparator_label"], counts, strict=True)
    ]
    return group.assign(
        comparator_value=medians, comparator_period=group["period"], comparator_label=labels, note=_notes(group)
    )


def _judged(table: pd.DataFrame) -> pd.DataFrame:
    difference = table["difference"]
    worse = np.where(
        table["direction"] == Direction.MORE_IS_WORSE, difference > 0,
        np.where(table["direction"] == Direction.LESS_IS_WORSE, difference < 0, False),
    )  # fmt: skip
    oriented = table["direction"] != Direction.NEUTRAL
    notable = large(table) & (difference.abs() > table["half_width"]) & oriented & table["status"].isin(KNOWN)
    notable &= table["reliability"] == "publish"
    return table.assign(worse=worse, notable=notable)


def large(table: pd.DataFrame) -> pd.Series[bool]:
    """Say which gaps have the size declared in advance, whatever their uncertainty.

    Parameters
    ----------
    table
        ``difference``, ``comparator_value``, ``unit``.
    """
    percent = table["unit"].isin(["percent", "points"])
    sized = (table["difference"] / table["comparator_value"]).abs() >= NOTABLE_RATIO
    return sized & (~percent | (table["difference"].abs() >= NOTABLE_POINTS))
