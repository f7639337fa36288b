"""Empty cells say why they are empty; no column is dropped in silence."""

import pandas as pd
import pytest

from diagnostic.errors import InputError
from diagnostic.ingestion.columns import (
    NO_NOTE,
    WHOLE_DEPARTMENT,
    Layout,
    Period,
    declare,
    melt,
    unique_rows,
)
from diagnostic.ingestion.tabular import Table
from diagnostic.schemas import MEASURE_COLUMNS, check_measures
from diagnostic.vocabulary import PeriodBasis

LAYOUT = Layout(
    {
        **declare("TX foreign_share\nTX_F foreign_share women", block="census", unit="percent", note="NOTE_RP"),
        **declare("A benefit_households", block="caf", unit="beneficiaries"),
        **declare("B rsa_households", block="caf", unit="beneficiaries", remark="publié sous {name}"),
        **declare("C families", block="caf", unit="families"),
    }
)
PERIODS = {"census": Period(2018, PeriodBasis.STATED), "caf": Period(2022, PeriodBasis.EDITION)}


def table_of(columns):
    frame = pd.DataFrame(columns, dtype=str)
    frame.index = pd.RangeIndex(2, 2 + len(frame))
    return Table("a.csv", None, 1, frame)


def melted(columns):
    table = table_of(columns)
    places = pd.DataFrame({"level": "qpv", "code": table.frame["CODGEO"], "vintage": 2015})
    return melt(table, LAYOUT, places=places, periods=PERIODS, source="test", edition="2022")


def cell(rows, code, group="all"):
    found = rows[(rows["code"] == code) & (rows["variable"] == "foreign_share") & (rows["group"] == group)]
    return tuple(found[["status", "note"]].iloc[0])


def test_status_follows_value_and_note():
    notes = ["0", "0", "2", "3", "5", "1", "1", "", "6"]
    values = ["1,5", "", "", "", "", "3", "", "", ""]
    codes = [f"QP05900{number}" for number in range(9)]
    rows = melted({"CODGEO": codes, "LIBGEO": codes, "TX": values, "TX_F": "1", "NOTE_RP": notes})
    assert [cell(rows, code) for code in codes] == [
        ("observed", ""),
        ("not_released", "NOTE_RP=0"),
        ("suppressed", "NOTE_RP=2"),
        ("suppressed", "NOTE_RP=3"),
        ("suppressed", "NOTE_RP=5"),
        ("observed", "NOTE_RP=1"),
        ("not_released", "NOTE_RP=1"),
        ("not_released", NO_NOTE),
        ("missing", "NOTE_RP=6"),
    ]
    check_measures(rows, where="test")


def test_without_note_column_an_empty_cell_is_not_released():
    rows = melted({"CODGEO": ["QP059001", "QP059002"], "TX": ["1", ""], "TX_F": ["1", "2"]})
    assert cell(rows, "QP059002") == ("not_released", NO_NOTE)


def test_a_block_empty_for_a_departement_is_missing_there_only():
    codes = [f"QP9740{number:02}" for number in range(12)] + ["QP059001", "Ensemble"]
    empty = [""] * 12 + ["1", ""]
    rows = melted({"CODGEO": codes, "TX": empty, "TX_F": empty, "A": ["5"] * 14})
    assert cell(rows, "QP974000") == ("missing", WHOLE_DEPARTMENT)
    assert set(rows.loc[rows["code"] == "QP059001", "status"]) == {"observed"}


def test_one_rare_column_empty_for_a_departement_is_not_released():
    codes = [f"QP0590{number:02}" for number in range(12)]
    rows = melted({"CODGEO": codes, "TX": "1", "TX_F": ""})
    assert cell(rows, "QP059000", "women")[0] == "not_released"


def test_a_note_says_secret_even_when_the_departement_is_empty():
    codes = [f"QP9740{number:02}" for number in range(12)]
    rows = melted({"CODGEO": codes, "TX": "", "TX_F": "", "NOTE_RP": "3"})
    assert cell(rows, "QP974000") == ("suppressed", "NOTE_RP=3")


def test_rows_have_the_columns_of_measures_and_their_period():
    rows = melted({"CODGEO": ["QP059001"], "TX": ["41,7"], "A": ["1\u202f035"], "B": ["2"]})
    assert list(rows.columns) == MEASURE_COLUMNS
    assert rows["value"].tolist() == [41.7, 1035.0, 2.0]
    assert rows["period"].tolist() == [2018, 2022, 2022]
    assert rows["period_basis"].tolist() == ["stated", "edition", "edition"]
    assert rows["note"].tolist() == ["", "", "publié sous B"]


@pytest.mark.parametrize(("column", "cell"), [("TX", "137"), ("TX", "-3,2"), ("A", "−12"), ("C", "-1")])
def test_an_impossible_value_is_an_error_with_its_place(column, cell):
    codes = [f"QP05900{number}" for number in range(5)]
    with pytest.raises(InputError) as caught:
        melted({"CODGEO": codes, column: ["1", cell, cell, cell, cell]})
    (fault,) = caught.value.faults
    assert (fault.what, fault.file, fault.line, fault.column) == ("valeur impossible", "a.csv", 3, column)
    assert fault.found == f"{cell} (ligne 3), {cell} (ligne 4), {cell} (ligne 5)… 4 en tout"


def test_shares_of_income_and_changes_have_no_bounds():
    names = "PIMPOT taxes_share\nPACT activity_income_share\nEVOL rsa_households_change"
    layout = Layout(declare(names, block="census", unit="percent"))
    table = table_of({"CODGEO": ["QP059001"], "PIMPOT": ["-18,7"], "PACT": ["102,3"], "EVOL": ["487,5"]})
    places = pd.DataFrame({"level": "qpv", "code": table.frame["CODGEO"], "vintage": 2015})
    rows = melt(table, layout, places=places, periods=PERIODS, source="test", edition="2022")
    assert rows["value"].tolist() == [-18.7, 102.3, 487.5]


def test_an_unknown_column_is_an_error_for_each():
    with pytest.raises(InputError) as caught:
        melted({"CODGEO": ["QP059001"], "TX": ["1"], "MYSTERE ": ["2"], "AUTRE": ["3"]})
    assert [fault.column for fault in caught.value.faults] == ["MYSTERE", "AUTRE"]
    assert caught.value.faults[0].line == 1


def test_equal_rows_collapse_and_unequal_ones_are_an_error():
    same = table_of({"CODGEO": ["QP059001", "QP059001", "QP059002"], "TX": ["1", "1", "2"]})
    assert unique_rows(same, "CODGEO").frame.index.tolist() == [2, 4]
    unlike = table_of({"CODGEO": ["QP059001", "QP059001"], "TX": ["1", "2"]})
    with pytest.raises(InputError) as caught:
        unique_rows(unlike, "CODGEO")
    (fault,) = caught.value.faults
    assert (fault.line, fault.column, fault.found) == (3, "CODGEO", "QP059001")


@pytest.mark.parametrize("line", ["TX a all percent more", "TX a all leagues", "TX a\nTX b"])
def test_a_bad_declaration_is_refused(line):
    with pytest.raises(ValueError, match="bad declaration"):
        declare(line, block="b", unit="percent")
