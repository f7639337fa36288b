"""Series: breaks marked, overlapping censuses apart, gaps worse and worsening."""

import pandas as pd
import pytest

from diagnostic.analysis.indicator import INDICATORS
from diagnostic.analysis.trends import OVERLAP, breaks, trends, worsening

ME = ["QP099001"]


def series(figures, *points, **other):
    rows = [("QP099001", value, {"period": period, "edition": str(period), **other, **more})
            for period, value, more in points]  # fmt: skip
    return figures(*rows)


def last(figures, first, second, **other):
    rows = series(figures, (*first, {}), (*second, {}), **other)
    return trends(rows, territory=ME).iloc[-1]


REGISTER = {"variable": "rsa_share", "source": "insee_qpv_revn"}


def test_a_comparable_step_has_a_change(figures):
    row = last(figures, (2021, 20.0), (2022, 23.0), **REGISTER)
    assert (row["previous_period"], row["previous_value"], row["change"]) == (2021, 20.0, 3.0)
    assert row["comparable"]
    assert row["moved"]
    assert row["break_label"] == ""


def test_a_declared_break_forbids_the_step_that_crosses_it_only(figures):
    rows = series(figures, (2016, 40.0, {}), (2018, 41.0, {}), (2019, 45.0, {}), source="insee_filosofi_qpv")
    found = trends(rows, territory=ME)
    assert found["comparable"].tolist() == [False, True, False]
    assert found["change"].tolist()[1] == 1.0
    assert found["change"].isna().tolist() == [True, False, True]
    assert "géoréférencement" in found["break_label"].iloc[2]


def test_two_near_censuses_are_not_compared(figures):
    census = {"variable": "employment_rate", "source": "insee_qpv_ipro", "width": 3.0}
    near = last(figures, (2019, 40.0), (2022, 46.0), **census)
    assert near["break_label"] == OVERLAP
    assert pd.isna(near["change"])
    far = last(figures, (2016, 40.0), (2022, 46.0), **census)
    assert far["change"] == 6.0
    assert far["half_width"] == pytest.approx(18**0.5)
    assert far["moved"]


def test_a_small_commune_may_have_had_a_single_survey_in_five_years(figures):
    census = {"variable": "employment_rate", "source": "insee_qpv_ipro"}
    assert not last(figures, (2019, 40.0), (2022, 46.0), **census)["comparable"]


def test_two_consecutive_years_of_the_cnam_are_not_compared(figures):
    cnam = {"variable": "c2s_share", "source": "insee_qpv_revn"}
    assert not last(figures, (2021, 20.0), (2022, 30.0), **cnam)["comparable"]
    assert last(figures, (2020, 20.0), (2022, 30.0), **cnam)["comparable"]


@pytest.mark.parametrize("other", [{"source": "autre"}, {"period_basis": "edition"}, {"unit": "ratio"}])
def test_another_source_unit_or_kind_of_date_is_another_series(figures, other):
    rows = series(figures, (2021, 20.0, {}), (2022, 30.0, other), **REGISTER)
    assert trends(rows, territory=ME).empty


def test_a_hidden_value_keeps_its_row_and_has_no_change(figures):
    row = last(figures, (2021, 20.0), (2022, None), **REGISTER)
    assert row["status"] == "suppressed"
    assert pd.isna(row["change"])
    assert not row["moved"]


def test_neighbourhoods_of_others_are_left_out(figures):
    rows = series(figures, (2021, 20.0, {}), (2022, 30.0, {}), **REGISTER)
    assert trends(rows, territory=["QP099002"]).empty


def test_declared_breaks_speak_of_indicators_that_exist():
    for names in breaks()["variables"]:
        assert set(names.split()) <= {one.name for one in INDICATORS}


# Worse and worsening.


def widening(gap_rows, figures, before, after, *, width=0.0, **other):
    rows = {"variable": "rsa_share", "width": width, **other}
    table = gap_rows(
        ("QP099001", before, {**rows, "period": 2020, "headline": False}),
        ("QP099001", after, {**rows, "period": 2022}),
    )
    points = series(figures, (2020, 20.0 + before, {}), (2022, 20.0 + after, {}), **REGISTER)
    return worsening(table, trends(points, territory=ME))


def test_a_gap_that_widened_is_found_with_its_size(gap_rows, figures):
    row = widening(gap_rows, figures, 6.0, 9.0).iloc[0]
    assert (row["earlier_period"], row["period"], row["change"]) == (2020, 2022, 3.0)


@pytest.mark.parametrize(
    ("before", "after", "width"), [(9.0, 6.0, 0.0), (8.0, 9.0, 0.0), (6.0, 9.0, 2.5), (-6.0, -9.0, 0.0)],
    ids=["narrower", "under two points", "within the intervals", "favourable"],
)  # fmt: skip
def test_what_did_not_clearly_worsen_is_not_said_to(gap_rows, figures, before, after, width):
    assert widening(gap_rows, figures, before, after, width=width).empty


def test_a_gap_where_less_is_worse_widens_downwards(gap_rows, figures):
    other = {"direction": "less_is_worse", "worse": True}
    assert widening(gap_rows, figures, -6.0, -9.0, **other)["change"].tolist() == [3.0]


def test_a_break_between_two_years_forbids_worsening(gap_rows, figures):
    table = gap_rows(("QP099001", 6.0, {"period": 2018, "headline": False}), ("QP099001", 12.0, {"period": 2019}))
    points = series(figures, (2018, 26.0, {}), (2019, 32.0, {}), source="insee_filosofi_qpv")
    assert worsening(table, trends(points, territory=ME)).empty
