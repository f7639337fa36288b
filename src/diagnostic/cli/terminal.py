"""Words on a console, whatever it can print: a Windows console of an older kind knows only cp1252."""

from __future__ import annotations

import contextlib
import sys

_SUBSTITUTES = str.maketrans({"\u202f": "\u00a0", "\u2212": "-", "\u2192": "->", "\u2265": ">=", "\u2264": "<="})


def printable(text: str, *, encoding: str) -> str:
    """Keep what an encoding can write, and replace the rest by its nearest sign.

    Examples
    --------
    >>> printable("1\u202f234 \u2192 \u22123", encoding="cp1252") == "1\u00a0234 -> -3"
    True
    """
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(_SUBSTITUTES).encode(encoding, errors="replace").decode(encoding)
    return text


def say(text: str, *, error: bool = False) -> None:
    """Print a line.

    Parameters
    ----------
    text
        French sentence.
    error
        Whether it goes to the error stream.
    """
    stream = sys.stderr if error else sys.stdout
    if stream is None:  # a program without a console
        return
    with contextlib.suppress(OSError):  # closed by the reader at the other end of a pipe: nobody is listening
        stream.write(printable(text, encoding=stream.encoding or "ascii") + "\n")
        stream.flush()
