"""Contrats de ville 2014-2020, as the ANCT maps them: which intercommunal body or commune holds which contract.

Three files say the same: points with the population of the quarters (``geom_cv_ctr``), outlines (``cv.topojson``)
and the list of all zonings (``zonages.csv``). None names the quarters; those of the shipped list are added to the
points, whose population they were checked against. They are quarters of 2015: no list of 2024-2030 is known.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd

from diagnostic.errors import Fault, InputError
from diagnostic.ingestion.archive import AGAIN
from diagnostic.ingestion.document import Kind
from diagnostic.ingestion.source import SOURCES, Recognition, Source, Tables
from diagnostic.ingestion.tabular import read_table
from diagnostic.provenance import Provenance
from diagnostic.schemas import MEASURE_COLUMNS
from diagnostic.territory import catalogue
from diagnostic.territory.links import link_table
from diagnostic.vocabulary import Level, PeriodBasis, Status, is_fictional

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from diagnostic.ingestion.document import Document

NAME: Final = "anct_contrats"
GENERATION: Final = 2015
CENSUS: Final = 2018  # the population of a contract is the sum of POP_MUN 2018 of its quarters, to the person
POINTS: Final = ('"code_cv"', '"codgeo"', '"lib_cv"')
OUTLINES: Final = ('"Topology"', '"CV')
ZONINGS: Final = ("id", "lib", "perimetre", "info1", "layer")
LAYER: Final = "cv zonage"

_CODE = re.compile(r"CV\d{3}")
_HOLDER = re.compile(r"EPCI 2015 : (?:(?P<siren>\d{9})|NA)\s*$")  # overseas, the list names no holder


class Contract(NamedTuple):
    """A contract as one file states it: who holds it, and how many live in its quarters, where it says so."""

    code: str
    label: str
    holder: str
    population: float | None


def recognise(document: Document) -> Recognition | None:
    """Know the three files by their attributes, and by codes of contracts in them."""
    contracts = _contracts(document)
    if contracts is None:
        return None
    fictional = any(is_fictional(Level.EPCI, one.holder) for one in contracts)
    basis = "codes de contrats 2014-2020, quartiers de 2015"
    return Recognition(NAME, str(GENERATION), basis, fictional=fictional)


def _contracts(document: Document) -> list[Contract] | None:
    if document.kind is Kind.GEOJSON and all(mark in document.start for mark in POINTS):
        return _from_points(document)
    if document.kind is Kind.JSON and all(mark in document.start for mark in OUTLINES):
        return _from_outlines(document)
    if document.kind is Kind.DELIMITED and document.headers(ZONINGS):
        return _from_list(document)
    return None


def _parsed(document: Document, rows: Callable[[dict[str, object]], Iterator[Contract]]) -> list[Contract]:
    try:
        return list(rows(json.loads(document.text())))
    except json.JSONDecodeError as problem:
        raise _damaged(document, f"un texte qui s’arrête ou se brise à la ligne {problem.lineno}") from problem
    except (KeyError, TypeError) as problem:
        raise _damaged(document, "un contrat sans code, nom ou porteur") from problem


def _from_points(document: Document) -> list[Contract]:
    def rows(content: dict[str, object]) -> Iterator[Contract]:
        for feature in content["features"]:  # type: ignore[attr-defined]
            said = feature["properties"]
            label = str(said["lib_cv"]).partition(" - ")[2] or str(said["lib_cv"])
            yield Contract(str(said["code_cv"]), label, str(said["codgeo"]), said["pop"])

    return _parsed(document, rows)


def _from_outlines(document: Document) -> list[Contract]:
    def rows(content: dict[str, object]) -> Iterator[Contract]:
        for layer in content["objects"].values():  # type: ignore[attr-defined]
            for shape in layer["geometries"]:
                said = shape["properties"]
                yield Contract(str(said["id"]), str(said["lib"]), str(said["info2"]), None)

    return _parsed(document, rows)


def _from_list(document: Document) -> list[Contract] | None:
    table = read_table(document, ZONINGS)
    rows = table.frame[table.frame["layer"].str.strip() == LAYER]
    found = []
    for line, code, label, said in rows[["id", "lib", "info1"]].itertuples():
        holder = _HOLDER.search(str(said))
        if holder is None or not _CODE.fullmatch(str(code)):
            raise InputError(table.fault(
                "contrat de ville sans porteur", line=int(line), column="info1",
                expected="« Siren EPCI 2015 : » et neuf chiffres", found=repr(said), remedy=AGAIN,
            ))  # fmt: skip
        found.append(Contract(str(code), str(label), holder["siren"] or "", None))
    return found or None


def _damaged(document: Document, found: str) -> InputError:
    return InputError(Fault(
        "liste des contrats de ville tronquée ou abîmée", file=document.name, expected="un fichier complet",
        found=found, remedy=AGAIN,
    ))  # fmt: skip


def read(document: Document, recognition: Recognition) -> Tables:
    """Read holders, quarters and populations of every contract; raises ``InputError`` when the file is damaged."""
    contracts = _contracts(document) or []
    peopled = [one for one in contracts if one.population is not None]
    links = [*_holders(contracts), *(_quarters(peopled) if peopled else ())]
    return Tables(
        measures=_populations(peopled, recognition) if peopled else None,
        links=link_table((*link, recognition.source) for link in links),
    )


def _holders(contracts: Sequence[Contract]) -> Iterator[tuple[object, ...]]:
    for one in contracts:
        if not one.holder:
            continue
        level = Level.COMMUNE if len(one.holder) == 5 else Level.EPCI  # noqa: PLR2004 - a commune, not a SIREN
        yield level.value, one.holder, GENERATION, Level.CONTRACT.value, one.code, GENERATION, 0, one.label


def _quarters(contracts: Sequence[Contract]) -> Iterator[tuple[object, ...]]:
    listed = {contract.code: contract.quarters for contract in catalogue.contracts()}
    for one in contracts:
        for code in listed.get(one.code, ()):
            yield Level.QPV.value, code, GENERATION, Level.CONTRACT.value, one.code, GENERATION, 0, one.label


def _populations(contracts: Sequence[Contract], recognition: Recognition) -> pd.DataFrame:
    """Add up the parts of a contract that lies in two départements."""
    rows = pd.DataFrame(contracts)
    total = rows.groupby("code", sort=True)["population"].sum()
    return pd.DataFrame({
        "level": Level.CONTRACT.value, "code": total.index.to_numpy(), "vintage": GENERATION, "period": CENSUS,
        "variable": "population_in_qpv", "group": "all", "source": recognition.source,
        "edition": recognition.edition, "value": total.to_numpy("float64"), "unit": "persons",
        "status": Status.OBSERVED.value, "note": "", "period_basis": PeriodBasis.STATED.value,
    })[MEASURE_COLUMNS]  # fmt: skip


SOURCES.register(
    Source(
        name=NAME,
        label="ANCT, contrats de ville 2014-2020",
        provenance=Provenance(
            producer="ANCT",
            title="Contrats de ville 2014-2020 (superposeur de zonages, ci-ville)",
            citation="ANCT, contrats de ville 2014-2020",
            url="https://github.com/anct-carto/superposeur-V2",
            licence="Licence Ouverte",
            published="contrats signés de 2014 à 2017",
        ),
        recognise=recognise,
        read=read,
        how_to_get="Ce fichier est facultatif : le diagnostic connaît déjà les contrats 2014-2020 et leurs"
        " quartiers.",
        generation=GENERATION,
        themes=("population",),
    )
)
