"""Generated surveys, written as each platform writes them, read back equal, states included."""

import csv
import io
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyreadstat
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diagnostic.ingestion.survey.choices import choices, option_codes, question_states
from diagnostic.ingestion.survey.export import Form, Question, QuestionKind
from diagnostic.ingestion.survey.reader import read_export
from diagnostic.ingestion.survey.splitting import split_cell
from diagnostic.ingestion.survey.wording import COMMON_ANSWERS, key, non_answer

QUICK = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
DONT_KNOW = "Ne sait pas"


@dataclass
class Person:
    """What one respondent did; ``None`` for a question not asked, an empty value for one left blank."""

    frequency: str
    ticks: frozenset | None
    other: str
    step: str | None
    age: str
    comment: str


@dataclass
class Survey:
    form: Form
    people: list


label = (
    st.text(alphabet="abcdéèàçôA ,;\"'()/:-", min_size=2, max_size=14)
    .map(lambda text: " ".join(text.split()))
    .filter(lambda text: sum(letter.isalpha() for letter in text) > 1)
    .filter(lambda text: key(text) not in COMMON_ANSWERS and not non_answer(text) and text[-1] != ":")
)
free = st.text(alphabet="abé ,;\"'\n=+x0", max_size=12).filter(
    lambda text: not text or (text.strip() == text and not text.startswith("'="))
)


def unambiguous(labels, separators):
    """Whether the list of options tells any cell apart: no option is made of others."""
    if len({key(text) for text in labels}) < len(labels):
        return False
    for text in labels:
        others = [other for other in labels if other != text]
        for separator in separators:
            pieces = text.split(separator)
            if len(pieces) > 1 and any(piece in others or piece.strip() in others for piece in pieces):
                return False
            if split_cell(text, others, separator=separator).options:
                return False
    return True


@st.composite
def surveys(draw, separators=(), with_other=True):
    labels = draw(st.lists(label, min_size=2, max_size=4, unique=True).filter(lambda found: unambiguous(
        [*found, DONT_KNOW], separators
    )))  # fmt: skip
    options = {f"SQ{rank:03d}": text for rank, text in enumerate(labels, start=1)} | {"SQ098": DONT_KNOW}
    frequency = {"A1": "Souvent", "A2": "Jamais", "A3": "Refus de répondre"}
    condition = 'freq.NAOK == "A1"'
    title = draw(label) + " ?"
    form = Form("formulaire", "codebook", "fr", (
        Question("freq", "Avez-vous subi cela ?", QuestionKind.SINGLE, frequency, relevance="1"),
        Question("motifs", "Motifs : " + title, QuestionKind.MULTIPLE, options, relevance=condition),
        Question("demarche", "Une démarche ?", QuestionKind.YES_NO, {"Y": "Oui", "N": "Non"}, relevance=condition),
        Question("age", "Votre âge", QuestionKind.NUMBER, relevance="1"),
        Question("avis", "Un mot libre", QuestionKind.TEXT, relevance="1"),
    ))  # fmt: skip
    people = []
    for _ in range(draw(st.integers(1, 6))):
        chosen = draw(st.sampled_from(["A1", "A1", "A2", "A3", ""]))
        is_asked = chosen == "A1"
        ticks = frozenset(draw(st.sets(st.sampled_from(sorted(options))))) if is_asked else None
        typed = draw(st.sampled_from(["", "zz autre; texte, libre"])) if is_asked and with_other else ""
        step = draw(st.sampled_from(["Y", "N", ""])) if is_asked else None
        people.append(Person(chosen, ticks, typed, step, draw(st.sampled_from(["", "18", "77"])), draw(free)))
    return Survey(form, people)


def expected_states(survey):
    rows = []
    for person in survey.people:
        known = set(person.ticks or ()) - {"SQ098"}
        if person.ticks is None:
            motives = "not_asked"
        elif known or person.other:
            motives = "answered"
        else:
            motives = "dont_know" if person.ticks else "empty"
        step = "not_asked" if person.step is None else ("answered" if person.step else "empty")
        first = {"A3": "refused", "": "empty"}.get(person.frequency, "answered")
        rows.append((first, motives, step))
    return rows


