"""Outlines of quarters, communes, départements and Iris: real files whole, samples, and what must be refused."""

import json
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from diagnostic.errors import InputError
from diagnostic.ingestion.document import open_document
from diagnostic.ingestion.source import SOURCES
from diagnostic.schemas import BOUNDARY_COLUMNS, LINK_COLUMNS
from diagnostic.territory.metric import areas

SAMPLES = Path(__file__).parent / "samples"
GUIANA = "QP973"


def read(path, *, source):
    document = open_document(path)
    recognition = SOURCES[source].recognise(document)
    assert recognition is not None
    assert recognition.source == source
    return SOURCES[source].read(document, recognition)


def check(boundaries):
    assert list(boundaries.columns) == BOUNDARY_COLUMNS
    assert boundaries.crs == "EPSG:4326"
    assert boundaries.geometry.is_valid.all()
    assert not boundaries.geometry.is_empty.any()
    assert not boundaries.duplicated(["level", "code", "vintage"]).any()
    assert set(boundaries.geom_type) <= {"Polygon", "MultiPolygon"}


@pytest.fixture(scope="module")
def outlines_2015(shared):
    return read(shared / "real" / "boundaries" / "qp-politiquedelaville-shp.zip", source="anct_qpv_2015")


@pytest.fixture(scope="module")
def outlines_2024(shared):
    return read(shared / "real" / "boundaries" / "qpv2024_derived_4decimals.geojson", source="anct_qpv_2024")


def test_every_quarter_of_2015_once(outlines_2015):
    boundaries = outlines_2015.boundaries
    check(boundaries)
    assert len(boundaries) == 1514
    assert boundaries["code"].str[2:5].isin(["002", "059", "060", "062", "080"]).sum() == 199
    # 25 in the metropolitan file, 9 overseas.
    assert boundaries["note"].str.contains("réparé").sum() == 34
    assert boundaries.set_index("code").loc["QP059002", "label"] == "Auby Centre"


def test_the_letters_of_windows_are_read_as_letters(outlines_2015):
    names = outlines_2015.boundaries.set_index("code")["label"]
    assert names["QP069032"] == "Sœurs Janin"
    assert names["QP093059"] == "Mont d’Est - Palacio"
    assert not names.str.contains(r"[\x00-\x1f\x7f-\x9f]").any()


def test_two_copies_of_guiana_are_two_metres_apart(outlines_2015):
    moved = outlines_2015.boundaries[outlines_2015.boundaries["note"].str.contains("distantes")]
    assert set(moved["code"].str[:5]) == {GUIANA}
    assert len(moved) == 32


def test_communes_of_2015_all_have_a_code(outlines_2015):
    links = outlines_2015.links
    assert list(links.columns) == LINK_COLUMNS
    assert not links["parent_code"].str.startswith("nom:").any()
    assert links["code"].nunique() == 1514
    lille = links[links["code"] == "QP059074"].sort_values("rank")
    assert lille["parent_code"].tolist() == ["59350", "59220", "59360", "59346"]


def test_points_fall_in_the_quarters_that_others_found(shared, outlines_2015):
    reference = json.loads((shared / "reference" / "geography" / "qpv_points.json").read_bytes())
    boundaries = outlines_2015.boundaries
    assert len(reference["points"]) == 3
    for point in reference["points"]:
        inside = shapely.contains_xy(boundaries.geometry.to_numpy(), point["lon"], point["lat"])
        assert boundaries["code"][inside].tolist() == ([point["expect"]] if point["expect"] else [])


def test_every_quarter_of_2024_once(outlines_2024):
    boundaries = outlines_2024.boundaries
    check(boundaries)
    assert len(boundaries) == 1584
    assert boundaries["note"].str.contains("réparé").sum() == 586
    assert boundaries["note"].str.contains("carte seulement").all()


def test_areas_of_the_region_are_those_of_its_description(outlines_2015, outlines_2024):
    # real/README.md: 84.6 km2 in 2015, 112 km2 and a median of 37 ha in 2024.
    for tables, total in ((outlines_2015, 84.6), (outlines_2024, 112.0)):
        boundaries = tables.boundaries
        north = boundaries[boundaries["code"].str[2:5].isin(["002", "059", "060", "062", "080"])]
        assert areas(north.geometry).sum() / 1e6 == pytest.approx(total, abs=0.5)
    assert np.median(areas(north.geometry)) / 1e4 == pytest.approx(37, abs=0.5)


def test_same_archive_same_bytes(outlines_2015, shared):
    again = read(shared / "real" / "boundaries" / "qp-politiquedelaville-shp.zip", source="anct_qpv_2015")
    assert (again.boundaries.geometry.to_wkb() == outlines_2015.boundaries.geometry.to_wkb()).all()


