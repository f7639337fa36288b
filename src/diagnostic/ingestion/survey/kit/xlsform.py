"""The questionnaire as an XLSForm, for KoboToolbox and ODK."""

from __future__ import annotations

import io
from itertools import groupby
from typing import TYPE_CHECKING, Final

import xlsxwriter

from diagnostic.formatting import typographic
from diagnostic.ingestion.survey.kit.plan import SECTIONS, farewell, items, opening, survey_title, welcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from diagnostic.ingestion.survey.kit.plan import Item, Plan

FORM_ID: Final = "enquete_habitants"
SURVEY_COLUMNS: Final = (
    "type", "name", "label::Français (fr)", "hint::Français (fr)", "required", "relevant", "constraint",
    "constraint_message::Français (fr)", "appearance",
)  # fmt: skip
CHOICE_COLUMNS: Final = ("list_name", "name", "label::Français (fr)")
LANGUAGE: Final = "Français (fr)"


def xlsform(plan: Plan, *, version: str) -> bytes:
    """Write the XLSForm.

    No metadata question (device, phone, start, end) is asked for: none is needed, and all identify.

    Parameters
    ----------
    plan
        The choices of the lead.
    version
        Version printed in the form, the same for the same choices.

    Returns
    -------
    bytes
        A workbook with the sheets ``survey``, ``choices`` and ``settings``.
    """
    questions = items(plan)
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": _midnight(plan)})
    title = typographic(survey_title(plan))
    sheets: tuple[tuple[str, list[Sequence[str]]], ...] = (
        ("survey", [SURVEY_COLUMNS, *_survey(questions, plan)]),
        ("choices", [CHOICE_COLUMNS, *_choices(questions)]),
        ("settings", [
            ("form_title", "form_id", "version", "default_language", "style"),
            (title, FORM_ID, version, LANGUAGE, "pages"),
        ]),
    )  # fmt: skip
    bold = book.add_format({"bold": True})
    for name, rows in sheets:
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, 1, 22)
        sheet.set_column(2, len(rows[0]) - 1, 48)
        for position, row in enumerate(rows):
            sheet.write_row(position, 0, row, bold if position == 0 else None)
    book.close()
    return buffer.getvalue()


def _midnight(plan: Plan) -> object:
    from datetime import datetime, time  # noqa: PLC0415 - a workbook must carry a date, and none of a clock

    return datetime.combine(plan.start, time())


def _survey(questions: Sequence[Item], plan: Plan) -> Iterator[Sequence[str]]:
    gate = opening(plan)
    first = True
    for section, group in groupby(questions, key=lambda item: item.section):
        relevant = "" if first else _all(gate)
        # Group and question names share one space: "quartier" is both a part and a question.
        title = typographic(SECTIONS[section])
        yield ("begin_group", f"partie_{section}", title, "", "", relevant, "", "", "field-list")
        if first:
            yield ("note", "accueil_note", typographic(welcome(plan)), "", "", "", "", "", "")
        for item in group:
            yield _row(item, gate if first else ())
        yield ("end_group", "", "", "", "", "", "", "", "")
        first = False
    yield ("note", "fin_note", typographic(farewell()), "", "", "", "", "", "")


def _row(item: Item, gate: Sequence[tuple[str, str]]) -> Sequence[str]:
    kind = "select_multiple" if item.multiple else "select_one"
    conditions = [_condition(item)] if item.asked_if else []
    opened = [title for title, _ in gate]
    if not conditions and item.title not in opened:
        conditions = [_all(gate)] if gate else []
    constraint, message = _constraint(item)
    return (
        f"{kind} {item.title}" if item.choices else "text", item.title, typographic(item.text),
        typographic(item.hint), "yes" if item.mandatory else "", " and ".join(conditions), constraint,
        typographic(message), "",
    )  # fmt: skip


def _all(gate: Sequence[tuple[str, str]]) -> str:
    return " and ".join(f"${{{title}}} = '{code}'" for title, code in gate)


def _condition(item: Item) -> str:
    if item.asked_if is None:
        return ""
    title, codes, multiple = item.asked_if
    form = "selected(${{{title}}}, '{code}')" if multiple else "${{{title}}} = '{code}'"
    return " or ".join(form.format(title=title, code=code) for code in codes)


def _constraint(item: Item) -> tuple[str, str]:
    exclusive = [choice.code for choice in item.choices if choice.exclusive]
    rules = [f"count-selected(.) <= {item.most}"] if item.most else []
    rules += [f"not(selected(., '{code}') and count-selected(.) > 1)" for code in exclusive]
    if not rules:
        return "", ""
    most = f"{item.most} réponses au plus. " if item.most else ""
    return " and ".join(rules), f"{most}« Aucune », « Je ne sais pas » ou un refus se cochent seuls."


def _choices(questions: Sequence[Item]) -> Iterator[Sequence[str]]:
    for item in questions:
        for choice in item.choices:
            yield (item.title, choice.code, typographic(choice.label))
