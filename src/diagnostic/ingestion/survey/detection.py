"""What is seen in a survey that may not be kept, by the titles of its columns and by what its cells look like.

A finding names the column, counts the cells and gives lines; it never holds a value.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from diagnostic.ingestion.survey.export import Export, Question, QuestionKind
from diagnostic.ingestion.survey.personal import (
    BOXES,
    CIVILITY,
    FIRST_NAMES,
    NOMENCLATURE,
    NOMENCLATURE_SIZE,
    PERCEIVED,
)
from diagnostic.ingestion.survey.rules import BY_NAME, IDENTITIES, RULES, Action, Rule
from diagnostic.ingestion.survey.sheet import Coded, coded_series
from diagnostic.ingestion.survey.splitting import split_cell
from diagnostic.ingestion.survey.wording import COMMON_ANSWERS, key, non_answer

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

SHOWN_LINES: Final = 10
COLUMN_SHARE: Final = 0.5
SHORTEST: Final = 5
FREE_TEXT: Final = "free_text"
PERSONS: Final = "persons"
_FREE_TEXT_RULE: Final = Rule(
    FREE_TEXT, "texte libre", Action.STRIP,
    "mis de côté par choix de l’outil\u00a0: un texte libre peut nommer la personne ou un tiers\u00a0; il se"
    " relit et se code à la main, puis se supprime, et n’est jamais exporté",
)  # fmt: skip
_RARE_RULE: Final = Rule(
    "rare_answer", "réponse isolée hors des options", Action.STRIP,
    "mise de côté par choix de l’outil\u00a0: une réponse que personne d’autre n’a donnée peut être un texte"
    " personnel",
)  # fmt: skip
_PERSONS_RULE: Final = Rule(
    PERSONS, "nom d’une personne", Action.STRIP,
    "refusé par choix de l’outil\u00a0: un texte ne doit nommer ni la personne ni un tiers",
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")
_DECIMAL = re.compile(r"-?\d{1,3}[.,]\d{3,}")


@dataclass(frozen=True, slots=True)
class Detection:
    """One finding, without any value.

    Parameters
    ----------
    what, label
        Kind of personal data.
    column
        Title of the column.
    action
        What is done with it.
    text
        French: the text that forbids, or the tool's choice.
    found_by
        ``titre``, ``contenu`` or ``format``.
    count
        Number of filled cells concerned.
    lines
        First lines concerned.
    whole
        Whether the column is concerned, or only some of its cells.
    """

    what: str
    label: str
    column: str
    action: Action
    text: str
    found_by: str
    count: int
    lines: tuple[int, ...] = ()
    whole: bool = True

    def __str__(self) -> str:
        scope = "colonne entière" if self.whole else "certaines cellules"
        done = {
            Action.REFUSE: "refusé", Action.STRIP: "retiré", Action.WARN: "décision à inscrire au codebook"
        }[self.action]  # fmt: skip
        where = f", lignes {', '.join(map(str, self.lines))}" if self.lines and not self.whole else ""
        return (
            f"Colonne «\u00a0{self.column}\u00a0»\u00a0: {self.label} ({scope}, {self.count} cellule(s){where},"
            f" reconnu par le {self.found_by})\u00a0: {done}. Motif\u00a0: {self.text}."
        )


def inspect(export: Export) -> list[Detection]:
    """Find what may not be kept.

    Parameters
    ----------
    export
        A survey export, as read.

    Returns
    -------
    list of Detection
        In the order of the columns; a column may have several.
    """
    found: list[Detection] = []
    points = _coordinate_columns(export)
    for question in export.questions:
        for column in question.columns:
            texts = texts_of(export, column)
            found += _of_column(export, question, column, texts=texts, point=column in points)
    return found


def texts_of(export: Export, column: str) -> Coded:
    """Give a column of the answers as distinct texts and positions."""
    return coded_series(export.answers[column])


def _of_column(export: Export, question: Question, column: str, *, texts: Coded, point: bool) -> list[Detection]:
    filled = int(texts.counts()[[bool(word.strip()) for word in texts.words]].sum()) if texts.words else 0
    whole = _whole_rule(question, column, texts, point=point)
    if whole is not None:
        return [_detection(whole[0], column, whole[1], filled)]
    free = question.kind is QuestionKind.TEXT or column == question.other_column
    rare = rare_answers(question, column, texts)
    doubtful = rare if not free else np.ones(len(texts.words), dtype=bool)
    found = _content(export, column, texts=texts, filled=filled, doubtful=doubtful)
    if question.separator is not None:
        # The options in a cell stay; what is typed beside them goes, cell by cell.
        found = [replace(detection, whole=False) for detection in found]
    elif any(detection.whole for detection in found):
        return [detection for detection in found if detection.whole][:1]
    if free:
        found.append(_detection(_FREE_TEXT_RULE, column, "format", filled))
    elif question.kind is QuestionKind.DATE:
        found.append(_detection(BY_NAME["exact_date"], column, "format", filled))
    elif rare.any():
        found.append(_cells(export, _RARE_RULE, column, mask=rare[texts.positions]))
    return found


def _whole_rule(question: Question, column: str, texts: Coded, *, point: bool) -> tuple[Rule, str] | None:
    """Find the rule that takes a whole column, and how it was seen."""
    by_title = _title_rule(question, column)
    if by_title is not None:
        return by_title, "titre"
    if question.kind is QuestionKind.SYSTEM:
        return BY_NAME["metadata"], "format"
    if point:
        return BY_NAME["coordinates"], "contenu"
    return (BY_NAME["ethnicity"], "contenu") if _is_nomenclature(question, texts) else None


def _detection(rule: Rule, column: str, found_by: str, count: int) -> Detection:
    return Detection(rule.what, rule.label, column, rule.action, rule.text, found_by, count)


def _cells(export: Export, rule: Rule, column: str, *, mask: np.ndarray) -> Detection:
    lines = export.answers.index[mask]
    shown = tuple(int(line) for line in lines[:SHOWN_LINES])
    return Detection(
        rule.what, rule.label, column, Action.STRIP, rule.text, "contenu", int(mask.sum()), shown, whole=False
    )  # fmt: skip


@cache
def _compiled() -> tuple[tuple[Rule, re.Pattern[str]], ...]:
    return tuple((rule, re.compile(pattern)) for rule in RULES for pattern in rule.headers)


def _title_rule(question: Question, column: str) -> Rule | None:
    """Find the rule of a title; an option of a list is a ground or a place, never the person's own trait."""
    if column in question.option_columns.values():
        return None
    titles = {key(column), key(question.text), key(column.rpartition("/")[2]), key(question.code)}
    perceived = any(PERCEIVED.search(title) for title in titles)
    for rule, pattern in _compiled():
        if perceived and rule.what not in IDENTITIES:
            continue
        if any(pattern.fullmatch(title) for title in titles):
            return rule
    return None


