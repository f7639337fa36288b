"""The quiet ground of every map: communes, neighbourhoods, scale bar, names that do not collide."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from matplotlib.path import Path as Outline

from diagnostic.errors import TerritoryError
from diagnostic.formatting import NBSP, number, typographic
from diagnostic.publication.figures.lettering import width as measured
from diagnostic.publication.figures.placing import Obstacles, around, label_box
from diagnostic.publication.figures.projection import Frame, local_crs
from diagnostic.publication.figures.tables import require
from diagnostic.publication.figures.theme import (
    A4,
    BLUE,
    GREY,
    GROUND,
    HAIR,
    HOLDING,
    INK,
    MID,
    SMALL,
    Box,
    Paper,
    Sheet,
    leading,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import geopandas as gpd
    import numpy.typing as npt

_SEPARATORS: Final = re.compile(r"\s*[;,|]\s*")
_METRES_TO_KM: Final = 1000
LOWEST: Final = 58.0
HIGHEST: Final = 92.0
HIGHEST_FEW: Final = 72.0
_FEW: Final = 2
_STRETCH: Final = 1.35
_WORDS: Final = 46.0
_NEAR: Final = 9.0  # millimetres: further away a name would be read as a neighbour's
_OUTSIDE: Final = 5.0  # what it costs a name to leave its commune, in millimetres
_COVERING: Final = 4.0  # and to cover a neighbourhood


def words(value: object) -> tuple[str, ...]:
    """Read a list of codes or names, however it is kept.

    Examples
    --------
    >>> words("Auby, Roost-Warendin"), words(["Auby"]), words(None)
    (('Auby', 'Roost-Warendin'), ('Auby',), ())
    """
    if isinstance(value, str):
        return tuple(word for word in _SEPARATORS.split(value.strip()) if word)
    if isinstance(value, (list, tuple, set, np.ndarray)):
        return tuple(str(word) for word in value)
    return ()


@dataclass(frozen=True, slots=True)
class Place:
    """A neighbourhood of the list.

    Parameters
    ----------
    code, number, name, label
        Code, number in the list, short name and full name.
    communes
        Names of its communes.
    commune_codes
        Their codes.
    population
        Inhabitants, ``None`` where unknown.
    area
        Hectares, ``None`` where unknown.
    """

    code: str
    number: int
    name: str
    label: str
    communes: tuple[str, ...]
    commune_codes: tuple[str, ...]
    population: float | None
    area: float | None


def _number_or_none(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float, np.number)) and np.isfinite(value) else None


def places(territories: gpd.GeoDataFrame) -> list[Place]:
    """List the neighbourhoods of a table in list order.

    Parameters
    ----------
    territories
        ``code`` and ``label``; ``level``, ``number``, ``short_label``, ``commune_labels``, ``population``… where
        they exist. Rows of another level than ``qpv`` are left out.

    Returns
    -------
    list of Place
        Numbered as in the table, else from 1.

    Raises
    ------
    InputError
        When the table has no code, no label or no row.
    """
    require(territories, ["code", "label"], figure="liste des quartiers")
    rows = territories[territories["level"] == "qpv"] if "level" in territories else territories
    found = []
    for rank, row in enumerate(rows.drop(columns="geometry", errors="ignore").to_dict("records"), start=1):
        given = _number_or_none(row.get("number"))
        label = str(row["label"])
        short = row.get("short_label")
        found.append(
            Place(
                str(row["code"]), rank if given is None else int(given),
                short if isinstance(short, str) and short else label, label,
                words(row.get("commune_labels")), words(row.get("communes")),
                _number_or_none(row.get("population")), _number_or_none(row.get("area")),
            )
        )  # fmt: skip
    return sorted(found, key=lambda place: (place.number, place.code))


class Basemap:
    """A territory projected once, for as many maps as wanted.

    Parameters
    ----------
    territories
        Columns of ``schemas.TERRITORY_COLUMNS`` that exist (``code``, ``label``, ``geometry`` at least), with a
        declared reference system; communes are rows of level ``commune``.

    Raises
    ------
    TerritoryError
        When the table has no reference system or no neighbourhood.
    """

    def __init__(self, territories: gpd.GeoDataFrame) -> None:
        self.places = places(territories)
        if territories.crs is None or not self.places:
            raise TerritoryError("carte impossible : aucun quartier, ou système de coordonnées non déclaré")
        known = territories[territories.geometry.notna() & ~territories.geometry.is_empty]
        west, south, east, north = known.to_crs(4326).total_bounds
        projected = known.to_crs(local_crs((west + east) / 2, (south + north) / 2))
        is_qpv = (
            (projected["level"] == "qpv").to_numpy()
            if "level" in projected
            else np.ones(len(projected), dtype=bool)
        )
        contours = dict(zip(projected["code"].astype(str)[is_qpv], projected.geometry.array[is_qpv], strict=True))
        self.contours = {place.code: contours[place.code] for place in self.places if place.code in contours}
        is_commune = (
            (projected["level"] == "commune").to_numpy() if "level" in projected else np.zeros(0, dtype=bool)
        )
        communes = projected[is_commune] if is_commune.any() else projected.iloc[:0]
        self.communes = list(
            zip(communes["code"].astype(str), communes["label"].astype(str), communes.geometry.array, strict=True)
        )
        self.holding = {code for place in self.places for code in place.commune_codes}

    @property
    def has_communes(self) -> bool:
        """Whether the communes' contours are known."""
        return bool(self.communes)

    def bounds(self, codes: Iterable[str] | None = None) -> npt.NDArray[np.float64]:
        """Give the bounds of the communes that hold a neighbourhood, or of some neighbourhoods."""
        if codes is not None:
            shapes = [self.contours[code] for code in codes if code in self.contours]
        else:
            shapes = [shape for code, _, shape in self.communes if code in self.holding]
            shapes = [*shapes, *self.contours.values()]
        box: npt.NDArray[np.float64] = np.asarray(shapely.total_bounds(shapes), dtype=float)
        return box

    def anchors(self, frame: Frame) -> npt.NDArray[np.float64]:
        """Give a point inside each neighbourhood of the list, on the sheet; off the map where unknown."""
        points = []
        for place in self.places:
            shape = self.contours.get(place.code)
            point = None if shape is None else shape.representative_point()
            points.append((np.nan, np.nan) if point is None else (point.x, point.y))
        return frame.place(np.asarray(points, dtype=float))

    def draw_communes(self, sheet: Sheet, frame: Frame) -> dict[str, Any]:
        """Draw the ground; give the drawn shapes of the communes that hold a neighbourhood, by name."""
        box = frame.box
        sheet.rectangle(box, facecolor="#ffffff" if self.has_communes else GROUND, edgecolor="none", gid="panel")
        shown = frame.draw([shape for _, _, shape in self.communes])
        held: list[Any] = []
        others: list[Any] = []
        named: dict[str, Any] = {}
        for (code, name, _), shape in zip(self.communes, shown, strict=True):
            if shape.is_empty:
                continue
            (held if code in self.holding else others).append(shape)
            if code in self.holding:
                named[name] = shape
        for shapes, colour, gid in ((others, GROUND, "communes"), (held, HOLDING, "communes-holding")):
            if shapes:
                sheet.outline(outline(shapes), facecolor=colour, edgecolor=HAIR, linewidth=0.5, gid=gid)
        return named

    def draw_contours(self, sheet: Sheet, frame: Frame, *, colour: str, edge: str) -> list[Any]:
        """Draw the neighbourhoods' own contours; give their drawn shapes."""
        shown = [shape for shape in frame.draw(list(self.contours.values())) if not shape.is_empty]
        if shown:
            sheet.outline(outline(shown), facecolor=colour, edgecolor=edge, linewidth=0.4, gid="contours")
        return shown


