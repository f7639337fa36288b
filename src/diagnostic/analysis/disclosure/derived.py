"""Figures that would give a count back are hidden with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from diagnostic.analysis.disclosure.rules import PROJECT
from diagnostic.analysis.disclosure.tables import TOTAL
from diagnostic.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Sequence


def hide_derived(
    cells: pd.DataFrame,
    derived: Sequence[str],
    *,
    status: str = "status",
    base_status: str | None = None,
    reason: str = PROJECT,
) -> pd.DataFrame:
    """Give percentages, means, intervals, design effects and effective sizes the fate of their count.

    With a published base, a percentage is the count; an interval, a standard error, an ``n_eff`` or a ``deff``
    lead back to the percentage. None is shown where the count is not, nor where its base is not.

    Parameters
    ----------
    cells
        Protected cells, one row each.
    derived
        The columns computed from the count.
    status
        The column that :func:`protect` adds.
    base_status
        The status column of the base, when it stands in the same row.
    reason
        What the reader is told, in French.

    Returns
    -------
    pandas.DataFrame
        A copy with nulls in ``derived`` and the reason in ``note`` where the cell or its base is hidden. A reader
        is told the same thing of a primary and of a secondary.

    Raises
    ------
    InputError
        If a column is missing.

    Examples
    --------
    >>> cells = pd.DataFrame({"n": [None, 20], "rate": [4.0, 20.0], "status": ["primary", "published"]})
    >>> hide_derived(cells, ["rate"])[["rate", "note"]].values.tolist()
    [[nan, "masqué pour protéger l'anonymat (règle du projet)"], [20.0, '']]
    """
    needed = [*derived, status, *([base_status] if base_status else [])]
    missing = [name for name in needed if name not in cells.columns]
    if missing:
        raise InputError(
            [
                Fault(
                    "colonne absente",
                    column=name,
                    found=", ".join(map(str, cells.columns)),
                    remedy="corrigez son nom",
                )
                for name in missing
            ]
        )
    hidden = cells[status] != "published"
    if base_status is not None:
        hidden |= cells[base_status] != "published"
    result = cells.copy()
    for name in derived:
        result[name] = result[name].mask(hidden)
    note = result["note"].fillna("") if "note" in result.columns else pd.Series("", index=result.index)
    result["note"] = note.mask(hidden, reason)
    return result


def hide_complements(
    cells: pd.DataFrame, dimension: str, *, keys: Sequence[str], status: str = "status"
) -> pd.Series:
    """Say which rates must be hidden because the others of their line give them back.

    The shares of one line add up to 100 %, even when the total itself is not shown as a count: a line with a
    single hidden share is read by subtraction.

    Parameters
    ----------
    cells
        Protected cells, one row each.
    dimension
        The coordinate whose shares add up.
    keys
        The other coordinates.
    status
        The column that :func:`protect` adds.

    Returns
    -------
    pandas.Series
        Booleans, same index: the smallest published share of each line with one hidden share.

    Examples
    --------
    >>> cells = pd.DataFrame({"qpv": "A", "answer": ["yes", "no"], "n": [None, 40]})
    >>> cells["status"] = ["primary", "published"]
    >>> hide_complements(cells, "answer", keys=["qpv"]).tolist()
    [False, True]
    """
    inner = cells[dimension] != TOTAL
    hidden = inner & (cells[status] != "published")
    line = [cells[name] for name in keys] or np.zeros(len(cells))
    alone = inner & (hidden.groupby(line).transform("sum") == 1)
    shown = cells.loc[alone & ~hidden & (cells["n"] > 0)]
    smallest = shown.groupby([shown[name] for name in keys] or np.zeros(len(shown)))["n"].idxmin()
    return pd.Series(cells.index.isin(smallest), index=cells.index)
