"""The quirks of the published files, byte for byte."""

import io
import json
import re
import struct
import zipfile

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

BOUNDARIES = "qp-politiquedelaville-shp.zip"


@pytest.mark.parametrize(("name", "width"), [("DEMO", 191), ("IPRO", 226), ("REVN", 1024)])
def test_resaved_csv_has_mark_windows_breaks_and_trailing_cells(territory, name, width):
    content = (territory / f"{name}_2021.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfCODGEO;LIBGEO;")
    assert content.endswith(b";;;;\r\n")
    assert content.count(b"\n") == content.count(b"\r\n") == 17
    assert {line.count(b";") + 1 for line in content.split(b"\r\n")[:-1]} == {width}


@pytest.mark.parametrize("name", ["DEMO_2021", "DEMO_2022", "IPRO_2021", "IPRO_2022", "REVN_2021", "REVN_2022"])
def test_columns_are_those_of_the_real_edition(territory, shared, name):
    with (shared / "real" / "insee_qpv" / f"{name}.csv").open(encoding="utf-8-sig") as real:
        expected = real.readline().rstrip(";\n").split(";")
    if name.endswith("2021"):
        text = (territory / f"{name}.csv").read_text(encoding="utf-8-sig")
        found = text.partition("\n")[0].rstrip(";").split(";")
    else:
        found = CalamineWorkbook.from_path(str(territory / f"{name}.xlsx")).get_sheet_by_name("QP").to_python()[5]
    assert found == expected


@pytest.mark.parametrize(
    "name",
    [
        *("data_filo18_qp_revdis", "data_filo19_qp_revdis", "FILO2018_DISP_COM", "FILO2019_DISP_EPCI"),
        *("FILO2019_DISP_DEP", "commune_2021", "departement2021", "region2021", "EPCI_2020"),
    ],
)
def test_lists_and_filosofi_open_and_close_like_the_real_files(territory, shared, name):
    folder = {"data": "insee_qpv", "FILO": "filosofi"}.get(name[:4], "geography")
    real = (shared / "real" / folder / f"{name}.csv").read_bytes()
    ours = (territory / f"{name}.csv").read_bytes()
    assert ours.split(b"\r\n")[0] == real.split(b"\r\n")[0]
    assert ours.endswith(b"\r\n") == real.endswith(b"\r\n")


def test_header_of_contracts_keeps_its_trailing_blank(territory):
    assert b";EVOL_CA_N_E ;NOTE_ASP_E;" in (territory / "IPRO_2021.csv").read_bytes()


def test_thousands_are_parted_by_narrow_blanks_in_tables_and_no_break_blanks_in_source_files(territory):
    tables = [
        (territory / f"{name}_2021.csv").read_text(encoding="utf-8-sig") for name in ("DEMO", "IPRO", "REVN")
    ]
    assert all(re.search(r";\d{1,2}\u202f\d{3};", text) and "\u00a0" not in text for text in tables)
    source = (territory / "data_filo18_qp_revdis.csv").read_text(encoding="utf-8")
    assert re.search(r";\d{2}\u00a0\d{3};", source)
    assert "\u202f" not in source
    assert "\u00a0" not in (territory / "FILO2018_DISP_COM.csv").read_text(encoding="utf-8-sig")


def test_decimals_are_commas_and_whole_rates_keep_theirs_except_where_the_spreadsheet_took_them_off(territory):
    text = (territory / "DEMO_2021.csv").read_text(encoding="utf-8-sig")
    assert "." not in text
    frame = pd.read_csv(io.StringIO(text), sep=";", dtype=str, keep_default_na=False)
    assert frame["TX_F"].str.fullmatch(r"\d+,\d").all()
    assert not frame["TX_F_ET"].str.endswith(",0").any()


@pytest.mark.parametrize("theme", ["DEMO", "IPRO", "REVN"])
def test_workbook_has_titles_with_the_year_a_header_in_the_sixth_row_and_documentation(territory, theme):
    book = CalamineWorkbook.from_path(str(territory / f"{theme}_2022.xlsx"))
    assert book.sheet_names == ["QP", "COM", "EPCI", "Documentation", "Variables"]
    for sheet, rows in (("QP", 16), ("COM", 9), ("EPCI", 2)):
        cells = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        assert "2022" in cells[0][0]
        assert "fictives" in cells[3][0]
        assert cells[5][:2] == ["CODGEO", "LIBGEO"]
        assert all(isinstance(row[0], str) for row in cells[6:])
        assert len(cells) == 6 + rows


def test_populations_of_2013_stand_under_two_header_rows(territory):
    cells = CalamineWorkbook.from_path(str(territory / "pop_qp_2013.xlsx")).get_sheet_by_name("pop_qp").to_python()
    assert cells[8][:5] == ["qp", "nom_qp", "reg", "epci1", "epci2"]
    assert cells[9][:5] == ["QP099001", "Faubourg De La Brecque", "99", "990000011", ""]
    assert cells[11][6] == "Valbrecques, Quenebrecq"


def test_archive_has_the_two_layers_and_no_code_page(territory):
    with zipfile.ZipFile(territory / BOUNDARIES) as archive:
        names = archive.namelist()
    layers = ("QP_METROPOLEOUTREMER_WGS84_EPSG4326", "QP_METROPOLE_LB93")
    assert set(names) == {f"{layer}.{kind}" for layer in layers for kind in ("dbf", "prj", "shp", "shx")}


@pytest.mark.parametrize("layer", ["QP_METROPOLEOUTREMER_WGS84_EPSG4326", "QP_METROPOLE_LB93"])
def test_attributes_and_projection_are_laid_out_as_in_the_official_archive(territory, shared, layer):
    with zipfile.ZipFile(shared / "real" / "boundaries" / BOUNDARIES) as archive:
        real = {kind: archive.read(f"{layer}.{kind}") for kind in ("dbf", "prj")}
    with zipfile.ZipFile(territory / BOUNDARIES) as archive:
        ours = {kind: archive.read(f"{layer}.{kind}") for kind in ("dbf", "prj", "shp", "shx")}
    assert ours["prj"] == real["prj"]
    # Everything but the number of records: version, date, lengths, language, fields.
    assert (ours["dbf"][:4], ours["dbf"][8:129]) == (real["dbf"][:4], real["dbf"][8:129])
    assert struct.unpack("<I", ours["dbf"][4:8]) == (16,)
    assert len(ours["dbf"]) == 129 + 16 * 517 + 1
    assert ours["dbf"][-1:] == real["dbf"][-1:]
    for kind in ("shp", "shx"):
        assert struct.unpack(">i", ours[kind][24:28]) == (len(ours[kind]) // 2,)


def test_names_are_ansi_without_ligature_and_with_a_double_blank(territory):
    with zipfile.ZipFile(territory / BOUNDARIES) as archive:
        table = archive.read("QP_METROPOLE_LB93.dbf")
    assert "La Râperie".encode("cp1252") in table
    assert b"Marboeuvre" in table
    assert b"Valbrecques,  Quenebrecq" in table


def test_outlines_of_communes_are_one_ascii_line_with_code_and_name(territory):
    content = (territory / "communes-plaines-du-septentrion.geojson").read_bytes()
    assert content.startswith(
        b'{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Polygon",'
    )
    assert content.isascii()
    assert [feature["properties"]["code"] for feature in json.loads(content)["features"]] == [
        f"9900{rank}" for rank in range(1, 10)
    ]
