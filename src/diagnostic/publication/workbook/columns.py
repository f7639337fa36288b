"""What a sheet is: a table, its columns, what each means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from diagnostic.analysis.disclosure.public import PublicTables


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet.

    Parameters
    ----------
    name
        Column of the table.
    title, meaning
        What it is called and what it means, in French.
    words
        French word of each code.
    marked
        Whether an empty cell carries the mark that says why, instead of nothing.
    """

    name: str
    title: str
    meaning: str
    words: Mapping[Any, str] | None = None
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of the workbook.

    Parameters
    ----------
    title
        Its tab.
    file
        Name of the same table among the open data, without its ending.
    table
        What it shows of the public tables.
    columns
        From left to right.
    optional
        Whether it is left out when its table is empty.
    """

    title: str
    file: str
    table: Callable[[PublicTables], pd.DataFrame]
    columns: tuple[Column, ...]
    optional: bool = False
