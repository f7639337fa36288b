"""From a design and domains to a table of estimates: one row an item and a domain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from diagnostic.analysis.survey.grouping import OUTSIDE, aggregate, need_columns
from diagnostic.analysis.survey.intervals import check_interval, proportion_interval, student
from diagnostic.analysis.survey.variance import Difference, Ratio
from diagnostic.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from diagnostic.analysis.survey.design import SurveyDesign
    from diagnostic.analysis.survey.grouping import Codes, Domains, Floats, Mask
    from diagnostic.analysis.survey.intervals import Interval

_ROUNDING = 1e-12
NO_ANSWER = "aucune réponse"
NO_DEGREES = "moins d’un degré de liberté : pas d’intervalle"
NO_VARIANCE = "variance nulle : pas d’intervalle"
NO_DENOMINATOR = "dénominateur nul ou groupe vide : pas d’estimation"
NO_REPLICATE = "un jeu de poids répliqués ne contient personne de ce domaine"


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """What describes the answers of each domain, all of shape ``(domains, items)`` or ``(domains, 1)``."""

    n: Floats
    weight: Floats
    kish: Floats
    df: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Estimates:
    """Numbers by domain and item before they become rows, all of shape ``(domains, items)``."""

    estimate: Floats
    variance: Floats
    n: Floats
    n_eff: Floats
    df: Floats
    deff: Floats


def answers(values: Floats) -> tuple[Floats, Floats]:
    """Split answers into values (zero where empty) and a mark of the answers, in one column when all answered."""
    missing = np.isnan(values)
    if not missing.any():
        return values, np.ones((len(values), 1))
    return np.where(missing, 0.0, values), (~missing).astype(np.float64)


def moments(design: SurveyDesign, codes: Codes, count: int, answered: Floats) -> Moments:
    """Count the answers, their weight, Kish's design effect and the degrees of freedom by domain."""
    weights = design.weights
    n = aggregate(codes, count, answered)
    weight = aggregate(codes, count, answered, weights=weights)
    squares = aggregate(codes, count, answered, weights=weights**2)
    with np.errstate(invalid="ignore", divide="ignore"):
        kish = n * squares / weight**2
    return Moments(n, weight, kish, design.sampling.degrees(codes, count, answered))


def estimate_ratio(design: SurveyDesign, ratio: Ratio, answered: Floats) -> Estimates:
    """Estimate means, ratios or totals by domain, with their design effects.

    The reference of ``deff`` is simple random sampling with replacement (R: ``deff="replace"``), and
    ``n_eff = (n - 1) / deff``, which for a proportion is ``p (1 - p) / variance``.
    """
    found = moments(design, ratio.codes, ratio.count, answered)
    values = ratio.value(design.weights)
    influence = ratio.influence(design.weights, values)
    variance = design.sampling.variance(ratio, influence)
    # The residuals of a constant answer are rounding: their variance is none.
    variance = np.where(variance <= (_ROUNDING * values) ** 2, 0.0, variance)
    reference = _simple_variance(design, ratio, influence, found, answered)
    if design.basis != "random":
        variance = np.fmax(variance, reference * np.maximum(found.kish, 1))
    with np.errstate(invalid="ignore", divide="ignore"):
        deff = np.where((variance > 0) & (reference > 0), variance / reference, found.kish)
        n_eff = np.where((variance > 0) & (reference > 0), (found.n - 1) / deff, found.n / found.kish)
    n, n_eff, df = (np.broadcast_to(part, values.shape) for part in (found.n, n_eff, found.df))
    return Estimates(values, variance, n, n_eff, df, deff)


def _simple_variance(
    design: SurveyDesign, ratio: Ratio, influence: Floats, found: Moments, answered: Floats
) -> Floats:
    """Give the variance under simple random sampling with replacement of as many respondents."""
    if ratio.x is None:  # a total is compared with that of a centred variable
        as_mean = Ratio(ratio.y, answered, ratio.codes, ratio.count)
        influence = design.weights[:, None] * as_mean.residual(as_mean.value(design.weights))
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = aggregate(ratio.codes, ratio.count, influence**2, weights=1 / design.weights)
        reference: Floats = spread * found.weight / (found.n - 1)
    return reference


