"""Filosofi by quarter of 2015, source files ``data_filo*_qp_revdis``: the distribution of disposable income."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from diagnostic.errors import Fault, InputError
from diagnostic.ingestion.columns import SHEETS, Layout, Period, Sheet, melt, unique_rows
from diagnostic.ingestion.document import Document, Kind
from diagnostic.ingestion.editions import edition_stated
from diagnostic.ingestion.filosofi import BLOCK, DISTRIBUTION
from diagnostic.ingestion.source import SOURCES, Recognition, Source, Tables
from diagnostic.ingestion.tabular import looks_damaged
from diagnostic.ingestion.thematic import GENERATION, LICENCE, has_shape, head_codes, places_of, read_body
from diagnostic.provenance import Provenance
from diagnostic.vocabulary import Level, PeriodBasis, is_fictional

NAME: Final = "insee_filosofi_qpv"
SAME: Final = {"MED": "Q2", "Q1Q3Q2": "EQ", "D1D9": "RD"}

_SUFFIX = re.compile(r"_A(\d\d)$")
_MEDIAN = re.compile(r"DISP_(?:MED|Q2)_A(\d\d)", re.IGNORECASE)


def _base(name: str) -> str:
    short = _SUFFIX.sub("", name.strip().upper()).removeprefix("DISP_")
    return SAME.get(short, short)


LAYOUT: Final = Layout(
    {name: replace(column, note_column="NOTE") for name, column in DISTRIBUTION.items()}, base=_base
)


def _needles(document: Document) -> tuple[str, ...]:
    """Give the columns that make this file known, or nothing."""
    medians = [name for name in document.columns(("CODGEO",)) if _MEDIAN.fullmatch(name)]
    return ("CODGEO", medians[0]) if len(medians) == 1 and document.columns(("CODGEO", medians[0])) else ()


def recognise(document: Document) -> Recognition | None:
    """Say whether a document is a Filosofi file by quarter, its year read in the names of its columns."""
    needles = _needles(document)
    if not needles or document.kind not in (Kind.DELIMITED, Kind.WORKBOOK):
        return None
    header = document.headers(needles)[0]
    codes = head_codes(document, header, LAYOUT.code)
    if not any(has_shape(code) for code in codes) and not looks_damaged(codes):
        return None  # the same columns for the quarters of 2024
    _, kinds = read_body(document, needles, sheet=header.sheet, code=LAYOUT.code)
    if not kinds.isin([Level.QPV, Level.FRANCE]).all():
        return None
    years = {found.group(1) for name in header.columns if (found := _SUFFIX.search(name.upper()))}
    if len(years) != 1:
        raise InputError(Fault(
            "colonnes de plusieurs années", file=document.name, sheet=header.sheet, line=header.line,
            expected="une seule année dans les noms de colonnes", found=", ".join(sorted(years)),
            remedy="téléchargez de nouveau le fichier",
        ))  # fmt: skip
    edition, basis = edition_stated(document, source=NAME, stated=f"20{years.pop()}")
    return Recognition(NAME, edition, basis, fictional=any(is_fictional(Level.QPV, code) for code in codes))


def read(document: Document, recognition: Recognition) -> Tables:
    """Read the distribution of every quarter; raises ``InputError`` with all faults."""
    needles = _needles(document)
    table, kinds = read_body(document, needles, sheet=document.headers(needles)[0].sheet, code=LAYOUT.code)
    column = LAYOUT.find(table, LAYOUT.code) or LAYOUT.code
    table = unique_rows(table, column)
    year = int(recognition.edition)
    places = places_of(table, kinds.loc[table.frame.index], column=column, year=year)
    return Tables(measures=melt(
        table, LAYOUT, places=places, periods={BLOCK: Period(year, PeriodBasis.STATED)}, source=NAME,
        edition=recognition.edition,
    ))  # fmt: skip


SHEETS.register(Sheet(NAME, LAYOUT, {"": tuple(DISTRIBUTION)}, signs=("PPSOC", "PPFAM", "PPLOGT", "PIMPOT")))
SOURCES.register(
    Source(
        name=NAME,
        label="Insee, Filosofi par quartier",
        provenance=Provenance(
            producer="Insee",
            title="Revenus disponibles dans les quartiers de la politique de la ville (Filosofi)",
            citation="Insee-DGFiP-Cnaf-Cnav-CCMSA, fichier localisé social et fiscal (Filosofi)",
            url="https://www.insee.fr/fr/statistiques/2500477",
            licence=LICENCE,
            published="données 2016 à 2019",
        ),
        recognise=recognise,
        read=read,
        how_to_get="Sur insee.fr, ouvrez « Données sur les quartiers de la politique de la ville »"
        " (statistiques/2500477), puis « Revenus, pauvreté », et téléchargez le csv « revdis ».",
        generation=GENERATION,
        themes=("resources",),
    )
)
