"""The identity card says what the figures are worth, and gives nobody away."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostic.analysis.survey_quality import (
    MASKED,
    identity_card,
    inference,
    item_nonresponse,
    kish_effect,
    population_gap,
    population_margins,
    respondents_by_qpv,
    summary,
    tells,
    unique_profiles,
)
from diagnostic.errors import TerritoryError
from diagnostic.survey_model.identity import SurveyIdentity

IDENTITY = SurveyIdentity(
    title="Vivre ici", commissioner="Ville fictive", population="habitants", start=dt.date(2025, 3, 1),
    end=dt.date(2025, 4, 15), basis="volontaires", modes=("en_ligne", "papier"), response_rate=12.5,
    regime="anonyme",
    deletion=dt.date(2027, 12, 31), generation=2015, file="a.csv", platform="limesurvey", rows=130, kept=120,
    incomplete=8, minors=2, weighted=True, wordings={"sex": "Vous êtes…"}, periods={"experience_5y": "5 ans"},
)  # fmt: skip


def responses(size=120):
    rank = np.arange(size)
    return pd.DataFrame({
        "respondent": rank + 1,
        "qpv": pd.Categorical(np.where(rank < 90, "QP099001", "QP099002"), categories=["QP099001", "QP099002"]),
        "qpv_status": "inside", "weight": np.where(rank % 2, 1.0, 3.0),
        "sex": pd.Categorical(np.where(rank % 3 == 0, "homme", "femme")),
        "age_group": pd.Categorical(np.select([rank % 4 == 0, rank % 4 == 1], ["25_39", "60_plus"], "40_59")),
        "sex__state": pd.Categorical(["answered"] * size),
        "experience_5y__state": pd.Categorical(
            np.select([rank < size - 30, rank < size - 20], ["answered", "refused"], "not_asked")
        ),
    })  # fmt: skip


def card(**more):
    table = identity_card(responses(), replace(IDENTITY, **more)).set_index("item")
    return table.apply(lambda column: column.str.replace("[\u00a0\u202f]", " ", regex=True))


def test_the_card_holds_the_protocol():
    table = card()
    assert table.loc["commissioner", "value"] == "Ville fictive"
    assert table.loc["dates", "value"] == "du 1er mars 2025 au 15 avril 2025"
    assert table.loc["mode", "value"] == "en ligne et sur papier"
    assert table.loc["response_rate", "value"] == "12,5 %"
    assert table.loc["incomplete", "value"] == "8"
    assert table.loc["kish", "value"] == "1,25"
    assert table.loc["n_QP099002", "value"] == "30"
    assert table.loc["item_experience_5y", "value"] == "10 % sans réponse"
    assert "5 ans" in table.loc["item_experience_5y", "note"]
    assert "31 décembre 2027" in table.loc["law", "note"]
    assert table.loc["gap", "value"] == "non calculé"


@pytest.mark.parametrize(("basis", "allowed"), [("aleatoire", True), ("quotas", False), ("volontaires", False)])
def test_only_a_random_draw_speaks_of_the_population(basis, allowed):
    rule = inference(replace(IDENTITY, basis=basis))
    assert rule.allowed is allowed
    assert ("ne s’étendent pas à la population" in rule.sentence) is not allowed
    assert card(basis=basis).loc["inference", "value"] == ("oui" if allowed else "non")
    assert (
        "parmi les répondants seulement" in summary(replace(IDENTITY, basis=basis), responses())
    ) is not allowed


def test_what_is_unknown_is_said():
    table = card(response_rate=None, weighted=False, drawn_from="300 logements")
    assert table.loc["response_rate", "value"] == "non connu"
    assert "aucun" in table.loc["weighting", "value"]
    assert table.loc["drawn_from", "value"] == "300 logements"
    assert "kish" not in table.index


@given(st.lists(st.integers(0, 60), min_size=1, max_size=8))
def test_no_masked_count_can_be_recovered_from_the_total(counts):
    codes = [f"Q{rank}" for rank in range(len(counts))]
    frame = pd.DataFrame(
        {"qpv": pd.Categorical(np.repeat(codes, counts), categories=codes), "qpv_status": "inside"}
    )
    table = respondents_by_qpv(frame)
    hidden = table.loc[~table["shown"], "n"]
    assert not ((table["n"] > 0) & (table["n"] < 11) & table["shown"]).any()
    if len(hidden) and sum(count > 0 for count in counts) > 1:
        assert len(hidden) > 1
        assert hidden.sum() >= 11 or table.loc[table["shown"], "n"].sum() == 0


def test_a_count_by_neighbourhood_near_a_released_one_is_masked_with_another():
    codes = pd.Categorical(["Q1"] * 40 + ["Q2"] * 30 + ["Q3"] * 20)
    frame = pd.DataFrame({"qpv": codes, "qpv_status": "inside"})
    same = {"Q1": frozenset({40}), "Q2": frozenset({30}), "Q3": frozenset({20})}
    assert respondents_by_qpv(frame, out=same)["shown"].tolist() == [True, True, True]
    one_left = same | {"Q1": frozenset({41})}
    assert respondents_by_qpv(frame, out=one_left)["shown"].tolist() == [False, True, False]
    was_masked = same | {"Q2": frozenset()}
    assert respondents_by_qpv(frame, out=was_masked)["shown"].tolist() == [True, False, False]


def test_a_neighbourhood_that_all_who_left_lived_in_is_masked():
    codes = pd.Categorical(["Q1"] * 88 + ["Q2"] * 30 + ["Q3"] * 20)
    frame = pd.DataFrame({"qpv": codes, "qpv_status": "inside"})
    before = {"Q1": frozenset({100}), "Q2": frozenset({30}), "Q3": frozenset({20})}
    alone = respondents_by_qpv(frame, out=before)
    assert alone["shown"].all()  # twelve people by themselves are enough
    told = respondents_by_qpv(frame, out=before, sizes=frozenset({150}))
    assert told["shown"].tolist() == [False, True, False]


@given(st.integers(0, 60), st.integers(0, 60))
def test_a_difference_is_of_nobody_or_of_enough_people_on_both_sides(inside, outside):
    """What is told of those who left is what would be told of them alone."""
    few = 0 < inside < 11 or (inside > 0 and outside < 11)
    assert tells(100, [100 + inside], base=300, bases=[300 + inside + outside]) is few


def test_masked_counts_are_named_and_outsiders_counted():
    frame = responses(100).assign(qpv_status=["inside"] * 95 + ["outside"] * 5)
    frame.loc[95:, "qpv"] = None
    table = identity_card(frame, IDENTITY).set_index("item")
    assert table.loc["n_outside", "value"] == MASKED
    assert table.loc["n_QP099002", "value"] == MASKED


def test_items_and_their_states():
    table = item_nonresponse(responses(), IDENTITY).set_index("concept")
    assert table.loc["experience_5y", "asked"] == 100
    assert table.loc["experience_5y", "missing_rate"] == 10.0
    assert table.loc["sex", "wording"] == "Vous êtes…"


def test_few_people_asked_give_no_percentage():
    table = identity_card(responses(20), replace(IDENTITY, weighted=False)).set_index("item")
    assert table.loc["item_sex", "value"] == "moins de 30 personnes interrogées"


def test_unique_profiles():
    found = unique_profiles(responses())
    assert found.variables == ("qpv", "sex", "age_group")
    assert found.count == 0
    alone = unique_profiles(pd.DataFrame({"sex": ["femme", None, "homme", "homme"]}))
    assert (alone.count, alone.share) == (2, 50.0)
    assert "données personnelles" in str(alone)
    assert unique_profiles(pd.DataFrame({"weight": [1.0]})).share == 0.0


def measures(**changes):
    values = {
        ("population", "all"): 1000.0, ("women_share", "all"): 50.0, ("share_under_25", "all"): 40.0,
        ("share_under_25", "women"): 36.0, ("share_over_60", "all"): 20.0, ("share_over_60", "women"): 24.0,
    }  # fmt: skip
    return pd.DataFrame([
        {"level": "qpv", "code": code, "vintage": 2015, "variable": variable, "group": group, "value": value,
         "period": 2018, "edition": "2022", **changes}
        for code in ("QP099001", "QP099002") for (variable, group), value in values.items()
    ])  # fmt: skip


def margins(table=None, **more):
    return population_margins(
        measures() if table is None else table, ["QP099001", "QP099002"], generation=2015,
        **{"survey_generation": 2015, **more},
    )  # fmt: skip


def test_margins_are_derived_from_the_published_shares():
    found = margins().set_index(["sex", "age"])["population"].to_dict()
    assert found == pytest.approx({
        ("femme", "25_59"): 400.0, ("femme", "60_plus"): 240.0,
        ("homme", "25_59"): 400.0, ("homme", "60_plus"): 160.0,
    })  # fmt: skip
    assert margins().attrs["quarters"] == 2


def test_a_quarter_without_every_figure_is_left_out():
    table = measures()
    table.loc[0, "value"] = np.nan
    assert margins(table).attrs["quarters"] == 1


def test_margins_and_respondents_share_a_generation():
    with pytest.raises(TerritoryError, match="génération"):
        margins(survey_generation=2024)


def test_the_gap_to_the_population():
    gap = population_gap(responses(240), margins()).set_index(["sex", "age"])
    assert gap["gap"].sum() == pytest.approx(0.0, abs=1e-9)
    assert gap.loc[("femme", "25_59"), "population_share"] == pytest.approx(100 / 3)
    assert gap.loc[("femme", "25_59"), "respondents_share"] == pytest.approx(50.0)
    table = identity_card(responses(240), IDENTITY, margins=margins()).set_index("item")
    assert table.loc["gap_femme_25_59", "value"].replace("\u00a0", " ") == "+17 points"


def test_a_small_cell_hides_every_share_of_the_gap():
    gap = population_gap(responses(40), margins())
    assert gap["gap"].isna().all()
    table = identity_card(responses(40), IDENTITY, margins=margins()).set_index("item")
    assert table.loc["gap_femme_25_59", "value"] == MASKED


def test_no_profile_no_gap():
    assert population_gap(pd.DataFrame({"sex": ["femme"]}), margins()).empty


def test_equal_weights_cost_nothing():
    assert kish_effect(np.ones(7)) == pytest.approx(1.0)
