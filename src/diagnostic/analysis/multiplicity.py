"""Many comparisons: what stays when a document prints hundreds of gaps.

The family is every gap that the document prints, contrasts between groups included. Benjamini and Hochberg's
procedure (1995) keeps the expected share of false discoveries under 10 %; it is applied only where a sampling law
exists. The normal law comes from the modelled half-width of the census (:mod:`diagnostic.analysis.precision`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy.special import ndtr

from diagnostic.analysis.indicator import INDICATORS
from diagnostic.analysis.precision import Z_95
from diagnostic.vocabulary import KNOWN, Level

if TYPE_CHECKING:
    from collections.abc import Collection

FALSE_DISCOVERIES: Final = 0.10


def p_values(difference: pd.Series[float], half_width: pd.Series[float]) -> pd.Series[float]:
    """Give the two-sided p-value of each gap under the normal law of its 95 % half-width.

    Parameters
    ----------
    difference, half_width
        Same unit, same index.

    Returns
    -------
    pandas.Series
        Missing where no sampling law exists: half-width zero (a register) or unknown.

    Examples
    --------
    >>> import pandas as pd
    >>> p_values(pd.Series([1.0, 1.0]), pd.Series([1.0, 0.0])).round(3).tolist()
    [0.05, nan]
    """
    score = difference.abs().astype(float) / half_width.where(half_width > 0).astype(float) * Z_95
    return pd.Series(2 * ndtr(-score.to_numpy(dtype=float)), index=difference.index)


def discoveries(p: pd.Series[float], *, rate: float = FALSE_DISCOVERIES) -> pd.Series[bool]:
    """Apply Benjamini and Hochberg's step-up procedure to one family.

    Parameters
    ----------
    p
        p-values; missing ones are no part of the family.
    rate
        Expected share of false discoveries, 0 to 1.

    Returns
    -------
    pandas.Series
        Whether each hypothesis is rejected; ``False`` where the p-value is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> discoveries(pd.Series([0.01, 0.04, 0.06, 0.5, None], dtype=float)).tolist()
    [True, True, True, False, False]
    """
    known = np.sort(p.dropna().to_numpy(dtype=float))
    allowed = rate * np.arange(1, len(known) + 1) / max(len(known), 1)
    passed = known[known <= allowed]
    return p <= (passed[-1] if len(passed) else -np.inf)


def contrasts(indicators: pd.DataFrame, *, territory: Collection[str]) -> pd.DataFrame:
    """Give the differences between two groups of one neighbourhood whose uncertainty is known.

    Parameters
    ----------
    indicators
        Columns ``schemas.INDICATOR_COLUMNS``.
    territory
        Codes of the territory's neighbourhoods.

    Returns
    -------
    pandas.DataFrame
        The rows of the indicators that are contrasts, with ``half_width``: the wider side of the interval, which
        holds the rounding of the published inputs too.
    """
    names = [one.name for one in INDICATORS if one.contrast]
    kept = (indicators["level"] == Level.QPV) & indicators["code"].isin(territory)
    kept &= indicators["variable"].isin(names) & indicators["status"].isin(KNOWN) & indicators["high"].notna()
    rows = indicators[kept]
    sides = pd.concat([rows["high"] - rows["value"], rows["value"] - rows["low"]], axis=1)
    return rows.assign(half_width=sides.max(axis=1))


def discovered(gaps: pd.DataFrame, differences: pd.DataFrame) -> tuple[pd.Series[bool], pd.Series[bool]]:
    """Judge the gaps to comparators and the contrasts between groups as one family.

    Parameters
    ----------
    gaps
        ``difference, half_width, headline``; printed years and earlier ones are two families.
    differences
        Of :func:`contrasts`: ``value, half_width, headline``.

    Returns
    -------
    tuple of pandas.Series
        Whether each row stays after the procedure, of the first and of the second table.
    """
    first = p_values(gaps["difference"], gaps["half_width"])
    second = p_values(differences["value"], differences["half_width"])
    whole = pd.concat([first, second], ignore_index=True)
    shown = pd.concat([gaps["headline"], differences["headline"]], ignore_index=True).astype(bool)
    kept = discoveries(whole.where(shown)) | discoveries(whole.mask(shown))
    cut = len(first)
    return (
        pd.Series(kept.to_numpy()[:cut], index=gaps.index),
        pd.Series(kept.to_numpy()[cut:], index=differences.index),
    )
