"""Official outlines: read in the reference system they declare, repaired, brought to longitude and latitude.

A reference system is never guessed: a shapefile without ``.prj`` is refused, and a GeoJSON is in longitude and
latitude unless it declares another system (RFC 7946). Producers' polygons are partly invalid: they are
repaired, and the area is compared before and after in the metric system of the place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pyogrio
import pyogrio.errors
import shapely

from diagnostic.errors import Fault, InputError
from diagnostic.formatting import number
from diagnostic.ingestion.document import Kind
from diagnostic.schemas import BOUNDARY_COLUMNS
from diagnostic.territory.metric import LONLAT, by_system, metric_system
from diagnostic.vocabulary import is_fictional

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from diagnostic.ingestion.document import Document
    from diagnostic.vocabulary import Level

TOLERANCE: Final = 0.01  # share of the area: beyond, the repair would change what the text says
SAME: Final = 0.5  # metres between two official copies of one outline: rounding
MOVED: Final = 10.0  # metres: beyond a difference of datum (2 m in Guyane), the copies are two outlines
SURFACES: Final = (3, 6)  # polygon, multipolygon
SHOWN: Final = 10
AGAIN: Final = "téléchargez de nouveau l’archive complète sur data.gouv.fr"


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """One member of an archive, or a file, with its outlines.

    Parameters
    ----------
    name
        Member of the archive, or name of the file.
    frame
        Attributes under lower-case names and geometry, in the declared reference system.
    """

    name: str
    frame: gpd.GeoDataFrame

    @property
    def metric(self) -> bool:
        """Whether the reference system counts in metres."""
        return bool(self.frame.crs.is_projected)


def layers(document: Document, *, suffix: str) -> list[tuple[str, str]]:
    """List the layers of an archive, wherever its sub-folders put them.

    Parameters
    ----------
    document
        An archive, or a single file.
    suffix
        ``".shp"`` or ``".geojson"``.

    Returns
    -------
    list of tuple
        ``(name, address)``, the address as the reading library wants it, in the order of names.
    """
    if not document.members:
        return [(document.name, _single(document))]
    names = [name for name in document.members if PurePosixPath(name).suffix.casefold() == suffix]
    names = [name for name in names if "__MACOSX" not in name]
    return [(name, f"/vsizip/{{{document.path.as_posix()}}}/{name}") for name in sorted(names)]


def _single(document: Document) -> str:
    path = document.path.as_posix()
    return f"/vsigzip/{path}" if document.compressed else path


def layer_columns(address: str) -> tuple[str, ...]:
    """Give the attributes of a layer in lower case, empty when it cannot be opened."""
    try:
        return tuple(str(name).casefold() for name in pyogrio.read_info(address)["fields"])
    except pyogrio.errors.DataSourceError:
        return ()


def attributes(address: str) -> pd.DataFrame:
    """Read the attributes of a layer without its outlines, under lower-case names."""
    frame: pd.DataFrame = pyogrio.read_dataframe(address, read_geometry=False)
    return frame.rename(columns=str.casefold)


def read_layer(document: Document, name: str, address: str) -> Layer:
    """Read one layer in the reference system it declares.

    Raises
    ------
    InputError
        When it is damaged or cut, declares no reference system, or when coordinates do not fit the declared one.
    """
    try:
        frame = pyogrio.read_dataframe(address)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, shapely.GEOSException) as problem:
        raise InputError(
            Fault(
                "couche géographique illisible",
                file=document.name,
                sheet=name,
                expected="les membres .shp, .shx, .dbf et .prj d’une même couche",
                found=str(problem).splitlines()[0],
                remedy=AGAIN,
            )
        ) from problem
    if not isinstance(frame, gpd.GeoDataFrame) or frame.crs is None:
        raise InputError(
            Fault(
                "système de coordonnées absent",
                file=document.name,
                sheet=name,
                expected=f"un membre {PurePosixPath(name).with_suffix('.prj').name}",
                found="des coordonnées sans système déclaré : il n’est jamais deviné",
                remedy=AGAIN,
            )
        )
    layer = Layer(name, frame.rename(columns=str.casefold))
    _check_extent(document, layer)
    return layer


def _check_extent(document: Document, layer: Layer) -> None:
    west, south, east, north = layer.frame.total_bounds
    if not layer.metric and (west < -180 or east > 180 or south < -90 or north > 90):  # noqa: PLR2004 - degrees
        raise InputError(
            Fault(
                "coordonnées contraires au système déclaré",
                file=document.name,
                sheet=layer.name,
                expected="des longitudes et latitudes en degrés",
                found=f"de {number(west)} à {number(east)}, de {number(south)} à {number(north)}",
                remedy=AGAIN,
            )
        )


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


def carrying(document: Document, columns: Sequence[str], *, suffixes: Sequence[str]) -> list[tuple[str, str]]:
    """List the layers of a document that carry some attributes.

    Parameters
    ----------
    document
        An archive or a GeoJSON file.
    columns
        Attribute names in lower case.
    suffixes
        Kinds of layers looked for, the first that carries them wins.

    Returns
    -------
    list of tuple
        ``(name, address)``; empty when no layer carries them all.
    """
    for suffix in suffixes:
        found = [(name, address) for name, address in layers(document, suffix=suffix)]
        kept = [(name, address) for name, address in found if set(columns) <= set(layer_columns(address))]
        if kept:
            return kept
    return []


def read_layers(document: Document, columns: Sequence[str], *, suffixes: Sequence[str]) -> list[Layer]:
    """Read every layer that carries some attributes, and refuse an archive with a layer that lost its own.

    Parameters
    ----------
    document
        An archive or a GeoJSON file.
    columns
        Attribute names in lower case.
    suffixes
        As for :func:`carrying`.

    Raises
    ------
    InputError
        When a layer is damaged, lacks its table of attributes or its reference system; all such layers at once.
    """
    found = carrying(document, columns, suffixes=suffixes)
    kept = {name for name, _ in found}
    suffix = PurePosixPath(found[0][0]).suffix.casefold() if found else suffixes[0]
    faults = [
        Fault(
            "couche géographique incomplète",
            file=document.name,
            sheet=name,
            expected=f"les colonnes {', '.join(columns)} et les membres .shp, .shx, .dbf et .prj",
            found="une couche sans ces colonnes ou illisible",
            remedy=AGAIN,
        )
        for name, _ in layers(document, suffix=suffix)
        if name not in kept
    ]
    read = []
    for name, address in found:
        try:
            read.append(read_layer(document, name, address))
        except InputError as problem:
            faults += problem.faults
    if faults:
        raise InputError(faults)
    return read


def rounded(layer: Layer, *, decimals: int = 4) -> bool:
    """Say whether the coordinates of a layer in degrees were rounded, so that outlines only serve for maps."""
    if layer.metric:
        return False
    scaled = shapely.get_coordinates(layer.frame.geometry.to_numpy()) * 10**decimals
    return bool(np.abs(scaled - np.round(scaled)).max(initial=0.0) < 1e-6)  # noqa: PLR2004 - noise of degrees


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
