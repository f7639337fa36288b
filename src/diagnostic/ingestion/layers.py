"""Layers of an archive or of a GeoJSON file, read in the reference system they declare.

A reference system is never guessed: a shapefile without ``.prj`` is refused, and a GeoJSON is in longitude and
latitude unless it declares another system (RFC 7946).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pyogrio.errors
import shapely

from diagnostic.errors import Fault, InputError
from diagnostic.formatting import number
from diagnostic.territory.names import legible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from diagnostic.ingestion.document import Document

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
    return _legible(pyogrio.read_dataframe(address, read_geometry=False))


def _legible(frame: gpd.GeoDataFrame | pd.DataFrame) -> gpd.GeoDataFrame | pd.DataFrame:
    """Put columns in lower case; mend what was written on Windows and is declared in another encoding."""
    for name, column in frame.items():
        if pd.api.types.is_string_dtype(column.dtype) and name != "geometry":
            frame[name] = column.map(legible, na_action="ignore")
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
    layer = Layer(name, _legible(frame))
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
