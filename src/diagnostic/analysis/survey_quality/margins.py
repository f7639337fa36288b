"""Respondents beside the population they come from: sex and broad age, from the published shares of Insee."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from diagnostic.analysis.survey_quality.counts import THRESHOLD
from diagnostic.errors import Fault, TerritoryError

if TYPE_CHECKING:
    from collections.abc import Sequence

SEXES: Final = ("femme", "homme")
# The census margins of quarters stop at these ages: 18-24 has no margin of its own.
BROAD_AGES: Final = {"25_39": "25_59", "40_59": "25_59", "60_plus": "60_plus"}
AGE_LABELS: Final = {"25_59": "25 à 59 ans", "60_plus": "60 ans ou plus"}
SEX_LABELS: Final = {"femme": "femmes", "homme": "hommes"}
GAP_COLUMNS: Final = ("sex", "age", "respondents", "respondents_share", "population_share", "gap")


def population_margins(
    measures: pd.DataFrame, codes: Sequence[str], *, generation: int, survey_generation: int | None
) -> pd.DataFrame:
    """Derive the population by sex and broad age of a set of QPV from the published shares of Insee.

    Men are what is left of each share: ``(all - share of women * women) / (1 - share of women)``.

    Parameters
    ----------
    measures
        Of QPV: ``population``, ``women_share``, ``share_under_25`` and ``share_over_60`` (groups all and women).
    codes
        QPV to add up; those without a complete set of figures are left out.
    generation, survey_generation
        Of the measures and of the respondents: they must be the same.

    Returns
    -------
    pandas.DataFrame
        ``sex``, ``age`` (25-59 and 60 and over), ``population`` (persons); attribute ``quarters`` in ``attrs``
        is the number of QPV added up.

    Raises
    ------
    TerritoryError
        When two generations meet.
    """
    if survey_generation is not None and generation != survey_generation:
        raise TerritoryError(Fault(
            "les marges et les répondants ne sont pas de la même génération de quartiers",
            expected=str(survey_generation), found=str(generation),
            remedy="comparez l’enquête aux chiffres de sa génération, ou ne comparez pas",
        ))  # fmt: skip
    rows = measures[
        (measures["level"] == "qpv") & (measures["vintage"] == generation) & measures["code"].isin(list(codes))
    ]
    newest = rows.sort_values(["period", "edition"]).drop_duplicates(["code", "variable", "group"], keep="last")
    names = newest["variable"] + "__" + newest["group"]
    wide = newest.assign(name=names).pivot_table(index="code", columns="name", values="value")
    needed = [
        "population__all", "women_share__all", "share_under_25__all", "share_under_25__women",
        "share_over_60__all", "share_over_60__women",
    ]  # fmt: skip
    full = wide.reindex(columns=needed).dropna()
    women = full["population__all"] * full["women_share__all"] / 100
    people = {"femme": women, "homme": full["population__all"] - women}
    young = _by_sex(full, "share_under_25", women)
    old = _by_sex(full, "share_over_60", women)
    margins = pd.DataFrame(
        [
            (sex, age, float(max(count, 0.0)))
            for sex in SEXES
            for age, count in (
                ("25_59", (people[sex] - young[sex] - old[sex]).sum()), ("60_plus", old[sex].sum()),
            )
        ],
        columns=["sex", "age", "population"],
    )  # fmt: skip
    margins.attrs["quarters"] = len(full)
    return margins


def _by_sex(full: pd.DataFrame, variable: str, women: pd.Series[float]) -> dict[str, pd.Series[float]]:
    everyone = full["population__all"] * full[f"{variable}__all"] / 100
    of_women = women * full[f"{variable}__women"] / 100
    return {"femme": of_women, "homme": everyone - of_women}


def population_gap(responses: pd.DataFrame, margins: pd.DataFrame) -> pd.DataFrame:
    """Compare respondents aged 25 and over with the known population, by sex and broad age.

    The 18-24 have no margin of their own in the published figures: they are left out of both sides.

    Returns
    -------
    pandas.DataFrame
        Columns ``GAP_COLUMNS``: shares in percent, gap in points (respondents minus population); the shares of
        respondents are missing everywhere when one of the four counts is under 11, since they add up to 100.
    """
    if not {"sex", "age_group"} <= set(responses):
        return pd.DataFrame(columns=list(GAP_COLUMNS))
    age = responses["age_group"].astype(object).map(BROAD_AGES)
    counts = pd.crosstab(responses["sex"].astype(object), age)
    counts = counts.reindex(index=list(SEXES), columns=list(AGE_LABELS), fill_value=0)
    total, known = int(counts.to_numpy().sum()), float(margins["population"].sum())
    shown = bool((counts.to_numpy() >= THRESHOLD).all())
    rows = []
    for row in margins.to_dict("records"):
        n = int(counts.loc[row["sex"], row["age"]])
        share = 100 * n / total if shown else float("nan")
        reference = 100 * float(row["population"]) / known
        rows.append((row["sex"], row["age"], n, share, reference, share - reference))
    return pd.DataFrame(rows, columns=list(GAP_COLUMNS))
