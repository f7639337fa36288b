"""Estimates of perceived discrimination: counted by hand, and equal to the functions of the survey package."""

import time
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diagnostic.analysis.perception import estimates, public_margins
from diagnostic.analysis.perception.estimation import NUMBERS
from diagnostic.analysis.survey import SurveyDesign, bounded_share, co_mentions, non_recourse, overlapping_shares
from diagnostic.errors import TerritoryError
from diagnostic.schemas import ESTIMATE_COLUMNS

SAID = ["souvent"] * 20 + ["parfois"] * 20 + ["jamais"] * 45 + ["dont_know"] * 9 + ["refused"] * 4 + ["empty"] * 2
MOTIVES = [{"origine", "quartier"}] * 18 + [{"origine"}] * 10 + [{"sexe"}] * 9 + ["dont_know"] * 2 + ["empty"]
STEPS = [{"aucune"}] * 24 + [{"entourage"}] * 6 + [{"entourage", "association"}] * 8 + ["refused"] * 2
NUMERIC = ["estimate", "se", "ci_low", "ci_high"]


@pytest.fixture
def small(builder):
    """A hundred people, forty of whom report a discrimination."""
    rest = [None] * 60
    survey = builder(100, qpv=pd.Categorical(["QN1", "QN2"] * 50), qpv_status=pd.Categorical(["inside"] * 100))
    survey.single("experience_5y", SAID).listed("motives", MOTIVES + rest).listed("steps", STEPS + rest)
    survey.single("sex", (["femme"] * 3 + ["homme"] * 2) * 19 + ["refused"] * 5)
    return survey


def pick(table, indicator, answer, *, base="all", level="territoire", by="", **more):
    keys = {"indicator": indicator, "answer": answer, "base": base, "level": level, "by": by, **more}
    rows = table[np.logical_and.reduce([table[name] == value for name, value in keys.items()])]
    assert len(rows) == 1, keys
    return rows.iloc[0]


def test_prevalence_keeps_the_unknown_in_its_base(small, identity):
    table = estimates(*small.tables(), identity, generation=2024)
    row = pick(table, "PER01", "oui")
    assert (row["n"], row["count"]) == (98, 40)
    assert row["estimate"] == pytest.approx(100 * 40 / 98)
    assert "45" not in row["label"]
    assert row["label"] == "déclarent avoir vécu des discriminations au cours des cinq dernières années"
    assert "jusqu’à 54,1" in row["note"]  # (40 + 13) / 98
    assert pick(table, "PER01", "sans_reponse")["count"] == 13
    assert list(table) == ESTIMATE_COLUMNS
    assert set(table["vintage"]) == {2024}


def test_prevalence_is_the_bounded_share(small, identity):
    responses = small.tables()[0]
    answers = responses["experience_5y"].astype(object).fillna(responses["experience_5y__state"].astype(object))
    frame = pd.DataFrame({"y": answers.replace("empty", None)})
    expected = bounded_share(SurveyDesign(frame), "y", yes=["souvent", "parfois"]).iloc[0]
    row = pick(estimates(*small.tables(), identity, generation=2024), "PER01", "oui")
    assert row[NUMERIC].tolist() == pytest.approx((100 * expected[NUMERIC]).tolist())
    assert row[["n_eff", "deff", "df"]].tolist() == pytest.approx(expected[["n_eff", "deff", "df"]].tolist())


def test_motives_are_shares_of_two_bases(small, identity):
    table = estimates(*small.tables(), identity, generation=2024)
    assert pick(table, "PER05", "origine", base="concerned")["n"] == 39  # one left it empty
    assert pick(table, "PER05", "origine", base="concerned")["estimate"] == pytest.approx(100 * 28 / 39)
    of_all = pick(table, "PER05", "origine", base="all")
    assert (of_all["n"], of_all["count"]) == (97, 28)
    assert "la somme dépasse 100" in of_all["note"]
    assert pick(table, "PER07", "quartier", base="concerned")["count"] == 18
    assert pick(table, "PER05", "sans_reponse", base="concerned")["count"] == 2
    assert pick(table, "PER05", "sans_reponse", base="all")["count"] == 15  # and 13 who may be concerned


