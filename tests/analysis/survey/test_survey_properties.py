"""What must hold on any survey."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostic.analysis.survey import SurveyDesign
from diagnostic.analysis.survey.intervals import guarded_df, proportion_interval

INTERVALS = ("beta", "nchs", "guarded", "wilson", "logit")
MEASURES = ["estimate", "se", "ci_low", "ci_high", "n_eff", "deff"]


@st.composite
def surveys(draw):
    """Clustered surveys with unequal weights, four strata, a yes/no item with empty answers and a group."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    strata, clusters, people = draw(st.integers(1, 4)), draw(st.integers(2, 5)), draw(st.integers(1, 6))
    n = strata * clusters * people
    cluster = np.repeat(np.arange(strata * clusters), people)
    yes = (rng.random(n) < draw(st.sampled_from([0.0, 0.05, 0.3, 0.9]))).astype(float)
    yes[rng.random(n) < draw(st.sampled_from([0.0, 0.1]))] = np.nan
    return pd.DataFrame({
        "stratum": cluster // clusters, "cluster": cluster, "w": rng.uniform(0.2, 5, n), "yes": yes,
        "score": rng.normal(10, 3, n), "group": rng.choice(["a", "b", "c"], n), "sex": rng.choice(["f", "m"], n),
    })  # fmt: skip


def design_of(frame):
    return SurveyDesign(frame, "w", strata="stratum", clusters="cluster")


def same(first, second, columns=MEASURES, rtol=1e-7):
    # Variances that are rounding of zero have no relative precision.
    np.testing.assert_allclose(first[columns], second[columns], rtol=rtol, atol=1e-9)


@given(surveys())
@settings(deadline=None, max_examples=40)
def test_a_domain_by_mask_is_the_domain_by_group(frame):
    design = design_of(frame)
    table = design.mean(["yes", "score"], by="group")
    for group in frame["group"].unique():
        alone = design.mean(["yes", "score"], where=frame["group"] == group)
        same(table[table["group"] == group], alone)


@given(surveys(), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=40)
def test_the_order_of_rows_changes_nothing(frame, random):
    rows = list(range(len(frame)))
    random.shuffle(rows)
    for table in (lambda d: d.mean("score", by="sex"), lambda d: d.proportion("yes", by="sex")):
        same(table(design_of(frame)), table(design_of(frame.iloc[rows].reset_index(drop=True))))


@given(surveys(), st.floats(0.01, 1000))
@settings(deadline=None, max_examples=40)
def test_scaling_the_weights_scales_only_totals(frame, factor):
    scaled = frame.assign(w=frame["w"] * factor)
    same(design_of(frame).proportion("yes", by="sex"), design_of(scaled).proportion("yes", by="sex"))
    before, after = design_of(frame).total("score"), design_of(scaled).total("score")
    assert after["se"][0] == pytest.approx(before["se"][0] * factor, rel=1e-9)


@given(surveys(), st.floats(0.1, 0.9))
@settings(deadline=None, max_examples=40)
def test_splitting_a_weight_inside_its_cluster_changes_no_standard_error(frame, part):
    first = frame.iloc[[0]]
    split = pd.concat([first.assign(w=first["w"] * part), first.assign(w=first["w"] * (1 - part)), frame.iloc[1:]])
    split = split.reset_index(drop=True)
    same(design_of(frame).mean("score"), design_of(split).mean("score"), ["estimate", "se", "ci_low", "ci_high"])


@given(surveys())
@settings(deadline=None, max_examples=40)
def test_an_estimate_lies_within_an_interval_of_positive_width_or_says_why_not(frame):
    for interval in INTERVALS:
        table = design_of(frame).proportion("yes", by="group", interval=interval)
        known = table["note"] == ""
        shown = table[known]
        assert (shown["ci_low"] <= shown["estimate"] + 1e-12).all()
        assert (shown["ci_high"] >= shown["estimate"] - 1e-12).all()
        assert (shown["ci_high"] > shown["ci_low"]).all()
        assert (shown["ci_low"] >= 0).all()
        assert (shown["ci_high"] <= 1).all()
        assert table.loc[~known, "ci_low"].isna().all()
        assert shown[["estimate", "se", "n_eff", "deff"]].notna().all(axis=None)


