"""The one reader of tables: delimited text, sheets of a workbook, parquet.

Every cell is read as text, and every row keeps the number of its line, so that a fault can name file, sheet,
line and column. Turning text into numbers is a second step that accepts what French producers write and
refuses everything else.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from diagnostic.errors import Fault, InputError
from diagnostic.ingestion.document import Document, Header, Kind, cell_text, open_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

SHOWN_FAULTS: Final = 10
SPREADSHEET_REMEDY: Final = (
    "téléchargez de nouveau le fichier et ajoutez-le sans l’ouvrir ni l’enregistrer dans un tableur"
    " (ou importez-y la colonne des codes au format Texte)"
)

_SPACES = " \t\u00a0\u202f"
_NUMBER = (
    r"^[+\-\x{2212}\x{2013}]?(?:\d{1,3}(?:[ \x{00A0}\x{202F}]\d{3})+|\d+)"
    r"(?:[.,]\d+)?(?:[eE][+\-\x{2212}]?\d+)?$"
)
_SCIENTIFIC = re.compile(r"\d+(?:[.,]\d+)?[eE]\+?\d+")
_BARE_NUMBER = re.compile(r"\d+(?:[.,]0+)?")
_LOST_SPACES = re.compile(r"[-+]?\d{1,3}(?:[?\ufffd]\d{3})+(?:[.,]\d+)?")


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A whole sheet as text.

    Parameters
    ----------
    file, sheet
        Where it was read; ``sheet`` is ``None`` for a file without sheets.
    header_line
        1-based line of the column names.
    frame
        Text columns under their published names; the index holds 1-based line numbers.
    """

    file: str
    sheet: str | None
    header_line: int
    frame: pd.DataFrame

    def fault(
        self, what: str, *, line: int | None = None, column: str | None = None,
        expected: str | None = None, found: str | None = None, remedy: str | None = None,
    ) -> Fault:  # fmt: skip
        """Describe something wrong in this table, its place filled in."""
        return Fault(
            what, file=self.file, sheet=self.sheet, line=line, column=column, expected=expected, found=found,
            remedy=remedy,
        )  # fmt: skip


def read_table(
    document: Document, needles: Sequence[str], *, sheet: str | None = None, first_column: str | None = None
) -> Table:
    """Read a sheet whole, its header found by content.

    Parameters
    ----------
    document
        A delimited file, a workbook or a parquet file.
    needles
        Column names that the header row holds, compared without case.
    sheet
        Sheet of a workbook; by default the first that has such a row.
    first_column
        Name for the first column where the producer left it without one.

    Returns
    -------
    Table
        Blank rows left out, their numbers kept by the others.

    Raises
    ------
    InputError
        When no row holds the needles, no row follows, a name stands twice, a column without name is not empty,
        a row has too many or too few cells, or the last row was cut by an unfinished transfer.
    """
    if document.kind is Kind.PARQUET:
        return _read_parquet(document)
    header = document.header(needles, sheet=sheet) if sheet or document.kind is Kind.DELIMITED else None
    header = header or next(iter(document.headers(needles) if sheet is None else []), None)
    if header is None:
        raise InputError(Fault(
            "ligne de titres introuvable", file=document.name, sheet=sheet,
            expected=f"une ligne qui contient {', '.join(needles)}",
            found="aucune dans le haut du fichier", remedy="vérifiez que c’est le bon fichier, non modifié",
        ))  # fmt: skip
    names = _names(document, header, first_column=first_column)
    read = _read_delimited if document.kind is Kind.DELIMITED else _read_sheet
    frame = read(document, header, names=names)
    if frame.empty:
        raise InputError(Fault(
            "tableau sans aucune ligne", file=document.name, sheet=header.sheet, line=header.line,
            expected="au moins une ligne sous les titres", found="aucune",
            remedy="téléchargez de nouveau le fichier : il est peut-être coupé",
        ))  # fmt: skip
    return Table(document.name, header.sheet, header.line, frame)


