"""What must be protected, from whom, and at what cost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from diagnostic.analysis.disclosure.tables import System

BLOCK_CELLS = 4000


@dataclass(frozen=True, slots=True)
class Reader:
    """What a reader knows of each cell besides what is published: ``low <= cell <= high``, both ``(n,)``."""

    low: NDArray[np.float64]
    high: NDArray[np.float64]

    def knowing(self, cell: int, value: float) -> Reader:
        """Add the value of a cell: the reader is alone in it."""
        low, high = self.low.copy(), self.high.copy()
        low[cell] = high[cell] = value
        return replace(self, low=low, high=high)


@dataclass(frozen=True, slots=True)
class Problem:
    """A protection to find.

    Parameters
    ----------
    system
        Cells and relations.
    primary
        ``(n,)``: hidden by rule.
    hideable
        ``(n,)``: may be hidden to protect the others.
    loss
        ``(n,)``: what hiding a cell costs.
    threshold
        Least sum of the hidden parts of a published total; ``None`` without frequency rule.
    frequency
        Cells from 1 to ``frequency - 1`` are all primary, and the reader knows it; ``None`` when unknown.
    """

    system: System
    primary: NDArray[np.bool_]
    hideable: NDArray[np.bool_]
    loss: NDArray[np.float64]
    threshold: int | None
    frequency: int | None

    @property
    def width(self) -> float:
        """Least width of the interval an outsider finds for a primary."""
        return max(1.0, (self.threshold or 0) - 1.0)

    @property
    def always(self) -> NDArray[np.bool_]:
        """``(n,)``: hidden whatever is chosen, slacks included."""
        slack = np.arange(len(self.primary)) >= self.system.rows
        return self.primary | slack

    def outsider(self) -> Reader:
        """One who knows the published cells, that they add up and that none is negative."""
        size = len(self.primary)
        return Reader(np.zeros(size), np.full(size, np.inf))

    def informed(self) -> Reader:
        """One who also sees the status of hidden cells and knows the frequency rule.

        With a threshold of 1 or 2 the rule itself tells a primary's value: nothing can be kept from this reader.
        """
        reader = self.outsider()
        if self.frequency is None or self.frequency <= 2:  # noqa: PLR2004 - 1..1 is a single value
            return reader
        rows = np.arange(len(self.primary)) < self.system.rows
        values = self.system.counts
        small = rows & self.primary & (values >= 1) & (values < self.frequency)
        reader.low[small] = 1
        reader.high[small] = self.frequency - 1
        reader.low[rows & ~self.primary & (values >= self.frequency)] = self.frequency
        return reader


def blocks(system: System, limit: int) -> list[NDArray[np.bool_]]:
    """Cut the cells into neighbourhoods of at most about ``limit`` cells, whole lines of the longest dimension.

    Parameters
    ----------
    system
        Cells and relations.
    limit
        Size of a neighbourhood; a smaller system is a single one.

    Returns
    -------
    list of numpy.ndarray
        ``(n,)`` masks. Each holds consecutive labels of the longest dimension and all their ancestors, without
        which no move keeps the relations.
    """
    size = len(system.counts)
    if size <= limit:
        return [np.ones(size, dtype=bool)]
    axis = int(np.argmax([len(parents) for parents in system.parents]))
    parents, codes = system.parents[axis], system.coordinates[axis]
    inner = np.isin(np.arange(len(parents)), parents)
    leaves = np.flatnonzero(~inner)
    leaves = leaves[np.argsort(parents[leaves], kind="stable")]
    count = max(1, round(len(leaves) * size / (limit * len(parents))))
    return [_block(system, codes, parents, group) for group in np.array_split(leaves, min(count, len(leaves)))]


def _block(
    system: System, codes: NDArray[np.int64], parents: NDArray[np.int64], group: NDArray[np.int64]
) -> NDArray[np.bool_]:
    labels = group
    level = group
    while len(level := parents[level[level >= 0]]):
        labels = np.union1d(labels, level)
    block = np.zeros(len(system.counts), dtype=bool)
    block[: system.rows] = np.isin(codes, labels)
    slacks = system.relations[:, system.rows :]
    if slacks.shape[1]:
        touched = (abs(system.relations[:, : system.rows]) @ block[: system.rows].astype(float)) > 0
        block[system.rows :] = (abs(slacks).T @ touched.astype(float)) > 0
    return block
