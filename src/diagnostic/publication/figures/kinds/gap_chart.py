"""Each neighbourhood beside its comparators: one strong mark, grey marks, an interval wide enough to see."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from diagnostic.formatting import NBSP, number, quantity, typographic
from diagnostic.publication.figures.caption import NOT_A_DISCRIMINATION, Caption, counted, sheet_for
from diagnostic.publication.figures.cells import VALUE, Cell, cells
from diagnostic.publication.figures.ground import Place, places
from diagnostic.publication.figures.lettering import shorten
from diagnostic.publication.figures.lettering import width as measured
from diagnostic.publication.figures.registry import FIGURES, FigureKind
from diagnostic.publication.figures.rows import NAMES, SIZE, draw_absence, draw_name, layout, ordered
from diagnostic.publication.figures.scales import Scale
from diagnostic.publication.figures.theme import (
    BLUE,
    GREY,
    INTERVAL,
    MID,
    PAPER,
    SMALL,
    Box,
    Sheet,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    import pandas as pd
    from matplotlib.figure import Figure

    from diagnostic.publication.figures.rows import Row

SHAPES: Final = {
    "commune": "o", "epci": "s", "unite_urbaine": "P", "departement": "v", "region": "^",
    "france": "D", "qpv_departement_median": "d", "epci_hors_qpv": "X", "commune_hors_qpv": "*",
    "contrat": "p",
}  # fmt: skip
KIND_LABELS: Final = {
    "commune": "commune du quartier", "epci": "intercommunalité", "unite_urbaine": "unité urbaine",
    "departement": "département", "region": "région", "france": "France",
    "qpv_departement_median": "médiane des QPV du département", "epci_hors_qpv": "EPCI hors QPV",
    "commune_hors_qpv": "commune hors QPV", "contrat": "ensemble des QPV du contrat",
}  # fmt: skip
VALUES: Final = 16.0
LEGEND_ROW: Final = 4.2
AXIS: Final = 5.0
BAR: Final = 2.5  # higher than the mark: a short interval is seen on both sides of it


@dataclass(frozen=True, slots=True)
class _Drawing:
    """What the drawing and its description share."""

    rows: list[Row]
    cells: dict[str, Cell]
    references: dict[str, dict[str, list[float]]]
    legend: list[tuple[str, str, str]]


def _prepare(
    values: pd.DataFrame, comparisons: pd.DataFrame, listed: Sequence[Place], *, unit: str, by_value: bool
) -> _Drawing:
    shown = cells(values, [place.code for place in listed], unit=unit)
    known = comparisons[comparisons["comparator_value"].notna() & comparisons["code"].isin(list(shown))]
    references: dict[str, dict[str, list[float]]] = {}
    legend = []
    for kind in SHAPES:
        rows = known[known["comparator_kind"] == kind]
        if rows.empty:
            continue
        references[kind] = {
            str(code): sorted(set(part.astype(float))) for code, part in rows.groupby("code")["comparator_value"]
        }
        same = len(rows[["comparator_label", "comparator_value"]].drop_duplicates()) == 1
        name = str(rows["comparator_label"].iloc[0]) if same else KIND_LABELS[kind]
        amount = quantity(float(rows["comparator_value"].iloc[0]), unit) if same else ""
        legend.append((kind, name, amount))
    return _Drawing(layout(ordered(listed, shown, by_value=by_value)), shown, references, legend)


def gap_chart(
    values: pd.DataFrame, comparisons: pd.DataFrame, *, territories: gpd.GeoDataFrame | pd.DataFrame, unit: str,
    caption: Caption, by_value: bool = True, listed: Sequence[Place] | None = None,
) -> Figure:  # fmt: skip
    """Draw each neighbourhood's value beside those of its comparators.

    Parameters
    ----------
    values
        Columns ``code``, ``value``; ``status``, ``low``, ``high``, ``reliability`` where they exist.
    comparisons
        Columns ``code``, ``comparator_kind``, ``comparator_label``, ``comparator_value``.
    territories
        ``code``, ``label``; ``level``, ``number``, ``short_label`` where they exist.
    unit
        Unit of the values.
    caption
        Words around the chart.
    by_value
        Whether rows are sorted by value; false keeps list order, as shares of population and survey rates must.
    listed
        The neighbourhoods already read from the territories.

    Returns
    -------
    matplotlib.figure.Figure
        One row a neighbourhood; those without a value are named with the reason.
    """
    drawing = _prepare(values, comparisons, listed or places(territories), unit=unit, by_value=by_value)
    words = counted(replace(caption, caveat=caption.caveat or NOT_A_DISCRIMINATION), drawing.cells.values())
    legend = _legend_lines(drawing, caption.paper.width)
    head = LEGEND_ROW * len(legend) + 1
    high = drawing.rows[-1].top + drawing.rows[-1].height
    sheet, room = sheet_for(words, head + high + AXIS)
    plot = Box(room.x + NAMES, room.y + head, room.width - NAMES - VALUES, high)
    _draw_legend(sheet, legend, room)
    numbers = [bound for cell in drawing.cells.values() for bound in (cell.value, cell.low, cell.high)]
    numbers += [value for known in drawing.references.values() for values in known.values() for value in values]
    known = [value for value in numbers if value is not None]
    if known:
        scale = Scale.over(known, Box(plot.x + 3, plot.y, plot.width - 8, plot.height))
        scale.draw(sheet, unit)
    for row in drawing.rows:
        draw_name(sheet, row, x=room.x, right=room.right, top=plot.y)
        cell = drawing.cells[row.place.code]
        if cell.value is None:
            draw_absence(sheet, row, cell, x=plot.x + 3, top=plot.y)
        if known:
            _draw_row(sheet, row, drawing, scale=scale, right=room.right)
    return sheet.figure


def _draw_row(sheet: Sheet, row: Row, drawing: _Drawing, *, scale: Scale, right: float) -> None:
    cell, y = drawing.cells[row.place.code], scale.box.y + row.middle
    others = {kind: known[row.place.code] for kind, known in drawing.references.items() if row.place.code in known}
    if cell.value is None:
        return
    if others:
        ends = [scale.x(value) for values in (*others.values(), [cell.value]) for value in values]
        sheet.line([min(ends), max(ends)], [y, y], colour=MID, width=0.7, gid="span")
    if cell.low is not None and cell.high is not None and cell.high > cell.low:
        left = scale.x(cell.low)
        sheet.rectangle(
            Box(left, y - BAR / 2, scale.x(cell.high) - left, BAR), facecolor=INTERVAL, edgecolor="none",
            gid=f"interval-{row.place.code}",
        )  # fmt: skip
    for kind, value in ((kind, value) for kind, values in others.items() for value in values):
        sheet.marker(scale.x(value), y, SHAPES[kind], colour=GREY, gid=f"comparator-{kind}-{row.place.code}")
    filled = BLUE if cell.kind == VALUE else PAPER
    sheet.marker(scale.x(cell.value), y, "o", colour=BLUE, fill=filled, size=5.6, gid=f"value-{row.place.code}")
    sheet.text(
        right - 0.5, y + 0.9, cell.text(), size=SIZE, weight="semibold", colour=BLUE, align="right",
        gid=f"text-{row.place.code}",
    )  # fmt: skip


def _legend_lines(drawing: _Drawing, width: float) -> list[list[tuple[str, str]]]:
    """Break the legend into lines that fit."""
    items = [("qpv", "quartier")]
    if any((cell.high or 0) > (cell.low or 0) for cell in drawing.cells.values()):
        items.append(("interval", "intervalle modélisé à 95 %"))
    items += [(kind, f"{name} : {amount}" if amount else name) for kind, name, amount in drawing.legend]
    lines: list[list[tuple[str, str]]] = [[]]
    used = 0.0
    for kind, name in items:
        text = shorten(typographic(name), 100, size=SMALL)
        room = 6 + measured(text, SMALL) + 4
        if lines[-1] and used + room > width:
            lines.append([])
            used = 0.0
        lines[-1].append((kind, text))
        used += room
    return lines


def _draw_legend(sheet: Sheet, lines: list[list[tuple[str, str]]], room: Box) -> None:
    for rank, line in enumerate(lines):
        x, y = room.x + 1.4, room.y + LEGEND_ROW * rank + 2
        for kind, text in line:
            if kind == "qpv":
                sheet.marker(x + 0.8, y - 0.2, "o", colour=BLUE, fill=BLUE, size=6.5, gid="legend-qpv")
            elif kind == "interval":
                sheet.rectangle(
                    Box(x - 1.2, y - 1.45, 4.6, BAR), facecolor=INTERVAL, edgecolor="none", gid="legend-interval"
                )
            else:
                sheet.marker(x + 0.8, y - 0.2, SHAPES[kind], colour=GREY, gid=f"legend-{kind}")
            sheet.text(x + 4.2, y + 0.7, text, size=SMALL, colour=GREY, gid=f"legend-label-{kind}")
            x += 6 + measured(text, SMALL) + 4


def describe_gap_chart(
    values: pd.DataFrame, comparisons: pd.DataFrame, *, territories: gpd.GeoDataFrame | pd.DataFrame, unit: str,
    caption: Caption, by_value: bool = True, listed: Sequence[Place] | None = None,
) -> str:  # fmt: skip
    """Say the chart in words; same arguments as :func:`gap_chart`. Hidden values are counted, never given."""
    drawing = _prepare(values, comparisons, listed or places(territories), unit=unit, by_value=by_value)
    parts = [f"Graphique{NBSP}: {caption.title}.", f"{caption.subtitle}." if caption.subtitle else ""]
    parts += [f"{name}{NBSP}: {amount}." for _, name, amount in drawing.legend if amount]
    written = [
        f"{row.place.name}{NBSP}: {quantity(cell.value, unit)}"
        for row in drawing.rows
        if (cell := drawing.cells[row.place.code]).written and cell.value is not None
    ]
    parts.append(f"{' ; '.join(written)}." if written else "Aucune valeur publiée.")
    parts.append(_hidden(drawing.cells))
    parts.append(NOT_A_DISCRIMINATION)
    return typographic(" ".join(part for part in parts if part).replace("..", "."))


def _hidden(shown: Mapping[str, Cell]) -> str:
    count = sum(not cell.written for cell in shown.values())
    if not count:
        return ""
    return f"{number(count)} quartier{'s' if count > 1 else ''} sans valeur écrite."


FIGURES.register(FigureKind("gap_chart", "écarts aux comparateurs", gap_chart, describe_gap_chart))
