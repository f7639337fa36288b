"""The choice of the secondary cells: a covering problem whose constraints the attack itself discovers.

Hiding a set of cells is enough when no reader gets too near a hidden cell. Each time one does, linear duality gives
a constraint that every sufficient set satisfies and the present one does not (Benders' method: M. Fischetti,
J. J. Salazar-Gonzalez, "Models and algorithms for the 2-dimensional cell suppression problem in statistical
disclosure control", Mathematical Programming 84, 1999). The cheapest set is found again, until no reader succeeds:
with a single neighbourhood it is then the optimum.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from diagnostic.analysis.disclosure.problem import BLOCK_CELLS, Problem, Reader, blocks
from diagnostic.analysis.disclosure.ranges import NOISE, SEED, Moves, generic_directions
from diagnostic.errors import ToolError

if TYPE_CHECKING:
    from numpy.typing import NDArray

EXACT_CELLS = 4000


@dataclass(slots=True)
class Cuts:
    """Constraints ``sum of coefficients x hidden >= bound`` on the cells that may be hidden."""

    coefficients: list[tuple[NDArray[np.int64], NDArray[np.float64]]] = field(default_factory=list)
    bounds: list[float] = field(default_factory=list)

    def add(self, cells: NDArray[np.int64], weights: NDArray[np.float64], bound: float) -> None:
        """Add one constraint."""
        self.coefficients.append((cells, weights))
        self.bounds.append(bound)

    def cheapest(self, problem: Problem, kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """The cheapest set that satisfies every constraint and holds ``kept``."""
        columns = np.flatnonzero(problem.hideable)
        place = np.zeros(len(problem.primary), dtype=np.int64)
        place[columns] = np.arange(len(columns))
        chosen = np.zeros(len(problem.primary), dtype=bool)
        if not self.bounds:
            return chosen
        lengths = [len(cells) for cells, _ in self.coefficients]
        matrix = sparse.csr_array(
            (
                np.concatenate([weights for _, weights in self.coefficients]),
                (
                    np.repeat(np.arange(len(lengths)), lengths),
                    place[np.concatenate([cells for cells, _ in self.coefficients])],
                ),
            ),
            shape=(len(lengths), len(columns)),
        )
        result = milp(
            problem.loss[columns],
            integrality=np.ones(len(columns)),
            bounds=Bounds(kept[columns].astype(float), 1),
            constraints=LinearConstraint(matrix, np.array(self.bounds), np.inf),
            options={"mip_rel_gap": 0.0},
        )
        if result.x is None:
            raise ToolError(f"le solveur n'a pas trouvé de masquage suffisant ({result.message})")
        chosen[columns] = result.x > 0.5  # noqa: PLR2004 - a binary, up to the solver's tolerance
        return chosen


@dataclass(slots=True)
class Evidence:
    """Solutions a reader cannot tell from the true one, and the spans they prove."""

    points: list[tuple[NDArray[np.int64], NDArray[np.float64]]] = field(default_factory=list)

    def spans(self, hidden: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Lowest and highest deviation proved for each cell, from the points that only move hidden cells."""
        low, high = np.zeros(len(hidden)), np.zeros(len(hidden))
        for cells, shift in self.points:
            if hidden[cells].all():
                low[cells] = np.minimum(low[cells], shift)
                high[cells] = np.maximum(high[cells], shift)
        return low, high


def search(problem: Problem) -> NDArray[np.bool_]:
    """Choose the cells to hide besides the primaries.

    Parameters
    ----------
    problem
        What must be protected.

    Returns
    -------
    numpy.ndarray
        ``(n,)`` mask of the secondary cells. The cheapest sufficient set up to ``EXACT_CELLS`` cells; above, a
        sufficient set: each cell is protected by moves inside one neighbourhood, and a cell once hidden stays so.
    """
    exact = len(problem.primary) <= EXACT_CELLS
    hunt = Hunt(problem, blocks(problem.system, EXACT_CELLS if exact else BLOCK_CELLS))
    cuts = Cuts()
    chosen = np.zeros(len(problem.primary), dtype=bool)
    while hunt.cut(chosen, cuts):
        chosen = cuts.cheapest(problem, chosen & (not exact))
        if not exact:
            cuts = Cuts()
    return chosen


