"""Official outlines: repaired, compared before and after, each place once, in longitude and latitude.

Producers' polygons are partly invalid: they are repaired, and the area is compared before and after in the metric
system of the place.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import shapely

from diagnostic.errors import Fault, InputError
from diagnostic.formatting import number
from diagnostic.ingestion.document import Kind
from diagnostic.ingestion.layers import AGAIN, attributes, carrying, read_layer
from diagnostic.schemas import BOUNDARY_COLUMNS
from diagnostic.territory.metric import LONLAT, by_system, metric_system
from diagnostic.vocabulary import is_fictional

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from diagnostic.ingestion.document import Document
    from diagnostic.ingestion.layers import Layer
    from diagnostic.vocabulary import Level

TOLERANCE: Final = 0.01  # share of the area: beyond, the repair would change what the text says
SAME: Final = 0.5  # metres between two official copies of one outline: rounding
MOVED: Final = 10.0  # metres: beyond a difference of datum (2 m in Guyane), the copies are two outlines
SURFACES: Final = (3, 6)  # polygon, multipolygon
SHOWN: Final = 10


def _enclosed(shape: shapely.Geometry) -> float:
    """Measure what the rings go around as drawn, whichever way they turn.

    A crossed ring keeps both its lobes and a pinched ring keeps its hole: the rule is that of a winding number
    other than zero, independent of the even-odd rule by which ``make_valid`` repairs.
    """
    return sum(_inside(part) for part in shapely.get_parts(shape))


def _inside(part: shapely.Geometry) -> float:
    exterior, *interiors = (shapely.get_coordinates(ring) for ring in shapely.get_rings(part))
    faces = shapely.get_parts(shapely.polygonize([shapely.node(part.boundary)]))
    total = 0.0
    for face, point in zip(faces, shapely.get_coordinates(shapely.point_on_surface(faces)), strict=True):
        if _turns(exterior, point) and not any(_turns(ring, point) for ring in interiors):
            total += float(shapely.area(face))
    return total


def _turns(ring: np.ndarray, point: np.ndarray) -> int:
    """Count how many times a ring goes around a point."""
    (x0, y0), (x1, y1), (x, y) = ring[:-1].T, ring[1:].T, point
    side = (x1 - x0) * (y - y0) - (x - x0) * (y1 - y0)
    return int(((y0 <= y) & (y1 > y) & (side > 0)).sum() - ((y0 > y) & (y1 <= y) & (side < 0)).sum())


def polygonal(shape: shapely.Geometry) -> shapely.Geometry:
    """Keep the surfaces of a repaired outline; lines and points that a repair leaves carry no area.

    Examples
    --------
    >>> bow = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    >>> polygonal(shapely.make_valid(bow)).area
    2.0
    """
    parts = [part for part in shapely.get_parts(shape) if part.geom_type in {"Polygon", "MultiPolygon"}]
    return shapely.union_all(parts) if len(parts) != 1 else parts[0]


def repaired(document: Document, layer: Layer, *, key: str) -> gpd.GeoDataFrame:
    """Repair the outlines of a layer and bring them to longitude and latitude.

    Parameters
    ----------
    document
        Where the layer comes from, for the messages.
    layer
        Polygons in their declared reference system.
    key
        Column of the code that names a row in messages.

    Returns
    -------
    geopandas.GeoDataFrame
        The rows in their order, EPSG:4326, every outline valid with its vertices in canonical order, and a
        column ``note`` (French, empty for an outline that was already valid).

    Raises
    ------
    InputError
        When an outline is empty or no surface, or when its repair changes the enclosed area by more than 1 %;
        all such rows at once.
    """
    frame = layer.frame
    faults, notes = [], [""] * len(frame)
    shapes = frame.geometry.to_numpy().copy()
    surface = np.isin(shapely.get_type_id(shapes), SURFACES) & ~shapely.is_empty(shapes)
    for row in np.flatnonzero(~surface | ~shapely.is_valid(shapes)):
        code, shape = str(frame[key].iloc[row]), shapes[row]
        if not surface[row]:
            faults.append(_shape_fault(document, layer, f"le contour de {code} est vide ou n’est pas une surface"))
            continue
        shapes[row] = polygonal(shapely.make_valid(shape))
        local = _in_metres([shape, shapes[row]], frame.crs)
        before, after = _enclosed(local[0]), float(shapely.area(local[1]))
        if abs(after - before) > TOLERANCE * before:
            faults.append(_shape_fault(document, layer, _changed(code, before, after)))
        notes[row] = f"contour réparé ({number(before / 1e4, 2)} ha avant, {number(after / 1e4, 2)} ha après)"
    if faults:
        raise InputError(faults[:SHOWN])
    lonlat = gpd.GeoSeries(shapes, crs=frame.crs).to_crs(LONLAT).to_numpy()
    bent = ~shapely.is_valid(lonlat)  # a vertex on a line may cross it once both are rounded in degrees
    lonlat[bent] = [polygonal(shapely.make_valid(shape)) for shape in lonlat[bent]]
    kept = frame.drop(columns="geometry").assign(note=notes)
    return gpd.GeoDataFrame(kept, geometry=shapely.normalize(lonlat), crs=LONLAT)


def _in_metres(shapes: Sequence[shapely.Geometry], crs: object) -> np.ndarray:
    series = gpd.GeoSeries(list(shapes), crs=crs)
    if not series.crs.is_projected:
        x, y = shapely.get_coordinates(series.to_numpy()).mean(axis=0)
        series = series.to_crs(metric_system(float(x), float(y)))
    local: np.ndarray = series.to_numpy()
    return local


def _changed(code: str, before: float, after: float) -> str:
    return (
        f"la réparation du contour de {code} changerait sa surface"
        f" de {number(before / 1e4, 2)} à {number(after / 1e4, 2)} ha"
    )


def _shape_fault(document: Document, layer: Layer, what: str) -> Fault:
    return Fault(
        what,
        file=document.name,
        sheet=layer.name,
        expected=f"un contour réparable à {number(TOLERANCE * 100)} % près",
        remedy=AGAIN,
    )


def one_outline_each(document: Document, found: Sequence[Layer], *, key: str) -> gpd.GeoDataFrame:
    """Keep every code exactly once, from the layer drawn in metres when there is one.

    Layers that repeat a code are two official copies of one outline: they are compared, never merged.

    Parameters
    ----------
    document
        Where the layers come from, for the messages.
    found
        Layers in lower-case columns.
    key
        Column of the code.

    Returns
    -------
    geopandas.GeoDataFrame
        Rows in the order of codes, EPSG:4326, with ``note`` and ``layer`` (name of the layer kept).

    Raises
    ------
    InputError
        When a layer repeats a code, or when two copies of an outline differ.
    """
    ordered = sorted(found, key=lambda layer: (not layer.metric, len(layer.frame), layer.name))
    tables = [repaired(document, layer, key=key).assign(layer=layer.name) for layer in ordered]
    kept = tables[0].set_index(key, drop=False)
    faults = _repeated(document, ordered[0], tables[0][key])
    for layer, table in zip(ordered[1:], tables[1:], strict=True):
        faults += _repeated(document, layer, table[key])
        if faults:
            break
        copies = table.set_index(key, drop=False)
        both = copies.index.intersection(kept.index)
        apart = _metres_apart(kept.geometry.loc[both], copies.geometry.loc[both])
        faults += [
            _code_fault(document, layer, f"le contour de {code} diffère d’une couche à l’autre")
            for code in both[apart > MOVED]
        ]
        moved = both[apart > SAME]
        said = [f"deux copies officielles distantes de {number(metres)} m" for metres in apart[apart > SAME]]
        kept.loc[moved, "note"] = [
            " ; ".join(filter(None, pair)) for pair in zip(kept["note"].loc[moved], said, strict=True)
        ]
        kept = _stacked([kept, copies.loc[copies.index.difference(kept.index)]])
    if faults:
        raise InputError(faults[:SHOWN])
    return kept.sort_index().reset_index(drop=True)


def _repeated(document: Document, layer: Layer, codes: pd.Series[str]) -> list[Fault]:
    twice = sorted(set(codes[codes.duplicated()]))
    return [_code_fault(document, layer, f"le code {code} est répété") for code in twice]


def _metres_apart(first: gpd.GeoSeries, second: gpd.GeoSeries) -> np.ndarray:
    """Give the distance between two copies of each outline: the area between them along their boundary."""
    apart = np.zeros(len(first))
    between = shapely.symmetric_difference(first.to_numpy(), second.to_numpy())
    for rows, local in by_system(first):
        area = gpd.GeoSeries(between[rows], crs=LONLAT).to_crs(local.crs).area.to_numpy()
        apart[rows] = area / local.length.to_numpy()
    return apart


def _stacked(frames: Sequence[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    import pandas as pd  # noqa: PLC0415 - geopandas holds no function to stack frames

    return gpd.GeoDataFrame(pd.concat([frame for frame in frames if len(frame)]), crs=LONLAT)


def _code_fault(document: Document, layer: Layer, what: str) -> Fault:
    return Fault(
        what, file=document.name, sheet=layer.name, expected="chaque quartier une seule fois", remedy=AGAIN
    )


def coded_places(
    document: Document, *, shape: str, level: Level, known: Callable[[str, str], bool] | None = None
) -> bool | None:
    """Recognise a GeoJSON whose features have a ``code`` and a ``nom``.

    Parameters
    ----------
    document
        Any document.
    shape
        Regular expression of a whole code.
    level
        Level of the places.
    known
        Says whether a code and a name go together, where the shape does not tell one level from another.

    Returns
    -------
    bool or None
        Whether all codes are fictional; ``None`` when the file is not of this kind.
    """
    if document.kind is not Kind.GEOJSON or not re.search(r'"code"\s*:\s*"', document.start):
        return None
    found = carrying(document, ("code", "nom"), suffixes=(".geojson",))
    if not found:
        return None
    table = attributes(found[0][1]).astype(str)
    pairs = list(zip(table["code"], table["nom"], strict=True))
    fit = [bool(re.fullmatch(shape, code)) and (known is None or known(code, label)) for code, label in pairs]
    if not pairs or not all(fit):
        return None
    return all(is_fictional(level, code) for code, _ in pairs)


def coded_outlines(
    document: Document, *, level: Level, vintage: int, note: str, columns: tuple[str, str] = ("code", "nom")
) -> gpd.GeoDataFrame:
    """Read the outlines of a GeoJSON whose features have a code and a name.

    Parameters
    ----------
    document
        A GeoJSON file.
    level, vintage
        Of its codes.
    note
        French caveat on every row.
    columns
        Names of the attributes, in lower case.

    Returns
    -------
    geopandas.GeoDataFrame
        Columns ``schemas.BOUNDARY_COLUMNS``.

    Raises
    ------
    InputError
        When a code is repeated or an outline cannot be repaired.
    """
    code, label = columns
    (name, address), *_ = carrying(document, columns, suffixes=(".geojson",))
    table = one_outline_each(document, [read_layer(document, name, address)], key=code)
    table = table.rename(columns={code: "code", label: "label"})
    notes = [" ; ".join(filter(None, (own, note))) for own in table["note"]]
    table = table.assign(level=level.value, vintage=vintage, note=notes)
    return table[BOUNDARY_COLUMNS]
