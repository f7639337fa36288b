"""The figures of the survey, PER01 to PER21: adding one touches this file only.

Each function takes the answers and gives what is to be estimated; a question that the survey does not have gives
nothing. PER22 (quality) is counted in :mod:`diagnostic.analysis.perception.estimation` and told by the card.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np

from diagnostic.analysis.perception.items import (
    EXPERIENCE,
    NO_ANSWER,
    SILENCE,
    YES,
    Gate,
    Item,
    Question,
    bases,
    listed,
    make_item,
    single,
)
from diagnostic.formatting import typographic
from diagnostic.survey_model import Kind, Role, author_scale, concepts
from diagnostic.vocabulary import SCALE_LABELS, Scale

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from diagnostic.analysis.perception.reading import Reading

CONCERNED: Final = Gate(EXPERIENCE, YES, "oui", "personnes déclarant avoir vécu une discrimination")
RECENT: Final = Gate("experience_12m", ("oui",), "oui", "personnes en déclarant au cours des douze derniers mois")
IDLE: Final = Gate("steps", ("aucune",), "aucune", "personnes concernées qui n’ont rien engagé")
ACTIVE: Final = Gate(
    "steps",
    ("entourage", "sur_place", "syndicat", "association", "defenseur", "plainte", "point_justice", "elu", "autre"),
    "au_moins_une",
    "personnes concernées qui ont engagé une démarche",
)
WITNESSES: Final = Gate("witness", ("oui",), "oui", "personnes témoins")

SITUATIONS_BY_WORD: Final = "situations*experience_5y"
CUMULATION: Final = "motives*motives"
EVENT: Final = "event_domain*event_motives"
PAIRS_SHOWN: Final = 5
NEIGHBOURHOOD: Final = "quartier"

QUESTIONS: Final = (
    Question(
        "PER01", EXPERIENCE, "répondent « {answer} » à la question sur les discriminations {period}",
        groups={"oui": (YES, "déclarent avoir vécu des discriminations {period}")}, bounded="oui",
    ),
    Question(
        "PER02", "experience_12m", "répondent « {answer} » à la question sur les discriminations {period}",
        gate=CONCERNED, of_all=True, bounded="oui",
        groups={"oui": (("oui",), "déclarent avoir vécu des discriminations {period}")},
    ),
    Question(
        "PER03", "situations", "citent la situation « {answer} » {period}",
        any_phrase="citent au moins une situation concrète {period}, avec ou sans le mot « discrimination »",
        none_phrase="ne citent aucune situation de la liste {period}",
    ),
    Question("PER04", "frequency", "en déclarent « {answer} » {period}", gate=RECENT),
    Question("PER05", "motives", "citent le motif « {answer} »", gate=CONCERNED, of_all=True),
    Question("PER08", "domains", "citent le domaine « {answer} »", gate=CONCERNED, of_all=True),
    Question("PER08", "event_domain", "situent le fait le plus récent dans « {answer} »", gate=CONCERNED),
    Question("PER10", "event_forms", "décrivent le fait le plus récent comme « {answer} »", gate=CONCERNED),
    Question("PER11", "consequences", "citent la conséquence « {answer} »", gate=CONCERNED,
             any_phrase="citent au moins une conséquence", none_phrase="ne citent aucune conséquence"),
    Question("PER12", "renouncements", "ont renoncé par anticipation, {period} : « {answer} »",
             any_phrase="ont renoncé à quelque chose {period} en pensant que ce serait non",
             none_phrase="n’ont renoncé à rien par anticipation {period}"),
    Question("PER13", "steps", "ont répondu « {answer} » après le fait le plus récent", gate=CONCERNED,
             any_phrase="ont engagé au moins une démarche après le fait le plus récent",
             none_phrase="n’ont engagé aucune démarche après le fait le plus récent", bounded="aucune"),
    Question("PER14", "no_step_reasons", "n’ont rien engagé et en donnent la raison « {answer} »", gate=IDLE),
    Question("PER15", "step_outcome", "disent de leur démarche « {answer} »", gate=ACTIVE),
    Question("PER16", "law_knowledge", "répondent « {answer} » à « discriminer est-il puni par la loi »",
             groups={"oui": (("oui",), "savent que discriminer est puni par la loi")}, bounded="oui"),
    Question("PER16", "known_criteria", "reconnaissent comme interdit par la loi le motif « {answer} »"),
    Question("PER17", "known_actors", "citent comme pouvant aider : « {answer} »",
             any_phrase="citent au moins un acteur qui peut aider",
             none_phrase="ne citent aucun acteur qui puisse aider"),
    Question("PER18", "trusted_actors", "s’adresseraient à : « {answer} »",
             any_phrase="s’adresseraient à au moins un acteur",
             none_phrase="ne s’adresseraient à personne"),
    Question("PER19", "witness", "répondent « {answer} » à la question sur les discriminations vues {period}",
             groups={"oui": (("oui",), "ont été témoins d’une discrimination {period}")}, bounded="oui"),
    Question("PER19", "witness_motives", "ont vu une discrimination pour le motif « {answer} »", gate=WITNESSES),
    Question("PER19", "witness_reactions", "ont réagi ainsi : « {answer} »", gate=WITNESSES,
             any_phrase="ont réagi quand c’est arrivé",
             none_phrase="n’ont rien fait quand c’est arrivé"),
    Question("PER20", "stigma", "répondent « {answer} » à « l’image de mon quartier me dessert »", groups={
        "accord": (("tout_a_fait", "plutot"), "trouvent que l’image de leur quartier les dessert"),
        "desaccord": (("plutot_pas", "pas_du_tout"), "ne trouvent pas que l’image de leur quartier les dessert"),
    }),
    Question("PER21", "expectations", "mettent parmi leurs priorités « {answer} »"),
)  # fmt: skip
AUTHORS: Final = Question(
    "PER09", "event_authors", "attribuent le fait le plus récent à : {answer}", gate=CONCERNED
)


def plain(reading: Reading) -> Iterator[Item]:
    """Give the figures of every question taken by itself."""
    for question in QUESTIONS:
        kind = single if concepts()[question.concept].kind is Kind.SINGLE else listed
        yield from kind(reading, question)
    if not reading.has("motives"):
        yield from listed(reading, Question("PER05", "event_motives", motive_phrase(), CONCERNED, of_all=True))


def motive_phrase() -> str:
    """Give the predicate of a motive when only the most recent event was asked about."""
    return "citent, {period}, le motif « {answer} »"


def situations_and_word(reading: Reading) -> Iterator[Item]:
    """Cross "at least one situation" with the direct question: how many describe without naming (PER03)."""
    if not (reading.has("situations") and reading.has(EXPERIENCE)):
        return
    codes = [option.code for option in reading.options("situations") if option.role is not Role.NONE]
    cited, named = reading.chosen("situations", codes), reading.chosen(EXPERIENCE, YES)
    who = bases(reading, Question("PER03", "situations", ""))
    inside = who.concerned & reading.valid(EXPERIENCE)
    question = Question("PER03", SITUATIONS_BY_WORD, "")
    for answer, mask, label in (
        ("situation_et_oui", cited & named, "citent une situation concrète et parlent de discrimination"),
        ("situation_sans_oui", cited & ~named, "citent une situation concrète sans parler de discrimination"),
        ("oui_sans_situation", ~cited & named, "parlent de discrimination sans citer de situation de la liste"),
        ("ni_l_un_ni_l_autre", ~cited & ~named, "ne citent ni situation ni discrimination"),
    ):
        yield make_item(question, answer, label, who=who, mask=mask, inside=inside)


def cumulation(reading: Reading) -> Iterator[Item]:
    """Give the number of motives cited, and the pairs cited most by the same people (PER06)."""
    concept = "motives" if reading.has("motives") else "event_motives"
    if not reading.has(concept):
        return
    question, who = Question("PER06", CUMULATION, ""), bases(reading, Question("PER06", concept, "", CONCERNED))
    options = {option.code: option.label for option in reading.options(concept)}
    ticks = {code: reading.ticked(concept, code) & who.concerned for code in options}
    number = sum((mask.astype(int) for mask in ticks.values()), start=np.zeros(len(reading), dtype=int))
    for answer, mask, label in (
        ("un_seul", number == 1, "citent un seul motif"),
        ("plusieurs", number > 1, "citent deux motifs ou plus"),
        (NO_ANSWER, number == 0, "ne citent aucun motif"),
    ):
        yield make_item(question, answer, label, who=who, mask=mask)
    pairs = sorted(combinations(ticks, 2), key=lambda pair: -int((ticks[pair[0]] & ticks[pair[1]]).sum()))
    for first, second in pairs[:PAIRS_SHOWN]:
        label = typographic(f"citent à la fois « {options[first]} » et « {options[second]} »")
        yield make_item(
            question, f"{first}+{second}", label, who=who, mask=ticks[first] & ticks[second], local=False,
            note="co-mention\u00a0: cités par les mêmes personnes, rien ne dit qu’ils sont liés",
        )  # fmt: skip


def neighbourhood(reading: Reading) -> Iterator[Item]:
    """Give the motive "the neighbourhood where you live" by itself (PER07)."""
    concept = "motives" if reading.has("motives") else "event_motives"
    question = Question("PER07", concept, motive_phrase(), gate=CONCERNED, of_all=True)
    label = "citent leur quartier parmi les motifs"
    for item in listed(reading, question):
        if item.answer == NEIGHBOURHOOD:
            yield replace(item, label=label)


def authors(reading: Reading) -> Iterator[Item]:
    """Give where the event came from: a person, an organisation, a rule (PER09)."""
    if not reading.has(AUTHORS.concept):
        return
    who, options = bases(reading, AUTHORS), reading.options(AUTHORS.concept)
    for scale in Scale:
        mine = [option for option in options if author_scale(option.code) is scale]
        if mine:
            words = " ou ".join(f"« {option.label} »" for option in mine)
            label = AUTHORS.label(reading, AUTHORS.phrase, f"{words} (niveau {SCALE_LABELS[scale]})")
            mask = reading.chosen(AUTHORS.concept, [option.code for option in mine])
            yield make_item(AUTHORS, str(scale), label, who=who, mask=mask, several=True)
    yield make_item(AUTHORS, NO_ANSWER, SILENCE, who=who, mask=who.unknown)


def formal_steps(reading: Reading) -> Iterator[Item]:
    """Tell steps beyond one's own circle from talking about it (PER13)."""
    question = Question("PER13", "steps", "", gate=CONCERNED)
    if not reading.has(question.concept):
        return
    who = bases(reading, question)
    formal = reading.chosen("steps", [code for code in ACTIVE.codes if code != "entourage"])
    near = reading.chosen("steps", ("entourage",)) & ~formal
    for answer, mask, label in (
        ("hors_entourage", formal, "ont engagé une démarche au-delà de leur entourage"),
        ("entourage_seul", near, "en ont seulement parlé à leur entourage"),
    ):
        yield make_item(question, answer, label, who=who, mask=mask)


