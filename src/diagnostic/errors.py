"""What can go wrong, said in French, each with a way out.

Every message answers five questions: what is wrong, where, what was expected, what was found, what to do.
All the faults of one file or one configuration are carried by a single exception.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Fault:
    r"""One thing that is wrong, in French, without any personal value in it.

    Parameters
    ----------
    what
        The fault, as a sentence without its final stop.
    file, sheet, column
        Where it is, as the user names them; ``column`` is a key where the file is TOML.
    line
        1-based line of the file (header included).
    expected, found
        What should be there and what is there.
    remedy
        What the user can do about it.

    Examples
    --------
    >>> fault = Fault("colonne absente", file="a.csv", expected="CODGEO", remedy="vérifiez le fichier")
    >>> print(str(fault).replace("\u00a0", " "))
    colonne absente (fichier « a.csv »). Attendu : CODGEO. À faire : vérifiez le fichier.
    """

    what: str
    file: str | None = None
    sheet: str | None = None
    line: int | None = None
    column: str | None = None
    expected: str | None = None
    found: str | None = None
    remedy: str | None = None

    def __str__(self) -> str:
        noun = "clé" if (self.file or "").endswith(".toml") else "colonne"
        place = [
            f"fichier «\u00a0{self.file}\u00a0»" if self.file else "",
            f"feuille «\u00a0{self.sheet}\u00a0»" if self.sheet else "",
            f"ligne {self.line}" if self.line is not None else "",
            f"{noun} «\u00a0{self.column}\u00a0»" if self.column else "",
        ]
        where = ", ".join(part for part in place if part)
        text = f"{self.what} ({where})." if where else f"{self.what}."
        for title, value in (("Attendu", self.expected), ("Trouvé", self.found), ("À faire", self.remedy)):
            if value:
                stop = "" if value.endswith("?") else "."
                text += f" {title}\u00a0: {value.rstrip('.')}{stop}"
        return text


class DiagnosticError(Exception):
    """Anything a user can understand and mend.

    Parameters
    ----------
    faults
        One fault or several; a plain sentence stands for a fault without a place.
    """

    def __init__(self, faults: str | Fault | Iterable[Fault]) -> None:
        if isinstance(faults, str):
            faults = Fault(faults.rstrip("."))
        self.faults: tuple[Fault, ...] = (faults,) if isinstance(faults, Fault) else tuple(faults)
        super().__init__(str(self))

    def __str__(self) -> str:
        if len(self.faults) == 1:
            return str(self.faults[0])
        lines = [f"{len(self.faults)} problèmes\u00a0:"]
        return "\n".join(lines + [f"  - {fault}" for fault in self.faults])


class InputError(DiagnosticError, ValueError):
    """A file is not what it should be: wrong kind, damaged, altered, incomplete."""


class ConfigurationError(DiagnosticError, ValueError):
    """``diagnostic.toml`` or another file written by a person has a fault."""


class TerritoryError(DiagnosticError, LookupError):
    """A place is unknown, ambiguous, or two generations or reference systems meet."""


class WorkspaceError(DiagnosticError, OSError):
    """The working folder cannot be used: absent, locked, read-only, full."""


class RefusedError(DiagnosticError, PermissionError):
    """The tool refuses by law or by design; the message says which."""


class ToolError(DiagnosticError, RuntimeError):
    """A tool or an optional dependency is missing or failed."""