def numbers(series: pd.Series[str], *, file: str | None = None, sheet: str | None = None) -> pd.Series[float]:
    """Read a text column as numbers, the French way.

    Parameters
    ----------
    series
        Text; its name is the column's, its index the line numbers.
    file, sheet
        Where it comes from, for the message.

    Returns
    -------
    pandas.Series
        ``float64``, same index; empty text gives NaN.

    Raises
    ------
    InputError
        When a cell is neither empty nor a number; all such cells are counted, the first ones shown.

    Examples
    --------
    >>> cells = pd.Series(["1\u202f035,5", "\u22120,2", "7,83e-03", ""], index=[2, 3, 4, 5], name="POP")
    >>> numbers(cells).tolist()
    [1035.5, -0.2, 0.00783, nan]
    """
    table = Table(file or "", sheet, 0, series.to_frame())
    values = number_matrix(table, [str(series.name)])[:, 0] if len(series) else np.empty(0)
    return pd.Series(values, index=series.index, name=series.name, dtype="float64")


def number_matrix(table: Table, columns: Sequence[str]) -> np.ndarray:
    """Read several text columns as numbers at once, all faults together.

    Parameters
    ----------
    table
        A text table.
    columns
        Names of its columns.

    Returns
    -------
    numpy.ndarray
        ``float64``, shape (rows, columns), NaN where the cell is empty.

    Raises
    ------
    InputError
        When a cell is neither empty nor a number.
    """
    rows = len(table.frame)
    cells = pa.chunked_array([_text_array(table.frame[name]) for name in columns], type=pa.large_string())
    encoded = cells.combine_chunks().dictionary_encode()
    words, positions = encoded.dictionary, np.asarray(encoded.indices)
    text = pc.utf8_trim(words, characters=_SPACES)
    valid = pc.match_substring_regex(text, pattern=_NUMBER)
    bad = ~(np.asarray(valid) | np.asarray(pc.equal(text, "")))
    if bad.any():
        where = np.flatnonzero(bad[positions])
        raise InputError(_number_faults(table, columns, where))
    plain = pc.replace_substring_regex(text, pattern=r"[ \x{00A0}\x{202F}+]", replacement="")
    plain = pc.replace_substring_regex(plain, pattern=r"[\x{2212}\x{2013}]", replacement="-")
    plain = pc.replace_substring(plain, pattern=",", replacement=".")
    parsed = pc.if_else(valid, plain, pa.scalar(None, plain.type)).cast(pa.float64())
    values = np.asarray(parsed.to_numpy(zero_copy_only=False), dtype="float64")
    matrix: np.ndarray = values[positions].reshape(len(columns), rows).T
    return matrix


def check_separators(table: Table, columns: Sequence[str]) -> None:
    """Refuse figures whose narrow spaces became question marks when the file was saved in an older encoding.

    Raises
    ------
    InputError
        At the first such cell.
    """
    for column in columns:
        lost = table.frame[column].str.strip().str.fullmatch(_LOST_SPACES.pattern).astype(bool)
        if lost.any():
            raise InputError(_lost_spaces_fault(table, column, int(lost.to_numpy().argmax())))


def code_kinds(table: Table, column: str, *, shapes: Mapping[str, str]) -> pd.Series[str]:
    """Say of each code which declared shape it has, and notice codes that a spreadsheet turned into numbers.

    Parameters
    ----------
    table, column
        The text table and its column of codes.
    shapes
        Name of a shape to the regular expression that a whole code matches; the first that fits is taken.

    Returns
    -------
    pandas.Series
        Names of shapes, indexed by line.

    Raises
    ------
    InputError
        When a code has none of the shapes.
    """
    codes = table.frame[column].str.strip()
    kinds = pd.Series("", index=codes.index, dtype=codes.dtype)
    for name, shape in reversed(list(shapes.items())):
        kinds = kinds.mask(codes.str.fullmatch(shape).astype(bool), name)
    strange = codes[kinds == ""]
    if not strange.empty:
        raise InputError([_code_fault(table, column, strange, shapes=shapes)])
    return kinds


