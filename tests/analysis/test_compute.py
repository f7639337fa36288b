"""From measures to indicators: absences explained, years apart, uncertainty attached."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostic.analysis.compute import indicators
from diagnostic.analysis.indicator import INDICATORS, indicator
from diagnostic.analysis.indicators.employment import group_difference
from diagnostic.analysis.precision import half_width
from diagnostic.analysis.reconcile import reconcile
from diagnostic.errors import InputError
from diagnostic.schemas import MEASURE_COLUMNS
from diagnostic.vocabulary import KNOWN, Direction, Scale, Theme

ONES = [one for one in INDICATORS]  # noqa: C416 - a Registry, not a list


def measure(variable, value, *, group="all", code="QP099001", status=None, note="", **other):
    row = {
        "level": "qpv", "code": code, "vintage": 2015, "period": 2022, "variable": variable, "group": group,
        "source": "insee_qpv_ipro", "edition": "2022", "value": value, "unit": "percent",
        "status": status or ("observed" if value is not None else "suppressed"), "note": note,
        "period_basis": "edition",
    }  # fmt: skip
    return {**row, **other}


def table(*rows):
    return pd.DataFrame(list(rows), columns=MEASURE_COLUMNS).astype({"value": "float64"})


def result(frame, name, group="all", **options):
    found = indicators(frame, **options)
    return found[(found["variable"] == name) & (found["group"] == group)]


# Every registered indicator.


@pytest.mark.parametrize("one", ONES, ids=lambda one: one.name)
def test_an_indicator_s_sheet_is_whole(one):
    for field in ("id", "label", "formula", "says", "does_not_say", "ask", "reference"):
        assert getattr(one, field).strip(), f"{one.name} has no {field}"
    assert one.says.endswith(".")
    assert one.ask.endswith("?")
    assert one.function.__doc__
    assert "Examples" in one.function.__doc__


def test_indicator_identifiers_are_unique():
    names = [one.id for one in ONES]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("one", ONES, ids=lambda one: one.name)
@settings(deadline=None)  # a busy machine is no fault of an indicator
@given(data=st.data())
def test_an_indicator_is_pure(one, data):
    """Series in, series out: same index, row by row, missing in missing out, order does not count."""
    size = data.draw(st.integers(1, 6))
    numbers = st.one_of(st.floats(0.5, 99.5), st.just(np.nan))
    index = [f"c{k}" for k in range(size)]
    values = [
        pd.Series(data.draw(st.lists(numbers, min_size=size, max_size=size)), index=index, dtype=float)
        for _ in one.inputs
    ]
    before = [value.copy() for value in values]
    whole = one.function(*values)
    assert list(whole.index) == index
    for value, kept in zip(values, before, strict=True):
        pd.testing.assert_series_equal(value, kept)
    absent = pd.concat(values, axis=1).isna().any(axis=1)
    assert whole[absent].isna().all()
    backwards = one.function(*[value.iloc[::-1] for value in values]).iloc[::-1]
    pd.testing.assert_series_equal(whole, backwards, check_names=False)


# Alignment and absences.


def test_a_missing_input_gives_the_strongest_reason():
    frame = table(
        measure("job_seekers_abc", 100.0, unit="persons"),
        measure("job_seekers_abc", None, group="women", unit="persons", note="NOTE_PE=3"),
    )
    row = result(frame, "women_among_job_seekers").iloc[0]
    assert (row["status"], row["note"]) == ("suppressed", "NOTE_PE=3")
    assert pd.isna(row["value"])


def test_not_released_is_not_suppressed_nor_missing():
    frame = table(measure("foreign_share", None, status="not_released", note="NOTE_RP=0"))
    assert result(frame, "foreign_share")["status"].tolist() == ["not_released"]


def test_a_zero_denominator_is_not_applicable():
    zero = [measure("job_seekers_abc", 0.0, group=group, unit="persons") for group in ("all", "women")]
    assert result(table(*zero), "women_among_job_seekers")["status"].tolist() == ["not_applicable"]


def test_editions_never_mix():
    frame = table(
        measure("job_seekers_abc", 100.0, edition="2021", period=2021),
        measure("job_seekers_abc", 40.0, group="women", edition="2022"),
    )
    assert result(frame, "women_among_job_seekers").empty


def test_the_newest_known_year_is_the_headline_unless_one_is_imposed():
    frame = table(
        measure("employment_rate", 41.0, edition="2021", period=2021),
        measure("employment_rate", 42.0, edition="2022", period=2022),
        measure("employment_rate", None, edition="2023", period=2023),
    )
    newest = result(frame, "employment_rate").set_index("edition")["headline"]
    assert newest.to_dict() == {"2021": False, "2022": True, "2023": False}
    imposed = result(frame, "employment_rate", editions={"insee_qpv_ipro": "2021"}).set_index("edition")[
        "headline"
    ]
    assert imposed.to_dict() == {"2021": True, "2022": False, "2023": False}


def test_the_territory_s_own_values_decide_the_headline():
    rows = [measure("employment_rate", 40.0, code=f"QP09900{k}", edition="2021", period=2021) for k in (1, 2, 3)]
    rows += [measure("employment_rate", None, code=f"QP09900{k}") for k in (1, 2, 3)]
    rows += [measure("employment_rate", 50.0, code="QP099009")]
    found = result(table(*rows), "employment_rate", territory=["QP099001", "QP099002", "QP099003"])
    assert set(found.loc[found["headline"], "period"]) == {2021}


def test_an_imposed_edition_is_kept_where_two_speak_of_the_same_year():
    rows = [
        measure("population", 900.0, edition=edition, period=2018, unit="persons") for edition in ("2021", "2022")
    ]
    found = result(table(*rows), "population", editions={"insee_qpv_ipro": "2021"})
    assert found[["edition", "headline"]].to_numpy().tolist() == [["2021", True]]


def test_a_null_value_is_exactly_one_whose_status_says_why():
    rows = [measure("employment_rate", value, code=f"QP09900{k}") for k, value in enumerate([10.0, None, 50.0])]
    found = indicators(table(*rows))
    assert (found["value"].notna() == found["status"].isin(KNOWN)).all()


# Uncertainty.


def population(code="QP099001", people=2000.0, foreign=10.0, towns=50_000.0):
    """What the census publishes beside a rate, in another file of the same edition."""
    census = {"source": "insee_qpv_demo", "code": code}
    return [
        measure("population", people, unit="persons", **census),
        measure("population_of_communes", towns, unit="persons", **census),
        measure("share_under_25", 40.0, **census),
        measure("share_over_60", 20.0, **census),
        measure("women_share", 50.0, **census),
        measure("foreign_share", foreign, **census),
    ]


def test_a_rate_over_fewer_than_eleven_persons_is_hidden():
    # 200 inhabitants × 10 % foreign × 40 % aged 25 to 59 = 8 persons.
    frame = table(measure("employment_rate", 100.0, group="foreign"), *population(people=200.0))
    row = result(frame, "employment_rate", "foreign").iloc[0]
    assert row["status"] == "masked"
    assert row["note"] == "moins de 11 personnes concernées"
    assert row[["value", "low", "high"]].isna().all()


@pytest.mark.parametrize(("base", "status", "word"), [(7.0, "masked", "suppress"), (29.0, "observed", "caution"),
                                                      (30.0, "observed", "publish")])  # fmt: skip
def test_a_ratio_of_counts_follows_its_base(base, status, word):
    rows = [
        measure("job_seekers_abc", base, unit="persons"),
        measure("job_seekers_abc", 6.0, group="women", unit="persons"),
    ]
    row = result(table(*rows), "women_among_job_seekers").iloc[0]
    assert (row["status"], row["reliability"]) == (status, word)
    assert pd.isna(row["value"]) == (base < 11)


def test_a_rate_over_fewer_than_thirty_persons_is_marked():
    frame = table(measure("employment_rate", 40.0, group="foreign"), *population(people=500.0))
    assert result(frame, "employment_rate", "foreign")["reliability"].tolist() == ["caution"]


@pytest.mark.parametrize(("towns", "sampled"), [(50_000.0, True), (9_999.0, False)])
def test_the_census_is_a_sample_in_communes_of_ten_thousand_and_more(towns, sampled):
    frame = table(measure("employment_rate", 40.0), *population(towns=towns))
    row = result(frame, "employment_rate").iloc[0]
    assert (row["high"] > row["low"]) == sampled


def test_the_modelled_interval_follows_the_printed_formula():
    # D (1 - f) p (1 - p) / (f N) with D = 2, f = 0.4, p = 0.4, N = 800.
    expected = 100 * 1.959963984540054 * np.sqrt(2 * 0.6 * 0.4 * 0.6 / (0.4 * 800))
    assert half_width(pd.Series([40.0]), pd.Series([800.0])).iloc[0] == pytest.approx(expected)


def test_a_published_zero_or_hundred_is_never_certain():
    assert (half_width(pd.Series([0.0, 100.0]), pd.Series([50.0, 50.0])) > 0).all()


@given(
    women=st.floats(0, 100), men=st.floats(0, 100), share=st.floats(1, 99),
)  # fmt: skip
def test_the_derived_difference_is_that_of_the_two_groups(women, men, share):
    everyone = share / 100 * women + (1 - share / 100) * men
    found = group_difference(pd.Series([everyone]), pd.Series([women]), pd.Series([share])).iloc[0]
    assert found == pytest.approx(women - men, abs=1e-6) or (np.isnan(found) and men in {0, 100})


def test_the_bounds_of_a_contrast_hold_all_that_rounding_hides():
    frame = table(
        measure("employment_rate", 41.7), measure("employment_rate", 35.2, group="women"),
        *population(towns=5_000.0),
    )  # fmt: skip
    row = result(frame, "employment_gap_women_men").iloc[0]
    assert row["status"] == "estimated"
    corners = [
        group_difference(pd.Series([41.7 + a]), pd.Series([35.2 + b]), pd.Series([50.0 + c])).iloc[0]
        for a, b, c in itertools.product((-0.05, 0.05), repeat=3)
    ]
    assert row["low"] == pytest.approx(min(corners))
    assert row["high"] == pytest.approx(max(corners))


# Two files of one edition.


def test_equal_duplicates_collapse_and_a_missing_value_is_completed():
    twice = pd.concat(
        [
            table(measure("employment_rate", None, status="missing")).assign(file="a.csv"),
            table(measure("employment_rate", 41.7)).assign(file="b.csv"),
            table(measure("employment_rate", 41.7)).assign(file="c.csv"),
        ]
    )
    assert reconcile(twice)["value"].tolist() == [41.7]


@pytest.mark.parametrize("status", ["suppressed", "not_released"])
def test_a_value_that_one_file_hides_is_not_brought_back_by_another(status):
    twice = pd.concat(
        [
            table(measure("employment_rate", 45.1)).assign(file="a.csv"),
            table(measure("employment_rate", None, status=status)).assign(file="b.csv"),
        ]
    )
    assert reconcile(twice)["status"].tolist() == [status]


def test_unequal_duplicates_are_an_error_that_names_the_files():
    twice = pd.concat(
        [
            table(measure("employment_rate", value)).assign(file=name)
            for name, value in (("a.csv", 41.7), ("b.csv", 42.0))
        ]
    )
    with pytest.raises(InputError, match=r"a\.csv et b\.csv"):
        reconcile(twice)


# One file, nothing central.

ADDED = """
from diagnostic.analysis.indicator import indicator
from diagnostic.vocabulary import Direction, Scale, Theme