def test_motives_are_the_overlapping_shares(small, identity):
    table = estimates(*small.tables(), identity, generation=2024)
    ticks = [one if isinstance(one, set) else set() for one in MOTIVES] + [set()] * 60
    blank = np.array([one == "empty" for one in MOTIVES] + [False] * 60)
    codes = ["origine", "quartier", "sexe"]
    frame = pd.DataFrame({code: np.where(blank, np.nan, [float(code in one) for one in ticks]) for code in codes})
    said = np.array(SAID)
    expected = overlapping_shares(
        SurveyDesign(frame), codes, concerned=np.isin(said, ["souvent", "parfois"]), where=said != "empty"
    )
    for row in expected.to_dict("records"):
        found = pick(table, "PER05", row["y"], base=row["base"])
        assert found[NUMERIC].tolist() == pytest.approx([100 * row[name] for name in NUMERIC])
    both = co_mentions(SurveyDesign(frame), codes[:2], where=np.isin(said, ["souvent", "parfois"])).iloc[0]
    found = pick(table, "PER06", "origine+quartier", base="concerned")
    assert found["estimate"] == pytest.approx(100 * both["estimate"])
    assert "co-mention" in found["note"]
    assert pick(table, "PER06", "plusieurs", base="concerned")["count"] == 18


def test_non_recourse_is_a_ratio_over_those_asked(small, identity):
    table = estimates(*small.tables(), identity, generation=2024)
    taken = [one if isinstance(one, set) else None for one in STEPS] + [None] * 60
    frame = pd.DataFrame({
        code: [np.nan if one is None else float(code in one) for one in taken]
        for code in ("entourage", "association")
    })  # fmt: skip
    expected = non_recourse(SurveyDesign(frame), ["entourage", "association"], asked=np.arange(100) < 40).iloc[0]
    row = pick(table, "PER13", "aucune", base="concerned")
    assert row[NUMERIC].tolist() == pytest.approx((100 * expected[NUMERIC]).tolist())
    assert (row["n"], row["count"]) == (40, 24)
    assert pick(table, "PER13", "au_moins_une", base="concerned")["count"] == 14
    assert pick(table, "PER13", "hors_entourage", base="concerned")["count"] == 8
    assert pick(table, "PER13", "entourage_seul", base="concerned")["count"] == 6


def test_twelve_months_count_those_never_concerned_as_no(builder, identity):
    survey = builder(60).single("experience_5y", ["souvent"] * 30 + ["jamais"] * 26 + ["refused"] * 4)
    survey.single("experience_12m", ["oui"] * 12 + ["non"] * 10 + ["dont_know"] * 8 + [None] * 30)
    table = estimates(*survey.tables(), identity, generation=2024)
    row = pick(table, "PER02", "oui")
    assert (row["n"], row["count"]) == (60, 12)
    assert "jusqu’à 40,0" in row["note"]  # 12 + 8 + 4 of 60
    assert pick(table, "PER02", "oui", base="concerned")["n"] == 30


def test_situations_without_the_word(builder, identity):
    survey = builder(80).single("experience_5y", ["souvent"] * 30 + ["jamais"] * 50)
    survey.listed(
        "situations", [{"sante"}] * 20 + [{"aucune"}] * 10 + [{"justice", "sante"}] * 15 + [{"aucune"}] * 35
    )
    table = estimates(*survey.tables(), identity, generation=2024)
    assert pick(table, "PER03", "au_moins_une")["count"] == 35
    counts = {answer: pick(table, "PER03", answer)["count"] for answer in (
        "situation_et_oui", "situation_sans_oui", "oui_sans_situation", "ni_l_un_ni_l_autre")}  # fmt: skip
    assert list(counts.values()) == [20, 15, 10, 35]


