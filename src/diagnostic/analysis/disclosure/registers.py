"""Counts of a local table: protected line by line, since a place's groups add up to its total."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from diagnostic.analysis.disclosure.attacker import attack
from diagnostic.analysis.disclosure.ledger import CELL_COLUMNS
from diagnostic.analysis.disclosure.protection import protect
from diagnostic.analysis.disclosure.tables import TOTAL
from diagnostic.errors import Fault, RefusedError
from diagnostic.vocabulary import COUNT_UNITS, STATUS_LABELS, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from diagnostic.analysis.disclosure.ledger import Key

    # place, axis, group, count, hidden by its producer, row of the measures
    Line = tuple[str, str, str, int, bool, int | None]

# Groups that make the whole together; any other makes it with those who are not in it.
PARTITIONS: Final = {
    "sex": ("women", "men"), "nationality": ("foreign", "french"),
    "age": ("under_25", "from_25_to_49", "over_50"),
}  # fmt: skip
AXES: Final = {group: axis for axis, groups in PARTITIONS.items() for group in groups}
EVERYBODY: Final = "all"
OTHERS: Final = "(autres)"
NEAR: Final = 11  # a complete sum that misses its total by less was rounded by its producer


def protect_register(
    measures: pd.DataFrame, *, threshold: int, out: Mapping[Key, frozenset[int]] | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Hide the small counts of a table, and what would give them back.

    Parameters
    ----------
    measures
        Columns ``schemas.MEASURE_COLUMNS``, of one table, with its true counts.
    threshold
        Least count that may be shown; 0 when the producer has protected the table.
    out
        Cells released before, see :func:`diagnostic.analysis.disclosure.ledger.known_cells`.

    Returns
    -------
    tuple of pandas.DataFrame
        The same rows, ``masked`` where hidden, and the cells as shown (``CELL_COLUMNS``).

    Raises
    ------
    RefusedError
        When the attack on what is left succeeds.
    """
    counts = measures[measures["unit"].isin(COUNT_UNITS)]
    if threshold < 1 or counts.empty:
        return measures, pd.DataFrame({name: [] for name in CELL_COLUMNS})
    parts = []
    for key, rows in counts.groupby(["source", "edition", "level", "vintage", "variable", "period"], sort=False):
        name = "/".join(map(str, key))
        parts.append(_protected(rows, name, threshold, out or {}))
    cells = pd.concat(parts, ignore_index=True)
    hidden = cells.loc[cells["n"].isna() & cells["row"].notna(), "row"].astype("int64")
    masked = measures.index.isin(hidden) & measures["value"].notna()
    shown = measures.assign(
        value=measures["value"].mask(masked), status=measures["status"].mask(masked, str(Status.MASKED)),
        note=measures["note"].mask(masked, STATUS_LABELS[Status.MASKED]),
    )  # fmt: skip
    return shown, cells[CELL_COLUMNS]


def _protected(rows: pd.DataFrame, name: str, threshold: int, out: Mapping[Key, frozenset[int]]) -> pd.DataFrame:
    lines = [line for _, place in rows.groupby("code", sort=False) for line in _lines(place)]
    table = pd.DataFrame(lines, columns=["label", "axis", "answer", "n", "given", "row"])
    axes = list(dict.fromkeys(axis for axis in table["axis"] if axis != TOTAL))
    wide = pd.DataFrame({axis: np.where(table["axis"] == axis, table["answer"], TOTAL) for axis in axes})
    wide = wide.assign(code=table["label"], n=table["n"])
    keys = [(name, *key) for key in table[["axis", "label", "answer"]].itertuples(index=False, name=None)]
    near = [
        any(0 < abs(one - n) < threshold for one in out.get(key, ()))
        for key, n in zip(keys, table["n"], strict=True)
    ]
    before = [key in out and not out[key] for key in keys]
    safe = protect(
        wide.assign(hide=table["given"].to_numpy(dtype=bool) | near | before), ["code", *axes], primary="hide",
        threshold=threshold,
    )  # fmt: skip
    shown = safe.drop(columns="hide")
    if not attack(shown, ["code", *axes], threshold=threshold).empty:
        raise RefusedError(Fault(
            f"des effectifs masqués se retrouvent par différence dans «\u00a0{name}\u00a0»",
            expected="aucun chiffre masqué retrouvé\u202f; rien n’est écrit",
            remedy="déclarez cette table « restreinte », ou retirez un de ses groupes",
        ))  # fmt: skip
    return table.assign(table=name, n=safe["n"].to_numpy())


def _lines(place: pd.DataFrame) -> Iterator[Line]:
    """Write the cells of one place: total, groups, those in none; what its producer hid is worked out."""
    code = str(place["code"].iloc[0])
    values = {str(group): float(value) for group, value in zip(place["group"], place["value"], strict=True)}
    row = {str(group): int(index) for group, index in zip(place["group"], place.index, strict=True)}
    total = values.pop(EVERYBODY, math.nan)
    axes: dict[str, list[str]] = {}
    for group in values:
        axes.setdefault(AXES.get(group, group), []).append(group)
    sums = [sum(values[group] for group in groups) for axis, groups in axes.items() if _whole(axis, groups)]
    worked = math.isnan(total) and not all(map(math.isnan, sums))
    total = next((one for one in sums if not math.isnan(one)), total) if worked else total
    if not math.isnan(total):
        yield code, TOTAL, TOTAL, round(total), worked, row.get(EVERYBODY)
    for axis, groups in axes.items():
        yield from _axis(code, axis, {group: values[group] for group in groups}, total=total, row=row)


def _whole(axis: str, groups: Iterable[str]) -> bool:
    return set(groups) == set(PARTITIONS.get(axis, ()))


def _axis(
    code: str, axis: str, values: Mapping[str, float], *, total: float, row: Mapping[str, int]
) -> Iterator[Line]:
    """Write the groups of one axis, and those in none of them when the total is known."""
    known = {group: value for group, value in values.items() if not math.isnan(value)}
    lost = [group for group in values if group not in known]
    rest = total - sum(known.values())
    whole = _whole(axis, values)
    if whole and len(lost) == 1 and rest >= 0:
        known, given, rest = known | {lost[0]: rest}, {lost[0]}, 0.0
    else:
        given = set()
    if math.isnan(total) or (rest >= 0 and not (whole and rest < NEAR and rest) and not (lost and not given)):
        for group, value in known.items():
            yield code, axis, group, round(value), group in given, row[group]
        if rest > 0:
            yield code, axis, OTHERS, round(rest), False, None
        return
    for group, value in known.items():  # rounded, or beside others that the producer hid: each as if alone
        alone = f"{axis} ({group})"
        yield code, alone, group, round(value), False, row[group]
        if total > value:
            yield code, alone, OTHERS, round(total - value), False, None
