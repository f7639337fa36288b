"""What a kit is made of: the choices of the lead, and the questions that follow from them, platform apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003 - a dataclass keeps its annotations readable
from typing import TYPE_CHECKING, Final, Literal

from diagnostic.errors import ConfigurationError, Fault
from diagnostic.survey_model import Concept, Kind, Role, Sensitivity, concept_keys, concepts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Regime = Literal["anonyme", "consentement"]
Mode = Literal["en_ligne", "face_a_face", "telephone", "papier"]
Basis = Literal["aleatoire", "quotas", "volontaires"]

NEVER_NAME: Final = "Ne citez personne : ceci n’est pas un signalement."
CONSENT_TITLE: Final = "consentement"
WITHDRAWAL_TITLE: Final = "coderetrait"
OUTSIDE, UNKNOWN, REFUSED = "HORS", "NSP", "REF"
YES, NO = "O", "N"
_LONGEST_LIST: Final = 9999
_EXCLUSIVE: Final = (Role.NONE, Role.DONT_KNOW, Role.REFUSED)
SECTIONS: Final = {
    "accueil": "Avant de commencer",
    "vecu": "Ce que vous avez vécu",
    "evenement": "Le fait le plus récent",
    "recours": "Et après ?",
    "temoins": "Ce que l’on évite, ce que l’on voit",
    "droits": "Vos droits",
    "quartier": "Votre quartier et vos attentes",
    "profil": "Pour finir, quelques mots sur vous",
    "collecte": "À remplir par l’équipe",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """The choices of the lead.

    Parameters
    ----------
    territory_name, generation, qpv
        Name, generation of the quarters, and QPV code to name in list order.
    regime, basis, modes
        Protection of the answers, how people are chosen, how they answer.
    start, end, deletion
        Collection dates, and the day the answers are erased.
    commissioner
        Who commissions the survey; also the controller of the data.
    population
        Who may answer, in French.
    optional
        Keys of the optional questions to put, sensitive ones included.
    adults
        Inhabitants aged 18 and over by QPV, where known.
    dpo_reference
        Reference of the DPO's opinion, required by the regime of consent before anything is read.
    """

    territory_name: str
    generation: Literal[2015, 2024]
    qpv: Mapping[str, str]
    regime: Regime
    basis: Basis
    modes: tuple[Mode, ...]
    start: date
    end: date
    deletion: date
    commissioner: str
    population: str
    optional: tuple[str, ...] = ()
    adults: Mapping[str, int] | None = None
    dpo_reference: str | None = None

    @property
    def sensitive(self) -> tuple[Concept, ...]:
        """Characteristics protected by law that the lead chose to ask."""
        chosen = [concept_keys()[key] for key in self.optional]
        return tuple(concept for concept in chosen if concept.sensitivity is Sensitivity.SENSITIVE)


@dataclass(frozen=True, slots=True)
class Choice:
    """One closed answer of a form: its short code, its text, and whether it excludes the others."""

    code: str
    label: str
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One question of a form.

    Parameters
    ----------
    title
        Letters and digits, the same on every platform.
    section
        Key of ``SECTIONS``.
    text, hint
        What the respondent reads.
    multiple, mandatory
        Several answers, an answer required.
    choices
        Closed answers; empty for the withdrawal code, the only text of the form.
    most
        Largest number of answers.
    asked_if
        ``(title, codes)`` of the question that opens this one, and whether that one has several answers.
    key
        Key of the concept in the codebook; ``None`` for consent and withdrawal.
    """

    title: str
    section: str
    text: str
    choices: tuple[Choice, ...]
    hint: str = ""
    multiple: bool = False
    mandatory: bool = False
    most: int | None = None
    asked_if: tuple[str, tuple[str, ...], bool] | None = None
    key: str | None = None


def check_plan(plan: Plan) -> None:
    """Refuse choices that do not hold together.

    Raises
    ------
    ConfigurationError
        All the faults at once.
    """
    known = [key for key, concept in concept_keys().items() if concept.kit == "optional"]
    faults = [
        Fault(f"question facultative inconnue : « {key} »", expected=", ".join(known), remedy="corrigez son nom")
        for key in plan.optional
        if key not in known
    ]
    if not plan.qpv or len(plan.qpv) > _LONGEST_LIST:
        faults.append(Fault("liste de quartiers vide ou démesurée", remedy="donnez les quartiers du territoire"))
    if not plan.start <= plan.end < plan.deletion:
        faults.append(Fault(
            "dates de l’enquête dans le désordre", expected="début, fin, puis effacement des réponses",
            remedy="corrigez ces trois dates",
        ))  # fmt: skip
    if not plan.modes:
        faults.append(Fault("aucun mode de réponse", remedy="donnez-en au moins un"))
    if faults:
        raise ConfigurationError(faults)


