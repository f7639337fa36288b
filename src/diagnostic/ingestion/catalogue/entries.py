"""The catalogue of sources, as data: ``sources.toml``, one table a source."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from diagnostic.formatting import typographic


class Access(StrEnum):
    """Who may have the figures."""

    OPEN = "open"
    ON_REQUEST = "on_request"
    RESTRICTED = "restricted"


class Evidence(StrEnum):
    """What was checked of what the catalogue says of a source."""

    FILES = "files"
    PAGE = "page"
    MEMORY = "memory"


class Reach(StrEnum):
    """The finest place that the source speaks of."""

    ADDRESS = "address"
    GRID = "grid"
    QPV = "qpv"
    IRIS = "iris"
    ESTABLISHMENT = "establishment"
    COMMUNE = "commune"
    EPCI = "epci"
    DEPARTMENT = "departement"
    REGION = "region"
    NATIONAL = "national"
    NONE = "none"


ACCESS_LABELS: Final = {
    Access.OPEN: "ouvert", Access.ON_REQUEST: "sur demande", Access.RESTRICTED: "accès restreint",
}  # fmt: skip
EVIDENCE_LABELS: Final = {
    Evidence.FILES: "vérifié sur les fichiers",
    Evidence.PAGE: "à vérifier (une page lue, pas les fichiers)",
    Evidence.MEMORY: "à vérifier (de mémoire)",
}
# What a source cannot give below the place it speaks of, and what then to say.
TOO_COARSE: Final = {
    Reach.DEPARTMENT: "publié au plus fin pour le département",
    Reach.REGION: "publié au plus fin pour la région ou une grande ville",
    Reach.NATIONAL: "publié pour la France entière",
    Reach.NONE: "pas encore diffusé à une échelle locale",
}
AROUND: Final = {
    Reach.ESTABLISHMENT: "par établissement : à situer dans le quartier ou près de lui",
    Reach.COMMUNE: "par commune : dit ce qui entoure le quartier, pas le quartier",
    Reach.EPCI: "pour l’intercommunalité : dit ce qui entoure le quartier, pas le quartier",
    Reach.IRIS: "par Iris : un report sur le quartier est une estimation",
    Reach.GRID: "par carreau : un report sur le quartier est une estimation",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueEntry:
    """A source that documents discriminations, or the territory in which they are looked for.

    Parameters
    ----------
    id
        Stable identifier.
    producer, title, theme, criteria
        French texts; ``criteria`` are the grounds of discrimination that it documents, empty for none.
    level, reach
        Finest level, as text and as a value.
    vintages
        French text.
    access, access_note
        Who may have it.
    says, does_not_say, limits
        French sentences.
    evidence
        What was checked; see :attr:`verified`.
    generation
        Only generation of QPV it is published on, 0 when it is not bound to one.
    page
        Where it is published, empty for what no site publishes.
    readers
        Names in ``SOURCES`` that read it; one may not exist yet.
    recipient, ask
        To whom to write, and the tables to ask for.
    how
        How it is had, where it is neither fetched nor asked for.
    """

    id: str
    producer: str
    title: str
    theme: str
    level: str
    reach: Reach
    vintages: str
    access: Access
    access_note: str
    says: str
    does_not_say: str
    evidence: Evidence
    criteria: str = ""
    limits: str = ""
    generation: int = 0
    page: str = ""
    readers: tuple[str, ...] = ()
    recipient: str = ""
    ask: tuple[str, ...] = ()
    how: str = ""

    @property
    def verified(self) -> bool:
        """Whether its files were opened; anything less is printed « à vérifier »."""
        return self.evidence is Evidence.FILES


_ENUMS: Final = {"reach": Reach, "access": Access, "evidence": Evidence}


@lru_cache(maxsize=1)
def catalogue() -> tuple[CatalogueEntry, ...]:
    """Read the catalogue.

    Returns
    -------
    tuple of CatalogueEntry
        In the order of the file, texts with French typography.

    Examples
    --------
    >>> [entry.producer for entry in catalogue() if entry.id == "teo2"]
    ['Ined-Insee']
    """
    text = (resources.files(__package__) / "sources.toml").read_text(encoding="utf-8")
    return tuple(CatalogueEntry(**_typed(row)) for row in tomllib.loads(text)["source"])


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    plain = {"id", "page"}
    typed: dict[str, Any] = {}
    for key, value in row.items():
        if key in _ENUMS:
            typed[key] = _ENUMS[key](str(value))
        elif isinstance(value, list):
            typed[key] = tuple(typographic(str(one)) for one in value)
        else:
            typed[key] = typographic(value) if isinstance(value, str) and key not in plain else value
    return typed
