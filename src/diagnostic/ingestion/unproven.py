"""Readers that no real file has tried yet: they say so wherever their figures are named.

Some layouts are known from their description alone. The lock of a source holds the hashes of the real files that
were read whole and checked by hand; a source without one is marked, and the mark goes the day a file is written
in its lock.
"""

from __future__ import annotations

from typing import Final

from diagnostic.ingestion.editions import lock_of

UNPROVEN: Final = "non éprouvé"
REMARK: Final = "lecture non éprouvée sur un fichier réel"


def is_proven(source: str) -> bool:
    """Say whether a real file of a source was read whole and checked."""
    return bool(lock_of(source).files)


def marked(label: str, *, source: str) -> str:
    """Give the label of a source, with the mark of a reader that no real file has tried.

    Examples
    --------
    >>> marked("Insee, DEMO", source="insee_qpv_demo"), marked("Insee, Sirene", source="never_seen")
    ('Insee, DEMO', 'Insee, Sirene (non éprouvé)')
    """
    return label if is_proven(source) else f"{label} ({UNPROVEN})"


def remark(source: str) -> str:
    """Give what the notes of its figures say, nothing for a proven source."""
    return "" if is_proven(source) else REMARK
