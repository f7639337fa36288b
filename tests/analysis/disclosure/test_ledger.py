"""The ledger of what left."""

import pandas as pd
import pytest

from diagnostic.analysis.disclosure.ledger import CELL_COLUMNS, entered, known_cells
from diagnostic.errors import InputError

CELLS = pd.DataFrame([["t", "qpv", "A", "oui", 12], ["t", "qpv", "B", "oui", None]], columns=CELL_COLUMNS)


def test_every_value_that_was_released_is_remembered():
    text = entered("", CELLS, date="2030-01-02", files={"a.pdf": "0"}, validations={"elu": "Mme A."})
    later = CELLS.assign(n=[15, 30])
    text = entered(text, later, date="2031-01-02", files={}, validations={})
    assert known_cells(text) == {("t", "qpv", "A", "oui"): {12, 15}, ("t", "qpv", "B", "oui"): {30}}


def test_no_ledger_is_no_release():
    assert known_cells("") == {}


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"format": 2, "diffusions": []}'])
def test_a_damaged_ledger_is_never_taken_for_an_empty_one(text):
    with pytest.raises(InputError, match="dernière sauvegarde"):
        known_cells(text)