def outline(shapes: Iterable[Any]) -> Outline:
    """Join polygons into one path, holes kept.

    Examples
    --------
    >>> outline([shapely.box(0, 0, 1, 1)]).vertices.shape
    (5, 2)
    """
    vertices: list[Any] = []
    codes: list[Any] = []
    for part in shapely.get_parts(np.asarray(list(shapes), dtype=object)):
        if part.geom_type != "Polygon":
            continue
        for ring in (part.exterior, *part.interiors):
            points = np.round(np.asarray(ring.coords)[:, :2], 3)
            kinds = np.full(len(points), Outline.LINETO, dtype=np.uint8)
            kinds[0], kinds[-1] = Outline.MOVETO, Outline.CLOSEPOLY
            vertices.append(points)
            codes.append(kinds)
    if not vertices:
        return Outline(np.zeros((0, 2)))
    return Outline(np.vstack(vertices), np.concatenate(codes))


def map_height(basemap: Basemap, wide: float, *, listed: float, paper: Paper = A4) -> float:
    """Give the height of a map so many millimetres wide, drawn out a little towards that of its list.

    On a page that it must fill, a map leaves room for the title, the legend and the words under it.
    """
    west, south, east, north = basemap.bounds()
    ratio = max(north - south, 1.0) / max(east - west, 1.0)
    height = float(np.clip(wide * ratio, LOWEST, HIGHEST_FEW if len(basemap.places) <= _FEW else HIGHEST))
    return min(max(height, min(listed, _STRETCH * height)), max(paper.height - _WORDS, LOWEST))


