"""The legend of a map: classes with their limits, comparators as ticks, a box for each absence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from diagnostic.formatting import NBSP, enumeration, number, quantity, typographic
from diagnostic.publication.figures.cells import WEAK, mark
from diagnostic.publication.figures.classes import written
from diagnostic.publication.figures.lettering import shorten
from diagnostic.publication.figures.lettering import width as measured
from diagnostic.publication.figures.marks import ALWAYS, LEGEND_LABELS, class_style, legend_box
from diagnostic.publication.figures.theme import ACCENT, GREY, PAPER, SMALL, Box
from diagnostic.vocabulary import UNIT_LABELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from diagnostic.publication.figures.cells import Cell
    from diagnostic.publication.figures.classes import Classes
    from diagnostic.publication.figures.theme import Sheet

BAR: Final = 62.0
TICKS: Final = 2
_TICK: Final = 2.9
_THICK: Final = 3.2
_ROW: Final = 4.2


@dataclass(frozen=True, slots=True)
class Comparator:
    r"""A value drawn as a tick on the legend, or a band where it differs a little between places.

    Parameters
    ----------
    label
        Its printed name.
    value
        The value, or the least of them.
    high
        The greatest, ``None`` where there is one value only.

    Examples
    --------
    >>> Comparator("région", 12.0).text("percent").replace("\u00a0", " ")
    'région : 12,0 %'
    """

    label: str
    value: float
    high: float | None = None

    def text(self, unit: str) -> str:
        """Write the name and the value."""
        most = "" if self.high is None else quantity(self.high, unit)
        least = quantity(self.value, unit)
        amount = f"de {least} à {most}" if most and most != least else least
        return typographic(f"{self.label} : {amount}")


@dataclass(frozen=True, slots=True)
class Legend:
    """What the colours and marks of a map mean.

    Parameters
    ----------
    levels
        Classes of the values.
    unit
        Unit of the values.
    shown
        One cell a place, for the counts of the marks.
    comparators
        Values to place on the bar; two at most are drawn.
    width
        Room, in millimetres.
    """

    levels: Classes
    unit: str
    shown: Sequence[Cell]
    comparators: Sequence[Comparator]
    width: float

    @property
    def ticks(self) -> list[Comparator]:
        """Comparators that are drawn, by value; none on an empty bar."""
        return sorted(self.comparators[:TICKS], key=lambda one: one.value) if len(self.levels) else []

    @property
    def bar(self) -> float:
        """Ordinate of the bar under the top of the legend."""
        return 1.2 + _TICK * len(self.ticks)

    @property
    def height(self) -> float:
        """Height of it all, in millimetres."""
        return self._marks_top + self.marks_height

    @property
    def marks_height(self) -> float:
        """Height of the boxes of the marks."""
        return _ROW * len(self._rows())

    @property
    def _marks_top(self) -> float:
        return self.bar + _THICK + 7.2

    def draw(self, sheet: Sheet, x: float, y: float) -> None:
        """Draw it from its upper left corner."""
        if len(self.levels):
            bar = Box(x + 0.3, y + self.bar, min(BAR, self.width - 8), _THICK)
            self._draw_bar(sheet, bar, room=x + self.width)
        else:
            sheet.text(x, y + self.bar + 3, "Aucune valeur publiée.", size=SMALL, colour=GREY, gid="legend-empty")
        self.draw_marks(sheet, x, y + self._marks_top)

    def draw_marks(self, sheet: Sheet, x: float, y: float) -> None:
        """Draw only the boxes of the marks."""
        for rank, row in enumerate(self._rows()):
            left = x + 0.4
            for kind, text in row:
                foot = y + 2.6 + _ROW * rank
                legend_box(sheet, Box(left, foot - 2.3, 4.4, 2.8), kind)
                sheet.text(left + 5.6, foot, text, size=SMALL, gid=f"legend-label-{kind}")
                left += 5.6 + measured(text, SMALL) + 4

    def _draw_bar(self, sheet: Sheet, bar: Box, *, room: float) -> None:
        count, foot = len(self.levels), bar.bottom + 2.9
        step = bar.width / count
        for rank in range(count):
            sheet.rectangle(
                Box(bar.x + rank * step, bar.y, step, bar.height), gid=f"class-{rank}", **class_style(rank, count)
            )
        for rank, text in enumerate(written(self.levels.limits, self.unit)):
            align = "left" if rank == 0 else "right" if rank == count else "center"
            sheet.text(bar.x + rank * step, foot, text, size=SMALL, align=align, gid=f"class-limit-{rank}")
        sheet.text(
            bar.right + 1.7, foot, UNIT_LABELS.get(self.unit, ""), size=SMALL, colour=GREY, gid="class-unit"
        )
        sheet.text(bar.x, foot + 3.1, self.levels.rule(), size=SMALL - 0.5, colour=GREY, gid="legend-rule")
        for row, one in enumerate(self.ticks):
            self._draw_tick(sheet, bar, one, lift=_TICK * (len(self.ticks) - 1 - row), room=room)

    def _draw_tick(self, sheet: Sheet, bar: Box, one: Comparator, *, lift: float, room: float) -> None:
        x = bar.x + bar.width * along(self.levels, one.value)
        far = bar.x + bar.width * along(self.levels, one.value if one.high is None else one.high)
        y = bar.y - 1.5 - lift
        outside = not self.levels.limits[0] <= one.value <= self.levels.limits[-1]
        text = shorten(
            f"{one.text(self.unit)}{' (hors échelle)' if outside else ''}",
            room - bar.x,
            size=SMALL,
        )
        if far - x > 1:
            band = Box(x, bar.y - 0.6, far - x, 0.6)
            sheet.rectangle(band, facecolor=ACCENT, edgecolor="none", gid="comparator-band")
        wide = measured(text, SMALL)
        start = _beside(x, wide, low=bar.x, high=room)
        top = y + 0.9 if start < x < start + wide else y - 1.6  # a tick never strikes its own words
        sheet.line([x, x], [top, bar.bottom + 0.4], colour=ACCENT, width=1.2, gid="comparator-tick")
        if start < x:  # another tick may stand there
            sheet.rectangle(
                Box(start, y - 2.0, wide, 2.8), facecolor=PAPER, edgecolor="none", gid="comparator-back"
            )
        sheet.text(start, y + 0.2, text, size=SMALL, colour=ACCENT, gid="comparator-label")

    def _rows(self) -> list[list[tuple[str, str]]]:
        """Break the boxes of the marks into rows that fit."""
        counts = {kind: sum(cell.kind == kind for cell in self.shown) for kind in (*ALWAYS, WEAK)}
        rows: list[list[tuple[str, str]]] = [[]]
        used = 0.0
        for kind in (kind for kind in counts if kind in ALWAYS or counts[kind]):
            count = number(counts[kind]) if counts[kind] else "aucun"
            text = f"{LEGEND_LABELS[kind]} ({mark(kind)}){NBSP}: {count}"
            room = 5.6 + measured(text, SMALL) + 4
            if rows[-1] and used + room - 4 > self.width:
                rows.append([])
                used = 0.0
            rows[-1].append((kind, text))
            used += room
        return rows


def _beside(x: float, wide: float, *, low: float, high: float) -> float:
    """Give where words begin: right of their tick, else left of it, else over it."""
    if x + 1.0 + wide <= high:
        return x + 1.0
    return x - 1.0 - wide if x - 1.0 - wide >= low else high - wide


def along(levels: Classes, value: float) -> float:
    """Place a value on a bar whose classes have equal lengths, 0 to 1.

    Examples
    --------
    >>> from diagnostic.publication.figures.classes import Classes
    >>> along(Classes((0, 10, 100)), 55)
    0.75
    """
    inside = float(np.clip(value, levels.limits[0], levels.limits[-1]))
    rank = levels.of(inside)
    low, high = levels.limits[rank], levels.limits[rank + 1]
    return (rank + (inside - low) / (high - low)) / len(levels)


def absences(shown: Sequence[Cell]) -> str:
    """Count the places without a written value by reason, in words; nothing where there is none.

    Examples
    --------
    >>> from diagnostic.publication.figures.cells import Cell
    >>> absences([Cell("suppressed", None, None, None, "percent")]).replace("\u00a0", " ")
    'Sans valeur écrite, secret statistique : 1.'
    """
    found = [
        f"{LEGEND_LABELS[kind]}{NBSP}: {number(count)}"
        for kind in (*ALWAYS, WEAK)
        if (count := sum(cell.kind == kind for cell in shown))
    ]
    return f"Sans valeur écrite, {enumeration(found)}." if found else ""
