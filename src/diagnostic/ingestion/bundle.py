"""One zip of public files to carry on a USB key: made here, taken in elsewhere whole or not at all."""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from diagnostic.errors import DiagnosticError, Fault, InputError, WorkspaceError
from diagnostic.formatting import plural
from diagnostic.ingestion import intake
from diagnostic.ingestion.archive import extract, sound_members
from diagnostic.ingestion.source import SOURCES
from diagnostic.provenance import CHUNK
from diagnostic.workspace import explained, replacing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from diagnostic.ingestion.intake import Entry, Verdict
    from diagnostic.workspace import Workspace

MANIFEST: Final = "manifeste-du-lot.json"
FORMAT: Final = 1
# The first moment that a zip can write: the same files give the same bytes.
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_SEEN: Final = ("file", "sha256", "source", "edition")


@dataclass(frozen=True, slots=True)
class Packed:
    """What went into a bundle.

    Parameters
    ----------
    files
        Lines of the inventory that went in.
    left
        Local tables, left where they are: only published files travel.
    """

    files: tuple[Entry, ...]
    left: tuple[Entry, ...]


def pack(workspace: Workspace, target: Path) -> Packed:
    """Write the published files of a folder into one zip.

    Parameters
    ----------
    workspace
        The folder; its inventory is checked against the bytes first.
    target
        The zip to write; it is replaced only once it is whole. The same files give the same bytes.

    Raises
    ------
    InputError
        When a file was altered or has gone, or there is nothing to carry.
    WorkspaceError
        When the zip cannot be written, or exists already and is not a bundle.
    """
    entries = intake.inventory(workspace)
    files = tuple(entry for entry in entries if entry.source in SOURCES)
    if not files:
        raise InputError(Fault(
            "rien à emporter", file=str(workspace.raw), expected="des fichiers publiés", found="aucun",
            remedy="ajoutez-en avec « diagnostic fetch » ou « diagnostic add »",
        ))  # fmt: skip
    if target.exists() and not is_bundle(target):
        raise WorkspaceError(Fault(
            "ce fichier existe et n’est pas un lot", file=str(target), remedy="choisissez un autre nom",
        ))  # fmt: skip
    rows = [{key: getattr(entry, key) for key in _SEEN} for entry in files]
    manifest = json.dumps({"format": FORMAT, "fichiers": rows}, ensure_ascii=False, indent=1) + "\n"
    with replacing(target) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        _write(archive, MANIFEST, manifest.encode("utf-8"))
        for entry in files:
            _copy(archive, entry.file, workspace.raw / entry.file)
    return Packed(files, tuple(entry for entry in entries if entry.source not in SOURCES))


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info


