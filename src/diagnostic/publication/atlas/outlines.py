"""Outlines as short SVG paths on one grid of whole numbers, so that neighbours share the same rounded border."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    from diagnostic.publication.figures import Basemap

_GRID: Final = 100_000  # steps across the whole extent: one metre for an agglomeration
_CONTOUR: Final = 4.0  # detail left out of a neighbourhood, in steps
_COMMUNE: Final = 15.0  # and of the quiet ground
_SMALLEST: Final = 3


class Grid:
    """Whole coordinates of the screen, ``y`` down.

    Parameters
    ----------
    basemaps
        Territories in one projected reference system, in metres.

    Attributes
    ----------
    step
        Metres of a step, at least one.
    """

    def __init__(self, basemaps: Sequence[Basemap]) -> None:
        shapes = [shape for one in basemaps for shape in one.contours.values()]
        shapes += [shape for one in basemaps for _, _, shape in one.communes]
        west, south, east, north = (float(value) for value in shapely.total_bounds(shapes))
        self._west, self._north = west, north
        self.step = max(1.0, max(east - west, north - south) / _GRID)
        self._home = [one.bounds() for one in basemaps]

    def place(self, points: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
        """Give the whole coordinates of projected points, shape (n, 2)."""
        moved = np.column_stack([points[:, 0] - self._west, self._north - points[:, 1]]) / self.step
        return np.rint(moved).astype(np.int64)

    def window(self) -> list[int]:
        """Give the first view: west, north, east, south of what holds a neighbourhood."""
        homes = np.asarray(self._home)
        low, high = homes[:, :2].min(axis=0), homes[:, 2:].max(axis=0)
        corners = self.place(np.array([[low[0], high[1]], [high[0], low[1]]]))
        return [int(value) for value in corners.ravel()]

    def neighbourhood(self, shape: Any) -> dict[str, Any]:  # noqa: ANN401 - a shapely geometry
        """Give the path of a neighbourhood, a point inside it and the side of a square of its area."""
        fine = shapely.simplify(shape, _CONTOUR * self.step, preserve_topology=True)
        point = shape.representative_point()
        (x, y), *_ = self.place(np.array([[point.x, point.y]])).tolist()
        return {"d": self.path(fine), "at": [x, y, round(float(np.sqrt(shape.area)) / self.step)]}

    def communes(self, basemap: Basemap) -> list[dict[str, Any]]:
        """Give the ground: borders are simplified once for the two communes that they part."""
        shapes = np.asarray([shape for _, _, shape in basemap.communes], dtype=object)
        fine = shapely.coverage_simplify(shapes, _COMMUNE * self.step) if len(shapes) else shapes
        found = []
        for (code, name, _), shape in zip(basemap.communes, fine, strict=True):
            point = shape.representative_point()
            (x, y), *_ = self.place(np.array([[point.x, point.y]])).tolist()
            row = {"name": name, "d": self.path(shape), "x": x, "y": y, "holds": code in basemap.holding}
            found.append(row)
        return found

    def path(self, shape: Any) -> str:  # noqa: ANN401 - idem
        """Write a polygon as an SVG path of relative whole steps; a ring smaller than a step is left out."""
        polygons = [one for one in shapely.get_parts(shape) if one.geom_type == "Polygon"]
        rings = (ring for one in polygons for ring in (one.exterior, *one.interiors))
        return "".join(written(self.place(np.asarray(ring.coords)[:, :2])) for ring in rings)


def written(points: npt.NDArray[np.int64]) -> str:
    """Write a closed ring, its last point repeating the first.

    Examples
    --------
    >>> written(np.array([[10, 10], [14, 10], [14, 10], [12, 7], [10, 10]]))
    'M10 10l4 0-2-3z'
    """
    kept = points[:-1][(np.diff(points, axis=0) != 0).any(axis=1)]
    if len(kept) < _SMALLEST:
        return ""
    moves = np.diff(kept, axis=0).ravel().tolist()
    return f"M{kept[0, 0]} {kept[0, 1]}l{_joined(moves)}z"


def _joined(numbers: Iterable[int]) -> str:
    """Join whole numbers, a minus sign parting them as well as a space."""
    text = " ".join(str(one) for one in numbers)
    return text.replace(" -", "-")
