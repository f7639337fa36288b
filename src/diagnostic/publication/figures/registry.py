"""The kinds of figures: one file each, found by looking in :mod:`diagnostic.publication.figures.kinds`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from diagnostic.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True)
class FigureKind:
    """A kind of figure.

    Parameters
    ----------
    name
        Stable identifier.
    label
        What it is, in French.
    draw
        Takes tables, gives a matplotlib figure.
    describe
        Takes the same arguments, gives the alternative text in French.
    """

    name: str
    label: str
    draw: Callable[..., Figure]
    describe: Callable[..., str]


FIGURES: Final[Registry[FigureKind]] = Registry("diagnostic.publication.figures.kinds")
