"""The cells of a survey file, every one as text, with the number of its line.

The reader of public tables quotes in its messages what it found; a survey cell is personal, so this one only
ever says where. It also streams big files and accepts several rows of titles and titles that stand twice.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv

from diagnostic.errors import Fault, InputError
from diagnostic.ingestion.document import Kind, cell_text, open_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

    from diagnostic.ingestion.document import Document

EXPORT_AGAIN: Final = "exportez de nouveau l’enquête et ajoutez le fichier sans l’ouvrir dans un tableur"
SHOWN_FAULTS: Final = 10
_BLOCK: Final = 1 << 22
_QUOTE, _NEWLINE = ord('"'), ord("\n")


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """A sheet as text, its titles apart.

    Parameters
    ----------
    file, sheet
        Where it was read; ``sheet`` is ``None`` for a file without sheets.
    titles
        Rows of titles, all of the same width.
    columns
        One array of text a column.
    lines
        1-based line number of each row.
    """

    file: str
    sheet: str | None
    titles: tuple[tuple[str, ...], ...]
    columns: tuple[pa.Array, ...]
    lines: pd.Index[int]

    def __repr__(self) -> str:
        return f"Cells({self.file!r}, rows={len(self.lines)}, columns={len(self.columns)})"

    def fault(self, what: str, *, line: int | None = None, column: str | None = None, expected: str | None = None,
              found: str | None = None, remedy: str | None = None) -> Fault:  # fmt: skip
        """Describe something wrong in this sheet, its place filled in."""
        return Fault(
            what, file=self.file, sheet=self.sheet, line=line, column=column, expected=expected, found=found,
            remedy=remedy,
        )  # fmt: skip


def read_cells(document: Document, *, titles: int = 1, sheet: str | None = None) -> Cells:
    """Read a survey sheet whole.

    Parameters
    ----------
    document
        A delimited file or a workbook.
    titles
        How many rows of titles it has.
    sheet
        Sheet of a workbook; by default the first that is not empty.

    Returns
    -------
    Cells
        Blank rows left out, their numbers kept by the others.

    Raises
    ------
    InputError
        When the file is cut, mixes two encodings, or has rows of unequal width; no value is quoted.
    """
    if document.kind is Kind.WORKBOOK:
        return _read_sheet(document, titles=titles, sheet=sheet)
    if document.kind is Kind.DELIMITED:
        return _read_delimited(document, titles=titles)
    raise InputError(Fault(
        "ce fichier n’est pas un tableau de réponses", file=document.name, expected="un csv ou un classeur",
        found=f"un fichier de nature « {document.kind} »", remedy="exportez les réponses de l’enquête en csv",
    ))  # fmt: skip


def _read_delimited(document: Document, *, titles: int) -> Cells:
    with _utf8(document) as stream:
        quotes, newlines, ends = _measure(stream)
        stream.seek(0)
        heading, after = _headings(stream, delimiter=document.delimiter or ";", titles=titles)
        # A tab file written without quoting keeps its quotation marks as plain characters.
        plain = quotes % 2 == 1 and document.delimiter == "\t"
        if quotes % 2 == 1 and not plain:
            raise InputError(_cut(document, stream))
        stream.seek(0)
        table, uneven = _parse(stream, document, width=len(heading[0]), after=after, plain=plain)
        lines = None
        if not uneven and newlines + (not ends) == after + table.num_rows:
            lines = pd.RangeIndex(after + 1, after + 1 + table.num_rows, name="line")
        if lines is None:
            stream.seek(0)
            starts = row_starts(stream, quoted=not plain)
            starts = starts[starts > after]
    if uneven:
        raise InputError(_uneven_faults(document, uneven, starts, width=len(heading[0])))
    lines = pd.Index(starts[: table.num_rows], name="line") if lines is None else lines
    columns = tuple(_one_array(column) for column in table.columns)
    return Cells(document.name, None, heading, columns, lines)


def _utf8(document: Document) -> BinaryIO:
    """Open the text as UTF-8 bytes; the file itself when it already is, so that it need not fit twice."""
    if document.encoding in ("utf-8", "utf-8-sig") and not document.compressed:
        return document.path.open("rb")
    if document.encoding == "cp1252":
        _check_one_encoding(document)
    return io.BytesIO(document.text().encode())


def _check_one_encoding(document: Document) -> None:
    """Refuse a file whose accents are written in two ways: half of its labels would match nothing."""
    unicode_lines, other_lines = 0, []
    for number, line in enumerate(document.content().split(b"\n"), start=1):
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            other_lines.append(number)
        else:
            unicode_lines += 1
    if unicode_lines and other_lines:
        raise InputError(Fault(
            "deux encodages dans le même fichier", file=document.name, line=other_lines[0],
            expected="un seul encodage (UTF-8)",
            found=f"{unicode_lines} lignes accentuées en UTF-8 et {len(other_lines)} autrement",
            remedy=f"le fichier a été assemblé ou réenregistré\u00a0: {EXPORT_AGAIN}",
        ))  # fmt: skip


def _measure(stream: BinaryIO) -> tuple[int, int, bool]:
    """Count quotation marks and line ends, blank lines at the end left out."""
    quotes = newlines = 0
    tail = b""
    while block := stream.read(_BLOCK):
        quotes += block.count(b'"')
        newlines += block.count(b"\n")
        tail = (tail + block)[-64:]
    content = tail.rstrip(b"\r\n")
    trailing = tail[len(content) :].count(b"\n")
    return quotes, newlines - max(trailing - 1, 0), trailing > 0


def _headings(stream: BinaryIO, *, delimiter: str, titles: int) -> tuple[tuple[tuple[str, ...], ...], int]:
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="")
    reader = csv.reader(text, delimiter=delimiter)
    rows = [tuple(cell.strip() for cell in next(reader, [])) for _ in range(titles)]
    after = reader.line_num
    text.detach()
    width = max(len(row) for row in rows)
    return tuple(row + ("",) * (width - len(row)) for row in rows), after


def _parse(
    stream: BinaryIO, document: Document, *, width: int, after: int, plain: bool
) -> tuple[pa.Table, list[tuple[int, int]]]:
    """Parse the rows below the titles; rows of another width are given by their rank and width."""
    uneven: list[tuple[int, int]] = []

    def note(row: pacsv.InvalidRow) -> str:
        uneven.append((row.number or 0, row.actual_columns))
        return "skip"

    def parse(*, threads: bool) -> pa.Table:
        fields = [f"c{position}" for position in range(width)]
        return pacsv.read_csv(
            stream,
            read_options=pacsv.ReadOptions(
                use_threads=threads, skip_rows=after, column_names=fields, block_size=_BLOCK * 2
            ),
            parse_options=pacsv.ParseOptions(
                delimiter=document.delimiter or ";", newlines_in_values=not plain, invalid_row_handler=note,
                quote_char=False if plain else '"',
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(fields, pa.large_string()), null_values=[], strings_can_be_null=False
            ),
        )  # fmt: skip

    try:
        table = parse(threads=True)
        if uneven:
            # Threads do not know the rank of a row: the file is read again for the message.
            uneven.clear()
            stream.seek(0)
            table = parse(threads=False)
    except pa.ArrowInvalid:
        # Arrow quotes the row in its message.
        raise InputError(Fault(
            "tableau illisible", file=document.name, expected="des lignes de même nature du début à la fin",
            found="un découpage qui change en cours de route", remedy=EXPORT_AGAIN,
        )) from None  # fmt: skip
    return table, uneven


def row_starts(stream: BinaryIO, *, quoted: bool = True) -> np.ndarray:
    r"""Give the lines on which a row starts: those inside a quoted cell, and blank ones, are left out.

    Parameters
    ----------
    stream
        UTF-8 bytes, from the start of the file.
    quoted
        Whether quotation marks enclose cells.

    Returns
    -------
    numpy.ndarray
        1-based line numbers, increasing.

    Examples
    --------
    >>> row_starts(io.BytesIO(b'a;b\n"x\ny";1\n\nz;2\n')).tolist()
    [1, 2, 5]
    """
    starts: list[np.ndarray] = []
    line, parity, opened, blank = 1, 0, True, True
    while block := stream.read(_BLOCK):
        data = np.frombuffer(block, dtype=np.uint8)
        marks = (
            np.flatnonzero((data == _NEWLINE) | (data == _QUOTE)) if quoted else np.flatnonzero(data == _NEWLINE)
        )
        is_quote = data[marks] == _QUOTE
        inside = (np.cumsum(is_quote) + parity) % 2
        ends = marks[~is_quote]
        outside = inside[~is_quote] == 0
        numbers = line + np.arange(len(ends))
        # A row starts after a line end outside quotes, if what follows is not itself a line end.
        after = ends[outside] + 1
        following = np.full(len(after), _QUOTE, dtype=np.uint8)
        known = after < len(data)
        following[known] = data[after[known]]
        if opened and blank:
            first = data[0]
            if first not in (_NEWLINE, 13):
                starts.append(np.array([line]))
        begins = (following != _NEWLINE) & (following != 13) & known  # noqa: PLR2004 - carriage return
        starts.append(numbers[outside][begins] + 1)
        opened = blank = bool(len(after) and not known[-1])
        line += len(ends)
        parity = (parity + int(is_quote.sum())) % 2
    return np.concatenate(starts) if starts else np.empty(0, dtype=np.int64)


def _cut(document: Document, stream: BinaryIO) -> Fault:
    stream.seek(0)
    starts = row_starts(stream)
    return Fault(
        "guillemet ouvert et jamais refermé", file=document.name, line=int(starts[-1]) if len(starts) else None,
        expected="des cellules entières jusqu’à la fin du fichier", found="un fichier coupé ou modifié à la main",
        remedy=EXPORT_AGAIN,
    )  # fmt: skip


def _uneven_faults(
    document: Document, uneven: Sequence[tuple[int, int]], starts: np.ndarray, *, width: int
) -> list[Fault]:
    faults = []
    for rank, actual in uneven[:SHOWN_FAULTS]:
        line = int(starts[min(max(rank - 1, 0), len(starts) - 1)]) if len(starts) else None
        faults.append(Fault(
            "ligne coupée" if actual < width else "ligne trop longue", file=document.name, line=line,
            expected=f"{width} cellules", found=f"{actual} cellules", remedy=EXPORT_AGAIN,
        ))  # fmt: skip
    if len(uneven) > SHOWN_FAULTS:
        faults.append(Fault(f"et {len(uneven) - SHOWN_FAULTS} autres lignes du même genre", file=document.name))
    return faults


def _one_array(column: pa.ChunkedArray) -> pa.Array:
    whole = column.combine_chunks()
    return whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole


def _read_sheet(document: Document, *, titles: int, sheet: str | None) -> Cells:
    name = sheet or next((name for name, rows in document.heads.items() if any(any(row) for row in rows)), None)
    rows = list(_sheet_rows(document, name or ""))
    if len(rows) < titles:
        raise InputError(Fault(
            "feuille sans titres de colonnes", file=document.name, sheet=name,
            expected=f"{titles} lignes de titres", found=f"{len(rows)} lignes", remedy=EXPORT_AGAIN,
        ))  # fmt: skip
    heading = [[cell.strip() for cell in row] for _, row in rows[:titles]]
    width = max((position + 1 for row in heading for position, cell in enumerate(row) if cell), default=0)
    body = rows[titles:]
    stray = [line for line, row in body if any(cell.strip() for cell in row[width:])]
    if stray:
        raise InputError(Fault(
            "valeurs sous une colonne sans titre", file=document.name, sheet=name, line=stray[0],
            expected="un titre pour chaque colonne remplie", found=f"{len(stray)} lignes concernées",
            remedy=EXPORT_AGAIN,
        ))  # fmt: skip
    columns = tuple(
        pa.array([row[position] if position < len(row) else "" for _, row in body], pa.large_string())
        for position in range(width)
    )
    lines = pd.Index([line for line, _ in body], name="line", dtype="int64")
    padded = tuple(tuple((row + [""] * width)[:width]) for row in heading)
    return Cells(document.name, name, padded, columns, lines)


def _sheet_rows(document: Document, sheet: str) -> Iterator[tuple[int, list[str]]]:
    cells = open_workbook(document.path).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    for line, row in enumerate(cells, start=1):
        texts = [cell_text(cell) for cell in row]
        if any(text.strip() for text in texts):
            yield line, texts
