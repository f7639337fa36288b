"""What the exposed respondents say: how often, because of what, where, by whom, and what they did of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from diagnostic.demo.survey.draws import pick, tick

if TYPE_CHECKING:
    import numpy as np

    from diagnostic.demo.survey.draws import Answer
    from diagnostic.demo.survey.people import Person

_FREQUENCIES: Final = {"souvent": 0.20, "parfois": 0.44, "rarement": 0.20, "une_fois": 0.12, "nsp": 0.04}
_FORMS: Final = {"refus_droit": 0.30, "moins_bon": 0.42, "regle": 0.10, "propos": 0.28, "harcelement": 0.08}
_AUTHORS: Final = {"personne": 0.64, "organisation": 0.30, "regle": 0.08}
_DESK_AUTHORS: Final = {"personne": 0.35, "organisation": 0.60, "regle": 0.24}
_DESKS: Final = frozenset({"logement_social", "services_publics", "protection_sociale", "education"})
_HIRING: Final = frozenset({"emploi_prive", "emploi_public", "stage_formation", "logement_prive"})
_STEPS: Final = {
    "entourage": 0.42, "sur_place": 0.34, "syndicat": 0.07, "association": 0.20, "defenseur": 0.10,
    "plainte": 0.15, "point_justice": 0.10, "elu": 0.14, "autre": 0.04,
}  # fmt: skip
_REASONS: Final = {
    "inutile": 0.46, "pas_su": 0.37, "peur": 0.25, "pas_conscience": 0.20, "pas_preuve": 0.23, "trop_long": 0.18,
    "pas_grave": 0.12, "autre": 0.03,
}  # fmt: skip
_OUTCOMES: Final = {
    "aboutie": 0.15, "en_cours": 0.18, "sans_suite": 0.50, "pire": 0.09, "autre": 0.05, "nsp": 0.03,
}  # fmt: skip
_CONSEQUENCES: Final = {
    "sante": 0.27, "estime": 0.35, "emploi": 0.20, "renoncement": 0.24, "mobilite": 0.12, "colere": 0.48,
    "retrait": 0.15, "autre": 0.03,
}  # fmt: skip
_UNHARMED: Final = 0.14


def experience(rng: np.random.Generator, person: Person) -> dict[str, Answer]:
    """Answer the questions on discrimination, those that will not be put included.

    Parameters
    ----------
    rng
        Source of every random number.
    person
        Who answers; one who was not exposed answers the first question only.
    """
    if not person.exposed:
        return {"experience_5y": pick(rng, {"jamais": 0.955, "nsp": 0.028, "refus": 0.017})}
    motives = tick(rng, _motives(person))
    domains = tick(rng, _domains(person))
    return {
        "experience_5y": pick(rng, {"souvent": 0.27, "parfois": 0.73}),
        "experience_12m": pick(rng, {"oui": 0.54, "non": 0.41, "nsp": 0.05}),
        "frequency": pick(rng, _FREQUENCIES),
        "motives": motives,
        "domains": domains,
        **_event(rng, motives, domains=domains),
        **_recourse(rng, person),
    }


def _motives(person: Person) -> dict[str, float]:
    """Give the chance of each motive: what others see, sex, age, activity and quarter shape it."""
    seen, woman, old = person.seen_foreign, person.sex == "femme", person.age == "60_plus"
    return {
        "origine": 0.56 if seen else 0.04,
        "couleur_peau": 0.40 if seen else 0.01,
        "nom_langue": 0.36 if seen else 0.05,
        "religion": 0.27 if seen else 0.03,
        "sexe": 0.38 if woman else 0.03,
        "famille": (0.16 if person.age == "25_39" else 0.06) if woman else 0.02,
        "orientation_genre": 0.03,
        "age": {"18_24": 0.27, "60_plus": 0.20}.get(person.age, 0.07),
        "sante_handicap": 0.22 if old else 0.07,
        "apparence": 0.09,
        "quartier": 0.10 + 0.38 * person.group.stigma,
        "argent": 0.24 if person.activity == "chomage" else 0.11,
        "autre": 0.03,
    }


def _domains(person: Person) -> dict[str, float]:
    """Give the chance of each domain: age, sex and activity shape it."""
    young, woman, old = person.age == "18_24", person.sex == "femme", person.age == "60_plus"
    work = 0.06 if old else 0.40 if person.activity in {"emploi", "chomage"} else 0.20
    return {
        "emploi_prive": work,
        "emploi_public": 0.3 * work,
        "stage_formation": 0.32 if young else 0.05,
        "logement_social": 0.19,
        "logement_prive": 0.14,
        "education": 0.16 if young else 0.09,
        "sante": 0.15 if woman or old else 0.07,
        "services_publics": 0.17,
        "protection_sociale": 0.15,
        "banque_assurance": 0.07,
        "commerces_loisirs": 0.18 if young else 0.12,
        "transports_espace_public": 0.24 if young else 0.15,
        "police_gendarmerie": 0.04 if woman or old else 0.30 if young else 0.18,
        "justice": 0.02,
        "vie_associative_sport_culture": 0.04,
        "numerique": 0.08 if young else 0.03,
        "autre": 0.02,
    }


def _event(rng: np.random.Generator, motives: frozenset[str], *, domains: frozenset[str]) -> dict[str, Answer]:
    """Tell the most recent fact: one of the domains, some of the motives."""
    domain = pick(rng, dict.fromkeys(sorted(domains), 1.0))
    forms = _FORMS | ({"refus_droit": 0.62} if domain in _HIRING else {})
    forms |= {"controle": 0.80} if domain == "police_gendarmerie" else {"controle": 0.04}
    return {
        "event_domain": domain,
        "event_motives": tick(rng, dict.fromkeys(sorted(motives), 0.7)),
        "event_forms": tick(rng, forms | {"autre": 0.02}),
        "event_authors": tick(rng, _DESK_AUTHORS if domain in _DESKS else _AUTHORS),
    }


def _recourse(rng: np.random.Generator, person: Person) -> dict[str, Answer]:
    """Tell what was undertaken, or why nothing was, and what it left."""
    unharmed = rng.random() < _UNHARMED
    return {
        "steps": frozenset({"aucune"}) if person.no_step else tick(rng, _STEPS),
        "no_step_reasons": tick(rng, _REASONS),
        "step_outcome": pick(rng, _OUTCOMES),
        "consequences": frozenset({"aucune"}) if unharmed else tick(rng, _CONSEQUENCES),
    }
