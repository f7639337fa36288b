"""What may not be kept of a survey, as data: each rule says how it is seen, what is done, and in whose name.

"interdit par" names a text that forbids; "refusé par choix de l'outil" says that the law may allow it under
conditions which this tool does not provide for. Patterns are matched against titles and answers in the plain
form of :func:`~diagnostic.ingestion.survey.wording.key`: small letters, no accents, straight quotation marks.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from diagnostic.ingestion.survey import personal

if TYPE_CHECKING:
    import re


class Action(StrEnum):
    """What the tool does with what it sees."""

    REFUSE = "refuse"
    STRIP = "strip"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of personal data.

    Parameters
    ----------
    what
        Stable name.
    label
        French name.
    action
        See :class:`Action`.
    text
        French: the law that forbids, or the tool's own choice.
    headers
        Patterns of whole titles (codes or wordings).
    content
        Pattern of one answer, ``None`` when only titles tell.
    """

    what: str
    label: str
    action: Action
    text: str
    headers: tuple[str, ...] = ()
    content: re.Pattern[str] | None = None


MINIMISATION: Final = (
    "interdit par le RGPD, article 5.1.c (minimisation)\u00a0: la mesure du ressenti n’en a pas besoin"
)
ANONYMITY: Final = (
    "refusé par choix de l’outil\u00a0: cette donnée relie une réponse à une personne ou à un appareil"
    " (recommandation CNIL n° 2025-028 du 10 avril 2025, anonymat dès la collecte)"
)
SENSITIVE: Final = (
    "donnée sensible au sens de l’article 9 du RGPD et de l’article 6 de la loi 78-17\u00a0; sa conservation sans"
    " consentement exprès est punie par l’article 226-19 du code pénal"
)
OFF_PURPOSE: Final = (
    f"refusé par choix de l’outil\u00a0: hors de la finalité d’un diagnostic territorial ({SENSITIVE})"
)
CONDITIONS: Final = (
    "admis sous conditions (CNIL 2007)\u00a0: question facultative, «\u00a0ne souhaite pas répondre\u00a0»"
    " proposé, finalité affichée, anonymat à la collecte"
)
ETHNIC: Final = (
    "interdit par la décision 2007-557 DC du Conseil constitutionnel\u00a0: une étude ne peut reposer sur"
    " l’origine ethnique ou la race\u00a0; les motifs ressentis d’une discrimination restent permis"
)

NIR_TEXT: Final = (
    "interdit par l’article 30 de la loi 78-17 et le décret 2019-341, qui énumère les seuls usages du numéro"
)
NAME_TEXT: Final = (
    "refusé par choix de l’outil\u00a0: l’analyse des noms n’a été admise par la CNIL (2007) que sous"
    " conditions\u00a0; les conserver avec des réponses sensibles est puni par l’article 226-19 du code pénal"
)
OFFENCES_TEXT: Final = (
    "interdit par l’article 10 du RGPD et l’article 46 de la loi 78-17, sauf autorités et organismes énumérés"
)
PERCEIVED_TEXT: Final = (
    "admis en question ouverte seulement, recodée à la main, jamais publiée au quartier (guide CNIL et Défenseur"
    " des droits, 2012)"
)

_ASK: Final = (
    r"(?:(?:quel(?:le)?s? (?:est|sont)|indiquez|merci d'indiquer|precisez|saisissez|donnez) )?"
    r"(?:(?:votre|vos|ton|son|le|la|l') ?)?"
)
_END: Final = r"(?: (?:du|de la|de l') ?(?:repondant|personne|enquete|participant)e*)?[ ?:.!*]*"


def _titles(*patterns: str) -> tuple[str, ...]:
    """Let a short title stand in the usual turns: "Quel est votre … ?"."""
    return tuple(f"{_ASK}(?:{pattern}){_END}" for pattern in patterns)


def _about(*words: str) -> tuple[str, ...]:
    """Let a word stand anywhere in the wording of a question."""
    return tuple(rf".*\b(?:{word})\b.*" for word in words)


_STRIP, _REFUSE, _WARN = Action.STRIP, Action.REFUSE, Action.WARN

