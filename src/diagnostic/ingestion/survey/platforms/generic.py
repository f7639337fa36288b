"""Any other table of answers: one row of titles, one row a respondent.

Nothing is known of such a file beyond its cells: kinds are guessed, and blanks cannot be told apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from diagnostic.ingestion.document import Kind
from diagnostic.ingestion.survey.layout import build_export
from diagnostic.ingestion.survey.matching import match_columns
from diagnostic.ingestion.survey.reader import GENERIC, PLATFORMS, Platform
from diagnostic.ingestion.survey.rows import read_cells
from diagnostic.ingestion.survey.sheet import Sheet, column_names

if TYPE_CHECKING:
    from diagnostic.ingestion.document import Document
    from diagnostic.ingestion.survey.export import Export, Form

_QUESTIONS_NEEDED: Final = 2


def recognise(document: Document) -> bool:
    """Say whether the titles of a table are questions, which no public statistics has."""
    if document.kind not in (Kind.DELIMITED, Kind.WORKBOOK):
        return False
    rows = next((rows for rows in document.heads.values() if rows), ())
    titles = rows[0] if rows else ()
    return sum(title.rstrip(" ]").endswith("?") for title in titles) >= _QUESTIONS_NEEDED


def read(document: Document, form: Form | None) -> Export:
    """Read a table of answers of unknown origin."""
    cells = read_cells(document)
    titles = cells.titles[0]
    names, notes = column_names(cells, titles, unique=all(" " not in title for title in titles))
    sheet = Sheet(cells, names)
    layouts, remarks = match_columns(sheet, form)
    return build_export(
        sheet, layouts, platform=GENERIC, notes=[*notes, *remarks], form=form.name if form else None,
        language=form.language if form else None,
    )  # fmt: skip


PLATFORMS.register(Platform(GENERIC, "tableau de réponses (csv ou classeur)", recognise, read))
