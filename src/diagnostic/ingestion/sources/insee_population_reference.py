"""Reference populations in Insee's long format: municipal, counted apart, total; commune to France."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from diagnostic.ingestion.columns import Column, declare
from diagnostic.ingestion.sdmx import Cube
from diagnostic.ingestion.source import SOURCES, Source
from diagnostic.ingestion.thematic import LICENCE
from diagnostic.ingestion.unproven import marked
from diagnostic.provenance import Provenance

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME: Final = "insee_population_reference"
MEASURES: Final[Mapping[str, Column]] = declare(
    """
    PMUN  population
    PCAP  population  counted_apart
    PTOT  population  total
    """,
    block="population", unit="persons",
)  # fmt: skip


def _meaning(codes: tuple[str, ...]) -> Column | None:
    return MEASURES.get(codes[0])


TABLE: Final = Cube(name=NAME, dimensions=("POPREF_MEASURE",), meaning=_meaning, fixed={}, lag=2)

SOURCES.register(
    Source(
        name=NAME,
        label=marked("Insee, populations de référence", source=NAME),
        provenance=Provenance(
            producer="Insee",
            title="Populations de référence, DS_POPULATIONS_REFERENCE",
            citation="Insee, recensement de la population, populations de référence",
            url="https://api.insee.fr/melodi/file/DS_POPULATIONS_REFERENCE/DS_POPULATIONS_REFERENCE_CSV_FR",
            licence=LICENCE,
            published="chaque année, recensement de trois ans plus tôt",
        ),
        recognise=TABLE.recognise,
        read=TABLE.read,
        how_to_get="Sur le catalogue de données de l’Insee (catalogue-donnees.insee.fr), cherchez"
        " « DS_POPULATIONS_REFERENCE » et téléchargez le csv.",
        themes=("population",),
    )
)
