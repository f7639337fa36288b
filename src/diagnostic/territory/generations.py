"""Both generations of QPV side by side: which comes from which, by how much, and what can be carried over.

The official correspondence says which quarter of 2015 a quarter of 2024 comes from; outlines say how much of it. A
figure published on the outlines of 2015 is shown on them; on those of 2024 it is only ever an estimate.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from diagnostic.errors import Fault, TerritoryError
from diagnostic.formatting import number
from diagnostic.territory.areal import Kind, transfer
from diagnostic.territory.metric import areas, by_system, in_use, reprojected
from diagnostic.territory.overlay import dasymetric, held, overlay
from diagnostic.vocabulary import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from diagnostic.territory.overlay import Overlay, Squares

OLD, NEW = 2015, 2024
SLIVER: Final = 0.005  # share of both outlines under which they only touch (11 m of rounding along a border)
CHANGES: Final = {"I": "inchangé", "M": "modifié", "N": "nouveau", "C": "suffixe dont le sens n’est pas publié"}
METHODS: Final = {"area": "la surface", "dasymetric": "la population des carreaux"}
OVERLAP_COLUMNS: Final = [
    "code_2024", "code_2015", "share_of_2024", "share_of_2015", "iou", "population_of_2024", "population_of_2015",
]  # fmt: skip


def change(code: str) -> str:
    """Say in French what the last letter of a code of 2024 tells of its outline since 2015.

    Raises
    ------
    TerritoryError
        When it is not a code of 2024, or its letter is unknown.

    Examples
    --------
    >>> change("QN05902I"), change("QN00101M")
    ('inchangé', 'modifié')
    """
    if not code.startswith("QN") or code[-1] not in CHANGES:
        raise TerritoryError(
            Fault(
                f"le code {code} n’est pas celui d’un quartier de 2024",
                expected="QN, le département, un numéro et l’une des lettres I, M, N ou C",
                remedy="vérifiez la génération du quartier",
            )
        )
    return CHANGES[code[-1]]


def overlaps(
    old: gpd.GeoDataFrame, new: gpd.GeoDataFrame, *, cells: Squares | None = None,
    population: np.ndarray | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Measure how much quarters of both generations share.

    Parameters
    ----------
    old, new
        Columns ``code``, ``vintage`` and valid outlines in one reference system: quarters of 2015, of 2024.
    cells, population
        Squares of a grid and the inhabitants of each, to measure shares of population too.

    Returns
    -------
    pandas.DataFrame
        One row a pair: shares of the area of each, intersection over union, shares of the grid population of each
        (``NaN`` without grid or inhabitants); outlines that only touch are left out. The largest share of each
        quarter of 2024 comes first.

    Raises
    ------
    TerritoryError
        When the outlines are of another generation or of two reference systems.

    Examples
    --------
    >>> def one(code, vintage, right):
    ...     square = [shapely.box(700_000, 7_000_000, right, 7_000_100)]
    ...     return gpd.GeoDataFrame({"code": [code], "vintage": [vintage]}, geometry=square, crs="EPSG:2154")
    >>> found = overlaps(one("QP099001", 2015, 700_300), one("QN09901M", 2024, 700_400))
    >>> found[["share_of_2024", "share_of_2015", "iou"]].iloc[0].tolist()
    [0.75, 1.0, 0.75]
    """
    _check(old, new)
    before, after = old.geometry.to_numpy(), new.geometry.to_numpy()
    mine, theirs = shapely.STRtree(before).query(after, predicate="intersects")
    pieces = gpd.GeoSeries(_surfaces(shapely.intersection(after[mine], before[theirs])), crs=new.crs)
    shared, whole, former = areas(pieces), areas(new.geometry)[mine], areas(old.geometry)[theirs]
    inhabited = [
        np.full(len(shapes), np.nan) if cells is None or population is None
        else held(cells, population, reprojected(shapes, cells.crs).to_numpy())
        for shapes in (pieces, new.geometry, old.geometry)
    ]  # fmt: skip
    with np.errstate(invalid="ignore", divide="ignore"):
        table = pd.DataFrame(
            {
                "code_2024": new["code"].to_numpy()[mine],
                "code_2015": old["code"].to_numpy()[theirs],
                "share_of_2024": np.minimum(shared / whole, 1.0),
                "share_of_2015": np.minimum(shared / former, 1.0),
                "iou": np.minimum(shared / (whole + former - shared), 1.0),
                "population_of_2024": inhabited[0] / inhabited[1][mine],
                "population_of_2015": inhabited[0] / inhabited[2][theirs],
            },
            columns=OVERLAP_COLUMNS,
        )
    kept = table[(table["share_of_2024"] >= SLIVER) | (table["share_of_2015"] >= SLIVER)]
    order = ["code_2024", "share_of_2024", "code_2015"]
    return kept.sort_values(order, ascending=[True, False, True], ignore_index=True)


