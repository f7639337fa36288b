"""Structure of a LimeSurvey survey (``.lss``), whatever the version of its database.

Up to version 177 wordings stand in the rows of questions, one row a language; later versions keep them in
``*_l10ns`` blocks. Question types are single letters, kept here as LimeSurvey writes them.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from diagnostic.errors import Fault, InputError
from diagnostic.ingestion.survey.export import Form, Question, QuestionKind
from diagnostic.ingestion.survey.relevance import ALWAYS
from diagnostic.ingestion.survey.wording import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

    Row = dict[str, str]

KINDS: Final = {
    "L": QuestionKind.SINGLE, "!": QuestionKind.SINGLE, "O": QuestionKind.SINGLE, "I": QuestionKind.SINGLE,
    "G": QuestionKind.SINGLE, "5": QuestionKind.SCALE, "M": QuestionKind.MULTIPLE, "P": QuestionKind.MULTIPLE,
    "Y": QuestionKind.YES_NO, "N": QuestionKind.NUMBER, "K": QuestionKind.NUMBER, "D": QuestionKind.DATE,
    "F": QuestionKind.SCALE, "H": QuestionKind.SCALE, "A": QuestionKind.SCALE, "B": QuestionKind.SCALE,
    "C": QuestionKind.SINGLE, "E": QuestionKind.SCALE, "1": QuestionKind.SCALE, "R": QuestionKind.SINGLE,
    ":": QuestionKind.NUMBER, ";": QuestionKind.TEXT, "S": QuestionKind.TEXT, "T": QuestionKind.TEXT,
    "U": QuestionKind.TEXT, "Q": QuestionKind.TEXT, "|": QuestionKind.TEXT, "*": QuestionKind.SYSTEM,
}  # fmt: skip
_BUILT_IN: Final[Mapping[str, Mapping[str, Mapping[str, str]]]] = {
    "fr": {
        "Y": {"Y": "Oui", "N": "Non"}, "G": {"F": "Femme", "M": "Homme"},
        "C": {"Y": "Oui", "N": "Non", "U": "Indécis"},
        "E": {"I": "Augmenter", "S": "Sans changement", "D": "Diminuer"},
    },
    "en": {
        "Y": {"Y": "Yes", "N": "No"}, "G": {"F": "Female", "M": "Male"},
        "C": {"Y": "Yes", "N": "No", "U": "Uncertain"}, "E": {"I": "Increase", "S": "Same", "D": "Decrease"},
    },
}  # fmt: skip
_RANGES: Final = {"5": 5, "A": 5, "B": 10}
_NOT_A_QUESTION: Final = "X"
_ARRAYS: Final = frozenset("FHABCE1KQ:;R")
OTHER: Final = "other"
OTHER_LABELS: Final = {"fr": "Autre", "en": "Other"}


def parse_xml(data: bytes, *, file: str) -> ET.Element:
    """Parse an XML file of LimeSurvey, entities refused.

    Raises
    ------
    InputError
        When the file is cut, is not XML, or declares entities.
    """
    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data:
        raise InputError(Fault(
            "fichier XML refusé\u00a0: il déclare des entités", file=file,
            expected="un fichier produit par LimeSurvey", found="une déclaration DOCTYPE ou ENTITY",
            remedy="exportez de nouveau depuis LimeSurvey",
        ))  # fmt: skip
    try:
        return ET.fromstring(data)  # noqa: S314 - entities are refused above
    except ET.ParseError as problem:
        line = problem.position[0]
    raise InputError(Fault(
        "fichier XML coupé ou abîmé", file=file, line=line, expected="un fichier complet",
        found="une balise qui ne se ferme pas", remedy="exportez de nouveau depuis LimeSurvey",
    ))  # fmt: skip


def document_type(root: ET.Element) -> str:
    """Give what LimeSurvey says the file is: ``Survey``, ``Responses``, ``Group``, ``Question``, ``Tokens``."""
    return (root.findtext("LimeSurveyDocType") or "").strip()


def read_lss(data: bytes, *, file: str) -> Form:
    """Read a ``.lss``.

    Parameters
    ----------
    data
        Bytes of the file.
    file
        Its name, for messages and for the form.

    Raises
    ------
    InputError
        When it is not the structure of a whole survey.
    """
    root = parse_xml(data, file=file)
    found = document_type(root)
    if found != "Survey":
        raise InputError(Fault(
            "ce fichier LimeSurvey n’est pas une structure d’enquête", file=file, expected="un .lss (Survey)",
            found=found or "un autre fichier XML",
            remedy="dans LimeSurvey\u00a0: Exporter, Structure de l’enquête (.lss)",
        ))  # fmt: skip
    return _Tables(root, file).form()


class _Tables:
    """The blocks of a .lss, brought to one shape."""

    def __init__(self, root: ET.Element, file: str) -> None:
        self._file = file
        self._root = root
        survey = next(iter(self._rows("surveys")), {})
        languages = [(node.text or "").strip() for node in root.findall("languages/language")]
        self.language = survey.get("language") or next(iter(languages), "")
        self.sid = survey.get("sid", "")
        self.groups = self._groups()
        self.questions = self._questions("questions")
        self.children = defaultdict(list)
        for child in self._questions("subquestions") or [
            row for row in self.questions if row.get("parent_qid", "0") not in ("", "0")
        ]:
            self.children[child["parent_qid"]].append(child)
        self.answers = self._answers()

    def _rows(self, block: str) -> list[Row]:
        return [
            {cell.tag: cell.text or "" for cell in row} for row in self._root.findall(f"{block}/rows/row")
        ]  # fmt: skip

    def _here(self, row: Row) -> bool:
        return not self.language or row.get("language", self.language) in (self.language, "")

    def _texts(self, block: str, *, key: str, text: str) -> dict[str, str]:
        return {row[key]: row.get(text, "") for row in self._rows(block) if self._here(row) and key in row}

    def _groups(self) -> dict[str, tuple[str, str]]:
        names = self._texts("group_l10ns", key="gid", text="group_name")
        return {
            row["gid"]: (clean(names.get(row["gid"], row.get("group_name", ""))), row.get("grelevance", ""))
            for row in self._rows("groups")
            if self._here(row)
        }

    def _questions(self, block: str) -> list[Row]:
        texts = self._texts("question_l10ns", key="qid", text="question")
        rows = [row for row in self._rows(block) if self._here(row)]
        for row in rows:
            row["question"] = clean(texts.get(row["qid"], row.get("question", "")))
        return sorted(rows, key=lambda row: int(row.get("question_order") or 0))

    def _answers(self) -> dict[str, list[Row]]:
        texts = self._texts("answer_l10ns", key="aid", text="answer")
        found = defaultdict(list)
        for row in sorted(self._rows("answers"), key=lambda row: int(row.get("sortorder") or 0)):
            if self._here(row):
                row["answer"] = clean(texts.get(row.get("aid", ""), row.get("answer", "")))
                found[row["qid"]].append(row)
        return found

    def form(self) -> Form:
        order = {gid: rank for rank, gid in enumerate(self.groups)}
        questions: list[Question] = []
        fields: dict[str, str] = {}
        top = [row for row in self.questions if row.get("parent_qid", "0") in ("", "0")]
        for row in sorted(top, key=lambda row: order.get(row.get("gid", ""), 0)):
            if row["type"] == _NOT_A_QUESTION:
                continue
            questions.extend(self._described(row))
            fields.update(self._fields(row))
        return Form(self._file, "limesurvey", self.language or None, tuple(questions), fields=fields)

    def _described(self, row: Row) -> list[Question]:
        kind = KINDS.get(row["type"], QuestionKind.TEXT)
        title, relevance = self.groups.get(row.get("gid", ""), ("", ""))
        conditions = [text.strip() for text in (relevance, row.get("relevance", "")) if text.strip() not in ALWAYS]
        condition = " and ".join(f"({text})" for text in conditions) or "1"
        children = self.children.get(row["qid"], [])
        if kind is QuestionKind.MULTIPLE:
            options = {child["title"]: child["question"] for child in children}
            if row.get("other") == "Y":
                options[OTHER] = self._other_label()
            return [Question(row["title"], row["question"], kind, options, relevance=condition, group=title)]
        options = self._options(row)
        whole = Question(row["title"], row["question"], kind, options, relevance=condition, group=title)
        if row["type"] not in _ARRAYS or not children:
            return [whole]
        parts = [
            (f"{row['title']}[{name}]", f"{row['question']} [{label}]")
            for name, label in self._cells(row, children)
        ]  # fmt: skip
        return [Question(code, text, kind, options, relevance=condition, group=title) for code, text in parts]

    def _cells(self, row: Row, children: list[Row]) -> list[tuple[str, str]]:
        downs = [child for child in children if child.get("scale_id", "0") in ("", "0")]
        if row["type"] in ":;":
            across = [child for child in children if child.get("scale_id") == "1"]
            return [
                (f"{down['title']}_{over['title']}", f"{down['question']}][{over['question']}")
                for down in downs
                for over in across
            ]
        if row["type"] == "1":
            return [
                (f"{down['title']}][{scale}", f"{down['question']}][{scale}") for down in downs for scale in "12"
            ]  # fmt: skip
        return [(down["title"], down["question"]) for down in downs]

    def _options(self, row: Row) -> dict[str, str]:
        built_in = _BUILT_IN["fr" if self.language.startswith("fr") else "en"]
        if row["type"] in built_in:
            return dict(built_in[row["type"]])
        if row["type"] in _RANGES:
            return {str(step): str(step) for step in range(1, _RANGES[row["type"]] + 1)}
        options = {answer["code"]: answer["answer"] for answer in self.answers.get(row["qid"], [])}
        if row.get("other") == "Y" and row["type"] in "L!":
            options["-oth-"] = self._other_label()
        return options

    def _other_label(self) -> str:
        return OTHER_LABELS["fr" if self.language.startswith("fr") else "en"]

    def _fields(self, row: Row) -> dict[str, str]:
        stem, code = f"{self.sid}X{row.get('gid', '')}X{row['qid']}", row["title"]
        names = {stem: code, f"{stem}other": f"{code}[other]", f"{stem}comment": f"{code}[comment]"}
        for child in self.children.get(row["qid"], []):
            names[f"{stem}{child['title']}"] = f"{code}[{child['title']}]"
            names[f"{stem}{child['title']}comment"] = f"{code}[{child['title']}comment]"
        for name, _ in self._cells(row, self.children.get(row["qid"], [])):
            names[f"{stem}{name.replace('][', '#')}"] = f"{code}[{name}]"
        # Ranks would otherwise be taken for the fields of other questions: X2 and rank 1, X21.
        for rank in range(1, len(self.answers.get(row["qid"], [])) + 1 if row["type"] == "R" else 1):
            names.setdefault(f"{stem}{rank}", f"{code}[{rank}]")
        return names
