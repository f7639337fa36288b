"""Tables come in as text with their line numbers; numbers are what French producers write, nothing else."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from diagnostic.errors import InputError
from diagnostic.formatting import number
from diagnostic.ingestion.document import open_document
from diagnostic.ingestion.tabular import SHOWN_FAULTS, code_kinds, number_matrix, numbers, read_table

COMMUNE = {"commune": r"\d[0-9AB]\d{3}"}


def table_of(folder, text, needles=("CODGEO",), name="table.csv", codec="utf-8"):
    path = folder / name
    path.write_bytes(text.encode(codec))
    return read_table(open_document(path), needles)


def faults_of(call, *args, **options):
    with pytest.raises(InputError) as caught:
        call(*args, **options)
    return caught.value.faults


def test_lines_follow_titles_blank_lines_and_windows_ends(tmp_path):
    text = "Un titre;;\r\n;;\r\nCODGEO;TX ;\r\n59001;1;\r\n\r\n;;\r\n59002;2;\r\n"
    table = table_of(tmp_path, text)
    assert table.header_line == 3
    assert list(table.frame.columns) == ["CODGEO", "TX"]
    assert table.frame.index.tolist() == [4, 7]
    assert table.frame["TX"].tolist() == ["1", "2"]


def test_line_breaks_inside_cells_keep_the_lines_right(tmp_path):
    text = 'CODGEO;"Nom\nlong";TX\n59001;"a\nb";1\n59002;c;x\n'
    table = table_of(tmp_path, text)
    (fault,) = faults_of(number_matrix, table, ["TX"])
    assert (fault.line, fault.column) == (5, "TX")


def test_codes_stay_text_and_quotes_go(tmp_path):
    table = table_of(tmp_path, '"CODGEO";"LIB"\n"01001";"dit ""le Bourg"""\n2A004;NA\n')
    assert table.frame["CODGEO"].tolist() == ["01001", "2A004"]
    assert table.frame["LIB"].tolist() == ['dit "le Bourg"', "NA"]


def test_trailing_empty_columns_are_left_out(tmp_path):
    table = table_of(tmp_path, "CODGEO;A" + ";" * 990 + "\n59001;1" + ";" * 990 + "\n")
    assert table.frame.shape == (1, 2)


def test_rows_that_a_spreadsheet_cut_after_their_last_value_are_whole(tmp_path):
    table = table_of(tmp_path, "CODGEO;A;B;;\n59001;1;2;;\n59002;3;4\n")
    assert table.frame["B"].tolist() == ["2", "4"]


def test_a_value_under_no_title_is_an_error(tmp_path):
    (fault,) = faults_of(table_of, tmp_path, "CODGEO;A;;\n59001;1;;\n59002;2;;7\n")
    assert fault.what == "valeur sous une colonne sans titre"
    assert (fault.file, fault.line, fault.found) == ("table.csv", 3, "'7'")


def test_a_row_cut_short_is_an_error(tmp_path):
    (fault,) = faults_of(table_of, tmp_path, "CODGEO;A;B\n59001;1;2\n59002;3\n")
    assert fault.what == "ligne incomplète"
    assert (fault.line, fault.expected, fault.found) == (3, "3 cellules", "2 cellules")


def test_a_name_twice_is_an_error(tmp_path):
    (fault,) = faults_of(table_of, tmp_path, "CODGEO;A;A \n59001;1;2\n")
    assert (fault.what, fault.line, fault.column) == ("deux colonnes portent le même nom", 1, "A")


@pytest.mark.parametrize("rows", ["", "\n\n", ";\n;;\n"])
def test_a_table_without_rows_is_an_error(tmp_path, rows):
    (fault,) = faults_of(table_of, tmp_path, f"CODGEO;A;B\n{rows}")
    assert (fault.what, fault.found) == ("tableau sans aucune ligne", "aucune")


def test_an_absent_header_is_an_error(tmp_path):
    (fault,) = faults_of(table_of, tmp_path, "CODE;A\n59001;1\n")
    assert fault.what == "ligne de titres introuvable"
    assert "CODGEO" in fault.expected


