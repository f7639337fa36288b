"""Non-recourse: what is lived and not reported. Orders of magnitude, never at the scale of a neighbourhood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from diagnostic.analysis.crossing import (
    NO_SURVEY,
    Material,
    Side,
    bounded,
    crossing,
    lacking,
    perceived,
    row,
)
from diagnostic.formatting import number

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDE: Final = ("departement", "region", "france")
RECORDED: Final = "réclamations et faits enregistrés sur douze mois, au même périmètre"
PROBABILITY: Final = "enquête aléatoire portant sur douze mois, au département ou au-dessus"
_ASK: Final = (
    "Au Défenseur des droits et au parquet : combien de réclamations et de plaintes, sur quel périmètre ?"
)


def representative(material: Material) -> bool:
    """Say whether the survey may be set against recorded facts: twelve months, drawn at random, wide enough."""
    return (
        material.identity is not None
        and material.identity.basis == "aleatoire"
        and material.perimeter in WIDE
        and perceived(material, "experience_12m", "oui") is not None
    )


def _absent(material: Material) -> list[str]:
    absent = [] if representative(material) else [PROBABILITY]
    return absent if material.recorded is not None and len(material.recorded) else [*absent, RECORDED]


def _recorded(material: Material) -> Side:
    total = 0.0 if material.recorded is None else float(material.recorded["count"].sum())
    return Side(total, total, total, RECORDED, "persons")


@crossing(
    id="CRO02", label="Indice de non-recours",
    formula="100 − part des personnes concernées qui ont engagé une démarche au-delà de leur entourage, en regard "
    "des réclamations et des plaintes enregistrées",
    says="La part de ce qui est vécu qui n’arrive à aucun guichet.",
    does_not_say="Que les faits non signalés auraient été reconnus comme des discriminations.",
    ask=_ASK,
)  # fmt: skip
def non_recourse(material: Material) -> Iterator[dict[str, object]]:
    """Give the share without any formal step, beside the recorded facts (CRO02)."""
    absent = _absent(material)
    steps = perceived(material, "steps", "hors_entourage", base="concerned")
    if absent or steps is None:
        yield lacking(*(absent or [f"{NO_SURVEY}, démarches engagées"]))
        return
    x = Side(100 - steps.value, 100 - steps.high, 100 - steps.low, "sans démarche au-delà de l’entourage",
             "percent")  # fmt: skip
    yield row(x, _recorded(material), level=material.perimeter,
              reading="Ordre de grandeur ; les réclamations mesurent le recours, pas les faits.")  # fmt: skip


@crossing(
    id="CRO03", label="Rapport entre ressenti et enregistré",
    formula="(part déclarant une discrimination sur douze mois × adultes) ÷ faits enregistrés",
    says="Combien de personnes déclarent un fait pour un fait enregistré : un ordre de grandeur.",
    does_not_say="Rien au quartier ; ni que chaque fait déclaré est une discrimination au sens de la loi.",
    ask=_ASK,
)  # fmt: skip
def declared_and_recorded(material: Material) -> Iterator[dict[str, object]]:
    """Estimate the people who declare a fact, beside the recorded facts (CRO03)."""
    absent = _absent(material)
    if material.adults is None:
        absent.append("population adulte du même périmètre")
    share = perceived(material, "experience_12m", "oui")
    if absent or share is None or material.adults is None:
        yield lacking(*absent)
        return
    people = material.adults / 100
    x = Side(share.value * people, share.low * people, share.high * people,
             "personnes déclarant une discrimination sur douze mois", "persons")  # fmt: skip
    y = _recorded(material)
    told = (
        f"De l’ordre de {number(x.low / y.value)} à {number(x.high / y.value)} personnes pour un fait enregistré."
        if y.value > 0 else "Aucun fait enregistré."
    )  # fmt: skip
    yield row(x, y, level=material.perimeter, reading=told)


@crossing(
    id="CRO05", label="Accès au droit et non-recours par méconnaissance",
    formula="minutes jusqu’au point d’accès au droit le plus proche (médiane des quartiers) × part de ceux qui "
    "n’ont rien engagé parce qu’ils ne savaient pas quoi faire (%)",
    says="Où ouvrir ou faire connaître une permanence.",
    does_not_say="La qualité de l’accueil ; la distance n’est pas la seule raison de ne pas savoir.",
    ask="Au conseil départemental de l’accès au droit : quelles permanences, quels horaires, quels publics ?",
)  # fmt: skip
def access_and_ignorance(material: Material) -> Iterator[dict[str, object]]:
    """Put travel time beside the share that did not know what to do (CRO05)."""
    y = perceived(material, "no_step_reasons", "pas_su", base="concerned")
    absent = [] if material.access is not None and len(material.access) else [
        "lieux d’accès au droit et délégués du Défenseur des droits, avec le temps de trajet"
    ]  # fmt: skip
    absent += [f"{NO_SURVEY}, raisons du non-recours"] if y is None else []
    if absent or y is None or material.access is None:
        yield lacking(*absent)
        return
    minutes = material.access["minutes"].astype(float)
    x = Side(float(minutes.median()), float(minutes.min()), float(minutes.max()),
             "minutes jusqu’au point d’accès au droit (du plus proche au plus loin)", "minutes")  # fmt: skip
    yield row(x, y, reading=bounded(material, "Deux mesures côte à côte, pour choisir où informer et où ouvrir."))
