"""From the cells of an export to our answers, one concept at a time, the state of every cell kept."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from diagnostic.ingestion.survey.choices import choices, option_codes
from diagnostic.ingestion.survey.export import STATE_CODE, CellState, QuestionKind
from diagnostic.survey_model import Concept, Kind, Role, grouped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from diagnostic.ingestion.survey.codebook import Match
    from diagnostic.ingestion.survey.export import Export, Question

ANSWERED: Final = STATE_CODE[CellState.ANSWERED]
NOT_TICKED: Final = STATE_CODE[CellState.NOT_TICKED]
DONT_KNOW: Final = STATE_CODE[CellState.DONT_KNOW]
REFUSED: Final = STATE_CODE[CellState.REFUSED]
EMPTY: Final = STATE_CODE[CellState.EMPTY]
NOT_ASKED: Final = STATE_CODE[CellState.NOT_ASKED]
AMBIGUOUS: Final = STATE_CODE[CellState.AMBIGUOUS]
INCOMPLETE: Final = STATE_CODE[CellState.INCOMPLETE]

ADULT: Final = 18
OTHER: Final = "autre"
_NUMBER: Final = re.compile(r"(\d{1,3})(?:[.,]0+)?")
_MINOR: Final = "mineur"
# From the weakest to the strongest: what a whole question takes from its columns.
_RISING: Final = (AMBIGUOUS, INCOMPLETE, EMPTY, DONT_KNOW, REFUSED)


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What every respondent said on one concept.

    Parameters
    ----------
    concept, battery
        Of the model; whether each answer was a question of its own.
    states
        Position in ``STATES``, one a respondent.
    chosen
        Our answer where there is one (single concepts), as positions in ``categories``; -1 elsewhere.
    ticks
        Our answer to the mask of those who ticked it (multiple concepts).
    items
        Our answer to its own state, for a battery.
    minors
        Mask of those who gave an age under 18.
    notes
        French sentences, without any answer in them.
    """

    concept: Concept
    states: np.ndarray
    chosen: np.ndarray | None = None
    ticks: dict[str, np.ndarray] = field(default_factory=dict, repr=False)
    items: dict[str, np.ndarray] = field(default_factory=dict, repr=False)
    minors: np.ndarray | None = None
    battery: bool = False
    notes: tuple[str, ...] = ()

    @property
    def categories(self) -> tuple[str, ...]:
        """Answers that are values: those that stand for no answer are states."""
        return value_codes(self.concept)

    def among(self, codes: tuple[str, ...]) -> np.ndarray:
        """Give the mask of those whose answer is one of these codes."""
        if self.chosen is not None:
            wanted = [position for position, code in enumerate(self.categories) if code in codes]
            return np.isin(self.chosen, wanted)
        masks = [self.ticks[code] for code in codes if code in self.ticks]
        return np.logical_or.reduce(masks) if masks else np.zeros(len(self.states), dtype=bool)


def value_codes(concept: Concept) -> tuple[str, ...]:
    """List the answers of a concept that are values, "autre" always last.

    Examples
    --------
    >>> from diagnostic.survey_model import concepts
    >>> value_codes(concepts()["sex"])
    ('femme', 'homme', 'autre')
    """
    states = {Role.DONT_KNOW, Role.REFUSED}
    codes = [option.code for option in concept.options if option.role not in states and option.code != OTHER]
    return (*codes, OTHER)


def read_answer(export: Export, match: Match) -> Answer:
    """Read one concept.

    Parameters
    ----------
    export
        The survey export.
    match
        Where the concept is, and what each spelling means.
    """
    if match.question is None:
        return _battery(export, match)
    if match.question.kind is QuestionKind.MULTIPLE:
        return _multiple(export, match, match.question)
    answer = _single(export, match, match.question)
    return answer if match.concept.kind is Kind.SINGLE else _one_of_several(answer)


def asked_only_if(answer: Answer, parent: Answer, codes: tuple[str, ...]) -> tuple[Answer, str]:
    """Settle blank cells by the filter that the codebook declares, and say how many.

    Returns
    -------
    tuple
        The answer with ``not_asked`` where the filter was not met and ``empty`` where it was, and a French note.
    """
    met = parent.among(codes)
    states = answer.states.copy()
    blank = np.isin(states, [AMBIGUOUS, EMPTY])
    states[blank & ~met] = NOT_ASKED
    states[(states == AMBIGUOUS) & met] = EMPTY
    against = int((np.isin(states, [ANSWERED, DONT_KNOW, REFUSED]) & ~met).sum())
    name, filter_name = answer.concept.key, parent.concept.key
    note = (
        f"« {name} » : {int((blank & ~met).sum())} cellules vides lues « non posée » d’après la réponse à "
        f"« {filter_name} » (déduction du codebook, non du fichier)."
    )
    if against:
        note += f" {against} réponses données alors que la question n’était pas à poser : gardées."
    return replace(answer, states=states), note


