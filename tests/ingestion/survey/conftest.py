"""The questionnaire of the emulated exports, and files made from it."""

import zipfile
from xml.sax.saxutils import escape

import pytest

from diagnostic.ingestion.survey.export import Form, Question, QuestionKind

ASKED = 'disc5.NAOK == "A1" or disc5.NAOK == "A2"'
SID = "123456"


def lss_xml(form, *, version=638):
    """Write a form as LimeSurvey does since wordings moved to blocks of their own."""
    blocks = {name: [] for name in ("answers", "answer_l10ns", "questions", "question_l10ns", "subquestions")}
    letters = {
        QuestionKind.SINGLE: "L", QuestionKind.MULTIPLE: "M", QuestionKind.YES_NO: "Y", QuestionKind.NUMBER: "N",
        QuestionKind.TEXT: "T", QuestionKind.DATE: "D",
    }  # fmt: skip
    serial = 100
    for qid, question in enumerate(form.questions, start=1):
        blocks["questions"].append({
            "qid": qid, "parent_qid": 0, "sid": SID, "gid": 1, "type": letters[question.kind],
            "title": question.code, "other": "Y" if {"other", "-oth-"} & set(question.options) else "N",
            "question_order": qid, "relevance": question.relevance or "1", "scale_id": 0,
        })  # fmt: skip
        blocks["question_l10ns"].append({"qid": qid, "question": question.text, "language": "fr"})
        for rank, (code, label) in enumerate(question.options.items()):
            if code in ("other", "-oth-") or question.kind is QuestionKind.YES_NO:
                continue
            serial += 1
            if question.kind is QuestionKind.MULTIPLE:
                blocks["subquestions"].append({
                    "qid": serial, "parent_qid": qid, "gid": 1, "type": "T", "title": code, "other": "N",
                    "question_order": rank, "scale_id": 0, "relevance": "1",
                })  # fmt: skip
                blocks["question_l10ns"].append({"qid": serial, "question": label, "language": "fr"})
            else:
                blocks["answers"].append({"aid": serial, "qid": qid, "code": code, "sortorder": rank})
                blocks["answer_l10ns"].append({"aid": serial, "answer": label, "language": "fr"})
    blocks["groups"] = [{"gid": 1, "grelevance": "1"}]
    blocks["group_l10ns"] = [{"gid": 1, "group_name": "Groupe", "language": "fr"}]
    blocks["surveys"] = [{"sid": SID, "language": "fr"}]
    return _document("Survey", blocks, version)


def _document(kind, blocks, version):
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<document><LimeSurveyDocType>{kind}</LimeSurveyDocType>'
    parts = [head, f"<DBVersion>{version}</DBVersion><languages><language>fr</language></languages>"]
    for name, rows in blocks.items():
        parts.append(f"<{name}><rows>")
        for row in rows:
            cells = "".join(f"<{tag}>{escape(str(value))}</{tag}>" for tag, value in row.items())
            parts.append(f"<row>{cells}</row>")
        parts.append(f"</rows></{name}>")
    return "".join([*parts, "</document>"])


def lsr_xml(form, rows):
    """Write responses; a field that is absent from a row was not shown."""
    qids = {question.code: qid for qid, question in enumerate(form.questions, start=1)}
    names = {"id": "id", "submitdate": "submitdate", "lastpage": "lastpage", "startlanguage": "startlanguage"}
    for question in form.questions:
        stem = f"{SID}X1X{qids[question.code]}"
        names[question.code] = stem
        if question.kind is QuestionKind.MULTIPLE:
            names |= {f"{question.code}[{option}]": f"{stem}{option}" for option in question.options}
            del names[question.code]
    fields = "".join(f"<fieldname>{name}</fieldname>" for name in names.values())
    body = []
    for row in rows:
        cells = ((names[code], value) for code, value in row.items() if value is not None)
        tags = [(("_" + name) if name[0].isdigit() else name, value) for name, value in cells]
        body.append("<row>" + "".join(f"<{tag}>{escape(value)}</{tag}>" for tag, value in tags) + "</row>")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<document><LimeSurveyDocType>Responses</LimeSurveyDocType>'
        f"<DBVersion>638</DBVersion><responses><fields>{fields}</fields><rows>{''.join(body)}</rows></responses></document>"
    )


@pytest.fixture(scope="session")
def write_lss():
    return lss_xml


@pytest.fixture(scope="session")
def write_lsa():
    def write(path, form, rows, *, tokens=False):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(f"survey_{SID}.lss", lss_xml(form))
            archive.writestr(f"survey_{SID}_responses.lsr", lsr_xml(form, rows))
            if tokens:
                archive.writestr(f"survey_{SID}_tokens.lst", "<document>camille@exemple.fr</document>")
        return path

    return write


@pytest.fixture(scope="session")
def form():
    """The form behind the emulated exports, as a codebook would declare it."""
    motives = {
        "SQ001": "L'origine, la nationalité ou la couleur de peau", "SQ002": "La religion", "SQ003": "Le sexe",
        "SQ004": "L'âge", "SQ005": "Le lieu de résidence, le quartier", "SQ098": "Ne sait pas", "other": "Autre",
    }  # fmt: skip
    places = {
        "SQ001": "La recherche d'emploi", "SQ002": "Le logement", "SQ003": "L'école, la formation",
        "SQ004": "La police",
    }  # fmt: skip
    frequency = {"A1": "Souvent", "A2": "Parfois", "A3": "Jamais", "A5": "Refus de répondre"}
    wording = (
        "Au cours des cinq dernières années, pensez-vous avoir subi des traitements inégalitaires ou des"
        " discriminations ?"
    )
    return Form("enquete.toml", "codebook", "fr", (
        Question("qpv", "Votre quartier", QuestionKind.TEXT, relevance="1"),
        Question("disc5", wording, QuestionKind.SINGLE, frequency, relevance="1"),
        Question("motifs", "Selon vous, pour quels motifs ?", QuestionKind.MULTIPLE, motives, relevance=ASKED),
        Question("lieux", "Dans quels lieux ou situations ?", QuestionKind.MULTIPLE, places, relevance=ASKED),
        Question("demarche", "Avez-vous entrepris une démarche ?", QuestionKind.YES_NO, {"Y": "Oui", "N": "Non"},
                 relevance=ASKED),
        Question("age", "Votre âge", QuestionKind.NUMBER, relevance="1"),
    ))  # fmt: skip
