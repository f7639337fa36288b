"""From what people would say to what they answered: filters, blanks, refusals, pages never reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from diagnostic.demo.survey.experiences import experience
from diagnostic.demo.survey.opinions import opinions, profile
from diagnostic.demo.survey.protocol import MODES
from diagnostic.survey_model import Concept, Kind, Role, concepts

if TYPE_CHECKING:
    import numpy as np

    from diagnostic.demo.survey.draws import Answer
    from diagnostic.demo.survey.people import Person

    Answers = dict[str, Answer]

# Never left aside: the questions that decide of the others, and what the team fills in.
_FIRM: Final = frozenset({"adult", "qpv", "experience_5y", "steps", "mode"})
_BLANK, _REFUSED, _DONT_KNOW = 0.008, 0.006, 0.010


def asked_concepts() -> tuple[Concept, ...]:
    """Give the questions of the survey, in order: the kit's, without its optional ones.

    Examples
    --------
    >>> [concept.key for concept in asked_concepts()][:3]
    ['majeur', 'quartier', 'situations']
    """
    kept = {"always", "modes"} if len(MODES) > 1 else {"always"}
    return tuple(concept for concept in concepts().values() if concept.kit in kept)


def answer(rng: np.random.Generator, person: Person) -> Answers:
    """Answer the questionnaire.

    Parameters
    ----------
    rng
        Source of every random number.
    person
        Who answers.

    Returns
    -------
    dict
        Codes of the survey model by concept; nothing for a question left blank, or not put.
    """
    if not person.adult:
        return {"adult": "non"}
    intended: Answers = {"adult": "oui", "qpv": person.group.answer}
    intended |= opinions(rng, person) | experience(rng, person) | profile(person)
    pages = list(dict.fromkeys(concept.section for concept in asked_concepts()))
    given: Answers = {}
    for concept in asked_concepts():
        reached = pages.index(concept.section) < person.last_page
        if concept.code in intended and reached and _is_put(concept, given):
            said = _hesitate(rng, concept, intended[concept.code])
            if said is not None:
                given[concept.code] = said
    return given


def _is_put(concept: Concept, given: Answers) -> bool:
    """Say whether the filter of a question is met by the answers given so far."""
    if concept.asked_if is None:
        return True
    before = given.get(concept.asked_if.concept, frozenset())
    said = {before} if isinstance(before, str) else before
    return not said.isdisjoint(concept.asked_if.codes)


def _hesitate(rng: np.random.Generator, concept: Concept, said: Answer) -> Answer | None:
    """Leave a few questions blank, refused or without knowing."""
    point = rng.random()
    if concept.code in _FIRM:
        return said
    if point < _BLANK:
        return None
    roles = {option.role: option.code for option in concept.options}
    instead = None
    if point < _BLANK + _REFUSED:
        instead = roles.get(Role.REFUSED)
    elif point < _BLANK + _REFUSED + _DONT_KNOW:
        instead = roles.get(Role.DONT_KNOW)
    if instead is None:
        return said
    return frozenset({instead}) if concept.kind is Kind.MULTIPLE else instead
