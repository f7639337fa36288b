"""Adjusted gaps against R ``survey`` 4.1, the project's own decomposition, replicates, and a known truth."""

import json
from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostic.analysis import census as tools
from diagnostic.analysis.census import sample
from diagnostic.analysis.composition import oaxaca
from diagnostic.analysis.survey import SurveyDesign
from diagnostic.demo.census import EFFECTS
from diagnostic.errors import InputError, RefusedError

pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")
ACTIVE = {"activity": ["employed", "unemployed"], "age": ["from_15_to_24", "from_25_to_54", "from_55_to_64"]}
ORIGIN = {"groups": ("immigrant", "non_immigrant"), "between": "immigration"}
# Reference data are small: what follows checks numbers, the last tests check what is refused.
decompose, logistic, standardise = (
    partial(function, least=1) for function in (tools.decompose, tools.logistic, tools.standardise)
)
PARTS = ("endowments", "coefficients", "interaction", "explained", "unexplained")


@pytest.fixture(scope="module")
def schools(shared):
    folder = shared / "reference" / "r_survey"
    return {name: pd.read_csv(folder / f"{name}.csv") for name in ("apistrat", "apiclus1", "apiclus2")}


@pytest.fixture(scope="module")
def active(census):
    people = sample(census, ["sex", "age", "immigration", "nationality", "diploma", "activity"], keep=ACTIVE)
    order = {"diploma": "higher", "age": "from_25_to_54", "immigration": "non_immigrant"}
    first = {
        name: people.frame[name].cat.reorder_categories(
            [level, *people.frame[name].cat.categories.drop(level)]
        ) for name, level in order.items()
    }  # fmt: skip
    return people.assign(unemployed=(people.frame["activity"] == "unemployed").astype(float), **first)


def test_logistic_is_that_of_r_on_two_stages(schools, shared):
    rows = json.loads((shared / "reference" / "r_survey" / "survey_expected.json").read_text("utf-8"))["results"]
    expected = next(row for row in rows if row["id"] == "dclus2.svyglm.logit")
    table = schools["apiclus2"].assign(no=lambda t: (t["sch.wide"] == "No").astype(float))
    design = SurveyDesign(table, clusters=["dnum", "snum"], fpc=["fpc1", "fpc2"])
    found = logistic(design, "no", ["stype", "meals"])
    np.testing.assert_allclose(found.terms["coefficient"], expected["estimate"], rtol=1e-8)
    np.testing.assert_allclose(found.terms["se"], expected["se"], rtol=1e-7)
    assert found.df == expected["extra"]["df"]


def test_logistic_is_that_of_r_with_clusters_and_weights(schools):
    """``svyglm(I(awards=="Yes")~stype+ell, svydesign(id=~dnum, weights=~pw), family=quasibinomial)``, R 4.2.2."""
    table = schools["apiclus1"].assign(award=lambda t: (t["awards"] == "Yes").astype(float))
    found = logistic(SurveyDesign(table, "pw", clusters="dnum"), "award", ["stype", "ell"])
    expected = [0.6658002940154220, -1.2478588832229895, -1.0215819596394302, 0.0193853003974759]
    errors = [0.3207833267477463, 0.6225997642877237, 0.5482967139218741, 0.0119289633070972]
    np.testing.assert_allclose(found.terms["coefficient"], expected, rtol=1e-8)
    np.testing.assert_allclose(found.terms["se"], errors, rtol=1e-6)  # R stops its iterations at 1e-8
    assert found.df == 11


def test_standardised_means_are_those_of_r(schools):
    """``svyby(~api00, ~awards, svystandardize(d, ~stype, ~awards, tapply(pw, stype, sum)), svymean)``, R 4.2.2."""
    design = SurveyDesign(schools["apistrat"], "pw")
    found = standardise(design, "api00", groups=("Yes", "No"), between="awards", by=["stype"])
    assert found.rates.loc["No", "adjusted"] == pytest.approx(643.619682459343, abs=1e-9)
    assert found.rates.loc["Yes", "adjusted"] == pytest.approx(677.229793845269, abs=1e-9)
    assert found.compared == pytest.approx(1.0)


def test_the_gap_as_it_is_is_that_of_a_contrast(active):
    found = standardise(active, "unemployed", by=["sex", "age", "diploma"], **ORIGIN)
    plain = active.contrast("unemployed", **ORIGIN).iloc[0]
    assert found.gap.value == pytest.approx(plain["estimate"], rel=1e-12)
    assert found.gap.se == pytest.approx(plain["se"], rel=1e-9)


