"""Counts are those of pandas; what is wrong in a file is named; what is shown gives nothing back."""

import numpy as np
import pandas as pd
import pytest

from diagnostic.analysis.census import DIMENSIONS, Dimension, in_french, release, tabulate, with_totals
from diagnostic.analysis.disclosure import attack
from diagnostic.demo.census import write_census
from diagnostic.errors import InputError, RefusedError
from diagnostic.ingestion.census_detail import open_census

# ibis 12 calls a name that duckdb 2 renamed.
pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")
EVERYTHING = ["region", "sex", "age", "immigration", "nationality", "diploma", "activity"]


def by_hand(raw, by):
    table = pd.DataFrame({"persons": raw["IPONDI"]})
    for name in by:
        axis = DIMENSIONS[name]
        column = raw[axis.column]
        if axis.bands:
            starts = np.array(list(axis.bands))
            words = np.array(list(axis.bands.values()))
            table[name] = words[np.searchsorted(starts, column.astype(int), side="right") - 1]
        else:
            table[name] = column.map(axis.codes) if axis.codes else column
    return table.groupby(by)["persons"].agg(["sum", "size"])


@pytest.mark.parametrize("by", [EVERYTHING, ["canton", "immigration"], ["department"], ["age"]])
def test_counts_are_those_of_pandas(census, raw, by):
    found = tabulate(census, by).set_index(by)
    expected = by_hand(raw, by)
    expected.index = expected.index.set_names(by)
    assert len(found) == len(expected)
    expected = expected.loc[found.index]
    assert (found["n"] == expected["size"]).all()
    np.testing.assert_allclose(found["persons"], expected["sum"], rtol=1e-9)


def test_rows_are_in_the_order_of_the_words(census):
    cells = tabulate(census, ["diploma", "sex"])
    assert list(cells["diploma"].unique()) == ["none", "vocational", "baccalaureate", "higher", "under_14"]


def test_the_order_of_persons_changes_no_byte(census, raw, tmp_path):
    raw.sample(frac=1, random_state=5).to_parquet(tmp_path / "shuffled.parquet")
    shuffled = open_census(tmp_path / "shuffled.parquet")
    expected = tabulate(census, ["canton", "activity"])
    pd.testing.assert_frame_equal(tabulate(shuffled, ["canton", "activity"]), expected, check_exact=True)


def test_a_csv_counts_as_a_parquet(tmp_path):
    files = [write_census(tmp_path / f"indcvi.{kind}", 3000) for kind in ("csv", "parquet")]
    found = [tabulate(open_census(file), EVERYTHING) for file in files]
    pd.testing.assert_frame_equal(*found, check_exact=True)


def test_kept_persons_are_those_asked_for(census, raw):
    kept = {"activity": ["employed", "unemployed"], "age": ["from_25_to_54"], "canton": ["9902"]}
    found = tabulate(census, ["sex"], keep=kept)
    years = raw["AGEREV"].astype(int)
    mask = raw["TACT"].isin(["11", "12"]) & years.between(25, 54) & (raw["CANTVILLE"] == "9902")
    assert found["n"].sum() == mask.sum() > 0
    assert found["persons"].sum() == pytest.approx(raw["IPONDI"][mask].sum(), rel=1e-9)


def test_an_age_on_the_edge_of_a_band(persons):
    table = persons(*({"AGEREV": f"{age:03d}"} for age in (0, 14, 15, 24, 25, 120)))
    assert tabulate(table, ["age"]).set_index("age")["n"].to_dict() == {
        "under_15": 2, "from_15_to_24": 2, "from_25_to_54": 1, "over_65": 1,
    }  # fmt: skip


def test_ages_may_be_numbers(persons):
    assert list(tabulate(persons({"AGEREV": 30}), ["age"])["age"]) == ["from_25_to_54"]


def test_another_edition_is_refused_naming_every_column(persons):
    table = persons({}, columns={"DIPL_15": "DIPL", "IMMI": "IMMIG"})
    with pytest.raises(InputError) as told:
        tabulate(table, EVERYTHING)
    faults = {fault.column: fault for fault in told.value.faults}
    assert set(faults) == {"DIPL_15", "IMMI"}
    assert "DIPL" in faults["DIPL_15"].found
    assert "IMMIG" in faults["IMMI"].found
    # What the edition still has can be asked.
    assert tabulate(table, ["sex", "nationality"])["n"].sum() == 1


