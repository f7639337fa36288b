"""Share out squares over quarters with the package: a table of corners and values in, a table by quarter out."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from clock import clocks, since

from diagnostic.territory.areal import Kind, transfer
from diagnostic.territory.overlay import Squares, overlay


def main(cells: Path, quarters: Path) -> None:
    table = np.load(cells)
    targets = gpd.read_parquet(quarters).set_index("code").geometry
    start = clocks()
    found = overlay(Squares(table["x"], table["y"]), targets)
    shared = transfer(found, pd.Series(table["persons"]), kind=Kind.EXTENSIVE)
    seconds = since(start)
    print(json.dumps({"seconds": seconds, "total": float(shared["value"].sum()), "squares": len(table["x"])}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
