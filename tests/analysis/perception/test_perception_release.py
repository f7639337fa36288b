"""What leaves is the whole territory only, and nothing hidden comes back by a difference."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diagnostic.analysis.perception import (
    adults_by_quarter,
    card,
    estimates,
    released,
    sentences,
    shielded,
    shielding,
)
from diagnostic.analysis.perception.estimation import NUMBERS
from diagnostic.analysis.perception.tables import Group
from diagnostic.analysis.survey_quality import MASKED
from diagnostic.errors import RefusedError, TerritoryError
from diagnostic.schemas import CARD_COLUMNS, ESTIMATE_COLUMNS
from diagnostic.survey_model import Kind, Role, concepts


@pytest.fixture(scope="module")
def drawn(survey, identity):
    return estimates(*survey, identity, generation=2024)


def publish(survey, identity):
    table = estimates(*survey.tables(), identity, generation=2024)
    return released(table, generation=2024)


def row(table, answer, base="all", concept=None):
    rows = table[(table["answer"] == answer) & (table["base"] == base) & (table["level"] == "territoire")]
    rows = rows[rows["by"] == ""]
    rows = rows[rows["concept"] == concept] if concept else rows
    assert len(rows) == 1
    return rows.iloc[0]


def hidden(table):
    return table["status"] == "masked"


def test_without_the_adults_of_a_quarter_only_how_many_answered_is_told(drawn):
    table = released(drawn, generation=2024)
    assert list(table) == ESTIMATE_COLUMNS
    assert set(table["by"]) == {"", "sex", "age_group"}
    quarters = table[table["level"] == "qpv"]
    assert set(quarters["concept"]) == {"respondents"}
    assert quarters[[name for name in NUMBERS if name != "n"]].isna().all(axis=None)
    assert quarters["n"].sum() == 900
    assert (table.loc[~hidden(table) & table["estimate"].notna(), "n"] >= 30).all()


def test_a_small_refusal_hides_the_no_and_keeps_the_prevalence(builder, identity):
    survey = builder(100).single("experience_5y", ["souvent"] * 40 + ["jamais"] * 54 + ["refused"] * 6)
    table = publish(survey, identity)
    prevalence = row(table, "oui")
    assert prevalence["estimate"] == pytest.approx(40)
    assert "jusqu’à" not in prevalence["note"]
    assert row(table, "sans_reponse")["note"] == MASKED
    assert row(table, "jamais")["note"] == MASKED  # or 100 - 40 - 54 would say how many refused
    assert pd.isna(row(table, "parfois")["estimate"])


def test_the_upper_bound_goes_with_its_unknown_part(builder, identity):
    survey = builder(100).single("experience_5y", ["souvent"] * 60 + ["jamais"] * 5 + ["refused"] * 35)
    table = publish(survey, identity)
    assert row(table, "jamais")["note"] == MASKED
    assert row(table, "sans_reponse")["note"] == MASKED
    assert "jusqu’à" not in row(table, "oui")["note"]


def test_a_hidden_answer_is_hidden_in_both_bases(builder, identity):
    survey = builder(200).single("experience_5y", ["souvent"] * 60 + ["jamais"] * 140)
    survey.listed("motives", [{"origine"}] * 55 + [{"age"}] * 5 + [None] * 140)
    table = publish(survey, identity)
    for base in ("concerned", "all"):
        assert row(table, "origine", base, "motives")["note"] == MASKED  # 60 - 55 are the others
        assert row(table, "age", base, "motives")["note"] == MASKED


def test_a_hidden_number_of_people_hides_what_they_were_asked(builder, identity):
    survey = builder(100).single("experience_5y", ["souvent"] * 95 + ["jamais"] * 5)
    survey.listed("motives", [{"origine"}] * 50 + [{"age"}] * 45 + [None] * 5)
    table = publish(survey, identity)
    told = table[table["concept"].isin(["experience_5y", "motives"]) & ~hidden(table)]
    assert set(told["answer"]) <= {"sans_reponse", "parfois"}
    assert (told["count"] == 0).all()


def test_crossing_with_the_word_is_shown_whole_or_not_at_all(builder, identity):
    survey = builder(100).single("experience_5y", ["souvent"] * 30 + ["jamais"] * 70)
    survey.listed("situations", [{"sante"}] * 25 + [{"aucune"}] * 5 + [{"sante"}] * 20 + [{"aucune"}] * 50)
    table = publish(survey, identity)
    assert hidden(table)[table["concept"] == "situations*experience_5y"].all()


def test_a_pair_is_hidden_when_it_tells_who_cites_one_motive_alone(builder, identity):
    survey = builder(200).single("experience_5y", ["souvent"] * 100 + ["jamais"] * 100)
    both = [{"origine", "quartier"}] * 40 + [{"origine"}] * 5 + [{"quartier"}] * 25 + [{"age"}] * 30
    table = publish(survey.listed("motives", both + [None] * 100), identity)
    assert row(table, "origine", "concerned", "motives")["count"] == 45
    assert row(table, "origine+quartier", "concerned")["note"] == MASKED


def test_a_vague_figure_has_no_percentage_and_says_so(builder, identity):
    survey = builder(25).single("experience_5y", ["souvent"] * 12 + ["jamais"] * 13)
    table = publish(survey, identity)
    found = row(table, "oui")
    assert (found["status"], found["reliability"]) == ("estimated", "suppress")
    assert found["note"].startswith("précision insuffisante")
    assert np.isnan(found["estimate"])
    assert sentences(table, identity) == []


def test_counts_by_quarter_are_masked_with_what_would_give_them_back(builder, identity):
    place = pd.Categorical(["QN1"] * 60 + ["QN2"] * 4 + ["QN3"] * 30, categories=["QN1", "QN2", "QN3"])
    survey = builder(94, qpv=place, qpv_status=pd.Categorical(["inside"] * 94))
    survey.single("experience_5y", ["souvent", "jamais"] * 47)
    table = publish(survey, identity).set_index("code")
    assert table.loc["QN1", "n"] == 60
    assert (table.loc[["QN2", "QN3"], "note"] == MASKED).all()
    assert table.loc[["QN2", "QN3"], "n"].isna().all()
    printed = card(identity, survey.tables()[0], labels={"QN1": "Les Prés"}).set_index("entry")["text"]
    assert printed["Répondants\u00a0: Les Prés"] == "60"
    assert printed["Répondants\u00a0: QN2"] == MASKED


def test_quarters_of_another_generation_stay_out(survey, identity):
    table = released(estimates(*survey, identity, generation=2015), generation=2015)
    assert set(table["level"]) == {"territoire"}
    assert set(table["vintage"]) == {2024}


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 5000), size=st.integers(15, 400))
def test_nothing_hidden_has_a_number_or_comes_back(simulated, identity, seed, size):
    truth = estimates(*simulated(size, 4, seed), identity, generation=2024)
    every = released(truth, generation=2024)
    assert every.loc[hidden(every), NUMBERS].isna().all(axis=None)
    table = every[(every["by"] == "") & (every["level"] == "territoire")]
    assert table.loc[hidden(table), NUMBERS].isna().all(axis=None)
    assert table.loc[hidden(table), "label"].str.len().gt(0).all()
    assert not table.loc[hidden(table), "note"].str.contains(r"\d").any()
    shown = table[table["status"] == "estimated"]
    assert ((shown["count"] >= 11) | (shown["count"] == 0)).all()
    assert ((shown["n"] - shown["count"] >= 11) | (shown["count"] == 0)).all()
    key = ["concept", "answer", "base"]
    masked = set(map(tuple, table.loc[table["note"] == MASKED, key].to_numpy()))
    assert not masked & set(map(tuple, shown[key].to_numpy()))
    whole = truth[(truth["level"] == "territoire") & (truth["by"] == "")]
    for concept in concepts().values():
        _hold(concept, whole[whole["concept"] == concept.code], masked)


def _hold(concept, rows, every):
    """Play the reader who subtracts: what is left of each sum is nobody's, or that of at least 11 people."""
    none = {option.code for option in concept.options if option.role is Role.NONE}
    for name, base in rows.groupby("base"):
        masked = {(code, answer) for code, answer, where in every if where == name}
        counts = base.drop_duplicates("answer").set_index("answer")["count"]
        leaves = [option.code for option in concept.options if option.code in counts]
        if concept.code == "experience_5y":
            leaves = ["souvent", "parfois", "jamais"]
        if concept.kind is Kind.SINGLE:
            parts = [leaf for leaf in leaves if leaf in counts] + ["sans_reponse"]
        else:
            parts = [leaf for leaf in leaves if leaf not in none]
        unseen = [part for part in parts if (concept.code, part) in masked]
        visible = [part for part in parts if part not in unseen]
        if concept.kind is Kind.SINGLE:  # the answers to the others overlap: no sum gives one of them
            assert not visible or len(unseen) != 1, concept.code
            assert not visible or not unseen or counts[unseen].sum() >= 11, concept.code
        if "au_moins_une" in counts and (concept.code, "au_moins_une") not in masked:
            left = counts["au_moins_une"] - counts[[part for part in visible if part not in none]]
            assert (left[counts[left.index] > 0] >= 11).all(), concept.code


