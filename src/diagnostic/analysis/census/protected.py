"""What may leave the machine of a count of the census: totals added, small cells and their neighbours hidden.

References
----------
Insee, documentation of the file (https://www.insee.fr/fr/information/2383284): what is estimated at less than 200
persons is to be handled with caution, because of sampling.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from diagnostic.analysis.census.layout import DIMENSIONS
from diagnostic.analysis.disclosure import protect
from diagnostic.analysis.survey.reliability import PUBLICATION, Reliability
from diagnostic.formatting import typographic
from diagnostic.vocabulary import STATUS_LABELS, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

TOTAL: Final = "Ensemble"
CAUTION_UNDER: Final = 200
FEW: Final = typographic(f"moins de {PUBLICATION.percentage_n} personnes recensées : pas de pourcentage")
SMALL: Final = typographic(f"moins de {CAUTION_UNDER} personnes : estimation imprécise (sondage)")


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
    """Protect a table of ``tabulate``, its totals added, and say how sure each cell is.

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
