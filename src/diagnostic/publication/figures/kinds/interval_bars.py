"""Answers to a survey: a dot a share, a bar as wide as its uncertainty, the base said, the hidden ones named."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from diagnostic.formatting import NBSP, typographic
from diagnostic.publication.figures.answers import Group, groups
from diagnostic.publication.figures.caption import NO_COMPARISON, Caption, sheet_for
from diagnostic.publication.figures.lettering import width as measured
from diagnostic.publication.figures.lettering import wrap
from diagnostic.publication.figures.registry import FIGURES, FigureKind
from diagnostic.publication.figures.scales import Scale
from diagnostic.publication.figures.theme import (
    BLUE,
    GREY,
    HAIR,
    INK,
    INTERVAL,
    MID,
    PAPER,
    SMALL,
    TEXT,
    Box,
    Sheet,
    leading,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from diagnostic.publication.figures.answers import Answer

SIZE: Final = 7.5
NAMES: Final = 68.0
SHARE: Final = 9.0
RANGE: Final = 20.0
PADDING: Final = 1.4
TWIN: Final = 5.6  # height of a row that bears two bases
SHIFT: Final = 1.35
AXIS: Final = 4.0
GAP: Final = 2.5  # between groups
TITLE: Final = 5.2
KEY: Final = 4.4
BAR: Final = 2.0
STEP: Final = leading(SIZE) * 0.92


@dataclass(frozen=True, slots=True)
class _Row:
    """An answer, its lines of text, and where it lies under the top of its group."""

    name: str
    lines: tuple[str, ...]
    top: float
    height: float


@dataclass(frozen=True, slots=True)
class _Block:
    """A group laid out: its title and key, its rows, what it hides."""

    group: Group
    keys: tuple[str, ...]
    rows: tuple[_Row, ...]
    hidden: tuple[str, ...]
    top: float
    axis: float

    @property
    def head(self) -> float:
        """Height of the title and of the key; one base stands beside the title, two of them under it."""
        return (TITLE if self.group.title else 0.0) + (KEY if self.keys and not self.beside else 0.0)

    @property
    def beside(self) -> bool:
        """Whether the key fits beside the title."""
        return bool(self.group.title) and len(self.keys) == 1

    @property
    def body(self) -> float:
        """Height of the rows."""
        return self.rows[-1].top + self.rows[-1].height if self.rows else 0.0

    @property
    def height(self) -> float:
        """Height of it all."""
        below = 1.0 + len(self.hidden) * leading(SMALL) if self.hidden else 0.0
        return self.head + self.body + self.axis + below


def interval_bars(values: pd.DataFrame, *, caption: Caption, read: list[Group] | None = None) -> Figure:
    """Draw shares with their intervals, in the order of the rows.

    Parameters
    ----------
    values
        Estimates: ``label``, ``estimate``, ``ci_low``, ``ci_high`` (percent), ``n``; ``status``, ``reliability``,
        ``note``, ``answer`` where they exist. ``name`` shortens the label, ``section`` puts rows under a title,
        ``series`` names a base: two bases of one section share its rows. ``headline`` marks a row that sums up.
    caption
        Words around the chart.
    read
        The groups already read from the values.

    Returns
    -------
    matplotlib.figure.Figure
        What may not be written is named under its section with the reason, and drawn nowhere.
    """
    blocks = _layout(groups(values) if read is None else read, width=caption.paper.width)
    words = replace(caption, caveat=caption.caveat or NO_COMPARISON)
    sheet, room = sheet_for(words, sum(block.height + GAP for block in blocks) - GAP)
    plot = Box(room.x + NAMES, room.y, room.width - NAMES - SHARE - RANGE - 6, room.height)
    highs = [one.high for block in blocks for one in _answers(block.group) if one.shown and one.high is not None]
    scale = Scale.over([0.0, *highs], plot) if highs else None
    for block in blocks:
        _draw_block(sheet, block, scale=scale, room=room)
    return sheet.figure


def _answers(group: Group) -> list[Answer]:
    return [answer for series in group.series for answer in series.answers.values()]


def _layout(found: list[Group], *, width: float) -> list[_Block]:
    blocks, top = [], 0.0
    last = next((group for group in reversed(found) if group.shown()), None)
    for group in found:
        keys = tuple(_key(one.label, one.size()) for one in group.series)
        hidden = tuple(line for text in group.hidden() for line in wrap(text, width - 4, size=SMALL))
        block = _Block(group, tuple(key for key in keys if key), tuple(_rows(group)), hidden, top,
                       axis=AXIS if group is last else 0.0)  # fmt: skip
        blocks.append(block)
        top += block.height + GAP
    return blocks


def _key(label: str, size: str) -> str:
    return f"{label} ({size})" if label and size else label or size


def _rows(group: Group) -> list[_Row]:
    rows, top = [], 0.0
    for name in group.shown():
        lines = tuple(wrap(name, NAMES - 4, size=SIZE))
        height = max(STEP * len(lines) + PADDING, TWIN if len(group.series) > 1 else 0.0)
        rows.append(_Row(name, lines, top, height))
        top += height
    return rows


def _draw_block(sheet: Sheet, block: _Block, *, scale: Scale | None, room: Box) -> None:
    top = room.y + block.top
    _draw_head(sheet, block, x=room.x, y=top)
    y = top + block.head
    if scale and block.rows:
        _draw_grid(sheet, scale, top=y, bottom=y + block.body)
    rules = [((room.x, y + row.top), (room.right, y + row.top)) for row in block.rows]
    _draw_lines(sheet, rules, width=0.35, gid="rule")
    for row in block.rows:
        _draw_row(sheet, row, block.group, scale=scale, top=y, room=room)
    y += block.body
    if scale and block.axis:
        _draw_axis(sheet, scale, y=y)
    y += block.axis + 1
    sheet.paragraph(room.x + 2, y, block.hidden, size=SMALL, colour=GREY, italic=True, gid="hidden")


def _draw_head(sheet: Sheet, block: _Block, *, x: float, y: float) -> None:
    """Write the title and the bases, each with its mark."""
    title = block.group.title
    if title:
        sheet.text(x, y + 3.5, title, size=TEXT, weight="semibold", gid="section")
    left = x + 0.6
    if block.beside:
        left += measured(title, TEXT, "semibold") + 3
    elif title:
        y += TITLE - 0.6
    for rank, key in enumerate(block.keys):
        if not block.beside:
            _draw_mark(sheet, left + 1, y + 1.9, second=rank > 0, silent=False, gid=f"key-mark-{rank}")
            left += 3.4
        sheet.text(left, y + (3.5 if block.beside else 2.8), key, size=SMALL, colour=GREY, gid=f"key-{rank}")
        left += measured(key, SMALL) + 5


def _draw_grid(sheet: Sheet, scale: Scale, *, top: float, bottom: float) -> None:
    places = [scale.x(mark) for mark in scale.marks]
    _draw_lines(sheet, [((x, top), (x, bottom)) for x in places], width=0.5, gid="grid")


def _draw_lines(sheet: Sheet, lines: list[tuple[tuple[float, float], tuple[float, float]]], *, width: float,
                gid: str) -> None:  # fmt: skip
    """Draw hairlines as one mark with holes: a tenth of the time."""
    points = [point for line in lines for point in (*line, (math.nan, math.nan))]
    sheet.line([x for x, _ in points], [y for _, y in points], colour=HAIR, width=width, gid=gid)


def _draw_row(sheet: Sheet, row: _Row, group: Group, *, scale: Scale | None, top: float, room: Box) -> None:
    middle = top + row.top + row.height / 2
    answers = [one.answers.get(row.name) for one in group.series]
    headline = any(one is not None and one.headline for one in answers)
    first = middle - STEP * len(row.lines) / 2 + STEP * 0.78
    for rank, line in enumerate(row.lines):
        sheet.text(
            room.x + (0.5 if headline else 2.0), first + rank * STEP, line, size=SIZE,
            weight="semibold" if headline else "regular", gid=f"name-{rank}",
        )  # fmt: skip
    several = len(group.series) > 1
    for rank, answer in enumerate(answers):
        if scale and answer is not None and answer.shown:
            y = middle + (SHIFT * (2 * rank - 1) if several else 0.0)
            _draw_answer(sheet, answer, scale=scale, y=y, right=room.right, second=rank > 0)


def _draw_answer(sheet: Sheet, answer: Answer, *, scale: Scale, y: float, right: float, second: bool) -> None:
    low, high = scale.x(answer.low or 0.0), scale.x(answer.high or 0.0)
    pale = HAIR if second or answer.silent else INTERVAL
    height = BAR * (0.75 if second else 1.0)
    sheet.rectangle(Box(low, y - height / 2, high - low, height), facecolor=pale, edgecolor="none", gid="interval")
    _draw_mark(sheet, scale.x(answer.share or 0.0), y, second=second, silent=answer.silent, gid="value")
    colour = GREY if second or answer.silent else BLUE
    sheet.text(
        right - RANGE - 0.5, y + 0.9, answer.text(), size=SIZE, weight="regular" if second else "semibold",
        colour=colour, align="right", gid="share",
    )  # fmt: skip
    sheet.text(right - 0.5, y + 0.9, answer.interval(), size=SMALL, colour=GREY if second else INK, align="right",
               gid="range")  # fmt: skip


def _draw_mark(sheet: Sheet, x: float, y: float, *, second: bool, silent: bool, gid: str) -> None:
    colour = MID if silent else GREY if second else BLUE
    sheet.marker(
        x, y, "s" if second else "o", colour=colour, fill=PAPER if second or silent else colour,
        size=4.2 if second else 5.2, gid=gid,
    )  # fmt: skip


def _draw_axis(sheet: Sheet, scale: Scale, *, y: float) -> None:
    for mark in scale.marks:
        label = f"{mark:g}".replace(".", ",")
        if mark == scale.marks[-1]:
            label += f"{NBSP}%"
        offset = measured(f"{NBSP}%", SMALL) / 2 if mark == scale.marks[-1] else 0.0
        sheet.text(scale.x(mark) + offset, y + 3, label, size=SMALL, colour=GREY, align="center", gid="tick")


def describe_interval_bars(values: pd.DataFrame, *, caption: Caption, read: list[Group] | None = None) -> str:
    """Say the chart in words; same arguments as :func:`interval_bars`. Hidden answers are named, never given."""
    parts = [f"Graphique{NBSP}: {caption.title}.", f"{caption.subtitle}." if caption.subtitle else ""]
    for group in groups(values) if read is None else read:
        for series in group.series:
            said = [
                f"{name}{NBSP}: {answer.text()} ({answer.interval()})"
                for name in group.names()
                if (answer := series.answers.get(name)) is not None and answer.shown
            ]
            head = ", ".join(part for part in (group.title, _key(series.label, series.size())) if part)
            parts.append(f"{head}{NBSP}: {' ; '.join(said)}." if said else "")
        parts += group.hidden()
    parts.append(caption.caveat or NO_COMPARISON)
    return typographic(" ".join(part for part in parts if part).replace("..", "."))


FIGURES.register(FigureKind("interval_bars", "parts et leurs intervalles", interval_bars, describe_interval_bars))