def test_authors_are_read_at_three_scales(builder, identity):
    survey = builder(40).single("experience_5y", ["souvent"] * 40)
    survey.listed("event_authors", [{"personne"}] * 20 + [{"organisation", "regle"}] * 15 + ["dont_know"] * 5)
    table = estimates(*survey.tables(), identity, generation=2024)
    counts = [pick(table, "PER09", scale, base="concerned")["count"] for scale in ("micro", "meso", "macro")]
    assert counts == [20, 15, 15]
    assert "niveau méso" in pick(table, "PER09", "meso", base="concerned")["label"]


def test_a_domain_meets_a_motive_in_the_most_recent_event_only(builder, identity):
    survey = builder(60).single("experience_5y", ["souvent"] * 60)
    survey.single("event_domain", ["sante"] * 40 + ["justice"] * 20)
    survey.listed("event_motives", [{"age"}] * 25 + [{"origine"}] * 15 + [{"age"}] * 5 + [{"sexe"}] * 15)
    table = estimates(*survey.tables(), identity, generation=2024)
    row = pick(table, "PER08", "sante|age", base="concerned")
    assert (row["n"], row["count"]) == (40, 25)
    assert table[table["answer"] == "sante|sexe"].empty
    assert table.loc[table["concept"] == "event_domain*event_motives", "level"].eq("territoire").all()
    assert pick(table, "PER05", "age", base="concerned")["concept"] == "event_motives"


def test_witnesses_and_their_reaction(builder, identity):
    survey = builder(50).single("witness", ["oui"] * 30 + ["non"] * 15 + ["dont_know"] * 5)
    survey.listed("witness_reactions", [{"intervenu"}] * 12 + [{"rien"}] * 18 + [None] * 20)
    table = estimates(*survey.tables(), identity, generation=2024)
    assert pick(table, "PER19", "oui")["estimate"] == pytest.approx(60)
    assert pick(table, "PER19", "au_moins_une", base="concerned")["estimate"] == pytest.approx(40)


def test_a_question_whose_filter_is_not_in_the_survey_says_whom_it_was_put_to(builder, identity):
    table = estimates(*builder(40).listed("motives", [{"age"}] * 40).tables(), identity, generation=2024)
    assert "personnes à qui la question a été posée" in pick(table, "PER05", "age")["note"]


def test_another_period_is_told(builder, identity):
    survey = builder(40).single("experience_5y", ["souvent", "jamais"] * 20)
    table = estimates(*survey.tables(), replace(identity, periods={"experience_5y": "3 ans"}), generation=2024)
    assert "cinq" not in pick(table, "PER01", "oui")["label"]
    assert "3 ans" in pick(table, "PER01", "oui")["label"]


def test_respondents_are_counted_by_quarter(small, identity):
    table = estimates(*small.tables(), identity, generation=2024)
    counts = table[(table["concept"] == "respondents") & (table["level"] == "qpv")]
    assert counts.set_index("code")["n"].to_dict() == {"QN1": 50, "QN2": 50}
    assert counts["estimate"].isna().all()


def test_volunteers_are_told_as_such(small, volunteers):
    table = estimates(*small.tables(), volunteers, generation=2024)
    shares = table[table["estimate"].notna()]
    assert shares["method"].str.startswith("indicatif").all()
    assert set(shares["reliability"]) <= {"caution", "suppress"}


def test_empty_events_and_an_empty_questionnaire(builder, identity):
    table = estimates(*builder(20).tables(), identity, generation=2024)
    assert table["indicator"].tolist() == ["PER22", "PER22"]


def test_weights_of_zero_leave_the_estimates(small, identity):
    responses, choices, experiences = small.tables()
    responses["weight"] = np.where(responses["respondent"] <= 20, 0.0, 2.0)
    table = estimates(responses, choices, experiences, replace(identity, weighted=True), generation=2024)
    assert pick(table, "PER01", "oui")["n"] == 78
    assert pick(table, "PER22", "n")["n"] == 100


