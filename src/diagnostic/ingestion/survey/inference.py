"""What a column looks like when no form describes it: closed answers, a number, a date, or free text.

An answer given once is never proposed as an option, unless it is a word of every questionnaire: options are
printed in codebooks, and what one person alone wrote may be personal.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from diagnostic.ingestion.survey.export import Question, QuestionKind
from diagnostic.ingestion.survey.splitting import SEEN_TWICE, guess_options
from diagnostic.ingestion.survey.wording import COMMON_ANSWERS, key, non_answer

if TYPE_CHECKING:
    from diagnostic.ingestion.survey.sheet import Coded

MAX_OPTIONS: Final = 40
MAX_OPTION_LENGTH: Final = 150
REPEATED_SHARE: Final = 0.8
MULTIPLE_SHARE: Final = 0.1
_NUMBER = re.compile(r"[+-]?\d{1,9}(?:[.,]\d+)?")
_DATE = re.compile(
    r"(?:\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}[-/]\d{1,2}[-/]\d{2,4})(?:[ T-]+\d{1,2}:\d{2}.*)?"
)  # fmt: skip
_CODE = re.compile(r"-oth-|[A-Z]{1,3}\d{1,4}[A-Z]?\d?")
_YES_NO = ({"oui", "non"}, {"yes", "no"}, {"y", "n"})


def infer_kind(column: Coded) -> QuestionKind:
    """Guess what kind of question a column answers.

    Parameters
    ----------
    column
        Distinct texts and their positions.
    """
    filled = [word for word in column.words if word.strip()]
    if not filled:
        return QuestionKind.TEXT
    keys = {key(word) for word in filled} - {"n/a"}
    if any(keys <= pair for pair in _YES_NO):
        return QuestionKind.YES_NO
    if all(_NUMBER.fullmatch(word.strip()) for word in filled):
        return QuestionKind.NUMBER
    if all(_DATE.fullmatch(word.strip()) for word in filled):
        return QuestionKind.DATE
    return QuestionKind.SINGLE if _closed(column) else QuestionKind.TEXT


def _closed(column: Coded) -> bool:
    counts = column.counts()
    pairs = [(word, int(count)) for word, count in zip(column.words, counts, strict=True) if word.strip()]
    common = sum(count for word, count in pairs if is_option(word, count))
    total = sum(count for _, count in pairs)
    options = [word for word, count in pairs if is_option(word, count)]
    return bool(options) and len(options) <= MAX_OPTIONS and common >= REPEATED_SHARE * total


def is_option(word: str, count: int) -> bool:
    """Say whether a text may be shown as an option of a closed question."""
    if len(word) > MAX_OPTION_LENGTH:
        return False
    return count >= SEEN_TWICE or key(word) in COMMON_ANSWERS or bool(non_answer(word) or _CODE.fullmatch(word))


def infer_question(title: str, column: Coded, *, separator: str | None = None) -> Question:
    """Describe the question of one column from its answers alone.

    Parameters
    ----------
    title
        Title and name of the column.
    column
        Distinct texts and their positions.
    separator
        What the platform writes between several answers in a cell, where it may do so.
    """
    kind = infer_kind(column)
    pairs = [
        (word, int(count)) for word, count in zip(column.words, column.counts(), strict=True) if word.strip()
    ]  # fmt: skip
    if separator is not None and kind in (QuestionKind.TEXT, QuestionKind.SINGLE):
        options = guess_options(pairs, separator=separator)
        several = sum(count for word, count in pairs if _holds_two(word, options, separator))
        if len(options) > 1 and several >= MULTIPLE_SHARE * sum(count for _, count in pairs):
            shown = [option for option in options if len(option) <= MAX_OPTION_LENGTH]
            return Question(
                title, title, QuestionKind.MULTIPLE, {option: option for option in shown}, (title,),
                separator=separator,
            )  # fmt: skip
    options = [word for word, count in pairs if is_option(word, count)]
    closed = kind in (QuestionKind.SINGLE, QuestionKind.YES_NO)
    return Question(title, title, kind, {word: word for word in options} if closed else {}, (title,))


def _holds_two(word: str, options: list[str], separator: str) -> bool:
    known = set(options)
    if word in known:
        return False
    return sum(piece in known for piece in word.split(separator)) >= SEEN_TWICE or (
        separator in word and any(word.startswith(option + separator) for option in known)
    )
