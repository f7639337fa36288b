"""Areal interpolation: figures of one division of space estimated on another, with what they rest on.

The shares of a source add up to one, so that totals are conserved. A hidden figure is never taken for zero, an
imputed one never for an observation, and what comes out is estimated, even where no source is cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from diagnostic.errors import Fault, TerritoryError
from diagnostic.formatting import plural
from diagnostic.territory.overlay import WHOLE
from diagnostic.vocabulary import ABSENCE_PRECEDENCE, KNOWN, Status

if TYPE_CHECKING:
    from diagnostic.territory.overlay import Overlay

    Limit = float | pd.Series[float]

LEAST: Final = 0.8
TRANSFER_COLUMNS: Final = [
    "value", "low", "high", "status", "coverage", "quality", "imputed", "hidden", "cut",
]  # fmt: skip


class Kind(StrEnum):
    """How a figure behaves when its place is cut: a count is shared out, a rate or a mean is averaged."""

    EXTENSIVE = "extensive"
    INTENSIVE = "intensive"


def transfer(
    found: Overlay, values: pd.Series[float], *, kind: Kind, statuses: pd.Series[str] | None = None,
    weight: pd.Series[float] | None = None, limits: tuple[Limit, Limit] | None = None, least: float = LEAST,
) -> pd.DataFrame:  # fmt: skip
    """Estimate a figure on the targets from its values on the sources.

    Parameters
    ----------
    found
        See the functions of :mod:`~diagnostic.territory.overlay`.
    values
        One a source, by its name; a source without a row is missing.
    kind
        A count (``extensive``) is shared out and added; a rate or a mean (``intensive``) is averaged.
    statuses
        ``vocabulary.Status`` of each value; by default observed where there is a value, else missing.
    weight
        Count at the sources that a mean is weighted by and that the shares below are shares of (the denominator
        of a rate); by default the mass of the overlay.
    limits
        Least and greatest value that a hidden or imputed figure can have, one for all or one a source by its
        name. By default a count is at least zero, and nothing else is known.
    least
        Share of the weight that known sources must hold for a mean to be given.

    Returns
    -------
    pandas.DataFrame
        By target: ``value``; ``low`` and ``high``, what it would be at the limits of hidden and imputed figures
        (``NaN``: no limit known); ``status``, ``estimated`` or the reason of the absence; ``coverage``, share of
        the area with sources; ``quality``, ``imputed`` and ``hidden``, shares of the weight that rest on observed,
        imputed and hidden figures (they add up to 1); ``cut``, share from sources that the border cuts. A count
        with a hidden source is given only when ``limits`` bound it, at their middle.

    Raises
    ------
    TerritoryError
        When a name is repeated, or a weight is absent or below zero.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from diagnostic.territory.overlay import Squares, overlay
    >>> target = gpd.GeoSeries({"QP": shapely.box(0, 0, 300, 200)}, crs="EPSG:3035")
    >>> grid = overlay(Squares(np.array([0, 200]), np.array([0, 0])), target)
    >>> table = transfer(grid, pd.Series([100.0, 50.0]), kind=Kind.EXTENSIVE)
    >>> table["value"].tolist(), table["status"].tolist()
    ([125.0], ['estimated'])
    """
    figures = _aligned(values, found.sources)
    pair = _paired(found, figures, _statuses(statuses, figures), weight=weight, limits=limits, kind=kind)
    total = found.by_target(pair.weight)
    reached = found.by_target(~pair.void) > 0
    if kind is Kind.EXTENSIVE:
        value, low, high = (_added(found, found.share, one) for one in (pair.middle, pair.low, pair.high))
        known = reached & ~np.isnan(value)
    else:
        seen = found.by_target(pair.weight * ~pair.hidden)
        value = _divided(_added(found, pair.weight * ~pair.hidden, pair.value), seen)
        low, high = (_divided(_added(found, pair.weight, one), total) for one in (pair.low, pair.high))
        known = (seen > 0) & (seen >= least * total)
    return pd.DataFrame(
        {
            "value": np.where(known, value, np.nan),
            "low": np.where(reached, low, np.nan),
            "high": np.where(reached, high, np.nan),
            "status": np.where(known, Status.ESTIMATED.value, _reasons(found, pair)),
            "coverage": found.coverage,
            "quality": _divided(found.by_target(pair.weight * ~(pair.imputed | pair.hidden)), total),
            "imputed": _divided(found.by_target(pair.weight * pair.imputed), total),
            "hidden": _divided(found.by_target(pair.weight * pair.hidden), total),
            "cut": _divided(found.by_target(pair.weight * (found.share < 1 - WHOLE)), total),
        },
        index=found.targets,
        columns=TRANSFER_COLUMNS,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """What each pair of an overlay brings to its target."""

    status: np.ndarray
    value: np.ndarray
    middle: np.ndarray
    low: np.ndarray
    high: np.ndarray
    weight: np.ndarray
    imputed: np.ndarray
    hidden: np.ndarray
    void: np.ndarray


def _paired(
    found: Overlay, figures: pd.Series[float], statuses: np.ndarray, *, kind: Kind,
    weight: pd.Series[float] | None, limits: tuple[Limit, Limit] | None,
) -> _Pairs:  # fmt: skip
    source = found.source
    value, status = figures.to_numpy(dtype=float)[source], statuses[source]
    void = status == Status.NOT_APPLICABLE
    hidden = ~void & (~np.isin(status, KNOWN) | np.isnan(value))
    imputed = ~hidden & (status == Status.IMPUTED)
    mass = found.mass if weight is None else found.share * _weights(weight, found.sources)[source]
    count = kind is Kind.EXTENSIVE and not (figures < 0).any()
    least, most = (
        one if isinstance(one, float) else _aligned(one, found.sources).to_numpy(dtype=float)[source]
        for one in limits or (0.0 if count else np.nan, np.nan)
    )
    value = np.where(void, 0.0, value)
    loose = imputed | hidden
    return _Pairs(
        status=status, value=value, middle=np.where(hidden, (least + most) / 2, value),
        low=np.where(loose, least, value), high=np.where(loose, most, value),
        weight=np.where(void, 0.0, mass), imputed=imputed, hidden=hidden, void=void,
    )  # fmt: skip


def _statuses(statuses: pd.Series[str] | None, figures: pd.Series[float]) -> np.ndarray:
    if statuses is None:
        return np.where(figures.isna(), Status.MISSING.value, Status.OBSERVED.value)
    words: np.ndarray = _aligned(statuses, figures.index).fillna(Status.MISSING.value).to_numpy(dtype=object)
    return words


def _added(found: Overlay, weight: np.ndarray, value: np.ndarray) -> np.ndarray:
    """Add up over targets; what weighs nothing counts for nothing, known or not."""
    return found.by_target(np.where(weight > 0, weight * value, 0.0))


def _divided(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    ratio: np.ndarray = np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0)
    return ratio


def _aligned(values: pd.Series, names: pd.Index) -> pd.Series:
    if values.index.equals(names):
        return values
    for index in (values.index, names):
        if not index.is_unique:
            raise TerritoryError(
                Fault(
                    "lieux répétés dans une table à répartir",
                    expected="une valeur par lieu",
                    found=", ".join(map(str, index[index.duplicated()][:5])),
                    remedy="retirez les doublons, ou choisissez une édition",
                )
            )
    return values.reindex(names)


def _weights(weight: pd.Series[float], names: pd.Index) -> np.ndarray:
    found = _aligned(weight, names).to_numpy(dtype=float)
    if wrong := int((~(np.isfinite(found) & (found >= 0))).sum()):
        raise TerritoryError(
            Fault(
                "pondération incomplète",
                expected="un effectif positif ou nul pour chaque lieu de départ",
                found=plural(wrong, "lieu sans effectif", "lieux sans effectif"),
                remedy="donnez leur effectif, ou retirez ces lieux",
            )
        )
    return found


def _reasons(found: Overlay, pair: _Pairs) -> np.ndarray:
    """Give the strongest reason among the sources of each target; without any source, the figure is missing."""
    reasons = np.full(len(found.targets), Status.MISSING.value, dtype=object)
    for status in reversed(ABSENCE_PRECEDENCE):
        reasons[found.target[pair.status == status]] = status.value
    return reasons
