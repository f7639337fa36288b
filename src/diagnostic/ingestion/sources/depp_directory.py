"""Where schools stand: the ministry's directory of establishments and its table of addresses and coordinates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from diagnostic.errors import InputError
from diagnostic.ingestion.columns import unique_rows
from diagnostic.ingestion.document import Document, Header, Kind
from diagnostic.ingestion.editions import edition_stated
from diagnostic.ingestion.headings import column_of
from diagnostic.ingestion.schools import COMMUNE, SHAPE, school_links
from diagnostic.ingestion.source import SOURCES, Recognition, Source, Tables
from diagnostic.ingestion.tabular import Table, code_kinds, number_matrix, read_table
from diagnostic.ingestion.unproven import marked
from diagnostic.provenance import Provenance
from diagnostic.schemas import BOUNDARY_COLUMNS
from diagnostic.territory.metric import LONLAT
from diagnostic.vocabulary import Level, is_fictional

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NAME: Final = "depp_directory"
NEEDLES: Final = ("latitude", "longitude")
# Only what says which school it is and where; telephone numbers and addresses of mail are never read.
PARTS: Final[Mapping[str, Sequence[str]]] = {
    "code": ("numero_uai", "identifiant_de_l_etablissement", "code_etablissement"),
    "label": ("appellation_officielle", "nom_etablissement"),
    "commune": ("code_commune",),
    "commune_label": ("libelle_commune", "nom_commune", "commune"),
    "latitude": ("latitude",),
    "longitude": ("longitude",),
}
PRECISION: Final = ("localisation", "precision_localisation")
EARTH: Final = (90.0, 180.0)


def _header(document: Document) -> tuple[Header, dict[str, str]] | None:
    if document.kind not in (Kind.DELIMITED, Kind.WORKBOOK):
        return None
    for header in document.headers(NEEDLES):
        names = {part: column_of(header.columns, *published) for part, published in PARTS.items()}
        known = {part: name for part, name in names.items() if name is not None}
        if len(known) == len(PARTS):
            return header, known
    return None


def recognise(document: Document) -> Recognition | None:
    """Say whether a document is one of these tables; its year is that of its name, or is asked."""
    if (found := _header(document)) is None:
        return None
    header, names = found
    edition, basis = edition_stated(document, source=NAME, stated=None)
    position = header.columns.index(names["code"])
    rows = document.heads[header.sheet][header.line :]
    codes = [row[position].strip() for row in rows if len(row) > position and row[position].strip()]
    fictional = bool(codes) and all(is_fictional(Level.COMMUNE, code[1:]) for code in codes)
    return Recognition(NAME, edition, basis, fictional=fictional)


def read(document: Document, recognition: Recognition) -> Tables:
    """Read the place of every school that has one, as points, and its commune; raises ``InputError``."""
    found = _header(document)
    if found is None:  # the recognition came from elsewhere than this document
        raise ValueError(f"{document.name} is not a file of {NAME}")
    header, names = found
    table = read_table(document, NEEDLES, sheet=header.sheet)
    code_kinds(table, names["code"], shapes={"un numéro UAI (0590001A)": SHAPE})
    code_kinds(table, names["commune"], shapes={"un code de commune (59350)": COMMUNE, "sans commune": ""})
    table = unique_rows(table, names["code"])
    kept = pd.DataFrame({part: table.frame[names[part]].str.strip() for part in list(PARTS)[:4]})
    kept = kept.assign(vintage=int(recognition.edition))
    return Tables(
        boundaries=_points(table, kept, names), links=school_links(kept.reset_index(drop=True), source=NAME)
    )


def _points(table: Table, kept: pd.DataFrame, names: Mapping[str, str]) -> gpd.GeoDataFrame:
    where = number_matrix(table, [names["latitude"], names["longitude"]])
    outside = (np.abs(where) > EARTH).any(axis=1)
    if outside.any():
        line = int(table.frame.index[outside][0])
        raise InputError(table.fault(
            "coordonnées impossibles", line=line, column=names["latitude"], expected="des degrés",
            found=", ".join(f"{degrees:g}" for degrees in where[outside][0]),
            remedy="téléchargez de nouveau le fichier",
        ))  # fmt: skip
    precision = column_of(table.frame, *PRECISION)
    said = table.frame[precision].str.strip() if precision else pd.Series("", index=kept.index)
    located = ~np.isnan(where).any(axis=1)
    rows = kept.assign(level=str(Level.ESTABLISHMENT), note=said)[located].reset_index(drop=True)
    points = gpd.points_from_xy(where[located, 1], where[located, 0], crs=LONLAT)
    return gpd.GeoDataFrame(rows, geometry=points)[BOUNDARY_COLUMNS]


SOURCES.register(
    Source(
        name=NAME,
        label=marked("Depp, adresses et coordonnées des écoles, collèges et lycées", source=NAME),
        provenance=Provenance(
            producer="Depp",
            title="Adresse et géolocalisation des établissements d’enseignement du premier et second degrés",
            citation="Ministère de l’Éducation nationale, Depp",
            url="https://data.education.gouv.fr/explore/dataset/"
            "fr-en-adresse-et-geolocalisation-etablissements-premier-et-second-degre/",
            licence="Licence Ouverte",
            published="mise à jour continue",
        ),
        recognise=recognise,
        read=read,
        how_to_get="Sur data.education.gouv.fr, cherchez « adresse et géolocalisation des établissements » et"
        " exportez le csv ; gardez l’année dans le nom du fichier.",
        themes=("education",),
    )
)
