"""Read with the package every file that a source knows; the list of files is written at the first call."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from clock import clocks, since

from diagnostic.ingestion.document import open_document
from diagnostic.ingestion.intake import recognise
from diagnostic.ingestion.source import SOURCES


def main(listing: Path, folders: list[Path]) -> None:
    given = listing.read_text(encoding="utf-8").splitlines() if listing.is_file() else []
    paths = [Path(line) for line in given] or sorted(path for folder in folders for path in folder.iterdir())
    len(SOURCES)  # registers the sources: an import
    start = clocks()
    known, figures = [], 0
    for path in paths:
        document = open_document(path)
        claim = recognise(document)
        if claim is not None:
            tables = SOURCES[claim.source].read(document, claim)
            figures += 0 if tables.measures is None else len(tables.measures)
            known.append(path)
    seconds = since(start)
    if not given:
        listing.write_text("".join(f"{path}\n" for path in known), encoding="utf-8")
    size = sum(path.stat().st_size for path in known)
    print(json.dumps({"seconds": seconds, "files": len(known), "bytes": size, "figures": figures}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(given) for given in sys.argv[2:]])
