"""Where figures come from: first-class data, nothing optional."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who published a source, under what title and licence.

    Parameters
    ----------
    producer, title, citation, url, licence
        French text as it is printed.
    published
        Publication date or dates as the producer states them (ISO day, month or year).

    Raises
    ------
    ValueError
        When a field is empty: provenance is never partial.
    """

    producer: str
    title: str
    citation: str
    url: str
    licence: str
    published: str

    def __post_init__(self) -> None:
        empty = [field.name for field in fields(self) if not getattr(self, field.name).strip()]
        if empty:
            raise ValueError(f"provenance fields without a value: {', '.join(empty)}")


def sha256(path: Path) -> str:
    """Hash a file without loading it whole.

    Parameters
    ----------
    path
        An existing file.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
