"""The inventory of actions: what is written reads back, whatever people did to it, and every fault is said."""

import io
import random
from datetime import date, datetime

import openpyxl
import pandas as pd
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diagnostic.action_model import EXAMPLE, SEPARATOR, Kind, choices, fields
from diagnostic.demo import write_actions
from diagnostic.errors import InputError
from diagnostic.ingestion.actions import ACTION_TABLE, read_actions, template
from diagnostic.survey_model import criteria

QPV = {f"QP09900{rank}": f"Quartier {rank}" for rank in range(1, 10)}
HOME = {"generation": 2015, "qpv": QPV}
DAY = date(2026, 1, 31)
ONE = {
    "identifiant": "A1", "intitule": "Forum", "porteur": "Réseau Tremplin", "type_porteur": "association",
    "type_action": "stages", "stade": "prevenir", "domaines": "emploi_prive;education", "criteres": "origine;sexe",
    "niveau": "micro", "echelle": "epci", "debut": date(2025, 1, 2), "etat": "en_cours",
}  # fmt: skip
WRITTEN = {
    "Intitulé": "Forum", "Porteur": "Réseau Tremplin", "Type de porteur": "Association", "Type d’action": "Stages",
    "Stade": "Prévenir", "Domaines": "La santé", "Critères": "Origine ; Sexe", "Niveau": "Micro (personnes)",
    "Échelle": "Intercommunalité", "Début": "02/01/2025", "État": "En cours",
}  # fmt: skip


def filled(folder, *rows, name="a.xlsx"):
    path = folder / name
    path.write_bytes(template(rows, territory="Valbrecques", day=DAY, **HOME))
    return path


def handmade(folder, *rows, name="b.xlsx", top=3, sheet="Feuil1", merge=None):
    """A workbook that somebody made with the titles of the template, wherever they like."""
    path = folder / name
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet(sheet)
    titles = list(dict.fromkeys(title for row in rows for title in row))
    page.write_row(top, 2, titles)
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for line, row in enumerate(rows, start=top + 1):
        for title, value in row.items():
            style = day if isinstance(value, datetime) else None
            page.write(line, 2 + titles.index(title), value, style)
    if merge:
        page.merge_range(merge, "x")
    book.close()
    return path


def faults(*paths):
    with pytest.raises(InputError) as caught:
        read_actions(paths, **HOME)
    return caught.value.faults


def one_fault(folder, **changes):
    found = faults(handmade(folder, {**WRITTEN, **changes}))
    assert len(found) == 1, found
    return found[0]


def test_the_template_offers_lists_help_and_an_example(tmp_path):
    book = openpyxl.load_workbook(filled(tmp_path))
    assert book.sheetnames == ["Actions", "Aide", "Listes", "Quartiers"]
    sheet = book["Actions"]
    titles = [cell.value for cell in sheet[4]]
    assert titles == [field.label for field in fields().values()]
    assert str(sheet["A5"].value).startswith(EXAMPLE)
    lists = {rule.formula1 for rule in sheet.data_validations.dataValidation if rule.type == "list"}
    assert len(lists) == sum(bool(field.choices) for field in fields().values())
    for rule in sheet.data_validations.dataValidation:
        assert len(rule.prompt) <= 255
        assert len(rule.promptTitle) <= 32
    assert [row[0].value for row in book["Quartiers"].iter_rows(min_row=2)] == list(QPV)


def test_every_list_of_the_template_points_to_its_words(tmp_path):
    book = openpyxl.load_workbook(filled(tmp_path))
    for rule in book["Actions"].data_validations.dataValidation:
        if rule.type == "list":
            place = rule.formula1.removeprefix("=").split("!")[1].replace("$", "")
            words = [cell.value for (cell,) in book["Listes"][place]]
            title = book["Listes"].cell(1, book["Listes"][place][0][0].column).value
            field = next(field for field in fields().values() if field.label == title)
            assert words == [one.label for one in field.choices]


def test_the_example_is_no_action(tmp_path):
    found = read_actions([filled(tmp_path)], **HOME)
    assert found.empty
    assert list(found) == ACTION_TABLE


def test_the_same_choices_give_the_same_bytes(tmp_path):
    first, second = (filled(tmp_path, ONE, name=name).read_bytes() for name in ("1.xlsx", "2.xlsx"))
    assert first == second


def test_criteria_are_those_of_the_law_and_the_generalist_one():
    assert {one.code for one in choices("criteres")} == {*criteria(), "tous"}


