"""Every document of a territory, from the same tables: what a run writes in ``reports``."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from diagnostic.publication.atlas import write_atlas
from diagnostic.publication.manifest import write_manifest
from diagnostic.publication.opendata import write_opendata
from diagnostic.publication.report import write_documents
from diagnostic.publication.workbook import write_workbook

if TYPE_CHECKING:
    from collections.abc import Mapping

    from diagnostic.analysis.disclosure.public import PublicTables

OPEN_DATA: Final = "public"
CARRIED: Final = {".csv", ".json"}  # what the PDF carries


def write_all(
    tables: PublicTables, *, texts: Mapping[str, str], settings: str, long: bool = False, draft: bool = False
) -> dict[str, bytes]:
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
    data = write_opendata(tables)
    carried = {name: body for name, body in data.items() if Path(name).suffix in CARRIED}
    documents = {
        **write_documents(tables, texts=texts, long=long, draft=draft, attached=carried),
        "indicateurs.xlsx": write_workbook(tables),
        "atlas.html": write_atlas(
            tables, texts=texts, crossings=tables.crossings if len(tables.crossings) else None
        ),
    }
    if find_spec("pptx"):
        from diagnostic.publication.slides import write_slides  # noqa: PLC0415 - an optional library

        documents["seance.pptx"] = write_slides(tables, texts=texts)
    documents |= {f"{OPEN_DATA}/{name}": body for name, body in data.items()}
    documents["manifest.json"] = write_manifest(tables, documents=documents, settings=settings)
    return documents
