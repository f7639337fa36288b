"""Spatial autocorrelation: whether places near each other look alike. Only where there are enough places.

References
----------
Moran (1950), Biometrika 37, 17-23; Cliff and Ord (1981), Spatial Processes; local index and its conditional
moments: Anselin (1995), Geographical Analysis 27, 93-115, and Sokal, Oden and Thomson (1998), ibid. 30, 331-354.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy.spatial import KDTree
from scipy.special import ndtr

from diagnostic.analysis.multiplicity import discoveries
from diagnostic.errors import Fault, InputError

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

LEAST_PLACES: Final = 30
NEAREST: Final = 6
LOCAL_COLUMNS: Final = ["local", "expected", "z", "p_value", "cluster"]


@dataclass(frozen=True, slots=True)
class Moran:
    """Moran's I under the randomisation hypothesis.

    Parameters
    ----------
    value, expected, variance, z
        The index, its mean and variance when values are shuffled, and the standardised index.
    p_value
        One-sided, against positive autocorrelation.
    """

    value: float
    expected: float
    variance: float
    z: float
    p_value: float


def nearest_weights(coordinates: npt.ArrayLike, *, count: int = NEAREST) -> Floats:
    """Weigh the nearest places of each place equally, rows adding up to 1.

    Parameters
    ----------
    coordinates
        Shape ``(places, 2)``, in metres: distances are straight.
    count
        Neighbours of each place; ties at the same point are cut by their order.

    Returns
    -------
    numpy.ndarray
        Shape ``(places, places)``, a zero diagonal.

    Examples
    --------
    >>> nearest_weights([[0, 0], [1, 0], [5, 0]], count=1).tolist()
    [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    """
    points = np.asarray(coordinates, dtype=float)
    if not 0 < count < len(points):
        raise InputError(Fault("trop peu de lieux pour autant de voisins", found=str(len(points))))
    _, near = KDTree(points).query(points, k=count + 1)
    weights = np.zeros((len(points), len(points)))
    for place, others in enumerate(near):
        weights[place, [other for other in others if other != place][:count]] = 1 / count
    return weights


def _centred(values: npt.ArrayLike, weights: Floats, least: int) -> Floats:
    z = np.asarray(values, dtype=float)
    if len(z) < least:
        raise InputError(
            Fault("trop peu de lieux pour une autocorrélation spatiale", expected=f"au moins {least}",
                  found=str(len(z)), remedy="lisez les valeurs une par une sur la carte")
        )  # fmt: skip
    if not np.isfinite(z).all() or np.ptp(z) == 0 or weights.shape != (len(z), len(z)):
        raise InputError(Fault("valeurs absentes, toutes égales, ou voisinage d’une autre taille"))
    centred: Floats = z - z.mean()
    return centred


def moran(values: npt.ArrayLike, weights: Floats, *, least: int = LEAST_PLACES) -> Moran:
    """Give Moran's I.

    Parameters
    ----------
    values
        Shape ``(places,)``.
    weights
        Shape ``(places, places)``, a zero diagonal.
    least
        Fewest places accepted.

    Raises
    ------
    InputError
        Under ``least`` places, when values are absent or all equal.
    """
    z = _centred(values, weights, least)
    n, s0 = len(z), float(weights.sum())
    s1 = float(((weights + weights.T) ** 2).sum()) / 2
    s2 = float(((weights.sum(axis=0) + weights.sum(axis=1)) ** 2).sum())
    kurtosis = n * float((z**4).sum()) / float((z**2).sum()) ** 2
    value = n / s0 * float(z @ weights @ z) / float(z @ z)
    expected = -1 / (n - 1)
    upper = n * ((n**2 - 3 * n + 3) * s1 - n * s2 + 3 * s0**2)
    lower = kurtosis * ((n**2 - n) * s1 - 2 * n * s2 + 6 * s0**2)
    variance = (upper - lower) / ((n - 1) * (n - 2) * (n - 3) * s0**2) - expected**2
    score = (value - expected) / variance**0.5
    return Moran(value, expected, variance, score, float(ndtr(-score)))


def local_moran(values: npt.ArrayLike, weights: Floats, *, least: int = LEAST_PLACES) -> pd.DataFrame:
    """Give the local index of each place, and the places that stand out.

    Parameters
    ----------
    values, weights, least
        As for :func:`moran`.

    Returns
    -------
    pandas.DataFrame
        Columns ``LOCAL_COLUMNS``, one row a place: ``expected`` and ``z`` conditional on its own value,
        ``p_value`` two-sided, ``cluster`` ``high_high``, ``low_low``, ``high_low`` or ``low_high`` where the place
        is a discovery at 10 % among all (Benjamini-Hochberg), else empty.
    """
    z = _centred(values, weights, least)
    n, m2 = len(z), float(z @ z) / len(z)
    lag = weights @ z
    local = z / m2 * lag
    total, squares = weights.sum(axis=1), (weights**2).sum(axis=1)
    expected = -(z**2) * total / ((n - 1) * m2)
    variance = (z / m2) ** 2 * (n / (n - 2)) * (squares - total**2 / (n - 1)) * (m2 - z**2 / (n - 1))
    score = np.divide(local - expected, variance**0.5, out=np.zeros(n), where=variance > 0)
    p = pd.Series(2 * ndtr(-np.abs(score)))
    names = np.select(
        [(z > 0) & (lag > 0), (z <= 0) & (lag <= 0), z > 0], ["high_high", "low_low", "high_low"], "low_high"
    )
    return pd.DataFrame({
        "local": local, "expected": expected, "z": score, "p_value": p,
        "cluster": np.where(discoveries(p), names, ""),
    }, columns=LOCAL_COLUMNS)  # fmt: skip
