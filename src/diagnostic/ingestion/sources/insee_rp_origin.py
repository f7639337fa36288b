"""Census by sex, age and origin (IMG1A) or nationality (NAT1): workbook, long csv, page of one place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pandas as pd

from diagnostic.ingestion.columns import Period, melt, unique_rows
from diagnostic.ingestion.document import Document, Header, Kind
from diagnostic.ingestion.editions import edition_stated
from diagnostic.ingestion.origin import BLOCK, CODE, LAYOUT, LEAST, SUBJECTS, crossing, widened
from diagnostic.ingestion.place_page import of_place, read_page
from diagnostic.ingestion.source import SOURCES, Recognition, Source, Tables
from diagnostic.ingestion.tabular import Table, code_kinds, read_table
from diagnostic.ingestion.thematic import LICENCE, head_codes
from diagnostic.ingestion.unproven import marked
from diagnostic.provenance import Provenance
from diagnostic.vocabulary import Level, PeriodBasis, is_fictional

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME: Final = "insee_rp_origin"
LAG: Final = 2  # the census of 2021 is published in the geography of 1 January 2023
# Kinds of places by the name of their sheet; other zonings are not places of a diagnostic.
KINDS: Final = {
    "COM": Level.COMMUNE, "ARM": Level.COMMUNE, "EPCI": Level.EPCI, "DEP": Level.DEPARTMENT, "REG": Level.REGION,
}  # fmt: skip
SHAPES: Final = {
    Level.COMMUNE: r"\d[0-9AB]\d{3}", Level.EPCI: r"\d{9}", Level.DEPARTMENT: r"\d{2}|2[AB]|97\d",
    Level.REGION: r"\d{2}",
}  # fmt: skip
_YEAR = re.compile(r"(?:RP|[Rr]ecensement(?: de la population)?|en)\s?(20\d\d)")
_GEOGRAPHY = re.compile(r"g[ée]ographi[^\n]{0,30}?01/01/(20\d\d)", re.IGNORECASE)
_AGE = re.compile(r"AGE\w*", re.IGNORECASE)


def _wide(document: Document) -> list[Header]:
    """List the sheets of places, one column a crossing."""
    return [
        header for header in document.headers((CODE,))
        if sum(crossing(name) in LAYOUT.columns for name in header.columns) >= LEAST
        and (header.sheet is None or header.sheet.strip().upper() in KINDS)
    ]  # fmt: skip


def _long(document: Document) -> tuple[Header, dict[str, str], str] | None:
    """Find the columns of a table of one row a crossing, and what it crosses."""
    for subject in SUBJECTS:
        for header in document.headers((CODE, subject, "SEXE", "NB")):
            by_name = {name.upper(): name for name in header.columns}
            ages = [name for name in header.columns if _AGE.fullmatch(name)]
            others = set(by_name) - {CODE, "NIVGEO", "LIBGEO", subject, "SEXE", "NB", *map(str.upper, ages)}
            if len(ages) == 1 and not others:
                parts = {"code": CODE, "subject": subject, "sex": "SEXE", "count": "NB"}
                names = {part: by_name[published] for part, published in parts.items()}
                return header, {**names, "age": ages[0]}, subject
    return None


def recognise(document: Document) -> Recognition | None:
    """Say whether a document is one of these tables, in any of its three layouts."""
    if document.kind not in (Kind.DELIMITED, Kind.WORKBOOK):
        return None
    wide, long = _wide(document), _long(document)
    headers = wide or ([long[0]] if long else [])
    place = None if headers else of_place(document)
    if not headers and place is None:
        return None
    years = set(_YEAR.findall(document.titles()))
    edition, basis = edition_stated(document, source=NAME, stated=years.pop() if len(years) == 1 else None)
    codes = [place.code] if place else [code for header in headers for code in head_codes(document, header, CODE)]
    return Recognition(NAME, edition, basis, fictional=any(is_fictional(Level.COMMUNE, code) for code in codes))


def read(document: Document, recognition: Recognition) -> Tables:
    """Read the counts of every place; raises ``InputError`` with the faults of the first sheet at fault."""
    year = int(recognition.edition)
    stated = _GEOGRAPHY.search(document.titles())
    vintage = int(stated.group(1)) if stated else year + LAG
    frames = []
    for table, column, kinds in _tables(document):
        codes = table.frame[column].str.strip()
        frames.append(melt(
            table, LAYOUT, places=pd.DataFrame({"level": kinds, "code": codes, "vintage": vintage}),
            periods={BLOCK: Period(year, PeriodBasis.STATED)}, source=NAME, edition=recognition.edition,
        ))  # fmt: skip
    return Tables(measures=pd.concat(frames, ignore_index=True))


def _tables(document: Document) -> list[tuple[Table, str, pd.Series[str]]]:
    """Give every table of the document in the wide layout, its column of codes and the level of its rows."""
    if wide := _wide(document):
        found = []
        for header in wide:
            table = read_table(document, (CODE,), sheet=header.sheet)
            column = LAYOUT.find(table, CODE) or CODE
            level = KINDS[(header.sheet or "COM").strip().upper()]
            found.append(_placed(table, column, {str(level): SHAPES[level]}))
        return found
    if long := _long(document):
        header, names, subject = long
        table = read_table(document, (CODE, subject, "SEXE", "NB"), sheet=header.sheet)
        shapes = {str(level): SHAPES[level] for level in SHAPES if level is not Level.REGION}
        code_kinds(table, names["code"], shapes=shapes)  # before rows of one place are put together
        return [_placed(widened(table, names, subject=subject), CODE, shapes)]
    table, level = read_page(document)
    return [_placed(table, CODE, {str(level): SHAPES[level]})]


def _placed(table: Table, column: str, shapes: Mapping[str, str]) -> tuple[Table, str, pd.Series[str]]:
    table = unique_rows(table, column)
    return table, column, code_kinds(table, column, shapes=shapes)


SOURCES.register(
    Source(
        name=NAME,
        label=marked("Insee, recensement par sexe, âge et origine ou nationalité", source=NAME),
        provenance=Provenance(
            producer="Insee",
            title="Population par sexe, âge et situation quant à l’immigration (IMG1A) ou nationalité (NAT1)",
            citation="Insee, recensement de la population",
            url="https://www.insee.fr/fr/statistiques/8582065",
            licence=LICENCE,
            published="données 2017 à 2022",
        ),
        recognise=recognise,
        read=read,
        how_to_get="Sur insee.fr, cherchez « IMG1A » ou « NAT1 » de l’année voulue et téléchargez le fichier de"
        " toutes les communes (TD_IMG1A, TD_NAT1).",
        themes=("population",),
    )
)
