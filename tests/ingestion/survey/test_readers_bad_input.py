"""Damaged, re-saved and foreign files: French errors with their place, and never an answer in them."""

import pickle

import pyarrow as pa
import pytest

from diagnostic.errors import DiagnosticError, InputError, RefusedError
from diagnostic.ingestion.survey.lss import read_lss
from diagnostic.ingestion.survey.reader import read_export, read_form, recognise_survey
from diagnostic.ingestion.survey.rows import row_starts

CANARY = "camille.durand@exemple.fr"
HOSTILE_XML = (
    b"<?xml version='1.0'?><!DOCTYPE d [<!ENTITY a 'b'>]>"
    b"<document><LimeSurveyDocType>Responses</LimeSurveyDocType></document>"
)
HEAD = '"id","submitdate","lastpage","startlanguage","motifs[SQ001]","avis"\r\n'


def row(rank, comment="", tick="Y"):
    return f'"{rank}","2025-03-11 14:05:00","4","fr","{tick}","{comment}"\r\n'


def save(tmp_path, data, name="enquete.csv"):
    path = tmp_path / name
    path.write_bytes(data.encode("utf-8-sig") if isinstance(data, str) else data)
    return path


def refusal(path, **options):
    with pytest.raises(DiagnosticError) as caught:
        read_export(path, **options)
    message = str(caught.value) + repr(caught.value) + repr(caught.value.faults)
    chain = caught.value.__cause__, caught.value.__context__ if not caught.value.__suppress_context__ else None
    message += "".join(str(link) + repr(link.args) for link in chain if link is not None)
    assert CANARY not in message
    assert "camille" not in message.lower()
    return caught.value


def test_a_file_cut_inside_a_cell_says_its_line(tmp_path):
    error = refusal(save(tmp_path, HEAD + row(1) + row(2) + f'"3","2025-03-11 14:05:00","4","fr","Y","{CANARY}'))
    assert "jamais refermé" in str(error)
    assert error.faults[0].line == 4
    assert error.faults[0].file == "enquete.csv"


def test_a_file_cut_between_two_cells_says_its_line(tmp_path):
    error = refusal(save(tmp_path, HEAD + row(1) + row(2) + f'"3","{CANARY}"\r\n'))
    assert error.faults[0].line == 4
    assert "ligne coupée" in str(error)
    assert (error.faults[0].expected, error.faults[0].found) == ("6 cellules", "2 cellules")


def test_a_cut_line_below_a_cell_of_several_lines_keeps_its_number(tmp_path):
    error = refusal(save(tmp_path, HEAD + row(1, "un\ndeux\ntrois") + f'"2","{CANARY}"\r\n'))
    assert error.faults[0].line == 5


def test_a_line_too_long_says_its_line(tmp_path):
    error = refusal(save(tmp_path, HEAD + row(1) + row(2).rstrip() + f',"{CANARY}"\r\n'))
    assert error.faults[0].line == 3
    assert "trop longue" in str(error)


def test_many_bad_lines_are_counted(tmp_path):
    bad = "".join(f'"{rank}","{CANARY}"\r\n' for rank in range(2, 40))
    error = refusal(save(tmp_path, HEAD + row(1) + bad))
    assert len(error.faults) == 11
    assert "28 autres" in str(error)


def test_two_encodings_in_one_file_say_the_first_line(tmp_path):
    data = HEAD.encode() + row(1, "é" + CANARY).encode() + row(2, "accentué").encode("cp1252")
    error = refusal(save(tmp_path, data))
    assert "deux encodages" in str(error)
    assert error.faults[0].line == 3


def test_a_code_present_twice_names_both_columns(tmp_path):
    head = '"id","submitdate","lastpage","startlanguage","q1","q1"\r\n'
    error = refusal(save(tmp_path, head + row(1, CANARY)))
    assert "deux fois" in str(error)
    assert (error.faults[0].line, error.faults[0].column) == (1, "q1")
    assert "5, 6" in str(error)


def test_a_wording_present_twice_is_numbered_and_said(tmp_path):
    data = "Horodateur,Un commentaire ?,Un commentaire ?\n11/03/2025 14:05:00,a,b\n"
    export = read_export(save(tmp_path, data))
    assert list(export.answers.columns)[1:] == ["Un commentaire ?", "Un commentaire ? (2)"]
    assert any("plusieurs colonnes" in note for note in export.notes)


def test_a_file_without_its_titles_is_refused_without_quoting_them(tmp_path):
    error = refusal(save(tmp_path, f"1,Camille,{CANARY},Oui\n2,Camille,{CANARY},Non\n"))
    assert "ligne de titres" in str(error)


def test_a_spreadsheet_that_changed_the_dates_is_noticed(tmp_path):
    data = "id;submitdate;lastpage;startlanguage;motifs[SQ001]\n1;11/03/2025 14:05;4;fr;Y\n2;;2;fr;\n"
    export = read_export(save(tmp_path, data))
    assert any("réenregistré par un tableur" in note for note in export.notes)
    assert export.states["motifs[SQ001]"].tolist() == ["answered", "incomplete"]


def test_an_apostrophe_put_before_a_formula_is_taken_off(tmp_path):
    export = read_export(save(tmp_path, HEAD + row(1, "'=1+1") + row(2, "l'égalité")))
    assert export.answers["avis"].tolist() == ["=1+1", "l'égalité"]
    assert any("apostrophe" in note for note in export.notes)


