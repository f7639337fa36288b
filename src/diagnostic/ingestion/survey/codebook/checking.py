"""What would be read, in French, before anything is read: the page a lead checks with a colleague."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from diagnostic.formatting import enumeration, long_date, plural, typographic
from diagnostic.ingestion.survey.codebook.matching import match_all, safe
from diagnostic.ingestion.survey.export import QuestionKind
from diagnostic.survey_model import concepts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from diagnostic.errors import Fault
    from diagnostic.ingestion.survey.codebook.matching import Match
    from diagnostic.ingestion.survey.codebook.model import Codebook
    from diagnostic.ingestion.survey.export import Export

SHOWN: Final = 20
BASES: Final = {
    "aleatoire": "tirage aléatoire",
    "quotas": "quotas",
    "volontaires": "volontaires (personne n’a été tiré au sort)",
}
MODES: Final = {
    "en_ligne": "en ligne", "face_a_face": "en face-à-face", "telephone": "par téléphone", "papier": "sur papier",
}  # fmt: skip
REGIMES: Final = {
    "anonyme": (
        "anonyme : ni jeton, ni date ou heure de réponse, ni adresse ; aucun retrait n’est possible ensuite, "
        "et cela a été dit aux personnes"
    ),
    "consentement": (
        "consentement explicite : les motifs ressentis sont des données sensibles au même titre que les "
        "caractéristiques ; les réponses inachevées ne servent pas ; le retrait reste possible"
    ),
}


@dataclass(frozen=True, slots=True)
class Check:
    """What a codebook would read in an export.

    Parameters
    ----------
    lines
        French sentences, one a line.
    faults
        What prevents the reading; empty when all is well.
    """

    lines: tuple[str, ...]
    faults: tuple[Fault, ...]

    def __str__(self) -> str:
        shown = list(self.lines)
        if self.faults:
            shown.append(f"À corriger avant la lecture ({len(self.faults)}) :")
            shown += [f"  - {fault}" for fault in self.faults]
        return "\n".join(typographic(line) for line in shown)


def check(export: Export, codebook: Codebook) -> Check:
    """Say what would be read, question by question, and what is wrong.

    Parameters
    ----------
    export
        As read by its platform; only names of questions and counts of rows are looked at.
    codebook
        Already checked by itself.
    """
    matches, faults = match_all(export, codebook)
    lines = [*_identity(export, codebook), "Questions lues :"]
    lines += [f"  {_question(match)}" for match in matches]
    lines += list(_absences(export, codebook, matches))
    return Check(tuple(lines), faults)


def _identity(export: Export, codebook: Codebook) -> Iterator[str]:
    complete = int(export.completed.sum())
    yield (
        f"Fichier « {export.file} » ({export.platform}) : {plural(len(export.answers), 'ligne')}, "
        f"dont {plural(complete, 'réponse complète', 'réponses complètes')}."
    )
    yield f"Commanditaire : {codebook.commanditaire}. Population : {codebook.population}."
    yield (
        f"Collecte du {long_date(codebook.debut)} au {long_date(codebook.fin)}, "
        f"{enumeration(MODES[mode] for mode in codebook.mode)} ; base : {BASES[codebook.base]}."
    )
    yield f"Régime {REGIMES[codebook.regime]}."
    yield f"Effacement des réponses : {long_date(codebook.date_suppression)}."
    yield (
        f"Poids : colonne « {codebook.poids} »."
        if codebook.poids
        else "Poids : aucun, chaque réponse compte pour une."
    )
    place = codebook.quartier
    if place is None:
        yield "Quartier : non décrit, rien ne sera dit par quartier."
    else:
        where = place.question or f"{place.latitude}, {place.longitude} (oubliées aussitôt lues)"
        yield f"Quartier : {where}, par {place.par}, quartiers de la génération {place.generation}."


def _question(match: Match) -> str:
    concept = match.concept
    if match.question is None:
        source = enumeration(f"{item.column} → {item.target}" for item in match.items)
        return f"{concept.key} ← {source}"
    known = dict(match.question.options)
    read = [
        f"{safe(label or code)} → {match.targets[code]}" for code, label in known.items() if code in match.targets
    ]
    source = f"{match.question.code}" + (
        f" ({len(match.question.columns)} colonnes)" * (len(match.question.columns) > 1)
    )
    asked = ""
    if match.section.filtre:
        asked = f" ; posée si {match.section.filtre.cle} = {enumeration(match.section.filtre.valeurs, last='ou')}"
    return f"{concept.key} ← {source} : {'; '.join(read) or 'codes du modèle'}{asked}"


def _absences(export: Export, codebook: Codebook, matches: tuple[Match, ...]) -> Iterator[str]:
    used = {match.question.code for match in matches if match.question}
    used |= {item.question.code for match in matches for item in match.items}
    used |= {codebook.poids or "", codebook.strate or "", codebook.grappe or ""}
    if codebook.quartier:
        place = codebook.quartier
        used |= {place.question or "", place.latitude or "", place.longitude or ""}
    aside = [name for name, one in codebook.decisions.items() if one.decision == "retirer"]
    if aside:
        yield f"Écarté par décision écrite : {', '.join(safe(name) for name in aside)}."
    left = [
        question.code
        for question in export.questions
        if question.kind is not QuestionKind.SYSTEM and question.code not in used
    ]
    if left:
        shown = [safe(code) for code in left[:SHOWN]] + ["…"] * (len(left) > SHOWN)
        yield f"Laissé de côté : {plural(len(left), 'question')} ({', '.join(shown)})."
    served = {name for match in matches for name in match.concept.indicators}
    every = {name for concept in concepts().values() for name in concept.indicators}
    missing = sorted(every - served - {"PER22"})
    if missing:
        yield f"Indicateurs que cette enquête ne donnera pas : {', '.join(missing)}."
