"""The questionnaire as a LimeSurvey structure (``.lss``), in the layout of version 6 (database version 638)."""

from __future__ import annotations

from itertools import count, groupby
from typing import TYPE_CHECKING, Final

from diagnostic.formatting import typographic
from diagnostic.ingestion.survey.kit.plan import SECTIONS, farewell, items, opening, survey_title, welcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from diagnostic.ingestion.survey.kit.plan import Item, Plan

DB_VERSION: Final = 638
SURVEY_ID: Final = "392800"
LANGUAGE: Final = "fr"
_THEMES: Final = {"L": "listradio", "M": "multiplechoice", "S": "shortfreetext"}
# Nothing that identifies a person is recorded, whatever the regime: no address, no referrer, no timing, no token.
_SETTINGS: Final = {
    "gsid": "1", "admin": "inherit", "adminemail": "inherit", "anonymized": "Y", "faxto": "", "format": "G",
    "savetimings": "N", "template": "inherit", "language": LANGUAGE, "additional_languages": "", "datestamp": "N",
    "usecookie": "N", "allowregister": "N", "allowsave": "N", "autonumber_start": "0", "autoredirect": "N",
    "allowprev": "Y", "printanswers": "N", "ipaddr": "N", "refurl": "N", "showsurveypolicynotice": "0",
    "publicstatistics": "N", "publicgraphs": "N", "listpublic": "N", "htmlemail": "Y", "sendconfirmation": "N",
    "tokenanswerspersistence": "N", "assessments": "N", "usecaptcha": "N", "usetokens": "N", "tokenlength": "-1",
    "showxquestions": "N", "showgroupinfo": "B", "shownoanswer": "N", "showqnumcode": "X", "showwelcome": "Y",
    "showprogress": "Y", "questionindex": "0", "navigationdelay": "0", "nokeyboard": "N",
    "alloweditaftercompletion": "N", "ipanonymize": "Y", "access_mode": "O",
}  # fmt: skip

Row = dict[str, str]


def lss(plan: Plan) -> bytes:
    """Write the ``.lss``.

    Parameters
    ----------
    plan
        The choices of the lead.

    Returns
    -------
    bytes
        UTF-8 XML: groups, questions, sub-questions, answers, their texts, attributes and the survey's settings.
    """
    blocks = _Blocks(plan)
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>\n<document>\n <LimeSurveyDocType>Survey</LimeSurveyDocType>\n',
        f" <DBVersion>{DB_VERSION}</DBVersion>\n",
        f" <languages>\n  <language>{LANGUAGE}</language>\n </languages>\n",
        *(_block(name, rows) for name, rows in blocks.tables().items() if rows),
        "</document>\n",
    ]
    return "".join(parts).encode()


