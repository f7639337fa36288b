"""Matched comparisons: the same offers, answered to a reference candidate and to the one tested."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd
import scipy

from diagnostic.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    Trait = str | int | float | bool
    Several = Literal["refuse", "mean"]
    Numbers = npt.NDArray[np.float64]

CONFIDENCE: Final = 0.95
COLUMNS: Final = [
    "reference", "tested", "offers", "both", "only_reference", "only_tested", "neither", "rate_reference",
    "rate_reference_low", "rate_reference_high", "rate_tested", "rate_tested_low", "rate_tested_high",
    "difference", "difference_low", "difference_high", "wilson_low", "wilson_high", "exclusive_share",
    "student", "p_student", "p_mcnemar", "p_fisher", "p_adjusted", "several",
]  # fmt: skip
_ZEROS: Final = "aucune offre n’a été envoyée aux deux candidats"


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Answers of the two candidates to the same offers, between 0 and 1."""

    reference: Numbers
    tested: Numbers

    @property
    def single(self) -> bool:
        """Whether each candidate answered each offer once."""
        return bool(np.isin(self.reference, (0, 1)).all() and np.isin(self.tested, (0, 1)).all())


def compare(
    table: pd.DataFrame,
    *,
    reference: Mapping[str, Trait],
    tested: Mapping[str, Trait],
    offer: str = "offer",
    answer: str = "callback",
    several: Several = "refuse",
) -> pd.Series:
    """Compare two candidates on the offers that both answered.

    The net difference is that of the matched rates, in points: offers that answered the reference alone, less
    those that answered the tested candidate alone, over all matched offers. Its interval and its Student test
    take the offer as the unit, so that what is common to an offer cancels out.

    Parameters
    ----------
    table
        One row an application: the offer, the traits of the candidate, whether the answer was favourable.
    reference, tested
        Traits of the two candidates, by column.
    offer, answer
        Columns of the offer and of the answer (boolean).
    several
        What to do when an offer received one type of candidate more than once. ``refuse``: an error. ``mean``: the
        mean of its answers. Keeping the best answer is not offered: it creates a difference where there is none,
        since the candidate sent twice has two chances.

    Returns
    -------
    pandas.Series
        Entries ``COLUMNS`` but ``p_adjusted``, empty. Rates in percent with Clopper-Pearson bounds; ``difference``
        in points (reference − tested) with its paired Student interval; ``wilson_*`` the bounds for two
        independent proportions with continuity correction; ``exclusive_share`` the percentage of offers
        favourable to the reference alone among those that set the two apart. McNemar's test is exact; it,
        Fisher's and the counts
        are empty when ``several`` took means.

    Raises
    ------
    InputError
        When a column lacks, no offer is matched, a type was sent twice to an offer, or an answer is unknown.

    Notes
    -----
    Conventions and values are those of the R package ``callback`` 0.1.1 (E. Duguet): its matched rates ("mcr") and
    its share among the offers that set the two apart ("ecs").

    Examples
    --------
    >>> answers = pd.DataFrame({"offer": [1, 1, 2, 2, 3, 3], "sex": ["H", "F"] * 3,
    ...                         "callback": [True, False, True, True, False, False]})
    >>> found = compare(answers, reference={"sex": "H"}, tested={"sex": "F"})
    >>> int(found["only_reference"]), float(round(found["difference"], 1))
    (1, 33.3)
    """
    _check(table, [*{**reference, **tested}, offer, answer])
    pairs = _matched(table, reference, tested, offer=offer, answer=answer, several=several)
    return pd.Series(_measured(pairs, reference, tested), index=COLUMNS, dtype="object")


def compare_all(
    table: pd.DataFrame,
    by: Sequence[str],
    *,
    reference: Sequence[Trait],
    offer: str = "offer",
    answer: str = "callback",
    several: Several = "refuse",
) -> pd.DataFrame:
    """Compare every type of candidate with one reference, the tests corrected for their number.

    Parameters
    ----------
    table, offer, answer, several
        As :func:`compare` takes them.
    by
        Columns whose values make a type of candidate.
    reference
        Values of the reference candidate, in the order of ``by``.

    Returns
    -------
    pandas.DataFrame
        One row a type, columns ``COLUMNS``, in the order of the traits; ``p_adjusted`` is Holm's correction of the
        Student tests.

    Raises
    ------
    InputError
        As :func:`compare`, and when the reference is not among the candidates.
    """
    _check(table, [*by, offer, answer])
    types = sorted(table[list(by)].drop_duplicates().itertuples(index=False, name=None), key=str)
    if tuple(reference) not in types:
        raise InputError(
            Fault(
                "candidat de référence absent du fichier", found=_named(reference),
                expected=", ".join(_named(one) for one in types), remedy="choisissez l’un de ces candidats",
            )
        )  # fmt: skip
    rows = [
        compare(
            table, reference=dict(zip(by, reference, strict=True)), tested=dict(zip(by, one, strict=True)),
            offer=offer, answer=answer, several=several,
        )
        for one in types
        if one != tuple(reference)
    ]  # fmt: skip
    found = pd.DataFrame(rows, columns=COLUMNS).infer_objects()
    return found.assign(p_adjusted=_holm(found["p_student"].to_numpy(dtype="float64")))


def _named(values: Sequence[Trait] | Mapping[str, Trait]) -> str:
    listed = values.values() if hasattr(values, "values") else values
    return " · ".join(str(value) for value in listed)


