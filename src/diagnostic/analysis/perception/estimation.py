"""The table of estimates: every figure for the whole territory, by QPV and by group, with its precision."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from diagnostic.analysis.perception.indicators import figures
from diagnostic.analysis.perception.items import NO_ANSWER, SEMICOLON
from diagnostic.analysis.perception.reading import read
from diagnostic.analysis.perception.weighting import Weighting, base_weights, make_design
from diagnostic.analysis.survey import rate
from diagnostic.analysis.survey_quality import respondents_by_qpv
from diagnostic.formatting import NBSP, number, typographic
from diagnostic.schemas import ESTIMATE_COLUMNS
from diagnostic.vocabulary import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from diagnostic.analysis.perception.items import Item
    from diagnostic.analysis.survey import SurveyDesign
    from diagnostic.survey_model.identity import SurveyIdentity

TERRITORY: Final = "territoire"
QUARTER: Final = "qpv"
EVERYBODY: Final = "all"
QUALITY: Final = "PER22"
RESPONDENTS: Final = "respondents"
WEIGHTS: Final = "weight"
COUNT: Final = "n"
MODE: Final = "mode"
PERCENT: Final = 100.0
SHOWN_FROM: Final = 30
UNKNOWN_FROM: Final = 11
PERCENTAGES: Final = ["estimate", "se", "ci_low", "ci_high"]
NUMBERS: Final = [*PERCENTAGES, "n", "count", "n_eff", "df", "deff"]
METHODS: Final = {
    "random": "linéarisation de Taylor, intervalle de Korn-Graubard",
    "quota": "indicatif\u00a0: échantillon par quotas, intervalle de Korn-Graubard",
    "volunteer": "indicatif\u00a0: répondants volontaires, intervalle de Korn-Graubard",
}
FILLED: Final = "__filled"
MOST_FILLED: Final = 0.05
SHARED_OUT: Final = "les personnes sans réponse à cette variable sont réparties au hasard entre les groupes"
COUNT_ONLY: Final = "nombre de répondants seulement, sans pondération"


def estimates(
    responses: pd.DataFrame, choices: pd.DataFrame, experiences: pd.DataFrame, identity: SurveyIdentity, *,
    generation: int, groups: Sequence[str] = ("sex", "age_group"), margins: pd.DataFrame | None = None,
    places: pd.DataFrame | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Estimate what the survey allows of PER01 to PER22.

    Parameters
    ----------
    responses, choices, experiences
        Canonical tables: one row a respondent, an answer ticked, a domain × motive of the most recent event.
    identity
        The protocol.
    generation
        QPV generation of the diagnostic, for a survey that does not say its own.
    groups
        Single-answer variables of ``responses`` to estimate by, for the whole territory; the mode is added when
        two modes have 30 respondents each.
    margins
        Of :func:`public_margins`, to fit the weights to.
    places
        Of :func:`diagnostic.analysis.survey_quality.respondents_by_qpv`, when what was released before masks more.

    Returns
    -------
    pandas.DataFrame
        Columns ``ESTIMATE_COLUMNS``; shares and standard errors in percent, ``n`` and ``count`` without weights,
        every number a float. Restricted: :func:`released` says what may be shown.

    Raises
    ------
    TerritoryError
        When margins and respondents are not of the same generation.
    InputError
        When weights or design variables are wrong.
    """
    weights, origin = base_weights(responses, identity)
    counted = weights > 0
    reading = read(responses[counted], choices, experiences=experiences, identity=identity)
    items = figures(reading)
    wanted = _groupings(reading.responses, groups)
    columns = pd.DataFrame({str(rank): item.marks for rank, item in enumerate(items)})
    columns = columns.assign(**{f"{by}{FILLED}": _filled(reading.responses, by) for by in wanted if by})
    design, weighting = make_design(
        pd.concat([reading.responses, columns], axis=1), identity, weights=weights[counted], origin=origin,
        margins=margins,
    )  # fmt: skip
    parts = [_shares(design, items, by) for by in wanted] if items else []
    parts.append(_quality(responses, weighting, design.basis, places))
    table = pd.concat([part.astype(object) for part in parts], ignore_index=True)
    vintage = identity.generation if identity.generation is not None else generation
    table = table.assign(vintage=vintage)[ESTIMATE_COLUMNS].astype(dict.fromkeys(NUMBERS, float))
    return table.astype({"vintage": "int64"})


def _groupings(responses: pd.DataFrame, groups: Sequence[str]) -> list[str]:
    wanted = [QUARTER, *groups]
    if MODE in responses and (responses[MODE].value_counts() >= SHOWN_FROM).sum() > 1:
        wanted.append(MODE)
    return ["", *(name for name in dict.fromkeys(wanted) if name in responses and responses[name].notna().any())]


