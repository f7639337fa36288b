"""The identity card of the survey as the report prints it: entries in French, in the order of reading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from diagnostic.analysis.perception.items import EXPERIENCE
from diagnostic.analysis.perception.weighting import base_weights, make_design
from diagnostic.analysis.survey_quality import identity_card, inference, item_nonresponse
from diagnostic.formatting import number, typographic
from diagnostic.schemas import CARD_COLUMNS
from diagnostic.survey_model import concepts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from diagnostic.survey_model.identity import SurveyIdentity

PROTOCOL: Final = ("commissioner", "dates", "population", "basis", "drawn_from", "mode", "response_rate", "n")
AFTER: Final = ("incomplete", "minors")
FEW: Final = 11
NOTED: Final = frozenset({"commissioner", "population"})


def card(
    identity: SurveyIdentity, responses: pd.DataFrame, *, quality: pd.DataFrame | None = None,
    margins: pd.DataFrame | None = None, labels: Mapping[str, str] | None = None,
    places: pd.DataFrame | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Write the identity card.

    Parameters
    ----------
    identity
        The protocol.
    responses
        Canonical responses.
    quality
        The quality table (:func:`diagnostic.analysis.survey_quality.identity_card`) when it is at hand; else it is
        computed here.
    margins
        Of :func:`public_margins`, when the weights were fitted to them.
    labels
        QPV code to name; codes stand for themselves without it.
    places
        Of :func:`diagnostic.analysis.survey_quality.respondents_by_qpv`, when what was released before masks more.

    Returns
    -------
    pandas.DataFrame
        Columns ``CARD_COLUMNS``. Counts by QPV under 11 are masked, with what would give them back.
    """
    table = identity_card(responses, identity, margins=margins, places=places) if quality is None else quality
    rows = table.set_index("item")
    entries = [
        *_protocol(rows), *_wording(identity), *_quarters(rows, labels or {}), *_kept(rows),
        ("Redressement", _weighting(identity, responses, margins)), *_silence(responses, identity), *_gap(rows),
        ("Protection", _cell(rows, "law", noted=True)),
        ("Ce que ces chiffres permettent", inference(identity).sentence),
    ]  # fmt: skip
    told = [(entry, text) for entry, text in entries if text]
    frame = pd.DataFrame(told, columns=CARD_COLUMNS[1:]).map(typographic)
    frame.insert(0, "rank", np.arange(1, len(frame) + 1))
    return frame


def _cell(rows: pd.DataFrame, item: str, *, noted: bool = False) -> str:
    if item not in rows.index:
        return ""
    value, note = str(rows.loc[item, "value"]), str(rows.loc[item, "note"])
    return f"{value} ({note})" if noted and note and value else value


def _protocol(rows: pd.DataFrame) -> Iterator[tuple[str, str]]:
    for item in PROTOCOL:
        if item in rows.index:
            yield str(rows.loc[item, "label"]), _cell(rows, item, noted=item in NOTED)


def _wording(identity: SurveyIdentity) -> Iterator[tuple[str, str]]:
    wording = identity.wordings.get(EXPERIENCE, "")
    if wording:
        yield "Question principale, mot à mot", f"« {wording} »"
        yield "Période de référence", identity.periods.get(EXPERIENCE) or concepts()[EXPERIENCE].period


def _quarters(rows: pd.DataFrame, labels: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for item in rows.index[rows.index.str.startswith("n_")]:
        label = labels.get(str(item).removeprefix("n_"))
        yield (
            f"Répondants : {label}" if label else str(rows.loc[str(item), "label"]), _cell(rows, str(item)),
        )  # fmt: skip


def _kept(rows: pd.DataFrame) -> Iterator[tuple[str, str]]:
    for item in AFTER:
        if item in rows.index:
            yield str(rows.loc[item, "label"]), _few(_cell(rows, item, noted=True))


def _few(text: str) -> str:
    """Mask a small number of people at the head of a text."""
    head, _, tail = text.partition(" ")
    few = head.isdigit() and 0 < int(head) < FEW
    return f"moins de {FEW} {tail}".strip() if few else text


def _weighting(identity: SurveyIdentity, responses: pd.DataFrame, margins: pd.DataFrame | None) -> str:
    weights, origin = base_weights(responses, identity)
    counted = weights > 0
    frame = responses[counted].reset_index(drop=True)
    return str(make_design(frame, identity, weights=weights[counted], origin=origin, margins=margins)[1])


def _silence(responses: pd.DataFrame, identity: SurveyIdentity) -> Iterator[tuple[str, str]]:
    """Tell the worst item non-response, when enough people stand behind it: a rate and its base give the count."""
    counted = item_nonresponse(responses, identity)
    if counted.empty:
        return
    silent = counted["asked"] * counted["missing_rate"] / 100
    worst = counted.iloc[int(silent.to_numpy().argmax())]
    if silent.max() < FEW:
        yield "Sans réponse", f"moins de {FEW} personnes à chaque question"
    else:
        rate = number(float(worst["missing_rate"]))
        yield "Sans réponse", f"{rate} % au plus fort, à la question « {worst['label']} »"


def _gap(rows: pd.DataFrame) -> Iterator[tuple[str, str]]:
    for item in rows.index[rows.index.str.startswith("gap")]:
        yield str(rows.loc[str(item), "label"]), _cell(rows, str(item), noted=True)
