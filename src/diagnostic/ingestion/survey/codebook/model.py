"""``enquete.toml``: what the lead says of a survey, checked whole before any answer is read."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - pydantic reads the annotation
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

CODEBOOK_NAME: Final = "enquete.toml"
TO_COMPLETE: Final = "À COMPLÉTER"
# Targets that any closed question accepts, whatever its list.
UNIVERSAL: Final = ("nsp", "refus", "autre", "ignorer")

Mode = Literal["en_ligne", "face_a_face", "telephone", "papier"]
Basis = Literal["aleatoire", "quotas", "volontaires"]
Regime = Literal["anonyme", "consentement"]


def _completed(text: str) -> str:
    if text.startswith(TO_COMPLETE):
        raise ValueError(TO_COMPLETE)
    return text


Text = Annotated[str, Field(min_length=1), AfterValidator(_completed)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FilterSection(_Section):
    """``filtre``: the question was put only to those whose answer to ``cle`` is one of ``valeurs``."""

    cle: Text
    valeurs: Annotated[tuple[str, ...], Field(min_length=1)]


class QuestionSection(_Section):
    """``[questions.cle]``: where a concept of the model is in the export.

    Either ``question`` (one question of the export, single or multiple choice), or ``colonnes`` (a battery: one
    question or column for each answer of ours). ``modalites`` gives our answer for each answer of the export;
    those that already bear our code or our label need no line.
    """

    question: Text | None = None
    colonnes: dict[str, Text] = {}
    modalites: dict[str, Text] = {}
    oui: tuple[str, ...] = ()
    nsp: tuple[str, ...] = ()
    refus: tuple[str, ...] = ()
    filtre: FilterSection | None = None
    tranches: bool = False
    periode: str = ""
    formulation: str = ""


class PlaceSection(_Section):
    """``[quartier]``: how the respondent's QPV is known.

    ``hors`` and ``inconnu`` list the answers that mean "outside every QPV" and "does not know"; ``modalites``
    gives the QPV code of an answer; ``confirmations`` names the csv of names that the lead has settled.
    """

    question: Text | None = None
    par: Literal["code", "nom", "coordonnees"]
    generation: Literal[2015, 2024]
    latitude: Text | None = None
    longitude: Text | None = None
    modalites: dict[str, Text] = {}
    hors: tuple[str, ...] = ()
    inconnu: tuple[str, ...] = ()
    confirmations: Text | None = None


class ConsentSection(_Section):
    """``[consentement]``: required by the regime of the same name, refused by the other.

    With ``question``, only those who said yes to it are read; without it, consent was recorded elsewhere.
    """

    date: date
    reference_dpo: Text
    question: Text | None = None
    code_retrait: Text | None = None


class DecisionSection(_Section):
    """``[decisions."colonne"]``: what was decided about a sensitive item, by whom, when and why."""

    decision: Literal["conserver", "retirer"]
    motif: Text
    date: date
    par: Text


class Codebook(_Section):
    """The whole of ``enquete.toml``.

    Parameters
    ----------
    questionnaire
        ``kit-1`` when the survey was made with the kit, whose short codes are then understood.
    titre, commanditaire, debut, fin, population, base, mode, taux_reponse, redressement
        The identity of the survey; ``taux_reponse`` in percent.
    regime, date_suppression, consentement, decisions
        What the law asks.
    poids, strate, grappe, tirage
        Columns of the weight and of the design, and the size drawn from, in French.
    quartier
        Where the respondent's QPV is.
    questions
        Concept key of the model to its place in the export.
    modalites_csv
        Name of a csv beside the file (``cle;code;modalite``) for long lists of answers.
    """

    format: Literal[1] = 1
    questionnaire: Literal["kit-1"] | None = None
    titre: str = ""
    commanditaire: Text
    debut: date
    fin: date
    population: Text
    base: Basis
    mode: Annotated[tuple[Mode, ...], Field(min_length=1)]
    taux_reponse: Annotated[float | None, Field(ge=0, le=100)] = None
    redressement: str = ""
    tirage: str = ""
    regime: Regime
    date_suppression: date
    consentement: ConsentSection | None = None
    poids: Text | None = None
    strate: Text | None = None
    grappe: Text | None = None
    modalites_csv: Text | None = None
    quartier: PlaceSection | None = None
    questions: dict[str, QuestionSection] = {}
    decisions: dict[str, DecisionSection] = {}


KEYS: Final[dict[str, tuple[str, ...]]] = {
    "": tuple(Codebook.model_fields),
    "quartier": tuple(PlaceSection.model_fields),
    "consentement": tuple(ConsentSection.model_fields),
    "questions": tuple(QuestionSection.model_fields),
    "decisions": tuple(DecisionSection.model_fields),
    "filtre": tuple(FilterSection.model_fields),
}
