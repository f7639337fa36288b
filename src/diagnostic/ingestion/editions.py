"""Which edition a file is: its hash, then its values, then what it states, then its name.

Two editions of one table may have the same columns (DEMO 2021 and 2022). Each source therefore ships a lock,
written by :func:`write_lock`: hashes of the files that were seen and, by edition, one published value a place,
enough to know a file again once it was cut to a few départements or saved with another separator.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from diagnostic.errors import Fault, InputError
from diagnostic.formatting import number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from diagnostic.ingestion.document import Document

LOCKS: Final = Path(__file__).parent / "sources" / "locks"
AGREEMENT: Final = 0.95
CONTRADICTION: Final = 0.5
MIN_PROBES: Final = 3
BY_HASH: Final = "empreinte connue"
BY_VALUES: Final = "valeurs reconnues"
BY_STATEMENT: Final = "annoncée dans le fichier"
BY_NAME: Final = "déduite du nom du fichier, à vérifier"
BY_USER: Final = "indiquée par vous"

_YEAR = r"(20[0-4]\d)"
_IN_NAME = re.compile(rf"(?<!\d){_YEAR}(?!\d)")
_STATED = re.compile(
    rf"(?:édition|edition|millésime|millesime|DEMO|IPRO|REVN)[\s_:\u00a0\u202f-]{{0,3}}(?:de |du )?{_YEAR}",
    re.IGNORECASE,
)

_ABSENT = "-"

Values = dict[str, str]


@dataclass(frozen=True, slots=True)
class Lock:
    """What a source knows of the files it has seen.

    Parameters
    ----------
    files
        Edition by sha256.
    probes
        By edition, a published value by code, written without blanks and with a decimal point.
    """

    files: Mapping[str, str]
    probes: Mapping[str, Values]


@cache
def lock_of(source: str) -> Lock:
    """Read the lock of a source; an empty one when it has none."""
    path = LOCKS / f"{source}.toml"
    if not path.is_file():
        return Lock({}, {})
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    known = content.get("probes", {"editions": [], "values": ""})
    rows = [line.split() for line in known["values"].splitlines()]
    probes = {
        edition: {row[0]: row[column] for row in rows if row[column] != _ABSENT}
        for column, edition in enumerate(known["editions"], start=1)
    }
    return Lock(content.get("files", {}), probes)


def edition_of(document: Document, *, source: str, values: Callable[[], Values]) -> tuple[str, str]:
    """Establish the edition of a file and say how.

    Parameters
    ----------
    document
        A file known to be of this source.
    source
        Whose lock is looked at.
    values
        Gives the probed column of the file, text by code, empty cells left out; not called when the hash is
        known.

    Returns
    -------
    tuple of str
        Edition, and the French clause that says how it was established.

    Raises
    ------
    InputError
        When nothing tells, or the values contradict the edition that the name or the user states.
    """
    lock = lock_of(source)
    named = sorted(set(_IN_NAME.findall(document.name)))
    name = named[0] if len(named) == 1 else None
    known = lock.files.get(document.sha256)
    shares = {} if known else agreements(lock, values())
    agreeing = [edition for edition, share in shares.items() if share >= AGREEMENT]
    recognised = known or (agreeing[0] if len(agreeing) == 1 else None)
    if recognised:
        basis = BY_HASH if known else BY_VALUES
        if document.edition not in (None, recognised):
            raise InputError(_contradicted(document, document.edition or "", found=recognised))
        if name not in (None, recognised):
            basis += f" ; le nom du fichier dit {name}"
        return recognised, basis
    stated = sorted(set(_STATED.findall(document.titles())))
    written = stated[0] if len(stated) == 1 else None
    claims = [(document.edition, BY_USER), (written, BY_STATEMENT), (name, BY_NAME)]
    for edition, basis in claims:
        if edition is not None:
            if shares.get(edition, 1.0) < CONTRADICTION:
                raise InputError(_contradicted(document, edition, found=None))
            return edition, basis
    raise InputError(Fault(
        "édition impossible à établir", file=document.name,
        expected="une empreinte connue, des valeurs connues, une année dans le fichier ou dans son nom",
        found="aucune des quatre", remedy="ajoutez-le avec --edition ANNÉE (l’année de la page de l’Insee)",
    ))  # fmt: skip


def edition_stated(document: Document, *, source: str, stated: str | None) -> tuple[str, str]:
    """Establish the edition of a file that states it (in its column names, in its title) and say how.

    Parameters
    ----------
    document
        A file known to be of this source.
    source
        Whose lock is looked at.
    stated
        Edition read in the content, ``None`` when it was not found there.

    Returns
    -------
    tuple of str
        Edition, and the French clause that says how it was established.

    Raises
    ------
    InputError
        When nothing tells, or the user states another edition than the content.
    """
    known = lock_of(source).files.get(document.sha256)
    found = known or stated
    if document.edition and found and document.edition != found:
        raise InputError(_contradicted(document, document.edition, found=found))
    if found:
        return found, BY_HASH if known else BY_STATEMENT
    if document.edition:
        return document.edition, BY_USER
    return edition_of(document, source=source, values=dict)


def agreements(lock: Lock, values: Values) -> dict[str, float]:
    """Give, by edition, the share of the values in common that are equal."""
    shares = {}
    for edition, probes in lock.probes.items():
        common = probes.keys() & values.keys()
        if len(common) >= MIN_PROBES:
            shares[edition] = sum(_same(probes[code], values[code]) for code in common) / len(common)
    return shares


def lock_text(seen: Iterable[tuple[Document, str, Values]]) -> str:
    """Write a lock.

    Parameters
    ----------
    seen
        Files with their edition and their probed values.

    Returns
    -------
    str
        TOML, sorted, the same for the same files.
    """
    files: dict[str, str] = {}
    probes: dict[str, Values] = {}
    for document, edition, values in seen:
        files[document.sha256] = edition
        probes.setdefault(edition, {}).update({code: _plain(value) for code, value in values.items()})
    lines = ["# Written by diagnostic.ingestion.editions.write_lock: do not edit.", "[files]"]
    lines += [f'{digest} = "{edition}"' for digest, edition in sorted(files.items(), key=lambda item: item[::-1])]
    if any(probes.values()):
        editions = sorted(probes)
        codes = sorted({code for values in probes.values() for code in values})
        rows = [" ".join([code, *(probes[edition].get(code, _ABSENT) for edition in editions)]) for code in codes]
        lines += ["", "[probes]", f"editions = {editions}".replace("'", '"'), 'values = """', *rows, '"""']
    return "\n".join(lines) + "\n"


def write_lock(source: str, seen: Iterable[tuple[Document, str, Values]]) -> Path:
    """Write the lock of a source where the package looks for it.

    Returns
    -------
    pathlib.Path
        The file written.
    """
    path = LOCKS / f"{source}.toml"
    path.write_text(lock_text(seen), encoding="utf-8", newline="\n")
    lock_of.cache_clear()
    return path


def _plain(value: str) -> str:
    return re.sub(r"[\s\u00a0\u202f]", "", value).replace(",", ".")


def _same(probe: str, value: str) -> bool:
    plain = _plain(value)
    if plain == probe:
        return True
    try:
        return float(plain) == float(probe)
    except ValueError:
        return False


def _contradicted(document: Document, edition: str, *, found: str | None) -> Fault:
    share = f"au moins {number(100 * CONTRADICTION)} % de valeurs connues"
    return Fault(
        f"les valeurs ne sont pas celles de l’édition {edition}", file=document.name,
        expected=f"les valeurs publiées de l’édition {edition} ({share})",
        found=f"celles de l’édition {found}" if found else "d’autres valeurs",
        remedy="vérifiez l’année sur la page de l’Insee, puis ajoutez-le avec --edition ANNÉE",
    )  # fmt: skip
