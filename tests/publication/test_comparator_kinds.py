"""Every kind of comparator that a lead may choose has its French name, and its order, wherever kinds are named."""

from typing import get_args

import pytest

from diagnostic.config import ComparatorKind
from diagnostic.publication.figures.kinds.gap_chart import KIND_LABELS, SHAPES
from diagnostic.publication.report.grids import SHORT_KINDS
from diagnostic.publication.report.messages import COMPARATORS
from diagnostic.publication.report.pages import KIND_WORDS
from diagnostic.publication.report.reading import KINDS, NEAR
from diagnostic.publication.workbook.writing import SHEETS

CHOSEN = get_args(ComparatorKind)
WORKBOOK = next(
    column.words
    for sheet in SHEETS
    for column in sheet.columns
    if (sheet.title, column.name) == ("Écarts", "comparator_kind")
)


@pytest.mark.parametrize(
    "named",
    [KINDS, SHORT_KINDS, COMPARATORS, KIND_WORDS, SHAPES, KIND_LABELS, WORKBOOK],
    ids=["reading", "grids", "messages", "pages", "shapes", "chart", "workbook"],
)
def test_each_place_names_every_kind_in_the_order_of_the_settings(named):
    assert tuple(kind for kind in named if kind in CHOSEN) == CHOSEN


@pytest.mark.parametrize("words", [SHORT_KINDS, COMPARATORS, KIND_WORDS, KIND_LABELS, WORKBOOK])
def test_no_code_stands_for_a_name(words):
    assert all(name and "_" not in name for name in words.values())


def test_what_is_near_is_what_a_neighbourhood_is_part_of():
    assert CHOSEN[: len(NEAR)] == NEAR
