"""What leaves of a survey: the territory, its groups and its neighbourhoods, with nothing hidden to be found.

*Protection* hides a figure whose base, people or other people are under 11, then what would give it back, in every
table at once (:mod:`diagnostic.analysis.perception.shielding`). Eleven also bounds people and other people: the
rule of precision refuses nearly every share that a lower floor would keep. *Precision* takes the percentage away
where the published rule allows none; the counts stay, since nothing hidden rests on it. Both leave a row, its
label and a note.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from diagnostic.analysis.disclosure import refuse_crossing
from diagnostic.analysis.disclosure.tables import TOTAL
from diagnostic.analysis.perception.estimation import (
    NUMBERS,
    PERCENTAGES,
    QUALITY,
    QUARTER,
    TERRITORY,
    UPPER,
)
from diagnostic.analysis.perception.families import gates, local, ticked
from diagnostic.analysis.perception.indicators import CUMULATION
from diagnostic.analysis.perception.items import ALL, NO_ANSWER
from diagnostic.analysis.perception.shielding import shield
from diagnostic.analysis.perception.tables import EVERYBODY as WHOLE
from diagnostic.analysis.perception.tables import THRESHOLD, Cell, Figure, Group, cells_of
from diagnostic.analysis.survey import Reliability
from diagnostic.analysis.survey_quality import MASKED
from diagnostic.formatting import typographic
from diagnostic.schemas import ESTIMATE_COLUMNS
from diagnostic.vocabulary import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from diagnostic.analysis.perception.shielding import Shield

IMPRECISE: Final = typographic("précision insuffisante : pas de pourcentage")
MOST_ASKED: Final = 0.10  # share of a neighbourhood's adults beyond which who answered is no longer uncertain
WEIGHTING: Final = ["n_eff", "deff", "df", "se"]


def shielded(
    estimates: pd.DataFrame, *, generation: int, adults: Mapping[str, float] | None = None,
    out: Mapping[Cell, frozenset[int]] | None = None,
) -> Shield:  # fmt: skip
    """Decide what may be shown of the estimates.

    Parameters
    ----------
    estimates
        Of :func:`estimates`.
    generation
        QPV generation of the publication: nothing is told of neighbourhoods of another one.
    adults
        Adults of each neighbourhood. Without them nothing is told by neighbourhood but how many answered; nor of
        one where more than one in ten answered.
    out
        Cells of this survey that were released before, see
        :func:`diagnostic.analysis.perception.shielding.shield`.

    Raises
    ------
    RefusedError
        When the attack on what would be shown succeeds.
    """
    quality = estimates["indicator"].eq(QUALITY)
    places = estimates["level"].eq(QUARTER) & estimates["vintage"].eq(generation)
    kept = estimates[~quality & (estimates["level"].eq(TERRITORY) | (places & (adults is not None)))]
    figures = [one for one in _figures(kept) if one.group.axis != QUARTER or _local(one)]
    counted = estimates[quality & places & estimates["n"].gt(0)].set_index("code")
    blocked = {
        Group(QUARTER, str(code)) for code, row in counted.iterrows()
        if row["reliability"] == Reliability.SUPPRESS or row["n"] < THRESHOLD
        or not row["n"] <= MOST_ASKED * (adults or {}).get(str(code), 0.0)
    }  # fmt: skip
    return shield(figures, blocked=blocked, out=out)


def _local(one: Figure) -> bool:
    """Keep, beside what may be told of a neighbourhood, the number of motives: its tables lean on it."""
    return local(one.concept, one.answer) or one.concept == CUMULATION


def _figures(table: pd.DataFrame) -> Iterator[Figure]:
    columns = ["level", "code", "by", "group", "concept", "answer", "base", "n", "count"]
    once = table[columns].drop_duplicates(columns[:-2])
    for level, code, by, group, concept, answer, base, n, count in once.itertuples(index=False, name=None):
        yield Figure(_group(level, code, by, group), concept, answer, base, int(n), int(count))


def _group(level: str, code: str, by: str, group: str) -> Group:
    if level == QUARTER:
        return Group(QUARTER, str(code))
    return Group(str(by), str(group)) if by else WHOLE


def released(estimates: pd.DataFrame, *, generation: int, shield: Shield | None = None) -> pd.DataFrame:
    """Keep what may be published of the estimates.

    Parameters
    ----------
    estimates
        Of :func:`estimates`.
    generation
        QPV generation of the publication.
    shield
        Of :func:`shielded`; without it, of these estimates and nothing by neighbourhood but how many answered.

    Returns
    -------
    pandas.DataFrame
        Columns ``ESTIMATE_COLUMNS``. A hidden row keeps its label, has the status ``masked`` and no number at all.
        A row that is only vague keeps its counts and is ``suppress``. Shares and standard errors have one decimal,
        intervals rounded outwards; what is particular to the weights is not told of a neighbourhood.
    """
    if estimates.empty:
        return estimates[ESTIMATE_COLUMNS]
    found = shielded(estimates, generation=generation) if shield is None else shield
    quality = estimates["indicator"].eq(QUALITY)
    places = estimates["level"].eq(QUARTER)
    shown = {group for tables in found.tables.values() for one in tables for group in one.groups()}
    groups = [
        _group(*row) for row in estimates[["level", "code", "by", "group"]].itertuples(index=False, name=None)
    ]
    kept = np.array([group in shown for group in groups]) & ~quality.to_numpy()
    telling = [local(*key) for key in zip(estimates["concept"], estimates["answer"], strict=True)]
    kept &= ~places.to_numpy() | np.array(telling, dtype=bool)
    kept |= (quality & (estimates["vintage"].eq(generation) | ~places) & estimates["by"].eq("")).to_numpy()
    table = estimates.loc[kept, ESTIMATE_COLUMNS].reset_index(drop=True)
    counted = table["indicator"].eq(QUALITY)
    masked = _masked(table, counted, found)
    vague = ~counted & ~masked & table["reliability"].eq(str(Reliability.SUPPRESS))
    vague &= table["status"].ne(str(Status.MISSING))
    table["note"] = table["note"].str.split(UPPER).str[0].where(_silenced(table, masked), table["note"])
    table.loc[vague, [*PERCENTAGES, "n_eff", "df", "deff"]] = np.nan
    table.loc[vague, "note"] = IMPRECISE
    table.loc[masked, NUMBERS] = np.nan
    table.loc[masked, ["status", "reliability"]] = [str(Status.MASKED), str(Reliability.SUPPRESS)]
    table.loc[masked, "note"] = MASKED
    table.loc[table["level"].eq(QUARTER), WEIGHTING] = np.nan
    _refuse_crossing(table)
    return _rounded(table)


def _masked(table: pd.DataFrame, counted: pd.Series[bool], found: Shield) -> pd.Series[bool]:
    small = table["n"].gt(0) & table["n"].lt(THRESHOLD)
    masked = counted & (table["reliability"].eq(str(Reliability.SUPPRESS)) | small)
    figures = {one: any(cell in found.hidden for cell in cells_of(one, found.tables))
               for one in _figures(table[~counted])}  # fmt: skip
    hidden = {one[:4] for one, lost in figures.items() if lost}
    hidden |= {one[:4] for one in figures if _tells(one, hidden) or _pair_tells(one, figures, hidden)}
    keys = zip(table["level"], table["code"], table["by"], table["group"], table["concept"], table["answer"],
               table["base"], strict=True)  # fmt: skip
    lost = [(_group(*key[:4]), *key[4:]) in hidden for key in keys]
    return masked | (pd.Series(lost, index=table.index, dtype=bool) & ~counted)


def _tells(one: Figure, hidden: set[tuple[Group, str, str, str]]) -> bool:
    """Say whether those who gave no answer, of all, would tell of those who gave none here, or to the filter."""
    known = gates()
    if one.answer != NO_ANSWER or one.base != ALL or one.concept not in known:
        return False
    others = {(one.group, one.concept, NO_ANSWER), (one.group, known[one.concept].concept, NO_ANSWER)}
    return any(key[:3] in others for key in hidden)


def _pair_tells(one: Figure, figures: Iterable[Figure], hidden: set[tuple[Group, str, str, str]]) -> bool:
    """Say whether a pair of motives is of few people, or leaves few who cite one alone, or neither."""
    if one.concept != CUMULATION or "+" not in one.answer:
        return False
    found = {other.concept: other for other in figures if other.group == one.group}
    singles = {other.answer: other for other in figures
               if (other.group, other.concept, other.base) == (one.group, ticked(found), one.base)}  # fmt: skip
    pair = [singles[answer] for answer in one.answer.split("+") if answer in singles]
    if len(pair) < 2 or any(single[:4] in hidden for single in pair):  # noqa: PLR2004 - a pair
        return True
    alone = [single.people - one.people for single in pair]
    return min(one.people, *alone, one.n - one.people - sum(alone)) < THRESHOLD


def _silenced(table: pd.DataFrame, masked: pd.Series[bool]) -> pd.Series[bool]:
    """Say of each figure whether those who gave no answer are hidden: then it has no upper bound."""
    key = ["level", "code", "by", "group", "concept"]
    silent = set(table.loc[masked & table["answer"].eq(NO_ANSWER), key].itertuples(index=False, name=None))
    found = [one in silent for one in table[key].itertuples(index=False, name=None)]
    return pd.Series(found, index=table.index, dtype=bool)


def _refuse_crossing(table: pd.DataFrame) -> None:
    """Hold the promise that no neighbourhood is told by two criteria at once."""
    parts = table["concept"].str.split("*", expand=True).reindex(columns=[0, 1]).astype(object).fillna(TOTAL)
    cells = pd.DataFrame({"lieu": table["code"], "question": parts[0], "croisement": parts[1].mask(
        table["by"].ne(""), table["by"])})  # fmt: skip
    refuse_crossing(
        cells, ["lieu", "question", "croisement"], sensitive={"question", "croisement"}, place="lieu",
        local=set(table.loc[table["level"].eq(QUARTER), "code"]),
    )  # fmt: skip


def _rounded(table: pd.DataFrame) -> pd.DataFrame:
    """Give what a reader can use, and no digits by which the weights, then who is in a base, could be found."""
    whole = table["concept"].eq("weight")
    return table.assign(
        deff=table["deff"].round(2).where(whole), n_eff=table["n_eff"].round().where(whole),
        df=table["df"].where(whole),
        estimate=table["estimate"].round(1), se=table["se"].round(1),
        ci_low=np.floor(table["ci_low"] * 10 + 1e-9) / 10, ci_high=np.ceil(table["ci_high"] * 10 - 1e-9) / 10,
    )  # fmt: skip
