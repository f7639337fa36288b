"""The inventory read back: columns found by their names, every fault of every file at once, files merged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

import pandas as pd

from diagnostic.action_model import EXAMPLE, SHEET, Kind, fields
from diagnostic.errors import Fault, InputError
from diagnostic.formatting import enumeration, plural
from diagnostic.ingestion.actions.cells import Places, UnreadableError, Value, read_cell
from diagnostic.ingestion.document import Kind as FileKind
from diagnostic.ingestion.document import cell_text, open_document, open_workbook
from diagnostic.territory.names import key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

ACTION_TABLE: Final = ["action", *fields(), "file", "line"]
_NUMBERS: Final = (Kind.EUROS, Kind.COUNT, Kind.PERCENT)
_OWN: Final = {"saisie", "source", "validation"}  # may differ between two copies of one action
_SHARE_FOUND: Final = 0.5  # of the titles, from which a row is that of the titles


@dataclass(frozen=True, slots=True)
class _Row:
    """One action as read, and where."""

    file: str
    sheet: str
    line: int
    cells: Mapping[str, Value]

    def fault(self, what: str, code: str | None = None, **words: str) -> Fault:
        column = None if code is None else fields()[code].label
        return Fault(what, file=self.file, sheet=self.sheet, line=self.line, column=column, **words)

    @property
    def place(self) -> str:
        return f"fichier « {self.file} », feuille « {self.sheet} », ligne {self.line}"


def read_actions(paths: Sequence[Path], *, generation: int, qpv: Mapping[str, str]) -> pd.DataFrame:
    """Read one or several partners' files as one inventory.

    Parameters
    ----------
    paths
        Workbooks made from the template, or that carry its titles.
    generation, qpv
        Of the territory's neighbourhoods; ``qpv`` gives their names by code.

    Returns
    -------
    pandas.DataFrame
        Columns ``ACTION_TABLE``, one row an action, files in the order of their names: ``action`` a number from 1;
        several words of a cell as codes joined by semicolons, in the order of the list; dates as ``datetime64``,
        amounts, counts and percentages as floats, NaN where the cell is empty (unknown, not zero); ``file`` and
        ``line`` where it was read first. Equal rows of several files are one action.

    Raises
    ------
    InputError
        When a file or a cell cannot be read, cells are merged, an action ends before it begins, or two rows say
        different things of one action; all of it at once.
    """
    rows: list[_Row] = []
    faults: list[Fault] = []
    for path in sorted(paths, key=lambda path: path.name):
        try:
            found = list(_rows(path))
        except InputError as problem:
            faults += problem.faults
            continue
        for row, cells in found:
            values, wrong = _values(row, cells, places=Places(generation, qpv))
            faults += wrong
            if not wrong:
                rows.append(_Row(row.file, row.sheet, row.line, values))
    kept, contradictions = _merged(rows)
    faults += contradictions
    if faults:
        raise InputError(faults)
    return _table(kept)


def _rows(path: Path) -> Iterator[tuple[_Row, dict[str, str]]]:
    """Give the rows of a workbook with the text of their cells by column; the example is left out."""
    document = open_document(path)
    if document.kind is not FileKind.WORKBOOK:
        raise InputError(Fault(
            "ce n’est pas un classeur", file=path.name, expected="le modèle d’inventaire (xlsx ou ods)",
            found=str(document.kind), remedy="enregistrez-le comme classeur, ou repartez du modèle",
        ))  # fmt: skip
    sheet, line, columns = _header(path.name, document.heads)
    content = open_workbook(path).get_sheet_by_name(sheet)
    merged = [area for area in content.merged_cell_ranges or [] if area[1][0] >= line]
    if merged:
        raise InputError([
            Fault(
                "cases fusionnées", file=path.name, sheet=sheet, line=start[0] + 1, found=_area(start, end),
                expected="une valeur par case", remedy="défusionnez-les et recopiez la valeur sur chaque ligne",
            ) for start, end in merged
        ])  # fmt: skip
    for rank, cells in enumerate(content.to_python(skip_empty_area=False)[line:], start=line + 1):
        texts = {code: cell_text(cells[place]).strip() for code, place in columns.items() if place < len(cells)}
        filled = {code: text for code, text in texts.items() if text}
        if filled and not filled.get("identifiant", "").upper().startswith(EXAMPLE):
            yield _Row(path.name, sheet, rank, {}), filled


def _header(file: str, heads: Mapping[str | None, Sequence[Sequence[str]]]) -> tuple[str, int, dict[str, int]]:
    """Find the titles wherever they are: the sheet, the line and the place of each column."""
    known = {key(word): field.code for field in fields().values() for word in (field.label, field.code)}
    best: tuple[str, int, list[str]] = ("", 0, [])
    for sheet, rows in heads.items():
        for line, row in enumerate(rows, start=1):
            names = [known.get(key(cell), "") for cell in row]
            if len(set(names)) > len(set(best[2])):
                best = (sheet or "", line, names)
    sheet, line, names = best
    found = [name for name in names if name]
    needed = [field.code for field in fields().values() if field.required]
    if len(set(found) & set(needed)) < _SHARE_FOUND * len(needed):
        raise InputError(Fault(
            "titres des colonnes introuvables", file=file, expected=f"les titres du modèle, feuille « {SHEET} »",
            remedy="repartez du modèle (« diagnostic actions template »), ou rétablissez ses titres",
        ))  # fmt: skip
    faults = [
        Fault("colonne obligatoire absente", file=file, sheet=sheet, line=line, column=fields()[code].label,
              remedy="ajoutez-la, avec le titre du modèle")
        for code in needed if code not in found
    ] + [
        Fault("colonne présente deux fois", file=file, sheet=sheet, line=line, column=fields()[code].label,
              remedy="gardez une seule des deux")
        for code in dict.fromkeys(found) if found.count(code) > 1
    ]  # fmt: skip
    given = [cell.strip() for cell in heads[sheet][line - 1]]
    faults += [
        Fault("colonne que le modèle ne connaît pas", file=file, sheet=sheet, line=line, column=title,
              expected=enumeration(field.label for field in fields().values()),
              remedy="rétablissez le titre du modèle, ou retirez la colonne")
        for title, name in zip(given, names, strict=False) if title and not name
    ]  # fmt: skip
    if faults:
        raise InputError(faults)
    return sheet, line, {name: place for place, name in enumerate(names) if name}


def _area(start: tuple[int, int], end: tuple[int, int]) -> str:
    """Name a range as a spreadsheet does.

    Examples
    --------
    >>> _area((4, 0), (6, 27))
    'A5:AB7'
    """
    return ":".join(f"{_letters(column)}{row + 1}" for row, column in (start, end))


def _letters(column: int) -> str:
    text = ""
    while column >= 0:
        text = chr(65 + column % 26) + text
        column = column // 26 - 1
    return text


def _values(row: _Row, cells: Mapping[str, str], *, places: Places) -> tuple[dict[str, Value], list[Fault]]:
    values: dict[str, Value] = {}
    faults = []
    for code, field in fields().items():
        if code not in cells:
            if field.required:
                faults.append(row.fault("case vide", code, remedy="remplissez-la : cette colonne est obligatoire"))
            continue
        try:
            values[code] = read_cell(cells[code], field, places)
        except UnreadableError as problem:
            found = problem.found or f"« {cells[code][:60]} »"
            faults.append(
                row.fault(problem.what, code, expected=problem.expected, found=found, remedy=problem.remedy)
            )
    return values, faults + list(_inconsistent(row, values, cells))


def _inconsistent(row: _Row, values: Mapping[str, Value], cells: Mapping[str, str]) -> Iterator[Fault]:
    start, end = values.get("debut"), values.get("fin")
    if isinstance(start, date) and isinstance(end, date) and end < start:
        yield row.fault(
            "l’action finit avant d’avoir commencé", "fin", expected=f"une date à partir du {start:%d/%m/%Y}",
            found=f"{end:%d/%m/%Y}", remedy="corrigez l’une des deux dates",
        )  # fmt: skip
    if values.get("echelle") == "qpv" and "qpv" not in cells:
        yield row.fault(
            "quartier non précisé", "qpv", expected="au moins un code quand l’échelle est le quartier",
            remedy="ajoutez les codes, ou changez l’échelle",
        )  # fmt: skip
    for small, great, what in (
        ("part_p147", "montant", "la part du programme 147 dépasse le montant"),
        ("professionnels_formes", "professionnels_vises", "plus de professionnels formés que visés"),
    ):
        part, whole = values.get(small), values.get(great)
        if isinstance(part, float) and isinstance(whole, float) and part > whole:
            yield row.fault(what, small, expected=f"au plus {whole:g}", found=f"{part:g}",
                            remedy="corrigez l’un des deux")  # fmt: skip


def _merged(rows: Sequence[_Row]) -> tuple[list[_Row], list[Fault]]:
    """Keep each action once; two rows that say different things of one action are a fault."""
    kept: list[_Row] = []
    faults = []
    known: dict[tuple[str, ...], _Row] = {}
    for row in rows:
        names = _names(row)
        first = next((known[name] for name in names if name in known), None)
        if first is not None and not _apart(first, row):
            differing = [
                code for code in fields()
                if code not in _OWN and first.cells.get(code) != row.cells.get(code)
            ]  # fmt: skip
            if differing:
                faults.append(row.fault(
                    "deux versions d’une même action", expected=f"la même chose que {first.place}",
                    found=f"{plural(len(differing), 'colonne différente', 'colonnes différentes')} : "
                    f"{enumeration(fields()[code].label for code in differing)}",
                    remedy="mettez-vous d’accord sur une version, ou donnez deux identifiants différents",
                ))  # fmt: skip
            continue
        kept.append(row)
        known.update({name: row for name in names if name not in known})
    return kept, faults


def _names(row: _Row) -> list[tuple[str, ...]]:
    """Give what an action is known by: its number at its holder's, and its title, holder and first day."""
    values = {code: str(row.cells.get(code) or "") for code in ("identifiant", "intitule", "porteur", "debut")}
    holder = key(values["porteur"])
    title = ("titre", holder, key(values["intitule"]), values["debut"])
    return [("numéro", holder, key(values["identifiant"])), title] if values["identifiant"] else [title]


def _apart(first: _Row, second: _Row) -> bool:
    """Say whether both rows carry a number of their own: then they are two actions of the same title."""
    numbers = {key(str(row.cells.get("identifiant") or "")) for row in (first, second)}
    return "" not in numbers and len(numbers) > 1


def _table(rows: Sequence[_Row]) -> pd.DataFrame:
    blank = {code: None if field.kind in {*_NUMBERS, Kind.DATE} else "" for code, field in fields().items()}
    found = pd.DataFrame(
        [
            {**blank, "action": rank, **row.cells, "file": row.file, "line": row.line}
            for rank, row in enumerate(rows, start=1)
        ],
        columns=ACTION_TABLE,
    )
    for code, field in fields().items():
        if field.kind is Kind.DATE:
            found[code] = pd.to_datetime(found[code])
        else:
            found[code] = found[code].astype("float64" if field.kind in _NUMBERS else "str")
    return found.astype({"action": "int64", "file": "str", "line": "int64"})
