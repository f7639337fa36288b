"""The local table: any csv or workbook keyed by a QPV, IRIS, commune or EPCI code, declared by a small TOML.

Much of what a lead holds comes this way: an extraction of a mission locale, of a landlord, of a Caf. Nothing
is taken in silence: every column is either a variable or ignored for a written reason, an empty cell means what
the declaration says, and a table with one row per person or household is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from diagnostic.errors import Fault, InputError
from diagnostic.formatting import enumeration
from diagnostic.ingestion.local_declaration import (
    EMPTY,
    UNKNOWN_NOTE,
    Declaration,
    declaration_of,
    is_declared,
    load,
)
from diagnostic.ingestion.local_draft import draft
from diagnostic.ingestion.local_keys import KEY_SHAPES, other_generation, padded, unknown_codes
from diagnostic.ingestion.source import Recognition, Tables
from diagnostic.ingestion.tabular import numbers, read_table
from diagnostic.schemas import MEASURE_COLUMNS
from diagnostic.vocabulary import COUNT_UNITS, PeriodBasis, Status, is_fictional

if TYPE_CHECKING:
    from pathlib import Path

    from diagnostic.ingestion.document import Document
    from diagnostic.ingestion.local_declaration import ColumnSection
    from diagnostic.ingestion.tabular import Table

__all__ = ["Account", "account", "declaration_of", "draft", "is_declared", "load", "read", "recognise", "said"]

SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Account:
    """What reading a local table left aside, to be said to the person.

    Parameters
    ----------
    rows
        Rows of the file.
    places
        Codes kept.
    repeated
        Codes that stood on several equal rows, collapsed.
    unknown
        Codes that the shipped list does not know: no outline will be found for them.
    hidden
        Counts of a public table that are under its threshold: they will not be shown.
    """

    rows: int
    places: int
    repeated: int
    unknown: tuple[str, ...]
    hidden: int


def recognise(document: Document, path: Path) -> Recognition:
    """Recognise a table by its declaration.

    Parameters
    ----------
    document
        The table.
    path
        Its declaration.

    Raises
    ------
    ConfigurationError, InputError
        When the declaration or the table cannot be used.
    """
    declaration = load(path)
    codes = _codes(document, declaration, _sheet(document, declaration))
    fictional = [is_fictional(declaration.table.niveau, code) for code in codes]
    return Recognition(
        declaration.source,
        declaration.table.edition,
        "déclarée par son fichier TOML",
        fictional=bool(fictional) and all(fictional),
    )


def read(document: Document, declaration: Declaration) -> Tables:
    """Read a local table as its declaration says.

    Parameters
    ----------
    document
        A delimited file, a workbook or a parquet file.
    declaration
        See :func:`load`.

    Returns
    -------
    Tables
        ``measures`` only. Marks of secrecy are ``suppressed``; an empty cell is ``suppressed``, ``missing`` or
        ``not_released`` as ``vide`` says. Counts are as the file gives them, small ones too: the analysis protects
        a public table as a whole.

    Raises
    ------
    InputError
        When a column is neither declared nor ignored, a code is of another kind or generation, a key is repeated
        with other values (a table of persons or households is refused), or a figure is unreadable; all at once.
    """
    return Tables(measures=_measures(document, declaration)[0])


def account(document: Document, declaration: Declaration) -> Account:
    """Count what reading a table collapses, hides or cannot place.

    Raises
    ------
    InputError
        As :func:`read`.
    """
    measures, rows, repeated = _measures(document, declaration)
    codes = sorted(set(measures["code"]))
    return Account(
        rows=rows,
        places=len(codes),
        repeated=repeated,
        unknown=tuple(unknown_codes(codes, declaration)),
        hidden=_small(measures, declaration),
    )


def said(document: Document, path: Path) -> str:
    """Say in French, after what a table is, which of its codes are on no list; nothing when all are known."""
    unknown = account(document, load(declaration_of(path))).unknown
    if not unknown:
        return ""
    more = "…" if len(unknown) > SHOWN else ""
    return (
        f" ; codes absents de la liste livrée ({len(unknown)}), sans contour ni comparaison :"
        f" {', '.join(unknown[:SHOWN])}{more}"
    )


def _sheet(document: Document, declaration: Declaration) -> Table:
    table = declaration.table
    sheet = read_table(document, [table.cle, *declaration.colonnes], sheet=table.feuille)
    faults = []
    declared = {table.cle, *declaration.colonnes, *declaration.ignorer}
    forgotten = [name for name in sheet.frame.columns if name not in declared]
    if forgotten:
        lines = " ; ".join(f'"{name}" = "raison"' for name in forgotten[: 2 * SHOWN])
        faults.append(
            Fault(
                f"{len(forgotten)} colonnes ne sont ni lues ni ignorées",
                file=document.name,
                sheet=sheet.sheet,
                found=enumeration(forgotten[: 2 * SHOWN]),
                expected="une rubrique [colonnes.…] ou une ligne de [ignorer] pour chacune",
                remedy=f"ajoutez à [ignorer], avec la vraie raison : {lines}",
            )
        )
    absent = [name for name in declaration.ignorer if name not in sheet.frame.columns]
    faults += [
        Fault(
            "colonne à ignorer absente du fichier",
            file=document.name,
            column=name,
            expected=enumeration(forgotten or list(sheet.frame.columns), last="ou"),
            remedy="corrigez son titre dans [ignorer], ou retirez la ligne",
        )
        for name in absent
    ]
    if faults:
        raise InputError(faults)
    return sheet


def _codes(document: Document, declaration: Declaration, sheet: Table) -> pd.Series[str]:
    """Read the codes of the key: all of the declared kind and generation, zeros restored."""
    table = declaration.table
    codes = padded(sheet.frame[table.cle].str.strip(), table.niveau)
    shape, said = KEY_SHAPES[table.niveau, table.generation]
    strange = codes[~codes.str.fullmatch(shape).astype(bool)]
    if strange.empty:
        return codes
    other = [code for code in strange if other_generation(code, table.generation)]
    what = (
        f"{len(other)} codes sont d’une autre génération de quartiers que celle de la déclaration"
        if other
        else f"{len(strange)} codes ne sont pas du niveau déclaré ({table.niveau})"
    )
    raise InputError(
        Fault(
            what,
            file=document.name,
            sheet=sheet.sheet,
            line=int(strange.index[0]),
            column=table.cle,
            expected=said,
            found=", ".join((other or list(strange))[:SHOWN]) or "cellule vide",
            remedy="corrigez « generation » ou « niveau » dans la déclaration ; deux générations ne se mêlent pas",
        )
    )


def _measures(document: Document, declaration: Declaration) -> tuple[pd.DataFrame, int, int]:
    sheet = _sheet(document, declaration)
    codes = _codes(document, declaration, sheet)
    cells = sheet.frame[list(declaration.colonnes)].apply(lambda column: column.str.strip())
    kept, repeated = _once(document, declaration, codes, cells)
    faults: list[Fault] = []
    frames = []
    for name, column in declaration.colonnes.items():
        try:
            frames.append(_column(document, declaration, codes[kept], cells.loc[kept, name], column))
        except InputError as problem:
            faults += problem.faults
    if faults:
        raise InputError(faults)
    measures = pd.concat(frames, ignore_index=True).sort_values(
        ["code", "variable", "group", "period"], ignore_index=True
    )
    return measures[MEASURE_COLUMNS], len(codes), repeated


def _small(measures: pd.DataFrame, declaration: Declaration) -> int:
    shown = measures["unit"].isin(COUNT_UNITS) & (declaration.table.diffusion == "publique")
    return int((shown & measures["value"].gt(0) & measures["value"].lt(declaration.table.seuil)).sum())


def _once(
    document: Document, declaration: Declaration, codes: pd.Series[str], cells: pd.DataFrame
) -> tuple[pd.Series[bool], int]:
    """Keep one row a code; equal rows collapse when the declaration says so, unequal ones are refused."""
    repeated = codes.duplicated(keep=False)
    distinct = cells.assign(_code=codes).drop_duplicates()
    unequal = sorted(set(distinct["_code"][distinct["_code"].duplicated()]))
    allowed = declaration.table.repetition == "identique"
    count = int(codes[repeated].nunique())
    if unequal or (count and not allowed):
        listed = unequal or sorted(set(codes[repeated]))
        raise InputError(
            Fault(
                f"{len(listed)} codes sont sur plusieurs lignes"
                + (" aux valeurs différentes" if unequal else " égales"),
                file=document.name,
                column=declaration.table.cle,
                expected="une ligne par territoire : une table de personnes ou de ménages est refusée",
                found=", ".join(listed[:SHOWN]),
                remedy="demandez au producteur des effectifs par territoire"
                if unequal
                else 'si le producteur répète la valeur (par commune), écrivez repetition = "identique"',
            )
        )
    return ~codes.duplicated(), count


def _column(
    document: Document,
    declaration: Declaration,
    codes: pd.Series[str],
    cells: pd.Series[str],
    column: ColumnSection,
) -> pd.DataFrame:
    table = declaration.table
    marks = {mark.casefold() for mark in table.secret}
    secret = cells.str.casefold().isin(marks)
    empty = cells == ""
    values = numbers(cells.mask(secret, ""), file=document.name).to_numpy(dtype="float64").copy()
    _check_bounds(document, cells, values, column)
    unknown = EMPTY[column.vide or table.vide]
    status = np.where(secret, str(Status.SUPPRESSED), np.where(empty, str(unknown), str(Status.OBSERVED)))
    note = np.where(empty & (unknown == Status.NOT_RELEASED), UNKNOWN_NOTE, "")
    stated = table.periode_connue if column.periode_connue is None else column.periode_connue
    return pd.DataFrame(
        {
            "level": table.niveau,
            "code": codes.to_numpy(),
            "vintage": declaration.vintage,
            "period": declaration.period(column) or 0,
            "variable": column.variable,
            "group": column.groupe,
            "source": declaration.source,
            "edition": table.edition,
            "value": values,
            "unit": column.unite,
            "status": status,
            "note": note,
            "period_basis": str(PeriodBasis.STATED if stated else PeriodBasis.EDITION),
        }
    )


def _check_bounds(document: Document, cells: pd.Series[str], values: np.ndarray, column: ColumnSection) -> None:
    outside = (column.unite == "percent") & ((values < 0) | (values > 100))  # noqa: PLR2004 - a share
    outside |= np.isin(column.unite, COUNT_UNITS) & (values < 0)
    if outside.any():
        rows = np.flatnonzero(outside)
        raise InputError(
            Fault(
                f"{len(rows)} valeurs hors des bornes de l’unité « {column.unite} »",
                file=document.name,
                line=int(cells.index[rows[0]]),
                column=str(cells.name),
                expected="de 0 à 100" if column.unite == "percent" else "un effectif positif",
                remedy="corrigez l’unité, ou ignorez cette colonne en écrivant pourquoi",
            )
        )