def estimate_difference(design: SurveyDesign, ratio: Ratio, answered: Floats) -> Estimates:
    """Estimate first group minus second; ``n`` counts both groups.

    ``deff`` compares with two independent simple random samples, ``n_eff`` is ``n / deff``.
    """
    difference = Difference(ratio)
    half = difference.count
    parts = estimate_ratio(design, ratio, answered)
    influence = difference.influence(design.weights, parts.estimate)
    variance = design.sampling.variance(difference, influence)
    found = moments(design, difference.codes, half, answered)
    with np.errstate(invalid="ignore", divide="ignore"):
        simple = parts.variance / parts.deff
        reference = simple[:half] + simple[half:]
        if design.basis != "random":
            variance = np.maximum(variance, parts.variance[:half] + parts.variance[half:])
        deff = np.where((variance > 0) & (reference > 0), variance / reference, found.kish)
    n = parts.n[:half] + parts.n[half:]
    values = parts.estimate[:half] - parts.estimate[half:]
    return Estimates(values, variance, n, n / deff, np.broadcast_to(found.df, values.shape), deff)


def as_table(
    items: Mapping[str, Sequence[Any]],
    domains: Domains,
    found: Estimates,
    *,
    confidence: float,
    interval: Interval | None = None,
    interval_df: Floats | None = None,
    counts: Floats | None = None,
) -> pd.DataFrame:
    """Lay the estimates out, item after item, domain after domain.

    Parameters
    ----------
    items
        Columns that describe the items (``y``, ``level``), one value an item.
    domains
        The domains and their labels.
    found
        The numbers.
    confidence
        Coverage aimed at.
    interval
        Interval of a proportion; ``estimate ± t se`` without it.
    interval_df
        Degrees of freedom of the interval, when they are not those of the domain.
    counts
        Unweighted respondents with the level, for proportions.

    Returns
    -------
    pandas.DataFrame
        ``y``, (``level``), the ``by`` columns, ``estimate, se, ci_low, ci_high, n, n_eff, df, deff``, (``count``),
        ``note``: a number is missing exactly where the note says why.
    """
    check_interval(interval or "wald", confidence)
    se = np.sqrt(found.variance)
    if interval is None:
        with np.errstate(invalid="ignore"):
            half = np.where(se > 0, student(found.df, confidence) * se, np.nan)
        low, high = found.estimate - half, found.estimate + half
    else:
        df = found.df if interval_df is None else interval_df
        low, high = proportion_interval(
            found.estimate, n=found.n, n_eff=found.n_eff, df=df, interval=interval, confidence=confidence
        )
    known = np.isfinite(low) & np.isfinite(high)
    low, high = (np.where(known, bound, np.nan) for bound in (low, high))
    columns = {
        "estimate": found.estimate, "se": se, "ci_low": low, "ci_high": high, "n": found.n, "n_eff": found.n_eff,
        "df": found.df, "deff": found.deff,
    }  # fmt: skip
    if counts is not None:
        columns["count"] = counts
    return lay_out(items, domains, columns | {"note": _notes(found, se, known)})


def lay_out(
    items: Mapping[str, Sequence[Any] | Floats], domains: Domains, columns: Mapping[str, Any]
) -> pd.DataFrame:
    """Turn arrays of shape ``(domains, items)`` into rows, item after item, domain after domain.

    Raises
    ------
    InputError
        When a ``by`` variable bears the name of a result column.
    """
    clash = [str(name) for name in domains.labels if name in items or name in columns]
    if clash:
        raise InputError(
            Fault("une variable de croisement porte le nom d’une colonne de résultat", found=", ".join(clash),
                  remedy="renommez-la")
        )  # fmt: skip
    count = len(next(iter(items.values())))
    parts = [
        pd.DataFrame({name: pd.Series(list(values)).repeat(domains.count) for name, values in items.items()}),
        domains.labels.iloc[np.tile(np.arange(domains.count), count)],
        pd.DataFrame({name: np.asarray(values).T.ravel() for name, values in columns.items()}),
    ]
    table = pd.concat([part.reset_index(drop=True) for part in parts], axis=1)
    return table.astype({name: np.int64 for name in ("n", "df", "count") if name in columns})