def test_with_equal_weights_parts_are_those_of_oaxaca(active):
    rows = np.arange(0, len(active), 13)
    frame = active.frame.iloc[rows].reset_index(drop=True)
    covariates = pd.get_dummies(frame[["sex", "age", "diploma"]], drop_first=True).astype(float)
    ours = (frame["immigration"] == "immigrant").to_numpy()
    for reference in ("pooled", "jann", 0.3):
        found = decompose(
            SurveyDesign(frame), "unemployed", by=["sex", "age", "diploma"], reference=reference, **ORIGIN
        )
        replicates = 150 if reference == "pooled" else 2
        expected = oaxaca(frame["unemployed"], covariates, first=ours, reference=reference, replicates=replicates)
        assert found.gap == pytest.approx(expected.gap, abs=1e-12)
        np.testing.assert_allclose(found.detail, expected.detail, atol=1e-10)
        for name in PARTS:
            assert getattr(found, name).value == pytest.approx(getattr(expected, name).value, abs=1e-10)
            # 150 bootstrap samples: a standard error known to 6 %, and the bootstrap keeps the group sizes.
            if reference == "pooled":
                assert getattr(found, name).se == pytest.approx(getattr(expected, name).se, rel=0.25)


def test_linearised_errors_are_those_of_the_jackknife(schools):
    table = schools["apistrat"].assign(comp=lambda t: (t["comp.imp"] == "Yes").astype(float))
    size = len(table)
    weights = np.outer(table["pw"], np.ones(size)) * size / (size - 1) * (1 - np.eye(size))
    replicated = SurveyDesign.from_replicates(table, "pw", replicates=weights, method="JK1")
    taylor = SurveyDesign(table, "pw")
    asked = {"groups": ("Yes", "No"), "between": "sch.wide", "by": ["ell"]}
    one, two = (decompose(design, "api00", **asked) for design in (taylor, replicated))
    for name in PARTS:
        assert getattr(one, name).value == pytest.approx(getattr(two, name).value)
        assert getattr(one, name).se == pytest.approx(getattr(two, name).se, rel=0.06)
    first, second = (logistic(design, "comp", ["ell"]) for design in (taylor, replicated))
    np.testing.assert_allclose(first.terms["se"], second.terms["se"], rtol=0.03)


def test_logistic_finds_the_law_that_drew_the_persons(active):
    terms = logistic(active, "unemployed", ["sex", "age", "immigration", "nationality", "diploma"]).terms
    truth = [EFFECTS[level or variable] for variable, level in zip(terms["variable"], terms["level"], strict=True)]
    assert (((terms["coefficient"] - truth) / terms["se"]).abs() < 3.5).all()
    origin = terms.set_index("level").loc["immigrant"]
    assert origin["ci_low"] > 0
    assert origin["odds"] == pytest.approx(np.exp(origin["coefficient"]))


def test_persons_of_one_household_are_one_unit(active):
    alone = SurveyDesign(active.frame, "weight")
    asked = {"by": ["sex", "age", "diploma"]} | ORIGIN
    assert active.df < alone.df
    together, apart = (standardise(design, "unemployed", **asked) for design in (active, alone))
    assert together.adjusted.value == pytest.approx(apart.adjusted.value, rel=1e-12)
    assert together.adjusted.se != pytest.approx(apart.adjusted.se, rel=1e-6)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 2), st.integers(0, 1), st.floats(0.5, 5)),
                min_size=12, max_size=40))  # fmt: skip
def test_alike_rates_leave_no_adjusted_gap(rows):
    """Where the outcome follows the situation alone, nothing stays between alike persons."""
    frame = pd.DataFrame(rows, columns=["group", "situation", "_", "w"])
    frame = pd.concat([frame, pd.DataFrame({"group": [0, 0, 0, 1, 1, 1], "situation": [0, 1, 2] * 2, "w": 1.0})])
    frame = frame.assign(group=frame["group"].map({0: "a", 1: "b"}), situation=frame["situation"].map(str))
    frame["y"] = frame["situation"].map({"0": 10.0, "1": 25.0, "2": 60.0})
    found = standardise(
        SurveyDesign(frame.reset_index(drop=True), "w"), "y", groups=("a", "b"), between="group", by=["situation"]
    )
    assert found.adjusted.value == pytest.approx(0, abs=1e-9)
    assert found.adjusted.se == pytest.approx(0, abs=1e-6)


