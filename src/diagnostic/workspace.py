"""The working folder: where things lie, written whole or not at all, by one run at a time."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from diagnostic.config import CONFIG_NAME, Configuration, load_configuration
from diagnostic.errors import DiagnosticError, Fault, WorkspaceError

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDERS = (
    "data/raw", "data/processed/public", "data/processed/restricted", "reports", "notebooks", "textes", "actions",
)  # fmt: skip
UNFINISHED = ".~diagnostic-"
LOCK_NAME = ".diagnostic-en-cours"
WATCHED = os.name == "nt"  # a file just written may be held by an antivirus
PATIENCE = (0.05, 0.2, 0.5)  # seconds
# A lead's own tables may be lent for their eyes only, and a draft has not said so yet.
PRIVATE_FOLDERS = {("processed", "restricted"), ("raw", "tables_locales")}
_REASONS = {
    errno.ENOSPC: ("disque plein", "libérez de la place"),
    errno.EDQUOT: ("quota dépassé", "libérez de la place"),
    errno.EROFS: ("disque en lecture seule", "choisissez un autre dossier"),
    errno.ENAMETOOLONG: ("chemin trop long", "choisissez un dossier au chemin plus court"),
    errno.ENOTDIR: ("un fichier porte le nom d’un dossier", "choisissez un autre nom"),
    errno.EEXIST: ("un fichier porte ce nom", "choisissez un autre nom"),
    # What Windows answers to a path of more than 260 characters, then to a sign that it does not take in a name.
    errno.ENOENT: ("dossier introuvable ou chemin trop long", "choisissez un dossier qui existe, au chemin court"),
    errno.EINVAL: ("nom non admis", 'ôtez du nom les signes \\ / : * ? " < > |'),
}
PRIVATE_README = """\
Ce dossier peut contenir des réponses d’enquête et des effectifs non diffusables.
Il ne doit ni être copié, ni être envoyé, ni être publié. Seul « public » peut sortir de cette machine.
"""


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder made by ``diagnostic init``.

    Parameters
    ----------
    root
        The folder that holds ``diagnostic.toml``.
    """

    root: Path

    @property
    def raw(self) -> Path:
        """Bytes as published, never edited."""
        return self.root / "data" / "raw"

    @property
    def public(self) -> Path:
        """Tables that may leave the machine."""
        return self.root / "data" / "processed" / "public"

    @property
    def restricted(self) -> Path:
        """Tables that may not."""
        return self.root / "data" / "processed" / "restricted"

    @property
    def survey(self) -> Path:
        """What was kept of a survey: pseudonymised personal data."""
        return self.restricted / "enquete"

    @property
    def cache(self) -> Path:
        """Results of steps, rebuilt at will."""
        return self.root / "data" / "processed" / "restricted" / "cache"

    @property
    def reports(self) -> Path:
        """Documents."""
        return self.root / "reports"

    @property
    def texts(self) -> Path:
        """The lead's own prose."""
        return self.root / "textes"

    def configuration(self) -> Configuration:
        """Read ``diagnostic.toml``.

        Raises
        ------
        ConfigurationError
            When it is absent or has faults.
        """
        return load_configuration(self.root / CONFIG_NAME)


def create(root: Path, *, configuration: str) -> Workspace:
    """Make a working folder, or refuse where one already is.

    Parameters
    ----------
    root
        A folder that does not exist yet, or is empty.
    configuration
        Text of ``diagnostic.toml``.

    Raises
    ------
    WorkspaceError
        When the folder holds something already or cannot be written; nothing is changed then.
    """
    with explained(root):
        taken = root.exists() and (not root.is_dir() or any(root.iterdir()))
    if taken:
        raise WorkspaceError(Fault(
            "ce dossier existe déjà et n’est pas vide", file=str(root),
            remedy="choisissez un autre nom, ou lancez « diagnostic run » si c’est déjà votre diagnostic",
        ))  # fmt: skip
    workspace = Workspace(root)
    with explained(root):
        for folder in FOLDERS:
            (root / folder).mkdir(parents=True, exist_ok=True)
        _close(workspace)
        write_text(workspace.restricted / "LISEZ-MOI.txt", PRIVATE_README)
        write_text(root / CONFIG_NAME, configuration)
    return workspace


