"""The inventory to fill in: drop-down lists, a line of help under each cell, one example row."""

from __future__ import annotations

import io
from datetime import datetime, time
from typing import TYPE_CHECKING, Final

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from diagnostic.action_model import EXAMPLE, SEPARATOR, SHEET, Field, Kind, fields
from diagnostic.formatting import typographic
from diagnostic.vocabulary import FICTIONAL_BANNER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

ROOM: Final = 500  # rows that carry lists
HEADER: Final = 3  # 0-based row of the titles
LISTS, HELP, QUARTERS = "Listes", "Aide", "Quartiers"
_TIP: Final = 255  # what a spreadsheet takes as the message of a cell
_WIDE: Final = {"intitule", "description", "indicateur_resultat", "domaines", "criteres", "partenaires"}
_FORMATS: Final = {Kind.DATE: "dd/mm/yyyy", Kind.EUROS: "#,##0.00", Kind.COUNT: "#,##0", Kind.PERCENT: "0"}


def template(
    rows: Sequence[Mapping[str, object]] = (),
    *,
    territory: str,
    generation: int,
    qpv: Mapping[str, str],
    day: date,
    fictional: bool = False,
) -> bytes:
    """Write the workbook, empty or holding some actions.

    Parameters
    ----------
    rows
        Actions to write, as :func:`~diagnostic.ingestion.actions.read_actions` gives them: codes of a cell joined
        by semicolons, dates as dates, absent values as None.
    territory
        Its name, as printed.
    generation
        Of the neighbourhoods' codes.
    qpv
        Code to name.
    day
        The only date in the file's properties.
    fictional
        Whether the banner of invented data is written.

    Returns
    -------
    bytes
        A workbook with the sheets ``Actions``, ``Aide``, ``Listes`` and ``Quartiers``; the same bytes for the same
        arguments.

    Examples
    --------
    >>> from datetime import date
    >>> book = template(territory="Lens", generation=2024, qpv={"QN06202M": "Le Moulin"}, day=date(2026, 1, 31))
    >>> book[:2]
    b'PK'
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties(
        {"created": datetime.combine(day, time()), "title": f"Inventaire des actions, {territory}"}
    )
    sheet = book.add_worksheet(SHEET)
    banner = f"{FICTIONAL_BANNER}. " if fictional else ""
    _head(book, sheet, f"{banner}Actions contre les discriminations : {territory}", generation=generation)
    _body(book, sheet, [_example(qpv), *rows])
    _help(book)
    _lists(book)
    _table(book, QUARTERS, [(f"Code (génération {generation})", "Quartier"), *qpv.items()], widths=(24, 70))
    book.close()
    return buffer.getvalue()


def _head(book: xlsxwriter.Workbook, sheet: Worksheet, title: str, *, generation: int) -> None:
    sheet.write(0, 0, typographic(title), book.add_format({"bold": True, "font_size": 14}))
    sheet.write(1, 0, typographic(
        "Une ligne par action. Les colonnes en gras se remplissent toujours. Dans une case qui prend plusieurs "
        f"réponses, séparez-les par un point-virgule. Quartiers : codes de la génération {generation}. "
        "Ne fusionnez pas de cases. Aucun nom de personne."
    ))  # fmt: skip
    for rank, field in enumerate(fields().values()):
        style = {"bold": field.required, "text_wrap": True, "bottom": 1, "bg_color": "#E8EDF3", "valign": "top"}
        sheet.write(HEADER, rank, field.label, book.add_format(style))
    sheet.set_row(HEADER, 32)
    sheet.freeze_panes(HEADER + 1, 2)
    sheet.autofilter(HEADER, 0, HEADER + ROOM, len(fields()) - 1)


def _example(qpv: Mapping[str, str]) -> dict[str, object]:
    cells = {code: field.example for code, field in fields().items()}
    return {**cells, "identifiant": f"{EXAMPLE} (ligne ignorée)", "qpv": next(iter(qpv), "")}


def _body(book: xlsxwriter.Workbook, sheet: Worksheet, rows: Sequence[Mapping[str, object]]) -> None:
    grey = book.add_format({"italic": True, "font_color": "#7A7A7A"})
    for rank, field in enumerate(fields().values()):
        form = book.add_format({"num_format": _FORMATS.get(field.kind, "@")})
        sheet.set_column(rank, rank, 34 if field.code in _WIDE else 19, form)
        first, last = HEADER + 1, HEADER + ROOM
        sheet.data_validation(first, rank, last, rank, _validation(field))
        for line, row in enumerate(rows):
            _write(sheet, first + line, rank, row.get(field.code), field=field, form=form if line else grey)


def _validation(field: Field) -> dict[str, object]:
    """Offer the list; where several words may stand, offer the first and let the others be typed."""
    tip = {
        "input_title": field.label[:32], "input_message": typographic(field.help)[:_TIP], "ignore_blank": True,
        "error_title": "Hors de la liste", "error_message": "Choisissez un mot de la liste (feuille « Aide »).",
    }  # fmt: skip
    if not field.choices:
        return {**tip, "validate": "any"}
    column = _list_columns()[field.code]
    source = f"={LISTS}!${column}$2:${column}${len(field.choices) + 1}"
    return {**tip, "validate": "list", "source": source, "show_error": not field.several}


def _list_columns() -> dict[str, str]:
    coded = [field.code for field in fields().values() if field.choices]
    return {code: xl_col_to_name(rank) for rank, code in enumerate(coded)}


def _write(
    sheet: Worksheet, row: int, column: int, value: object, *, field: Field,
    form: Format,
) -> None:  # fmt: skip
    if value is None or value == "" or value != value:  # noqa: PLR0124 - an absent number is not equal to itself
        return
    if isinstance(value, str):
        sheet.write_string(row, column, _labels(field, value), form)
    elif field.kind is Kind.DATE:
        sheet.write_datetime(row, column, datetime.combine(value, time()), form)  # type: ignore[arg-type]  # a date
    else:
        sheet.write_number(row, column, float(value), form)  # type: ignore[arg-type]  # a number


def _labels(field: Field, text: str) -> str:
    """Write codes as the list says them; a text is left as it is."""
    known = {one.code: one.label for one in field.choices}
    parts = text.split(SEPARATOR) if known and field.several else [text]
    return f" {SEPARATOR} ".join(known.get(part, part) for part in parts) if known else text


def _help(book: xlsxwriter.Workbook) -> None:
    rows = [("Colonne", "Obligatoire", "Plusieurs réponses", "Ce qu’il faut y mettre", "Réponses possibles")]
    rows += [
        (
            field.label, "oui" if field.required else "", "oui" if field.several else "", typographic(field.help),
            typographic(" ; ".join(one.label for one in field.choices)),
        )
        for field in fields().values()
    ]  # fmt: skip
    _table(book, HELP, rows, widths=(28, 12, 12, 60, 90))


def _lists(book: xlsxwriter.Workbook) -> None:
    coded = [field for field in fields().values() if field.choices]
    sheet = book.add_worksheet(LISTS)
    bold = book.add_format({"bold": True})
    for rank, field in enumerate(coded):
        sheet.write(0, rank, field.label, bold)
        sheet.write_column(1, rank, [one.label for one in field.choices])
        sheet.set_column(rank, rank, 26)


def _table(book: xlsxwriter.Workbook, name: str, rows: Sequence[Sequence[str]], *, widths: Sequence[int]) -> None:
    sheet = book.add_worksheet(name)
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    for line, row in enumerate(rows):
        sheet.write_row(line, 0, row, wrap if line else bold)
    for rank, width in enumerate(widths):
        sheet.set_column(rank, rank, width)
    sheet.freeze_panes(1, 0)
