"""A sample as drawn and weighted: what every estimate starts from."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np

from diagnostic.analysis.survey import calibration
from diagnostic.analysis.survey.grouping import names
from diagnostic.analysis.survey.stages import LONELY_PSU, make_stages, read_weights
from diagnostic.analysis.survey.variance import Projection, Replicates, Taylor
from diagnostic.errors import DiagnosticError, Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd
    from numpy.typing import ArrayLike

    from diagnostic.analysis.survey.calibration import Adjustment, Fit, Method, Targets
    from diagnostic.analysis.survey.grouping import Floats
    from diagnostic.analysis.survey.stages import Column, LonelyPsu

Basis = Literal["random", "quota", "volunteer"]
_BASES: tuple[Basis, ...] = ("random", "quota", "volunteer")


class Sample:
    """A survey and how it was drawn, without its estimates; parameters as ``SurveyDesign``."""

    adjustments: tuple[Adjustment, ...]
    basis: Basis
    frame: pd.DataFrame
    sampling: Taylor | Replicates
    weights: Floats

    def __init__(
        self,
        frame: pd.DataFrame,
        weights: Column | None = None,
        *,
        strata: Column | None = None,
        clusters: str | Sequence[str] | None = None,
        fpc: str | Sequence[str] | None = None,
        lonely_psu: LonelyPsu = "error",
        basis: Basis = "random",
    ) -> None:
        _check_choice("lonely_psu", lonely_psu, LONELY_PSU)
        stages, implied = make_stages(
            _not_empty(frame), strata=strata, clusters=names(clusters), fpc=names(fpc), lonely_psu=lonely_psu
        )
        if weights is not None:
            implied = read_weights(frame, weights)
        self.__dict__.update(
            frame=frame.copy(),
            weights=np.ones(len(frame)) if implied is None else implied,
            sampling=Taylor(stages),
            basis=_check_choice("basis", basis, _BASES),
            adjustments=(),
        )

    @classmethod
    def from_replicates(
        cls,
        frame: pd.DataFrame,
        weights: Column,
        *,
        replicates: Sequence[str] | ArrayLike,
        method: Literal["JK1", "JKn", "bootstrap"],
        factors: ArrayLike | None = None,
        basis: Basis = "random",
    ) -> Self:
        """Describe a survey that comes with replicate weights instead of its design.

        Parameters
        ----------
        frame, weights, basis
            As for a design.
        replicates
            Columns of replicate weights (they include the sampling weight), or an array ``(rows, replicates)``.
        method
            ``JK1`` (factor ``(r - 1) / r``), ``bootstrap`` (``1 / (r - 1)``), or ``JKn``, whose ``factors`` the
            producer gives.
        factors
            Shape ``(replicates,)``: factors of the squared deviations, instead of the method's.

        Raises
        ------
        InputError
            Bad weights, or ``JKn`` without its factors.
        """
        _check_choice("method", method, ("JK1", "JKn", "bootstrap"))
        columns = frame[list(replicates)] if isinstance(replicates, (list, tuple)) else replicates
        matrix = np.atleast_2d(np.asarray(columns, dtype=np.float64))
        if len(matrix) != len(frame) or not (np.isfinite(matrix) & (matrix >= 0)).all():
            raise InputError(Fault("poids répliqués manquants, négatifs ou d’une autre longueur que l’enquête"))
        sampling = Replicates(matrix, _replicate_factors(method, factors, matrix.shape[1]))
        return cls(frame, weights, basis=basis)._with(sampling=sampling)  # noqa: SLF001 - its own class

    def _with(self, **parts: object) -> Self:
        clone = copy(self)
        clone.__dict__.update(parts)
        return clone

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a survey design is immutable: {name!r} cannot be set")

    def __repr__(self) -> str:
        low, high = self.weight_range
        weights = f"weights {low:g} to {high:g}, Kish {self.kish:.3f}"
        return f"{type(self).__name__}(n={len(self)}, basis={self.basis!r}, {weights})"

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def kish(self) -> float:
        """Design effect of unequal weights alone: ``n sum w² / (sum w)²`` (Kish 1965)."""
        return float(len(self.weights) * (self.weights**2).sum() / self.weights.sum() ** 2)

    @property
    def weight_range(self) -> tuple[float, float]:
        """Smallest and largest weight."""
        return float(self.weights.min()), float(self.weights.max())

    @property
    def df(self) -> int:
        """Degrees of freedom of the survey: primary units minus strata, or rank of the replicates minus one."""
        everybody = np.zeros(len(self), dtype=np.int64)
        return int(self.sampling.degrees(everybody, 1, np.ones((len(self), 1)))[0, 0])

    def assign(self, **columns: Any) -> Self:  # noqa: ANN401 - what pandas takes
        """Give the same design with derived columns, as ``DataFrame.assign``: no row is added or moved."""
        return self._with(frame=self.frame.assign(**columns))

    def rake(
        self,
        margins: Targets,
        *,
        trim: tuple[float, float] | None = None,
        tolerance: float = 1e-10,
        sweeps: int = 500,
        strict: bool = False,
    ) -> Self:
        """Fit the weights to several margins in turn, from the present weights.

        Parameters
        ----------
        margins
            ``{column or tuple of columns: {level: total}}``; the totals have the same sum.
        trim
            Bounds of the weights as multiples of their mean, such as ``(0.3, 3)``: trimmed then raked again.
        tolerance
            Largest relative gap to a total.
        sweeps
            Limit on the passes.
        strict
            Raise when it does not converge, instead of saying so in ``adjustments``.

        Returns
        -------
        SurveyDesign
            Its estimates have the variance of the residuals on the margins (base weights, as
            R ``calibrate``; R ``rake`` centres on unweighted means and differs by up to 1e-3).

        Raises
        ------
        InputError
            Contradictory margins, absent levels, missing answers.
        CalibrationError
            With ``strict``, when it does not converge.
        """
        cells = calibration.make_margins(self.frame, margins)
        variables = np.hstack([calibration.indicator_matrix(cell) for cell in cells])

        def fit(weights: Floats) -> Fit:
            return calibration.rake(weights, cells, trim=trim, tolerance=tolerance, sweeps=sweeps)

        return self._calibrated("rake", fit, variables, strict=strict)

    def poststratify(self, cells: Targets) -> Self:
        """Fit the weights to the population of the cells of one (crossed) variable; as ``rake`` with one margin.

        Examples
        --------
        >>> import pandas as pd
        >>> design = Sample(pd.DataFrame({"sex": ["w", "w", "m"], "yes": [1, 0, 0]}))
        >>> design.poststratify({"sex": {"w": 50, "m": 50}}).weights.tolist()
        [25.0, 25.0, 50.0]
        """
        margins = calibration.make_margins(self.frame, cells)
        if len(margins) != 1:
            raise InputError(
                Fault("une seule marge croisée attendue", found=f"{len(margins)} marges", remedy="rake")
            )

        def fit(weights: Floats) -> Fit:
            return calibration.rake(weights, margins, trim=None, tolerance=1e-10, sweeps=1)

        return self._calibrated("poststratify", fit, calibration.indicator_matrix(margins[0]), strict=True)

    def calibrate(
        self,
        totals: Mapping[Any, Any],
        *,
        bounds: tuple[float, float] | None = None,
        method: Method = "linear",
        tolerance: float = 1e-9,
        strict: bool = False,
    ) -> Self:
        """Fit the weights to totals of levels and of numeric columns (Deville and Särndal 1992).

        Parameters
        ----------
        totals
            As ``rake``, and ``{column: total}`` for numeric columns.
        bounds
            Smallest and largest ratio of the new weight to the old.
        method
            ``linear``, ``raking`` (positive weights) or ``logit`` (needs bounds).
        tolerance, strict
            As ``rake``.

        Raises
        ------
        InputError
            Contradictory totals, absent levels, missing answers, ``logit`` without bounds.
        CalibrationError
            When weights become negative, or with ``strict`` when it does not converge.
        """
        _check_choice("method", method, ("linear", "raking", "logit"))
        if (bounds is None and method == "logit") or (bounds is not None and not 0 <= bounds[0] < 1 < bounds[1]):
            raise InputError(Fault("bornes impossibles", expected="un couple autour de 1, par exemple (0.3, 3)"))
        variables, wanted = calibration.design_matrix(self.frame, totals)

        def fit(weights: Floats) -> Fit:
            return calibration.calibrate(
                weights, variables, wanted, bounds=bounds, method=method, tolerance=tolerance
            )

        return self._calibrated("calibrate", fit, variables, strict=strict)

    def trim(self, *, low: float = 0.0, high: float = np.inf) -> Self:
        """Cut extreme weights and share the excess equally among the others, as R ``trimWeights(strict=TRUE)``."""
        return self._calibrated("trim", lambda weights: calibration.trim(weights, low, high), None, strict=True)

    def _calibrated(
        self, method: str, fit: Callable[[Floats], Fit], variables: Floats | None, *, strict: bool
    ) -> Self:
        found = calibration.check(fit(self.weights), method, strict=strict)
        sampling = self.sampling
        if isinstance(sampling, Replicates):
            adjusted = np.column_stack([_refit(fit, column) for column in sampling.weights.T])
            sampling = Replicates(adjusted, sampling.factors)
        elif variables is not None and self.basis == "random":
            step = Projection(variables, self.weights, found.weights)
            sampling = Taylor(sampling.stages, (*sampling.projections, step))
        report = found.report(method, self.weights)
        return self._with(weights=found.weights, sampling=sampling, adjustments=(*self.adjustments, report))


def _replicate_factors(method: str, factors: ArrayLike | None, count: int) -> Floats:
    usual = {"JK1": (count - 1) / count, "bootstrap": 1 / max(count - 1, 1)}
    if factors is None and method not in usual:
        raise InputError(Fault("JKn demande les facteurs de chaque réplication", remedy="donnez factors=…"))
    scale = np.full(count, usual[method]) if factors is None else np.asarray(factors, dtype=np.float64)
    if scale.shape != (count,):
        raise InputError(Fault("un facteur par réplication", expected=str(count), found=str(scale.size)))
    return scale


def _refit(fit: Callable[[Floats], Fit], weights: Floats) -> Floats:
    """Calibrate replicate weights; those that are zero stay zero."""
    return np.where(weights > 0, fit(np.maximum(weights, 1e-12 * weights.max())).weights, 0.0)


def _check_choice(name: str, value: Any, choices: Sequence[str]) -> Any:  # noqa: ANN401 - a literal, given back
    if value not in choices:
        raise DiagnosticError(Fault(f"valeur inconnue pour {name}", expected=", ".join(choices), found=str(value)))
    return value


def _not_empty(frame: pd.DataFrame) -> pd.DataFrame:
    if frame.empty:
        raise InputError(Fault("l’enquête ne contient aucune réponse", remedy="vérifiez le fichier"))
    return frame
