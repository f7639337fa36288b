"""Counts by commune carried between years, forth and back; the official passage table as judge."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostic.errors import TerritoryError
from diagnostic.territory.vintages import EVENT_COLUMNS, carry_counts, passage

EXACT = 1e-9


def events(*rows):
    return pd.DataFrame([(day, "COM", before, "COM", after) for day, before, after in rows], columns=EVENT_COLUMNS)


MERGED = events(("2019-01-01", "01130", "01130"), ("2019-01-01", "01109", "01130"))
SPLIT = events(("2024-01-01", "85084", "85084"), ("2024-01-01", "85084", "85165"))
KEY = pd.Series({"85084": 30.0, "85165": 10.0})


@pytest.fixture(scope="module")
def real(shared):
    folder = shared / "real/geography"
    moves = pd.read_csv(folder / "mvtcommunes_depuis_2015.csv.gz", dtype=str)
    table = pd.read_csv(folder / "table_passage_com_historique.csv.gz", dtype=str)
    return moves, table.set_index("DEPCOM_HIST")["DEPCOM"]


@pytest.mark.parametrize("since", range(2015, 2025))
def test_all_moves_lead_where_the_official_table_does(real, since):
    moves, official = real
    table = passage(moves, since=since, until=2025)
    whole = table[~table["before"].duplicated(keep=False)]
    assert len(whole) > 100
    assert (official[whole["before"]].to_numpy() == whole["after"]).all()


def test_a_code_that_left_and_came_back(real):
    moves, _ = real
    assert passage(moves, since=2020, until=2022).set_index("before").loc["27676", "after"] == "27058"
    assert passage(moves, since=2020, until=2024).set_index("before").loc["27676", "after"] == "27676"


def test_a_commune_may_change_code_and_merge_on_the_same_day(real):
    moves, _ = real
    table = passage(moves, since=2017, until=2018).set_index("before")
    assert table.loc["49144", "after"] == "44180"
    assert table.loc["14513", "after"] == "50592"


@settings(max_examples=25, deadline=None)
@given(st.integers(2015, 2025), st.integers(2015, 2025), st.integers(0, 1000))
def test_totals_are_conserved_both_ways(real, since, until, seed):
    moves, _ = real
    table = passage(moves, since=since, until=until)
    random = np.random.default_rng(seed)
    codes = [*sorted(set(table["before"])), "59350"]
    counts = pd.Series(random.gamma(0.5, 1000, len(codes)), codes)
    key = pd.Series(random.uniform(1, 10, len(set(table["after"]))), sorted(set(table["after"])))
    found = carry_counts(counts, table, key=key)
    assert found["value"].sum() == pytest.approx(counts.sum(), rel=EXACT)
    assert found.loc["59350", "value"] == counts["59350"]
    again = carry_counts(
        counts.sample(frac=1, random_state=seed), table.sample(frac=1, random_state=seed), key=key
    )
    pd.testing.assert_frame_equal(again.sort_index(), found.sort_index())


def test_a_merger_adds_up_and_stays_observed():
    table = carry_counts(pd.Series({"01109": 10.0, "01130": 30.0}), passage(MERGED, since=2018, until=2020))
    assert table.loc["01130", ["value", "status"]].tolist() == [40, "observed"]
    assert "01109 et 01130" in table.loc["01130", "note"]


def test_a_hidden_part_hides_the_sum():
    counts = pd.Series({"01109": np.nan, "01130": 30.0, "59350": 5.0})
    statuses = pd.Series({"01109": "suppressed", "01130": "observed", "59350": "observed"})
    table = carry_counts(counts, passage(MERGED, since=2018, until=2020), statuses=statuses)
    assert table["status"].to_dict() == {"01130": "suppressed", "59350": "observed"}
    assert np.isnan(table.loc["01130", "value"])
    assert carry_counts(counts, passage(MERGED, since=2018, until=2020)).loc["01130", "status"] == "missing"


def test_a_split_needs_a_key():
    moves = passage(SPLIT, since=2023, until=2024)
    counts = pd.Series({"85084": 100.0})
    for key in (None, KEY.drop("85165"), KEY * 0, -KEY):
        with pytest.raises(TerritoryError, match="sans clé") as caught:
            carry_counts(counts, moves, key=key)
        assert "85084" in str(caught.value)
    table = carry_counts(counts, moves, key=KEY)
    assert table["value"].to_dict() == {"85084": 75, "85165": 25}
    assert set(table["status"]) == {"estimated"}


def test_backwards_a_merger_is_a_split():
    back = passage(MERGED, since=2020, until=2018)
    with pytest.raises(TerritoryError, match="sans clé"):
        carry_counts(pd.Series({"01130": 40.0}), back)
    table = carry_counts(pd.Series({"01130": 40.0}), back, key=pd.Series({"01109": 1.0, "01130": 3.0}))
    assert table["value"].to_dict() == {"01109": 10, "01130": 30}


def test_a_code_of_another_year_is_noticed():
    moves = passage(SPLIT, since=2023, until=2024)
    with pytest.raises(TerritoryError, match="n’existaient pas"):
        carry_counts(pd.Series({"85084": 1.0, "85165": 2.0}), moves, key=KEY)
    with pytest.raises(TerritoryError, match="répétées"):
        carry_counts(pd.Series([1.0, 2.0], ["59350", "59350"]), moves)
    with pytest.raises(TerritoryError, match="antérieur"):
        passage(SPLIT, since=2010, until=2024)


def test_delegated_communes_are_left_aside():
    rows = [("2019-01-01", "COM", "01109", "COMD", "01109"), ("2019-01-01", "COM", "01109", "COM", "01130")]
    table = passage(pd.DataFrame(rows, columns=EVENT_COLUMNS), since=2018, until=2020)
    assert table.to_numpy().tolist() == [["01109", "01130"]]
