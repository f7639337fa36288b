"""French typography: numbers, units, lists, dates. The only place where a number becomes text."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

NBSP = "\u00a0"
NNBSP = "\u202f"
MINUS = "\u2212"
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip

_SUFFIXES = {
    "percent": f"{NBSP}%",
    "points": f"{NBSP}pt",
    "euros": f"{NBSP}€",
    "persons": f"{NBSP}hab.",
    "hectares": f"{NBSP}ha",
    "euros_per_m2": f"{NBSP}€/m²",
}
DECIMALS = {
    "percent": 1, "points": 1, "euros": 0, "ratio": 2, "per_1000_inhabitants": 2, "index": 1,
    "hectares": 1, "euros_per_m2": 2,
}  # fmt: skip


def number(value: float, decimals: int = 0, *, signed: bool = False) -> str:
    """Write a number the French way.

    Parameters
    ----------
    value
        A finite number.
    decimals
        Digits after the comma.
    signed
        Whether a plus is written before positive values.

    Raises
    ------
    ValueError
        When the value is not finite: an absent value has a status, it is not written as a number.

    Examples
    --------
    >>> number(1234.5, 1) == "1\u202f234,5"
    True
    >>> number(-3.26, 1, signed=True) == "\u22123,3"
    True
    """
    if not math.isfinite(value):
        raise ValueError("an absent value cannot be written as a number")
    rounded = round(abs(value) + 1e-9, decimals)  # 0.25 is read "0,3" by readers of the source files
    text = f"{rounded:,.{decimals}f}".replace(",", NNBSP).replace(".", ",")
    if rounded == 0:
        return text
    return (MINUS if value < 0 else "+" if signed else "") + text


def quantity(value: float, unit: str, *, signed: bool = False, decimals: int | None = None) -> str:
    """Write a number with its unit.

    Examples
    --------
    >>> quantity(12.34, "percent") == "12,3\u00a0%"
    True
    >>> quantity(-2.0, "points", signed=True) == "\u22122,0\u00a0pts"
    True
    """
    digits = DECIMALS.get(unit, 0) if decimals is None else decimals
    suffix = _SUFFIXES.get(unit, "")
    if unit == "points" and abs(value) >= 2:  # noqa: PLR2004 - French plural starts at two
        suffix += "s"
    return number(value, digits, signed=signed) + suffix


def enumeration(items: Iterable[str], *, last: str = "et") -> str:
    """Join words into a French list.

    Examples
    --------
    >>> enumeration(["Lens", "Avion", "Lens"])
    'Lens, Avion et Lens'
    """
    words = list(items)
    if len(words) <= 1:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def plural(count: int, singular: str, many: str | None = None) -> str:
    r"""Agree a noun with its count, the count written before it.

    Examples
    --------
    >>> plural(1, "quartier"), plural(1200, "quartier")
    ('1\xa0quartier', '1\u202f200\xa0quartiers')
    """
    noun = singular if abs(count) < 2 else many or f"{singular}s"  # noqa: PLR2004 - idem
    return f"{number(count)}{NBSP}{noun}"


def long_date(day: date) -> str:
    """Write a date in full.

    Examples
    --------
    >>> from datetime import date
    >>> long_date(date(2024, 3, 1)) == "1er\u00a0mars 2024"
    True
    """
    first = "1er" if day.day == 1 else str(day.day)
    return f"{first}{NBSP}{MONTHS[day.month - 1]} {day.year}"


def typographic(text: str) -> str:
    """Put the French no-break spaces and apostrophes where they are due; idempotent.

    Examples
    --------
    >>> typographic("L'écart : 3 % ?") == "L\u2019écart\u00a0: 3\u00a0%\u202f?"
    True
    """
    text = re.sub(r"(?<=\w)'(?=\w)", "\u2019", text)
    text = re.sub(r"«[ \u00a0\u202f]*", f"«{NBSP}", text)
    text = re.sub(r"[ \u00a0\u202f]*»", f"{NBSP}»", text)
    text = re.sub(r"(?<=\S)[ \u00a0\u202f]+(?=:(?:\s|$))", NBSP, text)
    text = re.sub(r"(?<=\S)[ \u00a0\u202f]+(?=[;!?])", NNBSP, text)
    text = re.sub(r"(?<=\d)[ \u00a0\u202f]+(?=[%€])", NBSP, text)
    return re.sub(r"(?<=\d) (?=\d{3}\b)", NNBSP, text)
