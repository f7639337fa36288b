"""A horizontal scale in millimetres of paper, with its graduations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from diagnostic.formatting import number
from diagnostic.publication.figures.classes import ticks
from diagnostic.publication.figures.theme import GREY, HAIR, INK, SMALL, Box, Sheet
from diagnostic.vocabulary import UNIT_LABELS

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Scale:
    """Values on the width of a box.

    Parameters
    ----------
    box
        Room of the plot.
    marks
        Graduations, increasing; the first and the last are the ends.

    Examples
    --------
    >>> Scale(Box(10, 0, 100, 50), (0.0, 50.0, 100.0)).x(25)
    35.0
    """

    box: Box
    marks: tuple[float, ...]

    @classmethod
    def over(cls, values: Sequence[float], box: Box) -> Scale:
        """Choose round graduations that cover values."""
        return cls(box, tuple(ticks(min(values), max(values))))

    def x(self, value: float) -> float:
        """Give the abscissa of a value on the sheet."""
        low, high = self.marks[0], self.marks[-1]
        return self.box.x + self.box.width * (value - low) / (high - low)

    def draw(self, sheet: Sheet, unit: str, *, zero: bool = False) -> None:
        """Draw graduations and their values below the box."""
        decimals = 0 if all(float(mark).is_integer() for mark in self.marks) else 1
        if any(round(mark, 1) != mark for mark in self.marks):
            decimals = 2
        for mark in self.marks:
            x = self.x(mark)
            strong = zero and mark == 0
            sheet.line(
                [x, x], [self.box.y, self.box.bottom], colour=INK if strong else HAIR,
                width=0.9 if strong else 0.5, gid="zero" if strong else "grid",
            )  # fmt: skip
            sheet.text(
                x, self.box.bottom + 3, number(mark, decimals, signed=zero), size=SMALL, colour=GREY,
                align="center", gid="tick",
            )  # fmt: skip
        label = UNIT_LABELS.get(unit, "")
        if label:
            sheet.text(self.box.right + 6, self.box.bottom + 3, label, size=SMALL, colour=GREY, gid="unit")
