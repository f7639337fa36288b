"""Which QPV of 2024 lie in which communes: the ANCT's points, one a commune."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from diagnostic.ingestion.document import Kind
from diagnostic.ingestion.layers import attributes, carrying
from diagnostic.ingestion.source import SOURCES, Recognition, Source, Tables
from diagnostic.provenance import Provenance
from diagnostic.territory.links import link_table
from diagnostic.territory.names import split_communes
from diagnostic.vocabulary import Level, is_fictional

if TYPE_CHECKING:
    import pandas as pd

    from diagnostic.ingestion.document import Document

NAME: Final = "anct_communes_qpv_2024"
GENERATION: Final = 2024
PUBLISHED: Final = 2026
COLUMNS: Final = ("insee_com", "lib_com", "code_qp", "lib_qp")


def _table(document: Document) -> pd.DataFrame | None:
    """Read the attributes, or nothing when no cell holds several quarters: those are outlines."""
    if document.kind is not Kind.GEOJSON or '"lib_com"' not in document.start:
        return None
    found = carrying(document, COLUMNS, suffixes=(".geojson",))
    table = attributes(found[0][1]).astype(str) if found else None
    if table is None or table["insee_com"].str.contains(",").any() or not table["insee_com"].is_unique:
        return None
    return table if table["code_qp"].str.startswith("QN").all() else None


def recognise(document: Document) -> Recognition | None:
    """Know the file by its attributes: one row a commune, several quarters in a cell."""
    table = _table(document)
    if table is None:
        return None
    codes = [code for cell in table["code_qp"] for code in split_communes(cell)]
    return Recognition(
        NAME,
        str(GENERATION),
        "attributs insee_com et code_qp, une ligne par commune",
        fictional=all(is_fictional(Level.QPV, code) for code in codes),
    )


def read(document: Document, recognition: Recognition) -> Tables:
    """Read the links; the file does not rank the communes of a quarter, that of the lowest code comes first."""
    table = _table(document)
    rows: list[tuple[object, ...]] = []
    if table is not None:
        seen: dict[str, int] = {}
        for town, name, cell in table.sort_values("insee_com")[["insee_com", "lib_com", "code_qp"]].itertuples(
            index=False
        ):
            for code in split_communes(cell):
                rank = seen[code] = seen.get(code, -1) + 1
                parent = (Level.COMMUNE.value, town, PUBLISHED)
                rows.append((Level.QPV.value, code, GENERATION, *parent, rank, name, recognition.source))
    return Tables(links=link_table(rows))


SOURCES.register(
    Source(
        name=NAME,
        label="ANCT, communes des quartiers prioritaires 2024",
        provenance=Provenance(
            producer="ANCT",
            title="Communes et quartiers prioritaires 2024 (superposeur)",
            citation="ANCT, quartiers prioritaires de la politique de la ville 2024",
            url="https://github.com/anct-carto/superposeur-V2",
            licence="Licence Ouverte",
            published="2026-07",
        ),
        recognise=recognise,
        read=read,
        how_to_get="Ce fichier est facultatif : les contours de 2024 disent déjà leurs communes.",
        generation=GENERATION,
        themes=("population",),
    )
)
