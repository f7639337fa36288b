"""A long table read as a system of linear relations between its cells.

A cell is named by its coordinates; ``Ensemble`` is the total of a dimension. In each dimension a cell belongs
to its nearest ancestor present in the table, so that hierarchies with gaps, partial margins and linked tables
(a dimension a table does not have is ``Ensemble`` there) all come down to one sparse matrix.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from diagnostic.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

TOTAL = "Ensemble"
TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class System:
    """Cells and what ties them.

    Parameters
    ----------
    counts
        ``(n,)``, null where unknown. The first ``rows`` are the table's rows, in order; the others are slacks
        of inequalities: never published, never negative.
    relations
        ``(m, n)``, one line a relation: parts ``+1``, total ``-1``, product with the values zero.
    sums
        ``(k, n)``, the same for every published total and the hidden parts under it, skip-level sums included.
    rows
        Number of rows of the table.
    heights
        ``(rows,)``: in how many dimensions the cell is a total.
    coordinates
        ``(dimensions, rows)`` integer codes of the labels.
    parents
        By dimension, the code of each label's parent, ``-1`` for none.
    """

    counts: NDArray[np.float64]
    relations: sparse.csr_array
    sums: sparse.csr_array
    rows: int
    heights: NDArray[np.int64]
    coordinates: NDArray[np.int64]
    parents: tuple[NDArray[np.int64], ...]


def stack(tables: Iterable[pd.DataFrame], *, dimensions: Sequence[str], value: str = "n") -> pd.DataFrame:
    """Put linked tables into one long table: a dimension a table lacks is ``Ensemble`` there.

    Parameters
    ----------
    tables
        Long tables, one row a cell.
    dimensions
        Every dimension of every table.
    value
        The column of counts.

    Returns
    -------
    pandas.DataFrame
        One row a distinct cell. A cell that two tables hold is kept once; if one of them publishes it, it is
        published.

    Raises
    ------
    InputError
        When two tables give two values to one cell.

    Examples
    --------
    >>> sex = pd.DataFrame({"qpv": ["A", "A"], "sexe": ["F", "Ensemble"], "n": [12, 30]})
    >>> base = pd.DataFrame({"qpv": ["A", "Ensemble"], "n": [30, 80]})
    >>> stack([base, sex], dimensions=["qpv", "sexe"])
            qpv      sexe   n
    0         A  Ensemble  30
    1  Ensemble  Ensemble  80
    2         A         F  12
    """
    names = list(dimensions)
    filled = [table.assign(**{name: TOTAL for name in names if name not in table.columns}) for table in tables]
    # A published value goes before a hidden one: the outsider reads both tables.
    merged = pd.concat(filled, ignore_index=True)
    known = merged.dropna(subset=[value])
    clash = known.groupby(names, sort=False)[value].nunique()
    clash = clash[clash > 1]
    if len(clash):
        raise InputError(
            [
                Fault(
                    f"deux tableaux donnent deux valeurs à la case {_show(key)}",
                    column=value,
                    expected="une seule valeur par case partagée",
                    remedy="reconstruisez les tableaux liés à partir du même fichier",
                )
                for key in clash.index
            ]
        )
    order = merged[value].isna().sort_values(kind="stable").index
    kept = merged.loc[order].drop_duplicates(names).sort_index()
    columns = [column for column in merged.columns if column not in names]
    return kept[names + columns].reset_index(drop=True)


def read(
    cells: pd.DataFrame,
    dimensions: Sequence[str],
    *,
    value: str = "n",
    hierarchies: Mapping[str, Mapping[str, str]] | None = None,
    overlapping: Mapping[str, str] | None = None,
) -> System:
    """Read the relations of a long table and check them.

    Parameters
    ----------
    cells
        One row a cell; ``value`` may be null where the cell is hidden.
    dimensions
        Names of the coordinate columns.
    value
        The column of counts.
    hierarchies
        By dimension, child label to parent label; a label without a parent is under ``Ensemble``.
    overlapping
        Dimensions of several answers: by dimension, the label that means "at least one". Its options do not add
        up: each is at most ``any``, and ``any`` at most their sum.

    Returns
    -------
    System

    Raises
    ------
    InputError
        With every fault at once: missing column, duplicate cell, negative or non-numeric count, hierarchy with a
        loop, relation that does not hold.

    Examples
    --------
    >>> cells = pd.DataFrame({"qpv": ["A", "B", "Ensemble"], "n": [3, 9, 12]})
    >>> read(cells, ["qpv"]).relations.toarray()
    array([[ 1.,  1., -1.]])
    """
    hierarchies, overlapping = hierarchies or {}, overlapping or {}
    faults = [*_shape_faults(cells, dimensions, value), *_loop_faults(hierarchies)]
    unknown = [name for name in (*hierarchies, *overlapping) if name not in dimensions]
    faults += [
        Fault(
            f"la dimension «\u00a0{name}\u00a0» n'est pas déclarée",
            expected=", ".join(dimensions),
            remedy="ajoutez-la à dimensions ou corrigez son nom",
        )
        for name in unknown
    ]
    if faults:
        raise InputError(faults)
    values = cells[value].to_numpy(dtype=float, na_value=np.nan)
    builder = _Builder(values, len(dimensions))
    labels = [cells[name].astype(str).to_numpy() for name in dimensions]
    frame = _Coordinates(
        labels,
        [
            _parents(name, column, hierarchies, overlapping)
            for name, column in zip(dimensions, labels, strict=True)
        ],
    )
    for axis, name in enumerate(dimensions):
        child, owner = frame.owners(axis)
        builder.heights[np.unique(owner)] += 1
        if name in overlapping:
            builder.overlap(child, owner, any_=labels[axis][owner] == overlapping[name])
        else:
            builder.add(child, owner, leaves=frame.leaves(child, owner))
    system = builder.system(frame)
    faults = [_sum_fault(cells, dimensions, value, system, line) for line in _broken(system)]
    if faults:
        raise InputError(faults)
    return system


class _Coordinates:
    """Integer codes of the coordinates, and the look-up of a cell's nearest present ancestor."""

    def __init__(self, labels: list[NDArray[np.object_]], parents: list[dict[str, str]]) -> None:
        self.up: list[NDArray[np.int64]] = []
        codes, marks = [], []
        random = np.random.default_rng(0)
        for column, parent in zip(labels, parents, strict=True):
            names = pd.Index(sorted({*column, *parent, *parent.values()}))
            codes.append(names.get_indexer(pd.Index(column)))
            self.up.append(np.append(names.get_indexer(pd.Index([parent.get(name, "") for name in names])), -1))
            marks.append(random.integers(0, 2**64, len(names), dtype=np.uint64))
        self.codes = np.array(codes, dtype=np.int64)
        # One 64-bit key a cell, the sum of its labels' marks: any number of dimensions, one label changed in O(1).
        self.marks = marks
        marked = np.array([mark[code] for mark, code in zip(marks, codes, strict=True)])
        self.keys: NDArray[np.uint64] = marked.sum(axis=0, dtype=np.uint64)
        self.order = np.argsort(self.keys, kind="stable")
        self.sorted = self.keys[self.order]

    def ancestor(
        self, axis: int, rows: NDArray[np.int64], start: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Find the nearest present cell at or above label ``start`` on the line of each row (``-1``: none)."""
        found = np.full(len(rows), -1)
        at = start.copy()
        while (todo := (found < 0) & (at >= 0)).any():
            key = self.keys[rows] - self.marks[axis][self.codes[axis, rows]] + self.marks[axis][at]
            place = np.minimum(np.searchsorted(self.sorted, key), len(self.sorted) - 1)
            hit = todo & (self.sorted[place] == key)
            found[hit] = self.order[place[hit]]
            at = np.where(todo & ~hit, self.up[axis][at], at)
        return found, at

    def owners(self, axis: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Pairs ``(cell, nearest present ancestor)`` along one dimension."""
        rows = np.arange(self.codes.shape[1])
        owner, _ = self.ancestor(axis, rows, self.up[axis][self.codes[axis]])
        return rows[owner >= 0], owner[owner >= 0]

    def leaves(
        self, child: NDArray[np.int64], owner: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Pairs ``(leaf, ancestor)`` along one dimension, for ancestors two levels above a leaf or more.

        All the leaves of such an ancestor, those next to it too: only together do they make it.
        """
        rows = np.setdiff1d(child, owner)
        above = np.full(self.codes.shape[1], -1)
        above[child] = owner
        near = rows, above[rows]
        pairs: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = []
        at = above[rows]
        while len(rows):
            at = np.where(at >= 0, above[at], -1)
            rows, at = rows[at >= 0], at[at >= 0]
            pairs.append((rows, at))
        if not pairs:
            return child[:0], owner[:0]
        beside = np.isin(near[1], np.concatenate([b for _, b in pairs]))
        pairs.append((near[0][beside], near[1][beside]))
        return np.concatenate([a for a, _ in pairs]), np.concatenate([b for _, b in pairs])


class _Builder:
    """Relations gathered dimension by dimension."""

    def __init__(self, values: NDArray[np.float64], dimensions: int) -> None:
        self.values = values
        self.heights = np.zeros(len(values), dtype=np.int64)
        self.dimensions = dimensions
        self.lines: list[sparse.coo_array] = []
        self.sums: list[sparse.coo_array] = []
        self.slacks = 0

    def add(
        self,
        child: NDArray[np.int64],
        owner: NDArray[np.int64],
        *,
        leaves: tuple[NDArray[np.int64], NDArray[np.int64]],
    ) -> None:
        """Relations ``total = sum of the parts``."""
        line = _lines(child, owner, len(self.values))
        self.lines.append(line)
        self.sums += [line, _lines(*leaves, len(self.values))]

    def overlap(self, child: NDArray[np.int64], owner: NDArray[np.int64], *, any_: NDArray[np.bool_]) -> None:
        """Inequalities ``option <= any <= sum of the options``, each with a slack."""
        size = len(self.values)
        each = sparse.coo_array(
            (
                np.tile([1.0, -1.0], len(child)),
                (np.repeat(np.arange(len(child)), 2), np.column_stack([child, owner]).ravel()),
            ),
            shape=(len(child), size),
        )
        together = _lines(child[any_], owner[any_], size)
        for lines, sign in ((each, 1.0), (together, -1.0)):
            count = lines.shape[0]
            slack = sparse.coo_array(
                (np.full(count, sign), (np.arange(count), self.slacks + np.arange(count))),
                shape=(count, self.slacks + count),
            )
            self.slacks += count
            self.lines.append(_beside(lines, slack))

    def system(self, frame: _Coordinates) -> System:
        """Everything gathered, with the value of each slack."""
        size = len(self.values)
        relations = _pile(self.lines, size + self.slacks)
        slack = relations[:, size:]
        rest = relations[:, :size] @ self.values
        values = np.concatenate([self.values, -(slack.T @ rest)])
        return System(
            values,
            relations,
            _pile(self.sums, size + self.slacks),
            size,
            self.heights,
            frame.codes,
            tuple(frame.up),
        )


def _lines(child: NDArray[np.int64], owner: NDArray[np.int64], size: int) -> sparse.coo_array:
    owners, line = np.unique(owner, return_inverse=True)
    data = np.concatenate([np.ones(len(child)), -np.ones(len(owners))])
    rows = np.concatenate([line, np.arange(len(owners))])
    return sparse.coo_array((data, (rows, np.concatenate([child, owners]))), shape=(len(owners), size))


def _beside(left: sparse.coo_array, right: sparse.coo_array) -> sparse.coo_array:
    return sparse.hstack([left, right], format="coo")


def _pile(blocks: list[sparse.coo_array], width: int) -> sparse.csr_array:
    wide = [
        sparse.coo_array((b.data, (b.coords[0], b.coords[1])), shape=(b.shape[0], width))
        for b in blocks
        if b.shape[0]
    ]
    if not wide:
        return sparse.csr_array((0, width))
    return sparse.csr_array(sparse.vstack(wide, format="csr"))


def _parents(
    name: str,
    labels: NDArray[np.object_],
    hierarchies: Mapping[str, Mapping[str, str]],
    overlapping: Mapping[str, str],
) -> dict[str, str]:
    """Child to parent for every label of a dimension, ``Ensemble`` above all."""
    declared = dict(hierarchies.get(name, {}))
    top = overlapping.get(name, TOTAL)
    known = {*labels, *declared, *declared.values()} - {TOTAL}
    parents = {label: declared.get(label, top) for label in known if label != top}
    if top != TOTAL:
        parents[top] = TOTAL
    return parents


def _shape_faults(cells: pd.DataFrame, dimensions: Sequence[str], value: str) -> list[Fault]:
    missing = [name for name in (*dimensions, value) if name not in cells.columns]
    if missing or not len(dimensions):
        return [
            Fault(
                "colonne absente",
                column=name,
                found=", ".join(map(str, cells.columns)),
                remedy="corrigez le nom de la colonne",
            )
            for name in missing
        ] or [
            Fault(
                "aucune dimension n'est déclarée", expected="au moins une colonne", remedy="remplissez dimensions"
            )
        ]
    faults = []
    twice = cells.loc[cells.duplicated(list(dimensions)), list(dimensions)]
    faults += [
        Fault(
            f"deux lignes pour la case {_show(key)}",
            expected="une ligne par case",
            remedy="supprimez ou additionnez les doublons",
        )
        for key in twice.itertuples(index=False, name=None)
    ]
    if not pd.api.types.is_numeric_dtype(cells[value]):
        return [
            *faults,
            Fault(
                "les effectifs ne sont pas des nombres",
                column=value,
                expected="des nombres",
                found=str(cells[value].dtype),
                remedy="convertissez la colonne",
            ),
        ]
    numbers = cells[value].to_numpy(dtype=float, na_value=np.nan)
    wrong = cells.loc[(numbers < 0) | np.isinf(numbers)]
    faults += [
        Fault(
            f"effectif négatif ou infini dans la case {_show(key)}",
            column=value,
            expected="un nombre positif ou nul",
            remedy="corrigez la case à la source",
        )
        for key in wrong[list(dimensions)].itertuples(index=False, name=None)
    ]
    blank = [name for name in dimensions if cells[name].isna().any()]
    faults += [
        Fault(
            "coordonnée vide",
            column=name,
            expected="un libellé, « Ensemble » pour un total",
            remedy="remplissez les cases vides de la colonne",
        )
        for name in blank
    ]
    return faults


def _loop_faults(hierarchies: Mapping[str, Mapping[str, str]]) -> list[Fault]:
    faults = []
    for name, parents in hierarchies.items():
        done: set[str] = set()
        for start in parents:
            path: list[str] = []
            at: str | None = start
            while at is not None and at not in done and at not in path:
                path.append(at)
                at = parents.get(at)
            if at is not None and at in path:
                loop = " ⊂ ".join([*path[path.index(at) :], at])
                faults.append(
                    Fault(
                        "la hiérarchie contient une boucle",
                        column=name,
                        expected="chaque enfant sous un seul parent, sans retour",
                        found=loop,
                        remedy="corrigez la correspondance enfant → parent",
                    )
                )
            done.update(path)
    return faults


def _broken(system: System) -> NDArray[np.int64]:
    """Relations that do not hold between cells all known, and slacks below zero."""
    gap = system.relations @ system.counts
    scale = np.maximum(1.0, abs(system.relations) @ np.nan_to_num(system.counts))
    below = np.flatnonzero(system.counts < -TOLERANCE)
    slack_lines = system.relations[:, below].nonzero()[0] if len(below) else below
    return np.union1d(np.flatnonzero(np.abs(gap) > TOLERANCE * scale), slack_lines)


def _sum_fault(cells: pd.DataFrame, dimensions: Sequence[str], value: str, system: System, line: int) -> Fault:
    relation = system.relations[[line], : system.rows].tocoo()
    total = relation.coords[1][relation.data < 0][0]
    parts = relation.coords[1][relation.data > 0]
    found = np.nansum(system.counts[parts])
    return Fault(
        f"la marge {_show(tuple(cells[name].iloc[total] for name in dimensions))} ne s'accorde pas avec ses cases",
        column=value,
        expected=f"{system.counts[total]:.10g}",
        found=f"{found:.10g}",
        remedy="vérifiez les cases absentes et les réponses multiples (overlapping)",
    )


def _show(key: object) -> str:
    parts = key if isinstance(key, tuple) else (key,)
    return "«\u00a0" + " × ".join(map(str, parts)) + "\u00a0»"
