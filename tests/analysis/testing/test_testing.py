"""Testing campaigns, held to R ``callback`` 0.1.1 on three French campaigns, to simulation, and to hand counts."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostic.analysis.testing import COLUMNS, compare, compare_all, effects, offers_needed, power, power_table
from diagnostic.errors import InputError

CAMPAIGNS = {
    "inter1": ("inter1", ["gender", "origin"], None),
    "gender1": ("gender1", ["gender", "age", "child"], None),
    "address1_city": ("address1", ["gender", "origin", "city"], None),
    "address1_U": ("address1", ["gender", "origin", "mediaexp"], ("reput", "U")),
}


@pytest.fixture(scope="module")
def reference(shared):
    folder = shared / "reference" / "testing"

    def read(name):
        return pd.read_csv(folder / f"{name}.csv")

    return read


def campaign(reference, name):
    file, by, kept = CAMPAIGNS[name]
    table = reference(file)
    return (table if kept is None else table[table[kept[0]].eq(kept[1])]), by


def key(values):
    return ".".join("".join(c if c.isalnum() else "." for c in str(value)) for value in values)


@pytest.mark.parametrize("name", CAMPAIGNS)
def test_it_gives_what_r_gives(reference, name):
    table, by = campaign(reference, name)
    expected = {kind: reference(f"expected_stat_{kind}").set_index(["dataset", "comparison"]).loc[name]
                for kind in ("count", "mcr", "ecs")}  # fmt: skip
    types = {key(one): one for one in table[by].drop_duplicates().itertuples(index=False, name=None)}
    assert len(expected["count"]) == len(types) - 1
    for comparison in expected["count"].index:
        first, second = (dict(zip(by, types[side], strict=True)) for side in comparison.split(".vs."))
        found = compare(table, reference=first, tested=second)
        count, rates, exclusive = (expected[kind].loc[comparison] for kind in ("count", "mcr", "ecs"))
        names = ("tests", "c00", "c10", "c01", "c11")
        assert [found[one] for one in ("offers", "neither", "only_reference", "only_tested", "both")] == [
            count[one] for one in names
        ]
        pairs = {
            "rate_reference": 100 * rates["p_cand1"], "rate_tested": 100 * rates["p_cand2"],
            "difference": 100 * rates["p_cand_dif"],
            "rate_reference_low": 100 * rates["cp.inf_p_cand1"],
            "rate_reference_high": 100 * rates["cp.sup_p_cand1"],
            "rate_tested_low": 100 * rates["cp.inf_p_cand2"], "rate_tested_high": 100 * rates["cp.sup_p_cand2"],
            "wilson_low": 100 * rates["wilson.inf_cand_dif"], "wilson_high": 100 * rates["wilson.sup_cand_dif"],
            "difference_low": 100 * rates["student.inf_cand_dif"],
            "difference_high": 100 * rates["student.sup_cand_dif"], "student": rates["t.student.Student"],
            "p_student": rates["t.student.p_Student"], "p_fisher": rates["t.fisher.p_Fisher"],
            "exclusive_share": 100 * exclusive["p_cand1"],
        }  # fmt: skip
        for entry, value in pairs.items():
            assert found[entry] == pytest.approx(value, rel=1e-6, abs=1e-6), (comparison, entry)


def test_the_best_of_two_answers_is_refused_and_the_mean_creates_no_difference(reference):
    """Keeping the better answer gives -9.8 points (p < .0001) where there is none."""
    table = reference("address1")
    sides = {"reference": {"gender": "Man", "origin": "F", "reput": "P"},
             "tested": {"gender": "Man", "origin": "F", "reput": "U"}}  # fmt: skip
    with pytest.raises(InputError, match="plusieurs candidatures du même type"):
        compare(table, **sides)
    trap = reference("expected_stat_mcr").set_index(["dataset", "comparison"])
    assert trap.loc[("address1_maxrule_trap", "Man.F.P.vs.Man.F.U"), "p_cand_dif"] < -0.09
    fair = compare(table, **sides, several="mean")
    assert fair["difference"] == pytest.approx(-2.28, abs=0.01)
    assert fair["p_student"] > 0.2
    assert pd.isna(fair["p_mcnemar"])


def sent(counts):
    both, first, second, neither = counts
    answers = [(1, 1)] * both + [(1, 0)] * first + [(0, 1)] * second + [(0, 0)] * neither
    return pd.DataFrame([
        {"offer": rank, "sex": sex, "callback": bool(value)}
        for rank, pair in enumerate(answers) for sex, value in zip("HF", pair, strict=True)
    ])  # fmt: skip


@settings(deadline=None)
@given(st.tuples(*[st.integers(0, 12)] * 4).filter(lambda counts: sum(counts) >= 2), st.randoms())
def test_sides_exchange_and_order_does_not_count(counts, random):
    table = sent(counts)
    found = compare(table, reference={"sex": "H"}, tested={"sex": "F"})
    turned = compare(table, reference={"sex": "F"}, tested={"sex": "H"})
    mixed = compare(
        table.sample(frac=1, random_state=random.randrange(99)), reference={"sex": "H"}, tested={"sex": "F"}
    )
    assert [found[one] for one in ("both", "only_reference", "only_tested", "neither")] == list(counts)
    assert found["difference"] == pytest.approx(-turned["difference"])
    assert found["p_mcnemar"] == pytest.approx(turned["p_mcnemar"])
    pd.testing.assert_series_equal(found, mixed)


def test_mcnemar_is_exact():
    found = compare(sent((3, 9, 1, 4)), reference={"sex": "H"}, tested={"sex": "F"})
    assert found["p_mcnemar"] == pytest.approx(2 * 11 / 2**10)  # 0 or 1 among ten, both sides


def test_all_candidates_beside_one_with_holm(reference):
    table, by = campaign(reference, "inter1")
    found = compare_all(table, by, reference=("Man", "F"))
    assert list(found.columns) == COLUMNS
    assert len(found) == 7
    order = found.sort_values("p_student")
    assert (order["p_adjusted"].diff().dropna() >= 0).all()
    assert order["p_adjusted"].iloc[0] == pytest.approx(min(1, 7 * order["p_student"].iloc[0]))


def test_faults_are_said_in_french():
    table = sent((1, 1, 1, 1))
    with pytest.raises(InputError, match="colonne absente"):
        compare(table, reference={"sexe": "H"}, tested={"sexe": "F"})
    with pytest.raises(InputError, match="référence absent"):
        compare_all(table, ["sex"], reference=("X",))
    with pytest.raises(InputError, match="aucune offre"):
        compare(table[table["sex"].eq("H") | table["offer"].gt(99)], reference={"sex": "H"}, tested={"sex": "F"})
    with pytest.raises(InputError, match="case vide"):
        compare(table.assign(callback=[None, *table["callback"][1:]]), reference={"sex": "H"}, tested={"sex": "F"})


def test_one_trait_alone_is_the_matched_difference():
    table = sent((20, 15, 5, 30))
    found = effects(table, {"sex": "H"}).iloc[0]
    matched = compare(table, reference={"sex": "H"}, tested={"sex": "F"})
    assert found["effect"] == pytest.approx(-matched["difference"])
    assert found["se"] == pytest.approx(100 * _paired_error(table), rel=1e-9)


def _paired_error(table):
    wide = table.pivot_table(index="offer", columns="sex", values="callback", aggfunc="mean").astype(float)
    gaps = wide["H"] - wide["F"]
    return gaps.std(ddof=1) / np.sqrt(len(gaps))


def test_interactions_are_found_and_traits_that_go_together_refused():
    rng = np.random.default_rng(7)
    rows = []
    for offer in range(3000):
        mood = rng.normal(0, 0.1)
        for sex in "HF":
            for origin in "AB":
                rate = 0.5 + mood - 0.05 * (sex == "F") - 0.10 * (origin == "B") - 0.15 * (sex + origin == "FB")
                rows.append({"offer": offer, "sex": sex, "origin": origin, "callback": rng.random() < rate})
    table = pd.DataFrame(rows)
    found = effects(table, {"sex": "H", "origin": "A"}).set_index("trait")
    for trait, truth in (("sex : F", -5), ("origin : B", -10), ("sex : F × origin : B", -15)):
        assert found.loc[trait, "low"] - 1 < truth < found.loc[trait, "high"] + 1
    with pytest.raises(InputError, match="toujours avec un autre"):
        effects(table.assign(twin=table["sex"]), {"sex": "H", "twin": "H"}, interactions=False)


def test_the_power_is_the_one_that_simulation_gives():
    rng = np.random.default_rng(3)
    n = offers_needed(10, 30)
    draws = rng.multinomial(n, [0.20, 0.10, 0.70], size=4000)
    z = (draws[:, 0] - draws[:, 1]) / np.sqrt(draws[:, 0] + draws[:, 1])
    assert (np.abs(z) > 1.96).mean() == pytest.approx(0.8, abs=0.025)
    assert power(n, 10, 30) == pytest.approx(0.8, abs=0.01)
    table = power_table()
    assert (table["offers_90"] > table["offers_80"]).all()
    with pytest.raises(InputError, match="incompatibles"):
        offers_needed(20, 10)
