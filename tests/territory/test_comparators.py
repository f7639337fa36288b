"""Comparators: the declared rule, and codes of another date that are never taken in silence."""

import pandas as pd
import pytest

from diagnostic.territory import catalogue
from diagnostic.territory.assembly import assemble
from diagnostic.territory.comparators import COLUMNS, UNPUBLISHED, comparators, published_codes
from diagnostic.territory.links import link_table
from diagnostic.territory.places import resolve


def figures(*pairs):
    return pd.DataFrame(pairs, columns=["level", "code"]).assign(vintage=2020)


@pytest.fixture(scope="module")
def lille(real_places):
    boundaries, joined = real_places[2015]
    return assemble(resolve(epci="200093201"), boundaries, joined)


def test_every_kind_once_a_quarter(lille):
    table = comparators(lille.territory, lille, figures(("epci", "245900410"), ("region", "32")))
    assert list(table.columns) == COLUMNS
    one = table[table["code"] == "QP059069"]
    kinds = ["commune", "epci", "departement", "region", "france", "qpv_departement_median"]
    assert one["comparator_kind"].tolist() == kinds
    assert one["comparator_code"].tolist() == ["59017", "245900410", "59", "32", "METROPOLE", "59"]
    assert one["note"].tolist()[3] == ""
    assert one["note"].tolist()[2] == UNPUBLISHED
    assert not table.duplicated(["code", "comparator_kind", "comparator_code"]).any()


def test_every_commune_is_a_comparator_ranked_by_area(lille):
    table = comparators(lille.territory, lille, figures())
    towns = table[(table["code"] == "QP059071") & (table["comparator_kind"] == "commune")]
    assert towns["rank"].tolist() == [0, 1, 2]
    assert towns["comparator_label"].tolist()[0] == "Hem"


def test_former_code_says_its_perimeter(lille):
    table = comparators(lille.territory, lille, figures(("epci", "245900410")))
    notes = set(table.loc[table["comparator_kind"] == "epci", "note"])
    assert len(notes) == 1
    note = notes.pop()
    assert "245900410" in note
    assert "90 communes" in note
    assert "95 depuis le 14" in note


def test_both_codes_when_tables_of_two_dates_are_at_hand():
    found = published_codes("epci", "200093201", {"200093201", "245900410", "200043396"})
    assert [one.code for one in found] == ["200093201", "245900410"]


@pytest.mark.parametrize("published", ["245901061", "200000776"])
def test_an_absorbed_code_never_stands_for_the_whole(published):
    canonical = next(row.canonical for row in catalogue.epci_codes() if row.published == published)
    assert published_codes("epci", canonical, {published}) == []


def test_a_code_that_split_never_stands_for_a_part():
    parts = [row for row in catalogue.epci_codes() if row.published == "200071157"]
    assert len(parts) == 2
    assert [published_codes("epci", row.canonical, {"200071157"}) for row in parts] == [[], []]


def test_a_kept_code_whose_perimeter_changed_says_so():
    (found,) = published_codes("epci", "200000933", {"200000933"})
    assert found.note.startswith("périmètre de 2020")
    assert published_codes("epci", "200043396", {"200043396"})[0].note == ""


def test_communes_that_merged_are_not_replaced():
    # Évry and Courcouronnes became Évry-Courcouronnes: one of them is not the whole.
    assert [one.code for one in published_codes("commune", "91228", {"91228"})] == ["91228"]
    assert published_codes("departement", "59", set()) == []


def test_filosofi_lists_join_every_epci_of_the_region(shared):
    homes = {code for place in catalogue.quarters(2015).values() if place.region == "32" for code in place.epci}
    assert len(homes) == 40
    absent = {}
    for year in (2018, 2019):
        path = shared / "real" / "filosofi" / f"FILO{year}_DISP_EPCI.csv"
        codes = set(pd.read_csv(path, sep=";", dtype=str, encoding="utf-8-sig", usecols=[0]).iloc[:, 0])
        absent[year] = [code for code in sorted(homes) if not published_codes("epci", code, codes)]
    # The file of 2018 has the EPCI of 2019: Calais had another code and fewer communes, whose list is not at hand.
    assert absent == {2018: ["200090751"], 2019: []}


def test_the_urban_unit_of_the_right_zoning_when_its_figures_are_at_hand(real_places):
    boundaries, joined = real_places[2015]
    units = link_table([
        ("qpv", "QP059069", 2015, "unite_urbaine", "59702", 2010, 0, "", "x"),
        ("commune", "59017", 2021, "unite_urbaine", "59702", 2020, 0, "Lille (partie française)", "x"),
    ])  # fmt: skip
    place = assemble(resolve(epci="200093201"), boundaries, pd.concat([joined, units], ignore_index=True))

    def found(year):
        table = comparators(place.territory, place, figures(("unite_urbaine", "59702")).assign(vintage=year))
        kept = table[table["comparator_kind"] == "unite_urbaine"]
        return kept[["code", "comparator_code", "comparator_label", "note"]].to_numpy().tolist()

    assert found(2018) == [["QP059069", "59702", "unité urbaine 59702", "unité urbaine au zonage de 2010"]]
    assert ["QP059069", "59702", "Lille (partie française)", "unité urbaine au zonage de 2020"] in found(2021)
    without = comparators(place.territory, place, figures())
    assert "unite_urbaine" not in set(without["comparator_kind"])
