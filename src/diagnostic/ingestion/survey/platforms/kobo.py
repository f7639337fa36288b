"""KoboToolbox and ODK: csv or workbook, XML names or labels, groups or not, details, summary or both.

A multiple choice is a cell of all the answers (``summary``), a column of 1 and 0 an option (``details``), or both.
Every column of a question is blank when it was not asked and when it was left blank: the ``relevant`` of the
XLSForm tells which. The slash that joins group, question and option also stands inside labels, so titles are
compared with those the form would give, and never cut blindly.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from diagnostic.ingestion.document import Kind
from diagnostic.ingestion.survey.export import CellState, Export, Form, Question, QuestionKind
from diagnostic.ingestion.survey.inference import infer_question
from diagnostic.ingestion.survey.layout import Layout, build_export
from diagnostic.ingestion.survey.matching import coverage_notes, with_column
from diagnostic.ingestion.survey.reader import PLATFORMS, Platform
from diagnostic.ingestion.survey.rows import read_cells
from diagnostic.ingestion.survey.sheet import Sheet, column_names
from diagnostic.ingestion.survey.wording import key
from diagnostic.ingestion.survey.xlsform import PATH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from diagnostic.ingestion.document import Document

NAME: Final = "kobo"
_TAIL: Final = frozenset({
    "_id", "_uuid", "_submission_time", "_validation_status", "_notes", "_status", "_submitted_by", "__version__",
    "_tags", "_index",
})  # fmt: skip
_CENTRAL: Final = frozenset({
    "submissiondate", "key", "submitterid", "submittername", "attachmentspresent", "attachmentsexpected", "status",
    "reviewstate", "deviceid", "edits", "formversion", "instanceid", "meta-instanceid", "meta-instancename",
})  # fmt: skip
_METADATA: Final = frozenset({
    "start", "end", "today", "deviceid", "username", "phonenumber", "simserial", "subscriberid", "audit",
    "formhub/uuid", "meta/instanceid", "meta/instancename",
})  # fmt: skip
_ENOUGH: Final = 3
_ENOUGH_CENTRAL: Final = 2
_SEPARATORS: Final = ("/", ".", "-", ":")
_SEVERAL: Final = " "
_NO: Final = frozenset({"0", "FALSE", "False", "false"})
_BOX: Final = frozenset({"1", "TRUE", "True", "true"}) | _NO
_SPELLED: Final = re.compile(r"(?P<stem>.+)[/.](?P<option>[^/]+)")


def recognise(document: Document) -> bool:
    """Say whether a table has the columns that Kobo or ODK Central adds after the questions."""
    if document.kind not in (Kind.DELIMITED, Kind.WORKBOOK):
        return False
    rows = next((rows for rows in document.heads.values() if rows), ())
    titles = {cell.strip().casefold() for cell in rows[0]} if rows else set()
    central = {"submissiondate", "key"} <= titles and len(titles & _CENTRAL) >= _ENOUGH_CENTRAL
    return len(titles & _TAIL) >= _ENOUGH or central


def read(document: Document, form: Form | None) -> Export:
    """Read a Kobo or ODK table."""
    cells = read_cells(document)
    titles = cells.titles[0]
    names, notes = column_names(cells, titles, unique=all(" " not in title for title in titles))
    sheet = Sheet(cells, names)
    expected = _Expected(form)
    met: dict[str, list[tuple[str, str | None]]] = {}
    layouts: list[Layout] = []
    for name, title in zip(names, titles, strict=True):
        found = None if _is_system(title) else expected.take(title)
        if found is None:
            continue
        question, option = found
        met.setdefault(question.code, []).append((name, option))
    for code, columns in met.items():
        layouts.append(_described(sheet, expected.questions[code], columns))
    taken = {name for columns in met.values() for name, _ in columns}
    layouts += _undescribed(sheet, [name for name in names if name not in taken])
    if len(document.heads) > 1:
        notes.append("Les feuilles des groupes répétés ne sont pas lues\u00a0: seule la première l’est.")
    rank = {name: position for position, name in enumerate(names)}
    return build_export(
        sheet, sorted(layouts, key=lambda layout: rank[layout.question.columns[0]]), platform=NAME,
        completed=np.ones(sheet.rows, dtype=bool), language=form.language if form else None,
        notes=[*notes, *coverage_notes(form, met, file=cells.file)], form=form.name if form else None,
    )  # fmt: skip


def _is_system(title: str) -> bool:
    plain = title.strip().casefold()
    return plain in _METADATA or plain in _TAIL or plain in _CENTRAL


class _Expected:
    """Every title that the form could give to a column, whatever the settings of the export."""

    def __init__(self, form: Form | None) -> None:
        self.questions = {question.code: question for question in (form.questions if form else ())}
        self._titles: dict[str, list[tuple[Question, str | None]]] = {}
        for question in self.questions.values():
            for stem in _stems(question, form):
                self._add(stem, question, None)
                for option, label in question.options.items() if question.kind is QuestionKind.MULTIPLE else ():
                    for part in dict.fromkeys((option, label)):
                        for join in _SEPARATORS:
                            self._add(f"{stem}{join}{part}", question, option)

    def _add(self, title: str, question: Question, option: str | None) -> None:
        listed = self._titles.setdefault(key(title), [])
        if (question, option) not in listed:
            listed.append((question, option))

    def take(self, title: str) -> tuple[Question, str | None] | None:
        """Give what a title stands for; the same title twice stands for two questions, in their order."""
        listed = self._titles.get(key(title), [])
        if not listed:
            return None
        return listed.pop(0) if len(listed) > 1 else listed[0]


def _stems(question: Question, form: Form | None) -> Iterator[str]:
    path = question.group.split(PATH) if question.group else []
    labels = [(form.fields.get(name, "") if form else "") or name for name in path]
    for own in dict.fromkeys((question.code, question.text)):
        yield own
        for around in (path, labels):
            if around:
                yield from (join.join([*around, own]) for join in _SEPARATORS)


def _described(sheet: Sheet, question: Question, columns: list[tuple[str, str | None]]) -> Layout:
    options = {option: name for name, option in columns if option is not None}
    mains = [name for name, option in columns if option is None]
    if not options:
        return Layout(with_column(question, mains[0], sheet[mains[0]], separator=_SEVERAL))
    laid = replace(
        question, columns=tuple(name for name, _ in columns), option_columns=options, separator=_SEVERAL
    )  # fmt: skip
    return Layout(laid, ticks=dict.fromkeys(_NO, CellState.NOT_TICKED))


def _undescribed(sheet: Sheet, names: list[str]) -> list[Layout]:
    """Read without a form: columns of 1 and 0 whose titles share a stem are one multiple choice."""
    stems: dict[str, dict[str, str]] = {}
    for name in names:
        match = _SPELLED.fullmatch(name)
        words = {word for word in sheet[name].words if word.strip()}
        if match and words <= _BOX and not _is_system(name):
            stems.setdefault(match["stem"], {})[match["option"]] = name
    stems = {stem: found for stem, found in stems.items() if len(found) > 1}
    taken = {name for found in stems.values() for name in found.values()}
    layouts = []
    for stem, found in stems.items():
        parent = [stem] if stem in names else []
        taken.update(parent)
        question = Question(
            _code(stem), stem, QuestionKind.MULTIPLE, {option: option for option in found},
            (*parent, *found.values()), option_columns=found, separator=_SEVERAL,
        )  # fmt: skip
        layouts.append(Layout(question, ticks=dict.fromkeys(_NO, CellState.NOT_TICKED)))
    for name in names:
        if name in taken:
            continue
        if _is_system(name):
            layouts.append(Layout(Question(name, name, QuestionKind.SYSTEM, {}, (name,))))
        else:
            layouts.append(Layout(replace(infer_question(name, sheet[name]), code=_code(name))))
    codes = [layout.question.code for layout in layouts]
    return [
        layout
        if codes.count(layout.question.code) == 1
        else replace(layout, question=replace(layout.question, code=layout.question.columns[0]))
        for layout in layouts
    ]


def _code(title: str) -> str:
    return title if " " in title else title.rpartition(PATH)[2]


PLATFORMS.register(Platform(NAME, "KoboToolbox ou ODK (csv ou classeur)", recognise, read))
