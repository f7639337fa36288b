"""Workbooks as Insee publishes them: titles, labels, codes in the sixth row, a sheet a level, documentation."""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING

import pandas as pd
import xlsxwriter

from diagnostic.demo.dictionary import meaning
from diagnostic.demo.places import QUARTERS, REGION_CODE, commune_list, epci_of
from diagnostic.vocabulary import FICTIONAL_BANNER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Cell = str | float | None

CREATED = datetime(2021, 11, 30)  # noqa: DTZ001 - a date in a file's properties, the same everywhere
THEMES = {
    "DEMO": ("Démographie", "Insee, recensement de la population ; Cnaf"),
    "IPRO": ("Insertion professionnelle", "Insee, recensement de la population ; ASP ; Pôle emploi-Dares"),
    "EDUC": ("Éducation", "Insee, ministère de l'Éducation nationale-Depp"),
    "LOGT": ("Logement", "Insee, recensement de la population ; SDES, RPLS"),
    "REVN": ("Revenus", "Insee-DGFiP-Cnaf-Cnav-CCMSA, Filosofi ; Cnam ; Cnaf"),
}
_SHEETS = {"qpv": "QP", "commune": "COM", "epci": "EPCI"}
_LEVELS = {"qpv": "Quartiers prioritaires", "commune": "Communes", "epci": "Intercommunalités"}
_URBAN_UNITS = {"990000011": "99701", "990000029": "99602"}


def thematic_workbook(theme: str, edition: int, *, tables: Mapping[str, pd.DataFrame]) -> bytes:
    """Write a thematic table in the layout of the official xlsx.

    Parameters
    ----------
    theme
        One of :data:`THEMES`.
    edition
        Year of the edition, stated in the titles.
    tables
        Published tables by level: ``"qpv"``, ``"commune"``, ``"epci"``.

    Returns
    -------
    bytes
        Content of the workbook.
    """
    title, sources = THEMES[theme]
    sheets: dict[str, list[Sequence[Cell]]] = {}
    for level, table in tables.items():
        columns = [str(name) for name in table.columns]
        sheets[_SHEETS[level]] = [
            (f"Données {edition} sur les quartiers de la politique de la ville - {title}",),
            (f"{_LEVELS[level]}, contours des quartiers de 2015, édition {edition}",),
            (f"Sources : {sources}",),
            (f"{FICTIONAL_BANNER} : ces territoires n'existent pas",),
            [meaning(name, theme=theme) for name in columns],
            columns,
            *_rows(table),
        ]
    columns = [str(name) for name in tables["qpv"].columns]
    sheets["Documentation"] = [
        (f"{title} - documentation",),
        (f"{FICTIONAL_BANNER}, écrites pour la démonstration dans la présentation des fichiers publics.",),
        ("Une cellule vide n'est pas diffusée ; la colonne NOTE de la source en donne le motif.",),
    ]
    sheets["Variables"] = [
        ("Liste des variables",),
        ("Variable", "Libellé"),
        *((name, meaning(name, theme=theme)) for name in columns),
    ]
    return _workbook(sheets)


def population_workbook(people: Mapping[str, int]) -> bytes:
    """Write the populations of 2013 and the intercommunality of each quarter, in their published layout.

    Parameters
    ----------
    people
        Inhabitants by code of quarter.

    Returns
    -------
    bytes
        Content of the workbook; the original is an older xls, which no library here writes.
    """
    labels = (
        *("Code du quartier de la politique de la ville", "Nom du quartier de la politique de la ville"),
        *("Code région", "Code epci 1 au 1er janvier 2015", "Code epci 2 au 1er janvier 2015"),
        *("Code unité urbaine", "Liste des communes", "Population municipale 2013"),
    )
    codes = ("qp", "nom_qp", "reg", "epci1", "epci2", "uu", "liste_des_communes", "population_municipale_2013")
    rows: list[Sequence[Cell]] = [
        ("Population municipale des quartiers la politique de la ville en 2013",),
        ("Contours au 1er janvier 2016",),
        (f"Champ : quartiers de la politique de la ville de la démonstration ({FICTIONAL_BANNER.lower()})",),
        ("Source : Recensement de la population 2013",),
        ("Limites communales au 1er janvier 2015",),
        (),
        (),
        labels,
        codes,
    ]
    for quarter in QUARTERS:
        epci = epci_of(quarter)
        places = (REGION_CODE, epci, None, _URBAN_UNITS[epci], commune_list(quarter))
        rows.append((quarter.code, quarter.label, *places, people[quarter.code]))
    return _workbook({"pop_qp": rows})


def _rows(table: pd.DataFrame) -> Iterable[list[Cell]]:
    """Give the rows of a table, nothing where the cell is empty."""
    for row in table.itertuples(index=False):
        yield [None if pd.isna(value) else value for value in row]


def _workbook(sheets: Mapping[str, Iterable[Sequence[Cell]]]) -> bytes:
    """Write sheets of cells, codes as text, without anything that changes from one day to the next."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False}
    with xlsxwriter.Workbook(stream, options) as workbook:
        workbook.set_properties({"title": FICTIONAL_BANNER, "author": "", "created": CREATED})
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, str):
                        sheet.write_string(number, column, value)
                    elif value is not None:
                        sheet.write_number(number, column, float(value))
    return stream.getvalue()
