"""Only what the codebook reads, and nothing personal in it: the last barrier before any table."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from diagnostic.ingestion.privacy import strip
from diagnostic.ingestion.survey.choices import choices
from diagnostic.ingestion.survey.codebook import column_decisions, match
from diagnostic.ingestion.survey.export import STATE_DTYPE, CellState, QuestionKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from diagnostic.ingestion.survey.codebook import Codebook, Match
    from diagnostic.ingestion.survey.export import Export, Question

TYPED: Final = "-oth-"
TICK: Final = "Y"
TICKED: Final = tuple(str(state) for state in (CellState.ANSWERED, CellState.DONT_KNOW, CellState.REFUSED))


def protected(export: Export, codebook: Codebook) -> tuple[Export, tuple[Match, ...]]:
    """Keep the questions that the codebook reads, then remove what may not be kept of them.

    The quarter, the consent and the design are read apart, from the export itself: coordinates are among what is
    removed, and the names of strata are replaced by numbers.

    Parameters
    ----------
    export, codebook
        The answers, and what each question is.

    Returns
    -------
    tuple
        The export of these questions only, and where each concept is in it.

    Raises
    ------
    ConfigurationError
        When the codebook names what the export does not have.
    RefusedError
        When a question that it reads must not be collected at all.
    """
    matches = match(export, codebook)
    used = {item.question.code: item.question for one in matches for item in one.items}
    used |= {one.question.code: _with_known_answers(one, one.question) for one in matches if one.question}
    parts = [_without_typed_texts(export, question) for question in used.values()]
    boxes = [part for part in parts if part[0].option_columns]
    decisions = column_decisions(replace(export, questions=tuple(used.values())), codebook)
    plain, _ = strip(
        _together(export, [part for part in parts if not part[0].option_columns]), decisions=decisions
    )
    # Boxes hold no text any more: their titles are judged, their cells need not be read again.
    ticked = _together(export, boxes)
    judged, _ = strip(_head(ticked), decisions=decisions)
    columns = list(judged.answers.columns)
    stripped = replace(
        export,
        questions=(*plain.questions, *judged.questions),
        answers=pd.concat([plain.answers, ticked.answers[columns]], axis=1),
        states=pd.concat([plain.states, ticked.states[columns]], axis=1),
    )
    left = {question.code: question for question in stripped.questions}
    return stripped, tuple(_moved(one, left) for one in matches if _stays(one, left))


def _together(export: Export, parts: Sequence[tuple[Question, pd.DataFrame, pd.DataFrame]]) -> Export:
    return replace(
        export,
        questions=tuple(question for question, *_ in parts),
        answers=pd.concat([export.answers[[]], *(answers for _, answers, _ in parts)], axis=1),
        states=pd.concat([export.states[[]], *(states for *_, states in parts)], axis=1),
    )


def _head(export: Export) -> Export:
    return replace(
        export, answers=export.answers.iloc[:1], states=export.states.iloc[:1], completed=export.completed.iloc[:1]
    )


def _without_typed_texts(export: Export, question: Question) -> tuple[Question, pd.DataFrame, pd.DataFrame]:
    """Keep of what was typed beside a list only that something was: a box "autre", ticked or not."""
    columns = list(question.columns)
    if question.kind is not QuestionKind.MULTIPLE or not (question.option_columns or question.separator):
        return question, export.answers[columns], export.states[columns]
    found = choices(export, question.code)
    names = {str(option): f"{question.code}[{option}]" for option in found.states}
    states = found.states.set_axis(list(names.values()), axis=1)
    answers = export.answers[list(question.option_columns.values())] if question.option_columns else None
    if answers is None:
        ticked = {name: np.where(states[name].isin(TICKED), TICK, "") for name in states}
        answers = pd.DataFrame(ticked, index=export.answers.index, dtype=str)
    typed = (found.other != "").to_numpy()
    name = f"{question.code}[{TYPED}]"
    blank = states.iloc[:, 0].where(~states.iloc[:, 0].isin(TICKED), str(CellState.NOT_TICKED)) if names else None
    other = np.where(typed, str(CellState.ANSWERED), str(CellState.EMPTY) if blank is None else blank.astype(str))
    states[name] = pd.Categorical(other, dtype=STATE_DTYPE)
    answers = answers.set_axis(list(names.values()), axis=1).assign(**{name: np.where(typed, TICK, "")})
    layout = {**names, TYPED: name}
    plain = replace(
        question, columns=tuple(layout.values()), option_columns=layout, other_column=None, separator=None
    )
    return plain, answers, states


def _with_known_answers(one: Match, question: Question) -> Question:
    """Add the answers that the codebook knows, which are nobody's own words however rare they are."""
    known = {spelling: "" for spelling in one.targets if spelling not in question.spellings}
    kind = QuestionKind.SINGLE if question.kind is QuestionKind.TEXT else question.kind
    return replace(question, kind=kind, options={**known, **question.options})


def _stays(one: Match, left: Mapping[str, Question]) -> bool:
    codes = [item.question.code for item in one.items]
    return all(code in left for code in [*codes, *([one.question.code] if one.question else [])])


def _moved(one: Match, left: Mapping[str, Question]) -> Match:
    if one.question is None:
        return one
    now = left[one.question.code]
    options = {code: label for code, label in one.question.options.items() if code in now.options}
    return replace(one, question=replace(now, options=options))
