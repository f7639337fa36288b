"""What is measured: one module a subject, each with a title, a sentence, and a function that gives rows."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from benchmarks.subjects.setting import Setting, UnavailableError

if TYPE_CHECKING:
    from benchmarks.measure import Row

__all__ = ["STUDIES", "SUBJECTS", "Setting", "Subject", "UnavailableError"]


class Subject(Protocol):
    """A module of this folder."""

    title: str
    what: str

    def rows(self, setting: Setting) -> tuple[list[Row], str]:
        """Measure; give the rows, and what could not be measured."""


_NAMES = (
    "help_page", "demonstration", "lille", "reading", "areal", "points", "thematic_map", "figures", "typesetting",
    "atlas", "whole_way", "sheets", "batch", "kills", "census",
)  # fmt: skip
SUBJECTS: dict[str, Subject] = {name: import_module(f"benchmarks.subjects.{name}") for name in _NAMES}

# Scripts of the folder above that print their own tables.
STUDIES = sorted(
    path.stem
    for path in Path(__file__).parents[1].glob("*.py")
    if path.stem not in {"__init__", "__main__", "machine", "measure", "page"}
)
