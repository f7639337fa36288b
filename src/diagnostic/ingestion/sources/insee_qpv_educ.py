"""EDUC, Insee's thematic table of schooling in the quarters of 2015: late pupils, youth out of school and work."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from diagnostic.ingestion.columns import SHEETS, Layout, Sheet, declare
from diagnostic.ingestion.described import OTHER_PLACES, Described
from diagnostic.ingestion.quarters import declare_theme

if TYPE_CHECKING:
    from collections.abc import Mapping

    from diagnostic.ingestion.columns import Column

NAME: Final = "insee_qpv_educ"
SCHOOLING: Final = "schooling"
NEET: Final = "neet"
SCHOOLS: Final = "schools"

# EFF: pupils, RET: those of them who are late, in sixième, troisième and terminale (general, professional).
PUPILS: Final = declare(
    """
    EFF_E6      pupils_grade6
    RET_E6      late_pupils_grade6
    EFF_E3      pupils_grade9
    RET_E3      late_pupils_grade9
    EFF_E0_GT   pupils_grade12_general
    RET_E0_GT   late_pupils_grade12_general
    EFF_E0_PRO  pupils_grade12_professional
    RET_E0_PRO  late_pupils_grade12_professional
    """,
    block=SCHOOLING, unit="pupils",
)  # fmt: skip
OUT_OF_SCHOOL: Final = declare("TX_NSNE_16A25 not_in_school_nor_employment_share", block=NEET, unit="percent")
# Schools at less than 100 m of the quarter, collèges at less than 300 m.
NEAR: Final = declare(
    """
    EC_MAT       nursery_schools_nearby
    EC_ELEM      primary_schools_nearby
    EC_ELEM_PRI  primary_schools_nearby      private
    COLL         middle_schools_nearby
    COLL_PRI     middle_schools_nearby       private
    """,
    block=SCHOOLS, unit="establishments",
)  # fmt: skip


@cache
def _words() -> Mapping[str, Column]:
    return {**PUPILS, **OUT_OF_SCHOOL, **NEAR}


TABLE: Final = declare_theme(
    Described(
        name=NAME,
        generation=2015,
        words=_words,
        signs=("RET_E6", "RET_E3", "TX_NSNE_16A25"),
        levels=OTHER_PLACES,
        dated=False,
        # First year of the school year, as the dashboard that published these editions again states it.
        years={SCHOOLING: {"2017": 2015, "2022": 2020}, NEET: {"2019": 2017, "2022": 2020}},
    ),
    label="éducation, EDUC",
    theme="education",
    producers="Insee, Depp",
    citation="Insee, ministère de l’Éducation nationale-Depp",
    published="éditions 2017, 2019 et 2022",
)

SHEETS.register(Sheet(NAME, Layout(dict(_words())), {"": tuple(_words())}, signs=("RET_E6", "TX_NSNE_16A25")))
