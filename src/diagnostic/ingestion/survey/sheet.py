"""Columns of an export under names of their own, each looked at once however many rows it has."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from diagnostic.errors import InputError

# A title with one of these is an answer: quoting it in a message would leak it.
TITLE_IS_DATA = re.compile(r"\S@\S+\.\w|(?<!\d)\d{1,3}(?:\.\d{1,3}){3}(?!\d)|(?:\+33|0)[1-9](?:[ .-]?\d\d){4}")

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from diagnostic.ingestion.survey.rows import Cells


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """A column as its distinct texts and the position of each row's."""

    words: tuple[str, ...]
    positions: np.ndarray

    def __repr__(self) -> str:
        return f"Coded(rows={len(self.positions)}, words={len(self.words)})"

    def texts(self) -> pa.Array:
        """Give the column back, one text a row."""
        return pa.array(self.words, pa.large_string()).take(pa.array(self.positions))

    def counts(self) -> np.ndarray:
        """Count the rows of each word."""
        counted: np.ndarray = np.bincount(self.positions, minlength=len(self.words))
        return counted

    def has(self, word: str) -> np.ndarray:
        """Give the mask of the rows that hold a word."""
        mask: np.ndarray = self.positions == (self.words.index(word) if word in self.words else -1)
        return mask


def coded(column: pa.Array) -> Coded:
    """Count the distinct texts of a column once, so that each is looked at once.

    Examples
    --------
    >>> coded(pa.array(["Y", "", "Y"], pa.large_string())).words
    ('Y', '')
    """
    encoded = column.dictionary_encode()
    words = tuple(str(word) for word in encoded.dictionary.to_pylist())
    return Coded(words, np.asarray(encoded.indices))


def coded_series(series: pd.Series[str]) -> Coded:
    """Do the same for a column of an export."""
    return coded(pa.array(series, type=pa.large_string(), from_pandas=True).fill_null(""))


def coded_words(words: Sequence[str], positions: np.ndarray) -> Coded:
    """Make a column of texts that may repeat themselves, each kept once."""
    encoded = pa.array(words, pa.large_string()).dictionary_encode()
    places = np.asarray(encoded.indices)
    return Coded(tuple(str(word) for word in encoded.dictionary.to_pylist()), places[positions])


def text_array(texts: Sequence[str]) -> pa.Array:
    """Make a column of texts, one a row."""
    return pa.array(texts, pa.large_string())


class Sheet:
    """Columns by their final names, each coded once and only if somebody looks.

    Parameters
    ----------
    cells
        What was read.
    names
        Name of each column; unique.
    """

    def __init__(self, cells: Cells, names: Sequence[str]) -> None:
        self.cells = cells
        self.names = tuple(names)
        self._arrays = dict(zip(names, cells.columns, strict=True))
        self._coded: dict[str, Coded] = {}

    def __repr__(self) -> str:
        return f"Sheet({self.cells.file!r}, columns={len(self.names)})"

    @property
    def rows(self) -> int:
        """Number of respondents."""
        return len(self.cells.lines)

    def __getitem__(self, name: str) -> Coded:
        if name not in self._coded:
            self._coded[name] = coded(self._arrays[name])
        return self._coded[name]

    def rewrite(self, name: str, words: Sequence[str]) -> None:
        """Put other texts in the place of the distinct ones of a column, as when a mask is taken off."""
        column = coded_words(words, self[name].positions)
        self._arrays[name] = column.texts()
        self._coded[name] = column

    def frame(self) -> pd.DataFrame:
        """Give the answers as text columns indexed by line."""
        frame: pd.DataFrame = pa.table(list(self._arrays.values()), names=list(self.names)).to_pandas()
        return frame.set_axis(self.cells.lines, axis=0)


def column_names(cells: Cells, titles: Sequence[str], *, unique: bool) -> tuple[tuple[str, ...], list[str]]:
    """Give every column a name of its own.

    Parameters
    ----------
    cells
        The sheet, for the message.
    titles
        As published, possibly empty or repeated.
    unique
        Whether a repeated title is a fault (codes) or merely numbered (wordings).

    Returns
    -------
    tuple
        Names, and French notes.

    Raises
    ------
    InputError
        When codes stand twice, or the titles are answers (a file without its first line).
    """
    personal = [position for position, title in enumerate(titles, start=1) if TITLE_IS_DATA.search(title)]
    if personal:
        raise InputError(cells.fault(
            "la première ligne contient des données personnelles\u00a0: ce n’est pas une ligne de titres", line=1,
            column=f"n° {personal[0]}", expected="les titres des questions",
            found=f"{len(personal)} cellule(s) en forme d’adresse électronique, d’adresse IP ou de téléphone",
            remedy="exportez de nouveau l’enquête avec sa ligne de titres",
        ))  # fmt: skip
    named = [title or f"(sans titre {position})" for position, title in enumerate(titles, start=1)]
    twice = sorted({name for name in named if named.count(name) > 1})
    if twice and unique:
        raise InputError([
            cells.fault(
                "code de question présent deux fois", line=1, column=name, expected="un code par colonne",
                found="colonnes " + ", ".join(str(at + 1) for at, other in enumerate(named) if other == name),
                remedy="renommez l’une des deux questions dans le questionnaire, puis exportez de nouveau",
            )
            for name in twice
        ])  # fmt: skip
    names: list[str] = []
    for name in named:
        other, rank = name, 1
        while other in names:
            rank += 1
            other = f"{name} ({rank})"
        names.append(other)
    notes = [
        f"Le titre «\u00a0{name}\u00a0» est porté par plusieurs colonnes\u00a0: elles sont numérotées."
        for name in twice
    ]
    blank = len(named) - sum(bool(title) for title in titles)
    if blank:
        notes.append(f"{blank} colonne(s) sans titre, gardée(s) sous le nom «\u00a0(sans titre n)\u00a0».")
    return tuple(names), notes
