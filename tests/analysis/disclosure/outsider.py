"""An attacker written for the tests alone: it shares no line with the package.

It rebuilds the relations of a published table with dictionaries, and solves two linear programmes per hidden cell.
"""

import itertools

import numpy as np
import pandas as pd
from scipy.optimize import linprog

TOTAL = "Ensemble"


def complete(inner, names):
    """A table with its margins from its inner cells; ``names`` are the labels of each dimension."""
    for axis in range(inner.ndim):
        inner = np.concatenate([inner, inner.sum(axis=axis, keepdims=True)], axis=axis)
    labels = [[*list_, TOTAL] for list_ in names]
    rows = [(*key, int(n)) for key, n in zip(itertools.product(*labels), inner.ravel(), strict=True)]
    return pd.DataFrame(rows, columns=[f"d{axis}" for axis in range(inner.ndim)] + ["n"])


class Outsider:
    def __init__(self, table, dimensions, parents=None):
        self.cells = list(table[dimensions].itertuples(index=False, name=None))
        place = {cell: position for position, cell in enumerate(self.cells)}
        groups = {}
        for cell in self.cells:
            for axis, name in enumerate(dimensions):
                label = cell[axis]
                if label == TOTAL:
                    continue
                above = (parents or {}).get(name, {}).get(label, TOTAL)
                total = (*cell[:axis], above, *cell[axis + 1 :])
                if total in place:
                    groups.setdefault((axis, total), []).append(place[cell])
        self.relations = [(place[total], parts) for (_, total), parts in groups.items()]

    def ranges(self, values, low=0.0, high=np.inf, only=None):
        """Interval of each unknown cell (``values`` null there), given bounds on the unknowns."""
        size = len(values)
        low, high = np.broadcast_to(low, size), np.broadcast_to(high, size)
        unknown = np.isnan(values)
        matrix = np.zeros((len(self.relations), size))
        for line, (total, parts) in enumerate(self.relations):
            matrix[line, total] -= 1
            matrix[line, parts] += 1
        bounds = [(low[i], high[i]) if unknown[i] else (values[i], values[i]) for i in range(size)]
        found = {}
        for target in np.flatnonzero(unknown) if only is None else only:
            ends = []
            for sign in (1.0, -1.0):
                goal = np.zeros(size)
                goal[target] = sign
                result = linprog(goal, A_eq=matrix, b_eq=np.zeros(len(matrix)), bounds=bounds)
                ends.append(result.x[target] if result.status == 0 else sign * -np.inf)
            found[int(target)] = (ends[0], ends[1])
        return found


def width(interval):
    return interval[1] - interval[0]


def faults(outsider, truth, hidden, *, primary, threshold, everything):
    """Everything that a pattern lets through: an empty list is a safe pattern."""
    wrong = []
    published = np.where(hidden, np.nan, truth)
    needs = np.where(primary, threshold - 1, 1)
    for cell, interval in outsider.ranges(published).items():
        if width(interval) < needs[cell] - 1e-6:
            wrong.append(("range", outsider.cells[cell], interval))
    for total, parts in outsider.relations:
        kept = [part for part in parts if hidden[part]]
        if kept and not hidden[total] and truth[kept].sum() < threshold:
            wrong.append(("sum", outsider.cells[total], truth[kept].sum()))
    wrong += informed_faults(outsider, truth, hidden, primary=primary, threshold=threshold, everything=everything)
    return wrong + insider_faults(outsider, truth, hidden, primary=primary, everything=everything)


def informed_faults(outsider, truth, hidden, *, primary, threshold, everything):
    if threshold <= 2:
        return []
    low, high = np.where(primary, 1.0, threshold), np.where(primary, threshold - 1.0, np.inf)
    read = outsider.ranges(np.where(hidden, np.nan, truth), low, high)
    exact = [cell for cell, interval in read.items() if width(interval) < 1 - 1e-6]
    if not exact:
        return []
    best = outsider.ranges(np.where(everything, np.nan, truth), low, high, only=exact)
    return [("informed", outsider.cells[cell]) for cell in exact if width(best[cell]) >= 1 - 1e-6]


def insider_faults(outsider, truth, hidden, *, primary, everything):
    wrong = []
    for alone in np.flatnonzero(hidden & (truth == 1)):
        known = np.where(hidden, np.nan, truth)
        known[alone] = 1
        targets = [cell for cell in np.flatnonzero(primary) if cell != alone]
        read = outsider.ranges(known, only=targets)
        exact = [cell for cell, interval in read.items() if width(interval) < 1 - 1e-6]
        if exact:
            known = np.where(everything, np.nan, truth)
            known[alone] = 1
            best = outsider.ranges(known, only=exact)
            wrong += [
                ("insider", outsider.cells[alone], outsider.cells[cell])
                for cell in exact
                if width(best[cell]) >= 1 - 1e-6
            ]
    return wrong