def check(survey, export, *, first=True, yes_no=True, free_text=True):
    codes = option_codes(export, "freq").tolist()
    assert codes == [person.frequency for person in survey.people]
    found = choices(export, "motifs")
    states = found.states.drop(columns="other", errors="ignore")
    ticked = [frozenset(states.columns[row]) for row in states.isin(["answered", "dont_know"]).to_numpy()]
    assert ticked == [frozenset(person.ticks or ()) for person in survey.people]
    assert found.other.tolist() == [person.other for person in survey.people]
    wanted = expected_states(survey)
    assert question_states(export, "motifs").tolist() == [row[1] for row in wanted]
    if first:
        assert question_states(export, "freq").tolist() == [row[0] for row in wanted]
    if yes_no:
        assert question_states(export, "demarche").tolist() == [row[2] for row in wanted]
        assert option_codes(export, "demarche").tolist() == [person.step or "" for person in survey.people]
    if free_text:
        assert export.answers[export.question("avis").columns[0]].tolist() == [p.comment for p in survey.people]
    not_ticked = [
        all(state in ("answered", "dont_know", "not_ticked") for state in row)
        for row, person in zip(states.to_numpy().tolist(), survey.people, strict=True)
        if person.ticks is not None
    ]
    assert all(not_ticked)


def read_text(text, survey, *, name="enquete.csv", encoding="utf-8-sig"):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(text.encode(encoding))
        return read_export(path, form=survey.form)


def table(rows, *, delimiter=",", end="\r\n", quoting=csv.QUOTE_ALL):
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    return stream.getvalue()


def limesurvey(survey, *, mode, answers, delimiter):
    motives = survey.form.questions[1]
    fixed = {"id": "ID de la réponse", "submitdate": "Date de soumission", "lastpage": "Dernière page",
             "startlanguage": "Langue de départ"}  # fmt: skip
    codes = [
        "freq",
        *(f"motifs[{option}]" for option in motives.options),
        "motifs[other]",
        "demarche",
        "age",
        "avis",
    ]
    texts = [question.text for question in survey.form.questions]
    wordings = [texts[0], *(f"{texts[1]} [{text}]" for text in motives.options.values()), f"{texts[1]} [Autre]",
                *texts[2:]]  # fmt: skip
    titles = {"code": [*fixed, *codes], "text": [*fixed.values(), *wordings],
              "both": [f"{code}. {text}" for code, text in zip([*fixed, *codes], [*fixed.values(), *wordings],
                                                               strict=True)]}[mode]  # fmt: skip
    spelling = {"short": ("Y", "", ""), "long": ("Oui", "Non", "N/A"), "converted": ("1", "0", "")}[answers]
    yes, no, hidden = spelling
    rows = [titles]
    for rank, person in enumerate(survey.people, start=1):
        labels = survey.form.questions[0].options
        first = labels.get(person.frequency, "") if answers == "long" else person.frequency
        boxes = [hidden if person.ticks is None else (yes if option in person.ticks else no)
                 for option in motives.options]  # fmt: skip
        other = person.other or (no if answers == "converted" and person.ticks is not None else "")
        step = {
            "short": person.step or "",
            "long": {"Y": "Oui", "N": "Non"}.get(person.step or "", "N/A"),
            "converted": "" if person.step is None else {"Y": "1"}.get(person.step, "0"),
        }[answers]
        comment = "'" + person.comment if person.comment.startswith("=") else person.comment
        rows.append([str(rank), "2025-03-11 14:05:00", "4", "fr", first, *boxes, other, step, person.age, comment])
    return table(rows, delimiter=delimiter) + "\r\n"


@QUICK
@given(surveys(), st.sampled_from(["code", "text", "both"]), st.sampled_from(["short", "long"]),
       st.sampled_from([",", ";", "\t"]))  # fmt: skip
def test_limesurvey(survey, mode, answers, delimiter):
    export = read_text(limesurvey(survey, mode=mode, answers=answers, delimiter=delimiter), survey)
    assert export.platform == "limesurvey"
    check(survey, export)


@QUICK
@given(surveys(), st.sampled_from(["code", "text"]))
def test_limesurvey_converted(survey, mode):
    export = read_text(limesurvey(survey, mode=mode, answers="converted", delimiter=","), survey)
    shown = any(person.ticks is not None for person in survey.people)
    if not shown:
        return
    states = question_states(export, "motifs").tolist()
    assert states == [row[1] for row in expected_states(survey)]
    zeros = [person.step in ("N", "") for person in survey.people]
    steps = question_states(export, "demarche").tolist()
    assert [state == "ambiguous" for state in steps] == zeros