def draw_frame(sheet: Sheet, box: Box) -> None:
    """Close the map with a hairline."""
    sheet.rectangle(box, facecolor="none", edgecolor=HAIR, linewidth=0.6, gid="frame")


def draw_scale(sheet: Sheet, frame: Frame, taken: Obstacles) -> None:
    """Draw the scale bar in the lower left corner."""
    length, wide = frame.scale_bar(min(28.0, frame.box.width / 3))
    x, y = frame.box.x + 2.5, frame.box.bottom - 2.5
    big = length >= _METRES_TO_KM
    shown = f"{number(length / _METRES_TO_KM if big else length)}{NBSP}{'km' if big else 'm'}"
    label = measured(shown, SMALL)
    back = Box(x - 1.2, y - 2.6, wide + label + 4.2, 4.0)
    taken.add(back)
    sheet.rectangle(back, facecolor="#ffffff", edgecolor="none", alpha=0.75, gid="scale-back")
    sheet.line([x, x, x + wide, x + wide], [y - 1, y, y, y - 1], colour=INK, width=0.8, gid="scale-bar")
    sheet.text(x + wide + 1.4, y + 0.2, shown, size=SMALL, gid="scale-label")


def name_communes(
    sheet: Sheet, frame: Frame, shapes: dict[str, Any], *, taken: Obstacles, avoid: Sequence[Any] = (),
    covering: float = _COVERING,
) -> None:  # fmt: skip
    """Write the names of communes where they fit, largest first; the others stand in the list.

    Names keep off the shapes of ``avoid`` as long as another spot is free; always when ``covering``, what it costs
    a name to cover one (in millimetres of distance), is infinite.
    """
    kept_clear = shapely.union_all(list(avoid))
    for name, shape in sorted(shapes.items(), key=lambda one: (-one[1].area, one[0])):
        text = typographic(name)
        extent = (measured(text, SMALL) + 1.0, leading(SMALL) * 0.92)
        spots = _label_spots(shape, extent, kept_clear, covering)
        spot = label_box(spots, extent, room=frame.box, taken=taken)
        if spot is not None:
            sheet.text(
                spot.x + spot.width / 2, spot.y + spot.height * 0.76, text, size=SMALL, colour=GREY,
                align="center", gid=f"commune-{name}",
            )  # fmt: skip


def _label_spots(
    shape: Any,  # noqa: ANN401 - shapely geometries
    extent: tuple[float, float],
    kept_clear: Any,  # noqa: ANN401 - idem
    covering: float,
) -> npt.NDArray[np.float64]:
    """Give centres for a label, best first: inside its commune and clear of what must be seen."""
    point = shape.representative_point()
    spots = around(point.x, point.y, reach=14.0)
    half_width, half_height = extent[0] / 2, extent[1] / 2
    boxes = shapely.box(
        spots[:, 0] - half_width, spots[:, 1] - half_height, spots[:, 0] + half_width, spots[:, 1] + half_height
    )
    outside = ~shapely.contains_xy(shape, spots[:, 0], spots[:, 1])
    covered = shapely.intersects(boxes, kept_clear)
    distance = np.hypot(spots[:, 0] - point.x, spots[:, 1] - point.y)
    cost = distance + _OUTSIDE * outside + np.where(covered, covering, 0.0)
    near = (~outside | (distance < _NEAR)) & np.isfinite(cost)
    order = np.argsort(cost, kind="stable")
    best: npt.NDArray[np.float64] = spots[order][near[order]]
    return best


def names_without_contours(basemap: Basemap, frame: Frame) -> dict[str, Any]:
    """Give one shape a commune when contours are absent: the neighbourhoods that it holds."""
    anchors = basemap.anchors(frame)
    by_name: dict[str, list[Any]] = {}
    for place, (x, y) in zip(basemap.places, anchors, strict=True):
        if place.communes and np.isfinite(x):
            by_name.setdefault(place.communes[0], []).append(shapely.Point(x, y))
    return {name: shapely.MultiPoint(points).centroid.buffer(3) for name, points in by_name.items()}


def draw_leader(sheet: Sheet, anchor: Iterable[float], centre: Iterable[float], radius: float) -> bool:
    """Tie a displaced circle to its place; nothing when it has hardly moved."""
    (x0, y0), (x1, y1) = anchor, centre
    distance = float(np.hypot(x1 - x0, y1 - y0))
    if distance < 0.75 * radius:
        return False
    sheet.line([x0, x1], [y0, y1], colour=MID, width=0.6, gid="leader")
    sheet.circle(x0, y0, 0.5, facecolor=BLUE, edgecolor="none", gid="anchor")
    return True
