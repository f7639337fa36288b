"""Outlines of communes: Admin Express, simplified, one GeoJSON a region (``code``, ``nom``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from diagnostic.ingestion.geometry import coded_outlines, coded_places
from diagnostic.ingestion.source import SOURCES, Recognition, Source, Tables
from diagnostic.provenance import Provenance
from diagnostic.vocabulary import Level

if TYPE_CHECKING:
    from diagnostic.ingestion.document import Document

NAME: Final = "ign_communes"
VINTAGE: Final = 2018
CODE: Final = r"\d[0-9AB]\d{3}"
SIMPLE: Final = "contour simplifié : carte seulement"


def recognise(document: Document) -> Recognition | None:
    """Know the file by its attributes ``code`` and ``nom`` and the shape of its codes."""
    fictional = coded_places(document, shape=CODE, level=Level.COMMUNE)
    if fictional is None:
        return None
    basis = f"attributs code et nom, codes de commune ; millésime {VINTAGE} d’après les communes présentes"
    return Recognition(NAME, str(VINTAGE), basis, fictional=fictional)


def read(document: Document, recognition: Recognition) -> Tables:
    """Read the outlines, each commune once; raises ``InputError`` with all faults."""
    return Tables(
        boundaries=coded_outlines(document, level=Level.COMMUNE, vintage=int(recognition.edition), note=SIMPLE)
    )


SOURCES.register(
    Source(
        name=NAME,
        label="IGN, contours des communes",
        provenance=Provenance(
            producer="IGN",
            title="Admin Express, contours simplifiés des communes",
            citation="IGN, Admin Express 2018",
            url="https://geoservices.ign.fr/adminexpress",
            licence="Licence Ouverte",
            published="2018",
        ),
        recognise=recognise,
        read=read,
        how_to_get="Sur le site france-geojson, téléchargez les communes de votre région (communes-….geojson).",
        themes=("population",),
    )
)
