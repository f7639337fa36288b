"""Which QPV points lie in, in bulk and in memory: coordinates come in, codes come out, nothing is kept.

A grid says at once what most points are: far from any quarter, or deep inside one. Only points in a cell that a
border crosses are tested against outlines, and only those near a border are measured.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS, Transformer

from diagnostic.errors import Fault, TerritoryError
from diagnostic.territory.metric import LONLAT, by_system, in_use, reprojected
from diagnostic.territory.squares import cell_key, covered_cells

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd

CHUNK: Final = 500_000
CELL: Final = 100.0  # metres
DEGREE: Final = 110_500.0  # metres in the shortest degree of latitude
NOWHERE: Final = -1
RING: Final = (-1, 0, 1)


class PlaceStatus(StrEnum):
    """What is known of where a point lies; all but the first are counted, none is dropped."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"
    UNDECIDED = "undecided"


STATUSES: Final = tuple(str(status) for status in PlaceStatus)


@dataclass(frozen=True, slots=True, eq=False)
class Located:
    """The quarter of every point, in the order of the points.

    Parameters
    ----------
    codes
        Position in ``quarters``, -1 outside; an undecided point has the quarter whose border is near.
    statuses
        Position in ``STATUSES``; unknown where a coordinate is absent.
    distance
        Metres to the nearest border, below zero inside; ``NaN`` beyond what was measured.
    quarters
        QPV codes.
    generation
        2015 or 2024.
    """

    codes: np.ndarray
    statuses: np.ndarray
    distance: np.ndarray
    quarters: tuple[str, ...]
    generation: int

    def table(self) -> pd.DataFrame:
        """Give one row a point: ``code`` (empty outside), ``status``, ``distance``, ``generation``."""
        return pd.DataFrame(
            {
                "code": pd.Categorical.from_codes(self.codes, pd.Index(self.quarters)),
                "status": pd.Categorical.from_codes(self.statuses, pd.Index(STATUSES)),
                "distance": self.distance,
                "generation": self.generation,
            }
        )


def locate(
    x: np.ndarray, y: np.ndarray, *, quarters: gpd.GeoDataFrame, generation: int, crs: str, tolerance: float,
    reach: float = 0.0,
) -> Located:  # fmt: skip
    """Find the QPV of every point.

    Parameters
    ----------
    x, y
        Longitudes and latitudes, or coordinates in ``crs``; ``NaN`` where unknown.
    quarters
        Columns ``code``, ``vintage`` and valid outlines of a declared reference system.
    generation
        That of the quarters: 2015 or 2024.
    crs
        Reference system of the points.
    tolerance
        Metres from a border within which a point is undecided: the precision of the points and of the outlines
        (11 m for outlines rounded to four decimals). With 0, a point on the border is inside.
    reach
        Metres from a border up to which the distance is measured, at least the tolerance.

    Returns
    -------
    Located
        A point inside two outlines is undecided.

    Raises
    ------
    TerritoryError
        When the quarters are of another generation or without reference system, or when longitudes and latitudes
        are swapped.

    Examples
    --------
    >>> import geopandas as gpd
    >>> square = gpd.GeoDataFrame({"code": ["QP099001"], "vintage": [2015]}, crs="EPSG:2154",
    ...                           geometry=[shapely.box(700_000, 7_000_000, 701_000, 7_001_000)])
    >>> found = locate(np.array([700_500.0, 701_005.0, 705_000.0]), np.full(3, 7_000_500.0), quarters=square,
    ...                generation=2015, crs="EPSG:2154", tolerance=10)
    >>> found.table()["status"].tolist(), found.distance.round(3).tolist()
    (['inside', 'undecided', 'outside'], [nan, 5.0, nan])
    """
    _same_generation(quarters, generation)
    index = _Index.of(quarters, crs=crs, reach=max(reach, tolerance))
    codes = np.full(len(x), NOWHERE, dtype=np.int16)
    statuses = np.full(len(x), STATUSES.index(PlaceStatus.UNKNOWN), dtype=np.int8)
    distance = np.full(len(x), np.nan, dtype=np.float32)
    for start in range(0, len(x), CHUNK):
        some = slice(start, start + CHUNK)
        codes[some], statuses[some], distance[some] = _chunk(x[some], y[some], index, tolerance)
    if (codes == NOWHERE).all():
        _not_swapped(x, y, index)
    return Located(codes, statuses, distance, tuple(quarters["code"].astype(str)), generation)