def test_a_column_is_never_taken_for_another_that_looks_like_it(persons):
    with pytest.raises(InputError, match="DIPL_15"):
        tabulate(persons({}, columns={"DIPL_15": "DIPL"}), ["sex"], keep={"diploma": ["none"]})


def test_unknown_codes_are_named_by_column(persons):
    with pytest.raises(InputError) as told:
        tabulate(persons({"IMMI": "0"}, {"TACT": "99"}, {"AGEREV": "ZZZ"}), ["immigration", "activity", "age"])
    assert {fault.column: fault.found for fault in told.value.faults} == {
        "IMMI": "'0'", "TACT": "'99'", "AGEREV": "''",
    }  # fmt: skip


@pytest.mark.parametrize("weight", [None, -1.0, 0.0, float("nan")])
def test_weights_that_are_not_positive_are_counted(persons, weight):
    with pytest.raises(InputError, match=r"IPONDI.*1 personnes"):
        tabulate(persons({}, {"IPONDI": weight}), ["sex"])


def test_weights_as_text_with_a_comma_are_refused(persons):
    with pytest.raises(InputError, match="IPONDI"):
        tabulate(persons({"IPONDI": "2,5"}), ["sex"])


def test_nobody_and_unknown_words_are_said(persons):
    with pytest.raises(InputError, match="personne ne répond"):
        tabulate(persons({}), ["sex"], keep={"immigration": ["immigrant"]})
    with pytest.raises(InputError, match=r"modalité inconnue.*immigrants"):
        tabulate(persons({}), ["sex"], keep={"immigration": ["immigrants"]})


def test_another_coding_is_declared(persons):
    diploma = Dimension("diploma", "DIPL", {"03": "none", "18": "higher"})
    table = persons({"DIPL_15": "03"}, {"DIPL_15": "18"}, columns={"DIPL_15": "DIPL"})
    assert list(tabulate(table, [diploma])["diploma"]) == ["none", "higher"]


def test_totals_add_up(census):
    cells = tabulate(census, ["canton", "immigration", "activity"])
    totals = with_totals(cells, ["canton", "immigration", "activity"])
    top = totals[(totals[["canton", "immigration", "activity"]] == "Ensemble").all(axis=1)]
    assert top["n"].item() == cells["n"].sum()
    assert top["persons"].item() == pytest.approx(cells["persons"].sum())


def test_what_is_released_gives_nothing_back(census):
    by = ["canton", "nationality", "diploma", "activity"]
    cells = tabulate(census, by[:1] + by[2:], keep={"nationality": ["foreign"]})
    safe = release(cells)
    hidden = safe["status"] == "masked"
    assert hidden.any()
    assert not hidden.all()
    assert safe.loc[hidden, ["persons", "n"]].isna().all(axis=None)
    assert (safe.loc[~hidden, "n"].dropna() >= 11).all()
    assert (safe.loc[hidden, "reliability"] == "suppress").all()
    # An outsider who does not know which cells are primary takes each for one: none is found exactly.
    assert attack(safe[["canton", "diploma", "activity", "n"]], ["canton", "diploma", "activity"]).empty


def test_small_estimates_are_marked_each_with_its_reason():
    cells = pd.DataFrame({"sex": ["men", "women"], "persons": [90.0, 5000.0], "n": [20, 900]})
    safe = release(cells).set_index("sex")
    assert safe.loc["men", "reliability"] == "caution"
    assert "30" in safe.loc["men", "note"]
    assert safe.loc["women", "reliability"] == "publish"
    few = release(pd.DataFrame({"sex": ["men"], "persons": [150.0], "n": [40]}))
    assert "200" in few["note"].iloc[0]


def test_a_crossing_too_large_is_refused(census):
    fine = Dimension("year", "AGEREV", {f"{age:03d}": str(age) for age in range(121)})
    cells = tabulate(census, ["canton", fine, "sex", "immigration", "nationality", "diploma", "activity"])
    with pytest.raises(RefusedError, match="trop grand"):
        release(cells)


def test_labels_are_french():
    table = pd.DataFrame({"immigration": ["immigrant", "Ensemble"], "canton": ["9901", "9901"]})
    assert in_french(table).to_numpy().tolist() == [["immigrés", "9901"], ["Ensemble", "9901"]]
