"""Filosofi by square of 200 m: Insee's GeoPackage or csv, and a pack of the Lille area made from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd
import pyogrio
import pyogrio.errors

from diagnostic.errors import Fault, InputError
from diagnostic.ingestion.document import Document, Kind
from diagnostic.ingestion.editions import edition_stated
from diagnostic.ingestion.grid import BATCH, COLUMNS, cells
from diagnostic.ingestion.source import SOURCES, Recognition, Source, Tables
from diagnostic.ingestion.tabular import number_matrix, read_table
from diagnostic.ingestion.thematic import LICENCE
from diagnostic.provenance import Provenance

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME: Final = "insee_filosofi_grid"
IDENTIFIERS: Final = ("idcar_200m", "idinspire", "id")
FLAGS: Final = ("i_est_200", "i_est_cr", "imputed")
# The spelling of the identifier tells the oldest years apart; later ones are only named by the file.
YEARS: Final = {"IdINSPIRE": "2015", "Idcar_200m": "2017"}
COUNT: Final = ("ind", "num_people")


class _Sheet(NamedTuple):
    """Where the squares are in a file, and the published names of their columns."""

    layer: str | None
    identifier: str
    flag: str
    figures: dict[str, str]


def _sheet(layer: str | None, names: Sequence[str]) -> _Sheet | None:
    """Give the columns of a layer of squares, nothing for another layer."""
    known = {name.strip().casefold(): name for name in names}
    identifier = next((known[name] for name in IDENTIFIERS if name in known), None)
    flag = next((known[name] for name in FLAGS if name in known), None)
    if identifier is None or flag is None or not any(name in known for name in COUNT):
        return None
    figures = {known[name]: column.variable for name, column in COLUMNS.items() if name in known}
    return _Sheet(layer, identifier, flag, figures)


def _found(document: Document) -> _Sheet | None:
    if document.kind is Kind.GEOPACKAGE:
        try:
            layers = [str(name) for name, _ in pyogrio.list_layers(document.path)]
            read = [(name, pyogrio.read_info(document.path, layer=name)["fields"]) for name in layers]
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError):
            return None
        return next((sheet for name, fields in read if (sheet := _sheet(name, list(fields)))), None)
    if document.kind is Kind.DELIMITED:
        headers = (document.headers((name,)) for name in IDENTIFIERS[:2])
        return next((sheet for found in headers if found and (sheet := _sheet(None, found[0].columns))), None)
    return None


def recognise(document: Document) -> Recognition | None:
    """Say whether a document holds squares of 200 m; their year is asked where nothing tells it."""
    if (sheet := _found(document)) is None:
        return None
    edition, basis = edition_stated(document, source=NAME, stated=YEARS.get(sheet.identifier))
    return Recognition(NAME, edition, basis)


def read(document: Document, recognition: Recognition) -> Tables:
    """Read every square, without its outline; raises ``InputError`` with all faults."""
    sheet = _found(document)
    if sheet is None:  # the recognition came from elsewhere than this document
        raise ValueError(f"{document.name} is not a file of {NAME}")
    identifiers, numbers = _columns(document, sheet)
    flags = pd.Series(numbers.pop(sheet.flag), index=identifiers.index)
    figures = {variable: numbers[name] for name, variable in sheet.figures.items()}
    return Tables(cells=cells(
        identifiers, flags, figures, vintage=int(recognition.edition), file=document.name, layer=sheet.layer
    ))  # fmt: skip


def _columns(document: Document, sheet: _Sheet) -> tuple[pd.Series[str], dict[str, np.ndarray]]:
    """Give the identifiers by line, and the numbers by published name."""
    numeric = [sheet.flag, *sheet.figures]
    if sheet.layer is None:
        table = read_table(document, (sheet.identifier,))
        matrix = number_matrix(table, numeric)
        identifiers = table.frame[sheet.identifier].str.strip()
        return identifiers, {name: matrix[:, at] for at, name in enumerate(numeric)}
    total = int(pyogrio.read_info(document.path, layer=sheet.layer)["features"])
    numbers = {name: np.empty(total) for name in numeric}
    texts = []
    for start in range(0, total, BATCH):
        part = _layer(document, sheet, [sheet.identifier, *numeric], start=start)
        for name, values in numbers.items():
            values[start : start + BATCH] = part[name].to_numpy("float64")
        texts.append(part[sheet.identifier].astype(str))
    identifiers = pd.concat(texts) if texts else pd.Series([], dtype=str)
    return identifiers.set_axis(pd.RangeIndex(1, total + 1, name="line")), numbers


def _layer(document: Document, sheet: _Sheet, names: list[str], *, start: int) -> pd.DataFrame:
    """Read some squares: a country of them does not fit in memory as text and as numbers."""
    try:
        frame: pd.DataFrame = pyogrio.read_dataframe(
            document.path, layer=sheet.layer, columns=names, read_geometry=False, use_arrow=True,
            skip_features=start, max_features=BATCH,
        )  # fmt: skip
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as problem:
        raise InputError(Fault(
            "couche géographique illisible", file=document.name, sheet=sheet.layer,
            expected="un fichier complet", found="un contenu qui ne se lit pas jusqu’au bout",
            remedy="téléchargez de nouveau le fichier",
        )) from problem  # fmt: skip
    texts = [name for name in names[1:] if not pd.api.types.is_numeric_dtype(frame[name])]
    if texts:
        raise InputError(Fault(
            "colonne de texte à la place de nombres", file=document.name, sheet=sheet.layer, column=texts[0],
            expected="des nombres", found="du texte", remedy="téléchargez de nouveau le fichier",
        ))  # fmt: skip
    return frame


SOURCES.register(
    Source(
        name=NAME,
        label="Insee, Filosofi par carreau de 200 m",
        provenance=Provenance(
            producer="Insee",
            title="Données carroyées : revenus, pauvreté et niveau de vie, carreaux de 200 mètres (Filosofi)",
            citation="Insee-DGFiP-Cnaf-Cnav-CCMSA, fichier localisé social et fiscal (Filosofi)",
            url="https://www.insee.fr/fr/statistiques/7655515",
            licence=LICENCE,
            published="données 2015, 2017, 2019 et 2021",
        ),
        recognise=recognise,
        read=read,
        how_to_get="Sur insee.fr, cherchez « Revenus, pauvreté et niveau de vie, données carroyées » et"
        " téléchargez les carreaux de 200 m ; décompressez l’archive et ajoutez le fichier gpkg, plus léger à lire"
        " que le csv (met pour la métropole).",
        themes=("resources", "population"),
    )
)
