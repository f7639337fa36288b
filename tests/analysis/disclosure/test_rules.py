import pandas as pd
import pytest

from diagnostic import attack, protect
from diagnostic.analysis.disclosure import (
    PROJECT,
    RULES,
    against_ledger,
    between_perimeters,
    find_rule,
    hide_derived,
    refuse_crossing,
    sensitive_cells,
    stack,
)
from diagnostic.errors import InputError, RefusedError


@pytest.fixture
def cells():
    return pd.DataFrame({"qpv": ["A", "B", "Ensemble"], "n": [4, 20, 24]})


def test_every_fault_is_told_at_once():
    cells = pd.DataFrame({"qpv": ["A", "A", "B", "Ensemble"], "n": [4, 4, -2, 30]})
    with pytest.raises(InputError) as caught:
        protect(cells, ["qpv"], threshold=11, hierarchies={"qpv": {"A": "X", "X": "A"}})
    told = str(caught.value)
    assert "deux lignes" in told
    assert "négatif" in told
    assert "boucle" in told
    assert len(caught.value.faults) == 3


def test_margins_that_do_not_add_up(cells):
    with pytest.raises(InputError, match=r"ne s'accorde pas.*Attendu\s: 25\. Trouvé\s: 24"):
        protect(cells.assign(n=[4, 20, 25]), ["qpv"], threshold=11)


@pytest.mark.parametrize(
    ("change", "options", "said"),
    [
        ({}, {}, "rien ne dit quelles cases masquer"),
        ({"n": ["4", "20", "24"]}, {"threshold": 11}, "ne sont pas des nombres"),
        ({"n": [4, None, 24]}, {"threshold": 11}, "effectifs sont vides"),
        ({"qpv": ["A", None, "Ensemble"]}, {"threshold": 11}, "coordonnée vide"),
        ({}, {"threshold": 11, "primary": "absent"}, "colonne absente"),
        ({}, {"threshold": 11, "hierarchies": {"commune": {}}}, "n'est pas déclarée"),
        ({}, {"threshold": 0}, "seuil impossible"),
        ({}, {"rule": "unknown"}, "règle de secret inconnue"),
    ],
)
def test_bad_input_is_said_in_french(cells, change, options, said):
    with pytest.raises(InputError, match=said):
        protect(cells.assign(**change), ["qpv"], **options)


def test_a_territory_may_be_stricter_never_laxer(cells):
    with pytest.raises(RefusedError, match="plus strict, jamais moins"):
        protect(cells, ["qpv"], rule="survey", threshold=5)
    assert protect(cells, ["qpv"], rule="survey", threshold=21)["status"].tolist()[1] == "primary"


def test_rules_carry_their_reference_and_the_words_of_the_reader():
    assert {name: rule.minimum for name, rule in RULES.items()} == {
        "survey": 11, "fiscal": 11, "jobseekers": 5, "benefits": 5, "firms": 3,
    }  # fmt: skip
    assert all(rule.reference for rule in RULES.values())
    assert find_rule("survey").reason == PROJECT == "masqué pour protéger l'anonymat (règle du projet)"
    assert find_rule("fiscal").reason == "secret statistique du producteur"


def test_dominance_hides_what_one_firm_makes():
    firms = pd.DataFrame({"n": [9, 9, 2], "turnover": [100, 100, 50], "largest": [86, 60, 30]})
    assert sensitive_cells(firms, "firms", amount="turnover", largest="largest").tolist() == [True, False, True]


def test_two_sensitive_criteria_are_not_crossed_in_a_neighbourhood():
    cells = pd.DataFrame({"place": ["QP1"], "origin": ["a"], "religion": ["b"], "n": [60]})
    with pytest.raises(RefusedError, match="origin × religion"):
        refuse_crossing(
            cells, ["place", "origin", "religion"], sensitive={"origin", "religion"}, place="place", local={"QP1"}
        )


def test_floor_and_homogeneity_use_the_base():
    cells = pd.DataFrame({"answer": ["yes", "no", "Ensemble"], "n": [40, 0, 40], "base": [40, 40, 40]})
    result = protect(cells, ["answer"], rule="survey", base="base")
    assert result["status"].tolist()[0] == "primary"
    assert attack(result, ["answer"], threshold=11).empty


