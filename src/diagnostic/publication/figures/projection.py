"""From longitude and latitude to millimetres of paper, with a projection fit for the place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    import numpy.typing as npt

    from diagnostic.publication.figures.theme import Box

_FRANCE: Final = (-6.0, 41.0, 10.0, 51.6)
_LAMBERT_93: Final = 2154
_ROUND: Final = (1.0, 2.0, 5.0)


def local_crs(longitude: float, latitude: float) -> int:
    """Choose the projected reference system of a place: Lambert-93, else its UTM zone.

    Examples
    --------
    >>> local_crs(3.97, 50.28), local_crs(55.45, -20.88), local_crs(-61.5, 16.2)
    (2154, 32740, 32620)
    """
    west, south, east, north = _FRANCE
    if west <= longitude <= east and south <= latitude <= north:
        return _LAMBERT_93
    zone = int((longitude + 180) // 6) % 60 + 1
    return (32600 if latitude >= 0 else 32700) + zone


@dataclass(frozen=True, slots=True)
class Frame:
    """A window of projected ground placed on the sheet.

    Parameters
    ----------
    box
        Where it lies on the sheet.
    west, north
        Projected coordinates of its upper left corner, in metres.
    scale
        Millimetres of paper for one metre.
    """

    box: Box
    west: float
    north: float
    scale: float

    @classmethod
    def around(cls, bounds: npt.NDArray[np.float64], box: Box, *, margin: float = 0.05) -> Frame:
        """Centre bounds ``(west, south, east, north)`` in a box, as large as they fit.

        Examples
        --------
        >>> from diagnostic.publication.figures.theme import Box
        >>> frame = Frame.around(np.array([0.0, 0.0, 1000.0, 500.0]), Box(0, 0, 100, 100), margin=0)
        >>> frame.scale, frame.place(np.array([[500.0, 250.0]])).tolist()
        (0.1, [[50.0, 50.0]])
        """
        west, south, east, north = (float(value) for value in bounds)
        wide, high = max(east - west, 1.0) * (1 + 2 * margin), max(north - south, 1.0) * (1 + 2 * margin)
        scale = min(box.width / wide, box.height / high)
        return cls(
            box, (west + east) / 2 - box.width / scale / 2, (south + north) / 2 + box.height / scale / 2, scale
        )

    def place(self, points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Give the sheet coordinates of projected points."""
        x = self.box.x + (points[:, 0] - self.west) * self.scale
        y = self.box.y + (self.north - points[:, 1]) * self.scale
        return np.column_stack([x, y])

    def draw(self, geometries: Any) -> Any:  # noqa: ANN401 - shapely arrays in and out
        """Bring geometries to the sheet: clipped to the frame, without detail finer than the ink."""
        shapes, box = np.asarray(geometries, dtype=object), self.box
        shown = np.full(len(shapes), shapely.Polygon(), dtype=object)
        west, south, east, north = shapely.bounds(shapes).T
        right, bottom = self.west + box.width / self.scale, self.north - box.height / self.scale
        near = (west <= right) & (east >= self.west) & (south <= self.north) & (north >= bottom)
        fine = shapely.simplify(shapely.transform(shapes[near], self.place), 0.06, preserve_topology=True)
        cut = shapely.clip_by_rect(fine, box.x, box.y, box.right, box.bottom)
        torn = ~shapely.is_valid(cut)  # by the loss of detail, or by the edge of the frame
        cut[torn] = shapely.make_valid(cut[torn], method="structure", keep_collapsed=False)
        shown[near] = cut
        return shown

    def scale_bar(self, most: float) -> tuple[float, float]:
        """Choose a round length of ground: metres, and its millimetres (at most ``most``).

        Examples
        --------
        >>> from diagnostic.publication.figures.theme import Box
        >>> Frame(Box(0, 0, 100, 100), 0, 0, 0.01).scale_bar(25)
        (2000.0, 20.0)
        """
        ground = most / self.scale
        power = 10.0 ** np.floor(np.log10(ground))
        length = max(step * power for step in _ROUND if step * power <= ground)
        return float(length), float(length * self.scale)
