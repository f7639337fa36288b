"""A file as it arrives: what it really is, judged by its content and never by its extension.

Opening a document is cheap: it looks at the head of big files and reads no figure. What cannot be a public
table (a web page saved as csv, an empty or cut file, a booby-trapped archive, a workbook behind a password)
is refused here, before any source is asked whether it knows the file.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import os
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Final, NoReturn

import python_calamine as calamine

from diagnostic.ingestion.archive import AGAIN, TABLE_EXPECTED, gunzip, in_french, refuse, sound_members
from diagnostic.provenance import sha256

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

HEAD_ROWS: Final = 30
HEAD_BYTES: Final = 1 << 18
# Up to this size the whole text is looked at, so that one accent at the end settles the encoding.
WHOLE_BYTES: Final = 1 << 24
DELIMITERS: Final = (";", ",", "\t")

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_GZIP = b"\x1f\x8b"
_SQLITE = b"SQLite format 3\x00"
_PARQUET = b"PAR1"
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f]")
_HTML = re.compile(r"<\s*(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_COLLECTION = re.compile(r'"type"\s*:\s*"FeatureCollection"')
_CONTROL_SHARE = 0.001
_STEADY_SHARE = 0.6


class Kind(StrEnum):
    """What a file is made of."""

    DELIMITED = "delimited"
    WORKBOOK = "workbook"
    GEOJSON = "geojson"
    ZIP = "zip"
    PARQUET = "parquet"
    GEOPACKAGE = "geopackage"
    JSON = "json"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Header:
    """A header row found by its content.

    Parameters
    ----------
    sheet
        Sheet it stands in, ``None`` for a delimited file.
    line
        1-based line of the file or sheet.
    columns
        Names, blanks at both ends taken off, empty names at the end left out.
    """

    sheet: str | None
    line: int
    columns: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Document:
    """A file whose nature is known and whose figures are not read yet.

    Parameters
    ----------
    path, name
        Where it is and how the user calls it.
    kind
        See :class:`Kind`; a gzip file has the kind of what it holds.
    encoding, delimiter
        Of a text file; ``None`` otherwise.
    heads
        First rows by sheet (``None`` for a delimited file), every cell as text; no figure is interpreted.
    members
        Names of the files of an archive, in its order.
    start
        Beginning of a text file, decoded.
    compressed
        Whether the file is a gzip of what ``kind`` says.
    edition
        Edition that the user stated, when the content may not tell.
    """

    path: Path
    name: str
    kind: Kind
    encoding: str | None = None
    delimiter: str | None = None
    heads: Mapping[str | None, Sequence[Sequence[str]]] = field(default_factory=dict)
    members: tuple[str, ...] = ()
    start: str = ""
    compressed: bool = False
    edition: str | None = None

    @cached_property
    def sha256(self) -> str:
        """Hash of the file as it lies on the disk."""
        return sha256(self.path)

    @cached_property
    def _names(self) -> dict[str | None, list[frozenset[str]]]:
        """What each row of the heads holds, folded once for every source that asks."""
        return {
            sheet: [frozenset(cell.strip().casefold() for cell in row) for row in rows]
            for sheet, rows in self.heads.items()
        }

    def headers(self, needles: Sequence[str]) -> list[Header]:
        """Find, sheet by sheet, the first row that holds every needle.

        Parameters
        ----------
        needles
            Column names, compared without case and without blanks at the ends.

        Returns
        -------
        list of Header
            In the order of the sheets; empty when no row holds them all.
        """
        found = (self.header(needles, sheet=sheet) for sheet in self.heads)
        return [header for header in found if header is not None]

    def header(self, needles: Sequence[str], *, sheet: str | None = None) -> Header | None:
        """Find the first row of one sheet that holds every needle; ``None`` when there is none."""
        wanted = {needle.strip().casefold() for needle in needles}
        for line, (row, present) in enumerate(
            zip(self.heads.get(sheet, ()), self._names.get(sheet, ()), strict=True), start=1
        ):
            if wanted <= present:
                names = [cell.strip() for cell in row]
                while names and not names[-1]:
                    names.pop()
                return Header(sheet, line, tuple(names))
        return None

    def columns(self, needles: Sequence[str]) -> tuple[str, ...]:
        """Give the column names of the first sheet that holds every needle, or an empty tuple."""
        found = self.headers(needles)
        return found[0].columns if found else ()

    def titles(self) -> str:
        """Give what stands in the first rows of every sheet and in the sheets' names, as one text."""
        cells = [sheet for sheet in self.heads if sheet]
        cells += [cell for rows in self.heads.values() for row in rows[:8] for cell in row if cell.strip()]
        return "\n".join(cells)

    def content(self) -> bytes:
        """Read the whole file, decompressed.

        Raises
        ------
        InputError
            When a gzip file is damaged.
        """
        return gunzip(self.path) if self.compressed else self.path.read_bytes()

    def text(self) -> str:
        """Read the whole text file, decoded, without its byte order mark.

        Raises
        ------
        InputError
            When a byte does not belong to the encoding of the head of the file.
        """
        data = self.content()
        try:
            return data.decode(self.encoding or "utf-8").removeprefix("\ufeff")
        except UnicodeDecodeError:
            return data.decode(_encoding(data, whole=True) or _not_text(self.path)).removeprefix("\ufeff")


