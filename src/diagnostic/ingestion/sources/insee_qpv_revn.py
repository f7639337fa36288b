"""REVN, Insee's thematic table of incomes: Filosofi, Cnam and Caf figures of the quarters of 2015."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from diagnostic.ingestion.columns import SHEETS, Layout, Period, declare
from diagnostic.ingestion.filosofi import BLOCK, SHARE_COLUMNS
from diagnostic.ingestion.source import SOURCES, Source
from diagnostic.ingestion.thematic import GENERATION, LICENCE, Thematic, edition_periods
from diagnostic.provenance import Provenance

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME: Final = "insee_qpv_revn"
BLOCKS: Final = (BLOCK, "cnam", "caf")

INCOME: Final = {
    **{
        name: replace(column, note_column="NOTE_FILO")
        for name, column in SHARE_COLUMNS.items()
    },
    **declare(
        """
        PART_CHOMPRINC  households_mainly_on_unemployment_benefits_share  all  percent
        BREV            low_income_rate                       all  percent
        DECUC_Q1        declared_income_q1
        DECUC_Q2        declared_income_median
        DECUC_Q3        declared_income_q3
        DECUC_D1        declared_income_d1
        DECUC_D9        declared_income_d9
        DECUC_D1D9      declared_income_interdecile_ratio     all  ratio
        DISP_Q1         disposable_income_q1
        DISP_Q2         disposable_income_median
        DISP_Q3         disposable_income_q3
        DISP_D1         disposable_income_d1
        DISP_D9         disposable_income_d9
        DISP_D1D9       interdecile_ratio                     all  ratio
        """,
        block=BLOCK, unit="euros", note="NOTE_FILO",
    ),
}  # fmt: skip

CNAM: Final = {
    **declare(
        """
        C        health_insurance_beneficiaries
        CC2S     c2s_beneficiaries
        C_C2SNP  c2s_beneficiaries  without_contribution
        C_C2SP   c2s_beneficiaries  with_contribution
        """,
        block="cnam", unit="persons", note="NOTE_CNAM",
    ),
    **declare(
        "CCMUC c2s_beneficiaries", block="cnam", unit="persons", note="NOTE_CNAM",
        remark="publié sous {name} (CMU-C, avant la complémentaire santé solidaire)",
    ),
}  # fmt: skip

CAF: Final = declare(
    """
    A         benefit_households
    APRES50   benefit_dependent_households_50
    APRES100  benefit_dependent_households_100
    ARSA      rsa_all_kinds_households
    APPA      activity_bonus_households
    ARSAS     rsa_households
    AAAH      aah_households
    """,
    block="caf", unit="beneficiaries", note="NOTE_CNAF",
)  # fmt: skip

# Editions 2021 and 2022 equal Filosofi 2017 and 2018; 2019 is Filosofi 2015. That of edition 2017 is not
# established: it keeps the edition's year.
INCOME_YEARS: Final = {2019: 2015, 2021: 2017, 2022: 2018}
# Columns that the files of an edition were published without.
_NEVER: Final = "PTSA PBEN PCHO PPFAM PPMINI PPLOGT"
ABSENT: Final = {
    "2017": f"{_NEVER} NOTE_FILO DECUC_D1D9 DISP_D1D9 APPA C CC2S C_C2SNP C_C2SP",
    "2019": f"{_NEVER} DECUC_D1D9 DISP_D1D9 ARSA C CC2S C_C2SNP C_C2SP",
    "2021": f"{_NEVER} PART_CHOMPRINC APRES50 APRES100 ARSA CCMUC C_C2SNP C_C2SP",
    "2022": f"{_NEVER} PART_CHOMPRINC APRES50 APRES100 ARSA CCMUC CC2S",
}


def _periods(edition: int) -> Mapping[str, Period]:
    return edition_periods(edition, BLOCKS, income=INCOME_YEARS.get(edition))


TABLE: Final = Thematic(
    source=NAME,
    needles=("CODGEO", "DISP_Q2", "TP60", "BREV"),
    layout=Layout({**INCOME, **CNAM, **CAF}),
    probe="DISP_Q2",
    periods=_periods,
    absent=ABSENT,
)

SHEETS.register(TABLE.sheet())
SOURCES.register(
    Source(
        name=NAME,
        label="Insee, revenus et pauvreté des quartiers (REVN)",
        provenance=Provenance(
            producer="Insee",
            title="Données 2015-2022 sur les quartiers de la politique de la ville : revenus et pauvreté",
            citation="Insee-DGFiP-Cnaf-Cnav-CCMSA, Filosofi ; Cnam ; Cnaf, fichier des allocataires"
            " (Données sur les quartiers de la politique de la ville)",
            url="https://www.insee.fr/fr/statistiques/2500477",
            licence=LICENCE,
            published="éditions 2017 à 2022",
        ),
        recognise=TABLE.recognise,
        read=TABLE.read,
        how_to_get="Sur insee.fr, ouvrez « Données sur les quartiers de la politique de la ville »"
        " (statistiques/2500477), puis « Revenus, pauvreté », et téléchargez le xlsx ou le csv.",
        generation=GENERATION,
        precedence=1,
        themes=("resources",),
    )
)
