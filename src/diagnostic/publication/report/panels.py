"""Which answers of the survey go on which figure, in the order of the questionnaire."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ALL: Final = "all"
CONCERNED: Final = "concerned"
ANY: Final = "au_moins_une"

EVERYBODY: Final = "parmi l’ensemble des {people}"
DECLARING: Final = "parmi les {people} déclarant une discrimination"
RECENT: Final = "parmi les {people} déclarant une discrimination depuis douze mois"
IDLE: Final = "parmi les {people} n’ayant engagé aucune démarche"
ACTIVE: Final = "parmi les {people} ayant engagé une démarche"
WITNESSES: Final = "parmi les {people} témoins d’une discrimination"


@dataclass(frozen=True, slots=True)
class Line:
    """Estimates of one concept and one base: one series of a section.

    Parameters
    ----------
    concept, base
        As in the estimates.
    among
        Words of the base; ``{people}`` are the persons asked, or the respondents when they were not drawn.
    only, but
        Answers kept, all by default; answers left out. An answer kept by its name is named by what is estimated.
    indicator
        Where one concept serves several indicators.
    """

    concept: str
    base: str = ALL
    among: str = EVERYBODY
    only: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    indicator: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under one title."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """A figure.

    Parameters
    ----------
    name
        Of its file.
    subtitle
        What is asked.
    sections
        From top to bottom.
    message
        The answer that makes the title: concept, answer, base; without it, or where it is hidden, the answers
        cited most, as far as their intervals tell them apart.
    """

    name: str
    subtitle: str
    sections: tuple[Section, ...]
    message: tuple[str, str, str] | None = None


def _both(concept: str, indicator: str = "") -> tuple[Line, Line]:
    """State the base twice: those concerned, and all."""
    return (Line(concept, CONCERNED, DECLARING, indicator=indicator), Line(concept, indicator=indicator))


PREVALENCE: Final = Panel(
    "declarations", "Situations concrètes, puis question directe sur les discriminations", (
        Section("Situations concrètes citées", (Line("situations", only=(ANY,)),)),
        Section("Situations citées et mot « discrimination »", (
            Line("situations*experience_5y", but=("ni_l_un_ni_l_autre",)),
        )),
        Section("Question directe sur les discriminations", (Line("experience_5y"),)),
        Section("Dans la période la plus récente", (Line("experience_12m", only=("oui",)),)),
        Section("Combien de fois, dans la période la plus récente", (Line("frequency", CONCERNED, RECENT),)),
    ), message=("experience_5y", "oui", ALL),
)  # fmt: skip
MOTIVES: Final = Panel("motifs", "Motifs ressentis, selon les personnes elles-mêmes", (
    Section("Motifs cités", _both("motives", "PER05")),
    Section("Motifs cités pour le fait le plus récent", _both("event_motives", "PER05")),
    Section("Nombre de motifs", (
        Line("motives*motives", CONCERNED, DECLARING, only=("un_seul", "plusieurs", "sans_reponse")),
    )),
))  # fmt: skip
DOMAINS: Final = Panel("domaines", "Domaines de la vie où elles situent les faits", (
    Section("Domaines cités", _both("domains")),
))  # fmt: skip
AUTHORS: Final = Panel("auteurs", "Fait le plus récent : d’où il venait, et sa forme", (
    Section("D’où cela venait, selon elles", (Line("event_authors", CONCERNED, DECLARING),)),
    Section("Forme du fait", (Line("event_forms", CONCERNED, DECLARING),)),
))  # fmt: skip
CONSEQUENCES: Final = Panel("consequences", "Conséquences déclarées, et renoncements par anticipation", (
    Section("Conséquences des faits déclarés", (Line("consequences", CONCERNED, DECLARING),)),
    Section("Renoncer parce que l’on pense que ce sera non", (Line("renouncements"),)),
), message=("renouncements", ANY, ALL))  # fmt: skip
STEPS: Final = Panel("demarches", "Après le fait le plus récent : démarches, raisons, issue", (
    Section("Démarches engagées", (Line("steps", CONCERNED, DECLARING),)),
    Section("Raisons de n’avoir engagé aucune démarche", (Line("no_step_reasons", CONCERNED, IDLE),)),
    Section("Issue de la démarche", (Line("step_outcome", CONCERNED, ACTIVE),)),
), message=("steps", ANY, CONCERNED))  # fmt: skip
WITNESS: Final = Panel("temoins", "Avoir vu une discrimination envers une autre personne", (
    Section("Témoins", (Line("witness"),)),
    Section("Réaction des témoins", (Line("witness_reactions", CONCERNED, WITNESSES),)),
), message=("witness", "oui", ALL))  # fmt: skip
RIGHTS: Final = Panel("droits", "Savoir que la loi punit, savoir qui peut aider", (
    Section("Discriminer est-il puni par la loi ?", (Line("law_knowledge"),)),
    Section("Qui peut aider, à qui s’adresser", (
        Line("known_actors", among="« peut aider », " + EVERYBODY, but=(ANY,)),
        Line("trusted_actors", among="« je m’y adresserais », " + EVERYBODY, but=(ANY,)),
    )),
), message=("law_knowledge", "oui", ALL))  # fmt: skip
EXPECTATIONS: Final = Panel("attentes", "Image du quartier, et par quoi commencer", (
    Section("L’image de mon quartier me dessert", (Line("stigma"),)),
    Section("Priorités choisies", (Line("expectations"),)),
), message=("stigma", "accord", ALL))  # fmt: skip

# File of textes/ to the figures of its section, in the order of the chapter.
CHAPTER: Final = {
    "ressenti_prevalence": (PREVALENCE,), "ressenti_motifs": (MOTIVES,),
    "ressenti_domaines": (DOMAINS, AUTHORS), "ressenti_consequences": (CONSEQUENCES,),
    "ressenti_recours": (STEPS,), "ressenti_temoins": (WITNESS,), "ressenti_droits": (RIGHTS,),
    "ressenti_attentes": (EXPECTATIONS,),
}  # fmt: skip
