"""What is already up to date: results remembered by the hash of everything they depend on."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import diagnostic
from diagnostic.provenance import sha256
from diagnostic.workspace import write_text

if TYPE_CHECKING:
    from collections.abc import Sequence

PACKAGE = Path(diagnostic.__file__).parent


class Steps:
    """The steps of a working folder.

    Parameters
    ----------
    path
        Where the record is kept; an absent or damaged record only means that everything is computed again.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._digests: dict[tuple[str, ...], str] = {}
        self.recomputed: list[str] = []
        try:
            self._done: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            self._done = {}

    def key(self, modules: tuple[str, ...], *inputs: str) -> str:
        """Hash what a result depends on.

        Parameters
        ----------
        modules
            Patterns, from the package's root, of the files whose code makes the result.
        *inputs
            Hashes and settings.
        """
        if modules not in self._digests:
            self._digests[modules] = _digest_of(modules)
        parts = [diagnostic.__version__, self._digests[modules], *inputs]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def current(self, name: str, key: str, outputs: Sequence[Path]) -> bool:
        """Say whether a step's outputs are there, untouched, and made from the same inputs."""
        record = self._done.get(name, {})
        return record.get("key") == key and all(
            path.is_file() and record.get(_name(path)) == sha256(path) for path in outputs
        )

    def done(self, name: str, key: str, outputs: Sequence[Path]) -> None:
        """Remember that a step was made."""
        self._done[name] = {"key": key, **{_name(path): sha256(path) for path in outputs}}
        self.recomputed.append(name)
        write_text(self._path, json.dumps(self._done, indent=1, sort_keys=True))


def _name(path: Path) -> str:
    """Name an output by its folder too: a public table and its restricted counterpart are called alike."""
    return f"{path.parent.name}/{path.name}"


def _digest_of(patterns: tuple[str, ...]) -> str:
    files = sorted({path for pattern in patterns for path in PACKAGE.glob(pattern) if path.is_file()})
    digest = hashlib.sha256()
    for path in files:
        if path.suffix != ".pyc":
            digest.update(path.read_bytes())
    return digest.hexdigest()
