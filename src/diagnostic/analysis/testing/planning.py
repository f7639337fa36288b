"""How many offers a campaign needs to see a difference of a given size."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import pandas as pd
import scipy

from diagnostic.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

ALPHA: Final = 0.05


def offers_needed(difference: float, apart: float, *, wanted: float = 0.8) -> int:
    """Give the number of matched offers for a two-sided McNemar test at 5 %.

    Parameters
    ----------
    difference
        Net difference to see, in points.
    apart
        Share of offers that answer one candidate and not the other, in percent; at least ``difference``.
    wanted
        Probability of seeing it.

    Returns
    -------
    int
        Offers, each answered by both candidates.

    Raises
    ------
    InputError
        When the numbers are out of their ranges.

    Notes
    -----
    Connor, R. J. (1987). Sample size for testing differences in proportions for the paired-sample design.
    *Biometrics*, 43, 207-211.

    Examples
    --------
    >>> offers_needed(5, 15)
    469
    """
    gap, split = _shares(difference, apart)
    if not 0 < wanted < 1:
        raise InputError(Fault("puissance hors de ses bornes", expected="entre 0 et 1", found=f"{wanted:g}"))
    alpha, beta = float(scipy.stats.norm.ppf(1 - ALPHA / 2)), float(scipy.stats.norm.ppf(wanted))
    root = alpha * math.sqrt(split) + beta * math.sqrt(max(split - gap**2, 0))
    return math.ceil(root**2 / gap**2)


def power(offers: int, difference: float, apart: float) -> float:
    """Give the probability that a campaign of so many offers sees a difference; see :func:`offers_needed`.

    Examples
    --------
    >>> round(power(469, 5, 15), 2)
    0.8
    """
    gap, split = _shares(difference, apart)
    alpha = scipy.stats.norm.ppf(1 - ALPHA / 2)
    spread = math.sqrt(max(split - gap**2, 1e-12))
    return float(scipy.stats.norm.cdf((gap * math.sqrt(offers) - alpha * math.sqrt(split)) / spread))


def power_table(
    differences: Sequence[float] = (3, 5, 8, 10, 15), apart: Sequence[float] = (10, 15, 20, 30)
) -> pd.DataFrame:
    """Tabulate the offers needed by size of the difference and by how often the two answers differ.

    Parameters
    ----------
    differences, apart
        In points and in percent; a pair that cannot be (a difference above the share apart) is left out.

    Returns
    -------
    pandas.DataFrame
        Columns ``difference, apart, offers_80, offers_90``.
    """
    return pd.DataFrame([
        {
            "difference": float(gap), "apart": float(split), "offers_80": offers_needed(gap, split),
            "offers_90": offers_needed(gap, split, wanted=0.9),
        }
        for gap in differences for split in apart if gap <= split
    ])  # fmt: skip


def _shares(difference: float, apart: float) -> tuple[float, float]:
    if not 0 < difference <= apart <= 100:  # noqa: PLR2004 - per cent
        raise InputError(
            Fault(
                "écart et part d’offres qui départagent incompatibles",
                found=f"écart {difference:g}, part {apart:g}", expected="0 < écart ≤ part ≤ 100",
            )
        )  # fmt: skip
    return difference / 100, apart / 100
