"""The only home of Typst: blocks and figures in, PDF bytes out."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typst

from diagnostic.errors import ToolError
from diagnostic.publication.report.streams import unambiguous

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from diagnostic.publication.report.blocks import Block

STANDARDS: Final = ["ua-1", "a-3a"]
CARRIED: Final = "Données publiées dans ce document\u00a0: "
MIME: Final = {".csv": "text/csv", ".json": "application/json", ".geojson": "application/geo+json"}


def typeset(
    blocks: Sequence[Block], *, meta: Mapping[str, Any], files: Mapping[str, bytes], day: date,
    attached: Mapping[str, bytes] | None = None,
) -> bytes:  # fmt: skip
    """Typeset a document as PDF/UA-1 and PDF/A at once.

    Parameters
    ----------
    blocks
        What the pages hold, in order; read as data, never as markup.
    meta
        ``title``, ``author``, ``description``, ``keywords``, ``foot``, ``banner``, ``fictional``, ``draft``.
    files
        Figures by name, as the blocks call them.
    day
        Date of the document; it is the only date in the file.
    attached
        Data that the document carries, by file name: associated files of PDF/A-3 (ISO 19005-3), relationship Data.

    Returns
    -------
    bytes
        The same bytes for the same arguments.

    Raises
    ------
    ToolError
        When the document cannot be typeset: a fault of this package, not of the data.
    """
    import datetime as dt  # noqa: PLC0415 - the name is the argument's type above

    carried = attached or {}
    listed = [
        {"name": name, "mime": MIME[Path(name).suffix], "description": f"{CARRIED}{name}"}
        for name in sorted(carried)
    ]
    package = resources.files("diagnostic.publication")
    sources = {
        "main.typ": (package / "report" / "report.typ").read_bytes(),
        "blocks.typ": (package / "report" / "blocks.typ").read_bytes(),
        "document.json": json.dumps(
            {"meta": meta, "blocks": blocks, "attached": listed}, ensure_ascii=False
        ).encode(),
        **files,
        **carried,
    }
    moment = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
    with resources.as_file(package / "fonts") as fonts:
        try:
            pdf = typst.compile(  # type: ignore[call-overload]  # files in memory: accepted, not declared
                sources, font_paths=[str(fonts)], ignore_system_fonts=True, format="pdf",
                pdf_standards=STANDARDS, timestamp=moment,
            )  # fmt: skip
        except typst.TypstError as problem:
            raise ToolError(f"composition du PDF impossible : {problem.message}") from problem
    return unambiguous(bytes(pdf))
