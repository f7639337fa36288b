"""The same map several times, over years or groups, with the same classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from diagnostic.errors import Fault, InputError
from diagnostic.formatting import NBSP, number, plural, quantity, typographic
from diagnostic.publication.figures.caption import counted, sheet_for
from diagnostic.publication.figures.cells import cells
from diagnostic.publication.figures.circles import draw_circles, inked
from diagnostic.publication.figures.classes import classes
from diagnostic.publication.figures.ground import Basemap, draw_frame, draw_scale
from diagnostic.publication.figures.legend import Legend, absences
from diagnostic.publication.figures.lettering import shorten
from diagnostic.publication.figures.listing import draw_list, list_height
from diagnostic.publication.figures.placing import Obstacles
from diagnostic.publication.figures.projection import Frame
from diagnostic.publication.figures.registry import FIGURES, FigureKind
from diagnostic.publication.figures.tables import refuse_origin, require
from diagnostic.publication.figures.theme import GREY, SMALL, TEXT, Box

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd
    from matplotlib.figure import Figure

    from diagnostic.publication.figures.caption import Caption
    from diagnostic.publication.figures.cells import Cell
    from diagnostic.publication.figures.classes import Classes
    from diagnostic.publication.figures.ground import Place
    from diagnostic.publication.figures.legend import Comparator
    from diagnostic.publication.figures.theme import Sheet

MOST: Final = 9
ACROSS: Final = 3
HEAD: Final = 5.0
GAP: Final = 3.0
RADIUS: Final = 1.75
_LOWEST: Final = 34.0
_HIGHEST: Final = 70.0
_NAME: Final = "petites cartes"


def small_multiples(
    values: pd.DataFrame, territories: gpd.GeoDataFrame, *, unit: str, caption: Caption, variable: str = "",
    comparators: Sequence[Comparator] = (), method: str = "natural", closed: str = "left",
    basemap: Basemap | None = None,
) -> Figure:  # fmt: skip
    """Draw one small map a year or a group, classes common to all.

    Parameters
    ----------
    values
        Columns ``panel`` (what each map is of, as printed), ``code``, ``value``; ``status``, ``reliability``,
        ``n`` where they exist. Panels keep the order of the rows; nine at most.
    territories
        ``code``, ``label``, ``geometry``; ``level``, ``number``, ``short_label`` where they exist.
    unit
        Unit of the values.
    caption
        Words around the maps.
    variable
        Name of the indicator.
    comparators
        Values to place on the legend.
    method, closed
        Rule of the classes, as in :func:`~diagnostic.publication.figures.classes.classes`.
    basemap
        The same territories already projected.

    Returns
    -------
    matplotlib.figure.Figure
        Maps with numbered circles, one legend, one numbered list.

    Raises
    ------
    InputError
        When a column is absent, there is no row, or there are more than nine panels.
    RefusedError
        For shares of foreigners or immigrants.
    """
    refuse_origin(variable)
    base = basemap or Basemap(territories)
    panels = _panels(values, base.places, unit=unit)
    every = [cell for shown in panels.values() for cell in shown.values()]
    known = [cell.value for cell in every if cell.written and cell.value is not None]
    levels = classes(known, method=method, closed=closed)
    across = min(ACROSS, len(panels))
    wide = (caption.paper.width - 1.0 - (across - 1) * GAP) / across
    high = _height(base, wide)
    legend = Legend(levels, unit, every, comparators, caption.paper.width)
    thirds = np.array_split(np.arange(len(base.places)), min(ACROSS, len(base.places)))
    lists = [[base.places[rank] for rank in third] for third in thirds]
    column = (caption.paper.width - 2 * GAP) / ACROSS
    listed = max(list_height(part, column, values={}) for part in lists)
    maps = -(-len(panels) // across) * (HEAD + high + GAP)
    words = counted(caption, _in_all(panels), contours=base.has_communes)
    sheet, room = sheet_for(words, maps + legend.height + 3 + listed)
    for rank, (name, shown) in enumerate(panels.items()):
        left = room.x + 0.5 + rank % across * (wide + GAP)
        box = Box(left, room.y + HEAD + rank // across * (HEAD + high + GAP), wide, high)
        _draw_panel(sheet, base, name, shown, box=box, levels=levels, rank=rank)
    legend.draw(sheet, room.x, room.y + maps)
    for rank, part in enumerate(lists):
        box = Box(room.x + rank * (column + GAP), room.y + maps + legend.height + 3, column, listed)
        draw_list(sheet, box, part, values={})
    return sheet.figure


def _panels(values: pd.DataFrame, listed: Sequence[Place], *, unit: str) -> dict[str, dict[str, Cell]]:
    """Read one cell a panel and a place."""
    require(values, ["panel", "code", "value"], figure=_NAME)
    codes = [place.code for place in listed]
    found = {str(name): cells(rows, codes, unit=unit) for name, rows in values.groupby("panel", sort=False)}
    if len(found) > MOST:
        raise InputError(
            Fault(f"{_NAME}\u00a0: trop de cartes", expected=f"{MOST} au plus", found=str(len(found)),
                  remedy="gardez quelques années ou quelques groupes")
        )  # fmt: skip
    return found


def _in_all(panels: dict[str, dict[str, Cell]]) -> list[Cell]:
    """Give one cell a place: written where it is in every panel."""
    places = zip(*(shown.values() for shown in panels.values()), strict=True)
    return [next((cell for cell in several if not cell.written), several[0]) for several in places]


def _height(basemap: Basemap, wide: float) -> float:
    west, south, east, north = basemap.bounds()
    return float(np.clip(wide * max(north - south, 1.0) / max(east - west, 1.0), _LOWEST, _HIGHEST))


def _draw_panel(
    sheet: Sheet, basemap: Basemap, name: str, shown: dict[str, Cell], *, box: Box, levels: Classes, rank: int
) -> None:
    frame = Frame.around(basemap.bounds(), box, margin=0.08)
    basemap.draw_communes(sheet, frame)
    taken = Obstacles()
    if rank == 0:
        draw_scale(sheet, frame, taken)
    inks = {code: inked(cell, levels) for code, cell in shown.items()}
    radii = np.full(len(basemap.places), RADIUS)
    draw_circles(sheet, frame, basemap, inks=inks, radii=radii, taken=taken, gid=f"panel-{rank}-")
    draw_frame(sheet, box)
    written = sum(cell.written for cell in shown.values())
    base = f"{number(written)} sur{NBSP}{number(len(shown))} publiés" if written < len(shown) else ""
    title = shorten(typographic(name), box.width - 26 * bool(base), size=TEXT, weight="semibold")
    sheet.text(box.x, box.y - 1.4, title, size=TEXT, weight="semibold", gid=f"panel-title-{rank}")
    sheet.text(box.right, box.y - 1.4, base, size=SMALL, colour=GREY, align="right", gid=f"panel-count-{rank}")


def describe_small_multiples(
    values: pd.DataFrame, territories: gpd.GeoDataFrame, *, unit: str, caption: Caption, variable: str = "",
    comparators: Sequence[Comparator] = (), method: str = "natural", closed: str = "left",
    basemap: Basemap | None = None,
) -> str:  # fmt: skip
    """Say the maps in words; same arguments as :func:`small_multiples`. Hidden values are counted, never given."""
    refuse_origin(variable)
    del method, closed
    listed = (basemap or Basemap(territories)).places
    panels = _panels(values, listed, unit=unit)
    parts = [
        f"{plural(len(panels), 'carte')}{NBSP}: {caption.title}.",
        f"{caption.subtitle}." if caption.subtitle else "",
        *[f"{one.text(unit)}." for one in comparators],
    ]
    for name, shown in panels.items():
        said = [
            f"{place.name}{NBSP}: {quantity(cell.value, unit)}"
            for place in listed
            if (cell := shown[place.code]).written and cell.value is not None
        ]
        parts += [f"{name}{NBSP}: {' ; '.join(said) if said else 'aucune valeur publiée'}.",
                  absences(list(shown.values()))]  # fmt: skip
    return typographic(" ".join(part for part in parts if part).replace("..", "."))


FIGURES.register(FigureKind("small_multiples", _NAME, small_multiples, describe_small_multiples))