def _filled(responses: pd.DataFrame, by: str) -> pd.Series[str]:
    """Put into groups those whose group is not known, or holds too few to be shown.

    What one person answered would else be the whole less the groups. They are few, and take the group of somebody
    drawn at random; when they are many they are a group of their own. Neighbourhoods are left as they are.
    """
    values = responses[by].astype(object)
    if by == QUARTER:
        return values
    values = values.loc[responses["respondent"].sort_values().index]  # the same whatever the order of the rows
    sizes = values.map(values.value_counts())
    lost = values.isna() | (sizes < UNKNOWN_FROM)
    if lost.mean() > MOST_FILLED or lost.all():
        return values.mask(lost, NO_ANSWER)
    drawn = np.random.default_rng(0).choice(values[~lost].to_numpy(), size=int(lost.sum()))
    return values.mask(lost, pd.Series(drawn, index=values.index[lost]))


def _shares(design: SurveyDesign, items: Sequence[Item], by: str) -> pd.DataFrame:
    """Estimate every item at once, over the whole or by one variable."""
    ranks = [rank for rank, item in enumerate(items) if item.local or not by]
    column = f"{by}{FILLED}"
    found = design.proportion([str(rank) for rank in ranks], by=column if by else None, interval="guarded")
    table = rate(found, basis=design.basis)
    words = pd.DataFrame([_words(item) for item in items])
    words = words.iloc[found["y"].astype(int)].reset_index(drop=True)
    table = pd.concat([table.drop(columns="note"), words], axis=1)
    table["note"] = list(map(_note, table["note"], table["reason"], found["note"]))
    table[PERCENTAGES] *= PERCENT
    if by and by != QUARTER and design.frame[by].isna().any():
        table["note"] = [_note(note, SHARED_OUT) for note in table["note"]]
    places = {
        "level": QUARTER if by == QUARTER else TERRITORY,
        "code": table[column].astype(str) if by == QUARTER else "",
        "by": "" if by == QUARTER else by,
        "group": table[column].astype(str) if by not in ("", QUARTER) else EVERYBODY,
    }  # fmt: skip
    known = table["estimate"].notna()
    status = np.where(known, str(Status.ESTIMATED), str(Status.MISSING))
    table = table.assign(**places, method=METHODS[design.basis], status=status)
    return _bounded(table)[[name for name in ESTIMATE_COLUMNS if name != "vintage"]]


@cache
def _note(*parts: str) -> str:
    return typographic(SEMICOLON.join(filter(None, parts)))


def _words(item: Item) -> dict[str, object]:
    return {
        "indicator": item.indicator, "concept": item.concept, "answer": item.answer, "label": item.label,
        "base": item.base, "note": item.note, "bounded": item.bounded,
    }  # fmt: skip


def _bounded(table: pd.DataFrame) -> pd.DataFrame:
    """Say how high a figure would be if all the unknown answers were a yes; both have the same base.

    Nothing is said of fewer than eleven unknown answers.
    """
    key = ["indicator", "concept", "base", "code", "group"]
    unknown = table[table["answer"] == NO_ANSWER].set_index(key)[["estimate", "count"]]
    hidden = table[key].merge(unknown, left_on=key, right_index=True, how="left")
    enough = table["bounded"].astype(bool).to_numpy() & (hidden["count"] >= UNKNOWN_FROM).to_numpy()
    high = (table["estimate"] + hidden["estimate"].to_numpy()).clip(upper=PERCENT)
    notes = table["note"].where(~table["bounded"].astype(bool), table["note"] + SEMICOLON + KEPT)
    told = [
        f"{note}{UPPER}{number(value, 1)}{NBSP}% selon ce qu’ils auraient dit" if shown else note
        for note, value, shown in zip(notes, high, enough, strict=True)
    ]
    return table.assign(note=told)


UPPER: Final = ", jusqu’à "
KEPT: Final = "ne sait pas et refus gardés dans la base, comptés comme non"


def _quality(
    responses: pd.DataFrame, weighting: Weighting, basis: str, places: pd.DataFrame | None
) -> pd.DataFrame:
    """Count the respondents, and tell the weights."""
    rows = [
        _count("", "répondants", len(responses), publish=True),
        _count("", "effet des poids", len(responses), publish=True)
        | {"concept": WEIGHTS, "answer": "kish", "deff": weighting.kish, "note": str(weighting)},
    ]
    if {"qpv", "qpv_status"} <= set(responses):
        quarters = set(responses["qpv"].astype("category").cat.categories.astype(str))
        counted = respondents_by_qpv(responses) if places is None else places
        for row in counted.to_dict("records"):
            place = str(row["place"])
            own = _count(place if place in quarters else "", f"répondants\u00a0: {row['label']}", int(row["n"]),
                         publish=bool(row["shown"]))  # fmt: skip
            rows.append(own if place in quarters else own | {"by": "qpv_status", "group": place})
    return pd.DataFrame(rows).assign(method=METHODS[basis])


def _count(code: str, label: str, size: int, *, publish: bool) -> dict[str, object]:
    return {
        "level": QUARTER if code else TERRITORY, "code": code, "indicator": QUALITY, "concept": RESPONDENTS,
        "answer": COUNT, "label": label, "by": "", "group": EVERYBODY, "base": "all",
        **dict.fromkeys(NUMBERS, np.nan), "n": size, "reliability": "publish" if publish else "suppress",
        "status": str(Status.NOT_APPLICABLE), "note": COUNT_ONLY,
    }  # fmt: skip