@pytest.mark.parametrize("codec", ["utf-8-sig", "cp1252", "utf-16"])
def test_every_encoding_gives_the_same_table(tmp_path, codec):
    text = "CODGEO;LIB;N\n59001;Évry-lès-Œuf;1\u00a0035\n"
    table = table_of(tmp_path, text, codec=codec)
    assert table.frame["LIB"].tolist() == ["Évry-lès-Œuf"]
    assert number_matrix(table, ["N"]).tolist() == [[1035.0]]


def test_workbook_sheet_is_read_like_a_csv(tmp_path):
    path = tmp_path / "table.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("Lisez-moi").write(0, 0, "Bonjour")
        sheet = book.add_worksheet("QP")
        sheet.write(0, 0, "Un titre")
        sheet.write_row(5, 1, ["CODGEO", "TX", "N"])
        sheet.write_row(6, 1, ["QP059001", 41.7, 1035])
        sheet.write_row(8, 1, ["QP059002", "", "x"])
    document = open_document(path)
    faults = faults_of(read_table, document, ["CODGEO"], sheet="Lisez-moi")
    assert faults[0].sheet == "Lisez-moi"
    table = read_table(document, ["CODGEO"])
    assert table.sheet == "QP"
    assert table.frame.index.tolist() == [7, 9]
    assert table.frame["TX"].tolist() == ["41.7", ""]
    (fault,) = faults_of(number_matrix, table, ["TX", "N"])
    assert (fault.sheet, fault.line, fault.column, fault.found) == ("QP", 9, "N", "'x'")


def test_parquet_is_read_as_text(tmp_path):
    path = tmp_path / "table.parquet"
    pq.write_table(pa.table({"code": ["01001", None], "pop": [1.5, 2.0], "year": [2021, None]}), path)
    table = read_table(open_document(path), [])
    assert table.frame["code"].tolist() == ["01001", ""]
    assert numbers(table.frame["pop"]).tolist() == [1.5, 2.0]
    assert table.frame["year"].tolist() == ["2021", ""]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("41,7", 41.7),
        ("41.7", 41.7),
        ("1\u202f035", 1035),
        ("1\u00a0035,5", 1035.5),
        ("5 019 573", 5019573),
        ("-9,8", -9.8),
        ("\u22129,8", -9.8),
        ("\u20139,8", -9.8),
        ("+3", 3),
        ("7,83e-03", 0.00783),
        ("2,00E+08", 2e8),
        (" 0 ", 0),
        ("1035", 1035),
    ],
)
def test_numbers_the_french_way(text, value):
    assert numbers(pd.Series([text], name="N")).tolist() == [value]


@pytest.mark.parametrize(
    "text", ["s", "ns", "NA", "nan", "inf", "1,2,3", "1 2", "12 34", "--1", "12 %", "1e", ",", "-", "01/02/2021"]
)
def test_anything_else_is_a_fault_with_its_place(text):
    cells = pd.Series(["1", text], index=[2, 3], name="TX_F ")
    (fault,) = faults_of(numbers, cells, file="a.csv", sheet="QP")
    assert (fault.file, fault.sheet, fault.line, fault.column, fault.found) == (
        "a.csv", "QP", 3, "TX_F", repr(text),
    )  # fmt: skip
    assert fault.expected
    assert fault.remedy


def test_empty_is_nan_and_the_index_stays():
    values = numbers(pd.Series(["", " \u00a0", "0"], index=[2, 3, 9], name="N"))
    assert np.isnan(values.iloc[:2]).all()
    assert values.index.tolist() == [2, 3, 9]
    assert numbers(pd.Series([], dtype=str, name="N")).empty


def test_many_faults_are_counted_and_the_first_shown():
    faults = faults_of(numbers, pd.Series(["x"] * 50, name="N"))
    assert len(faults) == SHOWN_FAULTS + 1
    assert faults[-1].what == "et 40 autres du même genre"


@given(st.floats(-1e12, 1e12).map(lambda value: round(value, 2)))
def test_what_french_typography_writes_is_read_back(value):
    text = number(value, 2)
    assert numbers(pd.Series([text], name="N")).iloc[0] == pytest.approx(value, abs=0.005001)


