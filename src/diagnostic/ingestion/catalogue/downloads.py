"""The addresses of public files, as data: ``downloads.toml``, one table a file and a vintage."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from diagnostic.errors import Fault, InputError
from diagnostic.formatting import enumeration

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

UNTRIED: Final = "non éprouvé"


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A file that a producer publishes.

    Exactly one of three ways leads to it: its address (``url``), a data.gouv.fr list (``dataset``, the title of
    the resource matching ``pattern``), or a page of Insee (``page``, the name of the file matching ``pattern``).
    With ``page`` alone, it is had by hand.

    Parameters
    ----------
    id
        Stable identifier, typed after ``diagnostic fetch``.
    source
        Entry of the catalogue it belongs to.
    page
        Page that a person opens.
    vintage
        Edition, as the reader names it.
    reader
        Source that reads it (a name of ``SOURCES``), empty while none does.
    generation
        QPV generation of its codes, 0 when it holds none.
    url, dataset, pattern
        See above; ``pattern`` matches a whole name, whatever the case.
    holds
        Regular expression found in the names of its tables, where another file has the same reader and vintage.
    file
        Name to give it, where the address does not end with one.
    digest, seen
        ``algorithm:hexadecimal`` of the bytes, and when they were seen, when they were.
    size
        Bytes, 0 when unknown.
    asked
        Whether it is only had when named: too large, or no reader yet.
    tried
        Whether this address was tried against the live site.
    note
        French clause.
    """

    id: str
    source: str
    page: str
    vintage: str
    reader: str = ""
    generation: int = 0
    url: str = ""
    dataset: str = ""
    pattern: str = ""
    holds: str = ""
    file: str = ""
    digest: str = ""
    seen: str = ""
    size: int = 0
    asked: bool = False
    tried: bool = False
    note: str = ""

    @property
    def by_hand(self) -> bool:
        """Whether no address is known: a person opens the page."""
        return not (self.url or self.pattern)

    @property
    def names(self) -> tuple[str, ...]:
        """Words that call it."""
        return (self.id, self.source, *((self.reader,) if self.reader else ()))

    @property
    def where(self) -> str:
        """Address, or the rule that finds it, as a colleague with a network needs it."""
        if self.url:
            return self.url
        if self.dataset:
            return f"https://www.data.gouv.fr/datasets/{self.dataset} (ressource « {self.looks} »)"
        return f"{self.page} (fichier « {self.looks} »)" if self.pattern else self.page

    @property
    def looks(self) -> str:
        r"""The pattern as a person reads it.

        Examples
        --------
        >>> Download(id="a", source="a", page="", vintage="", pattern=r"pop_QPV24.*\.(zip|csv)").looks
        'pop_QPV24….(zip ou csv)'
        """
        return self.pattern.replace(".*", "…").replace("\\.", ".").replace("|", " ou ").replace("[ée]", "é")

    @property
    def year(self) -> str | None:
        """The vintage where it is one year; a file of many years, renewed in place, has none."""
        return self.vintage if self.vintage.isdecimal() else None


@lru_cache(maxsize=1)
def downloads() -> tuple[Download, ...]:
    """Read the registry.

    Returns
    -------
    tuple of Download
        In the order of the file.

    Examples
    --------
    >>> any(one.tried for one in downloads())  # no live site could be reached when it was written
    False
    """
    text = (resources.files(__package__) / "downloads.toml").read_text(encoding="utf-8")
    return tuple(Download(**row) for row in tomllib.loads(text)["download"])


def select(
    words: Sequence[str],
    *,
    vintage: str | None = None,
    generation: int | None = None,
    among: Iterable[Download] | None = None,
) -> list[Download]:
    """Choose downloads by name.

    Parameters
    ----------
    words
        Identifiers of downloads, of catalogue entries or of readers; without any, those that need not be named.
    vintage
        Keep this one; without it, all that are registered.
    generation
        Keep the files of this QPV generation and those without QPV, when no word is given.
    among
        Registry, that of the package by default.

    Raises
    ------
    InputError
        When a word is unknown, or nothing has this vintage: those that exist are named, and no neighbour taken.
    """  # fmt: skip
    registry = tuple(downloads() if among is None else among)
    faults = [fault for word in words if (fault := _unknown(word, registry))]
    if faults:
        raise InputError(faults)
    chosen = [
        one for one in registry
        if (set(words) & set(one.names) if words else not one.asked and one.generation in {0, generation})
    ]  # fmt: skip
    if vintage is None:
        return chosen
    kept = [one for one in chosen if one.vintage == vintage]
    if not kept:
        existing = enumeration(sorted({one.vintage for one in chosen}))
        raise InputError(Fault(
            f"le registre n’a pas le millésime {vintage}" + (f" de {enumeration(words)}" if words else ""),
            expected=f"un des millésimes qui existent\u00a0: {existing}",
            remedy="aucun autre millésime n’est pris à sa place\u00a0: choisissez-en un avec --millesime",
        ))  # fmt: skip
    return kept


def _unknown(word: str, registry: Iterable[Download]) -> Fault | None:
    known = sorted({name for one in registry for name in one.names})
    if word in known:
        return None
    near = get_close_matches(word, known, n=3, cutoff=0.5)
    remedy = f"essayez {enumeration(near, last='ou')}" if near else "voyez « diagnostic fetch --list »"
    return Fault(f"source inconnue du registre des téléchargements\u00a0: {word}", remedy=remedy)
