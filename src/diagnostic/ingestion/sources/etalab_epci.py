"""EPCI and their members: the administrative division published by Etalab from Banatic and the COG."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from diagnostic.errors import Fault, InputError
from diagnostic.ingestion.document import Kind
from diagnostic.ingestion.source import SOURCES, Recognition, Source, Tables
from diagnostic.provenance import Provenance
from diagnostic.territory import catalogue
from diagnostic.territory.links import link_table
from diagnostic.vocabulary import Level, is_fictional

if TYPE_CHECKING:
    from diagnostic.ingestion.document import Document

NAME: Final = "etalab_epci"
MARKS: Final = ('"membres"', '"modeFinancement"', '"populationMunicipale"')
AGREE: Final = 0.999
CURRENT: Final = 2026
# COG year of each major version, as the project's releases state it.
VERSIONS: Final = {"1.1.1": 2021, "2.3.1": 2022, "3.1.1": 2023, "4.1.0": 2024, "5.3.0": 2025, "6.0.0": 2026}


def recognise(document: Document) -> Recognition | None:
    """Know the file by the fields of its first EPCI, and its year by its values or its version."""
    if document.kind is not Kind.JSON or not all(mark in document.start for mark in MARKS):
        return None
    bodies = _bodies(document)
    members = [(town["code"], body["code"]) for body in bodies for town in body["membres"]]
    towns = catalogue.communes()
    same = sum(code in towns and towns[code].epci == epci for code, epci in members)
    version = re.search(r"\d+\.\d+\.\d+", document.name)
    if document.edition:
        edition, basis = document.edition, "précisée par la personne"
    elif same >= AGREE * len(members):
        edition, basis = str(CURRENT), "valeurs reconnues"
    elif version and version.group() in VERSIONS:
        edition, basis = str(VERSIONS[version.group()]), "déduite du nom du fichier"
    else:
        raise InputError(
            Fault(
                "année de la liste des EPCI inconnue",
                file=document.name,
                expected=f"une version connue : {', '.join(VERSIONS)}",
                remedy="précisez l’année avec --edition",
            )
        )
    fictional = all(is_fictional(Level.EPCI, epci) for _, epci in members)
    return Recognition(NAME, edition, basis, fictional=fictional)


def _bodies(document: Document) -> list[dict[str, Any]]:
    try:
        bodies: list[dict[str, Any]] = json.loads(document.text())
        complete = all({"code", "nom", "membres"} <= set(body) for body in bodies)
    except json.JSONDecodeError as problem:
        raise _damaged(document, f"un texte qui s’arrête ou se brise à la ligne {problem.lineno}") from problem
    except TypeError as problem:
        raise _damaged(document, "autre chose qu’une liste d’EPCI") from problem
    if not complete:
        raise _damaged(document, "un EPCI sans code, nom ou membres")
    return bodies


def _damaged(document: Document, found: str) -> InputError:
    return InputError(
        Fault(
            "liste d’EPCI tronquée ou abîmée",
            file=document.name,
            expected="un fichier JSON complet",
            found=found,
            remedy="téléchargez-la de nouveau",
        )
    )


def read(document: Document, recognition: Recognition) -> Tables:
    """Read the members of each EPCI; raises ``InputError`` when the file is damaged."""
    vintage = int(recognition.edition)
    commune, epci = Level.COMMUNE.value, Level.EPCI.value
    rows: list[tuple[object, ...]] = []
    for body in _bodies(document):
        for town in body["membres"]:
            code, name = town["code"], town.get("nom", "")
            rows.append((commune, code, vintage, commune, code, vintage, 0, name, NAME))
            rows.append((commune, code, vintage, epci, body["code"], vintage, 0, body["nom"], NAME))
    return Tables(links=link_table(rows))


SOURCES.register(
    Source(
        name=NAME,
        label="Etalab, intercommunalités et leurs communes",
        provenance=Provenance(
            producer="Etalab (Insee, DGCL)",
            title="Découpage administratif, intercommunalités",
            citation="Etalab, découpage administratif, d’après l’Insee et la DGCL (Banatic)",
            url="https://github.com/etalab/decoupage-administratif",
            licence="Licence Ouverte",
            published="2026",
        ),
        recognise=recognise,
        read=read,
        how_to_get="Sur github.com/etalab/decoupage-administratif, téléchargez « epci.json ».",
        themes=("population",),
    )
)
