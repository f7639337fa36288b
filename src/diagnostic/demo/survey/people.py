"""The respondents: sex, age, diploma and activity by quarter, and who among them lived a discrimination."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from diagnostic.demo.survey.draws import pick, select, spread
from diagnostic.demo.survey.protocol import LAST_PAGE, MINORS, UNFINISHED, Group, groups

if TYPE_CHECKING:
    from collections.abc import Sequence

_AGES: Final = {"18_24": 0.13, "25_39": 0.30, "40_59": 0.33, "60_plus": 0.24}
_WOMEN: Final = 0.56
_DIPLOMAS: Final = {
    "18_24": {"aucun_brevet": 0.20, "cap_bep": 0.22, "bac": 0.42, "superieur": 0.16},
    "25_39": {"aucun_brevet": 0.24, "cap_bep": 0.27, "bac": 0.25, "superieur": 0.24},
    "40_59": {"aucun_brevet": 0.34, "cap_bep": 0.35, "bac": 0.17, "superieur": 0.14},
    "60_plus": {"aucun_brevet": 0.56, "cap_bep": 0.29, "bac": 0.09, "superieur": 0.06},
}
_STUDENTS: Final = {"emploi": 0.28, "chomage": 0.20, "etudes": 0.44, "autre": 0.08}
_RETIRED: Final = {"emploi": 0.07, "chomage": 0.03, "retraite": 0.82, "autre": 0.08}
_EXPOSURE: Final = {"18_24": 1.35, "25_39": 1.20, "40_59": 0.95, "60_plus": 0.55}
_EMPLOYMENT, _WOMEN_GAP, _FOREIGN, _YOUNG = 62.0, -6.5, 3.5, 29.0
_ONLINE: Final = {"18_24": 0.55, "25_39": 0.46, "40_59": 0.30, "60_plus": 0.12}


@dataclass(frozen=True, slots=True)
class Person:
    """An invented respondent.

    Parameters
    ----------
    group
        Where the person says to live.
    sex, age, diploma, activity, mode
        Codes of the survey model.
    seen_foreign
        Whether others take the person for a foreigner; shapes the answers and is never written.
    exposed
        Whether the person lived a discrimination over five years.
    no_step
        Whether nothing was undertaken after the most recent fact.
    last_page
        Last page of the questionnaire that was filled.
    adult
        Whether the person is 18 or over; the others stop at the first question.
    """

    group: Group
    sex: str
    age: str
    diploma: str
    activity: str
    mode: str
    seen_foreign: bool
    exposed: bool = False
    no_step: bool = False
    last_page: int = LAST_PAGE
    adult: bool = True

    @property
    def finished(self) -> bool:
        """Whether the questionnaire was sent; a person under 18 is thanked and sends an empty one."""
        return self.last_page == LAST_PAGE or not self.adult


def draw_people(rng: np.random.Generator) -> list[Person]:
    """Draw every respondent, in the order of their answers.

    Parameters
    ----------
    rng
        Source of every random number.

    Examples
    --------
    >>> people = draw_people(np.random.default_rng(1))
    >>> len(people), sum(person.finished for person in people), sum(not person.adult for person in people)
    (900, 860, 2)
    """
    complete = [person for group in groups() for person in _with_exposure(rng, _members(rng, group))]
    unfinished = _unfinished(rng)
    minors = [replace(person, last_page=1, adult=False) for person in _members(rng, groups()[0])[:MINORS]]
    people = [*_with_steps(rng, complete), *unfinished, *minors]
    return [people[rank] for rank in rng.permutation(len(people))]


def _members(rng: np.random.Generator, group: Group, size: int | None = None) -> list[Person]:
    """Draw the respondents of a group within quotas of sex and age."""
    cells = {
        (sex, age): share * _youth(group, age) * (_WOMEN if sex == "femme" else 1 - _WOMEN)
        for sex in ("femme", "homme")
        for age, share in _AGES.items()
    }
    quotas = spread(rng, cells, group.respondents if size is None else size)
    return [_person(rng, group, sex=sex, age=age) for sex, age in quotas]


def _youth(group: Group, age: str) -> float:
    young = group.quarter.young if group.quarter else _YOUNG
    return {"18_24": young / 38, "60_plus": 38 / young}.get(age, 1.0)


def _person(rng: np.random.Generator, group: Group, *, sex: str, age: str) -> Person:
    foreign = group.quarter.foreign if group.quarter else _FOREIGN
    return Person(
        group=group,
        sex=sex,
        age=age,
        diploma=pick(rng, _DIPLOMAS[age]),
        activity=pick(rng, _activities(group, sex, age=age)),
        mode="en_ligne" if rng.random() < _ONLINE[age] else "face_a_face",
        seen_foreign=bool(rng.random() < 0.12 + 0.02 * foreign),
    )


def _activities(group: Group, sex: str, *, age: str) -> dict[str, float]:
    if age == "18_24":
        return _STUDENTS
    if age == "60_plus":
        return _RETIRED
    quarter = group.quarter
    rate, gap = (quarter.employment, quarter.women_gap) if quarter else (_EMPLOYMENT, _WOMEN_GAP)
    work = (rate * 1.2 + (0.5 if sex == "femme" else -0.5) * gap) / 100
    home = 0.16 if sex == "femme" else 0.06
    return {"emploi": work, "autre": home, "etudes": 0.02, "chomage": max(0.05, 0.98 - work - home)}


def _with_exposure(rng: np.random.Generator, people: Sequence[Person]) -> list[Person]:
    """Mark who lived a discrimination: as many as the story of the group says."""
    odds = np.array([_odds(person) for person in people])
    rate = people[0].group.prevalence
    chosen = select(rng, np.minimum(rate * odds / odds.mean(), 0.9))
    return [replace(person, exposed=bool(mark)) for person, mark in zip(people, chosen, strict=True)]


def _odds(person: Person) -> float:
    return (
        _EXPOSURE[person.age]
        * (1.9 if person.seen_foreign else 1.0)
        * (1.15 if person.sex == "femme" else 1.0)
        * (1.2 if person.activity == "chomage" else 1.0)
        * (1.08 if person.mode == "en_ligne" else 1.0)
    )


def _with_steps(rng: np.random.Generator, people: Sequence[Person]) -> list[Person]:
    """Mark who, among those exposed, undertook nothing: three in four, more among those with no diploma."""
    rates = [0.80 if person.diploma == "aucun_brevet" else 0.73 for person in people]
    chances = np.array([rate * person.exposed for rate, person in zip(rates, people, strict=True)])
    chosen = select(rng, chances)
    return [replace(person, no_step=bool(mark)) for person, mark in zip(people, chosen, strict=True)]


def _unfinished(rng: np.random.Generator) -> list[Person]:
    """Draw those who closed the questionnaire before its end."""
    where = spread(rng, {group: group.respondents for group in groups() if group.quarter}, UNFINISHED)
    return [
        replace(person, last_page=int(rng.integers(1, LAST_PAGE)))
        for group, size in sorted(Counter(where).items(), key=lambda pair: pair[0].answer)
        for person in _with_exposure(rng, _members(rng, group, size))
    ]