@pytest.mark.parametrize(
    ("path", "source", "rows"),
    [
        ("communes-hauts-de-france.geojson", "ign_communes", 3808),
        ("departements-hauts-de-france.geojson", "ign_departements", 5),
        ("iris_lille.geojson", "ign_iris", 281),
    ],
)
def test_ground_of_maps(shared, path, source, rows):
    boundaries = read(shared / "real" / "geography" / path, source=source).boundaries
    check(boundaries)
    assert len(boundaries) == rows


@pytest.mark.parametrize(
    ("name", "source", "rows"),
    [
        ("anct_qpv_2015.zip", "anct_qpv_2015", 6),
        ("anct_qpv_2024.geojson", "anct_qpv_2024", 4),
        ("ign_communes.geojson", "ign_communes", 5),
        ("ign_departements.geojson", "ign_departements", 1),
        ("ign_iris.geojson", "ign_iris", 2),
    ],
)
def test_samples_are_known_by_one_source_and_read_twice_alike(name, source, rows):
    document = open_document(SAMPLES / name)
    assert [one.name for one in SOURCES if one.recognise(document)] == [source]
    first, second = read(SAMPLES / name, source=source), read(SAMPLES / name, source=source)
    check(first.boundaries)
    assert len(first.boundaries) == rows
    assert first.boundaries.equals(second.boundaries)


def members(changes=None, *, folder="", drop=()):
    """Give the sample archive of 2015 again, its members moved, dropped or replaced."""
    with zipfile.ZipFile(SAMPLES / "anct_qpv_2015.zip") as archive:
        content = {folder + name: archive.read(name) for name in archive.namelist() if not name.endswith(drop)}
    return content | (changes or {})


def archive(path, content):
    with zipfile.ZipFile(path, "w") as target:
        for name, data in content.items():
            target.writestr(name, data)
    return path


def test_sub_folder(tmp_path):
    path = archive(tmp_path / "a.zip", members(folder="qp-politiquedelaville-shp/"))
    assert len(read(path, source="anct_qpv_2015").boundaries) == 6


def test_metropolitan_layer_alone(tmp_path):
    content = {name: data for name, data in members().items() if name.startswith("QP_METROPOLE_LB93")}
    boundaries = read(archive(tmp_path / "a.zip", content), source="anct_qpv_2015").boundaries
    assert boundaries["code"].tolist() == ["QP059011", "QP059019", "QP060001", "QP062035"]


def test_absent_reference_system_is_never_guessed(tmp_path):
    path = archive(tmp_path / "a.zip", members(drop=("LB93.prj",)))
    with pytest.raises(InputError, match=r"QP_METROPOLE_LB93\.prj"):
        read(path, source="anct_qpv_2015")


def test_cut_shapefile(tmp_path):
    content = members()
    name = "QP_METROPOLE_LB93.shp"
    path = archive(tmp_path / "a.zip", content | {name: content[name][:200], "QP_METROPOLE_LB93.shx": b""})
    with pytest.raises(InputError):
        read(path, source="anct_qpv_2015")


def test_layer_without_its_attributes_is_not_left_out_in_silence(tmp_path):
    path = archive(tmp_path / "a.zip", members(drop=("LB93.dbf",)))
    with pytest.raises(InputError, match="incomplète"):
        read(path, source="anct_qpv_2015")


def shifted(tmp_path, metres):
    """Move the metropolitan layer of the sample."""
    frame = gpd.read_file(f"/vsizip/{{{SAMPLES / 'anct_qpv_2015.zip'}}}/QP_METROPOLE_LB93.shp")
    frame["geometry"] = frame.translate(metres, 0)
    frame.to_file(tmp_path / "moved.shp", encoding="cp1252")
    kinds = ("shp", "shx", "dbf")
    changes = {f"QP_METROPOLE_LB93.{kind}": (tmp_path / f"moved.{kind}").read_bytes() for kind in kinds}
    return archive(tmp_path / "a.zip", members(changes))


def test_two_outlines_for_one_quarter(tmp_path):
    with pytest.raises(InputError, match="diffère") as caught:
        read(shifted(tmp_path, 60), source="anct_qpv_2015")
    assert len(caught.value.faults) == 4


def feature(code, shape, **properties):
    return {
        "type": "Feature",
        "properties": {"code_qp": code, "lib_qp": f"Quartier {code}", "insee_com": "59392"} | properties,
        "geometry": shapely.geometry.mapping(shape),
    }


def collection(features, *, crs=None):
    named = {"crs": {"type": "name", "properties": {"name": crs}}} if crs else {}
    return json.dumps({"type": "FeatureCollection", **named, "features": features}, ensure_ascii=False)


SQUARE = shapely.box(3.961234567, 50.271234567, 3.971234567, 50.281234567)


