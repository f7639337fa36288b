"""How a source is declared that reads a table of quarters by what is known of its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from diagnostic.ingestion.described import THEMES
from diagnostic.ingestion.source import SOURCES, Source
from diagnostic.ingestion.thematic import LICENCE
from diagnostic.ingestion.unproven import marked
from diagnostic.provenance import Provenance

if TYPE_CHECKING:
    from collections.abc import Mapping

    from diagnostic.ingestion.columns import Column
    from diagnostic.ingestion.described import Described

SUMMARY: Final = {
    2015: ("Données sur les quartiers de la politique de la ville", "2500477"),
    2024: ("Données sur les quartiers de la politique de la ville (géographie 2024)", "8186144"),
}


def prefixed(columns: Mapping[str, Column], *prefixes: str) -> dict[str, Column]:
    """Give the columns of a distribution as files of quarters name them: ``DISP_Q1``, the median under two names.

    Parameters
    ----------
    columns
        By short name (``Q2``, ``TP60``).
    prefixes
        What stands before the short name and its ``_``.
    """
    named = {**columns, "MED": columns["Q2"]}
    return {f"{prefix}_{name}": column for prefix in prefixes for name, column in named.items()}


def declare_theme(
    table: Described, *, label: str, theme: str, producers: str, citation: str, published: str, page: str = ""
) -> Described:
    """Register a table of quarters.

    Parameters
    ----------
    table
        What is known of its columns.
    label
        Subject, as printed after « Insee, … ».
    theme
        Chapter of the diagnostic.
    producers, citation, published
        See :class:`~diagnostic.provenance.Provenance`.
    page
        Number of the page on insee.fr, that of the generation's summary by default.

    Returns
    -------
    Described
        The table; its source says that it is « non éprouvé » as long as its lock holds no file.
    """
    title, summary = SUMMARY[table.generation]
    address = page or summary
    SOURCES.register(
        Source(
            name=table.name,
            label=marked(f"Insee, {label} (quartiers de {table.generation})", source=table.name),
            provenance=Provenance(
                producer=producers, title=f"{title}\u00a0: {label}", citation=citation,
                url=f"https://www.insee.fr/fr/statistiques/{address}", licence=LICENCE, published=published,
            ),
            recognise=table.recognise,
            read=table.read,
            how_to_get=f"Sur insee.fr, ouvrez «\u00a0{title}\u00a0» (statistiques/{summary}), puis la page du"
            f" thème (statistiques/{address}), et téléchargez le csv\u00a0: gardez l’archive entière, avec son"
            " dictionnaire.",
            generation=table.generation,
            themes=(theme,),
        )
    )  # fmt: skip
    return THEMES.register(table)
