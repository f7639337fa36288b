"""What a public source is: how its files are recognised, and the tidy tables they give.

A source is one module of :mod:`diagnostic.ingestion.sources`; it builds a :class:`Source` and registers it in
:data:`SOURCES`. Nothing else names it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from diagnostic.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd
    import pandas as pd

    from diagnostic.ingestion.document import Document
    from diagnostic.provenance import Provenance


@dataclass(frozen=True, slots=True)
class Recognition:
    """Which source and edition a document is, and how that was established.

    Parameters
    ----------
    source
        Name of the source.
    edition
        Edition as the producer names it (``"2022"``), never the data year.
    basis
        French clause that says how the edition was established: ``"empreinte connue"``,
        ``"valeurs reconnues"``, ``"annoncée dans le fichier"``, ``"déduite du nom du fichier"``…
    fictional
        Whether the codes belong to the fictional department 099.
    """

    source: str
    edition: str
    basis: str
    fictional: bool = False


@dataclass(frozen=True, slots=True)
class Tables:
    """What one file gives; a table that a source does not hold is absent.

    Parameters
    ----------
    measures
        Columns ``schemas.MEASURE_COLUMNS``.
    boundaries
        Columns ``schemas.BOUNDARY_COLUMNS``, geometry valid and in EPSG:4326 (longitude, latitude); points for
        establishments.
    links
        Columns ``schemas.LINK_COLUMNS``: which place lies in which, ``rank`` 0 for the first named.
    cells
        Squares of a grid, one row a square and one column a variable, columns ``grid.CELL_COLUMNS`` first: as rows
        of ``measures`` a country of them would not fit in memory.
    """

    measures: pd.DataFrame | None = None
    boundaries: gpd.GeoDataFrame | None = None
    links: pd.DataFrame | None = None
    cells: pd.DataFrame | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A published source.

    Parameters
    ----------
    name
        Stable identifier, ``producer_name``.
    label
        Short French name, as printed under figures.
    provenance
        Producer, title, citation, address, licence, publication dates.
    recognise
        Takes a :class:`~diagnostic.ingestion.document.Document`; gives what it is, or ``None`` when it is not
        of this source. It raises :class:`~diagnostic.errors.InputError` when the file is of this source but
        unusable (codes turned into numbers, a column cut).
    read
        Takes a document and its recognition; gives the tables, whole, or raises ``InputError``
        with all faults.
    how_to_get
        French sentence: which page to open, which file to download.
    generation
        QPV generation of its codes, ``None`` when it holds no QPV.
    precedence
        Where two sources or files give the same figure, the lower number is kept (they must be equal).
    """

    name: str
    label: str
    provenance: Provenance
    recognise: Callable[[Document], Recognition | None]
    read: Callable[[Document, Recognition], Tables]
    how_to_get: str
    generation: int | None = None
    precedence: int = 0
    themes: tuple[str, ...] = field(default=())


SOURCES: Registry[Source] = Registry("diagnostic.ingestion.sources")
