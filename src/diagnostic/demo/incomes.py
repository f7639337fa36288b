"""Incomes of the fictional places: log-normal, around the median of each place.

Quantiles, inequality indices and the poverty rate all come from the same law, and the shares of income add up to
one hundred: what the Filosofi tables and the thematic table of incomes both publish is one figure.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from diagnostic.demo.places import COMMUNES, DEPARTMENT_CODE, QUARTERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

REFERENCE_YEAR = 2018
QUANTILES = {"D1": 0.1, "D2": 0.2, "Q1": 0.25, "D3": 0.3, "D4": 0.4, "MED": 0.5}
QUANTILES |= {"D6": 0.6, "D7": 0.7, "Q3": 0.75, "D8": 0.8, "D9": 0.9}
# Euros a year for one consumption unit at 60 % of the median, rounded, and growth of medians since 2018.
_POVERTY_LINE = {2017: 12_490, 2018: 12_760, 2019: 13_220}
_GROWTH = {2017: 0.985, 2018: 1.0, 2019: 1.021}
_LAW = NormalDist()
_Z = {name: _LAW.inv_cdf(share) for name, share in QUANTILES.items()}


def medians() -> pd.Series[float]:
    """Give the median of 2018 of every place, by code, in euros.

    An intercommunality and the department are placed at the mean of the medians of their communes, weighted by
    inhabitants: near the true value for places as like as these.

    Examples
    --------
    >>> medians().round()["QP099002"]
    np.float64(12200.0)
    """
    frame = pd.DataFrame(
        [(c.epci, c.median, c.population) for c in COMMUNES], columns=["epci", "median", "people"]
    )
    frame["euros"] = frame["median"] * frame["people"]
    sums = frame.groupby("epci")[["euros", "people"]].sum()
    whole = frame["euros"].sum() / frame["people"].sum()
    parts = [
        pd.Series({place.code: float(place.median) for place in (*QUARTERS, *COMMUNES)}),
        sums["euros"] / sums["people"],
        pd.Series({DEPARTMENT_CODE: whole}),
    ]
    everywhere: pd.Series[float] = pd.concat(parts)
    return everywhere


def income_table(codes: Sequence[str], *, year: int, seed: int) -> pd.DataFrame:
    """Draw the disposable incomes of places in a year.

    Parameters
    ----------
    codes
        Codes of the places, of any level.
    year
        Data year: 2017, 2018 or 2019.
    seed
        The same place and seed give the same law whatever the other places asked for.

    Returns
    -------
    pandas.DataFrame
        One row a place: quantiles in euros rounded to ten, ``EQ``, ``RD``, ``GINI``, ``S80S20``, shares and
        poverty rate ``TP60`` in percent with one decimal.

    Examples
    --------
    >>> table = income_table(["QP099001"], year=2018, seed=1)
    >>> parts = table[["PACT", "PPEN", "PPAT", "PPSOC", "PIMPOT"]].sum(axis=1)
    >>> float(parts.round(1).iloc[0])
    100.0
    """
    draws = np.array([np.random.default_rng([seed, *code.encode("ascii")]).uniform(-1, 1, 8) for code in codes])
    centre = medians()[list(codes)].to_numpy()
    median = centre * _GROWTH[year] * (1 + 0.006 * draws[:, 0])
    spread = 0.385 + 0.02 * draws[:, 1] + 1.2e-5 * np.minimum(centre - 13_000, 6_000)
    table = {name: 10 * np.round(median * np.exp(spread * z) / 10) for name, z in _Z.items()}
    below = (np.log(_POVERTY_LINE[year]) - np.log(median)) / spread
    table["EQ"] = np.round((table["Q3"] - table["Q1"]) / table["MED"], 2)
    table["RD"] = np.round(table["D9"] / table["D1"], 1)
    table["GINI"] = np.round(2 * _below(spread / np.sqrt(2)) - 1, 3)
    table["S80S20"] = np.round((1 - _below(_Z["D8"] - spread)) / _below(_Z["D2"] - spread), 1)
    table |= _shares(median / _GROWTH[year], draws, year)
    table["TP60"] = np.round(100 * _below(below), 1)
    return pd.DataFrame(table, index=pd.Index(codes, name="CODGEO"))


def _below(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the share of a standard normal law below each value."""
    return np.array([_LAW.cdf(float(value)) for value in values])


def _shares(median: NDArray[np.float64], draws: NDArray[np.float64], year: int) -> dict[str, NDArray[np.float64]]:
    """Share income between its origins, in percent; wages and work take what remains."""
    wealth = (median - 13_800) / 1_000
    later = year - REFERENCE_YEAR
    share = {
        "PCHO": 5.5 - 0.35 * wealth + 0.4 * draws[:, 2],
        "PBEN": 1.2 + 0.35 * np.maximum(0, wealth) + 0.2 * draws[:, 3],
        "PPEN": 22.5 + 0.6 * wealth + 3 * draws[:, 4],
        "PPAT": 2.6 + 0.8 * np.maximum(-1, wealth) + 0.3 * draws[:, 5],
        "PPFAM": np.maximum(1.5, 6.4 - 0.55 * wealth + 0.5 * draws[:, 6]),
        "PPMINI": np.maximum(1.1, 10.0 - 1.3 * wealth + 0.7 * draws[:, 7] + 0.6 * later),
        "PPLOGT": np.maximum(0.7, 5.7 - 0.75 * wealth),
        "PIMPOT": -(9.2 + 1.3 * wealth),
    }
    tenths = {name: np.round(10 * values) for name, values in share.items()}
    tenths["PPSOC"] = tenths["PPFAM"] + tenths["PPMINI"] + tenths["PPLOGT"]
    tenths["PACT"] = 1_000 - tenths["PPEN"] - tenths["PPAT"] - tenths["PPSOC"] - tenths["PIMPOT"]
    tenths["PTSA"] = tenths["PACT"] - tenths["PCHO"] - tenths["PBEN"]
    return {name: values / 10 for name, values in tenths.items()}


def declared(table: pd.DataFrame) -> pd.DataFrame:
    """Derive declared incomes, the low-income rate and the share of taxed households.

    Parameters
    ----------
    table
        What :func:`income_table` gives.

    Returns
    -------
    pandas.DataFrame
        ``PMIMP`` and ``BREV`` in percent, ``DECUC_*`` in euros rounded to ten; the interdecile ratio is missing
        where the first decile is nought.

    Examples
    --------
    >>> list(declared(income_table(["QP099001"], year=2018, seed=1)))[:2]
    ['PMIMP', 'DECUC_Q2']
    """
    line = {"DECUC_Q2": (1.5, "MED", 10_100), "DECUC_Q1": (1.01, "Q1", 5_100), "DECUC_Q3": (1.2, "Q3", 5_200)}
    line |= {"DECUC_D1": (1.26, "D1", 9_320), "DECUC_D9": (1.28, "D9", 6_450)}
    euros = {
        name: 10 * np.round(np.maximum(0, slope * table[source] - shift) / 10)
        for name, (slope, source, shift) in line.items()
    }
    result = pd.DataFrame(euros)
    result.insert(0, "PMIMP", ((table["MED"] - 9_400) / 200).clip(8, 68).round(1))
    result["BREV"] = (table["TP60"] + 17.4).clip(0, 89).round(1)
    first = result["DECUC_D1"]
    result["DECUC_D1D9"] = (result["DECUC_D9"] / first.where(first > 0)).round(1)
    return result
