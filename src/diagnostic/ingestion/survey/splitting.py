"""Several answers in one cell, taken apart by the longest known option.

A comma may stand inside an option or between two: only the list of options tells. What matches no option is
given back whole, because it is what a respondent typed beside "autre".
"""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from diagnostic.ingestion.survey.export import Question
    from diagnostic.ingestion.survey.sheet import Coded

SEEN_TWICE: Final = 2


@dataclass(frozen=True, slots=True)
class Split:
    """What one cell holds.

    Parameters
    ----------
    options
        Positions in the list of options, each once, in the order of the cell.
    rest
        Text that is no option, in its order.
    """

    options: tuple[int, ...]
    rest: tuple[str, ...]

    def __repr__(self) -> str:
        return f"Split(options={len(self.options)}, rest={len(self.rest)})"


def split_cell(cell: str, options: Sequence[str], *, separator: str) -> Split:
    """Take a multiple answer apart, the longest option first at each place.

    Parameters
    ----------
    cell
        Text of the cell.
    options
        Known labels (or codes).
    separator
        What the platform writes between two answers.

    Examples
    --------
    >>> known = ["L'origine, la couleur de peau", "La religion", "L'origine"]
    >>> split = split_cell("L'origine, la couleur de peau, Mon accent; mon nom", known, separator=", ")
    >>> split.options, split.rest
    ((0,), ('Mon accent; mon nom',))
    """
    ordered = sorted(range(len(options)), key=lambda position: -len(options[position]))
    found: list[int] = []
    rest: list[str] = []
    loose = False  # whether the last piece was no option, so that the next joins it
    at, size = 0, len(cell)
    while at < size:
        match = next((position for position in ordered if _stands(cell, options[position], at, separator)), None)
        if match is not None and match not in found:
            found.append(match)
            at += len(options[match]) + len(separator)
            loose = False
            continue
        end = cell.find(separator, at)
        end = size if end < 0 else end
        piece = cell[at:end]
        if loose:
            rest[-1] += separator + piece
        elif piece.strip():
            rest.append(piece)
            loose = True
        at = end + len(separator)
    return Split(tuple(found), tuple(text.strip() for text in rest))


def _stands(cell: str, option: str, at: int, separator: str) -> bool:
    if not option or not cell.startswith(option, at):
        return False
    end = at + len(option)
    return end == len(cell) or cell.startswith(separator, end)


def split_column(column: Coded, question: Question) -> tuple[dict[str, np.ndarray], list[tuple[str, ...]]]:
    """Take apart a column whose cells hold several answers.

    Parameters
    ----------
    column
        Distinct cells and positions.
    question
        With its options (labels, codes and other spellings are all known) and its separator.

    Returns
    -------
    tuple
        Mask of the respondents who ticked each option, by code; and, for each distinct cell, what is no option.
    """
    spellings: dict[str, str] = {}
    for code, label in question.options.items():
        spellings.setdefault(label, code)
        spellings.setdefault(code, code)
    spellings.update(question.spellings)
    known = list(spellings)
    ticked = {code: np.zeros(len(column.words), dtype=bool) for code in question.options}
    rest: list[tuple[str, ...]] = []
    for position, word in enumerate(column.words):
        split = split_cell(word, known, separator=question.separator or "\n")
        for option in split.options:
            code = spellings[known[option]]
            if code in ticked:
                ticked[code][position] = True
        rest.append(split.rest)
    if not column.words:
        return {code: np.zeros(0, dtype=bool) for code in question.options}, rest
    return {code: mask[column.positions] for code, mask in ticked.items()}, rest


def guess_options(cells: Iterable[tuple[str, int]], *, separator: str) -> list[str]:
    """Find the options of a question whose form is not at hand.

    Pieces that several respondents wrote are options; pieces never seen apart are one option with the separator
    inside. What one respondent alone wrote is not an option: it may be a personal text.

    Parameters
    ----------
    cells
        Distinct cells and how many respondents gave each.
    separator
        What stands between two answers.

    Examples
    --------
    >>> cells = [("Le sexe, L'âge, la vieillesse", 1), ("Le sexe", 2), ("L'âge, la vieillesse", 1)]
    >>> guess_options(cells, separator=", ")
    ['Le sexe', "L'âge, la vieillesse"]
    """
    rows = [(cell.split(separator), count) for cell, count in cells if cell]
    seen: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for pieces, count in rows:
        for piece in dict.fromkeys(pieces):
            seen[piece] += count
        for pair in itertools.pairwise(pieces):
            pairs[pair] += count
    glued = {left: right for (left, right), count in pairs.items() if count == seen[left] == seen[right]}
    options: dict[str, int] = {}
    for pieces, _ in rows:
        at = 0
        while at < len(pieces):
            first = at
            while at + 1 < len(pieces) and glued.get(pieces[at]) == pieces[at + 1]:
                at += 1
            option = separator.join(pieces[first : at + 1])
            options.setdefault(option, seen[pieces[first]])
            at += 1
    return [option for option, count in options.items() if count >= SEEN_TWICE and option.strip()]
