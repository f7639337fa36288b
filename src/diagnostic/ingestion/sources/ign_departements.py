"""Outlines of départements: Admin Express, simplified, one GeoJSON a region (``code``, ``nom``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from diagnostic.ingestion.geometry import coded_outlines, coded_places
from diagnostic.ingestion.source import SOURCES, Recognition, Source, Tables
from diagnostic.provenance import Provenance
from diagnostic.territory import catalogue
from diagnostic.vocabulary import Level, is_fictional

if TYPE_CHECKING:
    from diagnostic.ingestion.document import Document

NAME: Final = "ign_departements"
VINTAGE: Final = 2018
CODE: Final = r"\d[0-9AB]|97\d"
SIMPLE: Final = "contour simplifié : carte seulement"


def recognise(document: Document) -> Recognition | None:
    """Know the file by its attributes ``code`` and ``nom`` and by the names, which regions do not share."""
    fictional = coded_places(document, shape=CODE, level=Level.DEPARTMENT, known=_known)
    if fictional is None:
        return None
    basis = "attributs code et nom, codes et noms de département"
    return Recognition(NAME, str(VINTAGE), basis, fictional=fictional)


def _known(code: str, label: str) -> bool:
    listed = catalogue.departements().get(code)
    return is_fictional(Level.DEPARTMENT, code) or (listed is not None and listed[0] == label)


def read(document: Document, recognition: Recognition) -> Tables:
    """Read the outlines, each département once; raises ``InputError`` with all faults."""
    return Tables(
        boundaries=coded_outlines(document, level=Level.DEPARTMENT, vintage=int(recognition.edition), note=SIMPLE)
    )


SOURCES.register(
    Source(
        name=NAME,
        label="IGN, contours des départements",
        provenance=Provenance(
            producer="IGN",
            title="Admin Express, contours simplifiés des départements",
            citation="IGN, Admin Express 2018",
            url="https://geoservices.ign.fr/adminexpress",
            licence="Licence Ouverte",
            published="2018",
        ),
        recognise=recognise,
        read=read,
        how_to_get="Sur le site france-geojson, téléchargez les départements de votre région"
        " (departements-….geojson).",
        themes=("population",),
    )
)
