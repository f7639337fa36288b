"""What part of a gap the composition of two groups accounts for: Kitagawa on tables, Oaxaca-Blinder on records.

A decomposition describes: the part that composition does not account for is not a measure of discrimination, and
the part that it accounts for may itself come from unequal treatment (access to diplomas). It never raises the
convergence of sources.

References
----------
Kitagawa, E. (1955), Journal of the American Statistical Association 50, 1168-1194. Blinder, A. (1973), Journal of
Human Resources 8, 436-455. Oaxaca, R. (1973), International Economic Review 14, 693-709. Jann, B. (2008), Stata
Journal 8, 453-479. Standard errors by the bootstrap, so that the reference coefficients vary too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from diagnostic.errors import Fault, InputError
from diagnostic.formatting import number, quantity, typographic

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

REPLICATES: Final = 500
REFERENCES: Final = ("pooled", "jann")
KITAGAWA_COLUMNS: Final = ["category", "composition", "rates"]
CAVEAT: Final = typographic(
    "Ce que la composition explique peut venir lui-même d’inégalités (accès au diplôme) ; ce qu’elle n’explique "
    "pas n’est pas une mesure de la discrimination."
)


@dataclass(frozen=True, slots=True)
class Kitagawa:
    """A gap between two rates, cut in two.

    Parameters
    ----------
    gap
        Rate of the first group minus that of the second, in the unit of the rates.
    composition, rates
        Parts that differences of composition, and of rates at equal composition, account for; they add up to
        ``gap``.
    composition_se, rates_se
        Standard errors, missing without sample sizes.
    detail
        Columns ``KITAGAWA_COLUMNS``, one row a category, adding up to the two parts.
    """

    gap: float
    composition: float
    rates: float
    composition_se: float
    rates_se: float
    detail: pd.DataFrame


def kitagawa(first: pd.DataFrame, second: pd.DataFrame, *, sizes: tuple[float, float] | None = None) -> Kitagawa:
    """Decompose the gap between two rates by the composition of the two groups.

    Parameters
    ----------
    first, second
        Index: the same categories (age, diploma). Columns ``share`` (of the group, adding up to 1) and ``rate``
        (percent, or any unit).
    sizes
        Persons drawn at random in each group, for the standard errors of percentages by the delta method.

    Returns
    -------
    Kitagawa
        With the average of the two groups as the standard, so that the order does not count.

    Raises
    ------
    InputError
        When categories differ, a value is absent or shares do not add up to 1.

    Examples
    --------
    >>> index = pd.Index(["sans diplôme", "diplômés"])
    >>> here = pd.DataFrame({"share": [0.6, 0.4], "rate": [30.0, 60.0]}, index=index)
    >>> there = pd.DataFrame({"share": [0.2, 0.8], "rate": [40.0, 70.0]}, index=index)
    >>> found = kitagawa(here, there)
    >>> round(found.gap, 1), round(found.composition, 1), round(found.rates, 1)
    (-22.0, -12.0, -10.0)
    """
    _check_tables(first, second)
    one, two = first.loc[second.index], second
    composition = (one["share"] - two["share"]) * (one["rate"] + two["rate"]) / 2
    rates = (one["rate"] - two["rate"]) * (one["share"] + two["share"]) / 2
    detail = pd.DataFrame(
        {"category": second.index, "composition": composition.to_numpy(), "rates": rates.to_numpy()}
    )
    errors = (np.nan, np.nan) if sizes is None else _kitagawa_errors(one, two, sizes)
    return Kitagawa(
        float(composition.sum() + rates.sum()), float(composition.sum()), float(rates.sum()), *errors, detail
    )


def _kitagawa_errors(one: pd.DataFrame, two: pd.DataFrame, sizes: tuple[float, float]) -> tuple[float, float]:
    """Join multinomial shares and binomial percentages, independent within a group given its sizes."""
    parts = np.zeros(2)
    mean_rate = ((one["rate"] + two["rate"]) / 2).to_numpy(dtype=float)
    mean_share = ((one["share"] + two["share"]) / 2).to_numpy(dtype=float)
    difference = (one["share"] - two["share"]).to_numpy(dtype=float)
    gap = (one["rate"] - two["rate"]).to_numpy(dtype=float)
    for table, size in zip((one, two), sizes, strict=True):
        share, rate = table["share"].to_numpy(dtype=float), table["rate"].to_numpy(dtype=float)
        shares = (np.diag(share) - np.outer(share, share)) / size
        rates = np.where(share > 0, rate * (100 - rate) / np.maximum(size * share, 1.0), 0.0)
        parts[0] += mean_rate @ shares @ mean_rate + (difference**2 / 4 * rates).sum()
        parts[1] += (mean_share**2 * rates).sum() + gap @ shares @ gap / 4
    return float(parts[0] ** 0.5), float(parts[1] ** 0.5)


def _check_tables(first: pd.DataFrame, second: pd.DataFrame) -> None:
    faults = []
    if set(first.index) != set(second.index) or first.index.has_duplicates:
        faults.append(Fault("catégories différentes dans les deux tableaux", remedy="regroupez-les de même"))
    for table in (first, second):
        values = table[["share", "rate"]]
        if not np.isfinite(values.to_numpy(dtype=float)).all():
            faults.append(Fault("part ou taux absent", remedy="regroupez les catégories au chiffre secret"))
        elif abs(float(table["share"].sum()) - 1) > 1e-6:  # noqa: PLR2004 - rounding of shares
            faults.append(Fault("parts dont la somme n’est pas 1", found=number(float(table["share"].sum()), 3)))
    if faults:
        raise InputError(faults)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a decomposition: its value and its standard error."""

    value: float
    se: float


