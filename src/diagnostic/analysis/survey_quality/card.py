"""The identity card of a survey, in French, and the sentence that says what it allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from diagnostic.analysis.survey_quality.counts import (
    item_nonresponse,
    kish_effect,
    respondents_by_qpv,
    unique_profiles,
)
from diagnostic.analysis.survey_quality.margins import AGE_LABELS, SEX_LABELS, population_gap
from diagnostic.formatting import NBSP, enumeration, long_date, number, plural, typographic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from diagnostic.survey_model.identity import SurveyIdentity

PERCENTAGE_FROM: Final = 30
MASKED: Final = "masqué pour protéger l’anonymat (règle du projet)"
CARD_COLUMNS: Final = ("item", "label", "value", "note")

_BASES: Final = {"aleatoire": "tirage aléatoire", "quotas": "quotas", "volontaires": "volontaires"}
_MODES: Final = {
    "en_ligne": "en ligne", "face_a_face": "en face-à-face", "telephone": "par téléphone", "papier": "sur papier",
}  # fmt: skip
_REGIMES: Final = {"anonyme": "réponses anonymes", "consentement": "consentement explicite"}


@dataclass(frozen=True, slots=True)
class Inference:
    """Whether figures may be extended to the population, and the sentence that says so.

    Parameters
    ----------
    allowed
        False unless respondents were drawn at random.
    subject
        What sentences must begin with, such as "parmi les répondants".
    sentence
        French sentence printed with the card.
    """

    allowed: bool
    subject: str
    sentence: str


def inference(identity: SurveyIdentity) -> Inference:
    """Say what the basis of a survey allows.

    Parameters
    ----------
    identity
        Its protocol.
    """
    if identity.basis == "aleatoire":
        return Inference(
            allowed=True, subject="on estime que",
            sentence="Les personnes ont été tirées au sort : les chiffres sont des estimations, à lire avec leur "
            "intervalle.",
        )  # fmt: skip
    if identity.basis == "quotas":
        why = "Les personnes n’ont pas été tirées au sort (quotas)"
    else:
        why = "Les personnes ont répondu d’elles-mêmes (volontaires)"
    return Inference(
        allowed=False, subject="parmi les répondants",
        sentence=f"{why} : les chiffres décrivent les répondants, ils ne s’étendent pas à la population, et "
        "aucun test ni aucun nombre d’habitants n’en est tiré.",
    )  # fmt: skip


def identity_card(
    responses: pd.DataFrame, identity: SurveyIdentity, *, margins: pd.DataFrame | None = None,
    places: pd.DataFrame | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Build the table printed with every figure of a survey.

    Parameters
    ----------
    responses
        Canonical responses, one row a respondent.
    identity
        The protocol.
    margins
        Known population, see :func:`population_margins`; without it the gap is said to be unknown.
    places
        Of :func:`respondents_by_qpv`, when what was released before masks more.

    Returns
    -------
    pandas.DataFrame
        Columns ``CARD_COLUMNS``, every cell French text, in the order of reading.

    Examples
    --------
    >>> import datetime as dt
    >>> from diagnostic.survey_model.identity import SurveyIdentity
    >>> day = dt.date(2025, 3, 1)
    >>> protocol = SurveyIdentity(
    ...     title="", commissioner="Ville", population="adultes", start=day, end=day, basis="volontaires",
    ...     modes=("papier",), response_rate=None, regime="anonyme", deletion=day, generation=2024, file="a.csv",
    ...     platform="generic", rows=40, kept=40, incomplete=0, minors=0, weighted=False)
    >>> card = identity_card(pd.DataFrame({"respondent": range(40)}), protocol)
    >>> card.set_index("item").at["basis", "value"]
    'volontaires'
    """
    rows = [*_protocol(identity), *_sizes(responses, identity, places), *_profile(responses, identity, margins)]
    frame = pd.DataFrame(rows, columns=list(CARD_COLUMNS))
    return frame.assign(value=frame["value"].map(typographic), note=frame["note"].map(typographic))


def _protocol(identity: SurveyIdentity) -> Iterator[tuple[str, str, str, str]]:
    rule = inference(identity)
    rate = identity.response_rate
    yield "commissioner", "Commanditaire", identity.commissioner, identity.title
    yield "dates", "Collecte", f"du {long_date(identity.start)} au {long_date(identity.end)}", ""
    yield "population", "Population", identity.population, "personnes de 18 ans et plus"
    yield "basis", "Base", _BASES[identity.basis], rule.sentence
    yield (
        "inference",
        "Extension à la population",
        "oui" if rule.allowed else "non",
        f"à écrire : « {rule.subject} »",
    )
    if identity.drawn_from:
        yield "drawn_from", "Tirage", identity.drawn_from, ""
    modes = enumeration(_MODES[mode] for mode in identity.modes)
    several = "les modes ne se mélangent pas sans le dire" if len(identity.modes) > 1 else ""
    yield "mode", "Mode", modes, several
    shown = "non connu" if rate is None else f"{number(rate, 1)} %"
    yield "response_rate", "Taux de réponse", shown, "" if rate is not None else "à demander au prestataire"
    yield "weighting", "Redressement", _weighting(identity), ""
    erased = f"effacement des réponses le {long_date(identity.deletion)}"
    yield "law", "Protection", _REGIMES[identity.regime], erased


