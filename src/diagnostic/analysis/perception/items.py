"""From a question to what is estimated: one column of 0, 1 or nothing for each figure.

Those who do not know or refuse stay in every base, counted as "no"; those who were not asked, or left the question
empty, are outside it. A figure among those concerned is empty for the others; the same figure among all is a no.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np

from diagnostic.formatting import typographic
from diagnostic.survey_model import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from diagnostic.analysis.perception.reading import Floats, Mask, Reading

NO_ANSWER: Final = "sans_reponse"
ANY: Final = "au_moins_une"
SEVERAL: Final = "plusieurs réponses possibles, la somme dépasse 100 %"
ALL: Final = "all"
CONCERNED: Final = "concerned"
EVERYBODY: Final = "toutes les personnes interrogées"
ASKED: Final = "personnes à qui la question a été posée"
SILENCE: Final = "ne savent pas ou ne souhaitent pas répondre"
SEMICOLON: Final = "\u202f; "
EXPERIENCE: Final = "experience_5y"
YES: Final = ("souvent", "parfois")


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """What is estimated, before any design: a column over the respondents.

    Parameters
    ----------
    indicator, concept, answer, label, base, note
        As in ``ESTIMATE_COLUMNS``.
    marks
        1 where the figure holds, 0 where it does not, NaN outside its base.
    bounded
        Whether the note gives the figure with the unknown answers counted as "yes".
    local
        Whether it is also estimated by QPV and by group.
    """

    indicator: str
    concept: str
    answer: str
    label: str
    base: str
    note: str
    marks: Floats = field(repr=False)
    bounded: bool = False
    local: bool = True


@dataclass(frozen=True, slots=True)
class Gate:
    """Whom a question is about: those who gave one of these answers to another one.

    Parameters
    ----------
    concept, codes
        The other question and its answers.
    answer
        Row of the other question whose count is the size of this base.
    people
        French description of the base.
    """

    concept: str
    codes: tuple[str, ...]
    answer: str
    people: str


@dataclass(frozen=True, slots=True)
class Question:
    """How a question of the model becomes figures.

    Parameters
    ----------
    indicator, concept
        Identifiers.
    phrase
        French predicate of one answer; ``{answer}`` and ``{period}`` are filled in.
    gate
        Whom it is about, ``None`` for everybody.
    of_all
        Whether shares of all are given beside those of the people concerned.
    groups
        Answer code of a grouping to its codes and its predicate (one answer), so that it can be told at once.
    any_phrase, none_phrase
        Predicates of "at least one answer" and of "none of them" of a list; empty where it has no such answer.
    bounded
        Grouping or answer printed with its upper bound.
    """

    indicator: str
    concept: str
    phrase: str
    gate: Gate | None = None
    of_all: bool = False
    groups: Mapping[str, tuple[tuple[str, ...], str]] = field(default_factory=lambda: MappingProxyType({}))
    any_phrase: str = ""
    none_phrase: str = ""
    bounded: str = ""

    def label(self, reading: Reading, phrase: str, answer: str = "") -> str:
        """Fill a predicate in."""
        words = phrase.format(answer=answer, period=reading.period(self.concept))
        return typographic(" ".join(words.split()))


@dataclass(frozen=True, slots=True, eq=False)
class Bases:
    """Who answers for a question.

    Parameters
    ----------
    base, people
        ``concerned`` or ``all``, and their description in French.
    concerned
        Those it is about and who reacted to it.
    everybody
        Those who count in a share of all, ``None`` when none is given: the concerned, and those who said that they
        are not.
    unknown
        Those whose answer is not known; among ``everybody`` also those who may be concerned or not.
    """

    base: str
    people: str
    concerned: Mask
    everybody: Mask | None
    unknown: Mask

    def each(self) -> Iterator[tuple[str, Mask]]:
        """Give each base and who is in it."""
        yield self.base, self.concerned
        if self.everybody is not None:
            yield ALL, self.everybody


def bases(reading: Reading, question: Question) -> Bases:
    """Find who answers for a question, with the filter of the model or without it."""
    valid, unknown = reading.valid(question.concept), reading.unknown(question.concept)
    gate = question.gate
    if gate is None:
        return Bases(ALL, EVERYBODY, valid, None, unknown)
    if not reading.has(gate.concept):
        return Bases(CONCERNED if reading.filtered(question.concept) else ALL, ASKED, valid, None, unknown)
    about, asked = reading.chosen(gate.concept, gate.codes), reading.valid(gate.concept)
    concerned = about & valid
    everybody = concerned | (asked & ~about) if question.of_all else None
    hidden = (concerned & unknown) | (asked & ~about & reading.unknown(gate.concept))
    return Bases(CONCERNED, gate.people, concerned, everybody, hidden)


def single(reading: Reading, question: Question) -> Iterator[Item]:
    """Give the figures of a question with one answer: groupings, answers, no answer."""
    if not reading.has(question.concept):
        return
    who = bases(reading, question)
    for code, (codes, phrase) in question.groups.items():
        label = question.label(reading, phrase)
        yield from _each(question, code, label, who=who, mask=reading.chosen(question.concept, codes))
    for option in reading.options(question.concept):
        if option.code in question.groups:
            continue
        label = question.label(reading, question.phrase, option.label)
        chosen = reading.chosen(question.concept, (option.code,))
        yield from _each(question, option.code, label, who=who, mask=chosen)
    yield from _silence(question, who)


def listed(reading: Reading, question: Question) -> Iterator[Item]:
    """Give the figures of a list: at least one answer, each answer, no answer."""
    if not reading.has(question.concept):
        return
    who, options = bases(reading, question), reading.options(question.concept)
    if question.any_phrase:
        codes = tuple(option.code for option in options if option.role is not Role.NONE)
        label = question.label(reading, question.any_phrase)
        yield from _each(question, ANY, label, who=who, mask=reading.chosen(question.concept, codes))
    for option in options:
        none = option.role is Role.NONE
        phrase = question.none_phrase if none and question.none_phrase else question.phrase
        label = question.label(reading, phrase, option.label)
        ticked = reading.ticked(question.concept, option.code)
        silent = reading.unsaid(question.concept, option.code)
        yield from _each(question, option.code, label, who=who, mask=ticked, silent=silent, several=not none)
    yield from _silence(question, who)


def _silence(question: Question, who: Bases) -> Iterator[Item]:
    for base, inside in who.each():
        yield make_item(question, NO_ANSWER, SILENCE, who=who, base=base, mask=who.unknown, inside=inside)


def _each(
    question: Question, answer: str, label: str, *, who: Bases, mask: Mask, silent: Mask | None = None,
    several: bool = False,
) -> Iterator[Item]:  # fmt: skip
    for base, inside in who.each():
        known = inside if silent is None else inside & ~(silent & who.concerned)
        yield make_item(
            question, answer, label, who=who, base=base, mask=mask & who.concerned, inside=known, several=several
        )


def make_item(
    question: Question, answer: str, label: str, *, who: Bases, mask: Mask, base: str = "",
    inside: Mask | None = None, several: bool = False, local: bool = True, note: str = "",
) -> Item:  # fmt: skip
    """Lay one figure out as a column, with the note that says its base: those concerned, unless told."""
    base = base or who.base
    inside = who.concerned if inside is None else inside
    people = who.people if base == who.base else EVERYBODY
    parts = [f"base\u00a0: {people}", SEVERAL if several else "", note]
    told = typographic(SEMICOLON.join(filter(None, parts)))
    return Item(
        question.indicator, question.concept, answer, label, base, told,
        np.where(inside, mask.astype(np.float64), np.nan), bounded=question.bounded == answer, local=local,
    )  # fmt: skip
