"""Both generations of neighbourhoods, each seen close: what of the quarter of 2024 already was one in 2015."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from diagnostic.errors import Fault, InputError
from diagnostic.formatting import NBSP, number, plural, typographic
from diagnostic.publication.figures.caption import Caption, sheet_for
from diagnostic.publication.figures.ground import Basemap, draw_frame, draw_scale, outline
from diagnostic.publication.figures.lettering import shorten
from diagnostic.publication.figures.placing import Obstacles
from diagnostic.publication.figures.projection import Frame, local_crs
from diagnostic.publication.figures.registry import FIGURES, FigureKind
from diagnostic.publication.figures.tables import require
from diagnostic.publication.figures.theme import ACCENT, BLUE, GREY, INTERVAL, SMALL, TEXT, Box, leading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    import geopandas as gpd
    import pandas as pd
    from matplotlib.figure import Figure

    from diagnostic.publication.figures.theme import Paper, Sheet

MOST: Final = 24
HEAD: Final = 5.0
GAP: Final = 3.0
KEY: Final = 6.0
_RATIO: Final = 0.82  # height of a panel for its width
_LEAST: Final = 500.0  # metres: closer, one no longer sees where one is
_FOOT: Final = 0.3  # of half the window, left under the outlines for the scale
_WORDS: Final = 26.0  # millimetres that the title and the foot take
_NAME: Final = "deux générations"


@dataclass(frozen=True, slots=True)
class _Panel:
    """One quarter of the territory and those of the other generation that it meets."""

    number: int
    name: str
    old: tuple[Any, ...]
    new: tuple[Any, ...]
    share: float | None


def two_generations(
    pairs: pd.DataFrame, outlines: gpd.GeoDataFrame, territories: gpd.GeoDataFrame, *,
    codes: Sequence[str] | None = None, caption: Caption | None = None, basemap: Basemap | None = None,
) -> Figure:  # fmt: skip
    """Draw a small map a quarter, both generations on it.

    Parameters
    ----------
    pairs
        ``code_2024``, ``code_2015``, ``share_of_2024``: which quarters meet, and how much of that of 2024.
    outlines
        ``code``, ``vintage`` (2015 or 2024), ``geometry``.
    territories
        The quarters of the territory, of either generation: ``code``, ``label``, ``geometry``…
    codes
        Those to draw, 24 at most; all by default.
    caption
        Words around the maps.
    basemap
        The same territories already projected.

    Returns
    -------
    matplotlib.figure.Figure
        Outlines of 2015 filled, those of 2024 as a thick line: readable in black and white.

    Raises
    ------
    InputError
        When a column is absent, there is nothing to draw or there are more than 24 quarters.
    """
    base = basemap or Basemap(territories)
    panels = _panels(pairs, outlines, base, codes)
    words = caption or Caption("Les deux générations de quartiers")
    words = replace(words, generation=None)
    across = _across(len(panels), words.paper)
    wide = (words.paper.width - 1.0 - (across - 1) * GAP) / max(across, 2)
    high = wide * _RATIO
    rows = -(-len(panels) // across)
    sheet, room = sheet_for(words, KEY + rows * (HEAD + high + GAP))
    _key(sheet, room)
    for rank, panel in enumerate(panels):
        left = room.x + 0.5 + rank % across * (wide + GAP)
        top = room.y + KEY + HEAD + rank // across * (HEAD + high + GAP)
        _draw(sheet, base, panel, box=Box(left, top, wide, high), rank=rank)
    return sheet.figure


def _across(count: int, paper: Paper) -> int:
    """Choose how many maps lie side by side: three or four, more on a slide, which is low."""
    first = min(count, 3 if count <= 9 else 4)  # noqa: PLR2004 - three rows of three
    fits = (
        across for across in range(first, 9)
        if KEY + -(-count // across) * (HEAD + GAP + _RATIO * (paper.width - GAP * across) / max(across, 2))
        <= paper.height - _WORDS
    )  # fmt: skip
    return next(fits, 8)


def _panels(
    pairs: pd.DataFrame, outlines: gpd.GeoDataFrame, base: Basemap, codes: Sequence[str] | None
) -> list[_Panel]:
    require(pairs, ["code_2024", "code_2015", "share_of_2024"], figure=_NAME)
    require(outlines, ["code", "vintage"], figure=_NAME)
    wanted = [
        place for place in base.places
        if place.code in base.contours and (codes is None or place.code in codes)
    ]  # fmt: skip
    if len(wanted) > MOST or not wanted:
        raise InputError(
            Fault(f"{_NAME}\u00a0: nombre de quartiers", expected=f"de 1 à {MOST}", found=str(len(wanted)),
                  remedy="dessinez-les en plusieurs fois (codes=)")
        )  # fmt: skip
    west, south, east, north = outlines.to_crs(4326).total_bounds
    projected = outlines.to_crs(local_crs((west + east) / 2, (south + north) / 2))
    shapes = dict(zip(projected["code"].astype(str), projected.geometry.array, strict=True))
    found = []
    for place in wanted:
        own = "code_2024" if place.code.startswith("QN") else "code_2015"
        rows = pairs[pairs[own] == place.code]
        old, new = (_of(rows[name], shapes) for name in ("code_2015", "code_2024"))
        known = rows["share_of_2024"].dropna()
        whole = own == "code_2024" or len(set(rows["code_2024"])) == 1
        share = min(float(known.sum()), 1.0) if whole and len(known) else None
        found.append(_Panel(place.number, place.name, old, new, share))
    return found


def _of(codes: pd.Series[str], shapes: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(shapes[code] for code in dict.fromkeys(codes.dropna()) if code in shapes)


def _key(sheet: Sheet, room: Box) -> None:
    y = room.y + leading(SMALL) * 0.8
    sheet.rectangle(Box(room.x + 0.5, y - 2.4, 5, 3), facecolor=INTERVAL, edgecolor="none", gid="key-2015")
    sheet.text(room.x + 7, y, "périmètre de 2015", size=SMALL, gid="key-2015-text")
    sheet.line([room.x + 42, room.x + 47], [y - 0.9, y - 0.9], colour=ACCENT, width=1.6, gid="key-2024")
    sheet.text(room.x + 49, y, "périmètre de 2024", size=SMALL, gid="key-2024-text")
    told = typographic("à droite : part de la surface de 2024 déjà en quartier en 2015")
    sheet.text(room.right, y, told, size=SMALL, colour=GREY, align="right", gid="key-share")


def _draw(sheet: Sheet, base: Basemap, panel: _Panel, *, box: Box, rank: int) -> None:
    frame = Frame.around(_window([*panel.old, *panel.new]), box, margin=0.1)
    base.draw_communes(sheet, frame)
    for side, style in (
        (panel.old, {"facecolor": INTERVAL, "edgecolor": BLUE, "linewidth": 0.3}),
        (panel.new, {"facecolor": "none", "edgecolor": ACCENT, "linewidth": 1.6}),
    ):
        if side:
            name = "2015" if side is panel.old else "2024"
            sheet.outline(outline(frame.draw(list(side))), gid=f"outline-{name}-{rank}", **style)
    draw_scale(sheet, frame, Obstacles())
    draw_frame(sheet, box)
    share = "" if panel.share is None else f"{number(panel.share * 100, 0)} %"
    room = box.width - (9 if share else 0)
    title = shorten(typographic(f"{panel.number}. {panel.name}"), room, size=TEXT, weight="semibold")
    sheet.text(box.x, box.y - 1.3, title, size=TEXT, weight="semibold", gid=f"panel-title-{rank}")
    right, name = typographic(share), f"panel-share-{rank}"
    sheet.text(box.right, box.y - 1.3, right, size=SMALL, colour=GREY, align="right", gid=name)


def _window(shapes: Sequence[Any]) -> np.ndarray:
    west, south, east, north = shapely.total_bounds(shapes)
    half = max(east - west, north - south, _LEAST) / 2
    x, y = (west + east) / 2, (south + north) / 2
    return np.array([x - half, y - half - _FOOT * half, x + half, y + half])


def describe_two_generations(
    pairs: pd.DataFrame, outlines: gpd.GeoDataFrame, territories: gpd.GeoDataFrame, *,
    codes: Sequence[str] | None = None, caption: Caption | None = None, basemap: Basemap | None = None,
) -> str:  # fmt: skip
    """Say the maps in words; same arguments as :func:`two_generations`."""
    panels = _panels(pairs, outlines, basemap or Basemap(territories), codes)
    told = [
        f"{panel.name}{NBSP}: " + (
            "aucun quartier de l’autre génération" if not (panel.old and panel.new)
            else f"{number(panel.share * 100, 0)} % de 2024" if panel.share is not None
            else plural(len(panel.new), "quartier de 2024", "quartiers de 2024")
        )
        for panel in panels
    ]  # fmt: skip
    title = f"{caption.title}. " if caption else ""
    return typographic(
        f"Périmètres de 2015 et de 2024, {plural(len(panels), 'petite carte', 'petites cartes')}. {title}"
        f"Part de la surface de 2024 déjà en quartier en 2015 : {' ; '.join(told)}."
    )


FIGURES.register(
    FigureKind("two_generations", "les deux générations de quartiers", two_generations, describe_two_generations)
)
