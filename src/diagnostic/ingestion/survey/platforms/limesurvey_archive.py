"""LimeSurvey's own archive (``.lsa``) and responses table (``.lsr``), which tell "not shown" from "left blank".

A field that is absent from a row was not shown; an empty element was shown and left blank. The invitation list
that an archive may hold is never opened: it carries identities.
"""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from diagnostic.errors import Fault, InputError
from diagnostic.ingestion.document import Kind
from diagnostic.ingestion.survey.export import STATE_CODE, CellState
from diagnostic.ingestion.survey.layout import UNSET
from diagnostic.ingestion.survey.lss import document_type, parse_xml, read_lss
from diagnostic.ingestion.survey.platforms import limesurvey
from diagnostic.ingestion.survey.reader import PLATFORMS, Platform
from diagnostic.ingestion.survey.rows import Cells
from diagnostic.ingestion.survey.sheet import Sheet, text_array
from diagnostic.ingestion.survey.titles import code_title

if TYPE_CHECKING:
    from collections.abc import Mapping
    from xml.etree.ElementTree import Element

    from diagnostic.ingestion.document import Document
    from diagnostic.ingestion.survey.export import Export, Form

NAME: Final = "limesurvey_archive"
_TYPE: Final = "<LimeSurveyDocType>Responses<"
_RESPONSES: Final = "_responses.lsr"
_TOKENS: Final = "_tokens"
_TOKENS_NOTE: Final = (
    "L’archive contient la table des invitations (identités des personnes)\u00a0: refusée, elle n’a pas été"
    " ouverte. Supprimez cette archive après l’export des réponses seules."
)


def recognise(document: Document) -> bool:
    """Say whether a file is a table of responses or an archive that holds one."""
    if document.kind is Kind.ZIP:
        return any(name.endswith(_RESPONSES) for name in document.members)
    return document.kind is Kind.OTHER and _TYPE in document.start


def read(document: Document, form: Form | None) -> Export:
    """Read a ``.lsa`` or a ``.lsr``, whose first line is 1 since XML rows have no line of their own."""
    notes: list[str] = []
    if document.kind is Kind.ZIP:
        data, inner = _members(document)
        form = form or inner
        if any(_TOKENS in name for name in document.members):
            notes.append(_TOKENS_NOTE)
    else:
        data = document.content()
    root = parse_xml(data, file=document.name)
    if document_type(root) != "Responses":
        raise InputError(Fault(
            "table de réponses LimeSurvey attendue", file=document.name, expected="un document Responses",
            found=document_type(root) or "un autre fichier XML", remedy="exportez de nouveau l’archive .lsa",
        ))  # fmt: skip
    sheet, given = _sheet(root, form.fields if form else {}, file=document.name)
    if form is None:
        notes.append("Réponses lues sans leur questionnaire\u00a0: donnez le .lss pour les codes et les libellés.")
    return limesurvey.assemble(
        sheet, [code_title(name) for name in sheet.names], form=form, notes=notes, given=given, platform=NAME
    )  # fmt: skip


def _members(document: Document) -> tuple[bytes, Form | None]:
    with zipfile.ZipFile(document.path) as archive:
        responses = [name for name in document.members if name.endswith(_RESPONSES)]
        if len(responses) > 1:
            raise InputError(Fault(
                "plusieurs tables de réponses dans l’archive", file=document.name, expected="une seule",
                found=f"{len(responses)} tables", remedy="exportez l’archive d’une seule enquête",
            ))  # fmt: skip
        structure = next((name for name in document.members if name.endswith(".lss")), None)
        form = read_lss(archive.read(structure), file=structure) if structure else None
        return archive.read(responses[0]), form


def _sheet(root: Element, fields: Mapping[str, str], *, file: str) -> tuple[Sheet, dict[str, np.ndarray]]:
    """Give the table under the titles that a csv export would have, and what absence says of each cell."""
    declared = [node.text or "" for node in root.findall("responses/fields/fieldname")]
    rows = root.findall("responses/rows/row")
    found: dict[str, list[str | None]] = {name: [None] * len(rows) for name in declared}
    for position, row in enumerate(rows):
        for cell in row:
            # XML names cannot start with a digit: LimeSurvey puts an underscore before them.
            name = cell.tag if cell.tag in found else cell.tag.removeprefix("_")
            found.setdefault(name, [None] * len(rows))[position] = cell.text or ""
    lines = pd.RangeIndex(1, len(rows) + 1, name="line")
    titles = tuple(fields.get(name, name) for name in found)
    columns = tuple(text_array([cell or "" for cell in cells]) for cells in found.values())
    sheet = Sheet(Cells(file, None, (titles,), columns, lines), titles)
    return sheet, {
        title: _told(cells, title) for title, cells in zip(titles, found.values(), strict=True)
    }  # fmt: skip


def _told(cells: list[str | None], title: str) -> np.ndarray:
    shown = CellState.NOT_TICKED if "[" in title else CellState.EMPTY
    code = {None: STATE_CODE[CellState.NOT_ASKED], "": STATE_CODE[shown]}
    return np.array([code.get(cell, UNSET) for cell in cells], dtype=np.int8)


PLATFORMS.register(Platform(NAME, "archive LimeSurvey (.lsa, .lsr)", recognise, read))
