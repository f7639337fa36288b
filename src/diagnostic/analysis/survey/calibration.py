"""Weights that reproduce known totals: raking, post-stratification, generalised calibration, trimming.

Every method starts from the weights it is given and reports what it did as a value. Targets are written as a
mapping: ``{"sex": {"women": 5200, "men": 4900}, ("sex", "age"): {("women", "18-24"): 610, …}, "income":
1.2e6}``: a column, or a tuple of columns crossed, then its levels and their totals, or a single total for a
numeric column.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from scipy.linalg import qr, solve_triangular

from diagnostic.analysis.survey.grouping import names, need_columns
from diagnostic.errors import DiagnosticError, Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from diagnostic.analysis.survey.grouping import Codes, Floats

    Key = str | tuple[str, ...]
    Targets = Mapping[Key, Mapping[Any, float] | pd.Series[Any]]

Method = Literal["linear", "raking", "logit"]
_CONTRADICTION = 1e-6
_COLLAPSE = 1e-9


class CalibrationError(DiagnosticError, ArithmeticError):
    """A calibration cannot reach its totals, and an error was asked for."""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What a calibration did to the weights, for the report to print.

    Parameters
    ----------
    method
        ``rake``, ``poststratify``, ``calibrate`` or ``trim``.
    converged
        Whether every total is reached (and every bound held).
    iterations
        Sweeps or Newton steps done.
    gap
        Largest relative distance to a total at the end.
    ratio_low, ratio_high
        Smallest and largest weight after / weight before.
    trimmed
        Weights cut.
    """

    method: str
    converged: bool
    iterations: int
    gap: float
    ratio_low: float
    ratio_high: float
    trimmed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Margin:
    """One set of known totals: the row's cell and the total of each cell."""

    codes: Codes
    totals: Floats


@dataclass(frozen=True, slots=True)
class Fit:
    """Weights found, and how."""

    weights: Floats
    converged: bool
    iterations: int
    gap: float
    trimmed: int = 0

    def report(self, method: str, before: Floats) -> Adjustment:
        """Summarise the change of the weights."""
        ratio = self.weights / before
        return Adjustment(
            method, self.converged, self.iterations, self.gap, float(ratio.min()), float(ratio.max()), self.trimmed
        )


def make_margins(frame: pd.DataFrame, targets: Targets) -> list[Margin]:
    """Match the totals with the levels found in the survey.

    Raises
    ------
    InputError
        For an absent column, a missing answer, a level without a total, a total without respondent, a total
        that is not positive, or margins whose sums differ: all at once.
    """
    if not targets:
        raise InputError(Fault("aucune marge donnée", expected="{colonne : {modalité : total}}"))
    for key in targets:
        need_columns(frame, names(key))
    found = [_margin(frame, key, totals) for key, totals in targets.items()]
    faults = [fault for _, problems in found for fault in problems]
    if faults:
        raise InputError(faults)
    margins = [margin for margin, _ in found]
    sums = [float(margin.totals.sum()) for margin in margins]
    if max(sums) - min(sums) > _CONTRADICTION * max(sums):
        raise InputError(
            Fault(
                "les marges se contredisent : leurs totaux diffèrent",
                found=", ".join(
                    f"{'×'.join(names(key))} = {total:g}" for key, total in zip(targets, sums, strict=True)
                ),
                remedy="ramenez-les au même total (même champ, même année, mêmes âges)",
            )
        )
    return margins


def _margin(
    frame: pd.DataFrame, key: Key, totals: Mapping[Any, float] | pd.Series[Any]
) -> tuple[Margin, list[Fault]]:
    columns = names(key)
    label = " × ".join(columns)
    wanted = dict(totals.items())
    levels = list(wanted)
    index = pd.Index(levels) if len(columns) == 1 else pd.MultiIndex.from_tuples(levels)
    given = pd.Index(frame[columns[0]]) if len(columns) == 1 else pd.MultiIndex.from_frame(frame[columns])
    codes = index.get_indexer(given).astype(np.int64)
    missing = int(frame[columns].isna().any(axis=1).sum())
    unknown = frame.loc[(codes < 0) & frame[columns].notna().all(axis=1).to_numpy(), columns].drop_duplicates()
    values = np.asarray([wanted[level] for level in levels], dtype=np.float64)
    seen = np.bincount(codes[codes >= 0], minlength=len(levels)) > 0
    wrong = ~(np.isfinite(values) & (values > 0))
    remedy = "regroupez des modalités des deux côtés"
    faults = [
        Fault(what, column=label, found=shown, remedy=how)
        for what, shown, how in (
            (
                "réponse manquante sur une variable de calage",
                f"{missing} ligne(s)" if missing else "",
                "complétez-la",
            ),
            (
                "modalité de l’enquête absente de la marge",
                _list(unknown.itertuples(index=False, name=None)),
                remedy,
            ),
            (
                "modalité de la marge que personne n’a dans l’enquête",
                _list(np.asarray(levels, dtype=object)[~seen]),
                remedy,
            ),
            (
                "total de marge nul, négatif ou manquant",
                _list(np.asarray(levels, dtype=object)[wrong]),
                "corrigez-le",
            ),
        )
        if shown
    ]
    return Margin(codes, values), faults


