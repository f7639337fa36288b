"""Cnam, beneficiaries of the health insurance and of the complémentaire santé solidaire, quarters of 2015."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from diagnostic.ingestion.described import OTHER_PLACES, Described
from diagnostic.ingestion.quarters import declare_theme
from diagnostic.ingestion.thematic import words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from diagnostic.ingestion.columns import Column

NAME: Final = "insee_qpv_cnam"


@cache
def _words() -> Mapping[str, Column]:
    return words("insee_qpv_revn", "cnam")


TABLE: Final = declare_theme(
    Described(
        name=NAME, generation=2015, words=_words, signs=("CC2S", "C_C2SNP", "C_C2SP", "CCMUC"),
        against=("DISP_Q2", "TP60"), levels=OTHER_PLACES,
    ),
    label="assurance maladie, Cnam",
    theme="health",
    producers="Insee, Cnam",
    citation="Cnam, bénéficiaires du régime général ; exploitation Insee",
    published="31 décembre 2021",
    page="6041315",
)  # fmt: skip
