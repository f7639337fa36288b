"""Insee's demographic estimates of 2010 by quarter: indicators by sex and nationality, from the census."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

import pandas as pd

from diagnostic.ingestion.columns import ALL_QPV, SHEETS, Layout, Period, Sheet, declare, melt, unique_rows
from diagnostic.ingestion.document import Document, Kind
from diagnostic.ingestion.editions import edition_stated
from diagnostic.ingestion.source import SOURCES, Recognition, Source, Tables
from diagnostic.ingestion.tabular import Table, code_kinds, read_table
from diagnostic.ingestion.thematic import GENERATION, LICENCE, QPV_SHAPE
from diagnostic.provenance import Provenance
from diagnostic.vocabulary import Level, PeriodBasis, is_fictional

NAME: Final = "insee_demographie_2010"
BLOCK: Final = "census"
NEEDLES: Final = ("f_ind_jeune", "et_ind_jeune", "tx_et_men")
BY_QUARTER: Final = ("qp", *NEEDLES)
BY_REGION: Final = ("reg", *NEEDLES)
REGION_NAME: Final = "NOM_REG"

# The table crosses everything by sex and nationality; some shares "of women" are shares of women *among*
# households of a kind: they are other concepts, and have other names.
_CROSSED: Final = {
    "0A14": "share_under_15", "15A24": "share_from_15_to_24", "25A59": "share_from_25_to_59",
    "60A74": "share_from_60_to_74", "75ETPLUS": "share_over_75", "EMPL": "employment_rate",
    "INFBAC": "below_bac_share", "DIPLBAC": "bac_share", "DIPLBAC2": "higher_education_share",
    "SCOL": "schooling_rate_16_24",
}  # fmt: skip
_GROUPS: Final = {"TOT": "all", "F": "women", "ET": "foreign"}

CROSSED: Final = declare(
    "\n".join(
        f"TX_{published}_{ending} {variable} {group}"
        for ending, variable in _CROSSED.items()
        for published, group in _GROUPS.items()
    ),
    block=BLOCK, unit="percent",
)  # fmt: skip

FIXED_TERM: Final = declare(
    "\n".join(f"TX_{published}_EPREC fixed_term_share {group}" for published, group in _GROUPS.items()),
    block=BLOCK, unit="percent", remark="publié sous TX_*_EPREC (emploi précaire)",
)  # fmt: skip

OTHER: Final = declare(
    """
    IND_JEUNE            youth_index                                   all      index
    H_IND_JEUNE          youth_index                                   men      index
    F_IND_JEUNE          youth_index                                   women    index
    FR_IND_JEUNE         youth_index                                   french   index
    ET_IND_JEUNE         youth_index                                   foreign  index
    TX_F                 women_share
    TX_TOT_ET            foreign_share
    TX_F_ET              foreign_share                                 women
    TX_TOT_MEN1          one_person_households_share
    TX_TOT_MEN1_60A74    one_person_households_from_60_to_74_share
    TX_TOT_MEN1_75ETPLUS one_person_households_over_75_share
    TX_TOT_FAM_MONO      lone_parent_households_share
    TX_TOT_MEN6          six_person_households_share
    TX_F_MEN1            women_share_of_one_person_households
    TX_F_MEN1_60A74      women_share_of_one_person_households_from_60_to_74
    TX_F_MEN1_75ETPLUS   women_share_of_one_person_households_over_75
    TX_F_FAM_MONO        women_share_of_lone_parent_households
    TX_ET_MEN            foreign_share_of_households
    TX_ET_MEN1           foreign_share_of_one_person_households
    TX_ET_MEN1_60A74     foreign_share_of_one_person_households_from_60_to_74
    TX_ET_MEN1_75ETPLUS  foreign_share_of_one_person_households_over_75
    TX_ET_FAM_MONO       foreign_share_of_lone_parent_households
    TX_L_2PIEC           small_dwellings_share
    TX_L_5PIEC           large_dwellings_share
    TX_L_VACANT          vacant_dwellings_share
    L_NBPERS             persons_per_dwelling                          all      ratio
    TX_NBLOG_20L         large_buildings_dwellings_share
    """,
    block=BLOCK, unit="percent",
)  # fmt: skip

# Numerator and denominator are estimated apart: in very small quarters the published share exceeds 100.
BEYOND: Final = frozenset({
    "TX_L_5PIEC", *(f"TX_{published}_SCOL" for published in _GROUPS),
    *(f"TX_{published}_{kind}" for published in ("F", "ET")
      for kind in ("MEN1", "MEN1_60A74", "MEN1_75ETPLUS", "FAM_MONO")),
})  # fmt: skip

LAYOUT: Final = Layout(
    {**CROSSED, **FIXED_TERM, **OTHER}, code="QP", labels=("NOM_QP", "LISTCOM", "REG", "NIV", REGION_NAME),
    beyond=BEYOND,
)  # fmt: skip
_YEAR = re.compile(r"Recensement de la population (\d{4})")


def recognise(document: Document) -> Recognition | None:
    """Say whether a document is this table."""
    header = next(iter(document.headers(BY_QUARTER)), None)
    if header is None or document.kind not in (Kind.DELIMITED, Kind.WORKBOOK):
        return None
    codes = _quarters(document).frame["qp"]
    year = _YEAR.search(document.titles())
    edition, basis = edition_stated(document, source=NAME, stated=year.group(1) if year else None)
    fictional = any(is_fictional(Level.QPV, code) for code in codes)
    return Recognition(NAME, edition, basis, fictional=fictional)


def read(document: Document, recognition: Recognition) -> Tables:
    """Read quarters and, where the sheet is there, the quarters of each région taken together."""
    table = unique_rows(_quarters(document), "qp")
    places = pd.DataFrame({"level": str(Level.QPV), "code": table.frame["qp"], "vintage": GENERATION})
    frames = [_melted(table, places, recognition)]
    if document.headers(BY_REGION) and any(
        "QP" not in {name.upper() for name in header.columns} for header in document.headers(BY_REGION)
    ):
        table = _regions(document)
        frames.append(_melted(table, _region_places(table), recognition))
    return Tables(measures=pd.concat(frames, ignore_index=True))


def _melted(table: Table, places: pd.DataFrame, recognition: Recognition) -> pd.DataFrame:
    period = Period(int(recognition.edition), PeriodBasis.STATED)
    return melt(table, LAYOUT, places=places, periods={BLOCK: period}, source=NAME, edition=recognition.edition)


def _quarters(document: Document) -> Table:
    table = _without_labels(read_table(document, BY_QUARTER))
    code_kinds(table, "qp", shapes={str(Level.QPV): QPV_SHAPE})
    return table


def _regions(document: Document) -> Table:
    sheet = next(
        header.sheet for header in document.headers(BY_REGION)
        if "QP" not in {name.upper() for name in header.columns}
    )  # fmt: skip
    return _without_labels(read_table(document, BY_REGION, sheet=sheet, first_column=REGION_NAME))


def _without_labels(table: Table) -> Table:
    """Take off the row of labels under the header."""
    labels = table.frame["ind_jeune"].str.startswith("Indice").astype(bool)
    return replace(table, frame=table.frame[~labels])


def _region_places(table: Table) -> pd.DataFrame:
    """Give the places of the second sheet: quarters of a région together, which are not the région."""
    codes = table.frame["reg"].str.strip()
    whole = codes == ""
    return pd.DataFrame({
        "level": whole.map({True: str(Level.FRANCE), False: str(Level.REGION)}),
        "code": (f"{ALL_QPV}-" + codes).mask(whole, ALL_QPV),
        "vintage": GENERATION,
    })  # fmt: skip


SHEETS.register(Sheet(NAME, LAYOUT, {"2010": tuple(LAYOUT.columns)}))
SOURCES.register(
    Source(
        name=NAME,
        label="Insee, estimations démographiques 2010 par quartier",
        provenance=Provenance(
            producer="Insee",
            title="Estimations démographiques sur les quartiers de la politique de la ville, 2010",
            citation="Insee, recensement de la population 2010, exploitation principale",
            url="https://www.insee.fr/fr/statistiques/2500477",
            licence=LICENCE,
            published="données 2010",
        ),
        recognise=recognise,
        read=read,
        how_to_get="Sur insee.fr, ouvrez « Données sur les quartiers de la politique de la ville »"
        " (statistiques/2500477), puis « Estimations démographiques 2010 », et téléchargez le xls.",
        generation=GENERATION,
        themes=("population", "employment", "education", "housing"),
    )
)
