"""At most five classes of values, with limits that can be read aloud."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from diagnostic.formatting import DECIMALS, number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST: Final = 5


@dataclass(frozen=True, slots=True)
class Classes:
    """Limits of classes, closed on the left: a value equal to a limit is in the class above.

    Parameters
    ----------
    limits
        Increasing, one more than the classes.
    """

    limits: tuple[float, ...]

    def __len__(self) -> int:
        return max(len(self.limits) - 1, 0)

    def of(self, value: float) -> int:
        """Give the class of a value, from 0.

        Examples
        --------
        >>> Classes((0, 10, 20)).of(10), Classes((0, 10, 20)).of(20)
        (1, 1)
        """
        inside = int(np.searchsorted(self.limits[1:-1], value, side="right"))
        return min(inside, len(self) - 1)


def classes(values: Iterable[float], *, most: int = MOST) -> Classes:
    """Cut values into natural classes whose limits are the roundest possible.

    Parameters
    ----------
    values
        Published values; their order does not matter.
    most
        Classes at most; small series get fewer.

    Returns
    -------
    Classes
        Empty without a value. Limits never move a value out of its natural class.

    References
    ----------
    Jenks, G. F. (1967). The data model concept in statistical mapping. *International Yearbook of Cartography* 7.

    Examples
    --------
    >>> classes([31.2, 33.0, 44.1, 45.9, 58.3, 60.2]).limits
    (30.0, 40.0, 50.0, 70.0)
    """
    known = np.sort(np.asarray(list(values), dtype=float))
    distinct = np.unique(known)
    if not len(distinct):
        return Classes(())
    wanted = min(most, len(distinct), max(1, round(math.sqrt(len(known)) + 0.4)))
    cuts = [_between(low, high) for low, high in _gaps(known, distinct, wanted)]
    step = _step([*cuts, float(distinct[-1] - distinct[0])])
    low = math.floor(distinct[0] / step + 1e-9) * step
    high = math.ceil(distinct[-1] / step - 1e-9) * step
    limits = [_clean(low), *cuts, _clean(high if high > low else low + step)]
    return Classes(tuple(limits))


def _gaps(known: np.ndarray, distinct: np.ndarray, wanted: int) -> list[tuple[float, float]]:
    """Between which neighbouring values the natural breaks fall."""
    if wanted < 2:  # noqa: PLR2004 - one class has no break
        return []
    if wanted == len(distinct):
        tops = distinct[:-1]
    else:
        import jenkspy  # noqa: PLC0415 - only a figure with classes needs it

        tops = np.unique(jenkspy.jenks_breaks(known, n_classes=wanted)[1:-1])
        tops = tops[tops < distinct[-1]]
    return [(float(top), float(distinct[np.searchsorted(distinct, top, side="right")])) for top in tops]


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
