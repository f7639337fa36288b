"""What may be published of an estimate: one table of thresholds, one rule, obeyed by every figure and sentence.

Precision and protection are two things. *Precision* follows the NCHS standard for proportions (Parker et al. 2017,
Vital and Health Statistics 2(175)), applied to the share and to its complement, on the Korn-Graubard interval with
the effective size capped at ``n``. *Protection* counts people without weights: in the base, in the share, out
of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from diagnostic.analysis.survey.grouping import need_columns
from diagnostic.analysis.survey.intervals import proportion_interval

if TYPE_CHECKING:
    import pandas as pd

    from diagnostic.analysis.survey.grouping import Floats, Mask
    from diagnostic.analysis.survey.sample import Basis


class Reliability(StrEnum):
    """What may be done with an estimate."""

    PUBLISH = "publish"
    CAUTION = "caution"
    SUPPRESS = "suppress"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The publication rule's numbers.

    Parameters
    ----------
    hidden_n
        Under it, nothing is shown (protection).
    hidden_count
        Under it, a share is hidden when so few people are in it or out of it (protection).
    percentage_n
        Under it, in respondents or in effective size, no percentage is written.
    narrow, wide
        Interval widths (of 1) under which a share is precise, and from which it is not published.
    relative_width
        Between them, the largest width as a multiple of the share or of its complement.
    review_df
        Degrees of freedom under which the variance itself is unsure: caution.
    """

    hidden_n: int = 11
    hidden_count: int = 5
    percentage_n: int = 30
    narrow: float = 0.05
    wide: float = 0.30
    relative_width: float = 1.30
    review_df: int = 8


PUBLICATION = Thresholds()


def rate(table: pd.DataFrame, *, basis: Basis = "random", thresholds: Thresholds = PUBLICATION) -> pd.DataFrame:
    """Say of each estimate whether it may be published, and why not.

    Parameters
    ----------
    table
        What ``SurveyDesign`` gives. With a ``count`` column (proportions) the whole rule applies; without it
        (means, quantiles) only respondents, effective size and degrees of freedom count. Both groups of a
        contrast are rated before their difference.
    basis
        Of the sample: not random is ``caution`` at most.
    thresholds
        The rule's numbers.

    Returns
    -------
    pandas.DataFrame
        The same rows with ``reliability`` (``publish``, ``caution``, ``suppress``), ``protected`` (hidden to
        protect people, not for lack of precision) and ``reason`` in French, empty when published.

    Raises
    ------
    InputError
        When the table is not one of estimates.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"estimate": [.3, .3, .3], "n": [200, 60, 8], "n_eff": [150., 24., 8.],
    ...                       "df": [199, 59, 7], "count": [60, 18, 3]})
    >>> rate(table)["reliability"].tolist()
    ['publish', 'suppress', 'suppress']
    """
    need_columns(table, ["estimate", "n", "n_eff", "df"])
    tests = _protection(table, thresholds) + _precision(table, thresholds)
    doubts = [
        (table["df"].to_numpy() < thresholds.review_df, "peu d’unités de tirage : précision mal connue"),
        (np.full(len(table), basis != "random"), "échantillon non aléatoire : parmi les répondants seulement"),
    ]
    refused = np.logical_or.reduce([test for test, _ in tests])
    doubtful = np.logical_or.reduce([test for test, _ in doubts])
    levels = np.select(
        [refused, doubtful], [str(Reliability.SUPPRESS), str(Reliability.CAUTION)], str(Reliability.PUBLISH)
    )
    reasons = np.select([test for test, _ in tests + doubts], [text for _, text in tests + doubts], default="")
    protected = np.logical_or.reduce([test for test, _ in _protection(table, thresholds)])
    return table.assign(reliability=levels, protected=protected, reason=reasons)


def _protection(table: pd.DataFrame, rule: Thresholds) -> list[tuple[Mask, str]]:
    n = table["n"].to_numpy()
    tests = [(n < rule.hidden_n, f"moins de {rule.hidden_n} répondants")]
    if "count" in table:
        count = table["count"].to_numpy()
        few = np.minimum(count, n - count) < rule.hidden_count
        tests.append((few, f"moins de {rule.hidden_count} personnes dans la part ou hors d’elle"))
    return tests


def _precision(table: pd.DataFrame, rule: Thresholds) -> list[tuple[Mask, str]]:
    n, size = (table[name].to_numpy(dtype=np.float64) for name in ("n", "n_eff"))
    tests = [
        (n < rule.percentage_n, f"moins de {rule.percentage_n} répondants : pas de pourcentage"),
        (~(size >= rule.percentage_n), f"effectif efficace sous {rule.percentage_n} : pas de pourcentage"),
    ]
    if "count" not in table:
        return tests
    width, share = _width(table), table["estimate"].to_numpy(dtype=np.float64)
    relative = width > rule.relative_width * np.minimum(share, 1 - share)
    return [
        *tests,
        (~(width < rule.wide), "intervalle trop large"),
        ((width > rule.narrow) & relative, "intervalle trop large au regard de la part"),
    ]


def _width(table: pd.DataFrame) -> Floats:
    """Give the width of the 95 % NCHS interval, whatever interval the table shows."""
    share, n, size, df = (table[name].to_numpy(dtype=np.float64) for name in ("estimate", "n", "n_eff", "df"))
    low, high = proportion_interval(share, n=n, n_eff=size, df=df, interval="nchs", confidence=0.95)
    return high - low
