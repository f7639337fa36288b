"""Outlines of IRIS: Contours… Iris of Insee and IGN, as a GeoJSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from diagnostic.ingestion.document import Kind
from diagnostic.ingestion.geometry import coded_outlines
from diagnostic.ingestion.layers import attributes, carrying
from diagnostic.ingestion.source import SOURCES, Recognition, Source, Tables
from diagnostic.provenance import Provenance
from diagnostic.territory.links import links_by_code
from diagnostic.vocabulary import Level, is_fictional

if TYPE_CHECKING:
    from diagnostic.ingestion.document import Document

NAME: Final = "ign_iris"
VINTAGE: Final = 2021
# The names that IGN gives its columns, and those of files cut from it: code, name, commune.
NAMINGS: Final = (
    ("code_iris", "nom_iris", "insee_com"),
    ("iris_code", "nom_iris", "code_insee"),
)


def _naming(document: Document) -> tuple[str, str, str] | None:
    if document.kind is not Kind.GEOJSON:
        return None
    found = (names for names in NAMINGS if names[0] in document.start.casefold())
    return next((names for names in found if carrying(document, names, suffixes=(".geojson",))), None)


def recognise(document: Document) -> Recognition | None:
    """Know the file by its attributes; it does not state its year, that of Insee's 2021 list is taken."""
    naming = _naming(document)
    if naming is None:
        return None
    address = carrying(document, naming, suffixes=(".geojson",))[0][1]
    codes = attributes(address)[naming[0]].astype(str)
    basis = f"attributs {', '.join(naming)} ; année non dite par le fichier, codes de {VINTAGE}"
    return Recognition(NAME, str(VINTAGE), basis, fictional=all(is_fictional(Level.IRIS, code) for code in codes))


def read(document: Document, recognition: Recognition) -> Tables:
    """Read the outlines and the commune of each IRIS; raises ``InputError`` with all faults."""
    code, label, commune = _naming(document) or NAMINGS[0]
    vintage = int(recognition.edition)
    address = carrying(document, (code, label, commune), suffixes=(".geojson",))[0][1]
    table = attributes(address).astype(str)
    cells = zip(table[code], table[commune], [""] * len(table), strict=True)
    links = links_by_code(
        cells, vintage=vintage, parent=Level.COMMUNE, parent_vintage=vintage, source=NAME, level=Level.IRIS
    )
    boundaries = coded_outlines(document, level=Level.IRIS, vintage=vintage, note="", columns=(code, label))
    return Tables(boundaries=boundaries, links=links)


SOURCES.register(
    Source(
        name=NAME,
        label="IGN et Insee, contours des Iris",
        provenance=Provenance(
            producer="IGN, Insee",
            title="Contours… Iris",
            citation="IGN et Insee, Contours… Iris",
            url="https://geoservices.ign.fr/contoursiris",
            licence="Licence Ouverte",
            published="2021",
        ),
        recognise=recognise,
        read=read,
        how_to_get="Sur geoservices.ign.fr, ouvrez « Contours… Iris » et exportez votre territoire en GeoJSON.",
        themes=("population",),
    )
)