def test_sentences_speak_of_what_the_sample_allows(drawn, survey, identity, volunteers):
    random = sentences(released(drawn, generation=2024), identity)
    own = sentences(released(estimates(*survey, volunteers, generation=2024), generation=2024), volunteers)
    assert {one["indicator"] for one in random} >= {"PER01", "PER05", "PER08", "PER13", "PER19"}
    for one in random:
        assert re.search(r"de \d+ à \d+\u00a0%", one["message"])
    for one in own:
        assert "parmi les répondants" in one["message"].lower()
        assert "On estime" not in one["message"]
        assert "ne s’étendent pas à la population" in one["caveat"]
    for one in random + own:
        assert not re.search("victime|prouve", " ".join(map(str, one.values())), re.IGNORECASE)
        assert set(one) == {"indicator", "concept", "answer", "message", "detail", "caveat"}


def test_a_sentence_rounds_its_interval_outwards(drawn, identity):
    table = released(drawn, generation=2024)
    prevalence = row(table, "oui", concept="experience_5y")
    low, high = int(prevalence["ci_low"]), int(prevalence["ci_high"]) + 1
    assert f"de {low} à {high}\u00a0%" in sentences(table, identity)[0]["message"]


def test_a_group_never_stands_for_everybody(survey, identity):
    grouped = estimates(*survey, identity, generation=2024, groups=("sex",))
    table = released(grouped, generation=2024, shield=shielded(grouped, generation=2024, adults=ADULTS))
    assert table["by"].eq("sex").any()
    assert sentences(table, identity) == sentences(table[table["by"].eq("")], identity)
    assert not sentences(table[table["by"].eq("sex")], identity)
    for one in sentences(table, identity):
        named = re.findall(r"«\u00a0[^»]+»", one["message"])
        assert len(named) == len(set(named)), one["message"]


