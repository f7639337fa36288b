"""Two indicators on one map: three classes of each, nine inks, and the letter of each cell in the list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from diagnostic.formatting import NBSP, number, plural, typographic
from diagnostic.publication.figures.caption import counted, sheet_for
from diagnostic.publication.figures.cells import VALUE, Cell, cells
from diagnostic.publication.figures.circles import Ink, absent, draw_circles
from diagnostic.publication.figures.classes import Classes, classes, written
from diagnostic.publication.figures.ground import (
    Basemap,
    draw_frame,
    draw_scale,
    map_height,
    name_communes,
    names_without_contours,
)
from diagnostic.publication.figures.legend import Legend, absences
from diagnostic.publication.figures.lettering import wrap
from diagnostic.publication.figures.listing import draw_list, list_height
from diagnostic.publication.figures.placing import Obstacles
from diagnostic.publication.figures.projection import Frame
from diagnostic.publication.figures.registry import FIGURES, FigureKind
from diagnostic.publication.figures.tables import refuse_origin, require
from diagnostic.publication.figures.theme import GREY, INK, PAPER, SMALL, Box
from diagnostic.vocabulary import ABSENCE_PRECEDENCE, UNIT_LABELS

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from matplotlib.figure import Figure

    from diagnostic.publication.figures.caption import Caption
    from diagnostic.publication.figures.theme import Sheet

# Rows: the second indicator from low to high; columns: the first. Both ways towards dark, blue or orange.
INKS: Final = (
    ("#ecebe6", "#a9c1dc", "#4a7ab5"),
    ("#e6bd9c", "#a58f8c", "#465a86"),
    ("#c8742f", "#84513a", "#1d2433"),
)
DARK: Final = ("#4a7ab5", "#465a86", "#84513a", "#1d2433")
LETTERS: Final = "ABC"
THREE: Final = 3
LIST_WIDTH: Final = 56.0
RADIUS: Final = 2.5
SQUARE: Final = 8.4
WIDE: Final = 11.0
_NAME: Final = "carte à deux indicateurs"


@dataclass(frozen=True, slots=True)
class _Pair:
    """One cell a place, its place among the nine where both values are written."""

    cells: dict[str, Cell]
    ranks: dict[str, tuple[int, int]]
    across: Classes
    down: Classes

    def code(self, place: str) -> str:
        """Give the letter and figure of a place, or the mark of its absence."""
        if place not in self.ranks:
            return self.cells[place].text()
        column, row = self.ranks[place]
        return f"{LETTERS[column]}{row + 1}"


def bivariate(
    values: pd.DataFrame, territories: gpd.GeoDataFrame, *, labels: tuple[str, str], units: tuple[str, str],
    caption: Caption, variables: tuple[str, str] = ("", ""), method: str = "quantiles",
    basemap: Basemap | None = None,
) -> Figure:  # fmt: skip
    """Draw two indicators on one map.

    Parameters
    ----------
    values
        Columns ``code``, ``x``, ``y``; ``x_status`` and ``y_status`` where they exist.
    territories
        ``code``, ``label``, ``geometry``; ``level``, ``number``, ``short_label`` where they exist.
    labels, units
        Of x then y, as printed.
    caption
        Words around the map.
    variables
        Names of the two indicators.
    method
        Rule of the classes, as in :func:`~diagnostic.publication.figures.classes.classes`.
    basemap
        The same territories already projected.

    Returns
    -------
    matplotlib.figure.Figure
        Numbered circles, a square of nine inks with limits and counts, the list with each one's letter and figure:
        the map is read without colours too. A place with one absent value bears its mark.

    Raises
    ------
    InputError
        When a column is absent or there is no row.
    RefusedError
        For shares of foreigners or immigrants.
    """
    refuse_origin(*variables)
    base = basemap or Basemap(territories)
    pair = _read(values, base, units=units, method=method)
    texts = {code: pair.code(code) for code in pair.cells}
    rows = list_height(base.places, LIST_WIDTH, values=texts, heading="classe")
    wide = caption.paper.width - LIST_WIDTH - 5
    marks = Legend(Classes(()), "", list(pair.cells.values()), (), wide)
    foot = 3 * SQUARE + 8
    high = map_height(base, wide, listed=rows - foot - marks.marks_height, paper=caption.paper)
    words = counted(caption, pair.cells.values(), contours=base.has_communes)
    sheet, room = sheet_for(words, max(high + 2 + foot + marks.marks_height, rows))
    box = Box(room.x + 0.2, room.y, wide, high)
    frame = Frame.around(base.bounds(), box, margin=0.06)
    shapes = base.draw_communes(sheet, frame) or names_without_contours(base, frame)
    contours = base.draw_contours(sheet, frame, colour="#c9cfd8", edge="#9aa3b2")
    taken = Obstacles()
    draw_scale(sheet, frame, taken)
    inks = {code: _ink(pair, code) for code in pair.cells}
    radii = np.full(len(base.places), RADIUS)
    draw_circles(sheet, frame, base, inks=inks, radii=radii, taken=taken)
    name_communes(sheet, frame, shapes, taken=taken, avoid=contours)
    draw_frame(sheet, box)
    listed = Box(room.right - LIST_WIDTH, room.y, LIST_WIDTH, rows)
    draw_list(sheet, listed, base.places, values=texts, heading="classe")
    _draw_square(sheet, pair, Box(room.x + 22, box.bottom + 3, wide - 22, foot), labels=labels, units=units)
    marks.draw_marks(sheet, room.x, box.bottom + 2 + foot)
    return sheet.figure


def _read(values: pd.DataFrame, basemap: Basemap, *, units: tuple[str, str], method: str) -> _Pair:
    require(values, ["code", "x", "y"], figure=_NAME)
    codes = [place.code for place in basemap.places]
    both = [
        cells(values.rename(columns={name: "value", f"{name}_status": "status"}), codes, unit=unit)
        for name, unit in zip("xy", units, strict=True)
    ]
    kept = {code: _joined(both[0][code], both[1][code]) for code in codes}
    held = [code for code in codes if kept[code].kind == VALUE]
    cuts = [classes([one[code].value or 0.0 for code in held], most=THREE, method=method) for one in both]
    ranks = {
        code: (cuts[0].of(both[0][code].value or 0.0), cuts[1].of(both[1][code].value or 0.0)) for code in held
    }
    return _Pair(kept, ranks, cuts[0], cuts[1])


def _joined(one: Cell, other: Cell) -> Cell:
    """Keep the stronger reason of absence of two cells."""
    hidden = [cell for cell in (one, other) if cell.kind != VALUE]
    order = [str(status) for status in ABSENCE_PRECEDENCE]
    return min(hidden, key=lambda cell: order.index(cell.kind) if cell.kind in order else 0, default=one)


def _ink(pair: _Pair, code: str) -> Ink:
    if code not in pair.ranks:
        return absent(pair.cells[code].kind)
    column, row = pair.ranks[code]
    colour = _colour(pair, column, row)
    look = {"facecolor": colour, "edgecolor": INK, "linewidth": 0.5}
    return Ink(look, PAPER if colour in DARK else INK)


def _colour(pair: _Pair, column: int, row: int) -> str:
    """Choose an ink so that the highest class of each is the last one even where there are two or one."""
    across, down = max(len(pair.across) - 1, 1), max(len(pair.down) - 1, 1)
    return INKS[round(row * 2 / down)][round(column * 2 / across)]


def _draw_square(sheet: Sheet, pair: _Pair, box: Box, *, labels: tuple[str, str], units: tuple[str, str]) -> None:
    """Draw the nine inks, how many places bear each, limits on both sides."""
    if not pair.ranks:
        sheet.text(box.x - 22, box.y + 5, "Aucun quartier n’a les deux valeurs.", size=SMALL, colour=GREY,
                   gid="legend-empty")  # fmt: skip
        return
    bottom = box.y + SQUARE * len(pair.down)
    for row in range(len(pair.down)):
        for column in range(len(pair.across)):
            cell = Box(box.x + column * WIDE, bottom - (row + 1) * SQUARE, WIDE, SQUARE)
            colour = _colour(pair, column, row)
            held = sum(rank == (column, row) for rank in pair.ranks.values())
            name = f"{LETTERS[column]}{row + 1}"
            sheet.rectangle(cell, facecolor=colour, edgecolor=PAPER, linewidth=1.0, gid=f"square-{name}")
            ink = PAPER if colour in DARK else INK
            middle = cell.x + WIDE / 2
            sheet.text(middle, cell.y + 3.7, name, size=SMALL, weight="semibold", colour=ink, align="center")
            sheet.text(middle, cell.y + 6.8, number(held), size=SMALL, colour=ink, align="center",
                       gid=f"held-{name}")  # fmt: skip
    for rank, text in enumerate(written(pair.across.limits, units[0])):
        sheet.text(box.x + rank * WIDE, bottom + 3.8, text, size=SMALL, align="center", gid=f"x-limit-{rank}")
    for rank, text in enumerate(written(pair.down.limits, units[1])):
        y = bottom - rank * SQUARE + 0.9
        sheet.text(box.x - 1.2, y, text, size=SMALL, align="right", gid=f"y-limit-{rank}")
    _draw_axes(sheet, box, labels=labels, units=units, right=box.x + WIDE * len(pair.across))


def _draw_axes(sheet: Sheet, box: Box, *, labels: tuple[str, str], units: tuple[str, str], right: float) -> None:
    """Name the two directions beside the square, and say how to read a cell."""
    room = box.right - right - 5
    x = right + 5
    y = box.y + 1
    for arrow, label, unit in zip(("\u2192", "\u2191"), labels, units, strict=True):
        text = f"{arrow} {typographic(label)}" + (f" ({UNIT_LABELS[unit]})" if UNIT_LABELS.get(unit) else "")
        y = sheet.paragraph(x, y, wrap(text, room, size=SMALL, most=2), size=SMALL, gid="axis") + 0.8
    said = "Dans chaque case\u00a0: sa lettre, son chiffre, le nombre de quartiers. Borne basse comprise."
    sheet.paragraph(x, y + 0.6, wrap(said, room, size=SMALL), size=SMALL, colour=GREY, gid="how")


def describe_bivariate(
    values: pd.DataFrame, territories: gpd.GeoDataFrame, *, labels: tuple[str, str], units: tuple[str, str],
    caption: Caption, variables: tuple[str, str] = ("", ""), method: str = "quantiles",
    basemap: Basemap | None = None,
) -> str:  # fmt: skip
    """Say the map in words; same arguments as :func:`bivariate`. Hidden values are counted, never given."""
    refuse_origin(*variables)
    base = basemap or Basemap(territories)
    pair = _read(values, base, units=units, method=method)
    found: dict[tuple[int, int], list[str]] = {}
    for place in base.places:
        if place.code in pair.ranks:
            found.setdefault(pair.ranks[place.code], []).append(place.name)
    limits = [written(one.limits, unit) for one, unit in zip((pair.across, pair.down), units, strict=True)]
    said = [
        f"{labels[0]} de {limits[0][column]} à {limits[0][column + 1]} et {labels[1]} de {limits[1][row]} à "
        f"{limits[1][row + 1]}{NBSP}: {', '.join(names)}."
        for (column, row), names in sorted(found.items())
    ]
    parts = [
        f"Carte{NBSP}: {caption.title}.", f"{caption.subtitle}." if caption.subtitle else "",
        f"{plural(len(pair.ranks), 'quartier')} avec les deux valeurs." if said else "Aucun quartier classé.",
        *said, absences(list(pair.cells.values())),
    ]  # fmt: skip
    return typographic(" ".join(part for part in parts if part).replace("..", "."))


FIGURES.register(FigureKind("bivariate", _NAME, bivariate, describe_bivariate))
