"""The numbered list beside a map: number, short name, value or mark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from diagnostic.formatting import typographic
from diagnostic.publication.figures.lettering import width as measured
from diagnostic.publication.figures.lettering import wrap
from diagnostic.publication.figures.theme import BLUE, GREY, HAIR, SMALL, leading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from diagnostic.publication.figures.ground import Place
    from diagnostic.publication.figures.theme import Box, Sheet

SIZE: Final = 7.5
_NUMBER: Final = 6.0
_DENSE: Final = 28
INSET: Final = 0.5  # from the edge of the sheet, which a picture in pixels rounds off
_ROW_GAP: Final = 0.75


def _lines(place: Place, room: float, *, dense: bool) -> list[str]:
    return wrap(typographic(place.name), room, size=SIZE, most=1 if dense else 2)


def _value_room(values: Mapping[str, str], heading: str) -> float:
    widths = [measured(text, SIZE, "semibold") for text in values.values()]
    return max([*widths, measured(heading, SMALL), 0.0]) + (2.0 if widths else 0.0)


def list_height(places: Sequence[Place], width: float, *, values: Mapping[str, str], heading: str = "") -> float:
    """Measure the list that :func:`draw_list` would draw, in millimetres."""
    room = width - _NUMBER - _value_room(values, heading)
    dense = len(places) > _DENSE
    rows = sum(len(_lines(place, room, dense=dense)) for place in places)
    return leading(SMALL) + 1.2 + rows * leading(SIZE) * 0.94 + len(places) * _ROW_GAP


def draw_list(
    sheet: Sheet, box: Box, places: Sequence[Place], *, values: Mapping[str, str], heading: str = ""
) -> None:
    """Write the list in a box, values aligned on the right.

    Parameters
    ----------
    sheet, box
        Where.
    places
        In list order.
    values
        Written value or mark by code; may be empty.
    heading
        What the values are (``"%"``).
    """
    room = box.width - _NUMBER - _value_room(values, heading)
    dense = len(places) > _DENSE
    y = box.y + leading(SMALL)
    sheet.text(box.x, y - 1.1, "N° et nom", size=SMALL, colour=GREY)
    if heading:
        sheet.text(box.right - INSET, y - 1.1, heading, size=SMALL, colour=GREY, align="right")
    sheet.line([box.x, box.right], [y, y], colour=HAIR, width=0.6)
    y += 1.2
    step = leading(SIZE) * 0.94
    for place in places:
        lines = _lines(place, room, dense=dense)
        first = y + step * 0.78
        sheet.text(
            box.x + _NUMBER - 1.6,
            first,
            str(place.number),
            size=SIZE,
            weight="semibold",
            colour=BLUE,
            align="right",
        )
        for row, line in enumerate(lines):
            sheet.text(box.x + _NUMBER, first + row * step, line, size=SIZE, gid=f"name-{place.code}-{row}")
        if place.code in values:
            sheet.text(
                box.right - INSET, first, values[place.code], size=SIZE, weight="semibold", align="right",
                gid=f"value-{place.code}",
            )  # fmt: skip
        y += step * len(lines) + _ROW_GAP
