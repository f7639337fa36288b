"""Values over the years, each line named at its end, broken where the series is not comparable."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from diagnostic.formatting import NBSP, number, plural, quantity, typographic
from diagnostic.publication.figures.caption import NOT_A_DISCRIMINATION, Caption, sheet_for
from diagnostic.publication.figures.cells import Cell, read
from diagnostic.publication.figures.classes import ticks
from diagnostic.publication.figures.legend import absences
from diagnostic.publication.figures.lettering import shorten, wrap
from diagnostic.publication.figures.lettering import width as measured
from diagnostic.publication.figures.marks import LEGEND_LABELS
from diagnostic.publication.figures.registry import FIGURES, FigureKind
from diagnostic.publication.figures.tables import require
from diagnostic.publication.figures.theme import (
    ACCENT,
    BLUE,
    GREY,
    GROUP_COLOURS,
    HAIR,
    INTERVAL,
    PAPER,
    SMALL,
    Box,
)
from diagnostic.vocabulary import UNIT_LABELS

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from diagnostic.publication.figures.theme import Sheet

NAMES: Final = 54.0
LEFT: Final = 12.0
HEAD: Final = 6.0
AXIS: Final = 6.0
LOWEST: Final = 62.0
APART: Final = 3.1
MANY: Final = 12  # lines: more are drawn finer, or none can be followed
PEN: Final = (1.2, 4.0)  # widths of a line and of its marks
FINE: Final = (0.5, 2.2)
_NAME: Final = "évolution"


@dataclass(frozen=True, slots=True)
class _Series:
    """One line: its name, its role, one cell a period."""

    name: str
    role: str
    points: dict[int, Cell]

    @property
    def known(self) -> list[tuple[int, float]]:
        """Periods with a written value."""
        return [
            (period, cell.value) for period, cell in self.points.items() if cell.written and cell.value is not None
        ]


@dataclass(frozen=True, slots=True)
class _Plot:
    """Where periods and values lie on the sheet."""

    box: Box
    periods: tuple[int, ...]
    marks: tuple[float, ...]

    def x(self, period: float) -> float:
        """Give the abscissa of a period."""
        first, last = self.periods[0], self.periods[-1]
        share = 0.5 if first == last else (period - first) / (last - first)
        return self.box.x + 4 + (self.box.width - 8) * share

    def y(self, value: float) -> float:
        """Give the ordinate of a value."""
        low, high = self.marks[0], self.marks[-1]
        return self.box.bottom - self.box.height * (value - low) / (high - low)


def time_series(values: pd.DataFrame, *, unit: str, caption: Caption) -> Figure:
    """Draw values over time.

    Parameters
    ----------
    values
        Columns ``series`` (as printed), ``period`` (year), ``value``; ``status``, ``low``, ``high``,
        ``reliability``, ``n`` where they exist. ``role`` is ``"qpv"`` (default), ``"comparator"``, ``"women"`` or
        ``"foreign"``. ``break_before`` says, on a row of a period, why that period is not comparable with the one
        before (``"nouvelle définition"``): every line is interrupted there.
    unit
        Unit of the values.
    caption
        Words around the chart.

    Returns
    -------
    matplotlib.figure.Figure
        Lines named at their end; an absence interrupts its line and is named; a break is a vertical line.

    Raises
    ------
    InputError
        When a column is absent or there is no row.
    """
    series, breaks = _read(values, unit=unit)
    every = [cell for one in series for cell in one.points.values()]
    own = [one for one in series if one.role != "comparator"]
    words = replace(
        caption, caveat=caption.caveat or NOT_A_DISCRIMINATION, total=len(own),
        count=sum(bool(one.known) for one in own),
    )  # fmt: skip
    bounds = [bound for cell in every if cell.written for bound in (cell.value, cell.low, cell.high)
              if bound is not None]  # fmt: skip
    notes = [line for note in _notes(series) for line in wrap(note, words.paper.width, size=SMALL)]
    high = max(LOWEST, APART * sum(bool(one.known) for one in series) + 4)
    sheet, room = sheet_for(words, HEAD + high + AXIS + 3.2 * len(notes))
    box = Box(room.x + LEFT, room.y + HEAD, room.width - LEFT - NAMES, high)
    periods = tuple(sorted({period for one in series for period in one.points}))
    if not bounds:
        sheet.text(box.x, box.y + 6, "Aucune valeur publiée.", size=SMALL, colour=GREY, gid="legend-empty")
    else:
        plot = _Plot(box, periods, tuple(ticks(min(bounds), max(bounds))))
        _draw_ground(sheet, plot, breaks, unit=unit)
        for one in series:
            _draw_line(sheet, plot, one, breaks, pen=FINE if len(series) > MANY else PEN)
        _draw_ends(sheet, plot, series, unit=unit, right=room.right)
    for rank, note in enumerate(notes):
        sheet.text(room.x, box.bottom + AXIS + 3 + 3.2 * rank, note, size=SMALL, colour=GREY, gid=f"note-{rank}")
    return sheet.figure


def _read(values: pd.DataFrame, *, unit: str) -> tuple[list[_Series], dict[int, str]]:
    require(values, ["series", "period", "value"], figure=_NAME)
    rows: list[dict[Any, Any]] = values.sort_values("period", kind="stable").to_dict("records")
    names = list(dict.fromkeys(values["series"].astype(str)))
    found = {name: _Series(typographic(name), "qpv", {}) for name in names}
    breaks: dict[int, str] = {}
    for row in rows:
        name, period = str(row["series"]), int(row["period"])
        one = found[name]
        one.points[period] = read(row, unit=unit)
        if isinstance(row.get("role"), str):
            found[name] = replace(one, role=row["role"])
        if isinstance(row.get("break_before"), str) and row["break_before"]:
            breaks[period] = typographic(row["break_before"])
    return list(found.values()), breaks


def _notes(series: list[_Series]) -> list[str]:
    """Name the absences, one line a reason."""
    found: dict[str, list[str]] = {}
    for one in series:
        for period, cell in one.points.items():
            if not cell.written:
                found.setdefault(cell.kind, []).append(f"{one.name} ({period})")
    return [f"{LEGEND_LABELS[kind].capitalize()}{NBSP}: {', '.join(names)}." for kind, names in found.items()]


def _draw_ground(sheet: Sheet, plot: _Plot, breaks: dict[int, str], *, unit: str) -> None:
    box = plot.box
    decimals = 0 if all(float(mark).is_integer() for mark in plot.marks) else 1
    decimals = 2 if any(round(mark, 1) != mark for mark in plot.marks) else decimals
    for mark in plot.marks:
        y = plot.y(mark)
        sheet.line([box.x, box.right], [y, y], colour=HAIR, width=0.5, gid="grid")
        sheet.text(
            box.x - 1.5, y + 0.9, number(mark, decimals), size=SMALL, colour=GREY, align="right", gid="tick"
        )
    label = UNIT_LABELS.get(unit, "")
    sheet.text(box.x - LEFT, box.y - 2.6, label, size=SMALL, colour=GREY, gid="unit")
    step = max(1, -(-len(plot.periods) * 9 // int(box.width)))
    for period in plot.periods[::step]:
        sheet.text(plot.x(period), box.bottom + 3.6, str(period), size=SMALL, colour=GREY, align="center",
                   gid="period")  # fmt: skip
    for period, words in breaks.items():
        x = _middle(plot, period)
        sheet.line(
            [x, x], [box.y - 1, box.bottom], colour=ACCENT, width=1.0, style=(0, (3, 2)), gid=f"break-{period}"
        )
        half = measured(words, SMALL) / 2
        middle = min(max(x, box.x + half), box.right + NAMES - half)
        sheet.text(middle, box.y - 2.2, words, size=SMALL, colour=ACCENT, align="center", gid="break-label")


def _middle(plot: _Plot, period: int) -> float:
    """Give the abscissa between a period and the one before."""
    rank = plot.periods.index(period)
    return (plot.x(plot.periods[max(rank - 1, 0)]) + plot.x(period)) / 2 - (3.0 if rank == 0 else 0.0)


def _colour(one: _Series) -> str:
    return GREY if one.role == "comparator" else GROUP_COLOURS.get(one.role, BLUE)


def _draw_line(
    sheet: Sheet, plot: _Plot, one: _Series, breaks: dict[int, str], *, pen: tuple[float, float]
) -> None:
    """Draw the pieces of a line between its absences and the breaks."""
    thick, size = pen
    colour, compared = _colour(one), one.role == "comparator"
    piece: list[tuple[float, float]] = []
    for period, cell in [*one.points.items(), (plot.periods[-1] + 1, None)]:
        if cell is None or period in breaks or not cell.written:
            if len(piece) > 1:
                sheet.line([x for x, _ in piece], [y for _, y in piece], colour=colour, width=thick,
                           style=(0, (3, 1.6)) if compared else "-", gid="line")  # fmt: skip
            piece = []
        if cell is None or not cell.written or cell.value is None:
            continue
        x, y = plot.x(period), plot.y(cell.value)
        piece.append((x, y))
        if cell.low is not None and cell.high is not None:
            top, bottom = plot.y(cell.high), plot.y(cell.low)
            sheet.rectangle(Box(x - 0.8, top, 1.6, bottom - top), facecolor=INTERVAL, edgecolor="none", alpha=0.75,
                            gid="interval")  # fmt: skip
        sheet.marker(x, y, "s" if compared else "o", colour=colour, fill=PAPER if compared else colour, size=size,
                     gid="value")  # fmt: skip


def _draw_ends(sheet: Sheet, plot: _Plot, series: list[_Series], *, unit: str, right: float) -> None:
    """Name each line at its end, names pushed apart."""
    ends = sorted(((plot.y(one.known[-1][1]), one) for one in series if one.known), key=lambda end: end[0])
    wanted = np.array([y for y, _ in ends])
    placed = _apart(wanted, plot.box)
    start = plot.box.right + 3
    for (y, one), at in zip(ends, placed, strict=True):
        period, value = one.known[-1]
        text = quantity(value, unit)
        room = right - start - measured(text, SMALL, "semibold") - 3
        sheet.line([plot.x(period) + 1, start - 0.6], [y, at], colour=HAIR, width=0.5, gid="leader")
        sheet.text(
            start, at + 0.9, shorten(one.name, room, size=SMALL), size=SMALL, colour=_colour(one), gid="name"
        )
        sheet.text(
            right, at + 0.9, text, size=SMALL, weight="semibold", colour=_colour(one), align="right", gid="end"
        )


def _apart(wanted: np.ndarray, box: Box) -> np.ndarray:
    """Push increasing ordinates apart inside a box, the same way each time."""
    placed = wanted.astype(float).copy()
    for rank in range(1, len(placed)):
        placed[rank] = max(placed[rank], placed[rank - 1] + APART)
    over = placed[-1] - (box.bottom - 0.5)
    if over > 0:
        placed[-1] -= over
        for rank in range(len(placed) - 2, -1, -1):
            placed[rank] = min(placed[rank], placed[rank + 1] - APART)
    return placed


def describe_time_series(values: pd.DataFrame, *, unit: str, caption: Caption) -> str:
    """Say the chart in words; same arguments as :func:`time_series`. Hidden values are counted, never given."""
    series, breaks = _read(values, unit=unit)
    parts = [f"Graphique{NBSP}: {caption.title}.", f"{caption.subtitle}." if caption.subtitle else "",
             f"{plural(len(series), 'série')}."]  # fmt: skip
    for one in series:
        said = [f"{period}{NBSP}: {quantity(value, unit)}" for period, value in one.known]
        parts.append(f"{one.name}, {' ; '.join(said)}." if said else f"{one.name}{NBSP}: aucune valeur publiée.")
    parts += [f"Rupture avant {period}{NBSP}: {words}." for period, words in breaks.items()]
    parts += [absences([cell for one in series for cell in one.points.values()]),
              caption.caveat or NOT_A_DISCRIMINATION]  # fmt: skip
    return typographic(" ".join(part for part in parts if part).replace("..", "."))


FIGURES.register(FigureKind("time_series", _NAME, time_series, describe_time_series))
