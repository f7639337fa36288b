"""Criteria by domains: greys that a photocopier keeps, the number in each cell, a mark where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from diagnostic.formatting import NBSP, number, quantity, typographic
from diagnostic.publication.figures.caption import counted, sheet_for
from diagnostic.publication.figures.cells import VALUE, mark, read
from diagnostic.publication.figures.classes import Classes, classes
from diagnostic.publication.figures.grid import Grid
from diagnostic.publication.figures.legend import Legend, absences
from diagnostic.publication.figures.lettering import width as measured
from diagnostic.publication.figures.marks import style
from diagnostic.publication.figures.registry import FIGURES, FigureKind
from diagnostic.publication.figures.tables import require
from diagnostic.publication.figures.theme import GREY, INK, PAPER, SMALL, Box
from diagnostic.vocabulary import UNIT_LABELS, Status

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from diagnostic.publication.figures.caption import Caption
    from diagnostic.publication.figures.cells import Cell
    from diagnostic.publication.figures.theme import Sheet

GREYS: Final = ("#f3f3f2", "#dadad8", "#b9b9b7", "#7d7d7b", "#464645")
_NAME: Final = "tableau croisé"
_ROW: Final = 6.2
_DEEP: Final = 3  # from this grey on, numbers are white


def heat_table(values: pd.DataFrame, *, unit: str, caption: Caption) -> Figure:
    """Draw a table of criteria by domains.

    Parameters
    ----------
    values
        Columns ``criterion``, ``domain`` (as printed), ``value``; ``status``, ``reliability``, ``n`` where they
        exist. Both keep the order of the rows; a pair without a row is without object.
    unit
        Unit of the values; a percentage whose base ``n`` is under 30 is not written.
    caption
        Words around the table.

    Returns
    -------
    matplotlib.figure.Figure
        A cell a pair, darker where the value is higher; what is hidden bears its hatch and its letter.

    Raises
    ------
    InputError
        When a column is absent, there is no row, or there are more domains than the paper can show.
    """
    rows, columns, shown = _read(values, unit=unit)
    known = [cell.value for cell in shown.values() if cell.written and cell.value is not None]
    levels = classes(known, method="quantiles")
    grid = Grid.over(rows, columns, width=caption.paper.width, least=_ROW)
    marks = Legend(Classes(()), unit, list(shown.values()), (), caption.paper.width)
    asked = [cell for cell in shown.values() if cell.kind != Status.NOT_APPLICABLE]
    sheet, room = sheet_for(counted(caption, asked), grid.height + 7.5 + marks.marks_height)
    grid.draw(sheet, room.x, room.y)
    for (row, column), cell in shown.items():
        _draw_cell(sheet, grid.cell(row, column, room.x, room.y), cell, levels, gid=f"{row}-{column}")
    said = f"Plus foncé{NBSP}: plus élevé" + (f" (en {UNIT_LABELS[unit]})" if UNIT_LABELS.get(unit) else "")
    said = f"{said}." if known else "Aucune valeur publiée."
    sheet.text(room.x, room.y + grid.height + 4, said, size=SMALL, colour=GREY, gid="legend-rule")
    marks.draw_marks(sheet, room.x, room.y + grid.height + 6)
    return sheet.figure


def _read(values: pd.DataFrame, *, unit: str) -> tuple[list[str], list[str], dict[tuple[int, int], Cell]]:
    require(values, ["criterion", "domain", "value"], figure=_NAME)
    rows, columns = (list(dict.fromkeys(values[name].astype(str))) for name in ("criterion", "domain"))
    given = {
        (str(row["criterion"]), str(row["domain"])): read(row, unit=unit) for row in values.to_dict("records")
    }
    empty = read({"value": None, "status": str(Status.NOT_APPLICABLE)}, unit=unit)
    found = {
        (rows.index(row), columns.index(column)): given.get((row, column), empty)
        for row in rows
        for column in columns
    }
    return rows, columns, found


def _draw_cell(sheet: Sheet, box: Box, cell: Cell, levels: Classes, *, gid: str) -> None:
    inner = Box(box.x + 0.3, box.y + 0.3, box.width - 0.6, box.height - 0.6)
    x, y = inner.x + inner.width / 2, inner.y + inner.height / 2 + 0.95
    if cell.kind == VALUE and cell.value is not None:
        rank = levels.of(cell.value) if len(levels) > 1 else 1
        rank = round(rank * (len(GREYS) - 1) / max(len(levels) - 1, 1)) if len(levels) > 1 else 1
        sheet.rectangle(inner, facecolor=GREYS[rank], edgecolor="none", gid=f"cell-{gid}")
        sheet.text(x, y, _text(cell), size=SMALL, align="center", weight="semibold",
                   colour=PAPER if rank >= _DEEP else INK, gid=f"value-{gid}")  # fmt: skip
        return
    if cell.kind == Status.NOT_APPLICABLE:
        sheet.text(x, y, mark(cell.kind), size=SMALL, colour=GREY, align="center", gid=f"absent-{gid}")
        return
    sheet.rectangle(inner, gid=f"cell-{gid}", **style(cell.kind))
    text = mark(cell.kind)
    wide = measured(text, SMALL) + 1.2
    sheet.rectangle(Box(x - wide / 2, y - 2.4, wide, 3.1), facecolor=PAPER, edgecolor="none", gid="mark-back")
    sheet.text(x, y, text, size=SMALL, align="center", gid=f"absent-{gid}")


def _text(cell: Cell) -> str:
    """Write a share to the unit: a cell of such a table rests on few people."""
    return number(cell.value or 0.0) if cell.unit == "percent" else cell.text()


def describe_heat_table(values: pd.DataFrame, *, unit: str, caption: Caption) -> str:
    """Say the table in words; same arguments as :func:`heat_table`. Hidden values are counted, never given."""
    rows, columns, shown = _read(values, unit=unit)
    parts = [f"Tableau{NBSP}: {caption.title}.", f"{caption.subtitle}." if caption.subtitle else ""]
    for rank, row in enumerate(rows):
        said = [
            f"{columns[column]} {quantity(cell.value, unit, decimals=0 if unit == 'percent' else None)}"
            for (line, column), cell in shown.items()
            if line == rank and cell.written and cell.value is not None
        ]
        parts.append(f"{row}{NBSP}: {', '.join(said)}." if said else "")
    asked = [cell for cell in shown.values() if cell.kind != Status.NOT_APPLICABLE]
    if not any(cell.written for cell in asked):
        parts.append("Aucune valeur publiée.")
    parts.append(absences(asked))
    return typographic(" ".join(part for part in parts if part).replace("..", "."))


FIGURES.register(FigureKind("heat_table", _NAME, heat_table, describe_heat_table))
