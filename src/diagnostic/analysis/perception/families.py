"""How the questions of the survey hold each other: groupings, lists, and whom a question is about.

Nothing here reads a number: it is the shape of the questionnaire, taken from the same questions as the figures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from diagnostic.analysis.perception.indicators import (
    AUTHORS,
    CUMULATION,
    EVENT,
    NEIGHBOURHOOD,
    QUESTIONS,
    SITUATIONS_BY_WORD,
)
from diagnostic.analysis.perception.items import ANY, EXPERIENCE, NO_ANSWER, Gate
from diagnostic.survey_model import Role, concepts

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

FORMAL: Final = ("hors_entourage", "entourage_seul")
NUMBER: Final = ("un_seul", "plusieurs")
# Where an act took place often names the one landlord, school or police station of the neighbourhood.
PLACES: Final = ("domains", "event_domain", EVENT)
CROSSED: Final = {SITUATIONS_BY_WORD: (("situations", ANY), ("situations", "aucune"), (EXPERIENCE, "oui"))}


def groupings(concept: str) -> dict[str, tuple[str, ...]]:
    """Give the answers that stand for several others.

    Examples
    --------
    >>> groupings("experience_5y"), groupings("witness")
    ({'oui': ('souvent', 'parfois')}, {})
    """
    found = {code: codes for one in QUESTIONS if one.concept == concept for code, (codes, _) in one.groups.items()}
    return {code: tuple(codes) for code, codes in found.items() if set(codes) != {code}}


def nobody(concept: str) -> tuple[str, ...]:
    """Give the answers "none of them" of a list."""
    return tuple(option.code for option in concepts()[concept].options if option.role is Role.NONE)


def ticked(found: Container[str]) -> str:
    """Name the list whose answers are counted by person: all the motives, else those of one event."""
    return "motives" if "motives" in found else "event_motives"


def local(concept: str, answer: str) -> bool:
    """Say whether a figure may be told of one neighbourhood.

    Neither two criteria at once, nor what points to one organisation: these stay at the level of the contrat.

    Examples
    --------
    >>> local("motives", "origine"), local("domains", "logement_social"), local("situations", "justice")
    (True, False, False)
    """
    crossed = "*" in concept or concept in PLACES
    return not crossed and (concept != "situations" or answer in {ANY, NO_ANSWER, *nobody(concept)})


def gates() -> dict[str, Gate]:
    """Give, for each concept asked of some only, whose count is the size of its base."""
    found = {question.concept: question.gate for question in (*QUESTIONS, AUTHORS) if question.gate is not None}
    concerned = found["motives"]
    return found | dict.fromkeys(("event_motives", CUMULATION, EVENT), concerned)


def depth(concept: str, known: Mapping[str, Gate]) -> int:
    """Count the filters before a question."""
    return 1 + depth(known[concept].concept, known) if concept in known else 0


def headline(key: tuple[str, str]) -> bool:
    """Say whether a figure is one to hide last: what the question is first about."""
    concept, answer = key
    groups = {code for question in QUESTIONS if question.concept == concept for code in question.groups}
    return answer in groups or answer == ANY or key == ("motives", NEIGHBOURHOOD)
