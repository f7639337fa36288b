"""Every neighbourhood of the country as a symbol at its centre; each overseas territory in its own projection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from diagnostic.errors import TerritoryError
from diagnostic.formatting import NBSP, number, plural, typographic
from diagnostic.publication.figures.caption import counted, sheet_for
from diagnostic.publication.figures.cells import VALUE, cells
from diagnostic.publication.figures.classes import classes, written
from diagnostic.publication.figures.ground import draw_frame, draw_scale, outline, places
from diagnostic.publication.figures.legend import Legend, absences
from diagnostic.publication.figures.lettering import shorten
from diagnostic.publication.figures.marks import LEGEND_LABELS, ramp
from diagnostic.publication.figures.placing import Obstacles
from diagnostic.publication.figures.projection import Frame, local_crs
from diagnostic.publication.figures.registry import FIGURES, FigureKind
from diagnostic.publication.figures.tables import refuse_origin, require
from diagnostic.publication.figures.theme import GREY, GROUND, HAIR, INK, MID, SMALL, Box
from diagnostic.vocabulary import Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    import geopandas as gpd
    import pandas as pd
    from matplotlib.figure import Figure

    from diagnostic.publication.figures.caption import Caption
    from diagnostic.publication.figures.cells import Cell
    from diagnostic.publication.figures.classes import Classes
    from diagnostic.publication.figures.legend import Comparator
    from diagnostic.publication.figures.theme import Sheet

# West, south, east, north in degrees.
MAINLAND: Final = (-5.6, 41.2, 9.8, 51.3)
OVERSEAS: Final = {
    "Guadeloupe": (-61.9, 15.7, -60.9, 16.6), "Martinique": (-61.4, 14.3, -60.7, 15.0),
    "Guyane": (-54.8, 2.0, -51.4, 6.0), "La Réunion": (55.1, -21.5, 55.9, -20.8),
    "Mayotte": (44.9, -13.1, 45.4, -12.6), "Saint-Martin": (-63.2, 17.9, -62.9, 18.2),
    "Polynésie française": (-152.0, -18.5, -148.5, -16.0),
}  # fmt: skip
CROWDED: Final = {"Île-de-France": (1.75, 48.45, 2.95, 49.2)}
COLUMN: Final = 54.0
HIGH: Final = 130.0
GAP: Final = 1.6
ACROSS: Final = 2
RADIUS: Final = 0.62
LARGER: Final = 0.85
LARGEST: Final = 2.0
MANY: Final = 800  # neighbourhoods that symbols of the least radius suit
GLYPH_ROOM: Final = 38.0
_SPAN: Final = 15_000.0  # metres: a territory with one neighbourhood still has some ground
_NAME: Final = "carte nationale"
# At a millimetre a hatch is not read: each absence has its own glyph, which the legend repeats in words.
GLYPHS: Final = {
    str(Status.SUPPRESSED): "x", str(Status.NOT_RELEASED): "_", str(Status.MISSING): "o",
    str(Status.NOT_APPLICABLE): ".", "masked": "+",
}  # fmt: skip
_OTHER: Final = "d"


@dataclass(frozen=True, slots=True)
class _Window:
    """A part of the world in its own projection: which neighbourhoods lie in it, their points, the ground."""

    name: str
    members: np.ndarray
    points: np.ndarray
    ground: np.ndarray


def national_map(
    values: pd.DataFrame, territories: gpd.GeoDataFrame, *, unit: str, caption: Caption, variable: str = "",
    comparators: Sequence[Comparator] = (), method: str = "quantiles", closed: str = "left",
    crowded: Mapping[str, tuple[float, float, float, float]] = CROWDED,
) -> Figure:  # fmt: skip
    """Draw all the neighbourhoods of the country.

    Parameters
    ----------
    values
        Columns ``code``, ``value``; ``status``, ``reliability``, ``n`` where they exist.
    territories
        ``code``, ``label``, ``geometry`` with a declared reference system; rows of level ``departement`` or
        ``region`` are the ground.
    unit
        Unit of the values.
    caption
        Words around the map.
    variable
        Name of the indicator.
    comparators
        Values to place on the legend.
    method, closed
        Rule of the classes, as in :func:`~diagnostic.publication.figures.classes.classes`.
    crowded
        Parts enlarged in a panel, west, south, east, north in degrees.

    Returns
    -------
    matplotlib.figure.Figure
        Mainland in Lambert-93, a panel for each overseas territory that has a neighbourhood, in its UTM zone,
        enlarged parts, legend with every mark. Each panel has its own scale bar.

    Raises
    ------
    InputError
        When a column is absent or there is no row.
    RefusedError
        For shares of foreigners or immigrants.
    TerritoryError
        When the table has no reference system or no neighbourhood.
    """
    refuse_origin(variable)
    require(values, ["code", "value"], figure=_NAME)
    codes, windows = _windows(territories, crowded)
    shown = cells(values, codes, unit=unit)
    known = [cell.value for cell in shown.values() if cell.written and cell.value is not None]
    levels = classes(known, method=method, closed=closed)
    main, *others = windows
    aside = COLUMN + GAP if others else 0.0
    wide = caption.paper.width - aside - 1.0
    legend = Legend(levels, unit, list(shown.values()), comparators, wide - GLYPH_ROOM)
    sheet, room = sheet_for(counted(caption, shown.values()), HIGH + legend.height + 2)
    ordered = [shown[code] for code in codes]
    left = room.x + aside + 0.5
    radius = float(np.clip(RADIUS * np.sqrt(MANY / max(len(main.members), 1)), RADIUS, LARGEST))
    _draw(sheet, main, Box(left, room.y, wide, HIGH), ordered, levels=levels, radius=radius)
    for window, box in zip(others, _column(room, len(others)), strict=True):
        _draw(sheet, window, box, ordered, levels=levels, radius=LARGER)
        name = shorten(window.name, box.width - 2, size=SMALL, weight="semibold")
        sheet.text(box.x + 1, box.y + 2.9, name, size=SMALL, weight="semibold", gid=f"inset-{window.name}")
    legend.draw(sheet, left, room.y + HIGH + 2)
    _draw_glyphs(sheet, ordered, x=room.right - GLYPH_ROOM + 2, y=room.y + HIGH + 4.5)
    return sheet.figure


def _windows(
    territories: gpd.GeoDataFrame, crowded: Mapping[str, tuple[float, float, float, float]]
) -> tuple[list[str], list[_Window]]:
    """Share the neighbourhoods out between the mainland, overseas territories and enlarged parts."""
    listed = places(territories)
    if territories.crs is None or not listed:
        raise TerritoryError("carte impossible : aucun quartier, ou système de coordonnées non déclaré")
    level = territories.get("level")
    rows = territories if level is None else territories[level == "qpv"]
    ground = territories.iloc[:0] if level is None else territories[level.isin(["departement", "region"])]
    located = dict(zip(rows["code"].astype(str), rows.geometry.array, strict=True))
    codes = [place.code for place in listed]
    shapes = np.asarray([located[code] for code in codes], dtype=object)
    degrees = _centres(shapes, territories.crs, 4326)
    found = []
    for name, (west, south, east, north) in ({"": MAINLAND} | dict(crowded) | OVERSEAS).items():
        x, y = degrees.T
        members = np.flatnonzero((x >= west) & (x <= east) & (y >= south) & (y <= north))
        if not len(members) and name:
            continue
        crs = local_crs((west + east) / 2, (south + north) / 2)
        below = ground.to_crs(crs).geometry.to_numpy() if len(ground) else np.zeros(0, dtype=object)
        found.append(_Window(name, members, _centres(shapes[members], territories.crs, crs), below))
    return codes, found


def _centres(shapes: np.ndarray, crs: object, target: int) -> np.ndarray:
    """Give a point inside each shape in another reference system; NaN for an absent shape."""
    import geopandas as gpd  # noqa: PLC0415 - the caller's tables have already loaded it

    points = gpd.GeoSeries(shapely.point_on_surface(shapes), crs=crs).to_crs(target)
    return np.column_stack([shapely.get_x(points.to_numpy()), shapely.get_y(points.to_numpy())])


def _column(room: Box, count: int) -> list[Box]:
    """Lay the panels out at the left of the map, two a row."""
    rows = max(-(-count // ACROSS), 1)
    wide, high = (COLUMN - (ACROSS - 1) * GAP) / ACROSS, (HIGH - (rows - 1) * GAP) / rows
    return [
        Box(room.x + 0.5 + rank % ACROSS * (wide + GAP), room.y + rank // ACROSS * (high + GAP), wide, high)
        for rank in range(count)
    ]


def _draw(
    sheet: Sheet, window: _Window, box: Box, ordered: Sequence[Cell], *, levels: Classes, radius: float
) -> None:
    """Draw one window: ground, symbols in list order, scale."""
    if len(window.points):
        west, south, east, north = shapely.total_bounds(shapely.points(window.points))
    else:
        west = south = east = north = 0.0
    middle = np.array([(west + east) / 2, (south + north) / 2])
    half = np.maximum([(east - west) / 2, (north - south) / 2], _SPAN / 2)
    inner = Box(box.x, box.y + 3.2, box.width, box.height - 7.8) if window.name else box
    inside = Frame.around(np.concatenate([middle - half, middle + half]), inner, margin=0.08)
    frame = Frame(box, inside.west, inside.north + (inner.y - box.y) / inside.scale, inside.scale)
    sheet.rectangle(box, facecolor=GROUND if not len(window.ground) else "#ffffff", edgecolor="none", gid="panel")
    if len(window.ground):
        below = [shape for shape in frame.draw(window.ground) if not shape.is_empty]
        sheet.outline(outline(below), facecolor=GROUND, edgecolor=HAIR, linewidth=0.5, gid="ground")
    points = frame.place(window.points) if len(window.points) else window.points
    chosen = [ordered[member] for member in window.members]
    valued = np.array([cell.kind == VALUE for cell in chosen], dtype=bool)
    for kind in dict.fromkeys(cell.kind for cell in chosen if cell.kind != VALUE):
        those = points[[cell.kind == kind for cell in chosen]]
        _mark(sheet, those, kind, radius=radius)
    if valued.any():
        inks = ramp(len(levels))
        colours = [inks[levels.of(cell.value or 0.0)] for cell in chosen if cell.kind == VALUE]
        sheet.disks(points[valued], colours=colours, radius=radius, gid="symbols")
    draw_scale(sheet, frame, Obstacles())
    draw_frame(sheet, box)


def _mark(sheet: Sheet, points: np.ndarray, kind: str, *, radius: float) -> None:
    dotted = kind == Status.NOT_APPLICABLE
    sheet.markers(
        points[:, 0], points[:, 1], GLYPHS.get(kind, _OTHER), size=radius * 4.6, width=0.6,
        colour=MID if dotted else INK, fill=MID if dotted else "none", gid=f"absent-{kind}",
    )  # fmt: skip


def _draw_glyphs(sheet: Sheet, ordered: Sequence[Cell], *, x: float, y: float) -> None:
    """Say which glyph stands on the map for each absence that occurs."""
    kinds = [kind for kind in dict.fromkeys(cell.kind for cell in ordered) if kind != VALUE]
    if kinds:
        sheet.text(x, y, "Sur la carte", size=SMALL, colour=GREY, gid="glyphs")
    for rank, kind in enumerate(kinds, start=1):
        _mark(sheet, np.array([[x + 1.4, y + 3.6 * rank - 0.9]]), kind, radius=LARGER)
        sheet.text(x + 3.6, y + 3.6 * rank, LEGEND_LABELS[kind], size=SMALL, gid=f"glyph-{kind}")


def describe_national_map(
    values: pd.DataFrame, territories: gpd.GeoDataFrame, *, unit: str, caption: Caption, variable: str = "",
    comparators: Sequence[Comparator] = (), method: str = "quantiles", closed: str = "left",
    crowded: Mapping[str, tuple[float, float, float, float]] = CROWDED,
) -> str:  # fmt: skip
    """Say the map in words; same arguments as :func:`national_map`. Hidden values are counted, never given."""
    refuse_origin(variable)
    require(values, ["code", "value"], figure=_NAME)
    del crowded
    shown = cells(values, [place.code for place in places(territories)], unit=unit)
    known = [cell.value for cell in shown.values() if cell.written and cell.value is not None]
    levels = classes(known, method=method, closed=closed)
    limits = written(levels.limits, unit)
    counts: Any = np.bincount([levels.of(value) for value in known], minlength=len(levels)) if known else []
    said = [
        f"de {low} à {high}{NBSP}: {number(count)}"
        for low, high, count in zip(limits, limits[1:], counts, strict=False)
    ]
    parts = [
        f"Carte de France{NBSP}: {caption.title}.", f"{caption.subtitle}." if caption.subtitle else "",
        f"{plural(len(known), 'quartier publié', 'quartiers publiés')}, par classe{NBSP}: {' ; '.join(said)}."
        if known else "Aucune valeur publiée.",
        *[f"{one.text(unit)}." for one in comparators], absences(list(shown.values())),
    ]  # fmt: skip
    return typographic(" ".join(part for part in parts if part).replace("..", "."))


FIGURES.register(FigureKind("national_map", _NAME, national_map, describe_national_map))
