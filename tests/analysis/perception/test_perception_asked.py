"""A survey beside what was released of it: what stands is told everywhere, or nothing is."""

from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

from diagnostic.analysis.disclosure.differencing import across_perimeters
from diagnostic.analysis.disclosure.ledger import entered, known_cells
from diagnostic.analysis.perception.asked import Survey, asked
from diagnostic.schemas import MEASURE_COLUMNS

TERRITORY = SimpleNamespace(generation=2024, qpv=[f"QP099{rank:03d}" for rank in range(1, 7)])
MEASURES = pd.DataFrame(columns=MEASURE_COLUMNS)


def ask(tables, identity, **given):
    return asked(Survey(*tables, identity), MEASURES, TERRITORY, labels={}, **given)


@pytest.fixture(scope="module")
def first(survey, identity):
    return ask(survey, identity)


@pytest.fixture(scope="module")
def out(first):
    return known_cells(entered("", first.cells, date="2025-06-01", files={}, validations={}))


def without(survey, people):
    return tuple(table[~table["respondent"].isin(people)].reset_index(drop=True) for table in survey)


def test_what_stands_is_told_everywhere(survey, identity, first, out):
    again = ask(without(survey, [5]), identity, out=out, standing=(first.shown, first.card))
    assert again.stands
    pd.testing.assert_frame_equal(again.shown, first.shown)
    pd.testing.assert_frame_equal(again.card, first.card)
    pd.testing.assert_frame_equal(again.hidden[0], first.hidden[0])
    assert again.sentences == first.sentences
    assert again.declared.estimates is again.shown
    assert again.cells.empty  # nothing new for the ledger


def test_nothing_stands_where_nothing_was_kept(survey, identity, out):
    again = ask(without(survey, [5]), identity, out=out)
    assert again.stands
    assert again.shown.empty
    assert again.declared is None


@pytest.mark.parametrize("change", [{"title": "Vivre ici, 2025"}, {"generation": 2015}])
def test_mending_the_title_or_the_perimeter_makes_no_other_survey(survey, identity, out, change):
    assert ask(without(survey, [5]), replace(identity, **change), out=out).stands


def test_another_collection_is_another_survey(survey, identity, out):
    later = replace(identity, start=identity.start.replace(year=2027))
    assert not ask(without(survey, [5]), later, out=out).stands


def test_released_figures_outlive_the_answers_once_erased(first):
    left = asked(None, MEASURES, TERRITORY, labels={}, standing=(first.shown, first.card))
    assert left.stands
    pd.testing.assert_frame_equal(left.declared.estimates, first.shown)
    assert left.declared.identity is None  # told as of those who answered, nobody else
    assert left.hidden[0]["cells"].sum() == first.hidden[0]["cells"].sum()


def shown_at(result, place):
    rows = result.cells[(result.cells["axis"] == "lieu") & (result.cells["label"] == place)]
    return rows["n"].notna().all()


@pytest.mark.parametrize("people", [0, 3])
def test_a_perimeter_that_nearly_coincides_is_the_same_place(survey, identity, first, people):
    """The same survey was released on the other generation: a few people more or less there would be found."""
    place = next(one for one in TERRITORY.qpv if shown_at(first, one))
    there = first.cells["label"].eq(place)
    shift = people * (there & first.cells["axis"].eq("lieu"))
    former = first.cells.assign(label=first.cells["label"].mask(there, "QP099999"), n=first.cells["n"] + shift)
    out = known_cells(entered("", former, date="2025-06-01", files={}, validations={}))
    overlap = pd.DataFrame({"old": ["QP099999"], "new": [place], "old_share": [0.95], "new_share": [0.97]})
    far = overlap.assign(old_share=0.5, new_share=0.6)
    assert shown_at(ask(survey, identity, out=across_perimeters(out, far)), place)
    bound = ask(survey, identity, out=across_perimeters(out, overlap))
    assert shown_at(bound, place) == (people == 0)
    if not people:  # one pattern under both codes
        pd.testing.assert_series_equal(bound.cells["n"], first.cells["n"])
