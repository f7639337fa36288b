"""An outsider's attempt on what is about to be published."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import linprog

from diagnostic.analysis.disclosure.problem import BLOCK_CELLS, Problem, blocks
from diagnostic.analysis.disclosure.ranges import NOISE
from diagnostic.analysis.disclosure.rules import find_rule
from diagnostic.analysis.disclosure.search import Hunt
from diagnostic.analysis.disclosure.tables import System, read, stack
from diagnostic.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from diagnostic.analysis.disclosure.rules import Rule

EXACT = "retrouvée exactement par soustraction"
NARROW = "encadrée de trop près"
SMALL_SUM = "les cases masquées d'un total publié font ensemble moins que le seuil"


def attack(
    tables: pd.DataFrame | Sequence[pd.DataFrame],
    dimensions: Sequence[str] | None = None,
    *,
    value: str = "n",
    rule: str | Rule | None = None,
    threshold: int | None = None,
    hierarchies: Mapping[str, Mapping[str, str]] | None = None,
    overlapping: Mapping[str, str] | None = None,
    status: str = "status",
) -> pd.DataFrame:
    """Solve for the range of each hidden cell from everything published.

    The attacker knows the published cells of every table, that they add up, that counts are whole numbers and
    never negative. Nothing here knows the hidden values.

    Parameters
    ----------
    tables
        One long table or several that share cells; the value of a hidden cell is null.
    dimensions
        The coordinate columns; by default the columns of text other than the status.
    value
        The column of counts.
    rule, threshold
        The least width of a primary's range is the threshold less one; without either only exact cells are listed.
    hierarchies, overlapping
        As in :func:`protect`.
    status
        Column that says ``primary`` or ``secondary``; without it every hidden cell is taken for a primary.

    Returns
    -------
    pandas.DataFrame
        One row a cell that fails: its coordinates, ``low``, ``high``, ``required`` (the least width) and ``why``.
        Empty when the attack gives nothing.

    Raises
    ------
    InputError
        If the published cells contradict each other, with every fault at once.

    Examples
    --------
    >>> cells = pd.DataFrame({"part": ["A", "B", "C", "Ensemble"], "n": [15, None, None, 23]})
    >>> attack(cells, threshold=11)[["part", "low", "high"]]
      part  low  high
    0    B    0     8
    1    C    0     8
    """
    frames = [tables] if isinstance(tables, pd.DataFrame) else list(tables)
    names = list(dimensions) if dimensions is not None else _text_columns(frames, {value, status})
    table = stack(frames, dimensions=names, value=value)
    if rule is not None:
        threshold = find_rule(rule).stricter(threshold)
    system = read(table, names, value=value, hierarchies=hierarchies, overlapping=overlapping)
    hidden = np.isnan(system.counts)
    strong = hidden[: system.rows].copy()
    if status in table.columns:
        strong &= (table[status] != "secondary").to_numpy()
    problem = _as_seen(system, hidden, strong, threshold)
    found = _narrow(problem, hidden)
    failed = pd.DataFrame(found, columns=["row", "low", "high", "required"]).set_index("row")
    failed = failed.astype({"low": "Int64", "high": "Int64", "required": "Int64"})
    failed["why"] = np.where(failed["low"] == failed["high"], EXACT, NARROW)
    for row in _small_sums(problem, hidden):
        if row not in failed.index:
            failed.loc[row] = [pd.NA, pd.NA, threshold, SMALL_SUM]
    return table.loc[failed.sort_index().index, names].join(failed).reset_index(drop=True)


def _text_columns(frames: list[pd.DataFrame], but: set[str]) -> list[str]:
    names = [name for frame in frames for name in frame.columns if not pd.api.types.is_numeric_dtype(frame[name])]
    return [name for name in dict.fromkeys(names) if name not in but]


def _as_seen(
    system: System, hidden: NDArray[np.bool_], strong: NDArray[np.bool_], threshold: int | None
) -> Problem:
    """Put one solution that the attacker finds in place of the true one, which it does not know."""
    values = np.where(hidden, 0.0, system.counts)
    if hidden.any():
        values[hidden] = _plausible(system.relations[:, hidden], -(system.relations @ values))
    primary = np.zeros(len(values), dtype=bool)
    primary[: system.rows] = strong
    seen = replace(system, counts=values)
    return Problem(seen, primary, np.zeros_like(primary), np.zeros(len(values)), threshold, None)


def _plausible(columns: sparse.csr_array, remainders: NDArray[np.float64]) -> NDArray[np.float64]:
    """Find the solution nearest to even shares: away from its bounds, neighbourhoods show more."""
    parts = columns.maximum(0)
    shared = (remainders > 0) & (columns.min(axis=1).toarray() >= 0)
    share = np.where(shared, remainders, 0.0) / np.maximum(parts.sum(axis=1), 1)
    guess = np.round((parts.T @ share) / np.maximum(parts.T @ shared.astype(float), 1))
    size = len(guess)
    result = linprog(
        np.ones(2 * size),
        A_eq=sparse.hstack([columns, -columns], format="csr"),
        b_eq=remainders - columns @ guess,
        bounds=np.column_stack([np.zeros(2 * size), np.append(np.full(size, np.inf), guess)]),
        method="highs-ds",
    )
    if result.status != 0:
        raise InputError(
            Fault(
                "les cases publiées se contredisent",
                expected="des tableaux issus du même fichier",
                remedy="reconstruisez les tableaux ensemble avant de les publier",
            )
        )
    return np.asarray(guess + result.x[:size] - result.x[size:])


def _narrow(problem: Problem, hidden: NDArray[np.bool_]) -> list[tuple[int, int, int, int]]:
    """Hidden cells whose range is narrower than required, with the whole numbers it holds."""
    hunt = Hunt(problem, blocks(problem.system, BLOCK_CELLS))
    rows = np.arange(len(hidden)) < problem.system.rows
    need = np.where(problem.primary, problem.width, 1.0) * (hidden & rows)
    reader = hunt.outsider
    found = []
    for target in hunt.unproved(reader, hidden, need, hunt.seen[id(reader)]).tolist():
        # A neighbourhood may not see what the whole does: the verdict is the whole's.
        for seen in (hidden & hunt.block(target), hidden):
            (down, up), _ = hunt.span(reader, seen, target, float(need[target]) + 1.0)
            value = problem.system.counts[target]
            low, high = int(np.ceil(value - down - NOISE)), int(np.floor(value + up + NOISE))
            if high - low >= need[target]:
                break
        else:
            found.append((target, low, high, int(need[target])))
    return found


def _small_sums(problem: Problem, hidden: NDArray[np.bool_]) -> list[int]:
    """Hidden cells that make, all together, less than the threshold under a published total."""
    if problem.threshold is None:
        return []
    sums, values = problem.system.sums, problem.system.counts
    parts, totals = sums.maximum(0), (-sums).maximum(0)
    bare = (parts @ hidden.astype(float) > 0) & (totals @ hidden.astype(float) == 0)
    low = bare & (parts @ (hidden * values) < problem.threshold - NOISE)
    return np.flatnonzero((parts.T @ low.astype(float) > 0) & hidden).tolist()
