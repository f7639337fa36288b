"""Which QPV of 2015 each QPV of 2024 comes from: the ANCT's table of correspondence.

One row a quarter of 2024, its quarters of 2015 in numbered pairs of columns. The table says which, not how much:
shares are measured on outlines by :mod:`diagnostic.territory.generations`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from diagnostic.errors import Fault, InputError
from diagnostic.formatting import enumeration, plural
from diagnostic.ingestion.document import Kind
from diagnostic.ingestion.source import SOURCES, Recognition, Source, Tables
from diagnostic.ingestion.tabular import code_kinds, read_table
from diagnostic.provenance import Provenance
from diagnostic.territory.links import link_table
from diagnostic.vocabulary import Level, is_fictional

if TYPE_CHECKING:
    from collections.abc import Iterator

    from diagnostic.ingestion.document import Document
    from diagnostic.ingestion.tabular import Table

NAME: Final = "anct_correspondance_qpv"
NEW, OLD = 2024, 2015
NEEDLES: Final = ("QP2024", "Statut", "QP2015_1")
CODE: Final = r"QN(?:\d{3}|02A|02B)\d{2}[A-Z]"
FORMER: Final = r"QP(?:\d{3}|02A|02B)\d{3}"
COLUMN: Final = re.compile(r"QP2015_(\d+)")


def recognise(document: Document) -> Recognition | None:
    """Know the table by its columns."""
    if document.kind not in {Kind.DELIMITED, Kind.WORKBOOK} or not document.columns(NEEDLES):
        return None
    codes = read_table(document, NEEDLES).frame["QP2024"].str.strip()
    return Recognition(
        NAME,
        str(NEW),
        "colonnes QP2024 et QP2015_1",
        fictional=bool(len(codes)) and all(is_fictional(Level.QPV, code) for code in codes),
    )


def read(document: Document, recognition: Recognition) -> Tables:
    """Read the quarters of 2015 of each quarter of 2024; a quarter also bears its own name, as a link to itself.

    Raises
    ------
    InputError
        When a code is strange, or a quarter of 2024 is repeated.
    """
    table = read_table(document, NEEDLES)
    numbered = sorted(
        (int(found.group(1)), name) for name in table.frame.columns if (found := COLUMN.fullmatch(name))
    )
    former = [name for _, name in numbered]
    code_kinds(table, "QP2024", shapes={str(NEW): CODE})
    for name in former:
        code_kinds(table, name, shapes={str(OLD): FORMER, "aucun": ""})
    _check_once(document, table)
    return Tables(links=link_table(_rows(table, former, recognition.source)))


def _check_once(document: Document, table: Table) -> None:
    codes = table.frame["QP2024"].str.strip()
    twice = sorted(set(codes[codes.duplicated()]))
    if twice:
        raise InputError(
            Fault(
                f"{plural(len(twice), 'quartier')} de 2024 sur plusieurs lignes",
                file=document.name,
                column="QP2024",
                expected="une ligne par quartier",
                found=enumeration(twice[:5]),
                remedy="téléchargez de nouveau la table sur data.gouv.fr",
            )
        )


def _rows(table: Table, former: list[str], source: str) -> Iterator[tuple[object, ...]]:
    frame = table.frame.apply(lambda column: column.str.strip())
    for row in frame.to_dict("records"):
        mine = (Level.QPV.value, row["QP2024"], NEW, Level.QPV.value)
        yield (*mine, row["QP2024"], NEW, 0, row.get("Label_QP2024", ""), source)
        for rank, name in enumerate(column for column in former if row[column]):
            yield (*mine, row[name], OLD, rank, row.get(f"Label_{name}", ""), source)


SOURCES.register(
    Source(
        name=NAME,
        label="ANCT, correspondance des quartiers prioritaires 2024 et 2015",
        provenance=Provenance(
            producer="ANCT",
            title="Table de correspondance entre les quartiers prioritaires de 2024 et de 2015",
            citation="ANCT, quartiers prioritaires de la politique de la ville 2024",
            url="https://www.data.gouv.fr/fr/datasets/quartiers-prioritaires-de-la-politique-de-la-ville-qpv/",
            licence="Licence Ouverte",
            published="2024",
        ),
        recognise=recognise,
        read=read,
        how_to_get="Sur data.gouv.fr, jeu « Quartiers prioritaires de la politique de la ville », ressource"
        " « liste-correspondance-qp2024-qp2015.csv ».",
        generation=NEW,
        themes=("population",),
    )
)
