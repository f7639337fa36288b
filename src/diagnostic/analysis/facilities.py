"""What the list of facilities leaves unsaid: a kind that stands nowhere in a place, and for how many inhabitants.

The producer lists what exists. Where its file covers a level, a kind that it names elsewhere and not here is
nought here, which is neither secret nor missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from diagnostic.analysis.indicator import INDICATORS
from diagnostic.schemas import MEASURE_COLUMNS
from diagnostic.vocabulary import KNOWN, Level, Status

if TYPE_CHECKING:
    from collections.abc import Iterator

FACILITIES: Final = "facilities"
PEOPLE: Final = "population"
SERVED: Final = "population_served"
LISTED: Final = "aucun dans la liste du producteur"
_FILE: Final = ["level", "vintage", "period", "source", "edition", "unit", "period_basis"]


def facility_counts(measures: pd.DataFrame) -> pd.DataFrame:
    """Complete the counts of facilities of the places whose population is known.

    Parameters
    ----------
    measures
        Columns ``schemas.MEASURE_COLUMNS``: counts of facilities and populations, of the places that count.

    Returns
    -------
    pandas.DataFrame
        Columns ``schemas.MEASURE_COLUMNS``, to add to ``measures``: ``facilities`` at nought for the kinds that an
        indicator reads and that the file names elsewhere; ``population_served``, the newest published population
        of the place, under the source, edition and vintage of the file of facilities, its own in the note.

    Examples
    --------
    >>> len(facility_counts(pd.DataFrame(columns=MEASURE_COLUMNS)))
    0
    """
    counted = measures[measures["variable"] == FACILITIES]
    known = (measures["variable"] == PEOPLE) & (measures["group"] == "all") & measures["status"].isin(KNOWN)
    newest = (
        measures[known]
        .sort_values(["period", "edition"], kind="stable")
        .drop_duplicates(["level", "code", "vintage"], keep="last")
    )
    parts = [part for rows in _files(counted) for part in (_noughts(rows, counted, newest), _served(rows, newest))]
    if not parts:
        return pd.DataFrame(columns=MEASURE_COLUMNS)
    return pd.concat(parts, ignore_index=True)[MEASURE_COLUMNS]


def _files(counted: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Give the rows of each file and level."""
    for _, rows in counted.groupby(_FILE, sort=True):
        yield rows


def _inhabited(rows: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Keep the populations of the level; quarters of one generation never stand for those of another."""
    level, vintage = rows[["level", "vintage"]].iloc[0]
    own = people["level"] == level
    if level == Level.QPV:
        own &= people["vintage"] == vintage
    kept: pd.DataFrame = people[own].sort_values("period", kind="stable").drop_duplicates("code", keep="last")
    return kept


def _noughts(rows: pd.DataFrame, counted: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    same = counted[(counted["source"] == rows["source"].iloc[0]) & (counted["edition"] == rows["edition"].iloc[0])]
    wanted = {name.group for one in INDICATORS for name in one.inputs if name.variable == FACILITIES}
    kinds = pd.DataFrame({"group": sorted(set(same["group"]) & {group for group in wanted if group})})
    cells = _inhabited(rows, people)[["code"]].merge(kinds, how="cross")
    there = pd.MultiIndex.from_frame(cells).isin(pd.MultiIndex.from_frame(rows[["code", "group"]]))
    noughts: pd.DataFrame = cells[~there].assign(
        **rows[_FILE].iloc[0], variable=FACILITIES, value=0.0, status=str(Status.OBSERVED), note=LISTED
    )
    return noughts


def _served(rows: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    found = _inhabited(rows, people)
    # Under the name of the file it serves: a source with the edition of another would be a false reference.
    stamp = rows[["vintage", "period", "source", "edition", "period_basis"]].iloc[0]
    note = "population de " + found["period"].astype(str) + " (" + found["source"] + ")"
    served: pd.DataFrame = found.assign(**stamp, variable=SERVED, note=note)
    return served
