"""The gap that statistics measure beside the share of residents who declare: agree, or not, or cannot be told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from diagnostic.formatting import NBSP, number, quantity, typographic
from diagnostic.publication.figures.caption import NOT_A_DISCRIMINATION, Caption, sheet_for
from diagnostic.publication.figures.cells import Cell, cell, label
from diagnostic.publication.figures.classes import ticks
from diagnostic.publication.figures.lettering import wrap
from diagnostic.publication.figures.placing import spread
from diagnostic.publication.figures.registry import FIGURES, FigureKind
from diagnostic.publication.figures.tables import require
from diagnostic.publication.figures.theme import (
    BLUE,
    GREY,
    HAIR,
    HOLDING,
    INK,
    INTERVAL,
    MID,
    PAPER,
    SMALL,
    Box,
    leading,
)
from diagnostic.vocabulary import Status

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from typing import Any

    import pandas as pd
    from matplotlib.figure import Figure

    from diagnostic.publication.figures.theme import Sheet

UNDETERMINED: Final = "undetermined"
CELLS: Final = {
    "convergence": "écart et ressenti",
    "felt_only": "ressenti sans écart mesuré",
    "gap_only": "écart sans ressenti",
    "neither": "ni l’un ni l’autre",
    UNDETERMINED: "indéterminé",
}
SIDE: Final = 88.0
LEFT: Final = 12.0
AXIS: Final = 9.0
LIST: Final = 58.0
RADIUS: Final = 2.1
CORNER: Final = 8.0  # room of the corners' names, on two lines at most, above and below every mark
_CORNER_STEP: Final = leading(SMALL) * 0.94
_STEP: Final = leading(7.5) * 0.94
_NAME: Final = "quadrant écart et ressenti"


@dataclass(frozen=True, slots=True)
class _Item:
    """A domain: its number and name, its two values, its cell as the analysis gives it."""

    number: int
    name: str
    x: Cell
    y: Cell
    cell: str

    @property
    def placed(self) -> bool:
        """Whether both values may be written."""
        return self.x.written and self.y.written

    @property
    def words(self) -> str:
        """Name the cell, or say why there is none."""
        if self.placed:
            return CELLS.get(self.cell, self.cell)
        axis, hidden = ("écart", self.x) if not self.x.written else ("ressenti", self.y)
        return f"{axis}{NBSP}: {label(hidden.kind)}"


@dataclass(frozen=True, slots=True)
class _Plane:
    """Where values lie on the sheet, and the two lines that part the plane."""

    box: Box
    across: tuple[float, ...]
    down: tuple[float, ...]
    lines: tuple[float, float]

    def x(self, value: float) -> float:
        """Give the abscissa of a gap."""
        share = (value - self.across[0]) / (self.across[-1] - self.across[0])
        return self.box.x + self.box.width * share

    def y(self, value: float) -> float:
        """Give the ordinate of a share."""
        room = self.box.height - 2 * CORNER
        return self.box.bottom - CORNER - room * (value - self.down[0]) / (self.down[-1] - self.down[0])


def quadrant(
    values: pd.DataFrame, *, lines: tuple[float, float], caption: Caption,
    labels: tuple[str, str] = ("écart défavorable mesuré", "part qui déclare"),
) -> Figure:  # fmt: skip
    """Draw objective gaps beside perceived shares.

    Parameters
    ----------
    values
        Columns ``label`` (as printed), ``number``, ``x`` (points), ``y`` (percent), ``cell``; ``x_low``,
        ``x_high``, ``y_low``, ``y_high``, ``x_status``, ``y_status`` where they exist. ``cell`` is a key of
        ``CELLS``, computed by the analysis: nothing is classed here.
    lines
        Gap and share that part the plane.
    caption
        Words around the chart.
    labels
        What x and y are.

    Returns
    -------
    matplotlib.figure.Figure
        Numbered marks with both intervals as bars; hollow when an interval crosses a line ("indéterminé"); the
        list gives each one's cell, or why it has no place.

    Raises
    ------
    InputError
        When a column is absent or there is no row.
    """
    items = _read(values)
    listed = _list_height(items)
    words = replace(
        caption, caveat=caption.caveat or NOT_A_DISCRIMINATION, total=len(items),
        count=sum(one.placed for one in items),
    )  # fmt: skip
    sheet, room = sheet_for(words, max(SIDE + AXIS, listed))
    box = Box(room.x + LEFT, room.y + 0.3, room.width - LEFT - LIST - 6, SIDE)
    placed = [one for one in items if one.placed]
    bounds = [[bound for one in placed for bound in _bounds(getattr(one, axis))] for axis in "xy"]
    plane = _Plane(box, _around(bounds[0], lines[0]), _around(bounds[1], lines[1]), lines)
    _draw_plane(sheet, plane, labels)
    _draw_items(sheet, plane, placed)
    if not placed:
        sheet.text(box.x + 4, box.y + 14, "Aucun domaine n’a les deux valeurs.", size=SMALL, colour=GREY,
                   gid="legend-empty")  # fmt: skip
    _draw_list(sheet, items, Box(room.right - LIST, room.y, LIST, listed))
    return sheet.figure


def _read(values: pd.DataFrame) -> list[_Item]:
    require(values, ["label", "number", "x", "y", "cell"], figure=_NAME)
    return [
        _Item(int(row["number"]), typographic(str(row["label"])), _value(row, "x", "points"),
              _value(row, "y", "percent"), str(row["cell"]))
        for row in values.to_dict("records")
    ]  # fmt: skip


def _value(row: Mapping[Hashable, Any], axis: str, unit: str) -> Cell:
    return cell(
        row[axis], status=str(row.get(f"{axis}_status", Status.OBSERVED)), unit=unit,
        low=row.get(f"{axis}_low"), high=row.get(f"{axis}_high"),
    )  # fmt: skip


def _around(bounds: list[float], line: float) -> tuple[float, ...]:
    """Choose graduations that leave room on both sides of a line for the corners' names."""
    far = max([1.0, *(abs(bound - line) for bound in bounds)])
    low, high = min([*bounds, line - 0.7 * far]), max([*bounds, line + 0.7 * far])
    return tuple(ticks(low if low >= 0 or min([*bounds, 0.0]) < 0 else 0.0, high))


