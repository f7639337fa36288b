"""Filosofi in Insee's long format: commune, intercommunal body, département, région, France, from 2021."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from diagnostic.ingestion.columns import Column, declare
from diagnostic.ingestion.filosofi import BLOCK
from diagnostic.ingestion.sdmx import Cube
from diagnostic.ingestion.source import SOURCES, Source
from diagnostic.ingestion.thematic import LICENCE
from diagnostic.ingestion.unproven import marked
from diagnostic.provenance import Provenance

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME: Final = "insee_filosofi_cc"
MEASURES: Final[Mapping[str, Column]] = {
    **declare(
        """
        Q1_SL        disposable_income_q1
        MED_SL       disposable_income_median
        Q3_SL        disposable_income_q3
        D1_SL        disposable_income_d1
        D2_SL        disposable_income_d2
        D3_SL        disposable_income_d3
        D4_SL        disposable_income_d4
        D6_SL        disposable_income_d6
        D7_SL        disposable_income_d7
        D8_SL        disposable_income_d8
        D9_SL        disposable_income_d9
        IR_D9_D1_SL  interdecile_ratio    all  ratio
        GI_SL        gini_index           all  ratio
        S80S20_SL    s80_s20_ratio        all  ratio
        NUM_HH       households           all  households
        NUM_PER      persons              all  persons
        NUM_CU       consumption_units    all  consumption_units
        """,
        block=BLOCK, unit="euros",
    ),
    **declare(
        """
        PR_MD60               poverty_rate
        S_HH_TAX              taxed_households_share
        S_EI_DI               activity_income_share
        S_EI_DI_SAL           wages_share
        S_EI_DI_N_SAL         self_employment_income_share
        S_EI_DI_UNE           unemployment_benefits_share
        S_RET_PEN_DI          pensions_share
        S_INC_ASS_DI          property_income_share
        S_SOC_BEN_DI          social_benefits_share
        S_SOC_BEN_DI_FAM_BEN  family_benefits_share
        S_SOC_BEN_DI_HOU_BEN  housing_benefits_share
        S_SOC_BEN_DI_MIN_SOC  minimum_benefits_share
        S_DIR_TAX_DI          taxes_share
        """,
        block=BLOCK, unit="percent",
    ),
}  # fmt: skip


def _meaning(codes: tuple[str, ...]) -> Column | None:
    return MEASURES.get(codes[0])


TABLE: Final = Cube(name=NAME, dimensions=("FILOSOFI_MEASURE",), meaning=_meaning, fixed={}, lag=1)

SOURCES.register(
    Source(
        name=NAME,
        label=marked("Insee, Filosofi par commune, EPCI, département et région, depuis 2021", source=NAME),
        provenance=Provenance(
            producer="Insee",
            title="Revenus et pauvreté des ménages (Filosofi), fichier détaillé DS_FILOSOFI_CC",
            citation="Insee-DGFiP-Cnaf-Cnav-CCMSA, fichier localisé social et fiscal (Filosofi)",
            url="https://www.insee.fr/fr/statistiques/7756729",
            licence=LICENCE,
            published="données 2021 et 2023",
        ),
        recognise=TABLE.recognise,
        read=TABLE.read,
        how_to_get="Sur insee.fr, ouvrez « Revenus et pauvreté des ménages » (statistiques/7756729 pour 2021) et"
        " téléchargez le csv (DS_FILOSOFI_CC).",
        themes=("resources",),
    )
)