def test_adults_of_the_dwelling_are_the_weights_of_a_random_sample(builder, identity):
    survey = builder(40).single("experience_5y", ["souvent"] * 20 + ["jamais"] * 20)
    survey.single("household_adults", ["1"] * 20 + ["4_plus"] * 19 + ["refused"])
    mean = (20 + 76) / 39
    row = pick(estimates(*survey.tables(), identity, generation=2024), "PER01", "oui")
    assert row["estimate"] == pytest.approx(100 * 20 / (20 + 76 + mean))


MARGINS = pd.DataFrame({
    "vintage": 2024, "sex": ["femme", "femme", "homme", "homme"], "age": ["25_59", "60_plus"] * 2,
    "population": [400.0, 200.0, 300.0, 100.0],
})  # fmt: skip


def profiled(builder, size=200):
    rank = np.arange(size)
    survey = builder(size).single("experience_5y", np.where(rank % 3 == 0, "souvent", "jamais"))
    survey.single("sex", np.where(rank % 4 == 0, "homme", "femme"))
    ages = ["25_39", "40_59", "60_plus", "18_24", "refused"]
    return survey.single("age_group", np.array(ages)[rank % 5])


def test_margins_fit_those_aged_25_and_over(builder, identity):
    from diagnostic.analysis.perception.weighting import base_weights, make_design  # noqa: PLC0415 - this test

    responses = profiled(builder).tables()[0]
    weights, origin = base_weights(responses, identity)
    design, told = make_design(responses, identity, weights=weights, origin=origin, margins=MARGINS)
    sums = pd.Series(design.weights).groupby(design.frame["__cell"]).sum()
    inside = sums.drop("hors_calage")
    assert (inside / inside.sum()).to_dict() == pytest.approx(
        {"femme/25_59": 0.4, "femme/60_plus": 0.2, "homme/25_59": 0.3, "homme/60_plus": 0.1}
    )
    assert sums["hors_calage"] == pytest.approx(80)
    assert told.converged
    assert "25 ans et plus" in str(told)
    assert f"Kish) {told.kish:.2f}".replace(".", ",") in str(told)


def test_margins_of_few_people_are_fitted_in_turn(builder, identity):
    survey = builder(60).single("experience_5y", ["souvent", "jamais"] * 30)
    survey.single("sex", ["femme"] * 40 + ["homme"] * 20)
    survey.single("age_group", ["25_39"] * 30 + ["60_plus"] * 10 + ["40_59"] * 18 + ["60_plus"] * 2)
    note = pick(estimates(*survey.tables(), identity, generation=2024, margins=MARGINS), "PER22", "kish")["note"]
    assert "calage sur la population" in note


def test_no_margin_is_fitted_without_sex(builder, identity):
    survey = builder(60).single("experience_5y", ["souvent", "jamais"] * 30)
    note = pick(estimates(*survey.tables(), identity, generation=2024, margins=MARGINS), "PER22", "kish")["note"]
    assert "calage impossible" in note


def test_margins_of_another_generation_are_refused(builder, identity):
    with pytest.raises(TerritoryError, match="génération"):
        estimates(*profiled(builder).tables(), identity, generation=2024, margins=MARGINS.assign(vintage=2015))


def test_a_described_weighting_is_kept(builder, identity):
    declared = replace(identity, weighted=True, weighting="calage sur marges par le prestataire")
    table = estimates(*profiled(builder).tables(), declared, generation=2024, margins=MARGINS)
    assert "gardé tel quel" in pick(table, "PER22", "kish")["note"]
    assert pick(table, "PER22", "kish")["deff"] == 1


def measures(vintage):
    values = {
        ("population", "all"): 1000.0, ("women_share", "all"): 60.0, ("share_under_25", "all"): 40.0,
        ("share_under_25", "women"): 30.0, ("share_over_60", "all"): 20.0, ("share_over_60", "women"): 25.0,
    }  # fmt: skip
    return pd.DataFrame([
        {"level": "qpv", "code": "QN1", "vintage": vintage, "period": 2020, "edition": "2022", "variable": name,
         "group": group, "value": value}
        for (name, group), value in values.items()
    ])  # fmt: skip