def _close(workspace: Workspace) -> None:
    """Keep the restricted folders to their owner, also when they were copied without their rights."""
    for folder in (workspace.restricted, workspace.survey, workspace.cache):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)


@contextlib.contextmanager
def explained(place: Path) -> Iterator[None]:
    """Turn the system's refusals into sentences: disk full, read-only, file open elsewhere.

    Raises
    ------
    WorkspaceError
        In place of ``OSError``.
    """
    try:
        yield
    except DiagnosticError:  # a refusal of ours is also the system's kind of error
        raise
    except PermissionError as problem:
        raise WorkspaceError(Fault(
            "accès refusé", file=_named(problem, place),
            remedy="fermez ce fichier s’il est ouvert ailleurs, ou vérifiez vos droits sur le dossier",
        )) from problem  # fmt: skip
    except OSError as problem:
        found, remedy = _REASONS.get(problem.errno or 0, (f"erreur système {problem.errno}", "changez de dossier"))
        raise WorkspaceError(
            Fault(
                "écriture impossible",
                file=_named(problem, place),
                found=found,
                remedy=f"{remedy}, puis relancez",
            )
        ) from problem


def _named(problem: OSError, place: Path) -> str:
    """Name the file that a person knows, never the temporary one beside it."""
    name = str(problem.filename2 or problem.filename or place)
    return str(place) if Path(name).name.startswith(UNFINISHED) else name


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside ``path``; it replaces it only when the block succeeds.

    Parameters
    ----------
    path
        The file to write; the old one stays intact until the very end.
    """
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=UNFINISHED, suffix=path.suffix, dir=path.parent)
        os.close(handle)
        temporary = Path(name)
        try:
            yield temporary
            private = PRIVATE_FOLDERS & set(zip(path.parts, path.parts[1:], strict=False))
            temporary.chmod(0o600 if private else 0o644)
            _put(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)


def _put(temporary: Path, path: Path) -> None:
    """Replace a file, patiently where something else may hold it for a moment."""
    for pause in PATIENCE if WATCHED else ():
        with contextlib.suppress(PermissionError):
            temporary.replace(path)
            return
        time.sleep(pause)
    temporary.replace(path)


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; an identical file is left as it is."""
    if path.is_file() and path.read_bytes() == content:
        return
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def write_text(path: Path, content: str) -> None:
    """Write UTF-8 text whole or not at all, with the same line ends everywhere."""
    write_bytes(path, content.encode("utf-8"))


def copy_file(origin: Path, target: Path) -> None:
    """Copy a file unchanged, whole or not at all."""
    with replacing(target) as temporary:
        shutil.copyfile(origin, temporary)


@contextlib.contextmanager
def exclusive(workspace: Workspace) -> Iterator[None]:
    """Keep a second run out of the folder while this one works.

    The lock is an operating-system lock on an open file: it goes with the process, even a killed one.

    Raises
    ------
    WorkspaceError
        When another run holds the folder.
    """
    path = workspace.root / LOCK_NAME
    with explained(path), path.open("a+b") as stream:
        if not _acquire(stream.fileno()):
            raise WorkspaceError(Fault(
                "un autre traitement est en cours dans ce dossier", file=str(workspace.root),
                remedy="attendez qu’il se termine, puis relancez",
            ))  # fmt: skip
        _close(workspace)
        for left in [*workspace.root.glob(f"*/{UNFINISHED}*"), *workspace.root.glob(f"data/**/{UNFINISHED}*")]:
            left.unlink(missing_ok=True)  # by a run that was killed
        try:
            yield
        finally:
            _release(stream.fileno())  # closing would do, but later where the system chooses


if os.name == "nt":  # pragma: no cover - exercised on Windows only
    import msvcrt

    def _acquire(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True

    def _release(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined,unused-ignore]

else:
    import fcntl

    def _acquire(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _release(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
