"""Insee's tables on the quarters of 2024: one archive a theme, columns read by what is known of their names.

No file of these was at hand when this was written. Their columns are expected to be those of the tables of 2015,
and those that public code names for the population and its estimates; the rest is left aside and said.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from diagnostic.ingestion.columns import declare
from diagnostic.ingestion.described import Described
from diagnostic.ingestion.filosofi import DECLARED_DISTRIBUTION, DISTRIBUTION
from diagnostic.ingestion.quarters import declare_theme, prefixed
from diagnostic.ingestion.thematic import words

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from diagnostic.ingestion.columns import Column

GENERATION: Final = 2024

POPULATION: Final = {
    **declare("POPMUNIQPV population", block="population", unit="persons"),
    **declare("PARTPOP15_24 population_share from_15_to_24", block="population", unit="percent"),
}
ESTIMATES: Final = declare(
    """
    INDICEJEUNESSE  youth_index                   all            index
    PARTPOPET       foreign_share
    PARTPOPIMMI     immigrant_share
    PARTMENET       foreign_households_share
    PARTMENIMMI     immigrant_households_share
    PARTMEN1P       one_person_households_share
    PARTMEN2P       households_share              persons_2
    PARTMEN3P       households_share              persons_3
    PARTMEN45P      households_share              persons_4_or_5
    PARTMEN6PP      six_person_households_share
    """,
    block="census", unit="percent",
)  # fmt: skip


@cache
def _population() -> Mapping[str, Column]:
    return POPULATION


@cache
def _estimates() -> Mapping[str, Column]:
    older = words("insee_demographie_2010")
    return {
        **older,
        **words("insee_qpv_ipro", "census"),
        **words("insee_qpv_demo", "census"),
        **POPULATION,
        **ESTIMATES,
    }


@cache
def _income() -> Mapping[str, Column]:
    return {**prefixed(DISTRIBUTION, "DISP"), **prefixed(DECLARED_DISTRIBUTION, "DEC", "DECUC")}


@cache
def _job_seekers() -> Mapping[str, Column]:
    return words("insee_qpv_ipro", "job_seekers", "job_seekers_change")


@cache
def _caf() -> Mapping[str, Column]:
    return {**words("insee_qpv_demo", "caf"), **words("insee_qpv_revn", "caf"), **words("caf_iris")}


@cache
def _schooling() -> Mapping[str, Column]:
    return words("insee_qpv_educ")


@cache
def _social_housing() -> Mapping[str, Column]:
    return words("insee_rpls")


@cache
def _establishments() -> Mapping[str, Column]:
    return words("insee_qpv_teco")


def _theme(
    name: str, known: Callable[[], Mapping[str, Column]], *, signs: Collection[str], label: str, theme: str,
    page: str, published: str, citation: str, suffixed: bool = False, beyond: Collection[str] = (),
) -> Described:  # fmt: skip
    return declare_theme(
        Described(
            name=f"insee_qpv_2024_{name}", generation=GENERATION, words=known, signs=signs, suffixed=suffixed,
            beyond=beyond,
        ),
        label=label, theme=theme, producers="Insee", citation=citation, published=published, page=page,
    )  # fmt: skip


CENSUS: Final = "Insee, recensement de la population"

TABLES: Final = (
    _theme(
        "population", _population, signs=("POPMUNIQPV",), label="population municipale", theme="population",
        page="8210600", published="recensement 2020", citation=CENSUS,
    ),
    _theme(
        "estimates", _estimates, label="estimations démographiques", theme="population", page="8742545",
        signs=("PARTPOPET", "PARTPOPIMMI", "INDICEJEUNESSE", "IND_JEUNE", "TX_TOT_ET", "TX_TOT_EMPL", "TX_F"),
        published="recensement 2022", citation=f"{CENSUS}, estimations démographiques",
    ),
    _theme(
        "income", _income, signs=("DISP_MED", "DISP_Q2", "DISP_TP60", "DEC_MED", "DEC_Q2"), suffixed=True,
        label="revenus et pauvreté, Filosofi", theme="resources", page="8243167", published="données 2021",
        citation="Insee-DGFiP-Cnaf-Cnav-CCMSA, fichier localisé social et fiscal (Filosofi)",
    ),
    _theme(
        "job_seekers", _job_seekers, signs=("ABCDE", "ABC"), label="demandeurs d’emploi, DEFM", theme="employment",
        page="8644871", published="31 décembre 2024",
        citation="France Travail-Dares, statistique du marché du travail ; exploitation Insee",
    ),
    _theme(
        "caf", _caf, signs=("PERCOU", "ARSAS", "ACSSENF"), label="allocataires des Caf", theme="resources",
        page="8682381", published="31 décembre 2024",
        citation="Cnaf, fichier des allocataires ; exploitation Insee",
    ),
    _theme(
        "schooling", _schooling, signs=("RET_E6", "RET_E3", "TX_NSNE_16A25", "EFF_E6", "EFF_E3"),
        label="scolarité, EDUC", theme="education", page="8994242", published="année scolaire 2024-2025",
        citation="Insee, ministère de l’Éducation nationale-Depp",
    ),
    _theme(
        "social_housing", _social_housing, signs=("NBLSPLS",), label="logements sociaux, RPLS", theme="housing",
        page="9054633", published="1er janvier 2025",
        citation="SDES, répertoire des logements locatifs des bailleurs sociaux (RPLS) ; exploitation Insee",
    ),
    _theme(
        "establishments", _establishments, signs=("NBETAB", "SERV_TOT", "TX_COM_DETAIL"),
        label="établissements, Side", theme="goods", page="8994268", published="données 2023",
        citation="Insee, système d’information sur la démographie d’entreprises (Side)",
    ),
)  # fmt: skip