@QUICK
@given(survey=surveys())
def test_limesurvey_archive(write_lsa, survey):
    rows = []
    for rank, person in enumerate(survey.people, start=1):
        row = {"id": str(rank), "submitdate": "2025-03-11 14:05:00", "freq": person.frequency, "age": person.age,
               "avis": person.comment}  # fmt: skip
        if person.ticks is not None:
            row |= {f"motifs[{option}]": "Y" if option in person.ticks else ""
                    for option in survey.form.questions[1].options}  # fmt: skip
            row |= {"motifs[other]": person.other, "demarche": person.step}
        rows.append(row)
    motives = survey.form.questions[1]
    with_other = Question(motives.code, motives.text, motives.kind, {**motives.options, "other": "Autre"},
                          relevance=motives.relevance)  # fmt: skip
    form = Form("e", "codebook", "fr", tuple(with_other if q is motives else q for q in survey.form.questions))
    with tempfile.TemporaryDirectory() as folder:
        export = read_export(write_lsa(Path(folder) / "enquete.lsa", form, rows))
    check(survey, export)


def kobo(survey, *, mode, labels, separator):
    motives = survey.form.questions[1]
    texts = [question.text if labels else question.code for question in survey.form.questions]
    if separator:
        texts = [f"{'Mon groupe' if labels else 'grp'}/{text}" for text in texts]
    titles = [texts[0]]
    if mode != "details":
        titles.append(texts[1])
    if mode != "summary":
        titles += [f"{texts[1]}/{label if labels else code}" for code, label in motives.options.items()]
    titles += [*texts[2:], "_id", "_uuid", "_submission_time", "_index"]
    rows = [titles]
    for rank, person in enumerate(survey.people, start=1):
        first = survey.form.questions[0].options.get(person.frequency, "") if labels else person.frequency
        ticked = sorted(person.ticks or ())
        row = [first]
        if mode != "details":
            row.append(" ".join(motives.options[code] if labels else code for code in ticked))
        if mode != "summary":
            row += [str(int(code in ticked)) if ticked else "" for code in motives.options]
        step = {"Y": "Oui" if labels else "Y", "N": "Non" if labels else "N"}.get(person.step or "", "")
        rows.append(
            [*row, step, person.age, person.comment, str(rank), f"u{rank}", "2025-03-11T14:01:12", str(rank)]
        )
    return table(rows, delimiter=";", end="\n")


def write_xlsform(path, survey):
    book = xlsxwriter.Workbook(str(path))
    sheet, lists = book.add_worksheet("survey"), book.add_worksheet("choices")
    kinds = {"freq": "select_one freq", "motifs": "select_multiple motifs", "demarche": "select_one demarche",
             "age": "integer", "avis": "text"}  # fmt: skip
    rows = [["type", "name", "label", "relevant"], ["begin_group", "grp", "Mon groupe", ""]]
    for question in survey.form.questions:
        relevant = "${freq} = 'A1'" if question.code in ("motifs", "demarche") else ""
        rows.append([kinds[question.code], question.code, question.text, relevant])
    rows.append(["end_group", "", "", ""])
    options = [["list_name", "name", "label"]]
    options += [[q.code, code, text] for q in survey.form.questions for code, text in q.options.items()]
    for worksheet, content in ((sheet, rows), (lists, options)):
        for line, row in enumerate(content):
            for column, cell in enumerate(row):
                worksheet.write_string(line, column, cell)
    book.close()
    return path


@QUICK
@given(surveys(separators=(" ",), with_other=False), st.sampled_from(["both", "details", "summary"]),
       st.booleans(), st.booleans())  # fmt: skip
def test_kobo_with_its_xlsform(survey, mode, labels, groups):
    with tempfile.TemporaryDirectory() as folder:
        form = write_xlsform(Path(folder) / "form.xlsx", survey)
        path = Path(folder) / "export.csv"
        path.write_text(kobo(survey, mode=mode, labels=labels, separator=groups), encoding="utf-8", newline="")
        export = read_export(path, form=form)
    assert export.platform == "kobo"
    check(survey, export)


@QUICK
@given(surveys(separators=(";", ", ")), st.booleans())
def test_google_forms(survey, downloaded):
    separator, motives = (";" if downloaded else ", "), survey.form.questions[1]
    rows = [["Horodateur", *(question.text for question in survey.form.questions)]]
    stamp = "2025/03/11 2:05:00 PM UTC+1" if downloaded else "11/03/2025 14:05:00"
    for person in survey.people:
        typed = [person.other] if person.other else []
        boxes = separator.join([*(motives.options[code] for code in sorted(person.ticks or ())), *typed])
        step = {"Y": "Oui", "N": "Non"}.get(person.step or "", "")
        first = survey.form.questions[0].options.get(person.frequency, "")
        rows.append([stamp, first, boxes, step, person.age, person.comment])
    export = read_text(table(rows, end="\r\n"), survey, encoding="utf-8")
    assert export.platform == "google_forms"
    check(survey, export)


