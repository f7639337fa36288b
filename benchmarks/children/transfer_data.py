"""Write what transfers are measured on: the quarters of 2024, squares of a grid, points.

Squares fill the surroundings of every quarter, as in a town, and are drawn at random over the rest of the country
up to the number asked for; they stand in the order of the published grid. Half of the points lie around quarters,
half anywhere in the country.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import Transformer

from diagnostic.ingestion.document import open_document
from diagnostic.ingestion.source import SOURCES
from diagnostic.territory.metric import in_use, reprojected

if TYPE_CHECKING:
    import geopandas as gpd

SIDE = 200
AROUND = 20  # squares on each side of a quarter's middle
WEST, SOUTH, ACROSS, UP = 16_000, 10_000, 5_600, 5_700  # metropolitan France, in squares of EPSG:3035
COUNTRY = (100_000, 6_050_000, 1_240_000, 7_110_000)  # in Lambert-93


def quarters(file: Path) -> gpd.GeoDataFrame:
    document = open_document(file)
    source = SOURCES["anct_qpv_2024"]
    recognition = source.recognise(document)
    assert recognition is not None
    found = source.read(document, recognition).boundaries
    assert found is not None
    return found[["code", "vintage", "geometry"]]


def squares(middles: np.ndarray, count: int, random: np.random.Generator) -> np.ndarray:
    step = np.arange(-AROUND, AROUND + 1)
    column, row = (np.add.outer(middles[:, axis] // SIDE, step).astype(np.int64) for axis in (0, 1))
    near = np.unique((row[:, :, None] - SOUTH) * ACROSS + (column[:, None, :] - WEST))
    far = np.setdiff1d(random.choice(ACROSS * UP, count, replace=False), near)
    kept = random.permutation(far)[: max(count - len(near), 0)]
    return np.sort(np.concatenate([near, kept]))[-count:]


def main(file: Path, folder: Path, squares_count: int, points_count: int) -> None:
    random = np.random.default_rng(0)
    outlines = quarters(file)
    outlines.to_parquet(folder / "quarters_lonlat.parquet")
    grid = outlines.set_geometry(reprojected(outlines.geometry, "EPSG:3035"))
    grid.to_parquet(folder / "quarters_grid.parquet")
    home = grid[in_use(outlines.geometry, "EPSG:2154")]
    key = squares(shapely.get_coordinates(home.centroid.to_numpy()), squares_count, random)
    x, y = (key % ACROSS + WEST) * SIDE, (key // ACROSS + SOUTH) * SIDE
    np.savez(folder / "cells.npz", x=x, y=y, persons=random.gamma(2, 30, len(x)))
    middles = shapely.get_coordinates(home.to_crs("EPSG:2154").centroid.to_numpy())
    half = points_count // 2
    west, south, east, north = COUNTRY
    near = middles[random.integers(0, len(middles), half)] + random.normal(0, 1500, (half, 2))
    far = random.uniform((west, south), (east, north), (points_count - half, 2))
    spots = random.permutation(np.concatenate([near, far]))
    lon, lat = Transformer.from_crs("EPSG:2154", "EPSG:4326", always_xy=True).transform(*spots.T)
    np.savez(folder / "points.npz", x=lon, y=lat)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
