"""Two questions crossed: shares by row, and the Rao-Scott test of independence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.special import fdtrc

from diagnostic.analysis.survey.grouping import OUTSIDE, make_domains, need_columns
from diagnostic.analysis.survey.variance import Ratio

if TYPE_CHECKING:
    from collections.abc import Sequence

    from diagnostic.analysis.survey.design import SurveyDesign
    from diagnostic.analysis.survey.grouping import Codes, Floats, Mask
    from diagnostic.analysis.survey.intervals import Interval

NO_TEST = "échantillon non aléatoire : pas de test"
ONE_LEVEL = "une seule modalité observée : pas de test"
NO_DEGREES = "moins d’un degré de liberté : pas de test"


@dataclass(frozen=True, slots=True, eq=False)
class Crosstab:
    """A crossing of two questions.

    Parameters
    ----------
    shares
        One row a pair of levels (and a domain): share of the column's level among those of the row's level.
    test
        One row a domain: the ``by`` columns, ``statistic, df1, df2, p_value, n, note``. The statistic is the
        Pearson chi-square divided by the mean generalised design effect, to be read on F(``df1``, ``df2``).
    """

    shares: pd.DataFrame
    test: pd.DataFrame


def crosstab(
    design: SurveyDesign,
    row: str,
    column: str,
    *,
    by: Sequence[str],
    inside: Mask,
    interval: Interval,
    confidence: float,
) -> Crosstab:
    """Cross two questions; see ``SurveyDesign.crosstab``."""
    need_columns(design.frame, [row, column])
    both = inside & design.frame[[row, column]].notna().all(axis=1).to_numpy()
    shares = design.proportion(
        column, level=_observed(design.frame[column], both), by=[*by, row], where=both, interval=interval,
        confidence=confidence,
    )  # fmt: skip
    domains = make_domains(design.frame, by, both)
    tests = [_test(design, row, column, domains.codes == domain) for domain in range(domains.count)]
    return Crosstab(shares, pd.concat([domains.labels.reset_index(drop=True), pd.DataFrame(tests)], axis=1))


def _observed(answers_of: pd.Series[Any], rows: Mask) -> list[Any]:
    return [level for level, _ in answers_of[rows].groupby(answers_of[rows], observed=True, sort=True)]


def _test(design: SurveyDesign, row: str, column: str, inside: Mask) -> dict[str, Any]:
    """Test independence within one domain (Rao and Scott 1984, second-order correction)."""
    frame = design.frame.loc[inside, [row, column]]
    none = {"statistic": np.nan, "df1": np.nan, "df2": np.nan, "p_value": np.nan, "n": len(frame)}
    if design.basis != "random":
        return none | {"note": NO_TEST}
    (row_codes, rows), (column_codes, columns) = (pd.factorize(frame[name], sort=True) for name in (row, column))
    if min(len(rows), len(columns)) < 2:  # noqa: PLR2004 - independence needs two levels on each side
        return none | {"note": ONE_LEVEL}
    cells = np.full(len(inside), OUTSIDE, dtype=np.int64)
    cells[inside] = row_codes * len(columns) + column_codes
    codes = np.where(inside, 0, OUTSIDE).astype(np.int64)
    df = float(design.sampling.degrees(codes, 1, np.ones((len(inside), 1)))[0, 0])
    if df < 1:
        return none | {"note": NO_DEGREES}
    shape = (len(rows), len(columns))
    shares, covariance = _joint_shares(design, cells, codes, shape[0] * shape[1])
    eigen = _generalised_effects(shares, covariance * len(frame), shape)
    statistic = len(frame) * _pearson(shares.reshape(shape)) / eigen.sum()
    first = eigen.sum() ** 2 / (eigen**2).sum()
    p_value = float(fdtrc(first, first * df, statistic))
    return none | {"statistic": statistic, "df1": first, "df2": first * df, "p_value": p_value, "note": ""}


def _joint_shares(design: SurveyDesign, cells: Codes, codes: Codes, count: int) -> tuple[Floats, Floats]:
    """Give the share of each cell and their covariance matrix."""
    indicator = (cells[:, None] == np.arange(count)).astype(np.float64)
    ratio = Ratio(indicator, np.ones((len(cells), 1)), codes, 1)
    values = ratio.value(design.weights)
    return values[0], design.sampling.covariance(ratio, ratio.influence(design.weights, values))


def _pearson(shares: Floats) -> float:
    expected = np.outer(shares.sum(axis=1), shares.sum(axis=0))
    return float(((shares - expected) ** 2 / expected).sum())


def _generalised_effects(shares: Floats, covariance: Floats, shape: tuple[int, int]) -> Floats:
    """Give the generalised design effects: eigenvalues of the covariance against that of multinomial sampling."""
    rows, columns = np.indices(shape).reshape(2, -1)
    main = np.column_stack([np.eye(shape[0])[rows], np.eye(shape[1])[columns][:, 1:]])
    both = np.column_stack([
        np.eye(shape[0])[rows][:, a] * np.eye(shape[1])[columns][:, b]
        for a in range(1, shape[0])
        for b in range(1, shape[1])
    ])  # fmt: skip
    contrasts = both - main @ np.linalg.lstsq(main, both, rcond=None)[0]
    inverse = np.divide(1.0, shares, out=np.zeros_like(shares), where=shares > 0)[:, None]
    scaled = inverse * contrasts
    effects = np.linalg.solve(contrasts.T @ scaled, scaled.T @ covariance @ scaled)
    eigen: Floats = np.linalg.eigvals(effects).real
    return eigen