@given(surveys())
@settings(deadline=None, max_examples=40)
def test_raked_margins_equal_their_targets(frame):
    targets = {
        name: {level: 1000.0 * share for level, share in zip(levels, shares, strict=True)}
        for name, levels in (("sex", sorted(frame["sex"].unique())), ("group", sorted(frame["group"].unique())))
        for shares in [np.arange(1, len(levels) + 1) / np.arange(1, len(levels) + 1).sum()]
    }
    raked = design_of(frame).rake(targets, sweeps=2000)
    if not raked.adjustments[-1].converged:  # empty crossings may forbid some margins
        assert raked.adjustments[-1].gap > 1e-10
        return
    for name, totals in targets.items():
        reached = pd.Series(raked.weights).groupby(frame[name]).sum()
        np.testing.assert_allclose(reached, list(totals.values()), rtol=1e-8)


@given(surveys())
@settings(deadline=None, max_examples=40)
def test_a_total_it_was_calibrated_on_has_no_variance(frame):
    totals = dict.fromkeys(frame["sex"].unique(), 100.0)
    fitted = design_of(frame).poststratify({"sex": totals}).assign(one=(frame["sex"] == "f").astype(float))
    table = fitted.total("one")
    assert table["estimate"][0] == pytest.approx(totals.get("f", 0.0))
    assert table["se"][0] == 0
    assert table["note"][0] == "variance nulle : pas d’intervalle"


@given(surveys())
@settings(deadline=None, max_examples=20)
def test_a_contrast_is_the_difference_of_its_groups(frame):
    frame["sex"] = np.where(np.arange(len(frame)) % 2, "f", "m")
    design = design_of(frame)
    means = design.mean("score", by="sex").set_index("sex")["estimate"]
    table = design.contrast("score", between="sex", groups=("f", "m"))
    assert table["estimate"][0] == pytest.approx(means["f"] - means["m"], abs=1e-9)


@given(surveys())
@settings(deadline=None, max_examples=15)
def test_the_jackknife_agrees_with_linearisation_on_a_total(frame):
    """A total is linear: leaving one cluster out of one stratum gives Taylor's variance exactly."""
    clusters = frame["cluster"].unique()
    stratum = frame.groupby("cluster")["stratum"].first()
    size = stratum.map(stratum.value_counts())
    replicates = np.column_stack([
        frame["w"]
        * np.where(frame["cluster"] == left, 0, 1)
        * np.where(frame["stratum"] == stratum[left], size[left] / (size[left] - 1), 1)
        for left in clusters
    ])  # fmt: skip
    jackknife = SurveyDesign.from_replicates(
        frame, "w", replicates=replicates, method="JKn", factors=((size - 1) / size)[clusters]
    )
    taylor = design_of(frame)
    assert jackknife.total("score")["se"][0] == pytest.approx(taylor.total("score")["se"][0], rel=1e-7)
    assert jackknife.df == taylor.df


@given(st.integers(1, 400), st.floats(0, 1), st.floats(0.3, 4), st.integers(1, 400))
@settings(deadline=None, max_examples=200)
def test_the_guarded_interval_holds_the_nchs_interval(n, share, deff, df):
    n, p = float(max(n, 2)), round(share * n) / n
    arrays = {"n": np.array([n]), "n_eff": np.array([n / deff]), "df": np.array([float(df)])}
    low, high = proportion_interval(np.array([p]), **arrays, interval="nchs", confidence=0.95)
    arrays["df"] = guarded_df(arrays["df"], np.array([min(p, 1 - p) * n]))
    wide_low, wide_high = proportion_interval(np.array([p]), **arrays, interval="nchs", confidence=0.95)
    assert wide_low[0] <= low[0] + 1e-9
    assert wide_high[0] >= high[0] - 1e-9