def words(field):
    text = st.text("abcdéèœ ’-=+@:/()0129%", min_size=1, max_size=12).map(str.strip)
    text = text.filter(lambda word: word and "@" not in word).map(lambda word: " ".join(word.split()))
    codes = [one.code for one in field.choices]
    several = st.lists(st.sampled_from(codes or ["x"]), min_size=1, max_size=4, unique=True).map(
        lambda found: SEPARATOR.join(sorted(found, key=codes.index))
    )
    return {
        Kind.TEXT: text,
        Kind.NAMES: st.lists(text, min_size=1, max_size=3, unique=True).map(SEPARATOR.join),
        Kind.CODE: st.sampled_from(codes or ["x"]), Kind.CODES: several,
        Kind.QPV: st.lists(st.sampled_from(list(QPV)), min_size=1, max_size=4, unique=True).map(
            lambda found: SEPARATOR.join(sorted(found))
        ),
        Kind.DATE: st.dates(date(2000, 1, 1), date(2060, 1, 1)),
        Kind.EUROS: st.integers(0, 10**8).map(lambda cents: cents / 100),
        Kind.COUNT: st.integers(0, 10**6).map(float), Kind.PERCENT: st.integers(1, 100).map(float),
    }[field.kind]  # fmt: skip


@st.composite
def action(draw):
    row = {code: draw(words(field)) for code, field in fields().items() if field.required or draw(st.booleans())}
    # What two cells must agree on.
    if row["echelle"] == "qpv":
        row.setdefault("qpv", next(iter(QPV)))
    if "fin" in row:
        row["debut"], row["fin"] = sorted((row["debut"], row["fin"]))
    for small, great in (("part_p147", "montant"), ("professionnels_formes", "professionnels_vises")):
        if small in row and great in row:
            row[small], row[great] = sorted((row[small], row[great]))
    return row


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(action(), min_size=1, max_size=4, unique_by=lambda row: row["intitule"].casefold()))
def test_what_is_written_reads_back(rows, tmp_path):
    rows = [{**row, "identifiant": f"N{rank}"} for rank, row in enumerate(rows)]
    found = read_actions([filled(tmp_path, *rows)], **HOME)
    assert len(found) == len(rows)
    for row, read in zip(rows, found.to_dict("records"), strict=True):
        for code, field in fields().items():
            wanted, got = row.get(code), read[code]
            if wanted is None:
                assert got == "" or pd.isna(got)
            elif field.kind is Kind.DATE:
                assert got.date() == wanted
            else:
                assert got == wanted, code


def test_columns_may_stand_anywhere_in_any_order(tmp_path):
    turned = dict(reversed(WRITTEN.items()))
    found = read_actions([handmade(tmp_path, turned, top=9)], **HOME)
    assert found.loc[0, ["intitule", "criteres", "line"]].tolist() == ["Forum", "origine;sexe", 11]


@pytest.mark.parametrize("day", ["02/01/2025", "2025-01-02", datetime(2025, 1, 2)])  # noqa: DTZ001 - a day
def test_dates_in_three_forms(tmp_path, day):
    found = read_actions([handmade(tmp_path, {**WRITTEN, "Début": day})], **HOME)
    assert found["debut"].iloc[0] == pd.Timestamp("2025-01-02")


@pytest.mark.parametrize("amount", ["12 000,50 €", "12\u202f000,50€", "12000.5", 12000.5, "12\u00a0000,50 euros"])
def test_amounts_with_spaces_and_signs(tmp_path, amount):
    found = read_actions([handmade(tmp_path, {**WRITTEN, "Montant": amount})], **HOME)
    assert found["montant"].iloc[0] == 12000.5


def test_an_amount_that_can_be_read_twice_is_asked(tmp_path):
    assert one_fault(tmp_path, Montant="12.000").column == "Montant"


def test_half_a_percent_is_asked_not_guessed(tmp_path):
    assert one_fault(tmp_path, **{"Part de femmes": 0.45}).remedy == "écrivez 45 pour 45 %"


def test_free_text_in_a_coded_column_has_a_suggestion(tmp_path):
    fault = one_fault(tmp_path, Stade="prevention", Critères="Origine ; Sexe")
    assert (fault.line, fault.column) == (5, "Stade")
    assert "Prévenir" in fault.remedy


def test_one_wrong_word_among_several_is_named(tmp_path):
    fault = one_fault(tmp_path, Critères="Origine ; religions")
    assert fault.found == "« religions »"
    assert "Religion" in fault.remedy


def test_a_quarter_of_the_other_generation_is_named(tmp_path):
    fault = one_fault(tmp_path, Quartiers="QN05901M")
    assert "autre génération" in fault.what
    assert "Auby Centre" in fault.found
    assert "2024" in fault.found


def test_a_quarter_of_another_territory_is_refused(tmp_path):
    assert "inconnu" in one_fault(tmp_path, Quartiers="QP099014").what


