"""The shipped list as values: a quarter, an EPCI, a contract, a commune, found by code."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from diagnostic.territory.reference.files import reference_rows

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Quarter:
    """A QPV of the list.

    Parameters
    ----------
    code, label
        As published.
    generation
        2015 or 2024.
    communes, commune_labels
        Communes of 2025 that hold a part of it, in the producer's order.
    epci
        EPCI of 2026 of these communes, in the same order.
    departements
        The one written in its code first.
    region
        Code of the region, empty in the collectivités d'outre-mer.
    """

    code: str
    label: str
    generation: int
    communes: tuple[str, ...]
    commune_labels: tuple[str, ...]
    epci: tuple[str, ...]
    departements: tuple[str, ...]
    region: str


@dataclass(frozen=True, slots=True)
class Epci:
    """An EPCI of 2026; ``former`` holds the codes under which most of it was published before."""

    code: str
    label: str
    departements: tuple[str, ...]
    region: str
    former: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contract:
    """A contrat de ville 2014-2020 with its QPV of 2015; ``published`` is the code that the ANCT gives it."""

    code: str
    label: str
    published: str
    epci: tuple[str, ...]
    quarters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune of 2025, its EPCI of 2026 and of 2020, and the codes it had."""

    code: str
    label: str
    departement: str
    epci: str
    epci_2020: str
    former: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EpciCode:
    """What an EPCI code of another date covers of an EPCI of 2026.

    Parameters
    ----------
    published, canonical
        The code of that date and the code of 2026; equal when only the perimeter has changed.
    vintage
        Year of the list that shows the code.
    communes, shared, now
        Communes of the code at its date, those it shares with the EPCI of 2026, those of the latter;
        ``None`` where the list of that date is not at hand.
    population_share
        Share of the population of the EPCI of 2026 that lived under the code, ``None`` when unknown.
    until
        Last day of the code (ISO), empty when unknown.
    """

    published: str
    canonical: str
    vintage: int
    communes: int | None
    shared: int | None
    now: int
    population_share: float | None
    until: str


@lru_cache(maxsize=2)
def quarters(generation: int) -> Mapping[str, Quarter]:
    """Give the QPV of one generation by code, in the order of codes.

    Examples
    --------
    >>> quarters(2015)["QP059074"].commune_labels
    ('Lille', 'Faches-Thumesnil', 'Loos', 'Lezennes')
    """
    return MappingProxyType(
        {
            row["code"]: Quarter(
                row["code"],
                row["label"],
                generation,
                tuple(row["communes"].split()),
                tuple(filter(None, row["commune_labels"].split(", "))),
                tuple(row["epci"].split()),
                tuple(row["departements"].split()),
                row["region"],
            )
            for row in reference_rows("qpv.csv")
            if row["generation"] == str(generation)
        }
    )


@lru_cache(maxsize=1)
def epcis() -> Mapping[str, Epci]:
    """Give the EPCI of 2026 by SIREN."""
    return MappingProxyType(
        {
            row["code"]: Epci(
                row["code"],
                row["label"],
                tuple(row["departements"].split()),
                row["region"],
                tuple(code.partition("@")[0] for code in row["former"].split()),
            )
            for row in reference_rows("epci.csv")
        }
    )


@lru_cache(maxsize=1)
def epci_codes() -> tuple[EpciCode, ...]:
    """Give the dated aliases of EPCI codes."""

    def count(text: str) -> int | None:
        return int(text) if text else None

    return tuple(
        EpciCode(
            row["published"],
            row["canonical"],
            int(row["vintage"]),
            count(row["communes"]),
            count(row["shared"]),
            int(row["now"]),
            float(row["population_share"]) if row["population_share"] else None,
            row["until"],
        )
        for row in reference_rows("epci_codes.csv")
    )


@lru_cache(maxsize=1)
def contracts() -> tuple[Contract, ...]:
    """Give the contrats de ville 2014-2020."""
    return tuple(
        Contract(
            row["code"],
            row["label"],
            row["published"],
            tuple(row["epci"].split()),
            tuple(row["qpv"].split()),
        )
        for row in reference_rows("contrats.csv")
    )


@lru_cache(maxsize=1)
def communes() -> Mapping[str, Commune]:
    """Give the communes of 2025 by code.

    Examples
    --------
    >>> communes()["59350"].label, communes()["59350"].epci_2020, communes()["59350"].epci
    ('Lille', '245900410', '200093201')
    """
    return MappingProxyType(
        {
            row["code"]: Commune(
                row["code"],
                row["label"],
                row["departement"],
                row["epci"],
                row["epci_2020"],
                tuple(row["former"].split()),
            )
            for row in reference_rows("communes.csv.gz")
        }
    )


@lru_cache(maxsize=1)
def departements() -> Mapping[str, tuple[str, str]]:
    """Give the label and the region of each département by code."""
    return MappingProxyType(
        {row["code"]: (row["label"], row["region"]) for row in reference_rows("departements.csv")}
    )


@lru_cache(maxsize=1)
def regions() -> Mapping[str, str]:
    """Give the label of each region by code."""
    return MappingProxyType({row["code"]: row["label"] for row in reference_rows("regions.csv")})


@lru_cache(maxsize=1)
def former_communes() -> Mapping[str, str]:
    """Give the commune of 2025 of each former commune code, boroughs of Paris, Lyon and Marseille included."""
    return MappingProxyType({code: town.code for town in communes().values() for code in town.former})
