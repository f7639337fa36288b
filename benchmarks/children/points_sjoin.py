"""Locate the same points with geopandas: the join alone, and with the points that it needs."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
from clock import clocks, since


def main(points: Path, quarters: Path) -> None:
    table = np.load(points)
    outlines = gpd.read_parquet(quarters)
    whole = clocks()
    spots = gpd.GeoDataFrame(geometry=gpd.points_from_xy(table["x"], table["y"]), crs="EPSG:4326")
    start = clocks()
    joined = gpd.sjoin(spots, outlines[["code", "geometry"]], how="left", predicate="intersects")
    told = {"join": since(start), "seconds": since(whole), "inside_seconds": int(joined["code"].notna().sum())}
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
