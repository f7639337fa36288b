"""Lists of communes, EPCI, départements and regions: the official geographic code and the members of EPCI."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from diagnostic.ingestion.document import Kind
from diagnostic.ingestion.source import SOURCES, Recognition, Source, Tables
from diagnostic.ingestion.tabular import code_kinds, read_table
from diagnostic.provenance import Provenance
from diagnostic.schemas import LINK_COLUMNS
from diagnostic.territory import catalogue
from diagnostic.vocabulary import Level, is_fictional

if TYPE_CHECKING:
    from diagnostic.ingestion.document import Document
    from diagnostic.ingestion.tabular import Table

NAME: Final = "insee_cog"
NONE: Final = "ZZZZZZZZZ"  # islands without EPCI
AGREE: Final = 0.999
SHAPES: Final = {
    Level.COMMUNE: r"\d[0-9AB]\d{3}", Level.EPCI: r"\d{9}", Level.DEPARTMENT: r"\d[0-9AB]|97\d|98\d",
    Level.REGION: r"\d{2}",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Layout:
    """One list as published: the place that a row speaks of, and the places it lies in.

    Parameters
    ----------
    needles
        Columns that its header holds.
    without
        Columns that only a finer list holds.
    level, code, label
        The place of a row: its level, the columns of its code and name.
    parents
        Level, column of the code, column of the name (empty where the list has none).
    """

    needles: tuple[str, ...]
    level: Level
    code: str
    label: str
    parents: tuple[tuple[Level, str, str], ...]
    without: tuple[str, ...] = ()


LAYOUTS: Final = (
    Layout(
        ("CODGEO", "LIBGEO", "EPCI", "LIBEPCI", "DEP", "REG"), Level.COMMUNE, "CODGEO", "LIBGEO",
        ((Level.EPCI, "EPCI", "LIBEPCI"), (Level.DEPARTMENT, "DEP", ""), (Level.REGION, "REG", "")),
    ),
    Layout(
        ("TYPECOM", "COM", "REG", "DEP", "LIBELLE", "COMPARENT"), Level.COMMUNE, "COM", "LIBELLE",
        ((Level.DEPARTMENT, "DEP", ""), (Level.REGION, "REG", ""), (Level.COMMUNE, "COMPARENT", "")),
    ),
    Layout(
        ("DEPCOM", "NOM_DEPCOM", "EPCI", "NOM_EPCI", "DEP", "NOM_DEP", "REG", "NOM_REG"), Level.COMMUNE,
        "DEPCOM", "NOM_DEPCOM",
        (
            (Level.EPCI, "EPCI", "NOM_EPCI"), (Level.DEPARTMENT, "DEP", "NOM_DEP"),
            (Level.REGION, "REG", "NOM_REG"),
        ),
    ),
    Layout(
        ("EPCI", "NOM_EPCI", "NATURE_EPCI", "DEP_SIEGE_EPCI"), Level.EPCI, "EPCI", "NOM_EPCI",
        ((Level.DEPARTMENT, "DEP_SIEGE_EPCI", ""),),
    ),
    Layout(("DEP", "REG", "CHEFLIEU", "LIBELLE"), Level.DEPARTMENT, "DEP", "LIBELLE",
           ((Level.REGION, "REG", ""),), without=("COM",)),
    Layout(("DEP", "REG", "CHEFLIEU", "NOM_DEP"), Level.DEPARTMENT, "DEP", "NOM_DEP",
           ((Level.REGION, "REG", ""),), without=("DEPCOM",)),
    Layout(("REG", "CHEFLIEU", "TNCC", "LIBELLE"), Level.REGION, "REG", "LIBELLE", (), without=("DEP",)),
    Layout(("REG", "CHEFLIEU", "TNCC", "NOM_REG"), Level.REGION, "REG", "NOM_REG", (), without=("DEP",)),
)  # fmt: skip


def layout_of(document: Document) -> Layout | None:
    """Find which list a document is, by its columns."""
    if document.kind not in {Kind.DELIMITED, Kind.WORKBOOK}:
        return None
    for layout in LAYOUTS:
        columns = document.columns(layout.needles)
        if columns and not set(layout.without) & set(columns):
            return layout
    return None


def recognise(document: Document) -> Recognition | None:
    """Know a list by its columns, and its year by its values, the user or the name of the file."""
    layout = layout_of(document)
    if layout is None:
        return None
    frame = read_table(document, layout.needles).frame
    edition, basis = _edition(document, layout, frame)
    codes = frame[layout.code]
    return Recognition(
        NAME,
        edition,
        basis,
        fictional=bool(len(codes)) and all(is_fictional(layout.level, code) for code in codes),
    )


def _edition(document: Document, layout: Layout, frame: pd.DataFrame) -> tuple[str, str]:
    if document.edition:
        return document.edition, "précisée par la personne"
    if "EPCI" in frame and layout.level is Level.COMMUNE:
        towns = catalogue.communes()
        pairs = [
            (towns[code], epci)
            for code, epci in zip(frame[layout.code], frame["EPCI"], strict=True)
            if code in towns
        ]
        for year, home in ((2020, "epci_2020"), (2026, "epci")):
            same = sum(getattr(town, home) in {epci, ""} for town, epci in pairs)
            if pairs and same >= AGREE * len(pairs):
                return str(year), "valeurs reconnues"
    named = re.search(r"(?<!\d)(20\d\d)(?!\d)", document.name)
    if named:
        return named.group(1), "déduite du nom du fichier"
    return "2025", "non dite par le fichier : liste courante supposée"


def read(document: Document, recognition: Recognition) -> Tables:
    """Read which place lies in which; a place also bears its own name, as a link to itself.

    Raises
    ------
    InputError
        When a code has not the shape of its level (a list re-saved by a spreadsheet).
    """
    layout = layout_of(document) or LAYOUTS[0]
    table = read_table(document, layout.needles)
    vintage = int(recognition.edition)
    _check(table, layout)
    parts = [_links(table, layout, (layout.level, layout.code, layout.label), vintage=vintage)]
    parts += [_links(table, layout, parent, vintage=vintage) for parent in layout.parents]
    links = pd.concat(parts, ignore_index=True)
    links = links.drop_duplicates(["level", "code", "parent_level", "parent_code"], ignore_index=True)
    return Tables(links=links[LINK_COLUMNS])


def _check(table: Table, layout: Layout) -> None:
    code_kinds(table, layout.code, shapes={layout.level.value: SHAPES[layout.level]})
    for level, column, _ in layout.parents:
        code_kinds(table, column, shapes={level.value: SHAPES[level], "sans objet": f"|{NONE}"})


def _links(table: Table, layout: Layout, parent: tuple[Level, str, str], *, vintage: int) -> pd.DataFrame:
    level, column, label = parent
    frame = table.frame
    rows = pd.DataFrame(
        {
            "level": layout.level.value,
            "code": frame[layout.code].str.strip(),
            "vintage": vintage,
            "parent_level": level.value,
            "parent_code": frame[column].str.strip(),
            "parent_vintage": vintage,
            "rank": 0,
            "label": frame[label].str.strip() if label else "",
            "source": NAME,
        }
    )
    if "TYPECOM" in frame and column == layout.code:
        rows = rows[frame["TYPECOM"] == "COM"]  # delegated communes bear the code and not the name of another
    return rows[~rows["parent_code"].isin(["", NONE])]


SOURCES.register(
    Source(
        name=NAME,
        label="Insee, code officiel géographique et composition des EPCI",
        provenance=Provenance(
            producer="Insee",
            title="Code officiel géographique et composition communale des intercommunalités",
            citation="Insee, code officiel géographique",
            url="https://www.insee.fr/fr/information/7766585",
            licence="Licence Ouverte",
            published="éditions 2020 à 2025",
        ),
        recognise=recognise,
        read=read,
        how_to_get="Sur insee.fr, ouvrez « Code officiel géographique » (communes, départements, régions) et"
        " « Intercommunalités » (composition communale).",
        themes=("population",),
    )
)
