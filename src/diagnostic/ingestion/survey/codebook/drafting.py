"""Draft a codebook from an export: what is certain is written, what is supposed is marked, the rest is asked."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from diagnostic.ingestion.survey.codebook.matching import automatic, safe
from diagnostic.ingestion.survey.codebook.model import TO_COMPLETE, UNIVERSAL
from diagnostic.ingestion.survey.export import Question, QuestionKind
from diagnostic.ingestion.survey.wording import key, non_answer
from diagnostic.survey_model import NUMBERS, Concept, Kind, Sensitivity, concept_keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from diagnostic.ingestion.survey.export import Export, Form

GUESS: Final = "# supposé : à vérifier"
WEIGHTS: Final = frozenset({"poids", "weight", "pond", "ponderation", "npoids", "pspwght"})
STRATA: Final = frozenset({"strate", "stratum", "strata"})
CLUSTERS: Final = frozenset({"grappe", "cluster", "psu", "ilot"})
PLACES: Final = re.compile(r"\bquartier\b|\bqpv\b")
AGES: Final = 3
# A plain yes or no where the model has a list: yes is one of them, no is none.
_YES_NO: Final = {"demarches": {"oui": "autre", "non": "aucune"}, "renoncements": {"oui": "autre", "non": "aucun"}}
_EMPTY_WORDS: Final = frozenset({
    "a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "ma", "mes", "mon", "ou", "sa",
    "ses", "son", "un", "une", "vos", "votre",
})  # fmt: skip
# Share of a question's answers that must be ours before its wording is believed.
ENOUGH: Final = 0.2


@dataclass(frozen=True, slots=True)
class _Guess:
    concept: Concept
    question: Question
    score: float
    sure: bool


def draft(export: Export, form: Form | None = None) -> str:
    """Write a first ``enquete.toml`` for an export.

    Parameters
    ----------
    export
        The answers, as their platform was read.
    form
        The questionnaire, when its wordings are better than the export's.

    Returns
    -------
    str
        French TOML with comments. Guesses end with ``# supposé : à vérifier``; what nobody can guess is
        ``"À COMPLÉTER"``, which the loader refuses.
    """
    questions = _with_wordings(export, form)
    guesses = _guesses(questions)
    lines = [_HEAD.format(file=export.file, complete=TO_COMPLETE), *_design(export, questions)]
    for concept in concept_keys().values():
        if concept.code in guesses:
            lines += _section(guesses[concept.code], guesses)
    used = {guess.question.code for guess in guesses.values()}
    left = [question for question in questions if question.code not in used]
    if left:
        lines += ["", "# Questions de l’export dont rien n’est lu (à rattacher au besoin) :"]
        lines += [f"#   {safe(question.code)} : {safe(question.text)[:90]}" for question in left]
    return "\n".join(lines) + "\n"


def _with_wordings(export: Export, form: Form | None) -> list[Question]:
    texts = {question.code: question for question in form.questions} if form else {}
    own = [question for question in export.questions if question.kind is not QuestionKind.SYSTEM]
    return [
        Question(
            question.code, better.text, question.kind, question.options or better.options, question.columns,
            option_columns=question.option_columns,
        )
        if (better := texts.get(question.code))
        else question
        for question in own
    ]  # fmt: skip


def _guesses(questions: Sequence[Question]) -> dict[str, _Guess]:
    """Pair each question with one concept at most, the best scores first."""
    pairs = [
        guess
        for concept in concept_keys().values()
        if concept.kind is not Kind.PLACE
        for question in questions
        if (guess := _score(concept, question)) is not None
    ]
    chosen: dict[str, _Guess] = {}
    taken: set[str] = set()
    for guess in sorted(pairs, key=lambda guess: -guess.score):  # stable: the model's order settles ties
        if guess.concept.code not in chosen and guess.question.code not in taken:
            chosen[guess.concept.code] = guess
            taken.add(guess.question.code)
    return chosen


def _score(concept: Concept, question: Question) -> _Guess | None:
    listed = question.kind is QuestionKind.TEXT and concept.kind is Kind.MULTIPLE  # boxes whose list is not known
    if question.kind is QuestionKind.DATE or (question.kind is QuestionKind.TEXT and not listed):
        return None
    if concept.kind is Kind.SINGLE and question.kind is QuestionKind.MULTIPLE:
        return None
    text = key(question.text)
    same = text == key(concept.wording) or key(question.code) in {concept.title, concept.key}
    pattern = _hints().get(concept.key)
    hinted = bool(pattern and pattern.search(text))
    labels = [label or code for code, label in question.options.items() if not non_answer(label)]
    shared = sum((_likeliest(concept, label) or "autre") != "autre" for label in labels)
    share = shared / len(labels) if labels else 0.0
    named = any(label not in {"", code} for code, label in question.options.items())
    plain = concept.key in _YES_NO and question.kind is QuestionKind.YES_NO
    foreign = named and share < ENOUGH and not _looks_like_numbers(question) and not plain
    if not (same or (hinted and not foreign)):
        return None
    return _Guess(concept, question, 3.0 * same + hinted + share, sure=same)


@lru_cache(maxsize=1)
def _hints() -> dict[str, re.Pattern[str]]:
    text = (Path(__file__).parent / "hints.csv").read_text(encoding="utf-8")
    return {row["key"]: re.compile(row["pattern"]) for row in csv.DictReader(text.splitlines(), delimiter=";")}


def _design(export: Export, questions: Sequence[Question]) -> Iterator[str]:
    columns = [str(column) for column in export.answers.columns]
    for name, words in (("poids", WEIGHTS), ("strate", STRATA), ("grappe", CLUSTERS)):
        found = [column for column in columns if key(column) in words]
        if found:
            yield f"{name} = {_quoted(found[0])}  {GUESS}"
    home = key(concept_keys()["image_quartier"].wording)
    place = next((one for one in questions if PLACES.search(key(f"{one.code} {one.text}"))), None)
    if place is not None and key(place.text) != home:
        values = [*place.options, *place.options.values()]
        codes = [value for value in values if re.fullmatch(r"Q[PN][0-9A-Z]{6}", value)]
        yield _PLACE.format(
            question=_quoted(place.code),
            guess=GUESS,
            kind="code" if codes else "nom",
            generation=2024 if any(code.startswith("QN") for code in codes) else 2015,
        )


def _section(guess: _Guess, guesses: dict[str, _Guess]) -> Iterator[str]:
    concept, question = guess.concept, guess.question
    yield ""
    yield f"[questions.{concept.key}]  # {concept.label}"
    yield f"question = {_quoted(question.code)}" + ("" if guess.sure else f"  {GUESS}")
    if concept.code in NUMBERS and _looks_like_numbers(question):
        yield f"tranches = true  # nombres exacts, mis en tranches puis oubliés ; {GUESS[2:]}"
        return
    if concept.asked_if and concept.asked_if.concept in guesses:
        parent = guesses[concept.asked_if.concept].concept.key
        values = ", ".join(_quoted(code) for code in concept.asked_if.codes)
        yield f"filtre = {{ cle = {_quoted(parent)}, valeurs = [{values}] }}  {GUESS}"
    if question.kind is QuestionKind.TEXT:
        yield "# Recopiez ici les cases du formulaire, une par ligne : l’export ne les distingue pas d’un texte."
        yield f"[questions.{concept.key}.modalites]"
        yield from (f"# {_quoted(option.label)} = {_quoted(option.code)}" for option in concept.options[:1])
    yield from _options(concept, question)
    if concept.sensitivity is Sensitivity.SENSITIVE:
        yield f"[decisions.{concept.key}]  # donnée sensible : rien n’est lu sans décision écrite"
        yield f'decision = "retirer"\nmotif = "{TO_COMPLETE}"\ndate = 2000-01-01\npar = "{TO_COMPLETE}"'


def _looks_like_numbers(question: Question) -> bool:
    if question.kind is QuestionKind.NUMBER:
        return True
    return (
        bool(question.options)
        and all(re.fullmatch(r"\d{1,3}", code) for code in question.options)
        and (len(question.options) > AGES and all(label in {"", code} for code, label in question.options.items()))
    )


def _options(concept: Concept, question: Question) -> Iterator[str]:
    listed = [
        (code, label or code)
        for code, label in question.options.items()
        if automatic(concept, code, label or code, kit=False) is None and safe(label or code) == (label or code)
    ]
    if not listed:
        return
    known = dict.fromkeys([*(option.code for option in concept.options), *UNIVERSAL])
    yield f"# Modalités : {', '.join(known)}."
    yield f"[questions.{concept.key}.modalites]"
    for code, label in listed:
        target = _likeliest(concept, label)
        comment = f"  # {safe(label)[:80]}" if label != code else ""
        mark = f" ; {GUESS[2:]}" if comment and target else f"  {GUESS}" if target else ""
        yield f"{_quoted(code)} = {_quoted(target or TO_COMPLETE)}{comment}{mark}"


def _likeliest(concept: Concept, label: str) -> str | None:
    """Propose an answer when every full word of the label is in one of ours, and in that one only."""
    plain = _YES_NO.get(concept.key, {}).get(key(label))
    certain = plain or automatic(concept, label, label, kit=False)
    if certain is not None:
        return certain
    words = _words(label)
    found = [
        option.code for option in concept.options if words and words <= _words(f"{option.label} {option.code}")
    ]
    return found[0] if len(found) == 1 else None


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z0-9]+", key(text).replace("_", " "))) - _EMPTY_WORDS


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


_HEAD: Final = """\
# Description de l’enquête « {file} ». Les lignes qui commencent par # sont des explications.
# Complétez ce qui porte « {complete} », vérifiez ce qui porte « supposé », puis lancez
# « diagnostic survey check » : l’outil dira ce qu’il lirait.

