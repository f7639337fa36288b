"""Gaps between a neighbourhood and what it is compared with. A gap is not a discrimination."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from diagnostic.analysis.indicator import INDICATORS
from diagnostic.analysis.multiplicity import contrasts, discovered
from diagnostic.analysis.similar import comparable
from diagnostic.formatting import number
from diagnostic.schemas import GAP_COLUMNS
from diagnostic.territory.names import department_of
from diagnostic.vocabulary import KNOWN, Direction, Level

if TYPE_CHECKING:
    from collections.abc import Mapping

MEDIAN: Final = "qpv_departement_median"
SIMILAR: Final = "qpv_similar_median"
# From the perimeter the law names first to the widest that files commonly hold.
COMPARATOR_ORDER: Final = ("epci", "unite_urbaine", "departement", "region", "france", SIMILAR, MEDIAN, "commune")
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
    neighbours: pd.DataFrame | None = None,
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
    neighbours
        Of :func:`diagnostic.analysis.similar.neighbours`: adds the median of the most similar neighbourhoods, for
        the indicators that did not serve to find them.

    Returns
    -------
    pandas.DataFrame
        Columns ``schemas.GAP_COLUMNS``. ``difference`` is value minus comparator (points where the unit is
        percent); ``half_width`` is that of the modelled intervals, the comparator's own included where it is
        known; ``worse`` orients the difference by direction; ``notable`` asks at least 5 points (for percentages)
        and 10 %, beyond the half-width, and where a sampling law exists to stay among the discoveries at 10 % of
        the whole family; where the uncertainty is unknown nothing is notable. A comparator that does not exist
        has no row: it is never replaced.

    Notes
    -----
    The medians are taken over published values, the neighbourhood itself excluded; they are medians, never a rate
    of the department, and are taken as fixed.
    """
    own = indicators[indicators["level"] == Level.QPV]
    places = own.merge(comparators, on=["level", "code", "vintage"], suffixes=("", "_comparator"))
    published = _published(places, indicators)
    parts = [published, _medians(places, own)]
    if neighbours is not None and not neighbours.empty:
        parts.append(_similar(own, neighbours))
    table = pd.concat([part for part in parts if not part.empty] or parts[:1], ignore_index=True)
    if table.empty:
        return pd.DataFrame({name: [] for name in GAP_COLUMNS})
    known = table["value"].notna() & table["comparator_value"].notna()
    table["difference"] = table["value"] - table["comparator_value"]
    table["ratio"] = (table["value"] / table["comparator_value"]).where(table["comparator_value"] != 0)
    table["status"] = table["status"].where(~known, "estimated").where(known | table["value"].isna(), "missing")
    signs = _directions(directions)
    table["direction"] = table["variable"].map(signs).fillna(Direction.NEUTRAL).astype(str)
    table["half_width"] = _half_widths(table)
    table = _judged(table, contrasts(indicators, territory=set(table["code"])))
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
    others = others.assign(
        comparator_half_width=(others["high"] - others["low"]).div(2),
        why=others["note"].where(others["value"].isna(), ""),
    )[["level", "code", *FIGURE, "value", "unit", "comparator_half_width", "why"]].rename(
        columns={"level": "comparator_kind", "code": "comparator_code", "value": "comparator_value"}
    )
    paired = wanted.merge(others, on=["comparator_kind", "comparator_code", *FIGURE, "unit"], how="inner")
    return paired.assign(comparator_period=paired["period"], note=_notes(paired))


def _notes(table: pd.DataFrame) -> pd.Series[str]:
    names = [name for name in ("note", "note_comparator", "why") if name in table]
    words = table[names].astype(str).to_numpy(dtype=object)
    return pd.Series([" ; ".join(filter(None, row)) for row in words], index=table.index, dtype="str")


