"""Quarters together and places without theirs: published counts only, all of them, of the same year."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostic.analysis.compute import indicators
from diagnostic.analysis.findings import findings
from diagnostic.analysis.gaps import gaps
from diagnostic.analysis.indicator import INDICATORS
from diagnostic.analysis.wholes import Whole, paired, wholes
from diagnostic.ingestion.document import open_document
from diagnostic.ingestion.source import SOURCES
from diagnostic.schemas import MEASURE_COLUMNS
from diagnostic.territory import catalogue
from diagnostic.territory.links import link_table
from diagnostic.territory.memberships import index_links
from diagnostic.territory.places import Territory, resolve
from diagnostic.vocabulary import COUNT_UNITS, Level

EPCI = "990000011"
QUARTERS = ("QP099001", "QP099002", "QP099003")
TOTAL = Whole(Level.CONTRACT, EPCI, "ensemble des QPV du contrat (3 quartiers)", 2015, QUARTERS)
REST = Whole(Level.EPCI_OUTSIDE, EPCI, "CA d’essai hors QPV", 2015, QUARTERS, host="epci")
TERRITORY = Territory("Essai", 2015, QUARTERS, (EPCI,), (), ("99",), (), EPCI)


def count(code, rsa, everyone, *, level="qpv", **other):
    """The two counts of ``rsa_share`` of one place."""
    shared = {
        "level": level, "code": code, "vintage": 2015 if level == "qpv" else 2022, "period": 2022, "group": "all",
        "source": "insee_qpv_revn", "edition": "2022", "unit": "households", "note": "", "period_basis": "edition",
    } | other  # fmt: skip
    return [
        {"variable": name, "value": value, "status": "observed" if value is not None else "suppressed"} | shared
        for name, value in (("rsa_households", rsa), ("benefit_households", everyone))
    ]


def table(*pairs):
    rows = [row for pair in pairs for row in pair]
    return pd.DataFrame(rows, columns=MEASURE_COLUMNS).astype({"value": "float64"})


THREE = (count("QP099001", 30, 100), count("QP099002", 10, 200), count("QP099003", 20, 100))
AROUND = count(EPCI, 160, 2400, level="epci")


def figure(measures, level, variable="rsa_share", sets=(TOTAL, REST)):
    found = indicators(measures, sets=sets)
    rows = found[(found["level"] == level) & (found["variable"] == variable)]
    return rows.iloc[0] if len(rows) == 1 else rows


# By hand: 60 of 400 together, which is no mean of 30 %, 5 % and 20 %; outside 100 of 2,000.


def test_counts_are_summed_and_never_rates():
    row = figure(table(*THREE), "contrat")
    assert (row["code"], row["vintage"], row["value"], row["status"]) == (EPCI, 2015, 15.0, "observed")
    assert (row["low"], row["high"], row["reliability"], row["headline"]) == (15.0, 15.0, "publish", True)


def test_a_place_without_its_quarters():
    row = figure(table(*THREE, AROUND), "epci_hors_qpv")
    assert (row["code"], row["vintage"], row["value"], row["headline"]) == (EPCI, 2022, 5.0, True)


def test_the_gap_has_its_size_and_says_what_the_comparator_is():
    measures = table(*THREE, AROUND)
    compared = gaps(indicators(measures, sets=(TOTAL, REST)), paired((TOTAL, REST), territory=TERRITORY))
    rows = compared[compared["variable"] == "rsa_share"].set_index(["code", "comparator_kind"])
    assert rows["difference"].to_dict() == {
        ("QP099001", "contrat"): 15.0, ("QP099001", "epci_hors_qpv"): 25.0,
        ("QP099002", "contrat"): -10.0, ("QP099002", "epci_hors_qpv"): 0.0,
        ("QP099003", "contrat"): 5.0, ("QP099003", "epci_hors_qpv"): 15.0,
    }  # fmt: skip
    assert rows["notable"].to_dict() == {
        key: abs(value) >= 5 for key, value in rows["difference"].to_dict().items()
    }
    assert set(rows["half_width"]) == {0.0}  # registers: neither sampled nor rounded
    said = rows["note"].groupby("comparator_kind").unique().map(list).to_dict()
    assert said == {
        "contrat": ["3\u00a0quartiers, celui-ci compris"], "epci_hors_qpv": ["3 quartiers retirés"],
    }  # fmt: skip


def test_a_total_replaces_no_published_comparator():
    found = indicators(table(*THREE), sets=(TOTAL,))
    compared = gaps(found, paired((TOTAL,), territory=TERRITORY))
    said = findings(found, compared, territory=QUARTERS, survey=True)
    assert not said["message"].str.contains("ensemble des QPV").any()
    assert said["message"].str.contains("sans comparaison publiée").any()


# What is not published in one quarter is in no total.

HIDDEN = [(None, 200), (10, None), (None, None)]


@pytest.mark.parametrize("cell", HIDDEN, ids=["numerator", "denominator", "both"])
@pytest.mark.parametrize("level", ["contrat", "epci_hors_qpv"])
def test_a_hidden_quarter_makes_no_total_and_is_named(cell, level):
    row = figure(table(THREE[0], count("QP099002", *cell), THREE[2], AROUND), level)
    assert pd.isna(row["value"])
    assert pd.isna(row["low"])
    assert row["status"] == "suppressed"
    assert row["note"] == "chiffre non publié dans 1\u00a0quartier sur\u00a03 (QP099002)"


def test_the_reason_goes_with_the_gap():
    measures = table(THREE[0], count("QP099002", None, 200), THREE[2], AROUND)
    compared = gaps(indicators(measures, sets=(TOTAL, REST)), paired((TOTAL, REST), territory=TERRITORY))
    rows = compared[(compared["variable"] == "rsa_share") & (compared["code"] == "QP099001")]
    assert rows["comparator_value"].isna().all()
    assert set(rows["status"]) == {"missing"}
    assert rows["note"].str.endswith("(QP099002)").all()


def test_a_quarter_that_no_file_has_makes_no_total():
    row = figure(table(*THREE[:2], AROUND), "epci_hors_qpv")
    assert (pd.isna(row["value"]), row["status"]) == (True, "missing")
    assert "(QP099003)" in row["note"]


def test_another_edition_stands_for_none():
    old = count("QP099003", 20, 100, period=2021, edition="2021")
    found = indicators(table(*THREE[:2], old), sets=(TOTAL,))
    assert found[(found["level"] == "contrat") & (found["variable"] == "rsa_share")]["value"].isna().all()


def test_a_rate_that_the_project_hides_is_in_no_total():
    """Seven households: the rate is masked, and the total of the counts would give it back."""
    row = figure(table(THREE[0], count("QP099002", 2, 7), THREE[2]), "contrat")
    assert (pd.isna(row["value"]), row["status"]) == (True, "masked")


def test_nought_out_of_nought_is_known():
    row = figure(table(THREE[0], count("QP099002", 0, 0), THREE[2]), "contrat")
    assert row["value"] == 25.0


LARGE = count(EPCI, 900, 2400, level="epci")


@settings(max_examples=12, deadline=None)
@given(
    st.lists(st.tuples(st.none() | st.integers(5, 90), st.none() | st.integers(91, 400)), min_size=3, max_size=3)
)
def test_no_total_stands_beside_a_hidden_quarter(cells):
    """Whatever is hidden, subtraction finds nothing: a figure of the whole needs every quarter's."""
    measures = table(*[count(code, *cell) for code, cell in zip(QUARTERS, cells, strict=True)], LARGE)
    whole = all(None not in cell for cell in cells)
    for level in ("contrat", "epci_hors_qpv"):
        assert pd.notna(figure(measures, level)["value"]) == whole


