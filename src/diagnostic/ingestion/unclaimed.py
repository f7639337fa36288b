"""Files that no source claims: what they look like, and why some of them deserve a refusal rather than silence.

A file that has nothing to do with the tool is merely said so. One that was a useful file before it was cut,
unpacked in part or stripped of columns is refused: passing over it would hide the loss.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final, NamedTuple

from diagnostic.errors import Fault, InputError
from diagnostic.formatting import enumeration
from diagnostic.ingestion.archive import AGAIN
from diagnostic.ingestion.columns import SHEETS
from diagnostic.ingestion.document import Kind
from diagnostic.ingestion.local_draft import key_of, names_persons
from diagnostic.ingestion.source import SOURCES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from diagnostic.ingestion.columns import Sheet
    from diagnostic.ingestion.document import Document

LIKENESS: Final = 0.6
# Under codes of quarters of 2015, fewer columns are enough to know a table that was stripped.
LIKENESS_OF_QUARTERS: Final = 0.3
LEAST_COLUMNS: Final = 3
SHOWN: Final = 6
# Without one of these members no outline or no attribute is left.
OUTLINE: Final = (".shp", ".dbf", ".shx")
KINDS: Final = {
    Kind.DELIMITED: "tableau de texte", Kind.WORKBOOK: "classeur", Kind.GEOJSON: "fichier géographique GeoJSON",
    Kind.ZIP: "archive zip", Kind.PARQUET: "tableau parquet", Kind.GEOPACKAGE: "fichier géographique GeoPackage",
    Kind.JSON: "fichier JSON", Kind.OTHER: "fichier d’une autre nature",
}  # fmt: skip
LEVELS: Final = {"qpv": "quartiers", "iris": "Iris", "commune": "communes", "epci": "EPCI"}
_VALUE = re.compile(r"[-+−\d\s.,%\u00a0\u202f]+|.*@.*")


class _Likeness(NamedTuple):
    share: float
    edition: str
    sheet: Sheet
    missing: list[str]


def check_whole(document: Document) -> None:
    """Refuse an archive of outlines that lost a member.

    Raises
    ------
    InputError
        When a layer lacks its ``.shp``, ``.dbf`` or ``.shx``; all such layers at once.
    """
    parts: dict[str, set[str]] = defaultdict(set)
    for member in document.members:
        path = PurePosixPath(member)
        if "__MACOSX" not in member:
            parts[str(path.with_suffix(""))].add(path.suffix.casefold())
    faults = [
        Fault(
            "couche géographique incomplète", file=document.name, sheet=PurePosixPath(name).name,
            expected="les membres .shp, .shx, .dbf et .prj d’une même couche",
            found=f"pas de membre {enumeration([suffix for suffix in OUTLINE if suffix not in suffixes])}",
            remedy="téléchargez de nouveau l’archive entière et ajoutez-la sans en retirer de fichier",
        )
        for name, suffixes in parts.items()
        if len(suffixes & {*OUTLINE, ".prj"}) > 1 and not suffixes >= set(OUTLINE)
    ]  # fmt: skip
    if faults:
        raise InputError(faults)


def described(document: Document) -> str:
    """Say in French that the tool does not use a file, what was seen in it, and whether it may come in otherwise.

    Raises
    ------
    InputError
        When the file is a known one that was damaged: outlines cut, columns taken away.
    """
    seen = _properties(document) if document.kind is Kind.GEOJSON else titles(document)
    found = _likeness(document)
    if found is not None:
        raise InputError(_stripped(document, found))
    text = f"l’outil n’utilise pas ce fichier : {KINDS[document.kind]}"
    if document.members:
        text += f" de {len(document.members)} fichiers, dont {PurePosixPath(document.members[0]).name}"
    if seen:
        text += f", premières colonnes : {', '.join(seen[:SHOWN])}"
    key = key_of(document)
    if key is not None and not key.repeated and not names_persons(seen):
        text += (
            f" ; « diagnostic add --table-locale » le prendrait : sa colonne « {key.title} » porte des codes"
            f" ({LEVELS[key.level]})"
        )
    return text


def titles(document: Document) -> list[str]:
    """Give what looks like the row of titles, nothing when only values are seen: they may be personal."""
    for head in document.heads.values():
        widest = max((sum(bool(cell.strip()) for cell in row) for row in head), default=0)
        for row in head:
            cells = [cell.strip() for cell in row if cell.strip()]
            if cells and len(cells) == widest and not any(_VALUE.fullmatch(cell) for cell in cells):
                return cells
    return []


def _properties(document: Document) -> list[str]:
    try:
        content = json.loads(document.text())
    except json.JSONDecodeError as problem:
        raise InputError(Fault(
            "fichier géographique tronqué ou abîmé", file=document.name, line=problem.lineno,
            expected="un fichier GeoJSON complet", found="un texte qui s’arrête ou se brise à cette ligne",
            remedy=AGAIN,
        )) from problem  # fmt: skip
    features = content.get("features") if isinstance(content, dict) else None
    first = features[0] if isinstance(features, list) and features else None
    properties = first.get("properties") if isinstance(first, dict) else None
    return [str(name) for name in properties] if isinstance(properties, dict) else []


def _likeness(document: Document) -> _Likeness | None:
    """Find the known sheet that a table resembles most; nothing when it lacks no column of it."""
    key = key_of(document)
    if key is not None and (key.level == "iris" or key.generation == 2024):  # noqa: PLR2004 - the other generation
        return None  # the same columns for other places: no source publishes them
    of_quarters = key is not None and key.level == "qpv"
    found = []
    for row in _rows(document):
        for sheet in SHEETS:
            there = {sheet.layout.base(cell) for cell in row}
            if sheet.signs and not there & set(sheet.signs):
                continue
            for edition, expected in sheet.editions.items():
                common = len(there & set(expected))
                share = common / len(expected)
                least = LIKENESS_OF_QUARTERS if of_quarters else LIKENESS
                if share >= least and common >= LEAST_COLUMNS:
                    missing = [name for name in (sheet.layout.code, *expected) if name not in there]
                    found.append(_Likeness(share, edition, sheet, missing))
    best = max(found, key=lambda one: (one.share, one.edition), default=None)
    return best if best is not None and best.missing else None


def _rows(document: Document) -> Iterator[Sequence[str]]:
    for head in document.heads.values():
        for row in head:
            if sum(bool(cell.strip()) for cell in row) >= LEAST_COLUMNS:
                yield row


def _stripped(document: Document, found: _Likeness) -> Fault:
    edition = f", édition {found.edition}" if found.edition else ""
    return Fault(
        f"ce fichier ressemble à « {SOURCES[found.sheet.name].label} »{edition}, mais il lui manque des colonnes",
        file=document.name, expected="toutes les colonnes publiées", found=f"sans {enumeration(found.missing)}",
        remedy="téléchargez de nouveau le fichier complet et ajoutez-le sans le modifier, ou prenez-le tel quel"
        " avec --table-locale",
    )  # fmt: skip
