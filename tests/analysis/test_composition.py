"""Decompositions against R's oaxaca 0.1.5 and Stata's oaxaca, hand computations and identities."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostic.analysis.composition import CAVEAT, Kitagawa, kitagawa, oaxaca, sentence
from diagnostic.errors import InputError

FEW = {"replicates": 2}


@pytest.fixture(scope="module")
def chicago(shared):
    table = pd.read_csv(shared / "reference" / "oaxaca" / "chicago.csv").dropna()
    covariates = table[["age", "female", "LTHS", "some.college", "college", "advanced.degree"]]
    expected = json.loads((shared / "reference" / "oaxaca" / "oaxaca_expected.json").read_text("utf-8"))
    return table["ln.real.wage"].to_numpy(), covariates, (table["foreign.born"] == 0).to_numpy(), expected


def test_threefold_is_that_of_r(chicago):
    outcome, covariates, native, expected = chicago
    found = oaxaca(outcome, covariates, first=native)
    assert found.gap == pytest.approx(expected["y"]["y.diff"], abs=1e-12)
    for name in ("endowments", "coefficients", "interaction"):
        part = getattr(found, name)
        assert part.value == pytest.approx(expected["threefold_overall"][f"coef({name})"], abs=1e-11)
        # R drew 100 samples: its own standard errors move by about 7 %.
        assert part.se == pytest.approx(expected["threefold_overall"][f"se({name})"], rel=0.25)
    for row in expected["plain"]["threefold_vars"][1:]:
        for name in ("endowments", "coefficients", "interaction"):
            assert found.detail.loc[row["_row"], name] == pytest.approx(row[f"coef({name})"], abs=1e-11)


def test_twofold_is_that_of_r_for_every_reference(chicago):
    outcome, covariates, native, expected = chicago
    for row in expected["twofold_overall"]:
        weight = row["group.weight"]
        found = oaxaca(outcome, covariates, first=native, reference={-1: "pooled", -2: "jann"}.get(weight, weight))
        assert found.explained.value == pytest.approx(row["coef(explained)"], abs=1e-11)
        assert found.unexplained.value == pytest.approx(row["coef(unexplained)"], abs=1e-11)
        assert found.explained.se == pytest.approx(row["se(explained)"], rel=0.25)
        assert found.unexplained.se == pytest.approx(row["se(unexplained)"], rel=0.25)


def test_threefold_is_that_of_stata(shared):
    """Values of Stata's oaxaca on the credit card data, as statsmodels' own tests quote them."""
    table = pd.read_csv(shared / "reference" / "oaxaca" / "ccard.csv")
    owner = (table["OWNRENT"] == 1).to_numpy()
    covariates = table[["AGE", "INCOME", "INCOMESQ"]]
    found = oaxaca(table["AVGEXP"].to_numpy(), covariates, first=owner, reference="jann")
    assert found.gap == pytest.approx(158.7504, abs=5e-4)
    assert found.endowments.value == pytest.approx(321.7482, abs=5e-4)
    assert found.coefficients.value == pytest.approx(75.45371, abs=5e-4)
    assert found.interaction.value == pytest.approx(-238.4515, abs=5e-4)
    assert found.explained.value == pytest.approx(130.8095, abs=5e-4)
    assert found.unexplained.value == pytest.approx(27.94091, abs=5e-4)
    assert found.endowments.se == pytest.approx(653.10389, rel=0.15)
    assert found.interaction.se == pytest.approx(655.0323717, rel=0.15)


def records(seed, size=60):
    generator = np.random.default_rng(seed)
    covariates = pd.DataFrame({"age": generator.normal(40, 9, size), "diploma": generator.integers(0, 2, size)})
    first = np.arange(size) % 2 == 0
    return covariates["age"] * 0.1 + generator.normal(0, 1, size) + first, covariates, first


@settings(deadline=None, max_examples=50)
@given(seed=st.integers(0, 10_000), reference=st.one_of(st.floats(0, 1), st.sampled_from(["pooled", "jann"])))
def test_parts_add_up_to_the_gap(seed, reference):
    found = oaxaca(*records(seed)[:2], first=records(seed)[2], reference=reference, **FEW)
    threefold = found.endowments.value + found.coefficients.value + found.interaction.value
    assert threefold == pytest.approx(found.gap, abs=1e-8)
    assert found.explained.value + found.unexplained.value == pytest.approx(found.gap, abs=1e-8)
    assert found.detail.sum().sum() == pytest.approx(found.gap, abs=1e-8)


def test_the_same_seed_gives_the_same_errors():
    outcome, covariates, first = records(3)
    one, two = (oaxaca(outcome, covariates, first=first, **FEW) for _ in range(2))
    assert one.endowments == two.endowments
    assert one.unexplained == two.unexplained


@pytest.mark.parametrize("reference", ["moyenne", 1.5])
def test_an_unknown_reference_is_refused(reference):
    outcome, covariates, first = records(0)
    with pytest.raises(InputError, match="référence"):
        oaxaca(outcome, covariates, first=first, reference=reference)


def test_collinear_covariates_are_refused():
    outcome, covariates, first = records(0)
    with pytest.raises(InputError, match="se déduisent"):
        oaxaca(outcome, covariates.assign(months=covariates["age"] * 12), first=first)


# Kitagawa.


def table(shares, rates):
    return pd.DataFrame({"share": shares, "rate": rates}, index=["sans diplôme", "diplômés"])


shares = st.floats(0.01, 0.99).map(lambda part: [part, 1 - part])
rates = st.lists(st.floats(0, 100), min_size=2, max_size=2)


@settings(deadline=None, max_examples=50)
@given(shares, rates, shares, rates)
def test_kitagawa_adds_up_and_turns_over(share_a, rate_a, share_b, rate_b):
    one, two = table(share_a, rate_a), table(share_b, rate_b)
    found, back = kitagawa(one, two), kitagawa(two, one)
    gap = np.dot(share_a, rate_a) - np.dot(share_b, rate_b)
    assert found.composition + found.rates == pytest.approx(gap, abs=1e-9)
    assert found.detail[["composition", "rates"]].to_numpy().sum() == pytest.approx(gap, abs=1e-9)
    assert back.composition == pytest.approx(-found.composition, abs=1e-9)


@settings(deadline=None, max_examples=50)
@given(shares, rates, rates)
def test_the_same_composition_explains_nothing(share, rate_a, rate_b):
    assert kitagawa(table(share, rate_a), table(share, rate_b)).composition == pytest.approx(0, abs=1e-9)


def test_order_of_categories_does_not_count():
    one, two = table([0.6, 0.4], [30, 60]), table([0.2, 0.8], [40, 70])
    assert kitagawa(one.iloc[::-1], two).composition == pytest.approx(-12)


def test_kitagawa_errors_are_those_of_repeated_draws():
    one, two = table([0.6, 0.4], [30.0, 60.0]), table([0.2, 0.8], [40.0, 70.0])
    found = kitagawa(one, two, sizes=(400, 900))
    generator = np.random.default_rng(0)
    found_again = [kitagawa(draw(generator, one, 400), draw(generator, two, 900)) for _ in range(600)]
    drawn = [(parts.composition, parts.rates) for parts in found_again]
    assert [found.composition_se, found.rates_se] == pytest.approx(np.std(drawn, axis=0), rel=0.12)


def draw(generator, one, size):
    counts = generator.multinomial(size, one["share"])
    return table(counts / size, 100 * generator.binomial(counts, one["rate"] / 100) / counts)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"share": [0.6, 0.6]}, "somme"), ({"rate": [30.0, np.nan]}, "absent")],
    ids=["shares", "absent"],
)
def test_a_wrong_table_is_refused(wrong, words):
    with pytest.raises(InputError, match=words):
        kitagawa(table([0.6, 0.4], [30.0, 60.0]).assign(**wrong), table([0.2, 0.8], [40.0, 70.0]))


def test_words_say_what_composition_does_not_say():
    text = sentence(Kitagawa(-22, -12, -10, np.nan, np.nan, pd.DataFrame()), by="le diplôme")
    assert "environ \N{MINUS SIGN}12,0\u00a0pts" in text
    for word in ("prouve", "discrimination", "présomption"):
        assert word not in text
    assert "n’est pas une mesure de la discrimination" in CAVEAT
