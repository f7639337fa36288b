"""Gaps between two groups at equal composition, with the errors of the design that drew the persons.

Three readings of one question: how much of a gap stays between persons alike? Each is a smooth function of
weighted sums over the *profiles*, persons alike in group and covariates; its error is that of its linearised
variable, so that persons of one household count together. Derivatives are taken by the complex step, exact to
rounding. None measures discrimination: what is left may come from what the file does not hold, and what
composition accounts for may come from unequal treatment (access to diplomas).

References
----------
Deville, J.-C. (1999), Survey Methodology 25, 193-203 (linearisation). Squire, W. and Trapp, G. (1998), SIAM Review
40, 110-112 (complex step). Binder, D. (1983), International Statistical Review 51, 279-292, and Lumley, T. (2010),
*Complex Surveys*, chapter 6: R ``svyglm``. Jann, B. (2008), Stata Journal 8, 453-479 (decomposition). Fleiss, J.
(1981), *Statistical Methods for Rates and Proportions*, chapter 14 (direct standardisation).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from diagnostic.analysis.census.profiles import Linearised, collinear, find_profiles, slopes
from diagnostic.analysis.composition import REFERENCES, Oaxaca, Part
from diagnostic.analysis.survey.grouping import OUTSIDE
from diagnostic.analysis.survey.intervals import student
from diagnostic.analysis.survey.reliability import PUBLICATION
from diagnostic.errors import Fault, InputError, ToolError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from diagnostic.analysis.census.profiles import Numbers, Profiles
    from diagnostic.analysis.survey import SurveyDesign
    from diagnostic.analysis.survey.grouping import Floats

ITERATIONS: Final = 50
TOLERANCE: Final = 1e-12
LARGEST: Final = 20.0  # a coefficient beyond: a group never, or always, has the outcome


@dataclass(frozen=True, slots=True)
class Standardised:
    """A gap as it is and at equal composition, in the unit of the outcome.

    Parameters
    ----------
    gap, adjusted
        First group minus second: as they are, and both with the composition of the two together.
    rates
        One row a group: ``rate`` as it is, ``adjusted``, ``n`` persons.
    compared
        Share of the weight that lives in situations where both groups are; ``adjusted`` leaves the others out.
    """

    gap: Part
    adjusted: Part
    rates: pd.DataFrame
    compared: float


@dataclass(frozen=True, slots=True)
class Logistic:
    """A weighted logistic regression.

    Parameters
    ----------
    terms
        One row a coefficient: ``variable, level, coefficient, se, ci_low, ci_high`` (95 %), and the odds ratio
        with its interval, ``odds, odds_low, odds_high``.
    covariance
        Shape ``(terms, terms)``.
    df
        Primary units minus strata, minus coefficients beside the constant.
    n
        Persons.
    """

    terms: pd.DataFrame
    covariance: Floats
    df: int
    n: int


def standardise(
    design: SurveyDesign, outcome: str, *, groups: tuple[str, str], between: str, by: Sequence[str],
    least: int = PUBLICATION.percentage_n,
) -> Standardised:  # fmt: skip
    """Compare two groups' means of an outcome as if both had the same composition.

    Parameters
    ----------
    design
        Persons (``sample``), or any survey drawn at random.
    outcome
        Numeric column: 0 and 1 for shares, 0 and 100 for points.
    groups
        Two levels of ``between``.
    between
        Column of the groups.
    by
        Columns whose crossing makes like persons.
    least
        Persons that each group must hold, for its gap to be told; with a yes or no, five of each besides.

    Returns
    -------
    Standardised
        The standard is the two groups together, over the situations where both are.

    Raises
    ------
    InputError
        When a column is absent, an answer is missing, a group is unknown, or no situation is common.
    RefusedError
        When the sample is not random, or a group is too small.

    Examples
    --------
    >>> from diagnostic.analysis.survey import SurveyDesign
    >>> design = SurveyDesign(pd.DataFrame({
    ...     "origin": ["here"] * 5 + ["there"] * 4,
    ...     "diploma": ["no", "no", "yes", "yes", "yes", "no", "no", "no", "yes"],
    ...     "unemployed": [100, 0, 0, 0, 100, 100, 0, 100, 100],
    ... }))
    >>> found = standardise(
    ...     design, "unemployed", groups=("there", "here"), between="origin", by=["diploma"], least=1
    ... )
    >>> round(found.gap.value, 1), round(found.adjusted.value, 1), found.compared
    (35.0, 38.9, 1.0)
    """
    profiles = find_profiles(design, outcome, by, between=(between, groups), least=least)
    one, two = (_adder(profiles, side) for side in (profiles.first, ~profiles.first))
    weight, _ = totals = profiles.totals(design.weights)
    common = (one @ weight > 0) & (two @ weight > 0)
    if not common.any():
        raise InputError(Fault("aucune situation commune aux deux groupes", remedy="croisez moins de variables"))

    def function(weight: Numbers, total: Numbers) -> Numbers:
        sizes, sums = [one @ weight, two @ weight], [one @ total, two @ total]
        plain = [side.sum() / size.sum() for size, side in zip(sizes, sums, strict=True)]
        standard = (sizes[0] + sizes[1])[common]
        alike = [
            (standard * side[common] / size[common]).sum() / standard.sum()
            for size, side in zip(sizes, sums, strict=True)
        ]
        return np.array([plain[0] - plain[1], alike[0] - alike[1], *plain, *alike])

    value = function(*totals)
    covariance = Linearised(profiles, function).covariance(design, slopes(function, totals))
    errors = np.sqrt(np.diag(covariance))
    counts = np.bincount(profiles.first[profiles.codes[profiles.codes != OUTSIDE]], minlength=2)[::-1]
    rates = pd.DataFrame({"rate": value[2:4], "adjusted": value[4:6], "n": counts}, index=list(groups))
    compared = (one + two)[common] @ weight
    return Standardised(
        _part(value[0], errors[0]), _part(value[1], errors[1]), rates, float(compared.sum() / weight.sum())
    )


def decompose(
    design: SurveyDesign, outcome: str, *, groups: tuple[str, str], between: str, by: Sequence[str],
    reference: float | str = "pooled", least: int = PUBLICATION.percentage_n,
) -> Oaxaca:  # fmt: skip
    """Decompose the gap between two groups' means by linear regressions (Oaxaca-Blinder), with weights.

    Parameters
    ----------
    design, outcome, groups, between, least
        As ``standardise``.
    by
        Covariates: numeric columns, and levels of the others beside their first.
    reference
        As ``composition.oaxaca``, to which the parts are equal when weights are.

    Returns
    -------
    Oaxaca
        Standard errors of the design instead of the bootstrap's.

    Raises
    ------
    InputError
        As ``standardise``; when covariates are collinear in a group, or the reference is unknown.
    RefusedError
        As ``standardise``.
    """
    profiles = find_profiles(design, outcome, by, between=(between, groups), least=least)
    _check_decomposition(profiles, reference)
    x, ours = profiles.matrix, profiles.first
    marked = np.column_stack([x, ours.astype(float)])

    def pieces(weight: Numbers, total: Numbers) -> tuple[Numbers, list[Numbers]]:
        one, two = (_solve(x, weight * side, total * side) for side in (ours, ~ours))
        here, there = ((weight * side) @ x / (weight * side).sum() for side in (ours, ~ours))
        if reference == "pooled":
            beta = _solve(x, weight, total)
        elif reference == "jann":
            beta = _solve(marked, weight, total)[:-1]
        else:
            beta = two + (one - two) * float(reference)
        means, apart = here - there, one - two
        detail = np.stack([means * two, there * apart, means * apart])
        return detail, [means @ beta, here @ (one - beta) + there @ (beta - two)]

    def function(weight: Numbers, total: Numbers) -> Numbers:
        detail, twofold = pieces(weight, total)
        return np.array([*detail.sum(axis=1), *twofold])

    totals = profiles.totals(design.weights)
    value = function(*totals)
    covariance = Linearised(profiles, function).covariance(design, slopes(function, totals))
    parts = [_part(*pair) for pair in zip(value, np.sqrt(np.diag(covariance)), strict=True)]
    named = dict(
        zip(("endowments", "coefficients", "interaction", "explained", "unexplained"), parts, strict=True)
    )
    names = [f"{variable}={level}" if level else variable for variable, level in profiles.names]
    detail = pd.DataFrame(pieces(*totals)[0].T, index=names, columns=["endowments", "coefficients", "interaction"])
    return Oaxaca(gap=float(value[:3].sum()), **named, detail=detail)


def logistic(
    design: SurveyDesign, outcome: str, by: Sequence[str], *, confidence: float = 0.95,
    least: int = PUBLICATION.percentage_n,
) -> Logistic:  # fmt: skip
    """Regress a yes or no on covariates, weighted, with the errors of the design.

    Parameters
    ----------
    design
        Persons (``sample``), or any survey drawn at random.
    outcome
        Column of 0 and 1.
    by
        Covariates: numeric columns, and levels of the others beside their first.
    confidence
        Coverage of the intervals.
    least
        As ``standardise``, for each level of each covariate.

    Returns
    -------
    Logistic
        Coefficients and errors equal to those of R ``svyglm(family = quasibinomial)``.

    Raises
    ------
    InputError
        When a column is absent, an answer is missing or is neither 0 nor 1, covariates are collinear, or a level
        never or always has the outcome.
    RefusedError
        When the sample is not random, or a level too small.
    """
    profiles = find_profiles(design, outcome, by, least=least)
    _check_regression(profiles)
    x, totals = profiles.matrix, profiles.totals(design.weights)

    def function(weight: Numbers, total: Numbers) -> Numbers:
        return _maximise(x, weight, total)[0]

    beta, information = _maximise(x, *totals)
    _check_finite(profiles, beta)
    inverse = np.linalg.inv(information)
    derivatives = -_probability(x, beta)[:, None] * x @ inverse, x @ inverse
    covariance = Linearised(profiles, function).covariance(design, derivatives)
    df = design.df + 1 - len(beta)
    terms = pd.DataFrame(profiles.names, columns=["variable", "level"])
    terms["coefficient"], terms["se"] = beta, np.sqrt(np.diag(covariance))
    half = student(np.full(len(beta), float(df)), confidence) * terms["se"]
    terms["ci_low"], terms["ci_high"] = beta - half, beta + half
    for name, column in (("odds", "coefficient"), ("odds_low", "ci_low"), ("odds_high", "ci_high")):
        terms[name] = np.exp(terms[column])
    return Logistic(terms, covariance, df, len(design))


def _maximise(x: Floats, weight: Numbers, total: Numbers) -> tuple[Floats, Floats]:
    """Solve the weighted score by Newton's steps; give the coefficients and the information."""
    beta = np.zeros(x.shape[1])
    for _ in range(ITERATIONS):
        chance = _probability(x, beta)
        information = (x * (weight * chance * (1 - chance))[:, None]).T @ x
        step = np.linalg.lstsq(information, x.T @ (total - weight * chance), rcond=None)[0]
        beta += step
        if np.abs(step).max() < TOLERANCE or np.abs(x @ beta).max() > 2 * LARGEST:
            break
    else:
        raise ToolError(Fault("la régression ne converge pas", remedy="retirez des covariables rares"))
    return beta, information


