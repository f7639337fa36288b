"""Hide what a rule hides, and the least of the rest so that nothing hidden can be recomputed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from diagnostic.analysis.disclosure.problem import Problem
from diagnostic.analysis.disclosure.rules import find_rule, sensitive_cells
from diagnostic.analysis.disclosure.search import search
from diagnostic.analysis.disclosure.tables import TOTAL, System, read, stack
from diagnostic.errors import Fault, InputError, RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from diagnostic.analysis.disclosure.rules import Rule

PUBLISHED, PRIMARY, SECONDARY = "published", "primary", "secondary"
TOTAL_WEIGHT = 10.0
CROSSED_CELLS = 25_000  # cells detailed by three dimensions or more: about a minute and a half; beyond, refused


def protect(
    cells: pd.DataFrame,
    dimensions: Sequence[str],
    *,
    value: str = "n",
    rule: str | Rule | None = None,
    threshold: int | None = None,
    linked: Sequence[Sequence[str] | pd.DataFrame] = (),
    hierarchies: Mapping[str, Mapping[str, str]] | None = None,
    overlapping: Mapping[str, str] | None = None,
    primary: str | None = None,
    base: str | None = None,
    weights: str | None = None,
) -> pd.DataFrame:
    """Protect one table or several that share cells.

    The cells under the threshold are hidden, then the set of other cells that costs least such that

    * the hidden parts of a published total add up to the threshold at least;
    * whoever knows the published cells, that they add up and that none is negative finds for each primary an
      interval at least ``threshold - 1`` wide, and no secondary exactly;
    * whoever also sees the statuses and knows the rule finds no hidden cell exactly, unless hiding everything
      would not prevent it;
    * whoever is alone in a cell finds no other primary exactly, with the same reserve.

    Cells at zero stay published unless they are given as primaries.

    Parameters
    ----------
    cells
        Long table, one row a cell, totals labelled ``Ensemble``. A cell absent from the table is empty.
    dimensions
        The coordinate columns.
    value
        The column of counts.
    rule
        The source's rule, by name or in person: ``survey``, ``fiscal``, ``jobseekers``, ``benefits``, ``firms``.
    threshold
        Cells from 1 to ``threshold - 1`` are hidden; with a rule, at least the rule's minimum.
    linked
        Other tables that share cells: further dimensions whose rows are in ``cells``, or long tables whose text
        columns are their dimensions. A dimension a table does not have is ``Ensemble`` there.
    hierarchies
        By dimension, child label to parent label (QPV to commune, commune to EPCI, EPCI to contrat).
    overlapping
        By dimension of several answers, the label that means "at least one".
    primary
        A boolean column of cells hidden by the caller, besides those of the rule.
    base
        With a rule that has a floor, the column of the number of units asked.
    weights
        A column that multiplies the loss of a cell, larger for what must stay published.

    Returns
    -------
    pandas.DataFrame
        A copy with a ``status`` column (``published``, ``primary``, ``secondary``) and ``value`` null where
        hidden.
        With linked tables, the rows of all of them.

    Raises
    ------
    InputError
        If the tables have faults, all of them told at once.
    RefusedError
        If the threshold is under the rule's, or over ``CROSSED_CELLS`` cells are detailed by three dimensions.

    References
    ----------
    M. Fischetti, J. J. Salazar-González (2001), "Solving the cell suppression problem on tabular data with linear
    constraints", Management Science 47. A. Hundepool et al. (2012), *Statistical Disclosure Control*, chapter 4.

    Examples
    --------
    >>> cells = pd.DataFrame({"part": ["A", "B", "C", "Ensemble"], "n": [15, 5, 3, 23]})
    >>> protect(cells, ["part"], threshold=11)
           part     n     status
    0         A  <NA>  secondary
    1         B  <NA>    primary
    2         C  <NA>    primary
    3  Ensemble    23  published
    """
    if threshold is not None and threshold < 1:
        raise InputError(
            Fault("seuil impossible", expected="1 ou plus", found=str(threshold), remedy="corrigez le seuil")
        )
    table, names = _gather(cells, dimensions, linked, value)
    _check_size(table, [name for name in names if name in table.columns])
    _check_columns(table, value, [name for name in (primary, base, weights) if name is not None])
    system = read(table, names, value=value, hierarchies=hierarchies, overlapping=overlapping)
    hidden = (
        np.zeros(system.rows, dtype=bool) if primary is None else table[primary].to_numpy(dtype=bool, copy=True)
    )
    frequency: int | None = None
    if rule is not None:
        chosen = find_rule(rule)
        threshold = chosen.stricter(threshold)
        hidden |= sensitive_cells(table, chosen, count=value, threshold=threshold, base=base).to_numpy()
        frequency = threshold if base is None else chosen.floor or threshold
    elif threshold is not None:
        hidden |= ((table[value] > 0) & (table[value] < threshold)).to_numpy()
        frequency = threshold
    elif primary is None:
        raise InputError(
            Fault(
                "rien ne dit quelles cases masquer",
                expected="rule, threshold ou primary",
                remedy="indiquez la règle de la source",
            )
        )
    weight = None if weights is None else table[weights].to_numpy(dtype=float)
    secondary = search(_problem(system, hidden, weight, threshold, frequency))[: system.rows]
    return _mark(table, value, hidden, secondary)


def information_loss(system: System, weights: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Weigh what hiding each cell costs its reader.

    ``log2(1 + n)``, ten times more for each dimension of which the cell is a total: totals and headline figures
    are kept first, and of two alike the smaller is hidden.

    Parameters
    ----------
    system
        Cells and relations.
    weights
        ``(rows,)`` multipliers.

    Returns
    -------
    numpy.ndarray
        ``(n,)``; zero for slacks.

    Examples
    --------
    >>> cells = pd.DataFrame({"qpv": ["A", "B", "Ensemble"], "n": [3, 12, 15]})
    >>> information_loss(read(cells, ["qpv"])).round(2).tolist()
    [2.0, 3.7, 40.0]
    """
    loss = np.zeros(len(system.counts))
    loss[: system.rows] = np.log2(1 + system.counts[: system.rows]) * TOTAL_WEIGHT**system.heights
    if weights is not None:
        loss[: system.rows] *= weights
    return loss


