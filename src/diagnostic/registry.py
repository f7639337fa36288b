"""Registries: one file per thing that varies, and nothing central to edit."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import sys
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Named(Protocol):
    """What a registry holds: anything with a unique name."""

    @property
    def name(self) -> str: ...  # noqa: D102 - the protocol's only word


Entry = TypeVar("Entry", bound=Named)


class Registry(Generic[Entry]):
    """Entries by name, found by importing every module of one package.

    Parameters
    ----------
    package
        Dotted name of the package whose modules register themselves.

    Examples
    --------
    >>> from diagnostic.ingestion.source import SOURCES
    >>> "insee_qpv_demo" in SOURCES
    True
    """

    def __init__(self, package: str) -> None:
        self._package = package
        self._entries: dict[str, Entry] = {}
        self._discovered = False

    def register(self, entry: Entry) -> Entry:
        """Add an entry; a name serves once.

        Raises
        ------
        ValueError
            When the name is taken by another entry.
        """
        if self._entries.setdefault(entry.name, entry) is not entry:
            raise ValueError(f"{entry.name!r} is registered twice in {self._package}")
        return entry

    def unregister(self, name: str) -> None:
        """Take an entry out, as a test that adds one must.

        Raises
        ------
        KeyError
            When no entry has this name.
        """
        del self._entries[name]

    def load_folder(self, folder: Path) -> None:
        """Import every ``*.py`` file of a folder, so that a colleague's entries join the package's.

        Raises
        ------
        ImportError
            When a file cannot be imported.
        """
        self._discover()
        for path in sorted(folder.glob("*.py")):
            name = f"{self._package}.{path.stem}"
            spec = importlib.util.spec_from_file_location(name, path)
            if spec is None or spec.loader is None:
                raise ImportError(f"{path} is not a Python module")
            module = importlib.util.module_from_spec(spec)
            sys.modules[name] = module
            spec.loader.exec_module(module)

    def _discover(self) -> None:
        if self._discovered:
            return
        self._discovered = True  # before the imports: a module may look at the registry it joins
        package = importlib.import_module(self._package)
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{self._package}.{module.name}")

    def __getitem__(self, name: str) -> Entry:
        self._discover()
        return self._entries[name]

    def __contains__(self, name: object) -> bool:
        self._discover()
        return name in self._entries

    def __iter__(self) -> Iterator[Entry]:
        """Entries in the order of their names, so that nothing depends on import order."""
        self._discover()
        return iter([self._entries[name] for name in sorted(self._entries)])

    def __len__(self) -> int:
        self._discover()
        return len(self._entries)
