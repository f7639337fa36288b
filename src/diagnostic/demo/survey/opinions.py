"""What every respondent says: situations lived, giving up, witnesses, rights, the quarter, the profile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from diagnostic.demo.survey.draws import pick, tick

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

    from diagnostic.demo.survey.draws import Answer
    from diagnostic.demo.survey.people import Person

_LIVED: Final = {
    "emploi_prive": 0.26, "emploi_public": 0.06, "stage_formation": 0.10, "logement_social": 0.20,
    "logement_prive": 0.10, "education": 0.08, "sante": 0.10, "services_publics": 0.22, "protection_sociale": 0.20,
    "banque_assurance": 0.08, "commerces_loisirs": 0.10, "transports_espace_public": 0.14,
    "police_gendarmerie": 0.08, "justice": 0.01, "vie_associative_sport_culture": 0.02, "numerique": 0.04,
}  # fmt: skip
_GIVEN_UP: Final = {
    "emploi": 0.44, "formation": 0.16, "logement": 0.26, "soins": 0.18, "demarche": 0.26, "plainte": 0.20,
    "sortie": 0.18, "autre": 0.02,
}  # fmt: skip
_REACTIONS: Final = {"intervenu": 0.34, "soutenu": 0.40, "signale": 0.09, "autre": 0.02}
_KNOWN: Final = {
    "defenseur": 0.27, "point_justice": 0.24, "association": 0.34, "syndicat": 0.18, "mission_locale": 0.16,
    "mairie": 0.26, "police": 0.36, "entourage": 0.14, "autre": 0.01,
}  # fmt: skip
_TRUSTED: Final = {
    "defenseur": 0.18, "point_justice": 0.16, "association": 0.33, "syndicat": 0.10, "mission_locale": 0.08,
    "mairie": 0.20, "police": 0.17, "entourage": 0.44, "autre": 0.01,
}  # fmt: skip
_WISHES: Final = {
    "informer": 0.32, "permanence": 0.30, "accompagner": 0.37, "former": 0.26, "regles": 0.22, "controler": 0.28,
    "emploi": 0.42, "police": 0.18, "image": 0.30, "autre": 0.03,
}  # fmt: skip
_MOST_WISHES: Final = 3


def opinions(rng: np.random.Generator, person: Person) -> dict[str, Answer]:
    """Answer the questions put to everybody, and those that follow from them.

    Parameters
    ----------
    rng
        Source of every random number.
    person
        Who answers; one who was exposed gives up, and witnesses, more often.
    """
    exposed = person.exposed
    witness = 0.54 if exposed else 0.23
    law = 0.74 if person.diploma in {"bac", "superieur"} else 0.60
    return {
        "situations": _unless(rng, 0.08 if exposed else 0.80, _LIVED, none="aucune"),
        "renouncements": _unless(rng, 0.46 if exposed else 0.84, _GIVEN_UP, none="aucun"),
        "witness": pick(rng, {"oui": witness, "non": 0.96 - witness, "nsp": 0.04}),
        "witness_reactions": _unless(rng, 0.36, _REACTIONS, none="rien"),
        "law_knowledge": pick(rng, {"oui": law, "non": 0.82 - law, "nsp": 0.18}),
        "known_actors": _unless(rng, 0.24 if person.diploma == "aucun_brevet" else 0.13, _KNOWN, none="aucun"),
        "trusted_actors": _unless(rng, 0.20 if exposed else 0.13, _TRUSTED, none="aucun"),
        "stigma": _agreement(rng, person.group.stigma + (0.10 if exposed else -0.03)),
        "expectations": _wishes(rng),
    }


def profile(person: Person) -> dict[str, Answer]:
    """Answer the questions on oneself.

    Parameters
    ----------
    person
        Who answers.
    """
    return {
        "sex": person.sex,
        "age_group": person.age,
        "education": person.diploma,
        "activity": person.activity,
        "mode": person.mode,
    }


def _unless(rng: np.random.Generator, absent: float, chances: Mapping[str, float], *, none: str) -> frozenset[str]:
    """Tick "none of them" with a chance, else some of them."""
    return frozenset({none}) if rng.random() < absent else tick(rng, chances)


def _agreement(rng: np.random.Generator, share: float) -> str:
    rest = 0.95 - share
    weights = {"tout_a_fait": 0.45 * share, "plutot": 0.55 * share, "plutot_pas": 0.55 * rest}
    return pick(rng, weights | {"pas_du_tout": 0.45 * rest, "nsp": 0.05})


def _wishes(rng: np.random.Generator) -> frozenset[str]:
    wanted = sorted(tick(rng, _WISHES))
    return frozenset(wanted[rank] for rank in rng.permutation(len(wanted))[:_MOST_WISHES])
