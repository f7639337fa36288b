"""Lists of communes, EPCI, départements and regions, and the links of quarters of 2024."""

import gzip
import json
from pathlib import Path

import pytest

from diagnostic.errors import InputError
from diagnostic.ingestion.document import open_document
from diagnostic.ingestion.source import SOURCES
from diagnostic.schemas import LINK_COLUMNS
from diagnostic.territory import catalogue

SAMPLES = Path(__file__).parent / "samples"


def read(path, *, source):
    document = open_document(path)
    recognition = SOURCES[source].recognise(document)
    assert recognition is not None
    links = SOURCES[source].read(document, recognition).links
    assert list(links.columns) == LINK_COLUMNS
    assert not links.duplicated(LINK_COLUMNS[:6]).any()
    return recognition, links


@pytest.mark.parametrize(
    ("name", "source", "edition"),
    [
        ("cog_EPCI_2020.csv", "insee_cog", "2020"),
        ("cog_commune_2021.csv", "insee_cog", "2021"),
        ("cog_departement2021.csv", "insee_cog", "2021"),
        ("cog_region2021.csv", "insee_cog", "2021"),
        ("cog_communes_info_supra.csv.gz", "insee_cog", "2026"),
        ("cog_epci.csv.gz", "insee_cog", "2025"),
        ("cog_etalab_epci.json.gz", "etalab_epci", "2026"),
        ("anct_communes_qpv_2024.geojson", "anct_communes_qpv_2024", "2024"),
    ],
)
def test_samples_are_known_by_one_source(name, source, edition):
    document = open_document(SAMPLES / name)
    assert [one.name for one in SOURCES if one.recognise(document)] == [source]
    recognition, links = read(SAMPLES / name, source=source)
    assert (recognition.edition, recognition.fictional) == (edition, False)
    assert links.equals(read(SAMPLES / name, source=source)[1])


def test_members_of_2020_know_the_former_code_of_lille():
    _, links = read(SAMPLES / "cog_EPCI_2020.csv", source="insee_cog")
    parents = links[links["code"] == "59350"].set_index("parent_level")
    assert parents.loc["epci", "parent_code"] == "245900410"
    assert parents.loc["epci", "label"] == "Métropole Européenne de Lille"
    assert parents.loc["commune", "label"] == "Lille"
    assert set(parents["parent_vintage"]) == {2020}
    island = links[links["code"] == "29155"]
    assert "epci" not in set(island["parent_level"])


def test_associated_communes_and_boroughs_lead_to_their_commune():
    _, links = read(SAMPLES / "cog_commune_2021.csv", source="insee_cog")
    towns = links[links["parent_level"] == "commune"].set_index("code")["parent_code"]
    assert towns[["75101", "59298", "59350"]].tolist() == ["75056", "59350", "59350"]


def test_whole_lists(shared):
    folder = shared / "real" / "geography"
    recognition, links = read(folder / "EPCI_2020.csv", source="insee_cog")
    assert (recognition.edition, recognition.basis) == ("2020", "valeurs reconnues")
    members = links[links["parent_level"] == "epci"]
    assert (members["parent_code"] == "245900410").sum() == 90
    _, links = read(folder / "etalab-decoupage-administratif-6.0.0_epci.json.gz", source="etalab_epci")
    members = links[links["parent_level"] == "epci"]
    assert members["parent_code"].nunique() == 1255
    assert (members["parent_code"] == "200093201").sum() == 95
    known = {code: town.epci for code, town in catalogue.communes().items() if town.epci}
    assert dict(zip(members["code"], members["parent_code"], strict=True)) == known


def test_communes_of_quarters_of_2024(shared):
    path = shared / "real" / "boundaries" / "centroide-4326_qpv.geojson"
    _, links = read(path, source="anct_communes_qpv_2024")
    assert links["code"].nunique() == 1493
    listed = catalogue.quarters(2024)
    apart = [
        code for code, group in links.groupby("code") if set(group["parent_code"]) != set(listed[code].communes)
    ]
    # The derived outlines put Bouéni (97604) in Bandraboua (97602): one row of 1,493.
    assert apart == ["QN97654C"]


def test_codes_turned_into_numbers_are_refused(tmp_path):
    path = tmp_path / "EPCI_2020.csv"
    text = (SAMPLES / "cog_EPCI_2020.csv").read_text(encoding="utf-8-sig").replace("245900410", "2,459E+08")
    path.write_text(text, encoding="utf-8")
    document = open_document(path)
    recognition = SOURCES["insee_cog"].recognise(document)
    with pytest.raises(InputError, match="nombres"):
        SOURCES["insee_cog"].read(document, recognition)


def test_unknown_year_is_asked(tmp_path):
    path = tmp_path / "epci.json"
    bodies = json.loads(gzip.decompress((SAMPLES / "cog_etalab_epci.json.gz").read_bytes()))
    bodies[0]["membres"][0]["code"] = "59999"
    path.write_text(json.dumps(bodies), encoding="utf-8")
    with pytest.raises(InputError, match="--edition"):
        SOURCES["etalab_epci"].recognise(open_document(path))
    stated = SOURCES["etalab_epci"].recognise(open_document(path, edition="2021"))
    assert stated.edition == "2021"


def test_cut_json_is_refused(tmp_path):
    path = tmp_path / "epci.json"
    path.write_bytes(gzip.decompress((SAMPLES / "cog_etalab_epci.json.gz").read_bytes())[:-40])
    with pytest.raises(InputError):
        SOURCES["etalab_epci"].recognise(open_document(path))