def test_derived_figures_follow_their_count(cells):
    result = protect(cells.assign(rate=[1.0, 2.0, 3.0]), ["qpv"], threshold=11)
    shown = hide_derived(result, ["rate"])
    assert (shown["rate"].isna() == result["n"].isna()).all()
    assert set(shown.loc[shown["rate"].isna(), "note"]) == {PROJECT}


def test_attack_reads_across_tables():
    first = pd.DataFrame({"qpv": ["A", "B", "Ensemble"], "n": [None, None, 24]})
    second = pd.DataFrame({"qpv": ["B"], "n": [20]})
    assert attack(first, ["qpv"]).empty
    found = attack([first, second], ["qpv"])
    assert found[["qpv", "low", "high"]].to_numpy().tolist() == [["A", 4, 4]]
    assert "exactement" in found["why"][0]


def test_attack_says_when_publications_contradict_each_other():
    with pytest.raises(InputError, match="se contredisent"):
        attack(pd.DataFrame({"qpv": ["A", "B", "Ensemble"], "n": [None, 30, 24]}), ["qpv"])
    with pytest.raises(InputError, match="deux valeurs"):
        stack([pd.DataFrame({"q": ["A"], "n": [1]}), pd.DataFrame({"q": ["A"], "n": [2]})], dimensions=["q"])


def test_answers_of_a_multiple_question_bound_each_other():
    cells = pd.DataFrame({"motive": ["any", "origin", "sex"], "n": [30, 30, 4]})
    result = protect(cells, ["motive"], threshold=11, overlapping={"motive": "any"})
    assert result["status"].tolist()[2] == "primary"
    assert attack(result, ["motive"], threshold=11, overlapping={"motive": "any"}).empty
    with pytest.raises(InputError, match="ne s'accorde pas"):
        protect(cells.assign(n=[30, 31, 4]), ["motive"], threshold=11, overlapping={"motive": "any"})


def test_weights_move_the_choice():
    cells = pd.DataFrame({"part": ["A", "B", "C", "Ensemble"], "n": [4, 20, 30, 54], "keep": [1, 100, 1, 1]})
    assert protect(cells, ["part"], threshold=11)["status"].tolist()[1] == "secondary"
    assert protect(cells, ["part"], threshold=11, weights="keep")["status"].tolist()[2] == "secondary"


def test_result_is_the_same_twice_and_in_any_order(cells):
    once = protect(cells, ["qpv"], threshold=11)
    assert once.equals(protect(cells, ["qpv"], threshold=11))
    turned = protect(cells[::-1], ["qpv"], threshold=11)
    assert turned.sort_index().equals(once)
    assert cells["n"].tolist() == [4, 20, 24]


def test_differencing_keeps_what_is_far_and_names_what_is_near():
    old = pd.DataFrame({"qpv": ["P", "Q"], "n": [100, 200]})
    new = pd.DataFrame({"qpv": ["P2", "Q2"], "n": [104, 260]})
    overlap = pd.DataFrame(
        {"old": ["P", "Q"], "new": ["P2", "Q2"], "old_share": [1.0, 1.0], "new_share": [0.95, 0.7]}
    )
    assert between_perimeters(old, new, overlap, place="qpv", threshold=11)["qpv"].tolist() == ["P2"]
    with pytest.raises(InputError, match="colonne absente"):
        between_perimeters(old, new, overlap.drop(columns="old"), place="qpv", threshold=11)
    with pytest.raises(InputError, match="deux lignes"):
        against_ledger(pd.concat([old, old]), old, keys=["qpv"], threshold=11)


def test_a_crossing_too_large_to_be_protected_is_refused():
    names = ["a", "b", "c"]
    cells = pd.MultiIndex.from_product([range(30)] * 3, names=names).to_frame(index=False).astype(str).assign(n=20)
    with pytest.raises(RefusedError, match="en un temps borné"):
        protect(cells, names, threshold=11)
