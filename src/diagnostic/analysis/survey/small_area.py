"""Small areas: the Fay-Herriot model, always beside the direct estimate it borrows strength for.

``y_i = x_i' beta + v_i + e_i`` with ``v_i ~ (0, sigma²)`` and ``e_i ~ (0, psi_i)`` known (Fay and Herriot
1979). The mean squared errors are those of Prasad and Rao (1990) for REML, with Datta and Lahiri's (2000)
correction for ML, as R ``sae::mseFH``.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from scipy.special import expit, logit, ndtri

from diagnostic.analysis.refusals import about_origin
from diagnostic.analysis.survey.grouping import need_columns
from diagnostic.errors import Fault, InputError, RefusedError

if TYPE_CHECKING:
    from diagnostic.analysis.survey.grouping import Floats

SMALLEST = 15
AREAS_PER_COVARIATE = 10
# Published columns write in short what ``about_origin`` knows in full.
_ORIGIN_COLUMNS = re.compile(r"migrat|french|francais|(^|_)(et|etr|imm|fr|fra|natio?)(_|\d|$)")
Likelihood = Literal["REML", "ML"]
Transform = Literal["arcsin", "logit"]


@dataclass(frozen=True, slots=True, eq=False)
class FayHerriot:
    """A fitted area-level model.

    Parameters
    ----------
    variance
        ``sigma²`` between areas; 0 means that the model explains all that sampling does not.
    beta, beta_se
        Shape ``(covariates,)``.
    eblup, mse, shrinkage
        Shape ``(areas,)``: predictions, mean squared errors, weight of the direct estimate.
    converged, iterations
        How the fit ended.
    """

    variance: float
    beta: Floats
    beta_se: Floats
    eblup: Floats
    mse: Floats
    shrinkage: Floats
    converged: bool
    iterations: int


def fay_herriot(y: Floats, psi: Floats, x: Floats, *, method: Likelihood = "REML") -> FayHerriot:
    """Fit the model by Fisher scoring and predict the areas.

    Parameters
    ----------
    y, psi
        Shape ``(areas,)``: direct estimates and their sampling variances.
    x
        Shape ``(areas, covariates)``, intercept included.
    method
        ``REML`` or ``ML``.

    Returns
    -------
    FayHerriot
        The fit.

    Raises
    ------
    InputError
        When a variance is not positive or the covariates are collinear.
    """
    if not (psi > 0).all() or not np.isfinite(np.column_stack([y, psi, x])).all():
        raise InputError(Fault("estimation directe, variance ou covariable manquante, ou variance nulle"))
    if np.linalg.matrix_rank(x) < x.shape[1]:
        raise InputError(Fault("les covariables se déduisent les unes des autres", remedy="retirez-en une"))
    variance, converged, step = float(np.median(psi)), False, 0
    while not converged and step < 200:  # noqa: PLR2004 - ten are usual
        score, information = _score(y, psi, x, variance, method)
        # The step is cut at zero: a negative score there is the boundary solution.
        following = max(variance + score / information, 0.0)
        converged = abs(following - variance) <= 1e-12 * max(following, float(np.median(psi)))
        variance, step = following, step + 1
    return _predict(y, psi, x, variance, method, converged=converged, iterations=step)


def _score(y: Floats, psi: Floats, x: Floats, variance: float, method: Likelihood) -> tuple[float, float]:
    """Give the derivative of the (restricted) log-likelihood in ``sigma²`` and its expected information."""
    inverse = np.diag(1 / (variance + psi))
    projector = inverse - inverse @ x @ np.linalg.solve(x.T @ inverse @ x, x.T @ inverse)
    weighted = projector @ y
    curvature = projector if method == "REML" else inverse
    score = 0.5 * float(weighted @ weighted) - 0.5 * float(np.trace(curvature))
    return score, 0.5 * float((curvature**2).sum())


def _predict(
    y: Floats, psi: Floats, x: Floats, variance: float, method: Likelihood, *, converged: bool, iterations: int
) -> FayHerriot:
    inverse = 1 / (variance + psi)
    covariance = np.linalg.inv(x.T @ (x * inverse[:, None]))
    beta = covariance @ (x.T @ (inverse * y))
    shrinkage = variance * inverse
    model = psi * inverse
    g1 = psi * shrinkage
    g2 = model**2 * np.einsum("ij,jk,ik->i", x, covariance, x)
    g3 = model**2 * inverse * 2 / (inverse**2).sum()
    mse = g1 + g2 + 2 * g3
    if method == "ML":
        bias = -np.trace(covariance @ (x.T @ (x * (inverse**2)[:, None]))) / (inverse**2).sum()
        mse = mse - bias * model**2
    eblup = x @ beta + shrinkage * (y - x @ beta)
    return FayHerriot(variance, beta, np.sqrt(np.diag(covariance)), eblup, mse, shrinkage, converged, iterations)


@dataclass(frozen=True, slots=True, eq=False)
class SmallAreas:
    """Shares by area, direct and modelled side by side.

    Parameters
    ----------
    areas
        One row an area: the direct table's label columns, ``n``, ``direct, direct_low, direct_high`` then ``model,
        model_se, model_low, model_high`` and ``direct_weight``, the part of the direct estimate in the model's.
    fit
        The model on the transformed scale.
    coefficients
        ``term, estimate, se`` on the transformed scale.
    notice
        French sentence the report prints when the fit says something unusual, else empty.
    """

    areas: pd.DataFrame
    fit: FayHerriot
    coefficients: pd.DataFrame
    notice: str


def small_areas(
    direct: pd.DataFrame,
    covariates: pd.DataFrame,
    *,
    transform: Transform = "arcsin",
    method: Likelihood = "REML",
    confidence: float = 0.95,
) -> SmallAreas:
    """Model shares by area with public statistics, on a transformed scale.

    Sampling variances are smoothed: each area's is that of its ``n`` under the average design effect.

    Parameters
    ----------
    direct
        ``SurveyDesign.proportion`` of one item by area.
    covariates
        One row an area in the same order, one numeric column a covariate; the intercept is added.
    transform
        ``arcsin``: ``arcsin(sqrt(p))``, defined at 0 and 1; or ``logit``.
    method, confidence
        Fit, and coverage of the intervals.

    Returns
    -------
    SmallAreas
        Direct and model estimates.

    Raises
    ------
    RefusedError
        Under 15 areas, with more than one covariate per 10 areas, or with nationality or immigration as covariate.
    InputError
        When rows differ, an area has no respondent, or a covariate is missing.
    """
    _refuse(direct, covariates)
    _check_rows(direct, covariates)
    share, n = (direct[name].to_numpy(dtype=np.float64) for name in ("estimate", "n"))
    effect = max(float(np.average(direct["deff"].to_numpy(dtype=np.float64), weights=n)), 1.0)
    y, psi = _transformed(share, n / effect, transform)
    x = np.column_stack([np.ones(len(n)), covariates.to_numpy(dtype=np.float64)])
    fit = fay_herriot(y, psi, x, method=method)
    half = ndtri((1 + confidence) / 2) * np.sqrt(fit.mse)
    model, low, high = (_back(fit.eblup + shift, transform) for shift in (0, -half, half))
    labels = direct[direct.columns[: direct.columns.get_loc("estimate")]]
    areas = labels.assign(
        n=direct["n"], direct=share, direct_low=direct["ci_low"], direct_high=direct["ci_high"], model=model,
        model_se=np.sqrt(fit.mse) * _slope(model, transform), model_low=low, model_high=high,
        direct_weight=fit.shrinkage,
    )  # fmt: skip
    terms = pd.DataFrame({"term": ["intercept", *covariates.columns], "estimate": fit.beta, "se": fit.beta_se})
    return SmallAreas(areas, fit, terms, _notice(fit))


def _notice(fit: FayHerriot) -> str:
    if not fit.converged:
        return "Le modèle n’a pas convergé : ne publiez que les estimations directes."
    if fit.variance == 0:
        return (
            "Variance entre quartiers estimée nulle : le modèle ne retient que les covariables, sans écart local."
        )
    return ""


def _plain(name: str) -> str:
    """Lower the case and drop the accents."""
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()


def _of_origin(name: str) -> bool:
    return about_origin(name) or _ORIGIN_COLUMNS.search(name) is not None


def _refuse(direct: pd.DataFrame, covariates: pd.DataFrame) -> None:
    areas, count = len(direct), covariates.shape[1]
    origin = [name for name in map(str, covariates.columns) if _of_origin(_plain(name))]
    faults = []
    if areas < SMALLEST:
        faults.append(
            Fault("trop peu de quartiers pour un modèle", expected=f"au moins {SMALLEST}", found=str(areas),
                  remedy="regroupez des vagues ou des quartiers")
        )  # fmt: skip
    if count * AREAS_PER_COVARIATE > areas:
        faults.append(
            Fault("trop de covariables", expected=f"au plus une pour {AREAS_PER_COVARIATE} quartiers",
                  found=f"{count} pour {areas}")
        )  # fmt: skip
    if origin:
        faults.append(
            Fault("nationalité et immigration ne prédisent pas un ressenti (refusé par choix de l’outil)",
                  found=", ".join(origin), remedy="retirez ces covariables")
        )  # fmt: skip
    if faults:
        raise RefusedError(faults)


def _check_rows(direct: pd.DataFrame, covariates: pd.DataFrame) -> None:
    need_columns(direct, ["estimate", "ci_low", "ci_high", "n", "deff"])
    if len(direct) != len(covariates):
        raise InputError(
            Fault("une ligne de covariables par quartier", expected=str(len(direct)), found=str(len(covariates)))
        )
    if (direct["n"] == 0).any():
        raise InputError(Fault("un quartier n’a aucun répondant", remedy="retirez-le du modèle et dites-le"))


def _transformed(share: Floats, size: Floats, transform: Transform) -> tuple[Floats, Floats]:
    """Give the transformed shares and their smoothed sampling variances, by the delta method."""
    if transform == "arcsin":
        return np.arcsin(np.sqrt(share)), 1 / (4 * size)
    pooled = float(np.average(share, weights=size))
    if not 0 < pooled < 1:
        raise InputError(Fault("la part est la même partout (0 ou 100 %)", remedy="il n’y a rien à modéliser"))
    # Half a person keeps the logit finite where nobody, or everybody, says yes.
    inside = np.clip(share, 0.5 / (size + 1), 1 - 0.5 / (size + 1))
    return logit(inside), 1 / (size * pooled * (1 - pooled))


def _back(value: Floats, transform: Transform) -> Floats:
    if transform == "logit":
        share: Floats = expit(value)
        return share
    return np.sin(np.clip(value, 0, np.pi / 2)) ** 2


def _slope(share: Floats, transform: Transform) -> Floats:
    """Give the derivative of the way back, at the share."""
    slope: Floats = share * (1 - share)
    return slope if transform == "logit" else 2 * np.sqrt(slope)