@dataclass(frozen=True, slots=True)
class Oaxaca:
    """A gap between two means, decomposed by linear regressions.

    Parameters
    ----------
    gap
        Mean of the first group minus that of the second.
    endowments, coefficients, interaction
        Threefold parts, from the viewpoint of the second group.
    explained, unexplained
        Twofold parts, at the reference coefficients.
    detail
        One row a covariate: ``endowments, coefficients, interaction``.
    """

    gap: float
    endowments: Part
    coefficients: Part
    interaction: Part
    explained: Part
    unexplained: Part
    detail: pd.DataFrame


def oaxaca(
    outcome: Sequence[float] | Floats, covariates: pd.DataFrame, *, first: Sequence[bool] | npt.NDArray[np.bool_],
    reference: float | str = "pooled", replicates: int = REPLICATES, seed: int = 0,
) -> Oaxaca:  # fmt: skip
    """Decompose the gap between two groups' means.

    Parameters
    ----------
    outcome
        Shape ``(persons,)``.
    covariates
        Shape ``(persons, covariates)``, without an intercept.
    first
        Whether each person is of the first group.
    reference
        Coefficients of the twofold part: the weight of the first group's (0 to 1), ``"pooled"`` for a regression
        of everybody without the group (Neumark), ``"jann"`` with the group as a covariate, which keeps the group
        difference out of the covariates.
    replicates, seed
        Bootstrap samples of persons, drawn within each group, and where they start.

    Returns
    -------
    Oaxaca
        The same seed gives the same standard errors.

    Raises
    ------
    InputError
        When a value is missing, covariates are collinear in a group, or the reference is unknown.
    """
    y = np.asarray(outcome, dtype=float)
    x = np.column_stack([np.ones(len(covariates)), covariates.to_numpy(dtype=float)])
    ours = np.asarray(first, dtype=bool)
    _check_records(y, x, ours, reference)
    parts, detail = _parts(y, x, ours, reference)
    errors = _bootstrap(y, x, ours, reference, generator=np.random.default_rng(seed), replicates=replicates)
    pieces = [Part(float(value), float(se)) for value, se in zip(parts, errors, strict=True)]
    names = ["(constante)", *covariates.columns]
    columns = ["endowments", "coefficients", "interaction"]
    gap = float(y[ours].mean() - y[~ours].mean())
    table = pd.DataFrame(detail.T, index=names, columns=columns)
    return Oaxaca(gap, pieces[0], pieces[1], pieces[2], pieces[3], pieces[4], table)


