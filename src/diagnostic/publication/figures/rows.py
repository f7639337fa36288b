"""Rows of a chart: one neighbourhood each, its number and short name on the left."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from diagnostic.formatting import typographic
from diagnostic.publication.figures.cells import label
from diagnostic.publication.figures.lettering import width, wrap
from diagnostic.publication.figures.theme import BLUE, GREY, HAIR, Sheet, leading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from diagnostic.publication.figures.cells import Cell
    from diagnostic.publication.figures.ground import Place

SIZE: Final = 7.5
NAMES: Final = 50.0
NUMBER: Final = 6.0
PADDING: Final = 1.5
TIGHT: Final = 0.5  # of a long list: two charts of 26 neighbourhoods, or one and its table, fit on a page
DENSE: Final = 16
_MARGIN: Final = 1.2


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its place, its lines of text, and where it lies."""

    place: Place
    lines: tuple[str, ...]
    top: float
    height: float

    @property
    def middle(self) -> float:
        """Ordinate of the row's centre."""
        return self.top + self.height / 2


def ordered(places: Sequence[Place], cells: Mapping[str, Cell], *, by_value: bool) -> list[Place]:
    """Put places in list order, or by value with those without a written value last.

    Examples
    --------
    >>> ordered([], {}, by_value=True)
    []
    """
    if not by_value:
        return list(places)

    def key(place: Place) -> tuple[bool, float, int]:
        cell = cells[place.code]
        return not cell.written, cell.value or 0.0 if cell.written else 0.0, place.number

    return sorted(places, key=key)


def layout(places: Sequence[Place]) -> list[Row]:
    """Stack the rows from 0, each as high as its name."""
    rows, top = [], 0.0
    dense = len(places) > DENSE
    most = 1 if dense else 3  # the full names stand in the report's list
    for place in places:
        lines = tuple(wrap(typographic(place.name), NAMES - NUMBER - 1, size=SIZE, most=most))
        height = leading(SIZE) * 0.92 * len(lines) + (TIGHT if dense else PADDING)
        rows.append(Row(place, lines, top, height))
        top += height
    return rows


def draw_name(sheet: Sheet, row: Row, *, x: float, right: float, top: float) -> None:
    """Write the number and name of a row, and the hairline above it."""
    sheet.line([x, right], [top + row.top] * 2, colour=HAIR, width=0.35, gid="rule")
    step = leading(SIZE) * 0.92
    first = top + row.middle - step * len(row.lines) / 2 + step * 0.78
    sheet.text(
        x + NUMBER - 1.6, first, str(row.place.number), size=SIZE, weight="semibold", colour=BLUE, align="right"
    )
    for rank, line in enumerate(row.lines):
        sheet.text(x + NUMBER, first + rank * step, line, size=SIZE, gid=f"name-{row.place.code}-{rank}")


def draw_absence(sheet: Sheet, row: Row, cell: Cell, *, x: float, top: float, room: float = math.inf) -> None:
    """Name what cannot be shown, in the place of the mark; without its parenthesis where the room is short."""
    words = label(cell.kind)
    if width(words, SIZE) > room - _MARGIN:
        words = words.split(" (")[0]
    sheet.text(
        x + _MARGIN, top + row.middle + 0.9, words, size=SIZE, colour=GREY, italic=True,
        gid=f"absent-{row.place.code}",
    )  # fmt: skip