def test_the_card_is_in_french_and_in_order(survey, identity, volunteers):
    table = card(identity, survey[0])
    assert list(table) == CARD_COLUMNS
    assert table["rank"].tolist() == list(range(1, len(table) + 1))
    text = table.set_index("entry")["text"]
    assert text["Base"] == "tirage aléatoire"
    assert text["Répondants"] == "900"
    assert "pensez-vous avoir subi" in text["Question principale, mot à mot"]
    assert text["Période de référence"] == "5 ans"
    assert "Kish" in text["Redressement"]
    assert "au plus fort, à la question" in text["Sans réponse"]
    last = card(volunteers, survey[0]).iloc[-1]["text"]
    assert "ne s’étendent pas à la population" in last


def test_the_card_says_what_the_weights_were_fitted_to(survey, identity):
    margins = pd.DataFrame({
        "vintage": 2024, "sex": ["femme", "femme", "homme", "homme"], "age": ["25_59", "60_plus"] * 2,
        "population": [400.0, 200.0, 300.0, 100.0],
    })  # fmt: skip
    text = card(identity, survey[0], margins=margins).set_index("entry")["text"]
    assert "calage atteint" in text["Redressement"]
    assert any("points" in value for name, value in text.items() if name.startswith("Écart"))
    with pytest.raises(TerritoryError):
        card(replace(identity, generation=2015), survey[0], margins=margins)


def test_no_survey_gives_no_row(identity):
    nothing = pd.DataFrame({name: [] for name in ESTIMATE_COLUMNS})
    assert released(nothing, generation=2024).empty
    assert sentences(released(nothing, generation=2024), identity) == []