# What the place itself forbids.


@pytest.mark.parametrize(
    ("around", "whole", "status", "words"),
    [
        (count(EPCI, None, 2400, level="epci"), REST, "suppressed", ""),
        (count(EPCI, 50, 2400, level="epci"), REST, "missing", "comptent plus que lui"),
        (AROUND, Whole(Level.EPCI_OUTSIDE, EPCI, "", 2015, QUARTERS, "epci", 2022), "missing", "autre périmètre"),
        (AROUND, Whole(Level.EPCI_OUTSIDE, EPCI, "", 2015, QUARTERS, "epci", 0, "QP099003 déborde"), "missing",
         "QP099003 déborde"),
    ],
    ids=["hidden", "less than its quarters", "another perimeter", "a quarter across its limit"],
)  # fmt: skip
def test_a_place_that_does_not_fit_its_quarters(around, whole, status, words):
    row = figure(table(*THREE, around), "epci_hors_qpv", sets=(whole,))
    assert (pd.isna(row["value"]), row["status"]) == (True, status)
    assert words in row["note"]


def test_nothing_without_the_place_or_of_its_other_source():
    other = count(EPCI, 160, 2400, level="epci", source="caf_communes")
    assert figure(table(*THREE), "epci_hors_qpv").empty
    assert figure(table(*THREE, other), "epci_hors_qpv").empty


