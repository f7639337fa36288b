"""Draw one thematic map of a working folder with the package, then the same again."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from clock import clocks, since

from diagnostic.api import load_public
from diagnostic.publication.report.pictures import Album
from diagnostic.publication.report.reading import Reader
from diagnostic.workspace import Workspace

AGAIN = 5


def main(folder: Path) -> None:
    tables = load_public(Workspace(folder))
    start = clocks()
    album = Album(Reader(tables))
    album.circles("poverty_rate")
    first = since(start)
    start = clocks()
    for _ in range(AGAIN):
        album.circles("poverty_rate")
    following = [one / AGAIN for one in since(start)]
    print(json.dumps({"first": first, "next": following, "bytes": sum(map(len, album.files.values()))}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
