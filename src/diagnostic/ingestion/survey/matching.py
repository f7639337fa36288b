"""Columns that hold one question each, described by a form where it knows them and by their answers otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from diagnostic.errors import Fault, InputError
from diagnostic.ingestion.survey.export import Form, Question, QuestionKind
from diagnostic.ingestion.survey.inference import infer_question
from diagnostic.ingestion.survey.layout import Layout
from diagnostic.ingestion.survey.wording import key

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from diagnostic.ingestion.survey.sheet import Coded, Sheet


def match_columns(
    sheet: Sheet, form: Form | None, *, separator: str | None = None, system: Collection[str] = (),
    titles: Mapping[str, str] | None = None, only: Collection[str] | None = None, strict: bool = True,
) -> tuple[list[Layout], list[str]]:  # fmt: skip
    """Lay out one question a column.

    Parameters
    ----------
    sheet
        The answers.
    form
        Questions known by code, by wording, or by the columns they name.
    separator
        What the platform writes between several answers in a cell.
    system
        Columns that the platform adds by itself.
    titles
        Wording of a column, where it is not its name.
    only
        Columns to lay out; all by default.
    strict
        Whether to judge here how much of the form the file covers.

    Returns
    -------
    tuple
        Layouts in the order of the columns, and French notes.

    Raises
    ------
    InputError
        When a form is given and none of its questions is in the file.
    """
    known = _by_name(form)
    layouts: list[Layout] = []
    met: set[str] = set()
    for name in sheet.names if only is None else only:
        title = (titles or {}).get(name, name)
        if name in system:
            layouts.append(Layout(Question(name, title, QuestionKind.SYSTEM, {}, (name,))))
            continue
        found = known.get(key(name)) or known.get(key(title))
        if found is not None and found.code not in met:
            met.add(found.code)
            layouts.append(Layout(with_column(found, name, sheet[name], separator=separator)))
        else:
            layouts.append(Layout(replace(infer_question(name, sheet[name], separator=separator), text=title)))
    return layouts, coverage_notes(form, met, file=sheet.cells.file) if strict else []


def with_column(question: Question, name: str, column: Coded, *, separator: str | None) -> Question:
    """Attach a form's question to the column that holds its answers."""
    spellings = {label: code for code, label in question.options.items() if label not in question.options}
    by_key = {key(label): code for code, label in question.options.items()}
    several = question.kind is QuestionKind.MULTIPLE
    if not several:
        spellings |= {
            word: by_key[key(word)]
            for word in column.words
            if word not in question.options and key(word) in by_key
        }
    return replace(
        question, columns=(name,), spellings={**spellings, **question.spellings},
        separator=(question.separator or separator) if several else None,
    )  # fmt: skip


def coverage_notes(form: Form | None, met: Collection[str], *, file: str) -> list[str]:
    """Say which questions of a form the export lacks.

    Raises
    ------
    InputError
        When it lacks them all.
    """
    if form is None:
        return []
    asked = [question.code for question in form.questions if question.kind is not QuestionKind.SYSTEM]
    if asked and not met:
        raise InputError(Fault(
            "le questionnaire donné n’est pas celui de cet export", file=file,
            expected=f"au moins une question de {form.name}", found="aucune question commune",
            remedy="donnez le questionnaire de la même enquête",
        ))  # fmt: skip
    absent = [code for code in asked if code not in met]
    if not absent:
        return []
    shown = ", ".join(f"«\u00a0{code[:60]}\u00a0»" for code in absent[:5])
    return [f"{len(absent)} question(s) du questionnaire absente(s) de l’export\u00a0: {shown}."]


def find_in_form(form: Form | None, title: str) -> Question | None:
    """Find the question of a form by its wording or code."""
    return _by_name(form).get(key(title))


def _by_name(form: Form | None) -> dict[str, Question]:
    known: dict[str, Question] = {}
    for question in form.questions if form else ():
        for name in (question.code, question.text, *question.columns):
            known.setdefault(key(name), question)
    return known