def _notes(found: Estimates, se: Floats, known: Mask) -> NDArray[np.str_]:
    """Say in French why a number is missing."""
    return np.select(
        [found.n == 0, ~np.isfinite(found.estimate), np.isnan(se), ~known & (found.df < 1), ~known],
        [NO_ANSWER, NO_DENOMINATOR, NO_REPLICATE, NO_DEGREES, NO_VARIANCE],
        default="",
    )


def indicators(
    frame: pd.DataFrame, items: Sequence[str], level: object | Sequence[object] | None
) -> tuple[Floats, dict[str, list[Any]]]:
    """Turn answers into 0/1 columns, one for each item and level, NaN where there is no answer.

    Without ``level``, yes/no items (0/1 or boolean) give their yes, other items each of their levels.

    Returns
    -------
    indicators
        Shape ``(rows, items × levels)``.
    labels
        ``y``, and ``level`` when several levels are given.

    Raises
    ------
    InputError
        When a column is absent or nobody in the survey could choose the level asked.
    """
    need_columns(frame, items)
    if level is None:
        binary = _yes_no(frame, items)
        if binary is not None:
            return binary, {"y": list(items)}
    many = level is None or isinstance(level, (list, tuple))
    columns: list[Floats] = []
    labels: dict[str, list[Any]] = {"y": [], "level": []}
    faults: list[Fault] = []
    for name in items:
        answers_of = frame[name]
        known = levels_of(answers_of)
        wanted: list[Any] = list(level) if isinstance(level, (list, tuple)) else [level]
        wanted = known if level is None else wanted
        faults += [_unknown_level(name, asked, known) for asked in wanted if asked not in known]
        missing = answers_of.isna().to_numpy()
        for asked in wanted:
            chosen = (answers_of == asked).fillna(value=False).to_numpy(dtype=np.float64)
            columns.append(np.where(missing, np.nan, chosen))
            labels["y"].append(name)
            labels["level"].append(asked)
    if faults:
        raise InputError(faults)
    return np.column_stack(columns), labels if many else {"y": labels["y"]}


def _yes_no(frame: pd.DataFrame, items: Sequence[str]) -> Floats | None:
    """Give the items as they are when all are 0/1 or boolean."""
    if not all(pd.api.types.is_numeric_dtype(frame[name]) for name in items):
        return None
    values = np.ascontiguousarray(frame[list(items)].to_numpy(dtype=np.float64, na_value=np.nan))
    return values if bool(((values == 0) | (values == 1) | np.isnan(values)).all()) else None


def levels_of(answers_of: pd.Series[Any]) -> list[Any]:
    """Give the levels of an item: declared by its categories, else observed, in order."""
    if isinstance(answers_of.dtype, pd.CategoricalDtype):
        return list(answers_of.cat.categories)
    return sorted(answers_of.dropna().unique().tolist(), key=lambda value: (str(type(value)), value))


def _unknown_level(name: str, asked: object, known: Sequence[object]) -> Fault:
    shown = ", ".join(str(level) for level in known[:12])
    return Fault(
        f"personne n’a choisi la modalité « {asked} » et elle n’est pas déclarée",
        column=name, expected=shown, remedy="vérifiez son écriture, ou déclarez la question comme catégorielle",
    )  # fmt: skip


def two_groups(frame: pd.DataFrame, domains: Domains, by: str, groups: tuple[object, object]) -> Codes:
    """Mark the first group's rows by their domain, the second's ``domains.count`` further.

    Raises
    ------
    InputError
        When a group is unknown, or empty in one of the domains.
    """
    need_columns(frame, [by])
    known = levels_of(frame[by])
    faults = [_unknown_level(by, group, known) for group in groups if group not in known]
    if faults:
        raise InputError(faults)
    first, second = ((frame[by] == group).fillna(value=False).to_numpy(dtype=bool) for group in groups)
    inside = domains.codes != OUTSIDE
    shifted = np.where(second & inside, domains.codes + domains.count, OUTSIDE)
    return np.where(first & inside, domains.codes, shifted)
