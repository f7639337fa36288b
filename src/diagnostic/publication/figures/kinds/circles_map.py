"""A thematic map: numbered circles sized by population, coloured by class, absences each with its own mark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from diagnostic.formatting import NBSP, number, plural, quantity, typographic
from diagnostic.publication.figures.caption import counted, sheet_for
from diagnostic.publication.figures.cells import cells
from diagnostic.publication.figures.circles import draw_circles, inked
from diagnostic.publication.figures.classes import classes
from diagnostic.publication.figures.ground import (
    Basemap,
    draw_frame,
    draw_scale,
    map_height,
    name_communes,
    names_without_contours,
)
from diagnostic.publication.figures.legend import Legend, absences
from diagnostic.publication.figures.listing import draw_list, list_height
from diagnostic.publication.figures.placing import Obstacles
from diagnostic.publication.figures.projection import Frame
from diagnostic.publication.figures.registry import FIGURES, FigureKind
from diagnostic.publication.figures.tables import refuse_origin
from diagnostic.publication.figures.theme import GREY, SMALL, Box, Sheet
from diagnostic.vocabulary import NEVER_MAPPED, UNIT_LABELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd
    from matplotlib.figure import Figure

    from diagnostic.publication.figures.caption import Caption
    from diagnostic.publication.figures.legend import Comparator

__all__ = ["NEVER_MAPPED", "circles_map", "describe_circles_map"]

LIST_WIDTH: Final = 56.0
SMALLEST: Final = 2.15
LARGEST: Final = 4.4


def circles_map(
    values: pd.DataFrame, territories: gpd.GeoDataFrame, *, unit: str, caption: Caption, variable: str = "",
    comparators: Sequence[Comparator] = (), basemap: Basemap | None = None,
) -> Figure:  # fmt: skip
    """Draw a thematic map of neighbourhoods.

    Parameters
    ----------
    values
        Columns ``code``, ``value``; ``status`` and ``reliability`` where they exist.
    territories
        ``code``, ``label``, ``geometry``; ``level``, ``number``, ``short_label``, ``population`` where they exist.
    unit
        Unit of the values.
    caption
        Words around the map.
    variable
        Name of the indicator.
    comparators
        Values to place on the legend.
    basemap
        The same territories already projected.

    Returns
    -------
    matplotlib.figure.Figure
        Map, numbered list with values or marks, legend with the four marks.

    Raises
    ------
    RefusedError
        For shares of foreigners or immigrants: they are never mapped by neighbourhood.
    TerritoryError
        When the table has no reference system or no neighbourhood.
    """
    refuse_origin(variable)
    base = basemap or Basemap(territories)
    shown = cells(values, [place.code for place in base.places], unit=unit)
    levels = classes(cell.value for cell in shown.values() if cell.written and cell.value is not None)
    texts = {code: cell.text() for code, cell in shown.items()}
    heading = UNIT_LABELS.get(unit, "")
    rows = list_height(base.places, LIST_WIDTH, values=texts, heading=heading)
    wide = caption.paper.width - LIST_WIDTH - 5
    legend = Legend(levels, unit, list(shown.values()), comparators, wide)
    high = map_height(base, wide, listed=rows - legend.height - 2, paper=caption.paper)
    words = counted(caption, shown.values(), contours=base.has_communes)
    sheet, room = sheet_for(words, max(high + legend.height + 2, rows))
    box = Box(room.x, room.y, wide, high)
    frame = Frame.around(base.bounds(), box, margin=0.06)
    shapes = base.draw_communes(sheet, frame) or names_without_contours(base, frame)
    contours = base.draw_contours(sheet, frame, colour="#c9cfd8", edge="#9aa3b2")
    taken = Obstacles()
    draw_scale(sheet, frame, taken)
    radii = _radii(base)
    inks = {code: inked(cell, levels) for code, cell in shown.items()}
    draw_circles(sheet, frame, base, inks=inks, radii=radii, taken=taken)
    name_communes(sheet, frame, shapes, taken=taken, avoid=contours)
    draw_frame(sheet, box)
    draw_list(
        sheet, Box(room.right - LIST_WIDTH, room.y, LIST_WIDTH, rows), base.places, values=texts, heading=heading
    )
    legend.draw(sheet, room.x, box.bottom + 2)
    _draw_sizes(sheet, base, radii, x=box.right - 20, y=box.bottom + 2 + legend.bar + 4.5)
    return sheet.figure


def _radii(basemap: Basemap) -> np.ndarray:
    people = np.array([place.population or 0.0 for place in basemap.places])
    if not people.max(initial=0.0):
        return np.full(len(people), (SMALLEST + LARGEST) / 2)
    largest = LARGEST if len(people) < 30 else 3.4  # noqa: PLR2004 - more circles need smaller ones
    radii: np.ndarray = np.maximum(SMALLEST, largest * np.sqrt(people / people.max()))
    return radii


def _draw_sizes(sheet: Sheet, basemap: Basemap, radii: np.ndarray, *, x: float, y: float) -> None:
    """Say what the size of a circle is, with its largest."""
    people, radius = max((place.population or 0.0, one) for place, one in zip(basemap.places, radii, strict=True))
    if not people:
        return
    sheet.circle(x - radius - 1.5, y, radius, facecolor="none", edgecolor=GREY, linewidth=0.7, gid="size-sample")
    sheet.text(x, y - 0.4, f"{number(people)}{NBSP}hab.", size=SMALL, colour=GREY, gid="size-label")
    sheet.text(x, y + 2.5, "(le plus peuplé)", size=SMALL, colour=GREY)


def describe_circles_map(
    values: pd.DataFrame, territories: gpd.GeoDataFrame, *, unit: str, caption: Caption, variable: str = "",
    comparators: Sequence[Comparator] = (), basemap: Basemap | None = None,
) -> str:  # fmt: skip
    """Say the map in words; same arguments as :func:`circles_map`. Hidden values are counted, never given."""
    del variable
    listed = basemap.places if basemap else Basemap(territories).places
    shown = cells(values, [place.code for place in listed], unit=unit)
    known = sorted(
        (cell.value, place.name) for place in listed if (cell := shown[place.code]).written
    )  # fmt: skip
    parts = [f"Carte{NBSP}: {caption.title}.", f"{caption.subtitle}." if caption.subtitle else ""]
    if len(known) > 1:
        low, high = known[0], known[-1]
        parts.append(
            f"{plural(len(known), 'valeur publiée', 'valeurs publiées')}, "
            f"de {quantity(low[0] or 0, unit)} ({low[1]}) à {quantity(high[0] or 0, unit)} ({high[1]})."
        )
    elif known:
        parts.append(f"{known[0][1]}{NBSP}: {quantity(known[0][0] or 0, unit)}.")
    else:
        parts.append("Aucune valeur publiée.")
    parts += [f"{one.text(unit)}." for one in comparators]
    parts.append(absences(list(shown.values())))
    return typographic(" ".join(part for part in parts if part).replace("..", "."))


FIGURES.register(FigureKind("circles_map", "carte en cercles", circles_map, describe_circles_map))
