r"""Streams of a PDF whose end nobody can misread.

Compressed data may end with a carriage return. Followed by the line feed that comes before ``endstream``, strict
validators then read the pair as one end of line, and find the stream one byte short. Writing the end of line as
``\r\n`` there leaves no doubt; the offsets of the cross-reference table move with it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import Final

_DOUBTFUL: Final = re.compile(rb"(?<=\r)\n(?=endstream)")
_ENTRY: Final = re.compile(rb"(\d{10}) (\d{5} n)")
_START: Final = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")


def unambiguous(pdf: bytes) -> bytes:
    r"""Write the doubtful ends of streams in full.

    Parameters
    ----------
    pdf
        A document with one plain cross-reference table.

    Returns
    -------
    bytes
        The same document, byte for byte where nothing was doubtful.

    Raises
    ------
    ValueError
        When the document has no such table.

    Examples
    --------
    >>> whole = b"1 0 obj\nstream\nab\r\nendstream\nendobj\nxref\n0 1\n0000000000 00000 n \nstartxref\n37\n%%EOF"
    >>> unambiguous(whole)[15:29], unambiguous(whole)[-8:]
    (b'ab\r\r\nendstream', b'38\n%%EOF')
    """
    places = [match.start() for match in _DOUBTFUL.finditer(pdf)]
    if not places:
        return pdf
    end = _START.search(pdf)
    if end is None:
        raise ValueError("the document has no cross-reference table")
    table = int(end.group(1))

    def moved(offset: int) -> int:
        return offset + bisect_left(places, offset)

    body = _DOUBTFUL.sub(b"\r\n", pdf[:table])
    rows = _ENTRY.sub(
        lambda entry: b"%010d %s" % (moved(int(entry.group(1))), entry.group(2)), pdf[table : end.start()]
    )
    return body + rows + b"startxref\n%d\n%%%%EOF" % moved(table)
