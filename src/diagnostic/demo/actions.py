"""An inventory of forty invented actions, as three partners send it: one workbook each, each in its own manner."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import xlsxwriter

from diagnostic.action_model import SEPARATOR, SHEET, Field, Kind, fields
from diagnostic.vocabulary import FICTIONAL_BANNER

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Cell = str | float | datetime
    Row = dict[str, str]

HERE: Final = Path(__file__).parent
FILES: Final = ("associations.xlsx", "collectivites.xlsx", "bailleur_et_emploi.xlsx")
CREATED: Final = datetime(2026, 1, 31)  # noqa: DTZ001 - a date in a file's properties, the same everywhere
_NARROW: Final = "\u202f"


def write_actions(folder: Path) -> list[Path]:
    """Write the inventory of the fictional territory.

    Parameters
    ----------
    folder
        Where to write; made if need be. Files of the same names are replaced.

    Returns
    -------
    list of pathlib.Path
        Three workbooks: the first as the template asks, the second with dates as text and columns in another
        order, the third with amounts as people write them. The same bytes each time.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in write_actions(Path(folder))]
    ['associations.xlsx', 'collectivites.xlsx', 'bailleur_et_emploi.xlsx']
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows = list(csv.DictReader((HERE / "actions.csv").read_text(encoding="utf-8").splitlines(), delimiter=";"))
    written = []
    for rank, (name, cell, order) in enumerate(zip(FILES, (_tidy, _typed, _spoken), _orders(), strict=True)):
        own = [row for row in rows if row["fichier"] == str(rank + 1)]
        path = folder / name
        path.write_bytes(_workbook(own, order, cell=cell))
        written.append(path)
    return written


def _orders() -> tuple[list[str], list[str], list[str]]:
    """Give the columns of each partner: all, those they filled turned round, and without the empty ones."""
    every = list(fields())
    filled = [code for code in every if code not in {"description", "instance", "valeur", "evaluation", "axe"}]
    return every, filled[::-1], filled


def _tidy(field: Field, text: str) -> Cell:
    if field.kind is Kind.DATE:
        return datetime.combine(date.fromisoformat(text), time())
    return float(text) if field.kind in {Kind.EUROS, Kind.COUNT} else _words(field, text)


def _typed(field: Field, text: str) -> Cell:
    return f"{date.fromisoformat(text):%d/%m/%Y}" if field.kind is Kind.DATE else _tidy(field, text)


def _spoken(field: Field, text: str) -> Cell:
    if field.kind is Kind.EUROS:
        return f"{int(text):,}".replace(",", _NARROW) + ",00 €"
    return text if field.kind is Kind.DATE else _tidy(field, text)


def _words(field: Field, text: str) -> str:
    if field.kind not in {Kind.CODE, Kind.CODES, Kind.QPV}:
        return text
    labels = {one.code: one.label for one in field.choices}
    return f" {SEPARATOR} ".join(labels.get(code, code) for code in text.split(","))


def _workbook(rows: Sequence[Row], order: Sequence[str], *, cell: Callable[[Field, str], Cell]) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": CREATED})
    sheet = book.add_worksheet(SHEET)
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write(0, 0, f"{FICTIONAL_BANNER} : ces actions n’existent pas")
    sheet.write_row(2, 0, [fields()[code].label for code in order])
    for line, row in enumerate(rows, start=3):
        for rank, code in enumerate(order):
            if text := row.get(code, ""):
                value = cell(fields()[code], text)
                sheet.write(line, rank, value, day if isinstance(value, datetime) else None)
    book.close()
    return buffer.getvalue()
