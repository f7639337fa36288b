"""Criteria that add up: how many people cite each combination, and which criteria it holds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, cast

from diagnostic.formatting import NBSP, enumeration, plural, quantity, typographic
from diagnostic.publication.figures.caption import NO_COMPARISON, Caption, counted, sheet_for
from diagnostic.publication.figures.cells import Cell, mark, read
from diagnostic.publication.figures.classes import Classes
from diagnostic.publication.figures.legend import Legend, absences
from diagnostic.publication.figures.lettering import wrap
from diagnostic.publication.figures.marks import style
from diagnostic.publication.figures.registry import FIGURES, FigureKind
from diagnostic.publication.figures.tables import require
from diagnostic.publication.figures.theme import BLUE, GREY, GROUND, HAIR, INK, PAPER, SMALL, Box, leading

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from matplotlib.figure import Figure

    from diagnostic.publication.figures.theme import Sheet

MOST: Final = 16
NAMES: Final = 52.0
BARS: Final = 42.0
SIZE: Final = 7.5
_WIDEST: Final = 9.0
_STUB: Final = 5.0  # height of a hidden combination's hatched bar, the same whatever it hides
_STEP: Final = leading(SIZE) * 0.92
_NAME: Final = "critères cumulés"


@dataclass(frozen=True, slots=True)
class _Reading:
    """Combinations as drawn, their criteria in order, how many are left out."""

    criteria: tuple[str, ...]
    combinations: tuple[tuple[tuple[str, ...], Cell], ...]
    left: int


def upset(values: pd.DataFrame, *, unit: str, caption: Caption) -> Figure:
    """Draw the combinations of criteria that people cite.

    Parameters
    ----------
    values
        Columns ``criteria`` (a list, or names separated by ``|``), ``value``; ``status``, ``reliability``, ``n``
        where they exist. One row a combination; a person stands in one only.
    unit
        Unit of the values (``"persons"``, ``"percent"``).
    caption
        Words around the chart.

    Returns
    -------
    matplotlib.figure.Figure
        A bar a combination, largest first, its criteria as joined dots; hidden ones last, all of one height. At
        most sixteen: the others are counted.

    Raises
    ------
    InputError
        When a column is absent or there is no row.
    """
    found = _read(values, unit=unit)
    shown = [cell for _, cell in found.combinations]
    labels = [wrap(name, NAMES - 4, size=SIZE, most=2) for name in found.criteria]
    heights = [max(5.0, len(lines) * _STEP + 1.2) for lines in labels]
    marks = Legend(Classes(()), unit, shown, (), caption.paper.width)
    sheet, room = sheet_for(
        counted(_noted(caption, found.left), shown), BARS + sum(heights) + 3 + marks.marks_height
    )
    step = min((room.width - NAMES) / len(found.combinations), _WIDEST)
    plot = Box(room.x + NAMES, room.y + BARS, step * len(found.combinations), sum(heights))
    middles = _draw_names(sheet, labels, heights, plot)
    most = max((cell.value for cell in shown if cell.written and cell.value is not None), default=0.0)
    sheet.line([plot.x, plot.right], [plot.y - 2] * 2, colour=GREY, width=0.6, gid="base")
    for rank, (names, cell) in enumerate(found.combinations):
        x = plot.x + (rank + 0.5) * step
        _draw_bar(sheet, Box(x - step * 0.34, room.y + 4, step * 0.68, BARS - 6), cell, most=most, gid=str(rank))
        _draw_dots(sheet, x, [middles[found.criteria.index(name)] for name in names], middles, gid=str(rank))
    if not most:
        sheet.text(
            plot.x + 2, room.y + 4, "Aucune combinaison publiée.", size=SMALL, colour=GREY, gid="legend-empty"
        )
    marks.draw_marks(sheet, room.x, plot.bottom + 3)
    return sheet.figure


def _read(values: pd.DataFrame, *, unit: str) -> _Reading:
    require(values, ["criteria", "value"], figure=_NAME)
    rows = [
        (tuple(typographic(name) for name in _names(row["criteria"])), read(row, unit=unit))
        for row in values.to_dict("records")
    ]
    rows.sort(key=lambda one: (not one[1].written, -(one[1].value or 0.0) if one[1].written else 0.0))
    kept = rows[:MOST]
    criteria = dict.fromkeys(name for names, _ in kept for name in names)
    often = {name: sum(name in names for names, _ in kept) for name in criteria}
    return _Reading(tuple(sorted(criteria, key=lambda name: -often[name])), tuple(kept), len(rows) - len(kept))


def _names(given: object) -> list[str]:
    return given.split("|") if isinstance(given, str) else [str(name) for name in cast("Iterable[object]", given)]


def _noted(caption: Caption, left: int) -> Caption:
    more = f"{plural(left, 'autre combinaison', 'autres combinaisons')} non dessinées." if left else ""
    caveat = caption.caveat or NO_COMPARISON
    return replace(caption, caveat=f"{caveat} {more}".strip())


def _draw_names(sheet: Sheet, labels: list[list[str]], heights: list[float], plot: Box) -> list[float]:
    """Write the criteria at the left, on alternate bands; give their middles."""
    middles, top = [], plot.y
    for rank, (lines, height) in enumerate(zip(labels, heights, strict=True)):
        if rank % 2 == 0:
            band = Box(plot.x - NAMES, top, NAMES + plot.width, height)
            sheet.rectangle(band, facecolor=GROUND, edgecolor="none", gid="band")
        middle = top + height / 2
        first = middle - len(lines) * _STEP / 2 + _STEP * 0.78
        for row, line in enumerate(lines):
            sheet.text(plot.x - NAMES + 1, first + row * _STEP, line, size=SIZE, gid=f"criterion-{rank}-{row}")
        middles.append(middle)
        top += height
    return middles


def _draw_bar(sheet: Sheet, room: Box, cell: Cell, *, most: float, gid: str) -> None:
    x = room.x + room.width / 2
    if cell.written and cell.value is not None and most:
        high = max(room.height * cell.value / most, 0.3)
        bar = Box(room.x, room.bottom - high, room.width, high)
        sheet.rectangle(bar, facecolor=BLUE, edgecolor="none", gid=f"bar-{gid}")
        sheet.text(x, bar.y - 1.2, cell.text(), size=SMALL, weight="semibold", align="center", gid=f"value-{gid}")
        return
    bar = Box(room.x, room.bottom - _STUB, room.width, _STUB)
    sheet.rectangle(bar, gid=f"bar-{gid}", **style(cell.kind))
    sheet.text(x, bar.y - 1.2, mark(cell.kind), size=SMALL, align="center", gid=f"absent-{gid}")


def _draw_dots(sheet: Sheet, x: float, held: list[float], every: list[float], *, gid: str) -> None:
    if len(held) > 1:
        sheet.line([x, x], [min(held), max(held)], colour=INK, width=1.6, gid=f"link-{gid}")
    for y in every:
        colour = INK if y in held else HAIR
        sheet.marker(x, y, "o", colour=colour if y in held else HAIR, fill=colour if y in held else PAPER, size=5,
                     gid=f"dot-{gid}" if y in held else "hole")  # fmt: skip


def describe_upset(values: pd.DataFrame, *, unit: str, caption: Caption) -> str:
    """Say the chart in words; same arguments as :func:`upset`. Hidden combinations are counted, never given."""
    found = _read(values, unit=unit)
    said = [
        f"{enumeration(names)}{NBSP}: {quantity(cell.value, unit)}"
        for names, cell in found.combinations
        if cell.written and cell.value is not None
    ]
    parts = [
        f"Graphique{NBSP}: {caption.title}.", f"{caption.subtitle}." if caption.subtitle else "",
        f"{' ; '.join(said)}." if said else "Aucune combinaison publiée.",
        absences([cell for _, cell in found.combinations]),
        f"{plural(found.left, 'autre combinaison', 'autres combinaisons')} non dessinées." if found.left else "",
        caption.caveat or NO_COMPARISON,
    ]  # fmt: skip
    return typographic(" ".join(part for part in parts if part).replace("..", "."))


FIGURES.register(FigureKind("upset", _NAME, upset, describe_upset))
