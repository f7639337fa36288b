"""Read ``enquete.toml`` and the csv files beside it; every fault at once, each with a way out."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from diagnostic.config import read_toml
from diagnostic.errors import ConfigurationError, Fault
from diagnostic.formatting import enumeration, plural
from diagnostic.ingestion.survey.codebook.model import CODEBOOK_NAME, KEYS, TO_COMPLETE, UNIVERSAL, Codebook
from diagnostic.survey_model import Concept, Kind, Sensitivity, concept_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_SENTENCES: Final = {
    "missing": "rubrique ou clé absente",
    "extra_forbidden": "clé inconnue",
    "literal_error": "valeur non admise",
    "string_type": "un texte entre guillemets est attendu",
    "tuple_type": "une liste entre crochets est attendue",
    "dict_type": "un tableau { … } est attendu",
    "too_short": "liste vide",
    "string_too_short": "texte vide",
    "bool_type": "true ou false est attendu",
    "bool_parsing": "true ou false est attendu",
    "float_type": "un nombre est attendu",
    "float_parsing": "un nombre est attendu",
    "less_than_equal": "nombre trop grand",
    "greater_than_equal": "nombre trop petit",
    "model_type": "une rubrique est attendue",
    "model_attributes_type": "une rubrique est attendue",
}
_WHY: Final = {
    "date_suppression": "le jour d’effacement des réponses est obligatoire : date_suppression = 2027-12-31",
    "regime": 'écrivez regime = "anonyme" (ni jeton, ni adresse, ni date de réponse) ou regime = "consentement"',
    "base": 'écrivez base = "aleatoire", "quotas" ou "volontaires" : ce choix décide de ce qui pourra être dit',
    "commanditaire": "écrivez qui a commandé l’enquête",
}
OPTION_COLUMNS: Final = ("cle", "code", "modalite")
CONFIRMATION_COLUMNS: Final = ("nom", "code_retenu")


def load_codebook(path: Path) -> Codebook:
    """Read and check a codebook with the csv files it names.

    Parameters
    ----------
    path
        The ``enquete.toml``; ``modalites_csv`` and ``quartier.confirmations`` are looked for beside it.

    Returns
    -------
    Codebook
        Frozen values; the lines of the csv files are merged in.

    Raises
    ------
    ConfigurationError
        When a file is absent, is not TOML or csv, or holds faults: all of them, with the nearest valid word.
    """
    name = path.name
    absent = Fault(
        "description de l’enquête absente", file=name, expected=f"un fichier {CODEBOOK_NAME} près de l’export",
        remedy="préparez-le avec « diagnostic survey codebook FICHIER », puis complétez-le",
    )  # fmt: skip
    raw = read_toml(path, absent=absent)
    faults = [*_merge_options(raw, path), *_merge_confirmations(raw, path)]
    return parse_codebook(raw, name=name, more=faults)


def parse_codebook(raw: dict[str, Any], *, name: str = CODEBOOK_NAME, more: Iterable[Fault] = ()) -> Codebook:
    """Check values already read from TOML.

    Raises
    ------
    ConfigurationError
        All the faults at once, those of ``more`` included.
    """
    faults = list(more)
    codebook = None
    try:
        codebook = Codebook.model_validate(raw)
    except ValidationError as problem:
        faults += _faults(problem.errors(), name)
    faults += list(_incoherences(raw, name))
    if faults or codebook is None:
        raise ConfigurationError(faults)
    return codebook


def _merge_options(raw: dict[str, Any], path: Path) -> Iterator[Fault]:
    questions = raw.setdefault("questions", {})
    if not isinstance(raw.get("modalites_csv"), str) or not isinstance(questions, dict):
        return
    file = path.with_name(raw["modalites_csv"])
    for line, row in _csv_rows(file, OPTION_COLUMNS):
        if isinstance(row, Fault):
            yield row
        elif isinstance(section := questions.get(row["cle"]), dict):
            section.setdefault("modalites", {})[row["code"]] = row["modalite"]
        else:
            yield Fault(
                "clé absente du codebook", file=file.name, line=line, column="cle", found=row["cle"],
                expected=f"une question décrite dans {path.name}", remedy=_near(row["cle"], questions),
            )  # fmt: skip


def _merge_confirmations(raw: dict[str, Any], path: Path) -> Iterator[Fault]:
    place = raw.get("quartier")
    if not isinstance(place, dict) or not isinstance(place.get("confirmations"), str):
        return
    for _, row in _csv_rows(path.with_name(place["confirmations"]), CONFIRMATION_COLUMNS):
        if isinstance(row, Fault):
            yield row
        elif row["code_retenu"]:
            place.setdefault("modalites", {})[row["nom"]] = row["code_retenu"]


def _csv_rows(file: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str] | Fault]]:
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        yield 0, Fault(
            "fichier annexe illisible", file=file.name, expected="un csv en UTF-8 à côté du codebook",
            remedy="enregistrez-le au format « CSV UTF-8 » dans le même dossier",
        )  # fmt: skip
        return
    reader = csv.DictReader(lines, delimiter=";")
    missing = [name for name in columns if name not in (reader.fieldnames or ())]
    if missing:
        yield 1, Fault(
            "colonne absente", file=file.name, line=1, expected=" ; ".join(columns),
            found=f"{enumeration(missing)} manque", remedy="gardez la première ligne et le point-virgule",
        )  # fmt: skip
        return
    for row in reader:
        yield reader.line_num, {name: (row[name] or "").strip() for name in columns}


def _faults(errors: Iterable[Any], name: str) -> Iterator[Fault]:
    """Tell each fault, and once for all the answers of one question that wait for their word."""
    waiting: defaultdict[str, list[str]] = defaultdict(list)
    for error in errors:
        *place, last = map(str, error["loc"])
        if error["type"] == "value_error" and place[-1:] == ["modalites"]:
            waiting[" > ".join(place)].append(last)
        else:
            yield _fault(error, name)
    for column, answers in waiting.items():
        yield Fault(
            f"{plural(len(answers), 'réponse')} à compléter", file=name, column=column, found=", ".join(answers),
            remedy=f"remplacez « {TO_COMPLETE} » par un des mots que donne la ligne « Modalités » au-dessus",
        )  # fmt: skip


def _fault(error: Any, name: str) -> Fault:  # noqa: ANN401 - pydantic's own dictionary
    place = [str(part) for part in error["loc"]]
    kind, last = error["type"], place[-1]
    what = _SENTENCES.get(kind, "date illisible" if "date" in kind else "valeur non admise")
    if kind == "value_error":
        what = f"valeur encore à compléter ({TO_COMPLETE})"
    remedy = _WHY.get(last if len(place) == 1 else "", "corrigez cette ligne, puis relancez")
    if kind == "extra_forbidden":
        known = "" if len(place) == 1 else "filtre" if "filtre" in place[1:-1] else place[0]
        remedy = _near(last, KEYS.get(known, ()))
    expected = None
    if kind == "literal_error":
        expected = str(error["ctx"]["expected"]).replace(" or ", " ou ")
    elif "date" in kind:
        expected = "une date sans guillemets, comme 2026-03-31"
    shown = kind in {"literal_error", "less_than_equal", "greater_than_equal"}
    return Fault(
        what, file=name, column=" > ".join(place), expected=expected,
        found=repr(error["input"]) if shown else None, remedy=remedy,
    )  # fmt: skip


def _near(word: str, known: Iterable[str]) -> str:
    choices = list(known)
    near = get_close_matches(word, choices, n=1, cutoff=0.5)
    return f"vouliez-vous écrire « {near[0]} » ?" if near else f"valeurs admises : {', '.join(choices)}"


def _incoherences(raw: dict[str, Any], name: str) -> Iterator[Fault]:
    """Walk the raw values, so that a fault of form elsewhere hides none of these."""
    yield from _dates(raw, name)
    yield from _law(raw, name)
    place = raw.get("quartier")
    if isinstance(place, dict):
        needed = ("latitude", "longitude") if place.get("par") == "coordonnees" else ("question",)
        for key in needed:
            if not place.get(key):
                yield Fault(
                    "clé absente", file=name, column=f"quartier > {key}",
                    remedy=f"avec par = \"{place.get('par', 'code')}\", indiquez {enumeration(needed)}",
                )  # fmt: skip
    questions = raw.get("questions")
    for key, section in questions.items() if isinstance(questions, dict) else ():
        concept = concept_keys().get(key)
        if concept is None or concept.kind is Kind.PLACE:
            remedy = "décrivez le quartier dans [quartier]" if concept else _near(key, concept_keys())
            yield Fault("notion inconnue du modèle", file=name, column=f"questions > {key}", remedy=remedy)
        elif isinstance(section, dict):
            yield from _question(concept, section, raw, name=name)


def _dates(raw: dict[str, Any], name: str) -> Iterator[Fault]:
    start, end, deletion = (raw.get(key) for key in ("debut", "fin", "date_suppression"))
    if isinstance(start, date) and isinstance(end, date) and end < start:
        yield Fault("la fin précède le début", file=name, column="fin", remedy="corrigez les dates de collecte")
    if isinstance(deletion, date) and isinstance(end, date) and deletion <= end:
        yield Fault(
            "la date d’effacement précède la fin de la collecte", file=name, column="date_suppression",
            remedy="indiquez le jour où les réponses seront effacées",
        )  # fmt: skip


def _law(raw: dict[str, Any], name: str) -> Iterator[Fault]:
    consent = raw.get("consentement")
    if raw.get("regime") == "consentement" and not isinstance(consent, dict):
        yield Fault(
            "régime « consentement » sans preuve", file=name, column="consentement",
            expected="[consentement] avec date et reference_dpo",
            remedy="indiquez la date du recueil et la référence donnée par votre DPO ; sans elles, rien n’est lu",
        )  # fmt: skip
    if raw.get("regime") == "anonyme" and consent is not None:
        yield Fault(
            "un régime anonyme ne garde aucune trace de consentement", file=name, column="consentement",
            remedy='supprimez cette rubrique, ou déclarez regime = "consentement"',
        )  # fmt: skip


def _question(concept: Concept, section: dict[str, Any], raw: dict[str, Any], *, name: str) -> Iterator[Fault]:
    where = f"questions > {concept.key}"
    if bool(section.get("question")) == bool(section.get("colonnes")):
        yield Fault(
            "question mal désignée", file=name, column=where, expected="question = … ou colonnes = { … }",
            found="les deux" if section.get("question") else "aucun des deux", remedy="gardez l’un des deux",
        )  # fmt: skip
    known = [option.code for option in concept.options]
    accepted = {*known, *UNIVERSAL}
    for part in ("modalites", "colonnes"):
        pairs = section.get(part)
        for source, target in pairs.items() if isinstance(pairs, dict) else ():
            if isinstance(target, str) and target not in accepted and not target.startswith(TO_COMPLETE):
                yield Fault(
                    "modalité inconnue du modèle", file=name, column=f"{where} > {part} > {source}", found=target,
                    remedy=_near(target, [*known, *UNIVERSAL]),
                )  # fmt: skip
    yield from _filter(section.get("filtre"), raw, name=name, where=where)
    decisions = raw.get("decisions")
    if concept.sensitivity is Sensitivity.SENSITIVE and not (
        isinstance(decisions, dict) and concept.key in decisions
    ):
        yield Fault(
            f"donnée sensible sans décision écrite : {concept.label}", file=name, column=where,
            expected=f"[decisions.{concept.key}] avec decision, motif, date et par",
            remedy="consignez la décision et l’avis du DPO, ou retirez cette question",
        )  # fmt: skip


def _filter(section: Any, raw: dict[str, Any], *, name: str, where: str) -> Iterator[Fault]:  # noqa: ANN401 - raw TOML
    if not isinstance(section, dict) or not isinstance(section.get("cle"), str):
        return
    concept = concept_keys().get(section["cle"])
    decision = raw["decisions"].get(section["cle"]) if isinstance(raw.get("decisions"), dict) else None
    set_aside = isinstance(decision, dict) and decision.get("decision") == "retirer"
    if concept is None or set_aside or section["cle"] not in raw["questions"]:
        yield Fault(
            "le filtre désigne une question que le codebook ne lit pas", file=name,
            column=f"{where} > filtre > cle", found=section["cle"], remedy=_near(section["cle"], raw["questions"]),
        )  # fmt: skip
        return
    known = [option.code for option in concept.options]
    for value in section.get("valeurs", ()):
        if value not in known:
            yield Fault(
                "valeur de filtre inconnue", file=name, column=f"{where} > filtre > valeurs", found=str(value),
                remedy=_near(str(value), known),
            )  # fmt: skip
