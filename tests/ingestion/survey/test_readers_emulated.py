"""The same eight respondents, whatever the platform that wrote them."""

import pytest

from diagnostic.errors import InputError
from diagnostic.ingestion.survey.choices import choices, infer_not_asked, option_codes, question_states
from diagnostic.ingestion.survey.export import Form, Question, QuestionKind
from diagnostic.ingestion.survey.reader import read_export, read_form

FILES = [
    "limesurvey_code_court_virgule.csv", "limesurvey_code_court_pointvirgule.csv",
    "limesurvey_code_court_conversion_1_0.csv", "limesurvey_texte_long_virgule.csv",
    "limesurvey_code_long_tab.csv",
    "google_forms_telecharge.csv", "google_sheets_export.csv", "google_sheets_export.xlsx",
    "framaforms_separe_utf8.csv", "framaforms_separe_utf16le_sans_bom.csv", "framaforms_excel_ancien_utf16.xls",
]  # fmt: skip
MOTIVES = [{"SQ001", "SQ005"}, set(), {"SQ003"}, set(), {"SQ098"}, set(), set(), set()]
PLACES = [{"SQ001", "SQ004"}, set(), {"SQ002"}, set(), {"SQ003"}, set(), set(), set()]
OTHER = 'Mon accent; "de la cité"'


def ticked(export, code):
    states = choices(export, code).states.drop(columns="other", errors="ignore")
    return [set(states.columns[row]) for row in states.isin(["answered", "dont_know"]).to_numpy()]


@pytest.fixture
def emulated(shared):
    return shared / "survey/formats/emulated"


@pytest.mark.parametrize("name", FILES)
def test_content_is_the_same_on_every_platform(emulated, form, name):
    export = read_export(emulated / name, form=form)
    assert ticked(export, "motifs") == MOTIVES
    assert ticked(export, "lieux") == PLACES
    assert option_codes(export, "disc5").tolist() == ["A1", "A3", "A2", "A5", "A2", "A2", "", "A3"]
    assert export.answers[export.question("age").columns[0]].tolist() == [
        "24",
        "61",
        "38",
        "",
        "47",
        "19",
        "",
        "55",
    ]
    typed = choices(export, "motifs").other.tolist()
    assert typed == ["", "", OTHER, "", "", "", "", ""]


@pytest.mark.parametrize("name", FILES)
def test_states_are_the_same_where_the_form_decides(emulated, form, name):
    export = read_export(emulated / name, form=form)
    motives = question_states(export, "motifs").tolist()
    # The seventh left before the end: Google cannot know it.
    assert motives[:6] == ["answered", "not_asked", "answered", "not_asked", "dont_know", "empty"]
    assert motives[6] == ("not_asked" if name.startswith("google") else "incomplete")
    assert motives[7] == "not_asked"
    assert question_states(export, "disc5").tolist()[3] == "refused"
    steps = question_states(export, "demarche").tolist()
    if "conversion" in name:
        assert steps == [
            "ambiguous", "not_asked", "answered", "not_asked", "ambiguous", "ambiguous", "incomplete", "not_asked",
        ]  # fmt: skip
    else:
        assert steps[:6] == ["answered", "not_asked", "answered", "not_asked", "empty", "empty"]


def test_a_converted_yes_no_is_caught_and_said(emulated, form):
    for given in (None, form):
        export = read_export(emulated / "limesurvey_code_court_conversion_1_0.csv", form=given)
        assert export.states["demarche"].tolist()[4] == "ambiguous"
        assert any("sans réponse" in note and "demarche" in note for note in export.notes)


def test_long_answers_tell_not_shown_without_any_form(emulated):
    export = read_export(emulated / "limesurvey_code_long_tab.csv")
    assert export.states["motifs[SQ001]"].tolist() == [
        "answered", "not_asked", "not_ticked", "not_asked", "not_ticked", "not_ticked", "incomplete", "not_asked",
    ]  # fmt: skip


def test_short_answers_stay_ambiguous_until_the_filter_is_given(emulated):
    export = read_export(emulated / "limesurvey_code_court_virgule.csv")
    assert question_states(export, "motifs").tolist()[1] == "ambiguous"
    settled = infer_not_asked(export, "motifs", filter_code="disc5", answers=["A1", "A2"])
    assert question_states(settled, "motifs").tolist() == [
        "answered", "not_asked", "answered", "not_asked", "answered", "empty", "incomplete", "not_asked",
    ]  # fmt: skip
    assert any("déduction" in note and "disc5" in note for note in settled.notes)
    assert question_states(export, "motifs").tolist()[1] == "ambiguous", "the export itself does not change"


def test_other_in_a_single_choice_opens_its_text(emulated):
    export = read_export(emulated / "limesurvey_code_court_virgule.csv")
    assert export.states["qpv[other]"].tolist() == ["not_asked"] * 7 + ["answered"]


def test_the_structure_of_a_survey_gives_options_and_conditions(emulated, form, write_lss, tmp_path):
    path = tmp_path / "enquete.lss"
    path.write_text(write_lss(form), encoding="utf-8")
    lss = read_form(path)
    assert [question.code for question in lss.questions] == [question.code for question in form.questions]
    assert dict(lss.questions[2].options) == dict(form.questions[2].options)
    export = read_export(emulated / "limesurvey_code_court_virgule.csv", form=path)
    assert question_states(export, "motifs").tolist()[:6] == [
        "answered", "not_asked", "answered", "not_asked", "dont_know", "empty",
    ]  # fmt: skip


def test_an_archive_is_read_and_its_invitations_are_not(form, write_lsa, tmp_path):
    rows = [
        {"id": "1", "submitdate": "2025-03-11 14:05:00", "disc5": "A1", "motifs[SQ001]": "Y", "motifs[SQ002]": "",
         "demarche": ""},
        {"id": "2", "submitdate": "2025-03-11 14:05:00", "disc5": "A3"},
        {"id": "3", "disc5": "A1"},
    ]  # fmt: skip
    export = read_export(write_lsa(tmp_path / "enquete.lsa", form, rows, tokens=True))
    assert export.states["motifs[SQ002]"].tolist() == ["not_ticked", "not_asked", "incomplete"]
    assert export.states["demarche"].tolist() == ["empty", "not_asked", "incomplete"]
    assert any("invitations" in note and "refusée" in note for note in export.notes)
    assert "camille" not in repr(export) + str(export.notes) + export.answers.to_string()


def test_a_form_of_another_survey_is_refused(emulated):
    other = Form(
        "autre.lss", "limesurvey", "fr", (Question("inconnue", "Une tout autre question ?", QuestionKind.TEXT),)
    )
    for name in ("limesurvey_code_court_virgule.csv", "google_sheets_export.csv", "framaforms_separe_utf8.csv"):
        with pytest.raises(InputError, match="n’est pas celui de cet export"):
            read_export(emulated / name, form=other)
