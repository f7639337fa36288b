"""At most five classes of values, with limits that can be read aloud."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from diagnostic.formatting import DECIMALS, number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST: Final = 5
METHODS: Final = {
    "natural": "Seuils naturels arrondis",
    "quantiles": "Classes de même effectif",
    "rounded": "Classes de même étendue",
}


@dataclass(frozen=True, slots=True)
class Classes:
    """Limits of classes, with the rule that made them.

    Parameters
    ----------
    limits
        Increasing, one more than the classes.
    method
        ``"natural"``, ``"quantiles"`` or ``"rounded"``.
    closed
        ``"left"``: a value equal to a limit is in the class above; ``"right"``: in the class below.
    """

    limits: tuple[float, ...]
    method: str = "natural"
    closed: str = "left"

    def __len__(self) -> int:
        return max(len(self.limits) - 1, 0)

    def of(self, value: float) -> int:
        """Give the class of a value, from 0.

        Examples
        --------
        >>> Classes((0, 10, 20)).of(10), Classes((0, 10, 20)).of(20), Classes((0, 10, 20), closed="right").of(10)
        (1, 1, 0)
        """
        side: Literal["left", "right"] = "right" if self.closed == "left" else "left"
        inside = int(np.searchsorted(self.limits[1:-1], value, side=side))
        return min(inside, len(self) - 1)

    def rule(self) -> str:
        """Say how the classes were cut and which limit belongs to them.

        Examples
        --------
        >>> Classes((0, 10, 20)).rule()
        'Seuils naturels arrondis, borne basse comprise.'
        """
        return f"{METHODS[self.method]}, borne {'basse' if self.closed == 'left' else 'haute'} comprise."


def classes(
    values: Iterable[float], *, most: int = MOST, method: str = "natural", closed: str = "left"
) -> Classes:
    """Cut values into classes whose limits are the roundest possible.

    Parameters
    ----------
    values
        Published values; their order does not matter.
    most
        Classes at most; small series get fewer.
    method
        ``"natural"`` (Jenks), ``"quantiles"`` (as many places in each) or ``"rounded"`` (equal steps).
    closed
        The side on which a class holds its limit, ``"left"`` or ``"right"``.

    Returns
    -------
    Classes
        Empty without a value. Rounding a limit never moves a value out of its class.

    Raises
    ------
    ValueError
        For an unknown method or side.

    References
    ----------
    Jenks, G. F. (1967). The data model concept in statistical mapping. *International Yearbook of Cartography* 7.

    Examples
    --------
    >>> classes([31.2, 33.0, 44.1, 45.9, 58.3, 60.2]).limits
    (30.0, 40.0, 50.0, 70.0)
    >>> classes([31.2, 33.0, 44.1, 45.9, 58.3, 60.2], method="rounded").limits
    (30.0, 40.0, 50.0, 60.0, 70.0)
    >>> classes([43.0, 45.0, 45.0]).limits
    (43.0, 45.0, 46.0)
    """
    if method not in METHODS or closed not in {"left", "right"}:
        raise ValueError(f"unknown rule of classes: {method!r}, closed {closed!r}")
    known = np.sort(np.asarray(list(values), dtype=float))
    distinct = np.unique(known)
    if not len(distinct):
        return Classes((), method, closed)
    if method == "rounded":
        limits = ticks(float(distinct[0]), float(distinct[-1]), most=min(most, MOST) + 1)
        return Classes(tuple(limits), method, closed)
    wanted = min(most, MOST, len(distinct), max(1, round(math.sqrt(len(known)) + 0.4)))
    tops = _tops(known, distinct, wanted, method=method)
    pairs = [(float(top), float(distinct[np.searchsorted(distinct, top, side="right")])) for top in tops]
    cuts = [
        _between(low, high) if closed == "left" else -_between(-high, -low) for low, high in pairs
    ]  # fmt: skip
    step = _step([*cuts, float(distinct[-1] - distinct[0])])
    low = math.floor(distinct[0] / step + 1e-9) * step
    high = math.ceil(distinct[-1] / step - 1e-9) * step
    # The extreme value may be a limit itself: its class still has a width.
    low = low if not cuts or low < cuts[0] else cuts[0] - step
    last = cuts[-1] if cuts else low
    return Classes((_clean(low), *cuts, _clean(high if high > last else last + step)), method, closed)


def _tops(known: np.ndarray, distinct: np.ndarray, wanted: int, *, method: str) -> np.ndarray:
    """Give the largest value of each class but the last."""
    if wanted < 2:  # noqa: PLR2004 - one class has no break
        return distinct[:0]
    if wanted == len(distinct):
        return distinct[:-1]
    if method == "quantiles":
        ranks = np.ceil(len(known) * np.arange(1, wanted) / wanted).astype(int) - 1
        tops = np.unique(known[ranks])
    else:
        import jenkspy  # noqa: PLC0415 - only a figure with natural classes needs it

        tops = np.unique(jenkspy.jenks_breaks(known, n_classes=wanted)[1:-1])
    below: np.ndarray = tops[tops < distinct[-1]]
    return below


def _between(low: float, high: float) -> float:
    """Give the roundest number above ``low`` and at most ``high``."""
    power = math.floor(math.log10(high - low)) + 1
    while True:
        for digit in (5.0, 2.0, 1.0):
            step = digit * 10.0**power
            candidate = _clean(math.floor(high / step + 1e-9) * step)
            if low < candidate <= high:
                return candidate
        power -= 1


def _step(sizes: Sequence[float]) -> float:
    """Give the roundness that the inner limits already have."""
    inner = sizes[:-1]
    span = sizes[-1] or abs(inner[0] if inner else 1.0) or 1.0
    power = math.floor(math.log10(span))
    for digit, shift in ((1.0, 0), (5.0, -1), (2.0, -1), (1.0, -1), (5.0, -2), (2.0, -2), (1.0, -2)):
        step = digit * 10.0 ** (power + shift)
        if all(abs(size / step - round(size / step)) < 1e-6 for size in inner):  # noqa: PLR2004 - rounding of floats
            return step
    return 10.0 ** (power - 2)


def _clean(value: float) -> float:
    return round(value, 9) + 0.0


def written(limits: Iterable[float], unit: str) -> list[str]:
    """Write limits with as many decimals as they need, all the same.

    Examples
    --------
    >>> written([30.0, 42.5, 50.0], "percent")
    ['30,0', '42,5', '50,0']
    >>> written([30.0, 42.0], "percent")
    ['30', '42']
    """
    known = list(limits)
    most = max(DECIMALS.get(unit, 0), 1)
    decimals = next((digits for digits in range(most + 1) if all(
        abs(limit - round(limit, digits)) < 1e-9 for limit in known)), most)  # fmt: skip  # noqa: PLR2004
    return [number(limit, decimals) for limit in known]


def ticks(low: float, high: float, *, most: int = 6) -> list[float]:
    """Choose round graduations that cover a range.

    Examples
    --------
    >>> ticks(33.1, 61.2)
    [30.0, 40.0, 50.0, 60.0, 70.0]
    """
    span = high - low or abs(high) or 1.0
    power = math.floor(math.log10(span / most))
    for digit in (1.0, 2.0, 5.0, 10.0, 20.0):
        step = digit * 10.0**power
        first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
        if last - first < most:
            break
    return [_clean(step * rank) for rank in range(first, max(last, first + 1) + 1)]
