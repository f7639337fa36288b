"""Caf by IRIS, ``data_CAF_AAAA_IRIS``: households and persons covered, as Insee publishes them for its IRIS."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import pandas as pd

from diagnostic.ingestion.columns import SHEETS, Layout, Period, Sheet, declare, melt, unique_rows
from diagnostic.ingestion.document import Document, Kind
from diagnostic.ingestion.editions import edition_of
from diagnostic.ingestion.source import SOURCES, Recognition, Source, Tables
from diagnostic.ingestion.tabular import Table, check_separators, code_kinds, read_table
from diagnostic.ingestion.thematic import LICENCE, words
from diagnostic.provenance import Provenance
from diagnostic.vocabulary import Level, PeriodBasis, is_fictional

if TYPE_CHECKING:
    from diagnostic.ingestion.columns import Column

NAME: Final = "caf_iris"
BLOCK: Final = "caf"
CODE: Final = "CODGEO"
NOTE: Final = "NOTE"
NEEDLES: Final = (CODE, NOTE, "PERCOU", "ARSAS")
SHAPE: Final = r"(?:\d\d|2[AB])\d{7}"

HOUSING: Final = declare(
    """
    AAL   housing_benefit_households
    AAPL  housing_benefit_households  apl
    """,
    block=BLOCK, unit="beneficiaries", note=NOTE,
)  # fmt: skip
NAMES: Final = (
    "A", "PERCOU", "AI", "AM", "ACSSENF", "ACAVENF", "AC3ENF", "ENF", "ENF_2", "ENF_3_5", "ENF_6_10", "ENF_11_14",
    "ENF_15_17", "ENF_18_24", "A_ETUD", "A_NETUD_24", "AAL", "AAPL", "AAAH", "APPA", "ARSAS",
)  # fmt: skip


@cache
def _layout() -> Layout:
    known = {**words("insee_qpv_revn", BLOCK), **words("insee_qpv_demo", BLOCK), **HOUSING}
    return Layout({name: _noted(known[name]) for name in NAMES})


def _noted(column: Column) -> Column:
    return type(column)(column.variable, column.group, column.unit, BLOCK, NOTE)


def recognise(document: Document) -> Recognition | None:
    """Say whether a document is this table; its year stands in its name alone."""
    if document.kind not in (Kind.DELIMITED, Kind.WORKBOOK) or not document.headers(NEEDLES):
        return None
    if any(name.upper() in ("LIBGEO", "DISP_Q2", "TX_F") for name in document.columns(NEEDLES)):
        return None
    table = _table(document)
    edition, basis = edition_of(document, source=NAME, values=dict)
    codes = table.frame[_layout().find(table, CODE) or CODE]
    return Recognition(NAME, edition, basis, fictional=any(is_fictional(Level.IRIS, code) for code in codes))


def read(document: Document, recognition: Recognition) -> Tables:
    """Read the counts of every IRIS; raises ``InputError`` with all faults."""
    table = _table(document)
    column = _layout().find(table, CODE) or CODE
    table = unique_rows(table, column)
    year = int(recognition.edition)
    codes = table.frame[column].str.strip()
    places = pd.DataFrame({"level": str(Level.IRIS), "code": codes, "vintage": year})
    return Tables(measures=melt(
        table, _layout(), places=places, periods={BLOCK: Period(year, PeriodBasis.EDITION)}, source=NAME,
        edition=recognition.edition,
    ))  # fmt: skip


def _table(document: Document) -> Table:
    table = read_table(document, NEEDLES)
    column = next(name for name in table.frame.columns if name.strip().upper() == CODE)
    code_kinds(table, column, shapes={str(Level.IRIS): SHAPE})
    check_separators(table, [name for name in table.frame.columns if name.strip().upper() in NAMES])
    return table


SHEETS.register(Sheet(NAME, Layout(HOUSING), {"": tuple(HOUSING)}))
SOURCES.register(
    Source(
        name=NAME,
        label="Insee-Cnaf, allocataires des Caf par Iris",
        provenance=Provenance(
            producer="Cnaf, Insee",
            title="Bénéficiaires de prestations légales versées par les Caf, par Iris",
            citation="Cnaf, fichier des allocataires ; exploitation Insee",
            url="https://www.insee.fr/fr/statistiques",
            licence=LICENCE,
            published="données 2020",
        ),
        recognise=recognise,
        read=read,
        how_to_get="Sur insee.fr, cherchez « Bénéficiaires de prestations légales versées par les CAF » par Iris,"
        " et téléchargez le csv (data_CAF_AAAA_IRIS).",
        themes=("resources",),
    )
)
