"""Segregation and inequality of a whole territory: indices on counts by place, with bootstrap intervals.

Counts have shape ``(places, groups)``. Every index says how people are spread, never why, and none ranks places.
The intervals are those of a multinomial draw of the counts, corrected for the upward bias that small places give
(the mean of the draws minus the estimate is taken off); where the counts are a full census, they say how far
chance alone could have moved the index.

References
----------
Massey and Denton (1988), Social Forces 67, 281-315; Reardon and Firebaugh (2002), Sociological Methodology 32,
33-67; Mackenbach and Kunst (1997), Social Science & Medicine 44, 757-771; Kakwani, Wagstaff and van Doorslaer
(1997), Journal of Econometrics 77, 87-103.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.special import entr, stdtrit, xlogy

from diagnostic.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

REPLICATES: Final = 500
CONFIDENCE: Final = 0.95
LEAST_PLACES: Final = 3


@dataclass(frozen=True, slots=True)
class Summary:
    """An index with its uncertainty.

    Parameters
    ----------
    value
        The index on the counts as they are.
    corrected
        The same less its estimated bias.
    se, low, high
        Standard error and interval of ``corrected``.
    """

    value: float
    corrected: float
    se: float
    low: float
    high: float


def _counts(counts: npt.ArrayLike, *, groups: int | None = None) -> Floats:
    table = np.asarray(counts, dtype=float)
    good = table.ndim == 2 and np.isfinite(table).all() and (table >= 0).all() and table.sum() > 0  # noqa: PLR2004
    if not good or (groups is not None and table.shape[1] != groups):
        raise InputError(
            Fault("effectifs par lieu et par groupe attendus", expected=f"des nombres, {groups or 'des'} colonnes",
                  remedy="une ligne un lieu, une colonne un groupe, sans valeur absente ni secrète")
        )  # fmt: skip
    if (table.sum(axis=0) == 0).any():
        raise InputError(Fault("un groupe n’a personne : sa répartition n’existe pas", remedy="ôtez ce groupe"))
    kept: Floats = table[table.sum(axis=1) > 0]
    return kept


def dissimilarity(counts: npt.ArrayLike) -> float:
    """Give the share of either group that would have to move to be spread like the other (Duncan).

    Parameters
    ----------
    counts
        Shape ``(places, 2)``.

    Examples
    --------
    >>> dissimilarity([[10, 0], [0, 10]]), dissimilarity([[5, 10], [5, 10]])
    (1.0, 0.0)
    """
    table = _counts(counts, groups=2)
    shares = table / table.sum(axis=0)
    return float(np.abs(shares[:, 0] - shares[:, 1]).sum() / 2)


def exposure(counts: npt.ArrayLike) -> Floats:
    """Give the mean share of each group met by each group in its own place; the diagonal is isolation.

    Parameters
    ----------
    counts
        Shape ``(places, groups)``.

    Returns
    -------
    numpy.ndarray
        Shape ``(groups, groups)``: row met column; rows add up to 1.

    Examples
    --------
    >>> exposure([[10, 0], [0, 10]]).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    table = _counts(counts)
    met: Floats = (table / table.sum(axis=0)).T @ (table / table.sum(axis=1, keepdims=True))
    return met


def isolation(counts: npt.ArrayLike) -> float:
    """Give the isolation of the first group: the mean share of its own in its places.

    Examples
    --------
    >>> isolation([[10, 10], [10, 10]])
    0.5
    """
    return float(exposure(counts)[0, 0])


def mutual_information(counts: npt.ArrayLike) -> float:
    """Give Theil's M: what knowing the place tells of the group, in nats.

    Parameters
    ----------
    counts
        Shape ``(places, groups)``.
    """
    table = _counts(counts) / np.sum(counts)
    return float(entr(table.sum(axis=0)).sum() + entr(table.sum(axis=1)).sum() - entr(table).sum())


def entropy_index(counts: npt.ArrayLike) -> float:
    """Give Theil's information theory index H: M over the entropy of the groups, 0 to 1.

    Parameters
    ----------
    counts
        Shape ``(places, groups)``.

    Examples
    --------
    >>> round(entropy_index([[10, 0], [0, 10]]), 12)
    1.0
    """
    table = _counts(counts)
    return mutual_information(table) / float(entr(table.sum(axis=0) / table.sum()).sum())


def theil(values: npt.ArrayLike, *, weights: npt.ArrayLike | None = None) -> float:
    """Give Theil's T of a positive quantity: 0 when all have the same.

    Parameters
    ----------
    values
        Shape ``(places,)``, an average a person, positive.
    weights
        Persons of each place.

    Examples
    --------
    >>> theil([1.0, 1.0]), round(theil([1.0, 3.0]), 4)
    (0.0, 0.1308)
    """
    amounts, share = _weighted(values, weights)
    if (amounts < 0).any():
        raise InputError(Fault("montant négatif : l’indice de Theil n’existe pas"))
    relative = amounts / (share @ amounts)
    return float(share @ xlogy(relative, relative))


def theil_parts(
    values: npt.ArrayLike, groups: npt.ArrayLike, *, weights: npt.ArrayLike | None = None
) -> tuple[float, float]:
    """Cut Theil's T in two: between groups of places, and within them.

    Parameters
    ----------
    values, groups
        Shape ``(places,)``.
    weights
        Persons of each place.

    Returns
    -------
    tuple of float
        Between and within; they add up to :func:`theil`.
    """
    amounts, share = _weighted(values, weights)
    names, places = np.unique(np.asarray(groups), return_inverse=True)
    total = np.array([share[places == rank].sum() for rank in range(len(names))])
    means = np.array([share[places == rank] @ amounts[places == rank] for rank in range(len(names))]) / total
    between = theil(means, weights=total)
    return between, theil(amounts, weights=share) - between