def test_a_battery_leaves_out_the_questions_without_a_reaction(builder, identity):
    survey = builder(40).single("experience_5y", ["souvent"] * 40).listed("consequences", [{"sante"}] * 40)
    survey.ticks += [(rank, "consequences", "emploi", "empty") for rank in range(1, 6)]
    survey.ticks += [(rank, "consequences", "emploi", "answered") for rank in range(6, 21)]
    table = estimates(*survey.tables(), identity, generation=2024)
    found = row(table[table["by"] == ""], "emploi", "concerned", "consequences")
    assert (found["n"], found["count"]) == (35, 15)


def test_a_rare_silence_is_not_given_by_its_rate(identity):
    states = ["refused"] * 9 + ["answered"] * 61
    few = pd.DataFrame({"respondent": range(70), "qpv": "QP099001", "qpv_status": "inside", "sex__state": states})
    text = card(identity, few.assign(sex="femme", mode="en_ligne", weight=1.0)).set_index("entry")["text"]
    assert text["Sans réponse"] == "moins de 11 personnes à chaque question"


ADULTS = {f"QP099{rank:03d}": 4000.0 for rank in range(1, 7)}


@pytest.fixture(scope="module")
def guarded(drawn):
    return shielded(drawn, generation=2024, adults=ADULTS)


def test_neighbourhoods_are_told_where_the_thresholds_allow(drawn, guarded):
    table = released(drawn, generation=2024, shield=guarded)
    quarters = table[(table["level"] == "qpv") & (table["concept"] != "respondents")]
    shown = quarters[quarters["estimate"].notna()]
    assert len(shown) > 100
    assert (shown["n"] >= 30).all()
    assert (shown[["count"]].min(axis=1) >= 11).all()
    assert quarters[["n_eff", "deff", "df", "se"]].isna().all(axis=None)
    assert not set(quarters["concept"]) & {"domains", "event_domain", "motives*motives"}
    assert not quarters["concept"].str.contains("*", regex=False).any()
    assert set(quarters.loc[quarters["concept"] == "situations", "answer"]) == {
        "au_moins_une", "aucune", "sans_reponse",
    }  # fmt: skip


def test_adults_are_counted_from_one_edition():
    """The census gives the population of one year and the ages of another, in one edition."""
    rows = [
        ("QP099001", "population", "2021", 2018, 900.0), ("QP099001", "share_under_25", "2021", 2021, 50.0),
        ("QP099001", "population", "2022", 2018, 1000.0), ("QP099001", "share_under_25", "2022", 2022, 40.0),
        ("QP099002", "population", "2022", 2018, 1000.0), ("QP099002", "share_under_25", "2022", 2022, np.nan),
    ]  # fmt: skip
    measures = pd.DataFrame(rows, columns=["code", "variable", "edition", "period", "value"])
    measures = measures.assign(level="qpv", vintage=2024, group="all", source="insee_qpv_demo")
    assert adults_by_quarter(measures, generation=2024) == {"QP099001": pytest.approx(600.0)}
    assert adults_by_quarter(measures, generation=2015) == {}


def test_no_cell_is_found_by_subtraction(guarded):
    """Solve nothing: of each published total, what is not shown is of nobody, or of eleven people at least."""
    cells = guarded.cells()
    truth = shielding.Shield(guarded.tables, frozenset()).cells()
    hidden = cells["n"].isna()
    leaf = truth["axis"].ne("Ensemble")
    keys = ["table", "answer", "axis"]
    lost = truth[leaf & hidden].groupby(keys)["n"].agg(["sum", "size"])
    whole = cells[cells["axis"].eq("Ensemble")].set_index(["table", "answer"])["n"]
    for (table, answer, _), row in lost.iterrows():
        if pd.notna(whole.get((table, answer))):
            assert row["sum"] >= 11, (table, answer)
            assert row["size"] > 1, (table, answer)


def test_a_neighbourhood_where_one_adult_in_ten_answered_is_not_told(drawn):
    few = ADULTS | {"QP099003": 300.0}
    shield = shielded(drawn, generation=2024, adults=few)
    table = released(drawn, generation=2024, shield=shield)
    own = table[(table["code"] == "QP099003") & (table["concept"] != "respondents")]
    assert (own["count"].fillna(0) == 0).all()