_IDENTIFIERS: Final = (
    Rule("nir", "numéro de sécurité sociale", _REFUSE, NIR_TEXT, _titles(
        r"nir|num_?secu|securite sociale", r"(?:numero|n°|no) (?:de )?(?:securite sociale|secu)",
    ), personal.NIR),
    Rule("email", "adresse électronique", _STRIP, MINIMISATION, _titles(
        r"(?:adresse )?(?:e-?mail|courriel|mel|mail|electronique)(?:_?\w+)?", "email address",
    ), personal.EMAIL),
    Rule("phone", "téléphone", _STRIP, MINIMISATION, _titles(
        r"(?:numero|n°|no)?(?: de)? ?(?:tel|telephone|portable|mobile|phone|gsm)"
        r"(?:[_ ]?(?:number|\d|fixe|portable))?", "phonenumber|simserial|subscriberid",
    ), personal.PHONE),
    Rule("name", "nom ou prénom", _STRIP, NAME_TEXT, _titles(
        "noms?|prenoms?|noms?(?: (?:et|&)|/| |,) ?prenoms?|prenoms?(?: (?:et|&)|/| |,) ?noms?",
        "nom (?:de famille|d'usage|de jeune fille|complet)|patronyme|identite|initiales|signature",
        "first ?_?name|last ?_?name|surname|full ?_?name|name|nom_?prenom|nom_?famille",
    )),
    Rule("address", "adresse postale", _STRIP, MINIMISATION, _titles(
        "adresse(?: (?:postale|complete|du domicile|exacte|personnelle))?|address|rue|voie|domicile|num_?rue",
        "numero et (?:nom de la )?rue|nom de (?:la )?rue|batiment|appartement|etage",
    ), personal.ADDRESS),
    Rule("coordinates", "coordonnées précises", _STRIP, MINIMISATION, _titles(
        r"_?(?:gps|geo(?:point|loc|localisation|location|position)?|coordonnees(?: gps)?|position gps)(?:_.*)?",
        r"_?(?:.*[_/ ])?(?:lat|lon|lng|latitude|longitude|altitude)(?:[_ ]?[xy])?", "start-geopoint",
    ), personal.POINT),
    Rule("birth_date", "date de naissance exacte", _STRIP, MINIMISATION, _titles(
        r"(?:date|jour)(?: complete)?(?: de| _|_)? ?(?:naissance|naiss)|date_?naiss\w*|ddn|dob",
        r"birth ?date|date of birth|quand etes-vous ne(?:\(?e\)?|\.?e)?|ne(?:\(e\))? le",
    ), personal.BIRTH),
    Rule("iban", "compte bancaire", _STRIP, MINIMISATION,
         _titles("iban|rib|bic|compte bancaire|carte bancaire"), personal.IBAN),
    Rule("plate", "plaque d’immatriculation", _STRIP, MINIMISATION,
         _titles("immatriculation|plaque"), personal.PLATE),
    Rule("link", "compte ou page personnelle", _STRIP, MINIMISATION, _titles(
        "facebook|instagram|snapchat|twitter|linkedin|tiktok|pseudo(?:nyme)?|site(?: web)?|lien",
    ), personal.LINK),
    Rule("file_number", "numéro de dossier", _STRIP, MINIMISATION, _titles(
        r"(?:numero|id|identifiant|n°)(?: de| d')? ?(?:dossier|allocataire|client|adherent)|matricule",
    ), personal.NUMBERED),
    Rule("photo", "photo, voix ou pièce jointe", _STRIP, MINIMISATION, _titles(
        "photo(?:graphie)?|image|audio|enregistrement|fichier|piece jointe",
    )),
)  # fmt: skip

_TRACES: Final = (
    Rule("token", "code d’invitation", _STRIP, ANONYMITY, _titles(
        "tokens?|code d'(?:acces|invitation)|invitation|access code|participant_?id|identifiant",
        r"(?:numero|id|identifiant)(?: de| du)? (?:participant|repondant)",
    )),
    Rule("ip", "adresse IP", _STRIP, ANONYMITY,
         _titles(r"ip|ipaddr(?:ess)?|adresse[_ ]?ip|ip[ _]address"), personal.IP),
    Rule("metadata", "métadonnée d’envoi", _STRIP, ANONYMITY, _titles(
        r"id|sid|serial|seed|refurl|submitdate|startdate|datestamp|start|end|today|start_?time|end_?time",
        r"horodat\w+|timestamp|_submission_time|_uuid|_id|_index|_submitted_by|_status|_validation_status|_notes",
        r"_tags|__version__|submissiondate|key|submitterid|submittername|instanceid|meta[-/]instance\w+",
        r"formhub/uuid|lastpage|startlanguage|interviewtime|(?:group|question)?time\w*|\w+time|user_?agent",
        "navigateur|browser|url de reference|audit",
        "date de (?:soumission|lancement|la derniere action|debut|fin)",
    )),
    Rule("device", "identifiant d’appareil", _STRIP, ANONYMITY, _titles(
        "device_?id|imei|mac|adresse mac|uuid|uid|cookie|session_?id|fingerprint|empreinte",
    ), personal.DEVICE),
    Rule("uuid", "identifiant unique", _STRIP, ANONYMITY, (), personal.UUID),
    Rule("interviewer", "identité de l’enquêteur", _STRIP, ANONYMITY, _titles(
        r"(?:nom (?:de l'|du )?)?(?:enqueteu(?:r|se)\w*|interviewer|enumerator|agent|username|user|login)",
        "nom d'utilisateur|saisi par",
    )),
)  # fmt: skip

