"""Locate points in quarters with the package, then again with a tolerance."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
from clock import clocks, since

from diagnostic.territory.points import locate


def main(points: Path, quarters: Path) -> None:
    table = np.load(points)
    outlines = gpd.read_parquet(quarters)
    told = {}
    for name, tolerance in (("seconds", 0.0), ("tolerance", 20.0)):
        start = clocks()
        found = locate(
            table["x"], table["y"], quarters=outlines, generation=2024, crs="EPSG:4326", tolerance=tolerance
        )
        told[name] = since(start)
        told[f"inside_{name}"] = int((found.codes >= 0).sum())
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
