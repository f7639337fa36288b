"""How a neighbourhood is inked: its class, or the reason of its absence, never alike even without colour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from diagnostic.publication.figures.cells import MARKED, WEAK
from diagnostic.publication.figures.theme import GREY, INK, MID, PAPER, RAMP
from diagnostic.vocabulary import STATUS_LABELS, Status

if TYPE_CHECKING:
    from matplotlib.patches import Patch

    from diagnostic.publication.figures.theme import Box, Sheet

LEGEND_LABELS: Final = {str(status): STATUS_LABELS[status] for status in MARKED} | {
    str(Status.NOT_RELEASED): "non diffusé",
    "masked": "masqué (règle du projet)",
    WEAK: "effectif faible",
}
ALWAYS: Final = tuple(str(status) for status in MARKED)
_STYLES: Final[dict[str, dict[str, Any]]] = {
    str(Status.SUPPRESSED): {"facecolor": PAPER, "edgecolor": GREY, "hatch": "//////", "linewidth": 0.8},
    str(Status.NOT_RELEASED): {"facecolor": "#d6d2ca", "edgecolor": GREY, "hatch": "-----", "linewidth": 0.8},
    str(Status.MISSING): {"facecolor": PAPER, "edgecolor": INK, "linestyle": (0, (1.2, 1.6)), "linewidth": 1.0},
    str(Status.NOT_APPLICABLE): {"facecolor": MID, "edgecolor": "none"},
    WEAK: {"facecolor": PAPER, "edgecolor": INK, "linewidth": 1.0},
    "masked": {"facecolor": PAPER, "edgecolor": GREY, "hatch": "xxxxx", "linewidth": 0.8},
}
_OTHER: Final[dict[str, Any]] = {"facecolor": PAPER, "edgecolor": GREY, "hatch": "....", "linewidth": 0.8}
DOT: Final = 1.0


def style(kind: str) -> dict[str, Any]:
    """Give the patch style of a mark.

    Examples
    --------
    >>> style("suppressed")["hatch"]
    '//////'
    """
    return dict(_STYLES.get(kind, _OTHER))


def class_style(rank: int, count: int) -> dict[str, Any]:
    """Give the patch style of a class, from pale to deep.

    Examples
    --------
    >>> class_style(1, 2)["facecolor"] == RAMP[-1]
    True
    """
    return {"facecolor": ramp(count)[rank], "edgecolor": INK, "linewidth": 0.5}


def ramp(count: int) -> tuple[str, ...]:
    """Give the colours of so many classes, well apart in grey too.

    Examples
    --------
    >>> len(ramp(3)), ramp(1) == (RAMP[2],)
    (3, True)
    """
    picks = {1: (2,), 2: (1, 4), 3: (0, 2, 4), 4: (0, 1, 3, 4)}.get(count, (0, 1, 2, 3, 4))
    return tuple(RAMP[pick] for pick in picks)


def ink_on(rank: int, count: int) -> str:
    """Give the colour of a number written on a class.

    Examples
    --------
    >>> ink_on(0, 5) == INK, ink_on(4, 5) == PAPER
    (True, True)
    """
    return INK if RAMP.index(ramp(count)[rank]) < 3 else PAPER  # noqa: PLR2004 - the third blue still bears dark ink


def legend_box(sheet: Sheet, box: Box, kind: str) -> Patch:
    """Draw the legend's sample of a mark."""
    if kind == Status.NOT_APPLICABLE:
        middle = (box.x + box.width / 2, box.y + box.height / 2)
        dot: Patch = sheet.circle(*middle, DOT, gid=f"legend-{kind}", **style(kind))
        return dot
    sample: Patch = sheet.rectangle(box, gid=f"legend-{kind}", **style(kind))
    return sample
