"""Questions with several answers, answers that are not known, steps not taken.

Motives and places are lists: shares overlap and do not add up to 100 %. Mentioned together is not linked: only the
question about the most recent event ties a criterion to a domain.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from diagnostic.analysis.survey.grouping import names, need_columns, numbers, row_mask
from diagnostic.errors import Fault, InputError, RefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from diagnostic.analysis.survey.design import By, SurveyDesign, Where
    from diagnostic.analysis.survey.intervals import Interval
    from diagnostic.analysis.survey.tabulation import Crosstab


def overlapping_shares(
    design: SurveyDesign,
    items: Sequence[str],
    *,
    concerned: Where,
    by: By = None,
    where: Where = None,
    interval: Interval = "guarded",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Estimate the share of each answer of a list, of those concerned and of all.

    Parameters
    ----------
    items
        0/1 columns, one an answer, empty for those who were not asked.
    concerned
        Mask of those whom the question is about (who report an experience).
    by, where, interval, confidence
        As ``SurveyDesign.proportion``.

    Returns
    -------
    pandas.DataFrame
        As ``proportion``, with ``base`` first: ``concerned``, then ``all`` (those not concerned count as no).
        Shares of one base overlap: they may add up to more than 100 %.
    """
    about, inside = row_mask(design.frame, concerned), row_mask(design.frame, where)
    everybody = np.where(about[:, None], numbers(design.frame, items), 0.0)
    filled = design.assign(**dict(zip(items, everybody.T, strict=True)))
    bases = {"concerned": (design, inside & about), "all": (filled, inside)}
    tables = {
        base: survey.proportion(items, level=1, by=by, where=mask, interval=interval, confidence=confidence)
        for base, (survey, mask) in bases.items()
    }
    return pd.concat(tables, names=["base"]).reset_index(level="base").reset_index(drop=True)


def co_mentions(
    design: SurveyDesign,
    items: Sequence[str],
    *,
    by: By = None,
    where: Where = None,
    interval: Interval = "guarded",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Estimate the share of respondents who tick both answers, for each pair of a list.

    A co-mention says that one person named both, at any time and place: never that the two are linked.

    Returns
    -------
    pandas.DataFrame
        As ``proportion``; ``first`` and ``second`` stand in place of ``y``.
    """
    ticks = numbers(design.frame, items)
    pairs = list(combinations(range(len(items)), 2))
    if not pairs:
        raise InputError(Fault("une co-mention demande deux réponses", found=", ".join(items)))
    columns = {f"__pair_{first}_{second}": ticks[:, first] * ticks[:, second] for first, second in pairs}
    both = design.assign(**columns)
    table = both.proportion(list(columns), level=1, by=by, where=where, interval=interval, confidence=confidence)
    place = table["y"].map(dict(zip(columns, pairs, strict=True)))
    labels = pd.DataFrame([(items[first], items[second]) for first, second in place], columns=["first", "second"])
    return pd.concat([labels, table.drop(columns="y")], axis=1)


def criterion_by_domain(
    design: SurveyDesign,
    criterion: str,
    domain: str,
    *,
    by: By = None,
    where: Where = None,
    confidence: float = 0.95,
) -> Crosstab:
    """Cross the criterion and the domain of the most recent event.

    Parameters
    ----------
    criterion, domain
        Single-answer columns about one event.
    by, where, confidence
        As ``SurveyDesign.crosstab``.

    Raises
    ------
    RefusedError
        When a list of answers is given: each may come from another event.
    """
    if not (isinstance(criterion, str) and isinstance(domain, str)):
        raise RefusedError(
            Fault(
                "critères et domaines cochés dans des listes ne se croisent pas : rien ne les lie",
                expected="la question sur le critère et celle sur le domaine de l’événement le plus récent",
                remedy="présentez les co-mentions, nommées comme telles",
            )
        )
    return design.crosstab(criterion, domain, by=by, where=where, interval="guarded", confidence=confidence)


def bounded_share(
    design: SurveyDesign,
    y: str,
    *,
    yes: object | Sequence[object],
    unknown: Sequence[object] = ("dont_know", "refused"),
    by: By = None,
    where: Where = None,
    interval: Interval = "guarded",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Estimate a share with those who do not know or refuse in its base, between two bounds.

    Parameters
    ----------
    y
        Column of answers, empty for those who were not asked.
    yes
        The level, or several (souvent, parfois).
    unknown
        Levels that hide a yes or a no.
    by, where, interval, confidence
        As ``SurveyDesign.proportion``.

    Returns
    -------
    pandas.DataFrame
        As ``proportion`` (the unknown counted as no); then ``unknown_share``, ``high`` (the unknown counted as
        yes) and ``high_ci``, the upper bound of its interval: the truth lies between ``ci_low`` and
        ``high_ci``.
    """
    need_columns(design.frame, [y])
    given = design.frame[y]
    accepted = list(yes) if isinstance(yes, (list, tuple)) else [yes]
    parts = {"__yes": given.isin(accepted), "__unknown": given.isin(list(unknown))}
    parts["__either"] = parts["__yes"] | parts["__unknown"]
    derived = design.assign(**{name: mask.astype(float).where(given.notna()) for name, mask in parts.items()})
    table = derived.proportion(list(parts), level=1, by=by, where=where, interval=interval, confidence=confidence)
    low, hidden, high = (table[table["y"] == name].reset_index(drop=True) for name in parts)
    return low.assign(y=y, unknown_share=hidden["estimate"], high=high["estimate"], high_ci=high["ci_high"])


def non_recourse(
    design: SurveyDesign,
    steps: str | Sequence[str],
    *,
    asked: Where,
    by: By = None,
    where: Where = None,
    interval: Interval = "guarded",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Estimate the share of those asked who took none of the steps: a ratio over the domain of those asked.

    Parameters
    ----------
    steps
        0/1 columns, one a step; empty where it is not known.
    asked
        Mask of those to whom the steps were put.
    by, where, interval, confidence
        As ``SurveyDesign.proportion``.

    Returns
    -------
    pandas.DataFrame
        As ``bounded_share``: a person without any known step and with an unknown one stays in the base.
    """
    taken = numbers(design.frame, names(steps))
    some, known = (taken == 1).any(axis=1), ~np.isnan(taken).any(axis=1)
    state: list[Any] = np.select([some, known], ["some", "none"], default="unknown").tolist()
    return bounded_share(
        design.assign(non_recourse=state), "non_recourse", yes="none", unknown=("unknown",), by=by,
        where=row_mask(design.frame, asked) & row_mask(design.frame, where), interval=interval,
        confidence=confidence,
    )  # fmt: skip
