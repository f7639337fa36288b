"""From measures to indicators: inputs aligned, absences explained, uncertainty attached."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from diagnostic.analysis.indicator import INDICATORS, Indicator
from diagnostic.analysis.precision import SMALL_BASE, census_bases, half_width, reliability
from diagnostic.analysis.wholes import held, summed
from diagnostic.schemas import INDICATOR_COLUMNS
from diagnostic.vocabulary import ABSENCE_PRECEDENCE, COUNT_UNITS, KNOWN, Level, Status

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    import numpy.typing as npt

    from diagnostic.analysis.wholes import Whole

# Half of the last published digit: what rounding hides.
ROUNDING: Final = {"percent": 0.05}
RATIOS: Final = ("percent", "points", "ratio", "per_1000_inhabitants")
ROW: Final = ["level", "code", "vintage", "edition"]
FIGURE: Final = ["level", "code", "vintage", "variable", "group", "period", "period_basis"]


def indicators(
    measures: pd.DataFrame,
    *,
    chosen: Iterable[Indicator] | None = None,
    precedence: Mapping[str, int] | None = None,
    editions: Mapping[str, str] | None = None,
    territory: Collection[str] | None = None,
    sets: Sequence[Whole] = (),
) -> pd.DataFrame:
    """Compute every indicator that the measures allow.

    Parameters
    ----------
    measures
        Columns ``schemas.MEASURE_COLUMNS``.
    chosen
        Indicators to compute; all the registered ones by default.
    precedence
        Rank of each source: where two give the same figure of the same period, the lower is kept.
    editions
        Edition imposed on a source; without one the newest period is the headline.
    territory
        Codes of the neighbourhoods whose values decide the headline period; all of them by default.
    sets
        Of :func:`diagnostic.analysis.wholes.wholes`: neighbourhoods taken together, and places without theirs,
        which become rows of their own levels.

    Returns
    -------
    pandas.DataFrame
        Columns ``schemas.INDICATOR_COLUMNS``, sorted; one row an indicator, a place, a group and a period.
        ``headline`` marks the period that documents show.

    Notes
    -----
    Inputs are joined within one edition, and within one source where it holds them all. An absent input makes
    the result absent, with the strongest of its reasons. The bounds ``low`` and ``high`` join the modelled
    sampling error of the census and, for estimated contrasts, the rounding of the published inputs; they equal
    the value where nothing of the kind applies, and are unknown where the base is.
    """
    added = summed(measures, sets)
    measures = pd.concat([measures, added], ignore_index=True) if len(added) else measures
    lookup = _Lookup(measures, precedence or {})
    bases = census_bases(measures)
    parts = [
        part
        for one in (INDICATORS if chosen is None else chosen)
        for group in one.groups
        if (part := _compute(one, group, lookup=lookup, bases=bases)) is not None
    ]
    if not parts:
        return pd.DataFrame({name: [] for name in INDICATOR_COLUMNS})
    table = pd.concat(parts, ignore_index=True)
    rank = table["source"].str.split(" + ", regex=False).str[0].map(precedence or {}).fillna(0)
    # Of two editions that speak of the same year, the newer one is the producer's last word.
    imposed = table["source"].str.split(" + ", regex=False).str[0].map(editions or {})
    off = imposed.notna() & (imposed != table["edition"])
    order = {**dict.fromkeys([*FIGURE, "off", "rank", "source"], True), "edition": False}
    table = table.assign(rank=rank, off=off)
    table = table.sort_values(list(order), ascending=list(order.values()), kind="stable").drop_duplicates(FIGURE)
    table = held(table, sets)
    table["headline"] = _headline(table, territory)
    return table.sort_values([*FIGURE, "edition"], kind="stable")[INDICATOR_COLUMNS].reset_index(drop=True)


class _Lookup:
    """Measures by variable and group, one row a place and edition."""

    def __init__(self, measures: pd.DataFrame, precedence: Mapping[str, int]) -> None:
        rank = measures["source"].map(precedence).fillna(0)
        ordered = measures.assign(rank=rank).sort_values(["rank", "source"], kind="stable")
        self._rows = dict(tuple(ordered.groupby(["variable", "group"], sort=False)))

    def rows(self, variable: str, group: str) -> pd.DataFrame | None:
        return self._rows.get((variable, group))


def _compute(one: Indicator, group: str, *, lookup: _Lookup, bases: pd.DataFrame) -> pd.DataFrame | None:
    names = [(name.variable, name.group or group) for name in one.inputs]
    tables = [lookup.rows(*name) for name in names]
    if any(table is None for table in tables):
        return None
    joined = _join([table for table in tables if table is not None])
    if joined.empty:
        return None
    values = [joined[f"value_{position}"] for position in range(len(names))]
    result = _evaluate(one, values)
    status, note = _absence(joined, len(names), result)
    known = status.isin(KNOWN)
    if one.contrast:
        status = status.mask(known, Status.ESTIMATED)
    result = result.where(known)
    table = joined[[*ROW, "period", "period_basis"]].assign(
        variable=one.name, group=group, unit=one.unit, value=result, status=status, note=note,
        source=_sources(joined, len(names)),
    )  # fmt: skip
    counts = [joined[f"value_{k}"].where(joined[f"unit_{k}"].isin(COUNT_UNITS)) for k in range(len(names))]
    table = _with_precision(table, one, group, bases=bases, counted=pd.concat(counts, axis=1).max(axis=1))
    return _with_rounding(table, one, values, [joined[f"unit_{k}"] for k in range(len(names))])


def _join(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """Join inputs on place and edition, each from the leading input's own source where it can be."""
    kept = ["value", "status", "note", "source", "unit"]
    lead = tables[0][[*ROW, "period", "period_basis", *kept]]
    joined = lead.rename(columns={name: f"{name}_0" for name in kept})
    for position, table in enumerate(tables[1:], start=1):
        other = table[[*ROW, "rank", *kept]].rename(columns={name: f"{name}_{position}" for name in kept})
        merged = joined.merge(other, on=ROW, how="inner")
        foreign = merged[f"source_{position}"] != merged["source_0"]
        merged = merged.assign(foreign=foreign).sort_values(["foreign", "rank"], kind="stable")
        joined = merged.drop_duplicates([*ROW, "source_0", "period"]).drop(columns=["foreign", "rank"])
    return joined.sort_values([*ROW, "source_0"], kind="stable").reset_index(drop=True)


