"""Two ways to a variance: Taylor linearisation of the design, or replicate weights.

Both answer the same questions about an estimator (a ratio of weighted sums, a total, a difference of two
ratios), for all its items and domains at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np

from diagnostic.analysis.survey.calibration import orthonormal
from diagnostic.analysis.survey.grouping import OUTSIDE, aggregate
from diagnostic.analysis.survey.stages import cross, present

if TYPE_CHECKING:
    from collections.abc import Sequence

    from diagnostic.analysis.survey.grouping import Codes, Floats
    from diagnostic.analysis.survey.stages import Stage

# Below this share of the uncentred sum of squares, a variance is rounding noise.
_NOISE = 1e-14


class Estimator(Protocol):
    """What a variance needs to know of an estimator."""

    @property
    def codes(self) -> Codes:
        """Shape ``(rows,)``: the output domain of each row."""

    @property
    def count(self) -> int:
        """Number of output domains."""

    def value(self, weights: Floats) -> Floats:
        """Give the estimates under these weights, shape ``(count, items)``."""


@dataclass(frozen=True, slots=True, eq=False)
class Ratio:
    """A ratio of weighted sums by domain; a mean when ``x`` marks the answers, a total without ``x``.

    Parameters
    ----------
    y
        Shape ``(rows, items)``, zero where there is no answer.
    x
        Shape ``(rows, items)`` or ``(rows, 1)``, or ``None`` for a total.
    codes, count
        The domains.
    """

    y: Floats
    x: Floats | None
    codes: Codes
    count: int

    def denominator(self, weights: Floats) -> Floats:
        """Give the weighted sum of ``x`` by domain, or one."""
        if self.x is None:
            return np.ones((1, 1))
        return aggregate(self.codes, self.count, self.x, weights=weights)

    def value(self, weights: Floats) -> Floats:
        """Give the estimates; a domain without answer gives NaN."""
        total = aggregate(self.codes, self.count, self.y, weights=weights)
        with np.errstate(invalid="ignore", divide="ignore"):
            return total / self.denominator(weights)

    def residual(self, values: Floats) -> Floats:
        """Give ``y - value * x`` for each row, the value being that of the row's domain."""
        if self.x is None:
            return self.y
        residual: Floats = np.nan_to_num(values, posinf=0, neginf=0)[self.codes]
        residual *= self.x
        return np.subtract(self.y, residual, out=residual)

    def influence(self, weights: Floats, values: Floats) -> Floats:
        """Give the linearised variable times the weight (Woodruff 1971); ``values`` are the ratios themselves."""
        if self.x is None:
            return weights[:, None] * self.y
        below = self.denominator(weights)
        inverse = np.divide(1.0, below, out=np.zeros_like(below), where=below != 0)
        influence = self.residual(values)
        influence *= weights[:, None] * inverse[self.codes]
        return influence


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """First ratio minus second, domain by domain: keeps the covariance of two groups in one sample.

    Parameters
    ----------
    ratio
        Ratios of ``2 * count`` domains: the first group's, then the second's, in the same order.
    """

    ratio: Ratio

    @property
    def count(self) -> int:
        """Number of differences."""
        return self.ratio.count // 2

    @property
    def codes(self) -> Codes:
        """The difference each row takes part in."""
        return np.where(self.ratio.codes == OUTSIDE, OUTSIDE, self.ratio.codes % self.count)

    def value(self, weights: Floats) -> Floats:
        """Give the differences."""
        values = self.ratio.value(weights)
        return values[: self.count] - values[self.count :]

    def influence(self, weights: Floats, values: Floats) -> Floats:
        """Give the influences, the second group's with the opposite sign; ``values`` are the ratios."""
        sign = np.where(self.ratio.codes < self.count, 1.0, -1.0)
        return sign[:, None] * self.ratio.influence(weights, values)


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """What calibration removes from an influence: its regression on the calibration variables.

    Parameters
    ----------
    x
        Shape ``(rows, variables)``: calibration variables.
    before, after
        Shape ``(rows,)``: weights before and after this calibration.
    """

    x: Floats
    before: Floats
    after: Floats


