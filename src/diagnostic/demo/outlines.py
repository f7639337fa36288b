"""Outlines of the fictional communes and quarters, at sea off the northern coast so that they cover nobody's home.

Everything is drawn with straight lines around the centre of the agglomeration, then bent by the same shears.
A shear is a bijection that keeps areas: what touches still touches, what is apart stays apart, and the borders
look like borders.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyproj
import shapely

from diagnostic.demo.places import COMMUNES, INVALID_QUARTER, MULTIPOLYGON_QUARTER, QUARTERS, Quarter

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from diagnostic.demo.shapefile import Ring

ORIGIN = np.array([556_000.0, 7_021_000.0])
"""Centre of the agglomeration in Lambert-93, in the Channel."""

_RADIUS = 13_500.0
_STEP = 180.0
# Amplitude and wavelength in metres of each shear, long ones first.
_SHEARS = ((420.0, 7_000.0), (260.0, 4_100.0), (110.0, 1_900.0), (60.0, 1_000.0), (22.0, 520.0), (14.0, 410.0))
_HECTARE = 10_000.0


@dataclass(frozen=True, slots=True)
class Outlines:
    """Rings in Lambert-93, in metres, by code.

    Parameters
    ----------
    communes
        One closed ring a commune; neighbours share their vertices.
    quarters
        Closed outer rings of each quarter, one of them crossing itself.
    """

    communes: dict[str, Ring]
    quarters: dict[str, list[Ring]]


def draw_outlines(rng: np.random.Generator) -> Outlines:
    """Draw the communes and the quarters.

    Parameters
    ----------
    rng
        Source of every random number.

    Examples
    --------
    >>> outlines = draw_outlines(np.random.default_rng(1))
    >>> len(outlines.communes), len(outlines.quarters), len(outlines.quarters[MULTIPOLYGON_QUARTER])
    (9, 16, 2)
    >>> shapely.Polygon(outlines.quarters[INVALID_QUARTER][0]).is_valid
    False
    """
    phases = rng.uniform(0, 2 * np.pi, len(_SHEARS))
    communes = {code: _bend(ring, phases) for code, ring in _tiling(rng).items()}
    quarters = {quarter.code: [_bend(ring, phases) for ring in _blobs(quarter, rng)] for quarter in QUARTERS}
    first, *others = quarters[INVALID_QUARTER]
    quarters[INVALID_QUARTER] = [_cross(first), *others]
    return Outlines(communes, quarters)


def to_wgs84(ring: Ring) -> Ring:
    """Give longitudes and latitudes, in degrees, of Lambert-93 coordinates."""
    transformer = pyproj.Transformer.from_crs("EPSG:2154", "EPSG:4326", always_xy=True)
    return np.column_stack(transformer.transform(ring[:, 0], ring[:, 1]))


def _tiling(rng: np.random.Generator) -> dict[str, Ring]:
    """Split a rough disc between the communes, nearest centre first."""
    angles = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    radius = _RADIUS * (1 + rng.uniform(-0.05, 0.05, angles.size))
    disc = shapely.Polygon(np.column_stack((radius * np.cos(angles), radius * np.sin(angles))))
    centres = shapely.points([commune.centre for commune in COMMUNES])
    edges = shapely.voronoi_polygons(shapely.multipoints(centres), extend_to=disc, only_edges=True)
    # One noded network, so that both sides of a border have the very same vertices.
    network = shapely.union_all([shapely.get_exterior_ring(disc), edges], grid_size=0.01)
    pieces = shapely.get_parts(shapely.polygonize(shapely.get_parts(network)))
    owners, cell_of_owner = shapely.STRtree(pieces).query(centres, predicate="within")
    rings = shapely.get_exterior_ring(shapely.segmentize(pieces, _STEP))
    return {
        COMMUNES[owner].code: shapely.get_coordinates(rings[cell])
        for owner, cell in zip(owners, cell_of_owner, strict=True)
    }


def _blobs(quarter: Quarter, rng: np.random.Generator) -> list[Ring]:
    """Draw a quarter: one irregular patch, or two apart."""
    if quarter.code != MULTIPOLYGON_QUARTER:
        return [_blob(quarter.centre, quarter.hectares, rng)]
    east, north = quarter.centre
    return [
        _blob((east, north), 0.7 * quarter.hectares, rng),
        _blob((east - 750, north + 450), 0.3 * quarter.hectares, rng),
    ]


def _blob(centre: tuple[float, float], hectares: float, rng: np.random.Generator) -> Ring:
    """Draw an irregular patch of a given area around a centre."""
    angles = np.sort(np.linspace(0, 2 * np.pi, 64, endpoint=False) + rng.uniform(-0.03, 0.03, 64))
    waves = sum(
        rng.uniform(0.02, 0.16) * np.cos(order * angles + rng.uniform(0, 2 * np.pi)) for order in (2, 3, 5)
    )
    radius = 1 + waves + rng.uniform(-0.05, 0.05, angles.size)
    ring = np.column_stack((radius * np.cos(angles), radius * np.sin(angles)))
    ring = np.concatenate((ring, ring[:1]))
    scale = np.sqrt(hectares * _HECTARE / shapely.Polygon(ring).area)
    blob: Ring = np.asarray(centre) + scale * ring
    return blob


def _bend(ring: Ring, phases: NDArray[np.float64]) -> Ring:
    """Apply the shears and move to Lambert-93, to the decimetre."""
    points: Ring = ring.copy()
    for (amplitude, wavelength), phase, turn in zip(_SHEARS, phases, np.arange(len(_SHEARS)), strict=True):
        direction = np.array([np.cos(1.1 * turn), np.sin(1.1 * turn)])
        across = np.array([-direction[1], direction[0]])
        shift = amplitude * np.sin(2 * np.pi * (points @ direction) / wavelength + phase)
        points = points + shift[:, np.newaxis] * across
    placed: Ring = np.round(points + ORIGIN, 1)
    return placed


def _cross(ring: Ring) -> Ring:
    """Put a small loop on the longest side, where the ring crosses itself as official ones do."""
    sides = np.diff(ring, axis=0)
    longest = int(np.argmax(np.hypot(sides[:, 0], sides[:, 1])))
    start, along = ring[longest], sides[longest]
    across = np.array([-along[1], along[0]]) / np.hypot(along[0], along[1])
    loop = np.array(
        [
            start + 0.6 * along,
            start + 0.6 * along + 3 * across,
            start + 0.4 * along + 3 * across,
            start + 0.4 * along - 2 * across,
        ]
    )
    return np.concatenate((ring[: longest + 1], np.round(loop, 1), ring[longest + 1 :]))