format = 1
titre = ""
commanditaire = "{complete}"
# Dates de la collecte, sans guillemets : 2026-03-01
debut = "{complete}"
fin = "{complete}"
# Qui pouvait répondre, par exemple « habitants de 18 ans et plus des quartiers prioritaires ».
population = "{complete}"
# "aleatoire" (tirage au sort), "quotas" ou "volontaires". Sans tirage, les documents diront « parmi les
# répondants » et rien ne sera étendu à la population.
base = "{complete}"
# Un ou plusieurs : "en_ligne", "face_a_face", "telephone", "papier".
mode = ["{complete}"]
# Réponses pour cent personnes sollicitées ; effacez la ligne si on ne le sait pas.
# taux_reponse = 12.5

# Ce que la loi demande. "anonyme" : ni nom, ni jeton, ni date ou heure de réponse, aucun retrait possible.
# "consentement" : accord explicite, retrait possible, réponses inachevées inutilisées, avis du DPO ; ajoutez
# alors la rubrique [consentement] avec date et reference_dpo : sans elles, rien n’est lu.
regime = "{complete}"
# Jour où les réponses seront effacées ; obligatoire.
date_suppression = "{complete}"
"""

_PLACE: Final = """
# Quartier de résidence : par = "code" (QP… ou QN…), "nom" ou "coordonnees" (latitude et longitude,
# transformées en quartier puis oubliées). generation = 2015 ou 2024 : elles ne se mélangent jamais.
[quartier]
question = {question}  {guess}
par = "{kind}"  {guess}
generation = {generation}  {guess}
# Réponses qui veulent dire « hors de tout quartier prioritaire », puis « ne sait pas ».
hors = []
inconnu = []"""