def _probability(x: Floats, beta: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(x @ beta, -500, 500))))


def _solve(x: Floats, weight: Numbers, total: Numbers) -> Numbers:
    return np.linalg.solve((x * weight[:, None]).T @ x, x.T @ total)


def _adder(profiles: Profiles, side: NDArray[np.bool_]) -> Floats:
    """Give the matrix that sums the profiles of a group by situation."""
    found = np.zeros((int(profiles.situations.max()) + 1, len(profiles.situations)))
    found[profiles.situations, np.arange(len(profiles.situations))] = side
    return found


def _part(value: float, error: float) -> Part:
    return Part(float(value), float(error))


def _check_decomposition(profiles: Profiles, reference: float | str) -> None:
    faults = []
    if any(collinear(profiles.matrix[side]) for side in (profiles.first, ~profiles.first)):
        faults.append(Fault("covariables qui se déduisent les unes des autres dans un groupe",
                            remedy="ôtez-en une, ou regroupez les modalités absentes d’un groupe"))  # fmt: skip
    if reference not in REFERENCES and (isinstance(reference, str) or not 0 <= reference <= 1):
        faults.append(Fault("coefficients de référence inconnus", found=str(reference),
                            expected="un poids de 0 à 1, « pooled » ou « jann »"))  # fmt: skip
    if faults:
        raise InputError(faults)


def _check_regression(profiles: Profiles) -> None:
    faults = []
    if not np.isin(profiles.outcome, (0.0, 1.0)).all():
        faults.append(Fault("la régression logistique attend 0 ou 1", remedy="codez la réponse en 0 et 1"))
    if collinear(profiles.matrix):
        faults.append(Fault("covariables qui se déduisent les unes des autres", remedy="ôtez-en une"))
    if faults:
        raise InputError(faults)


def _check_finite(profiles: Profiles, beta: Floats) -> None:
    """Refuse coefficients without end: some level never, or always, has the outcome."""
    reach = np.abs(beta) * np.abs(profiles.matrix).max(axis=0)
    endless = [
        " = ".join(filter(None, name)) for name, size in zip(profiles.names, reach, strict=True) if size > LARGEST
    ]
    if endless:
        what = "coefficient sans limite\u00a0: tous ou aucun, dans une modalité, ont la réponse"
        raise InputError(Fault(what, found=", ".join(endless), remedy="regroupez cette modalité avec une autre"))