def open_document(path: Path, *, edition: str | None = None) -> Document:
    """Say what a file is, by its content.

    Parameters
    ----------
    path
        A file in the user's folders; its extension is not trusted.
    edition
        Edition stated by the user, for files whose content does not tell it.

    Returns
    -------
    Document
        With the first rows of each sheet, and the members of an archive.

    Raises
    ------
    InputError
        When the file is absent, empty, cut, a web page, binary junk, behind a password, or an archive that
        would write outside its folder or swell out of measure.
    """
    magic = _start_of(path)
    if magic.startswith(_ZIP):
        return _open_zip(path, edition)
    if magic.startswith(_OLE):
        return _open_ole(path, edition)
    if magic.startswith(_PARQUET):
        _check_parquet(path)
        return Document(path, path.name, Kind.PARQUET, edition=edition)
    if magic.startswith(_SQLITE):
        kind = Kind.GEOPACKAGE if magic[68:72] in (b"GPKG", b"GP10", b"GP11") else Kind.OTHER
        return Document(path, path.name, kind, edition=edition)
    if magic.startswith(_GZIP):
        return _open_text(path, gunzip(path), edition=edition, compressed=True)
    with path.open("rb") as stream:
        data = stream.read(WHOLE_BYTES)
    return _open_text(path, data, edition=edition, compressed=False)