class _Blocks:
    """The tables of a survey, filled in the order of the questionnaire."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._gate = opening(plan)
        self._ids = count(1)
        self._answers: list[Row] = []
        self._answer_texts: list[Row] = []
        self._groups: list[Row] = []
        self._group_texts: list[Row] = []
        self._questions: list[Row] = []
        self._children: list[Row] = []
        self._texts: list[Row] = []
        self._attributes: list[Row] = []
        for order, (section, group) in enumerate(groupby(items(plan), key=lambda item: item.section), start=1):
            self._section(order, section, list(group))

    def tables(self) -> Mapping[str, Sequence[Row]]:
        return {
            "answers": self._answers,
            "answer_l10ns": self._answer_texts,
            "groups": self._groups,
            "group_l10ns": self._group_texts,
            "questions": self._questions,
            "subquestions": self._children,
            "question_l10ns": self._texts,
            "question_attributes": self._attributes,
            "surveys": [{"sid": SURVEY_ID, **_SETTINGS}],
            "surveys_languagesettings": [self._language()],
        }

    def _section(self, order: int, section: str, group: list[Item]) -> None:
        gid = str(order)
        condition = "1" if order == 1 else " and ".join(f'{title}.NAOK == "{code}"' for title, code in self._gate)
        place = {
            "gid": gid,
            "sid": SURVEY_ID,
            "group_order": gid,
            "randomization_group": "",
            "grelevance": condition,
        }
        self._groups.append(place)
        self._group_texts.append({
            "id": gid, "gid": gid, "group_name": typographic(SECTIONS[section]), "description": "",
            "language": LANGUAGE,
        })  # fmt: skip
        for rank, item in enumerate(group, start=1):
            self._question(gid, rank, item, first=order == 1)

    def _question(self, gid: str, rank: int, item: Item, *, first: bool) -> None:
        qid = str(next(self._ids))
        kind = ("M" if item.multiple else "L") if item.choices else "S"
        row = {
            "qid": qid, "parent_qid": "0", "sid": SURVEY_ID, "gid": gid, "type": kind, "title": item.title,
            "preg": "", "other": "N", "mandatory": "Y" if item.mandatory else "N", "encrypted": "N",
            "question_order": str(rank), "scale_id": "0", "same_default": "0",
            "relevance": self._relevance(item, first=first), "question_theme_name": _THEMES[kind],
            "modulename": "", "same_script": "0",
        }  # fmt: skip
        self._questions.append(row)
        self._text(qid, item.text, item.hint)
        self._attributes += [
            {"qid": qid, "attribute": name, "value": value, "language": ""} for name, value in _attributes(item)
        ]
        for order, choice in enumerate(item.choices):
            if item.multiple:
                child = str(next(self._ids))
                self._children.append({
                    **row, "qid": child, "parent_qid": qid, "type": "T", "title": choice.code, "mandatory": "N",
                    "question_order": str(order), "relevance": "1", "question_theme_name": "",
                })  # fmt: skip
                self._text(child, choice.label, "")
            else:
                self._answer(qid, order, choice.code, label=choice.label)

    def _relevance(self, item: Item, *, first: bool) -> str:
        if item.asked_if is not None:
            title, codes, multiple = item.asked_if
            form = '{title}_{code}.NAOK == "Y"' if multiple else '{title}.NAOK == "{code}"'
            return " or ".join(form.format(title=title, code=code) for code in codes)
        opened = [title for title, _ in self._gate]
        if first and item.title not in opened:
            return " and ".join(f'{title}.NAOK == "{code}"' for title, code in self._gate)
        return "1"

    def _text(self, qid: str, text: str, hint: str) -> None:
        self._texts.append({
            "id": str(len(self._texts) + 1), "qid": qid, "question": typographic(text), "help": typographic(hint),
            "script": "", "language": LANGUAGE,
        })  # fmt: skip

    def _answer(self, qid: str, order: int, code: str, *, label: str) -> None:
        aid = str(len(self._answers) + 1)
        self._answers.append({
            "aid": aid, "qid": qid, "code": code, "sortorder": str(order), "assessment_value": "0",
            "scale_id": "0",
        })  # fmt: skip
        self._answer_texts.append({"id": aid, "aid": aid, "answer": typographic(label), "language": LANGUAGE})

    def _language(self) -> Row:
        return {
            "surveyls_survey_id": SURVEY_ID, "surveyls_language": LANGUAGE,
            "surveyls_title": typographic(survey_title(self._plan)),
            "surveyls_description": "", "surveyls_welcometext": f"<p>{typographic(welcome(self._plan))}</p>",
            "surveyls_endtext": f"<p>{typographic(farewell())}</p>", "surveyls_dateformat": "2",
            "surveyls_numberformat": "1", "surveyls_url": "", "surveyls_urldescription": "",
        }  # fmt: skip


def _attributes(item: Item) -> Iterator[tuple[str, str]]:
    exclusive = [choice.code for choice in item.choices if choice.exclusive]
    if exclusive:
        yield "exclude_all_others", ";".join(exclusive)
    if item.most:
        yield "max_answers", str(item.most)
    if not item.choices:
        yield "maximum_chars", "30"


def _block(name: str, rows: Sequence[Row]) -> str:
    fields = "".join(f"   <fieldname>{field}</fieldname>\n" for field in rows[0])
    body = "".join(
        "   <row>\n"
        + "".join(f"    <{field}>{_cdata(value)}</{field}>\n" for field, value in row.items())
        + "   </row>\n"
        for row in rows
    )
    return f" <{name}>\n  <fields>\n{fields}  </fields>\n  <rows>\n{body}  </rows>\n </{name}>\n"


def _cells(row: Row) -> str:
    return "".join(f"    <{field}>{_cdata(value)}</{field}>\n" for field, value in row.items())


def _cdata(text: str) -> str:
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"
