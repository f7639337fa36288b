"""Files that a person downloaded: recognised by their content, checked, copied unchanged, written down."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from diagnostic.errors import DiagnosticError, Fault, InputError, WorkspaceError
from diagnostic.ingestion import local_table
from diagnostic.ingestion.archive import extract, sound_members
from diagnostic.ingestion.document import open_document
from diagnostic.ingestion.source import SOURCES, Recognition
from diagnostic.ingestion.survey.reader import recognise_survey
from diagnostic.ingestion.unclaimed import check_whole, described
from diagnostic.provenance import sha256
from diagnostic.workspace import copy_file, explained, write_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from diagnostic.ingestion.document import Document
    from diagnostic.ingestion.source import Tables
    from diagnostic.workspace import Workspace

TABULAR = (".csv", ".txt", ".xls", ".xlsx", ".ods")
OUTLINES = (".shp", ".geojson", ".json")
INVENTORY_NAME = "inventaire.json"
LOCAL_FOLDER = "tables_locales"
_OURS = frozenset({INVENTORY_NAME, "README.md", "LISEZ-MOI.txt"})
# Left by a system or an office suite beside the files of a person.
_LEFT_BY_SYSTEMS = frozenset({"desktop.ini", "thumbs.db"})
_OPEN_IN_OFFICE = "~$"


class Outcome(StrEnum):
    """What became of a file offered to the folder."""

    ADDED = "ajouté"
    PRESENT = "déjà présent"
    SURVEY = "enquête"
    DRAFTED = "à déclarer"
    NOT_NEEDED = "non utilisé"
    REFUSED = "refusé"


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of ``data/raw``, as the inventory knows it.

    Parameters
    ----------
    file
        Path from ``data/raw``, with ``/``.
    sha256
        Of its bytes.
    source, edition, basis, fictional
        See :class:`~diagnostic.ingestion.source.Recognition`.
    """

    file: str
    sha256: str
    source: str
    edition: str
    basis: str
    fictional: bool

    @property
    def recognition(self) -> Recognition:
        """The recognition written down when the file came in."""
        return Recognition(self.source, self.edition, self.basis, fictional=self.fictional)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found in one file offered to the folder.

    Parameters
    ----------
    path
        The file as it was given.
    outcome
        What became of it.
    message
        French sentence: what was recognised, or why it was not taken.
    entry
        Its line of the inventory, when it was taken.
    """

    path: Path
    outcome: Outcome
    message: str
    entry: Entry | None = None


def expand(paths: Iterable[Path]) -> Iterator[Path]:
    """Walk folders and patterns: a Windows console does not.

    Parameters
    ----------
    paths
        Files, folders, or patterns such as ``telechargements/**``.

    Yields
    ------
    Path
        Files, each once, in the order of their names.

    Raises
    ------
    WorkspaceError
        When a path matches nothing.
    """
    seen: set[Path] = set()
    for path in paths:
        found = sorted(_files(path))
        if not found:
            raise WorkspaceError(
                Fault("fichier introuvable", file=str(path), remedy="vérifiez le chemin et le nom du fichier")
            )
        for one in found:
            if one not in seen and not _is_ours(one):
                seen.add(one)
                yield one


def _is_ours(path: Path) -> bool:
    """Pass over what is not data: our own files, a system's, the declaration of a table."""
    declares = path.suffix == ".toml" and path.with_suffix("").is_file()
    hidden = path.name.startswith((".", _OPEN_IN_OFFICE)) or path.name.casefold() in _LEFT_BY_SYSTEMS
    return path.name in _OURS or hidden or declares


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return [one for one in path.rglob("*") if one.is_file()]
    if path.is_file():
        return [path]
    parts = path.parts
    wild = next((k for k, part in enumerate(parts) if any(mark in part for mark in "*?[")), None)
    if wild is None:
        return []
    base = type(path)(*parts[:wild]) if wild else type(path)()
    pattern = "/".join(parts[wild:])
    return [one for one in base.glob(f"{pattern}/*" if pattern.endswith("**") else pattern) if one.is_file()]


def recognise(document: Document) -> Recognition | None:
    """Say which source a document is of.

    Parameters
    ----------
    document
        An opened file.

    Returns
    -------
    Recognition or None
        ``None`` when no source knows it.

    Raises
    ------
    InputError
        When a source knows it but cannot use it, or when two sources claim it.
    """
    claims = [claim for source in SOURCES if (claim := source.recognise(document)) is not None]
    if len(claims) > 1:
        names = ", ".join(SOURCES[claim.source].label for claim in claims)
        raise InputError(Fault("fichier reconnu par plusieurs sources", file=document.name, found=names))
    return claims[0] if claims else None


def add(
    workspace: Workspace,
    paths: Iterable[Path],
    *,
    accept: Callable[[Entry, Path], object],
    edition: str | None = None,
    local: bool = False,
    simulate: bool = False,
    survey: Callable[[Path], str] | None = None,
    progress: Callable[[Path], None] = lambda _: None,
) -> list[Verdict]:
    """Take files into ``data/raw``, each recognised, read whole, copied unchanged and written down.

    Parameters
    ----------
    workspace
        The folder; a file that is refused leaves it as it was.
    paths
        Files, folders or patterns.
    accept
        Reads a file of ``data/raw`` whole and raises ``DiagnosticError`` when it cannot be used.
    edition
        Edition said by the person, where the content does not tell.
    local
        Take unrecognised tables as local ones: a declaration is drafted beside the copy.
    simulate
        Only say what would be done.
    survey
        Takes in an export of a survey and says what was kept; without it a survey is not needed.
    progress
        Called with each file before it is read.

    Returns
    -------
    list of Verdict
        One a file, in order.
    """
    known = {entry.sha256: entry for entry in inventory(workspace)}
    verdicts: list[Verdict] = []
    # Windows keeps a file that somebody still looks at, an antivirus for instance: no reason to stop.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        for path in expand(paths):
            progress(path)
            for one in _tables_inside(path, Path(scratch) / f"{len(verdicts)}"):
                verdict = _offer(
                    workspace, one, known, accept=accept, edition=edition, local=local, simulate=simulate
                )
                unclaimed = verdict.outcome in {Outcome.NOT_NEEDED, Outcome.REFUSED}
                if survey is not None and unclaimed and (platform := _platform(one)):
                    verdict = _survey(one, platform, survey=survey, simulate=simulate)
                if verdict.entry is not None and verdict.outcome is Outcome.ADDED:
                    known[verdict.entry.sha256] = verdict.entry
                    if not simulate:
                        _write_inventory(workspace, known.values())
                verdicts.append(verdict)
    return verdicts


def _platform(path: Path) -> str | None:
    try:
        return recognise_survey(path)
    except DiagnosticError:
        return None  # refused already, with the reason


def _survey(path: Path, platform: str, *, survey: Callable[[Path], str], simulate: bool) -> Verdict:
    """Take in an export; it is neither copied nor written in the inventory."""
    if simulate:
        return Verdict(path, Outcome.SURVEY, f"export d’enquête ({platform})")
    try:
        return Verdict(path, Outcome.SURVEY, survey(path))
    except WorkspaceError:
        raise
    except DiagnosticError as problem:
        return Verdict(path, Outcome.REFUSED, str(problem))


def _tables_inside(path: Path, scratch: Path) -> list[Path]:
    """Give the tables of an archive as Insee publishes them, or the file itself when it is anything else."""
    if path.suffix.lower() != ".zip":
        return [path]
    try:
        members = sound_members(path)
    except DiagnosticError:
        return [path]  # it will be refused, with the reason, as any file
    tables = [name for name in members if name.lower().endswith(TABULAR)]
    if not tables or any(name.lower().endswith(OUTLINES) for name in members):
        return [path]
    scratch.mkdir()
    return extract(path, tables, folder=scratch)


def _offer(
    workspace: Workspace,
    path: Path,
    known: dict[str, Entry],
    *,
    accept: Callable[[Entry, Path], object],
    edition: str | None,
    local: bool,
    simulate: bool,
) -> Verdict:
    try:
        with explained(path):
            digest = sha256(path)
        if digest in known:
            return Verdict(path, Outcome.PRESENT, _said(known[digest]), known[digest])
        document = open_document(path, edition=edition)
        check_whole(document)
        if local_table.is_declared(path):
            recognition: Recognition | None = local_table.recognise(document, local_table.declaration_of(path))
        else:
            recognition = recognise(document)
        if recognition is None:
            return _unknown(workspace, document, local=local, simulate=simulate)
        entry = _entry(workspace, path, digest, recognition, known)
        accept(entry, path)
        aside = local_table.said(document, path) if local_table.is_declared(path) else ""
        if not simulate:
            copy_file(path, workspace.raw / entry.file)
            if local_table.is_declared(path):
                copy_file(local_table.declaration_of(path), local_table.declaration_of(workspace.raw / entry.file))
    except WorkspaceError:
        raise
    except DiagnosticError as problem:
        return Verdict(path, Outcome.REFUSED, str(problem))
    return Verdict(path, Outcome.ADDED, _said(entry) + aside, entry)


def _said(entry: Entry) -> str:
    label = (
        SOURCES[entry.source].label if entry.source in SOURCES else f"table locale «\u00a0{entry.source}\u00a0»"
    )
    fictional = " ; données fictives" if entry.fictional else ""
    return f"{label}, édition {entry.edition} ({entry.basis}){fictional}"


def _unknown(workspace: Workspace, document: Document, *, local: bool, simulate: bool) -> Verdict:
    path = document.path
    if not local:
        return Verdict(path, Outcome.NOT_NEEDED, described(document))
    text = local_table.draft(document)
    target = _local_place(workspace, path)
    declared = local_table.declaration_of(target)
    if not (simulate or target.is_file()):
        copy_file(path, target)
    if not (simulate or declared.is_file()):  # a lead's work on a declaration is never written over
        write_text(declared, text)
    said = f"complétez {declared.relative_to(workspace.root)}, puis lancez «\u00a0diagnostic run\u00a0»"
    return Verdict(path, Outcome.DRAFTED, said)


def _local_place(workspace: Workspace, path: Path) -> Path:
    """Give a table its place, that of the same table if it is there, never that of another."""
    folder = workspace.raw / LOCAL_FOLDER
    if path.parent.resolve() == folder.resolve():  # put there by hand
        return folder / path.name
    digest = sha256(path)
    named = (folder / path.name, folder / f"{path.stem}-{digest[:8]}{path.suffix}")
    return next((place for place in named if not place.is_file() or sha256(place) == digest), named[-1])


def _entry(
    workspace: Workspace, path: Path, digest: str, recognition: Recognition, known: dict[str, Entry]
) -> Entry:
    if path.is_relative_to(workspace.raw):  # put there by hand, or left by an interrupted copy
        file = path.relative_to(workspace.raw).as_posix()
    else:
        folder = recognition.source if recognition.source in SOURCES else LOCAL_FOLDER
        file = f"{folder}/{path.name}"
        # Two names that differ by their capitals are one file on Windows.
        if file.casefold() in {entry.file.casefold() for entry in known.values()}:
            file = f"{folder}/{path.stem}-{digest[:8]}{path.suffix}"
    return Entry(file, digest, recognition.source, recognition.edition, recognition.basis, recognition.fictional)


def inventory(workspace: Workspace) -> list[Entry]:
    """Read which files ``data/raw`` holds, checked against their hashes.

    Parameters
    ----------
    workspace
        The folder.

    Returns
    -------
    list of Entry
        In the order of their paths.

    Raises
    ------
    InputError
        When a file was altered or taken away since it came in; all of them at once.
    """
    path = workspace.raw / INVENTORY_NAME
    if not path.is_file():
        return []
    try:
        entries = [Entry(**row) for row in json.loads(path.read_text(encoding="utf-8"))]
    except (json.JSONDecodeError, TypeError) as problem:
        raise InputError(
            Fault("inventaire illisible", file=INVENTORY_NAME, remedy="supprimez-le, puis ajoutez vos fichiers")
        ) from problem
    faults = [fault for entry in entries if (fault := _altered(workspace, entry))]
    if faults:
        raise InputError(faults)
    return sorted(entries, key=lambda entry: entry.file)


def _altered(workspace: Workspace, entry: Entry) -> Fault | None:
    path = workspace.raw / entry.file
    if not path.is_file():
        return Fault(
            "fichier disparu de data/raw", file=entry.file,
            remedy=f"remettez-le avec « diagnostic add », ou oubliez-le avec « diagnostic remove {path.name} »",
        )  # fmt: skip
    digest = sha256(path)
    if digest != entry.sha256:
        return Fault(
            "fichier modifié depuis son ajout", file=entry.file, expected=f"empreinte {entry.sha256[:12]}",
            found=f"empreinte {digest[:12]}",
            remedy=f"« diagnostic remove {path.name} », puis ajoutez le fichier d’origine",
        )  # fmt: skip
    return None


def _write_inventory(workspace: Workspace, entries: Iterable[Entry]) -> None:
    rows = [asdict(entry) for entry in sorted(entries, key=lambda entry: entry.file)]
    write_text(workspace.raw / INVENTORY_NAME, json.dumps(rows, ensure_ascii=False, indent=1) + "\n")


def remove(workspace: Workspace, name: str) -> Entry:
    """Take a file out of ``data/raw`` and out of the inventory, or a local table that was never declared whole.

    Parameters
    ----------
    workspace
        The folder.
    name
        Its name, or its path from ``data/raw``; the draft of its declaration goes with an undeclared table.

    Returns
    -------
    Entry
        What was taken out; without hash nor edition for an undeclared table.

    Raises
    ------
    WorkspaceError
        When no file, or more than one, has this name.
    """
    path = workspace.raw / INVENTORY_NAME
    rows = [Entry(**row) for row in json.loads(path.read_text(encoding="utf-8"))] if path.is_file() else []
    found = [entry for entry in rows if name in {entry.file, entry.file.rsplit("/", 1)[-1]}]
    drafted = _drafted(workspace, name) if not found else None
    if drafted is not None:
        with explained(drafted):
            drafted.unlink()
            local_table.declaration_of(drafted).unlink(missing_ok=True)
        return Entry(drafted.relative_to(workspace.raw).as_posix(), "", "", "", "", fictional=False)
    if len(found) != 1:
        raise WorkspaceError(
            Fault(
                "fichier inconnu de l’inventaire" if not found else "plusieurs fichiers portent ce nom", file=name,
                expected=", ".join(entry.file for entry in (found or rows)) or "aucun fichier",
                remedy="écrivez le chemin entier à partir de data/raw",
            )
        )  # fmt: skip
    _write_inventory(workspace, [entry for entry in rows if entry is not found[0]])
    with explained(path):
        (workspace.raw / found[0].file).unlink(missing_ok=True)
    return found[0]


def _drafted(workspace: Workspace, name: str) -> Path | None:
    """Find a local table that waits for its declaration, by its name or its path from ``data/raw``."""
    folder = workspace.raw / LOCAL_FOLDER
    tables = [path for path in folder.glob("*") if local_table.is_declared(path)] if folder.is_dir() else []
    named = (path for path in tables if name in {path.name, path.relative_to(workspace.raw).as_posix()})
    return next(named, None)


def declaration_digest(path: Path) -> str:
    """Hash the declaration of a local table, empty for any other file."""
    return sha256(local_table.declaration_of(path)) if local_table.is_declared(path) else ""


def read(entry: Entry, path: Path) -> Tables:
    """Read one file whole, with the reader of its source.

    Parameters
    ----------
    entry
        Its line of the inventory.
    path
        Where it lies.

    Raises
    ------
    InputError
        When it cannot be read; all its faults at once.
    """
    document = open_document(path, edition=entry.edition)
    if entry.source in SOURCES:
        return SOURCES[entry.source].read(document, entry.recognition)
    return local_table.read(document, local_table.load(local_table.declaration_of(path)))
