"""DEFM, job seekers at the end of the year in the quarters of 2015, without the census rates of IPRO."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from diagnostic.ingestion.described import OTHER_PLACES, Described
from diagnostic.ingestion.quarters import declare_theme
from diagnostic.ingestion.thematic import words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from diagnostic.ingestion.columns import Column

NAME: Final = "insee_qpv_defm"


@cache
def _words() -> Mapping[str, Column]:
    return words("insee_qpv_ipro", "job_seekers", "job_seekers_change")


TABLE: Final = declare_theme(
    Described(
        name=NAME, generation=2015, words=_words, signs=("ABCDE", "ABC"), against=("TX_TOT_EMPL", "CA"),
        levels=OTHER_PLACES,
    ),
    label="demandeurs d’emploi, DEFM",
    theme="employment",
    producers="Insee, France Travail, Dares",
    citation="France Travail-Dares, statistique du marché du travail ; exploitation Insee",
    published="31 décembre 2016 à 2022",
)  # fmt: skip
