"""Persons alike, and the precision of what is computed of them: a function of few sums, derived by each of them.

References
----------
Deville, J.-C. (1999), Survey Methodology 25, 193-203. Squire, W. and Trapp, G. (1998), SIAM Review 40, 110-112: a
step of 1e-20 along the imaginary axis gives a derivative without cancellation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from diagnostic.analysis.survey.estimation import levels_of
from diagnostic.analysis.survey.grouping import OUTSIDE, aggregate, need_columns, numbers
from diagnostic.analysis.survey.reliability import PUBLICATION
from diagnostic.errors import Fault, InputError, RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from diagnostic.analysis.survey import SurveyDesign
    from diagnostic.analysis.survey.grouping import Codes, Floats

    Numbers = NDArray[Any]  # real, or complex while a derivative is taken
    Value = Callable[[Numbers, Numbers], Numbers]

CONSTANT: Final = "(constante)"
STEP: Final = 1e-20
MOST_PROFILES: Final = 5000


@dataclass(frozen=True, slots=True, eq=False)
class Profiles:
    """Persons alike share a row: there are few, whatever the number of persons.

    Parameters
    ----------
    codes, outcome
        Shape ``(persons,)``: profile (``OUTSIDE`` for whoever is of neither group) and outcome.
    matrix
        Shape ``(profiles, covariates)``, a constant first.
    names
        Variable and level of each covariate.
    situations, first
        Shape ``(profiles,)``: the crossing of covariates, and whether the profile is of the first group.
    """

    codes: Codes
    outcome: Floats
    matrix: Floats
    names: list[tuple[str, str]]
    situations: Codes
    first: NDArray[np.bool_]

    def totals(self, weights: Floats) -> tuple[Floats, Floats]:
        """Give the weight of each profile, and its weighted sum of the outcome."""
        pairs = np.column_stack([np.ones(len(weights)), self.outcome])
        sums = aggregate(self.codes, len(self.matrix), pairs, weights=weights)
        return sums[:, 0], sums[:, 1]


@dataclass(frozen=True, slots=True, eq=False)
class Linearised:
    """What a variance asks of an estimate of everybody."""

    profiles: Profiles
    function: Value
    count: int = 1

    @property
    def codes(self) -> Codes:
        """Give one domain, everybody who has a profile."""
        return np.where(self.profiles.codes == OUTSIDE, OUTSIDE, 0)

    def value(self, weights: Floats) -> Floats:
        """Give the estimates under these weights, shape ``(1, items)``."""
        return np.asarray(self.function(*self.profiles.totals(weights)))[None, :]

    def covariance(self, design: SurveyDesign, slopes: tuple[Floats, Floats]) -> Floats:
        """Give the covariance of the estimates, from their derivatives by the totals of each profile."""
        by_weight, by_outcome = slopes
        person = self.profiles.codes
        influence = by_weight[person] + self.profiles.outcome[:, None] * by_outcome[person]
        return design.sampling.covariance(self, design.weights[:, None] * influence)


def slopes(function: Value, totals: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """Differentiate by each total in turn: shapes ``(profiles, items)``."""
    found = []
    for place in (0, 1):
        rows = []
        for profile in range(len(totals[0])):
            moved = [total.astype(complex) for total in totals]
            moved[place][profile] += 1j * STEP
            rows.append(function(*moved).imag / STEP)
        found.append(np.array(rows))
    return found[0], found[1]


def find_profiles(
    design: SurveyDesign, outcome: str, by: Sequence[str], *, least: int,
    between: tuple[str, tuple[str, str]] | None = None,
) -> Profiles:  # fmt: skip
    """Find who is alike; every person is of the first group where there are no groups."""
    if design.basis != "random":
        raise RefusedError(Fault("un échantillon qui n’est pas tiré au hasard n’a pas de régression avec erreurs",
                                 remedy="décrivez les répondants, sans ajustement"))  # fmt: skip
    frame = design.frame
    need_columns(frame, [outcome, *by, *([between[0]] if between else [])])
    sides = _sides(frame, *between) if between else np.zeros(len(frame), dtype=np.int64)
    inside = sides != OUTSIDE
    y = numbers(frame, [outcome])[:, 0]
    empty = [name for name in (outcome, *by) if frame.loc[inside, name].isna().any()]
    if empty:
        raise InputError([Fault("réponse absente", column=name, remedy="restreignez l’échantillon à qui répond")
                          for name in empty])  # fmt: skip
    _check_sizes(frame.loc[inside], y[inside], [between[0]] if between else by, least)
    alike = frame.loc[inside, list(by)].groupby(list(by), observed=True, sort=True)
    situation = alike.ngroup().to_numpy(dtype=np.int64)
    labels = alike.size().index.to_frame(index=False)
    pairs, codes = np.unique(situation * 2 + sides[inside], return_inverse=True)
    if between and len(pairs) > MOST_PROFILES:
        raise InputError(Fault("trop de situations différentes", expected=f"{MOST_PROFILES} au plus",
                               found=str(len(pairs)), remedy="regroupez les modalités"))  # fmt: skip
    full = np.full(len(frame), OUTSIDE, dtype=np.int64)
    full[inside] = codes
    matrix, names = _matrix(labels, frame)
    return Profiles(full, np.where(inside, y, 0.0), matrix[pairs // 2], names, pairs // 2, pairs % 2 == 0)


def _check_sizes(frame: pd.DataFrame, y: Floats, columns: Sequence[str], least: int) -> None:
    """Refuse what would speak of a few persons: small groups, and yes or no that almost all, or nobody, share."""
    yes = y == y.max() if len(np.unique(y)) == 2 else None  # noqa: PLR2004 - a yes or no
    rare = min(PUBLICATION.hidden_count, least - 1)
    faults = []
    for name in columns:
        if pd.api.types.is_numeric_dtype(frame[name].dtype):
            continue
        for level in [level for level in levels_of(frame[name]) if (frame[name] == level).any()]:
            here = (frame[name] == level).to_numpy(dtype=bool)
            size, some = int(here.sum()), rare if yes is None else int(min(yes[here].sum(), (~yes[here]).sum()))
            if size < least or some < rare:
                faults.append(Fault(
                    "trop peu de personnes pour en dire un écart", column=name, found=f"{level}\u00a0: {size}",
                    expected=f"{least} personnes, dont {rare} de chaque réponse",
                    remedy="regroupez les modalités, ou élargissez le territoire",
                ))  # fmt: skip
    if faults:
        raise RefusedError(faults)


def _sides(frame: pd.DataFrame, between: str, groups: tuple[str, str]) -> Codes:
    known = levels_of(frame[between])
    unknown = [group for group in groups if group not in known or not (frame[between] == group).any()]
    if unknown:
        raise InputError([Fault("groupe inconnu ou vide", column=between, found=str(group),
                                expected=", ".join(map(str, known)), remedy="vérifiez son écriture")
                          for group in unknown])  # fmt: skip
    first, second = (frame[between] == groups[0], frame[between] == groups[1])
    return np.select([first, second], [0, 1], OUTSIDE).astype(np.int64)


def _matrix(labels: pd.DataFrame, frame: pd.DataFrame) -> tuple[Floats, list[tuple[str, str]]]:
    """Give the covariates of each situation: numbers as they are, a mark for each level but the first."""
    columns, names = [np.ones(len(labels))], [(CONSTANT, "")]
    for name in map(str, labels.columns):
        if pd.api.types.is_numeric_dtype(labels[name].dtype):
            columns.append(labels[name].to_numpy(dtype=float))
            names.append((name, ""))
            continue
        present = set(labels[name])
        for level in [level for level in levels_of(frame[name]) if level in present][1:]:
            columns.append((labels[name] == level).to_numpy(dtype=float))
            names.append((name, str(level)))
    return np.column_stack(columns), names


def collinear(matrix: Floats) -> bool:
    """Say whether a column can be deduced from the others."""
    return bool(np.linalg.matrix_rank(matrix) < matrix.shape[1])
