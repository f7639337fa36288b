"""A table that Insee's site gives for one place: titles, then a block of rows for everyone, men and women.

Known from programs that read it, never seen whole: the first block gives, from the age bands of its row of titles,
one row an origin. What it lacks is said, not guessed.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd

from diagnostic.errors import Fault, InputError
from diagnostic.ingestion.origin import CODE
from diagnostic.ingestion.tabular import Table
from diagnostic.territory.names import fold
from diagnostic.vocabulary import Level

if TYPE_CHECKING:
    from collections.abc import Sequence

    from diagnostic.ingestion.document import Document

BANDS: Final = {"0": "00", "15": "15", "25": "25", "55": "55"}
ROWS: Final = {
    "immigres": "IMMI1", "non immigres": "IMMI2", "non-immigres": "IMMI2", "francais": "INATC1",
    "etrangers": "INATC2",
}  # fmt: skip
SEXES: Final = {"hommes": "SEXE1", "femmes": "SEXE2"}
PLACES: Final = {"commune": Level.COMMUNE, "departement": Level.DEPARTMENT, "region": Level.REGION}
HEAD: Final = 12
CROSSINGS: Final = 16
_PLACE = re.compile(r"(commune|departement|region)\b[^()\n]*\((\d[0-9ab]\d{0,3})\)")
_BAND = re.compile(r"(?:moins de (15)|(\d\d?) (?:a|ans))")


class Place(NamedTuple):
    """What the titles say the table is about."""

    level: Level
    code: str


def of_place(document: Document) -> Place | None:
    """Give the place of a page that crosses ages and origins, nothing for any other document."""
    rows = document.heads.get(None, ())
    labelled = any(fold(row[0]) in ROWS for row in rows if row)
    if not labelled or not any(len(_bands(row)) == len(BANDS) for row in rows):
        return None
    titles = fold(" ".join(cell for row in rows[:HEAD] for cell in row))
    found = _PLACE.search(titles)
    if found is None:
        raise InputError(Fault(
            "lieu introuvable dans les titres", file=document.name, expected="« Commune de … (59350) »",
            found="aucun code de lieu", remedy="téléchargez le fichier de toutes les communes (TD_IMG1A, TD_NAT1)",
        ))  # fmt: skip
    return Place(PLACES[found.group(1)], found.group(2).upper())


def _bands(row: Sequence[str]) -> dict[int, str]:
    """Give the age bands of a row of titles by position."""
    found = {}
    for position, cell in enumerate(row):
        band = _BAND.match(fold(cell))
        first = band and ("0" if band.group(1) else band.group(2))
        if first in BANDS:
            found[position] = BANDS[first]
    return found


def read_page(document: Document) -> tuple[Table, Level]:
    """Read the blocks of men and women of a page as one row of the wide layout.

    Parameters
    ----------
    document
        A page that :func:`of_place` knows.

    Returns
    -------
    tuple of Table and Level
        ``CODGEO`` and the crossings, text as published, at the line of the first; the level of the place.

    Raises
    ------
    InputError
        When the page lacks a crossing: its blocks are not those that are known.
    """
    place = of_place(document)
    if place is None:
        raise ValueError(f"{document.name} is no page of one place")
    cells: dict[str, str] = {}
    lines: list[int] = []
    bands: dict[int, str] = {}
    sex: str | None = None
    for line, row in enumerate(csv.reader(io.StringIO(document.text()), delimiter=document.delimiter or ";"), 1):
        label = fold(row[0]) if row else ""
        bands = _bands(row) or bands
        if not any(cell.strip() for cell in row[1:]) or _bands(row):
            words = [SEXES[word] for word in re.findall(r"\w+", fold(" ".join(row))) if word in SEXES]
            sex = words[0] if len(words) == 1 else None if label else sex
        elif sex and label in ROWS:
            found = {f"AGE4{band}_{ROWS[label]}_{sex}": row[at] for at, band in bands.items() if at < len(row)}
            cells.update({name: cell.strip() for name, cell in found.items() if name not in cells})
            lines.append(line)
    if len(cells) != CROSSINGS:
        raise InputError(Fault(
            "page incomplète ou d’une autre disposition", file=document.name,
            expected=f"{CROSSINGS} effectifs : quatre âges, deux origines ou nationalités, hommes et femmes",
            found=f"{len(cells)} effectifs",
            remedy="téléchargez le fichier de toutes les communes (TD_IMG1A, TD_NAT1)",
        ))  # fmt: skip
    frame = pd.DataFrame({CODE: place.code, **cells}, index=pd.Index(lines[:1], name="line"), dtype=str)
    return Table(document.name, None, lines[0], frame), place.level
