"""Offences recorded by police and gendarmerie, by commune, département and région: context, never discrimination.

None of the indicators is an offence of discrimination. They count what was reported: the offences that nobody
reports, as most of those with a racist or sexist motive, are not there.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from diagnostic.errors import InputError
from diagnostic.ingestion.document import Document, Header, Kind
from diagnostic.ingestion.editions import edition_stated
from diagnostic.ingestion.headings import column_of
from diagnostic.ingestion.source import SOURCES, Recognition, Source, Tables
from diagnostic.ingestion.tabular import Table, assemble, code_kinds, number_matrix, read_table
from diagnostic.ingestion.thematic import head_codes
from diagnostic.provenance import Provenance
from diagnostic.schemas import MEASURE_COLUMNS
from diagnostic.territory.names import key
from diagnostic.vocabulary import Level, PeriodBasis, Status, is_fictional

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NAME: Final = "ssmsi_crime"
HIDDEN: Final = "ndiff"
ABSENT: Final = ("NA", "")
RATE: Final = "_rate"
SHAPES: Final = {
    Level.COMMUNE: r"\d[0-9AB]\d{3}", Level.DEPARTMENT: r"\d{2}|2[AB]|97\d|98\d", Level.REGION: r"\d{2}",
}  # fmt: skip
PARTS: Final[Mapping[str, Sequence[str]]] = {
    "indicator": ("indicateur", "classe"),
    "year": ("annee",),
    "unit": ("unite_de_compte",),
    "count": ("nombre", "faits"),
    "rate": ("taux_pour_mille",),
}
INDICATORS: Final[Mapping[str, str]] = {
    key(label): variable
    for variable, labels in {
        "homicides": ("Homicides",),
        "attempted_homicides": ("Tentatives d'homicide", "Tentatives d'homicides"),
        "assaults": ("Coups et blessures volontaires",),
        "domestic_assaults": ("Coups et blessures volontaires intrafamiliaux",),
        "domestic_violence": ("Violences physiques intrafamiliales",),
        "other_assaults": ("Autres coups et blessures volontaires",),
        "other_violence": ("Violences physiques hors cadre familial",),
        "sexual_violence": ("Violences sexuelles",),
        "armed_robberies": ("Vols avec armes",),
        "violent_robberies_without_weapon": ("Vols violents sans arme",),
        "thefts_from_persons": ("Vols sans violence contre des personnes",),
        "burglaries": ("Cambriolages de logement",),
        "vehicle_thefts": ("Vols de véhicules", "Vols de véhicule"),
        "thefts_in_vehicles": ("Vols dans les véhicules",),
        "thefts_on_vehicles": ("Vols d'accessoires sur véhicules",),
        "destructions": ("Destructions et dégradations volontaires",),
        "frauds": ("Escroqueries",),
        "frauds_and_payment_frauds": ("Escroqueries et fraudes aux moyens de paiement",),
        "drug_trafficking": ("Trafic de stupéfiants",),
        "drug_use": ("Usage de stupéfiants",),
        "drug_use_fined": ("Usage de stupéfiants (AFD)",),
        "drug_use_but_fined": ("Usage de stupéfiants (hors AFD)",),
    }.items()
    for label in labels
}
_GEOGRAPHY = re.compile(r"CODGEO_?(20\d\d)?", re.IGNORECASE)


class _Columns(NamedTuple):
    """Names, as they stand in a file, of the columns that are read."""

    header: Header
    level: Level
    code: str
    parts: dict[str, str]
    released: str | None
    geography: str | None


def _columns(document: Document) -> _Columns | None:
    """Find the columns, whatever the year's names; the finest code tells the level."""
    if document.kind not in (Kind.DELIMITED, Kind.WORKBOOK):
        return None
    for header in document.headers(("annee",)):
        parts = {part: column_of(header.columns, *published) for part, published in PARTS.items()}
        known = {part: name for part, name in parts.items() if name is not None}
        communes = [name for name in header.columns if _GEOGRAPHY.fullmatch(name)]
        places = (
            (Level.COMMUNE, communes[0] if communes else None),
            (Level.DEPARTMENT, column_of(header.columns, "code_departement")),
            (Level.REGION, column_of(header.columns, "code_region")),
        )
        place = next(((level, name) for level, name in places if name), None)
        if place is not None and len(known) == len(PARTS):
            stated = _GEOGRAPHY.fullmatch(place[1])
            released = column_of(header.columns, "est_diffuse")
            return _Columns(header, *place, known, released, stated.group(1) if stated else None)
    return None


def recognise(document: Document) -> Recognition | None:
    """Say whether a document is one of these tables; its edition is the latest year it holds or states."""
    if (columns := _columns(document)) is None:
        return None
    # A country of communes is read once: its edition is the year of its geography, in the name of a column.
    stated = columns.geography or str(_years(_located(document, columns), columns).max())
    edition, basis = edition_stated(document, source=NAME, stated=stated)
    codes = head_codes(document, columns.header, columns.code.upper())
    return Recognition(NAME, edition, basis, fictional=all(is_fictional(columns.level, code) for code in codes))


def _located(document: Document, columns: _Columns) -> Table:
    """Read the rows of places; the offences that the producer locates nowhere have no code."""
    table = read_table(document, ("annee",), sheet=columns.header.sheet)
    return replace(table, frame=table.frame[table.frame[columns.code].str.strip() != ABSENT[0]])