class Hunt:
    """The readers, run against a set of hidden cells; what they learn becomes constraints."""

    def __init__(self, problem: Problem, neighbourhoods: list[NDArray[np.bool_]]) -> None:
        self.problem = problem
        self.blocks = neighbourhoods
        self.outsider, self.informed = problem.outsider(), problem.informed()
        self.seen = {id(reader): Evidence() for reader in (self.outsider, self.informed)}
        self.exempt = np.zeros(len(problem.primary), dtype=bool)
        self.same_person: set[tuple[int, int]] = set()
        self.random = np.random.default_rng(SEED)

    def cut(self, chosen: NDArray[np.bool_], cuts: Cuts) -> bool:
        """Add what every sufficient set must satisfy and this one does not; say whether there was anything.

        The cheap constraints come first: the solver is asked again before any linear programme is run.
        """
        hidden = self.problem.always | chosen
        before = len(cuts.bounds)
        self._lonely(hidden, cuts)
        self._small_sums(hidden, cuts)
        if len(cuts.bounds) == before:
            self._insiders(hidden, cuts)
            real = hidden & (np.arange(len(hidden)) < self.problem.system.rows)
            primary = self.problem.primary
            self._ranges(self.outsider, hidden, primary * self.problem.width, cuts)
            self._ranges(self.informed, hidden, 1.0 * (real & ~self.exempt), cuts)
            self._ranges(self.outsider, hidden, 1.0 * (real & self.exempt & ~primary), cuts)
        return len(cuts.bounds) > before

    def _lonely(self, hidden: NDArray[np.bool_], cuts: Cuts) -> None:
        """A hidden cell alone in a relation is read by subtraction."""
        pattern = abs(self.problem.system.relations)
        for line in np.flatnonzero(pattern @ hidden.astype(float) == 1):
            cells = pattern.indices[pattern.indptr[line] : pattern.indptr[line + 1]]
            (alone,) = cells[hidden[cells]]
            others = cells[self.problem.hideable[cells] & (cells != alone)]
            self._conditional(alone, others, np.ones(len(others)), 1.0, cuts)

    def _small_sums(self, hidden: NDArray[np.bool_], cuts: Cuts) -> None:
        """The hidden parts of a published total, together, are a cell like another."""
        threshold, values = self.problem.threshold, self.problem.system.values
        if threshold is None:
            return
        sums = self.problem.system.sums
        parts, totals = sums.maximum(0), (-sums).maximum(0)
        bare = (parts @ hidden.astype(float) > 0) & (totals @ hidden.astype(float) == 0)
        for line in np.flatnonzero(bare & (parts @ (hidden * values) < threshold)):
            cells = sums.indices[sums.indptr[line] : sums.indptr[line + 1]]
            part = sums.data[sums.indptr[line] : sums.indptr[line + 1]] > 0
            base = cells[part & self.problem.primary[cells]]
            if not len(base):
                base = cells[part & hidden[cells]][:1]
            missing = threshold - values[base].sum()
            help_ = np.where(part, np.minimum(values[cells], missing), missing)
            useful = self.problem.hideable[cells] & (help_ > 0) & ~np.isin(cells, base)
            self._conditional(base[0], cells[useful], help_[useful], missing, cuts)

    def _insiders(self, hidden: NDArray[np.bool_], cuts: Cuts) -> None:
        """A lone contributor knows its own cell: nothing else may follow from it."""
        system, primary = self.problem.system, self.problem.primary
        cells = np.flatnonzero(hidden)
        moves = generic_directions(system.relations, cells)
        length = np.linalg.norm(moves, axis=1)
        free = length > NOISE
        line = moves[free] / length[free, None]
        line *= np.sign(line[np.arange(len(line)), np.argmax(np.abs(line), axis=1)])[:, None]
        _, group = np.unique(np.round(line, 5) + 0.0, axis=0, return_inverse=True)
        cells = cells[free]
        alone = (system.values[cells] == 1) & (cells < system.rows)
        for lone in np.flatnonzero(alone):
            reader = self.outsider.knowing(int(cells[lone]), 1.0)
            bound = cells[(group == group[lone]) & primary[cells] & (cells != cells[lone])]
            for target in bound:
                if (pair := (int(cells[lone]), int(target))) not in self.same_person:
                    if not self._single(reader, hidden, int(target), 1.0, cuts):
                        self.same_person.add(pair)

    def _ranges(self, reader: Reader, hidden: NDArray[np.bool_], need: NDArray[np.float64], cuts: Cuts) -> None:
        """Prove every span at once as far as possible, then each remaining cell on its own."""
        for target in self._unproved(reader, hidden, need):
            if not self._single(reader, hidden, int(target), float(need[target]), cuts):
                self.exempt[target] = True

    def _unproved(self, reader: Reader, hidden: NDArray[np.bool_], need: NDArray[np.float64]) -> NDArray[np.int64]:
        evidence = self.seen[id(reader)]
        before = np.inf
        while True:
            low, high = evidence.spans(hidden)
            open_ = (need > 0) & (high - low < need - NOISE)
            left = int(open_.sum())
            # Each pass settles about half of what can be; the rest is cheaper one by one.
            if left == 0 or left > 0.8 * before:
                return np.flatnonzero(open_)
            before = left
            for block in self.blocks:
                if (open_ & block).any():
                    self._push(reader, hidden & block, np.where(open_, need, 0.0), high, evidence)

    def _push(
        self,
        reader: Reader,
        movable: NDArray[np.bool_],
        need: NDArray[np.float64],
        high: NDArray[np.float64],
        evidence: Evidence,
    ) -> None:
        """Send the unproved cells up and down at random, all together, both ways."""
        cells = np.flatnonzero(movable)
        moves = self._moves(reader, cells)
        aimed = need[cells] > 0
        cap = np.minimum(moves.up, np.where(aimed, need[cells] + np.minimum(high[cells], 0), np.inf))
        moves = Moves(moves.relations, cells, moves.down, cap)
        aim = self.random.choice([-1.0, 1.0], len(cells)) * self.random.uniform(0.5, 1.0, len(cells)) * aimed
        for sign in (1.0, -1.0):
            self._record(cells, moves.farthest(sign * aim)[0], evidence)

    def _moves(self, reader: Reader, cells: NDArray[np.int64]) -> Moves:
        values = self.problem.system.values[cells]
        down = np.maximum(values - reader.low[cells], 0.0)
        return Moves(self.problem.system.relations, cells, down, np.maximum(reader.high[cells] - values, 0.0))

    @staticmethod
    def _record(cells: NDArray[np.int64], shift: NDArray[np.float64], evidence: Evidence) -> None:
        moved = np.abs(shift) > NOISE
        evidence.points.append((cells[moved], shift[moved]))

    def _single(self, reader: Reader, hidden: NDArray[np.bool_], target: int, need: float, cuts: Cuts) -> bool:
        """Prove the span of one cell or add the constraint that its failure reveals.

        Returns false when hiding everything would not do.
        """
        block = next(block for block in self.blocks if block[target])
        width, prices = self._span(reader, hidden & block, target, need)
        if width >= need - NOISE:
            return True
        if reader is not self.outsider:
            everything = (self.problem.always | self.problem.hideable) & block
            if self._span(reader, everything, target, need)[0] < need - NOISE:
                return False
        self._dual_cut(reader, block, target, need, prices, cuts)
        return True

    def _span(
        self, reader: Reader, movable: NDArray[np.bool_], target: int, need: float
    ) -> tuple[float, list[NDArray[np.float64]]]:
        cells = np.flatnonzero(movable)
        place = int(np.searchsorted(cells, target))
        moves = self._moves(reader, cells)
        moves.up[place], moves.down[place] = min(moves.up[place], need), min(moves.down[place], need)
        width, prices = 0.0, []
        for sign in (1.0, -1.0):
            aim = np.zeros(len(cells))
            aim[place] = sign
            shift, price = moves.farthest(aim)
            width += abs(float(shift[place]))
            reduced = -(self.problem.system.relations.T @ price)
            reduced[target] += sign
            prices.append(np.where(np.abs(reduced) < NOISE, 0.0, reduced))
            if id(reader) in self.seen:
                self._record(cells, shift, self.seen[id(reader)])
        return width, prices

    def _dual_cut(
        self,
        reader: Reader,
        block: NDArray[np.bool_],
        target: int,
        need: float,
        prices: list[NDArray[np.float64]],
        cuts: Cuts,
    ) -> None:
        """What the hidden cells must bring so that the target can move by ``need``."""
        values = self.problem.system.values
        down = np.minimum(np.maximum(values - reader.low, 0.0), need)
        up = np.minimum(np.maximum(reader.high - values, 0.0), need)
        brings = sum(np.maximum(price, 0) * up + np.maximum(-price, 0) * down for price in prices)
        brings = np.where(block, brings, 0.0)
        always = self.problem.always
        missing = need - brings[always].sum() - (0.0 if always[target] else brings[target])
        others = np.flatnonzero(self.problem.hideable & (brings > NOISE) & (np.arange(len(brings)) != target))
        self._conditional(target, others, np.minimum(brings[others], missing), missing, cuts)

    def _conditional(
        self, cell: int, others: NDArray[np.int64], weights: NDArray[np.float64], bound: float, cuts: Cuts
    ) -> None:
        """``weights @ others >= bound`` if ``cell`` is hidden."""
        if self.problem.always[cell]:
            cuts.add(others, weights, bound)
        else:
            cuts.add(np.append(others, cell), np.append(weights, -bound), 0.0)
