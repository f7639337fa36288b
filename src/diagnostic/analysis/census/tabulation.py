"""The census file of individuals counted: persons, weighted and surveyed, by any crossing of its dimensions.

One expression, whatever the engine that runs it. Weights are summed as whole billionths of a person: integers add
up to the same in any order, so that two engines, or two runs on several threads, give the same bytes. The producer
asks that every sum take the weight IPONDI with all its decimals; half a billionth a person is what is lost.

References
----------
Insee, « Documentation fichier détail : Individus - localisation au canton-ou-ville »,
https://www.insee.fr/fr/information/2383284.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from diagnostic.analysis.census.layout import WEIGHT, Dimension, dimensions, need_columns
from diagnostic.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import ibis.expr.types as ir

    Keep = Mapping[str, Sequence[str]]

GRAIN: Final = 10**9
SHOWN: Final = 12


def tabulate(table: ir.Table, by: Sequence[str | Dimension], *, keep: Keep | None = None) -> pd.DataFrame:
    """Count persons by the crossing of some dimensions.

    Parameters
    ----------
    table
        The file of individuals, from any engine (``ingestion.census_detail.open_census``).
    by
        Names among ``DIMENSIONS``, or dimensions of your own; one of places at most.
    keep
        Dimension to the words, or codes of places, that are counted; everybody by default.

    Returns
    -------
    pandas.DataFrame
        One row a cell that holds somebody, in the order of the dimensions' words: the ``by`` columns, ``persons``
        (weighted) and ``n`` (surveyed, without weights). Not to be shown before ``release``.

    Raises
    ------
    InputError
        Naming every absent column; every code that the dictionary does not hold; how many weights are not
        positive numbers.
    """
    axes = dimensions(by)
    chosen = restricted(table, axes, keep)
    weight = chosen[WEIGHT]
    weight = weight.try_cast("float64") if weight.type().is_string() else weight.cast("float64")
    keys = [axis.key(chosen).name(axis.name) for axis in axes]
    counted = chosen.group_by(keys).aggregate(
        grains=(weight * GRAIN).round().cast("int64").sum(),
        n=weight.count(),
        wrong=(~(weight > 0).fill_null(False)).sum(),
    )
    found: pd.DataFrame = counted.to_pyarrow().to_pandas()
    _check(found, axes)
    return _ordered(found, axes)


def restricted(table: ir.Table, axes: Sequence[Dimension], keep: Keep | None) -> ir.Table:
    """Check the columns that a question needs, and keep the persons asked for.

    Raises
    ------
    InputError
        When columns are absent or a kept word is unknown.
    """
    keep = keep or {}
    filters = list(zip(dimensions(list(keep)), keep.values(), strict=True))
    need_columns(table, [WEIGHT, *(axis.column for axis in (*axes, *(axis for axis, _ in filters)))])
    faults = [
        Fault(f"modalité inconnue de la dimension « {axis.name} »", found=", ".join(unknown),
              expected=", ".join(axis.words), remedy="corrigez keep")
        for axis, words in filters
        if axis.words and (unknown := sorted(set(words) - set(axis.words)))
    ]  # fmt: skip
    if faults:
        raise InputError(faults)
    for axis, words in filters:
        table = table.filter(axis.key(table).isin(axis.keys_of(words)))
    return table


def _check(found: pd.DataFrame, axes: Sequence[Dimension]) -> None:
    faults = [
        Fault(
            "codes que le dictionnaire du recensement ne connaît pas", column=axis.column,
            expected=", ".join(axis.codes) or "un âge en années",
            found=", ".join(repr(code) for code in unknown[:SHOWN]),
            remedy="vérifiez l’édition du fichier ; un autre codage se déclare par Dimension(nom, colonne, codes)",
        )
        for axis in axes
        if (unknown := unknown_codes(list(found[axis.name].unique()), axis))
    ]  # fmt: skip
    wrong = int(found["wrong"].sum())
    if wrong:
        faults.append(Fault("poids absents, négatifs ou qui ne sont pas des nombres", column=WEIGHT,
                            expected="un nombre positif par personne, virgule décimale écrite par un point",
                            found=f"{wrong} personnes", remedy="téléchargez de nouveau le fichier"))  # fmt: skip
    if not len(found):
        faults.append(Fault("personne ne répond à ces conditions", remedy="élargissez keep"))
    if faults:
        raise InputError(faults)


def unknown_codes(codes: Sequence[str | None], axis: Dimension) -> list[str | None]:
    """Give the codes that are empty, or that a dimension does not declare."""
    return [code for code in codes if not isinstance(code, str) or axis.word(code) is None]


def _ordered(found: pd.DataFrame, axes: Sequence[Dimension]) -> pd.DataFrame:
    """Put words for codes, cells in the order of the words, and persons for grains."""
    cells = pd.DataFrame(index=found.index)
    for axis in axes:
        words = found[axis.name].map(axis.word)
        cells[axis.name] = pd.Categorical(words, categories=axis.words or sorted(words.unique()), ordered=True)
    cells["persons"] = found["grains"].to_numpy(dtype=np.float64) / GRAIN
    cells["n"] = found["n"].to_numpy(dtype=np.int64)
    names = [axis.name for axis in axes]
    return cells.sort_values(names, ignore_index=True).astype(dict.fromkeys(names, str))
