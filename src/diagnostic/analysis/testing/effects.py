"""Several traits at once: what each adds to the answer, alone and together, offer by offer."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import scipy

from diagnostic.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from diagnostic.analysis.testing.campaign import Trait

CONFIDENCE: Final = 0.95
EFFECT_COLUMNS: Final = ["trait", "effect", "se", "low", "high", "p", "offers", "applications"]
_TIED: Final = 1e-9  # relative size under which a column adds nothing to the others


def effects(
    table: pd.DataFrame,
    reference: Mapping[str, Trait],
    *,
    interactions: bool = True,
    offer: str = "offer",
    answer: str = "callback",
) -> pd.DataFrame:
    """Estimate what each trait changes in the rate of favourable answers, in points.

    A linear probability model with one level for each offer, so that only comparisons inside an offer count, and
    errors clustered by offer (Liang and Zeger 1986, with the factor G/(G−1) × (N−1)/(N−K) of usual software).

    Parameters
    ----------
    table
        One row an application.
    reference
        The value of each trait from which the others are measured.
    interactions
        Whether pairs of traits have an effect of their own: below zero, both together cost more than their sum.
    offer, answer
        Columns of the offer and of the answer (boolean).

    Returns
    -------
    pandas.DataFrame
        Columns ``EFFECT_COLUMNS``: one row a value of a trait other than the reference's, then one a pair.

    Raises
    ------
    InputError
        When a column or a reference value lacks, when there are fewer than two offers, or when two traits always
        go together and cannot be told apart.

    Examples
    --------
    >>> sent = pd.DataFrame({"offer": [1, 1, 2, 2, 3, 3, 4, 4], "sex": ["H", "F"] * 4,
    ...                      "callback": [1, 0, 1, 1, 0, 0, 1, 0]})
    >>> float(effects(sent, {"sex": "H"})["effect"].iloc[0])
    -50.0
    """
    _check(table, reference, offer=offer, answer=answer)
    design = _design(table, reference, interactions=interactions)
    groups = pd.factorize(table[offer])[0]
    within = _within(design.to_numpy(dtype="float64"), groups)
    target = _within(table[[answer]].to_numpy(dtype="float64"), groups)[:, 0]
    _check_rank(within, list(map(str, design.columns)))
    bread = np.linalg.inv(within.T @ within)
    slopes = bread @ within.T @ target
    errors = _clustered(within, target - within @ slopes, groups, bread)
    count = int(groups.max()) + 1
    reach = float(scipy.stats.t.ppf((1 + CONFIDENCE) / 2, count - 1)) * errors
    with np.errstate(divide="ignore", invalid="ignore"):
        p = 2 * scipy.stats.t.sf(np.abs(slopes / errors), count - 1)
    return pd.DataFrame({
        "trait": list(map(str, design.columns)), "effect": 100 * slopes, "se": 100 * errors,
        "low": 100 * (slopes - reach),
        "high": 100 * (slopes + reach), "p": p, "offers": count, "applications": len(table),
    })  # fmt: skip


def _check(table: pd.DataFrame, reference: Mapping[str, Trait], *, offer: str, answer: str) -> None:
    faults = [
        Fault("colonne absente", column=name, expected=", ".join(map(str, table.columns)),
              remedy="corrigez le nom de la colonne")
        for name in [*reference, offer, answer] if name not in table
    ]  # fmt: skip
    faults += [
        Fault("valeur de référence absente", column=name, found=str(value),
              expected=", ".join(sorted(map(str, table[name].unique()))), remedy="choisissez l’une de ces valeurs")
        for name, value in reference.items() if name in table and not table[name].eq(value).any()
    ]  # fmt: skip
    if not faults and table[offer].nunique() < 2:  # noqa: PLR2004 - errors are by offer
        faults.append(Fault("une seule offre", expected="au moins deux", remedy="ajoutez des offres testées"))
    if faults:
        raise InputError(faults)


def _design(table: pd.DataFrame, reference: Mapping[str, Trait], *, interactions: bool) -> pd.DataFrame:
    traits = {
        name: {
            f"{name} : {level}": table[name].eq(level).astype("float64")
            for level in sorted(table[name].unique(), key=str) if level != value
        }
        for name, value in reference.items()
    }  # fmt: skip
    columns = {label: column for found in traits.values() for label, column in found.items()}
    if interactions:
        for first, second in combinations(traits.values(), 2):
            for one, left in first.items():
                columns |= {f"{one} × {other}": left * right for other, right in second.items()}
    return pd.DataFrame(columns, index=table.index)


def _within(values: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Take each offer's own level off."""
    totals = np.zeros((int(groups.max()) + 1, values.shape[1]))
    np.add.at(totals, groups, values)
    means = totals / np.bincount(groups)[:, None]
    centred: np.ndarray = values - means[groups]
    return centred


def _check_rank(design: np.ndarray, names: Sequence[str]) -> None:
    kept: list[int] = []
    faults = []
    for rank, name in enumerate(names):
        column = design[:, rank]
        rest = (
            column - design[:, kept] @ np.linalg.lstsq(design[:, kept], column, rcond=None)[0] if kept else column
        )
        if np.linalg.norm(rest) <= _TIED * max(1.0, float(np.linalg.norm(column))):
            faults.append(Fault(
                "ce trait ne varie pas à l’intérieur des offres, ou va toujours avec un autre", found=name,
                remedy="retirez-le, ou retirez les croisements",
            ))  # fmt: skip
        else:
            kept.append(rank)
    if faults:
        raise InputError(faults)


def _clustered(design: np.ndarray, residuals: np.ndarray, groups: np.ndarray, bread: np.ndarray) -> np.ndarray:
    count, (rows, columns) = int(groups.max()) + 1, design.shape
    scores = np.zeros((count, columns))
    np.add.at(scores, groups, design * residuals[:, None])
    factor = count / (count - 1) * (rows - 1) / (rows - columns)
    variance = bread @ (scores.T @ scores) @ bread * factor
    errors: np.ndarray = np.sqrt(np.diag(variance))
    return errors
