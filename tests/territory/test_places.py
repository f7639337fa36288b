"""The shipped list and the resolution of a territory, against the counts that the producers publish."""

import gzip
import re
import subprocess
import sys
from collections import Counter

import pytest

from diagnostic.config import TerritorySection
from diagnostic.errors import TerritoryError
from diagnostic.territory import catalogue
from diagnostic.territory.places import declared, resolve
from diagnostic.territory.reference.build import build
from diagnostic.territory.reference.files import HERE, reference_rows

HAUTS_DE_FRANCE = "32"


@pytest.mark.parametrize(
    ("generation", "total", "region"),
    [
        (2015, 1514, {"02": 17, "59": 91, "60": 18, "62": 64, "80": 9}),
        (2024, 1584, {"02": 17, "59": 94, "60": 19, "62": 64, "80": 10}),
    ],
)
def test_list_holds_every_quarter(generation, total, region):
    places = catalogue.quarters(generation)
    assert len(places) == total
    assert all(place.communes for place in places.values())
    counts = Counter(place.departements[0] for place in places.values() if place.region == HAUTS_DE_FRANCE)
    assert counts == region


def _plain(content):
    return gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content


def test_reference_is_up_to_date(shared):
    # Compressed bytes depend on the zlib at hand; what they hold does not.
    stale = [
        name
        for name, content in build(shared / "real").items()
        if _plain((HERE / name).read_bytes()) != _plain(content)
    ]
    assert stale == [], "run: python -m diagnostic.territory.reference.build ../shared/real"


def test_every_reference_file_is_small():
    assert max(path.stat().st_size for path in HERE.iterdir() if path.is_file()) < 900_000


def test_no_name_is_left_unresolved_and_most_contracts_are_checked():
    assert [row["code"] for row in reference_rows("qpv.csv") if row["unresolved"]] == []
    assert Counter(row["checked"] for row in reference_rows("contrats.csv")) == {"population": 409, "non": 24}


def test_domain_table_of_epci(shared):
    text = (shared / "domain" / "domain.md").read_text(encoding="utf-8")
    expected = dict(re.findall(r"^\| (C[AUC] .*?|Métropole.*?) \| (\d+) \|$", text, re.MULTILINE))
    labels = {body.label: body.code for body in catalogue.epcis().values()}
    found = {label: len(resolve(epci=labels[label], generation=2024).qpv) for label in expected}
    assert len(expected) == 39
    assert found == {label: int(count) for label, count in expected.items()}


@pytest.mark.parametrize(
    "name",
    [
        "245900410",
        "200093201",
        "200 093 201",
        "Métropole Européenne de Lille",
        "METROPOLE-EUROPEENNE  DE LILLE",
        "métropole europeene de Lille",
    ],
)
def test_lille_by_every_name(name):
    assert [len(resolve(epci=name, generation=year).qpv) for year in (2015, 2024)] == [26, 26]
    assert resolve(epci=name).main_epci == "200093201"
    assert resolve(epci=name).epci[:2] == ("200093201", "245900410")


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("200043396", [9, 11]),
        ("Communauté d'agglomération Maubeuge Val de Sambre", [9, 11]),
        ("CA du Caudrésis et du Catésis", [1, 1]),
        ("CC du Pays Noyonnais", [2, 2]),
    ],
)
def test_small_territories(name, counts):
    assert [len(resolve(epci=name, generation=year).qpv) for year in (2015, 2024)] == counts


def test_contract_holds_its_own_quarters():
    assert resolve(contrat="métropole européenne de lille").qpv == resolve(epci="200093201").qpv
    assert resolve(contrat="CV192", generation=2024).notes


def test_quarter_over_two_epci_belongs_to_both():
    shared_place = "QN05920M"
    for name in ("CA Valenciennes Métropole", "CA de la Porte du Hainaut"):
        assert shared_place in resolve(epci=name, generation=2024).qpv


def test_list_over_two_departements_keeps_its_order():
    territory = resolve(qpv=["qp062035", "QP059074", "QP062035"])
    assert territory.qpv == ("QP062035", "QP059074")
    assert territory.departements == ("62", "59")
    assert not territory.fictional


def test_list_order_is_by_commune_then_code():
    territory = resolve(epci="200093201")
    towns = catalogue.communes()
    firsts = [
        next(
            towns[code].label
            for code in catalogue.quarters(2015)[place].communes
            if towns[code].epci == "200093201"
        )
        for place in territory.qpv
    ]
    assert firsts == sorted(firsts)


