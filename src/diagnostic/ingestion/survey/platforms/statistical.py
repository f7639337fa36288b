"""Files of SPSS (``.sav``) and Stata (``.dta``): value labels, declared missing values, tagged missings.

A consultant's file often says why a value is missing, by the label of a missing code: "NSP", "refus", "non
concerné". A code without such a label cannot be told, and stays ambiguous.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from diagnostic.errors import Fault, InputError
from diagnostic.ingestion.document import Kind
from diagnostic.ingestion.survey.export import STATE_CODE, CellState, Export, Form, Question, QuestionKind
from diagnostic.ingestion.survey.inference import infer_kind
from diagnostic.ingestion.survey.layout import UNSET, Layout, build_export
from diagnostic.ingestion.survey.matching import coverage_notes, find_in_form, with_column
from diagnostic.ingestion.survey.reader import PLATFORMS, Platform
from diagnostic.ingestion.survey.rows import Cells
from diagnostic.ingestion.survey.sheet import Coded, Sheet, coded_words
from diagnostic.ingestion.survey.wording import clean, key, non_answer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from diagnostic.ingestion.document import Document

_NOT_ASKED = re.compile(
    r"\(?(?:nap|n\.?a\.?p?|non concerne\w*|non posee?|sans objet|not applicable|question non posee"
    r"|inapplicable)\)?"
)  # fmt: skip
_YES_NO: Final = ({"oui", "non"}, {"yes", "no"})
_DATE_KIND: Final = ("DATE", "DATETIME", "ADATE", "EDATE", "SDATE", "%td", "%tc", "%d")


@dataclass(frozen=True, slots=True, eq=False)
class _Column:
    """A variable as text, with the states that its missing values tell."""

    name: str
    label: str
    coded: Coded
    states: np.ndarray
    labels: Mapping[str, str]
    numeric: bool
    dated: bool


def recognise(document: Document, *, kind: str) -> bool:
    """Say whether the first bytes are those of this program."""
    return document.kind is Kind.OTHER and document.encoding is None and document.start == kind


def read(document: Document, form: Form | None, *, kind: str) -> Export:
    """Read a ``.sav`` or a ``.dta``; lines are the ranks of the observations."""
    frame, meta, notes = _load(document, kind)
    columns = [_column(str(name), frame.iloc[:, at], meta) for at, name in enumerate(frame.columns)]
    lines = pd.RangeIndex(1, len(frame) + 1, name="line")
    names = tuple(column.name for column in columns)
    arrays = tuple(column.coded.texts() for column in columns)
    sheet = Sheet(Cells(document.name, None, (names,), arrays, lines), names)
    layouts, met = [], set()
    for column in columns:
        described = find_in_form(form, column.name)
        question = _question(column)
        if described is not None:
            met.add(described.code)
            merged = described if described.options else replace(described, options=question.options)
            question = with_column(merged, column.name, column.coded, separator=None)
        layouts.append(Layout(question))
    return build_export(
        sheet, layouts, platform=kind, given={column.name: column.states for column in columns},
        notes=[*notes, *coverage_notes(form, met, file=document.name)], form=form.name if form else None,
    )  # fmt: skip


def _load(document: Document, kind: str) -> tuple[pd.DataFrame, Any, list[str]]:
    import pyreadstat  # noqa: PLC0415 - heavy, and only these two formats need it

    reader = pyreadstat.read_sav if kind == "spss" else pyreadstat.read_dta
    for encoding in (None, "latin1"):
        try:
            frame, meta = reader(str(document.path), user_missing=True, encoding=encoding)
        except (pyreadstat.ReadstatError, UnicodeDecodeError):
            continue
        note = "Textes en latin-1 dans un fichier qui s’annonce autrement\u00a0: relus comme tels."
        return frame, meta, [note] if encoding else []
    raise InputError(Fault(
        "fichier statistique illisible", file=document.name, expected="un .sav ou un .dta complet",
        found="un fichier coupé ou d’une version inconnue",
        remedy="demandez un nouvel export à la personne qui l’a produit, ou un csv avec son dictionnaire",
    )) from None  # fmt: skip


def _column(name: str, series: pd.Series[Any], meta: Any) -> _Column:  # noqa: ANN401 - pyreadstat is untyped
    positions, values = pd.factorize(series, use_na_sentinel=True)
    words = [_text(value) for value in values]
    blank = len(words)
    words.append("")
    positions = np.where(positions < 0, blank, positions)
    labels = {_text(code): clean(str(label)) for code, label in meta.variable_value_labels.get(name, {}).items()}
    missing = _missing_test(meta, name)
    numeric = meta.readstat_variable_types.get(name) != "string"
    by_word = [_told(word, labels, missing=missing(value), numeric=numeric)
               for word, value in zip(words, [*values, None], strict=True)]  # fmt: skip
    # Two values may have the same text (1 and 1.0): the words must be distinct.
    dated = str(meta.original_variable_types.get(name, "")).startswith(_DATE_KIND)
    return _Column(
        name.replace("\ufeff", ""), clean(str(meta.column_names_to_labels.get(name) or "")),
        coded_words(words, positions),
        np.array(by_word, dtype=np.int8)[positions], labels, numeric, dated,
    )  # fmt: skip


def _text(value: object) -> str:
    if isinstance(value, (float, np.floating)):
        return str(int(value)) if float(value).is_integer() else repr(float(value))
    if isinstance(value, (pd.Timestamp, datetime, date, time)):
        return value.isoformat()
    return str(value)


def _missing_test(meta: Any, name: str) -> Any:  # noqa: ANN401 - pyreadstat is untyped
    """Give the test of a declared missing value: ranges of SPSS, letters of Stata."""
    ranges = [(span["lo"], span["hi"]) for span in (getattr(meta, "missing_ranges", None) or {}).get(name, [])]
    letters = set((getattr(meta, "missing_user_values", None) or {}).get(name, []))

    def is_missing(value: Any) -> bool:  # noqa: ANN401 - a number or a text
        return value in letters or any(
            isinstance(value, str) == isinstance(low, str) and value is not None and low <= value <= high
            for low, high in ranges
        )

    return is_missing


def _told(word: str, labels: Mapping[str, str], *, missing: bool, numeric: bool) -> np.int8:
    """Give the state that a missing value tells; an ordinary value is left to the question."""
    label = labels.get(word, "")
    if _NOT_ASKED.fullmatch(key(label)):
        return STATE_CODE[CellState.NOT_ASKED]
    if not missing:
        return UNSET
    mark = non_answer(label)
    if mark is not None:
        return STATE_CODE[mark]
    return STATE_CODE[CellState.EMPTY if label or not numeric else CellState.AMBIGUOUS]


def _question(column: _Column) -> Question:
    shown = [key(label) for label in column.labels.values() if non_answer(label) is None]
    spelled = {label: code for code, label in column.labels.items()}
    # Labels on a few values of a measure (0 "aucun", 99 "NSP") do not make it a closed question.
    closed = column.labels and all(
        word in column.labels or not word.strip() for word in column.coded.words
    )  # fmt: skip
    if closed:
        kind = QuestionKind.YES_NO if any(set(shown) == pair for pair in _YES_NO) else QuestionKind.SINGLE
    elif column.dated:
        kind = QuestionKind.DATE
    else:
        kind = QuestionKind.NUMBER if column.numeric else infer_kind(column.coded)
    text = column.label or column.name
    return Question(column.name, text, kind, dict(column.labels), (column.name,), spellings=spelled)


for _kind, _label in (("spss", "SPSS (.sav)"), ("stata", "Stata (.dta)")):
    PLATFORMS.register(Platform(_kind, _label, partial(recognise, kind=_kind), partial(read, kind=_kind)))
