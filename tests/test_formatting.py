"""French typography."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostic.formatting import enumeration, number, plural, quantity, typographic


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [(0.25, 1, "0,3"), (-0.04, 1, "0,0"), (1_234_567, 0, "1\u202f234\u202f567"), (-12.5, 1, "\u221212,5")],
)
def test_numbers(value, decimals, expected):
    assert number(value, decimals) == expected


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_an_absent_value_is_never_written_as_a_number(value):
    with pytest.raises(ValueError, match="absent"):
        number(value)


def test_units_and_plurals():
    assert quantity(1.9, "points") == "1,9\u00a0pt"
    assert quantity(-2.0, "points") == "\u22122,0\u00a0pts"
    assert plural(0, "quartier") == "0\u00a0quartier"
    assert enumeration([]) == ""


@given(st.text("aé1 %:;?!«»'\u00a0\u202f", max_size=40))
def test_typography_is_idempotent(text):
    once = typographic(text)
    assert typographic(once) == once