def test_official_geojson_archive_of_2024(tmp_path):
    metric = gpd.GeoSeries([SQUARE], crs="EPSG:4326").to_crs("EPSG:2154").iloc[0]
    overseas = shapely.box(55.451234, -20.901234, 55.461234, -20.891234)
    utm = gpd.GeoSeries([overseas], crs="EPSG:4326").to_crs("EPSG:32740").iloc[0]
    said = {"insee_com": "59392, 59365", "lib_com": "Maubeuge, Louvroil", "siren_epci": "200043396"}
    there = {"insee_com": "97411", "lib_com": "Saint-Denis", "siren_epci": "249740119"}
    content = {
        "GEOJSON/QP2024_France_Hexagonale_Outre_Mer_WGS84.geojson": collection(
            [feature("QN05919M", SQUARE, **said), feature("QN97401M", overseas, **there)]
        ),
        "GEOJSON/QP2024_France_hexagonale_LB93.geojson": collection(
            [feature("QN05919M", metric, **said)], crs="urn:ogc:def:crs:EPSG::2154"
        ),
        "GEOJSON/QP2024_LaReunion_RGR92_UTM40S.geojson": collection(
            [feature("QN97401M", utm, **there)], crs="urn:ogc:def:crs:EPSG::32740"
        ),
    }
    tables = read(archive(tmp_path / "qpv-2024-geojson.zip", content), source="anct_qpv_2024")
    check(tables.boundaries)
    assert tables.boundaries["code"].tolist() == ["QN05919M", "QN97401M"]
    assert tables.boundaries["note"].tolist() == ["", ""]
    links = tables.links[tables.links["code"] == "QN05919M"]
    assert links["parent_code"].tolist() == ["59392", "59365", "200043396"]
    assert links["label"].tolist() == ["Maubeuge", "Louvroil", ""]


def test_official_shapefile_archive_of_2024(tmp_path):
    frame = gpd.GeoDataFrame(
        {"code_qp": ["QN00201M"], "lib_qp": ["Europe"], "insee_com": ["2571, 2691"]}, geometry=[SQUARE], crs=4326
    )
    name = "QP2024_France_hexagonale_LB93"
    frame.to_crs(2154).to_file(tmp_path / f"{name}.shp")
    content = {
        f"SHP/{name}.{kind}": (tmp_path / f"{name}.{kind}").read_bytes() for kind in ("shp", "shx", "dbf", "prj")
    }
    tables = read(archive(tmp_path / "a.zip", content), source="anct_qpv_2024")
    assert tables.links["parent_code"].tolist() == ["02571", "02691"]


@pytest.mark.parametrize(
    ("features", "words"),
    [
        ([feature("QN05919M", SQUARE), feature("QN05919M", SQUARE)], "répété"),
        ([feature("QN05919M", SQUARE), feature("QN5919", SQUARE)], "ne sont pas des quartiers de 2024"),
        ([feature("QN05919M", shapely.box(700_000, 6_600_000, 700_100, 6_600_100))], "système déclaré"),
        ([feature("QN05919M", shapely.Point(3, 50))], "n’est pas une surface"),
    ],
)
def test_refused_outlines(tmp_path, features, words):
    path = tmp_path / "a.geojson"
    path.write_text(collection(features), encoding="utf-8")
    with pytest.raises(InputError, match=words):
        read(path, source="anct_qpv_2024")


def test_repair_that_would_change_the_area_is_refused(tmp_path):
    # The ring goes twice around the inner square: the text includes it, the even-odd repair would take it out.
    ring = [(0, 0), (10, 0), (10, 10), (0, 10), (0, 0), (2, 2), (8, 2), (8, 8), (2, 8), (2, 2), (0, 0)]
    twice = shapely.Polygon([(3 + x / 1000, 50 + y / 1000) for x, y in ring])
    path = tmp_path / "a.geojson"
    path.write_text(collection([feature("QN05919M", twice)]), encoding="utf-8")
    with pytest.raises(InputError, match="changerait sa surface"):
        read(path, source="anct_qpv_2024")


def test_crossed_ring_keeps_both_lobes(tmp_path):
    bow = shapely.Polygon([(3.001, 50.001), (3.003, 50.003), (3.003, 50.001), (3.001, 50.003)])
    path = tmp_path / "a.geojson"
    path.write_text(collection([feature("QN05919M", bow)]), encoding="utf-8")
    boundaries = read(path, source="anct_qpv_2024").boundaries
    check(boundaries)
    assert "réparé" in boundaries["note"].iloc[0]
    assert shapely.area(boundaries.geometry.iloc[0]) == pytest.approx(2e-6)


def test_other_documents_are_left_alone(tmp_path):
    path = archive(tmp_path / "a.zip", {"lisezmoi.txt": "rien"})
    document = open_document(path)
    mine = [one for one in SOURCES if one.name.startswith(("anct", "ign", "etalab"))]
    assert len(mine) == 9
    assert [one.name for one in mine if one.recognise(document)] == []