def test_quarters_of_the_other_generation_are_not_taken():
    assert figure(table(*THREE, AROUND), "contrat", sets=(Whole(Level.CONTRACT, EPCI, "", 2024, QUARTERS),)).empty


def test_inhabitants_of_two_years_are_not_added_up():
    def served(code, year):
        (row, _) = count(code, 1000, None)
        return [row | {"variable": "population_served", "unit": "persons", "note": f"population de {year}"},
                row | {"variable": "facilities", "group": "a203", "unit": "facilities", "value": 1.0}]  # fmt: skip

    same = table(*[served(code, 2018) for code in QUARTERS])
    assert figure(same, "contrat", "bank_density", sets=(TOTAL,))["value"] == 1.0
    mixed = table(served("QP099001", 2013), served("QP099002", 2018), served("QP099003", 2018))
    assert pd.isna(figure(mixed, "contrat", "bank_density", sets=(TOTAL,))["value"])


# Which indicators add up.


def test_population_itself_is_no_comparator():
    people = table(count("QP099001", 1, 10), count("QP099002", 1, 10), count("QP099003", 1, 10))
    people["variable"] = people["variable"].replace("benefit_households", "population")
    found = indicators(people, sets=(TOTAL,))
    assert set(found.loc[found["level"] == "contrat", "variable"]) == set()


@pytest.mark.parametrize("one", [one for one in INDICATORS if one.additive], ids=lambda one: one.name)
def test_an_additive_indicator_is_a_ratio_of_counts(one):
    counts = [pd.Series([float(7 + 5 * rank)]) for rank in range(len(one.inputs))]
    once, thrice = one.function(*counts).iloc[0], one.function(*[3 * part for part in counts]).iloc[0]
    assert thrice == pytest.approx(once)
    assert one.base == "none"
    assert not any(name.variable.endswith(("_share", "_rate", "_index", "_of_communes")) for name in one.inputs)


# Where real quarters lie.

NO_LINKS = link_table([])


def sets_of(**place):
    territory = resolve(**place)
    return wholes(territory, index_links(NO_LINKS, outlines=None, generation=territory.generation))


def test_the_sets_of_a_real_territory():
    total, rest = sets_of(epci="200043396")
    assert (total.level, total.code, len(total.quarters)) == ("contrat", "200043396", 9)
    assert (rest.level, rest.host, rest.code) == ("epci_hors_qpv", "epci", "200043396")
    assert (rest.quarters, rest.reason, rest.label) == (
        tuple(sorted(total.quarters)),
        "",
        "CA Maubeuge Val de Sambre hors QPV",
    )


