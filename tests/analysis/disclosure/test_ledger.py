"""The ledger of what left."""

import pandas as pd
import pytest

from diagnostic.analysis.disclosure.ledger import CELL_COLUMNS, binding, entered, known_cells
from diagnostic.errors import InputError, RefusedError

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


PAIRS = ["code_2015", "code_2024", "share_of_2015", "share_of_2024"]
OUT = {("enquête 2025-03-03 / respondents", "lieu", "QP099001", "Ensemble"): frozenset({40})}


def bound(out, *pairs, generation):
    return binding(out, pd.DataFrame(pairs, columns=PAIRS), generation=generation)


def test_without_the_outlines_of_the_other_generation_nothing_new_is_said():
    with pytest.raises(RefusedError, match="contours de l’autre génération"):
        bound(OUT, generation=2024)


def test_one_generation_alone_needs_no_other_outline():
    assert bound(OUT, generation=2015) == OUT
    assert bound({}, generation=2024) == {}


def test_the_code_of_the_other_generation_stands_for_the_same_place():
    found = bound(OUT, ["QP099001", "QN09901I", 1.0, 0.99], ["QP099001", "QN09902M", 0.4, 0.5], generation=2024)
    assert {label for _, _, label, _ in found} == {"QP099001", "QN09901I"}
