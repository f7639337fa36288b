"""Archives that can be trusted: whole, of a decent size, and writing nothing outside their folder."""

from __future__ import annotations

import gzip
import lzma
import re
import struct
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from diagnostic.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_MEMBERS: Final = 10_000
MAX_RATIO: Final = 250
# Below this size a high ratio harms nobody: a column of zeros compresses well.
RATIO_MATTERS_FROM: Final = 100 * (1 << 20)
MAX_UNPACKED: Final = 20 * (1 << 30)
VERIFIED_BYTES: Final = 1 << 26
WORKBOOKS: Final = (".xlsx", ".xlsm", ".ods")

TABLE_EXPECTED: Final = "un tableau (csv, xlsx, xls, ods, parquet), un fichier géographique ou une archive zip"
AGAIN: Final = "téléchargez de nouveau le fichier sur le site du producteur"

# What zipfile raises on altered bytes: offsets outside the file, unknown methods, streams that do not inflate.
_DAMAGES = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, NotImplementedError,
    RuntimeError,
)  # fmt: skip

_SAID: Final = {
    "not a zip file": "le sommaire de l’archive manque",
    "central directory": "le sommaire de l’archive est abîmé",
    "local file header": "un membre n’est pas là où le sommaire le place",
    "file header": "un membre n’est pas là où le sommaire le place",
    "bad crc": "une somme de contrôle fausse",
    "crc check failed": "une somme de contrôle fausse",
    "compression": "une méthode de compression inconnue",
    "end-of-stream": "un contenu qui s’arrête avant la fin",
    "overlapped": "des membres qui se recouvrent",
    "encrypted": "un contenu chiffré",
    "password": "un contenu chiffré",
    "gzip": "un contenu qui n’est pas du gzip",
}
_KINDS_OF_PROBLEM: Final[dict[type[Exception], str]] = {
    FileNotFoundError: "aucun fichier à ce chemin",
    PermissionError: "accès refusé",
    IsADirectoryError: "un dossier",
    EOFError: "un contenu qui s’arrête avant la fin",
    zlib.error: "un contenu comprimé abîmé",
    lzma.LZMAError: "un contenu comprimé abîmé",
}


def sound_members(path: Path) -> tuple[str, ...]:
    """Check a zip and name its files.

    Parameters
    ----------
    path
        An existing file that starts like a zip.

    Returns
    -------
    tuple of str
        Files, without the folders, in the order of the archive.

    Raises
    ------
    InputError
        When it is cut, damaged, empty, behind a password, out of measure, or would write outside its folder.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
    except _DAMAGES as problem:
        _damaged(path, in_french(problem))
    _check_archive(path, infos)
    if sum(info.file_size for info in infos) <= VERIFIED_BYTES:
        _verify(path)
    if not infos:
        refuse(path, "archive zip vide", expected="au moins un fichier", found="aucun membre", remedy=AGAIN)
    return tuple(info.filename for info in infos)


def extract(path: Path, members: Sequence[str], *, folder: Path) -> list[Path]:
    """Take files out of a zip that was found sound.

    Parameters
    ----------
    path, members
        The archive and the names that :func:`sound_members` gave.
    folder
        An existing folder; nothing is written outside it.

    Returns
    -------
    list of pathlib.Path
        One file a member, in the same order.

    Raises
    ------
    InputError
        When a member is damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return [Path(archive.extract(name, folder)) for name in members]
    except _DAMAGES as problem:
        _damaged(path, in_french(problem))


