"""``indicateurs.xlsx``: one sheet a table, codes as text, absences marked, a dictionary of every column."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import xlsxwriter

from diagnostic.formatting import long_date
from diagnostic.vocabulary import (
    DIRECTION_LABELS,
    FICTIONAL_BANNER,
    GROUP_LABELS,
    LEVEL_LABELS,
    SCALE_LABELS,
    STATUS_LABELS,
    STATUS_MARKS,
    THEME_LABELS,
    UNIT_LABELS,
)  # fmt: skip

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from diagnostic.analysis.disclosure.public import PublicTables

WIDEST: Final = 60
NARROWEST: Final = 9
_COMPARATORS: Final = {
    "commune": "commune", "epci": "intercommunalité", "departement": "département", "region": "région",
    "france": "France métropolitaine", "qpv_departement_median": "médiane des QPV du département",
}  # fmt: skip
_KINDS: Final = {"gap": "constat", "not_found": "non constaté", "blind_spot": "angle mort"}
_RELIABILITY: Final = {"publish": "publiable", "caution": "effectif faible", "suppress": "non publiable"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet: where it comes from, what it is called, what it means."""

    name: str
    title: str
    meaning: str
    words: Mapping[Any, str] | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of the workbook."""

    title: str
    table: Callable[[PublicTables], pd.DataFrame]
    columns: tuple[Column, ...]


_YES = {"True": "oui", "False": "non"}
_SHOWN = Column("headline", "Retenu", "année montrée dans le rapport", _YES)
_SENSE = Column("direction", "Sens", "ce que signifie une valeur plus élevée", DIRECTION_LABELS)
_LEVEL = Column("level", "Échelle", "niveau géographique", LEVEL_LABELS)
_CODE = Column("code", "Code", "code officiel, enregistré comme texte")
_VINTAGE = Column("vintage", "Millésime", "génération des quartiers (2015 ou 2024) ou année de la géographie")
_VARIABLE = Column(
    "label", "Indicateur", "libellé de l’indicateur ; sa définition est dans la feuille Définitions"
)
_GROUP = Column("group", "Groupe", "personnes concernées", GROUP_LABELS)
_PERIOD = Column("period", "Année", "année dont parlent les données, ou année d’édition (voir Base de l’année)")
_BASIS = Column(
    "period_basis", "Base de l’année", "« données » : année dite par le producteur ; « édition » : seule connue",
    {"stated": "données", "edition": "édition"},
)  # fmt: skip
_UNIT = Column("unit", "Unité", "unité de la valeur", UNIT_LABELS)
_STATUS = Column(
    "status", "Statut", "pourquoi la valeur est là ou absente", {str(k): v for k, v in STATUS_LABELS.items()}
)
_NOTE = Column("note", "Remarque", "note du producteur ou de l’outil")

SHEETS: Final = (
    Sheet("Constats", lambda tables: tables.findings, (
        Column("rank", "N°", "ordre de lecture"),
        Column("kind", "Nature", "constat, non constaté, angle mort", _KINDS),
        Column("message", "Message", "ce que les chiffres permettent de dire"),
        Column("detail", "Précision", "base et comparaison"),
        Column("caveat", "Réserve", "ce que cela ne dit pas"),
        Column("question", "À demander", "question à poser aux acteurs"),
        Column("codes", "Quartiers", "codes des quartiers concernés"),
    )),
    Sheet("Quartiers", lambda tables: tables.territories[tables.territories["level"] == "qpv"], (
        Column("number", "N°", "numéro sur les cartes"),
        _CODE, Column("label", "Nom", "nom officiel"), _VINTAGE,
        Column("communes", "Codes des communes", "communes sur lesquelles le quartier s’étend"),
        Column("commune_labels", "Communes", "leurs noms"),
        Column("epci", "Intercommunalité", "SIREN"), Column("departement", "Département", "code"),
        Column("population", "Population", "population municipale, quand elle est publiée"),
        Column("area", "Superficie (ha)", "mesurée sur le contour, en hectares"),
    )),
    Sheet("Indicateurs", lambda tables: _labelled(tables.indicators, tables), (
        _LEVEL, _CODE, Column("place", "Lieu", "nom du quartier"), _VINTAGE, _VARIABLE, _GROUP, _PERIOD, _BASIS,
        Column("value", "Valeur", "valeur ; marque à la place quand elle est absente"), _UNIT, _STATUS,
        Column("low", "Borne basse", "incertitude modélisée, quand elle l’est"),
        Column("high", "Borne haute", "idem"),
        Column("reliability", "Fiabilité", "ce que la base autorise à écrire", _RELIABILITY), _NOTE,
        _SHOWN, Column("source", "Source", "identifiant de la source (feuille Sources)"),
        Column("edition", "Édition", "édition du producteur"),
    )),
    Sheet("Écarts", lambda tables: _labelled(tables.gaps, tables), (
        _CODE, Column("place", "Quartier", "nom"), _VARIABLE, _GROUP, _PERIOD, _BASIS, _UNIT,
        Column("value", "Valeur", "valeur du quartier"),
        Column("comparator_kind", "Comparé à", "nature de la comparaison", _COMPARATORS),
        Column("comparator_code", "Code comparé", "code du lieu comparé"),
        Column("comparator_label", "Lieu comparé", "nom du lieu comparé"),
        Column("comparator_value", "Valeur comparée", "sa valeur, de la même année"),
        Column("difference", "Différence", "valeur du quartier moins valeur comparée (points pour les %)"),
        Column("ratio", "Rapport", "valeur du quartier ÷ valeur comparée"),
        Column("half_width", "Incertitude (±)", "demi-largeur de l’intervalle modélisé du quartier"),
        _SENSE,
        Column("worse", "Défavorable", "différence en défaveur du quartier", _YES),
        Column("notable", "Notable", "au moins 5 points (pour les %) et 10 %, au-delà de l’incertitude", _YES),
        _NOTE, _SHOWN,
    )),
    Sheet("Définitions", lambda tables: tables.catalogue, (
        Column("id", "Repère", "numéro dans la liste de référence"), Column("label", "Indicateur", "libellé"),
        Column("theme", "Thème", "chapitre", THEME_LABELS), _UNIT,
        Column("formula", "Calcul", "formule"), Column("says", "Ce que ça dit", "lecture"),
        Column("does_not_say", "Ce que ça ne dit pas", "limite"),
        Column("ask", "À demander", "question aux acteurs"),
        _SENSE,
        Column("criteria", "Critères documentés", "critères légaux éclairés, sans les prouver"),
        Column("scale", "Niveau", "micro, méso ou macro", SCALE_LABELS),
        Column("reference", "Référence", "producteur"),
    )),
    Sheet("Sources", lambda tables: tables.sources, (
        Column("source", "Identifiant", "identifiant de la source"), Column("label", "Source", "libellé"),
        Column("edition", "Édition", "édition du producteur"), Column("producer", "Producteur", "organisme"),
        Column("title", "Titre", "titre de la publication"), Column("citation", "Citation", "à reprendre"),
        Column("url", "Adresse", "page du producteur"),
        Column("licence", "Licence", "conditions de réutilisation"),
        Column("published", "Publication", "date dite par le producteur"),
        Column("file", "Fichier", "nom du fichier"),
        Column("sha256", "Empreinte (SHA-256)", "identifie le fichier à l’octet près"),
        Column("basis", "Reconnu par", "comment l’édition a été établie"),
    )),
    Sheet("Valeurs masquées", lambda tables: tables.hidden, (
        Column("label", "Indicateur", "libellé"), Column("source", "Source", "identifiant"),
        Column("edition", "Édition", "édition du producteur"),
        Column("reason", "Motif", "pourquoi la valeur est absente"),
        Column("cells", "Quartiers sans valeur", "nombre"), Column("total", "Sur", "quartiers du territoire"),
    )),
)  # fmt: skip


def write_workbook(tables: PublicTables) -> bytes:
    """Make the workbook.

    Parameters
    ----------
    tables
        What may be published.

    Returns
    -------
    bytes
        An xlsx file, the same for the same tables. Text is never read as a formula; absent values carry their
        mark, and nothing lies in a hidden sheet.
    """
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(buffer, options)
    identity = tables.identity
    book.set_properties({
        "title": f"Indicateurs – {identity.name}", "author": identity.author,
        "created": datetime.combine(identity.edition_date, time()),
        "comments": FICTIONAL_BANNER if identity.fictional else "",
    })  # fmt: skip
    formats = _formats(book)
    _cover(book, tables, formats)
    for sheet in SHEETS:
        _write(book, sheet, sheet.table(tables), formats)
    _dictionary(book, formats)
    book.close()
    return buffer.getvalue()


def _labelled(table: pd.DataFrame, tables: PublicTables) -> pd.DataFrame:
    labels = tables.catalogue.set_index("variable")["label"]
    places = tables.territories.drop_duplicates("code").set_index("code")["label"]
    return table.assign(label=table["variable"].map(labels), place=table["code"].map(places).fillna(""))


def _formats(book: xlsxwriter.Workbook) -> dict[str, Any]:
    font = {"font_name": "Calibri", "font_size": 10, "valign": "top"}
    return {
        "text": book.add_format({**font, "num_format": "@"}),
        "number": book.add_format({**font, "num_format": "# ##0.##"}),
        "whole": book.add_format({**font, "num_format": "# ##0"}),
        "year": book.add_format({**font, "num_format": "0"}),
        "mark": book.add_format({**font, "font_color": "#595959", "italic": True, "align": "right"}),
        "header": book.add_format({**font, "bold": True, "bottom": 1, "text_wrap": True, "bg_color": "#E9EDF2"}),
        "title": book.add_format({**font, "bold": True, "font_size": 16}),
        "wrapped": book.add_format({**font, "text_wrap": True}),
    }


def _cover(book: xlsxwriter.Workbook, tables: PublicTables, formats: dict[str, Any]) -> None:
    identity = tables.identity
    page = book.add_worksheet("À lire")
    page.hide_gridlines(2)
    page.set_column(0, 0, 100)
    lines = [
        f"Territoire\u00a0: {identity.name}",
        f"Quartiers prioritaires\u00a0: génération {identity.generation}",
        f"Date\u00a0: {long_date(identity.edition_date)}",
        "Un écart n’est pas une discrimination\u00a0: il dit où regarder, pas pourquoi.",
        "Une valeur absente porte une marque\u00a0: "
        + "\u00a0; ".join(f"{mark} = {STATUS_LABELS[status]}" for status, mark in STATUS_MARKS.items())
        + ".",
        "Les codes sont enregistrés comme du texte\u00a0: ne les convertissez pas en nombres.",
        "La feuille «\u00a0Dictionnaire\u00a0» explique chaque colonne.",
    ]
    if identity.fictional:
        lines.insert(0, f"{FICTIONAL_BANNER}\u00a0: aucun chiffre de ce classeur n’est réel.")
    page.write_string(0, 0, "Indicateurs du diagnostic territorial", formats["title"])
    for row, line in enumerate(lines, start=2):
        page.write_string(row, 0, line, formats["wrapped"])


def _write(book: xlsxwriter.Workbook, sheet: Sheet, table: pd.DataFrame, formats: dict[str, Any]) -> None:
    page = book.add_worksheet(sheet.title)
    page.freeze_panes(1, 0)
    for position, column in enumerate(sheet.columns):
        cells = _cells(table, column)
        page.write_string(0, position, column.title, formats["header"])
        for row, cell in enumerate(cells, start=1):
            _put(page, (row, position), cell, column, formats)
        width = max([len(column.title), *(len(str(cell)) for cell in cells)])
        page.set_column(position, position, min(max(width + 2, NARROWEST), WIDEST))
    page.autofilter(0, 0, max(len(table), 1), len(sheet.columns) - 1)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)


def _cells(table: pd.DataFrame, column: Column) -> list[Any]:
    values: list[Any] = table[column.name].tolist()
    if column.words is not None:
        return [column.words.get(str(value), str(value)) for value in values]
    if column.name in {"value", "population"} and "status" in table:
        marks = {str(status): mark for status, mark in STATUS_MARKS.items()}
        states = table["status"]
        return [
            marks.get(state, "") if pd.isna(value) else value for value, state in zip(values, states, strict=True)
        ]
    return values


def _put(page: Any, place: tuple[int, int], cell: Any, column: Column, formats: dict[str, Any]) -> None:  # noqa: ANN401 - xlsxwriter has no types
    if pd.isna(cell):
        page.write_blank(*place, None, formats["text"])
    elif isinstance(cell, str):
        page.write_string(*place, cell, formats["mark" if column.name == "value" else "text"])
    elif column.name in {"period", "vintage", "number", "rank"}:
        page.write_number(*place, cell, formats["year"])
    else:
        page.write_number(*place, cell, formats["number" if isinstance(cell, float) else "whole"])


def _dictionary(book: xlsxwriter.Workbook, formats: dict[str, Any]) -> None:
    page = book.add_worksheet("Dictionnaire")
    page.freeze_panes(1, 0)
    for position, (title, width) in enumerate((("Feuille", 18), ("Colonne", 24), ("Signification", 80))):
        page.write_string(0, position, title, formats["header"])
        page.set_column(position, position, width)
    row = 1
    for sheet in SHEETS:
        for column in sheet.columns:
            for position, text in enumerate((sheet.title, column.title, column.meaning)):
                page.write_string(row, position, text, formats["wrapped"])
            row += 1
