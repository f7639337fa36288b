"""Small tables that a lead fills in beside the inventory: recourse, credits, state of the plans."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from diagnostic.action_model import Kind, fields
from diagnostic.errors import InputError
from diagnostic.ingestion.actions.cells import NOWHERE, UnreadableError, read_cell
from diagnostic.ingestion.document import open_document
from diagnostic.ingestion.headings import column_of
from diagnostic.ingestion.tabular import read_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from diagnostic.action_model import Field
    from diagnostic.errors import Fault
    from diagnostic.ingestion.actions.cells import Places, Value
    from diagnostic.ingestion.tabular import Table

# What was read of plans in Hauts-de-France, with its sources; a lead's own ``ptlcd.csv`` takes its place.
PLANS: Final = Path(__file__).with_name("ptlcd.csv")
# What one line is about.
KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "recours": ("nature", "perimetre", "annee"), "credits_p147": ("annee",), "acces_droit": ("qpv", "lieu"),
    "ptlcd": ("territoire",),
}  # fmt: skip
_TYPES: Final = {Kind.EUROS: "float64", Kind.COUNT: "int64", Kind.YEAR: "int64"}


def blank(name: str) -> str:
    r"""Give the csv to fill in: its titles.

    Examples
    --------
    >>> blank("credits_p147")
    'annee;montant;source\n'
    """
    return ";".join(fields(name)) + "\n"


def read_lead_table(path: Path, name: str, *, places: Places = NOWHERE) -> pd.DataFrame:
    """Read a small table, csv or workbook.

    Parameters
    ----------
    path
        The file.
    name
        ``recours``, ``credits_p147``, ``acces_droit`` or ``ptlcd``.
    places
        Neighbourhoods that a cell may name, by code.

    Returns
    -------
    pandas.DataFrame
        The columns of :func:`diagnostic.action_model.fields`, codes for coded words.

    Raises
    ------
    InputError
        When a title, a required cell or a value is wrong, or two rows say different things of one; all at once.
    """
    known = fields(name)
    first = next(iter(known))
    document = open_document(path)
    rows = [row for head in document.heads.values() for row in head]
    title = next((word for row in rows if (word := column_of(row, first, known[first].label))), first)
    table = read_table(document, [title])
    columns = {code: column_of(table.frame.columns, code, field.label) for code, field in known.items()}
    faults = list(_absent(table, columns, known))
    read: list[dict[str, Value]] = []
    for line, row in zip(table.frame.index, table.frame.to_dict("records"), strict=True):
        cells = {code: str(row[column]).strip() for code, column in columns.items() if column}
        values, wrong = _values(table, int(line), cells, known=known, places=places)
        read.append(values)
        faults += wrong
    if faults:
        raise InputError(faults)
    found = pd.DataFrame(read, columns=list(known)).drop_duplicates(ignore_index=True)
    _check_repeated(table, found, KEYS[name])
    return found.astype({code: _TYPES.get(field.kind, "str") for code, field in known.items()})


def _absent(table: Table, columns: Mapping[str, str | None], known: Mapping[str, Field]) -> Iterator[Fault]:
    for code, field in known.items():
        if field.required and columns[code] is None:
            yield table.fault(
                "colonne obligatoire absente", line=table.header_line, column=code,
                expected=" ; ".join(known), remedy="ajoutez-la, même nom",
            )  # fmt: skip


def _values(
    table: Table, line: int, cells: Mapping[str, str], *, known: Mapping[str, Field], places: Places
) -> tuple[dict[str, Value], list[Fault]]:
    values: dict[str, Value] = dict.fromkeys(known, "")
    faults = []
    for code, text in cells.items():
        if not text:
            if known[code].required:
                faults.append(table.fault("case vide", line=line, column=code, remedy="remplissez-la"))
            continue
        try:
            values[code] = read_cell(text, known[code], places, sheets=False)
        except UnreadableError as problem:
            faults.append(table.fault(
                problem.what, line=line, column=code, expected=problem.expected,
                found=problem.found or f"« {text[:60]} »", remedy=problem.remedy,
            ))  # fmt: skip
    return values, faults


def _check_repeated(table: Table, found: pd.DataFrame, keys: Sequence[str]) -> None:
    """Refuse two lines that say different things of one."""
    twice = found[found.duplicated(list(keys), keep=False)]
    if not twice.empty:
        names = twice[list(keys)].drop_duplicates().astype(str).agg(" · ".join, axis="columns")
        raise InputError([
            table.fault("deux lignes différentes pour une même chose", found=name,
                        remedy="gardez celle qui a la bonne source")
            for name in names
        ])  # fmt: skip
