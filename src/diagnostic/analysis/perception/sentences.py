"""The few sentences that the report writes from the survey: an interval, a base, a verb that the sample allows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from diagnostic.analysis.perception.items import ANY, EXPERIENCE, NO_ANSWER
from diagnostic.analysis.survey import Reliability
from diagnostic.analysis.survey_quality import inference
from diagnostic.formatting import enumeration, number, plural, typographic
from diagnostic.vocabulary import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from diagnostic.survey_model.identity import SurveyIdentity

MOST_NAMED: Final = 3
EVERYBODY: Final = "personnes de 18 ans et plus"
PERCENTAGE_FROM: Final = 30
LISTS: Final = (
    ("PER05", "motives", "Les motifs les plus cités"), ("PER05", "event_motives", "Les motifs les plus cités"),
    ("PER08", "domains", "Les domaines les plus cités"),
    ("PER14", "no_step_reasons", "Les raisons les plus données"),
)  # fmt: skip
SHARES: Final = (
    ("PER01", EXPERIENCE, "oui"), ("PER02", "experience_12m", "oui"), ("PER03", "situations", ANY),
    ("PER07", "motives", "quartier"), ("PER12", "renouncements", ANY), ("PER13", "steps", "aucune"),
    ("PER16", "law_knowledge", "oui"), ("PER19", "witness", "oui"), ("PER19", "witness_reactions", ANY),
    ("PER20", "stigma", "accord"),
)  # fmt: skip
AMONG: Final = {
    ("PER07", "motives"): "personnes déclarant une discrimination",
    ("PER13", "steps"): "personnes déclarant une discrimination",
    ("PER19", "witness_reactions"): "personnes témoins",
    ("PER05", "motives"): "personnes déclarant une discrimination",
    ("PER05", "event_motives"): "personnes déclarant une discrimination",
    ("PER08", "domains"): "personnes déclarant une discrimination",
    ("PER14", "no_step_reasons"): "personnes qui n’ont rien engagé",
}  # fmt: skip


def sentences(released: pd.DataFrame, identity: SurveyIdentity) -> list[dict[str, object]]:
    """Write what the survey allows to say, at most one sentence an indicator and base.

    Parameters
    ----------
    released
        Of :func:`released`: nothing hidden has a number there.
    identity
        The protocol: without a random draw each sentence speaks of the respondents alone.

    Returns
    -------
    list of dict
        ``indicator``, ``concept``, ``answer``, ``message`` (one sentence), ``detail`` (base, reading),
        ``caveat`` (what may not be concluded), in the order of the indicators.
    """
    shown = released[
        released["level"].eq("territoire")
        & released["by"].eq("")  # of everybody: a group never stands for the whole
        & released["status"].eq(str(Status.ESTIMATED))
        & ~released["reliability"].eq(str(Reliability.SUPPRESS))
        & (released["n"] >= PERCENTAGE_FROM)
    ]
    found = [*_shares(shown, identity), *_lists(shown, identity)]
    return sorted(found, key=lambda sentence: str(sentence["indicator"]))


def _shares(shown: pd.DataFrame, identity: SurveyIdentity) -> Iterator[dict[str, object]]:
    for indicator, concept, answer in SHARES:
        base = "concerned" if (indicator, concept) in AMONG else "all"
        row = _row(shown, indicator, concept, answer=answer, base=base)
        if row is not None:
            message = f"{_subject(identity, AMONG.get((indicator, concept)), row)} {row['label']}"
            yield _sentence(row, message, identity, detail=f"{_size(row)} ; {row['note']}")


def _lists(shown: pd.DataFrame, identity: SurveyIdentity) -> Iterator[dict[str, object]]:
    for indicator, concept, start in LISTS:
        rows = shown[
            shown["indicator"].eq(indicator) & shown["concept"].eq(concept) & shown["base"].eq("concerned")
            & ~shown["answer"].isin([NO_ANSWER, "autre"])
        ].sort_values("estimate", ascending=False, kind="stable").head(MOST_NAMED)  # fmt: skip
        if len(rows) < MOST_NAMED:
            continue
        named = enumeration(f"{_quoted(str(row['label']))} ({_interval(row)})" for _, row in rows.iterrows())
        people = AMONG[indicator, concept]
        if identity.basis != "aleatoire":
            people = "répondants" + people.removeprefix("personnes")
        first = dict(rows.iloc[0])
        detail = f"{_size(first)} ; plusieurs réponses possibles, les intervalles peuvent se recouvrir"
        yield _sentence(first, f"{start} parmi les {people} sont {named}", identity, detail=detail)


def _row(shown: pd.DataFrame, indicator: str, concept: str, *, answer: str, base: str) -> dict[str, object] | None:
    rows = shown[
        shown["indicator"].eq(indicator) & shown["concept"].eq(concept) & shown["answer"].eq(answer)
        & shown["base"].eq(base)
    ]  # fmt: skip
    return None if rows.empty else dict(rows.iloc[0])


def _sentence(row: dict[str, object], message: str, identity: SurveyIdentity, *, detail: str) -> dict[str, object]:
    return {
        "indicator": row["indicator"], "concept": row["concept"], "answer": row["answer"],
        "message": typographic(f"{message}."), "detail": typographic(detail),
        "caveat": typographic(inference(identity).sentence),
    }  # fmt: skip


def _subject(identity: SurveyIdentity, among: str | None, row: dict[str, object]) -> str:
    """Open the sentence: an estimate of the population, or the respondents and nobody else."""
    interval = _interval(row)
    if identity.basis == "aleatoire":
        return f"On estime que {interval} des {among or EVERYBODY}"
    extra = among.removeprefix("personnes") if among else ""
    share = number(float(str(row["estimate"])))
    return f"Parmi les répondants{extra}, {share} % (intervalle indicatif : {interval})"


def _interval(row: dict[str, object] | pd.Series[Any]) -> str:
    """Write an interval in whole percents, rounded outwards."""
    low, high = math.floor(float(str(row["ci_low"]))), math.ceil(float(str(row["ci_high"])))
    return f"de {number(low)} à {number(high)} %"


def _size(row: dict[str, object]) -> str:
    return plural(int(float(str(row["n"]))), "personne interrogée", "personnes interrogées")


def _quoted(label: str) -> str:
    return label[label.index("«") : label.rindex("»") + 1] if "«" in label else label
