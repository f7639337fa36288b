"""Measuring outlines: areas in the metric reference system of the place, never in degrees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from pyproj import CRS

if TYPE_CHECKING:
    import geopandas as gpd

LONLAT: Final = "EPSG:4326"
LAMBERT: Final = "EPSG:2154"
METROPOLE: Final = (-6.0, 41.0, 10.5, 51.6)


def metric_system(longitude: float, latitude: float) -> str:
    """Name the metric system of a place: Lambert-93 in metropolitan France, elsewhere the UTM zone.

    Parameters
    ----------
    longitude, latitude
        In degrees.

    Examples
    --------
    >>> metric_system(3.06, 50.63), metric_system(55.45, -20.9), metric_system(-61.5, 16.2)
    ('EPSG:2154', 'EPSG:32740', 'EPSG:32620')
    """
    west, south, east, north = METROPOLE
    if west <= longitude <= east and south <= latitude <= north:
        return LAMBERT
    zone = int((longitude + 180) // 6) % 60 + 1
    return f"EPSG:{(32600 if latitude >= 0 else 32700) + zone}"


def areas(shapes: gpd.GeoSeries) -> np.ndarray:
    """Measure outlines in the metric system of their place.

    Parameters
    ----------
    shapes
        Valid outlines in any declared reference system.

    Returns
    -------
    numpy.ndarray
        Square metres, one a row; 0 for an empty outline.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> square = gpd.GeoSeries([shapely.box(700_000, 6_600_000, 700_100, 6_600_200)], crs="EPSG:2154")
    >>> areas(square).round().tolist()
    [20000.0]
    """
    measured = np.zeros(len(shapes))
    for rows, local in by_system(shapes):
        measured[rows] = local.area.to_numpy()
    return measured


def by_system(shapes: gpd.GeoSeries) -> list[tuple[np.ndarray, gpd.GeoSeries]]:
    """Cut outlines by the metric system of their place.

    Parameters
    ----------
    shapes
        Outlines in any declared reference system; those already in metres stay as they are.

    Returns
    -------
    list of tuple
        Positions of the rows, and their outlines in metres; empty outlines are in none.
    """
    filled = np.flatnonzero(~(shapes.is_empty | shapes.isna()).to_numpy())
    if shapes.crs.is_projected:
        return [(filled, shapes.iloc[filled])]
    bounds = shapes.to_crs(LONLAT).bounds.to_numpy()[filled]
    middles = (bounds[:, :2] + bounds[:, 2:]) / 2
    systems = np.array([metric_system(x, y) for x, y in middles], dtype=object)
    groups = ((system, filled[systems == system]) for system in sorted(set(systems)))
    return [(rows, reprojected(shapes.iloc[rows], system)) for system, rows in groups]


def reprojected(shapes: gpd.GeoSeries, system: str | CRS) -> gpd.GeoSeries:
    """Bring outlines to another reference system, valid ones staying valid.

    Parameters
    ----------
    shapes
        Valid outlines in any declared reference system.
    system
        The one wanted.

    Returns
    -------
    geopandas.GeoSeries
        The outlines in their order; a vertex that lay on a line may cross it once rounded: the sliver is undone.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> square = gpd.GeoSeries([shapely.box(3.0, 50.0, 3.1, 50.1)], crs=LONLAT)
    >>> reprojected(square, LAMBERT).area.div(1e6).round(1).tolist()
    [79.8]
    """
    if shapes.crs == CRS.from_user_input(system):
        return shapes
    moved = shapes.to_crs(system)
    bent = ~moved.is_valid.to_numpy()
    if bent.any():
        outlines = moved.to_numpy().copy()
        # Rebuilding by a buffer of width 0 keeps surfaces only, where a repair may leave lines.
        outlines[bent] = shapely.buffer(shapely.make_valid(outlines[bent]), 0)
        moved = type(shapes)(outlines, index=shapes.index, crs=moved.crs)
    return moved


def in_use(shapes: gpd.GeoSeries, system: str | CRS) -> np.ndarray:
    """Say which outlines lie where a reference system is meant to be used.

    Parameters
    ----------
    shapes
        Outlines in any declared reference system.
    system
        A projected system of the EPSG register.

    Returns
    -------
    numpy.ndarray
        Booleans, one a row.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> lille, saint_denis = shapely.box(3, 50, 3.1, 50.1), shapely.box(55.4, -20.9, 55.5, -20.8)
    >>> in_use(gpd.GeoSeries([lille, saint_denis], crs=LONLAT), LAMBERT).tolist()
    [True, False]
    """
    area = CRS.from_user_input(system).area_of_use
    if area is None:
        return np.ones(len(shapes), dtype=bool)
    inside: np.ndarray = shapely.intersects(shapes.to_crs(LONLAT).to_numpy(), shapely.box(*area.bounds))
    return inside
