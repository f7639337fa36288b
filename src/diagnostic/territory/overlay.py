"""Which part of each place of one division of space lies in each place of another, by area or by population.

Area weighting supposes that what is counted is spread evenly over each source; the dasymetric method spreads it
like an ancillary population (Goodchild and Lam 1980, *Geo-Processing* 1; Eicher and Brewer 2001, *CaGIS* 28).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from diagnostic.errors import Fault, TerritoryError
from diagnostic.formatting import plural
from diagnostic.territory.squares import cell_key, check_surfaces, covered_cells

if TYPE_CHECKING:
    import geopandas as gpd

GRID: Final = "EPSG:3035"  # of the squares of the Insee in metropolitan France
WHOLE: Final = 1e-6  # shares of a source this close to one are one: rounding of outlines that touch
COLLECTION: Final = 7


@dataclass(frozen=True, slots=True, eq=False)
class Squares:
    """Cells of a regular grid, each named by its south-west corner.

    Parameters
    ----------
    x, y
        South-west corners in metres, multiples of ``side``.
    side
        In metres.
    crs
        Reference system of the corners.
    names
        One a cell; by default its position.

    Raises
    ------
    TerritoryError
        When a corner is not on the grid, or a cell is repeated.
    """

    x: np.ndarray
    y: np.ndarray
    side: float = 200.0
    crs: str = GRID
    names: pd.Index | None = None
    _index: pd.Index = field(init=False, repr=False)

    def __post_init__(self) -> None:
        column, row = (np.rint(np.asarray(one) / self.side) for one in (self.x, self.y))
        off = (column * self.side != self.x) | (row * self.side != self.y)
        index = pd.Index(cell_key(column.astype(np.int64), row.astype(np.int64)))
        if off.any() or not index.is_unique:
            raise TerritoryError(
                Fault(
                    "carreaux hors de leur grille" if off.any() else "carreaux répétés",
                    expected=f"des coins sud-ouest multiples de {self.side:g} m, chacun une seule fois",
                    found=plural(int(off.sum()) or int(index.duplicated().sum()), "carreau", "carreaux"),
                    remedy="vérifiez le système de coordonnées et le côté des carreaux",
                )
            )
        object.__setattr__(self, "_index", index)

    def positions(self, column: np.ndarray, row: np.ndarray) -> np.ndarray:
        """Give the position of each cell of the grid in the table, -1 where it is absent."""
        found: np.ndarray = self._index.get_indexer(pd.Index(cell_key(column, row)))
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """Which part of each source lies in each target: one row a pair that shares some surface.

    Parameters
    ----------
    sources, targets
        Names of the places.
    source, target
        Positions, one a pair.
    share
        Share of the source that lies in the target, by area or by population.
    mass
        What the pair weighs: square metres, or inhabitants.
    coverage
        Share of the area of each target that the sources cover.
    method
        ``"area"`` or ``"dasymetric"``.
    """

    sources: pd.Index
    targets: pd.Index
    source: np.ndarray
    target: np.ndarray
    share: np.ndarray
    mass: np.ndarray
    coverage: np.ndarray
    method: str

    @property
    def leftover(self) -> np.ndarray:
        """Share of each source that no target receives; below zero where targets overlap."""
        given: np.ndarray = np.bincount(self.source, self.share, len(self.sources))
        return 1.0 - given

    def by_target(self, weights: np.ndarray) -> np.ndarray:
        """Add up a value of the pairs over each target."""
        added: np.ndarray = np.bincount(self.target, weights, len(self.targets))
        return added


def overlay(sources: gpd.GeoSeries | Squares, targets: gpd.GeoSeries) -> Overlay:
    """Share out sources over targets by area.

    Parameters
    ----------
    sources
        Outlines with their names as index, or squares of a grid.
    targets
        Outlines with their names as index. Where two targets overlap each receives what its outline holds.

    Returns
    -------
    Overlay
        Shares of a source that lies wholly in the targets add up to one.

    Raises
    ------
    TerritoryError
        When the reference systems differ or count in degrees, or when an outline is invalid.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> target = gpd.GeoSeries({"QP": shapely.box(0, 0, 300, 200)}, crs="EPSG:3035")
    >>> overlay(Squares(np.array([0, 200]), np.array([0, 0])), target).share.tolist()
    [1.0, 0.5]
    """
    _same_system(sources, targets)
    if isinstance(sources, Squares):
        names = pd.RangeIndex(len(sources.x)) if sources.names is None else sources.names
        source, target, share = _squares_in(sources, targets.to_numpy())
        area = share * sources.side**2
    else:
        names = sources.index
        source, target, pieces = _pieces(sources, targets)
        area = shapely.area(pieces)
        share = area / sources.area.to_numpy()[source]
    coverage = _coverage(area, target, targets)
    return Overlay(names, targets.index, source, target, _whole(share, source), area, coverage, "area")


def dasymetric(
    sources: gpd.GeoSeries, targets: gpd.GeoSeries, *, cells: Squares, population: np.ndarray
) -> Overlay:
    """Share out sources over targets like the population of a grid.

    Parameters
    ----------
    sources, targets
        Outlines with their names as index.
    cells
        Squares of the grid, in the reference system of the outlines.
    population
        Inhabitants of each cell, spread evenly inside it.

    Returns
    -------
    Overlay
        ``mass`` in inhabitants. A source without any inhabitant in the grid is shared out by area.

    Raises
    ------
    TerritoryError
        As :func:`overlay`; also when a population is absent or below zero.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> iris = gpd.GeoSeries({"A": shapely.box(0, 0, 400, 200)}, crs="EPSG:3035")
    >>> quarter = gpd.GeoSeries({"QP": shapely.box(0, 0, 200, 200)}, crs="EPSG:3035")
    >>> grid = Squares(np.array([0, 200]), np.array([0, 0]))
    >>> dasymetric(iris, quarter, cells=grid, population=np.array([30.0, 10.0])).share.tolist()
    [0.75]
    """
    _same_system(sources, targets)
    _same_system(cells, targets)
    wrong = int((~(np.isfinite(population) & (np.asarray(population) >= 0))).sum())
    if wrong or len(population) != len(cells.x):
        raise TerritoryError(
            Fault(
                "population de carreaux incomplète",
                expected=f"un effectif positif ou nul pour {plural(len(cells.x), 'carreau', 'carreaux')}",
                found=f"{plural(len(population), 'valeur')}, dont {wrong} absentes ou négatives",
                remedy="donnez la population de chaque carreau",
            )
        )
    source, target, pieces = _pieces(sources, targets)
    area = shapely.area(pieces)
    whole = held(cells, population, sources.to_numpy())[source]
    mass = held(cells, population, pieces)
    evenly = area / sources.area.to_numpy()[source]
    share = np.where(whole > 0, mass / np.where(whole > 0, whole, 1.0), evenly)
    coverage = _coverage(area, target, targets)
    whole_share = _whole(share, source)
    return Overlay(sources.index, targets.index, source, target, whole_share, mass, coverage, "dasymetric")


def held(cells: Squares, population: np.ndarray, shapes: np.ndarray) -> np.ndarray:
    """Add up the population of a grid inside each outline, spread evenly over each square.

    Parameters
    ----------
    cells, population
        Squares, and the inhabitants of each.
    shapes
        Valid outlines in the reference system of the squares.
    """
    source, target, share = _squares_in(cells, shapes)
    inside: np.ndarray = np.bincount(target, share * population[source], len(shapes))
    return inside


def _squares_in(cells: Squares, shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    found = covered_cells(shapes, width=cells.side, height=cells.side)
    position = cells.positions(found.column, found.row)
    kept = (position >= 0) & (found.share > 0)
    return position[kept], found.shape[kept], found.share[kept]


def _pieces(sources: gpd.GeoSeries, targets: gpd.GeoSeries) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Intersect only what a border cuts: a source inside a target is its own piece."""
    mine, others = sources.to_numpy(), targets.to_numpy()
    for shapes in (mine, others):
        check_surfaces(shapes)
    target, source = shapely.STRtree(mine).query(others, predicate="intersects")
    shapely.prepare(others)
    pieces = mine[source]
    cut = ~shapely.covers(others[target], pieces)
    pieces[cut] = shapely.intersection(pieces[cut], others[target[cut]])
    mixed = shapely.get_type_id(pieces) == COLLECTION  # with the lines where two outlines touch
    pieces[mixed] = shapely.buffer(pieces[mixed], 0)
    kept = shapely.area(pieces) > 0
    order = np.lexsort((source[kept], target[kept]))
    return source[kept][order], target[kept][order], pieces[kept][order]


def _whole(share: np.ndarray, source: np.ndarray) -> np.ndarray:
    """Make the shares of a source that lies wholly in the targets add up to one exactly."""
    total = np.bincount(source, share)[source]
    whole: np.ndarray = np.where(np.abs(total - 1) < WHOLE, share / np.where(total > 0, total, 1.0), share)
    return whole


def _coverage(area: np.ndarray, target: np.ndarray, targets: gpd.GeoSeries) -> np.ndarray:
    covered = np.bincount(target, area, len(targets)) / targets.area.to_numpy()
    inside: np.ndarray = np.clip(covered, 0.0, 1.0)
    return inside


def _same_system(sources: gpd.GeoSeries | Squares, targets: gpd.GeoSeries) -> None:
    found = [None if one.crs is None else CRS.from_user_input(one.crs) for one in (sources, targets)]
    if found[0] != found[1] or any(one is None or not one.is_projected for one in found):
        raise TerritoryError(
            Fault(
                "deux découpages dans des systèmes de coordonnées qui ne se comparent pas",
                expected="un même système projeté, en mètres",
                found=" et ".join("aucun" if one is None else str(one.to_string()) for one in found),
                remedy="reprojetez l’un des deux avant de les croiser",
            )
        )
