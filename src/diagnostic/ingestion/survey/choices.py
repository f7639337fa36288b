"""Answers seen the same way whatever the platform: one code a single choice, one state an option of a list."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from diagnostic.errors import Fault, InputError
from diagnostic.ingestion.survey.export import STATE_CODE, CellState, Export, Question, QuestionKind, state_series
from diagnostic.ingestion.survey.sheet import Coded, coded_series
from diagnostic.ingestion.survey.splitting import split_column
from diagnostic.ingestion.survey.wording import non_answer

if TYPE_CHECKING:
    from collections.abc import Collection

_STATES: Final = {state: STATE_CODE[state] for state in CellState}


@dataclass(frozen=True, slots=True, eq=False)
class Choices:
    """A multiple choice, option by option.

    Parameters
    ----------
    states
        One column an option code, of type ``STATE_DTYPE``; ``answered`` means ticked, and the option "ne sait
        pas" that is ticked has the state ``dont_know``.
    other
        What was typed beside "autre", or stood in the cell and is no option; empty text otherwise.
    """

    states: pd.DataFrame
    other: pd.Series[str]

    def __repr__(self) -> str:
        return f"Choices(rows={len(self.states)}, options={self.states.shape[1]})"


def option_codes(export: Export, code: str) -> pd.Series[str]:
    """Give the option code that each respondent chose; the cell as written where it is no known option.

    Parameters
    ----------
    export
        A survey export.
    code
        Code of a question with one answer.

    Raises
    ------
    InputError
        When the question is absent or has several answers.
    """
    question = export.question(code)
    if question.kind is QuestionKind.MULTIPLE:
        raise InputError(Fault(
            "question à plusieurs réponses là où une seule est attendue", file=export.file, column=code,
            expected="une question à réponse unique", found="un choix multiple",
            remedy="déclarez-la comme choix multiple dans le codebook",
        ))  # fmt: skip
    column = _main_column(export, question)
    words = [question.spellings.get(word, word) for word in column.words]
    chosen = np.array(words, dtype=object)[column.positions] if words else np.empty(0, dtype=object)
    return pd.Series(chosen, index=export.answers.index, name=code, dtype=str)


def choices(export: Export, code: str) -> Choices:
    """Give a multiple choice option by option, however the platform laid it out.

    Parameters
    ----------
    export
        A survey export.
    code
        Code of a multiple choice.

    Raises
    ------
    InputError
        When the question is absent, or its answers share a cell and its options are not known.
    """
    question = export.question(code)
    index = export.answers.index
    if question.option_columns:
        states = pd.DataFrame({option: export.states[name] for option, name in question.option_columns.items()})
        other = export.answers[question.other_column] if question.other_column else pd.Series("", index=index)
        if question.other_column:
            other = other.where((export.states[question.other_column] == "answered").to_numpy(), "")
        return Choices(states, other.rename("other").astype(str))
    if question.separator is None or not question.options:
        raise InputError(Fault(
            "choix multiple dont les options ne sont pas connues", file=export.file, column=code,
            expected="la liste des options", found="plusieurs réponses dans une même cellule",
            remedy="donnez le questionnaire (.lss, XLSForm), ou listez les options dans le codebook",
        ))  # fmt: skip
    return _split_choices(export, question)


def _split_choices(export: Export, question: Question) -> Choices:
    index = export.answers.index
    column = _main_column(export, question)
    main = _main_name(question)
    cell = export.states[main].cat.codes.to_numpy()
    ticked, rest = split_column(column, question)
    given = np.isin(
        cell, [_STATES[state] for state in (CellState.ANSWERED, CellState.DONT_KNOW, CellState.REFUSED)]
    )
    states = {}
    for option, mask in ticked.items():
        mark = non_answer(option) or non_answer(question.options[option]) or CellState.ANSWERED
        codes = np.where(given, _STATES[CellState.NOT_TICKED], cell)
        codes = np.where(codes == _STATES[CellState.EMPTY], _STATES[CellState.NOT_TICKED], codes)
        states[option] = state_series(np.where(mask, _STATES[mark], codes).astype(np.int8), index)
    joiner = question.separator or " "
    texts = np.array([joiner.join(pieces) for pieces in rest], dtype=object)
    other = texts[column.positions] if len(texts) else np.empty(0, dtype=object)
    return Choices(pd.DataFrame(states, index=index), pd.Series(other, index=index, name="other", dtype=str))


def question_states(export: Export, code: str) -> pd.Series[str]:
    """Give one state a respondent for a whole question.

    A list of options is answered as soon as one is ticked; shown with nothing ticked, it is empty.

    Parameters
    ----------
    export
        A survey export.
    code
        Code of a question.

    Returns
    -------
    pandas.Series
        Of type ``STATE_DTYPE``.
    """
    question = export.question(code)
    index = export.answers.index
    if question.kind is not QuestionKind.MULTIPLE or not (question.option_columns or question.options):
        return export.states[_main_name(question)].rename(code)
    found = choices(export, code)
    matrix = np.column_stack([found.states[name].cat.codes.to_numpy() for name in found.states])
    result = matrix.max(axis=1).astype(np.int8) if matrix.size else np.zeros(len(index), dtype=np.int8)
    result[np.any(matrix == _STATES[CellState.NOT_TICKED], axis=1)] = _STATES[CellState.EMPTY]
    for state in (CellState.REFUSED, CellState.DONT_KNOW, CellState.ANSWERED):
        result[np.any(matrix == _STATES[state], axis=1)] = _STATES[state]
    # Privacy empties the text beside "autre" and keeps its state.
    typed = found.other != ""
    if question.option_columns and question.other_column:
        typed = export.states[question.other_column] == str(CellState.ANSWERED)
    result[typed.to_numpy()] = _STATES[CellState.ANSWERED]
    return state_series(result, index).rename(code)


def infer_not_asked(export: Export, code: str, *, filter_code: str, answers: Collection[str]) -> Export:
    """Settle ambiguous blanks by the question that opens this one, and say so in the notes.

    Parameters
    ----------
    export
        A survey export.
    code
        Question whose blanks are ambiguous.
    filter_code
        Question with one answer that decides whether it is asked.
    answers
        Option codes of the filter for which it is asked.

    Returns
    -------
    Export
        ``not_asked`` where the filter was not met, else ``empty`` (``not_ticked`` for an option column).
    """
    question = export.question(code)
    met = option_codes(export, filter_code).isin(list(answers)).to_numpy()
    loose = {*question.option_columns.values(), question.other_column if question.option_columns else None}
    states = export.states.copy(deep=False)
    settled = 0
    for name in question.columns:
        codes = states[name].cat.codes.to_numpy().copy()
        blank = (codes == _STATES[CellState.AMBIGUOUS]) & (export.answers[name].str.strip() == "").to_numpy()
        codes[blank & met] = _STATES[CellState.NOT_TICKED if name in loose else CellState.EMPTY]
        codes[blank & ~met] = _STATES[CellState.NOT_ASKED]
        settled += int(blank.sum())
        states[name] = state_series(codes, states.index)
    note = (
        f"Question «\u00a0{code}\u00a0»\u00a0: {settled} cellule(s) vide(s) interprétée(s) d’après la"
        f" question filtre «\u00a0{filter_code}\u00a0»"
        f" (posée si la réponse est {', '.join(sorted(answers))})\u00a0:"
        " c’est une déduction."
    )
    return replace(export, states=states).with_notes([note])


def _main_name(question: Question) -> str:
    return next((name for name in question.columns if name != question.other_column), question.columns[0])


def _main_column(export: Export, question: Question) -> Coded:
    series = export.answers[_main_name(question)]
    return coded_series(series)
