"""Drawing answers: one of several, several of many, exact quotas, and as many people as a rate asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

Answer = str | frozenset[str]
"""One code of the survey model, or those ticked."""
Code = TypeVar("Code")


def pick(rng: np.random.Generator, weights: Mapping[Code, float]) -> Code:
    """Draw one code in proportion to the weights.

    Examples
    --------
    >>> pick(np.random.default_rng(1), {"oui": 1.0, "non": 0.0})
    'oui'
    """
    codes, values = list(weights), np.cumsum(list(weights.values()))
    rank = int(np.searchsorted(values, rng.random() * values[-1], side="right"))
    return codes[min(rank, len(codes) - 1)]


def tick(rng: np.random.Generator, chances: Mapping[str, float]) -> frozenset[str]:
    """Draw each code with its own chance, and one of them when none came out.

    Examples
    --------
    >>> sorted(tick(np.random.default_rng(1), {"age": 1.0, "sexe": 1.0, "argent": 0.0}))
    ['age', 'sexe']
    """
    found = frozenset(code for code, chance in chances.items() if rng.random() < chance)
    return found or frozenset({pick(rng, chances)})


def spread(rng: np.random.Generator, weights: Mapping[Code, float], size: int) -> list[Code]:
    """Share a number of people between codes as quotas would, in a random order.

    Examples
    --------
    >>> sorted(spread(np.random.default_rng(1), {"femme": 3.0, "homme": 1.0}, 8))
    ['femme', 'femme', 'femme', 'femme', 'femme', 'femme', 'homme', 'homme']
    """
    bounds = np.cumsum(list(weights.values()))
    points = (np.arange(size) + 0.5) / max(size, 1) * bounds[-1]
    codes = list(weights)
    ranks = np.searchsorted(bounds, points, side="right")
    return [codes[rank] for rank in rng.permutation(ranks)]


def select(rng: np.random.Generator, chances: np.ndarray) -> np.ndarray:
    """Choose people, each with their own chance, so that their number is the sum of the chances.

    Examples
    --------
    >>> int(select(np.random.default_rng(1), np.full(40, 0.25)).sum())
    10
    """
    order = rng.permutation(len(chances))
    steps = np.floor(np.concatenate(([0.0], np.cumsum(np.minimum(chances[order], 1.0)))) + 0.5 + 1e-9)
    chosen = np.empty(len(chances), dtype=bool)
    chosen[order] = np.diff(steps) > 0
    return chosen
