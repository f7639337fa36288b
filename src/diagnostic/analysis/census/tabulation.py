"""The census file of individuals counted: weighted persons and persons surveyed, by any crossing of its dimensions.

One expression, whatever the engine that runs it. Weights are summed as whole billionths of a person: integers add
up to the same in any order, so that two engines, or two runs on several threads, give the same bytes. The producer
asks that decimals of weights be kept; half a billionth a person is what is lost.

References
----------
Insee, « Documentation fichier détail : Individus - localisation au canton-ou-ville »
(https://www.insee.fr/fr/information/2383284): all sums with the weight IPONDI; estimates under 200 persons to be
handled with caution, because of sampling.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from diagnostic.analysis.census.layout import DIMENSIONS, WEIGHT, Dimension, dimensions, need_columns
from diagnostic.analysis.disclosure import protect
from diagnostic.analysis.survey.reliability import PUBLICATION, Reliability
from diagnostic.errors import Fault, InputError
from diagnostic.formatting import typographic
from diagnostic.vocabulary import STATUS_LABELS, Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import ibis.expr.types as ir

    Keep = Mapping[str, Sequence[str]]

GRAIN: Final = 10**9
TOTAL: Final = "Ensemble"
CAUTION_UNDER: Final = 200
SHOWN: Final = 12
FEW: Final = typographic(f"moins de {PUBLICATION.percentage_n} personnes recensées : pas de pourcentage")
SMALL: Final = typographic(f"moins de {CAUTION_UNDER} personnes : estimation imprécise (sondage)")


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
        (weighted) and ``n`` (surveyed, without weights). Not to be shown: :func:`release` first.

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
    found: pd.DataFrame = counted.to_pandas()
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
        if (unknown := unknown_codes(found[axis.name].unique(), axis))
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


def with_totals(cells: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Add the totals of every dimension, labelled ``Ensemble``.

    Parameters
    ----------
    cells
        Columns ``by``, ``persons``, ``n``, one row a cell.
    by
        The dimensions.

    Examples
    --------
    >>> with_totals(pd.DataFrame({"sex": ["men", "women"], "persons": [5.0, 7.5], "n": [2, 3]}), ["sex"])
            sex  persons  n
    0       men      5.0  2
    1     women      7.5  3
    2  Ensemble     12.5  5
    """
    for name in by:
        others = [other for other in by if other != name]
        sums = cells.groupby(others, sort=False, as_index=False) if others else None
        totals = sums[["persons", "n"]].sum() if sums is not None else cells[["persons", "n"]].sum().to_frame().T
        cells = pd.concat([cells, totals.assign(**{name: TOTAL})], ignore_index=True)
    return cells[[*by, "persons", "n"]].astype({"n": np.int64})


def release(cells: pd.DataFrame, *, threshold: int = PUBLICATION.hidden_n) -> pd.DataFrame:
    """Protect a table of :func:`tabulate`, its totals added, and say how sure each cell is.

    Parameters
    ----------
    cells
        Whole table: what was left out by ``keep`` must stay unpublished elsewhere.
    threshold
        Cells of fewer persons surveyed are hidden, and the others that would give them back.

    Returns
    -------
    pandas.DataFrame
        Totals included. ``persons`` and ``n`` are missing where ``status`` is ``masked``; ``reliability`` is
        ``suppress``, ``caution`` (under 30 surveyed, no percentage; under 200 persons, the producer's limit) or
        ``publish``, and ``note`` says why in French.

    Raises
    ------
    RefusedError
        When the crossing is too large to be protected.

    Examples
    --------
    >>> cells = pd.DataFrame({"sex": ["men", "women"], "persons": [80.0, 9.5], "n": [32, 4]})
    >>> release(cells).drop(columns="note")
            sex  persons     n     status reliability
    0       men      NaN  <NA>     masked    suppress
    1     women      NaN  <NA>     masked    suppress
    2  Ensemble     89.5    36  estimated     caution
    """
    by = [name for name in cells.columns if name not in {"persons", "n"}]
    safe = protect(with_totals(cells, by), by, value="n", threshold=threshold)
    hidden = safe["status"] != "published"
    few = (safe["n"] < PUBLICATION.percentage_n).fillna(value=False)
    safe["persons"] = safe["persons"].mask(hidden)
    small = safe["persons"] < CAUTION_UNDER
    safe["status"] = np.where(hidden, str(Status.MASKED), str(Status.ESTIMATED))
    marks = [str(mark) for mark in (Reliability.SUPPRESS, Reliability.CAUTION, Reliability.CAUTION)]
    safe["reliability"] = np.select([hidden, few, small], marks, str(Reliability.PUBLISH))
    safe["note"] = np.select([hidden, few, small], [STATUS_LABELS[Status.MASKED], FEW, SMALL], "")
    return safe


def in_french(cells: pd.DataFrame) -> pd.DataFrame:
    """Put the French labels for the words of a table, for a page; totals and places stay as they are.

    Examples
    --------
    >>> in_french(pd.DataFrame({"nationality": ["foreign", "Ensemble"], "n": [40, 90]}))
      nationality   n
    0   étrangers  40
    1    Ensemble  90
    """
    labels = {name: DIMENSIONS[name].labels for name in cells.columns if name in DIMENSIONS}
    return cells.assign(**{name: cells[name].replace(dict(words)) for name, words in labels.items()})