def _surfaces(pieces: np.ndarray) -> np.ndarray:
    flat: np.ndarray = np.where(shapely.get_type_id(pieces) == 7, shapely.buffer(pieces, 0), pieces)  # noqa: PLR2004
    return flat


def correspondence(measured: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Put the official correspondence and the measured overlap side by side.

    Parameters
    ----------
    measured
        See :func:`overlaps`.
    links
        Columns ``schemas.LINK_COLUMNS``: those from quarters of 2024 to quarters of 2015 are the official table.

    Returns
    -------
    pandas.DataFrame
        Columns of ``measured``, ``official`` (whether the official table has the pair; empty when it says nothing
        of the quarter of 2024) and ``change``. A pair of the official table whose outlines do not meet has no
        share.
    """
    said = links[(links["level"] == Level.QPV) & (links["parent_level"] == Level.QPV) & (links["vintage"] == NEW)]
    pairs = said.loc[said["parent_vintage"] == OLD, ["code", "parent_code"]].drop_duplicates()
    pairs = pairs.set_axis(["code_2024", "code_2015"], axis=1).assign(official=True)
    table = measured.merge(pairs, how="outer", on=["code_2024", "code_2015"])
    told = table["code_2024"].isin(said["code"])
    table["official"] = table["official"].astype("boolean").fillna(value=False).where(told)
    table["change"] = [change(code) for code in table["code_2024"]]
    order = ["code_2024", "share_of_2024", "code_2015"]
    return table.sort_values(order, ascending=[True, False, True], ignore_index=True)


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """What the quarters of 2015 share with those of 2024: measured once, for any number of figures.

    Parameters
    ----------
    old, new
        As for :func:`overlaps`.
    cells, population
        Squares and inhabitants: figures are then shared out like them, else by area.
    """

    old: gpd.GeoDataFrame
    new: gpd.GeoDataFrame
    cells: Squares | None = None
    population: np.ndarray | None = None
    _shared: list[Overlay] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        _check(self.old, self.new)
        for rows, local, grid in _groups(self.new, self.cells):
            box = shapely.box(*self.new.geometry.iloc[rows].total_bounds)
            near = shapely.intersects(self.old.geometry.to_numpy(), box)
            sources = reprojected(self.old.geometry[near], local.crs).set_axis(self.old["code"].to_numpy()[near])
            targets = local.set_axis(self.new["code"].to_numpy()[rows])
            if grid is None or self.population is None:
                self._shared.append(overlay(sources, targets))
            else:
                self._shared.append(dasymetric(sources, targets, cells=grid, population=self.population))

    def carry(
        self, values: pd.Series[float], *, kind: Kind, statuses: pd.Series[str] | None = None,
        weight: pd.Series[float] | None = None,
    ) -> pd.DataFrame:  # fmt: skip
        """Estimate on quarters of 2024 a figure published on quarters of 2015.

        Parameters
        ----------
        values
            By code of 2015.
        kind, statuses, weight
            See :func:`diagnostic.territory.areal.transfer`.

        Returns
        -------
        pandas.DataFrame
            By code of 2024, columns ``areal.TRANSFER_COLUMNS``, ``vintage`` and a French ``note``. What lies
            outside the outlines of 2015 is unknown: ``coverage`` and the note say how much of the area is known.
        """
        tables = []
        for found in self._shared:
            table = transfer(found, values, kind=kind, statuses=statuses, weight=weight)
            tables.append(table.assign(vintage=NEW, note=_notes(table, found.method)))
        return pd.concat(tables).reindex(self.new["code"].to_numpy())


def _groups(
    new: gpd.GeoDataFrame, cells: Squares | None
) -> Iterator[tuple[np.ndarray, gpd.GeoSeries, Squares | None]]:
    """Cut quarters by metric system, those within the grid first."""
    gridded = in_use(new.geometry, cells.crs) if cells else np.zeros(len(new), dtype=bool)
    if cells and gridded.any():
        yield np.flatnonzero(gridded), reprojected(new.geometry[gridded], cells.crs), cells
    rest = np.flatnonzero(~gridded)
    for rows, local in by_system(new.geometry.iloc[rest]):
        yield rest[rows], local, None


def _notes(table: pd.DataFrame, method: str) -> list[str]:
    return [
        f"estimé depuis les périmètres de {OLD} par {METHODS[method]} :"
        f" {number(100 * share)} % de la surface du quartier y était"
        for share in table["coverage"]
    ]


def _check(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame) -> None:
    found = [sorted({int(vintage) for vintage in frame["vintage"]}) for frame in (old, new)]
    if found != [[OLD], [NEW]] or old.crs is None or old.crs != new.crs:
        raise TerritoryError(
            Fault(
                "les contours ne sont pas ceux des deux générations dans un même système de coordonnées",
                expected=f"des quartiers de {OLD}, puis de {NEW}, dans un système déclaré",
                found=f"{found[0]} en {old.crs} et {found[1]} en {new.crs}",
                remedy="passez les contours de chaque génération à sa place, reprojetés",
            )
        )
