"""Keep a report's blocks and figures (``prepare``), then typeset them (``typeset``)."""

from __future__ import annotations

import json
import re
import sys
from datetime import date
from pathlib import Path
from typing import Any

from clock import clocks, since

from diagnostic.publication.report.typeset import typeset

BLOCKS = "blocks.json"


def prepare(workspace: Path, folder: Path) -> None:
    """Write the report once, and keep what it gives to the typesetter."""
    from diagnostic.api import load_public  # noqa: PLC0415 - typesetting alone needs none of these
    from diagnostic.publication.report import edition, write_report  # noqa: PLC0415 - idem
    from diagnostic.workspace import Workspace  # noqa: PLC0415 - idem

    def keep(blocks: list[Any], *, meta: dict[str, Any], files: dict[str, bytes], day: date, **_: object) -> bytes:
        for name, body in files.items():
            (folder / name).write_bytes(body)
        content = {"blocks": blocks, "meta": meta, "files": sorted(files), "day": day.isoformat()}
        (folder / BLOCKS).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        return b""

    folder.mkdir(parents=True, exist_ok=True)
    edition.typeset = keep
    write_report(load_public(Workspace(workspace)))


def again(folder: Path) -> None:
    """Typeset what was kept."""
    content = json.loads((folder / BLOCKS).read_text(encoding="utf-8"))
    files = {name: (folder / name).read_bytes() for name in content["files"]}
    start = clocks()
    pdf = typeset(content["blocks"], meta=content["meta"], files=files, day=date.fromisoformat(content["day"]))
    seconds = since(start)
    (folder / "ours.pdf").write_bytes(pdf)
    print(json.dumps({"seconds": seconds, "pages": len(re.findall(rb"/Type\s*/Page\b", pdf)), "bytes": len(pdf)}))


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        again(Path(sys.argv[2]))
