"""LOGT, Insee's thematic table of housing in the quarters of 2015: census of dwellings, and RPLS."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from diagnostic.ingestion.columns import declare
from diagnostic.ingestion.described import OTHER_PLACES, Described
from diagnostic.ingestion.quarters import declare_theme
from diagnostic.ingestion.thematic import words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from diagnostic.ingestion.columns import Column

NAME: Final = "insee_qpv_logt"
CENSUS: Final = "census"
RPLS: Final = "social_housing"

DWELLINGS: Final = declare(
    """
    PARTRESPRINC          main_homes_share
    PARTRESVAC            vacant_dwellings_share
    PARTRESPRINCSUROCC    overcrowded_homes_share
    PARTRESPRINCSUROCC2PI overcrowded_homes_share    rooms_2
    PARTRESPRINCSUROCC3PI overcrowded_homes_share    rooms_3
    PARTRESPRINCSUROCC4PI overcrowded_homes_share    rooms_4
    PARTRESPRINCSUROCC5PI overcrowded_homes_share    rooms_5_or_more
    PARTRESPRINCACH19     main_homes_share           built_before_1919
    NBPERSRESPRINC        persons_per_home           all              ratio
    PARTMENPROP           owner_households_share
    PARTMENLOGGRAT        free_housing_households_share
    TXMOBGLOB             moved_in_share
    """,
    block=CENSUS, unit="percent",
)  # fmt: skip
SOCIAL: Final = declare("TXLSRP social_dwellings_among_main_homes_share", block=RPLS, unit="percent")


@cache
def _words() -> Mapping[str, Column]:
    return {**DWELLINGS, **SOCIAL, **words("insee_rpls")}


TABLE: Final = declare_theme(
    Described(
        name=NAME,
        generation=2015,
        words=_words,
        signs=("TXLSRP", "PARTRESPRINC", "PARTRESVAC"),
        levels=OTHER_PLACES,
        dated=False,
        # As the dashboard that published these editions again states it.
        years={RPLS: {"2021": 2019, "2023": 2021}, CENSUS: {"2021": 2017, "2023": 2019}},
        beyond=("TXLSRP",),  # dwellings of one source over homes of another
    ),
    label="logement, LOGT",
    theme="housing",
    producers="Insee, SDES",
    citation="Insee, recensement de la population ; SDES, RPLS",
    published="éditions 2021 et 2023",
)
