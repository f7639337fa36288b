"""From the experience to the step to its outcome: ribbons as wide as what they carry."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.path import Path as Outline

from diagnostic.formatting import NBSP, number, quantity, typographic
from diagnostic.publication.figures.caption import NO_COMPARISON, Caption, counted, sheet_for
from diagnostic.publication.figures.cells import Cell, label, mark, read
from diagnostic.publication.figures.classes import Classes
from diagnostic.publication.figures.legend import Legend, absences
from diagnostic.publication.figures.lettering import wrap
from diagnostic.publication.figures.marks import style
from diagnostic.publication.figures.registry import FIGURES, FigureKind
from diagnostic.publication.figures.tables import require
from diagnostic.publication.figures.theme import BLUE, GREY, GROUND, INTERVAL, SMALL, Box, leading

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from diagnostic.publication.figures.theme import Sheet

NODE: Final = 3.4
FIRST: Final = 27.0
MIDDLE: Final = 44.0
LAST: Final = 46.0
HEAD: Final = 5.0
GAP: Final = 3.2
GROUP_GAP: Final = 5.0
THICK: Final = 62.0  # millimetres shared out between all that is written
THIN: Final = 1.2
HIDDEN: Final = 3.0  # a hidden flow is drawn so thick, whatever it hides
SIZE: Final = 7.5
_LINE: Final = leading(SIZE) * 0.94
_NAME: Final = "parcours de recours"
_PALE: Final = "#d9d5cc"


@dataclass(frozen=True, slots=True)
class _Ribbon:
    """One outcome of one step: its cell, its thickness, where its ends lie."""

    step: str
    outcome: str
    cell: Cell
    thick: float
    top: float  # on the outcomes' side
    source: float  # on the steps' side


@dataclass(frozen=True, slots=True)
class _Node:
    """A step: the thickness of its outcomes together, where it lies, and where it leaves the experience."""

    name: str
    thick: float
    top: float
    source: float


def flow(
    values: pd.DataFrame, *, unit: str, caption: Caption,
    experience: str = "personnes qui déclarent une discrimination",
) -> Figure:  # fmt: skip
    """Draw what follows an experience: the step taken, or none, and what came of it.

    Parameters
    ----------
    values
        Columns ``step``, ``outcome`` (as printed), ``value``; ``status``, ``reliability``, ``n`` where they exist.
        Rows keep their order; each person stands in one row only.
    unit
        Unit of the values (``"persons"``, or ``"percent"`` of those who lived the experience).
    caption
        Words around the chart.
    experience
        What stands at the left.

    Returns
    -------
    matplotlib.figure.Figure
        Ribbons from experience to step to outcome, with their values; a hidden flow is hatched, always as thick.

    Raises
    ------
    InputError
        When a column is absent or there is no row.
    """
    nodes, ribbons, high = _layout(values, unit=unit)
    shown = [one.cell for one in ribbons]
    marks = Legend(Classes(()), unit, shown, (), caption.paper.width)
    words = counted(replace(caption, caveat=caption.caveat or NO_COMPARISON), shown)
    sheet, room = sheet_for(words, HEAD + high + 4 + marks.marks_height)
    top = room.y + HEAD
    left = room.x + FIRST
    right = room.right - LAST - NODE
    middle = left + (right - left - MIDDLE) * 0.42
    for x, text in ((room.x, "Expérience"), (middle, "Démarche"), (right, "Suite")):
        sheet.text(x, room.y + 2.6, text, size=SMALL, weight="semibold", colour=GREY, gid="heading")
    whole = sum(node.thick for node in nodes)
    first = top + (high - whole) / 2
    sheet.rectangle(Box(left, first, NODE, whole), facecolor=BLUE, edgecolor="none", gid="experience")
    _draw_words(
        sheet, typographic(experience), x=room.x, y=first + whole / 2, room=FIRST - 2, gid="experience-name"
    )
    for rank, node in enumerate(nodes):
        _draw_ribbon(sheet, (left + NODE, first + node.source), (middle, top + node.top), node.thick,
                     gid=f"to-step-{rank}", facecolor=INTERVAL, edgecolor="none")  # fmt: skip
        sheet.rectangle(Box(middle, top + node.top, NODE, node.thick), facecolor=BLUE, edgecolor="none",
                        gid=f"step-{rank}")  # fmt: skip
        band = Box(middle + NODE, top + node.top, MIDDLE - NODE, node.thick)
        sheet.rectangle(band, facecolor=GROUND, edgecolor="none", gid=f"step-band-{rank}")
        name_y, room_for_name = band.y + band.height / 2, band.width - 3
        _draw_words(sheet, node.name, x=band.x + 1.2, y=name_y, room=room_for_name, gid=f"step-name-{rank}")
    for rank, one in enumerate(ribbons):
        _draw_outcome(sheet, one, start=middle + MIDDLE, right=right, top=top, gid=str(rank))
    if not any(cell.written for cell in shown):
        sheet.text(room.x, top + high + 2.6, "Aucun effectif publié.", size=SMALL, colour=GREY, gid="legend-empty")
    marks.draw_marks(sheet, room.x, top + high + 4)
    return sheet.figure


def _layout(values: pd.DataFrame, *, unit: str) -> tuple[list[_Node], list[_Ribbon], float]:
    """Stack outcomes under each other, steps in front of theirs."""
    require(values, ["step", "outcome", "value"], figure=_NAME)
    rows = [
        (typographic(str(row["step"])), typographic(str(row["outcome"])), read(row, unit=unit))
        for row in values.to_dict("records")
    ]
    total = sum(cell.value or 0.0 for _, _, cell in rows if cell.written)
    nodes: list[_Node] = []
    ribbons: list[_Ribbon] = []
    y = leaving = 0.0
    for step in dict.fromkeys(step for step, _, _ in rows):
        mine = [(outcome, cell) for name, outcome, cell in rows if name == step]
        start, source = y, 0.0
        for outcome, cell in mine:
            thick = max(THICK * (cell.value or 0.0) / total, THIN) if cell.written and total else HIDDEN
            lines = 1 + len(wrap(outcome, LAST - 2, size=SIZE, most=2))
            room = max(thick, lines * _LINE + 0.6)
            ribbons.append(_Ribbon(step, outcome, cell, thick, y + (room - thick) / 2, source))
            source += thick
            y += room + GAP
        top = start + max((y - GAP - start - source) / 2, 0.0)
        ribbons = [replace(one, source=top + one.source) if one.step == step else one for one in ribbons]
        nodes.append(_Node(step, source, top, leaving))
        leaving += source
        y += GROUP_GAP - GAP
    return nodes, ribbons, y - GROUP_GAP


def _draw_ribbon(
    sheet: Sheet, start: tuple[float, float], end: tuple[float, float], thick: float, *, gid: str,
    **look: object,
) -> None:  # fmt: skip
    """Draw a band between two upper corners, level at both ends."""
    (x0, y0), (x1, y1) = start, end
    bend = (x0 + x1) / 2
    points = [
        (x0, y0), (bend, y0), (bend, y1), (x1, y1), (x1, y1 + thick), (bend, y1 + thick), (bend, y0 + thick),
        (x0, y0 + thick), (x0, y0),
    ]  # fmt: skip
    curve = [Outline.MOVETO, *[Outline.CURVE4] * 3, Outline.LINETO, *[Outline.CURVE4] * 3, Outline.CLOSEPOLY]
    sheet.outline(Outline(np.array(points), curve), gid=gid, **look)


def _draw_outcome(sheet: Sheet, one: _Ribbon, *, start: float, right: float, top: float, gid: str) -> None:
    look = {"facecolor": _PALE, "edgecolor": "none"} if one.cell.written else style(one.cell.kind)
    _draw_ribbon(sheet, (start, top + one.source), (right, top + one.top), one.thick, gid=f"ribbon-{gid}", **look)
    node = Box(right, top + one.top, NODE, one.thick)
    sheet.rectangle(node, facecolor=BLUE if one.cell.written else GREY, edgecolor="none", gid=f"outcome-{gid}")
    lines = wrap(one.outcome, LAST - 2, size=SIZE, most=2)
    x, y = right + NODE + 1.2, top + one.top + one.thick / 2 - _LINE * (len(lines) + 1) / 2 + _LINE * 0.78
    sheet.text(x, y, _text(one.cell), size=SIZE, weight="semibold", colour=BLUE if one.cell.written else GREY,
               gid=f"value-{gid}")  # fmt: skip
    for row, line in enumerate(lines, start=1):
        sheet.text(x, y + row * _LINE, line, size=SIZE, gid=f"outcome-name-{gid}-{row}")


def _text(cell: Cell) -> str:
    if not cell.written or cell.value is None:
        return f"{mark(cell.kind)}"
    return quantity(cell.value, "percent", decimals=0) if cell.unit == "percent" else number(cell.value)


def _draw_words(sheet: Sheet, text: str, *, x: float, y: float, room: float, gid: str) -> None:
    """Write lines centred on an ordinate."""
    lines = wrap(text, room, size=SIZE, most=5)
    first = y - _LINE * len(lines) / 2 + _LINE * 0.78
    for row, line in enumerate(lines):
        sheet.text(x, first + row * _LINE, line, size=SIZE, gid=f"{gid}-{row}")


def describe_flow(
    values: pd.DataFrame, *, unit: str, caption: Caption,
    experience: str = "personnes qui déclarent une discrimination",
) -> str:  # fmt: skip
    """Say the chart in words; same arguments as :func:`flow`. Hidden flows are named, never given."""
    _, ribbons, _ = _layout(values, unit=unit)
    parts = [f"Graphique{NBSP}: {caption.title}.", f"{caption.subtitle}." if caption.subtitle else "",
             f"Parmi les {experience}{NBSP}:"]  # fmt: skip
    for step in dict.fromkeys(one.step for one in ribbons):
        said = [
            f"{one.outcome}, {_text(one.cell) if one.cell.written else label(one.cell.kind)}"
            for one in ribbons
            if one.step == step
        ]
        parts.append(f"{step}{NBSP}: {' ; '.join(said)}.")
    parts += [absences([one.cell for one in ribbons]), caption.caveat or NO_COMPARISON]
    return typographic(" ".join(part for part in parts if part).replace("..", "."))


FIGURES.register(FigureKind("flow", _NAME, flow, describe_flow))