def _bounds(one: Cell) -> list[float]:
    return [bound for bound in (one.value, one.low, one.high) if bound is not None]


def _draw_plane(sheet: Sheet, plane: _Plane, labels: tuple[str, str]) -> None:
    box = plane.box
    x, y = plane.x(plane.lines[0]), plane.y(plane.lines[1])
    sheet.rectangle(
        Box(x, box.y, box.right - x, y - box.y), facecolor=HOLDING, edgecolor="none", gid="convergence"
    )
    for mark in plane.across:
        at = plane.x(mark)
        sheet.line([at, at], [box.y, box.bottom], colour=HAIR, width=0.4, gid="grid")
        text = number(mark, 0 if float(mark).is_integer() else 1, signed=True)
        sheet.text(at, box.bottom + 3.2, text, size=SMALL, colour=GREY, align="center", gid="tick")
    for mark in plane.down:
        at = plane.y(mark)
        sheet.line([box.x, box.right], [at, at], colour=HAIR, width=0.4, gid="grid")
        sheet.text(box.x - 1.3, at + 0.9, number(mark, 0 if float(mark).is_integer() else 1), size=SMALL,
                   colour=GREY, align="right", gid="tick")  # fmt: skip
    sheet.line([x, x], [box.y, box.bottom], colour=INK, width=1.0, gid="line-x")
    sheet.line([box.x, box.right], [y, y], colour=INK, width=1.0, gid="line-y")
    across = f"{typographic(labels[0])} (points) \u2192"
    sheet.text(box.right, box.bottom + 7, across, size=SMALL, colour=INK, align="right", gid="axis-x")
    down = f"{typographic(labels[1])} (%) \u2192"
    sheet.text(box.x - 9, box.y, down, size=SMALL, colour=INK, align="right", turn=90, gid="axis-y")
    left, right, high, low = box.x + 1.2, box.right - 1.2, box.y + 3.2, box.bottom - 1.4
    corners = {
        "convergence": (right, high, "right"), "felt_only": (left, high, "left"),
        "gap_only": (right, low, "right"), "neither": (left, low, "left"),
    }  # fmt: skip
    for name, (at, base, align) in corners.items():
        room = (x - left if align == "left" else right - x) - 1.2
        lines = wrap(CELLS[name], room, size=SMALL, weight="semibold")
        first = base if base == high else base - _CORNER_STEP * (len(lines) - 1)
        for rank, line in enumerate(lines):
            sheet.text(
                at, first + _CORNER_STEP * rank, line, size=SMALL, weight="semibold", colour=GREY, align=align,
                gid=f"corner-{name}" + (f"-{rank}" if rank else ""),
            )  # fmt: skip