@dataclass(frozen=True, eq=False)
class Taylor:
    """Variance by linearisation, stage by stage, residuals of the calibrations taken (Deville-Särndal 1992).

    Parameters
    ----------
    stages
        The draw.
    projections
        The calibrations, in the order they were done.
    """

    stages: tuple[Stage, ...]
    projections: tuple[Projection, ...] = ()

    def degrees(self, codes: Codes, count: int, answered: Floats) -> Floats:
        """Count primary units minus strata in which somebody of the domain answered."""
        first = self.stages[0]
        strata = first.parents[first.units]
        return present(codes, count, first.units, answered) - present(codes, count, strata, answered)

    def carriers(self, codes: Codes, count: int, chosen: Floats, answered: Floats) -> Floats:
        """Count the primary units of each domain that hold the rarer of two answers, chosen or not."""
        cells, cell_domain, _ = cross(codes, self.stages[0].units)
        yes, both = (aggregate(cells, len(cell_domain), side) for side in (chosen, answered))
        holders = (aggregate(cell_domain, count, (side > 0).astype(np.float64)) for side in (yes, both - yes))
        return np.minimum(*holders)

    def variance(self, estimator: Estimator, influence: Floats) -> Floats:
        """Give the variances, shape ``(count, items)``.

        Each influence is zero outside its domain, so only the pairs (domain, unit) that exist are summed; what
        calibration spreads over the whole sample is carried by its few coefficients.
        """
        codes, count = estimator.codes, estimator.count
        spread = self._coefficients(influence, codes, count)
        total = np.zeros((count, influence.shape[1]))
        for stage in self.stages:
            total += self._stage_variance(stage, influence, codes, count, spread)
        return np.maximum(total, 0.0)

    def covariance(self, estimator: Estimator, influence: Floats) -> Floats:
        """Give the covariance matrix of the items of a single domain, shape ``(items, items)``."""
        influence = influence * (estimator.codes != OUTSIDE)[:, None]
        zero = np.zeros(len(influence), dtype=np.int64)
        spread = self._coefficients(influence, zero, 1)
        if spread is not None:
            influence = influence - self._carriers[0] @ spread[:, 0, :]
        total = np.zeros((influence.shape[1],) * 2)
        for stage in self.stages:
            sums = aggregate(stage.units, len(stage.parents), influence)
            total += sums.T @ _centred(stage, sums)
        return total

    @cached_property
    def _carriers(self) -> tuple[Floats, Floats, Floats]:
        """Stack the calibrations: what they subtract, what they read, and how they follow each other."""
        bases = [orthonormal(step.x, step.before)[0] for step in self.projections]
        steps = list(zip(self.projections, bases, strict=True))
        subtracted = np.hstack([step.after[:, None] * base for step, base in steps])
        read = np.hstack([(step.before / step.after)[:, None] * base for step, base in steps])
        order = np.repeat(np.arange(len(steps)), [base.shape[1] for base in bases])
        # A calibration reads what the earlier ones left: block lower triangular, identity on its diagonal.
        chain = np.where(order[:, None] > order[None, :], read.T @ subtracted, 0.0) + np.eye(len(order))
        return subtracted, read, np.asarray(np.linalg.inv(chain), dtype=np.float64)

    def _coefficients(self, influence: Floats, codes: Codes, count: int) -> Floats | None:
        """Give the regression coefficients of each domain's influences, shape ``(variables, count, items)``."""
        if not self.projections:
            return None
        _, read, chain = self._carriers
        moments = np.stack([aggregate(codes, count, influence, weights=column) for column in read.T])
        coefficients: Floats = np.einsum("pq,qdi->pdi", chain, moments)
        return coefficients

    def _stage_variance(
        self, stage: Stage, influence: Floats, codes: Codes, count: int, spread: Floats | None
    ) -> Floats:
        cells, cell_domain, cell_unit = cross(codes, stage.units)
        sums = aggregate(cells, len(cell_domain), influence)
        parents = stage.parents[cell_unit]
        scale = stage.scale[parents][:, None]
        raw = aggregate(cell_domain, count, scale * sums**2)
        own = aggregate(cell_domain, count, scale * sums * self._own_centre(stage, sums, cell_domain, parents))
        result = np.where(own < _NOISE * raw, 0.0, own)
        if spread is None:
            return result
        units = aggregate(stage.units, len(stage.parents), self._carriers[0])
        centred = _centred(stage, units)
        mixed = np.stack([aggregate(cell_domain, count, sums, weights=column[cell_unit]) for column in centred.T])
        result = own - 2 * (spread * mixed).sum(axis=0)
        result += np.einsum("pdi,pq,qdi->di", spread, units.T @ centred, spread)
        return np.where(result < _NOISE * raw, 0.0, result)

    @staticmethod
    def _own_centre(stage: Stage, sums: Floats, cell_domain: Codes, parents: Codes) -> Floats:
        """Give each cell's total minus its parent's mean in the same domain (absent units count as zero)."""
        groups = cell_domain * len(stage.sizes) + parents
        starts = np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]])
        lengths = np.diff(np.r_[starts, len(groups)])
        weight = (stage.centred / stage.sizes)[parents[starts]][:, None]
        return sums - np.repeat(np.add.reduceat(sums, starts, axis=0) * weight, lengths, axis=0)


