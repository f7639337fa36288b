"""Sheets that a territory has or has not: both generations, estimates on 2024, crossings, actions, testing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from diagnostic.action_model import PUBLIC, SEPARATOR, Kind, choices, fields
from diagnostic.analysis.crossing import CROSSING_COLUMNS
from diagnostic.analysis.recourse import DISTANCE_COLUMNS
from diagnostic.publication.workbook.columns import Column, Sheet
from diagnostic.vocabulary import GROUP_LABELS, STATUS_LABELS, UNIT_LABELS

if TYPE_CHECKING:
    from collections.abc import Callable

    from diagnostic.action_model import Field
    from diagnostic.analysis.disclosure.public import PublicTables

_STATES: Final = {str(status): label for status, label in STATUS_LABELS.items()}
_BASIS: Final = {"stated": "données", "edition": "édition"}
_UNITS: Final = {"": "", "actions": "actions"} | UNIT_LABELS
_CRITERIA: Final = {"": "tous les traits testés"} | {one.code: one.label for one in choices("criteres")}
_DIGITS: Final = 4  # of a p-value
_SHARES: Final = (
    "rate_reference", "rate_reference_low", "rate_reference_high", "rate_tested", "rate_tested_low",
    "rate_tested_high", "difference", "difference_low", "difference_high",
)  # fmt: skip


def _generations(tables: PublicTables) -> pd.DataFrame:
    table = _holding(tables.counterparts, [column.name for column in _PAIR])
    names = _names(tables)
    return table.assign(
        **{f"label_{year}": table[f"code_{year}"].map(names).fillna("") for year in (2015, 2024)},
        **{name: _percent(table[name]) for name in ("share_of_2015", "share_of_2024")},
    )


def _carried(tables: PublicTables) -> pd.DataFrame:
    table = _holding(tables.carried, [column.name for column in _CARRIED if column.name != "place"])
    return table.assign(place=table["code"].map(_names(tables)).fillna(""), coverage=_percent(table["coverage"]))


def _names(tables: PublicTables) -> dict[str, str]:
    """Give the official name of each neighbourhood of both generations, whole."""
    if tables.outlines.empty:
        return {}
    return dict(zip(tables.outlines["code"], tables.outlines["label"], strict=True))


def _testing(tables: PublicTables) -> pd.DataFrame:
    table = _holding(tables.testing, [column.name for column in _CAMPAIGN])
    shares = {name: table[name].astype("float64").round(1) for name in _SHARES}
    return table.assign(**shares, p_adjusted=table["p_adjusted"].astype("float64").round(_DIGITS))


def _crossed(tables: PublicTables) -> pd.DataFrame:
    return _holding(tables.crossings, CROSSING_COLUMNS)


def _access(tables: PublicTables) -> pd.DataFrame:
    table = _holding(tables.access, DISTANCE_COLUMNS)
    return table.assign(**{name: table[name].astype("float64").round() for name in ("inside", "edge")})


def _actions(tables: PublicTables) -> pd.DataFrame:
    """Give the inventory, its coded words in French, its dates as text."""
    table = _holding(tables.actions, [column.name for column in _INVENTORY])
    read = {code: _reading(fields()[code]) for code in PUBLIC if code in table}
    return table.assign(**{code: table[code].map(said) for code, said in read.items() if said})


def _reading(field: Field) -> Callable[[Any], str] | None:
    """Say how a cell of several coded words, or a date, is written; others are written as they are."""
    words = {one.code: one.label for one in field.choices}
    if field.several:
        return lambda cell: ", ".join(words.get(one, one) for one in str(cell).split(SEPARATOR))
    if field.kind is Kind.DATE:
        return lambda cell: "" if pd.isna(cell) else f"{pd.Timestamp(cell):%Y-%m-%d}"
    return None


def _holding(table: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Give a table that holds these columns, even when there is nothing in it."""
    return table if len(table) else table.reindex(columns=list(dict.fromkeys([*table.columns, *names])))


def _percent(shares: pd.Series) -> pd.Series:
    return (100 * shares.astype("float64")).round(0)


def _answer(field: Field) -> Column:
    words = {"": ""} | {one.code: one.label for one in field.choices}
    coded = words if field.choices and not field.several else None
    return Column(field.code, field.label, field.help, coded)


