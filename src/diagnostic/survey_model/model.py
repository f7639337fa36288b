"""Concepts of a survey on perceived discrimination, and the closed answers each accepts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from diagnostic.survey_model.tables import rows
from diagnostic.vocabulary import Scale

if TYPE_CHECKING:
    from collections.abc import Mapping

MODEL_VERSION: Final = "1"
# Concepts whose answers may come as exact numbers: they are put into groups, then forgotten.
NUMBERS: Final = ("age_group", "household_adults")


class Kind(StrEnum):
    """How many answers a concept takes: one, several, or a place."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    PLACE = "place"


class Sensitivity(StrEnum):
    """What the law sees in an answer.

    ``perceived`` is what the person thinks was the cause of an act: not a characteristic, yet article 9 data as
    soon as the survey is not anonymous. ``sensitive`` is a characteristic of the person: off by default.
    """

    ORDINARY = "ordinary"
    PROFILE = "profile"
    PERCEIVED = "perceived"
    SENSITIVE = "sensitive"


class Role(StrEnum):
    """What an option stands for in a rate: an answer, "none of them", or a reason for having no answer."""

    ANSWER = "answer"
    OTHER = "other"
    NONE = "none"
    DONT_KNOW = "dont_know"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Option:
    """A closed answer.

    Parameters
    ----------
    code
        Canonical code.
    label
        French text, as the respondent reads it.
    short
        Code of at most five letters and digits, the longest LimeSurvey takes.
    role
        See :class:`Role`.
    extra
        Words attached to it: legal slugs of a motive, scale of an author, domain of a situation, bounds of an age.
    """

    code: str
    label: str
    short: str
    role: Role
    extra: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """Who is asked: those whose answer to another concept is one of these codes."""

    concept: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Concept:
    """Something that a survey may measure.

    Parameters
    ----------
    code
        Name of its column in ``responses``.
    key
        French name under which a codebook maps it.
    label, wording, hint
        Short French name, question of the kit, help under the question.
    kind
        See :class:`Kind`.
    options
        Closed answers in the order of the questionnaire; empty for a place.
    section
        Part of the questionnaire.
    kit
        ``always``, ``optional`` (off by default), ``dwelling`` or ``modes``.
    asked_if
        Filter of the kit, ``None`` when everybody is asked.
    most
        Largest number of answers, ``None`` without a limit.
    period
        Reference period in French, empty when the question has none.
    indicators
        Identifiers of the indicators it serves.
    sensitivity
        See :class:`Sensitivity`.
    """

    code: str
    key: str
    label: str
    wording: str
    hint: str
    kind: Kind
    options: tuple[Option, ...]
    section: str
    kit: str
    asked_if: Filter | None
    most: int | None
    period: str
    indicators: tuple[str, ...]
    sensitivity: Sensitivity

    @property
    def title(self) -> str:
        """Name in a form: letters and digits only, the intersection of what the platforms accept."""
        return self.key.replace("_", "")

    def option(self, code: str) -> Option:
        """Give one option.

        Raises
        ------
        KeyError
            When the concept has no such option.
        """
        for option in self.options:
            if option.code == code:
                return option
        raise KeyError(code)


@lru_cache(maxsize=1)
def option_lists() -> Mapping[str, tuple[Option, ...]]:
    """Give the closed answers by list.

    Examples
    --------
    >>> len([option for option in option_lists()["domaines"] if option.role is Role.ANSWER])
    16
    """
    lists: dict[str, list[Option]] = {}
    for row in rows("options.csv"):
        option = Option(row["code"], row["label"], row["short"], Role(row["role"]), tuple(row["extra"].split()))
        lists.setdefault(row["list"], []).append(option)
    return MappingProxyType({name: tuple(options) for name, options in lists.items()})


@lru_cache(maxsize=1)
def concepts() -> Mapping[str, Concept]:
    """Give the concepts by code, in the order of the questionnaire.

    Examples
    --------
    >>> concepts()["experience_5y"].wording[:52]
    'Au cours des cinq dernières années, pensez-vous avoi'
    >>> list(concepts()).index("situations") < list(concepts()).index("experience_5y")
    True
    """
    return MappingProxyType({row["code"]: _concept(row) for row in rows("concepts.csv")})


@lru_cache(maxsize=1)
def concept_keys() -> Mapping[str, Concept]:
    """Give the concepts by the French key of codebooks."""
    return MappingProxyType({concept.key: concept for concept in concepts().values()})


def _concept(row: dict[str, str]) -> Concept:
    target, _, codes = row["filter"].partition("=")
    return Concept(
        code=row["code"],
        key=row["key"],
        label=row["label"],
        wording=row["wording"],
        hint=row["hint"],
        kind=Kind(row["kind"]),
        options=option_lists()[row["options"]] if row["options"] else (),
        section=row["section"],
        kit=row["kit"],
        asked_if=Filter(target, tuple(codes.split("|"))) if target else None,
        most=int(row["max"]) if row["max"] else None,
        period=row["period"],
        indicators=tuple(row["indicators"].split()),
        sensitivity=Sensitivity(row["sensitivity"]),
    )


def domain_codes() -> tuple[str, ...]:
    """Give the sixteen stable codes of domains."""
    return tuple(option.code for option in option_lists()["domaines"] if option.role is Role.ANSWER)


def motive_criteria(motive: str) -> tuple[str, ...]:
    """Give the legal slugs that a plain motive may fall under; none for "autre".

    A motive is what a person says, a criterion what the law names: one may match several of the other, so rates
    are computed on motives and never added up over criteria.

    Examples
    --------
    >>> motive_criteria("couleur_peau")
    ('origine', 'apparence_physique', 'pretendue_race')
    """
    return next((option.extra for option in option_lists()["motifs"] if option.code == motive), ())


def author_scale(author: str) -> Scale | None:
    """Give the scale at which an author acts, ``None`` when it is not known.

    Examples
    --------
    >>> str(author_scale("organisation"))
    'meso'
    """
    for option in option_lists()["auteurs"]:
        if option.code == author and option.extra:
            return Scale(option.extra[0])
    return None


def grouped(concept: Concept, value: int) -> str | None:
    """Put an exact number in the group of a concept that has bounds, ``None`` outside all of them.

    Examples
    --------
    >>> grouped(concepts()["household_adults"], 6), grouped(concepts()["age_group"], 25)
    ('4_plus', '25_39')
    """
    for option in concept.options:
        if option.extra and int(option.extra[0]) <= value <= int(option.extra[-1]):
            return option.code
    return None


def age_group(years: int) -> str | None:
    """Put an age in its broad group, ``None`` under 18 or beyond any life.

    Examples
    --------
    >>> age_group(38), age_group(60), age_group(17)
    ('25_39', '60_plus', None)
    """
    return grouped(concepts()["age_group"], years)
