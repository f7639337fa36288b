"""How names of places are compared: by rule, never by likeness alone."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

WINDOWS = {code: bytes([code]).decode("cp1252", errors="ignore") for code in range(0x80, 0xA0)}
LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "’": "'"})
SPLIT_CITIES = {"13": "13055", "69": "69123", "75": "75056"}
BOROUGH = re.compile(r"\b\d{1,2}\s*(?:er|e|eme|ème)\b", re.IGNORECASE)
NATURES = {
    "communautedagglomeration": "ca",
    "communautedecommunes": "cc",
    "communauteurbaine": "cu",
    "communautecommunes": "cc",
    "communauteagglomeration": "ca",
}
NATURE_PREFIX = re.compile(r"^(?:ca|cc|cu)\s+(?:d[eu]s?\s+la\s+|d[eu]s?\s+|de\s+l'|d'|le\s+|la\s+|les\s+)?")


def legible(text: str) -> str:
    r"""Give back the letters of Windows that a file declared as Latin-1 holds: no name has a control character.

    Examples
    --------
    >>> legible("S\x9curs Janin, Bois D\x92Olives")
    'Sœurs Janin, Bois D’Olives'
    """
    return text.translate(WINDOWS)


def fold(text: str) -> str:
    """Put a name in lower case without accents, ligatures or doubled blanks.

    Examples
    --------
    >>> fold("  Nœux-les-Mines ")
    'noeux-les-mines'
    """
    if text.isascii():
        return " ".join(text.casefold().split())
    plain = unicodedata.normalize("NFKD", text.translate(LIGATURES))
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(letters.casefold().split())


def key(text: str) -> str:
    """Keep the letters and digits of a name: case, accents, hyphens, blanks and apostrophes do not count.

    Examples
    --------
    >>> key("Marcq-en-Barœul") == key("MARCQ EN BAROEUL")
    True
    """
    return re.sub(r"[^a-z0-9]", "", fold(text))


def epci_keys(label: str) -> tuple[str, str]:
    """Give the key of an EPCI name, and the key of what is left without its legal form.

    Returns
    -------
    tuple of str
        ``(whole, bare)``; equal when the name carries no legal form.

    Examples
    --------
    >>> epci_keys("Communauté d'agglomération de Cambrai") == epci_keys("CA de Cambrai")
    True
    >>> epci_keys("CA de Cambrai")
    ('cadecambrai', 'cambrai')
    """
    text = fold(label).replace("-", " ")
    for long, short in NATURES.items():
        pattern = {"ca": r"^communaute d'?\s*agglomeration", "cc": r"^communaute (?:de )?communes"}.get(
            short, r"^communaute urbaine"
        )
        if key(text).startswith(long):
            text = re.sub(pattern, short, text)
            break
    return key(text), key(NATURE_PREFIX.sub("", text))


def split_communes(text: str) -> list[str]:
    """Cut a list of communes as producers write it: commas or semicolons, doubled blanks, a trailing comma.

    Examples
    --------
    >>> split_communes("Lille, Faches-Thumesnil, Loos,  Lezennes,")
    ['Lille', 'Faches-Thumesnil', 'Loos', 'Lezennes']
    """
    names = [" ".join(part.split()) for part in re.split(r"[,;]", text)]
    return list(dict.fromkeys(name for name in names if name))


def split_codes(text: str) -> list[str]:
    """Cut a list of commune codes and give each its leading zero back.

    Examples
    --------
    >>> split_codes("2571; 02691"), split_codes("2A004"), split_codes("13055, 13070")
    (['02571', '02691'], ['2A004'], ['13055', '13070'])
    """
    return [code.zfill(5) for code in split_communes(text)]


def department_of(code: str) -> str:
    """Give the département written in a QPV or commune code.

    Examples
    --------
    >>> department_of("QP062035"), department_of("QN97801M"), department_of("59350"), department_of("97411")
    ('62', '978', '59', '974')
    """
    if code.startswith(("QP", "QN")):
        written = code[2:5]
        return written if written.startswith(("97", "98")) else written[1:]
    return code[:3] if code.startswith(("97", "98")) else code[:2]


def commune_code(name: str, departement: str, *, known: Mapping[tuple[str, str], Iterable[str]]) -> str | None:
    """Find the commune that a name designates in a département, or nothing.

    Boroughs of Paris, Lyon and Marseille give their commune; a name absent from the département is
    accepted when a single commune of the whole country bears it. Two communes for one name give nothing.

    Parameters
    ----------
    name
        As published.
    departement
        Code written in the QPV code.
    known
        Commune codes by ``(département, key)``; the département ``""`` holds every name of the country.

    Examples
    --------
    >>> known = {("59", "lille"): ["59350"], ("", "ostricourt"): ["59452"]}
    >>> commune_code("LILLE", "59", known=known), commune_code("Ostricourt", "62", known=known)
    ('59350', '59452')
    >>> commune_code("12ème et 10ème arrondissements", "13", known=known)
    '13055'
    """
    if departement in SPLIT_CITIES and BOROUGH.search(name):
        return SPLIT_CITIES[departement]
    for place in (departement, ""):
        found = set(known.get((place, key(name)), ()))
        if found:
            return found.pop() if len(found) == 1 else None
    return None