def _years(table: Table, columns: _Columns) -> np.ndarray:
    """Read the years, of two digits until the edition of 2023."""
    text = table.frame[columns.parts["year"]].str.strip()
    good = text.str.fullmatch(r"(?:20)?\d\d").astype(bool)
    if not good.all():
        line = int(text.index[~good][0])
        raise InputError(table.fault(
            "année inconnue", line=line, column=columns.parts["year"], expected="16 ou 2016",
            found=repr(text[line]), remedy="téléchargez de nouveau le fichier",
        ))  # fmt: skip
    return 2000 + text.str[-2:].astype("int64").to_numpy()


def read(document: Document, recognition: Recognition) -> Tables:
    """Read counts and rates of every place and year; raises ``InputError`` with all faults."""
    columns = _columns(document)
    if columns is None:  # the recognition came from elsewhere than this document
        raise ValueError(f"{document.name} is not a file of {NAME}")
    table = _located(document, columns)
    code_kinds(table, columns.code, shapes={str(columns.level): SHAPES[columns.level]})
    variables, which = _variables(table, columns)
    values = _values(table, columns)
    hidden = np.zeros(len(values), dtype=bool)
    if columns.released:
        hidden = (table.frame[columns.released].str.strip() == HIDDEN).to_numpy()
    codes, places = pd.factorize(table.frame[columns.code].str.strip())
    _check_once(table, columns, which * (codes.max() + 1) + codes)
    rows = len(values)
    status = np.where(~np.isnan(values), 0, np.where(hidden, 1, 2)[:, None]).T.reshape(-1)
    units, counted = pd.factorize(table.frame[columns.parts["unit"]].str.strip().str.casefold())
    notes = [f"unité de compte\u00a0: {unit}" for unit in counted]
    notes += [f"{note} ; {HIDDEN}\u00a0: non diffusé par le producteur" for note in notes]
    once = np.zeros(2 * rows, dtype="int32")
    parts: dict[str, np.ndarray | tuple[Sequence[str], np.ndarray]] = {
        "level": ([str(columns.level)], once), "code": (list(places), np.tile(codes, 2)),
        "vintage": np.full(2 * rows, int(columns.geography or recognition.edition)),
        "period": np.tile(_years(table, columns), 2),
        "variable": (variables, np.concatenate([which, which + len(variables) // 2])),
        "group": (["all"], once), "source": ([NAME], once), "edition": ([recognition.edition], once),
        "value": values.T.reshape(-1), "unit": (["offences", "per_thousand"], np.repeat([0, 1], rows)),
        "status": ([str(state) for state in (Status.OBSERVED, Status.SUPPRESSED, Status.MISSING)], status),
        "note": (notes, np.tile(units, 2) + len(counted) * (status == 1)),
        "period_basis": ([str(PeriodBasis.STATED)], once),
    }  # fmt: skip
    return Tables(measures=assemble({name: parts[name] for name in MEASURE_COLUMNS}))


def _variables(table: Table, columns: _Columns) -> tuple[list[str], np.ndarray]:
    """Name the variables, counts then rates, and say which one each row counts."""
    text = table.frame[columns.parts["indicator"]]
    which, labels = pd.factorize(text.str.strip())
    known = [INDICATORS.get(key(label)) for label in labels]
    if None in known:
        row = int(np.flatnonzero(which == known.index(None))[0])
        raise InputError(table.fault(
            "indicateur inconnu", line=int(text.index[row]), column=columns.parts["indicator"],
            expected="les indicateurs publiés par le SSMSI", found=repr(text.iloc[row]),
            remedy="si le producteur l’a ajouté, signalez-le ; sinon téléchargez de nouveau le fichier",
        ))  # fmt: skip
    names = [f"recorded_{name}" for name in known]
    return [*names, *(name + RATE for name in names)], which


def _values(table: Table, columns: _Columns) -> np.ndarray:
    names = [columns.parts["count"], columns.parts["rate"]]
    plain = table.frame[names].apply(lambda cells: cells.mask(cells.str.strip().isin(ABSENT), ""))
    values = number_matrix(Table(table.file, table.sheet, table.header_line, plain), names)
    if (values < 0).any():
        row = int(np.flatnonzero((values < 0).any(axis=1))[0])
        raise InputError(table.fault(
            "valeur impossible", line=int(table.frame.index[row]), column=names[0],
            expected="un nombre positif ou nul", found=plain.iloc[row].tolist()[0],
            remedy="téléchargez de nouveau le fichier",
        ))  # fmt: skip
    return values


def _check_once(table: Table, columns: _Columns, keys: np.ndarray) -> None:
    """Refuse two rows for one place, indicator and year."""
    pairs = pd.DataFrame({"key": keys, "year": _years(table, columns)}, index=table.frame.index)
    twice = pairs.index[pairs.duplicated()]
    if len(twice):
        raise InputError(table.fault(
            "deux lignes pour un même lieu, indicateur et année", line=int(twice[0]), column=columns.code,
            expected="une ligne", found=f"{len(twice)} lignes en trop", remedy="téléchargez de nouveau le fichier",
        ))  # fmt: skip


SOURCES.register(
    Source(
        name=NAME,
        label="SSMSI, crimes et délits enregistrés",
        provenance=Provenance(
            producer="SSMSI",
            title="Bases statistiques communale, départementale et régionale de la délinquance enregistrée par la"
            " police et la gendarmerie nationales",
            citation="SSMSI, base statistique de la délinquance enregistrée par la police et la gendarmerie",
            url="https://www.data.gouv.fr/datasets/621df2954fa5a3b5a023e23c",
            licence="Licence Ouverte",
            published="données 2016 et suivantes",
        ),
        recognise=recognise,
        read=read,
        how_to_get="Sur data.gouv.fr, cherchez « bases statistiques communale, départementale et régionale de la"
        " délinquance enregistrée » et téléchargez le csv de l’échelle voulue.",
        themes=("justice",),
    )
)
