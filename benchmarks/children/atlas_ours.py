"""Write the atlas of a working folder, its neighbourhoods repeated up to a number."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from clock import clocks, since

from diagnostic.api import load_public
from diagnostic.publication.atlas import write_atlas
from diagnostic.workspace import Workspace

if TYPE_CHECKING:
    from diagnostic.analysis.disclosure.public import PublicTables

EAST, SOUTH, ACROSS = 0.9, 0.6, 8  # degrees between copies, copies in a row


def repeated(tables: PublicTables, count: int) -> PublicTables:
    """Repeat neighbourhoods and their figures, each copy elsewhere and under its own codes."""
    places = tables.territories
    quarters = places[places["level"].eq("qpv")]
    parts: dict[str, list[pd.DataFrame]] = {"territories": [], "indicators": [], "gaps": []}
    for copy in range(-(-count // len(quarters))):
        for name, kept in parts.items():
            table = getattr(tables, name)
            own = table[table["level"].eq("qpv")]
            kept.append(own.assign(code=own["code"] + (f"{copy:03d}" if copy else "")))
        moved = parts["territories"][-1]
        moved["number"] = moved["number"] + copy * len(quarters)
        moved["geometry"] = moved.geometry.translate((copy % ACROSS) * EAST, -(copy // ACROSS) * SOUTH)
    whole = {name: pd.concat(kept, ignore_index=True) for name, kept in parts.items()}
    codes = set(whole["territories"].sort_values("number")["code"].head(count))
    return replace(tables, **{
        name: pd.concat([
            table[table["code"].isin(codes)], getattr(tables, name)[getattr(tables, name)["level"].ne("qpv")],
        ], ignore_index=True)
        for name, table in whole.items()
    })  # fmt: skip


def main(folder: Path, target: Path, count: int) -> None:
    tables = repeated(load_public(Workspace(folder)), count)
    start = clocks()
    page = write_atlas(tables)
    seconds = since(start)
    target.write_bytes(page)
    print(json.dumps({"write": seconds, "bytes": len(page)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
