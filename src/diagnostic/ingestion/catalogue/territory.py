"""The catalogue seen from one territory: what is there, what can be had, what to ask for, what does not exist."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

import pandas as pd

from diagnostic.formatting import enumeration, typographic
from diagnostic.ingestion.catalogue.downloads import UNTRIED, downloads
from diagnostic.ingestion.catalogue.entries import (
    ACCESS_LABELS,
    AROUND,
    EVIDENCE_LABELS,
    TOO_COARSE,
    Access,
)
from diagnostic.ingestion.source import SOURCES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from diagnostic.ingestion.catalogue.entries import CatalogueEntry
    from diagnostic.ingestion.intake import Entry


class Availability(StrEnum):
    """What a source is for one territory, from the nearest to the farthest."""

    HAVE = "have"
    FETCH = "fetch"
    ASK = "ask"
    ABSENT = "absent"


AVAILABILITY_LABELS: Final = {
    Availability.HAVE: "Présente",
    Availability.FETCH: "À télécharger",
    Availability.ASK: "À demander",
    Availability.ABSENT: "N’existe pas à cette échelle",
}
COLUMNS: Final = [
    "id", "availability", "availability_label", "producer", "title", "theme", "criteria", "level", "vintages",
    "access", "editions", "files", "how", "why", "says", "does_not_say", "limits", "page", "verified", "evidence",
]  # fmt: skip


def territory_catalogue(
    entries: Iterable[CatalogueEntry], *, generation: int, present: Sequence[Entry] = ()
) -> pd.DataFrame:
    """Give the catalogue as one territory sees it.

    Parameters
    ----------
    entries
        The catalogue.
    generation
        QPV generation of the territory: a table of the other generation does not exist for it.
    present
        Files of ``data/raw``, as :func:`diagnostic.ingestion.intake.inventory` gives them.

    Returns
    -------
    pandas.DataFrame
        One row a source, columns :data:`COLUMNS`, ordered by availability, then by theme as in the catalogue;
        every text French and ready to print. ``availability`` is one of :class:`Availability`;
        ``editions`` and ``files`` say what is in ``data/raw`` (empty otherwise); ``how`` how to have it; ``why``
        why it does not exist at this level, or what nearby level it speaks of; ``verified`` whether its files
        were opened, ``evidence`` the same in words. No value is missing: an empty text says nothing.

    Examples
    --------
    >>> from diagnostic.ingestion.catalogue.entries import catalogue
    >>> seen = territory_catalogue(catalogue(), generation=2015).set_index("id")
    >>> seen.loc["teo2", ["availability", "why"]].tolist()
    ['absent', 'publié pour la France entière']
    """
    rank = {availability: order for order, availability in enumerate(Availability)}
    rows = [_row(entry, generation=generation, present=present) for entry in entries]
    rows.sort(key=lambda row: rank[Availability(str(row["availability"]))])
    return pd.DataFrame(rows, columns=COLUMNS)


def _row(entry: CatalogueEntry, *, generation: int, present: Sequence[Entry]) -> dict[str, object]:
    held = [one for one in present if one.source in entry.readers and _usable(one.source, generation)]
    availability = _availability(entry, generation=generation, held=bool(held))
    return {
        "id": entry.id, "availability": str(availability),
        "availability_label": AVAILABILITY_LABELS[availability], "producer": entry.producer,
        "title": entry.title, "theme": entry.theme, "criteria": entry.criteria or "aucun", "level": entry.level,
        "vintages": entry.vintages, "access": f"{ACCESS_LABELS[entry.access]} ({entry.access_note})",
        "editions": enumeration(sorted({one.edition for one in held})),
        "files": ", ".join(one.file for one in held), "how": _how(entry, availability, generation=generation),
        "why": _why(entry, generation=generation), "says": entry.says, "does_not_say": entry.does_not_say,
        "limits": entry.limits, "page": entry.page, "verified": entry.verified,
        "evidence": EVIDENCE_LABELS[entry.evidence],
    }  # fmt: skip


def _usable(source: str, generation: int) -> bool:
    """Whether the figures of a source may stand beside the territory's quarters."""
    return source not in SOURCES or SOURCES[source].generation in {None, generation}


def _availability(entry: CatalogueEntry, *, generation: int, held: bool) -> Availability:
    if held:
        return Availability.HAVE
    if entry.generation not in {0, generation}:
        return Availability.ABSENT
    if entry.ask and (entry.access is not Access.OPEN or entry.reach in TOO_COARSE):
        return Availability.ASK
    if entry.reach in TOO_COARSE:
        return Availability.ABSENT
    return Availability.FETCH if entry.access is Access.OPEN else Availability.ASK


def _why(entry: CatalogueEntry, *, generation: int) -> str:
    if entry.generation not in {0, generation}:
        return typographic(
            f"publié sur les quartiers de {entry.generation} seulement : les deux générations ne se mélangent pas"
        )
    return typographic(TOO_COARSE.get(entry.reach) or AROUND.get(entry.reach, ""))


def _how(entry: CatalogueEntry, availability: Availability, *, generation: int) -> str:
    if entry.how or availability is Availability.HAVE:
        return entry.how
    letter = f"diagnostic sources --lettre {entry.id}"
    if availability is Availability.ASK:
        return typographic(f"à demander : {entry.recipient} (modèle de lettre : {letter})")
    if availability is Availability.FETCH:
        finer = typographic(f" ; plus de détail sur demande : {letter}") if entry.ask else ""
        return _how_to_fetch(entry, generation) + finer
    if entry.generation not in {0, generation}:
        return f"à lire dans un dossier créé avec --generation {entry.generation}"
    return typographic(f"à lire comme repère : {entry.page}")


def _how_to_fetch(entry: CatalogueEntry, generation: int) -> str:
    mine = [one for one in downloads() if one.source == entry.id and one.generation in {0, generation}]
    if any(not one.by_hand for one in mine):
        return f"diagnostic fetch {entry.id}" + (
            "" if any(one.tried for one in mine) else f" (adresse {UNTRIED}e)"
        )
    if entry.readers:
        return typographic(f"à télécharger sur {entry.page}, puis diagnostic add")
    return typographic(f"à consulter : {entry.page} (l’outil ne lit pas ces fichiers)")
