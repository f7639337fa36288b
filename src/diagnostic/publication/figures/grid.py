"""Rows and columns of labelled cells, on millimetres of paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from diagnostic.errors import Fault, InputError
from diagnostic.formatting import typographic
from diagnostic.publication.figures.lettering import shorten, wrap
from diagnostic.publication.figures.lettering import width as measured
from diagnostic.publication.figures.theme import HAIR, SMALL, Box, leading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from diagnostic.publication.figures.theme import Sheet

NAMES: Final = 46.0
SIZE: Final = 7.5
_NARROW: Final = 15.0  # millimetres: in narrower columns the heads stand upright
_WIDEST: Final = 24.0
_LEAST: Final = 4.4
_UPRIGHT: Final = 34.0
_STEP: Final = leading(SIZE) * 0.92


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of cells laid out.

    Parameters
    ----------
    rows, columns
        Labels, in order.
    step
        Width of a column, in millimetres.
    head
        Height of the columns' labels.
    tops, heights
        Of the rows, under the head.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    step: float
    head: float
    tops: tuple[float, ...]
    heights: tuple[float, ...]

    @classmethod
    def over(cls, rows: Sequence[str], columns: Sequence[str], *, width: float, least: float) -> Grid:
        """Lay out cells on a width; rows are at least so high.

        Raises
        ------
        InputError
            When there are more columns than the width can show.

        Examples
        --------
        >>> grid = Grid.over(["a", "b"], ["x"], width=100, least=6)
        >>> grid.height > 12, grid.cell(1, 0, 0, 0).y > grid.cell(0, 0, 0, 0).y
        (True, True)
        """
        step = min((width - NAMES) / len(columns), _WIDEST)
        if step < _LEAST:
            raise InputError(
                Fault("trop de colonnes pour la largeur", expected=f"{int((width - NAMES) / _LEAST)} au plus",
                      found=str(len(columns)), remedy="regroupez les domaines, ou prenez une affiche")
            )  # fmt: skip
        named = [typographic(column) for column in columns]
        if step < _NARROW:
            head = min(max(measured(name, SMALL) for name in named), _UPRIGHT) + 2
        else:
            head = max(len(wrap(name, step - 1, size=SMALL, most=3)) for name in named) * leading(SMALL) + 1.5
        heights = [
            max(least, len(wrap(typographic(row), NAMES - 2, size=SIZE, most=2)) * _STEP + 1.4) for row in rows
        ]
        tops = [sum(heights[:rank]) for rank in range(len(heights))]
        return cls(tuple(rows), tuple(columns), step, head, tuple(tops), tuple(heights))

    @property
    def height(self) -> float:
        """Height of head and rows."""
        return self.head + sum(self.heights)

    def cell(self, row: int, column: int, x: float, y: float) -> Box:
        """Give a cell of the grid whose upper left corner is ``x, y``."""
        return Box(x + NAMES + column * self.step, y + self.head + self.tops[row], self.step, self.heights[row])

    def draw(self, sheet: Sheet, x: float, y: float) -> None:
        """Write the labels and the hairlines."""
        for rank, name in enumerate(typographic(one) for one in self.columns):
            middle = x + NAMES + (rank + 0.5) * self.step
            if self.step < _NARROW:
                text = shorten(name, _UPRIGHT, size=SMALL)
                sheet.text(middle + 0.9, y + self.head - 1.2, text, size=SMALL, turn=90, gid=f"column-{rank}")
                continue
            lines = wrap(name, self.step - 1, size=SMALL, most=3)
            for row, line in enumerate(lines):
                low = y + self.head - 1.4 - (len(lines) - 1 - row) * leading(SMALL)
                sheet.text(middle, low, line, size=SMALL, align="center", gid=f"column-{rank}-{row}")
        right = x + NAMES + self.step * len(self.columns)
        for rank, name in enumerate(typographic(one) for one in self.rows):
            top = y + self.head + self.tops[rank]
            sheet.line([x, right], [top, top], colour=HAIR, width=0.35, gid="rule")
            lines = wrap(name, NAMES - 2, size=SIZE, most=2)
            first = top + self.heights[rank] / 2 - len(lines) * _STEP / 2 + _STEP * 0.78
            for row, line in enumerate(lines):
                sheet.text(x, first + row * _STEP, line, size=SIZE, gid=f"row-{rank}-{row}")
