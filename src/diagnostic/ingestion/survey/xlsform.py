"""The XLSForm of KoboToolbox and ODK: wordings, options, groups, and who was asked what (``relevant``)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from diagnostic.errors import Fault, InputError
from diagnostic.ingestion.document import Kind, cell_text, open_workbook
from diagnostic.ingestion.survey.export import Form, Question, QuestionKind
from diagnostic.ingestion.survey.wording import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from diagnostic.ingestion.document import Document

SHEETS: Final = ("survey", "choices")
_SELECT = re.compile(r"(select_one|select_multiple)\s+(\S+)(\s+or_other)?", re.IGNORECASE)
_KINDS: Final = {
    "integer": QuestionKind.NUMBER, "decimal": QuestionKind.NUMBER, "range": QuestionKind.NUMBER,
    "text": QuestionKind.TEXT, "date": QuestionKind.DATE, "datetime": QuestionKind.DATE, "time": QuestionKind.DATE,
    "geopoint": QuestionKind.TEXT, "geotrace": QuestionKind.TEXT, "geoshape": QuestionKind.TEXT,
    "barcode": QuestionKind.TEXT, "image": QuestionKind.TEXT, "audio": QuestionKind.TEXT,
    "file": QuestionKind.TEXT,
    "calculate": QuestionKind.SYSTEM, "hidden": QuestionKind.SYSTEM, "start": QuestionKind.SYSTEM,
    "end": QuestionKind.SYSTEM, "today": QuestionKind.SYSTEM, "deviceid": QuestionKind.SYSTEM,
    "username": QuestionKind.SYSTEM, "email": QuestionKind.SYSTEM, "phonenumber": QuestionKind.SYSTEM,
    "simserial": QuestionKind.SYSTEM, "subscriberid": QuestionKind.SYSTEM, "audit": QuestionKind.SYSTEM,
    "start-geopoint": QuestionKind.SYSTEM, "acknowledge": QuestionKind.SINGLE,
}  # fmt: skip
_YES_NO: Final = ({"oui", "non"}, {"yes", "no"})
PATH: Final = "/"


def is_xlsform(document: Document) -> bool:
    """Say whether a workbook is a questionnaire: a sheet ``survey`` with types and names, a sheet ``choices``."""
    if document.kind is not Kind.WORKBOOK:
        return False
    rows = document.heads.get("survey")
    titles = {cell.strip().casefold() for cell in rows[0]} if rows else set()
    return {"type", "name"} <= titles


def read_xlsform(document: Document) -> Form:
    """Read a questionnaire.

    Parameters
    ----------
    document
        A workbook for which :func:`is_xlsform` is true.

    Returns
    -------
    Form
        ``group`` holds the path of names of the groups, parted by ``/``; every relevance takes in those of the
        groups around.
    """
    survey, choices = _records(document, "survey"), _records(document, "choices")
    settings = _records(document, "settings")
    label = _label_column(survey, settings)
    options: dict[str, dict[str, str]] = {}
    for row in choices:
        listed = options.setdefault(row.get("list_name", row.get("list name", "")), {})
        listed[row.get("name", "")] = clean(row.get(label, "")) or row.get("name", "")
    questions: list[Question] = []
    around: list[tuple[str, str, str]] = []
    labels: dict[str, str] = {}
    for row in survey:
        kind = row.get("type", "").strip()
        plain = kind.casefold().replace(" ", "_")
        if plain in ("begin_group", "begin_repeat"):
            around.append((row.get("name", ""), clean(row.get(label, "")), row.get("relevant", "")))
            labels[around[-1][0]] = around[-1][1]
        elif plain in ("end_group", "end_repeat"):
            if not around:
                raise InputError(Fault(
                    "groupe fermé sans avoir été ouvert", file=document.name, sheet="survey",
                    expected="un begin_group avant chaque end_group", remedy="corrigez le XLSForm",
                ))  # fmt: skip
            around.pop()
        elif kind and row.get("name"):
            questions += _question(row, around, options, label=label)
    language = label.partition("::")[2] or None
    return Form(document.name, "kobo", language, tuple(questions), _repeat_notes(survey), labels)


def _question(
    row: Mapping[str, str],
    around: list[tuple[str, str, str]],
    options: Mapping[str, Mapping[str, str]],
    *,
    label: str,
) -> list[Question]:
    kind_text = row["type"].strip()
    if kind_text.casefold() == "note":
        return []
    select = _SELECT.fullmatch(kind_text)
    listed = dict(options.get(select[2], {})) if select else {}
    if select and select[1].casefold() == "select_multiple":
        kind = QuestionKind.MULTIPLE
    elif select:
        plain = {name.casefold() for name in listed}
        kind = QuestionKind.YES_NO if any(pair <= plain for pair in _YES_NO) else QuestionKind.SINGLE
    else:
        kind = _KINDS.get(kind_text.casefold(), QuestionKind.TEXT)
    conditions = [
        text.strip() for text in (*(entry[2] for entry in around), row.get("relevant", "")) if text.strip()
    ]
    relevance = " and ".join(f"({text})" for text in conditions) or "1"
    group = PATH.join(entry[0] for entry in around) or None
    name, text = row["name"].strip(), clean(row.get(label, "")) or row["name"].strip()
    if select and select[3]:
        listed["other"] = "Autre"
    return [Question(name, text, kind, listed, relevance=relevance, group=group)]


def _repeat_notes(survey: list[dict[str, str]]) -> tuple[str, ...]:
    if any(row.get("type", "").strip().casefold().replace(" ", "_") == "begin_repeat" for row in survey):
        return ("Le questionnaire a des groupes répétés\u00a0: leur feuille à part n’est pas lue.",)
    return ()


def _label_column(survey: list[dict[str, str]], settings: list[dict[str, str]]) -> str:
    titles = [title for title in (survey[0] if survey else {}) if title.startswith("label")]
    default = (settings[0] if settings else {}).get("default_language", "")
    wanted = [f"label::{default}", "label::français (fr)", "label::francais (fr)", "label", *titles]
    return next((title for title in wanted if title in titles), "label")


def _records(document: Document, sheet: str) -> list[dict[str, str]]:
    if sheet not in document.heads:
        return []
    rows = open_workbook(document.path).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    texts = [[cell_text(cell) for cell in row] for row in rows]
    if not texts:
        return []
    # Language names keep their case in the titles; the word "label" does not.
    titles = [_title(title) for title in texts[0]]
    return [dict(zip(titles, row, strict=False)) for row in texts[1:] if any(cell.strip() for cell in row)]


def _title(title: str) -> str:
    head, sign, language = title.strip().partition("::")
    return head.strip().casefold() + (sign + language.strip() if sign else "")
