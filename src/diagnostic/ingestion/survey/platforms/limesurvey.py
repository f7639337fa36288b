"""LimeSurvey, exported as csv or as a workbook: codes, wordings or both; short, long or converted answers.

How LimeSurvey writes a cell is told by its own source (``CsvWriter``, ``SurveyObj``): a multiple choice has one
column an option, ``Y`` or blank in short answers, ``Oui``/``Non``/``N/A`` in long ones (``N/A`` was not shown).
The option "convert N to" also turns an unanswered Yes/No into a plain "no": it cannot be told apart any more.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from diagnostic.errors import Fault, InputError
from diagnostic.ingestion.document import Kind
from diagnostic.ingestion.survey.export import CellState, Export, Form, Question, QuestionKind
from diagnostic.ingestion.survey.inference import infer_question
from diagnostic.ingestion.survey.layout import Layout, build_export
from diagnostic.ingestion.survey.lss import OTHER
from diagnostic.ingestion.survey.reader import PLATFORMS, Platform
from diagnostic.ingestion.survey.rows import read_cells
from diagnostic.ingestion.survey.sheet import Sheet, column_names
from diagnostic.ingestion.survey.titles import OTHERS, Title, parse_titles, system_name
from diagnostic.ingestion.survey.wording import key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy as np

    from diagnostic.ingestion.document import Document

NAME: Final = "limesurvey"
_SIGNATURE: Final = frozenset({"submitdate", "lastpage", "startlanguage", "datestamp", "seed"})
_ENOUGH: Final = 2
_SHORT: Final = frozenset({"Y"})
_LONG: Final = frozenset({"Oui", "Non", "N/A", "Yes", "No"})
_NO: Final = frozenset({"Non", "No"})
_NOT_SHOWN: Final = "N/A"
_CONVERTED: Final = (("1", "0"), ("1", "2"), ("Oui", "Non"), ("true", "false"), ("TRUE", "FALSE"))
_YES_NO_SPELLINGS: Final = {"Oui": "Y", "Non": "N", "Yes": "Y", "No": "N"}
_GENDER: Final = frozenset({"Homme", "Femme", "Male", "Female", "N/A"})


def recognise(document: Document) -> bool:
    """Say whether a table has the columns that LimeSurvey always adds."""
    rows = next((rows for rows in document.heads.values() if rows), ())
    titles = rows[0] if rows else ()
    return len(_SIGNATURE & {system_name(title) for title in titles}) >= _ENOUGH


def read(document: Document, form: Form | None) -> Export:
    """Read a LimeSurvey csv or workbook."""
    cells = read_cells(document)
    titles = parse_titles(cells.titles[0])
    coded = any(title.code and not title.system for title in titles)
    names, notes = column_names(cells, cells.titles[0], unique=coded)
    titles = [replace(title, name=name) for title, name in zip(titles, names, strict=True)]
    sheet = Sheet(cells, names)
    if document.kind is Kind.DELIMITED:
        notes += _unmask(sheet)
    return assemble(sheet, titles, form=form, notes=notes)


def assemble(
    sheet: Sheet, titles: Sequence[Title], *, form: Form | None, notes: Iterable[str] = (),
    given: Mapping[str, np.ndarray] | None = None, platform: str = NAME,
) -> Export:  # fmt: skip
    """Group the columns into questions and build the export.

    Parameters
    ----------
    sheet
        The answers.
    titles
        One a column, in order.
    form
        The ``.lss``, when there is one.
    notes
        What the reader has to say.
    given
        States that the format itself tells, by column.
    platform
        Name of the reader.

    Raises
    ------
    InputError
        When no question of the form stands in the export.
    """
    language = form.language if form else _language(sheet, titles)
    matcher = _Matcher(form, sheet.cells.file)
    stems: dict[str, list[Title]] = {}
    for title in map(matcher.unfold, titles):
        stems.setdefault(title.system or title.stem, []).append(title)
    spelling = _Spelling(sheet, list(stems.values()), matcher)
    layouts: list[Layout] = []
    for group in stems.values():
        layouts += _question_layouts(sheet, group, matcher, spelling)
    remarks = [*notes, *spelling.notes(layouts), *matcher.notes()]
    submitted = next((title.name for title in titles if title.system == "submitdate"), None)
    completed = None if submitted is None else ~sheet[submitted].has("")
    if submitted is not None and not _iso_dates(sheet[submitted].words):
        remarks.append(
            "Les dates ne sont plus celles que LimeSurvey écrit\u00a0: le fichier a été réenregistré par un"
            " tableur, vérifiez les codes et les accents."
        )
    return build_export(
        sheet, layouts, platform=platform, completed=completed, given=given, language=language, notes=remarks,
        form=form.name if form else None,
    )  # fmt: skip


class _Matcher:
    """Questions of the form, found by code or by wording, whole or abbreviated."""

    def __init__(self, form: Form | None, file: str) -> None:
        self._form = form
        self._file = file
        self._met: set[str] = set()
        self._unknown: list[str] = []
        questions = form.questions if form else ()
        self._by_code = {question.code: question for question in questions}
        self._by_text = {key(question.text): question for question in reversed(questions)}
        self._by_flat = {
            f"{question.code}_{option}": (question, option)
            for question in questions
            for option in question.options
        }

    def find(self, title: Title, *, part: bool) -> Question | None:
        if self._form is None:
            return None
        code = f"{title.code}[{title.part}]" if part else title.code
        text = f"{title.text} [{title.label}]" if part else title.text
        found = self._by_code.get(code) if title.code else self._by_text.get(key(text))
        if found is None and not title.code and text.endswith(".."):
            start = key(text).rstrip(". ")
            found = next(
                (question for wording, question in self._by_text.items() if wording.startswith(start)), None
            )
        if found is not None:
            self._met.add(found.code)
        return found

    def unfold(self, title: Title) -> Title:
        """Take apart a name that ExpressionScript joins, ``motifs_SQ001``: only the form knows where."""
        found = None if title.part or title.code in self._by_code else self._by_flat.get(title.code)
        return title if found is None else replace(title, code=found[0].code, part=found[1])

    def unknown(self, title: Title) -> None:
        self._unknown.append(title.name)

    def notes(self) -> list[str]:
        if self._form is None:
            return []
        if not self._met:
            raise InputError(Fault(
                "le questionnaire donné n’est pas celui de cet export", file=self._file,
                expected=f"au moins une question de {self._form.name}", found="aucune question commune",
                remedy="donnez le .lss exporté de la même enquête",
            ))  # fmt: skip
        absent = [code for code in self._by_code if code not in self._met]
        notes = []
        if absent:
            notes.append(
                f"{len(absent)} question(s) du questionnaire absente(s) de l’export\u00a0: {_some(absent)}."
            )
        if self._unknown:
            notes.append(
                f"{len(self._unknown)} colonne(s) absente(s) du questionnaire, lue(s) sans lui\u00a0:"
                f" {_some(self._unknown)}. L’enquête a peut-être changé de version."
            )
        return notes


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(f"«\u00a0{name[:60]}\u00a0»" for name in names[:5])
    return shown + (f" et {len(names) - 5} autres" if len(names) > 5 else "")  # noqa: PLR2004 - five are shown


class _Spelling:
    """How this export writes a ticked box: found once, from all its multiple choices together."""

    def __init__(self, sheet: Sheet, groups: Sequence[list[Title]], matcher: _Matcher) -> None:
        self._converted_columns: list[str] = []
        words: set[str] = set()
        for group in groups:
            options = [title for title in group if title.part or title.label]
            options = [title for title in options if not (title.is_other or title.is_comment or title.system)]
            form = matcher.find(group[0], part=False)
            if not options or (form is not None and form.kind is not QuestionKind.MULTIPLE):
                continue
            seen = {word for title in options for word in sheet[title.name].words if word.strip()}
            if form is not None or _tick_pair(seen) is not None:
                words |= seen
        self.pair = _tick_pair(words) or ("Y", None)
        if self.pair == ("1", None):
            self.pair = ("1", self._no_of_yes_no(sheet, groups, matcher))
        self.long = bool(words & (_LONG - {"Y"}))

    @staticmethod
    def _no_of_yes_no(sheet: Sheet, groups: Iterable[list[Title]], matcher: _Matcher) -> str | None:
        """Find the converted "no" where every box shown was ticked: a Yes/No question still holds it."""
        for group in groups:
            form = matcher.find(group[0], part=False)
            if len(group) > 1 or group[0].system or (form is not None and form.kind is not QuestionKind.YES_NO):
                continue
            words = {word for word in sheet[group[0].name].words if word.strip()}
            for yes, no in _CONVERTED[:2]:
                if no in words and words <= {yes, no}:
                    return no
        return None

    @property
    def converted(self) -> bool:
        """Whether "no" was given a code of its own, so that blanks were not shown."""
        return self.pair[1] is not None and not self.long

    @property
    def ticks(self) -> dict[str, CellState | None]:
        """What an option column holds beside a tick."""
        if self.long:
            return {**dict.fromkeys(_NO, CellState.NOT_TICKED), _NOT_SHOWN: CellState.NOT_ASKED}
        no = self.pair[1]
        return {} if no is None else {no: CellState.NOT_TICKED, "": CellState.NOT_ASKED}

    def is_tick_set(self, words: set[str]) -> bool:
        """Say whether columns with these words are boxes to tick."""
        return _tick_pair(words) is not None

    def yes_no(self, words: set[str]) -> bool:
        """Say whether a column with these words is a converted Yes/No."""
        return self.converted and bool(words) and words <= set(self.pair)

    def convert(self, name: str) -> None:
        self._converted_columns.append(name)

    def notes(self, layouts: Sequence[Layout]) -> list[str]:
        notes = []
        if self.pair == ("1", "2") and self.converted and layouts:
            notes.append("Cases à cocher lues comme converties par LimeSurvey\u00a0: 1 = coché, 2 = non coché.")
        if self._converted_columns:
            notes.append(
                f"Conversion «\u00a0N → {self.pair[1]}\u00a0» de LimeSurvey\u00a0: dans"
                f" {_some(self._converted_columns)}, «\u00a0{self.pair[1]}\u00a0» veut dire"
                " «\u00a0Non\u00a0» ou «\u00a0sans réponse\u00a0»\u00a0;"
                " ces cellules restent ambiguës. Exportez de nouveau sans conversion pour les départager."
            )
        return notes


def _tick_pair(words: set[str]) -> tuple[str, str | None] | None:
    if words <= _SHORT:
        return ("Y", None)
    if words <= _LONG:
        return ("Oui", "Non")
    if words == {"1"}:
        return ("1", None)
    return next((pair for pair in _CONVERTED if words <= set(pair)), None)


def _question_layouts(sheet: Sheet, group: list[Title], matcher: _Matcher, spelling: _Spelling) -> list[Layout]:
    first = group[0]
    if first.system:
        return [
            Layout(Question(first.system, title.name, QuestionKind.SYSTEM, {}, (title.name,))) for title in group
        ]
    form = matcher.find(first, part=False)
    mains = [title for title in group if not (title.part or title.label)]
    other = next((title for title in group if title.is_other and title not in mains), None)
    parts = [title for title in group if title not in mains and title is not other and not title.is_comment]
    layouts: list[Layout] = []
    if parts:
        words = {word for title in parts for word in sheet[title.name].words if word.strip()}
        multiple = form.kind is QuestionKind.MULTIPLE if form else spelling.is_tick_set(words)
        if multiple:
            layouts.append(_multiple(parts, other, form=form, spelling=spelling))
            other = None
        else:
            layouts += [_single(sheet, title, None, matcher, spelling, part=True) for title in parts]
    for title in mains:
        layouts.append(_single(sheet, title, other, matcher, spelling, part=False))
        other = None
    comments = [title for title in group if title.is_comment and title not in mains]
    loose = [*comments, *([other] if other else [])]
    layouts += [Layout(Question(title.name, title.name, QuestionKind.TEXT, {}, (title.name,))) for title in loose]
    return layouts


def _multiple(
    parts: list[Title], other: Title | None, *, form: Form | Question | None, spelling: _Spelling
) -> Layout:
    known = dict(form.options) if isinstance(form, Question) else {}
    by_label = {key(label): code for code, label in known.items()}
    columns, options = {}, dict(known)
    for title in parts:
        code = title.part or by_label.get(key(title.label), title.label)
        columns[code] = title.name
        options.setdefault(code, title.label or code)
    if other is not None:
        options.setdefault(OTHER, other.label or "Autre")
    names = [*columns.values(), *([other.name] if other else [])]
    question = Question(
        form.code if isinstance(form, Question) else parts[0].stem,
        form.text if isinstance(form, Question) else (parts[0].text or parts[0].code),
        QuestionKind.MULTIPLE, options, tuple(names),
        relevance=form.relevance if isinstance(form, Question) else None,
        group=form.group if isinstance(form, Question) else None,
        option_columns=columns, other_column=other.name if other else None,
    )  # fmt: skip
    cells: dict[str, CellState | None] = {"": CellState.NOT_ASKED} if spelling.converted else {}
    if spelling.converted and spelling.pair[1] is not None:
        cells[spelling.pair[1]] = CellState.NOT_TICKED
    return Layout(question, ticks=spelling.ticks, cells=cells)


def _single(
    sheet: Sheet, title: Title, other: Title | None, matcher: _Matcher, spelling: _Spelling, *, part: bool
) -> Layout:
    form = matcher.find(title, part=part)
    column = sheet[title.name]
    words = {word for word in column.words if word.strip()}
    if form is not None:
        question = replace(form, columns=(title.name,), spellings=_spellings(form))
    else:
        if not part:
            matcher.unknown(title)
        code = f"{title.code}[{title.part}]" if part and title.code else (title.name if part else title.stem)
        text = f"{title.text} [{title.label}]" if part and title.label else title.text
        question = replace(
            infer_question(title.name, column), code=code, text=text or title.name,
            group=title.stem if part else None,
        )  # fmt: skip
    cells: dict[str, CellState | None] = {}
    if spelling.yes_no(words) and (form is None or form.kind is QuestionKind.YES_NO):
        yes, no = spelling.pair[0], spelling.pair[1] or ""
        question = replace(
            question, kind=QuestionKind.YES_NO, options={"Y": "Oui", "N": "Non"}, spellings={yes: "Y", no: "N"}
        )
        cells = {no: CellState.AMBIGUOUS, "": CellState.NOT_ASKED}
        spelling.convert(title.name)
    elif spelling.long and (question.kind is QuestionKind.YES_NO or words <= _GENDER):
        cells = {_NOT_SHOWN: None}
        question = replace(question, spellings={**question.spellings, _NOT_SHOWN: ""})
    if form is None and question.kind is QuestionKind.YES_NO and "Y" not in question.options:
        question = replace(
            question, options={"Y": "Oui", "N": "Non"}, spellings={**question.spellings, **_YES_NO_SPELLINGS}
        )
    others = frozenset({"-oth-", *(word for word in column.words if key(word) in OTHERS)})
    if other is not None:
        question = replace(question, columns=(title.name, other.name), other_column=other.name)
    return Layout(question, cells=cells, other_codes=others)


def _spellings(question: Question) -> dict[str, str]:
    spellings = {label: code for code, label in question.options.items() if label not in question.options}
    if question.kind is QuestionKind.YES_NO:
        spellings |= _YES_NO_SPELLINGS
    return spellings


def _unmask(sheet: Sheet) -> list[str]:
    """Take off the quotation mark that LimeSurvey puts before a leading equals sign."""
    masked = 0
    for name in sheet.names:
        hits = [position for position, word in enumerate(sheet[name].words) if word.startswith("'=")]
        if hits:
            masked += int(sheet[name].counts()[hits].sum())
            words = sheet[name].words
            sheet.rewrite(name, [word[1:] if word.startswith("'=") else word for word in words])
    note = f"{masked} cellule(s) commençant par «\u00a0=\u00a0»\u00a0: l’apostrophe de LimeSurvey est ôtée."
    return [note] if masked else []


def _iso_dates(words: Iterable[str]) -> bool:
    return all(re.match(r"\d{4}-\d\d-\d\d", word) for word in words if word.strip())


def _language(sheet: Sheet, titles: Sequence[Title]) -> str | None:
    name = next((title.name for title in titles if title.system == "startlanguage"), None)
    if name is None or not len(sheet[name].words):
        return None
    counts = sheet[name].counts()
    return sheet[name].words[int(counts.argmax())] or None


PLATFORMS.register(Platform(NAME, "LimeSurvey (csv ou classeur)", recognise, read))