def _list(levels: Any) -> str:  # noqa: ANN401 - levels of any type, only printed
    shown = [" × ".join(map(str, level)) if isinstance(level, tuple) else str(level) for level in levels]
    return ", ".join(shown[:10])


def rake(
    weights: Floats, margins: Sequence[Margin], *, trim: tuple[float, float] | None, tolerance: float, sweeps: int
) -> Fit:
    """Fit the margins in turn until all hold (Deming and Stephan 1940), trimming and raking again if asked.

    Parameters
    ----------
    weights
        Shape ``(rows,)``: where the raking starts.
    margins
        Known totals.
    trim
        Bounds of the weights as multiples of their mean, or ``None``.
    tolerance
        Largest relative gap to a total.
    sweeps
        Limit on the passes over the margins, and on the rounds of trimming.
    """
    fit = _sweep(weights, margins, tolerance, sweeps)
    if trim is None:
        return fit
    cut = np.zeros(len(weights), dtype=bool)
    for _ in range(sweeps):
        low, high = (bound * fit.weights.mean() for bound in trim)
        outside = (fit.weights < low * (1 - 1e-6)) | (fit.weights > high * (1 + 1e-6))
        if not outside.any():
            break
        cut |= outside
        again = _sweep(np.clip(fit.weights, low, high), margins, tolerance, sweeps)
        fit = Fit(again.weights, again.converged, fit.iterations + again.iterations, again.gap)
    held = not outside.any()
    return Fit(fit.weights, fit.converged and held, fit.iterations, fit.gap, int(cut.sum()))


def _sweep(weights: Floats, margins: Sequence[Margin], tolerance: float, sweeps: int) -> Fit:
    floor = _COLLAPSE * weights
    weights = weights.copy()
    gap, done = np.inf, 0
    # Margins that cannot hold together drive some weights to zero: stop before they are lost.
    while gap > tolerance and done < sweeps and (weights > floor).all():
        gap = 0.0
        for margin in margins:
            factors = margin.totals / np.bincount(margin.codes, weights=weights, minlength=len(margin.totals))
            gap = max(gap, float(np.abs(factors - 1).max()))
            weights *= factors[margin.codes]
        done += 1
        if len(margins) == 1:
            gap = 0.0
    return Fit(weights, gap <= tolerance, done, gap)


def design_matrix(frame: pd.DataFrame, targets: Mapping[Key, Any]) -> tuple[Floats, Floats]:
    """Lay out the calibration variables and their totals.

    Returns
    -------
    variables
        Shape ``(rows, variables)``: an indicator for each level, a numeric column as it is.
    totals
        Shape ``(variables,)``.
    """
    levelled = {key: totals for key, totals in targets.items() if isinstance(totals, (Mapping, pd.Series))}
    blocks, totals = [], []
    if levelled:
        for margin in make_margins(frame, levelled):
            blocks.append(indicator_matrix(margin))
            totals.append(margin.totals)
    for key in targets.keys() - levelled.keys():
        need_columns(frame, names(key))
    for key, total in targets.items():
        if key in levelled:
            continue
        values = frame[key].to_numpy(dtype=np.float64, na_value=np.nan)
        if np.isnan(values).any():
            raise InputError(Fault("réponse manquante sur une variable de calage", column=str(key)))
        blocks.append(values[:, None])
        totals.append(np.asarray([total], dtype=np.float64))
    return np.hstack(blocks), np.concatenate(totals)


def indicator_matrix(margin: Margin) -> Floats:
    """Give one 0/1 column a cell of the margin."""
    matrix: Floats = (margin.codes[:, None] == np.arange(len(margin.totals))).astype(np.float64)
    return matrix