def recognised_criteria(reading: Reading) -> Iterator[Item]:
    """Score the motives recognised as forbidden: half of those offered, or more (PER16)."""
    question = Question("PER16", "known_criteria", "")
    if not reading.has(question.concept):
        return
    offered = [option.code for option in reading.options(question.concept) if option.role is Role.ANSWER]
    score = sum(
        (reading.ticked(question.concept, code).astype(int) for code in offered),
        start=np.zeros(len(reading), dtype=int),
    )
    label = f"reconnaissent au moins la moitié des {len(offered)} motifs proposés"
    mask = 2 * score >= max(len(offered), 1)
    yield make_item(question, "moitie", label, who=bases(reading, question), mask=mask)


def recent_event(reading: Reading) -> Iterator[Item]:
    """Cross the domain and the motives of the most recent event, the only true crossing (PER08).

    Each share is of those whose most recent event took place in the domain.
    """
    if not (reading.events and reading.has("event_domain") and reading.has("event_motives")):
        return
    question, who = Question("PER08", EVENT, ""), bases(reading, Question("PER08", "event_motives", "", CONCERNED))
    motives = {option.code: option.label for option in reading.options("event_motives")}
    for option in reading.options("event_domain"):
        inside = who.concerned & reading.chosen("event_domain", (option.code,))
        for motive, name in motives.items():
            if (option.code, motive) in reading.events:
                label = f"citent le motif « {name} » parmi les faits situés dans « {option.label} »"
                yield make_item(
                    question, f"{option.code}|{motive}", typographic(label), who=who, local=False, inside=inside,
                    mask=reading.together(option.code, motive), note="fait le plus récent, situé dans ce domaine",
                )  # fmt: skip


FIGURES: Final[tuple[Callable[[Reading], Iterator[Item]], ...]] = (
    plain, situations_and_word, cumulation, neighbourhood, authors, formal_steps, recognised_criteria,
    recent_event,
)  # fmt: skip


def figures(reading: Reading) -> list[Item]:
    """Give all that the survey allows to estimate, in the order of the identifiers."""
    items = [item for function in FIGURES for item in function(reading)]
    return sorted(items, key=lambda item: item.indicator)
