"""What every survey platform is turned into: questions, answers as written, and the state of every cell.

Nothing here prints an answer: the text forms of these objects show names of questions and sizes, never a value,
so that a log or a traceback cannot carry what a person said.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from diagnostic.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class CellState(StrEnum):
    """What a cell of an export means; a blank cell always has a reason, if only that it cannot be known."""

    ANSWERED = "answered"
    NOT_TICKED = "not_ticked"
    DONT_KNOW = "dont_know"
    REFUSED = "refused"
    EMPTY = "empty"
    NOT_ASKED = "not_asked"
    AMBIGUOUS = "ambiguous"
    INCOMPLETE = "incomplete"


STATES: Final = tuple(CellState)
# One byte a cell: a frame of states is never made of Python strings.
STATE_DTYPE: Final = pd.CategoricalDtype([str(state) for state in STATES], ordered=False)
STATE_CODE: Final = {state: np.int8(position) for position, state in enumerate(STATES)}

STATE_LABELS: Final = {
    CellState.ANSWERED: "répondu",
    CellState.NOT_TICKED: "non coché",
    CellState.DONT_KNOW: "ne sait pas",
    CellState.REFUSED: "refus de répondre",
    CellState.EMPTY: "question posée, sans réponse",
    CellState.NOT_ASKED: "question non posée",
    CellState.AMBIGUOUS: "vide ou non posée : le format ne le dit pas",
    CellState.INCOMPLETE: "questionnaire abandonné avant la question",
}


class QuestionKind(StrEnum):
    """How a question is answered; ``system`` is what the platform adds by itself."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    YES_NO = "yes_no"
    SCALE = "scale"
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Question:
    """One question and the columns that hold its answers.

    Parameters
    ----------
    code
        Its code in the platform, or its text where the platform gives no code.
    text
        Its wording, as the respondent read it when the export or the form says so.
    kind
        See :class:`QuestionKind`.
    options
        Code to label of the closed answers, in the order of the questionnaire.
    columns
        Columns of :attr:`Export.answers` that belong to it; empty in a :class:`Form`.
    relevance
        Condition under which it is asked, as the form writes it; ``None`` when it is not known.
    group
        Title or name of its page or group.
    option_columns
        Option code to column, for a multiple choice laid out in one column an option.
    other_column
        Column of the text typed beside "autre".
    spellings
        Spelling found in the cells to option code (``"Oui"`` and ``"Y"`` to ``"Y"``); codes stand for themselves.
    separator
        What stands between two answers, where several share a cell.
    """

    code: str
    text: str
    kind: QuestionKind
    options: Mapping[str, str] = field(default_factory=dict, repr=False)
    columns: tuple[str, ...] = ()
    relevance: str | None = None
    group: str | None = None
    option_columns: Mapping[str, str] = field(default_factory=dict, repr=False)
    other_column: str | None = None
    spellings: Mapping[str, str] = field(default_factory=dict, repr=False)
    separator: str | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A questionnaire without answers: a ``.lss``, an XLSForm, or what a codebook declares.

    Parameters
    ----------
    name
        Name of the file it was read from.
    platform
        ``limesurvey``, ``kobo`` or ``codebook``.
    language
        Language of the labels, ``None`` when the form does not say.
    questions
        In the order of the questionnaire.
    notes
        French sentences: what was left aside.
    fields
        LimeSurvey: name of a field of the responses table to the title that a csv export gives it. XLSForm:
        name of a group to its label.
    """

    name: str
    platform: str
    language: str | None
    questions: tuple[Question, ...]
    notes: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, eq=False, slots=True)
class Export:
    """The answers of one survey file, nothing lost and nothing guessed in silence.

    Parameters
    ----------
    file
        Name of the file, as the user calls it.
    platform
        Name of the reader in ``PLATFORMS``.
    language
        Language of the labels, ``None`` when the export does not say.
    questions
        In the order of the export, system columns included.
    answers
        Text, one column an exported column and cells as written; the index ``line`` holds 1-based line numbers.
    states
        Same shape and index, every column of type ``STATE_DTYPE``.
    completed
        Whether each respondent reached the end; all true when the format does not say.
    notes
        French sentences without any answer in them: what was inferred, what was left over.
    codebook_used
        Name of the form that was used, ``None`` without one.
    """

    file: str
    platform: str
    language: str | None
    questions: tuple[Question, ...]
    answers: pd.DataFrame
    states: pd.DataFrame
    completed: pd.Series[bool]
    notes: tuple[str, ...] = ()
    codebook_used: str | None = None

    def __repr__(self) -> str:
        rows, columns = self.answers.shape
        return (
            f"Export({self.file!r}, platform={self.platform!r}, rows={rows}, columns={columns},"
            f" questions={len(self.questions)})"
        )

    def question(self, code: str) -> Question:
        """Give one question by its code.

        Raises
        ------
        InputError
            When no question has this code.
        """
        for question in self.questions:
            if question.code == code:
                return question
        raise InputError(Fault(
            "question absente de l’export", file=self.file, expected=f"une question de code « {code} »",
            found=f"{len(self.questions)} questions, dont aucune de ce code",
            remedy="corrigez le code dans le codebook, ou exportez de nouveau l’enquête avec cette question",
        ))  # fmt: skip

    def with_notes(self, notes: Iterable[str]) -> Export:
        """Give the same export with more notes, each kept once."""
        return replace(self, notes=tuple(dict.fromkeys([*self.notes, *notes])))


def state_series(codes: np.ndarray, index: pd.Index[int]) -> pd.Series[str]:
    """Turn one-byte state codes into a column of states.

    Parameters
    ----------
    codes
        Positions in ``STATES``, ``int8``.
    index
        Line numbers.

    Examples
    --------
    >>> codes = np.array([STATE_CODE[CellState.ANSWERED], STATE_CODE[CellState.NOT_ASKED]])
    >>> state_series(codes, pd.RangeIndex(2, 4)).tolist()
    ['answered', 'not_asked']
    """
    values = pd.Categorical.from_codes(codes, dtype=STATE_DTYPE)
    return pd.Series(values, index=index)
