"""How sure a published census rate is.

In communes of 10,000 inhabitants and more the census surveys 40 % of the dwellings over five years; a rate at the
scale of a neighbourhood then carries a sampling error that the producer does not publish. It is modelled here as

    half-width = 1.96 * sqrt(D * (1 - f) * p * (1 - p) / (f * N)),  f = 0.4,  D = 2,

where N is the number of persons concerned, estimated from published shares, and D the assumed effect of drawing
whole dwellings. In smaller communes the census is exhaustive and the half-width is zero. The number of persons of
working age is bounded from below by those aged 25 to 59, the only ages published.

References
----------
Insee, census since 2004: 8 % of the dwellings a year in communes of 10,000 inhabitants and more, one fifth of the
smaller communes exhaustively each year. D is a choice of this project, not a figure of the producer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import numpy.typing as npt

SAMPLING_FRACTION: Final = 0.4
DESIGN_EFFECT: Final = 2.0
SAMPLED_FROM: Final = 10_000
Z_95: Final = 1.959963984540054
HIDDEN_UNDER: Final = 11
WORDED_UNDER: Final = 30
SMALL_BASE: Final = "moins de 11 personnes concernées"

_KEY = ["level", "code", "vintage", "edition"]
_SHARES = {"women": "women_share", "foreign": "foreign_share"}
_OPPOSITES = {"men": "women", "french": "foreign"}


def half_width(rate: pd.Series[float], base: pd.Series[float]) -> pd.Series[float]:
    """Give the half-width of the modelled 95 % interval of a rate.

    Parameters
    ----------
    rate
        Percentages, 0 to 100.
    base
        Persons concerned, same index.

    Returns
    -------
    pandas.Series
        Points of percentage, same index; missing where the base is unknown or zero.

    Examples
    --------
    >>> import pandas as pd
    >>> half_width(pd.Series([50.0]), pd.Series([1000.0])).round(2).tolist()
    [5.37]
    """
    share = rate.clip(0, 100) / 100
    # A published 0 or 100 % is not certain: half a person is the least that rounding and sampling leave.
    share = share.clip(0.5 / base, 1 - 0.5 / base).where(base > 1, 0.5)
    variance = DESIGN_EFFECT * (1 - SAMPLING_FRACTION) * share * (1 - share) / (SAMPLING_FRACTION * base)
    return (100 * Z_95 * variance**0.5).where(base > 0)


def census_bases(measures: pd.DataFrame) -> pd.DataFrame:
    """Estimate how many persons stand behind each census rate.

    Parameters
    ----------
    measures
        Rows of ``measures``; population, shares by sex, age and nationality are used where they are.

    Returns
    -------
    pandas.DataFrame
        Index ``level, code, vintage, edition, group``; columns ``population`` (persons of the group, all ages),
        ``working_age`` (persons aged 25 to 59, a lower bound of 15 to 64), ``employed``, ``sampled`` (bool).
    """
    wide = _wide(measures)
    young, old = _column(wide, "share_under_25__all"), _column(wide, "share_over_60__all")
    adults = (100 - young - old) / 100
    large = _column(wide, "population_of_communes__all")
    parts = []
    for group in ("all", *_SHARES, *_OPPOSITES):
        people = _column(wide, "population__all") * _share(wide, group)
        working = people * adults
        rate = _column(wide, f"employment_rate__{group}")
        part = pd.DataFrame(
            {
                "population": people,
                "working_age": working,
                "employed": working * rate / 100,
                "sampled": ~(large < SAMPLED_FROM),
            }
        )
        parts.append(part.assign(group=group).set_index("group", append=True))
    return pd.concat(parts).sort_index()


def _wide(measures: pd.DataFrame) -> pd.DataFrame:
    wanted = {"population", "population_of_communes", "share_under_25", "share_over_60", "employment_rate"}
    rows = measures[measures["variable"].isin(wanted | set(_SHARES.values()))]
    names = rows["variable"] + "__" + rows["group"]
    known = rows.assign(name=names).sort_values(["source"], kind="stable").drop_duplicates([*_KEY, "name"])
    return known.pivot(index=_KEY, columns="name", values="value")  # noqa: PD010 - keys are unique


def _column(wide: pd.DataFrame, name: str) -> pd.Series[float]:
    return wide[name] if name in wide else pd.Series(np.nan, index=wide.index)


def _share(wide: pd.DataFrame, group: str) -> pd.Series[float] | float:
    if group == "all":
        return 1.0
    if group in _OPPOSITES:
        return 1 - _column(wide, f"{_SHARES[_OPPOSITES[group]]}__all") / 100
    return _column(wide, f"{_SHARES[group]}__all") / 100


def reliability(base: pd.Series[float]) -> npt.NDArray[np.str_]:
    """Say what may be done with a rate: ``suppress`` under 11 persons, ``caution`` under 30, else ``publish``.

    Parameters
    ----------
    base
        Persons concerned; unknown bases are taken as sufficient, since the producer released the rate.

    Returns
    -------
    numpy.ndarray of str
        One word a row.
    """
    return np.select([base < HIDDEN_UNDER, base < WORDED_UNDER], ["suppress", "caution"], default="publish")