@QUICK
@given(surveys(), st.sampled_from(["utf-8", "utf-16-le", "utf-16"]))
def test_framaforms(survey, encoding):
    delimiter = "\t" if encoding == "utf-16" else ","
    motives, texts = survey.form.questions[1], [question.text for question in survey.form.questions]
    system = ["Numéro de série", "SID", "Date", "Brouillon", "Adresse IP", "Nom d'utilisateur"]
    boxes = [*motives.options.values(), "Autre"]
    above = ["" for _ in system] + ["", texts[1], *("" for _ in boxes[1:]), "", "", ""]
    own = [*system, texts[0], *boxes, *texts[2:]]
    rows = [["Titre", *("" for _ in own[1:])], above, own]
    for rank, person in enumerate(survey.people, start=1):
        first = survey.form.questions[0].options.get(person.frequency, "")
        ticks = ["X" if code in (person.ticks or ()) else "" for code in motives.options]
        step = {"Y": "Oui", "N": "Non"}.get(person.step or "", "")
        system_cells = [str(rank), str(900 + rank), "11/03/2025 - 14:05", "0", "", ""]
        rows.append([*system_cells, first, *ticks, person.other, step, person.age, person.comment])
    text = table(rows, delimiter=delimiter, end="\n")
    export = read_text(text, survey, encoding=encoding, name="export.xls" if delimiter == "\t" else "export.csv")
    assert export.platform == "framaforms"
    check(survey, export)


@QUICK
@given(surveys(with_other=False), st.sampled_from(["sav", "dta"]))
def test_statistical_files(survey, kind):
    motives = survey.form.questions[1]
    data = {"freq": [{"A1": 1.0, "A2": 2.0, "A3": 9.0}.get(person.frequency) for person in survey.people]}
    labels = {"freq": {1: "Souvent", 2: "Jamais", 9: "Refus de répondre"}}
    for code in motives.options:
        data[code.lower()] = [
            7.0 if person.ticks is None else float(code in person.ticks) for person in survey.people
        ]  # fmt: skip
        labels[code.lower()] = {0: "Non coché", 1: "Coché", 7: "Non concerné"}
    data["avis"] = [person.comment.replace("\n", " ") for person in survey.people]
    frame = pd.DataFrame(data).astype({name: "float64" for name in data if name != "avis"})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"enquete.{kind}"
        write = pyreadstat.write_sav if kind == "sav" else pyreadstat.write_dta
        missing = {"missing_ranges": {"freq": [9]}} if kind == "sav" else {}
        write(frame, str(path), variable_value_labels=labels, **missing)
        export = read_export(path)
    spelled = {"A1": "1", "A2": "2", "A3": "9", "": ""}
    assert export.answers["freq"].tolist() == [spelled[person.frequency] for person in survey.people]
    wanted = [row[0].replace("empty", "ambiguous") for row in expected_states(survey)]
    assert export.states["freq"].tolist() == wanted
    for code in motives.options:
        asked = [person.ticks is not None for person in survey.people]
        assert [state != "not_asked" for state in export.states[code.lower()]] == asked
    assert export.answers["avis"].tolist() == data["avis"]


@QUICK
@given(surveys(), st.sampled_from([",", ";", "\t"]), st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]))
def test_any_other_table_keeps_every_cell(survey, delimiter, encoding):
    texts = [survey.form.questions[0].text, *(question.text for question in survey.form.questions[2:])]
    rows = [
        [survey.form.questions[0].options.get(person.frequency, ""),
         {"Y": "Oui", "N": "Non"}.get(person.step or "", ""), person.age, person.comment]
        for person in survey.people
    ]  # fmt: skip
    filled = [row for row in rows if any(row)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reponses.csv"
        path.write_bytes(table([texts, *filled], delimiter=delimiter).encode(encoding))
        export = read_export(path)
    assert export.platform == "generic"
    assert export.answers.to_numpy().tolist() == filled
    blank = export.answers == ""
    assert (export.states.to_numpy()[blank.to_numpy()] == "ambiguous").all()
