"""Google Forms: the downloaded csv (answers parted by ``;``) and the linked sheet (parted by ``, ``).

Blank, skipped and never asked look the same, and an option may hold the very comma that parts two options: only
the list of options tells, from a form or, failing that, from what several respondents chose.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from diagnostic.ingestion.document import Kind
from diagnostic.ingestion.survey.layout import build_export
from diagnostic.ingestion.survey.matching import match_columns
from diagnostic.ingestion.survey.reader import PLATFORMS, Platform
from diagnostic.ingestion.survey.rows import read_cells
from diagnostic.ingestion.survey.sheet import Sheet, column_names
from diagnostic.ingestion.survey.wording import key

if TYPE_CHECKING:
    from diagnostic.ingestion.document import Document
    from diagnostic.ingestion.survey.export import Export, Form

NAME: Final = "google_forms"
STAMPS: Final = frozenset({"horodateur", "timestamp", "horodatage"})
_DOWNLOADED = re.compile(r"\d{4}/\d{1,2}/\d{1,2} \d{1,2}:\d\d:\d\d (?:AM|PM) (?:UTC|GMT|[A-Z]{3,4}).*")
_SYSTEM: Final = frozenset({*STAMPS, "score", "adresse e-mail", "email address", "nom d'utilisateur", "username"})
_SHEET_SEPARATOR: Final = ", "
_CSV_SEPARATOR: Final = ";"


def recognise(document: Document) -> bool:
    """Say whether the first column of a table is the time stamp that Google Forms always writes."""
    if document.kind not in (Kind.DELIMITED, Kind.WORKBOOK):
        return False
    rows = next((rows for rows in document.heads.values() if rows), ())
    return bool(rows and len(rows[0]) > 1 and key(rows[0][0]) in STAMPS)


def read(document: Document, form: Form | None) -> Export:
    """Read a Google Forms table."""
    cells = read_cells(document)
    names, notes = column_names(cells, cells.titles[0], unique=False)
    sheet = Sheet(cells, names)
    stamps = [word for word in sheet[names[0]].words if word.strip()]
    downloaded = bool(stamps) and all(_DOWNLOADED.fullmatch(word) for word in stamps)
    separator = _CSV_SEPARATOR if downloaded else _SHEET_SEPARATOR
    system = [name for name in names if key(name) in _SYSTEM]
    layouts, remarks = match_columns(sheet, form, separator=separator, system=system)
    return build_export(
        sheet, layouts, platform=NAME, notes=[*notes, *remarks], form=form.name if form else None,
        language=form.language if form else None,
    )  # fmt: skip


PLATFORMS.register(Platform(NAME, "Google Forms (csv, tsv ou feuille)", recognise, read))