def _draw_items(sheet: Sheet, plane: _Plane, placed: list[_Item]) -> None:
    if not placed:
        return
    anchors = np.array([[plane.x(one.x.value or 0.0), plane.y(one.y.value or 0.0)] for one in placed])
    for one, (x, y) in zip(placed, anchors, strict=True):
        _draw_bars(sheet, plane, one, x=x, y=y)
    centres = spread(anchors, np.full(len(placed), RADIUS), plane.box)
    for one, (x0, y0), (x, y) in zip(placed, anchors, centres, strict=True):
        if np.hypot(x - x0, y - y0) > RADIUS:
            sheet.line([x0, x], [y0, y], colour=MID, width=0.6, gid="leader")
            sheet.circle(x0, y0, 0.5, facecolor=BLUE, edgecolor="none", gid="anchor")
        sure = one.cell != UNDETERMINED
        sheet.circle(x, y, RADIUS, facecolor=BLUE if sure else PAPER, edgecolor=BLUE if sure else GREY,
                     linewidth=1.0, gid=f"item-{one.number}")  # fmt: skip
        sheet.text(x, y + 0.85, str(one.number), size=SMALL - 0.5, weight="semibold", align="center",
                   colour=PAPER if sure else INK, gid=f"number-{one.number}")  # fmt: skip


def _draw_bars(sheet: Sheet, plane: _Plane, one: _Item, *, x: float, y: float) -> None:
    colour = INTERVAL if one.cell != UNDETERMINED else HAIR
    if one.x.low is not None and one.x.high is not None:
        left, right = plane.x(one.x.low), plane.x(one.x.high)
        sheet.rectangle(Box(left, y - 0.6, right - left, 1.2), facecolor=colour, edgecolor="none",
                        gid=f"interval-x-{one.number}")  # fmt: skip
    if one.y.low is not None and one.y.high is not None:
        top, bottom = plane.y(one.y.high), plane.y(one.y.low)
        sheet.rectangle(Box(x - 0.6, top, 1.2, bottom - top), facecolor=colour, edgecolor="none",
                        gid=f"interval-y-{one.number}")  # fmt: skip


def _lines(one: _Item) -> tuple[list[str], list[str]]:
    return wrap(one.name, LIST - 7, size=7.5, most=2), wrap(one.words, LIST - 7, size=SMALL, most=2)


def _list_height(items: list[_Item]) -> float:
    return 6 + sum(_STEP * sum(map(len, _lines(one))) + 1.3 for one in items) + 6


def _draw_list(sheet: Sheet, items: list[_Item], box: Box) -> None:
    """Write each number's domain and its cell."""
    sheet.text(box.x, box.y + 2.6, "N°, domaine et case", size=SMALL, colour=GREY)
    sheet.line([box.x, box.right], [box.y + 3.8] * 2, colour=HAIR, width=0.6)
    y = box.y + 4.6
    for one in items:
        names, words = _lines(one)
        sheet.text(box.x + 4.4, y + 2.5, str(one.number), size=7.5, weight="semibold", colour=BLUE, align="right")
        for line in names:
            sheet.text(box.x + 6, y + 2.5, line, size=7.5, gid=f"name-{one.number}")
            y += _STEP
        for line in words:
            sheet.text(box.x + 6, y + 2.5, line, size=SMALL, colour=GREY, italic=True, gid=f"words-{one.number}")
            y += _STEP
        y += 1.3
    if any(one.placed and one.cell == UNDETERMINED for one in items):
        sheet.circle(
            box.x + 2, y + 2, 1.6, facecolor=PAPER, edgecolor=GREY, linewidth=1.0, gid="legend-undetermined"
        )
        text = f"indéterminé{NBSP}: l’intervalle franchit un repère"
        sheet.text(box.x + 6, y + 2.9, text, size=SMALL, colour=GREY, gid="legend-label")


def _share(value: float) -> str:
    return quantity(value, "percent", decimals=0)


def describe_quadrant(
    values: pd.DataFrame, *, lines: tuple[float, float], caption: Caption,
    labels: tuple[str, str] = ("écart défavorable mesuré", "part qui déclare"),
) -> str:  # fmt: skip
    """Say the chart in words; same arguments as :func:`quadrant`. Hidden values are named, never given."""
    items = _read(values)
    parts = [
        f"Graphique{NBSP}: {caption.title}.", f"{caption.subtitle}." if caption.subtitle else "",
        f"Repères{NBSP}: {labels[0]}, {quantity(lines[0], 'points')}{NBSP}; {labels[1]}, {_share(lines[1])}.",
    ]  # fmt: skip
    for one in items:
        said = one.words
        if one.placed:
            share = _share(one.y.value or 0.0)
            said = f"écart {quantity(one.x.value or 0.0, 'points', signed=True)}, déclaré {share}, {one.words}"
        parts.append(f"{one.name}{NBSP}: {said}.")
    parts.append(caption.caveat or NOT_A_DISCRIMINATION)
    return typographic(" ".join(part for part in parts if part).replace("..", "."))


FIGURES.register(FigureKind("quadrant", _NAME, quadrant, describe_quadrant))
