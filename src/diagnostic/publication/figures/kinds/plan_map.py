"""A map of states: one numbered circle a territory, filled by the state of its plan, told apart without colour."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from diagnostic.formatting import NBSP, enumeration, number, plural, typographic
from diagnostic.publication.figures.caption import NO_CONTOURS, sheet_for
from diagnostic.publication.figures.circles import Ink, draw_circles
from diagnostic.publication.figures.ground import (
    Basemap,
    draw_frame,
    draw_scale,
    map_height,
    name_communes,
    names_without_contours,
)
from diagnostic.publication.figures.lettering import shorten
from diagnostic.publication.figures.placing import Obstacles
from diagnostic.publication.figures.projection import Frame
from diagnostic.publication.figures.tables import require
from diagnostic.publication.figures.theme import BLUE, GREY, HAIR, INK, INTERVAL, PAPER, SMALL, Box, leading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    import pandas as pd
    from matplotlib.figure import Figure

    from diagnostic.publication.figures.caption import Caption
    from diagnostic.publication.figures.ground import Place
    from diagnostic.publication.figures.theme import Sheet

STATES: Final[Mapping[str, str]] = {
    "dated": "plan connu et daté", "undated": "plan connu, sans date", "under_way": "plan en préparation",
    "none": "aucun plan, selon une source", "unknown": "non documenté",
}  # fmt: skip
UNKNOWN: Final = "unknown"
# A full disk, a grey one, a hatched one, a bold ring, a dotted ring: apart on paper without colour.
INKS: Final[Mapping[str, Ink]] = {
    "dated": Ink({"facecolor": BLUE, "edgecolor": INK, "linewidth": 0.5}, PAPER),
    "undated": Ink({"facecolor": INTERVAL, "edgecolor": INK, "linewidth": 0.5}),
    "under_way": Ink({"facecolor": PAPER, "edgecolor": INK, "hatch": "//////", "linewidth": 0.8}, backed=True),
    "none": Ink({"facecolor": PAPER, "edgecolor": INK, "linewidth": 1.6}),
    UNKNOWN: Ink({"facecolor": PAPER, "edgecolor": GREY, "linestyle": (0, (1.2, 1.6)), "linewidth": 1.0}),
}
RADIUS: Final = 2.6
LIST_WIDTH: Final = 56.0
_SIZE: Final = 7.5
_ROW: Final = leading(_SIZE) * 0.98
_HEAD: Final = 5.6
_NUMBER: Final = 6.0


def plan_map(
    states: pd.DataFrame, territories: gpd.GeoDataFrame, *, caption: Caption, basemap: Basemap | None = None
) -> Figure:
    """Draw where plans stand.

    Parameters
    ----------
    states
        Columns ``code``, ``state``: one of ``STATES``. A territory that has no row is not documented.
    territories
        One row of level ``qpv`` a territory: ``code``, ``label``, ``geometry``; ``number`` where it exists.
    caption
        Words around the map.
    basemap
        The same territories already projected.

    Returns
    -------
    matplotlib.figure.Figure
        Map, and beside it the territories by state: the list is the legend, each state there even when empty.

    Raises
    ------
    InputError
        When a column lacks or there is no row.
    TerritoryError
        When the table has no reference system or no territory.
    """
    base = basemap or Basemap(territories)
    groups = _groups(states, base.places)
    rows = sum(_HEAD + _ROW * len(held) for held in groups.values())
    wide = caption.paper.width - LIST_WIDTH - 5
    high = map_height(base, wide, listed=rows, paper=caption.paper)
    words = caption if base.has_communes else replace(caption, caveat=f"{caption.caveat} {NO_CONTOURS}".strip())
    sheet, room = sheet_for(words, max(high, rows))
    box = Box(room.x, room.y, wide, high)
    frame = Frame.around(base.bounds(), box, margin=0.06)
    shapes = base.draw_communes(sheet, frame) or names_without_contours(base, frame)
    taken = Obstacles()
    draw_scale(sheet, frame, taken)
    inks = {place.code: INKS[state] for state, held in groups.items() for place in held}
    draw_circles(sheet, frame, base, inks=inks, radii=np.full(len(base.places), RADIUS), taken=taken)
    name_communes(sheet, frame, shapes, taken=taken)
    draw_frame(sheet, box)
    _draw_groups(sheet, Box(room.right - LIST_WIDTH, room.y, LIST_WIDTH, rows), groups)
    return sheet.figure


def _groups(states: pd.DataFrame, places: Sequence[Place]) -> dict[str, list[Place]]:
    """Put the territories under their state, in list order."""
    require(states, ["code", "state"], figure="carte des plans")
    known = dict(zip(states["code"].astype(str), states["state"].astype(str), strict=True))
    found: dict[str, list[Place]] = {state: [] for state in STATES}
    for place in places:
        found[known.get(place.code, UNKNOWN)].append(place)
    return found


def _draw_groups(sheet: Sheet, box: Box, groups: Mapping[str, Sequence[Place]]) -> None:
    y = box.y
    for state, held in groups.items():
        ink, foot = INKS[state], y + 3.6
        sheet.circle(box.x + 1.9, foot - 1.0, 1.6, gid=f"legend-{state}", **ink.style)
        count = number(len(held)) if held else "aucun"
        label = typographic(f"{STATES[state].capitalize()}{NBSP}: {count}")
        sheet.text(box.x + _NUMBER, foot, label, size=_SIZE, weight="semibold", gid=f"legend-label-{state}")
        sheet.line([box.x, box.right], [foot + 1.1, foot + 1.1], colour=HAIR, width=0.6)
        y += _HEAD
        for place in held:
            line = y + _ROW * 0.74
            sheet.text(box.x + _NUMBER - 1.6, line, str(place.number), size=SMALL, colour=GREY, align="right")
            name = shorten(typographic(place.name), box.width - _NUMBER - 0.5, size=_SIZE)
            sheet.text(box.x + _NUMBER, line, name, size=_SIZE, gid=f"name-{place.code}")
            y += _ROW


def describe_plan_map(
    states: pd.DataFrame, territories: gpd.GeoDataFrame, *, caption: Caption, basemap: Basemap | None = None
) -> str:
    """Say the map in words; same arguments as :func:`plan_map`. Territories without a source are counted."""
    groups = _groups(states, (basemap or Basemap(territories)).places)
    parts = [f"Carte{NBSP}: {caption.title}.", f"{caption.subtitle}." if caption.subtitle else ""]
    parts += [
        f"{STATES[state].capitalize()}{NBSP}: {enumeration(place.name for place in held)}."
        for state, held in groups.items() if held and state != UNKNOWN
    ]  # fmt: skip
    unknown = plural(len(groups[UNKNOWN]), "territoire")
    parts.append(f"Non documenté{NBSP}: {unknown}." if groups[UNKNOWN] else "")
    return typographic(" ".join(part for part in parts if part).replace("..", "."))
