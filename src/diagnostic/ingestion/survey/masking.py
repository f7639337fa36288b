"""Free text that a person will read and code by hand: what names or reaches somebody is masked first."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from diagnostic.ingestion.survey.personal import CIVILITY, FIRST_NAMES
from diagnostic.ingestion.survey.rules import RULES

MASK: Final = "[retiré]"
_WORD = re.compile(r"[^\W\d_]+")
_PROPER = re.compile(r"(?:[ '-]+(?:(?:de|du|des|le|la|el|al|ben|van|von|d')[ '-]?)?[^\W\d_a-zà-öø-ÿ][\w'-]*)*")
_SHORTEST_NAME: Final = 3


def mask(text: str) -> str:
    """Mask direct identifiers, names after a title, first names and the proper names that follow them.

    Parameters
    ----------
    text
        One answer.

    Returns
    -------
    str
        The same text; nothing assures that it names nobody any more, so it still has to be read.

    Examples
    --------
    >>> mask("Karim Le Goff de la CAF et Mme Durand, 06 12 34 56 78 : refusé à moi@exemple.fr")
    '[retiré] de la CAF et [retiré], [retiré] : refusé à [retiré]'
    """
    flat = "".join(_flat(letter) for letter in text)
    spans = [match.span() for rule in RULES if rule.content is not None for match in rule.content.finditer(flat)]
    starts = [match.span() for match in CIVILITY.finditer(flat)]
    starts += [match.span() for match in _WORD.finditer(text) if _first_name(match[0], flat[slice(*match.span())])]
    for start, end in starts:
        proper = _PROPER.match(text, end)
        spans.append((start, proper.end() if proper else end))
    pieces: list[str] = []
    at = 0
    for start, end in sorted(spans):
        if start > at or (start == at == 0) or not pieces:
            pieces += [text[at:start], MASK]
        at = max(at, end)
    return "".join([*pieces, text[at:]])


def _first_name(word: str, flat: str) -> bool:
    return word[:1].isupper() and len(word) >= _SHORTEST_NAME and flat in FIRST_NAMES


def _flat(letter: str) -> str:
    """Give one small letter without its accent for one letter, so that places stay the same."""
    return unicodedata.normalize("NFKD", letter)[0].casefold()[:1] or letter
