"""Facilities beside inhabitants: what is nought, what is not, and how many people they serve."""

import pandas as pd

from diagnostic.analysis.compute import indicators
from diagnostic.analysis.facilities import LISTED, facility_counts
from diagnostic.schemas import MEASURE_COLUMNS


def count(code, group, value, *, level="qpv", vintage=2015):
    return {
        "level": level, "code": code, "vintage": vintage, "period": 2024, "variable": "facilities",
        "group": group, "source": "insee_bpe", "edition": "2024", "value": value, "unit": "facilities",
        "status": "observed", "note": "", "period_basis": "stated",
    }  # fmt: skip


def people(code, value, *, level="qpv", vintage=2015, period=2022):
    return {
        **count(code, "all", value, level=level, vintage=vintage), "variable": "population", "period": period,
        "source": "insee_qpv_demo", "edition": str(period), "unit": "persons",
    }  # fmt: skip


def table(*rows):
    return pd.DataFrame(list(rows), columns=MEASURE_COLUMNS).astype({"value": "float64"})


def value(frame, code, group):
    found = frame[(frame["variable"] == "facilities") & (frame["code"] == code) & (frame["group"] == group)]
    return found["value"].tolist()


def test_a_kind_that_stands_elsewhere_only_is_nought_here():
    given = table(count("QP099001", "d265", 2.0), count("QP099001", "a203", 1.0), people("QP099001", 4000.0),
                  people("QP099002", 2000.0))  # fmt: skip
    added = facility_counts(given)
    assert value(added, "QP099002", "d265") == [0.0]
    assert value(added, "QP099002", "a203") == [0.0]
    assert value(added, "QP099001", "d265") == []
    assert set(added.loc[added["variable"] == "facilities", "note"]) == {LISTED}


def test_a_kind_that_the_file_never_names_is_not_known():
    added = facility_counts(table(count("QP099001", "d265", 2.0), people("QP099002", 2000.0)))
    assert value(added, "QP099002", "a203") == []


def test_a_level_that_the_file_does_not_cover_and_another_generation_stay_unknown():
    given = table(count("99001", "d265", 2.0, level="commune", vintage=2024), people("QP099001", 4000.0))
    assert facility_counts(given).empty
    given = table(count("QN09901M", "d265", 2.0, vintage=2024), people("QP099001", 4000.0))
    assert facility_counts(given).empty


def test_inhabitants_are_the_newest_published_and_say_their_year():
    given = table(count("QP099001", "d265", 2.0), people("QP099001", 5000.0, period=2013),
                  people("QP099001", 4000.0))  # fmt: skip
    row = facility_counts(given).query("variable == 'population_served'").iloc[0]
    assert (row["value"], row["period"], row["edition"], row["source"]) == (4000, 2024, "2024", "insee_bpe")
    assert "2022" in row["note"]
    assert "insee_qpv_demo" in row["note"]


def test_the_rate_of_a_place_without_any_is_nought_and_of_a_commune_that_of_its_own_people():
    given = table(
        count("QP099001", "d265", 2.0), people("QP099001", 4000.0), people("QP099002", 2000.0),
        count("99001", "d265", 30.0, level="commune", vintage=2024),
        people("99001", 60_000.0, level="commune", vintage=2022),
    )  # fmt: skip
    whole = pd.concat([given, facility_counts(given)], ignore_index=True)
    found = indicators(whole).query("variable == 'general_practitioner_density'").set_index("code")["value"]
    assert found.to_dict() == {"99001": 0.5, "QP099001": 0.5, "QP099002": 0.0}


def test_a_hidden_population_serves_nobody():
    hidden = {**people("QP099001", None), "status": "suppressed"}
    assert facility_counts(table(count("QP099001", "d265", 2.0), hidden)).empty