def _is_nomenclature(question: Question, texts: Coded) -> bool:
    if question.kind is QuestionKind.MULTIPLE and PERCEIVED.search(key(question.text)):
        return False
    labels = question.options.values() if question.options else texts.words
    words = {re.sub(r"[^a-z].*", "", key(label)) for label in labels if label}
    return len(words & NOMENCLATURE) >= NOMENCLATURE_SIZE


def _content(export: Export, column: str, *, texts: Coded, filled: int, doubtful: np.ndarray) -> list[Detection]:
    """Look into the cells; names of persons only where an answer is not a known option, as quarters bear names."""
    plain = [key(word) if len(word) >= SHORTEST else "" for word in texts.words]
    seen: list[tuple[Rule, np.ndarray]] = [
        (rule, np.array([bool(word and rule.content.search(word)) for word in plain], dtype=bool))
        for rule in RULES
        if rule.content is not None and any(plain)
    ]
    persons = [
        names_someone(word) if odd else key(word) in FIRST_NAMES or CIVILITY.search(key(word)) is not None
        for word, odd in zip(texts.words, doubtful, strict=True)
    ]
    seen.append((_PERSONS_RULE, np.array(persons, dtype=bool)))
    counts = texts.counts()
    return [
        _by_share(export, rule, column, texts=texts, hits=hits, counts=counts, filled=filled)
        for rule, hits in seen
        if hits.any()
    ]


