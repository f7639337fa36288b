"""Which neighbourhoods resemble a neighbourhood: a fairer comparator than the richer city around it.

Nearest neighbours on context, each variable standardised over the pool (mean 0, standard deviation 1). The
distance is the root mean square of the differences, in standard deviations: 0.5 means half a standard deviation
apart on average. Nationality and immigration never count. What served to choose the neighbours is never compared
with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from diagnostic.analysis.indicator import INDICATORS
from diagnostic.analysis.refusals import check_context
from diagnostic.formatting import typographic
from diagnostic.vocabulary import KNOWN, Level

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import numpy.typing as npt

NEIGHBOUR_COLUMNS: Final = ["code", "vintage", "neighbour", "rank", "distance", "context", "pool"]
# Size (its logarithm), weight in the commune, ages, level and structure of incomes.
CONTEXT: Final = (
    "population", "priority_population_share", "youth_index", "median_living_standard", "activity_income_share",
    "pensions_share", "social_benefits_share",
)  # fmt: skip
LOGGED: Final = frozenset({"population"})
NEAREST: Final = 10
LEAST_CONTEXT: Final = 3
CAVEAT: Final = typographic(
    "Des quartiers aussi pauvres partagent les mêmes obstacles : ne pas s’en écarter ne dit pas qu’il n’y a pas "
    "d’inégalité, et s’en écarter ne dit pas pourquoi."
)


def neighbours(
    indicators: pd.DataFrame,
    *,
    territory: Collection[str],
    count: int = NEAREST,
    context: Sequence[str] = CONTEXT,
) -> pd.DataFrame:
    """Find the neighbourhoods nearest to each of a territory's.

    Parameters
    ----------
    indicators
        Columns ``schemas.INDICATOR_COLUMNS``; the headline rows of neighbourhoods of one generation are the pool.
    territory
        Codes of the territory's neighbourhoods.
    count
        Neighbours kept.
    context
        Indicators that define resemblance; those that fewer than half of the pool publish are left out.

    Returns
    -------
    pandas.DataFrame
        Columns ``NEIGHBOUR_COLUMNS``, nearest first: ``distance`` in standard deviations, ``context`` the
        indicators that counted, ``pool`` how many neighbourhoods they were chosen among. A neighbourhood whose
        context is not wholly known, or without ``count`` others, has no row. A neighbourhood is never its own.

    Raises
    ------
    RefusedError
        When the context holds nationality or origin.
    """
    check_context(context)
    parts = []
    for vintage, wide in _contexts(indicators, context):
        codes = wide.index.to_numpy()
        scaled = _standardised(wide)
        if scaled is None or len(codes) <= count:
            continue
        words = ", ".join(str(name) for name in wide.columns)
        for code in (code for code in territory if code in wide.index):
            here = int(np.flatnonzero(codes == code)[0])
            distance = np.sqrt(((scaled - scaled[here]) ** 2).mean(axis=1))
            distance[here] = np.inf
            nearest = np.lexsort((codes, distance))[:count]
            parts.append(pd.DataFrame({
                "code": code, "vintage": vintage, "neighbour": codes[nearest],
                "rank": np.arange(1, count + 1), "distance": distance[nearest], "context": words,
                "pool": len(codes) - 1,
            }))  # fmt: skip
    if not parts:
        return pd.DataFrame({name: [] for name in NEIGHBOUR_COLUMNS})
    return pd.concat(parts, ignore_index=True)[NEIGHBOUR_COLUMNS]


def comparable(variable: str) -> bool:
    """Say whether an indicator may be compared with the neighbours: it did not serve to choose them.

    The whole distribution of incomes is one story: at equal median, the poverty rate is nearly given.

    Examples
    --------
    >>> comparable("employment_rate"), comparable("population"), comparable("poverty_rate")
    (True, False, False)
    """
    if variable in CONTEXT or variable not in INDICATORS:
        return False
    return INDICATORS[variable].reference != INDICATORS["median_living_standard"].reference


def _contexts(indicators: pd.DataFrame, context: Sequence[str]) -> list[tuple[int, pd.DataFrame]]:
    """Lay the context out by generation, one row a neighbourhood that knows it all."""
    rows = indicators[
        (indicators["level"] == Level.QPV) & indicators["headline"].astype(bool) & (indicators["group"] == "all")
        & indicators["variable"].isin(context) & indicators["status"].isin(KNOWN)
    ]  # fmt: skip
    found = []
    for vintage, group in rows.groupby("vintage", sort=True):
        wide = group.drop_duplicates(["code", "variable"]).pivot(index="code", columns="variable", values="value")  # noqa: PD010 - keys are unique
        wide = wide[[name for name in context if name in wide and wide[name].notna().mean() * 2 >= 1]]
        found.append((int(str(vintage)), wide.dropna().sort_index()))
    return found


def _standardised(wide: pd.DataFrame) -> npt.NDArray[np.float64] | None:
    values = wide.to_numpy(dtype=float).copy()
    for place, name in enumerate(wide.columns):
        if name in LOGGED:
            values[:, place] = np.log(np.maximum(values[:, place], 1.0))
    spread = values.std(axis=0) if len(values) else np.zeros(values.shape[1])
    varied = spread > 0
    if varied.sum() < LEAST_CONTEXT:
        return None
    scaled: npt.NDArray[np.float64] = (values[:, varied] - values[:, varied].mean(axis=0)) / spread[varied]
    return scaled
