"""What a figure says of itself, burnt into it: title, measure, source, perimeter, count, caveat."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from diagnostic.formatting import NBSP, number, typographic
from diagnostic.publication.figures.lettering import balance, wrap
from diagnostic.publication.figures.lettering import width as measured
from diagnostic.publication.figures.theme import A4, GREY, INK, SMALL, TEXT, Box, Paper, Sheet, leading
from diagnostic.vocabulary import FICTIONAL_BANNER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from diagnostic.publication.figures.cells import Cell

NOT_A_DISCRIMINATION: Final = "Un écart n’est pas une discrimination."
NO_COMPARISON: Final = "Ne permet pas de comparer les quartiers."
NO_CONTOURS: Final = "Contours des communes absents : seuls les quartiers et l’échelle sont dessinés."
TITLE: Final = 10.5


@dataclass(frozen=True, slots=True)
class Caption:
    r"""Words around a figure, in French.

    Parameters
    ----------
    title
        The message, bounded by evidence.
    subtitle
        Measure, population, year.
    source
        Producer, file and vintage, as printed after "Source :".
    generation
        Generation of the perimeters, 2015 or 2024.
    count, total
        Places with a published value, and all places of the figure.
    caveat
        What the figure does not say.
    fictional
        Whether the banner of invented data is drawn.
    paper
        What the figure is drawn for: the column of a page, a slide, a poster.

    Examples
    --------
    >>> foot = Caption("Carte", source="Insee", generation=2015, count=8, total=9).foot()[0]
    >>> foot.replace("\u00a0", " ")
    'Source : Insee. Quartiers prioritaires, génération 2015. n = 8 (8 sur 9 publiés).'
    """

    title: str
    subtitle: str = ""
    source: str = ""
    generation: int | None = None
    count: int | None = None
    total: int | None = None
    caveat: str = ""
    fictional: bool = False
    paper: Paper = A4

    def foot(self) -> list[str]:
        """Give the paragraphs under the figure."""
        parts = [f"Source{NBSP}: {self.source.rstrip('.')}." if self.source else ""]
        if self.generation:
            parts.append(f"Quartiers prioritaires, génération {self.generation}.")
        if self.count is not None:
            parts.append(f"n{NBSP}={NBSP}{number(self.count)}{self._left_out()}.")
        lines = [" ".join(part for part in parts if part), self.caveat]
        return [typographic(line) for line in lines if line]

    def _left_out(self) -> str:
        """Say how many of all are published, where some are not."""
        if self.total is None or self.count is None or self.count >= self.total:
            return ""
        return f" ({number(self.count)} sur{NBSP}{number(self.total)} publié{'s' if self.count > 1 else ''})"


def counted(caption: Caption, shown: Iterable[Cell], *, contours: bool = True) -> Caption:
    """Write into a caption how many values a figure shows, and that contours are absent where they are."""
    known = [cell.written for cell in shown]
    caveat = caption.caveat if contours else f"{caption.caveat} {NO_CONTOURS}".strip()
    return replace(caption, count=sum(known), total=len(known), caveat=caveat)


def sheet_for(caption: Caption, body: float) -> tuple[Sheet, Box]:
    """Make a sheet just high enough for a body and its words, the words written.

    Parameters
    ----------
    caption
        What is written above and below.
    body
        Height that the drawing needs, in millimetres.

    Returns
    -------
    tuple of Sheet and Box
        The sheet, and the room left to the drawing.

    Examples
    --------
    >>> sheet, box = sheet_for(Caption("Titre"), 50)
    >>> box.height, sheet.height > 50
    (50, True)
    """
    width = caption.paper.width
    badge = measured(FICTIONAL_BANNER, SMALL, "semibold") + 3 if caption.fictional else 0.0
    room = width - (badge + 4 if badge else 0)
    heading = balance(typographic(caption.title), room, size=TITLE, weight="semibold")
    subtitle = wrap(typographic(caption.subtitle), room, size=TEXT) if caption.subtitle else []
    feet = [wrap(line, width, size=SMALL) for line in caption.foot()]
    top = leading(TITLE) * len(heading) + leading(TEXT) * len(subtitle) + 2
    bottom = 2 + sum(leading(SMALL) * len(lines) for lines in feet)
    sheet = Sheet(width, top + body + bottom, paper=caption.paper)
    y = sheet.paragraph(0, 0, heading, size=TITLE, weight="semibold", colour=INK, gid="title")
    sheet.paragraph(0, y, subtitle, size=TEXT, colour=GREY, gid="subtitle")
    y = top + body + 2
    for row, lines in enumerate(feet):
        y = sheet.paragraph(0, y, lines, size=SMALL, colour=GREY, italic=row > 0, gid=f"foot-{row}")
    if badge:
        sheet.badge(FICTIONAL_BANNER, right=width - 0.2, y=0.2, width=badge)
    return sheet, Box(0, top, width, body)