def test_situations_of_one_group_only_are_left_out_and_said():
    frame = pd.DataFrame({
        "group": ["a", "a", "a", "b", "b"], "diploma": ["no", "no", "yes", "no", "no"], "y": [1.0, 0, 1, 0, 0],
    })  # fmt: skip
    found = standardise(SurveyDesign(frame), "y", groups=("a", "b"), between="group", by=["diploma"])
    assert found.compared == pytest.approx(0.8)
    assert found.adjusted.value == pytest.approx(0.5)
    with pytest.raises(InputError, match="aucune situation commune"):
        standardise(
            SurveyDesign(frame.assign(diploma=frame["group"])), "y", groups=("a", "b"), between="group",
            by=["diploma"],
        )  # fmt: skip


@pytest.fixture
def few():
    return pd.DataFrame({"y": [0.0, 1, 0, 1, 1, 0], "g": list("aabbab"), "x": [1.0, 2, 3, 5, 5, 6]})


def test_an_endless_coefficient_is_refused(few):
    few["certain"] = np.where(few["y"] == 1, "yes", "no")
    with pytest.raises(InputError, match=r"sans limite.*certain"):
        logistic(SurveyDesign(few), "y", ["certain"])


def test_collinear_covariates_are_refused(few):
    few["twice"] = 2 * few["x"]
    with pytest.raises(InputError, match="se déduisent"):
        logistic(SurveyDesign(few), "y", ["x", "twice"])
    with pytest.raises(InputError) as told:
        decompose(SurveyDesign(few), "y", groups=("a", "b"), between="g", by=["x", "twice"], reference="ols")
    assert len(told.value.faults) == 2


def test_answers_that_are_absent_or_not_yes_or_no_are_refused(few):
    with pytest.raises(InputError, match="0 ou 1"):
        logistic(SurveyDesign(few), "x", ["g"])
    with pytest.raises(InputError, match=r"réponse absente.*x"):
        logistic(SurveyDesign(few.assign(x=np.nan)), "y", ["x"])
    with pytest.raises(InputError, match=r"groupe inconnu.*c"):
        standardise(SurveyDesign(few), "y", groups=("a", "c"), between="g", by=["x"])


def test_a_sample_not_drawn_at_random_is_refused(few):
    with pytest.raises(RefusedError, match="hasard"):
        logistic(SurveyDesign(few, basis="volunteer"), "y", ["x"])


def test_the_sample_holds_no_number_of_the_file(census, raw):
    people = sample(census, ["sex"], keep={"canton": ["9901"]})
    assert set(people.frame) == {"sex", "weight", "stratum", "household"}
    here = raw[raw["CANTVILLE"] == "9901"]
    households = here.loc[here["NUMMI"] != "Z", "NUMMI"].nunique() + (here["NUMMI"] == "Z").sum()
    assert people.frame["household"].nunique() == households
    assert people.df == households - 1


def test_the_sample_counts_as_the_table(census, raw):
    people = sample(census, ["sex"]).assign(one=1.0)
    total = people.total("one", by="sex").set_index("sex")["estimate"]
    assert total["women"] == pytest.approx(raw.loc[raw["SEXE"] == "2", "IPONDI"].sum(), rel=1e-9)


def test_unknown_codes_are_refused_in_a_sample(persons):
    with pytest.raises(InputError, match=r"IMMI.*'0'"):
        sample(persons({"IMMI": "0"}, {"NUMMI": "2"}), ["immigration"])


def test_small_groups_and_rare_answers_are_refused(active):
    kept = active.frame.groupby("immigration", observed=True).cumcount() < 29
    small = SurveyDesign(active.frame[kept | (active.frame["immigration"] == "non_immigrant")], "weight")
    asked = {"by": ["sex"]} | ORIGIN
    for function in (tools.standardise, tools.decompose):
        with pytest.raises(RefusedError, match=r"immigrant.*29"):
            function(small, "unemployed", **asked)
    with pytest.raises(RefusedError, match=r"immigrant.*29"):
        tools.logistic(small, "unemployed", ["immigration"])
    # Thirty-one persons, four of whom have the answer.
    rare = pd.DataFrame({"g": ["a"] * 31 + ["b"] * 90, "y": [1.0] * 4 + [0.0] * 27 + [1.0, 0.0, 0.0] * 30})
    with pytest.raises(RefusedError, match="dont 5 de chaque"):
        tools.standardise(SurveyDesign(rare.assign(all="x")), "y", groups=("a", "b"), between="g", by=["all"])
    rare.loc[30, "y"] = 1.0
    found = tools.standardise(SurveyDesign(rare.assign(all="x")), "y", groups=("a", "b"), between="g", by=["all"])
    assert found.rates.loc["a", "n"] == 31
