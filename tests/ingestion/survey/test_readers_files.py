"""Every export at hand reads without loss; every other file is refused by its name."""

import csv

import pandas as pd
import pyreadstat
import pytest

from diagnostic.errors import InputError
from diagnostic.ingestion.document import open_document
from diagnostic.ingestion.survey.choices import choices, option_codes, question_states
from diagnostic.ingestion.survey.export import STATE_DTYPE
from diagnostic.ingestion.survey.reader import PLATFORMS, read_export, read_form, recognise_survey

EMULATED = {
    "limesurvey_code_court_virgule.csv": ("limesurvey", "utf-8-sig", ",", 1),
    "limesurvey_code_court_pointvirgule.csv": ("limesurvey", "utf-8-sig", ";", 1),
    "limesurvey_code_court_conversion_1_0.csv": ("limesurvey", "utf-8-sig", ",", 1),
    "limesurvey_texte_long_virgule.csv": ("limesurvey", "utf-8-sig", ",", 1),
    "limesurvey_code_long_tab.csv": ("limesurvey", "utf-8-sig", "\t", 1),
    "google_forms_telecharge.csv": ("google_forms", "utf-8", ",", 1),
    "google_sheets_export.csv": ("google_forms", "utf-8", ",", 1),
    "framaforms_separe_utf8.csv": ("framaforms", "utf-8", ",", 3),
    "framaforms_separe_utf16le_sans_bom.csv": ("framaforms", "utf-16-le", ",", 3),
    "framaforms_excel_ancien_utf16.xls": ("framaforms", "utf-16", "\t", 3),
}
KOBO = [
    f"export_{mode}_{labels}{groups}.csv"
    for mode in ("both", "details", "summary")
    for labels in ("libelles", "xml")
    for groups in ("", "_groupes")
]
REFUSED = {
    "formats/limesurvey/free_text.lsq": "question LimeSurvey",
    "formats/limesurvey/group.lsg": "groupe de questions",
    "formats/limesurvey/survey.lss": "structure d’enquête",
    "formats/kobo_formpack_fr/spss_labels.zip": "syntaxe SPSS",
    "formats/kobo_formpack_fr/submissions.json": "JSON",
    "formats/kobo_formpack_fr/xlsform_ressenti.xlsx": "questionnaire XLSForm",
}


def raw(path, encoding, delimiter, titles):
    with path.open(encoding=encoding, newline="") as stream:
        return [row for row in csv.reader(stream, delimiter=delimiter) if row][titles:]


def whole(export):
    """Columns of questions and columns of answers and states are the same, each once."""
    listed = [name for question in export.questions for name in question.columns]
    assert sorted(listed) == sorted(export.answers.columns)
    assert list(export.states.columns) == list(export.answers.columns)
    assert all(dtype == STATE_DTYPE for dtype in export.states.dtypes)
    assert export.states.index.equals(export.answers.index)
    assert not export.states.isna().any().any()


@pytest.mark.parametrize("name", EMULATED)
def test_an_emulated_export_reads_without_loss(shared, name):
    platform, encoding, delimiter, titles = EMULATED[name]
    path = shared / "survey/formats/emulated" / name
    export = read_export(path)
    assert export.platform == platform
    assert export.answers.to_numpy().tolist() == raw(path, encoding, delimiter, titles)
    assert list(export.answers.index) == list(range(titles + 1, titles + 9))
    whole(export)


def test_the_sheet_as_a_workbook_equals_the_sheet_as_csv(shared):
    folder = shared / "survey/formats/emulated"
    csv_file, book = (read_export(folder / f"google_sheets_export.{kind}") for kind in ("csv", "xlsx"))
    pd.testing.assert_frame_equal(csv_file.answers, book.answers)
    pd.testing.assert_frame_equal(csv_file.states, book.states)


@pytest.mark.parametrize("name", KOBO)
@pytest.mark.parametrize("with_form", [False, True])
def test_a_kobo_export_reads_without_loss(shared, name, with_form):
    folder = shared / "survey/formats/kobo_formpack_fr"
    export = read_export(folder / name, form=folder / "xlsform_ressenti.xlsx" if with_form else None)
    assert export.platform == "kobo"
    assert export.answers.to_numpy().tolist() == raw(folder / name, "utf-8", ";", 1)
    whole(export)


@pytest.mark.parametrize("name", [*KOBO, "export_both_libelles.xlsx"])
def test_the_xlsform_gives_every_kobo_layout_the_same_content(shared, name):
    folder = shared / "survey/formats/kobo_formpack_fr"
    export = read_export(folder / name, form=folder / "xlsform_ressenti.xlsx")
    assert question_states(export, "motifs").tolist() == [
        "answered", "not_asked", "answered", "not_asked", "dont_know", "empty",
    ]  # fmt: skip
    assert question_states(export, "demarche").tolist() == [
        "answered", "not_asked", "answered", "not_asked", "empty", "empty",
    ]  # fmt: skip
    ticked = choices(export, "motifs").states
    assert [set(ticked.columns[ticked.loc[line].isin(["answered", "dont_know"])]) for line in ticked.index] == [
        {"origine", "quartier"}, set(), {"sexe", "autre"}, set(), {"nsp"}, set(),
    ]  # fmt: skip
    assert option_codes(export, "disc5").tolist() == [
        "souvent",
        "jamais",
        "parfois",
        "refus",
        "parfois",
        "parfois",
    ]
    assert export.states["disc5" if "disc5" in export.states else export.question("disc5").columns[0]].tolist()[
        3
    ] == ("refused")
    assert export.codebook_used == "xlsform_ressenti.xlsx"


