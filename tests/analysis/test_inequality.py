"""Segregation against R's segregation 1.1.0 and PySAL's segregation 2.5.4; inequality by hand."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from diagnostic.analysis.inequality import (
    concentration_index,
    dissimilarity,
    entropy_index,
    exposure,
    isolation,
    mutual_information,
    resampled,
    ridits,
    slope_index,
    theil,
    theil_parts,
)
from diagnostic.errors import InputError


@pytest.fixture(scope="module")
def schools(shared):
    folder = shared / "reference" / "segregation"
    rows = pd.read_csv(folder / "schools00.csv")
    keys = ["state", "district", "school"]
    table = rows.pivot_table(index=keys, columns="race", values="n", aggfunc="sum", fill_value=0)
    return table, json.loads((folder / "segregation_expected.json").read_text("utf-8"))["values"]


def test_indices_are_those_of_r(schools):
    table, expected = schools
    assert entropy_index(table) == pytest.approx(expected["mutual_total_school"]["H"], abs=1e-12)
    assert mutual_information(table) == pytest.approx(expected["mutual_total_school"]["M"], abs=1e-12)
    assert dissimilarity(table[["white", "black"]]) == pytest.approx(
        expected["dissimilarity_white_black"], abs=1e-12
    )


def test_exposures_are_those_of_r(schools):
    table, expected = schools
    met = pd.DataFrame(exposure(table), index=table.columns, columns=table.columns)
    for row in expected["exposure"]:
        assert met.loc[row["of"], row["to"]] == pytest.approx(row["exposure"], abs=1e-12)
    for row in expected["isolation"]:
        assert met.loc[row["race"], row["race"]] == pytest.approx(row["isolation"], abs=1e-12)


@pytest.mark.parametrize("group", ["g1", "g2"])
def test_indices_are_those_of_pysal(shared, group):
    folder = shared / "reference" / "segregation"
    rows = pd.read_csv(folder / "toy_units.csv")
    expected = json.loads((folder / "pysal_expected.json").read_text("utf-8"))
    one = expected["single"][f"toy:{group}"]
    two = np.column_stack([rows[group], rows["total"] - rows[group]])
    assert dissimilarity(two) == pytest.approx(one["Dissim"], abs=1e-12)
    assert isolation(two) == pytest.approx(one["Isolation"], abs=1e-12)
    assert entropy_index(two) == pytest.approx(one["Entropy"], abs=1e-12)
    whole = entropy_index(rows[["g1", "g2", "g3", "g4"]])
    assert whole == pytest.approx(expected["multi"]["toy"]["MultiInfoTheory"], abs=1e-12)


counts = st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200)), min_size=2, max_size=8).map(np.array)


@settings(deadline=None, max_examples=50)
@given(counts)
def test_indices_stay_within_their_bounds(table):
    assume((table.sum(axis=0) > 0).all())
    assert -1e-12 <= dissimilarity(table) <= 1 + 1e-12
    assert -1e-12 <= entropy_index(table) <= 1 + 1e-12
    assert exposure(table).sum(axis=1) == pytest.approx(1)
    # Order of places, and places that hold nobody, do not count.
    more = np.vstack([table[::-1], [0, 0]])
    assert dissimilarity(more) == pytest.approx(dissimilarity(table), abs=1e-12)


def test_chance_alone_is_not_segregation():
    """Small places drawn from one population: the plain index is far from 0, the corrected one is not."""
    generator = np.random.default_rng(1)
    members = generator.binomial(20, 0.3, size=40)
    found = resampled(dissimilarity, np.column_stack([members, 20 - members]))
    assert found.value > 0.1
    assert found.corrected < found.value / 1.5
    assert found.low <= found.corrected <= found.high


def test_the_same_seed_gives_the_same_interval():
    table = [[30, 70], [60, 40], [10, 90]]
    assert resampled(entropy_index, table) == resampled(entropy_index, table)


@pytest.mark.parametrize("wrong", [[[1, np.nan]], [[1, -1]], [[0, 5], [0, 2]], [1, 2], [[0, 0]]])
def test_wrong_counts_are_refused(wrong):
    with pytest.raises(InputError):
        dissimilarity(wrong)


# Theil.


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.floats(1, 1e5), min_size=4, max_size=10), st.lists(st.floats(0.1, 10), min_size=10, max_size=10)
)
def test_theil_is_positive_scale_free_and_adds_up(values, loads):
    weights = loads[: len(values)]
    whole = theil(values, weights=weights)
    assert whole >= -1e-12
    assert theil(np.multiply(values, 7), weights=weights) == pytest.approx(whole, abs=1e-9)
    between, within = theil_parts(values, np.arange(len(values)) % 2, weights=weights)
    assert between + within == pytest.approx(whole, abs=1e-12)
    assert min(between, within) >= -1e-9


# Slope, relative and concentration indices.


def test_slope_on_a_straight_line_is_exact():
    weights = np.array([100, 300, 200, 400])
    order = np.array([1, 2, 3, 4])
    rate = 10 + 8 * ridits(order, weights)
    slope, relative = slope_index(rate, order=order, weights=weights)
    mean = float(weights @ rate / weights.sum())
    assert (slope.value, relative.value) == pytest.approx((8, 8 / mean))
    assert slope.se == pytest.approx(0, abs=1e-9)


def test_ties_share_their_rank():
    assert ridits([5, 5, 9], [1, 1, 2]).tolist() == [0.25, 0.25, 0.75]


def test_concentration_is_the_covariance_with_rank():
    weights, order, rate = np.array([2, 3, 5.0]), np.array([1, 2, 3]), np.array([9.0, 4.0, 1.0])
    rank, share = ridits(order, weights), weights / weights.sum()
    mean = share @ rate
    covariance = share @ ((rate - mean) * (rank - share @ rank))
    found = concentration_index(rate, order=order, weights=weights)
    assert found.value == pytest.approx(2 * covariance / mean)
    assert found.value < 0


def test_robust_errors_cover_the_true_slope():
    generator = np.random.default_rng(5)
    order, weights, inside = np.arange(40), generator.uniform(50, 500, 40), 0
    for _ in range(200):
        rate = 20 + 6 * ridits(order, weights) + generator.normal(0, 2, 40)
        slope, _ = slope_index(rate, order=order, weights=weights)
        inside += slope.low <= 6 <= slope.high
    assert 0.88 <= inside / 200 <= 0.99


def test_a_slope_needs_three_places_and_a_ranking():
    with pytest.raises(InputError, match="trois lieux"):
        slope_index([1, 2], order=[1, 2], weights=[1, 1])
    with pytest.raises(InputError, match="rangs différents"):
        slope_index([1, 2, 3], order=[1, 1, 1], weights=[1, 1, 1])
