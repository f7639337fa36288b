"""Sheets of the survey: what residents declare, and its identity card; left out without a survey."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from diagnostic.publication.workbook.columns import Column, Sheet
from diagnostic.survey_model import concepts
from diagnostic.vocabulary import GROUP_LABELS, KNOWN, STATUS_LABELS

if TYPE_CHECKING:
    import pandas as pd

    from diagnostic.analysis.disclosure.public import PublicTables

IMPRECISE: Final = "p"
MARKS: Final = {IMPRECISE: "précision insuffisante, pas de pourcentage"}
PERCENTAGES: Final = ("estimate", "se", "ci_low", "ci_high")
COUNTS: Final = ("n", "count")
DECIMAL_FROM: Final = 100

_LEVELS: Final = {"territoire": "territoire entier", "qpv": "quartier prioritaire"}
_BASES: Final = {"all": "toutes les personnes interrogées", "concerned": "personnes concernées par la question"}
_RELIABILITY: Final = {"publish": "publiable", "caution": "avec prudence", "suppress": "non publiable"}
_BY: Final = {"": "aucun", "all": "aucun", "qpv": "quartier"} | {
    name: concept.label for name, concept in concepts().items()
}
_GROUPS: Final = {"": "ensemble"} | GROUP_LABELS | {
    option.code: option.label
    for name in ("sex", "age_group", "education", "activity", "mode")
    for option in concepts()[name].options
}  # fmt: skip
_STATES: Final = {str(status): label for status, label in STATUS_LABELS.items()}
_OTHERS: Final = {"respondents": "répondants", "weight": "poids"}


def _declared(tables: PublicTables) -> pd.DataFrame:
    """Round shares as their base allows, and say why a number is not there."""
    table = tables.estimates.copy()
    places = tables.territories.drop_duplicates("code").set_index("code")["label"]
    small = ~(table["n"] >= DECIMAL_FROM)
    for name in PERCENTAGES:
        numbers = table[name].astype("float64")
        table[name] = numbers.round(1).where(~small | (name == "se"), numbers.round(0))
    vague = table["status"].isin(KNOWN) & table["reliability"].eq("suppress")
    table["mark"] = vague.map({True: IMPRECISE, False: ""})
    return table.assign(
        place=table["code"].map(places).fillna(""),
        concept=[_question(str(concept)) for concept in table["concept"]],
    )


def _question(concept: str) -> str:
    """Name what is asked; a crossing by its two questions.

    Examples
    --------
    >>> _question("witness"), _question("motives*motives")
    ('témoin', 'motifs ressentis × motifs ressentis')
    """
    known = concepts()
    return " × ".join(
        known[part].label if part in known else _OTHERS.get(part, part) for part in concept.split("*")
    )


DECLARED: Final = (
    Sheet("Ressenti", "ressenti", _declared, (
        Column("level", "Échelle", "territoire entier, ou quartier", _LEVELS),
        Column("code", "Code", "code officiel du quartier, enregistré comme texte"),
        Column("place", "Lieu", "nom du quartier"),
        Column("vintage", "Millésime", "génération des quartiers de l’enquête"),
        Column("indicator", "Repère", "numéro dans la liste des indicateurs de ressenti"),
        Column("concept", "Question", "ce qui est demandé"),
        Column("label", "Ce qui est estimé", "part des personnes interrogées qui…"),
        Column("by", "Croisement", "variable qui définit le groupe", _BY),
        Column("group", "Groupe", "personnes dont il s’agit", _GROUPS),
        Column("base", "Base", "à qui la part se rapporte", _BASES),
        Column("estimate", "Part (%)", "arrondie à l’unité sous 100 personnes ; marque si elle n’est pas écrite",
               marked=True),
        Column("ci_low", "Borne basse (%)", "de l’intervalle à 95 %", marked=True),
        Column("ci_high", "Borne haute (%)", "de l’intervalle à 95 %", marked=True),
        Column("se", "Erreur type (points)", "écart type d’échantillonnage", marked=True),
        Column("n", "Base (n)", "personnes interrogées, comptées sans pondération", marked=True),
        Column("count", "Réponses", "personnes qui donnent cette réponse, sans pondération", marked=True),
        Column("method", "Méthode", "« indicatif » : les répondants n’ont pas été tirés au sort"),
        Column("reliability", "Fiabilité", "ce que la base et la précision autorisent à écrire", _RELIABILITY),
        Column("status", "Statut", "pourquoi le nombre est là ou absent", _STATES),
        Column("note", "Remarque", "base, réserve, ou motif de l’absence"),
    ), optional=True),
    Sheet("Enquête", "carte_identite", lambda tables: tables.card.sort_values("rank", kind="stable"), (
        Column("rank", "N°", "ordre de lecture"),
        Column("entry", "Rubrique", "élément de la carte d’identité de l’enquête"),
        Column("text", "Contenu", "ce que l’enquête en dit"),
    ), optional=True),
)  # fmt: skip