def looks_damaged(codes: Sequence[str]) -> bool:
    """Say whether codes of communes or EPCI look like numbers written by a spreadsheet.

    Examples
    --------
    >>> looks_damaged(["2,00E+08"]), looks_damaged(["1001"]), looks_damaged(["200043396", "59350"])
    (True, True, False)
    """
    return any(_SCIENTIFIC.fullmatch(code) or re.fullmatch(r"\d{4}(?:[.,]0+)?", code) for code in codes)


def assemble(columns: Mapping[str, np.ndarray | tuple[Sequence[str], np.ndarray]]) -> pd.DataFrame:
    """Build a table whose text columns are given as a few words and the position of each row's word.

    Parameters
    ----------
    columns
        Either an array of numbers, or ``(words, positions)``.

    Returns
    -------
    pandas.DataFrame
        Text columns of the string type of the installed pandas; far cheaper than one Python string a row.

    Examples
    --------
    >>> assemble({"unit": (["percent", "euros"], np.array([0, 1, 1])), "value": np.array([1.0, 2.0, 3.0])})
          unit  value
    0  percent    1.0
    1    euros    2.0
    2    euros    3.0
    """
    arrays = {}
    for name, column in columns.items():
        if isinstance(column, np.ndarray):
            arrays[name] = pa.array(column)
        else:
            words, positions = column
            arrays[name] = pa.array(list(words), pa.large_string()).take(pa.array(positions))
    # One block a column, and numpy's NaN for an absent number: what pandas itself would build.
    frame: pd.DataFrame = pa.table(arrays).to_pandas()
    return frame


def _text_array(series: pd.Series[str]) -> pa.Array:
    array = pa.array(series, type=pa.large_string(), from_pandas=True)
    array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    return array.fill_null("")


def _names(document: Document, header: Header, *, first_column: str | None) -> list[str]:
    names = list(header.columns)
    if first_column and not names[0]:
        names[0] = first_column
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise InputError([
            Fault(
                "deux colonnes portent le même nom", file=document.name, sheet=header.sheet, line=header.line,
                column=name, expected="un nom par colonne", found=f"{names.count(name)} colonnes",
                remedy="téléchargez de nouveau le fichier, ou supprimez la colonne en trop si vous l’avez ajoutée",
            )
            for name in twice
        ])  # fmt: skip
    return names


def _read_delimited(document: Document, header: Header, *, names: Sequence[str]) -> pd.DataFrame:
    text = document.text()
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=document.delimiter or ";")
    width = 0
    for _ in range(header.line):
        width = len(next(reader))
    after = reader.line_num
    fields = [f"c{position}" for position in range(width)]
    named = {field: name for field, name in zip(fields, names, strict=False) if name}
    kinds = {field: pa.large_string() if field in named else pa.null() for field in fields}
    uneven: list[pacsv.InvalidRow] = []
    try:
        table = pacsv.read_csv(
            pa.py_buffer(text.encode()),
            read_options=pacsv.ReadOptions(use_threads=False, skip_rows=after, column_names=fields),
            parse_options=pacsv.ParseOptions(
                delimiter=document.delimiter or ";", newlines_in_values='"' in text, ignore_empty_lines=True,
                invalid_row_handler=lambda row: uneven.append(row) or "skip",  # type: ignore[func-returns-value]
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=kinds, null_values=[""], strings_can_be_null=False, quoted_strings_can_be_null=False
            ),
        )  # fmt: skip
        lines = None if uneven else _line_numbers(text, after, rows=table.num_rows)
    except pa.ArrowInvalid:
        lines = None
    if lines is None:
        return _read_uneven(document, header, names=names)
    frame: pd.DataFrame = table.select(list(named)).rename_columns(list(named.values())).to_pandas()
    return _without_blank_rows(frame.set_axis(lines, axis=0))


