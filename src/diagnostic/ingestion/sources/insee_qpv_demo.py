"""DEMO, Insee's thematic table of demography: census shares and Caf counts of the quarters of 2015."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from diagnostic.ingestion.columns import SHEETS, Layout, Period, declare
from diagnostic.ingestion.source import SOURCES, Source
from diagnostic.ingestion.thematic import GENERATION, LICENCE, Thematic, edition_periods
from diagnostic.provenance import Provenance

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME: Final = "insee_qpv_demo"
BLOCKS: Final = ("population", "census", "caf")

POPULATION: Final = declare(
    """
    POP_MUN     population
    POP_COM_QP  population_in_qpv_of_communes
    POP_COM     population_of_communes
    """,
    block="population", unit="persons",
)  # fmt: skip

CENSUS: Final = declare(
    """
    TX_F              women_share
    TX_TOT_0A24       share_under_25
    TX_F_0A24         share_under_25                women
    TX_TOT_60ETPLUS   share_over_60
    TX_F_60ETPLUS     share_over_60                 women
    IND_JEUNE         youth_index                   all    index
    TX_TOT_MEN1       one_person_households_share
    TX_TOT_MEN6       six_person_households_share
    TX_TOT_ET         foreign_share
    TX_F_ET           foreign_share                 women
    """,
    block="census", unit="percent", note="NOTE_RP",
)  # fmt: skip

CAF: Final = declare(
    """
    A           benefit_households
    PERCOU      persons_covered_by_caf    all                       persons
    AM          benefit_households        lone_parents
    AI          benefit_households        single
    ACSSENF     benefit_households        couples_without_children
    ACAVENF     benefit_households        couples_with_children
    AC3ENF      benefit_households        couples_with_3_children
    A_NETUD_24  benefit_households        non_student_under_25
    A_ETUD      benefit_households        students
    ENF         children_covered_by_caf   all                       persons
    ENF_2       children_covered_by_caf   under_3                   persons
    ENF_3_5     children_covered_by_caf   from_3_to_5               persons
    ENF_6_10    children_covered_by_caf   from_6_to_10              persons
    ENF_11_14   children_covered_by_caf   from_11_to_14             persons
    ENF_15_17   children_covered_by_caf   from_15_to_17             persons
    ENF_18_24   children_covered_by_caf   from_18_to_24             persons
    """,
    block="caf", unit="beneficiaries", note="NOTE_CNAF",
)  # fmt: skip

# Population: equal, quarter by quarter, to pop_qp_2013.xls up to edition 2020. Census of edition 2017: equal
# to demographie_2010_qpv.xls for every published figure. The other years are stated nowhere.
POPULATION_YEARS: Final = {2017: 2013, 2018: 2013, 2019: 2013, 2020: 2013, 2021: 2018, 2022: 2018}
CENSUS_YEARS: Final = {2017: 2010}
# Columns that some file of the edition was published without.
ABSENT: Final = {"2017": "NOTE_RP", "2019": "NOTE_RP", "2020": "NOTE_RP", "2021": "", "2022": ""}


def _periods(edition: int) -> Mapping[str, Period]:
    return edition_periods(
        edition, BLOCKS, population=POPULATION_YEARS.get(edition), census=CENSUS_YEARS.get(edition)
    )


TABLE: Final = Thematic(
    source=NAME,
    needles=("CODGEO", "TX_TOT_0A24", "IND_JEUNE", "PERCOU"),
    layout=Layout({**POPULATION, **CENSUS, **CAF}, labels=("LIBGEO", "LIB_COM")),
    probe="PERCOU",
    periods=_periods,
    absent=ABSENT,
)

SHEETS.register(TABLE.sheet())
SOURCES.register(
    Source(
        name=NAME,
        label="Insee, démographie des quartiers (DEMO)",
        provenance=Provenance(
            producer="Insee",
            title="Données 2015-2022 sur les quartiers de la politique de la ville : démographie",
            citation="Insee, recensement de la population ; Cnaf, fichier des allocataires"
            " (Données sur les quartiers de la politique de la ville)",
            url="https://www.insee.fr/fr/statistiques/2500477",
            licence=LICENCE,
            published="éditions 2017 à 2022",
        ),
        recognise=TABLE.recognise,
        read=TABLE.read,
        how_to_get="Sur insee.fr, ouvrez « Données sur les quartiers de la politique de la ville »"
        " (statistiques/2500477), puis « Démographie », et téléchargez le xlsx ou le csv.",
        generation=GENERATION,
        themes=("population",),
    )
)
