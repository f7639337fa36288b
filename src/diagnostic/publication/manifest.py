"""``manifest.json``: what went in, what came out, with which versions."""

from __future__ import annotations

import hashlib
import json
import platform
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from diagnostic.analysis.disclosure.public import PublicTables

# Those whose version changes a figure or a byte of a document.
LIBRARIES: Final = ("geopandas", "matplotlib", "numpy", "pandas", "pyarrow", "shapely", "typst", "xlsxwriter")


def write_manifest(tables: PublicTables, *, documents: Mapping[str, bytes], settings: str) -> bytes:
    """Make the manifest.

    Parameters
    ----------
    tables
        What was published; its ``sources`` are the inputs.
    documents
        Content of each document, by file name.
    settings
        SHA-256 of ``diagnostic.toml``.

    Returns
    -------
    bytes
        JSON without any clock: the same inputs give the same bytes.
    """
    identity = tables.identity
    inputs = tables.sources[["source", "edition", "file", "sha256", "basis"]].to_dict(orient="records")
    content = {
        "territoire": identity.name,
        "generation": identity.generation,
        "date_edition": identity.edition_date.isoformat(),
        "donnees_fictives": identity.fictional,
        "reglages_sha256": settings,
        "entrees": inputs,
        "documents": {name: hashlib.sha256(body).hexdigest() for name, body in sorted(documents.items())},
        "versions": {
            "diagnostic-territorial": identity.version,
            "python": platform.python_version(),
            **{name: version(name) for name in LIBRARIES},
        },
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
