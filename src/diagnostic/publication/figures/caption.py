"""What a figure says of itself, burnt into it: title, measure, source, perimeter, count, caveat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from diagnostic.formatting import NBSP, number, typographic
from diagnostic.publication.figures.lettering import balance, wrap
from diagnostic.publication.figures.lettering import width as measured
from diagnostic.publication.figures.theme import GREY, INK, SMALL, TEXT, WIDTH, Box, Sheet, leading
from diagnostic.vocabulary import FICTIONAL_BANNER

NOT_A_DISCRIMINATION: Final = "Un écart n’est pas une discrimination."
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

    Examples
    --------
    >>> foot = Caption("Carte", source="Insee", generation=2015, count=8, total=9).foot()[0]
    >>> foot.replace("\u00a0", " ")
    'Source : Insee. Quartiers prioritaires, génération 2015. n = 8 sur 9.'
    """

    title: str
    subtitle: str = ""
    source: str = ""
    generation: int | None = None
    count: int | None = None
    total: int | None = None
    caveat: str = ""
    fictional: bool = False

    def foot(self) -> list[str]:
        """Give the paragraphs under the figure."""
        parts = [f"Source{NBSP}: {self.source.rstrip('.')}." if self.source else ""]
        if self.generation:
            parts.append(f"Quartiers prioritaires, génération {self.generation}.")
        if self.count is not None:
            whole = f" sur{NBSP}{number(self.total)}" if self.total is not None else ""
            parts.append(f"n{NBSP}={NBSP}{number(self.count)}{whole}.")
        lines = [" ".join(part for part in parts if part), self.caveat]
        return [typographic(line) for line in lines if line]


def sheet_for(caption: Caption, body: float, *, width: float = WIDTH) -> tuple[Sheet, Box]:
    """Make a sheet just high enough for a body and its words, the words written.

    Parameters
    ----------
    caption
        What is written above and below.
    body
        Height that the drawing needs, in millimetres.
    width
        Width of the sheet, in millimetres.

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
    badge = measured(FICTIONAL_BANNER, SMALL, "semibold") + 3 if caption.fictional else 0.0
    room = width - (badge + 4 if badge else 0)
    heading = balance(typographic(caption.title), room, size=TITLE, weight="semibold")
    subtitle = wrap(typographic(caption.subtitle), room, size=TEXT) if caption.subtitle else []
    feet = [wrap(line, width, size=SMALL) for line in caption.foot()]
    top = leading(TITLE) * len(heading) + leading(TEXT) * len(subtitle) + 2
    bottom = 2 + sum(leading(SMALL) * len(lines) for lines in feet)
    sheet = Sheet(width, top + body + bottom)
    y = sheet.paragraph(0, 0, heading, size=TITLE, weight="semibold", colour=INK, gid="title")
    sheet.paragraph(0, y, subtitle, size=TEXT, colour=GREY, gid="subtitle")
    y = top + body + 2
    for row, lines in enumerate(feet):
        y = sheet.paragraph(0, y, lines, size=SMALL, colour=GREY, italic=row > 0, gid=f"foot-{row}")
    if badge:
        sheet.badge(FICTIONAL_BANNER, right=width - 0.2, y=0.2, width=badge)
    return sheet, Box(0, top, width, body)