def cell_text(value: object) -> str:
    """Write a cell of a workbook as text, whole numbers without their decimal point.

    Examples
    --------
    >>> cell_text(1035.0), cell_text(41.7), cell_text("02571"), cell_text(None)
    ('1035', '41.7', '02571', '')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    return str(value)


def open_workbook(path: Path) -> calamine.CalamineWorkbook:
    """Open a workbook of any office suite.

    Raises
    ------
    InputError
        When it is behind a password or damaged.
    """
    try:
        return calamine.CalamineWorkbook.from_path(str(path))
    except calamine.PasswordError:
        _password(path)
    except (calamine.CalamineError, OSError) as problem:
        refuse(path, "classeur illisible", expected="un classeur complet", found=in_french(problem), remedy=AGAIN)


def _password(path: Path) -> NoReturn:
    refuse(
        path, "classeur protégé par un mot de passe", expected="un classeur que l’outil peut lire",
        found="un contenu chiffré", remedy="ouvrez-le, enregistrez-le sans mot de passe et ajoutez cette copie",
    )  # fmt: skip


def _not_text(path: Path) -> NoReturn:
    refuse(
        path, "contenu binaire inconnu", expected=TABLE_EXPECTED,
        found="des octets qui ne sont ni du texte ni un format connu", remedy=AGAIN,
    )  # fmt: skip


def _start_of(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            magic = stream.read(4096)
    except OSError as problem:
        refuse(
            path, "fichier impossible à ouvrir", expected="un fichier lisible",
            found=in_french(problem), remedy="vérifiez le chemin et les droits d’accès",
        )  # fmt: skip
    if not magic.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        refuse(path, "fichier vide", expected=TABLE_EXPECTED, found="aucun contenu", remedy=AGAIN)
    return magic


def _open_zip(path: Path, edition: str | None) -> Document:
    names = sound_members(path)
    office = any(name.startswith("xl/workbook.") for name in names) or "content.xml" in names
    if office:
        return Document(path, path.name, Kind.WORKBOOK, heads=_workbook_heads(path), edition=edition)
    return Document(path, path.name, Kind.ZIP, members=names, edition=edition)


def _open_ole(path: Path, edition: str | None) -> Document:
    with path.open("rb") as stream:
        data = stream.read(WHOLE_BYTES)
    if "EncryptedPackage".encode("utf-16-le") in data:
        _password(path)
    # Each sector of the allocation table but the last stands for as many full sectors as it holds numbers.
    sector, tables = 1 << min(int.from_bytes(data[30:32], "little"), 12), int.from_bytes(data[44:48], "little")
    least = (tables - 1) * (sector // 4) * sector
    if path.stat().st_size < least:
        refuse(
            path, "classeur tronqué", expected=f"au moins {least} octets", found=f"{path.stat().st_size} octets",
            remedy=AGAIN,
        )  # fmt: skip
    if not any(name.encode("utf-16-le") in data for name in ("Workbook", "Book")):
        return Document(path, path.name, Kind.OTHER, edition=edition)
    return Document(path, path.name, Kind.WORKBOOK, heads=_workbook_heads(path), edition=edition)


def _check_parquet(path: Path) -> None:
    with path.open("rb") as stream:
        stream.seek(-len(_PARQUET), os.SEEK_END)
        if stream.read() != _PARQUET:
            refuse(
                path, "fichier parquet tronqué", expected="un fichier complet", found="une fin absente",
                remedy=AGAIN,
            )  # fmt: skip


def _workbook_heads(path: Path) -> dict[str | None, list[list[str]]]:
    book = open_workbook(path)
    heads: dict[str | None, list[list[str]]] = {}
    try:
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=HEAD_ROWS)
            heads[name] = [[cell_text(cell) for cell in row] for row in rows]
    except calamine.CalamineError as problem:
        refuse(
            path, "classeur illisible", expected="des feuilles lisibles", found=in_french(problem), remedy=AGAIN
        )
    return heads


def _open_text(path: Path, data: bytes, *, edition: str | None, compressed: bool) -> Document:
    if data.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff")):
        return Document(path, path.name, Kind.OTHER, edition=edition)
    encoding = _encoding(data, whole=compressed or path.stat().st_size <= WHOLE_BYTES) or _not_text(path)
    try:
        start = codecs.getincrementaldecoder(encoding)().decode(data[:HEAD_BYTES]).removeprefix("\ufeff")
    except UnicodeDecodeError:
        _not_text(path)
    if len(_CONTROLS.findall(start)) > _CONTROL_SHARE * len(start):
        _not_text(path)
    if _HTML.search(start[:2048]) and not start.lstrip().startswith(("{", "[")):
        refuse(
            path, "page web enregistrée à la place du fichier", expected=TABLE_EXPECTED,
            found="du HTML (page d’erreur, de connexion ou de présentation)",
            remedy="ouvrez la page du producteur et téléchargez le fichier par son lien",
        )  # fmt: skip
    kind, delimiter, rows = _kind_of(start, whole=len(data) <= HEAD_BYTES)
    return Document(
        path, path.name, kind, encoding=encoding, delimiter=delimiter, heads={None: rows} if rows else {},
        start=start, compressed=compressed, edition=edition,
    )  # fmt: skip


def _encoding(data: bytes, *, whole: bool) -> str | None:
    """Name the encoding: UTF-8 strictly, UTF-16 by its mark or its NUL bytes, else cp1252."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    head = data[:4096]
    if b"\x00" in head:
        even, odd = head[0::2].count(0), head[1::2].count(0)
        wide = {"utf-16-le": odd > 2 * even, "utf-16-be": even > 2 * odd}
        return next((name for name, likely in wide.items() if likely), None)
    for name in ("utf-8-sig",) if data.startswith(codecs.BOM_UTF8) else ("utf-8", "cp1252"):
        try:
            codecs.getincrementaldecoder(name)().decode(data, final=whole)
        except UnicodeDecodeError:
            continue
        return name
    return None


def _kind_of(start: str, *, whole: bool) -> tuple[Kind, str | None, list[list[str]]]:
    if start.lstrip().startswith(("{", "[")):
        return _json_kind(start), None, []
    lines = start if whole else start[: start.rfind("\n") + 1] or start
    best: tuple[float, int, str, list[list[str]]] | None = None
    for delimiter in DELIMITERS:
        rows = list(_rows(lines, delimiter))
        widths = Counter(len(row) for row in rows if row)
        if not widths:
            continue
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
        share = count / sum(widths.values())
        if width > 1 and share >= _STEADY_SHARE and (best is None or (share, width) > best[:2]):
            best = (share, width, delimiter, rows)
    return (Kind.OTHER, None, []) if best is None else (Kind.DELIMITED, best[2], best[3])


def _json_kind(start: str) -> Kind:
    if _COLLECTION.search(start[:8192]):
        return Kind.GEOJSON
    try:
        json.JSONDecoder().raw_decode(start.lstrip()[:HEAD_BYTES])
    except json.JSONDecodeError as problem:
        # A cut head fails at its end; text that merely starts with a bracket fails at once.
        return Kind.JSON if problem.pos > min(len(start) // 2, 64) else Kind.OTHER
    return Kind.JSON


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row, _ in zip(reader, range(HEAD_ROWS), strict=False):
            yield row
    except csv.Error:  # a field out of measure: this delimiter is not the right one
        return
