"""Sheets of the public statistics, from the findings to the hidden values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from diagnostic.analysis.findings import completed
from diagnostic.publication.workbook.columns import Column, Sheet
from diagnostic.vocabulary import (
    DIRECTION_LABELS,
    GROUP_LABELS,
    LEVEL_LABELS,
    SCALE_LABELS,
    STATUS_LABELS,
    THEME_LABELS,
    UNIT_LABELS,
)

if TYPE_CHECKING:
    import pandas as pd

    from diagnostic.analysis.disclosure.public import PublicTables

_COMPARATORS: Final = {
    "commune": "commune", "epci": "intercommunalité", "unite_urbaine": "unité urbaine",
    "departement": "département", "region": "région", "france": "France métropolitaine",
    "qpv_departement_median": "médiane des QPV du département",
    "epci_hors_qpv": "EPCI hors QPV", "commune_hors_qpv": "commune hors QPV",
    "contrat": "ensemble des QPV du contrat",
    "qpv_similar_median": "médiane des QPV qui ressemblent le plus",
}  # fmt: skip
_KINDS: Final = {
    "gap": "constat", "declared": "déclaré dans l’enquête", "not_found": "non constaté",
    "blind_spot": "angle mort", "decision": "décision demandée",
}  # fmt: skip
_RELIABILITY: Final = {"publish": "publiable", "caution": "effectif faible", "suppress": "non publiable"}


def _labelled(table: pd.DataFrame, tables: PublicTables) -> pd.DataFrame:
    labels = tables.catalogue.set_index("variable")["label"]
    places = tables.territories.drop_duplicates("code").set_index("code")["label"]
    return table.assign(label=table["variable"].map(labels), place=table["code"].map(places).fillna(""))


def _findings(tables: PublicTables) -> pd.DataFrame:
    """Give the findings with all that is said of them, the degree a plain number."""
    table = completed(tables.findings)
    return table.assign(degree=table["degree"].astype("float64"))


def _definitions(tables: PublicTables) -> pd.DataFrame:
    """Give the catalogue, and how a text calls each number."""
    table = tables.catalogue
    code = next(iter(tables.territories.loc[tables.territories["level"].eq("qpv"), "code"]), "QP000000")
    compared = set(tables.gaps.loc[tables.gaps["comparator_value"].notna(), "variable"])
    calls = [
        f"{{{{value:{name}:{code}}}}}" + (f" {{{{gap:{name}:{code}}}}}" if name in compared else "")
        for name in table["variable"]
    ]
    return table.assign(call=calls)


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

STATISTICS: Final = (
    Sheet("Constats", "constats", _findings, (
        Column("rank", "N°", "ordre de lecture"),
        Column("kind", "Nature", "constat, non constaté, angle mort", _KINDS),
        Column("message", "Message", "ce que les chiffres permettent de dire"),
        Column("detail", "Précision", "base et comparaison"),
        Column("degree", "Convergence (0 à 5)", "sortes de sources qui concordent, jamais une preuve"),
        Column("sources", "Sources concordantes", "lesquelles"),
        Column("rival_first", "Autre explication (1)", "vaut tant qu’elle n’est pas écartée"),
        Column("rival_second", "Autre explication (2)", "idem"),
        Column("caveat", "Réserve", "ce que cela ne dit pas"),
        Column("question", "À demander", "question à poser aux acteurs"),
        Column("reply", "Réponse du partenaire", "à remplir"),
        Column("codes", "Quartiers", "codes des quartiers concernés"),
    )),
    Sheet("Quartiers", "quartiers", lambda tables: tables.territories[tables.territories["level"] == "qpv"], (
        Column("number", "N°", "numéro sur les cartes"),
        _CODE, Column("label", "Nom", "nom officiel"), _VINTAGE,
        Column("communes", "Codes des communes", "communes sur lesquelles le quartier s’étend"),
        Column("commune_labels", "Communes", "leurs noms"),
        Column("epci", "Intercommunalité", "SIREN"), Column("departement", "Département", "code"),
        Column("population", "Population", "municipale ; marque quand elle n’est pas publiée", marked=True),
        Column("area", "Superficie (ha)", "mesurée sur le contour, en hectares"),
    )),
    Sheet("Indicateurs", "indicateurs", lambda tables: _labelled(tables.indicators, tables), (
        _LEVEL, _CODE, Column("place", "Lieu", "nom du quartier"), _VINTAGE, _VARIABLE, _GROUP, _PERIOD, _BASIS,
        Column("value", "Valeur", "valeur ; marque quand elle est absente", marked=True), _UNIT, _STATUS,
        Column("low", "Borne basse", "incertitude modélisée, quand elle l’est"),
        Column("high", "Borne haute", "idem"),
        Column("reliability", "Fiabilité", "ce que la base autorise à écrire", _RELIABILITY), _NOTE,
        _SHOWN, Column("source", "Source", "identifiant de la source (feuille Sources)"),
        Column("edition", "Édition", "édition du producteur"),
    )),
    Sheet("Écarts", "ecarts", lambda tables: _labelled(tables.gaps, tables), (
        _CODE, Column("place", "Quartier", "nom"), _VARIABLE, _GROUP, _PERIOD, _BASIS, _UNIT,
        Column("value", "Valeur", "valeur du quartier ; marque quand elle est absente", marked=True),
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
    Sheet("Définitions", "definitions", _definitions, (
        Column("id", "Repère", "numéro dans la liste de référence"), Column("label", "Indicateur", "libellé"),
        Column("variable", "Nom", "nom de la donnée, pour l’appeler dans un texte"),
        Column("call", "Dans un texte", "valeur d’un quartier, puis écart s’il y en a un ; y mettre son code"),
        Column("theme", "Thème", "chapitre", THEME_LABELS), _UNIT,
        Column("formula", "Calcul", "formule"), Column("says", "Ce que ça dit", "lecture"),
        Column("does_not_say", "Ce que ça ne dit pas", "limite"),
        Column("ask", "À demander", "question aux acteurs"),
        _SENSE,
        Column("criteria", "Critères documentés", "critères légaux éclairés, sans les prouver"),
        Column("scale", "Niveau", "micro, méso ou macro", SCALE_LABELS),
        Column("reference", "Référence", "producteur"),
    )),
    Sheet("Sources", "sources", lambda tables: tables.sources, (
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
    Sheet("Données à trouver", "donnees_a_trouver", lambda tables: tables.offer, (
        Column("availability_label", "Disponibilité", "présente, à télécharger, à demander, ou inexistante ici"),
        Column("producer", "Producteur", "organisme"), Column("title", "Source", "titre"),
        Column("theme", "Domaine", "thème"), Column("criteria", "Critères", "critères qu’elle documente"),
        Column("level", "Échelle", "niveau le plus fin"), Column("vintages", "Millésimes", "années connues"),
        Column("access", "Accès", "ouvert, sur demande ou restreint"),
        Column("how", "Comment l’obtenir", "commande, page ou lettre"),
        Column("why", "Pourquoi", "ce qui manque à cette échelle"),
        Column("says", "Ce que ça dit", "lecture"), Column("does_not_say", "Ce que ça ne dit pas", "limite"),
        Column("page", "Adresse", "page du producteur"),
        Column("evidence", "Vérification", "ce qui a été vérifié"),
    ), optional=True),
    Sheet("Valeurs masquées", "valeurs_masquees", lambda tables: tables.hidden, (
        Column("label", "Indicateur", "libellé"), Column("source", "Source", "identifiant"),
        Column("edition", "Édition", "édition du producteur"),
        Column("reason", "Motif", "pourquoi la valeur est absente"),
        Column("status", "Règle", "qui masque", {str(k): v for k, v in STATUS_LABELS.items()}),
        Column("cells", "Sans valeur", "nombre de cases"),
        Column("total", "Sur", "quartiers du territoire\u00a0; pour le ressenti, chiffres de l’enquête"),
    )),
)  # fmt: skip
