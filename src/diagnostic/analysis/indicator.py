"""What an indicator is: a pure function whose parameter names are the variables it needs.

``employment_rate__women`` is variable ``employment_rate`` of group ``women``; a parameter without a group takes
each group that the indicator is declared for. The decorator only registers: the function stays callable on any
series.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, ParamSpec

from diagnostic.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from diagnostic.vocabulary import Direction, Scale, Theme

Base = Literal["none", "population", "working_age", "employed"]
Parameters = ParamSpec("Parameters")


class Input(NamedTuple):
    """A variable of one group; ``group`` is ``None`` when it follows the indicator's own."""

    variable: str
    group: str | None


@dataclass(frozen=True, slots=True)
class Indicator:
    """A registered indicator; see :func:`indicator` for the fields."""

    name: str
    id: str
    label: str
    short_label: str
    theme: Theme
    unit: str
    direction: Direction
    scale: Scale
    criteria: tuple[str, ...]
    formula: str
    says: str
    does_not_say: str
    ask: str
    reference: str
    groups: tuple[str, ...]
    base: Base
    contrast: tuple[str, str] | None
    rivals: tuple[str, str] | None
    additive: bool
    function: Callable[..., pd.Series[float]]

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The variables of the function, in the order of its parameters."""
        return tuple(_input(name) for name in inspect.signature(self.function).parameters)

    @property
    def principal(self) -> bool:
        """Whether it is an entry of the reference list itself; ``RES02-Q1`` is a variant of the same story."""
        return "-" not in self.id


INDICATORS: Registry[Indicator] = Registry("diagnostic.analysis.indicators")


def _input(parameter: str) -> Input:
    variable, _, group = parameter.partition("__")
    return Input(variable, group or None)


def indicator(
    *,
    id: str,  # noqa: A002 - the field's own word
    label: str,
    theme: Theme,
    unit: str,
    direction: Direction,
    scale: Scale,
    formula: str,
    says: str,
    does_not_say: str,
    ask: str,
    reference: str,
    short_label: str = "",
    criteria: tuple[str, ...] = ("lieu_residence",),
    groups: tuple[str, ...] = ("all",),
    base: Base = "none",
    contrast: tuple[str, str] | None = None,
    rivals: tuple[str, str] | None = None,
    additive: bool = False,
) -> Callable[[Callable[Parameters, pd.Series[float]]], Callable[Parameters, pd.Series[float]]]:
    """Register a function as an indicator.

    Parameters
    ----------
    id
        Its entry in the reference list (``"EMP01"``).
    label, short_label, formula, says, does_not_say, ask, reference
        French text, as printed.
    theme, unit, direction, scale
        How it is read.
    criteria
        Legal criteria that it documents.
    groups
        Groups it is computed for.
    base
        Whose census sample the rate rests on; ``"none"`` for registers.
    contrast
        The two groups whose difference it is: its value is then an estimate with bounds.
    rivals
        Two explanations of a gap other than an unequal treatment; those of the theme by default.
    additive
        Whether every input is a count that adds up over neighbourhoods, and the result a ratio of such counts: it
        can then be computed for several of them together.

    Returns
    -------
    Callable
        The function, unchanged.
    """

    def register(function: Callable[Parameters, pd.Series[float]]) -> Callable[Parameters, pd.Series[float]]:
        INDICATORS.register(
            Indicator(
                name=function.__name__, id=id, label=label, short_label=short_label or label, theme=theme,
                unit=unit, direction=direction, scale=scale, criteria=criteria, formula=formula, says=says,
                does_not_say=does_not_say, ask=ask, reference=reference, groups=groups, base=base,
                contrast=contrast, rivals=rivals, additive=additive, function=function,
            )
        )  # fmt: skip
        return function

    return register
