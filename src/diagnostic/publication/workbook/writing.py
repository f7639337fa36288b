"""The only home of xlsxwriter in the documents: sheets in, xlsx bytes out."""

from __future__ import annotations

import io
from datetime import datetime, time
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import xlsxwriter

from diagnostic.formatting import long_date
from diagnostic.publication.workbook.complements import COMPLEMENTS
from diagnostic.publication.workbook.declared import DECLARED, MARKS
from diagnostic.publication.workbook.statistics import STATISTICS
from diagnostic.vocabulary import FICTIONAL_BANNER, STATUS_LABELS, STATUS_MARKS, Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from diagnostic.analysis.disclosure.public import PublicTables
    from diagnostic.publication.workbook.columns import Column, Sheet

WIDEST: Final = 60
NARROWEST: Final = 9
SHEETS: Final = (*STATISTICS[:-4], *DECLARED, *COMPLEMENTS, *STATISTICS[-4:])


def write_workbook(tables: PublicTables) -> bytes:
    """Make the workbook.

    Parameters
    ----------
    tables
        What may be published.

    Returns
    -------
    bytes
        An xlsx file, the same for the same tables. Text is never read as a formula; absent values carry their
        mark, and nothing lies in a hidden sheet.
    """
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(buffer, options)
    identity = tables.identity
    book.set_properties({
        "title": f"Indicateurs – {identity.name}", "author": identity.author,
        "created": datetime.combine(identity.edition_date, time()),
        "comments": FICTIONAL_BANNER if identity.fictional else "",
    })  # fmt: skip
    formats = _formats(book)
    filled = [(sheet, sheet.table(tables)) for sheet in SHEETS]
    shown = [(sheet, table) for sheet, table in filled if len(table) or not sheet.optional]
    _cover(book, tables, formats)
    for sheet, table in shown:
        _write(book, sheet, table, formats)
    _dictionary(book, [sheet for sheet, _ in shown], formats)
    book.close()
    return buffer.getvalue()


def _formats(book: xlsxwriter.Workbook) -> dict[str, Any]:
    font = {"font_name": "Calibri", "font_size": 10, "valign": "top"}
    return {
        "text": book.add_format({**font, "num_format": "@"}),
        "number": book.add_format({**font, "num_format": "#,##0.0##"}),
        "whole": book.add_format({**font, "num_format": "#,##0"}),
        "year": book.add_format({**font, "num_format": "0"}),
        "mark": book.add_format({**font, "font_color": "#595959", "italic": True, "align": "right"}),
        "header": book.add_format({**font, "bold": True, "bottom": 1, "text_wrap": True, "bg_color": "#E9EDF2"}),
        "title": book.add_format({**font, "bold": True, "font_size": 16}),
        "wrapped": book.add_format({**font, "text_wrap": True}),
    }


def _cover(book: xlsxwriter.Workbook, tables: PublicTables, formats: dict[str, Any]) -> None:
    identity = tables.identity
    page = book.add_worksheet("À lire")
    page.hide_gridlines(2)
    page.set_column(0, 0, 100)
    lines = [
        f"Territoire\u00a0: {identity.name}",
        f"Quartiers prioritaires\u00a0: génération {identity.generation}",
        f"Date\u00a0: {long_date(identity.edition_date)}",
        "Un écart n’est pas une discrimination\u00a0: il dit où regarder, pas pourquoi.",
        "Une valeur absente porte une marque\u00a0:",
        *_meanings({mark: STATUS_LABELS[status] for status, mark in STATUS_MARKS.items()}),
        *_survey_lines(tables),
        "Les codes sont enregistrés comme du texte\u00a0: ne les convertissez pas en nombres.",
        "La feuille «\u00a0Dictionnaire\u00a0» explique chaque colonne.",
    ]
    if identity.fictional:
        lines.insert(0, f"{FICTIONAL_BANNER}\u00a0: aucun chiffre de ce classeur n’est réel.")
    page.write_string(0, 0, "Indicateurs du diagnostic territorial", formats["title"])
    for row, line in enumerate(lines, start=2):
        page.write_string(row, 0, line, formats["wrapped"])


