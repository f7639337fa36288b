"""The sample as drawn: weights, strata, primary and secondary units, finite populations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from diagnostic.analysis.survey.grouping import aggregate, need_columns
from diagnostic.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from diagnostic.analysis.survey.grouping import Codes, Floats, Mask

    Column = str | ArrayLike | pd.Series[Any]

LonelyPsu = Literal["error", "certainty", "adjust", "average"]
LONELY_PSU: tuple[LonelyPsu, ...] = ("error", "certainty", "adjust", "average")


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """One stage of the draw: units within parents.

    The variance of a total is ``sum over parents of scale * sum over units of (t - centre)²``, where ``t`` is
    the unit's total and ``centre`` the parent's mean of ``t`` (zero where ``centred`` is false).

    Parameters
    ----------
    units
        Shape ``(rows,)``: number of the row's unit; units of one parent are numbered in a row.
    parents
        Shape ``(units,)``: number of each unit's parent (a stratum, then a primary unit).
    sizes, scale, centred
        Shape ``(parents,)``: units drawn, factor of the sum of squares, whether it is centred.
    """

    units: Codes
    parents: Codes
    sizes: Floats
    scale: Floats
    centred: Mask


def read_column(frame: pd.DataFrame, column: Column) -> pd.Series[Any]:
    """Give a column named in the table, or a given array of the same length.

    Raises
    ------
    InputError
        When the column is absent or the array has another length.
    """
    if isinstance(column, str):
        need_columns(frame, [column])
        found: pd.Series[Any] = frame[column]
        return found
    values = pd.Series(np.asarray(column))
    if len(values) != len(frame):
        raise InputError(
            Fault(
                "le plan de sondage n’a pas la longueur de l’enquête",
                expected=f"{len(frame)} valeurs", found=f"{len(values)} valeurs",
            )
        )  # fmt: skip
    return values


def read_weights(frame: pd.DataFrame, column: Column) -> Floats:
    """Read sampling weights: positive numbers, none missing.

    Raises
    ------
    InputError
        With one fault for each kind of bad weight.
    """
    given = read_column(frame, column)
    if not pd.api.types.is_numeric_dtype(given):
        raise InputError(
            Fault("les poids ne sont pas des nombres", found=str(given.dtype), remedy="vérifiez la décimale")
        )
    weights: Floats = given.to_numpy(dtype=np.float64, na_value=np.nan)
    checks = (
        (
            ~np.isfinite(weights),
            "poids manquant ou infini",
            "complétez-les, ou retirez ces personnes en le disant",
        ),
        (weights < 0, "poids négatif", "calez avec des bornes (bounds=…)"),
        (weights == 0, "poids nul", "retirez ces personnes du fichier, ou donnez-leur un poids"),
    )
    faults = [
        Fault(f"{what} : {int(bad.sum())} ligne(s), la première en ligne {int(np.argmax(bad)) + 1}", remedy=remedy)
        for bad, what, remedy in checks
        if bad.any()
    ]
    if faults:
        raise InputError(faults)
    return weights


def read_codes(frame: pd.DataFrame, column: Column, what: str) -> Codes:
    """Code the values of a design variable, refusing missing ones.

    Raises
    ------
    InputError
        When a value is missing.
    """
    given = read_column(frame, column)
    if given.isna().any():
        raise InputError(
            Fault(f"{what} manquante pour {int(given.isna().sum())} personne(s)", remedy="complétez la variable")
        )
    codes: Codes = pd.factorize(given, sort=True)[0].astype(np.int64)
    return codes


def _nested(parents: Codes, codes: Codes) -> tuple[Codes, Codes]:
    """Code the units inside their parents, so that a parent's units follow each other."""
    pairs = parents * (codes.max() + 1) + codes
    labels, units = np.unique(pairs, return_inverse=True)
    return units.astype(np.int64), (labels // (codes.max() + 1)).astype(np.int64)


def _population(frame: pd.DataFrame, column: Column, units: Codes, parents: Codes, sizes: Floats) -> Floats:
    """Read the finite population of each parent, as counts or as sampling fractions (all at most 1)."""
    given: Floats = read_column(frame, column).to_numpy(dtype=np.float64, na_value=np.nan)
    of_row = parents[units]
    if not (np.isfinite(given).all() and (given > 0).all()):
        raise InputError(
            Fault("population finie (fpc) manquante ou nulle", remedy="donnez un effectif par strate")
        )
    low, high = np.full(len(sizes), np.inf), np.zeros(len(sizes))
    np.minimum.at(low, of_row, given)
    np.maximum.at(high, of_row, given)
    if not np.allclose(low, high, rtol=1e-9):
        raise InputError(
            Fault("la population finie (fpc) varie dans une même strate", remedy="une valeur par strate")
        )
    population = sizes / high if (given <= 1).all() else high
    if (population < sizes * (1 - 1e-9)).any():
        raise InputError(
            Fault("la population finie (fpc) est plus petite que l’échantillon", remedy="vérifiez la variable fpc")
        )
    return population


def _scale(
    sizes: Floats, population: Floats | None, share: Floats, lonely_psu: LonelyPsu, labels: Sequence[str]
) -> tuple[Floats, Mask]:
    """Give each parent's factor and whether its units are centred, by the rule for lonely units."""
    sampled = np.zeros(len(sizes)) if population is None else sizes / population
    left = 1 - sampled
    lonely = (sizes == 1) & (left > 1e-7)  # noqa: PLR2004 - R's tolerance for a unit taken with certainty
    if lonely.any() and (lonely_psu == "error" or (lonely_psu == "average" and lonely.all())):
        shown = [label for label, alone in zip(labels, lonely, strict=True) if alone]
        raise InputError(
            Fault(
                "une seule unité tirée : la variance n’est pas estimable",
                found=", ".join(shown[:10]) + (f" et {len(shown) - 10} autres" if len(shown) > 10 else ""),  # noqa: PLR2004 - a readable list
                remedy="regroupez ces strates avec une strate voisine, ou choisissez lonely_psu : "
                "« certainty » (tirée d’office), « adjust » (écart à la moyenne générale) "
                "ou « average » (moyenne des autres strates)",
            )
        )
    scale = share * left * sizes / np.maximum(sizes - 1, 1)
    if lonely_psu == "average" and lonely.any():
        scale = scale * len(sizes) / (~lonely).sum()
    if lonely_psu != "adjust":
        scale = np.where(lonely, 0.0, scale)
    return scale, ~lonely


def make_stages(
    frame: pd.DataFrame,
    *,
    strata: Column | None,
    clusters: Sequence[Column],
    fpc: Sequence[Column],
    lonely_psu: LonelyPsu,
) -> tuple[tuple[Stage, ...], Floats | None]:
    """Read the design variables into stages, and the weights they imply when populations are given.

    Without ``fpc`` only the first stage counts (primary units drawn with replacement); with one ``fpc``
    column per cluster column every stage adds its own term, as in R ``survey::svydesign``.

    Returns
    -------
    stages
        One or two stages.
    weights
        Shape ``(rows,)``: the product over stages of population / sample, ``None`` without ``fpc``.

    Raises
    ------
    InputError
        When a unit lies in two strata, a population is impossible, or a stratum has a single unit.
    """
    rows = len(frame)
    parent_of_row = np.zeros(rows, dtype=np.int64) if strata is None else read_codes(frame, strata, "strate")
    strata_labels = ["l’enquête entière"] if strata is None else _labels(frame, strata)
    if clusters:
        _refuse_two_strata(parent_of_row, frame, clusters[0], strata_labels)
    share, weights = np.ones(parent_of_row.max() + 1), None
    labels, stages = strata_labels, []
    for depth in range(max(1, len(fpc))):
        codes = read_codes(frame, clusters[depth], "grappe") if depth < len(clusters) else np.arange(rows)
        units, parents = _nested(parent_of_row, codes)
        sizes = np.bincount(parents).astype(np.float64)
        population = _population(frame, fpc[depth], units, parents, sizes) if fpc else None
        scale, centred = _scale(sizes, population, share, lonely_psu, labels)
        stages.append(Stage(units, parents, sizes, scale, centred))
        if population is not None:
            weights = (population / sizes)[parents[units]] * (1 if weights is None else weights)
            share = (share * sizes / population)[parents]
        parent_of_row, labels = units, [f"unité primaire n° {number + 1}" for number in range(len(parents))]
    return tuple(stages), weights


def _labels(frame: pd.DataFrame, strata: Column) -> list[str]:
    return [f"strate {label}" for label in pd.factorize(read_column(frame, strata), sort=True)[1]]


def _refuse_two_strata(strata: Codes, frame: pd.DataFrame, cluster: Column, labels: Sequence[str]) -> None:
    """Refuse a primary unit that lies in two strata: it would be counted as two independent draws."""
    codes = read_codes(frame, cluster, "grappe")
    pairs = pd.DataFrame({"cluster": codes, "stratum": strata}).drop_duplicates()
    twice = pairs[pairs["cluster"].duplicated(keep=False)].sort_values("cluster")
    if twice.empty:
        return
    name = pd.factorize(read_column(frame, cluster), sort=True)[1][twice["cluster"].iloc[0]]
    where = " et ".join(labels[code] for code in twice["stratum"].iloc[:2])
    raise InputError(
        Fault(
            f"{twice['cluster'].nunique()} grappe(s) appartiennent à deux strates",
            found=f"grappe {name} dans {where}",
            remedy="donnez un identifiant de grappe unique (strate + grappe) ou corrigez la strate",
        )
    )


def present(domains: Codes, count: int, units: Codes, answered: Floats) -> Floats:
    """Count, by domain and item, the units in which somebody answered.

    Parameters
    ----------
    domains, units
        Shape ``(rows,)``.
    answered
        Shape ``(rows, items)``: 1 for an answer, 0 without.

    Returns
    -------
    numpy.ndarray
        Shape ``(count, items)``.
    """
    cells, cell_domain, _ = cross(domains, units)
    seen = (aggregate(cells, len(cell_domain), answered) > 0).astype(np.float64)
    return aggregate(cell_domain, count, seen)


def cross(domains: Codes, units: Codes) -> tuple[Codes, Codes, Codes]:
    """Code the pairs (domain, unit) that exist.

    Returns
    -------
    cells
        Shape ``(rows,)``: number of the row's pair, ``OUTSIDE`` for rows outside every domain.
    cell_domain, cell_unit
        Shape ``(pairs,)``, sorted by domain then unit.
    """
    width = int(units.max()) + 1
    inside = domains >= 0
    labels, inverse = np.unique(domains[inside] * width + units[inside], return_inverse=True)
    cells = np.full(len(domains), -1, dtype=np.int64)
    cells[inside] = inverse
    return cells, labels // width, labels % width
