"""Neighbourhoods as they are drawn on the ground, coloured by class, with a panel for each crowded place."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from diagnostic.formatting import NBSP, enumeration, plural, quantity, typographic
from diagnostic.publication.figures.caption import counted, sheet_for
from diagnostic.publication.figures.cells import cells
from diagnostic.publication.figures.circles import inked
from diagnostic.publication.figures.classes import classes
from diagnostic.publication.figures.clusters import clusters
from diagnostic.publication.figures.ground import (
    Basemap,
    draw_frame,
    draw_scale,
    map_height,
    name_communes,
    names_without_contours,
    outline,
)
from diagnostic.publication.figures.legend import Legend, absences
from diagnostic.publication.figures.lettering import width as measured
from diagnostic.publication.figures.listing import draw_list, list_height
from diagnostic.publication.figures.marks import DOT, style
from diagnostic.publication.figures.placing import Obstacles, around, label_box
from diagnostic.publication.figures.projection import Frame
from diagnostic.publication.figures.registry import FIGURES, FigureKind
from diagnostic.publication.figures.tables import refuse_origin, require
from diagnostic.publication.figures.theme import ACCENT, GREY, INK, MID, PAPER, SMALL, Box
from diagnostic.vocabulary import UNIT_LABELS, Status

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    import geopandas as gpd
    import pandas as pd
    from matplotlib.figure import Figure

    from diagnostic.publication.figures.caption import Caption
    from diagnostic.publication.figures.circles import Ink
    from diagnostic.publication.figures.legend import Comparator
    from diagnostic.publication.figures.theme import Sheet

LIST_WIDTH: Final = 56.0
PANEL_HEIGHT: Final = 46.0
ACROSS: Final = 3
GAP: Final = 3.0
LEAST: Final = 900.0  # metres: closer, one no longer sees where one is
_COVERING: Final = 14.0  # a name moves so far rather than lie on a contour
_NAME: Final = "carte choroplèthe"


@dataclass(frozen=True, slots=True)
class _Panel:
    """A part of the map enlarged: its letter, its codes, and the ground that it shows."""

    letter: str
    codes: tuple[str, ...]
    bounds: np.ndarray


def choropleth(
    values: pd.DataFrame, territories: gpd.GeoDataFrame, *, unit: str, caption: Caption, variable: str = "",
    comparators: Sequence[Comparator] = (), method: str = "natural", closed: str = "left",
    basemap: Basemap | None = None, enlarged: bool = True,
) -> Figure:  # fmt: skip
    """Draw the contours of neighbourhoods coloured by class, with enlarged panels.

    Parameters
    ----------
    values
        Columns ``code``, ``value``; ``status``, ``reliability``, ``n`` where they exist.
    territories
        ``code``, ``label``, ``geometry``; ``level``, ``number``, ``short_label`` where they exist.
    unit
        Unit of the values.
    caption
        Words around the map.
    variable
        Name of the indicator.
    comparators
        Values to place on the legend.
    method, closed
        Rule of the classes, as in :func:`~diagnostic.publication.figures.classes.classes`; printed on the legend.
    basemap
        The same territories already projected.
    enlarged
        Whether panels are drawn; a slide is read better without them.

    Returns
    -------
    matplotlib.figure.Figure
        Map, panels where contours are too small to be seen, numbered list, legend with every mark.

    Raises
    ------
    InputError
        When a column is absent or there is no row.
    RefusedError
        For shares of foreigners or immigrants: they are never mapped by neighbourhood.
    TerritoryError
        When the table has no reference system or no neighbourhood.
    """
    refuse_origin(variable)
    require(values, ["code", "value"], figure=_NAME)
    base = basemap or Basemap(territories)
    shown = cells(values, [place.code for place in base.places], unit=unit)
    known = [cell.value for cell in shown.values() if cell.written and cell.value is not None]
    levels = classes(known, method=method, closed=closed)
    texts = {code: cell.text() for code, cell in shown.items()}
    heading = UNIT_LABELS.get(unit, "")
    rows = list_height(base.places, LIST_WIDTH, values=texts, heading=heading)
    wide = caption.paper.width - LIST_WIDTH - 5
    legend = Legend(levels, unit, list(shown.values()), comparators, wide)
    high = map_height(base, wide, listed=rows - legend.height - 2, paper=caption.paper)
    panels = _panels(base, Box(0, 0, wide, high), caption.paper.width) if enlarged else []
    body = max(high + legend.height + 2, rows)
    below = -(-len(panels) // ACROSS) * (PANEL_HEIGHT + GAP)
    sheet, room = sheet_for(counted(caption, shown.values(), contours=base.has_communes), body + below)
    inks = {code: inked(cell, levels) for code, cell in shown.items()}
    main = Box(room.x + 0.5, room.y, wide - 0.5, high)
    _draw_main(sheet, base, Frame.around(base.bounds(), main, margin=0.06), inks=inks, panels=panels)
    listed = Box(room.right - LIST_WIDTH, room.y, LIST_WIDTH, rows)
    draw_list(sheet, listed, base.places, values=texts, heading=heading)
    legend.draw(sheet, room.x, main.bottom + 2)
    for rank, panel in enumerate(panels):
        _draw_panel(sheet, base, panel, box=_panel_box(room, rank, top=room.y + body + GAP), inks=inks)
    return sheet.figure


def _panels(basemap: Basemap, box: Box, width: float) -> list[_Panel]:
    """Choose the panels of a map drawn in a box."""
    scale = Frame.around(basemap.bounds(), box, margin=0.06).scale
    room = _panel_box(Box(0, 0, width, 0), 0, top=0)
    contours = {place.code: basemap.contours[place.code] for place in basemap.places
                if place.code in basemap.contours}  # fmt: skip
    found: list[_Panel] = []
    for codes in clusters(contours, scale=scale, panel=room.width):
        west, south, east, north = basemap.bounds(codes)
        half = np.array([max(east - west, LEAST), max(north - south, LEAST * room.height / room.width)]) * 0.58
        middle = np.array([(west + east) / 2, (south + north) / 2])
        frame = Frame.around(np.concatenate([middle - half, middle + half]), room, margin=0)
        corner = np.array([frame.west, frame.north - room.height / frame.scale])
        size = np.array([room.width, room.height]) / frame.scale
        found.append(_Panel(chr(ord("A") + len(found)), tuple(codes), np.concatenate([corner, corner + size])))
    return found


def _panel_box(room: Box, rank: int, *, top: float) -> Box:
    wide = (room.width - 1.0 - (ACROSS - 1) * GAP) / ACROSS
    left = room.x + 0.5 + rank % ACROSS * (wide + GAP)
    return Box(left, top + rank // ACROSS * (PANEL_HEIGHT + GAP), wide, PANEL_HEIGHT)


def _draw_main(
    sheet: Sheet, basemap: Basemap, frame: Frame, *, inks: dict[str, Ink], panels: Sequence[_Panel]
) -> None:
    shapes = basemap.draw_communes(sheet, frame) or names_without_contours(basemap, frame)
    drawn = _draw_shapes(sheet, basemap, frame, inks=inks, gid="shape-")
    taken = Obstacles()
    windows: list[Any] = []
    draw_scale(sheet, frame, taken)
    for panel in panels:
        west, south, east, north = panel.bounds
        (left, top), (right, bottom) = frame.place(np.array([[west, north], [east, south]]))
        sheet.rectangle(
            Box(left, top, right - left, bottom - top), facecolor="none", edgecolor=ACCENT, linewidth=0.9,
            gid=f"window-{panel.letter}",
        )  # fmt: skip
        windows.append(shapely.box(left, top, right, bottom).exterior)
        spots = [(left + 1.8, top - 1.9), (right - 1.8, top - 1.9), (left + 1.8, bottom + 1.9),
                 (right - 1.8, bottom + 1.9)]  # fmt: skip
        spot = label_box(spots, (3.4, 3.4), room=frame.box, taken=taken)
        if spot is not None:
            sheet.text(
                spot.x + 1.7, spot.y + 2.7, panel.letter, size=SMALL + 1, weight="bold", colour=ACCENT,
                align="center", gid=f"window-letter-{panel.letter}",
            )  # fmt: skip
    inside = {code for panel in panels for code in panel.codes}
    _draw_numbers(sheet, basemap, frame, inks=inks, shapes={code: one for code, one in drawn.items()
                  if code not in inside}, taken=taken, gid="number-")  # fmt: skip
    name_communes(sheet, frame, shapes, taken=taken, avoid=[*drawn.values(), *windows], covering=_COVERING)
    draw_frame(sheet, frame.box)


def _draw_panel(sheet: Sheet, basemap: Basemap, panel: _Panel, *, box: Box, inks: dict[str, Ink]) -> None:
    frame = Frame.around(panel.bounds, box, margin=0)
    shapes = basemap.draw_communes(sheet, frame) or names_without_contours(basemap, frame)
    drawn = _draw_shapes(sheet, basemap, frame, inks=inks, gid=f"panel-{panel.letter}-shape-")
    taken = Obstacles([Box(box.x, box.y, 5.5, 5.5)])
    draw_scale(sheet, frame, taken)
    _draw_numbers(sheet, basemap, frame, inks=inks, shapes=drawn, taken=taken, gid=f"panel-{panel.letter}-number-")
    name_communes(sheet, frame, shapes, taken=taken, avoid=list(drawn.values()), covering=math.inf)
    sheet.rectangle(Box(box.x, box.y, 5, 5), facecolor=PAPER, edgecolor=ACCENT, linewidth=0.9, gid="panel-corner")
    sheet.text(
        box.x + 2.5, box.y + 3.7, panel.letter, size=SMALL + 1.5, weight="bold", colour=ACCENT, align="center",
        gid=f"panel-letter-{panel.letter}",
    )  # fmt: skip
    draw_frame(sheet, box)


def _draw_shapes(
    sheet: Sheet, basemap: Basemap, frame: Frame, *, inks: dict[str, Ink], gid: str
) -> dict[str, Any]:
    """Draw the contours; give the drawn shapes by code."""
    codes = [place.code for place in basemap.places if place.code in basemap.contours]
    drawn = {
        code: shape
        for code, shape in zip(codes, frame.draw([basemap.contours[code] for code in codes]), strict=True)
        if not shape.is_empty
    }
    for code, shape in drawn.items():
        ink = inks[code]
        look = {"facecolor": PAPER, "edgecolor": MID, "linewidth": 0.5} if ink.dot else ink.style
        sheet.outline(outline([shape]), gid=f"{gid}{code}", **look)
        if ink.dot:
            point = shape.representative_point()
            sheet.circle(point.x, point.y, DOT, gid=f"{gid}dot-{code}", **style(str(Status.NOT_APPLICABLE)))
    return drawn


def _draw_numbers(
    sheet: Sheet, basemap: Basemap, frame: Frame, *, inks: dict[str, Ink], shapes: dict[str, Any],
    taken: Obstacles, gid: str,
) -> None:  # fmt: skip
    """Write each number in its shape, or beside it with a line where it does not fit."""
    numbers = {place.code: str(place.number) for place in basemap.places}
    for code, shape in shapes.items():
        text, ink = numbers[code], inks[code]
        size = (measured(text, SMALL, "semibold") + 0.8, 2.7)
        point = shape.representative_point()
        fits = shapely.box(point.x - size[0] / 2, point.y - 1.35, point.x + size[0] / 2, point.y + 1.35)
        within = shape.contains(fits) and not ink.dot
        spots = [(point.x, point.y)] if within else around(point.x, point.y, reach=9.0)[13:]
        spot = label_box(spots, size, room=frame.box, taken=taken)
        if spot is None:
            continue
        x, y = spot.x + spot.width / 2, spot.y + spot.height / 2
        if not within:
            sheet.line([point.x, x], [point.y, y], colour=GREY, width=0.5, gid="leader")
        if not within or ink.backed:
            sheet.rectangle(spot, facecolor=PAPER, edgecolor="none", alpha=0.9, gid="number-back")
        sheet.text(
            x, y + 0.95, text, size=SMALL, weight="semibold", colour=ink.number if within else INK,
            align="center", gid=f"{gid}{code}",
        )  # fmt: skip


def describe_choropleth(
    values: pd.DataFrame, territories: gpd.GeoDataFrame, *, unit: str, caption: Caption, variable: str = "",
    comparators: Sequence[Comparator] = (), method: str = "natural", closed: str = "left",
    basemap: Basemap | None = None, enlarged: bool = True,
) -> str:  # fmt: skip
    """Say the map in words; same arguments as :func:`choropleth`. Hidden values are counted, never given."""
    refuse_origin(variable)
    del method, closed, enlarged
    require(values, ["code", "value"], figure=_NAME)
    listed = (basemap or Basemap(territories)).places
    shown = cells(values, [place.code for place in listed], unit=unit)
    known = [
        f"{place.name}{NBSP}: {quantity(cell.value, unit)}"
        for place in listed
        if (cell := shown[place.code]).written and cell.value is not None
    ]
    parts = [
        f"Carte des contours{NBSP}: {caption.title}.",
        f"{caption.subtitle}." if caption.subtitle else "",
        f"{plural(len(known), 'valeur publiée', 'valeurs publiées')}{NBSP}: {' ; '.join(known)}." if known
        else "Aucune valeur publiée.",
        f"Repères{NBSP}: {enumeration(one.text(unit) for one in comparators)}." if comparators else "",
        absences(list(shown.values())),
    ]  # fmt: skip
    return typographic(" ".join(part for part in parts if part).replace("..", "."))


FIGURES.register(FigureKind("choropleth", _NAME, choropleth, describe_choropleth))