def _survey_lines(tables: PublicTables) -> list[str]:
    if tables.card.empty:
        return []
    return [
        "Dans la feuille «\u00a0Ressenti\u00a0»\u00a0:",
        *_meanings(MARKS),
        "Un ressenti n’est ni une preuve ni une rumeur.",
        "Ces chiffres ne permettent de comparer ni les quartiers, ni deux enquêtes.",
    ]


def _meanings(marks: Mapping[str, str]) -> list[str]:
    """Give a mark a line: a wrapped line covers the next one where the office suite sets no height."""
    return [f"\u2003{mark} = {label}" for mark, label in marks.items()]


def _write(book: xlsxwriter.Workbook, sheet: Sheet, table: pd.DataFrame, formats: dict[str, Any]) -> None:
    page = book.add_worksheet(sheet.title)
    page.freeze_panes(1, 0)
    for position, column in enumerate(sheet.columns):
        cells = cells_of(table, column)
        page.write_string(0, position, column.title, formats["header"])
        for row, cell in enumerate(cells, start=1):
            _put(page, (row, position), cell, column, formats)
        width = max([len(column.title), *(len(str(cell)) for cell in cells)])
        page.set_column(position, position, min(max(width + 2, NARROWEST), WIDEST))
    page.autofilter(0, 0, max(len(table), 1), len(sheet.columns) - 1)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)


def cells_of(table: pd.DataFrame, column: Column) -> list[Any]:
    """Give the cells of a column as they are read: words in French, a mark for each absence."""
    values: list[Any] = [_flat(value) for value in table[column.name].tolist()]
    if column.words is not None:
        return [column.words.get(str(value), str(value)) for value in values]
    if not column.marked:
        return values
    return [mark if pd.isna(value) else value for value, mark in zip(values, _marks(table), strict=True)]


def _marks(table: pd.DataFrame) -> list[str]:
    """Give the mark of each row: its own, else that of its status, else "missing"."""
    missing = STATUS_MARKS[Status.MISSING]
    marks = {str(status): mark for status, mark in STATUS_MARKS.items()}
    states = table["status"].tolist() if "status" in table else [""] * len(table)
    own = table["mark"].tolist() if "mark" in table else [""] * len(table)
    return [mark or marks.get(str(state), missing) for mark, state in zip(own, states, strict=True)]


def _flat(value: Any) -> Any:  # noqa: ANN401 - any cell
    """Write several words in one cell."""
    return value if isinstance(value, str) or not hasattr(value, "__iter__") else ", ".join(map(str, value))


def _put(page: Any, place: tuple[int, int], cell: Any, column: Column, formats: dict[str, Any]) -> None:  # noqa: ANN401 - xlsxwriter has no types
    if not isinstance(cell, str) and pd.isna(cell):
        page.write_blank(*place, None, formats["text"])
    elif isinstance(cell, str):
        page.write_string(*place, cell, formats["mark" if column.marked else "text"])
    elif column.name in {"period", "vintage", "number", "rank"}:
        page.write_number(*place, cell, formats["year"])
    else:
        page.write_number(*place, cell, formats["number" if isinstance(cell, float) else "whole"])


def _dictionary(book: xlsxwriter.Workbook, sheets: Sequence[Sheet], formats: dict[str, Any]) -> None:
    page = book.add_worksheet("Dictionnaire")
    page.freeze_panes(1, 0)
    for position, (title, width) in enumerate((("Feuille", 18), ("Colonne", 24), ("Signification", 80))):
        page.write_string(0, position, title, formats["header"])
        page.set_column(position, position, width)
    row = 1
    for sheet in sheets:
        for column in sheet.columns:
            for position, text in enumerate((sheet.title, column.title, column.meaning)):
                page.write_string(row, position, text, formats["wrapped"])
            row += 1
