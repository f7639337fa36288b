"""The publication rule, several answers, unknown answers, steps not taken."""

import numpy as np
import pandas as pd
import pytest

from diagnostic.analysis.survey import (
    PUBLICATION,
    Reliability,
    SurveyDesign,
    bounded_share,
    co_mentions,
    criterion_by_domain,
    non_recourse,
    overlapping_shares,
    rate,
)
from diagnostic.errors import InputError, RefusedError


def simple(share, n, deff=1.0, df=None):
    return pd.DataFrame({
        "estimate": [share], "n": [n], "n_eff": [n / deff], "df": [df or n - 1], "count": [round(share * n)],
    })  # fmt: skip


@pytest.mark.parametrize(
    ("table", "level", "protected", "reason"),
    [
        (simple(0.3, 10), "suppress", True, "moins de 11 répondants"),
        (simple(0.04, 100), "suppress", True, "moins de 5 personnes"),
        (simple(0.96, 100), "suppress", True, "moins de 5 personnes"),
        (simple(0.0, 300), "suppress", True, "moins de 5 personnes"),
        (simple(0.5, 29), "suppress", False, "moins de 30 répondants"),
        (simple(0.5, 60, deff=2.1), "suppress", False, "effectif efficace"),
        (simple(0.3, 36), "suppress", False, "intervalle trop large"),
        (simple(0.05, 120), "suppress", False, "au regard de la part"),
        (simple(0.95, 120), "suppress", False, "au regard de la part"),
        (simple(0.3, 200, df=7), "caution", False, "unités de tirage"),
        (simple(0.3, 200), "publish", False, ""),
    ],
)
def test_the_rule(table, level, protected, reason):
    rated = rate(table)
    assert rated["reliability"][0] == level
    assert rated["protected"][0] == protected
    assert reason in rated["reason"][0]
    assert bool(rated["reason"][0]) == (level != "publish")


@pytest.mark.parametrize(
    ("share", "deff", "smallest"), [(0.30, 1, 40), (0.30, 2, 80), (0.18, 1.5, 72), (0.10, 1, 97)]
)
def test_the_smallest_sample_that_passes(share, deff, smallest):
    """Computed for the project's method note with the same rule, p observed exactly."""

    def passes(n):
        table = simple(share, n, deff=deff).assign(count=max(round(share * n), 5))
        return rate(table)["reliability"][0] == "publish"

    assert not passes(smallest - 1)
    assert passes(smallest)


def test_no_sample_out_of_chance_is_more_than_caution():
    for basis in ("quota", "volunteer"):
        rated = rate(simple(0.3, 500), basis=basis)
        assert rated["reliability"][0] == str(Reliability.CAUTION)
        assert "parmi les répondants" in rated["reason"][0]


def test_a_mean_is_rated_on_its_size_alone():
    table = simple(40.0, 50).drop(columns="count")
    assert rate(table)["reliability"][0] == "publish"
    assert rate(table.assign(n=20))["reliability"][0] == "suppress"
    with pytest.raises(InputError):
        rate(table.drop(columns="n_eff"))
    assert PUBLICATION.hidden_n == 11


@pytest.fixture(scope="module")
def design():
    """400 respondents, a quarter concerned; those not concerned were not asked the rest."""
    rng = np.random.default_rng(3)
    n = 400
    concerned = rng.random(n) < 0.25
    ticks = {f"motive_{k}": np.where(concerned, rng.random(n) < 0.4, np.nan) for k in "abc"}
    answer = np.where(concerned, "often", rng.choice(["never", "dont_know", "refused"], n, p=[0.8, 0.15, 0.05]))
    frame = pd.DataFrame({
        "concerned": concerned, "answer": answer, **ticks, "w": rng.uniform(1, 3, n),
        "last_motive": np.where(concerned, rng.choice(["a", "b"], n), None),
        "last_place": np.where(concerned, rng.choice(["work", "housing"], n), None),
        "told_friend": np.where(concerned, rng.random(n) < 0.5, np.nan),
        "complained": np.where(concerned, np.where(rng.random(n) < 0.1, np.nan, rng.random(n) < 0.1), np.nan),
    })  # fmt: skip
    return SurveyDesign(frame, "w")


MOTIVES = ["motive_a", "motive_b", "motive_c"]


def test_shares_of_a_list_state_both_bases(design):
    table = overlapping_shares(design, MOTIVES, concerned=design.frame["concerned"])
    assert table["base"].tolist() == ["concerned"] * 3 + ["all"] * 3
    among, of_all = (table[table["base"] == base] for base in ("concerned", "all"))
    assert of_all["n"].tolist() == [400] * 3
    assert among["n"].tolist() == [int(design.frame["concerned"].sum())] * 3
    assert among["count"].tolist() == of_all["count"].tolist()
    assert among["estimate"].sum() > 1
    prevalence = design.proportion("concerned")["estimate"][0]
    np.testing.assert_allclose(of_all["estimate"], among["estimate"] * prevalence)


def test_co_mentions_are_pairs_of_one_list(design):
    table = co_mentions(design, MOTIVES)
    assert list(zip(table["first"], table["second"], strict=True)) == [
        ("motive_a", "motive_b"), ("motive_a", "motive_c"), ("motive_b", "motive_c"),
    ]  # fmt: skip
    both = (design.frame["motive_a"] == 1) & (design.frame["motive_b"] == 1)
    assert table["count"][0] == both.sum()
    with pytest.raises(InputError):
        co_mentions(design, MOTIVES[:1])


def test_a_criterion_meets_a_domain_only_in_the_last_event(design):
    crossed = criterion_by_domain(design, "last_motive", "last_place")
    assert crossed.shares.groupby("last_motive")["estimate"].sum().tolist() == pytest.approx([1, 1])
    with pytest.raises(RefusedError, match="listes ne se croisent pas"):
        criterion_by_domain(design, MOTIVES, "last_place")


def test_unknown_answers_stay_in_the_base_between_bounds(design):
    row = bounded_share(design, "answer", yes=["often", "sometimes"]).iloc[0]
    assert row["n"] == 400
    assert row["estimate"] == pytest.approx(design.proportion("answer", level="often")["estimate"][0])
    assert row["high"] == pytest.approx(row["estimate"] + row["unknown_share"])
    assert row["ci_low"] < row["estimate"] < row["high"] < row["high_ci"]


def test_non_recourse_is_a_ratio_over_those_asked(design):
    steps, asked = ["told_friend", "complained"], design.frame["concerned"]
    row = non_recourse(design, steps, asked=asked).iloc[0]
    frame = design.frame[asked]
    none = (frame[steps] == 0).all(axis=1)
    some = (frame[steps] == 1).any(axis=1)
    weights = design.weights[asked]
    assert row["n"] == len(frame)
    assert row["estimate"] == pytest.approx(weights[none].sum() / weights.sum())
    assert row["unknown_share"] == pytest.approx(weights[~none & ~some].sum() / weights.sum())