def _centred(stage: Stage, sums: Floats) -> Floats:
    """Give the unit totals minus their parent's mean, times the parent's factor."""
    means = aggregate(stage.parents, len(stage.sizes), sums) * (stage.centred / stage.sizes)[:, None]
    return stage.scale[stage.parents][:, None] * (sums - means[stage.parents])


@dataclass(frozen=True, slots=True, eq=False)
class Replicates:
    """Variance of the estimates over replicate weights.

    Parameters
    ----------
    weights
        Shape ``(rows, replicates)``.
    factors
        Shape ``(replicates,)``: factor of each squared deviation.
    """

    weights: Floats
    factors: Floats

    def degrees(self, codes: Codes, count: int, answered: Floats) -> Floats:
        """Give the rank of the replicate weights in each domain, minus one (as R ``degf``)."""
        del answered
        sizes = [np.linalg.svd(self.weights[codes == code], compute_uv=False) for code in range(count)]
        ranks = [float((size > 1e-7 * size.max(initial=0.0)).sum()) for size in sizes]
        return np.asarray(ranks)[:, None] - 1

    def carriers(self, codes: Codes, count: int, chosen: Floats, answered: Floats) -> Floats:
        """Count the respondents with the rarer of two answers: the primary units are not known."""
        yes, both = (aggregate(codes, count, side) for side in (chosen, answered))
        return np.minimum(yes, both - yes)

    def variance(self, estimator: Estimator, influence: Floats) -> Floats:
        """Give the variances, shape ``(count, items)``; NaN where a replicate has no answer."""
        del influence
        deviations = self._deviations([estimator.value(column) for column in self.weights.T])
        variance: Floats = np.einsum("r,rdi->di", self.factors, deviations**2)
        return variance

    def covariance(self, estimator: Estimator, influence: Floats) -> Floats:
        """Give the covariance matrix of the items of a single domain."""
        del influence
        deviations = self._deviations([estimator.value(column)[0] for column in self.weights.T])
        return (deviations * self.factors[:, None]).T @ deviations

    @staticmethod
    def _deviations(values: Sequence[Floats]) -> Floats:
        stacked = np.stack(values)
        deviations: Floats = stacked - stacked.mean(axis=0)
        return deviations