def orthonormal(variables: Floats, weights: Floats) -> tuple[Floats, Floats, Codes]:
    """Give columns spanning the same space, orthonormal for the weights, redundant ones dropped.

    Returns
    -------
    columns
        Shape ``(rows, rank)``.
    triangle
        Shape ``(rank, variables)``: what turns columns back into the (permuted) variables.
    order
        The permutation.
    """
    half = np.sqrt(weights)[:, None]
    scaled = variables * half
    columns, triangle, order = qr(scaled / np.linalg.norm(scaled, axis=0), mode="economic", pivoting=True)
    diagonal = np.abs(np.diag(triangle))
    rank = int((diagonal > 1e-9 * diagonal[0]).sum())
    return columns[:, :rank] / half, triangle[:rank] * np.linalg.norm(scaled, axis=0)[order], order


def calibrate(
    weights: Floats,
    variables: Floats,
    totals: Floats,
    *,
    bounds: tuple[float, float] | None,
    method: Method,
    tolerance: float,
) -> Fit:
    """Find the weights closest to the given ones that reach the totals, by Newton's method.

    Deville and Särndal (1992), as R ``survey::calibrate``.

    Raises
    ------
    InputError
        When redundant variables have contradictory totals.
    """
    columns, triangle, order = orthonormal(variables, weights)
    rank = columns.shape[1]
    aims = solve_triangular(triangle[:, :rank], totals[order[:rank]], trans="T")
    reached = triangle[:, rank:].T @ aims
    if not np.allclose(reached, totals[order[rank:]], rtol=_CONTRADICTION):
        raise InputError(
            Fault("les totaux de calage se contredisent", remedy="une variable se déduit des autres : retirez-la")
        )
    scale = np.maximum(np.abs(totals), 1)
    slopes = np.zeros(rank)
    fit = Fit(
        weights, converged=False, iterations=0, gap=float((np.abs(variables.T @ weights - totals) / scale).max())
    )
    for step in range(1, 101):
        factors, derivative = _distance(columns @ slopes, bounds, method)
        found = weights * factors
        gap = float((np.abs(variables.T @ found - totals) / scale).max())
        if gap < fit.gap or step == 1:
            fit = Fit(found, gap <= tolerance, step - 1, gap)
        if fit.converged:
            break
        hessian = columns.T @ (columns * (weights * derivative)[:, None])
        slopes = slopes + np.linalg.lstsq(hessian, aims - columns.T @ found, rcond=1e-12)[0]
    return fit


def _distance(u: Floats, bounds: tuple[float, float] | None, method: Method) -> tuple[Floats, Floats]:
    """Give the weight ratio and its derivative for each linear predictor."""
    if method == "logit" and bounds is not None:
        low, high = bounds
        speed = (high - low) / ((1 - low) * (high - 1))
        grown = np.exp(np.clip(speed * u, -500, 500))
        below = high - 1 + (1 - low) * grown
        factors = (low * (high - 1) + high * (1 - low) * grown) / below
        return factors, grown * ((high - low) / below) ** 2
    factors = 1 + u if method == "linear" else np.exp(np.clip(u, -50, 50))
    derivative = np.ones_like(u) if method == "linear" else factors
    if bounds is None:
        return factors, derivative
    inside = (factors > bounds[0]) & (factors < bounds[1])
    return np.clip(factors, *bounds), derivative * inside


def trim(weights: Floats, low: float, high: float) -> Fit:
    """Cut the weights outside the bounds and share what was cut equally among the others, until all hold.

    As R ``trimWeights(strict=TRUE)``.
    """
    found, cut, done = weights, np.zeros(len(weights), dtype=bool), 0
    while done < len(weights):
        outside = (found < low) | (found > high)
        if not outside.any() or outside.all():
            break
        clipped = np.clip(found, low, high)
        found = np.where(outside, clipped, clipped + (found - clipped).sum() / (~outside).sum())
        cut |= outside
        done += 1
    held = not ((found < low) | (found > high)).any()
    return Fit(found, held, done, abs(float(found.sum() / weights.sum()) - 1), int(cut.sum()))


def check(fit: Fit, method: str, *, strict: bool) -> Fit:
    """Refuse negative weights, and non-convergence where an error was asked for.

    Raises
    ------
    CalibrationError
        With the gap left and the ways out.
    """
    if not (fit.weights > 0).all():
        raise CalibrationError(
            Fault(
                f"{method} : {int((fit.weights <= 0).sum())} poids deviennent négatifs ou nuls",
                remedy="donnez des bornes (bounds=(0.3, 3)) ou la méthode « raking »",
            )
        )
    if strict and not fit.converged:
        raise CalibrationError(
            Fault(
                f"{method} : le calage n’a pas convergé", expected="tous les totaux atteints",
                found=f"écart relatif de {fit.gap:.2g} après {fit.iterations} itération(s)",
                remedy="élargissez les bornes, regroupez des modalités rares, ou vérifiez les marges",
            )
        )  # fmt: skip
    return fit
