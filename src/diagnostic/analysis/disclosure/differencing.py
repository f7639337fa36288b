"""What two publications tell together that neither tells alone.

Each function takes tables and returns the cells to hide and why; none writes anything. The rows returned name
cells by their coordinates and never carry a difference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from diagnostic.analysis.disclosure.tables import TOTAL
from diagnostic.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from diagnostic.analysis.disclosure.ledger import Key

NEARLY = 0.9

WAVES = "la différence avec l'autre vague isole moins de {threshold} personnes"
PERIMETERS = (
    "la différence entre les périmètres 2015 et 2024, presque confondus, isole moins de {threshold} personnes"
)
OPTIONS = "la différence entre «\u00a0{any_label}\u00a0» et cette réponse isole moins de {threshold} personnes"
RELEASED = "une valeur voisine a déjà été publiée\u00a0: la différence isole moins de {threshold} personnes"
ALREADY = "déjà publiée\u00a0: la masquer ne protège plus, prévenez le délégué à la protection des données"


def between_waves(
    first: pd.DataFrame, second: pd.DataFrame, *, keys: Sequence[str], value: str = "n", threshold: int
) -> pd.DataFrame:
    """Compare two waves of which one holds the other (a cumulated file, a file completed since).

    Parameters
    ----------
    first, second
        Published cells of each, one row a cell; null where hidden.
    keys
        The coordinate columns.
    value
        The column of counts.
    threshold
        Least number of persons that a difference may isolate.

    Returns
    -------
    pandas.DataFrame
        The cells of ``second`` to hide: ``keys`` and ``why``.

    Raises
    ------
    InputError
        If a column is missing or a cell stands twice.

    Examples
    --------
    >>> first = pd.DataFrame({"qpv": ["A", "B"], "n": [40, 30]})
    >>> second = pd.DataFrame({"qpv": ["A", "B"], "n": [43, 60]})
    >>> between_waves(first, second, keys=["qpv"], threshold=11)["qpv"].tolist()
    ['A']
    """
    both = _match(first, second, keys, value)
    return _answer(both[_close(both, threshold)], keys, WAVES.format(threshold=threshold))


def between_perimeters(
    old: pd.DataFrame,
    new: pd.DataFrame,
    overlap: pd.DataFrame,
    *,
    place: str,
    keys: Sequence[str] = (),
    value: str = "n",
    threshold: int,
    nearly: float = NEARLY,
) -> pd.DataFrame:
    """Compare QPV of 2015 and of 2024 whose perimeters nearly coincide, or of which one nearly holds the other.

    Parameters
    ----------
    old, new
        Published cells of each generation, one row a cell.
    overlap
        Pairs of perimeters: ``old``, ``new`` (codes), ``old_share``, ``new_share`` (share of each one's population
        or area that lies in the other, 0 to 1).
    place
        The column of the QPV code.
    keys
        The other coordinate columns.
    value
        The column of counts.
    threshold
        Least number of persons that a difference may isolate.
    nearly
        Share from which a perimeter is taken to lie in the other.

    Returns
    -------
    pandas.DataFrame
        The cells of ``new`` to hide: ``place``, ``keys`` and ``why``.

    Raises
    ------
    InputError
        If a column is missing or a cell stands twice.

    Examples
    --------
    >>> old = pd.DataFrame({"qpv": ["QP1"], "n": [120]})
    >>> new = pd.DataFrame({"qpv": ["QN1"], "n": [124]})
    >>> overlap = pd.DataFrame({"old": ["QP1"], "new": ["QN1"], "old_share": [1.0], "new_share": [0.96]})
    >>> between_perimeters(old, new, overlap, place="qpv", threshold=11)["qpv"].tolist()
    ['QN1']
    """
    _require(old, [place, *keys, value])
    _require(new, [place, *keys, value])
    renamed = _coinciding(overlap, nearly).merge(old, left_on="old", right_on=place).drop(columns=["old", place])
    both = renamed.rename(columns={"new": place}).merge(new, on=[place, *keys], suffixes=("_first", "_second"))
    both = both.rename(columns={f"{value}_first": "first", f"{value}_second": "second"})
    found = both[_close(both, threshold)].drop_duplicates([place, *keys])
    return _answer(found, [place, *keys], PERIMETERS.format(threshold=threshold))


def across_perimeters(
    out: Mapping[Key, frozenset[int]], overlap: pd.DataFrame, *, nearly: float = NEARLY
) -> dict[Key, frozenset[int]]:
    """Let what was released of a QPV bind the one of the other generation whose perimeter nearly coincides.

    Parameters
    ----------
    out
        Values under which each cell is out, of :func:`diagnostic.analysis.disclosure.ledger.known_cells`.
    overlap, nearly
        As :func:`between_perimeters` takes them.

    Returns
    -------
    dict
        ``out``, with the same cells under the code of the other generation: a count that differs by a few persons
        is then hidden as it would be under one code.

    Examples
    --------
    >>> out = {("t", "qpv", "QP1", "oui"): frozenset({40})}
    >>> overlap = pd.DataFrame({"old": ["QP1"], "new": ["QN1"], "old_share": [1.0], "new_share": [0.96]})
    >>> across_perimeters(out, overlap)[("t", "qpv", "QN1", "oui")]
    frozenset({40})
    """
    twins: dict[str, set[str]] = {}
    for old, new in _coinciding(overlap, nearly).itertuples(index=False, name=None):
        twins.setdefault(old, set()).add(new)
        twins.setdefault(new, set()).add(old)
    found = dict(out)
    for (table, axis, label, answer), values in out.items():
        for twin in sorted(twins.get(label, ())):
            key = (table, axis, twin, answer)
            found[key] = found.get(key, frozenset()) | values
    return found


def between_options(
    cells: pd.DataFrame,
    dimension: str,
    *,
    any_label: str,
    keys: Sequence[str] = (),
    value: str = "n",
    threshold: int,
) -> pd.DataFrame:
    """Compare "at least one" with each single option of a question of several answers.

    Parameters
    ----------
    cells
        Published cells, one row each.
    dimension
        The coordinate that holds the options.
    any_label
        The label that means "at least one".
    keys
        The other coordinate columns.
    value
        The column of counts.
    threshold
        Least number of persons that a difference may isolate.

    Returns
    -------
    pandas.DataFrame
        The options to hide: ``keys``, ``dimension`` and ``why``.

    Raises
    ------
    InputError
        If a column is missing or a cell stands twice.

    Examples
    --------
    >>> cells = pd.DataFrame({"motive": ["any", "origin", "sex"], "n": [50, 46, 20]})
    >>> between_options(cells, "motive", any_label="any", threshold=11)["motive"].tolist()
    ['origin']
    """
    _require(cells, [dimension, *keys, value])
    top = cells[cells[dimension] == any_label]
    options = cells[~cells[dimension].isin([any_label, TOTAL])]
    if keys:
        both = top[[*keys, value]].merge(options, on=list(keys), suffixes=("_any", ""))
    else:
        both = top[[value]].merge(options, how="cross", suffixes=("_any", ""))
    both = both.rename(columns={f"{value}_any": "first", value: "second"})
    why = OPTIONS.format(threshold=threshold, any_label=any_label)
    return _answer(both[_close(both, threshold)], [*keys, dimension], why)


def against_ledger(
    cells: pd.DataFrame, ledger: pd.DataFrame, *, keys: Sequence[str], value: str = "n", threshold: int
) -> pd.DataFrame:
    """Compare this run with what was already released.

    For what several released cells give together, run :func:`attack` on ``[cells, ledger]``.

    Parameters
    ----------
    cells
        Protected cells of this run; null where hidden.
    ledger
        Released cells; null where they were hidden.
    keys
        The coordinate columns.
    value
        The column of counts.
    threshold
        Least number of persons that a difference may isolate.

    Returns
    -------
    pandas.DataFrame
        ``keys`` and ``why``: cells to hide now, then cells hidden now that are out already.

    Raises
    ------
    InputError
        If a column is missing or a cell stands twice.

    Examples
    --------
    >>> cells = pd.DataFrame({"qpv": ["A", "B"], "n": [44, None]})
    >>> ledger = pd.DataFrame({"qpv": ["A", "B"], "n": [40, 7]})
    >>> against_ledger(cells, ledger, keys=["qpv"], threshold=11)["qpv"].tolist()
    ['A', 'B']
    """
    both = _match(ledger, cells, keys, value)
    near = _answer(both[_close(both, threshold)], keys, RELEASED.format(threshold=threshold))
    out = _answer(both[both["first"].notna() & both["second"].isna()], keys, ALREADY)
    return pd.concat([near, out], ignore_index=True)


def _coinciding(overlap: pd.DataFrame, nearly: float) -> pd.DataFrame:
    """Keep the pairs of which one perimeter lies in the other, up to a sliver."""
    _require(overlap, ["old", "new", "old_share", "new_share"])
    return overlap.loc[(overlap["old_share"] >= nearly) | (overlap["new_share"] >= nearly), ["old", "new"]]


def _match(first: pd.DataFrame, second: pd.DataFrame, keys: Sequence[str], value: str) -> pd.DataFrame:
    for table in (first, second):
        _require(table, [*keys, value])
        twice = int(table.duplicated(list(keys)).sum())
        if twice:
            raise InputError(
                Fault(
                    "deux lignes pour une case",
                    expected="une ligne par case",
                    found=f"{twice} doublons",
                    remedy="supprimez ou additionnez les doublons",
                )
            )
    names = [*keys, value]
    both = first[names].merge(second[names], on=list(keys), suffixes=("_first", "_second"))
    return both.rename(columns={f"{value}_first": "first", f"{value}_second": "second"})


def _close(both: pd.DataFrame, threshold: int) -> pd.Series[bool]:
    """Two known counts that differ by some persons, fewer than the threshold."""
    gap = (both["first"].astype("Float64") - both["second"].astype("Float64")).abs()
    return ((gap > 0) & (gap < threshold)).fillna(value=False).astype(bool)


def _answer(found: pd.DataFrame, keys: Sequence[str], why: str) -> pd.DataFrame:
    return found[list(keys)].assign(why=why).reset_index(drop=True)


def _require(table: pd.DataFrame, names: Sequence[str]) -> None:
    missing = [name for name in names if name not in table.columns]
    if missing:
        raise InputError(
            [
                Fault(
                    "colonne absente",
                    column=name,
                    found=", ".join(map(str, table.columns)),
                    remedy="corrigez son nom",
                )
                for name in missing
            ]
        )