@pytest.mark.parametrize(
    "head", ["tid,firstname,lastname,email,emailstatus,token", '"tid";"firstname";"lastname";"email";"token"']
)
def test_an_invitation_list_is_refused_in_the_name_of_the_law(tmp_path, head):
    comma = ";" if ";" in head else ","
    line = comma.join(["1", "Camille", "Durand", CANARY, "OK", "tok"][: head.count(comma) + 1])
    with pytest.raises(RefusedError, match=r"article 5\.1\.c") as caught:
        read_export(save(tmp_path, f"{head}\n{line}\n"))
    assert "Camille" not in str(caught.value)


def test_an_xml_invitation_list_is_refused(tmp_path):
    xml = "<?xml version='1.0'?><document><LimeSurveyDocType>Tokens</LimeSurveyDocType></document>"
    with pytest.raises(RefusedError, match="invitations"):
        read_export(save(tmp_path, xml.encode(), "survey_tokens.lst"))


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (HOSTILE_XML, "entités"),
        (b"<?xml version='1.0'?><document><LimeSurveyDocType>Responses</LimeSurveyDocType><responses>", "coupé"),
    ],
)  # fmt: skip
def test_damaged_xml_is_refused(tmp_path, data, what):
    assert what in str(refusal(save(tmp_path, data, "reponses.lsr")))


def test_a_damaged_statistical_file_is_refused(tmp_path):
    for name, data in (
        ("a.sav", b"$FL2@(#) SPSS" + b"\x00" * 80),
        ("a.dta", b"<stata_dta><header>" + b"\x01" * 90),
    ):
        assert "statistique illisible" in str(refusal(save(tmp_path, data, name)))


def test_what_is_no_questionnaire_is_not_read_as_one(tmp_path):
    with pytest.raises(InputError, match="n’est pas un questionnaire"):
        read_form(save(tmp_path, HEAD + row(1)))
    with pytest.raises(InputError, match="structure d’enquête"):
        read_lss(
            b"<?xml version='1.0'?><document><LimeSurveyDocType>Group</LimeSurveyDocType></document>", file="g"
        )


def test_a_column_absent_from_the_form_is_said(tmp_path, form):
    head = '"id","submitdate","lastpage","startlanguage","disc5","nouvelle"\r\n'
    export = read_export(save(tmp_path, head + '"1","2025-03-11 14:05:00","4","fr","A1","x"\r\n'), form=form)
    assert any("changé de version" in note and "nouvelle" in note for note in export.notes)
    assert any("absente(s) de l’export" in note for note in export.notes)


def test_an_export_without_a_row_reads_empty(tmp_path):
    export = read_export(save(tmp_path, HEAD + "\r\n"))
    assert export.answers.shape == (0, 6)
    assert export.states.shape == (0, 6)


def test_abbreviated_wordings_are_matched_by_their_beginning(tmp_path, form):
    system = '"ID de la répon.. ","Date de soumiss.. ","Dernière page","Langue de départ"'
    head = system + ',"Avez-vous entre.. ","Votre âge"\r\n'
    export = read_export(save(tmp_path, head + '"1","2025-03-11 14:05:00","4","fr","Oui","31"\r\n'), form=form)
    assert export.platform == "limesurvey"
    assert export.question("demarche").columns == ("Avez-vous entre..",)


def test_names_joined_by_expression_script_are_taken_apart_by_the_form(tmp_path, form):
    head = '"id","submitdate","lastpage","startlanguage","disc5","motifs_SQ001","motifs_SQ002","motifs_other"\r\n'
    data = head + '"1","2025-03-11 14:05:00","4","fr","A1","Y","",""\r\n'
    export = read_export(save(tmp_path, data), form=form)
    assert export.question("motifs").option_columns == {"SQ001": "motifs_SQ001", "SQ002": "motifs_SQ002"}
    assert export.states["motifs_SQ002"].tolist() == ["not_ticked"]


def test_the_same_wording_twice_makes_two_questions(tmp_path):
    head = (
        '"ID de la réponse","Date de soumission","Dernière page","Langue de départ","Pourquoi ?","Pourquoi ?"\r\n'
    )
    export = read_export(save(tmp_path, head + '"1","2025-03-11 14:05:00","4","fr","a","b"\r\n'))
    codes = [question.code for question in export.questions]
    assert len(set(codes)) == len(codes)


def test_lines_are_counted_across_blocks_and_cells(monkeypatch):
    text = b'a;b\r\n1;"x\r\ny"\r\n\r\n2;z\r\n3;"""q"""\r\n'
    expected = [1, 2, 5, 6]
    for size in range(1, len(text) + 1):
        monkeypatch.setattr("diagnostic.ingestion.survey.rows._BLOCK", size)
        assert row_starts(pa.PythonFile(pa.BufferReader(text), mode="r")).tolist() == expected


def test_a_kobo_export_with_dots_and_true_false_is_read(tmp_path):
    data = (
        "start;motifs.origine;motifs.sexe;_id;_uuid;_submission_time;_index\n"
        "2025-03-11T15:00:00;TRUE;FALSE;1;u1;2025-03-11T14:01:12;1\n2025-03-11T15:00:00;;;2;u2;2025-03-11T14:01:12;2\n"
    )
    export = read_export(save(tmp_path, data))
    assert export.states["motifs.sexe"].tolist() == ["not_ticked", "ambiguous"]


def test_odk_central_is_recognised(tmp_path):
    data = "SubmissionDate,disc-freq,KEY,SubmitterID\n2025-03-11T14:01:12Z,souvent,uuid:1,7\n"
    assert recognise_survey(save(tmp_path, data)) == "kobo"


def test_errors_travel_between_processes_without_answers(tmp_path):
    error = refusal(save(tmp_path, HEAD + row(1) + f'"3","{CANARY}"\r\n'))
    assert CANARY.encode() not in pickle.dumps(error.faults)
