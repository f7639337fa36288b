"""Confidence intervals of means and of proportions.

For a proportion ``p`` of variance ``v`` the effective sample size is ``p (1 - p) / v``. All the methods use
Student's ``t`` with the degrees of freedom of the domain, so that few clusters give wide intervals.

At 0 and 1, and wherever the variance is zero, the sample says nothing about its own precision: the effective size
is then Kish's ``(sum w)² / sum w²``, which is ``n`` for equal weights (the NCHS choice), and the logit, undefined
there, gives way to the beta interval.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from scipy.special import betaincinv, expit, logit, stdtrit

from diagnostic.errors import DiagnosticError, Fault

if TYPE_CHECKING:
    from diagnostic.analysis.survey.grouping import Floats

Interval = Literal["beta", "nchs", "guarded", "wilson", "logit", "xlogit", "wald"]


def student(df: Floats, confidence: float) -> Floats:
    """Give the two-sided Student quantile; infinite under one degree of freedom.

    Examples
    --------
    >>> student(np.array([14.0, 0.0]), 0.95).round(4).tolist()
    [2.1448, inf]
    """
    # Many domains share few degrees of freedom, and the quantile is slow.
    known, places = np.unique(df, return_inverse=True)
    quantiles = np.where(known >= 1, stdtrit(np.maximum(known, 1), (1 + confidence) / 2), np.inf)
    found: Floats = quantiles[places].reshape(np.shape(df))
    return found


def check_interval(interval: str, confidence: float) -> None:
    """Refuse an unknown interval or an impossible confidence.

    Raises
    ------
    DiagnosticError
        With the valid choices.
    """
    if interval not in get_args(Interval):
        choices = ", ".join(get_args(Interval))
        raise DiagnosticError(Fault("intervalle inconnu", expected=choices, found=str(interval)))
    if not 0 < confidence < 1:
        raise DiagnosticError(Fault("confiance impossible", expected="entre 0 et 1 (0.95)", found=str(confidence)))


def proportion_interval(
    p: Floats, *, n: Floats, n_eff: Floats, df: Floats, interval: Interval, confidence: float
) -> tuple[Floats, Floats]:
    """Give the interval of proportions.

    Parameters
    ----------
    p
        Proportions, any shape; the other arrays have the same.
    n, n_eff, df
        Respondents, effective sample size before any correction for ``df``, degrees of freedom.
    interval
        ``beta``: Korn and Graubard (1998), Clopper-Pearson on ``n_eff (t_{n-1} / t_df)²``, as R
        ``svyciprop(method="beta")``, not capped. ``nchs``: the same capped at ``n`` (Parker et al. 2017, NCHS
        Vital and Health Statistics 2(175)). ``guarded``: ``nchs`` with the ``df`` of ``guarded_df``, the choice
        for publication. ``wilson``: score interval on ``n_eff`` with ``t_df``. ``logit`` (R: ``xlogit``): Wald
        on the logit scale. ``wald``: ``p ± t se``, for parity only.
    confidence
        Coverage aimed at.

    Returns
    -------
    low, high
        Bounds within [0, 1] (``wald`` excepted), NaN without a degree of freedom.

    Examples
    --------
    R 4.2.2, survey 4.5: ``svyciprop(~I(sch.wide=='No'), dclus1, method='wilson')`` gives .08830655, .17582849.

    >>> p, n, n_eff, df = (np.array([v]) for v in (0.12568306010929, 183.0, 265.101627363605, 14.0))
    >>> low, high = proportion_interval(p, n=n, n_eff=n_eff, df=df, interval="wilson", confidence=0.95)
    >>> print(f"{low[0]:.8f} {high[0]:.8f}")
    0.08830655 0.17582849
    """
    t = student(df, confidence)
    with np.errstate(invalid="ignore", divide="ignore"):
        if interval in ("beta", "nchs", "guarded"):
            return _beta(p, n, n_eff, df, capped=interval != "beta", confidence=confidence)
        if interval == "wilson":
            return _wilson(p, n_eff / t**2)
        half = t * np.sqrt(p * (1 - p) / n_eff)
        if interval == "wald":
            low, high = p - half, p + half
        else:
            half = half / (p * (1 - p))
            low, high = expit(logit(p) - half), expit(logit(p) + half)
        edge = (p <= 0) | (p >= 1)
        edge_low, edge_high = _beta(p, n, n_eff, df, capped=False, confidence=confidence)
    return _known(np.where(edge, edge_low, low), df), _known(np.where(edge, edge_high, high), df)


def guarded_df(df: Floats, carriers: Floats) -> Floats:
    """Limit the degrees of freedom of a rare answer to twice the primary units that carry it.

    When few of many units hold the rarer answer, their sum of squares has about ``2 × carriers`` degrees of
    freedom (Satterthwaite 1946, with the kurtosis of a rare count), however many units were drawn. Where nobody
    gives the answer no variance is estimated, and nothing is limited.

    Examples
    --------
    >>> guarded_df(np.array([29.0, 29.0, 29.0]), np.array([5.0, 20.0, 0.0])).tolist()
    [10.0, 29.0, 29.0]
    """
    return np.where(carriers > 0, np.minimum(df, 2 * carriers), df)


def corrected_size(n: Floats, n_eff: Floats, df: Floats, confidence: float) -> Floats:
    """Give the effective size corrected for few degrees of freedom (Korn and Graubard 1998)."""
    with np.errstate(invalid="ignore"):
        size: Floats = n_eff * (student(n - 1, confidence) / student(df, confidence)) ** 2
    return size


def _beta(
    p: Floats, n: Floats, n_eff: Floats, df: Floats, *, capped: bool, confidence: float
) -> tuple[Floats, Floats]:
    size = corrected_size(n, n_eff, df, confidence)
    if capped:
        size = np.minimum(size, n)
    tail = (1 - confidence) / 2
    yes, no = np.clip(p, 0, 1) * size, np.clip(1 - p, 0, 1) * size
    low = np.where(yes > 0, betaincinv(np.where(yes > 0, yes, 1), no + 1, tail), 0.0)
    high = np.where(no > 0, betaincinv(yes + 1, np.where(no > 0, no, 1), 1 - tail), 1.0)
    return _known(low, df), _known(high, df)


def _wilson(p: Floats, size: Floats) -> tuple[Floats, Floats]:
    """Give the score interval; ``size`` is the effective size divided by t²."""
    centre = (p + 0.5 / size) / (1 + 1 / size)
    half = np.sqrt(p * (1 - p) / size + 0.25 / size**2) / (1 + 1 / size)
    return np.clip(centre - half, 0, 1), np.clip(centre + half, 0, 1)


def _known(bound: Floats, df: Floats) -> Floats:
    return np.where(df >= 1, bound, np.nan)
