"""From the cells of a file and the layout of its questions to an export: the one place where states are decided.

A reader says which columns make a question and what its platform writes in special cells. What a blank cell
means is decided here, in this order: what the format says, a sibling that was ticked, a questionnaire left
before its end, the condition in the form, and last "it cannot be known".
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from diagnostic.ingestion.survey.export import STATE_CODE, CellState, Export, Question, QuestionKind, state_series
from diagnostic.ingestion.survey.relevance import Operand, asked
from diagnostic.ingestion.survey.splitting import split_column
from diagnostic.ingestion.survey.wording import non_answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from diagnostic.ingestion.survey.sheet import Coded, Sheet

UNSET: Final = np.int8(-1)
CLOSED: Final = frozenset(
    {QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.YES_NO, QuestionKind.SCALE}
)  # fmt: skip
_ANSWERED = STATE_CODE[CellState.ANSWERED]
_NOT_TICKED = STATE_CODE[CellState.NOT_TICKED]
_NOT_ASKED = STATE_CODE[CellState.NOT_ASKED]
_EMPTY = STATE_CODE[CellState.EMPTY]
_AMBIGUOUS = STATE_CODE[CellState.AMBIGUOUS]
_INCOMPLETE = STATE_CODE[CellState.INCOMPLETE]
_GIVEN = np.array([_ANSWERED, STATE_CODE[CellState.DONT_KNOW], STATE_CODE[CellState.REFUSED]])

States = dict[str, np.ndarray]


@dataclass(frozen=True, slots=True)
class Layout:
    """One question as a platform lays it out.

    Parameters
    ----------
    question
        With its columns.
    ticks
        What an option column may hold beside a blank: text to state, ``None`` when the text stands for a blank.
        A text that is absent here is an answer.
    cells
        The same for the other columns of the question.
    other_codes
        Answers of a single choice that open the text beside "autre".
    """

    question: Question
    ticks: Mapping[str, CellState | None] = field(default_factory=dict)
    cells: Mapping[str, CellState | None] = field(default_factory=dict)
    other_codes: frozenset[str] = frozenset()


def build_export(
    sheet: Sheet, layouts: Sequence[Layout], *, platform: str, completed: np.ndarray | None = None,
    given: Mapping[str, np.ndarray] | None = None, language: str | None = None, notes: Iterable[str] = (),
    form: str | None = None,
) -> Export:  # fmt: skip
    """Decide the state of every cell and put the export together.

    Parameters
    ----------
    sheet
        Columns by name; every one belongs to a layout.
    layouts
        Questions as they are laid out.
    platform, language, form
        Of the export.
    completed
        Whether each respondent reached the end; ``None`` when the format does not say.
    given
        States that the format itself tells, by column; ``UNSET`` where it does not.
    notes
        What the reader has to say.

    Returns
    -------
    Export
        Answers and states of the same shape.
    """
    layouts = _with_own_codes(layouts)
    done = np.ones(sheet.rows, dtype=bool) if completed is None else completed
    states: States = {}
    for layout in layouts:
        read = _first_states(sheet, layout, given or {})
        if layout.question.kind is QuestionKind.SYSTEM:
            read = {name: np.where(codes == UNSET, _EMPTY, codes) for name, codes in read.items()}
        else:
            _leave_incomplete(read, ~done, state=_NOT_ASKED)
            _from_siblings(sheet, layout, read)
            _leave_incomplete(read, ~done, state=UNSET)
        states.update(read)
    remarks = [*notes, *_completion_notes(done, completed), *_resolve(sheet, layouts, states)]
    remarks += [note for layout in layouts for note in _leftover_notes(sheet, layout.question)]
    lines = sheet.cells.lines
    frame = pd.DataFrame({name: state_series(states[name], lines) for name in sheet.names}, index=lines)
    return Export(
        file=sheet.cells.file, platform=platform, language=language,
        questions=tuple(layout.question for layout in layouts), answers=sheet.frame(), states=frame,
        completed=pd.Series(done, index=lines, name="completed"), notes=tuple(dict.fromkeys(remarks)),
        codebook_used=form,
    )  # fmt: skip


def _with_own_codes(layouts: Sequence[Layout]) -> list[Layout]:
    """Give each question a code of its own; a wording that stands twice yields to the name of its column."""
    seen: set[str] = set()
    kept = []
    for layout in layouts:
        question = layout.question
        if question.code in seen:
            question = replace(question, code=question.columns[0])
        seen.add(question.code)
        kept.append(replace(layout, question=question))
    return kept


def _first_states(sheet: Sheet, layout: Layout, given: Mapping[str, np.ndarray]) -> States:
    question = layout.question
    option_of = {column: option for option, column in question.option_columns.items()}
    read: States = {}
    for name in question.columns:
        column = sheet[name]
        option = option_of.get(name)
        special = layout.cells if option is None else layout.ticks
        if option is not None:
            mark = non_answer(option) or non_answer(question.options.get(option, ""))
            by_word = [_state_of(word, special, mark or CellState.ANSWERED) for word in column.words]
        elif question.kind in CLOSED and name != question.other_column:
            by_word = [_closed_state(word, question, special) for word in column.words]
        else:
            by_word = [_state_of(word, special, CellState.ANSWERED) for word in column.words]
        codes = np.array(by_word, dtype=np.int8)[column.positions] if by_word else np.empty(0, dtype=np.int8)
        if name in given:
            codes = np.where(given[name] == UNSET, codes, given[name])
        read[name] = codes
    return read


def _state_of(word: str, special: Mapping[str, CellState | None], otherwise: CellState) -> np.int8:
    if word in special:
        state = special[word]
        return UNSET if state is None else STATE_CODE[state]
    return STATE_CODE[otherwise] if word.strip() else UNSET


def _closed_state(word: str, question: Question, special: Mapping[str, CellState | None]) -> np.int8:
    code = question.spellings.get(word, word)
    mark = non_answer(question.options.get(code, code)) or non_answer(code)
    return _state_of(word, special, mark or CellState.ANSWERED)


def _from_siblings(sheet: Sheet, layout: Layout, read: States) -> None:
    """Use what the other columns of the question say of a blank."""
    question = layout.question
    other = question.other_column
    options = [read[name] for name in question.option_columns.values()]
    if options:
        seen = [*options, read[other]] if other else options
        chosen = np.any([np.isin(codes, _GIVEN) for codes in seen], axis=0)
        shown = chosen | np.any([codes == _NOT_TICKED for codes in seen], axis=0)
        hidden = np.all([codes == _NOT_ASKED for codes in options], axis=0)
        for name in question.columns:
            codes = read[name]
            blank = codes == UNSET
            loose = name in question.option_columns.values() or name == other
            codes[blank & shown] = _NOT_TICKED if loose else _EMPTY
            codes[blank & hidden] = _NOT_ASKED
    elif other:
        main = next(name for name in question.columns if name != other)
        opened = np.isin(sheet[main].positions, _positions(sheet[main], layout.other_codes))
        blank = read[other] == UNSET
        read[other][blank & opened] = _EMPTY
        read[other][blank & ~opened & ~np.isin(read[main], [UNSET, _INCOMPLETE])] = _NOT_ASKED


def _positions(column: Coded, words: Iterable[str]) -> list[int]:
    return [position for position, word in enumerate(column.words) if word in frozenset(words)]


def _leave_incomplete(read: States, left: np.ndarray, *, state: np.int8) -> None:
    for codes in read.values():
        codes[left & (codes == state)] = _INCOMPLETE


def _resolve(sheet: Sheet, layouts: Sequence[Layout], states: States) -> list[str]:
    """Settle the blanks that remain by the condition of each question, in the order of the questionnaire."""
    finder = _Finder(sheet, layouts, states)
    notes: list[str] = []
    unknown: list[str] = []
    for layout in layouts:
        question = layout.question
        blank = {name: states[name] == UNSET for name in question.columns}
        if not any(mask.any() for mask in blank.values()):
            continue
        mask = None
        if question.relevance is not None:
            mask = asked(question.relevance, finder.find, rows=sheet.rows)
            if mask is None:
                notes.append(
                    f"Question «\u00a0{question.code}\u00a0»\u00a0: sa condition d’affichage ne se décide pas sur"
                    " les réponses\u00a0; ses cellules vides restent ambiguës."
                )
        loose = {*question.option_columns.values(), question.other_column if question.option_columns else None}
        for name, empty in blank.items():
            if mask is None:
                states[name][empty] = _AMBIGUOUS
            else:
                states[name][empty & mask] = _NOT_TICKED if name in loose else _EMPTY
                states[name][empty & ~mask] = _NOT_ASKED
        if mask is None:
            unknown.append(question.code)
    if unknown:
        notes.append(
            f"{len(unknown)} question(s) ont des cellules vides dont le format ne dit pas si la question a été"
            " posée\u00a0: donnez le questionnaire (.lss, XLSForm) ou la question filtre dans le codebook."
        )
    return notes


class _Finder:
    """Answers by the names that conditions use."""

    def __init__(self, sheet: Sheet, layouts: Sequence[Layout], states: States) -> None:
        self._sheet = sheet
        self._states = states
        self._questions = {layout.question.code: layout.question for layout in layouts}
        self._options = {
            f"{question.code}_{option}": column
            for question in self._questions.values()
            for option, column in question.option_columns.items()
        }

    def find(self, name: str) -> Operand | None:
        if name in self._options:
            ticked = self._ticked(self._options[name])
            return Operand(("", "Y"), ticked.astype(np.int8))
        question = self._questions.get(name)
        if question is None or not question.columns:
            return None
        if question.option_columns:
            ticks = {option: self._ticked(column) for option, column in question.option_columns.items()}
            return Operand((), np.empty(0, dtype=np.int8), ticks)
        main = next(column for column in question.columns if column != question.other_column)
        column = self._sheet[main]
        if question.separator is not None:
            return Operand((), np.empty(0, dtype=np.int8), split_column(column, question)[0])
        special = {word for word in column.words if not word.strip()}
        words = tuple("" if word in special else question.spellings.get(word, word) for word in column.words)
        return Operand(words, column.positions)

    def _ticked(self, column: str) -> np.ndarray:
        return np.isin(self._states[column], _GIVEN)


def _completion_notes(done: np.ndarray, completed: np.ndarray | None) -> list[str]:
    if completed is None:
        return [
            "Ce format ne dit pas si un questionnaire est allé à son terme\u00a0: tous sont tenus pour complets."
        ]
    left = int((~done).sum())
    if not left:
        return []
    return [f"{left} questionnaire(s) inachevé(s) sur {len(done)}, exclu(s) par défaut des résultats."]


def _leftover_notes(sheet: Sheet, question: Question) -> list[str]:
    if question.separator is None or question.option_columns or not question.options:
        return []
    main = next(column for column in question.columns if column != question.other_column)
    column = sheet[main]
    _, rest = split_column(column, question)
    count = int(column.counts()[[bool(texts) for texts in rest]].sum())
    if not count:
        return []
    return [(
        f"Question «\u00a0{question.code}\u00a0»\u00a0: {count} réponse(s) contiennent un texte hors des options"
        " connues, gardé comme «\u00a0autre (texte)\u00a0»."
    )]  # fmt: skip
