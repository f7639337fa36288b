"""Conditions under which a question is asked, as LimeSurvey and XLSForm write them.

Only what can be decided from the answers is understood; any other condition gives ``None``, never a guess.
The value of an unanswered question is the empty text, as on both platforms.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ALWAYS: Final = frozenset({"", "1", "true()", "true"})
_TOKEN = re.compile(r"""
    \s*(?:
      (?P<text>"[^"]*"|'[^']*')
    | (?P<number>\d+(?:\.\d+)?)
    | \$\{(?P<field>[^{}]+)\}
    | (?P<name>[A-Za-z_][\w.]*(?:-[a-z]\w*)*)
    | (?P<sign>==|!=|<=|>=|&&|\|\||[=<>!(),])
    )""", re.VERBOSE)  # fmt: skip
_SUFFIX = re.compile(r"\.(?:NAOK|value|valueNAOK|code)$")
_WORDS: Final = {"and": "&&", "or": "||", "eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">="}
_FLIPPED: Final = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


@dataclass(frozen=True, slots=True, eq=False)
class Operand:
    """The answers to one question, as few distinct texts and the position of each respondent's.

    Parameters
    ----------
    words
        Distinct answers, codes where the form has codes.
    positions
        Position in ``words``, one a respondent.
    ticks
        Option code to mask, for a multiple choice.
    """

    words: tuple[str, ...]
    positions: np.ndarray
    ticks: Mapping[str, np.ndarray] | None = None

    def where(self, test: Callable[[str], bool]) -> np.ndarray:
        """Give the mask of the respondents whose answer passes a test."""
        passed = np.fromiter((test(word) for word in self.words), dtype=bool, count=len(self.words))
        return passed[self.positions] if len(self.words) else np.zeros(len(self.positions), dtype=bool)


class _UndecidedError(Exception):
    """The condition uses what the answers do not tell."""


def asked(condition: str, find: Callable[[str], Operand | None], *, rows: int) -> np.ndarray | None:
    """Say whom a question was asked, from its condition.

    Parameters
    ----------
    condition
        ``relevance`` of a ``.lss`` or ``relevant`` of an XLSForm.
    find
        Gives the answers to a question by its name, or ``None``.
    rows
        Number of respondents.

    Returns
    -------
    numpy.ndarray or None
        Boolean mask; ``None`` when the condition cannot be decided from the answers.

    Examples
    --------
    >>> freq = Operand(("often", "never", ""), np.array([0, 1, 2]))
    >>> asked("${freq}='often' or ${freq}='sometimes'", {"freq": freq}.get, rows=3).tolist()
    [True, False, False]
    >>> asked('((freq.NAOK == "never"))', {"freq": freq}.get, rows=3).tolist()
    [False, True, False]
    >>> asked("pulldata('x', 'y') = 1", {"freq": freq}.get, rows=3) is None
    True
    """
    if condition.strip() in ALWAYS:
        return np.ones(rows, dtype=bool)
    try:
        return _Reader(_tokens(condition), find, rows).whole()
    except _UndecidedError:
        return None


def _tokens(condition: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    at = 0
    text = condition.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise _UndecidedError
        kind, value = match.lastgroup, match[match.lastgroup]
        if kind == "name" and value.lower() in _WORDS:
            kind, value = "sign", _WORDS[value.lower()]
        tokens.append((kind, value[1:-1] if kind == "text" else value))
        at = match.end()
    return tokens


class _Reader:
    """Recursive descent over the tokens, one mask a sub-condition."""

    def __init__(self, tokens: list[tuple[str, str]], find: Callable[[str], Operand | None], rows: int) -> None:
        self._tokens = tokens
        self._find = find
        self._rows = rows
        self._at = 0

    def whole(self) -> np.ndarray:
        mask = self._either()
        if self._at != len(self._tokens):
            raise _UndecidedError
        return mask

    def _next(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise _UndecidedError
        self._at += 1
        return self._tokens[self._at - 1]

    def _sees(self, *signs: str) -> str | None:
        if self._at < len(self._tokens):
            kind, value = self._tokens[self._at]
            if kind == "sign" and value in signs:
                self._at += 1
                return value
        return None

    def _need(self, sign: str) -> None:
        if self._sees(sign) is None:
            raise _UndecidedError

    def _either(self) -> np.ndarray:
        mask = self._both()
        while self._sees("||"):
            mask = mask | self._both()
        return mask

    def _both(self) -> np.ndarray:
        mask = self._one()
        while self._sees("&&"):
            mask = mask & self._one()
        return mask

    def _one(self) -> np.ndarray:
        if self._sees("!"):
            return ~self._one()
        if self._sees("("):
            mask = self._either()
            self._need(")")
            return mask
        kind, value = self._next()
        if kind == "name" and self._sees("("):
            return self._call(value)
        return self._comparison(kind, value)

    def _call(self, name: str) -> np.ndarray:
        if name == "not":
            mask = ~self._either()
            self._need(")")
            return mask
        if name in ("true", "false"):
            self._need(")")
            return np.full(self._rows, name == "true")
        operand = self._operand(*self._next())
        if name == "selected":
            self._need(",")
            _, option = self._next()
            self._need(")")
            return _ticked(operand, option)
        self._need(")")
        if name == "is_empty":
            return operand.where(lambda word: not word)
        if name in ("count-selected", "count") and operand.ticks is not None:
            return self._count(operand)
        raise _UndecidedError

    def _count(self, operand: Operand) -> np.ndarray:
        total = np.sum(list((operand.ticks or {}).values()), axis=0, dtype=int)
        sign = self._sees("==", "=", "!=", "<", ">", "<=", ">=")
        kind, value = self._next()
        if sign is None or kind not in ("number", "text"):
            raise _UndecidedError
        return _compare_numbers(np.broadcast_to(total, self._rows).astype(float), sign, float(value))

    def _comparison(self, kind: str, value: str) -> np.ndarray:
        sign = self._sees("==", "=", "!=", "<", ">", "<=", ">=")
        if sign is None:
            raise _UndecidedError
        other_kind, other = self._next()
        if kind in ("text", "number"):
            kind, value, other_kind, other = other_kind, other, kind, value
            sign = _FLIPPED.get(sign, sign)
        if other_kind not in ("text", "number"):
            raise _UndecidedError
        return _compare(self._operand(kind, value), sign, other)

    def _operand(self, kind: str, value: str) -> Operand:
        if kind not in ("field", "name"):
            raise _UndecidedError
        found = self._find(_SUFFIX.sub("", value.strip()))
        if found is None:
            raise _UndecidedError
        return found


def _ticked(operand: Operand, option: str) -> np.ndarray:
    if operand.ticks is None:
        return operand.where(lambda word: option in word.split(" "))
    if option not in operand.ticks:
        raise _UndecidedError
    return operand.ticks[option]


def _compare(operand: Operand, sign: str, literal: str) -> np.ndarray:
    if operand.ticks is not None:
        raise _UndecidedError
    number = _number(literal)
    if sign in ("==", "=", "!="):
        same = operand.where(
            lambda word: word == literal or (number is not None and _number(word) == number)
        )  # fmt: skip
        return ~same if sign == "!=" else same
    if number is None:
        raise _UndecidedError
    values = np.array([np.nan if (value := _number(word)) is None else value for word in operand.words])
    return _compare_numbers(values[operand.positions], sign, number)


def _compare_numbers(values: np.ndarray, sign: str, number: float) -> np.ndarray:
    tests = {
        "==": np.equal, "=": np.equal, "!=": np.not_equal, "<": np.less, ">": np.greater, "<=": np.less_equal,
        ">=": np.greater_equal,
    }  # fmt: skip
    mask: np.ndarray = tests[sign](values, number)
    return mask


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None