def _medians(places: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """Pair with the median of the department's other neighbourhoods."""
    wanted = places[places["comparator_kind"] == MEDIAN]
    keyed = own.assign(department=own["code"].map(department_of))
    pools = keyed.groupby([*FIGURE, "department", "vintage"], sort=False).indices
    values = keyed["value"].to_numpy(dtype=float)
    codes, numbers = pd.factorize(pd.concat([keyed["code"], wanted["code"]], ignore_index=True))[0], []
    columns = [wanted[name] for name in [*FIGURE, "comparator_code", "vintage"]]
    for code, key in zip(codes[len(keyed) :], zip(*columns, strict=True), strict=True):
        pool = pools.get(key, [])
        others = values[pool][codes[pool] != code] if len(pool) else np.array([])
        others = others[~np.isnan(others)]
        median = float(np.median(others)) if len(others) >= MEDIAN_FROM else np.nan
        numbers.append((median, len(others), len(pool) - 1))
    paired = wanted.loc[[total >= 0 for *_, total in numbers]]
    told = [one for one in numbers if one[-1] >= 0]
    labels = [
        f"{label} ({number(count)} sur {number(total)} publiés)"
        for label, (_, count, total) in zip(paired["comparator_label"], told, strict=True)
    ]
    return paired.assign(
        comparator_value=[median for median, *_ in told], comparator_period=paired["period"],
        comparator_label=labels, note=_notes(paired),
    )  # fmt: skip


def _similar(own: pd.DataFrame, neighbours: pd.DataFrame) -> pd.DataFrame:
    """Pair with the median of the most similar neighbourhoods, except on what they were chosen for."""
    key = ["code", "vintage", *FIGURE]
    wanted = own[own["code"].isin(neighbours["code"]) & own["variable"].map(comparable).astype(bool)]
    values = own[[*key, "value"]].rename(columns={"code": "neighbour", "value": "comparator_value"})
    pairs = wanted[key].merge(neighbours[["code", "vintage", "neighbour"]], on=["code", "vintage"])
    pairs = pairs.merge(values, on=["neighbour", "vintage", *FIGURE], how="left")
    found = pairs.groupby(key)["comparator_value"].agg(["median", "count", "size"]).reset_index()
    table = wanted.merge(found, on=key)
    labels = [
        f"médiane des {number(size)} quartiers les plus proches ({number(count)} sur {number(size)} publiés)"
        for count, size in zip(table["count"], table["size"], strict=True)
    ]
    return table.assign(
        comparator_kind=SIMILAR, comparator_code=table["code"], comparator_label=labels, rank=0,
        comparator_period=table["period"], comparator_value=table["median"].where(table["count"] >= MEDIAN_FROM),
    ).drop(columns=["median", "count", "size"])  # fmt: skip


def _half_widths(table: pd.DataFrame) -> pd.Series[float]:
    """Join the two modelled intervals; a comparator without one is taken as fixed."""
    own = (table["high"] - table["low"]).div(2)
    if "comparator_half_width" not in table:
        return own
    return (own**2 + table["comparator_half_width"].astype(float).fillna(0) ** 2) ** 0.5


def _judged(table: pd.DataFrame, differences: pd.DataFrame) -> pd.DataFrame:
    difference = table["difference"]
    worse = np.where(
        table["direction"] == Direction.MORE_IS_WORSE, difference > 0,
        np.where(table["direction"] == Direction.LESS_IS_WORSE, difference < 0, False),
    )  # fmt: skip
    oriented = table["direction"] != Direction.NEUTRAL
    notable = large(table) & (difference.abs() > table["half_width"]) & oriented & table["status"].isin(KNOWN)
    notable &= table["reliability"] == "publish"
    kept, _ = discovered(table, differences)
    return table.assign(worse=worse, notable=notable & (kept | (table["half_width"] == 0)))


def main_gaps(gaps: pd.DataFrame, variable: str, *, group: str = "all") -> pd.DataFrame:
    """Give one gap a neighbourhood, all to the same kind of comparator: the first that exists.

    Parameters
    ----------
    gaps
        Columns ``schemas.GAP_COLUMNS``.
    variable, group
        The indicator.

    Returns
    -------
    pandas.DataFrame
        Rows of ``gaps`` with a known difference, possibly none.
    """
    rows = gaps[(gaps["variable"] == variable) & (gaps["group"] == group) & gaps["headline"]]
    for kind in COMPARATOR_ORDER:
        found = rows[rows["comparator_kind"] == kind]
        if not found.empty:
            best = found.drop_duplicates("code")
            return best[best["difference"].notna()]
    return rows.iloc[:0]


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
