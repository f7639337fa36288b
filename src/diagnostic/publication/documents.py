"""Every document of a territory, from the same tables: what a run writes in ``reports``."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from diagnostic.publication.atlas import write_atlas
from diagnostic.publication.kept import Kept
from diagnostic.publication.manifest import write_manifest
from diagnostic.publication.opendata import write_opendata
from diagnostic.publication.report import Edition, pages
from diagnostic.publication.workbook import write_workbook

if TYPE_CHECKING:
    from collections.abc import Mapping

    from diagnostic.analysis.disclosure.public import PublicTables

OPEN_DATA: Final = "public"
CARRIED: Final = {".csv", ".json"}  # what the PDF carries


def write_all(
    tables: PublicTables, *, texts: Mapping[str, str], settings: str, long: bool = False, draft: bool = False,
    kept: Kept | None = None,
) -> dict[str, bytes]:  # fmt: skip
    """Make every document.

    Parameters
    ----------
    tables
        What may be published.
    texts
        The lead's own texts, by file name.
    settings
        SHA-256 of ``diagnostic.toml``, for the manifest.
    long, draft
        As :func:`diagnostic.publication.report.write_documents` takes them.
    kept
        What was already made from the same tables; what is made now is added to it.

    Returns
    -------
    dict of str to bytes
        Content by path under ``reports``, the manifest last; without python-pptx (extra ``presentation``) there
        are no slides.

    Raises
    ------
    ConfigurationError, TerritoryError, ToolError
        As :func:`diagnostic.publication.report.write_report`.
    """
    kept = kept or Kept()
    data = kept.once(OPEN_DATA, lambda: write_opendata(tables))
    carried = {name: body for name, body in data.items() if Path(name).suffix in CARRIED}
    edition = Edition(tables, texts, long=long, draft=draft, kept=kept)
    with ThreadPoolExecutor(1) as press:  # Typst needs no Python: it works while the next pages are prepared
        typeset = {name: press.submit(page) for name, page in pages(edition, attached=carried)}
        others = kept.once("classeur", lambda: {"indicateurs.xlsx": write_workbook(tables)})
        others["atlas.html"] = write_atlas(
            tables, texts=texts, crossings=tables.crossings if len(tables.crossings) else None
        )
        if find_spec("pptx"):
            from diagnostic.publication.slides import write_slides  # noqa: PLC0415 - an optional library

            others["seance.pptx"] = write_slides(tables, texts=texts, kept=kept)
    documents = {name: made.result() for name, made in typeset.items()} | others
    documents |= {f"{OPEN_DATA}/{name}": body for name, body in data.items()}
    documents["manifest.json"] = write_manifest(tables, documents=documents, settings=settings)
    return documents
