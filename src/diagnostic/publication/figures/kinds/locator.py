"""One neighbourhood seen close: its contour, its communes, its neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from diagnostic.formatting import enumeration, typographic
from diagnostic.publication.figures.ground import (
    Basemap,
    draw_frame,
    draw_scale,
    name_communes,
    outline,
)
from diagnostic.publication.figures.placing import Obstacles
from diagnostic.publication.figures.projection import Frame
from diagnostic.publication.figures.registry import FIGURES, FigureKind
from diagnostic.publication.figures.theme import BLUE, GREY, INTERVAL, SMALL, Box, Sheet, leading
from diagnostic.vocabulary import FICTIONAL_BANNER

if TYPE_CHECKING:
    import geopandas as gpd
    from matplotlib.figure import Figure

SIZE: Final = (62.0, 50.0)
_LEAST: Final = 1800.0  # metres: closer, one no longer sees where one is
_GENEROUS: Final = 1.9


def _window(basemap: Basemap, code: str) -> np.ndarray:
    west, south, east, north = basemap.bounds([code])
    half = max(east - west, north - south, _LEAST / _GENEROUS) * _GENEROUS / 2
    x, y = (west + east) / 2, (south + north) / 2
    return np.array([x - half, y - half, x + half, y + half])


def locator(
    territories: gpd.GeoDataFrame, code: str, *, basemap: Basemap | None = None, source: str = "",
    fictional: bool = False,
) -> Figure:  # fmt: skip
    """Draw one neighbourhood among its communes.

    Parameters
    ----------
    territories
        As for the situation map.
    code
        The neighbourhood.
    basemap
        The same territories already projected.
    source
        Source of the contours, as printed.
    fictional
        Whether the banner of invented data is drawn.

    Returns
    -------
    matplotlib.figure.Figure
        A small map with a scale bar.

    Raises
    ------
    KeyError
        When the code has no contour.
    """
    base = basemap or Basemap(territories)
    target = base.contours[code]
    foot = leading(SMALL) + 1 if source else 0.0
    sheet = Sheet(SIZE[0], SIZE[1] + foot)
    box = Box(0.2, 0.2, SIZE[0] - 0.4, SIZE[1] - 0.4)
    frame = Frame.around(_window(base, code), box, margin=0)
    shapes = base.draw_communes(sheet, frame)
    others = base.draw_contours(sheet, frame, colour=INTERVAL, edge=GREY)
    drawn = frame.draw([target])
    sheet.outline(outline(drawn), facecolor=BLUE, edgecolor=BLUE, linewidth=0.8, gid=f"target-{code}")
    west, north, east, south = shapely.total_bounds(drawn)
    taken = Obstacles([Box(west, north, east - west, south - north)])
    if fictional:
        sheet.badge(FICTIONAL_BANNER, right=box.right - 1, y=1.2, width=24)
        taken.add(Box(box.right - 26, 0, 26, 6))
    draw_scale(sheet, frame, taken)
    name_communes(sheet, frame, shapes, taken=taken, avoid=[*drawn, *others])
    draw_frame(sheet, box)
    if source:
        sheet.paragraph(0, SIZE[1] + 1, [f"Source\u00a0: {source}"], size=SMALL - 0.5, colour=GREY, gid="foot")
    return sheet.figure


def describe_locator(
    territories: gpd.GeoDataFrame, code: str, *, basemap: Basemap | None = None, source: str = "",
    fictional: bool = False,
) -> str:  # fmt: skip
    """Say the small map in words; same arguments as :func:`locator`."""
    del source, fictional
    base = basemap or Basemap(territories)
    place = next(place for place in base.places if place.code == code)
    where = f", à {enumeration(place.communes)}" if place.communes else ""
    return typographic(f"Carte du contour du quartier {place.label}{where}.")


FIGURES.register(FigureKind("locator", "contour d’un quartier", locator, describe_locator))