def test_the_real_google_sheet_reads_whole(shared):
    path = shared / "survey/formats/google_forms/netdevops_2016.tsv"
    export = read_export(path)
    assert export.platform == "google_forms"
    assert export.answers.shape == (307, 45)
    assert export.answers.to_numpy().tolist() == raw(path, "utf-8", "\t", 1)
    whole(export)
    env = choices(export, "env-type")
    cells = export.answers["env-type"]
    assert (env.states["Datacenter"] == "answered").sum() == cells.str.contains("Datacenter").sum()
    assert any("env-type" in note and "hors des options" in note for note in export.notes)
    assert (export.states["trend-topics-iac"] == "dont_know").sum() == 48


def test_the_responses_table_tells_not_shown_from_blank(shared):
    folder = shared / "survey/formats/limesurvey"
    path = folder / "survey_981966_responses_redacted.lsr"
    alone, with_form = read_export(path), read_export(path, form=folder / "limesurvey_survey_981966.lss")
    assert alone.answers.shape == with_form.answers.shape == (2, 38)
    assert with_form.states["q1supervisor"].tolist() == ["empty", "incomplete"]
    assert with_form.question("q2reviewer").other_column == "q2reviewer[other]"
    assert with_form.completed.tolist() == [True, False]
    whole(with_form)


def test_the_drees_file_reads_whole(shared):
    path = shared / "survey/microdata/drees_barometre_opinion_2020__data_acmR.dta"
    export = read_export(path)
    assert export.platform == "stata"
    assert export.answers.shape == (4024, 462)
    whole(export)
    assert (export.states["cs9"] == "dont_know").sum() == 13
    assert option_codes(export, "cs9").value_counts().to_dict() == {"2": 3323, "1": 688, "3": 13}
    assert export.question("cs9").options == {"1": "Oui", "2": "Non", "3": "(NSP)"}
    assert export.answers["poids"].iloc[0] == "0,8864129065"
    assert (export.answers["annee"] == "2019").sum() == 3030


@pytest.mark.parametrize(
    ("name", "questions"),
    [
        ("answers.lss", 6),
        ("limesurvey_survey_432535.lss", 2),
        ("limesurvey_survey_981966.lss", 26),
        ("survey.lss", 4),
    ],
)
def test_every_version_of_a_structure_is_a_codebook(shared, name, questions):
    form = read_form(shared / "survey/formats/limesurvey" / name)
    assert (form.platform, len(form.questions)) == ("limesurvey", questions)
    assert all(question.relevance for question in form.questions)


def test_old_and_new_structures_give_their_options(shared):
    old = read_form(shared / "survey/formats/limesurvey/limesurvey_survey_981966.lss")
    new = read_form(shared / "survey/formats/limesurvey/answers.lss")
    status = next(question for question in old.questions if question.code == "q1statusreviewer")
    assert status.options["2"] == "rejected by reviewer"
    assert status.relevance == '((user.NAOK == "2"))'
    array = next(question for question in new.questions if question.code == "Q02[SQ001]")
    assert array.options["AO03"] == "Just Right"


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_an_export_is_refused_by_its_name(shared, name):
    with pytest.raises(InputError, match=REFUSED[name]) as caught:
        read_export(shared / "survey" / name)
    assert "À faire" in str(caught.value)


def test_public_statistics_are_never_taken_for_a_survey(shared):
    files = sorted(path for path in (shared / "real").rglob("*") if path.is_file())
    assert len(files) > 50
    assert [path.name for path in files if recognise_survey(path)] == []
    document = open_document(shared / "real/insee_qpv/DEMO_2022.csv")
    assert recognise_survey(document) is None


def test_every_platform_says_what_it_is():
    assert {platform.name for platform in PLATFORMS} == {
        "framaforms", "generic", "google_forms", "kobo", "limesurvey", "limesurvey_archive", "spss", "stata",
    }  # fmt: skip
    assert all(platform.label for platform in PLATFORMS)


def test_spss_labels_and_missing_values_become_states(tmp_path):
    frame = pd.DataFrame({"freq": [1.0, 2.0, 8.0, 9.0, 7.0, None], "age": [30.0, 41.0, 99.0, 18.0, 22.0, 50.0]})
    path = tmp_path / "enquete.sav"
    pyreadstat.write_sav(
        frame, str(path), column_labels={"freq": "Avez-vous subi ?", "age": "Votre âge"},
        variable_value_labels={
            "freq": {1.0: "Souvent", 2.0: "Jamais", 8.0: "NSP", 9.0: "Refus", 7.0: "Non concerné"},
            "age": {99.0: "NSP"},
        },
        missing_ranges={"freq": [{"lo": 7.0, "hi": 9.0}], "age": [99.0]},
    )  # fmt: skip
    export = read_export(path)
    assert export.platform == "spss"
    assert export.states["freq"].tolist() == [
        "answered", "answered", "dont_know", "refused", "not_asked", "ambiguous",
    ]  # fmt: skip
    assert export.states["age"].tolist()[2] == "dont_know"
    assert export.question("age").kind == "number"
    assert export.question("freq").text == "Avez-vous subi ?"


def test_stata_tagged_missings_keep_their_letter_and_their_reason(tmp_path):
    frame = pd.DataFrame({"freq": [1, 2, "a", "b"]})
    path = tmp_path / "enquete.dta"
    pyreadstat.write_dta(
        frame, str(path), variable_value_labels={"freq": {1: "Oui", 2: "Non", "a": "Refus de répondre"}},
        missing_user_values={"freq": ["a", "b"]},
    )  # fmt: skip
    export = read_export(path)
    assert export.answers["freq"].tolist() == ["1", "2", "a", "b"]
    assert export.states["freq"].tolist() == ["answered", "answered", "refused", "ambiguous"]