def _weighting(identity: SurveyIdentity) -> str:
    if not identity.weighted:
        return "aucun : chaque réponse compte pour une"
    return identity.weighting or "poids fournis, méthode non décrite"


def _sizes(
    responses: pd.DataFrame, identity: SurveyIdentity, places: pd.DataFrame | None
) -> Iterator[tuple[str, str, str, str]]:
    yield "n", "Répondants", number(len(responses)), "comptés sans pondération"
    if identity.weighted and "weight" in responses:
        effect = kish_effect(responses["weight"].to_numpy(dtype=float))
        meaning = "1 : poids égaux ; 2 : comme si l’on avait interrogé deux fois moins de personnes"
        yield "kish", "Effet des poids (Kish)", number(effect, 2), meaning
    yield "incomplete", "Questionnaires inachevés", number(identity.incomplete), "exclus"
    yield "minors", "Moins de 18 ans", number(identity.minors), "refusés"
    if "qpv_status" in responses:
        counted = respondents_by_qpv(responses) if places is None else places
        for row in counted.to_dict("records"):
            shown = number(row["n"]) if row["shown"] else MASKED
            yield f"n_{row['place']}", f"Répondants : {row['label']}", shown, ""


def _profile(
    responses: pd.DataFrame, identity: SurveyIdentity, margins: pd.DataFrame | None
) -> Iterator[tuple[str, str, str, str]]:
    unique = unique_profiles(responses)
    if unique.variables:
        yield "unique", "Profils uniques", f"{number(unique.share, 0)} %", str(unique)
    for row in item_nonresponse(responses, identity).to_dict("records"):
        rate = "moins de 30 personnes interrogées"
        if row["asked"] >= PERCENTAGE_FROM:
            rate = f"{number(row['missing_rate'], 0)} % sans réponse"
        reference = f" (période : {row['period']})" if row["period"] else ""
        yield f"item_{row['concept']}", f"Question : {row['label']}", rate, f"« {row['wording']} »{reference}"
    if margins is None:
        yield "gap", "Écart à la population", "non calculé", "ajoutez la démographie des quartiers (Insee)"
    else:
        yield from _gap(responses, margins)


def _gap(responses: pd.DataFrame, margins: pd.DataFrame) -> Iterator[tuple[str, str, str, str]]:
    for row in population_gap(responses, margins).to_dict("records"):
        item = f"gap_{row['sex']}_{row['age']}"
        label = f"Écart : {SEX_LABELS[row['sex']]}, {AGE_LABELS[row['age']]}"
        if np.isnan(row["gap"]):
            yield item, label, MASKED, ""
            continue
        note = (
            f"{number(row['respondents_share'], 0)} % des répondants de 25 ans et plus, "
            f"{number(row['population_share'], 0)} % des habitants"
        )
        gap = number(row["gap"], 0, signed=True)
        yield item, label, f"{gap}{NBSP}point{'s' if abs(round(row['gap'])) > 1 else ''}", note


def summary(identity: SurveyIdentity, responses: pd.DataFrame) -> str:
    r"""Write the card in one French sentence, for the foot of a figure.

    Examples
    --------
    >>> import types, datetime as dt
    >>> survey = types.SimpleNamespace(
    ...     commissioner="Ville", start=dt.date(2025, 3, 1), end=dt.date(2025, 4, 15), basis="volontaires")
    >>> print(summary(survey, pd.DataFrame({"respondent": [1, 2]})).replace("\u00a0", " ").replace("\u202f", " "))
    Enquête Ville, du 1er mars 2025 au 15 avril 2025, 2 répondants volontaires ; parmi les répondants seulement.
    """
    rule = inference(identity)
    basis = {"aleatoire": "tirés au sort", "quotas": "choisis par quotas", "volontaires": "volontaires"}
    limit = "" if rule.allowed else " ; parmi les répondants seulement"
    return typographic(
        f"Enquête {identity.commissioner}, du {long_date(identity.start)} au {long_date(identity.end)}, "
        f"{plural(len(responses), 'répondant')} {basis[identity.basis]}{limit}."
    )
