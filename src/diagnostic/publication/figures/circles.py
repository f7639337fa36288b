"""Numbered circles on a map: where they go, and how each is inked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from diagnostic.publication.figures.cells import VALUE
from diagnostic.publication.figures.ground import draw_leader
from diagnostic.publication.figures.marks import DOT, class_style, ink_on, style
from diagnostic.publication.figures.placing import spread
from diagnostic.publication.figures.theme import INK, PAPER, SMALL, Box
from diagnostic.vocabulary import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from diagnostic.publication.figures.cells import Cell
    from diagnostic.publication.figures.classes import Classes
    from diagnostic.publication.figures.ground import Basemap
    from diagnostic.publication.figures.placing import Obstacles
    from diagnostic.publication.figures.projection import Frame
    from diagnostic.publication.figures.theme import Sheet

_BACK: Final = 1.45


@dataclass(frozen=True, slots=True)
class Ink:
    """How a circle is filled and its number written.

    Parameters
    ----------
    style
        Patch style of the circle.
    number
        Colour of the number.
    backed
        Whether the number stands on white, over a hatch.
    dot
        Whether the circle is a small dot, its number beside it.
    """

    style: dict[str, Any] = field(repr=False)
    number: str = INK
    backed: bool = False
    dot: bool = False


def inked(cell: Cell, levels: Classes) -> Ink:
    """Ink a circle by the class of its value, or by the reason of its absence.

    Examples
    --------
    >>> from diagnostic.publication.figures.cells import Cell
    >>> from diagnostic.publication.figures.classes import Classes
    >>> inked(Cell("suppressed", None, None, None, "percent"), Classes(())).backed
    True
    """
    if cell.kind == VALUE and cell.value is not None:
        rank = levels.of(cell.value)
        return Ink(class_style(rank, len(levels)), ink_on(rank, len(levels)))
    return absent(cell.kind)


def absent(kind: str) -> Ink:
    """Ink a circle without a value."""
    dot = kind == Status.NOT_APPLICABLE
    return Ink(style(kind), backed=not dot, dot=dot)


def draw_circles(
    sheet: Sheet, frame: Frame, basemap: Basemap, *, inks: Mapping[str, Ink], radii: np.ndarray, taken: Obstacles,
    gid: str = "",
) -> None:  # fmt: skip
    """Draw one numbered circle a neighbourhood, displaced where they would collide, tied to their places.

    Parameters
    ----------
    sheet, frame, basemap
        Where, and which neighbourhoods.
    inks
        One a code.
    radii
        In millimetres, in list order.
    taken
        Takes the circles, so that names keep off them.
    gid
        Begins the names of the artists, where a figure has several maps.
    """
    anchors = basemap.anchors(frame)
    known = np.isfinite(anchors[:, 0])
    centres = spread(anchors[known], radii[known], frame.box)
    drawn = [place for place, here in zip(basemap.places, known, strict=True) if here]
    for anchor, centre, radius in zip(anchors[known], centres, radii[known], strict=True):
        draw_leader(sheet, anchor, centre, radius)
    for place, (x, y), radius in zip(drawn, centres, radii[known], strict=True):
        ink = inks[place.code]
        sheet.circle(x, y, DOT if ink.dot else radius, gid=f"{gid}circle-{place.code}", **ink.style)
        if ink.backed:
            sheet.circle(x, y, min(_BACK, radius), facecolor=PAPER, edgecolor="none", gid="number-back")
        sheet.text(
            x + (DOT + 1.6 if ink.dot else 0.0), y + 0.85, str(place.number), size=SMALL - 0.5,
            weight="semibold", colour=ink.number, align="center", gid=f"{gid}number-{place.code}",
        )  # fmt: skip
        taken.add(Box(x - radius, y - radius, 2 * radius, 2 * radius))
