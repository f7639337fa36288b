"""Fay-Herriot against R sae, and what it refuses; figures that may be compared."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostic.analysis.survey import (
    Protocol,
    SurveyDesign,
    benchmark,
    benchmarks,
    compare,
    fay_herriot,
    small_areas,
)
from diagnostic.errors import InputError, RefusedError


@pytest.fixture(scope="module")
def milk(shared):
    folder = shared / "reference" / "small_area"
    frame = pd.read_csv(folder / "milk.csv")
    x = np.column_stack([np.ones(len(frame))] + [frame["MajorArea"] == area for area in (2, 3, 4)]).astype(float)
    expected = json.loads((folder / "sae_expected.json").read_text())
    return frame["yi"].to_numpy(), frame["SD"].to_numpy() ** 2, x, expected


@pytest.mark.parametrize("method", ["REML", "ML"])
def test_milk_equals_r_sae(method, milk):
    """R sae 1.3: ``mseFH(yi ~ as.factor(MajorArea), SD^2, method=...)``; R stops at a relative step of 1e-4."""
    y, psi, x, expected = milk
    fit, wanted = fay_herriot(y, psi, x, method=method), expected[f"milk.mseFH.{method}"]
    assert fit.converged
    for name, key in (
        ("variance", "refvar"),
        ("beta", "beta"),
        ("beta_se", "beta_se"),
        ("eblup", "eblup"),
        ("mse", "mse"),
    ):
        np.testing.assert_allclose(getattr(fit, name), wanted[key], atol=1e-6, rtol=0, err_msg=key)


@given(st.integers(0, 10_000))
@settings(deadline=None, max_examples=30)
def test_a_prediction_lies_between_the_direct_estimate_and_the_regression(seed):
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(20), rng.normal(size=20)])
    y, psi = rng.normal(size=20), rng.uniform(0.1, 2, 20)
    fit = fay_herriot(y, psi, x)
    fixed = x @ fit.beta
    assert ((np.minimum(y, fixed) - 1e-9 <= fit.eblup) & (fit.eblup <= np.maximum(y, fixed) + 1e-9)).all()
    assert fit.variance >= 0
    assert (fit.mse > 0).all()


@pytest.fixture(scope="module")
def survey():
    rng = np.random.default_rng(5)
    areas = np.repeat(np.arange(24), 40)
    poverty = np.linspace(0.2, 0.6, 24)
    truth = 0.1 + 0.4 * poverty
    yes = (rng.random(len(areas)) < truth[areas]).astype(int)
    direct = SurveyDesign(pd.DataFrame({"qpv": areas, "yes": yes})).proportion("yes", by="qpv", interval="guarded")
    return direct, pd.DataFrame({"poverty_rate": poverty}), truth


@pytest.mark.parametrize("transform", ["arcsin", "logit"])
@pytest.mark.parametrize("method", ["REML", "ML"])
def test_the_model_stands_beside_the_direct_estimate_and_comes_closer(transform, method, survey):
    direct, covariates, truth = survey
    found = small_areas(direct, covariates, transform=transform, method=method)
    table = found.areas
    assert table["direct"].tolist() == direct["estimate"].tolist()
    assert ((table["model_low"] < table["model"]) & (table["model"] < table["model_high"])).all()
    assert ((table["model"] - truth) ** 2).mean() < ((table["direct"] - truth) ** 2).mean()
    assert found.coefficients["term"].tolist() == ["intercept", "poverty_rate"]
    assert table.columns[:2].tolist() == ["y", "qpv"]


def test_no_variance_between_areas_is_said(survey):
    direct, covariates, _ = survey
    flat = small_areas(direct.assign(estimate=0.3), covariates)
    assert flat.fit.variance == 0
    assert "estimée nulle" in flat.notice
    assert flat.areas["direct_weight"].eq(0).all()


def test_what_the_model_refuses(survey):
    direct, covariates, _ = survey
    with pytest.raises(RefusedError, match="trop peu de quartiers"):
        small_areas(direct[:14], covariates[:14])
    with pytest.raises(RefusedError, match="trop de covariables"):
        small_areas(direct, pd.concat([covariates.add_suffix(str(k)) for k in range(3)], axis=1))
    for name in (
        "part_étrangers",
        "TX_TOT_ET",
        "immigrant_share",
        "nationalite",
        "POP_IMM",
        "employment_rate__french",
    ):
        with pytest.raises(RefusedError, match="nationalité"):
            small_areas(direct, covariates.set_axis([name], axis=1))
    for name in ("poverty_rate", "median_income", "imposition", "taux_frequentation"):
        small_areas(direct, covariates.set_axis([name], axis=1))


def test_bad_rows_of_a_model(survey):
    direct, covariates, _ = survey
    with pytest.raises(InputError, match="une ligne de covariables"):
        small_areas(direct, covariates[:20])
    with pytest.raises(InputError, match="aucun répondant"):
        small_areas(direct.assign(n=0), covariates)
    with pytest.raises(InputError, match="manquante"):
        small_areas(direct, covariates * np.nan)
    with pytest.raises(InputError, match="se déduisent"):
        small_areas(direct, covariates * 0 + 1)
    with pytest.raises(InputError, match="rien à modéliser"):
        small_areas(direct.assign(estimate=0.0), covariates, transform="logit")


LOCAL = {
    "period": "5 ans", "wording": "teo", "mode": "face_to_face", "field": "France métropolitaine",
    "age_range": "18-49", "response_scale": "often+sometimes", "question_order": "teo", "basis": "random",
}  # fmt: skip


def test_the_same_protocol_may_be_compared():
    assert compare(LOCAL, benchmark("teo2_any_corrected")).allowed
    assert compare(LOCAL, benchmark("teo2_any_corrected")).sentence == ""


@pytest.mark.parametrize("name", [*LOCAL, "step_definition"])
def test_each_difference_is_a_reason(name):
    changed = compare(LOCAL, LOCAL | {name: "autre"})
    assert not changed.allowed
    assert len(changed.reasons) == 1
    assert changed.sentence.startswith("Comparaison non faite")
    unknown = compare(LOCAL | {"step_definition": "plainte"}, LOCAL | {"step_definition": "plainte", name: None})
    assert "document" in unknown.reasons[0]


def test_benchmarks_hold_their_sources_and_their_warnings():
    table = benchmarks()
    assert table.index.is_unique
    assert table["value"].between(0, 100).all()
    assert (table["source"] != "").all()
    assert not table.loc["teo2_any_initial", "citable"]
    with pytest.raises(InputError, match="n’est plus à citer"):
        benchmark("teo2_any_initial")
    with pytest.raises(InputError, match="repère national inconnu"):
        benchmark("rennes")
    assert not compare(Protocol.of(LOCAL), benchmark("vrs_discrim")).allowed


def test_benchmarks_are_those_of_the_reference_file(shared):
    source = pd.read_csv(shared / "survey" / "benchmarks.csv", dtype=str).set_index("id")
    table = benchmarks().rename(index={"teo2_any_corrected": "teo2_any_corrige"})
    numeric = pd.to_numeric(source["value_pct"], errors="coerce").dropna()
    pd.testing.assert_series_equal(table["value"].sort_index(), numeric.sort_index(), check_names=False)