def test_public_margins_by_hand():
    table = public_margins(measures(2024)).set_index(["sex", "age"])["population"]
    # women: 600, of whom 180 under 25 and 150 over 60; men: 400, 220 and 50.
    assert table.to_dict() == pytest.approx({
        ("femme", "25_59"): 270, ("femme", "60_plus"): 150, ("homme", "25_59"): 130, ("homme", "60_plus"): 50,
    })  # fmt: skip


def test_public_margins_never_mix_generations():
    both = pd.concat([measures(2015), measures(2024)])
    with pytest.raises(TerritoryError, match="deux générations"):
        public_margins(both)
    assert set(public_margins(both, generation=2015)["vintage"]) == {2015}
    assert public_margins(measures(2015), generation=2024).empty
    assert public_margins(measures(2015).iloc[:2]).empty


def test_every_indicator_is_estimated(survey, identity):
    table = estimates(*survey, identity, generation=2024)
    assert set(table["indicator"]) == {f"PER{rank:02d}" for rank in range(1, 23)}
    assert not table.duplicated(["level", "code", "indicator", "concept", "answer", "by", "group", "base"]).any()
    assert not table.drop(columns=NUMBERS).isna().any().any()
    assert (table["label"].str.len() > 0).all()


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 1000), size=st.integers(30, 300))
def test_what_always_holds(simulated, identity, seed, size):
    table = estimates(*simulated(size, 4, seed), identity, generation=2024)
    shares = table[table["ci_low"].notna()]
    assert (shares["ci_low"] <= shares["estimate"] + 1e-9).all()
    assert (shares["estimate"] <= shares["ci_high"] + 1e-9).all()
    assert shares["ci_low"].min() >= 0
    assert shares["ci_high"].max() <= 100
    assert (shares["ci_low"] < shares["ci_high"]).all()
    assert (table["estimate"].notna() == table["status"].eq("estimated")).all()
    known = table[table["indicator"] != "PER22"]
    assert (known["count"] <= known["n"]).all()


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 1000))
def test_counts_of_groups_and_quarters_add_up(simulated, identity, seed):
    responses, choices, experiences = simulated(200, 3, seed)
    table = estimates(responses, choices, experiences, identity, generation=2024)
    key = ["indicator", "concept", "answer", "base"]
    whole = table[(table["level"] == "territoire") & (table["by"] == "")].set_index(key)[["n", "count"]]
    by_place = (
        table[(table["level"] == "qpv") & (table["indicator"] != "PER22")].groupby(key)[["n", "count"]].sum()
    )
    assert (by_place == whole.loc[by_place.index]).all(axis=None)
    by_sex = table[table["by"] == "sex"].groupby(key)["n"].sum()
    missing = int(responses["sex"].isna().sum())
    assert (whole.loc[by_sex.index, "n"] - by_sex).between(0, missing).all()


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 1000), factor=st.sampled_from([0.01, 3.0, 1e4]))
def test_the_scale_of_weights_and_the_order_of_rows_do_not_matter(simulated, identity, seed, factor):
    weighted = replace(identity, weighted=True)
    responses, choices, experiences = simulated(150, 3, seed)
    responses["weight"] = 1 + responses["respondent"] % 4
    table = estimates(responses, choices, experiences, weighted, generation=2024)
    scaled = responses.assign(weight=responses["weight"] * factor).sample(frac=1, random_state=seed)
    again = estimates(scaled, choices, experiences, weighted, generation=2024)
    pd.testing.assert_frame_equal(table[NUMBERS], again[NUMBERS], rtol=1e-6)


def test_two_hundred_quarters_in_five_seconds(simulated, identity):
    survey = simulated(4000, 200)
    start = time.perf_counter()
    table = estimates(*survey, identity, generation=2024, groups=())
    assert time.perf_counter() - start < 5
    assert table.loc[table["level"] == "qpv", "code"].nunique() == 200
    assert table.loc[table["level"] == "qpv", "answer"].nunique() > 60