def test_a_sabotaged_protection_writes_nothing(drawn, monkeypatch):
    def only_small(cells, _dimensions, *, primary, threshold, **_):
        small = cells[primary] | cells["n"].between(1, threshold - 1)
        status = small.map({True: "primary", False: "published"})
        return cells.assign(status=status, n=cells["n"].mask(small))

    monkeypatch.setattr(shielding, "protect", only_small)
    with pytest.raises(RefusedError, match="se retrouvent par différence") as refused:
        shielded(drawn, generation=2024, adults=ADULTS)
    assert not re.search(r"\b\d+\b(?! problèmes)", str(refused.value).split(":", 1)[1].replace("QP099", ""))


def test_what_is_out_already_decides_what_is_hidden(drawn, guarded):
    """The same answers keep the pattern that is out; a few more hide what the difference would tell."""
    before = {
        shielding.Cell(row.table, Group(row.axis, row.label), row.answer):
            frozenset() if pd.isna(row.n) else frozenset({int(row.n)})
        for row in guarded.cells().itertuples()
    }  # fmt: skip
    again = shielded(drawn, generation=2024, adults=ADULTS, out=before)
    assert again.hidden == guarded.hidden
    cell = shielding.Cell("law_knowledge", Group("Ensemble", "Ensemble"), "oui")
    near = before | {cell: frozenset({next(iter(before[cell])) - 3})}
    assert cell not in guarded.hidden
    assert cell in shielded(drawn, generation=2024, adults=ADULTS, out=near).hidden


def test_those_who_left_are_not_told_by_what_they_all_answered(drawn, guarded):
    """Twelve left, who all knew the law: the counts differ by more than ten, and still tell it of each."""
    everybody = Group("Ensemble", "Ensemble")
    truth = {
        shielding.Cell(row.table, Group(row.axis, row.label), row.answer): int(row.n)
        for row in shielding.Shield(guarded.tables, frozenset()).cells().itertuples()
    }
    before = {
        shielding.Cell(row.table, Group(row.axis, row.label), row.answer):
            frozenset() if pd.isna(row.n) else frozenset({int(row.n)})
        for row in guarded.cells().itertuples()
    }  # fmt: skip
    yes, no, base = (shielding.Cell("law_knowledge", everybody, one) for one in ("oui", "non", "Ensemble"))
    left = before | {one: frozenset({truth[one] + 12}) for one in (yes, base)}
    again = shielded(drawn, generation=2024, adults=ADULTS, out=left)
    assert yes in again.hidden
    assert base not in again.hidden
    mixed = before | {one: frozenset({truth[one] + many}) for one, many in ((yes, 20), (no, 15), (base, 35))}
    assert yes not in shielded(drawn, generation=2024, adults=ADULTS, out=mixed).hidden


def test_zeros_all_along_a_list_do_not_tell_that_everybody_said_none(builder, identity):
    place = np.repeat(["QP099001", "QP099002", "QP099003"], [300, 40, 200])
    ticked = [
        *[{"association"}] * 100, *[{"plainte"}] * 80, *[{"aucune"}] * 120,
        *[{"aucune"}] * 40,
        *[{"association"}] * 60, *[{"plainte"}] * 50, *[{"aucune"}] * 90,
    ]  # fmt: skip
    survey = builder(1080, qpv=pd.Categorical([*place, *place]), qpv_status=pd.Categorical(["inside"] * 1080))
    survey = survey.single("experience_5y", ["souvent"] * 540 + ["jamais"] * 540)
    table = estimates(*survey.listed("steps", ticked + [None] * 540).tables(), identity, generation=2024)
    adults = dict.fromkeys(["QP099001", "QP099002", "QP099003"], 9000.0)
    shown = released(table, generation=2024, shield=shielded(table, generation=2024, adults=adults))
    own = shown[(shown["code"] == "QP099002") & (shown["concept"] == "steps")].set_index("answer")
    assert own.loc["aucune", "status"] == "masked"
    assert not own.loc[["association", "plainte"], "count"].eq(0).all()
    assert own.loc[["association", "plainte"], "status"].eq("masked").any()
