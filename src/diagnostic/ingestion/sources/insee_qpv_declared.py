"""Filosofi, incomes declared to the tax office, quarters of 2015: ``indic-revenu-declare-quartiers``."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from diagnostic.ingestion.described import Described
from diagnostic.ingestion.filosofi import DECLARED_DISTRIBUTION
from diagnostic.ingestion.quarters import declare_theme, prefixed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from diagnostic.ingestion.columns import Column

NAME: Final = "insee_qpv_declared"


@cache
def _words() -> Mapping[str, Column]:
    return prefixed(DECLARED_DISTRIBUTION, "DEC", "DECUC")


TABLE: Final = declare_theme(
    Described(
        name=NAME, generation=2015, words=_words, signs=("DEC_MED", "DEC_Q2", "DECUC_Q2", "DECUC_MED"),
        against=("DISP_Q2", "BREV"), suffixed=True,
    ),
    label="revenus déclarés, Filosofi",
    theme="resources",
    producers="Insee",
    citation="Insee-DGFiP-Cnaf-Cnav-CCMSA, fichier localisé social et fiscal (Filosofi), revenus déclarés",
    published="données 2015 à 2020",
)  # fmt: skip
