"""What every document of a territory shares: its numbers, its figures drawn once, its texts, its foot."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final, Literal

from diagnostic.formatting import NBSP, long_date, typographic
from diagnostic.publication.figures import A4, svg
from diagnostic.publication.report.characters import drawable
from diagnostic.publication.report.facts import Facts
from diagnostic.publication.report.pictures import Album
from diagnostic.publication.report.prose import Prose
from diagnostic.publication.report.reading import Reader
from diagnostic.publication.report.survey import Survey
from diagnostic.publication.report.typeset import typeset

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from diagnostic.analysis.disclosure.public import PublicTables
    from diagnostic.publication.figures import Figure, Paper
    from diagnostic.publication.kept import Kept
    from diagnostic.publication.report.blocks import Block

Format = Literal["page", "facile", "affiche"]
Page = Callable[[], bytes]
DRAFT: Final = f"PROJET{NBSP}: document de travail, à ne pas diffuser"


class Edition:
    """The documents of one territory.

    Parameters
    ----------
    tables
        The public tables.
    texts
        The lead's own texts, by file name.
    indicators
        Indicators to show; all those of the catalogue by default.
    long
        Whether the chapters show everything, instead of leaving tables and figures to the annexes.
    draft
        Whether every page says that the document is a draft.
    paper
        What the figures are laid out for.
    write
        ``svg`` or ``png``: what the document takes figures as.
    kept
        Figures already drawn from the same tables.

    Raises
    ------
    ConfigurationError
        When a text has an unknown name or calls an unknown number.
    TerritoryError
        When there is no neighbourhood, or no declared reference system.
    """

    def __init__(
        self,
        tables: PublicTables,
        texts: Mapping[str, str] | None = None,
        indicators: Sequence[str] | None = None,
        *,
        long: bool = False,
        draft: bool = False,
        paper: Paper = A4,
        write: Callable[[Figure], bytes] = svg,
        kept: Kept | None = None,
    ) -> None:
        self.long = long
        self.draft = draft
        tables = drawable(tables)
        self.reader = Reader(tables, indicators)
        self.prose = Prose(texts, facts=Facts(self.reader), codes=self.reader.codes)
        self.album = Album(self.reader, paper=paper, write=write, kept=kept)
        self.survey = Survey(tables)

    @cached_property
    def situation(self) -> Block:
        """The situation map."""
        return self.album.situation()

    def page(
        self, blocks: Sequence[Block], *, title: str, form: Format = "page",
        attached: Mapping[str, bytes] | None = None,
    ) -> Page:  # fmt: skip
        """Prepare the PDF of some blocks.

        Parameters
        ----------
        blocks
            What the pages hold; only the figures that they call are given to the typesetter.
        title
            Of the document.
        form
            ``page`` (A4), ``facile`` (A4, large type) or ``affiche`` (A3, landscape).
        attached
            Data to carry inside the document, by file name.

        Returns
        -------
        callable
            Makes the PDF, on any thread; raises :class:`~diagnostic.errors.ToolError` when it cannot be typeset.
        """
        identity, reader = self.reader.identity, self.reader
        day = long_date(identity.edition_date)
        meta = {
            "title": typographic(title),
            "author": [identity.author] if identity.author else [],
            "description": typographic(
                f"{reader.banner + '. ' if reader.banner else ''}Quartiers prioritaires, génération "
                f"{identity.generation}, {day}."
            ),
            "keywords": ["diagnostic territorial", "quartiers prioritaires", identity.name],
            "foot": typographic(f"{identity.name} · génération{NBSP}{identity.generation} · {day}"),
            "banner": reader.banner,
            "fictional": identity.fictional,
            "draft": DRAFT if self.draft else "",
            "form": form,
        }
        called = set(_files(blocks))
        files = {name: body for name, body in self.album.files.items() if name in called}
        return partial(
            typeset, blocks, meta=meta, files=files, day=identity.edition_date, attached=attached or {}
        )  # fmt: skip


def _files(blocks: Sequence[Block]) -> list[str]:
    """Name the figures that some blocks call, at any depth."""
    found = []
    for block in blocks:
        if "file" in block:
            found.append(block["file"])
        for value in block.values():
            if isinstance(value, list) and value and isinstance(value[0], dict):
                found += _files(value)
    return found
