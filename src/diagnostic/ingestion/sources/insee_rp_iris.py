"""Census by Iris: Insee's five ``base-ic`` files, csv or workbook, whatever the year in their columns."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from diagnostic.ingestion.census import BLOCK, FILES, LAYOUT, file_of, without_year, year_of
from diagnostic.ingestion.columns import Period, melt
from diagnostic.ingestion.document import Document, Header, Kind
from diagnostic.ingestion.editions import edition_stated
from diagnostic.ingestion.iris import CODE, checked_year, read_iris
from diagnostic.ingestion.source import SOURCES, Recognition, Source, Tables
from diagnostic.ingestion.thematic import LICENCE, head_codes
from diagnostic.ingestion.unproven import marked
from diagnostic.provenance import Provenance
from diagnostic.vocabulary import Level, PeriodBasis, is_fictional

if TYPE_CHECKING:
    from diagnostic.ingestion.tabular import Table

NAME: Final = "insee_rp_iris"
NEEDLES: Final = (CODE, "COM")
LAG: Final = 2  # the census of 2021 is published in the geography of 1 January 2023
LEAST: Final = 3  # columns of the census that make a table one of its files, even damaged
_GEOGRAPHY = re.compile(r"g[ée]ographi[^\n]{0,30}?01/01/(20\d\d)", re.IGNORECASE)


def _header(document: Document) -> Header | None:
    for header in document.headers(NEEDLES):
        known = [name for name in header.columns if year_of(name) and without_year(name) in LAYOUT.columns]
        if len(known) >= LEAST:
            return header
    return None


def recognise(document: Document) -> Recognition | None:
    """Say whether a document is one of the five files, its year read in the names of its columns."""
    if document.kind not in (Kind.DELIMITED, Kind.WORKBOOK) or (header := _header(document)) is None:
        return None
    year = _checked(document, header)
    edition, basis = edition_stated(document, source=NAME, stated=year)
    codes = head_codes(document, header, CODE)
    return Recognition(NAME, edition, basis, fictional=any(is_fictional(Level.IRIS, code) for code in codes))


def _checked(document: Document, header: Header) -> str:
    """Give the year of the columns; refuse columns of several years, or a file that lost some."""
    years = {year for name in header.columns if (year := year_of(name))}
    there = {without_year(name) for name in header.columns}
    file = file_of(header.columns)
    missing = [sign for sign in FILES[file].signs if sign not in there]
    return checked_year(document, header, years=years, missing=missing, file=file)


def read(document: Document, recognition: Recognition) -> Tables:
    """Read the counts of every Iris; raises ``InputError`` with all faults."""
    header = _header(document)
    if header is None:  # the recognition came from elsewhere than this document
        raise ValueError(f"{document.name} is not a file of {NAME}")
    year = int(recognition.edition)
    stated = _GEOGRAPHY.search(document.titles())
    vintage = int(stated.group(1)) if stated else year + LAG
    table, places = read_iris(document, NEEDLES, sheet=header.sheet, vintage=vintage)
    return Tables(measures=melt(
        _useful(table), LAYOUT, places=places, periods={BLOCK: Period(year, PeriodBasis.STATED)}, source=NAME,
        edition=recognition.edition,
    ))  # fmt: skip


def _useful(table: Table) -> Table:
    """Leave out the census columns that the diagnostic has no use for; any other unknown column stays a fault."""
    names = [str(name) for name in table.frame]
    read_here = FILES[file_of(names)].columns
    kept = [name for name in names if year_of(name) is None or without_year(name) in read_here]
    return replace(table, frame=table.frame[kept])


SOURCES.register(
    Source(
        name=NAME,
        label=marked("Insee, recensement de la population par Iris", source=NAME),
        provenance=Provenance(
            producer="Insee",
            title="Bases infracommunales (Iris) du recensement de la population",
            citation="Insee, recensement de la population",
            url="https://www.insee.fr/fr/statistiques/8268806",
            licence=LICENCE,
            published="données 2017 à 2022",
        ),
        recognise=recognise,
        read=read,
        how_to_get="Sur insee.fr, cherchez « bases infracommunales Iris » de l’année voulue et téléchargez les"
        " csv (base-ic-evol-struct-pop, diplomes-formation, activite-residents, logement,"
        " couples-familles-menages).",
        themes=("population", "education", "employment", "housing"),
    )
)