def _single(export: Export, match: Match, question: Question) -> Answer:
    main = next((name for name in question.columns if name != question.other_column), question.columns[0])
    states = export.states[main].cat.codes.to_numpy().astype(np.int8)
    positions, words = pd.factorize(option_codes(export, question.code))
    targets = [_target(str(word), match) for word in words]
    codes = {code: position for position, code in enumerate(value_codes(match.concept))}
    given = np.isin(states, [ANSWERED, DONT_KNOW, REFUSED])
    values = _lookup(targets, positions, lambda target: codes.get(target, -1))
    marks = _lookup(targets, positions, lambda target: int(_MARKS.get(target, -1)))
    states = np.where(given & (marks >= 0), marks, states).astype(np.int8)
    values = np.where(states == ANSWERED, values, -1).astype(np.int16)
    minors = _lookup(targets, positions, lambda target: int(target == _MINOR)) > 0
    unread = int(((states == ANSWERED) & (values < 0) & ~minors).sum())
    notes = (f"« {match.concept.key} » : {unread} réponses hors de la liste, sans valeur.",) if unread else ()
    return Answer(match.concept, states, values, minors=minors, notes=notes)


_MARKS: Final = {"nsp": DONT_KNOW, "refus": REFUSED, "ignorer": EMPTY}


def _target(word: str, match: Match) -> str:
    declared = match.targets.get(word)
    if declared is not None:
        return declared
    found = _NUMBER.fullmatch(word.strip()) if match.section.tranches else None
    if found is None:
        return ""
    value = int(found.group(1))
    if match.concept.code == "age_group" and value < ADULT:
        return _MINOR
    return grouped(match.concept, value) or ""


def _lookup(targets: list[str], positions: np.ndarray, code: Callable[[str], int]) -> np.ndarray:
    table = np.array([*(code(target) for target in targets), -1], dtype=np.int16)
    found: np.ndarray = table[positions]  # a missing cell has position -1, hence the last entry
    return found


def _one_of_several(answer: Answer) -> Answer:
    """Read a question with one answer as a list of which one is ticked."""
    ticks = {code: answer.among((code,)) for code in answer.categories}
    return replace(answer, chosen=None, ticks=ticks)


def _multiple(export: Export, match: Match, question: Question) -> Answer:
    found = choices(export, question.code)
    size = len(export.answers)
    ticks = {code: np.zeros(size, dtype=bool) for code in value_codes(match.concept)}
    columns = []
    for option in found.states:
        codes = found.states[option].cat.codes.to_numpy().astype(np.int8)
        ticked = np.isin(codes, [ANSWERED, DONT_KNOW, REFUSED])
        target = match.targets.get(str(option), "ignorer")
        mark = _MARKS.get(target, ANSWERED)
        columns.append(np.where(ticked, mark, codes).astype(np.int8))
        if target in ticks:
            ticks[target] |= ticked
    typed = (found.other != "").to_numpy()
    ticks[OTHER] |= typed
    columns.append(np.where(typed, ANSWERED, NOT_ASKED).astype(np.int8))
    states = _whole(columns, battery=False)
    return Answer(match.concept, states, None, ticks, notes=tuple(_contradictions(match.concept, ticks)))


def _contradictions(concept: Concept, ticks: dict[str, np.ndarray]) -> Iterator[str]:
    for option in concept.options:
        if option.role is Role.NONE and option.code in ticks:
            others = np.logical_or.reduce([mask for code, mask in ticks.items() if code != option.code])
            both = int((ticks[option.code] & others).sum())
            if both:
                ticks[option.code] &= ~others
                yield f"« {concept.key} » : {both} réponses « aucun » cochées avec une autre, qui est gardée."


def _battery(export: Export, match: Match) -> Answer:
    size = len(export.answers)
    ticks = {item.target: np.zeros(size, dtype=bool) for item in match.items}
    columns = []
    items: dict[str, np.ndarray] = {}
    for item in match.items:
        codes = export.states[item.column].cat.codes.to_numpy().astype(np.int8)
        if item.question.kind is not QuestionKind.MULTIPLE:
            positions, words = pd.factorize(export.answers[item.column])
            targets = ["oui" if word in item.yes else match.targets.get(str(word), "") for word in words]
            marks = _lookup(targets, positions, lambda target: int(_MARKS.get(target, -1)))
            yes = _lookup(targets, positions, lambda target: int(target == "oui")) > 0
            given = codes == ANSWERED
            codes = np.where(given & ~yes, np.where(marks >= 0, marks, NOT_TICKED), codes).astype(np.int8)
        ticks[item.target] |= codes == ANSWERED
        known = items.get(item.target)
        items[item.target] = codes if known is None else _whole([known, codes], battery=False, keep_blank=True)
        columns.append(codes)
    return Answer(match.concept, _whole(columns, battery=True), None, ticks, items, battery=True)


def _whole(columns: list[np.ndarray], *, battery: bool, keep_blank: bool = False) -> np.ndarray:
    """Give one state to a question of several columns: the strongest that any of them shows.

    A list of which nothing is ticked has no answer; a battery of which every question got a "no" has one.
    """
    matrix = np.column_stack(columns)
    result = np.full(len(matrix), NOT_ASKED, dtype=np.int8)
    for state in _RISING:
        result[(matrix == state).any(axis=1)] = state
    blank = (matrix == NOT_TICKED).any(axis=1)
    if keep_blank:
        result[blank] = NOT_TICKED
    elif battery:
        result[blank] = ANSWERED
    else:
        weak = np.isin(result, [NOT_ASKED, AMBIGUOUS, INCOMPLETE])
        result[blank & weak] = EMPTY
    result[(matrix == ANSWERED).any(axis=1)] = ANSWERED
    return result