def items(plan: Plan) -> tuple[Item, ...]:
    """Give the questions in the order of the questionnaire.

    The first is the age of majority; situations come before the word "discrimination"; sensitive items are there
    only when the lead asked for them.
    """
    kept = [concept for concept in concepts().values() if _is_kept(concept, plan)]
    titles = {concept.code for concept in kept}
    found: list[Item] = []
    for concept in kept:
        found.append(_item(concept, plan, titles))
        if concept.code == "adult" and plan.regime == "consentement":
            found += _consent()
    return tuple(found)


def opening(plan: Plan) -> tuple[tuple[str, str], ...]:
    """Give what every question after the first ones requires: ``(title, code)`` pairs."""
    adult = (concepts()["adult"].title, YES)
    return (adult, (CONSENT_TITLE, YES)) if plan.regime == "consentement" else (adult,)


def quarter_choices(plan: Plan) -> tuple[tuple[Choice, str], ...]:
    """Give the short code of each quarter with its official code.

    Examples
    --------
    >>> import types
    >>> quarter_choices(types.SimpleNamespace(qpv={"QP099001": "Les Prés"}))
    ((Choice(code='Q01', label='Les Prés', exclusive=False), 'QP099001'),)
    """
    width = max(2, len(str(len(plan.qpv))))
    return tuple(
        (Choice(f"Q{rank:0{width}d}", label), code)
        for rank, (code, label) in enumerate(plan.qpv.items(), start=1)
    )  # fmt: skip


def survey_title(plan: Plan) -> str:
    """Give the title that respondents see; it does not hold the word that the questions come to later."""
    return f"Comment êtes-vous traité·e ? Enquête auprès des habitants : {plan.territory_name}"


def welcome(plan: Plan) -> str:
    """Give what is said before the first question."""
    kept = "anonymes" if plan.regime == "anonyme" else "confidentielles"
    return (
        f"{plan.commissioner} veut savoir comment les habitants sont traités, pour agir. Vos réponses sont {kept} "
        f"et facultatives. {NEVER_NAME} Besoin d’aide tout de suite : Défenseur des droits, 39 28."
    )


def farewell() -> str:
    """Give what is said after the last question."""
    return (
        "Merci. Pour être écouté·e ou conseillé·e : Défenseur des droits, 39 28 ou antidiscriminations.fr. "
        "Si vous avez moins de 18 ans, aucune de vos réponses n’est gardée."
    )


def _is_kept(concept: Concept, plan: Plan) -> bool:
    if concept.kit == "optional":
        return concept.key in plan.optional
    if concept.kit == "dwelling":
        return plan.basis == "aleatoire"
    return concept.kit == "always" or len(plan.modes) > 1


def _item(concept: Concept, plan: Plan, titles: set[str]) -> Item:
    asked = None
    if concept.asked_if and concept.asked_if.concept in titles:
        parent = concepts()[concept.asked_if.concept]
        codes = tuple(parent.option(code).short for code in concept.asked_if.codes)
        asked = (parent.title, codes, parent.kind is Kind.MULTIPLE)
    return Item(
        title=concept.title,
        section=concept.section,
        text=concept.wording,
        hint=concept.hint,
        choices=tuple(_choices(concept, plan)),
        multiple=concept.kind is Kind.MULTIPLE,
        mandatory=concept.code == "adult",
        most=concept.most,
        asked_if=asked,
        key=concept.key,
    )


def _choices(concept: Concept, plan: Plan) -> Iterator[Choice]:
    if concept.kind is Kind.PLACE:
        yield from (choice for choice, _ in quarter_choices(plan))
        yield Choice(OUTSIDE, "Dans un autre quartier")
        yield Choice(UNKNOWN, "Je ne sais pas")
        yield Choice(REFUSED, "Je ne souhaite pas répondre")
        return
    for option in concept.options:
        if concept.code == "adult" and option.role is Role.DONT_KNOW:
            continue
        if concept.code == "mode" and option.code not in plan.modes:
            continue
        yield Choice(option.short, option.label, concept.kind is Kind.MULTIPLE and option.role in _EXCLUSIVE)


def _consent() -> Sequence[Item]:
    adult = (concepts()["adult"].title, (YES,), False)
    return (
        Item(
            CONSENT_TITLE, "accueil",
            "Acceptez-vous que vos réponses, y compris ce que vous direz de votre origine, de votre religion, de "
            "votre santé ou d’un autre motif, servent à cette enquête ?",
            (Choice(YES, "Oui"), Choice(NO, "Non")),
            hint="Vous pourrez changer d’avis plus tard avec le code de la question suivante.",
            mandatory=True, asked_if=adult,
        ),
        Item(
            WITHDRAWAL_TITLE, "accueil",
            "Choisissez un code de retrait : un mot et des chiffres, sans votre nom ni votre naissance.", (),
            hint="Notez-le : avec lui, vous pourrez faire effacer vos réponses. Sans lui, on ne les retrouve pas.",
            asked_if=(CONSENT_TITLE, (YES,), False),
        ),
    )  # fmt: skip
