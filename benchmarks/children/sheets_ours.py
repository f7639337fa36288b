"""A sheet for every neighbourhood of the country: one analysis, then PDF files of a hundred sheets."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from diagnostic import pipeline
from diagnostic.api import load_public
from diagnostic.publication.report import Edition
from diagnostic.publication.report.blocks import heading
from diagnostic.publication.report.sheets import sheets
from diagnostic.workspace import Workspace

EACH = 100
workspace = Workspace(Path(sys.argv[1]))
pipeline._publish = lambda *_, **__: []  # type: ignore[assignment]  # noqa: SLF001 - the sheets are all that is wanted
pipeline.run(workspace)
edition = Edition(load_public(workspace))
pages: list[list] = [[]]
for block in sheets(edition.reader, edition.album, edition.prose):
    if block["kind"] == "pagebreak":
        pages.append([])
    else:
        pages[-1].append(block)
for first in range(0, len(pages), EACH):
    blocks = [one for page in pages[first : first + EACH] for one in (*page, {"kind": "pagebreak"})][:-1]
    if first:  # the first file opens with the words of the annex
        blocks.insert(0, heading("Les quartiers, un par un", 1))
    body = edition.page(blocks, title=f"Fiches des quartiers, à partir de {first + 1}")()
    (workspace.reports / f"fiches_{first // EACH + 1:02d}.pdf").write_bytes(body)
print(json.dumps({"sheets": len(pages)}))