def _line_numbers(text: str, after: int, *, rows: int) -> pd.Index[int] | None:
    """Give each row the number of its line; ``None`` when a cell holds a line break: counting would lie."""
    lines = text.splitlines()[after:] if "\r" in text.replace("\r\n", "") else text.split("\n")[after:]
    if len(lines) - 1 == rows and not lines[-1].strip():
        return pd.RangeIndex(after + 1, after + 1 + rows, name="line")
    filled = [number for number, line in enumerate(lines, start=after + 1) if line.strip("\r\n")]
    return pd.Index(filled, name="line") if len(filled) == rows else None


def _read_uneven(document: Document, header: Header, *, names: Sequence[str]) -> pd.DataFrame:
    """Read row by row what the fast reader refused: line breaks in cells, rows cut short by a spreadsheet."""
    text = document.text()
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=document.delimiter or ";")
    rows = [(reader.line_num, row) for row in reader]
    _check_end(document, header, names=names, rows=rows, ended=text.endswith(("\n", "\r")))
    return _checked_rows(document, header, names=names, rows=iter(rows))


def _check_end(
    document: Document, header: Header, *, names: Sequence[str], rows: Sequence[tuple[int, list[str]]], ended: bool
) -> None:
    """Refuse a file whose last row stops before its last cell and its end of line: a transfer was interrupted."""
    if ended or len(rows) <= header.line:
        return
    line, last = rows[-1]
    # Producers and spreadsheets end rows with empty cells; one that a spreadsheet trims, it trims everywhere.
    full = len(rows[header.line - 1][1])
    width = full if len(rows[-2][1]) == full else len(names)
    if len(last) >= width:
        return
    whole = sum(any(cell.strip() for cell in row) for _, row in rows[header.line : -1])
    raise InputError(Fault(
        f"fichier tronqué après {whole} lignes complètes", file=document.name, sheet=header.sheet, line=line,
        expected=f"{width} cellules et une fin de ligne", found=f"{len(last)} cellules, puis plus rien",
        remedy="téléchargez de nouveau le fichier et attendez la fin du téléchargement",
    ))  # fmt: skip


def _read_sheet(document: Document, header: Header, *, names: Sequence[str]) -> pd.DataFrame:
    sheet = open_workbook(document.path).get_sheet_by_name(header.sheet or "")
    cells = sheet.to_python(skip_empty_area=False)
    rows = ((line, [cell_text(cell) for cell in row]) for line, row in enumerate(cells, start=1))
    return _checked_rows(document, header, names=names, rows=rows)


def _checked_rows(
    document: Document, header: Header, *, names: Sequence[str], rows: Iterator[tuple[int, list[str]]]
) -> pd.DataFrame:
    kept: list[list[str]] = []
    lines: list[int] = []
    faults: list[Fault] = []
    short = 0
    width = len(names)
    for position, (line, row) in enumerate(rows, start=1):
        if position <= header.line or not any(cell.strip() for cell in row):
            continue
        stray = next((cell for cell in row[width:] if cell.strip()), None) or next(
            (cell for cell, name in zip(row, names, strict=False) if not name and cell.strip()), None
        )
        if stray is not None or len(row) < width:
            short += len(row) < width
            faults.append(_uneven_fault(document, header, line=line, row=row, width=width, stray=stray))
        kept.append(row[:width])
        lines.append(line)
    if faults:
        raise InputError(_shown(faults))
    frame = pd.DataFrame(kept, columns=range(width), index=pd.Index(lines, name="line"), dtype=str)
    frame = frame[[position for position, name in enumerate(names) if name]]
    return frame.set_axis([name for name in names if name], axis=1)