def test_all_faults_at_once():
    with pytest.raises(TerritoryError) as caught:
        resolve(qpv=["QP059999", "QN05901M", "QP062035", "QP099001"])
    assert len(caught.value.faults) == 3
    assert "QP059009" in str(caught.value)
    assert "génération 2024" in str(caught.value)
    assert "fictifs" in str(caught.value)


@pytest.mark.parametrize(
    ("described", "words"),
    [
        ({}, "mal désigné"),
        ({"epci": "200093201", "contrat": "CV192"}, "mal désigné"),
        ({"epci": "200093201", "generation": 2020}, "génération"),
        ({"epci": "123456789"}, "SIREN"),
        ({"epci": "Lille"}, "commune"),
        ({"epci": "CC des Quatre Rivières"}, "plusieurs"),
        ({"epci": "intercommunalité inexistante"}, "inconnue"),
        ({"epci": "CC Usses et Rhône"}, "aucun quartier"),
        ({"contrat": "maubeuge"}, "CV199"),
    ],
)
def test_refusals_say_what_to_do(described, words):
    with pytest.raises(TerritoryError, match=words) as caught:
        resolve(**described)
    assert all(fault.remedy for fault in caught.value.faults)


def test_near_name_under_the_threshold_is_only_suggested():
    with pytest.raises(TerritoryError, match="Métropole Européenne de Lille"):
        resolve(epci="Métropole de Lille")


@pytest.mark.parametrize("described", [{"epci": "990000001"}, {"qpv": ["QP099001", "QP099002"]}])
def test_fictional_codes_need_no_list(described):
    assert resolve(**described).fictional


def test_import_is_light():
    code = (
        "import sys, diagnostic.territory.places as p; p.resolve(epci='200043396');"
        "sys.exit(any(name in sys.modules for name in ('pandas', 'geopandas', 'numpy', 'rapidfuzz')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def section(**changed):
    given = {"nom": "Essai", "generation": 2015, "epci": ["200043396"], "qpv": ["QP059080", "QP059081"]}
    return TerritorySection(**given | changed)


def test_a_configuration_names_its_territory_by_codes_of_any_vintage():
    codes = resolve(epci="200043396").qpv
    found = declared(section(qpv=list(codes), epci=["200043396"]), file="diagnostic.toml")
    assert (found.name, found.main_epci, found.qpv) == ("Essai", "200043396", codes)
    former = declared(section(epci=["245900410"], qpv=["QP059074"]), file="diagnostic.toml")
    assert former.epci[0] == former.main_epci == "245900410"
    assert declared(section(epci=[], qpv=["QP059074"]), file="diagnostic.toml").main_epci == "200093201"


def faults_of(**changed):
    with pytest.raises(TerritoryError) as caught:
        declared(section(**changed), file="diagnostic.toml")
    return caught.value.faults


def test_an_unknown_siren_typed_by_hand_is_refused_with_the_nearest():
    (fault,) = faults_of(epci=["200043396", "200093210"], qpv=["QP059074"])
    assert "200093210" in fault.what
    assert (fault.file, fault.column) == ("diagnostic.toml", "territoire > epci")
    assert "200093201 (Métropole Européenne de Lille)" in fault.expected
    # Nothing like it: the one of the neighbourhoods.
    (fault,) = faults_of(epci=["123456789"], qpv=["QP059074"])
    assert fault.expected.startswith("200093201 (Métropole Européenne de Lille)")
    with pytest.raises(TerritoryError, match="Métropole Européenne de Lille"):
        resolve(epci="200093210")


def test_codes_of_the_other_generation_are_told_by_the_key_of_the_file():
    found = faults_of(epci=["123456789"], qpv=["QN05921M", "QP059999"])
    assert [fault.column for fault in found] == ["territoire > qpv", "territoire > qpv", "territoire > epci"]
    assert "generation = 2024 dans [territoire]" in found[0].remedy
    assert "--generation" not in " ".join(map(str, found))
    with pytest.raises(TerritoryError, match="--generation 2024"):
        resolve(qpv=["QN05921M"])


@pytest.mark.parametrize("generation", [2015, 2024])
def test_no_name_of_the_lists_holds_a_control_character(generation):
    names = {one.label for one in catalogue.quarters(generation).values()}
    assert not [name for name in names if re.search(r"[\x00-\x1f\x7f-\x9f]", name)]
