"""Share out the same squares with tobler; building its polygons is not counted."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from clock import clocks, since
from tobler.area_weighted import area_interpolate


def main(cells: Path, quarters: Path) -> None:
    table = np.load(cells)
    targets = gpd.read_parquet(quarters)
    x, y = table["x"], table["y"]
    squares = gpd.GeoDataFrame(
        {"persons": table["persons"]}, geometry=shapely.box(x, y, x + 200, y + 200), crs=targets.crs
    )
    start = clocks()
    shared = area_interpolate(squares, targets, extensive_variables=["persons"], allocate_total=False)
    seconds = since(start)
    print(json.dumps({"seconds": seconds, "total": float(shared["persons"].sum()), "squares": len(x)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
