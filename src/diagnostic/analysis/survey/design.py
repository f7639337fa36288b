"""The survey design: an immutable object that knows how the sample was drawn, and estimates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from diagnostic.analysis.survey.estimation import (
    answers,
    as_table,
    estimate_difference,
    estimate_ratio,
    indicators,
    two_groups,
)
from diagnostic.analysis.survey.grouping import aggregate, make_domains, names, numbers, row_mask
from diagnostic.analysis.survey.intervals import check_interval, guarded_df
from diagnostic.analysis.survey.quantiles import quantiles
from diagnostic.analysis.survey.sample import Sample
from diagnostic.analysis.survey.tabulation import Crosstab, crosstab
from diagnostic.analysis.survey.variance import Ratio
from diagnostic.errors import Fault, RefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import ArrayLike

    from diagnostic.analysis.survey.intervals import Interval

    By = str | Sequence[str] | None
    Where = ArrayLike | pd.Series[Any] | None


class SurveyDesign(Sample):
    """A survey and how it was drawn.

    Estimates are design-based: Taylor linearisation over strata, clusters and finite populations, domains by mask,
    as R ``survey`` (Lumley 2010, *Complex Surveys*). The object never changes: calibrations return new designs.

    Parameters
    ----------
    frame
        One row a respondent.
    weights
        Column of sampling weights, or an array. Without it: what ``fpc`` implies, else 1.
    strata
        Column of strata.
    clusters
        Column of primary units, or two columns (primary, secondary). Without it each row is a primary unit.
    fpc
        Finite populations, one column a stage: number of units of the parent (stratum, primary unit), or sampling
        fractions. Without it the first stage is treated as drawn with replacement.
    lonely_psu
        A stratum with a single primary unit: ``error`` lists them; ``certainty`` gives no variance, ``adjust``
        centres on the general mean, ``average`` takes the mean of the other strata.
    basis
        ``random``; or ``quota``, ``volunteer``: intervals are then indicative, a variance is never below simple
        random sampling times Kish's design effect, calibration does not reduce it, totals and tests are refused.

    Raises
    ------
    InputError
        Bad weights, a unit in two strata, an impossible population, a stratum with a single unit.

    Examples
    --------
    >>> import pandas as pd
    >>> survey = pd.DataFrame({
    ...     "qpv": ["A", "A", "A", "B", "B", "B"], "concerned": [1, 0, 1, 0, 0, 1], "w": [10, 12, 9, 11, 8, 10],
    ... })
    >>> design = SurveyDesign(survey, "w", strata="qpv")
    >>> design.mean("concerned", by="qpv")[["y", "qpv", "estimate", "se", "n", "df"]].round(3)
               y qpv  estimate     se  n  df
    0  concerned   A     0.613  0.356  3   2
    1  concerned   B     0.345  0.340  3   2
    """

    def mean(
        self, y: str | Sequence[str], *, by: By = None, where: Where = None, confidence: float = 0.95
    ) -> pd.DataFrame:
        """Estimate means, over the respondents who answered.

        Parameters
        ----------
        y
            Numeric column, or several.
        by
            One or several variables: one row for each of their crossings.
        where
            Mask of the rows of interest, one boolean a row: a domain, never a filter.
        confidence
            Coverage aimed at by ``estimate ± t se``.

        Returns
        -------
        pandas.DataFrame
            ``y``, the ``by`` columns, ``estimate, se, ci_low, ci_high, n, n_eff, df, deff, note``; ``n`` counts
            respondents without weights, ``deff`` compares with simple random sampling with replacement.

        Raises
        ------
        InputError
            When a column is absent or not numeric, or the domain is empty.
        """
        items, domains = names(y), make_domains(self.frame, by, where)
        values, answered = answers(numbers(self.frame, items))
        found = estimate_ratio(self, Ratio(values, answered, domains.codes, domains.count), answered)
        return as_table({"y": items}, domains, found, confidence=confidence)

    def total(
        self, y: str | Sequence[str], *, by: By = None, where: Where = None, confidence: float = 0.95
    ) -> pd.DataFrame:
        """Estimate totals over the respondents who answered; parameters and result as ``mean``.

        Raises
        ------
        RefusedError
            When the sample is not random: it cannot be multiplied by a population.
        """
        if self.basis != "random":
            raise RefusedError(
                Fault("un échantillon de volontaires ou par quotas ne donne pas d’effectif de population",
                      remedy="présentez une part « parmi les répondants »")
            )  # fmt: skip
        items, domains = names(y), make_domains(self.frame, by, where)
        values, answered = answers(numbers(self.frame, items))
        found = estimate_ratio(self, Ratio(values, None, domains.codes, domains.count), answered)
        return as_table({"y": items}, domains, found, confidence=confidence)

    def ratio(
        self, y: str | Sequence[str], x: str, *, by: By = None, where: Where = None, confidence: float = 0.95
    ) -> pd.DataFrame:
        """Estimate ratios of totals ``y / x``, over those who answered both; parameters and result as ``mean``."""
        items, domains = names(y), make_domains(self.frame, by, where)
        below = numbers(self.frame, [x])
        both = numbers(self.frame, items) + 0 * below
        values, answered = answers(both)
        found = estimate_ratio(
            self, Ratio(values, np.nan_to_num(below) * answered, domains.codes, domains.count), answered
        )
        return as_table({"y": [f"{item}/{x}" for item in items]}, domains, found, confidence=confidence)

    def proportion(
        self,
        y: str | Sequence[str],
        *,
        level: object | Sequence[object] | None = None,
        by: By = None,
        where: Where = None,
        interval: Interval = "beta",
        confidence: float = 0.95,
    ) -> pd.DataFrame:
        """Estimate shares of a level among those who answered.

        Parameters
        ----------
        y
            Column of answers, or several.
        level
            The level, or a list of levels. Without it: the yes of 0/1 items, every level of others.
        by, where
            As ``mean``.
        interval
            ``beta`` (as R), ``guarded`` (for publication), ``nchs``, ``wilson``, ``logit``, ``wald``: see
            ``diagnostic.analysis.survey.intervals``.
        confidence
            Coverage aimed at.

        Returns
        -------
        pandas.DataFrame
            As ``mean``, with ``level`` after ``y`` when several are given, and ``count``, the number of
            respondents with the level.

        Raises
        ------
        InputError
            When a column is absent, the domain empty, or the level one that nobody could choose.
        """
        check_interval(interval, confidence)
        domains = make_domains(self.frame, by, where)
        columns, labels = indicators(self.frame, names(y), level)
        values, answered = answers(columns)
        found = estimate_ratio(self, Ratio(values, answered, domains.codes, domains.count), answered)
        counts = aggregate(domains.codes, domains.count, values)
        df = found.df
        if interval == "guarded":
            df = guarded_df(df, self.sampling.carriers(domains.codes, domains.count, values, answered))
        return as_table(
            labels, domains, found, confidence=confidence, interval=interval, interval_df=df, counts=counts
        )

    def contrast(
        self,
        y: str | Sequence[str],
        *,
        groups: tuple[object, object],
        between: str,
        level: object | None = None,
        by: By = None,
        where: Where = None,
        confidence: float = 0.95,
    ) -> pd.DataFrame:
        """Estimate the difference of two groups, first minus second, with the covariance between them.

        Parameters
        ----------
        y
            Numeric columns (difference of means), or answers when ``level`` is given (difference of shares).
        groups
            The two levels of ``between``.
        between
            Column that makes the groups.
        level, by, where, confidence
            As ``proportion`` and ``mean``.

        Returns
        -------
        pandas.DataFrame
            As ``mean``; ``n`` counts both groups, ``df`` those of both together.

        Raises
        ------
        InputError
            When a column or a group is unknown.
        """
        items, domains = names(y), make_domains(self.frame, by, where)
        codes = two_groups(self.frame, domains, between, groups)
        columns = numbers(self.frame, items) if level is None else indicators(self.frame, items, level)[0]
        values, answered = answers(columns)
        found = estimate_difference(self, Ratio(values, answered, codes, 2 * domains.count), answered)
        return as_table({"y": items}, domains, found, confidence=confidence)

    def quantile(
        self,
        y: str | Sequence[str],
        q: float | Sequence[float] = 0.5,
        *,
        by: By = None,
        where: Where = None,
        confidence: float = 0.95,
    ) -> pd.DataFrame:
        """Estimate quantiles, with Woodruff's (1952) interval.

        Parameters
        ----------
        y, by, where, confidence
            As ``mean``.
        q
            Order, or several: 0.5 is the median.

        Returns
        -------
        pandas.DataFrame
            As ``mean`` with ``q`` after ``y``. The quantile is the smallest answer whose cumulated weight reaches
            ``q`` (R ``svyquantile``, ``qrule="math"``); ``se`` is the interval's half-width over ``t``;
            ``n_eff`` and ``deff`` are those of the share below the quantile.
        """
        orders = np.atleast_1d(np.asarray(q, dtype=np.float64)).tolist()
        return quantiles(
            self, names(y), orders, domains=make_domains(self.frame, by, where), confidence=confidence
        )

    def crosstab(
        self, row: str, column: str, *, by: By = None, where: Where = None, interval: Interval = "beta",
        confidence: float = 0.95,
    ) -> Crosstab:  # fmt: skip
        """Cross two questions: shares of each column level by row level, and the Rao-Scott (1984) test.

        Parameters
        ----------
        row, column
            Columns of answers.
        by, where, interval, confidence
            As ``proportion``.

        Returns
        -------
        Crosstab
            ``shares`` (as ``proportion``) and ``test``: second-order F statistic, as R
            ``svychisq(statistic="F")``; no test when the sample is not random.
        """
        check_interval(interval, confidence)
        return crosstab(
            self, row, column, by=names(by), inside=row_mask(self.frame, where), interval=interval,
            confidence=confidence,
        )  # fmt: skip
