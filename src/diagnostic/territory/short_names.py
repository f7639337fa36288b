"""Short names of quarters: official ones are too long for a map, and their capitals are those of a typist."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST: Final = 28
OFFICIAL: Final = re.compile(
    r"^quartiers?\s+(?:prioritaire|intercommunal)e?s?\s+(?:(?:de\s+la|de\s+l['’]|des?|du|d['’])\s*)?",
    re.IGNORECASE,
)
SMALL: Final = frozenset(
    {"de", "des", "du", "la", "le", "les", "et", "au", "aux", "sur", "sous", "en", "à", "lès"}
)
ELIDED: Final = re.compile(r"(?<=[\s-])([DL])(['’])(?=\w)")


def short_name(label: str) -> str:
    """Shorten an official name by rule.

    The words « Quartier prioritaire de » go, capitals that French does not write go, and what is over 28
    characters is cut at a dash or at a word.

    Examples
    --------
    >>> short_name("Quartier Prioritaire De Hornaing"), short_name("Les Hauts De Liévin")
    ('Hornaing', 'Les Hauts de Liévin')
    >>> short_name("Quartier Intercommunal Roubaix-Tourcoing - Blanc Seau - Croix Bas Saint Pierre")
    'Roubaix-Tourcoing…'
    """
    text = " ".join(label.split())
    text = OFFICIAL.sub("", text) or text
    text = _repaired(text)
    return text if len(text) <= LONGEST else _cut(text)


def _repaired(text: str) -> str:
    words = text.split(" ")
    small = [word.casefold() if word.casefold() in SMALL else word for word in words[1:]]
    joined = " ".join([words[0], *small])
    after_dash = re.sub(r"(?<= - )(\w)", lambda found: found.group(1).upper(), joined)
    after_dash = re.sub(r"(?<=-)(Le|La|Les|De|Du|Des)(?= )", lambda found: found.group(1).lower(), after_dash)
    plain = ELIDED.sub(lambda found: found.group(1).lower() + found.group(2), after_dash)
    plain = re.sub(r"(?<= - )([dl])(?=['’])", lambda found: found.group(1).upper(), plain)
    return plain[:1].upper() + plain[1:]


def _cut(text: str) -> str:
    parts = re.split(r"\s+[-–]\s+", text)
    kept = parts[0]
    for part in parts[1:]:
        if len(f"{kept} - {part}…") > LONGEST:
            break
        kept = f"{kept} - {part}"
    if len(kept) >= LONGEST:
        kept = kept[:LONGEST].rsplit(" ", 1)[0].rstrip(" -")
        while kept.rpartition(" ")[2].casefold() in SMALL:
            kept = kept.rpartition(" ")[0]
    return f"{kept}…"


def short_names(labels: Sequence[str], communes: Sequence[str]) -> list[str]:
    """Shorten the names of one territory, none of them twice.

    Parameters
    ----------
    labels
        Official names.
    communes
        First commune of each, added where two names would be the same.

    Examples
    --------
    >>> short_names(["Centre Ville", "Centre Ville"], ["Quiévrechain", "Denain"])
    ['Centre Ville (Quiévrechain)', 'Centre Ville (Denain)']
    """
    names = [short_name(label) for label in labels]
    counts = Counter(names)
    pairs = zip(names, communes, strict=True)
    return [f"{name} ({town})" if counts[name] > 1 and town else name for name, town in pairs]
