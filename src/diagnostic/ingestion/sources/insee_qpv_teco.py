"""TECO, Insee's thematic table of the establishments of the quarters of 2015."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from diagnostic.ingestion.columns import SHEETS, Layout, Sheet, declare
from diagnostic.ingestion.described import OTHER_PLACES, Described
from diagnostic.ingestion.quarters import declare_theme

if TYPE_CHECKING:
    from collections.abc import Mapping

    from diagnostic.ingestion.columns import Column

NAME: Final = "insee_qpv_teco"
BLOCK: Final = "establishments"

COLUMNS: Final = {
    **declare(
        """
        NBETAB     establishments
        ENS_SANTE  establishments          education_and_health
        SERV_PAR   establishments          services_to_persons
        SERV_TOT   establishments          services
        AUTO_ENT   created_establishments  self_employed
        """,
        block=BLOCK, unit="establishments",
    ),
    **declare(
        """
        TX_INDUS       establishments_share  industry
        TX_CONSTR      establishments_share  construction
        TX_COM_TRANSP  establishments_share  trade_and_transport
        TX_COM_GROS    establishments_share  wholesale
        TX_COM_DETAIL  establishments_share  retail
        TX_SERV_ENT    establishments_share  services_to_firms
        TX_SERV_PAR    establishments_share  services_to_persons
        """,
        block=BLOCK, unit="percent",
    ),
}  # fmt: skip


@cache
def _words() -> Mapping[str, Column]:
    return COLUMNS


TABLE: Final = declare_theme(
    Described(
        name=NAME, generation=2015, words=_words, signs=("NBETAB", "SERV_TOT", "TX_COM_DETAIL"),
        levels=OTHER_PLACES, dated=False,
    ),
    label="tissu économique, TECO",
    theme="goods",
    producers="Insee",
    citation="Insee, répertoire des entreprises et des établissements (Sirene)",
    published="éditions 2017 à 2023",
)  # fmt: skip

SHEETS.register(Sheet(NAME, Layout(COLUMNS), {"": tuple(COLUMNS)}, signs=("NBETAB", "SERV_TOT")))