@pytest.mark.parametrize("code", ["1001", "2,00E+08", "1.00E+05", "1001,0"])
def test_codes_turned_into_numbers_by_a_spreadsheet(tmp_path, code):
    table = table_of(tmp_path, f"CODGEO;LIB\n59350;Lille\n{code};?\n")
    (fault,) = faults_of(code_kinds, table, "CODGEO", shapes=COMMUNE)
    assert fault.what == "codes devenus des nombres : le fichier a été enregistré par un tableur"
    assert (fault.file, fault.line, fault.column, fault.found) == ("table.csv", 3, "CODGEO", repr(code))
    assert "01001" in fault.expected
    assert "tableur" in fault.remedy


def test_codes_of_another_shape(tmp_path):
    table = table_of(tmp_path, "CODGEO;LIB\n59350;Lille\nQN05901M;?\n")
    (fault,) = faults_of(code_kinds, table, "CODGEO", shapes=COMMUNE)
    assert fault.what == "code de territoire inconnu"


def test_shapes_are_tried_in_their_order(tmp_path):
    table = table_of(tmp_path, "CODGEO;LIB\n59350;Lille\n200093201;MEL\n")
    kinds = code_kinds(table, "CODGEO", shapes={**COMMUNE, "epci": r"\d{9}"})
    assert kinds.to_dict() == {2: "commune", 3: "epci"}


def test_a_last_row_cut_by_a_transfer_is_said_with_the_rows_read(tmp_path):
    (fault,) = faults_of(table_of, tmp_path, "CODGEO;A;B\n59001;1;2\n\n59002;3;4\n5900")
    assert fault.what == "fichier tronqué après 2 lignes complètes"
    assert (fault.line, fault.expected) == (5, "3 cellules et une fin de ligne")


def test_a_last_row_cut_in_its_empty_cells_is_said_too(tmp_path):
    (fault,) = faults_of(table_of, tmp_path, "CODGEO;A;;;\n59001;1;;;\n59002;3;")
    assert fault.what == "fichier tronqué après 1 lignes complètes"
    assert table_of(tmp_path, "CODGEO;A;;;\n59001;1\n59002;3").frame["A"].tolist() == ["1", "3"]


def test_a_last_row_without_end_of_line_is_whole_when_its_cells_are(tmp_path):
    assert table_of(tmp_path, "CODGEO;A;B\n59001;1;2\n59002;3;4").frame["B"].tolist() == ["2", "4"]
    assert table_of(tmp_path, 'CODGEO;A\n59001;1\n"59\n002";4').frame["A"].tolist() == ["1", "4"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("title", [(), ("Un titre;;;",)])
@pytest.mark.parametrize("needle", ["CODGEO", "LIB"])
def test_a_file_cut_anywhere_gives_whole_rows_or_an_error(tmp_path, needle, title, end):
    lines = (*title, "CODGEO;LIB;A;", '59001;"Aub;ers";1;', '59002;"Aln', 'es";2;', "59003;X;3;", "")
    text = end.join(lines)
    whole = [["59001", "Aub;ers", "1"], ["59002", f"Aln{end}es", "2"], ["59003", "X", "3"]]
    refused = 0
    for size in range(1, len(text) + 1):
        try:
            frame = table_of(tmp_path, text[:size], (needle,)).frame
        except InputError:
            refused += 1
            continue
        # A header cut in its last names has fewer columns; a last figure cut in its middle cannot be told.
        rows = frame.to_numpy().tolist()
        assert rows == [row[: len(rows[0])] for row in whole[: len(rows)]], text[:size]
    assert refused > len(text) / 2


@pytest.mark.parametrize("cell", ["1?082", "12?345?678", "1\ufffd082,5"])
def test_destroyed_separators_of_thousands_are_said_once(cell):
    series = pd.Series(["1", cell, cell], index=[2, 3, 4], name="POP")
    (fault,) = faults_of(numbers, series, file="a.csv")
    assert fault.what.startswith("séparateurs de milliers détruits")
    assert (fault.file, fault.line, fault.column) == ("a.csv", 3, "POP")