def _by_share(
    export: Export, rule: Rule, column: str, *, texts: Coded, hits: np.ndarray, counts: np.ndarray, filled: int
) -> Detection:
    total = int(counts[hits].sum())
    if total >= COLUMN_SHARE * filled:
        return _detection(rule, column, "contenu", total)
    return _cells(export, rule, column, mask=hits[texts.positions])


def names_someone(text: str) -> bool:
    """Say whether a text holds a first name written as one, or a title before a name.

    Examples
    --------
    >>> names_someone("avec Karim du guichet"), names_someone("M. Durand"), names_someone("une rose claire")
    (True, True, False)
    """
    if CIVILITY.search(key(text)):
        return True
    return any(
        word[:1].isupper() and len(word) > 2 and key(word) in FIRST_NAMES  # noqa: PLR2004 - shorter is a particle
        for word in _WORD.findall(text)
    )


def rare_answers(question: Question, column: str, texts: Coded) -> np.ndarray:
    """Find the answers to a closed question that are none of its options."""
    none = np.zeros(len(texts.words), dtype=bool)
    if question.kind not in (QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.YES_NO, QuestionKind.SCALE):
        return none
    if column in question.option_columns.values() or not question.options:
        return none
    known = {*question.options, *question.options.values(), *question.spellings}
    if question.separator is not None:
        listed = list(known)
        rest = [bool(split_cell(word, listed, separator=question.separator).rest) for word in texts.words]
        return np.array(rest, dtype=bool)
    return np.array([bool(word.strip()) and not _usual(word, known) for word in texts.words], dtype=bool)


def _usual(word: str, known: Iterable[str]) -> bool:
    return word in known or key(word) in COMMON_ANSWERS or non_answer(word) is not None or len(word) < SHORTEST


def _coordinate_columns(export: Export) -> set[str]:
    """Find two neighbours that hold decimal degrees of one French territory."""
    names = [name for question in export.questions for name in question.columns if question.kind in (
        QuestionKind.NUMBER, QuestionKind.TEXT, QuestionKind.SINGLE
    )]  # fmt: skip
    values = {name: _degrees(export.answers[name]) for name in names}
    found: set[str] = set()
    for left, right in itertools.pairwise(names):
        first, second = values[left], values[right]
        if first is None or second is None:
            continue
        for latitude, longitude in ((first, second), (second, first)):
            if any(_inside(latitude, longitude, box) for box in BOXES):
                found |= {left, right}
    return found


def _degrees(series: pd.Series[str]) -> np.ndarray | None:
    sample = [text.strip() for text in series[series != ""].head(200)]
    if not sample or not all(_DECIMAL.fullmatch(text) for text in sample):
        return None
    return np.array([float(text.replace(",", ".")) for text in sample])


def _inside(latitude: np.ndarray, longitude: np.ndarray, box: tuple[float, float, float, float]) -> bool:
    south, north, west, east = box
    size = min(len(latitude), len(longitude))
    inside = (latitude[:size] >= south) & (latitude[:size] <= north)
    return bool((inside & (longitude[:size] >= west) & (longitude[:size] <= east)).all())


def has_identifier(text: str) -> bool:
    """Say whether a text holds a direct identifier, whoever it belongs to.

    Examples
    --------
    >>> has_identifier("écrivez à moi@exemple.fr"), has_identifier("Le logement")
    (True, False)
    """
    plain = key(text)
    return bool(CIVILITY.search(plain)) or any(
        rule.content is not None and rule.content.search(plain) is not None for rule in RULES
    )
