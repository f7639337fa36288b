"""What tables by Iris share: the year of the columns, the shape of a code, the place of each row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from diagnostic.errors import Fault, InputError
from diagnostic.formatting import enumeration
from diagnostic.ingestion.columns import unique_rows
from diagnostic.ingestion.tabular import Table, code_kinds, read_table
from diagnostic.vocabulary import Level

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from diagnostic.ingestion.document import Document, Header

CODE: Final = "IRIS"
SHAPE: Final = r"\d[0-9AB]\d{7}"
# Names and codes of the places around, which are not figures; the year of the urban units changes.
LABELS: Final = frozenset({
    "LIBIRIS", "COM", "LIBCOM", "REG", "DEP", "UU2010", "UU2020", "TRIRIS", "GRD_QUART", "TYP_IRIS", "MODIF_IRIS",
    "LAB_IRIS",
})  # fmt: skip


def checked_year(
    document: Document, header: Header, *, years: Collection[str], missing: Sequence[str], file: str
) -> str:
    """Give the year that the names of the columns carry.

    Parameters
    ----------
    document, header
        The row of titles.
    years
        Years found in the names.
    missing
        Columns that every edition holds and that are not there.
    file
        What Insee calls such a file.

    Raises
    ------
    InputError
        When the columns are of several years, or some were lost.
    """
    again = "téléchargez de nouveau le fichier complet et ajoutez-le sans le modifier"
    if len(years) > 1:
        raise InputError(Fault(
            "colonnes de plusieurs années", file=document.name, sheet=header.sheet, line=header.line,
            expected="une seule année dans les noms de colonnes", found=", ".join(sorted(years)), remedy=again,
        ))  # fmt: skip
    if missing:
        raise InputError(Fault(
            "colonnes manquantes", file=document.name, sheet=header.sheet, line=header.line,
            expected=f"les colonnes publiées dans {file}", found=f"sans {enumeration(missing)}", remedy=again,
        ))  # fmt: skip
    return next(iter(years))


def read_iris(
    document: Document, needles: Sequence[str], *, sheet: str | None, vintage: int
) -> tuple[Table, pd.DataFrame]:
    """Read a table by Iris and the place of each of its rows.

    Parameters
    ----------
    document, needles, sheet
        See :func:`~diagnostic.ingestion.tabular.read_table`.
    vintage
        Year of the geography.

    Returns
    -------
    tuple of Table and pandas.DataFrame
        The text table, one row an Iris, and the columns ``level``, ``code``, ``vintage`` in the same order.

    Raises
    ------
    InputError
        When a code is not that of an Iris, or two rows of one code differ.
    """
    table = read_table(document, needles, sheet=sheet)
    column = next(name for name in table.frame.columns if name.strip().upper() == CODE)
    code_kinds(table, column, shapes={str(Level.IRIS): SHAPE})
    table = unique_rows(table, column)
    codes = table.frame[column].str.strip()
    return table, pd.DataFrame({"level": str(Level.IRIS), "code": codes, "vintage": vintage})