def _evaluate(one: Indicator, values: list[pd.Series[float]]) -> pd.Series[float]:
    result = one.function(*values)
    return result.replace([np.inf, -np.inf], np.nan).astype("float64")


def _absence(joined: pd.DataFrame, count: int, result: pd.Series[float]) -> tuple[pd.Series[str], pd.Series[str]]:
    status = pd.Series(str(Status.OBSERVED), index=joined.index)
    status = status.mask(result.isna(), Status.NOT_APPLICABLE)
    note = pd.Series("", index=joined.index).mask(result.isna(), "dénominateur nul")
    for reason in reversed(ABSENCE_PRECEDENCE):
        for position in range(count):
            absent = joined[f"status_{position}"] == reason
            status = status.mask(absent, reason)
            note = note.mask(absent, joined[f"note_{position}"])
    for weak in (Status.ESTIMATED, Status.IMPUTED):
        for position in range(count):
            marked = (joined[f"status_{position}"] == weak) & status.isin(KNOWN)
            status = status.mask(marked, weak)
    return status, note


def _sources(joined: pd.DataFrame, count: int) -> pd.Series[str]:
    columns = [joined[f"source_{position}"] for position in range(count)]
    names = [" + ".join(dict.fromkeys(row)) for row in zip(*columns, strict=True)]
    return pd.Series(names, index=joined.index, dtype=str)


def _base(
    table: pd.DataFrame, group: str, kind: str, *, bases: pd.DataFrame
) -> tuple[pd.Series[float], pd.Series[bool]]:
    keys = pd.MultiIndex.from_frame(table[ROW].assign(group=group))
    found = bases.reindex(keys)
    return (
        pd.Series(found[kind].to_numpy(dtype="float64"), index=table.index),
        pd.Series(found["sampled"].astype("boolean").fillna(value=True).to_numpy(dtype=bool), index=table.index),
    )