def _check_records(y: Floats, x: Floats, ours: npt.NDArray[np.bool_], reference: float | str) -> None:
    faults = []
    if not (np.isfinite(y).all() and np.isfinite(x).all()):
        faults.append(Fault("valeur absente dans la décomposition", remedy="ôtez les lignes incomplètes"))
    elif any(np.linalg.matrix_rank(x[group]) < x.shape[1] for group in (ours, ~ours)):
        faults.append(
            Fault("covariables qui se déduisent les unes des autres dans un groupe", remedy="ôtez-en une")
        )
    if reference not in REFERENCES and (isinstance(reference, str) or not 0 <= reference <= 1):
        faults.append(Fault("coefficients de référence inconnus", found=str(reference),
                            expected="un poids de 0 à 1, « pooled » ou « jann »"))  # fmt: skip
    if faults:
        raise InputError(faults)


def _fit(y: Floats, x: Floats) -> Floats:
    return np.asarray(np.linalg.lstsq(x, y, rcond=None)[0], dtype=np.float64)


def _parts(y: Floats, x: Floats, ours: npt.NDArray[np.bool_], reference: float | str) -> tuple[Floats, Floats]:
    """Give the five parts, and the threefold ones by covariate: shapes ``(5,)`` and ``(3, covariates)``."""
    one, two = _fit(y[ours], x[ours]), _fit(y[~ours], x[~ours])
    here, there = x[ours].mean(axis=0), x[~ours].mean(axis=0)
    if reference == "pooled":
        beta = _fit(y, x)
    elif reference == "jann":
        beta = _fit(y, np.column_stack([x, ours.astype(float)]))[:-1]
    else:
        beta = two + np.multiply(one - two, float(reference))
    means, slopes = here - there, one - two
    detail = np.stack([means * two, there * slopes, means * slopes])
    twofold = (means @ beta, here @ (one - beta) + there @ (beta - two))
    return np.array([*detail.sum(axis=1), *twofold]), detail


def _bootstrap(
    y: Floats, x: Floats, ours: npt.NDArray[np.bool_], reference: float | str, *, generator: np.random.Generator,
    replicates: int,
) -> Floats:  # fmt: skip
    groups = (np.flatnonzero(ours), np.flatnonzero(~ours))
    drawn = np.empty((replicates, 5))
    for place in range(replicates):
        rows = np.concatenate([generator.choice(group, len(group)) for group in groups])
        drawn[place] = _parts(y[rows], x[rows], ours[rows], reference)[0]
    spread: Floats = drawn.std(axis=0, ddof=1)
    return spread


def sentence(found: Kitagawa, *, by: str, unit: str = "points") -> str:
    r"""Say what composition accounts for, with care.

    Parameters
    ----------
    found
        The decomposition.
    by
        What the categories are, in French (``"le diplôme"``).
    unit
        Unit of the gap.

    Examples
    --------
    >>> parts = Kitagawa(-22.0, -12.0, -10.0, float("nan"), float("nan"), pd.DataFrame())
    >>> print(sentence(parts, by="le diplôme").replace("\u00a0", " ").replace("\u202f", " "))
    Sur un écart de −22,0 pts, la composition selon le diplôme rend compte d’environ −12,0 pts ; le reste
    (environ −10,0 pts) demeure à composition égale.
    """
    whole, part, rest = (
        quantity(value, unit, signed=True) for value in (found.gap, found.composition, found.rates)
    )
    return typographic(
        f"Sur un écart de {whole}, la composition selon {by} rend compte d’environ {part} ; le reste (environ "
        f"{rest}) demeure à composition égale."
    )
