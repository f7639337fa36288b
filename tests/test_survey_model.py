"""The canonical model holds together: every reference inside it resolves, and the law is not overstated."""

import re

import pytest

from diagnostic.survey_model import (
    Kind,
    Role,
    Sensitivity,
    age_group,
    author_scale,
    concept_keys,
    concepts,
    criteria,
    domain_codes,
    motive_criteria,
    option_lists,
)
from diagnostic.survey_model.tables import rows

CONCEPTS = list(concepts().values())


def test_the_list_of_criteria_has_its_29_entries_and_no_working_mark():
    assert len(criteria()) == 29
    for row in rows("criteria.csv"):
        text = " ".join(row.values())
        assert not re.search(r"\[[SMDI]\d*\]|\bS\d{2}\b", text), row["slug"]


def test_corrections_of_the_list_are_in():
    assert "L1132-1" in criteria()["lanceur_alerte"].texts
    assert criteria()["mandat_electif"].label == "exercice d’un mandat électif"
    assert not criteria()["mandat_electif"].printable


def test_what_was_not_read_is_empty_and_says_so():
    for entry in criteria().values():
        assert entry.to_check or (entry.since and entry.added_by), entry.slug


def test_domains_are_the_sixteen_stable_codes():
    expected = [
        "emploi_prive", "emploi_public", "stage_formation", "logement_social", "logement_prive", "education",
        "sante", "services_publics", "protection_sociale", "banque_assurance", "commerces_loisirs",
        "transports_espace_public", "police_gendarmerie", "justice", "vie_associative_sport_culture", "numerique",
    ]  # fmt: skip
    assert list(domain_codes()) == expected


def test_every_situation_belongs_to_a_domain():
    situations = [option for option in option_lists()["situations"] if option.role is Role.ANSWER]
    assert [option.extra for option in situations] == [(code,) for code in domain_codes()]


def test_motives_are_about_twelve_and_map_to_legal_slugs():
    motives = [option.code for option in option_lists()["motifs"] if option.role is Role.ANSWER]
    assert len(motives) == 12
    assert "couleur_peau" in motives
    for motive in motives:
        assert motive_criteria(motive)
        assert set(motive_criteria(motive)) <= set(criteria())
    reached = [slug for motive in motives for slug in motive_criteria(motive)]
    assert len(reached) > len(set(reached)), "the mapping is many-to-many"


def test_opinions_and_unions_are_no_motive_to_tick():
    reached = {slug for option in option_lists()["motifs"] for slug in option.extra}
    assert not reached & {"opinions_politiques", "activites_syndicales", "opinions_philosophiques"}


def test_authors_carry_the_three_scales():
    scales = [str(author_scale(code)) for code in ("personne", "organisation", "regle")]
    assert scales == ["micro", "meso", "macro"]
    assert author_scale("nsp") is None


@pytest.mark.parametrize("concept", CONCEPTS, ids=lambda concept: concept.code)
def test_a_concept_is_complete(concept):
    assert concept.label
    assert concept.wording
    assert bool(concept.options) == (concept.kind is not Kind.PLACE)
    assert concept.kit in {"always", "optional", "dwelling", "modes"}
    assert all(re.fullmatch(r"PER\d\d", name) for name in concept.indicators)
    assert re.fullmatch(r"[a-z][a-z0-9]{0,19}", concept.title), "LimeSurvey takes twenty letters and digits"
    if concept.asked_if:
        before = list(concepts())[: list(concepts()).index(concept.code)]
        assert concept.asked_if.concept in before
        known = {option.code for option in concepts()[concept.asked_if.concept].options}
        assert set(concept.asked_if.codes) <= known


@pytest.mark.parametrize("name", list(option_lists()))
def test_options_have_unique_codes_that_platforms_accept(name):
    options = option_lists()[name]
    for attribute in ("code", "short", "label"):
        values = [getattr(option, attribute) for option in options]
        assert len(values) == len(set(values)), attribute
    assert all(re.fullmatch(r"[A-Z0-9]{1,5}", option.short) for option in options)


def test_every_indicator_of_the_list_is_served():
    served = {name for concept in CONCEPTS for name in concept.indicators}
    assert served == {f"PER{number:02d}" for number in range(1, 23)}


def test_titles_and_keys_are_unique():
    assert len(concept_keys()) == len(concepts())
    assert len({concept.title for concept in CONCEPTS}) == len(CONCEPTS)


def test_the_first_question_is_the_age_of_majority_and_situations_precede_the_word():
    assert CONCEPTS[0].code == "adult"
    for concept in CONCEPTS[: list(concepts()).index("experience_5y")]:
        assert "discrimin" not in f"{concept.wording} {concept.hint}".casefold()
        assert all("discrimin" not in option.label.casefold() for option in concept.options)


def test_characteristics_that_the_law_protects_are_off_by_default():
    sensitive = [concept for concept in CONCEPTS if concept.sensitivity is Sensitivity.SENSITIVE]
    assert {concept.code for concept in sensitive} == {"nationality", "birthplace", "parents_birthplace"}
    for concept in sensitive:
        assert concept.kit == "optional"
        assert any(option.role is Role.REFUSED for option in concept.options)


@pytest.mark.parametrize(("years", "group"), [(17, None), (18, "18_24"), (59, "40_59"), (121, None)])
def test_age_groups(years, group):
    assert age_group(years) == group


def test_unknown_option():
    with pytest.raises(KeyError):
        concepts()["sex"].option("inconnu")
    assert concepts()["sex"].option("femme").short == "F"
