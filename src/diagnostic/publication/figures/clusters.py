"""Which neighbourhoods lie so close that a panel of their own shows them better."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

MOST: Final = 6
_LARGE: Final = 9.0  # millimetres: a shape drawn that large needs no panel
_CLOSER: Final = 2.2  # a panel enlarges at least so much


def clusters(contours: Mapping[str, Any], *, scale: float, panel: float, most: int = MOST) -> list[list[str]]:
    """Group contours into few panels that enlarge them, the first of the list first.

    Parameters
    ----------
    contours
        Projected shapes by code, in list order.
    scale
        Millimetres of paper for one metre on the main map.
    panel
        Width of a panel, in millimetres.
    most
        Panels at most.

    Returns
    -------
    list of list of str
        Codes of each panel; empty where every shape is already large, or where no panel would enlarge.

    Notes
    -----
    Complete linkage, so that no group is wider than a panel can enlarge.

    Examples
    --------
    >>> near, far = shapely.box(0, 0, 200, 200), shapely.box(30000, 0, 30200, 200)
    >>> clusters({"A": near, "B": shapely.box(300, 0, 500, 200), "C": far}, scale=0.003, panel=50)
    [['A', 'B'], ['C']]
    """
    codes = list(contours)
    bounds = shapely.bounds(np.asarray(list(contours.values()), dtype=object)).reshape(-1, 4)
    sizes = np.maximum(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1]) * scale
    if not codes or sizes.min() >= _LARGE:
        return []
    middles = np.column_stack([bounds[:, [0, 2]].mean(axis=1), bounds[:, [1, 3]].mean(axis=1)])
    widest = 0.75 * panel / (_CLOSER * scale)
    groups = _linked(middles, widest)
    while len(set(groups)) > most and widest * scale < panel:
        widest *= 1.15
        groups = _linked(middles, widest)
    found: dict[int, list[str]] = {}
    for code, group in zip(codes, groups, strict=True):
        found.setdefault(group, []).append(code)
    kept = sorted(found.values(), key=lambda one: (-len(one), codes.index(one[0])))[:most]
    return sorted(kept, key=lambda one: codes.index(one[0]))


def _linked(points: np.ndarray, widest: float) -> list[int]:
    """Give the group of each point, groups no wider than a distance."""
    if len(points) == 1:
        return [1]
    from scipy.cluster.hierarchy import fcluster, linkage  # noqa: PLC0415 - only maps with panels need it

    groups: list[int] = fcluster(linkage(points, "complete"), widest, criterion="distance").tolist()
    return groups
