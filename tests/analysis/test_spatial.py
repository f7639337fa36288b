"""Moran's I against R's spdep 1.2.7 on the Columbus data."""

import json

import numpy as np
import pandas as pd
import pytest

from diagnostic.analysis.spatial import local_moran, moran, nearest_weights
from diagnostic.errors import InputError


@pytest.fixture(scope="module")
def columbus(shared):
    folder = shared / "reference" / "moran"
    crime = pd.read_csv(folder / "columbus_COLOLD.csv")["CRIME"].to_numpy()
    edges = pd.read_csv(folder / "columbus_COLnb_edges_1based.csv")
    binary = np.zeros((len(crime), len(crime)))
    binary[edges["i"] - 1, edges["j"] - 1] = 1
    expected = json.loads((folder / "moran_expected.json").read_text("utf-8"))["values"]
    return crime, {"B": binary, "W": binary / binary.sum(axis=1, keepdims=True)}, expected


@pytest.mark.parametrize("style", ["W", "B"])
def test_moran_is_that_of_r(columbus, style):
    crime, weights, expected = columbus
    found, one = moran(crime, weights[style]), expected[f"CRIME.{style}"]
    assert found.value == pytest.approx(one["I"], abs=1e-12)
    assert found.expected == pytest.approx(one["EI"], abs=1e-12)
    assert found.variance == pytest.approx(one["VI_rand"], abs=1e-12)
    assert found.z == pytest.approx(one["z_rand"], abs=1e-10)
    assert found.p_value == pytest.approx(one["p_rand_greater"], rel=1e-8)


@pytest.mark.parametrize("style", ["W", "B"])
def test_local_indices_are_those_of_r(columbus, style):
    crime, weights, expected = columbus
    found, one = local_moran(crime, weights[style]), expected[f"CRIME.local.{style}"]
    assert found["local"].to_numpy() == pytest.approx(one["Ii"], abs=1e-10)
    assert found["z"].to_numpy() == pytest.approx(one["Zi"], abs=1e-10)


def test_local_indices_add_up_to_the_whole(columbus):
    crime, weights, _ = columbus
    whole = moran(crime, weights["W"]).value
    assert local_moran(crime, weights["W"])["local"].mean() == pytest.approx(whole)


def test_clusters_are_those_that_stand_out_and_point_the_right_way(columbus):
    crime, weights, _ = columbus
    found = local_moran(crime, weights["W"])
    high = found["cluster"] == "high_high"
    assert high.any()
    assert (crime[high] > crime.mean()).all()
    assert (found.loc[found["cluster"] != "", "p_value"] < 0.1).all()


def test_nearest_places_do_not_hold_the_place_itself():
    points = np.random.default_rng(0).uniform(size=(40, 2))
    weights = nearest_weights(points, count=6)
    assert weights.sum(axis=1) == pytest.approx(1)
    assert np.diag(weights).tolist() == [0] * 40
    doubled = nearest_weights(np.vstack([points[:5], points[:5]]), count=2)
    assert np.diag(doubled).tolist() == [0] * 10


@pytest.mark.parametrize(
    ("values", "words"), [([1.0] * 40, "égales"), ([np.nan] * 40, "absentes"), ([1.0, 2.0, 3.0], "trop peu")]
)
def test_what_has_no_autocorrelation_is_refused(values, words):
    weights = np.ones((len(values), len(values)))
    with pytest.raises(InputError, match=words):
        moran(values, weights)
