"""Circles that do not collide and labels that do not overlap, the same way each time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from diagnostic.publication.figures.theme import Box

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    Points = npt.NDArray[np.float64]

_GOLDEN: Final = 2.399963229728653
_ROUNDS: Final = 400


def spread(points: Points, radii: Points, box: Box, *, gap: float = 0.5) -> Points:
    """Push circles apart until none touches another, inside a box.

    Parameters
    ----------
    points
        Centres, shape (n, 2).
    radii
        Shape (n,).
    box
        Room that holds the whole circles.
    gap
        Space left between circles.

    Returns
    -------
    numpy.ndarray
        New centres, near the given ones; circles at one place leave it along fixed directions.

    Examples
    --------
    >>> moved = spread(np.array([[5.0, 5.0], [5.0, 5.0]]), np.array([1.0, 1.0]), Box(0, 0, 10, 10), gap=0)
    >>> bool(np.hypot(*(moved[0] - moved[1])) >= 1.999)
    True
    """
    turn = np.arange(len(points)) * _GOLDEN
    centres = points + 1e-3 * np.column_stack([np.cos(turn), np.sin(turn)])
    reach = radii[:, None] + radii[None, :] + gap
    low = np.column_stack([box.x + radii, box.y + radii])
    high = np.column_stack([box.right - radii, box.bottom - radii])
    for turn_number in range(_ROUNDS):
        push = _push(centres, reach)
        pull = 0.03 * (points - centres) if turn_number < _ROUNDS // 2 else 0.0
        moved = np.clip(centres + push + pull, low, high)
        if not push.any() and turn_number >= _ROUNDS // 2:
            break
        centres = moved
    return centres


def _push(centres: Points, reach: Points) -> Points:
    """Half of each overlap, away from the other circle."""
    apart = centres[:, None, :] - centres[None, :, :]
    distance = np.hypot(apart[..., 0], apart[..., 1])
    np.fill_diagonal(distance, np.inf)
    overlap = np.where(distance < reach - 1e-6, reach - distance, 0.0)
    direction = apart / np.maximum(distance, 1e-9)[..., None]
    total: Points = (0.52 * overlap[..., None] * direction).sum(axis=1)
    return total


class Obstacles:
    """Rectangles already taken on a sheet.

    Examples
    --------
    >>> taken = Obstacles()
    >>> taken.add(Box(0, 0, 10, 4))
    >>> taken.free(Box(5, 2, 10, 4)), taken.free(Box(11, 0, 10, 4))
    (False, True)
    """

    def __init__(self, boxes: Iterable[Box] = ()) -> None:
        self._rows: list[tuple[float, float, float, float]] = []
        for box in boxes:
            self.add(box)

    def add(self, box: Box) -> None:
        """Take a rectangle."""
        self._rows.append((box.x, box.y, box.right, box.bottom))

    def free(self, box: Box) -> bool:
        """Say whether a rectangle meets none of those taken."""
        if not self._rows:
            return True
        taken = np.asarray(self._rows)
        meets = (
            (taken[:, 0] < box.right) & (taken[:, 2] > box.x)
            & (taken[:, 1] < box.bottom) & (taken[:, 3] > box.y)
        )  # fmt: skip
        return not bool(meets.any())


def label_box(
    candidates: Sequence[tuple[float, float]] | Points, size: tuple[float, float], *, room: Box, taken: Obstacles
) -> Box | None:
    """Find the first centre where a label lies in the room and meets nothing, and take it.

    Examples
    --------
    >>> taken = Obstacles([Box(0, 0, 10, 10)])
    >>> label_box([(5, 5), (5, 15)], (8, 3), room=Box(0, 0, 20, 20), taken=taken)
    Box(x=1.0, y=13.5, width=8, height=3)
    """
    wide, high = size
    for x, y in candidates:
        box = Box(float(x) - wide / 2, float(y) - high / 2, wide, high)
        inside = box.x >= room.x and box.right <= room.right and box.y >= room.y and box.bottom <= room.bottom
        if inside and taken.free(box):
            taken.add(box)
            return box
    return None


def around(x: float, y: float, *, reach: float = 16.0, step: float = 1.2) -> Points:
    """List points around a point, nearest first, on rings.

    Examples
    --------
    >>> around(0, 0, reach=2, step=1).shape
    (25, 2)
    """
    rings = [np.array([[x, y]])]
    for radius in np.arange(step, reach + 1e-9, step):
        turn = np.linspace(0, 2 * np.pi, 13)[:-1] + (np.pi / 2)
        rings.append(np.column_stack([x + 1.4 * radius * np.cos(turn), y - radius * np.sin(turn)]))
    return np.vstack(rings)