def _uneven_fault(
    document: Document, header: Header, *, line: int, row: Sequence[str], width: int, stray: str | None
) -> Fault:
    if stray is not None:
        what, found = "valeur sous une colonne sans titre", repr(stray)
        expected = "un titre pour chaque colonne remplie"
    else:
        what, found = "ligne incomplète", f"{len(row)} cellules"
        expected = f"{width} cellules"
    return Fault(
        what, file=document.name, sheet=header.sheet, line=line, expected=expected, found=found,
        remedy="téléchargez de nouveau le fichier : il est peut-être coupé ou modifié",
    )  # fmt: skip


def _without_blank_rows(frame: pd.DataFrame) -> pd.DataFrame:
    first = frame.iloc[:, 0]
    if (first != "").all():
        return frame
    return frame[(frame != "").any(axis=1)]


def _read_parquet(document: Document) -> Table:
    try:
        table = pq.read_table(document.path)
        columns = [_as_text(column) for column in table.columns]
    except (pa.ArrowInvalid, OSError):
        raise InputError(Fault(
            "fichier parquet illisible", file=document.name, expected="un fichier complet",
            found="un contenu qui ne se lit pas jusqu’au bout",
            remedy="téléchargez-le de nouveau",
        )) from None  # fmt: skip
    frame: pd.DataFrame = pa.table(columns, names=table.column_names).to_pandas()
    return Table(document.name, None, 0, frame.set_axis(pd.RangeIndex(1, len(frame) + 1, name="line"), axis=0))


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    return column.cast(pa.large_string()).fill_null("")


def _shown(faults: list[Fault]) -> list[Fault]:
    if len(faults) <= SHOWN_FAULTS:
        return faults
    return [*faults[:SHOWN_FAULTS], Fault(f"et {len(faults) - SHOWN_FAULTS} autres du même genre")]


def _number_faults(table: Table, columns: Sequence[str], where: np.ndarray) -> list[Fault]:
    rows = len(table.frame)
    faults = []
    for position in where:
        column, row = columns[position // rows], position % rows
        if _LOST_SPACES.fullmatch(table.frame[column].iloc[row].strip()):
            return [_lost_spaces_fault(table, column, row)]
        faults.append(table.fault(
            "ce n’est pas un nombre", line=int(table.frame.index[row]), column=column.strip(),
            expected="un nombre ou une cellule vide", found=repr(table.frame[column].iloc[row]),
            remedy="téléchargez de nouveau le fichier, ou corrigez cette cellule si vous l’avez saisie",
        ))  # fmt: skip
    return _shown(faults)


def _lost_spaces_fault(table: Table, column: str, row: int) -> Fault:
    return table.fault(
        "séparateurs de milliers détruits par un réenregistrement du fichier",
        line=int(table.frame.index[row]), column=column.strip(), expected="1 082 ou 1082",
        found=repr(table.frame[column].iloc[row]),
        remedy="téléchargez de nouveau le fichier et ajoutez-le sans l’ouvrir ni l’enregistrer",
    )  # fmt: skip


def _code_fault(table: Table, column: str, strange: pd.Series[str], *, shapes: Mapping[str, str]) -> Fault:
    line, code = int(strange.index[0]), str(strange.iloc[0])
    more = f" (et {len(strange) - 1} autres)" if len(strange) > 1 else ""
    if _SCIENTIFIC.fullmatch(code) or _BARE_NUMBER.fullmatch(code):
        return table.fault(
            "codes devenus des nombres : le fichier a été enregistré par un tableur", line=line, column=column,
            expected="des codes complets, zéros compris (01001, 200043396)", found=f"{code!r}{more}",
            remedy=SPREADSHEET_REMEDY,
        )  # fmt: skip
    return table.fault(
        "code de territoire inconnu", line=line, column=column, expected=", ".join(shapes),
        found=f"{code!r}{more}", remedy="vérifiez que le fichier est celui du producteur, non modifié",
    )  # fmt: skip
