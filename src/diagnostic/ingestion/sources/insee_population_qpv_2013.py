"""Municipal population 2013 of the quarters of 2015, and where each lies: intercommunal bodies, communes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pandas as pd

from diagnostic.ingestion.columns import Layout, Period, declare, melt, unique_rows
from diagnostic.ingestion.document import Document, Kind
from diagnostic.ingestion.editions import edition_stated
from diagnostic.ingestion.source import SOURCES, Recognition, Source, Tables
from diagnostic.ingestion.tabular import Table, code_kinds, read_table
from diagnostic.ingestion.thematic import GENERATION, LICENCE, QPV_SHAPE
from diagnostic.provenance import Provenance
from diagnostic.schemas import LINK_COLUMNS
from diagnostic.vocabulary import Level, PeriodBasis, is_fictional

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

NAME: Final = "insee_population_qpv_2013"
BLOCK: Final = "population"
NEEDLES: Final = ("qp", "epci1", "epci2", "liste_des_communes")
BY_NAME: Final = "nom:"

# As the sheet says: intercommunal bodies and communes of 2015; régions are those of 2016, urban units of 2010.
PARENTS: Final = (
    ("epci1", Level.EPCI, 2015, 0), ("epci2", Level.EPCI, 2015, 1), ("uu", Level.URBAN_UNIT, 2010, 0),
    ("reg", Level.REGION, 2016, 0),
)  # fmt: skip
COMMUNE_VINTAGE: Final = 2015


def _base(name: str) -> str:
    return re.sub(r"_\d{4}$", "", name.strip().upper())


LAYOUT: Final = Layout(
    declare("POPULATION_MUNICIPALE population", block=BLOCK, unit="persons"), code="QP",
    labels=("NOM_QP", "REG", "EPCI1", "EPCI2", "UU", "LISTE_DES_COMMUNES"), base=_base,
)  # fmt: skip
_POPULATION = re.compile(r"population_municipale_(\d{4})", re.IGNORECASE)


def recognise(document: Document) -> Recognition | None:
    """Say whether a document is this table, its year read in the name of its column."""
    columns = document.columns(NEEDLES)
    year = next((found.group(1) for name in columns if (found := _POPULATION.fullmatch(name))), None)
    if year is None or document.kind not in (Kind.DELIMITED, Kind.WORKBOOK):
        return None
    table = _table(document)
    edition, basis = edition_stated(document, source=NAME, stated=year)
    fictional = any(is_fictional(Level.QPV, code) for code in table.frame["qp"])
    return Recognition(NAME, edition, basis, fictional=fictional)


def read(document: Document, recognition: Recognition) -> Tables:
    """Read populations and links; raises ``InputError`` with all faults."""
    table = unique_rows(_table(document), "qp")
    codes = table.frame["qp"].str.strip()
    period = Period(int(recognition.edition), PeriodBasis.STATED)
    measures = melt(
        table, LAYOUT, places=pd.DataFrame({"level": str(Level.QPV), "code": codes, "vintage": GENERATION}),
        periods={BLOCK: period}, source=NAME, edition=recognition.edition,
    )  # fmt: skip
    return Tables(measures=measures, links=links_of(table.frame))


def links_of(frame: pd.DataFrame) -> pd.DataFrame:
    """Say in which places each quarter lies.

    Parameters
    ----------
    frame
        Text columns ``qp``, ``epci1``, ``epci2``, ``uu``, ``reg``, ``liste_des_communes``.

    Returns
    -------
    pandas.DataFrame
        Columns ``LINK_COLUMNS``; communes, which the file only names, have the code ``nom:`` and their name.
    """
    parts = [
        _links(frame["qp"], frame[column], level=level, vintage=vintage, rank=rank)
        for column, level, vintage, rank in PARENTS
    ]
    names = frame["liste_des_communes"].map(commune_names)
    communes = pd.DataFrame({"qp": frame["qp"], "name": names}).explode("name").dropna()
    rank = communes.groupby("qp", sort=False).cumcount().to_numpy("int64")
    named = _links(
        communes["qp"], BY_NAME + communes["name"], level=Level.COMMUNE, vintage=COMMUNE_VINTAGE, rank=rank
    )
    parts.append(named.assign(label=communes["name"].to_numpy()))
    return pd.concat(parts, ignore_index=True)[LINK_COLUMNS]


def commune_names(text: str) -> list[str]:
    """Split a list of communes as the file writes it.

    Examples
    --------
    >>> commune_names("Lille, Loos,  Lezennes,")
    ['Lille', 'Loos', 'Lezennes']
    """
    return [name for name in (re.sub(r"\s+", " ", part).strip() for part in text.split(",")) if name]


def _links(
    codes: pd.Series[str], parents: pd.Series[str], *, level: Level, vintage: int,
    rank: int | np.ndarray | Sequence[int],
) -> pd.DataFrame:  # fmt: skip
    frame = pd.DataFrame({
        "level": str(Level.QPV), "code": codes.str.strip(), "vintage": GENERATION, "parent_level": str(level),
        "parent_code": parents.str.strip(), "parent_vintage": vintage, "rank": rank, "label": "",
        "source": NAME,
    })  # fmt: skip
    return frame[frame["parent_code"] != ""]


def _table(document: Document) -> Table:
    table = read_table(document, NEEDLES)
    code_kinds(table, "qp", shapes={str(Level.QPV): QPV_SHAPE})
    return table


SOURCES.register(
    Source(
        name=NAME,
        label="Insee, population municipale 2013 des quartiers",
        provenance=Provenance(
            producer="Insee",
            title="Population municipale des quartiers de la politique de la ville en 2013",
            citation="Insee, recensement de la population 2013",
            url="https://www.insee.fr/fr/statistiques/2500477",
            licence=LICENCE,
            published="données 2013, contours au 1er janvier 2016",
        ),
        recognise=recognise,
        read=read,
        how_to_get="Sur insee.fr, ouvrez « Données sur les quartiers de la politique de la ville »"
        " (statistiques/2500477), puis « Population », et téléchargez le xls 2013.",
        generation=GENERATION,
        themes=("population",),
    )
)