def _same_generation(quarters: gpd.GeoDataFrame, generation: int) -> None:
    found = sorted({int(vintage) for vintage in quarters["vintage"]})
    if found != [generation] or quarters.crs is None:
        raise TerritoryError(
            Fault(
                "les contours ne sont pas de la génération demandée, ou sans système de coordonnées",
                expected=f"des contours de {generation}, avec leur système",
                found=", ".join(map(str, found)) or "aucun contour",
                remedy="ajoutez les contours de cette génération ; deux générations ne se mélangent jamais",
            )
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Index:
    """The quarters of a generation, ready for points of one reference system.

    ``cells`` are the known cells; ``start`` to ``start + count`` in ``owners`` are the outlines that cover a part
    of each. ``sure`` cells lie in one outline, uncrossed; ``near`` holds the position in ``borders`` of the
    borders around, -1 where none is.
    """

    crs: CRS
    shapes: np.ndarray
    size: tuple[float, float]
    cells: pd.Index
    start: np.ndarray
    count: np.ndarray
    owners: np.ndarray
    sure: np.ndarray
    near: np.ndarray
    borders: tuple[_Borders, ...]
    reach: float

    @classmethod
    def of(cls, quarters: gpd.GeoDataFrame, *, crs: str, reach: float) -> _Index:
        system = CRS.from_user_input(crs)
        shapes = _projected(quarters, system)
        shapely.prepare(shapes)
        size = _cell_size(shapes, system, max(CELL, reach))
        found = covered_cells(shapes, width=size[0], height=size[1])
        borders, place = _borders(quarters, system) if reach > 0 else ((), np.empty(0, dtype=np.int64))
        keys = cell_key(found.column, found.row)
        edge = found.crossed
        rings = [
            (cell_key(found.column[edge] + across, found.row[edge] + up), place[found.shape[edge]])
            for across in RING for up in RING if reach > 0
        ]  # fmt: skip
        around = np.concatenate([ring for ring, _ in rings]) if rings else keys[:0]
        cells, where = np.unique(np.concatenate([keys, around]), return_inverse=True)
        near = np.full(len(cells), NOWHERE)
        if rings:
            near[where[len(keys) :]] = np.concatenate([one for _, one in rings])
        order = np.argsort(where[: len(keys)], kind="stable")
        count = np.bincount(where[: len(keys)], minlength=len(cells))
        crossed = np.bincount(where[: len(keys)], edge, len(cells)) > 0
        return cls(
            system, shapes, size, pd.Index(cells), np.cumsum(count) - count, count, found.shape[order],
            (count == 1) & ~crossed, near, borders, reach,
        )  # fmt: skip

    def look_up(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Give the position of the cell of each point, -1 where no quarter is near."""
        column, row = (np.floor(one / side).astype(np.int64) for one, side in zip((x, y), self.size, strict=True))
        position: np.ndarray = self.cells.get_indexer(pd.Index(cell_key(column, row)))
        return position


def _projected(quarters: gpd.GeoDataFrame, system: CRS) -> np.ndarray:
    """Bring outlines to the system of the points; those out of its reach hold none of them."""
    shapes = np.full(len(quarters), shapely.Polygon(), dtype=object)
    used = in_use(quarters.geometry, system) if system.is_projected else np.ones(len(quarters), dtype=bool)
    shapes[used] = reprojected(quarters.geometry[used], system).to_numpy()
    return shapes


def _cell_size(shapes: np.ndarray, system: CRS, metres: float) -> tuple[float, float]:
    if system.is_projected:
        return metres, metres
    _, south, _, north = shapely.total_bounds(shapes)
    height = metres / DEGREE
    return height / np.cos(np.radians(max(abs(south), abs(north)))), height


@dataclass(frozen=True, slots=True, eq=False)
class _Borders:
    """The sides of the outlines of one metric system, with the outline that each belongs to."""

    project: Transformer
    tree: shapely.STRtree
    owner: np.ndarray


def _borders(quarters: gpd.GeoDataFrame, system: CRS) -> tuple[tuple[_Borders, ...], np.ndarray]:
    place = np.full(len(quarters), NOWHERE)
    found: list[_Borders] = []
    for rows, local in by_system(quarters.geometry.to_crs(LONLAT)):
        place[rows] = len(found)
        lines, line_of = shapely.get_parts(shapely.boundary(local.to_numpy()), return_index=True)
        points, line = shapely.get_coordinates(lines, return_index=True)
        same = line[1:] == line[:-1]
        sides = shapely.linestrings(np.stack([points[:-1], points[1:]], axis=1)[same])
        project = Transformer.from_crs(system, local.crs, always_xy=True)
        found.append(_Borders(project, shapely.STRtree(sides), rows[line_of[line[:-1][same]]]))
    return tuple(found), place


def _chunk(
    x: np.ndarray, y: np.ndarray, index: _Index, tolerance: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    known = np.isfinite(x) & np.isfinite(y)
    cell = np.full(len(x), NOWHERE)
    cell[known] = index.look_up(x[known], y[known])
    codes = np.full(len(x), NOWHERE, dtype=np.int64)
    distance = np.full(len(x), np.nan)
    touched = np.flatnonzero(cell >= 0)
    mine = cell[touched]
    sure = index.sure[mine]
    codes[touched[sure]] = index.owners[index.start[mine[sure]]]
    undecided = np.zeros(len(x), dtype=bool)
    tested = touched[~sure]
    codes[tested], undecided[tested] = _tested(x[tested], y[tested], cell[tested], index)
    for point, metres, nearest in _measured(x, y, touched, cell, index):
        within = metres <= tolerance
        distance[point] = np.where(codes[point] >= 0, -metres, metres)
        if tolerance > 0:
            undecided[point[within]] = True
            codes[point] = np.where(within & (codes[point] < 0), nearest, codes[point])
    statuses = np.select(
        [~known, undecided, codes >= 0],
        [STATUSES.index(one) for one in (PlaceStatus.UNKNOWN, PlaceStatus.UNDECIDED, PlaceStatus.INSIDE)],
        STATUSES.index(PlaceStatus.OUTSIDE),
    )
    return codes, statuses, distance


def _tested(x: np.ndarray, y: np.ndarray, cell: np.ndarray, index: _Index) -> tuple[np.ndarray, np.ndarray]:
    """Test points against the outlines of their cell: the first that holds each, and whether several do."""
    count = index.count[cell]
    point = np.repeat(np.arange(len(x)), count)
    rank = np.arange(len(point)) - np.repeat(np.cumsum(count) - count, count)
    owner = index.owners[np.repeat(index.start[cell], count) + rank]
    held = shapely.intersects_xy(index.shapes[owner], x[point], y[point])
    code = np.full(len(x), NOWHERE, dtype=np.int64)
    code[point[held][::-1]] = owner[held][::-1]
    return code, np.bincount(point[held], minlength=len(x)) > 1


def _measured(
    x: np.ndarray, y: np.ndarray, touched: np.ndarray, cell: np.ndarray, index: _Index
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Measure the points near a border: their positions, metres to the nearest one, the outline it is of."""
    system = index.near[cell[touched]]
    for number, border in enumerate(index.borders):
        point = touched[system == number]
        local = shapely.points(*border.project.transform(x[point], y[point]))
        (found, side), metres = border.tree.query_nearest(
            local, max_distance=index.reach, return_distance=True, all_matches=False
        )
        yield point[found], metres, border.owner[side]


def _not_swapped(x: np.ndarray, y: np.ndarray, index: _Index) -> None:
    if index.crs.is_projected:
        return
    west, south, east, north = shapely.total_bounds(index.shapes)

    def any_near(lon: np.ndarray, lat: np.ndarray) -> bool:
        return bool(((lon >= west - 1) & (lon <= east + 1) & (lat >= south - 1) & (lat <= north + 1)).any())

    if any_near(y, x) and not any_near(x, y):
        raise TerritoryError(
            Fault(
                "longitudes et latitudes inversées",
                expected="la longitude d’abord, la latitude ensuite",
                found="aucun point près des quartiers, sauf à échanger les deux colonnes",
                remedy="échangez les deux colonnes",
            )
        )
