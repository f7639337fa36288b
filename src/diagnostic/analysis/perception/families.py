"""Which figures of the survey give each other away: answers that add up, lists with their "at least one", bases.

Nothing here reads a number: it is the shape of the questionnaire, taken from the same questions as the figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from diagnostic.analysis.perception.indicators import (
    AUTHORS,
    CUMULATION,
    EVENT,
    NEIGHBOURHOOD,
    QUESTIONS,
    SITUATIONS_BY_WORD,
)
from diagnostic.analysis.perception.items import ANY, NO_ANSWER, Gate
from diagnostic.survey_model import Kind, Role, concepts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from diagnostic.analysis.perception.items import Question

    Key = tuple[str, str]

FORMAL: Final = ("hors_entourage", "entourage_seul")


@dataclass(frozen=True, slots=True)
class Family:
    """Figures of one base tied by a sum.

    Parameters
    ----------
    parts
        ``(concept, answer)`` of the figures.
    total
        The figure they add up to; ``None`` when it is the base itself, or not a figure but guessable.
    exact
        Whether they add up exactly; answers of a list overlap, and are treated as if they nearly did.
    block
        Whether one hidden figure hides them all.
    silence
        For a list without "none of them": the share that gave no answer, which tells how many gave one.
    """

    parts: tuple[Key, ...]
    total: Key | None = None
    exact: bool = True
    block: bool = False
    silence: Key | None = None


def families(answers: Mapping[str, tuple[str, ...]]) -> list[Family]:
    """Give the ties between the figures of a survey.

    Parameters
    ----------
    answers
        Concept to its answers, as found in the estimates.

    Examples
    --------
    >>> [family.total for family in families({"witness": ("oui", "non", "sans_reponse")})]
    [None]
    """
    found = [family for question in QUESTIONS for family in _of_question(question, answers)]
    if "motives" not in answers and "event_motives" in answers:
        found.append(Family(_keys("event_motives", answers["event_motives"], but=(NO_ANSWER,)), exact=False))
    found += [
        Family(_keys(AUTHORS.concept, answers.get(AUTHORS.concept, ()), but=(NO_ANSWER,)), exact=False),
        Family(_keys(CUMULATION, ("un_seul", "plusieurs", NO_ANSWER))),
        Family(_keys(SITUATIONS_BY_WORD, answers.get(SITUATIONS_BY_WORD, ())), block=True),
        Family(_keys("steps", FORMAL), total=("steps", ANY)),
        Family((("steps", FORMAL[1]),), total=("steps", "entourage"), exact=False),
        *_of_events(answers.get(EVENT, ())),
    ]
    return [family for family in found if any(part[1] in answers.get(part[0], ()) for part in family.parts)]


def gates() -> dict[str, Gate]:
    """Give, for each concept asked of some only, whose count is the size of its base."""
    found = {question.concept: question.gate for question in (*QUESTIONS, AUTHORS) if question.gate is not None}
    concerned = found["motives"]
    return found | dict.fromkeys(("event_motives", CUMULATION, EVENT), concerned)


def headline(key: Key) -> bool:
    """Say whether a figure is one to hide last: what the question is first about."""
    concept, answer = key
    groups = {code for question in QUESTIONS if question.concept == concept for code in question.groups}
    return answer in groups or answer == ANY or key == ("motives", NEIGHBOURHOOD)


def _keys(concept: str, answers: tuple[str, ...], *, but: tuple[str, ...] = ()) -> tuple[Key, ...]:
    return tuple((concept, answer) for answer in answers if answer not in but)


def _of_question(question: Question, answers: Mapping[str, tuple[str, ...]]) -> Iterator[Family]:
    concept = question.concept
    found = answers.get(concept, ())
    if concepts()[concept].kind is Kind.SINGLE:
        grouped = {code for codes, _ in question.groups.values() for code in codes} - set(question.groups)
        for answer, (codes, _) in question.groups.items():
            if set(codes) != {answer}:
                yield Family(_keys(concept, tuple(codes)), total=(concept, answer))
        yield Family(_keys(concept, found, but=tuple(grouped)))
        return
    none = tuple(option.code for option in concepts()[concept].options if option.role is Role.NONE)
    apart = (ANY, NO_ANSWER, "moitie", *none, *FORMAL)
    total = (concept, ANY) if ANY in found else None
    silence = (concept, NO_ANSWER) if total is None else None
    yield Family(_keys(concept, found, but=apart), total=total, exact=False, silence=silence)
    if total is not None:
        yield Family((total, *_keys(concept, (*none, NO_ANSWER))))


def _of_events(cells: tuple[str, ...]) -> Iterator[Family]:
    pairs = [cell.split("|") for cell in cells if "|" in cell]
    for place in (0, 1):
        for value in sorted({pair[place] for pair in pairs}):
            parts = tuple((EVENT, "|".join(pair)) for pair in pairs if pair[place] == value)
            yield Family(parts, exact=False)
