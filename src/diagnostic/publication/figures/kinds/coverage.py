"""What is known and done, domain by criterion: signals, data, actions, and the blind spots between them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from diagnostic.formatting import NBSP, enumeration, plural, typographic
from diagnostic.publication.figures.caption import sheet_for
from diagnostic.publication.figures.grid import Grid
from diagnostic.publication.figures.lettering import width as measured
from diagnostic.publication.figures.registry import FIGURES, FigureKind
from diagnostic.publication.figures.tables import require
from diagnostic.publication.figures.theme import ACCENT, BLUE, GREY, HAIR, INK, SMALL, Box

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from diagnostic.publication.figures.caption import Caption
    from diagnostic.publication.figures.theme import Sheet

ASPECTS: Final = ("signals", "data", "actions")
ASPECT_LABELS: Final = {"signals": "signaux (ressenti, réclamations)", "data": "données", "actions": "actions"}
SHAPES: Final = {"signals": "o", "data": "s", "actions": "^"}
COLOURS: Final = {"signals": ACCENT, "data": BLUE, "actions": INK}
BLIND: Final = {"no_data": "signaux sans données", "no_action": "données sans action"}
_NAME: Final = "matrice de couverture"
_ROW: Final = 6.6
_SIZE: Final = 3.4


@dataclass(frozen=True, slots=True)
class _Spot:
    """One pair: what it has (``None`` where that is unknown)."""

    signals: bool | None
    data: bool | None
    actions: bool | None

    @property
    def blind(self) -> str:
        """Name its blind spot, or nothing."""
        if self.signals and self.data is False:
            return "no_data"
        return "no_action" if self.data and self.actions is False else ""


def coverage(values: pd.DataFrame, *, caption: Caption) -> Figure:
    """Draw which domains and criteria have signals, data and actions.

    Parameters
    ----------
    values
        Columns ``domain``, ``criterion`` (as printed), ``signals``, ``data``, ``actions``: counts or booleans,
        empty where unknown. Both keep the order of the rows; a pair without a row is left blank.
    caption
        Words around the matrix.

    Returns
    -------
    matplotlib.figure.Figure
        Three glyphs a pair, full where there is something, a small point where there is nothing; a thick frame
        round signals without data, a dashed one round data without action.

    Raises
    ------
    InputError
        When a column is absent, there is no row, or there are more criteria than the paper can show.
    """
    rows, columns, spots = _read(values)
    grid = Grid.over(rows, columns, width=caption.paper.width, least=_ROW)
    sheet, room = sheet_for(replace(caption, count=None), grid.height + 11)
    grid.draw(sheet, room.x, room.y)
    for (row, column), spot in spots.items():
        _draw_spot(sheet, grid.cell(row, column, room.x, room.y), spot, gid=f"{row}-{column}")
    _draw_legend(sheet, spots, x=room.x, y=room.y + grid.height + 4.5)
    return sheet.figure


def _read(values: pd.DataFrame) -> tuple[list[str], list[str], dict[tuple[int, int], _Spot]]:
    require(values, ["domain", "criterion", *ASPECTS], figure=_NAME)
    rows, columns = (list(dict.fromkeys(values[name].astype(str))) for name in ("domain", "criterion"))
    spots = {
        (rows.index(str(row["domain"])), columns.index(str(row["criterion"]))): _Spot(
            *(_present(row[name]) for name in ASPECTS)
        )
        for row in values.to_dict("records")
    }
    return rows, columns, spots


def _present(value: object) -> bool | None:
    return value > 0 if isinstance(value, (int, float)) and math.isfinite(value) else None


def _draw_spot(sheet: Sheet, box: Box, spot: _Spot, *, gid: str) -> None:
    middle = box.y + box.height / 2
    step = min(box.width / 3.4, 4.2)
    if spot.blind:
        frame = Box(box.x + 0.6, box.y + 0.6, box.width - 1.2, box.height - 1.2)
        _draw_blind(sheet, frame, spot.blind, gid=f"blind-{spot.blind}-{gid}")
    for rank, name in enumerate(ASPECTS):
        x = box.x + box.width / 2 + (rank - 1) * step
        _draw_aspect(sheet, x, middle, name, getattr(spot, name), size=min(_SIZE, step * 1.9), gid=f"{name}-{gid}")


def _draw_blind(sheet: Sheet, frame: Box, kind: str, *, gid: str) -> None:
    dashed = kind == "no_action"
    sheet.rectangle(
        frame, facecolor="none", edgecolor=BLUE if dashed else ACCENT, linewidth=1.3,
        linestyle=(0, (2, 1.4)) if dashed else "-", gid=gid,
    )  # fmt: skip


def _draw_aspect(
    sheet: Sheet, x: float, y: float, name: str, present: bool | None, *, size: float, gid: str
) -> None:
    if present is None:
        sheet.text(x, y + 0.9, "?", size=SMALL, colour=GREY, align="center", gid=f"unknown-{gid}")
    elif present:
        sheet.marker(x, y, SHAPES[name], colour=COLOURS[name], fill=COLOURS[name], size=size, gid=f"has-{gid}")
    else:
        sheet.marker(x, y, "o", colour=HAIR, fill=HAIR, size=1.2, gid=f"none-{gid}")


def _draw_legend(sheet: Sheet, spots: dict[tuple[int, int], _Spot], *, x: float, y: float) -> None:
    left = x + 1.2
    for name in ASPECTS:
        _draw_aspect(sheet, left, y - 0.9, name, present=True, size=_SIZE, gid=f"legend-{name}")
        sheet.text(left + 2.6, y, ASPECT_LABELS[name], size=SMALL, gid=f"legend-label-{name}")
        left += 2.6 + measured(ASPECT_LABELS[name], SMALL) + 4.5
    sheet.marker(left, y - 0.9, "o", colour=HAIR, fill=HAIR, size=1.2, gid="legend-none")
    sheet.text(left + 1.8, y, "rien de recensé", size=SMALL, gid="legend-label-none")
    left += 1.8 + measured("rien de recensé", SMALL) + 4.5
    sheet.text(left, y, f"?{NBSP}: inconnu", size=SMALL, gid="legend-label-unknown")
    left = x + 0.4
    for name, words in BLIND.items():
        held = sum(spot.blind == name for spot in spots.values())
        _draw_blind(sheet, Box(left, y + 2.1, 5, 3.2), name, gid=f"legend-{name}")
        text = f"{words}{NBSP}: {held or 'aucun'}"
        sheet.text(left + 6.4, y + 4.6, text, size=SMALL, weight="semibold", gid=f"legend-label-{name}")
        left += 6.4 + measured(text, SMALL, "semibold") + 6


def describe_coverage(values: pd.DataFrame, *, caption: Caption) -> str:
    """Say the matrix in words; same arguments as :func:`coverage`."""
    rows, columns, spots = _read(values)
    parts = [f"Matrice{NBSP}: {caption.title}.", f"{caption.subtitle}." if caption.subtitle else "",
             f"{plural(len(rows), 'domaine')}, {plural(len(columns), 'critère')}."]  # fmt: skip
    for name, words in BLIND.items():
        held = [f"{rows[row]} × {columns[column]}" for (row, column), spot in spots.items() if spot.blind == name]
        parts.append(f"{words.capitalize()}{NBSP}: {enumeration(held) if held else 'aucun'}.")
    return typographic(" ".join(part for part in parts if part).replace("..", "."))


FIGURES.register(FigureKind("coverage", _NAME, coverage, describe_coverage))
