"""The workbook is opened by two readers: what it holds, what it never holds."""

import io
from dataclasses import replace

import numpy as np
import openpyxl
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from diagnostic.action_model import PUBLIC, fields
from diagnostic.analysis.crossing import CROSSING_COLUMNS
from diagnostic.analysis.testing import RESULT_COLUMNS
from diagnostic.publication.opendata import write_opendata
from diagnostic.publication.report.facts import Facts
from diagnostic.publication.report.reading import Reader
from diagnostic.publication.workbook import write_workbook
from diagnostic.publication.workbook.writing import SHEETS
from diagnostic.vocabulary import FICTIONAL_BANNER, STATUS_MARKS

ORDER = ["À lire", "Constats", "Quartiers", "Indicateurs", "Écarts"]
LAST = ["Définitions", "Sources", "Valeurs masquées", "Dictionnaire"]
NEVER_EMPTY = {
    "Quartiers": ["Population"], "Indicateurs": ["Valeur"], "Écarts": ["Valeur"],
    "Ressenti": ["Part (%)", "Borne basse (%)", "Borne haute (%)", "Base (n)", "Réponses"],
}  # fmt: skip


def opened(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def rows_of(content, sheet):
    head, *rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(sheet).to_python()
    return [dict(zip(head, row, strict=True)) for row in rows]


@pytest.fixture(scope="module")
def content(public_tables, declared_tables):
    return write_workbook(declared_tables(public_tables(9)))


def test_two_readers_see_the_same_sheets_none_hidden(content):
    names = [*ORDER, "Ressenti", "Enquête", *LAST]
    book = opened(content)
    assert book.sheetnames == names
    assert CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names == names
    assert {page.sheet_state for page in book} == {"visible"}
    assert not any(one.hidden for page in book for one in [*page.column_dimensions.values()])


def test_without_a_survey_its_sheets_and_words_are_left_out(public_tables):
    book = opened(write_workbook(public_tables(2)))
    assert book.sheetnames == [*ORDER, *LAST]
    told = {cell.value for row in book["Dictionnaire"] for cell in row} | {row[0].value for row in book["À lire"]}
    assert not any("Ressenti" in str(text) for text in told)


def test_every_column_of_every_sheet_is_in_the_dictionary(content):
    book = opened(content)
    told = {(row[0].value, row[1].value): row[2].value for row in book["Dictionnaire"].iter_rows(min_row=2)}
    tables = [page for page in book if page.title not in {"À lire", "Dictionnaire"}]
    shown = {(page.title, cell.value) for page in tables for cell in page[1]}
    assert shown == set(told)
    assert all(told.values())


def test_every_code_shown_has_a_french_word(public_tables, declared_tables):
    tables = declared_tables(public_tables(2))
    alike = tables.gaps.assign(comparator_kind="qpv_similar_median")
    tables = replace(tables, gaps=pd.concat([tables.gaps, alike], ignore_index=True))
    for sheet in SHEETS:
        table = sheet.table(tables)
        for column in sheet.columns:
            shown = {str(value) for value in table[column.name]} if column.words is not None else set()
            assert shown <= {str(code) for code in column.words or ()}, (sheet.title, column.title)
    kinds = {row["Comparé à"] for row in rows_of(write_workbook(tables), "Écarts")}
    assert "médiane des QPV qui ressemblent le plus" in kinds


def test_findings_carry_their_convergence_and_other_explanations(public_tables):
    tables = public_tables(2)
    whole = tables.findings.assign(degree=2, sources="écart statistique", rival_first="Un.", rival_second="Deux.")
    rows = rows_of(write_workbook(replace(tables, findings=whole)), "Constats")
    assert {row["Convergence (0 à 5)"] for row in rows} == {2.0}
    assert {(row["Autre explication (1)"], row["Autre explication (2)"]) for row in rows} == {("Un.", "Deux.")}
    assert {row["Réponse du partenaire"] for row in rows} == {""}
    bare = rows_of(write_workbook(tables), "Constats")
    assert {row["Convergence (0 à 5)"] for row in bare} == {""}


def test_the_names_to_call_in_a_text_give_the_numbers_of_the_report(public_tables):
    tables = public_tables(2)
    facts = Facts(Reader(tables))
    calls = [
        call for row in rows_of(write_workbook(tables), "Définitions") for call in row["Dans un texte"].split()
    ]
    assert any(call.startswith("{{gap:") for call in calls)
    assert all(facts(call.strip("{}")) for call in calls)


def test_codes_are_text_and_numbers_are_numbers(content):
    book = opened(content)
    for name, title in (("Quartiers", "Code"), ("Quartiers", "Département"), ("Indicateurs", "Code")):
        page = book[name]
        place = [cell.value for cell in page[1]].index(title) + 1
        cells = [row[0] for row in page.iter_rows(min_row=2, min_col=place, max_col=place)]
        assert cells
        assert {cell.data_type for cell in cells} == {"s"}
        assert all(cell.number_format == "@" for cell in cells)
    assert any(isinstance(row["Valeur"], float) for row in rows_of(content, "Indicateurs"))


def test_text_is_never_a_formula(public_tables):
    evil = ["=1+1", "+33 3 20", "-2", "@SUM(A1)", '=HYPERLINK("http://x")']
    tables = public_tables(5, names=evil)
    tables = replace(tables, findings=tables.findings.assign(message=evil))
    book = opened(write_workbook(tables))
    assert [row[2].value for row in book["Constats"].iter_rows(min_row=2)] == evil
    assert not [cell for page in book for row in page.iter_rows() for cell in row if cell.data_type == "f"]
    assert not [cell for page in book for row in page.iter_rows() for cell in row if cell.hyperlink]


def test_options_of_a_survey_and_names_are_never_formulas(public_tables, declared_tables):
    evil = '=cmd|" /C calc"!A0'
    tables = declared_tables(public_tables(2, names=[evil]))
    tables = replace(
        tables, estimates=tables.estimates.assign(label=evil, note=evil), card=tables.card.assign(text=evil),
        catalogue=tables.catalogue.assign(label=evil, says=evil),
        sources=tables.sources.assign(file=evil, url=evil),
        identity=replace(tables.identity, name=evil, author=evil),
    )  # fmt: skip
    cells = [cell for page in opened(write_workbook(tables)) for row in page.iter_rows() for cell in row]
    assert sum(cell.value == evil for cell in cells) > 10
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]