def test_an_action_that_ends_before_it_begins(tmp_path):
    fault = one_fault(tmp_path, Fin="01/01/2025")
    assert (fault.column, fault.found) == ("Fin", "01/01/2025")


def test_the_part_of_a_programme_is_not_above_the_whole(tmp_path):
    assert "dépasse" in one_fault(tmp_path, Montant=100, **{"Dont programme 147": 200}).what


def test_the_scale_of_a_quarter_needs_its_code(tmp_path):
    assert one_fault(tmp_path, Échelle="Quartier prioritaire").column == "Quartiers"


def test_merged_cells_are_refused_with_their_range(tmp_path):
    found = faults(handmade(tmp_path, WRITTEN, WRITTEN, merge="C5:C6"))
    assert [fault.found for fault in found] == ["C5:C6"]


@pytest.mark.parametrize("words", ["appeler le 06 12 34 56 78", "ecrire a jean@exemple.fr"])
def test_a_person_is_refused_and_not_quoted(tmp_path, words):
    fault = one_fault(tmp_path, Description=words)
    assert "coordonnées" in fault.what
    assert words not in str(fault)


def test_all_faults_of_all_files_at_once(tmp_path):
    first = handmade(tmp_path, {**WRITTEN, "Début": "hier", "Niveau": "haut"}, name="1.xlsx")
    second = handmade(tmp_path, {**WRITTEN, "État": ""}, name="2.xlsx")
    third = tmp_path / "3.xlsx"
    third.write_bytes(b"PK\x03\x04 rien")
    places = [(fault.file, fault.line, fault.column) for fault in faults(first, second, third)]
    assert places[:3] == [("1.xlsx", 5, "Niveau"), ("1.xlsx", 5, "Début"), ("2.xlsx", 5, "État")]
    assert places[3][0] == "3.xlsx"


def test_a_column_that_the_model_does_not_know_is_not_dropped_in_silence(tmp_path):
    assert one_fault(tmp_path, **{"Mon avis": "bien"}).column == "Mon avis"


def test_a_missing_column_is_named(tmp_path):
    rows = {title: value for title, value in WRITTEN.items() if title != "Niveau"}
    assert [fault.column for fault in faults(handmade(tmp_path, rows))] == ["Niveau"]


def test_equal_rows_of_two_partners_are_one_action(tmp_path):
    paths = [handmade(tmp_path, WRITTEN, name=name) for name in ("1.xlsx", "2.xlsx")]
    assert len(read_actions(paths, **HOME)) == 1


def test_two_versions_of_one_action_name_both_places(tmp_path):
    first = handmade(tmp_path, WRITTEN, name="1.xlsx")
    second = handmade(tmp_path, {**WRITTEN, "Niveau": "Macro (règles, marchés)"}, name="2.xlsx")
    (fault,) = faults(first, second)
    assert (fault.file, fault.line) == ("2.xlsx", 5)
    assert "1.xlsx" in fault.expected
    assert "Niveau" in fault.found


def test_numbers_of_two_holders_do_not_meet(tmp_path):
    first = {**WRITTEN, "Identifiant": "1"}
    second = {**first, "Porteur": "Mission locale", "Intitulé": "Autre"}
    assert len(read_actions([handmade(tmp_path, first, second)], **HOME)) == 2


def test_two_numbers_make_two_actions_of_one_title(tmp_path):
    rows = [{**WRITTEN, "Identifiant": number, "Quartiers": code} for number, code in zip("12", QPV, strict=False)]
    assert len(read_actions([handmade(tmp_path, *rows)], **HOME)) == 2


def test_a_text_file_is_not_an_inventory(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_text("Intitulé;Porteur\nForum;Ville\n", encoding="utf-8")
    assert "classeur" in faults(path)[0].what


def test_the_demonstration_has_forty_actions(tmp_path):
    found = read_actions(write_actions(tmp_path), **HOME)
    assert len(found) == 40
    assert found["file"].nunique() == 3
    assert found["intitule"].is_unique
    assert found["montant"].isna().sum() == 5
    again = io.BytesIO(write_actions(tmp_path)[0].read_bytes())
    assert openpyxl.load_workbook(again).sheetnames == ["Actions"]


@pytest.mark.parametrize("seed", range(30))
def test_a_damaged_file_is_refused_in_words(tmp_path, seed):
    rng = random.Random(seed)  # noqa: S311 - damage, not a secret
    content = bytearray(write_actions(tmp_path)[seed % 3].read_bytes())
    for _ in range(rng.randint(1, 20)):
        content[rng.randrange(len(content))] = rng.randrange(256)
    path = tmp_path / "abime.xlsx"
    path.write_bytes(content[: rng.randrange(len(content))] if seed % 4 == 0 else content)
    assert all(fault.file == "abime.xlsx" for fault in faults(path))
