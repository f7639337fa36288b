"""One cell of the inventory, as people write it, to one value; what cannot be read says why."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from diagnostic.action_model import SEPARATOR, Field, Kind
from diagnostic.formatting import enumeration
from diagnostic.territory.catalogue import quarters
from diagnostic.territory.names import key

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Value = str | float | date | None

_DAY_FORMATS: Final = ("%d/%m/%Y", "%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y", "%d-%m-%Y")
_AMOUNT: Final = re.compile(r"\d+(?:[.,](?:\d{1,2}|\d{4,}))?")  # 12.000: thousands or thousandths?
_GENERATIONS: Final = {"QP": 2015, "QN": 2024}
_QPV: Final = re.compile(r"Q[PN]\d[0-9AB]\d{3}[0-9A-Z]")
_PERSONAL: Final = re.compile(
    r"[\w.+-]+@[\w-]+\.\w+|(?<!\d)(?:\+33|0033|0)\s?[1-9](?:(?:[\s.-]?\d{2}){4}|(?:/\d{2}){4})(?!\d)"
)
_EARLIEST, _LATEST = 1990, 2100


@dataclass(frozen=True, slots=True)
class UnreadableError(ValueError):
    """A cell that cannot be read: the words of a fault."""

    what: str
    expected: str
    remedy: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True)
class Places:
    """Neighbourhoods of the territory, as an inventory may name them.

    Parameters
    ----------
    generation
        2015 or 2024.
    qpv
        Code to name.
    """

    generation: int
    qpv: Mapping[str, str]


NOWHERE: Final = Places(0, {})


def read_cell(text: str, field: Field, places: Places = NOWHERE, *, sheets: bool = True) -> Value:
    """Read a cell that is not empty.

    Parameters
    ----------
    text, field
        What is written, and what it should be.
    places
        Neighbourhoods that it may name.
    sheets
        Whether the template's sheets of help lie beside it: a message sends nobody to a sheet that a csv has not.

    Raises
    ------
    UnreadableError
        With what was expected and what to do.
    """
    readers: dict[Kind, Callable[[str], Value]] = {
        Kind.DATE: _day, Kind.EUROS: _euros, Kind.COUNT: _count, Kind.YEAR: _year, Kind.PERCENT: _percent,
        Kind.CODE: lambda cell: _code(cell, field, sheets=sheets),
        Kind.CODES: lambda cell: _codes(cell, field, sheets=sheets),
        Kind.QPV: lambda cell: _quarters(cell, places, sheets=sheets), Kind.NAMES: _names, Kind.TEXT: _text,
    }  # fmt: skip
    if _PERSONAL.search(text):  # whatever the column: a message must not copy them either
        raise UnreadableError(
            "coordonnées d’une personne", "aucun numéro de téléphone ni adresse électronique",
            "effacez-les : l’inventaire ne garde aucun identifiant", "une adresse ou un numéro (non recopié ici)",
        )  # fmt: skip
    return readers[field.kind](text)


def _text(text: str) -> str:
    return " ".join(text.split())


def parts(text: str) -> list[str]:
    """Cut a cell that holds several words.

    Examples
    --------
    >>> parts(" Origine ;Sexe; ")
    ['Origine', 'Sexe']
    """
    return [part.strip() for part in re.split(rf"[{SEPARATOR}\n]", text) if part.strip()]


def _names(text: str) -> str:
    return SEPARATOR.join(dict.fromkeys(_text(part) for part in parts(text)))


def _code(text: str, field: Field, *, sheets: bool) -> str:
    known = {key(word): one.code for one in field.choices for word in (one.code, one.label)}
    found = known.get(key(text))
    if found is None:
        raise UnreadableError("réponse hors de la liste", *_suggested(text, field, sheets=sheets))
    return found


def _codes(text: str, field: Field, *, sheets: bool) -> str:
    found, strange = [], []
    for part in parts(text):
        try:
            found.append(_code(part, field, sheets=sheets))
        except UnreadableError as problem:
            strange.append((part, problem))
    if strange:
        words = enumeration(f"« {part} »" for part, _ in strange)
        remedies = " ; ".join(dict.fromkeys(problem.remedy for _, problem in strange))
        raise UnreadableError("réponse hors de la liste", strange[0][1].expected, remedies, words)
    order = [one.code for one in field.choices]
    return SEPARATOR.join(sorted(set(found), key=order.index))


def _suggested(text: str, field: Field, *, sheets: bool) -> tuple[str, str]:
    """Give the list, and the words nearest to what was written."""
    labels = {key(one.label): one.label for one in field.choices}
    pieces = {key(piece): one.label for one in field.choices for piece in re.split(r"[\s,()]+", one.label)
              if len(piece) > 4}  # fmt: skip  # noqa: PLR2004 - shorter words say nothing
    near = [labels[word] for word in get_close_matches(key(text), list(labels), n=2, cutoff=0.6)]
    near += [pieces[word] for one in re.split(r"[\s,()]+", text)
             for word in get_close_matches(key(one), list(pieces), n=1, cutoff=0.8)]  # fmt: skip
    listed = enumeration((f"« {label} »" for label in dict.fromkeys(near)), last="ou")
    remedy = f"écrivez peut-être {listed}" if near else "choisissez un mot de la liste"
    if near and sheets:
        return "un mot de la liste (feuille « Aide »)", remedy
    return " ; ".join(one.label for one in field.choices), remedy


def _quarters(text: str, places: Places, *, sheets: bool) -> str:
    found = [part.upper() for part in re.split(rf"[{SEPARATOR},\s]+", text) if part]
    strange = [code for code in dict.fromkeys(found) if code not in places.qpv]
    if strange:
        one = strange[0]
        other = _GENERATIONS.get(one[:2])
        where = "feuille « Quartiers »" if sheets else "diagnostic.toml"
        expected = f"des codes de la génération {places.generation} ({where})"
        remedy = f"reprenez le code dans {'la ' if sheets else ''}{where}"
        if _QPV.fullmatch(one) and other not in {None, places.generation}:
            listed = quarters(other or 0)
            name = f" ({listed[one].label})" if one in listed else ""
            raise UnreadableError(
                "quartier de l’autre génération", expected,
                f"{remedy} : les deux générations n’ont pas les mêmes périmètres",
                f"{one}{name}, génération {other}",
            )  # fmt: skip
        raise UnreadableError(
            "quartier inconnu dans ce territoire", expected, remedy, enumeration(strange),
        )  # fmt: skip
    order = list(places.qpv)
    return SEPARATOR.join(sorted(set(found), key=order.index))


def _day(text: str) -> date:
    for form in _DAY_FORMATS:
        try:
            found = datetime.strptime(text, form).date()  # noqa: DTZ007 - a day, of no zone
        except ValueError:
            continue
        if _EARLIEST <= found.year <= _LATEST:
            return found
    raise UnreadableError("date illisible", "jj/mm/aaaa, aaaa-mm-jj ou une date du tableur", "écrivez 01/09/2025")


def _euros(text: str) -> float:
    bare = re.sub(r"[\s\u00a0\u202f]|€|euros?$", "", text, flags=re.IGNORECASE)
    if not _AMOUNT.fullmatch(bare):
        raise UnreadableError(
            "montant illisible", "un nombre d’euros, comme 12 000,50 €", "n’écrivez que le montant"
        )
    return float(bare.replace(",", "."))


def _count(text: str) -> float:
    bare = re.sub(r"[\s\u00a0\u202f]", "", text)
    if not bare.isdecimal():
        raise UnreadableError("nombre illisible", "un nombre entier, 0 compris", "n’écrivez que le nombre")
    return float(bare)


def _year(text: str) -> float:
    if not text.isdecimal() or not _EARLIEST <= int(text) <= _LATEST:
        raise UnreadableError("année illisible", "une année en quatre chiffres", "écrivez 2024")
    return float(text)


def _percent(text: str) -> float:
    bare = re.sub(r"[\s\u00a0\u202f%]", "", text).replace(",", ".")
    # 0.45: forty-five percent turned by the spreadsheet, or less than one? Asked, not guessed.
    if not re.fullmatch(r"\d+(?:\.\d+)?", bare) or float(bare) > 100 or 0 < float(bare) < 1:  # noqa: PLR2004
        raise UnreadableError("pourcentage illisible", "un nombre de 0 à 100", "écrivez 45 pour 45 %")
    return float(bare)
