"""Filosofi by Iris, disposable and declared incomes: csv or workbook, with the words that stand for no figure."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from diagnostic.ingestion.columns import MARKS, Layout, Period, melt
from diagnostic.ingestion.document import Document, Header, Kind
from diagnostic.ingestion.editions import edition_stated
from diagnostic.ingestion.filosofi import BLOCK, DECLARED_DISTRIBUTION, DISTRIBUTION
from diagnostic.ingestion.iris import CODE, LABELS, checked_year, read_iris
from diagnostic.ingestion.source import SOURCES, Recognition, Source, Tables
from diagnostic.ingestion.thematic import LICENCE, head_codes
from diagnostic.provenance import Provenance
from diagnostic.vocabulary import Level, PeriodBasis, is_fictional

if TYPE_CHECKING:
    from collections.abc import Mapping

    from diagnostic.ingestion.columns import Column

NAME: Final = "insee_filosofi_iris"
NEEDLES: Final = (CODE, "COM")
NOTE: Final = "NOTE"
LEAST: Final = 3  # columns of incomes that make a table one of these, even damaged
SAME: Final = {"MED": "Q2", "GI": "GINI", "PTSAC": "PTSA"}
SIGNS: Final = ("TP60", "Q1", "Q2", "Q3", "D1", "D9", "RD", "GINI")
# Parts of declared income: those of disposable income, which sum with benefits and taxes, are read instead.
UNREAD: Final = ("PACT", "PTSA", "PCHO", "PBEN", "PPEN", "PAUT")

_NAME = re.compile(r"(DISP|DEC)_(\w+?)(\d\d)")


class _Income(NamedTuple):
    """One of the two files: the beginning of its columns, and their meaning."""

    prefix: str
    layout: Layout


def _base(name: str) -> str:
    published = name.strip().upper()
    found = _NAME.fullmatch(published)
    short = found.group(2) if found else published
    return SAME.get(short, short)


def _income(prefix: str, columns: Mapping[str, Column], unread: tuple[str, ...] = ()) -> _Income:
    noted = {name: replace(column, note_column=NOTE) for name, column in columns.items()}
    labels = LABELS | {*unread}
    return _Income(prefix, Layout(noted, code=CODE, labels=labels, base=_base, marks=MARKS))


INCOMES: Final = (_income("DISP", DISTRIBUTION), _income("DEC", DECLARED_DISTRIBUTION, UNREAD))


def _found(document: Document) -> tuple[Header, _Income] | None:
    """Give the header row and which income its columns are about."""
    for header in document.headers(NEEDLES):
        for income in INCOMES:
            if len(_years(header, income)) >= LEAST:
                return header, income
    return None


def _years(header: Header, income: _Income) -> list[str]:
    names = (_NAME.fullmatch(name.upper()) for name in header.columns)
    return [f"20{found.group(3)}" for found in names if found and found.group(1) == income.prefix]


def recognise(document: Document) -> Recognition | None:
    """Say whether a document is one of these files, its year read in the names of its columns."""
    if document.kind not in (Kind.DELIMITED, Kind.WORKBOOK) or (found := _found(document)) is None:
        return None
    header, income = found
    edition, basis = edition_stated(document, source=NAME, stated=_checked(document, header, income))
    codes = head_codes(document, header, CODE)
    return Recognition(NAME, edition, basis, fictional=any(is_fictional(Level.IRIS, code) for code in codes))


def _checked(document: Document, header: Header, income: _Income) -> str:
    """Give the year of the columns; refuse columns of several years, or a file that lost some."""
    there = {income.layout.base(name) for name in header.columns}
    missing = [name for name in (*SIGNS, NOTE) if name not in there]
    years = set(_years(header, income))
    return checked_year(document, header, years=years, missing=missing, file=f"BASE_TD_FILO_{income.prefix}_IRIS")


def read(document: Document, recognition: Recognition) -> Tables:
    """Read the distribution of every Iris; raises ``InputError`` with all faults."""
    found = _found(document)
    if found is None:  # the recognition came from elsewhere than this document
        raise ValueError(f"{document.name} is not a file of {NAME}")
    header, income = found
    year = int(recognition.edition)
    table, places = read_iris(document, NEEDLES, sheet=header.sheet, vintage=year + 1)
    return Tables(measures=melt(
        table, income.layout, places=places, periods={BLOCK: Period(year, PeriodBasis.STATED)}, source=NAME,
        edition=recognition.edition,
    ))  # fmt: skip


SOURCES.register(
    Source(
        name=NAME,
        label="Insee, Filosofi par Iris",
        provenance=Provenance(
            producer="Insee",
            title="Revenus, pauvreté et niveau de vie par Iris (Filosofi)",
            citation="Insee-DGFiP-Cnaf-Cnav-CCMSA, fichier localisé social et fiscal (Filosofi)",
            url="https://www.insee.fr/fr/statistiques/8229323",
            licence=LICENCE,
            published="données 2014 à 2021",
        ),
        recognise=recognise,
        read=read,
        how_to_get="Sur insee.fr, cherchez « Revenus, pauvreté et niveau de vie (Iris) » de l’année voulue et"
        " téléchargez la base des revenus disponibles (BASE_TD_FILO_DISP_IRIS).",
        themes=("resources",),
    )
)
