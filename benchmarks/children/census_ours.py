"""Count a census file with the package: as published, then by area."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from clock import clocks, since

from diagnostic.analysis.census import tabulate
from diagnostic.ingestion.census_detail import open_census

BY = ("region", "sex", "age", "immigration", "nationality", "diploma", "activity")


def main(path: Path) -> None:
    table = open_census(path)
    told: dict[str, object] = {}
    for name, by in (("whole", BY), ("area", ("canton", "sex", "immigration", "activity"))):
        start = clocks()
        cells = tabulate(table, by)
        told[name] = since(start)
        told[f"{name}_cells"] = len(cells)
        told[f"{name}_persons"] = round(float(cells["persons"].sum()), 3)
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
