"""Delimited text as the producers publish it: separators, blanks in thousands, mark, trailing columns."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

NARROW_BLANK = "\u202f"
BLANK = "\u00a0"
_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Layout:
    r"""How one producer writes a table.

    Parameters
    ----------
    separator
        Between cells.
    decimal
        Before the decimals.
    thousands
        Between thousands, or nothing.
    mark
        Whether a byte order mark opens the file.
    width
        Number of cells of each line, the empty ones at its end included; 0 when there are none.
    final_break
        Whether the last line ends with a line break.
    quoted
        Whether names and texts stand between marks.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"CODGEO": ["QP099001"], "A": [1234.0], "TX": [24.0]})
    >>> Layout(thousands=".", width=5).render(table, decimals=lambda name: int(name == "TX"))
    b'CODGEO;A;TX;;\r\nQP099001;1.234;24,0;;\r\n'
    """

    separator: str = ";"
    decimal: str = ","
    thousands: str = ""
    mark: bool = False
    width: int = 0
    final_break: bool = True
    quoted: bool = False

    def render(
        self,
        table: pd.DataFrame,
        *,
        decimals: Callable[[str], int] = lambda _: 0,
        bare: tuple[str, ...] = (),
    ) -> bytes:
        """Write a table.

        Parameters
        ----------
        table
            Text and numbers; what is missing is written as an empty cell.
        decimals
            Number of decimals of a column.
        bare
            Columns whose whole numbers have lost their ``,0``, as a spreadsheet does when it re-saves.

        Returns
        -------
        bytes
            UTF-8 text with Windows line breaks.
        """
        columns = [
            [self._between(self._cell(value, decimals(name), bare=name in bare), value) for value in table[name]]
            for name in map(str, table.columns)
        ]
        filler = self.separator * max(0, self.width - len(columns))
        lines = [self.separator.join(self._between(name, name) for name in map(str, table.columns)) + filler]
        lines += [self.separator.join(row) + filler for row in zip(*columns, strict=True)]
        text = _MARK * self.mark + "\r\n".join(lines) + "\r\n" * self.final_break
        return text.encode("utf-8")

    def _between(self, text: str, value: object) -> str:
        """Put between marks what holds the separator, and every text where the producer does."""
        return f'"{text}"' if self.separator in text or (self.quoted and isinstance(value, str)) else text

    def _cell(self, value: str | float, decimals: int, *, bare: bool) -> str:
        """Write one value."""
        if isinstance(value, str):
            return value
        if math.isnan(value):
            return ""
        # Adding nought turns a negative nought into a positive one.
        text = f"{round(float(value), decimals) + 0.0:,.{decimals}f}"
        text = text.translate({ord(","): self.thousands, ord("."): self.decimal})
        return text.removesuffix(",0") if bare else text
