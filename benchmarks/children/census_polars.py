"""Count the same file with polars, lazily and in streams."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import polars as pl
from clock import clocks, since

COLUMNS = ("REGION", "SEXE", "AGEREV", "IMMI", "INATC", "DIPL_15", "TACT")
BANDS = [14, 24, 54, 64]


def count(path: Path, columns: list[str]) -> pl.DataFrame:
    people = pl.scan_parquet(path)
    if "AGEREV" in columns:
        people = people.with_columns(pl.col("AGEREV").cast(pl.String).cast(pl.Int32).cut(BANDS))
    counted = people.group_by(columns).agg(pl.col("IPONDI").sum().alias("persons"), pl.len().alias("n"))
    return counted.collect(engine="streaming")


def main(path: Path) -> None:
    told: dict[str, object] = {}
    for name, columns in (("whole", list(COLUMNS)), ("area", ["CANTVILLE", "SEXE", "IMMI", "TACT"])):
        start = clocks()
        cells = count(path, columns)
        told[name] = since(start)
        told[f"{name}_cells"] = len(cells)
        told[f"{name}_persons"] = round(float(cells["persons"].sum()), 3)
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
