"""The ``enquete.toml`` of the fictional survey, as the kit writes it and as its lead completed it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from diagnostic.demo.survey import protocol
from diagnostic.demo.survey.answering import asked_concepts
from diagnostic.survey_model import Concept, Kind, concepts

if TYPE_CHECKING:
    from collections.abc import Iterator


def declaration() -> str:
    """Write the codebook.

    Returns
    -------
    str
        French TOML.

    Examples
    --------
    >>> import tomllib
    >>> tomllib.loads(declaration())["quartier"]["modalites"]["Q01"]
    'QP099001'
    """
    return "\n".join([*_head(), *_quarter(), *_questions()]) + "\n"


def _head() -> Iterator[str]:
    yield "# Description de l’enquête faite avec le kit, complétée une fois la collecte finie. Données fictives."
    yield ""
    yield "format = 1"
    yield 'questionnaire = "kit-1"'
    yield f"titre = {_quoted(protocol.TITLE)}"
    yield f"commanditaire = {_quoted(protocol.COMMISSIONER)}"
    yield f"debut = {protocol.START}"
    yield f"fin = {protocol.END}"
    yield f"population = {_quoted(protocol.POPULATION)}"
    yield "# aleatoire, quotas ou volontaires : sans tirage au sort, rien ne sera étendu à la population."
    yield f"base = {_quoted(protocol.BASIS)}"
    yield f"mode = [{', '.join(map(_quoted, protocol.MODES))}]"
    yield "# Réponses pour cent personnes sollicitées."
    yield f"taux_reponse = {protocol.RESPONSE_RATE}"
    yield "# anonyme : ni nom, ni jeton, ni date de réponse, aucun retrait possible ensuite."
    yield "# consentement : accord explicite, code de retrait, réponses inachevées inutilisées, avis du DPO."
    yield 'regime = "anonyme"'
    yield "# Jour où les réponses seront effacées ; obligatoire."
    yield f"date_suppression = {protocol.DELETION}"


def _quarter() -> Iterator[str]:
    yield ""
    yield "[quartier]"
    yield f"question = {_quoted(concepts()['qpv'].title)}"
    yield 'par = "code"'
    yield f"generation = {protocol.GENERATION}"
    yield f"hors = [{_quoted(protocol.OUTSIDE)}]"
    yield f"inconnu = [{_quoted(protocol.UNKNOWN)}, {_quoted(protocol.DECLINED)}]"
    yield "[quartier.modalites]"
    for answer, quarter in protocol.surveyed_quarters().items():
        yield f"{answer} = {_quoted(quarter.code)}  # {quarter.label}"


def _questions() -> Iterator[str]:
    yield ""
    yield "# Une ligne par question du kit ; les codes courts du questionnaire sont connus de l’outil."
    yield "[questions]"
    yield from (_question(concept) for concept in asked_concepts() if concept.kind is not Kind.PLACE)


def _question(concept: Concept) -> str:
    body = f"question = {_quoted(concept.title)}"
    if concept.asked_if is not None:
        parent = concepts()[concept.asked_if.concept]
        values = ", ".join(map(_quoted, concept.asked_if.codes))
        body += f", filtre = {{ cle = {_quoted(parent.key)}, valeurs = [{values}] }}"
    return f"{concept.key} = {{ {body} }}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