def test_an_absent_value_carries_its_mark(content):
    for sheet, titles in NEVER_EMPTY.items():
        for row in rows_of(content, sheet):
            assert all(row[title] != "" for title in titles), (sheet, row)
    marks = {row["Valeur"] for row in rows_of(content, "Indicateurs") if isinstance(row["Valeur"], str)}
    assert marks
    assert marks <= set(STATUS_MARKS.values())


def test_protection_and_precision_are_two_marks(content):
    shares = {row["Ce qui est estimé"]: row for row in rows_of(content, "Ressenti")}
    masked = shares["citent le motif «\u00a0Votre situation de famille ou une grossesse\u00a0»"]
    vague = shares["citent le motif «\u00a0Votre situation économique\u00a0»"]
    assert (masked["Part (%)"], masked["Base (n)"], masked["Statut"]) == (
        "m",
        "m",
        "masqué pour protéger l’anonymat (règle du projet)",
    )
    assert vague["Part (%)"] == "p"
    legend = " ".join(str(row[0].value) for row in opened(content)["À lire"])
    assert "m = masqué pour protéger l’anonymat" in legend
    assert "p = précision insuffisante" in legend


def test_the_survey_speaks_french_and_rounds_by_its_base(content):
    rows = rows_of(content, "Ressenti")
    words = {str(row[title]) for row in rows for title in ("Échelle", "Croisement", "Groupe", "Base", "Fiabilité")}
    assert not words & {"all", "concerned", "publish", "caution", "suppress", "territoire", "qpv", ""}
    known = [row for row in rows if isinstance(row["Part (%)"], float) and isinstance(row["Base (n)"], float)]
    assert any(row["Base (n)"] < 100 for row in known)
    assert all(row["Part (%)"].is_integer() for row in known if row["Base (n)"] < 100)
    assert all(round(row["Part (%)"], 1) == row["Part (%)"] for row in known)


def test_hidden_values_are_nowhere(public_tables):
    tables = public_tables(9)
    rows = tables.indicators.copy()
    mine = rows["code"] == "QP099003"
    rows.loc[mine, ["value", "low", "high"]] = np.nan
    rows.loc[mine, "status"] = "suppressed"
    found = rows_of(write_workbook(replace(tables, indicators=rows)), "Indicateurs")
    mine = [row for row in found if row["Code"] == "QP099003"]
    assert {row["Valeur"] for row in mine} == {"s"}
    assert {row["Borne basse"] for row in mine} == {""}


def test_the_same_tables_give_the_same_bytes(public_tables, declared_tables, content):
    assert write_workbook(declared_tables(public_tables(9))) == content


