"""How far hidden cells can move while everything published stays true.

The one primitive of the attack and of the protection: directions that keep every relation, inside the bounds of
what the reader knows, found by linear programming or by projection.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.optimize import linprog
from scipy.sparse.linalg import lsmr

from diagnostic.errors import ToolError

if TYPE_CHECKING:
    from numpy.typing import NDArray

NOISE = 1e-7
ROUNDING = 1e-5
SEED = 51711


@dataclass(frozen=True, slots=True)
class Moves:
    """Directions open to the hidden cells around one known solution.

    Parameters
    ----------
    relations
        ``(m, n)``: relations of the system; only hidden columns may move.
    hidden
        ``(h,)``: positions of the hidden cells.
    down, up
        ``(h,)``: how far each may go below and above, both non-negative.
    """

    relations: sparse.csr_array
    hidden: NDArray[np.int64]
    down: NDArray[np.float64]
    up: NDArray[np.float64]

    def farthest(self, aim: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Go as far as possible along ``aim``; price the relations.

        Parameters
        ----------
        aim
            ``(h,)``: the objective; the bounds must make it finite.

        Returns
        -------
        tuple of numpy.ndarray
            The direction ``(h,)`` and the multipliers ``(m,)`` of the relations.
        """
        columns = self.relations[:, self.hidden]
        live = np.flatnonzero(np.diff(columns.indptr))
        result = linprog(
            -aim,
            A_eq=columns[live] if len(live) else None,
            b_eq=np.zeros(len(live)) if len(live) else None,
            bounds=np.column_stack([-self.down, self.up]),
            method="highs-ds",
        )
        if result.status != 0:
            raise ToolError(f"le solveur linéaire n'a pas conclu ({result.message})")
        prices = np.zeros(self.relations.shape[0])
        if len(live):
            prices[live] = -result.eqlin.marginals
        return np.asarray(result.x), prices


def generic_directions(
    relations: sparse.csr_array, hidden: NDArray[np.int64], *, count: int = 3
) -> NDArray[np.float64]:
    """Random directions that keep every relation, whatever the bounds.

    A hidden cell that none of them moves is fixed by the published cells alone; two cells that always move in the
    same proportion determine each other.

    Parameters
    ----------
    relations
        ``(m, n)``.
    hidden
        ``(h,)`` positions of the cells that may move.
    count
        Number of directions.

    Returns
    -------
    numpy.ndarray
        ``(h, count)``: projections of Gaussian vectors on the null space.

    Examples
    --------
    >>> line = sparse.csr_array(np.array([[1.0, 1.0, 1.0, -1.0]]))
    >>> np.allclose(generic_directions(line, np.array([0])), 0)
    True
    """
    matrix = relations[:, hidden]
    noise = np.random.default_rng(SEED).standard_normal((len(hidden), count))
    transposed = sparse.csr_array(matrix.T)
    for column in range(count):
        price = lsmr(transposed, noise[:, column], atol=1e-13, btol=1e-13, maxiter=20 * sum(matrix.shape))[0]
        noise[:, column] -= transposed @ price
    noise[np.abs(noise) < NOISE] = 0.0
    return noise


def linked_moves(relations: sparse.csr_array, hidden: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Group the cells that determine each other: they always move in one proportion.

    Parameters
    ----------
    relations
        ``(m, n)``.
    hidden
        ``(n,)`` mask.

    Returns
    -------
    numpy.ndarray
        ``(n, 2)`` group numbers, negative for published or fixed cells. Two groupings with shifted rounding, so
        that two equal directions fall together in one at least.

    Examples
    --------
    >>> line = sparse.csr_array(np.array([[1.0, 1.0, 1.0, -1.0]]))
    >>> linked_moves(line, np.array([True, True, False, False]))[:, 0]
    array([ 0,  0, -1, -1])
    """
    cells = np.flatnonzero(hidden)
    groups = np.full((len(hidden), 2), -1)
    if not len(cells):
        return groups
    moves = generic_directions(relations, cells)
    length = np.linalg.norm(moves, axis=1)
    free = length > NOISE
    line = moves[free] / length[free, None]
    line *= np.sign(line[np.arange(len(line)), np.argmax(np.abs(line), axis=1)])[:, None]
    for column, shift in enumerate((0.0, 0.5)):
        keys = np.floor(line / ROUNDING + shift)
        groups[cells[free], column] = np.unique(keys, axis=0, return_inverse=True)[1]
    return groups


def tied_pairs(
    groups: NDArray[np.int64], first: NDArray[np.bool_], second: NDArray[np.bool_]
) -> list[tuple[int, int]]:
    """Pairs of distinct cells of one group, from the two masks."""
    pairs: set[tuple[int, int]] = set()
    for column in groups.T:
        members: dict[int, list[int]] = {}
        for cell in np.flatnonzero(second & (column >= 0)).tolist():
            members.setdefault(int(column[cell]), []).append(cell)
        for cell in np.flatnonzero(first & (column >= 0)).tolist():
            pairs.update((cell, other) for other in members.get(int(column[cell]), []) if other != cell)
    return sorted(pairs)


def tied_with(groups: NDArray[np.int64], cell: int, other: int) -> bool:
    """Whether two cells are in one group."""
    return bool(((groups[cell] == groups[other]) & (groups[cell] >= 0)).any())
