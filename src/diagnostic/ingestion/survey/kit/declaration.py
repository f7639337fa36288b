"""The ``enquete.toml`` of a kit: what its own questionnaire exports is read with it as it is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from diagnostic.ingestion.survey.codebook import TO_COMPLETE, parse_codebook
from diagnostic.ingestion.survey.kit.plan import (
    CONSENT_TITLE,
    OUTSIDE,
    REFUSED,
    UNKNOWN,
    WITHDRAWAL_TITLE,
    items,
    quarter_choices,
)
from diagnostic.survey_model import concept_keys, concepts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from diagnostic.ingestion.survey.codebook import Codebook
    from diagnostic.ingestion.survey.kit.plan import Item, Plan

QUESTIONNAIRE: Final = "kit-1"
_WEIGHTED_BY: Final = "poids de base à multiplier par le nombre d’adultes du logement, plafonné à 4"


def declaration(plan: Plan) -> str:
    """Write the codebook of a kit.

    Parameters
    ----------
    plan
        The choices of the lead.

    Returns
    -------
    str
        French TOML with comments. Under the regime of consent without a reference of the DPO, that line is left
        to complete, and nothing is read until it is.
    """
    asked = [item for item in items(plan) if item.key is not None]
    lines = [
        *_head(plan),
        *_consent(plan),
        *_quarter(plan),
        "",
        "# Une ligne par question du kit ; les codes courts du questionnaire sont connus de l’outil.",
        "[questions]",
    ]
    lines += [_question(item) for item in asked if item.key != concepts()["qpv"].key]
    lines += list(_decisions(plan))
    return "\n".join(lines) + "\n"


def declared(plan: Plan) -> Codebook:
    """Give the same codebook as the reader sees it.

    Raises
    ------
    ConfigurationError
        When something is left to complete.
    """
    import tomllib  # noqa: PLC0415 - only who wants the values pays for it

    return parse_codebook(tomllib.loads(declaration(plan)))


def _head(plan: Plan) -> Iterator[str]:
    yield "# Description de l’enquête faite avec le kit. Elle se lit telle quelle ; une fois la collecte finie,"
    yield "# vérifiez les dates et écrivez le taux de réponse."
    yield ""
    yield "format = 1"
    yield f"questionnaire = {_quoted(QUESTIONNAIRE)}"
    yield f"titre = {_quoted(f'Enquête auprès des habitants : {plan.territory_name}')}"
    yield f"commanditaire = {_quoted(plan.commissioner)}"
    yield f"debut = {plan.start}"
    yield f"fin = {plan.end}"
    yield f"population = {_quoted(plan.population)}"
    yield "# aleatoire, quotas ou volontaires : sans tirage au sort, rien ne sera étendu à la population."
    yield f"base = {_quoted(plan.basis)}"
    yield f"mode = [{', '.join(_quoted(mode) for mode in plan.modes)}]"
    yield "# taux_reponse = 12.5   # réponses pour cent personnes sollicitées ; laissez en commentaire si inconnu"
    if plan.basis == "aleatoire":
        yield f'# poids = "poids"      # colonne à ajouter à l’export : {_WEIGHTED_BY}'
    yield "# anonyme : ni nom, ni jeton, ni date de réponse, aucun retrait possible ensuite."
    yield "# consentement : accord explicite, code de retrait, réponses inachevées inutilisées, avis du DPO."
    yield f"regime = {_quoted(plan.regime)}"
    yield "# Jour où les réponses seront effacées ; obligatoire."
    yield f"date_suppression = {plan.deletion}"


def _consent(plan: Plan) -> Iterator[str]:
    if plan.regime == "consentement":
        yield ""
        yield "[consentement]"
        yield f"date = {plan.start}"
        yield f"reference_dpo = {_quoted(plan.dpo_reference or TO_COMPLETE)}"
        yield f"question = {_quoted(CONSENT_TITLE)}"
        yield f"code_retrait = {_quoted(WITHDRAWAL_TITLE)}"


def _quarter(plan: Plan) -> Iterator[str]:
    yield ""
    yield "[quartier]"
    yield f"question = {_quoted(concepts()['qpv'].title)}"
    yield 'par = "code"'
    yield f"generation = {plan.generation}"
    yield f"hors = [{_quoted(OUTSIDE)}]"
    yield f"inconnu = [{_quoted(UNKNOWN)}, {_quoted(REFUSED)}]"
    yield "[quartier.modalites]"
    for choice, code in quarter_choices(plan):
        yield f"{choice.code} = {_quoted(code)}  # {choice.label}"


def _question(item: Item) -> str:
    body = f"question = {_quoted(item.title)}"
    if item.asked_if is not None:
        title, shorts, _ = item.asked_if
        parent = next(concept for concept in concept_keys().values() if concept.title == title)
        codes = [option.code for option in parent.options if option.short in shorts]
        values = ", ".join(_quoted(code) for code in codes)
        body += f", filtre = {{ cle = {_quoted(parent.key)}, valeurs = [{values}] }}"
    return f"{item.key} = {{ {body} }}"


def _decisions(plan: Plan) -> Iterator[str]:
    for concept in plan.sensitive:
        yield ""
        yield f"# Donnée sensible : {concept.label}. Écrivez pourquoi elle est demandée et qui en a décidé."
        yield f"[decisions.{concept.key}]"
        yield 'decision = "conserver"'
        yield f"motif = {_quoted(TO_COMPLETE)}"
        yield f"date = {plan.start}"
        yield f"par = {_quoted(TO_COMPLETE)}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
