"""RPLS by quarter of 2015: the dwellings of social landlords, their vacancy, size, age, financing and rents."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from diagnostic.ingestion.columns import SHEETS, Layout, Sheet, declare
from diagnostic.ingestion.described import Described
from diagnostic.ingestion.quarters import declare_theme
from diagnostic.vocabulary import Level

if TYPE_CHECKING:
    from collections.abc import Mapping

    from diagnostic.ingestion.columns import Column

NAME: Final = "insee_rpls"
BLOCK: Final = "social_housing"
NOTE: Final = "NOTE"

STOCK: Final = declare(
    """
    NBLSPLS       social_dwellings
    NBLSMES       social_dwellings        commissioned
    TXVAC         social_vacancy_rate     all                  percent
    TXVAC3M       social_vacancy_rate     over_3_months        percent
    TXROT         social_turnover_rate    all                  percent
    TXLSCOL       social_dwellings_share  collective           percent
    TXLSIND       social_dwellings_share  individual           percent
    TXLS1P        social_dwellings_share  rooms_1              percent
    TXLS2P        social_dwellings_share  rooms_2              percent
    TXLS3P        social_dwellings_share  rooms_3              percent
    TXLS4P        social_dwellings_share  rooms_4              percent
    TXLS5PP       social_dwellings_share  rooms_5_or_more      percent
    TXLSM30       social_dwellings_share  under_30_m2          percent
    TXLS30A40     social_dwellings_share  from_30_to_40_m2     percent
    TXLS40A60     social_dwellings_share  from_40_to_60_m2     percent
    TXLS60A80     social_dwellings_share  from_60_to_80_m2     percent
    TXLS80A100    social_dwellings_share  from_80_to_100_m2    percent
    TXLS100A120   social_dwellings_share  from_100_to_120_m2   percent
    TXLS120P      social_dwellings_share  over_120_m2          percent
    TXLSAV49      social_dwellings_share  built_before_1949    percent
    TXLS49A75     social_dwellings_share  built_1949_to_1975   percent
    TXLS76A88     social_dwellings_share  built_1976_to_1988   percent
    TXLS89A00     social_dwellings_share  built_1989_to_2000   percent
    TXLS01A13     social_dwellings_share  built_2001_to_2013   percent
    TXLSAP13      social_dwellings_share  built_after_2013     percent
    TXLSPLAI      social_dwellings_share  plai                 percent
    TXLSPLUSAV77  social_dwellings_share  plus_before_1977     percent
    TXLSPLUSAP77  social_dwellings_share  plus_after_1977      percent
    TXLSPLS       social_dwellings_share  pls                  percent
    TXLSPLI       social_dwellings_share  pli                  percent
    """,
    block=BLOCK, unit="dwellings", note=NOTE,
)  # fmt: skip
RENTS: Final = declare(
    """
    MOYLOY  social_rent_mean
    Q1LOY   social_rent_q1
    MEDLOY  social_rent_median
    Q3LOY   social_rent_q3
    """,
    block=BLOCK, unit="euros_per_m2", note=NOTE, remark="loyer mensuel",
)  # fmt: skip


@cache
def _words() -> Mapping[str, Column]:
    return {**STOCK, **RENTS}


# The year of the file at hand is stated by the project that published it again, not by the file.
TABLE: Final = declare_theme(
    Described(
        name=NAME,
        generation=2015,
        words=_words,
        signs=("NBLSPLS",),
        against=("TXLSRP", "PARTRESPRINC"),
        levels={Level.IRIS: r"(?:\d\d|2[AB])\d{7}"},
        dated=False,
    ),
    label="logements sociaux, RPLS",
    theme="housing",
    producers="Insee, SDES",
    citation="SDES, répertoire des logements locatifs des bailleurs sociaux (RPLS) ; exploitation Insee",
    published="données 2022",
)

SHEETS.register(Sheet(NAME, Layout(dict(_words())), {"": tuple(_words())}, signs=("NBLSPLS", "TXROT", "MEDLOY")))