_SENSITIVE: Final = (
    Rule("ethnicity", "race ou ethnie en liste fermée", _REFUSE, ETHNIC, _about(
        r"race|ethnie|ethnic\w*|origines? ethniques?|groupes? ethniques?|ethno-?raciale?s?",
    )),
    Rule("politics", "opinion politique", _REFUSE, OFF_PURPOSE, (
        *_about("opinions? politiques?|partis? politiques?|(?:orientation|sensibilite|bord) politique",
                r"pour qui (?:avez-vous|allez-vous|votez)|vote(?:z|r)?[ -](?:vous|pour)|intention de vote"),
        "vote", "politique",
    )),
    Rule("union", "appartenance syndicale", _REFUSE, OFF_PURPOSE, (
        *_about(r"syndiquee?|syndique\(e\)|membre d'un syndicat|adherent\w* (?:a|d') ?un syndicat",
                "appartenance syndicale|carte syndicale|quel syndicat"),
        "syndicat", "syndicale?",
    )),
    # Someone's own health: a policy or a worry about a disease is an opinion.
    Rule("health", "santé détaillée", _REFUSE, OFF_PURPOSE, (
        *_about(r"(?:souffrez|atteinte?|suivie?|soignee?|traitee?)\b.*\b(?:maladies?|pathologies?|affection|cancer|vih"
                r"|depression|troubles?)",
                r"(?:votre|vos|quelles?|avez-vous une?) (?:maladies?|pathologies?|affections?|medicaments?)",
                "diagnostic medical|traitement medical|groupe sanguin|grossesse en cours|vaccinee?",
                "etes-vous enceinte|votre cancer",
                r"seropositi\w+|antecedents? medica\w+|(?:nature|type) (?:de votre|de|du) handicap"),
        "maladie", "pathologie", "ald",
    )),
    Rule("offences", "infractions et condamnations", _REFUSE, OFFENCES_TEXT, _about(
        r"condamn\w+|casier judiciaire|infractions? commises?|garde a vue|incarcer\w+|detenu",
    )),
    Rule("religion", "religion comme caractéristique de la personne", _WARN, SENSITIVE, (
        *_about(r"votre religion|religion (?:de|du)|confession|croyan\w+|pratique religieuse",
                r"etes-vous (?:croyant|pratiquant)\w*"),
        "religion",
    )),
    Rule("orientation", "orientation sexuelle comme caractéristique", _WARN, SENSITIVE, _about(
        r"orientation sexuelle|sexualite|heterosexuel\w*|homosexuel\w*|bisexuel\w*",
    )),
    Rule("gender_identity", "identité de genre comme caractéristique", _WARN, SENSITIVE, _about(
        "identite de genre|transgenre|etes-vous trans|cisgenre",
    )),
    Rule("disability", "handicap comme caractéristique", _WARN, SENSITIVE, _about(r"handicap\w*|rqth|aah")),
    Rule("perceived_origin", "origine perçue", _WARN, PERCEIVED_TEXT, _about(
        r"percu\w*|vous percoi(?:t|vent)|couleur de (?:votre )?peau",
    )),
    Rule("nationality", "nationalité", _WARN, CONDITIONS, (*_about("nationalites?"), "sdnat")),
    Rule("birthplace", "pays de naissance", _WARN, CONDITIONS, (
        *_about("(?:pays|lieu) de naissance|pays d'origine",
                r"nee? (?:en france|a l'etranger)|ne(?:\(e\)|\.e) (?:en france|a l'etranger)"),
        "sdpnaistr",
    )),
    Rule("exact_date", "date exacte", _WARN, ANONYMITY),
)  # fmt: skip

RULES: Final[tuple[Rule, ...]] = (*_IDENTIFIERS, *_TRACES, *_SENSITIVE)
BY_NAME: Final = {rule.what: rule for rule in RULES}
IDENTITIES: Final = frozenset(rule.what for rule in RULES if rule.action is Action.STRIP)
