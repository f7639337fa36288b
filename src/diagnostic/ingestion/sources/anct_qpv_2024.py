"""QPV outlines of 2024: the official zips of GeoJSON or of shapefiles, or one GeoJSON file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pandas as pd

from diagnostic.errors import Fault, InputError
from diagnostic.ingestion.document import Kind
from diagnostic.ingestion.geometry import one_outline_each
from diagnostic.ingestion.layers import attributes, carrying, read_layers, rounded
from diagnostic.ingestion.source import SOURCES, Recognition, Source, Tables
from diagnostic.provenance import Provenance
from diagnostic.schemas import BOUNDARY_COLUMNS
from diagnostic.territory.links import links_by_code
from diagnostic.vocabulary import Level, is_fictional

if TYPE_CHECKING:
    from diagnostic.ingestion.document import Document

NAME: Final = "anct_qpv_2024"
GENERATION: Final = 2024
COLUMNS: Final = ("code_qp", "lib_qp", "insee_com")
SUFFIXES: Final = (".geojson", ".shp")
COARSE: Final = "coordonnées arrondies à 11 m : carte seulement"
SHOWN: Final = 5


def recognise(document: Document) -> Recognition | None:
    """Know the file by the attributes of its layers, one row a QPV, and the shape of its codes."""
    if document.kind is Kind.GEOJSON and "code_qp" not in document.start.casefold():
        return None
    if document.kind not in {Kind.ZIP, Kind.GEOJSON}:
        return None
    found = carrying(document, COLUMNS, suffixes=SUFFIXES)
    codes = [code for _, address in found for code in attributes(address)["code_qp"].astype(str)]
    # A list of communes carries the same attributes with several codes in a cell.
    if not codes or any("," in code for code in codes) or not any(code.startswith("QN") for code in codes):
        return None
    return Recognition(
        NAME,
        str(GENERATION),
        "propriétés code_qp, lib_qp, insee_com et codes QN",
        fictional=all(is_fictional(Level.QPV, code) for code in codes),
    )


def read(document: Document, recognition: Recognition) -> Tables:
    """Read every layer, repair outlines and keep each QPV exactly once.

    Raises
    ------
    InputError
        When a reference system is absent, a code is repeated or strange, or an outline cannot be repaired.
    """
    found = read_layers(document, COLUMNS, suffixes=SUFFIXES)
    coarse = {layer.name for layer in found if rounded(layer)}
    table = one_outline_each(document, found, key="code_qp")
    strange = [code for code in table["code_qp"] if not re.fullmatch(r"QN[0-9AB]{3}\d{2}[A-Z]", code)]
    if strange:
        raise InputError(
            Fault(
                f"{len(strange)} codes ne sont pas des quartiers de 2024",
                file=document.name,
                column="code_qp",
                expected="QN, trois caractères de département, deux chiffres et une lettre (QN05901M)",
                found=", ".join(strange[:SHOWN]),
                remedy="téléchargez l’archive de la génération 2024",
            )
        )
    links = _links(table, source=recognition.source)
    notes = [
        " ; ".join(filter(None, (note, COARSE if layer in coarse else "")))
        for note, layer in zip(table["note"], table["layer"], strict=True)
    ]
    table = table.rename(columns={"code_qp": "code", "lib_qp": "label"})
    table["label"] = table["label"].fillna("").str.split().str.join(" ")
    table = table.assign(level=Level.QPV.value, vintage=GENERATION, note=notes)
    return Tables(boundaries=table[BOUNDARY_COLUMNS], links=links)


def _links(table: pd.DataFrame, *, source: str) -> pd.DataFrame:
    blank = pd.Series("", index=table.index)
    cells = {
        name: table.get(name, blank).fillna("").astype(str) for name in ("insee_com", "lib_com", "siren_epci")
    }
    communes = zip(table["code_qp"], cells["insee_com"], cells["lib_com"], strict=True)
    epcis = zip(table["code_qp"], cells["siren_epci"], blank, strict=True)
    return pd.concat(
        [
            links_by_code(pairs, vintage=GENERATION, parent=level, parent_vintage=GENERATION, source=source)
            for level, pairs in ((Level.COMMUNE, communes), (Level.EPCI, epcis))
        ],
        ignore_index=True,
    )


SOURCES.register(
    Source(
        name=NAME,
        label="ANCT, contours des quartiers prioritaires 2024",
        provenance=Provenance(
            producer="ANCT",
            title="Quartiers prioritaires de la politique de la ville (QPV), contours de 2024",
            citation="ANCT, quartiers prioritaires de la politique de la ville, décrets n° 2023-1314 et 2024-806",
            url="https://www.data.gouv.fr/fr/datasets/quartiers-prioritaires-de-la-politique-de-la-ville-qpv/",
            licence="Licence Ouverte",
            published="2026-01-15",
        ),
        recognise=recognise,
        read=read,
        how_to_get="Sur data.gouv.fr, ouvrez « Quartiers prioritaires de la politique de la ville (QPV) » et"
        " téléchargez « qpv-2024-geojson.zip ».",
        generation=GENERATION,
        themes=("population",),
    )
)