def _weighted(values: npt.ArrayLike, weights: npt.ArrayLike | None) -> tuple[Floats, Floats]:
    amounts = np.asarray(values, dtype=float)
    load = np.ones_like(amounts) if weights is None else np.asarray(weights, dtype=float)
    if not (np.isfinite(amounts).all() and np.isfinite(load).all()) or (load < 0).any() or load.sum() <= 0:
        raise InputError(Fault("valeur ou poids absent", remedy="ôtez les lieux au chiffre secret"))
    return amounts, load / load.sum()


def resampled(
    index: Callable[[npt.ArrayLike], float], counts: npt.ArrayLike, *, replicates: int = REPLICATES, seed: int = 0
) -> Summary:
    """Give an index of counts with its interval.

    Parameters
    ----------
    index
        :func:`dissimilarity`, :func:`isolation`, :func:`entropy_index`, :func:`mutual_information`.
    counts
        Shape ``(places, groups)``.
    replicates, seed
        Multinomial draws of the whole table, and where they start: the same seed gives the same interval.

    Returns
    -------
    Summary
        Interval of percentiles, moved by the bias and kept at 0 and over.
    """
    table = _counts(counts)
    value, total = index(table), round(table.sum())
    generator = np.random.default_rng(seed)
    draws = generator.multinomial(total, (table / table.sum()).ravel(), size=replicates)
    tables = draws.reshape(replicates, *table.shape)
    whole = tables[(tables.sum(axis=1) > 0).all(axis=1)]  # a draw may lose a very small group
    found = np.array([index(draw) for draw in whole])
    bias = found.mean() - value
    tail = 50 * (1 - CONFIDENCE)
    low, high = np.percentile(found - 2 * bias, [tail, 100 - tail])
    return Summary(
        value, float(max(value - bias, 0.0)), float(found.std(ddof=1)), float(max(low, 0.0)), float(max(high, 0.0))
    )


def ridits(order: npt.ArrayLike, weights: npt.ArrayLike) -> Floats:
    """Give the relative rank of each place, 0 to 1, middle of its share of the population; ties share a rank.

    Examples
    --------
    >>> ridits([1.0, 2.0], [1.0, 3.0]).tolist()
    [0.125, 0.625]
    """
    keys, share = _weighted(order, weights)
    _, places = np.unique(keys, return_inverse=True)
    mass = np.bincount(places, weights=share)
    middle = np.cumsum(mass) - mass / 2
    found: Floats = middle[places]
    return found


def slope_index(rate: npt.ArrayLike, *, order: npt.ArrayLike, weights: npt.ArrayLike) -> tuple[Summary, Summary]:
    """Give the slope and the relative index of inequality along a ranking of places.

    Parameters
    ----------
    rate
        Shape ``(places,)``: the outcome.
    order
        Shape ``(places,)``: what ranks the places, lowest first (median standard of living); never nationality.
    weights
        Persons of each place.

    Returns
    -------
    tuple of Summary
        Slope: outcome at the top of the ranking minus that at the bottom, from a weighted regression on ridits.
        Relative: the slope over the weighted mean. Student intervals with heteroskedasticity-robust (HC1) errors;
        the mean is taken as fixed.

    Raises
    ------
    InputError
        Under three places, or when the ranking does not vary.
    """
    y, share = _weighted(rate, weights)
    if len(y) < LEAST_PLACES or np.ptp(np.asarray(order, dtype=float)) == 0:
        raise InputError(
            Fault("pente d’inégalité impossible", expected="au moins trois lieux, de rangs différents")
        )
    x = np.column_stack([np.ones_like(y), ridits(order, weights)])
    inverse = np.linalg.inv(x.T @ (x * share[:, None]))
    beta = inverse @ (x.T @ (share * y))
    scores = x * (share * (y - x @ beta))[:, None]
    df = len(y) - 2
    se = float((len(y) / df * (inverse @ scores.T @ scores @ inverse)[1, 1]) ** 0.5)
    slope, mean = float(beta[1]), float(share @ y)
    return _student(slope, se, df), _student(slope / mean, se / abs(mean), df)


def concentration_index(rate: npt.ArrayLike, *, order: npt.ArrayLike, weights: npt.ArrayLike) -> Summary:
    """Give the concentration index: positive when the outcome gathers at the top of the ranking.

    Parameters
    ----------
    rate, order, weights
        As for :func:`slope_index`.

    Returns
    -------
    Summary
        ``2 cov(rate, ridit) / mean``; interval from the convenient regression of ``2 var(ridit) rate / mean``.

    Examples
    --------
    >>> round(concentration_index([0.0, 0.0, 3.0], order=[1, 2, 3], weights=[1, 1, 1]).value, 4)
    0.6667
    """
    y, share = _weighted(rate, weights)
    rank = ridits(order, weights)
    variance = float(share @ (rank - share @ rank) ** 2)
    slope, _ = slope_index(2 * variance * y / float(share @ y), order=order, weights=weights)
    return slope


def _student(value: float, se: float, df: int) -> Summary:
    half = float(stdtrit(df, (1 + CONFIDENCE) / 2)) * se
    return Summary(value, value, se, value - half, value + half)