def test_every_quarter_of_the_epci_is_taken_not_only_the_territory_s():
    total, rest = sets_of(qpv=["QP059011", "QP059012"])
    assert (len(total.quarters), len(rest.quarters)) == (2, 9)


def test_one_quarter_has_no_total():
    (rest,) = sets_of(qpv=["QP059011"])
    assert (rest.level, len(rest.quarters)) == ("epci_hors_qpv", 9)


@pytest.mark.parametrize("epci", ["245901160", "200042190"])
def test_quarters_over_two_epci_are_taken_from_neither(epci):
    *_, rest = [one for one in sets_of(epci=epci) if one.code == epci]
    assert rest.host == "epci"
    assert rest.reason.startswith("QP059021, QP059022, QP059030 et QP059056 débordent")


def test_a_quarter_that_nothing_places_forbids_its_department():
    links = link_table(
        [("qpv", code, 2015, "epci", EPCI, 2020, 0, "CA d’essai", "anct_qpv_2015") for code in QUARTERS]
    )
    known = index_links(links, outlines=None, generation=2015)
    assert wholes(TERRITORY, known, quarters=QUARTERS)[1].reason == ""
    assert (
        wholes(TERRITORY, known, quarters=[*QUARTERS, "QP099010"])[1].reason
        == "on ne sait pas où se trouve QP099010"
    )


def test_the_commune_where_there_is_no_epci():
    code = next(code for code, one in catalogue.quarters(2015).items() if not one.epci)
    found = sets_of(qpv=[code])
    assert {one.level for one in found} == {"commune_hors_qpv"}
    assert all(one.host == "commune" and one.label.endswith(" hors QPV") for one in found)


# Real files, summed apart: C_C2SNP + C_C2SP and C over QP059011 to QP059019 (REVN_2022.csv); ABC_25 and ABC over
# QP059066 to QP059091 (IPRO_2022.csv).


def read(path):
    document = open_document(path)
    (found,) = (found for source in SOURCES if (found := source.recognise(document)) is not None)
    return SOURCES[found.source].read(document, found).measures


def test_real_quarters_together(shared):
    measures = read(shared / "real" / "insee_qpv" / "REVN_2022.csv")
    row = figure(measures, "contrat", "c2s_share", sets=sets_of(epci="200043396"))
    assert row["value"] == pytest.approx(100 * 8686 / 19_266)
    # Caf figures of QP059016 and QP059017 are secret: no total of any.
    hidden = figure(measures, "contrat", sets=sets_of(epci="200043396"))
    assert (pd.isna(hidden["value"]), hidden["note"].endswith("(QP059016 et QP059017)")) == (True, True)


def test_real_quarters_of_lille(shared):
    sets = sets_of(epci="200093201")
    measures = read(shared / "real" / "insee_qpv" / "IPRO_2022.csv")
    row = figure(measures, "contrat", "youth_among_job_seekers", sets=sets)
    assert len(sets[0].quarters) == 26
    assert row["value"] == pytest.approx(100 * 4724 / 32_283)
    # No public file at hand counts them at the EPCI: nothing stands for it.
    assert "epci_hors_qpv" not in set(indicators(measures, sets=sets)["level"])


def test_real_counts_are_whole_numbers_and_not_rounded_to_five(shared):
    """Bounds equal to the value rest on this: a producer who rounds would show it here."""
    for name in ("DEMO_2022.csv", "IPRO_2022.csv", "REVN_2022.csv"):
        counts = read(shared / "real" / "insee_qpv" / name)
        counts = counts[counts["unit"].isin(COUNT_UNITS) & (counts["level"] == "qpv")]
        for variable, values in counts.dropna(subset=["value"]).groupby("variable")["value"]:
            assert (values % 1 == 0).all(), variable
            assert (values % 5 == 0).mean() < 0.5, variable