def _check(table: pd.DataFrame, columns: Sequence[str]) -> None:
    absent = [name for name in dict.fromkeys(columns) if name not in table]
    if absent:
        raise InputError([
            Fault(
                "colonne absente", column=name, expected=", ".join(map(str, table.columns)),
                remedy="corrigez le nom de la colonne",
            ) for name in absent
        ])  # fmt: skip
    empty = [name for name in dict.fromkeys(columns) if table[name].isna().any()]
    if empty:
        raise InputError([
            Fault(
                "case vide", column=name, found=f"{int(table[name].isna().sum())} ligne(s)",
                remedy="une candidature sans réponse connue se retire avant l’analyse, et se compte",
            ) for name in empty
        ])  # fmt: skip


def _matched(
    table: pd.DataFrame,
    reference: Mapping[str, Trait],
    tested: Mapping[str, Trait],
    *,
    offer: str,
    answer: str,
    several: Several,
) -> _Pairs:
    sides = {}
    for name, traits in (("reference", reference), ("tested", tested)):
        own = table[np.logical_and.reduce([table[column].eq(value) for column, value in traits.items()])]
        repeated = own[offer].duplicated().sum()
        if repeated and several == "refuse":
            raise InputError(
                Fault(
                    "des offres ont reçu plusieurs candidatures du même type",
                    found=f"{int(repeated)} candidature(s) en trop pour {_named(traits)}",
                    remedy="ajoutez le trait qui les distingue, ou demandez la moyenne de leurs réponses ; garder "
                    "la meilleure créerait un écart",
                )
            )
        sides[name] = own.groupby(offer)[answer].mean().astype("float64")
    both = pd.concat(sides, axis="columns", join="inner")
    if both.empty:
        raise InputError(
            Fault(_ZEROS, found=f"{_named(reference)} ; {_named(tested)}", remedy="vérifiez les codes des offres")
        )
    return _Pairs(both["reference"].to_numpy(), both["tested"].to_numpy())


def _measured(pairs: _Pairs, reference: Mapping[str, Trait], tested: Mapping[str, Trait]) -> dict[str, object]:
    first, second = pairs.reference, pairs.tested
    n = len(first)
    student, p_student, low, high = _paired(first - second)
    found: dict[str, object] = {
        "reference": _named(reference), "tested": _named(tested), "offers": n,
        "rate_reference": 100 * first.mean(), "rate_tested": 100 * second.mean(),
        "difference": 100 * (first - second).mean(), "difference_low": 100 * low, "difference_high": 100 * high,
        "student": student, "p_student": p_student, "several": "" if pairs.single else "mean",
    }  # fmt: skip
    return {**found, **(_counted(first, second) if pairs.single else {})}


def _paired(gaps: Numbers) -> tuple[float, float, float, float]:
    """Test that the mean of the gaps is zero, and give its interval; the offer is the unit."""
    n, mean = len(gaps), float(gaps.mean())
    error = float(gaps.std(ddof=1) / np.sqrt(n)) if n > 1 else 0.0
    if error == 0:
        return np.nan, np.nan, np.nan, np.nan
    reach = float(scipy.stats.t.ppf((1 + CONFIDENCE) / 2, n - 1)) * error
    value = mean / error
    return value, float(2 * scipy.stats.t.sf(abs(value), n - 1)), mean - reach, mean + reach


def _counted(first: Numbers, second: Numbers) -> dict[str, object]:
    n = len(first)
    both, only_reference = int(first @ second), int(first @ (1 - second))
    only_tested = int((1 - first) @ second)
    reference, tested = both + only_reference, both + only_tested
    apart = only_reference + only_tested
    low, high = _wilson(reference / n, tested / n, n)
    table = [[reference, n - reference], [tested, n - tested]]
    bounds = {
        f"{name}_{side}": 100 * bound
        for name, count in (("rate_reference", reference), ("rate_tested", tested))
        for side, bound in zip(("low", "high"), clopper_pearson(count, n), strict=True)
    }
    return {
        "both": both, "only_reference": only_reference, "only_tested": only_tested, "neither": n - both - apart,
        "wilson_low": 100 * low, "wilson_high": 100 * high,
        "exclusive_share": 100 * only_reference / apart if apart else np.nan,
        "p_mcnemar": float(scipy.stats.binomtest(only_reference, apart).pvalue) if apart else 1.0,
        "p_fisher": float(scipy.stats.fisher_exact(table).pvalue), **bounds,
    }  # fmt: skip


def clopper_pearson(count: int, n: int) -> tuple[float, float]:
    """Give the exact bounds of a proportion.

    Examples
    --------
    >>> [round(bound, 4) for bound in clopper_pearson(52, 307)]
    [0.1292, 0.2161]
    """
    found = scipy.stats.binomtest(count, n).proportion_ci(CONFIDENCE, method="exact")
    return float(found.low), float(found.high)


def _wilson(first: float, second: float, n: int) -> tuple[float, float]:
    """Give the bounds of a difference of proportions, continuity corrected as R's ``prop.test`` does."""
    gap = first - second
    spread = float(scipy.stats.norm.ppf((1 + CONFIDENCE) / 2)) * np.sqrt(
        (first * (1 - first) + second * (1 - second)) / n
    )
    reach = spread + min(1 / n, abs(gap))
    return max(gap - reach, -1.0), min(gap + reach, 1.0)


def _holm(p: Numbers) -> Numbers:
    """Correct p-values for their number; an undefined one stays so."""
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(p[known], kind="stable")]
    steps = np.maximum.accumulate(p[order] * np.arange(len(order), 0, -1))
    corrected = np.full(len(p), np.nan)
    corrected[order] = np.minimum(steps, 1)
    return corrected