def _with_precision(
    table: pd.DataFrame, one: Indicator, group: str, *, bases: pd.DataFrame, counted: pd.Series[float]
) -> pd.DataFrame:
    """Attach the modelled census interval, and hide rates that rest on too few persons.

    ``counted`` is the largest published count that the figure is made from: of a ratio of counts, its base.
    """
    if one.base == "none" and one.unit in RATIOS:
        return _hide(table, reliability(counted), pd.Series(0.0, index=table.index))
    if one.base == "none":
        return table.assign(low=table["value"], high=table["value"], reliability="publish")
    if one.contrast:
        return _contrast_precision(table, one, bases=bases)
    base, sampled = _base(table, group, one.base, bases=bases)
    width = half_width(table["value"], base).where(sampled, 0.0)
    words = reliability(base)
    if group != "all":  # the rule cannot be checked: a small group's rate is not written as sure
        words = np.where(base.isna() & (words == "publish"), "caution", words)
    return _hide(table, words, width)


def _contrast_precision(table: pd.DataFrame, one: Indicator, *, bases: pd.DataFrame) -> pd.DataFrame:
    first, second = one.contrast or ("", "")
    words: list[npt.NDArray[np.str_]] = []
    variance = pd.Series(0.0, index=table.index)
    for name in (first, second):
        base, sampled = _base(table, name, one.base, bases=bases)
        # The widest a rate can be uncertain: the group's own rate is not at hand for a derived contrast.
        variance += half_width(pd.Series(50.0, index=table.index), base).where(sampled, 0.0) ** 2
        words.append(reliability(base))
    worst = np.where(
        (words[0] == "suppress") | (words[1] == "suppress"), "suppress",
        np.where((words[0] == "caution") | (words[1] == "caution"), "caution", "publish"),
    )  # fmt: skip
    return _hide(table, worst, variance**0.5)


def _hide(table: pd.DataFrame, words: npt.NDArray[np.str_], width: pd.Series[float]) -> pd.DataFrame:
    hidden = pd.Series(words == "suppress", index=table.index) & table["status"].isin(KNOWN)
    value = table["value"].mask(hidden)
    return table.assign(
        value=value,
        status=table["status"].mask(hidden, Status.MASKED),
        note=table["note"].mask(hidden, SMALL_BASE),
        low=value - width, high=value + width, reliability=words,
    )  # fmt: skip


def _with_rounding(
    table: pd.DataFrame, one: Indicator, values: list[pd.Series[float]], units: list[pd.Series[str]]
) -> pd.DataFrame:
    """Widen the bounds of a contrast by what the rounding of its inputs hides (all corners evaluated)."""
    if not one.contrast:
        return table
    halves = [unit.map(ROUNDING).fillna(0.0).astype(float) for unit in units]
    corners = [
        _evaluate(one, [value + sign * half for value, half, sign in zip(values, halves, signs, strict=True)])
        for signs in product((-1, 1), repeat=len(values))
    ]
    stacked = pd.concat(corners, axis=1)
    centre = _evaluate(one, values)
    return table.assign(
        low=table["low"] - (centre - stacked.min(axis=1)),
        high=table["high"] + (stacked.max(axis=1) - centre),
    )


def _headline(table: pd.DataFrame, territory: Collection[str] | None) -> pd.Series[bool]:
    """Mark the period that documents show: of those that most of the territory has, the newest.

    One period for the whole territory: a page never mixes years from one neighbourhood to the next. A newer year
    that is known in fewer than half as many neighbourhoods as the best one does not blank the others.
    """
    known = ~table["off"] & table["status"].isin(KNOWN) & (table["level"] == Level.QPV)
    if territory is not None:
        known &= table["code"].isin(territory)
    figure = ["variable", "group"]
    counts = table[known].groupby([*figure, "period"], as_index=False).size()
    best = counts.groupby(figure)["size"].transform("max")
    newest = counts[2 * counts["size"] >= best].groupby(figure)["period"].max().rename("newest")
    return (table.join(newest, on=figure)["newest"] == table["period"]) & ~table["off"]