def _gather(
    cells: pd.DataFrame, dimensions: Sequence[str], linked: Sequence[Sequence[str] | pd.DataFrame], value: str
) -> tuple[pd.DataFrame, list[str]]:
    """One long table and all its dimensions."""
    tables, names = [cells], list(dimensions)
    for item in linked:
        if isinstance(item, pd.DataFrame):
            tables.append(item)
            further = [name for name in item.columns if not pd.api.types.is_numeric_dtype(item[name])]
        else:
            further = list(item)
        names += [name for name in further if name not in names]
    return (stack(tables, dimensions=names, value=value) if len(tables) > 1 else cells), names


def _check_columns(table: pd.DataFrame, value: str, options: list[str]) -> None:
    faults = [
        Fault("colonne absente", column=name, found=", ".join(map(str, table.columns)), remedy="corrigez son nom")
        for name in options
        if name not in table.columns
    ]
    if value in table.columns and table[value].isna().any():
        faults.append(
            Fault(
                "des effectifs sont vides",
                column=value,
                expected="les vrais effectifs\u00a0: le secret se calcule avant tout masquage",
                found=f"{int(table[value].isna().sum())} cases vides",
                remedy="retirez les cases déjà masquées par le producteur, ou partez du fichier complet",
            )
        )
    if faults:
        raise InputError(faults)


def _check_size(table: pd.DataFrame, names: list[str]) -> None:
    detailed = int(((table[names] != TOTAL).sum(axis=1) > 2).sum())  # noqa: PLR2004 - tables of two are fast
    if detailed > CROSSED_CELLS:
        raise RefusedError(
            Fault(
                "tableau croisé trop grand pour être protégé en un temps borné",
                expected=f"{CROSSED_CELLS} cases détaillées par trois dimensions au plus",
                found=str(detailed),
                remedy="publiez-le par territoire, ou en tableaux liés de deux dimensions",
            )
        )


def _problem(
    system: System,
    primary: NDArray[np.bool_],
    weights: NDArray[np.float64] | None,
    threshold: int | None,
    frequency: int | None,
) -> Problem:
    size = len(system.counts)
    hidden = np.zeros(size, dtype=bool)
    hidden[: system.rows] = primary
    # An empty cell tells nothing and is kept, unless an empty cell must itself be protected.
    worth = (system.counts > 0) | bool((hidden & (system.counts == 0)).any())
    hideable = worth & ~hidden & (np.arange(size) < system.rows)
    return Problem(system, hidden, hideable, information_loss(system, weights), threshold, frequency)


def _mark(
    table: pd.DataFrame, value: str, primary: NDArray[np.bool_], secondary: NDArray[np.bool_]
) -> pd.DataFrame:
    result = table.copy()
    if pd.api.types.is_integer_dtype(result[value]):
        result[value] = result[value].astype("Int64")
    result[value] = result[value].mask(primary | secondary)
    result["status"] = np.select([primary, secondary], [PRIMARY, SECONDARY], PUBLISHED)
    return result
