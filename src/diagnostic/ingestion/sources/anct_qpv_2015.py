"""QPV outlines of 2015: the official zip of shapefiles, each territory in its own reference system."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from diagnostic.errors import Fault, InputError
from diagnostic.ingestion.document import Kind
from diagnostic.ingestion.geometry import one_outline_each
from diagnostic.ingestion.layers import attributes, carrying, read_layers
from diagnostic.ingestion.source import SOURCES, Recognition, Source, Tables
from diagnostic.provenance import Provenance
from diagnostic.schemas import BOUNDARY_COLUMNS
from diagnostic.territory.links import links_by_name
from diagnostic.vocabulary import Level, is_fictional

if TYPE_CHECKING:
    from diagnostic.ingestion.document import Document

NAME: Final = "anct_qpv_2015"
GENERATION: Final = 2015
COLUMNS: Final = ("code_qp", "nom_qp", "commune_qp")
SHOWN: Final = 5


def recognise(document: Document) -> Recognition | None:
    """Know the archive by the attributes of its layers and the shape of its codes."""
    if document.kind is not Kind.ZIP:
        return None
    found = carrying(document, COLUMNS, suffixes=(".shp",))
    if not found:
        return None
    codes = [code for _, address in found for code in attributes(address)["code_qp"].astype(str)]
    if not any(code.startswith("QP") for code in codes):
        return None
    return Recognition(
        NAME,
        str(GENERATION),
        "colonnes CODE_QP, NOM_QP, COMMUNE_QP et codes QP",
        fictional=all(is_fictional(Level.QPV, code) for code in codes),
    )


def read(document: Document, recognition: Recognition) -> Tables:
    """Read every layer and keep each QPV exactly once, from the layer drawn in metres.

    Raises
    ------
    InputError
        When a layer has no reference system, a code is repeated or strange, or an outline cannot be repaired.
    """
    found = read_layers(document, COLUMNS, suffixes=(".shp",))
    table = one_outline_each(document, found, key="code_qp")
    strange = [code for code in table["code_qp"] if not re.fullmatch(r"QP[0-9AB]{3}\d{3}", code)]
    if strange:
        raise InputError(
            Fault(
                f"{len(strange)} codes ne sont pas des quartiers de 2015",
                file=document.name,
                column="CODE_QP",
                expected="QP, trois caractères de département, trois chiffres (QP059001)",
                found=", ".join(strange[:SHOWN]),
                remedy="téléchargez l’archive de la génération 2015",
            )
        )
    pairs = zip(table["code_qp"], table["commune_qp"].fillna(""), strict=True)
    table = table.rename(columns={"code_qp": "code", "nom_qp": "label"})
    table["label"] = table["label"].fillna("").str.split().str.join(" ")
    table = table.assign(level=Level.QPV.value, vintage=GENERATION)
    return Tables(boundaries=table[BOUNDARY_COLUMNS], links=links_by_name(pairs, source=recognition.source))


SOURCES.register(
    Source(
        name=NAME,
        label="ANCT, contours des quartiers prioritaires 2015",
        provenance=Provenance(
            producer="ANCT",
            title="Quartiers prioritaires de la politique de la ville (QPV), contours de 2015",
            citation="ANCT, quartiers prioritaires de la politique de la ville, décrets n° 2014-1750 et 2014-1751",
            url="https://www.data.gouv.fr/fr/datasets/quartiers-prioritaires-de-la-politique-de-la-ville-qpv/",
            licence="Licence Ouverte",
            published="2018-01-10",
        ),
        recognise=recognise,
        read=read,
        how_to_get="Sur data.gouv.fr, ouvrez « Quartiers prioritaires de la politique de la ville (QPV) » et"
        " téléchargez « qp-politiquedelaville-shp.zip ».",
        generation=GENERATION,
        themes=("population",),
    )
)