def _write(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    archive.writestr(_member(name), content)


def _copy(archive: zipfile.ZipFile, name: str, path: Path) -> None:
    info = _member(name)
    info.file_size = path.stat().st_size
    with path.open("rb") as origin, archive.open(info, "w") as member:
        while chunk := origin.read(CHUNK):
            member.write(chunk)


def is_bundle(path: Path) -> bool:
    """Say whether a file is a bundle, by the list that only a bundle holds."""
    if path.suffix.lower() != ".zip" or not path.is_file():
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return MANIFEST in archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return False


def add(
    workspace: Workspace,
    paths: Iterable[Path],
    *,
    accept: Callable[[Entry, Path], object],
    edition: str | None = None,
    local: bool = False,
    simulate: bool = False,
    survey: Callable[[Path], str] | None = None,
) -> list[Verdict]:
    """Take in files and bundles; see :func:`diagnostic.ingestion.intake.add` for the parameters.

    Returns
    -------
    list of Verdict
        One a file; one for a whole bundle when it is refused, with all its faults.
    """  # fmt: skip
    verdicts: list[Verdict] = []
    plain: list[Path] = []
    for path in intake.expand(paths):
        if is_bundle(path):
            verdicts += _unpacked(workspace, path, accept=accept, simulate=simulate)
        else:
            plain.append(path)
    if plain:
        verdicts += intake.add(
            workspace, plain, accept=accept, edition=edition, local=local, simulate=simulate, survey=survey
        )
    return verdicts


def _unpacked(
    workspace: Workspace, path: Path, *, accept: Callable[[Entry, Path], object], simulate: bool
) -> list[Verdict]:
    """Check every file of a bundle before the first one is copied."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch, explained(path):
        try:
            rows = _checked(path)
            files = extract(path, list(rows), folder=Path(scratch))
            sure = [
                verdict
                for row, file in zip(rows.values(), files, strict=True)
                for verdict in _offered(workspace, file, row, accept=accept)
            ]
        except WorkspaceError:
            raise
        except DiagnosticError as problem:
            return [intake.Verdict(path, intake.Outcome.REFUSED, f"le lot entier est refusé. {problem}")]
        faults = [verdict for verdict in sure if verdict.outcome not in _TAKEN]
        if faults:
            said = "\n".join(f"    - {one.path.name}\u00a0: {one.message}" for one in faults)
            count = plural(len(faults), "fichier en cause", "fichiers en cause")
            refused = f"le lot entier est refusé, rien n’a été pris ({count})\u00a0:\n{said}"
            return [intake.Verdict(path, intake.Outcome.REFUSED, refused)]
        if simulate:
            return sure
        return [
            verdict
            for row, file in zip(rows.values(), files, strict=True)
            for verdict in intake.add(workspace, [file], accept=_accepted, edition=row["edition"])
        ]


_TAKEN: Final = frozenset({intake.Outcome.ADDED, intake.Outcome.PRESENT})


def _accepted(entry: Entry, path: Path) -> None:
    """Read nothing again: every file of the bundle was read whole a moment ago."""


def _offered(
    workspace: Workspace, file: Path, row: Mapping[str, str], *, accept: Callable[[Entry, Path], object]
) -> list[Verdict]:
    def same(entry: Entry, path: Path) -> object:
        if (entry.source, entry.edition) != (row["source"], row["edition"]):
            raise InputError(Fault(
                "ce fichier n’est pas ce que dit le lot", file=path.name,
                expected=f"{row['source']}, édition {row['edition']}",
                found=f"{entry.source}, édition {entry.edition}",
                remedy="refaites le lot avec la même version de l’outil",
            ))  # fmt: skip
        return accept(entry, path)

    return intake.add(workspace, [file], accept=same, edition=row["edition"], simulate=True)


def _checked(path: Path) -> dict[str, dict[str, str]]:
    """Hold the files of a bundle to its list.

    Raises
    ------
    InputError
        When a file is absent, added, altered or of a source that never travels: all of them at once.
    """
    members = sound_members(path)
    with zipfile.ZipFile(path) as archive:
        rows = _listed(path, archive)
        faults = [Fault("fichier absent du lot", file=name, remedy=_AGAIN) for name in rows if name not in members]
        faults += [
            Fault("fichier qui n’est pas dans la liste du lot", file=name, remedy=_AGAIN)
            for name in members if name not in rows and name != MANIFEST
        ]  # fmt: skip
        for name, row in rows.items():
            if row["source"] not in SOURCES:
                faults.append(Fault(
                    "source inconnue de cette version", file=name, found=row["source"],
                    remedy="mettez l’outil à jour, ou ajoutez ce fichier à part",
                ))  # fmt: skip
            if name in members and (found := _digest(archive, name)) != row["sha256"]:
                faults.append(Fault(
                    "fichier altéré", file=name, expected=f"empreinte {row['sha256'][:12]}",
                    found=f"empreinte {found[:12]}", remedy=_AGAIN,
                ))  # fmt: skip
    if faults:
        raise InputError(faults)
    return rows


_AGAIN: Final = "refaites le lot sur l’ordinateur d’origine avec « diagnostic bundle »"


def _listed(path: Path, archive: zipfile.ZipFile) -> dict[str, dict[str, str]]:
    try:
        content: dict[str, Any] = json.loads(archive.read(MANIFEST))
        rows = {row["file"]: {key: str(row[key]) for key in _SEEN} for row in content["fichiers"]}
        readable = content["format"] == FORMAT
    except (ValueError, KeyError, TypeError):
        readable = False
    if not readable:
        raise InputError(Fault("liste du lot illisible", file=path.name, remedy=_AGAIN))
    return rows


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with archive.open(name) as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
