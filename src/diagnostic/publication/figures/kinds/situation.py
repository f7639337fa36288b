"""Where the neighbourhoods are: numbered circles on the communes, and their list."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from diagnostic.formatting import NBSP, enumeration, plural, typographic
from diagnostic.publication.figures.caption import NO_CONTOURS, Caption, sheet_for
from diagnostic.publication.figures.circles import Ink, draw_circles
from diagnostic.publication.figures.ground import (
    Basemap,
    draw_frame,
    draw_scale,
    map_height,
    name_communes,
    names_without_contours,
)
from diagnostic.publication.figures.listing import draw_list, list_height
from diagnostic.publication.figures.placing import Obstacles
from diagnostic.publication.figures.projection import Frame
from diagnostic.publication.figures.registry import FIGURES, FigureKind
from diagnostic.publication.figures.theme import BLUE, INTERVAL, PAPER, Box

if TYPE_CHECKING:
    import geopandas as gpd
    from matplotlib.figure import Figure

LIST_WIDTH: Final = 56.0
RADIUS: Final = 2.15


def situation(
    territories: gpd.GeoDataFrame, *, caption: Caption | None = None, basemap: Basemap | None = None
) -> Figure:
    """Draw the situation map of a territory.

    Parameters
    ----------
    territories
        ``code``, ``label``, ``geometry``; ``level``, ``number``, ``short_label``, ``communes`` where they exist.
    caption
        Words around the map.
    basemap
        The same territories already projected, when several maps are drawn.

    Returns
    -------
    matplotlib.figure.Figure
        Communes as a ground, numbered neighbourhoods, their list, a scale bar.

    Raises
    ------
    TerritoryError
        When the table has no reference system or no neighbourhood.
    """
    base = basemap or Basemap(territories)
    words = caption or Caption(_title(base))
    if not base.has_communes:
        words = replace(words, caveat=f"{words.caveat} {NO_CONTOURS}".strip())
    rows = list_height(base.places, LIST_WIDTH, values={})
    wide = words.paper.width - LIST_WIDTH - 5
    high = map_height(base, wide, listed=rows, paper=words.paper)
    body = max(high, rows)
    sheet, room = sheet_for(words, body)
    box = Box(room.x, room.y, wide, high)
    frame = Frame.around(base.bounds(), box, margin=0.06)
    shapes = base.draw_communes(sheet, frame) or names_without_contours(base, frame)
    contours = base.draw_contours(sheet, frame, colour=INTERVAL, edge=BLUE)
    taken = Obstacles()
    draw_scale(sheet, frame, taken)
    ink = Ink({"facecolor": BLUE, "edgecolor": PAPER, "linewidth": 0.6}, PAPER)
    inks = dict.fromkeys((place.code for place in base.places), ink)
    draw_circles(sheet, frame, base, inks=inks, radii=np.full(len(base.places), RADIUS), taken=taken)
    name_communes(sheet, frame, shapes, taken=taken, avoid=contours)
    draw_frame(sheet, box)
    draw_list(sheet, Box(room.right - LIST_WIDTH, room.y, LIST_WIDTH, body), base.places, values={})
    return sheet.figure


def _title(basemap: Basemap) -> str:
    return f"{plural(len(basemap.places), 'quartier prioritaire', 'quartiers prioritaires')}"


def describe_situation(
    territories: gpd.GeoDataFrame, *, caption: Caption | None = None, basemap: Basemap | None = None
) -> str:
    """Say the situation map in words; same arguments as :func:`situation`."""
    base = basemap or Basemap(territories)
    names = sorted({name for place in base.places for name in place.communes})
    where = f", dans {enumeration(names[:12])}" if names else ""
    if len(names) > 12:  # noqa: PLR2004 - a longer list is not listened to
        where = f", dans {plural(len(names), 'commune')}"
    listed = " ; ".join(f"{place.number}{NBSP}: {place.name}" for place in base.places)
    title = f"{caption.title}. " if caption else ""
    return typographic(f"Carte de situation. {title}{_title(base)}{where}. Liste numérotée : {listed}.")


FIGURES.register(FigureKind("situation", "carte de situation", situation, describe_situation))