def gunzip(path: Path) -> bytes:
    """Decompress a gzip file whole.

    Parameters
    ----------
    path
        An existing file.

    Returns
    -------
    bytes
        Its content, never empty.

    Raises
    ------
    InputError
        When it is cut, damaged, empty, or swells out of measure.
    """
    limit = max(RATIO_MATTERS_FROM, path.stat().st_size * MAX_RATIO)
    try:
        with gzip.open(path, "rb") as stream:
            data = stream.read(limit + 1)
    except (OSError, EOFError, zlib.error) as problem:
        refuse(
            path, "fichier gzip tronqué ou abîmé", expected="un fichier complet", found=in_french(problem),
            remedy=AGAIN,
        )  # fmt: skip
    if len(data) > limit:
        refuse(
            path, "fichier gzip démesuré", expected=f"au plus {limit} octets décompressés",
            found="davantage", remedy="n’ouvrez pas ce fichier ; téléchargez-le de nouveau chez le producteur",
        )  # fmt: skip
    if not data:
        refuse(path, "fichier vide", expected=TABLE_EXPECTED, found="un gzip sans contenu", remedy=AGAIN)
    return data


def in_french(problem: Exception) -> str:
    """Say in French what the libraries say in English of a damaged or unreachable file.

    Examples
    --------
    >>> in_french(zipfile.BadZipFile("File is not a zip file")), in_french(PermissionError(13, "denied"))
    ('le sommaire de l’archive manque', 'accès refusé')
    """
    text = str(problem).casefold()
    for sign, said in _SAID.items():
        if sign in text:
            return said
    for kind, said in _KINDS_OF_PROBLEM.items():
        if isinstance(problem, kind):
            return said
    return "un contenu qui ne se lit pas jusqu’au bout"


def refuse(path: Path, what: str, *, expected: str, found: str, remedy: str) -> NoReturn:
    """Raise an ``InputError`` that says what was expected, what was found and what to do."""
    raise InputError(Fault(what, file=path.name, expected=expected, found=found, remedy=remedy)) from None


def _verify(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            wrong = archive.testzip()
    except _DAMAGES as problem:
        _damaged(path, in_french(problem))
    if wrong is not None:
        _damaged(path, f"somme de contrôle fausse pour {wrong!r}")


def _damaged(path: Path, found: str) -> NoReturn:
    if path.suffix.lower() in WORKBOOKS:  # as often a partner's as a producer's
        refuse(
            path, "classeur tronqué ou abîmé", expected="un classeur complet", found=found,
            remedy="demandez-le ou téléchargez-le de nouveau ; s’il s’ouvre, enregistrez-le sous un autre nom",
        )  # fmt: skip
    refuse(
        path, "archive zip tronquée ou abîmée", expected="une archive complète", found=found,
        remedy=f"{AGAIN} ; vérifiez que le téléchargement est allé à son terme",
    )  # fmt: skip


def _check_archive(path: Path, infos: list[zipfile.ZipInfo]) -> None:
    outside = [info.filename for info in infos if _leaves_folder(info.filename)]
    if outside:
        refuse(
            path, "archive dangereuse : un membre sortirait du dossier",
            expected="des chemins relatifs sans « .. »", found=repr(outside[0]),
            remedy="n’ouvrez pas cette archive et prévenez la personne qui vous l’a transmise",
        )  # fmt: skip
    if any(info.flag_bits & 1 for info in infos):
        refuse(
            path, "archive zip protégée par un mot de passe", expected="une archive ouverte",
            found="des membres chiffrés", remedy="décompressez-la et ajoutez les fichiers qu’elle contient",
        )  # fmt: skip
    unpacked = sum(info.file_size for info in infos)
    ratio = unpacked / max(1, sum(info.compress_size for info in infos))
    swollen = unpacked > MAX_UNPACKED or (unpacked > RATIO_MATTERS_FROM and ratio > MAX_RATIO)
    if len(infos) > MAX_MEMBERS or swollen:
        refuse(
            path, "archive zip démesurée",
            expected=f"au plus {MAX_MEMBERS} membres, {MAX_UNPACKED >> 30} Gio et un rapport de {MAX_RATIO}",
            found=f"{len(infos)} membres, {unpacked} octets décompressés, rapport {ratio:.0f}",
            remedy="n’ouvrez pas cette archive ; téléchargez-la de nouveau chez le producteur",
        )  # fmt: skip


def _leaves_folder(name: str) -> bool:
    parts = name.replace("\\", "/")
    return parts.startswith("/") or ".." in parts.split("/") or bool(re.match(r"[A-Za-z]:", parts))
