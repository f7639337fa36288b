"""Text measured before it is drawn: widths, line breaks, truncation, in millimetres of paper."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from matplotlib import get_data_path
from matplotlib.ft2font import FT2Font, LoadFlags

from diagnostic.publication.figures.theme import FONTS, POINT

_FILES = {"regular": "Regular", "semibold": "Semibold", "bold": "Bold"}
ELLIPSIS = "…"


@cache
def _font(weight: str) -> FT2Font:
    font = FT2Font(str(FONTS / f"SourceSans3-{_FILES[weight]}.ttf"))
    font.set_size(100, 72)
    return font


@cache
def drawn() -> frozenset[str]:
    """Give the characters that a document can show: its font, and the one that Typst carries for the others."""
    carried = Path(get_data_path()) / "fonts" / "ttf" / "DejaVuSansMono.ttf"  # the same as Typst's
    codes = {code for font in (_font("regular"), FT2Font(str(carried))) for code in font.get_charmap()}
    return frozenset({chr(code) for code in codes} | set("\t\n\r\u2028\u2029"))


@cache
def _advance(character: str, weight: str) -> float:
    glyph = _font(weight).load_char(ord(character), flags=LoadFlags.NO_HINTING)
    return float(glyph.linearHoriAdvance) / 65536 / 100  # in ems


def width(text: str, size: float, weight: str = "regular") -> float:
    """Measure a line of text in millimetres.

    Examples
    --------
    >>> width("mm", 10) == 2 * width("m", 10)
    True
    >>> width("", 10)
    0.0
    """
    return sum((_advance(character, weight) for character in text), 0.0) * size * POINT


def wrap(text: str, room: float, *, size: float, weight: str = "regular", most: int | None = None) -> list[str]:
    """Break a text into lines that fit, at plain spaces only.

    Parameters
    ----------
    text
        One paragraph; no-break spaces are never broken.
    room
        Width in millimetres.
    size, weight
        Of the letters.
    most
        Lines at most; the last one then ends with an ellipsis.

    Returns
    -------
    list of str
        At least one line.

    Examples
    --------
    >>> wrap("un écart n’est pas une discrimination", 30, size=8)
    ['un écart n’est pas une', 'discrimination']
    >>> wrap("un écart n’est pas une discrimination", 30, size=8, most=1)
    ['un écart n’est pas une…']
    """
    lines: list[str] = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if lines[-1] and width(longer, size, weight) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    if most is not None and len(lines) > most:
        lines = [*lines[: most - 1], shorten(" ".join(lines[most - 1 :]), room, size=size, weight=weight)]
    return [line if width(line, size, weight) <= room else shorten(line, room, size=size, weight=weight)
            for line in lines]  # fmt: skip


def balance(text: str, room: float, *, size: float, weight: str = "regular") -> list[str]:
    """Break a text into as few lines as :func:`wrap`, of lengths as even as can be.

    Examples
    --------
    >>> balance("un écart n’est pas une discrimination", 34, size=8)
    ['un écart n’est pas', 'une discrimination']
    """
    lines = wrap(text, room, size=size, weight=weight)
    tried = room
    while len(lines) > 1 and tried > room / 2:
        tried -= 2.0
        tighter = wrap(text, tried, size=size, weight=weight)
        if len(tighter) > len(lines) or any(line.endswith(ELLIPSIS) for line in tighter):
            break
        lines = tighter
    return lines


def shorten(text: str, room: float, *, size: float, weight: str = "regular") -> str:
    """Cut a text that is too long, an ellipsis at its end.

    Examples
    --------
    >>> shorten("Lille", 30, size=8)
    'Lille'
    >>> shorten("Quartier intercommunal", 20, size=8)
    'Quartier interc…'
    """
    if width(text, size, weight) <= room:
        return text
    kept = text
    while kept and width(kept.rstrip(" -–,") + ELLIPSIS, size, weight) > room:
        kept = kept[:-1]
    return kept.rstrip(" -–,") + ELLIPSIS
