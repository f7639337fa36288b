"""Social position index of schools and lower secondary schools: the two layouts of the ministry's portal.

The index describes the parents of all the pupils of a school, wherever they live: it says nothing of the pupils of
a neighbourhood, many of whom go to school elsewhere. The series breaks between the school years 2021 and 2022.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pandas as pd

from diagnostic.errors import Fault, InputError
from diagnostic.ingestion.columns import MARKS, Column, Layout, Period, melt, unique_rows
from diagnostic.ingestion.document import Document, Header, Kind
from diagnostic.ingestion.editions import edition_stated
from diagnostic.ingestion.headings import column_of
from diagnostic.ingestion.schools import COMMUNE, SHAPE, school_links
from diagnostic.ingestion.source import SOURCES, Recognition, Source, Tables
from diagnostic.ingestion.tabular import Table, code_kinds, read_table
from diagnostic.ingestion.thematic import head_codes
from diagnostic.provenance import Provenance
from diagnostic.territory.names import fold, key
from diagnostic.vocabulary import Level, PeriodBasis, is_fictional

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

NAME: Final = "depp_ips"
NEEDLES: Final = ("UAI", "IPS")
BLOCK: Final = "ips"
MOSTLY: Final = 0.5
# Word that starts the names of one kind of schools; the columns do not say which kind a file holds.
KINDS: Final = {"ecole": "school", "college": "college"}
PLACE: Final[Mapping[str, Sequence[str]]] = {
    "year": ("rentree_scolaire",),
    "label": ("nom_de_l_etablissement", "nom_de_l_etablissment"),  # sic: misspelt in the older layout
    "commune": ("code_insee_de_la_commune",),
    "commune_label": ("nom_de_la_commune",),
    "sector": ("secteur",),
}
_YEAR = re.compile(r"(20\d\d)(?:-20\d\d)?")


def _names(columns: Iterable[object]) -> dict[str, str | None]:
    return {part: column_of(columns, *published) for part, published in PLACE.items()}


def _header(document: Document) -> Header | None:
    if document.kind not in (Kind.DELIMITED, Kind.WORKBOOK):
        return None
    for header in document.headers(NEEDLES):
        if _names(header.columns)["commune"]:
            return header
    return None


def recognise(document: Document) -> Recognition | None:
    """Say whether a document is one of these tables; its edition is the latest school year it holds."""
    if (header := _header(document)) is None:
        return None
    names = _names(header.columns)
    missing = [PLACE[part][0] for part, name in names.items() if name is None]
    if missing:
        raise InputError(Fault(
            "colonnes manquantes", file=document.name, sheet=header.sheet, line=header.line,
            expected="les colonnes publiées", found=f"sans {', '.join(missing)}",
            remedy="téléchargez de nouveau le fichier complet",
        ))  # fmt: skip
    years = _years(read_table(document, NEEDLES, sheet=header.sheet), str(names["year"]))
    edition, basis = edition_stated(document, source=NAME, stated=str(years.max()))
    codes = head_codes(document, header, "UAI")
    fictional = all(is_fictional(Level.COMMUNE, code[1:]) for code in codes)
    return Recognition(NAME, edition, basis, fictional=fictional)


def _years(table: Table, column: str) -> pd.Series[int]:
    """Give the year in which each row's school year starts."""
    text = table.frame[column].str.strip()
    years = text.str.extract(rf"^{_YEAR.pattern}$")[0]
    if years.isna().any():
        line = int(years.index[years.isna()][0])
        raise InputError(table.fault(
            "année scolaire inconnue", line=line, column=column, expected="2021-2022", found=repr(text[line]),
            remedy="téléchargez de nouveau le fichier",
        ))  # fmt: skip
    return years.astype("int64")


def read(document: Document, recognition: Recognition) -> Tables:
    """Read the index of every school of every year; raises ``InputError`` with all faults."""
    header = _header(document)
    if header is None:  # the recognition came from elsewhere than this document
        raise ValueError(f"{document.name} is not a file of {NAME}")
    table = read_table(document, NEEDLES, sheet=header.sheet)
    names = {part: str(name) for part, name in _names(table.frame).items()}
    code = str(column_of(table.frame, "UAI"))
    code_kinds(table, code, shapes={"un numéro UAI (0590001A)": SHAPE})
    code_kinds(table, names["commune"], shapes={"un code de commune (59350)": COMMUNE, "sans commune": ""})
    layout = _layout(table, names["label"], document)
    years = _years(table, names["year"])
    frames, places = [], []
    for year in sorted(years.unique().tolist()):
        part = unique_rows(replace(table, frame=table.frame[years == year]), code)
        places.append(_described(part.frame, {"code": code, **names}).assign(vintage=year))
        frames.append(_measures(part, layout, places[-1], code=code, recognition=recognition))
    return Tables(
        measures=pd.concat(frames, ignore_index=True),
        links=school_links(pd.concat(places, ignore_index=True), source=NAME),
    )


def _described(frame: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    return pd.DataFrame({part: frame[name].str.strip() for part, name in names.items()})


def _layout(table: Table, label: str, document: Document) -> Layout:
    """Say what the figures mean by the kind of schools that the names are those of."""
    words = table.frame[label].map(fold)
    kind = next((kind for word, kind in KINDS.items() if words.str.startswith(word).mean() > MOSTLY), None)
    if kind is None:
        raise InputError(table.fault(
            "écoles ou collèges ? les noms ne le disent pas", column=label.strip(),
            expected="des noms qui commencent par ÉCOLE ou COLLÈGE", found=repr(table.frame[label].iloc[0]),
            remedy=f"téléchargez de nouveau {document.name} sur data.education.gouv.fr, sans le modifier",
        ))  # fmt: skip
    meant = {
        "ips": Column(f"{kind}_social_position_index", "all", "index", BLOCK),
        "ecarttypedelips": Column(f"{kind}_social_position_deviation", "all", "index", BLOCK),
        "effectifs": Column(f"{kind}_pupils", "all", "pupils", BLOCK),
    }
    return Layout(meant, code="uai", labels=(), base=key, marks=MARKS)


def _measures(
    part: Table, layout: Layout, places: pd.DataFrame, *, code: str, recognition: Recognition
) -> pd.DataFrame:
    figures = [name for name in map(str, part.frame) if layout.base(name) in layout.columns]
    year = int(places["vintage"].iloc[0])
    rows = melt(
        replace(part, frame=part.frame[[code, *figures]]), layout,
        places=places[["code", "vintage"]].assign(level=str(Level.ESTABLISHMENT)),
        periods={BLOCK: Period(year, PeriodBasis.STATED)}, source=NAME, edition=recognition.edition,
    )  # fmt: skip
    sectors = pd.concat([places["sector"]] * len(figures), ignore_index=True)
    said = ("secteur " + sectors.str.casefold()).where(sectors != "", "")
    return rows.assign(note=said.where(rows["note"] == "", said + " ; " + rows["note"]))


SOURCES.register(
    Source(
        name=NAME,
        label="Depp, indice de position sociale des écoles et des collèges",
        provenance=Provenance(
            producer="Depp",
            title="Indices de position sociale (IPS) des écoles et des collèges",
            citation="Ministère de l’Éducation nationale, Depp, indice de position sociale",
            url="https://data.education.gouv.fr/explore/dataset/fr-en-ips-ecoles-ap2022/",
            licence="Licence Ouverte",
            published="rentrées 2021 et suivantes",
        ),
        recognise=recognise,
        read=read,
        how_to_get="Sur data.education.gouv.fr, cherchez « IPS écoles » et « IPS collèges », et exportez le csv.",
        themes=("education",),
    )
)
