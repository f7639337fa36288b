"""The choice of the secondary cells: a covering problem whose constraints the attack itself discovers.

Hiding a set of cells is enough when no reader gets too near a hidden cell. Each time one does, linear duality
gives a constraint that every sufficient set satisfies and the present one does not: Benders' method, as in
M. Fischetti and J. J. Salazar-González, "Models and algorithms for the 2-dimensional cell suppression problem in
statistical disclosure control", Mathematical Programming 84, 1999. The cheapest set is found again, until no
reader succeeds: it is then the optimum. Large tables keep what is hidden once, with the same final attack.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from diagnostic.analysis.disclosure.problem import BLOCK_CELLS, Problem, Reader, blocks
from diagnostic.analysis.disclosure.ranges import NOISE, SEED, Moves, linked_moves, tied_pairs, tied_with
from diagnostic.errors import ToolError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from diagnostic.analysis.disclosure.tables import System

EXACT_CELLS, EXACT_FLAT_CELLS, FLAT = 125, 1000, 2
GAP, NODES, INFEASIBLE = 0.01, 200, 2
CUTS_A_BLOCK = 10
FREE_ATTACKS = 1


@dataclass(slots=True)
class Cuts:
    """Constraints ``sum of coefficients x hidden >= bound`` on the cells that may be hidden."""

    coefficients: list[tuple[NDArray[np.int64], NDArray[np.float64]]] = field(default_factory=list)
    bounds: list[float] = field(default_factory=list)

    def add(self, cells: NDArray[np.int64], weights: NDArray[np.float64], bound: float) -> None:
        """Add one constraint."""
        self.coefficients.append((cells, weights))
        self.bounds.append(bound)

    def cheapest(self, problem: Problem, kept: NDArray[np.bool_], *, exact: bool) -> NDArray[np.bool_]:
        """Find the cheapest set that satisfies every constraint and holds ``kept``."""
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
            options={"mip_rel_gap": 0.0} if exact else {"mip_rel_gap": GAP, "node_limit": NODES},
        )
        if result.status == INFEASIBLE:
            raise ToolError(f"le solveur n'a pas trouvé de masquage suffisant ({result.message})")
        if result.x is None:
            # Not even one set within the nodes allowed: hiding everything is one.
            return problem.hideable.copy()
        chosen[columns] = result.x > 0.5  # noqa: PLR2004 - a binary, up to the solver's tolerance
        return chosen


def whole(shift: NDArray[np.float64]) -> NDArray[np.float64]:
    """Keep the whole part of a move: counts are whole numbers, and the reader knows it."""
    return np.asarray(np.trunc(shift + np.copysign(NOISE, shift)))


class Evidence:
    """Solutions a reader cannot tell from the true one, and the spans they prove."""

    def __init__(self, size: int) -> None:
        self.points: list[tuple[NDArray[np.int64], NDArray[np.float64]]] = []
        self.low, self.high = np.zeros(size), np.zeros(size)
        self.hidden = np.zeros(size, dtype=bool)

    def restrict(self, hidden: NDArray[np.bool_]) -> None:
        """Keep the spans proved by points that only move hidden cells."""
        if (self.hidden & ~hidden).any():
            self.low[:], self.high[:] = 0.0, 0.0
            for cells, shift in self.points:
                if hidden[cells].all():
                    self._widen(cells, shift)
        self.hidden = hidden

    def add(self, cells: NDArray[np.int64], shift: NDArray[np.float64]) -> None:
        """Add a point that only moves hidden cells."""
        shift = whole(shift)
        moved = shift != 0
        self.points.append((cells[moved], shift[moved]))
        self._widen(*self.points[-1])

    def _widen(self, cells: NDArray[np.int64], shift: NDArray[np.float64]) -> None:
        self.low[cells] = np.minimum(self.low[cells], shift)
        self.high[cells] = np.maximum(self.high[cells], shift)


def is_exact(system: System) -> bool:
    """Say whether the optimum is sought: small tables, and larger ones of one or two dimensions."""
    return len(system.counts) <= (EXACT_FLAT_CELLS if len(system.parents) <= FLAT else EXACT_CELLS)


def search(problem: Problem) -> NDArray[np.bool_]:
    """Choose the cells to hide besides the primaries.

    Parameters
    ----------
    problem
        What must be protected.

    Returns
    -------
    numpy.ndarray
        ``(n,)`` mask of the secondary cells: the cheapest sufficient set when :func:`is_exact`; else a sufficient
        set, each cell being protected by moves inside one neighbourhood, and a cell once hidden staying so.
    """
    exact = is_exact(problem.system)
    hunt = Hunt(problem, blocks(problem.system, len(problem.primary) if exact else BLOCK_CELLS))
    cuts = Cuts()
    chosen = np.zeros(len(problem.primary), dtype=bool)
    while hunt.cut(chosen, cuts):
        settled = not exact and hunt.attacks > FREE_ATTACKS
        chosen = cuts.cheapest(problem, chosen & settled, exact=exact)
    return chosen


class Hunt:
    """The readers, run against a set of hidden cells; what they learn becomes constraints."""

    def __init__(self, problem: Problem, neighbourhoods: list[NDArray[np.bool_]]) -> None:
        self.problem = problem
        self.blocks = neighbourhoods
        self.outsider, self.informed = problem.outsider(), problem.informed()
        self.seen = {id(reader): Evidence(len(problem.primary)) for reader in (self.outsider, self.informed)}
        self.exempt = np.zeros(len(problem.primary), dtype=bool)
        self.everything = problem.always | problem.hideable
        self.freedom = Evidence(len(problem.primary))
        self.tied: NDArray[np.int64] | None = None
        self.patience = np.inf if len(neighbourhoods) == 1 else CUTS_A_BLOCK * len(neighbourhoods)
        self.attacks = 0
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
            self.attacks += 1
            self._insiders(hidden, cuts)
            real = hidden & (np.arange(len(hidden)) < self.problem.system.rows)
            primary = self.problem.primary
            self._ranges(self.outsider, hidden, np.where(primary, self.problem.width, 0.0), cuts)
            self._ranges(self.informed, hidden, np.where(real & ~self.exempt, 1.0, 0.0), cuts)
            self._ranges(self.outsider, hidden, np.where(real & self.exempt & ~primary, 1.0, 0.0), cuts)
        return len(cuts.bounds) > before

    def _lonely(self, hidden: NDArray[np.bool_], cuts: Cuts) -> None:
        """Keep no hidden cell alone in a relation: it is read by subtraction."""
        pattern = abs(self.problem.system.relations)
        for line in np.flatnonzero(pattern @ hidden.astype(float) == 1):
            cells = pattern.indices[pattern.indptr[line] : pattern.indptr[line + 1]]
            (alone,) = cells[hidden[cells]]
            others = cells[self.problem.hideable[cells] & (cells != alone)]
            self._conditional(alone, others, np.ones(len(others)), 1.0, cuts)

    def _small_sums(self, hidden: NDArray[np.bool_], cuts: Cuts) -> None:
        """Treat the hidden parts of a published total, together, as a cell like another."""
        threshold, values = self.problem.threshold, self.problem.system.counts
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
        """Look for what a lone contributor, who knows its own cell, reads in the others."""
        system = self.problem.system
        alone = hidden & (system.counts == 1) & (np.arange(len(hidden)) < system.rows)
        tied = linked_moves(system.relations, hidden)
        if self.tied is None:
            self.tied = linked_moves(system.relations, self.everything)
        for cell, target in tied_pairs(tied, alone, self.problem.primary):
            # What moves with the cell when all is hidden is the same person, seen from another margin.
            reader = self.outsider.knowing(cell, 1.0)
            if not tied_with(self.tied, cell, target) and self._movable(reader, target, 1.0):
                self._single(reader, hidden, target, 1.0, cuts)

    def _ranges(self, reader: Reader, hidden: NDArray[np.bool_], need: NDArray[np.float64], cuts: Cuts) -> None:
        """Prove every span at once as far as possible, then each remaining cell on its own."""
        enough = len(cuts.bounds) + self.patience
        short = self.unproved(reader, hidden, need, self.seen[id(reader)])
        if reader is self.informed:
            possible = np.zeros(len(need))
            possible[short] = need[short]
            self.exempt[self._unmovable(possible)] = True
            short = short[~self.exempt[short]]
        for target in short:
            if len(cuts.bounds) >= enough:
                return
            self._single(reader, hidden, int(target), float(need[target]), cuts)

    def _unmovable(self, need: NDArray[np.float64]) -> NDArray[np.int64]:
        """Cells that the informed reader knows even when everything that may be hidden is."""
        left = self.unproved(self.informed, self.everything, need, self.freedom)
        return np.array(
            [cell for cell in left if not self._movable(self.informed, int(cell), need[cell])], dtype=int
        )

    def _movable(self, reader: Reader, target: int, need: float) -> bool:
        block = self.block(target)
        return bool(whole(self.span(reader, self.everything & block, target, need)[0]).sum() >= need)

    def block(self, target: int) -> NDArray[np.bool_]:
        """Give the first neighbourhood of a cell."""
        return next(block for block in self.blocks if block[target])

    def unproved(
        self, reader: Reader, hidden: NDArray[np.bool_], need: NDArray[np.float64], evidence: Evidence
    ) -> NDArray[np.int64]:
        """Prove spans many at a time; give the cells that resist."""
        evidence.restrict(hidden)
        before, programmes = np.inf, 1
        while True:
            open_ = (need > 0) & (evidence.high - evidence.low < need - NOISE)
            left = int(open_.sum())
            # A pass is worth it as long as it settles more cells than the programmes it runs.
            if left <= programmes or before - left < programmes:
                return np.flatnonzero(open_)
            before, programmes = left, 0
            for block in self.blocks:
                if (open_ & block).any():
                    self._push(reader, hidden & block, np.where(open_, need, 0.0), evidence)
                    programmes += 2

    def _push(
        self,
        reader: Reader,
        movable: NDArray[np.bool_],
        need: NDArray[np.float64],
        evidence: Evidence,
    ) -> None:
        """Send the unproved cells up and down at random, all together, both ways."""
        cells = np.flatnonzero(movable)
        moves = self._moves(reader, cells)
        aimed = need[cells] > 0
        cap = np.minimum(moves.up, np.where(aimed, need[cells], np.inf))
        moves = Moves(moves.relations, cells, moves.down, cap)
        aim = self.random.choice([-1.0, 1.0], len(cells)) * self.random.uniform(0.5, 1.0, len(cells)) * aimed
        for sign in (1.0, -1.0):
            evidence.add(cells, moves.farthest(sign * aim)[0])

    def _moves(self, reader: Reader, cells: NDArray[np.int64]) -> Moves:
        values = self.problem.system.counts[cells]
        down = np.maximum(values - reader.low[cells], 0.0)
        return Moves(self.problem.system.relations, cells, down, np.maximum(reader.high[cells] - values, 0.0))

    def _single(self, reader: Reader, hidden: NDArray[np.bool_], target: int, need: float, cuts: Cuts) -> None:
        """Prove the span of one cell or add the constraint that its failure reveals."""
        block = self.block(target)
        ends, prices = self.span(reader, hidden & block, target, need)
        if whole(ends).sum() >= need:
            return
        others, weights, missing = self._dual(reader, block, target, need, prices)
        if weights[hidden[others]].sum() > missing - NOISE:
            # Only whole numbers, or the solver's last digits, are missing: something else must be hidden.
            others = np.flatnonzero(self.problem.hideable & ~hidden & block)
            weights, missing = np.ones(len(others)), 1.0
        self._conditional(target, others, weights, missing, cuts)

    def span(
        self, reader: Reader, movable: NDArray[np.bool_], target: int, need: float
    ) -> tuple[NDArray[np.float64], list[NDArray[np.float64]]]:
        """How far one cell goes down and up, each at most ``need``, and the reduced costs of all the cells."""
        cells = np.flatnonzero(movable)
        place = int(np.searchsorted(cells, target))
        moves = self._moves(reader, cells)
        moves.up[place], moves.down[place] = min(moves.up[place], need), min(moves.down[place], need)
        ends, prices = [], []
        for sign in (-1.0, 1.0):
            aim = np.zeros(len(cells))
            aim[place] = sign
            shift, price = moves.farthest(aim)
            ends.append(abs(float(shift[place])))
            reduced = -(self.problem.system.relations.T @ price)
            reduced[target] += sign
            prices.append(np.where(np.abs(reduced) < NOISE, 0.0, reduced))
        return np.array(ends), prices

    def _dual(
        self,
        reader: Reader,
        block: NDArray[np.bool_],
        target: int,
        need: float,
        prices: list[NDArray[np.float64]],
    ) -> tuple[NDArray[np.int64], NDArray[np.float64], float]:
        """Price what each cell would bring to the span of the target, and what is missing to ``need``."""
        values = self.problem.system.counts
        down = np.minimum(np.maximum(values - reader.low, 0.0), need)
        up = np.minimum(np.maximum(reader.high - values, 0.0), need)
        brings = np.zeros(len(values))
        for price in prices:
            brings[block] += (np.maximum(price, 0) * up + np.maximum(-price, 0) * down)[block]
        always = self.problem.always
        missing = need - brings[always].sum() - (0.0 if always[target] else brings[target])
        others = np.flatnonzero(self.problem.hideable & (brings > NOISE) & (np.arange(len(brings)) != target))
        return others, np.minimum(brings[others], missing), missing

    def _conditional(
        self, cell: int, others: NDArray[np.int64], weights: NDArray[np.float64], bound: float, cuts: Cuts
    ) -> None:
        """``weights @ others >= bound`` if ``cell`` is hidden."""
        if self.problem.always[cell]:
            cuts.add(others, weights, bound)
        else:
            cuts.add(np.append(others, cell), np.append(weights, -bound), 0.0)