_PAIR: Final = (
    Column("code_2015", "Code 2015", "code officiel du quartier de la génération 2015"),
    Column("label_2015", "Quartier de 2015", "nom"),
    Column("code_2024", "Code 2024", "code officiel du quartier de la génération 2024"),
    Column("label_2024", "Quartier de 2024", "nom"),
    Column("change", "Évolution", "inchangé, modifié, nouveau ou sorti, selon les périmètres"),
    Column("share_of_2024", "Surface de 2024 (%)", "part de la surface du quartier de 2024 qui l’était en 2015"),
    Column("share_of_2015", "Surface de 2015 (%)", "part de la surface du quartier de 2015 qui l’est en 2024"),
)
_CARRIED: Final = (
    Column("code", "Code", "code officiel du quartier de 2024"), Column("place", "Quartier", "nom"),
    Column("vintage", "Millésime", "génération du quartier"),
    Column("label", "Indicateur", "publié sur les périmètres de 2015"),
    Column("group", "Groupe", "personnes concernées", GROUP_LABELS),
    Column("period", "Année", "année dont parlent les données, ou année d’édition"),
    Column("period_basis", "Base de l’année", "« données » ou « édition » : seule connue", _BASIS),
    Column("unit", "Unité", "unité de la valeur", UNIT_LABELS),
    Column("value", "Estimation", "de ce projet, jamais publiée par un producteur", marked=True),
    Column("low", "Borne basse", "si la population ne suivait pas la surface"),
    Column("high", "Borne haute", "idem"),
    Column("coverage", "Surface couverte (%)", "part de la surface de 2024 déjà en quartier en 2015"),
    Column("status", "Statut", "pourquoi le nombre est là ou absent", _STATES),
    Column("note", "Remarque", "méthode, ou motif de l’absence"),
)  # fmt: skip
_CROSSED: Final = (
    Column("id", "Repère", "numéro dans la liste de référence"),
    Column("label", "Croisement", "ce qui est mis côte à côte"),
    Column("domain_label", "Domaine", "vide : tout le territoire"),
    Column("x_label", "Première mesure", "ce qu’elle est"), Column("x", "Valeur (1)", "de la première mesure"),
    Column("x_low", "Borne basse (1)", "de son intervalle"), Column("x_high", "Borne haute (1)", "idem"),
    Column("x_unit", "Unité (1)", "de la première mesure", _UNITS),
    Column("y_label", "Seconde mesure", "ce qu’elle est"), Column("y", "Valeur (2)", "de la seconde mesure"),
    Column("y_low", "Borne basse (2)", "de son intervalle"), Column("y_high", "Borne haute (2)", "idem"),
    Column("y_unit", "Unité (2)", "de la seconde mesure", _UNITS),
    Column("cell_label", "Case", "où les deux mesures se rangent, intervalles compris"),
    Column("reading", "Lecture", "ce que cela permet de dire"),
    Column("missing", "Ce qui manque", "source à demander quand le croisement n’est pas possible"),
    Column("caveat", "Réserve", "ce que cela ne dit pas"),
)  # fmt: skip
_INVENTORY: Final = tuple(_answer(field) for field in fields().values() if field.public)
_CAMPAIGN: Final = (
    Column("sector", "Secteur", "vide : toutes les offres"),
    Column("criterion", "Critère", "de la loi, que le trait testé met en jeu", _CRITERIA),
    Column("reference", "Candidat de référence", "ses traits"),
    Column("tested", "Candidat testé", "ses traits"),
    Column("offers", "Offres", "reçues par les deux candidats", marked=True),
    Column("rate_reference", "Référence (%)", "part de réponses favorables", marked=True),
    Column("rate_reference_low", "Référence, borne basse (%)", "intervalle à 95 %", marked=True),
    Column("rate_reference_high", "Référence, borne haute (%)", "idem", marked=True),
    Column("rate_tested", "Testé (%)", "part de réponses favorables", marked=True),
    Column("rate_tested_low", "Testé, borne basse (%)", "intervalle à 95 %", marked=True),
    Column("rate_tested_high", "Testé, borne haute (%)", "idem", marked=True),
    Column("difference", "Écart net (points)", "référence moins testé, mêmes offres", marked=True),
    Column("difference_low", "Écart, borne basse", "intervalle à 95 %", marked=True),
    Column("difference_high", "Écart, borne haute", "idem", marked=True),
    Column("p_adjusted", "p corrigée", "test de Student apparié, corrigé du nombre de comparaisons (Holm)"),
    Column("status", "Statut", "pourquoi le nombre est là ou absent", _STATES),
)
_DISTANCES: Final = (
    Column("code", "Code", "code du quartier"), Column("vintage", "Génération", "des contours mesurés"),
    Column("label", "Quartier", "nom"),
    Column("inside", "Depuis l’intérieur (m)", "mètres à vol d’oiseau, d’un point à l’intérieur"),
    Column("inside_place", "Lieu (intérieur)", "lieu le plus proche de ce point"),
    Column("edge", "Depuis le bord (m)", "mètres à vol d’oiseau, du bord ; 0 : lieu dans le quartier"),
    Column("edge_place", "Lieu (bord)", "lieu le plus proche du bord"),
    Column("places", "Lieux comparés", "lieux dont la position est connue, hors du territoire compris"),
    Column("source", "Source", "des positions ; ne dit ni horaires, ni transports, ni escaliers"),
)  # fmt: skip

COMPLEMENTS: Final = (
    Sheet("Générations", "generations", _generations, _PAIR, optional=True),
    Sheet("Estimations 2024", "estimations_2024", _carried, _CARRIED, optional=True),
    Sheet(
        "Croisements",
        "croisements",
        lambda tables: _holding(tables.crossings, CROSSING_COLUMNS),
        _CROSSED,
        optional=True,
    ),
    Sheet("Actions", "actions", _actions, _INVENTORY, optional=True),
    Sheet("Testing", "testing", _testing, _CAMPAIGN, optional=True),
    Sheet("Accès au droit", "acces_droit", _access, _DISTANCES, optional=True),
)
