"""Columns of the inventory, and the coded words of each."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from diagnostic.survey_model import Role, option_lists

if TYPE_CHECKING:
    from collections.abc import Mapping

HERE: Final = Path(__file__).parent
SHEET: Final = "Actions"
SEPARATOR: Final = ";"
ALL_CRITERIA: Final = "tous"  # a generalist action: counted apart, it covers no criterion
EXAMPLE: Final = "EXEMPLE"  # what the identifier of the template's own row begins with
DOMAINS: Final = "domaines"


class Kind(StrEnum):
    """What a cell holds."""

    TEXT = "text"
    NAMES = "names"
    CODE = "code"
    CODES = "codes"
    QPV = "qpv"
    DATE = "date"
    EUROS = "euros"
    COUNT = "count"
    YEAR = "year"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class Choice:
    """A coded word: its code in tables, its label in a drop-down list."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the inventory.

    Parameters
    ----------
    code
        Name in tables.
    label, help, example
        Title of the column, what to write in it, what the example row holds.
    kind
        See :class:`Kind`.
    choices
        Words accepted, in the order of the list; empty for free cells.
    required
        Whether it must be filled.
    public
        Whether it may leave the machine: free texts on who follows and who validated may not.
    """

    code: str
    label: str
    help: str
    example: str
    kind: Kind
    choices: tuple[Choice, ...]
    required: bool
    public: bool

    @property
    def several(self) -> bool:
        """Whether a cell may hold several words."""
        return self.kind in {Kind.CODES, Kind.NAMES, Kind.QPV}


@lru_cache(maxsize=1)
def _lists() -> Mapping[str, tuple[Choice, ...]]:
    found: dict[str, list[Choice]] = {
        DOMAINS: [
            Choice(option.code, option.label) for option in option_lists()[DOMAINS] if option.role is Role.ANSWER
        ]
    }
    for row in _rows("lists.csv"):
        found.setdefault(row["list"], []).append(Choice(row["code"], row["label"]))
    return MappingProxyType({name: tuple(listed) for name, listed in found.items()})


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((HERE / name).read_text(encoding="utf-8").splitlines(), delimiter=";"))


def choices(name: str) -> tuple[Choice, ...]:
    """Give the words of a list; domains are those of the survey.

    Examples
    --------
    >>> len(choices("domaines")), choices("niveaux")[1].label
    (16, 'Méso (organisations)')
    """
    return _lists()[name]


def label_of(name: str, code: str) -> str:
    """Give the label of a code, the code itself where the list has it not.

    Examples
    --------
    >>> label_of("criteres", "vulnerabilite_economique"), label_of("etats", "ailleurs")
    ('Vulnérabilité économique', 'ailleurs')
    """
    return next((one.label for one in choices(name) if one.code == code), code)


@lru_cache(maxsize=8)
def fields(table: str = "actions") -> Mapping[str, Field]:
    """Give the columns of a table by code, in the order of the template.

    Parameters
    ----------
    table
        ``actions`` (the inventory), or a small table beside it: ``recours``, ``credits_p147``, ``acces_droit``,
        ``ptlcd``.

    Examples
    --------
    >>> [field.code for field in fields().values() if field.required][:3]
    ['intitule', 'porteur', 'type_porteur']
    >>> list(fields("credits_p147"))
    ['annee', 'montant', 'source']
    """
    return MappingProxyType({
        row["code"]: Field(
            row["code"], row["label"], row["help"], row["example"], Kind(row["kind"]),
            choices(row["list"]) if row["list"] else (), bool(row["required"]), bool(row["public"]),
        )
        for row in _rows("fields.csv") if row["table"] == table
    })  # fmt: skip


PUBLIC: Final = tuple(code for code, field in fields().items() if field.public)