@pytest.mark.parametrize("fictional", [True, False])
def test_invented_data_say_so(public_tables, fictional):
    book = opened(write_workbook(public_tables(2, fictional=fictional)))
    first = " ".join(str(row[0].value) for row in book["À lire"])
    assert (FICTIONAL_BANNER in first) is fictional
    assert (FICTIONAL_BANNER in str(book.properties.description)) is fictional


NAMES = ["Nom entier", "Ancien nom"]
FILES = {"generations.csv", "estimations_2024.csv", "croisements.csv", "actions.csv", "testing.csv"}


def gathered(tables):
    """Give what only some territories have: both generations, estimates, a crossing, an action, a campaign."""
    names = ["code_2024", "code_2015", "share_of_2024", "share_of_2015", "change", "label_2024", "label_2015"]
    code = str(tables.territories["code"].iloc[0])
    pairs = pd.DataFrame([("QN1", code, 0.8, 1.0, "modifié", "Court…", "Court…")], columns=names)
    outlines = pd.DataFrame({"code": ["QN1", code], "vintage": [2024, 2015], "label": NAMES})
    carried = pd.DataFrame({
        "code": ["QN1", "QN1"], "vintage": 2024, "variable": "poverty_rate", "label": "Taux de pauvreté",
        "group": "all", "period": 2019, "period_basis": "stated", "edition": "2019", "unit": "percent",
        "value": [41.5, np.nan], "low": np.nan, "high": np.nan, "status": ["estimated", "missing"],
        "coverage": 0.8, "note": "",
    })  # fmt: skip
    action = dict.fromkeys(PUBLIC, "") | {
        "intitule": "=Permanence", "domaines": "logement_social;sante", "niveau": "meso", "qpv": f"{code};QP2",
        "debut": pd.Timestamp(2025, 1, 6), "fin": pd.NaT, "montant": 18000.0,
    }  # fmt: skip
    compared = dict.fromkeys(RESULT_COLUMNS, 12.345) | {
        "sector": "", "criterion": "origine", "reference": "A", "tested": "B", "several": "", "status": "observed",
    }  # fmt: skip
    hidden = dict.fromkeys(RESULT_COLUMNS, np.nan) | {
        "sector": "agence", "criterion": "", "reference": "A", "tested": "B", "several": "", "status": "masked",
    }  # fmt: skip
    crossing = dict.fromkeys(CROSSING_COLUMNS, "") | {
        "id": "CRO01", "label": "Écart et ressenti", "x": 3.0, "x_low": 1.0, "x_high": 5.0, "x_unit": "points",
        "y": np.nan, "y_low": np.nan, "y_high": np.nan,
    }  # fmt: skip
    return replace(
        tables, counterparts=pairs, outlines=outlines, carried=carried, actions=pd.DataFrame([action]),
        testing=pd.DataFrame([compared, hidden]), crossings=pd.DataFrame([crossing]),
    )  # fmt: skip


def test_what_only_some_territories_have_has_its_sheets(public_tables):
    tables = gathered(public_tables(2))
    content = write_workbook(tables)
    found = ["Générations", "Estimations 2024", "Croisements", "Actions", "Testing"]
    assert opened(content).sheetnames == [*ORDER, *found, *LAST]
    (pair,) = rows_of(content, "Générations")
    assert [pair["Quartier de 2024"], pair["Quartier de 2015"], pair["Surface de 2024 (%)"]] == [*NAMES, 80.0]
    estimate, absent = rows_of(content, "Estimations 2024")
    assert estimate["Estimation"] == 41.5
    assert absent["Estimation"] == STATUS_MARKS["missing"]
    (action,) = rows_of(content, "Actions")
    assert action["Domaines"] == "Le logement social, La santé"
    assert (action["Niveau"], action["Début"], action["Fin"]) == ("Méso (organisations)", "2025-01-06", "")
    whole, masked = rows_of(content, "Testing")
    assert (whole["Critère"], whole["Écart net (points)"]) == ("Origine", 12.3)
    assert masked["Écart net (points)"] == masked["Offres"] == STATUS_MARKS["masked"]
    assert set(rows_of(content, "Actions")[0]) == {field.label for field in fields().values() if field.public}


def test_open_data_has_a_file_for_each_sheet(public_tables):
    tables = gathered(public_tables(2))
    files = write_opendata(tables)
    assert {"generations.csv", "estimations_2024.csv", "croisements.csv", "actions.csv", "testing.csv"} <= set(
        files
    )
    assert "'=Permanence" in files["actions.csv"].decode("utf-8-sig")
