"""The difference between two groups inside each neighbourhood: women minus men, foreigners minus French."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from diagnostic.formatting import NBSP, number, quantity, typographic
from diagnostic.publication.figures.caption import NOT_A_DISCRIMINATION, Caption, counted, sheet_for
from diagnostic.publication.figures.cells import VALUE, Cell, cells
from diagnostic.publication.figures.ground import Place, places
from diagnostic.publication.figures.registry import FIGURES, FigureKind
from diagnostic.publication.figures.rows import NAMES, SIZE, draw_absence, draw_name, layout, ordered
from diagnostic.publication.figures.scales import Scale
from diagnostic.publication.figures.theme import GREY, GROUP_COLOURS, GROUP_PALES, PAPER, SMALL, Box, Sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd
    from matplotlib.figure import Figure

    from diagnostic.publication.figures.rows import Row

SHAPES: Final = {"women": "o", "foreign": "s"}
SIDES: Final = {
    "women": ("plus bas pour les femmes", "plus bas pour les hommes"),
    "foreign": ("plus bas pour les étrangers", "plus bas pour les Français"),
}
VALUES: Final = 16.0
HEAD: Final = 5.0
AXIS: Final = 5.0
BAR: Final = 2.5  # higher than the mark: a short interval is seen on both sides of it


def group_gap_chart(
    values: pd.DataFrame, *, territories: gpd.GeoDataFrame | pd.DataFrame, group: str, caption: Caption,
    unit: str = "points", listed: Sequence[Place] | None = None,
) -> Figure:  # fmt: skip
    """Draw the difference between two groups in each neighbourhood.

    Parameters
    ----------
    values
        Columns ``code``, ``value`` (first group minus second); ``status``, ``low``, ``high``, ``reliability``
        where they exist.
    territories
        ``code``, ``label``; ``level``, ``number``, ``short_label`` where they exist.
    group
        ``"women"`` (minus men) or ``"foreign"`` (minus French): the colour of the marks. Differences by
        nationality keep list order, so that no ranking is made of them.
    caption
        Words around the chart.
    unit
        Unit of the differences.
    listed
        The neighbourhoods already read from the territories.

    Returns
    -------
    matplotlib.figure.Figure
        One row a neighbourhood around zero; those without a value are named with the reason.
    """
    every = listed or places(territories)
    shown = cells(values, [place.code for place in every], unit=unit)
    rows = layout(ordered(every, shown, by_value=group != "foreign"))
    words = counted(replace(caption, caveat=caption.caveat or NOT_A_DISCRIMINATION), shown.values())
    high = rows[-1].top + rows[-1].height
    sheet, room = sheet_for(words, HEAD + high + AXIS)
    plot = Box(room.x + NAMES + 3, room.y + HEAD, room.width - NAMES - VALUES - 8, high)
    bounds = [bound for cell in shown.values() for bound in (cell.value, cell.low, cell.high) if bound is not None]
    scale = Scale.over([*bounds, 0.0], plot) if bounds else None
    zero = scale.x(0) if scale else plot.right
    if scale:
        scale.draw(sheet, unit, zero=True)
        _draw_sides(sheet, scale, group, y=room.y + 2.6)
    for row in rows:
        draw_name(sheet, row, x=room.x, right=room.right, top=plot.y)
        cell = shown[row.place.code]
        if scale and cell.value is not None:
            _draw_row(sheet, row, cell, scale=scale, group=group, right=room.right)
        else:
            draw_absence(sheet, row, cell, x=plot.x, top=plot.y, room=zero - plot.x)
    return sheet.figure


def _draw_sides(sheet: Sheet, scale: Scale, group: str, *, y: float) -> None:
    """Say what each side of zero means."""
    zero = scale.x(0)
    left, right = SIDES[group]
    if scale.marks[0] < 0:
        sheet.text(zero - 2, y, f"\u2190 {left}", size=SMALL, colour=GREY, align="right", gid="side-left")
    if scale.marks[-1] > 0:
        room = scale.box.right + 20 - zero
        if room > 34:  # noqa: PLR2004 - millimetres of the words
            sheet.text(zero + 2, y, f"{right} \u2192", size=SMALL, colour=GREY, gid="side-right")


def _draw_row(sheet: Sheet, row: Row, cell: Cell, *, scale: Scale, group: str, right: float) -> None:
    y, colour = scale.box.y + row.middle, GROUP_COLOURS[group]
    code, value = row.place.code, cell.value or 0.0
    if cell.low is not None and cell.high is not None and cell.high > cell.low:
        left = scale.x(cell.low)
        sheet.rectangle(
            Box(left, y - BAR / 2, scale.x(cell.high) - left, BAR), facecolor=GROUP_PALES[group], edgecolor="none",
            gid=f"interval-{code}",
        )  # fmt: skip
    sheet.line([scale.x(0), scale.x(value)], [y, y], colour=colour, width=0.9, gid="span")
    sheet.marker(
        scale.x(value), y, SHAPES[group], colour=colour, fill=colour if cell.kind == VALUE else PAPER, size=5.4,
        gid=f"value-{code}",
    )  # fmt: skip
    sheet.text(
        right - 0.5, y + 0.9, cell.text(signed=True), size=SIZE, weight="semibold", colour=colour, align="right",
        gid=f"text-{code}",
    )  # fmt: skip


def describe_group_gap_chart(
    values: pd.DataFrame, *, territories: gpd.GeoDataFrame | pd.DataFrame, group: str, caption: Caption,
    unit: str = "points", listed: Sequence[Place] | None = None,
) -> str:  # fmt: skip
    """Say the chart in words; same arguments as :func:`group_gap_chart`. Hidden values are counted only."""
    every = listed or places(territories)
    shown = cells(values, [place.code for place in every], unit=unit)
    written = [
        f"{place.name}{NBSP}: {quantity(cell.value, unit, signed=True)}"
        for place in ordered(every, shown, by_value=group != "foreign")
        if (cell := shown[place.code]).written and cell.value is not None
    ]
    hidden = len(every) - len(written)
    parts = [
        f"Graphique{NBSP}: {caption.title}.",
        f"{caption.subtitle}." if caption.subtitle else "",
        f"{' ; '.join(written)}." if written else "Aucune valeur publiée.",
        f"{number(hidden)} quartier{'s' if hidden > 1 else ''} sans valeur écrite." if hidden else "",
        NOT_A_DISCRIMINATION,
    ]
    return typographic(" ".join(part for part in parts if part).replace("..", "."))


FIGURES.register(FigureKind("group_gap_chart", "écarts entre groupes", group_gap_chart, describe_group_gap_chart))
