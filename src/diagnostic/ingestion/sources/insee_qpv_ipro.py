"""IPRO, Insee's thematic table of employment: census rates, subsidised contracts and job seekers by quarter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from diagnostic.ingestion.columns import SHEETS, Layout, Period, declare
from diagnostic.ingestion.source import SOURCES, Source
from diagnostic.ingestion.thematic import GENERATION, LICENCE, Thematic, edition_periods
from diagnostic.provenance import Provenance

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME: Final = "insee_qpv_ipro"
BLOCKS: Final = ("census", "contracts", "contracts_change", "job_seekers", "job_seekers_change")

RATES: Final = {
    **declare(
        """
        TX_TOT_EMPL   employment_rate
        TX_F_EMPL     employment_rate   women
        TX_ET_EMPL    employment_rate   foreign
        """,
        block="census", unit="percent", note="NOTE_RP",
    ),
    **{
        name: column
        for suffix in ("EDLIM", "EPREC")  # "emploi précaire" until 2020, "emploi à durée limitée" since
        for group, published in (("all", "TOT"), ("women", "F"), ("foreign", "ET"))
        for name, column in declare(
            f"TX_{published}_{suffix} fixed_term_share {group}",
            block="census", unit="percent", note="NOTE_RP", remark="publié sous {name}",
        ).items()
    },
}  # fmt: skip

# CUI: contrat unique d'insertion, of which CIE (market sector, "starter" or not) and CAE; EAV: emploi d'avenir.
CONTRACTS: Final = {
    **declare(
        """
        CA          subsidised_contracts
        CA_F        subsidised_contracts                 women
        CA_H        subsidised_contracts                 men
        CUI         cui_contracts
        CUI_F       cui_contracts                        women
        CUI_H       cui_contracts                        men
        CUI_25      cui_contracts                        under_25
        CUI_26A49   cui_contracts                        from_26_to_49
        CUI_50      cui_contracts                        over_50
        CUI_INFCAP  cui_contracts                        below_cap
        CUI_CAP     cui_contracts                        cap
        CUI_BAC     cui_contracts                        bac
        CUI_SUPBAC  cui_contracts                        above_bac
        CIE         cui_cie_contracts
        CIE_HS      cui_cie_contracts                    non_starter
        CIE_S       cui_cie_contracts                    starter
        CAE         cui_cae_contracts
        EAV         emploi_avenir_contracts
        EAV_F       emploi_avenir_contracts              women
        EAV_H       emploi_avenir_contracts              men
        EAV_INFCAP  emploi_avenir_contracts              below_cap
        EAV_CAP     emploi_avenir_contracts              cap
        EAV_SUPCAP  emploi_avenir_contracts              above_cap
        """,
        block="contracts", unit="contracts", note="NOTE_ASP",
    ),
    **declare(
        "EVOL_CA_N_E subsidised_contracts_change",
        block="contracts_change", unit="percent", note="NOTE_ASP_E",
    ),
}  # fmt: skip

BY_SEX: Final = (("", ""), ("_F", "women"), ("_H", "men"))
LEVELS_OF_EDUCATION: Final = {
    "INFCAPBEP": "below_cap", "CAPBEP": "cap", "BAC": "bac", "SUPBAC": "above_bac",
    "DUR1": "duration_1", "DUR2": "duration_2", "DUR3": "duration_3", "DUR4": "duration_4", "RSA": "rsa",
}  # fmt: skip


def _seekers() -> str:
    lines = [
        f"{published}{suffix} job_seekers_{published.lower()} {sex or 'all'}"
        for published in ("ABCDE", "ABC", "A")
        for suffix, sex in BY_SEX
    ]
    lines += [
        f"ABC_{published}{suffix} job_seekers_abc {'_'.join(filter(None, (group, sex)))}"
        for published, group in LEVELS_OF_EDUCATION.items()
        for suffix, sex in BY_SEX
    ]
    lines += [f"ABC_QAL{rank} job_seekers_abc qualification_{rank}" for rank in range(1, 6)]
    return "\n".join(lines)


SEEKERS: Final = {
    **declare(
        f"""
        {_seekers()}
        ABC_25    job_seekers_abc  under_25
        ABC_2649  job_seekers_abc  from_25_to_49
        ABC_50    job_seekers_abc  over_50
        ABC_FR    job_seekers_abc  french
        ABC_E     job_seekers_abc  foreign
        """,
        block="job_seekers", unit="persons", note="NOTE_PE",
    ),
    **declare(
        """
        EVOL_ABC_T4    job_seekers_abc_change
        EVOL_ABC_F_T4  job_seekers_abc_change          women
        EVOL_ABC_H_T4  job_seekers_abc_change          men
        EVOL_A_T4      job_seekers_a_change
        EVOL_A_F_T4    job_seekers_a_change            women
        EVOL_A_H_T4    job_seekers_a_change            men
        A_N_T4         job_seekers_a_fourth_quarter    all    persons
        A_N1_T4        job_seekers_a_fourth_quarter_of_previous_year  all  persons
        """,
        block="job_seekers_change", unit="percent", note="NOTE_PE_T",
    ),
}  # fmt: skip

# Equal to demographie_2010_qpv.xls for every published figure; the later years are stated nowhere.
CENSUS_YEARS: Final = {2017: 2010}
# Columns that the files of an edition were published without.
_DETAILS: Final = """
    CA_F CA_H CUI CUI_F CUI_H CUI_25 CUI_26A49 CUI_50 CUI_INFCAP CUI_CAP CUI_BAC CUI_SUPBAC CIE CIE_HS CIE_S CAE
    EAV EAV_F EAV_H EAV_INFCAP EAV_CAP EAV_SUPCAP ABC_QAL1 ABC_QAL2 ABC_QAL3 ABC_QAL4 ABC_QAL5 A_N_T4 A_N1_T4
    NOTE_RP
    """
_LATER: Final = "TX_TOT_EDLIM TX_F_EDLIM TX_ET_EDLIM"
_EARLIER: Final = "TX_TOT_EPREC TX_F_EPREC TX_ET_EPREC"
ABSENT: Final = {
    "2017": f"""
        {_LATER} NOTE_RP EVOL_CA_N_E NOTE_ASP_E EVOL_ABC_T4 EVOL_ABC_F_T4 EVOL_ABC_H_T4 EVOL_A_T4 EVOL_A_F_T4
        EVOL_A_H_T4
        """,
    "2019": f"""
        {_LATER} {_DETAILS} ABC_INFCAPBEP ABC_INFCAPBEP_F ABC_INFCAPBEP_H ABC_CAPBEP ABC_CAPBEP_F ABC_CAPBEP_H
        ABC_BAC ABC_BAC_F ABC_BAC_H ABC_SUPBAC ABC_SUPBAC_F ABC_SUPBAC_H
        """,
    "2021": f"{_EARLIER} {_DETAILS}",
    "2022": f"{_EARLIER} {_DETAILS}",
}


def _periods(edition: int) -> Mapping[str, Period]:
    return edition_periods(edition, BLOCKS, census=CENSUS_YEARS.get(edition))


TABLE: Final = Thematic(
    source=NAME,
    needles=("CODGEO", "TX_TOT_EMPL", "ABCDE"),
    layout=Layout({**RATES, **CONTRACTS, **SEEKERS}),
    probe="ABC",
    periods=_periods,
    absent=ABSENT,
)

SHEETS.register(TABLE.sheet())
SOURCES.register(
    Source(
        name=NAME,
        label="Insee, insertion professionnelle dans les quartiers (IPRO)",
        provenance=Provenance(
            producer="Insee",
            title="Données 2015-2022 sur les quartiers de la politique de la ville : insertion professionnelle",
            citation="Insee, recensement de la population ; Pôle emploi-Dares ; ASP"
            " (Données sur les quartiers de la politique de la ville)",
            url="https://www.insee.fr/fr/statistiques/2500477",
            licence=LICENCE,
            published="éditions 2017 à 2022",
        ),
        recognise=TABLE.recognise,
        read=TABLE.read,
        how_to_get="Sur insee.fr, ouvrez « Données sur les quartiers de la politique de la ville »"
        " (statistiques/2500477), puis « Insertion professionnelle », et téléchargez le xlsx ou le csv.",
        generation=GENERATION,
        themes=("employment",),
    )
)
