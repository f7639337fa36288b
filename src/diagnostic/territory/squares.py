"""How much of each cell of a regular grid an outline covers, without intersecting any polygon.

The area of an outline inside a cell is the integral, along its border inside the row of the cell, of the position
in the cell times the step upwards (Green's theorem): every edge is cut at the lines of the grid, each piece counts
in its own cell, and what is right of it follows by summing along the row. Cells that no border crosses come out
whole. This is the exact coverage of font rasterisers: the cost follows the length of the borders.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from diagnostic.errors import Fault, TerritoryError
from diagnostic.formatting import plural

if TYPE_CHECKING:
    from collections.abc import Iterator

BATCH: Final = 2_000  # outlines rasterised at once: bounds the memory


@dataclass(frozen=True, slots=True)
class Covered:
    """The cells that outlines cover, one row an (outline, cell) pair.

    Parameters
    ----------
    shape
        Position of the outline.
    column, row
        Integer position of the cell: it spans ``[column, column + 1) * width`` and ``[row, row + 1) * height``.
    share
        Share of the cell's area inside the outline, in [0, 1]; exactly 1 where no border crosses.
    crossed
        Whether a border crosses the cell; a cell that is only crossed may have share 0.
    """

    shape: np.ndarray
    column: np.ndarray
    row: np.ndarray
    share: np.ndarray
    crossed: np.ndarray


def covered_cells(shapes: np.ndarray, *, width: float, height: float) -> Covered:
    """Say which cells of the grid of origin (0, 0) each outline covers, and by how much.

    Parameters
    ----------
    shapes
        Valid polygons or multipolygons; empty ones cover nothing.
    width, height
        Size of a cell, in the unit of the coordinates.

    Returns
    -------
    Covered
        Sorted by outline, row and column. Over one outline, ``share`` times the area of a cell adds up to the
        area of the outline.

    Raises
    ------
    TerritoryError
        When an outline is invalid or not a surface.

    Examples
    --------
    >>> found = covered_cells(np.array([shapely.box(100, 50, 500, 150)]), width=200, height=200)
    >>> found.column.tolist(), found.share.tolist()
    ([0, 1, 2], [0.25, 0.5, 0.25])
    """
    check_surfaces(shapes)
    parts = list(_batches(shapes, width, height))
    if not parts:
        none = np.empty(0, dtype=np.int64)
        return Covered(none, none, none, np.empty(0), np.empty(0, dtype=bool))
    return Covered(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def cell_key(column: np.ndarray, row: np.ndarray) -> np.ndarray:
    """Give each cell an integer of its own, in the order of rows, then columns."""
    key: np.ndarray = (row << 32) + column
    return key


def check_surfaces(shapes: np.ndarray) -> None:
    """Refuse what has no area to share: invalid outlines, lines, points, absent outlines.

    Raises
    ------
    TerritoryError
        With the number of such outlines.
    """
    surface = np.isin(shapely.get_type_id(shapes), (3, 6)) & shapely.is_valid(shapes)
    if wrong := int((~surface).sum()):
        raise TerritoryError(
            Fault(
                f"{plural(wrong, 'contour')} sans surface mesurable",
                expected="des polygones valides, dans l’un et l’autre découpage",
                found=f"première position : {int(np.flatnonzero(~surface)[0])}",
                remedy="réparez ces contours à la lecture, ou retirez-les",
            )
        )


def _batches(shapes: np.ndarray, width: float, height: float) -> Iterator[tuple[np.ndarray, ...]]:
    for start in range(0, len(shapes), BATCH):
        some = shapes[start : start + BATCH]
        if not shapely.is_empty(some).all():
            owner, *rest = _covered(some, width, height)
            yield owner + start, *rest


def _covered(shapes: np.ndarray, width: float, height: float) -> tuple[np.ndarray, ...]:
    owner, pieces = _pieces(shapes, width, height)
    x0, y0, x1, y1 = pieces.T
    column = np.floor((x0 + x1) / 2).astype(np.int64)
    row = np.floor((y0 + y1) / 2).astype(np.int64)
    west, south = column.min(), row.min()
    across, up = column.max() - west + 1, row.max() - south + 1
    key = (owner * up + (row - south)) * across + (column - west)
    cells, place = np.unique(key, return_inverse=True)
    rise = np.bincount(place, y1 - y0, len(cells))
    own = np.bincount(place, (y1 - y0) * ((x0 + x1) / 2 - column), len(cells))
    line, at = np.divmod(cells, across)
    # Right of a crossed cell, what its row has not yet come down from: 1 inside the outline, 0 outside.
    total = np.cumsum(rise)
    first = np.flatnonzero(np.r_[True, line[1:] != line[:-1]])
    total -= np.repeat(np.r_[0.0, total][first], np.diff(np.r_[first, len(line)]))
    beyond = np.rint(-total)
    gaps = np.diff(at, append=at[-1:]) - 1
    gaps = np.where(np.diff(line, append=-1) == 0, gaps, 0) * (beyond == 1)
    run = np.repeat(np.arange(len(cells)), gaps)
    step = np.arange(len(run)) - np.repeat(np.cumsum(gaps) - gaps, gaps) + 1
    every = np.r_[cells, cells[run] + step]
    share = np.r_[np.clip(own - total, 0.0, 1.0), np.ones(len(run))]
    crossed = np.r_[np.ones(len(cells), dtype=bool), np.zeros(len(run), dtype=bool)]
    order = np.argsort(every)
    line, at = np.divmod(every[order], across)
    number, level = np.divmod(line, up)
    return number, at + west, level + south, share[order], crossed[order]


def _pieces(shapes: np.ndarray, width: float, height: float) -> tuple[np.ndarray, np.ndarray]:
    """Cut every edge at the lines of the grid; coordinates in cells, exteriors counter-clockwise."""
    turned = shapely.orient_polygons(shapes)
    parts, part_owner = shapely.get_parts(turned, return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    points = points / (width, height)
    same = ring[1:] == ring[:-1]
    edges = np.c_[points[:-1], points[1:]][same]
    owner = part_owner[ring_part[ring[:-1][same]]]
    for axis in (0, 1):
        edges, source = _cut(edges, axis)
        owner = owner[source]
    return owner, edges


def _cut(edges: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """Cut edges at the integers of one axis; each piece names the edge that it comes from."""
    start, stop = edges[:, axis], edges[:, axis + 2]
    low, high = np.minimum(start, stop), np.maximum(start, stop)
    first = np.floor(low).astype(np.int64) + 1
    cuts = np.maximum(np.ceil(high).astype(np.int64) - first, 0)
    source = np.repeat(np.arange(len(edges)), cuts + 1)
    ends = np.cumsum(cuts + 1)
    rank = np.arange(len(source)) - np.repeat(ends - cuts - 1, cuts + 1)
    upward = (stop > start)[source]
    line = np.where(upward, first[source] + rank, (first + cuts - 1)[source] - rank).astype(float)
    span = np.where(stop == start, 1.0, stop - start)[source]
    other = 1 - axis
    at = (line - start[source]) / span
    middle = np.empty((len(source), 2))
    middle[:, axis] = line
    middle[:, other] = edges[source, other] + at * (edges[:, other + 2] - edges[:, other])[source]
    pieces = np.empty((len(source), 4))
    pieces[:, 2:] = middle
    pieces[ends - 1, 2:] = edges[:, 2:]
    pieces[1:, :2] = pieces[:-1, 2:]
    pieces[ends - cuts - 1, :2] = edges[:, :2]
    return pieces, source
