"""Filosofi by commune, intercommunal body, département, région and metropolitan France: the comparators."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

import pandas as pd

from diagnostic.ingestion.columns import SHEETS, Layout, Period, Sheet, melt, unique_rows
from diagnostic.ingestion.document import Document, Header, Kind
from diagnostic.ingestion.editions import edition_stated
from diagnostic.ingestion.filosofi import BLOCK, COUNT_COLUMNS, DISTRIBUTION
from diagnostic.ingestion.source import SOURCES, Recognition, Source, Tables
from diagnostic.ingestion.tabular import Table, code_kinds, read_table
from diagnostic.ingestion.thematic import LICENCE, head_codes
from diagnostic.provenance import Provenance
from diagnostic.vocabulary import Level, PeriodBasis, is_fictional

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME: Final = "insee_filosofi_supra"
METROPOLE: Final = "METROPOLE"
FICTIONAL_CODE: Final = "99"
SHAPES: Final = {
    Level.COMMUNE: r"\d[0-9AB]\d{3}",
    Level.EPCI: r"\d{9}",
    Level.DEPARTMENT: r"\d{2}|2[AB]|97\d",
}
REGIONS: Final = {
    "01": "guadeloupe", "02": "martinique", "03": "guyane", "04": "la reunion", "06": "mayotte",
    "11": "ile-de-france", "24": "centre-val de loire", "27": "bourgogne-franche-comte", "28": "normandie",
    "32": "hauts-de-france", "44": "grand est", "52": "pays de la loire", "53": "bretagne",
    "75": "nouvelle-aquitaine", "76": "occitanie", "84": "auvergne-rhone-alpes",
    "93": "provence-alpes-cote d'azur", "94": "corse",
}  # fmt: skip
SAME: Final = {"GI": "GINI"}
COLUMNS: Final = {**DISTRIBUTION, **COUNT_COLUMNS}

_YEAR = re.compile(r"NBMEN(\d\d)", re.IGNORECASE)


def _base(name: str) -> str:
    published = name.strip().upper()
    if published not in COLUMNS:
        published = re.sub(r"(?<=.)\d\d$", "", published)
    return SAME.get(published, published)


LAYOUT: Final = Layout(COLUMNS, base=_base)


def _header(document: Document) -> tuple[Header, str] | None:
    """Give the header row and the year of its columns."""
    for header in document.headers(("CODGEO", "LIBGEO")):
        year = next((found.group(1) for name in header.columns if (found := _YEAR.fullmatch(name))), None)
        names = {name.upper() for name in header.columns}
        # Declared incomes (FILO…_DEC_…) have the same names for other figures: no benefits, no taxes in them.
        if year and names >= {f"{name}{year}" for name in ("Q2", "PPSOC", "PIMPOT")}:
            return header, f"20{year}"
    return None


def recognise(document: Document) -> Recognition | None:
    """Say whether a document is one of these files, its year read in the names of its columns."""
    if document.kind not in (Kind.DELIMITED, Kind.WORKBOOK) or (found := _header(document)) is None:
        return None
    header, year = found
    level = _levels(_table(document, header))[0].iloc[0]
    edition, basis = edition_stated(document, source=NAME, stated=year)
    codes = head_codes(document, header, LAYOUT.code)
    return Recognition(NAME, edition, basis, fictional=_fictional(str(level), codes))


def _fictional(level: str, codes: Sequence[str]) -> bool:
    return level != Level.FRANCE and any(is_fictional(level, code) for code in codes)


def read(document: Document, recognition: Recognition) -> Tables:
    """Read the distribution of every place; raises ``InputError`` with all faults."""
    found = _header(document)
    if found is None:  # the recognition came from elsewhere than this document
        raise ValueError(f"{document.name} is not a file of {NAME}")
    table = _table(document, found[0])
    table = unique_rows(table, LAYOUT.find(table, LAYOUT.code) or LAYOUT.code)
    levels, codes = _levels(table)
    year = int(recognition.edition)
    places = pd.DataFrame({"level": levels, "code": codes, "vintage": year + 1})
    return Tables(measures=melt(
        table, LAYOUT, places=places, periods={BLOCK: Period(year, PeriodBasis.STATED)}, source=NAME,
        edition=recognition.edition,
    ))  # fmt: skip


def _table(document: Document, header: Header) -> Table:
    return read_table(document, ("CODGEO", "LIBGEO"), sheet=header.sheet)


def _levels(table: Table) -> tuple[pd.Series[str], pd.Series[str]]:
    """Tell each row's level by the shape of its code, and régions from départements by their names."""
    column = LAYOUT.find(table, LAYOUT.code) or LAYOUT.code
    codes = table.frame[column].str.strip()
    names = table.frame[LAYOUT.find(table, "LIBGEO") or "LIBGEO"]
    if names.str.strip().str.casefold().str.startswith("france").all():
        return codes.mask(codes != "", str(Level.FRANCE)), codes.mask(codes != "", METROPOLE)
    kinds = code_kinds(table, column, shapes={str(level): shape for level, shape in SHAPES.items()})
    # The fictional territory has one place of each kind, with one code: there only the file's name tells.
    fictional_region = (codes == FICTIONAL_CODE).all() and "_REG" in table.file.upper()
    if fictional_region or (codes.isin(REGIONS).all() and (codes.map(REGIONS) == names.map(_plain)).all()):
        kinds = kinds.mask(kinds != "", str(Level.REGION))
    return kinds, codes


def _plain(label: str) -> str:
    letters = unicodedata.normalize("NFD", label.strip().casefold().replace("\u2019", "'"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


SHEETS.register(Sheet(NAME, LAYOUT, {"": tuple(COLUMNS)}, signs=("PPSOC", "PPFAM", "PPLOGT", "PIMPOT")))
SOURCES.register(
    Source(
        name=NAME,
        label="Insee, Filosofi par commune, intercommunalité, département et région",
        provenance=Provenance(
            producer="Insee",
            title="Structure et distribution des revenus, inégalité des niveaux de vie (Filosofi)",
            citation="Insee-DGFiP-Cnaf-Cnav-CCMSA, fichier localisé social et fiscal (Filosofi)",
            url="https://www.insee.fr/fr/statistiques/4291712",
            licence=LICENCE,
            published="données 2018 et 2019",
        ),
        recognise=recognise,
        read=read,
        how_to_get="Sur insee.fr, cherchez « Structure et distribution des revenus, inégalité des niveaux de vie"
        " (Filosofi) » de l’année voulue et téléchargez les fichiers communes et supracommunaux"
        " (FILO…_DISP_COM, EPCI, DEP, REG, METROPOLE).",
        themes=("resources",),
    )
)
