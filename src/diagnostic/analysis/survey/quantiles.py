"""Weighted quantiles by domain, with Woodruff's interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from diagnostic.analysis.survey.estimation import NO_ANSWER, NO_DEGREES, answers, estimate_ratio, lay_out
from diagnostic.analysis.survey.grouping import OUTSIDE, numbers
from diagnostic.analysis.survey.intervals import student
from diagnostic.analysis.survey.variance import Ratio

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from diagnostic.analysis.survey.design import SurveyDesign
    from diagnostic.analysis.survey.grouping import Domains, Floats

BEYOND = "une borne dépasse les réponses observées : pas d’intervalle"
TIED = "les réponses voisines sont égales : l’intervalle se réduit à un point"


def quantiles(
    design: SurveyDesign, items: Sequence[str], orders: Sequence[float], *, domains: Domains, confidence: float
) -> pd.DataFrame:
    """Estimate quantiles of several items, orders and domains; see ``SurveyDesign.quantile``."""
    values = np.repeat(numbers(design.frame, items), len(orders), axis=1)
    asked = np.tile(np.asarray(orders), len(items))
    found = np.full((domains.count, len(asked)), np.nan)
    for domain in range(domains.count):
        rows = domains.codes == domain
        for item in range(len(asked)):
            found[domain, item] = _invert(values[rows, item], design.weights[rows], asked[item])
    labels = {"y": np.repeat(items, len(orders)), "q": asked}
    return lay_out(labels, domains, _measures(design, domains, values, found, confidence))


def _invert(answers_of: Floats, weights: Floats, order: float) -> float:
    """Give the smallest answer whose cumulated weight reaches the order, NaN outside [0, 1] or without answer."""
    known = ~np.isnan(answers_of)
    if not known.any() or not 0 <= order <= 1:
        return np.nan
    ranks = np.argsort(answers_of[known], kind="stable")
    cumulated = np.cumsum(weights[known][ranks])
    place = np.searchsorted(cumulated, order * cumulated[-1] * (1 - 1e-12))
    return float(answers_of[known][ranks][min(place, len(ranks) - 1)])


def _measures(
    design: SurveyDesign, domains: Domains, values: Floats, found: Floats, confidence: float
) -> dict[str, Any]:
    """Give the interval of the share below each quantile, carried back to the scale of the answers."""
    limits = np.where(domains.codes[:, None] == OUTSIDE, np.nan, found[domains.codes])
    below, answered = answers(np.where(np.isnan(values), np.nan, (values <= limits).astype(np.float64)))
    share = estimate_ratio(design, Ratio(below, answered, domains.codes, domains.count), answered)
    t = student(share.df, confidence)
    with np.errstate(invalid="ignore"):
        half = t * np.sqrt(share.variance)
    low, high = (np.full(found.shape, np.nan) for _ in range(2))
    for domain, item in np.argwhere(np.isfinite(half) & (half > 0)):
        rows = domains.codes == domain
        low[domain, item], high[domain, item] = (
            _invert(
                values[rows, item], design.weights[rows], share.estimate[domain, item] + side * half[domain, item]
            )
            for side in (-1, 1)
        )
    note = np.select(
        [share.n == 0, share.df < 1, np.isnan(low) | np.isnan(high), low == high],
        [NO_ANSWER, NO_DEGREES, BEYOND, TIED],
        default="",
    )
    low, high = (np.where(note == TIED, np.nan, bound) for bound in (low, high))
    return {
        "estimate": found, "se": (high - low) / (2 * t), "ci_low": low, "ci_high": high, "n": share.n,
        "n_eff": share.n_eff, "df": share.df, "deff": share.deff, "note": note,
    }  # fmt: skip
