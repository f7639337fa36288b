"""Caf by commune, ``s_ben_com_f`` of data.caf.fr: one row a commune and a December, counts rounded to 5."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pandas as pd

from diagnostic.errors import InputError
from diagnostic.ingestion.columns import Layout, Period, declare, melt
from diagnostic.ingestion.document import Document, Kind
from diagnostic.ingestion.editions import edition_stated
from diagnostic.ingestion.source import SOURCES, Recognition, Source, Tables
from diagnostic.ingestion.tabular import Table, check_separators, code_kinds, read_table
from diagnostic.ingestion.unproven import marked, remark
from diagnostic.provenance import Provenance
from diagnostic.vocabulary import Level, PeriodBasis, is_fictional

if TYPE_CHECKING:
    from diagnostic.ingestion.columns import Column

NAME: Final = "caf_communes"
BLOCK: Final = "caf"
DATE: Final = "dtreffre"
CODE: Final = "numcomdo"
NEEDLES: Final = (DATE, CODE, "nomcom")
SIGN: Final = re.compile(r"ind(?:foy|nbp|mtt)_\w+", re.IGNORECASE)
SHAPE: Final = r"\d[0-9AB]\d{3}"
ROUNDED: Final = "arrondi à 5 par la Cnaf, régime général des Caf seul"
AMOUNT: Final = "montant du seul mois de décembre, arrondi à 100 €, régime général des Caf seul"

# Benefits, as the end of the published names says them: any of them, then each.
BENEFITS: Final = {
    "NDUR": "benefit", "RSA": "rsa", "PPA": "activity_bonus", "AF": "family_allowance", "CF": "family_supplement",
    "ASF": "family_support_allowance", "AB": "young_child_allowance", "CMG": "childcare_supplement",
    "NDURPAJE": "young_child_benefit", "NDURAL": "housing_benefit", "AAH": "aah",
}  # fmt: skip
# One variable for the three housing benefits, one group each.
HOUSING: Final = {"APL": "apl", "ALS": "als", "ALF": "alf"}


def _declared() -> dict[str, Column]:
    said = remark(NAME)
    columns: dict[str, Column] = {}
    for kind, what, unit, note in (
        ("FOY", "households", "beneficiaries", ROUNDED), ("NBP", "persons", "persons", ROUNDED),
        ("MTT", "amount", "euros_per_month", AMOUNT),
    ):  # fmt: skip
        lines = [f"IND{kind}_{end} {name}_{what}" for end, name in BENEFITS.items()]
        lines += [f"IND{kind}_{end} housing_benefit_{what} {group}" for end, group in HOUSING.items()]
        text = "\n".join(lines).replace("benefit_persons", "persons_covered_by_caf", 1)
        columns |= declare(text, block=BLOCK, unit=unit, remark=" ; ".join(filter(None, (note, said))))
    return columns


LAYOUT: Final = Layout(_declared(), code=CODE.upper(), labels=(DATE.upper(), "NOMCOM"))


def recognise(document: Document) -> Recognition | None:
    """Know the export by its columns; its edition is that of its newest December."""
    names = document.columns(NEEDLES) if document.kind in (Kind.DELIMITED, Kind.WORKBOOK) else ()
    if not any(SIGN.fullmatch(name) for name in names):
        return None
    table, aside = _table(document)
    years = _years(table)
    edition, basis = edition_stated(document, source=NAME, stated=str(max(years)))
    fictional = any(is_fictional(Level.COMMUNE, code) for code in table.frame[CODE])
    said = f" ; {aside} lignes d’allocataires non localisés laissées de côté" if aside else ""
    return Recognition(NAME, edition, basis + said, fictional=fictional)


def read(document: Document, recognition: Recognition) -> Tables:
    """Read every commune and December; raises ``InputError`` with all faults."""
    table, _ = _table(document)
    years = _years(table)
    frames = []
    for year in sorted(set(years)):
        own = Table(table.file, table.sheet, table.header_line, table.frame[years == year])
        _check_once(own)
        codes = own.frame[CODE]
        places = pd.DataFrame({"level": str(Level.COMMUNE), "code": codes, "vintage": int(year)})
        frames.append(melt(
            own, LAYOUT, places=places, periods={BLOCK: Period(int(year), PeriodBasis.STATED)}, source=NAME,
            edition=recognition.edition,
        ))  # fmt: skip
    return Tables(measures=pd.concat(frames, ignore_index=True))


def _table(document: Document) -> tuple[Table, int]:
    """Read the rows of communes, and count those of households that the Caf could not place."""
    table = read_table(document, NEEDLES)
    lower = {name: name.strip().casefold() for name in table.frame.columns if name.strip().casefold() in NEEDLES}
    frame = table.frame.rename(columns=lower)
    frame[CODE] = frame[CODE].str.strip()
    placed = frame[frame[CODE] != ""]
    located = Table(table.file, table.sheet, table.header_line, placed)
    code_kinds(located, CODE, shapes={str(Level.COMMUNE): SHAPE})
    check_separators(located, [name for name in frame.columns if SIGN.fullmatch(name.strip())])
    return located, len(frame) - len(placed)


def _years(table: Table) -> pd.Series[str]:
    dates = table.frame[DATE].str.strip()
    wrong = dates[~dates.str.fullmatch(r"20\d\d-12(?:-\d\d)?").astype(bool)]
    if not wrong.empty:
        raise InputError(table.fault(
            "mois autre que décembre", line=int(wrong.index[0]), column=DATE,
            expected="un mois de décembre (2024-12)", found=repr(wrong.iloc[0]),
            remedy="téléchargez de nouveau le fichier sur data.caf.fr, sans l’ouvrir",
        ))  # fmt: skip
    return dates.str[:4]


def _check_once(table: Table) -> None:
    twice = table.frame[table.frame[CODE].duplicated()]
    if not twice.empty:
        raise InputError(table.fault(
            "deux lignes pour la même commune et la même année", line=int(twice.index[0]), column=CODE,
            expected="une ligne par commune et par année", found=str(twice[CODE].iloc[0]),
            remedy="téléchargez de nouveau le fichier sur data.caf.fr",
        ))  # fmt: skip


SOURCES.register(
    Source(
        name=NAME,
        label=marked("Cnaf, allocataires par commune", source=NAME),
        provenance=Provenance(
            producer="Cnaf",
            title="Foyers allocataires par commune, toutes prestations (s_ben_com_f)",
            citation="Cnaf, data.caf.fr, foyers allocataires par commune",
            url="https://data.caf.fr/explore/dataset/s_ben_com_f/",
            licence="Licence Ouverte",
            published="décembre de chaque année depuis 2020",
        ),
        recognise=recognise,
        read=read,
        how_to_get="Sur data.caf.fr, ouvrez le jeu « s_ben_com_f » et exportez-le en csv.",
        themes=("resources",),
    )
)