@indicator(
    id="XX01", label="Essai", theme=Theme.HOUSING, unit="percent", direction=Direction.NEUTRAL, scale=Scale.MACRO,
    formula="x", says="x.", does_not_say="x.", ask="x ?", reference="x",
)
def occupied_share(dwellings__occupied, dwellings__all):
    return 100 * dwellings__occupied / dwellings__all
"""


def test_an_indicator_added_as_one_file_is_computed(tmp_path):
    (tmp_path / "colleague.py").write_text(ADDED, encoding="utf-8")
    INDICATORS.load_folder(tmp_path)
    try:
        frame = table(measure("dwellings", 200.0), measure("dwellings", 150.0, group="occupied"))
        assert result(frame, "occupied_share")["value"].tolist() == [75.0]
    finally:
        INDICATORS.unregister("occupied_share")


def test_a_name_serves_once():
    again = indicator(
        id="XX02", label="x", theme=Theme.HOUSING, unit="percent", direction=Direction.NEUTRAL, scale=Scale.MACRO,
        formula="x", says="x.", does_not_say="x.", ask="x ?", reference="x",
    )  # fmt: skip

    def poverty_rate(poverty_rate):
        return poverty_rate

    with pytest.raises(ValueError, match="registered twice"):
        again(poverty_rate)
