"""How many kinds of sources concur on each finding, 0 to 5: "convergence des sources", never proof."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from diagnostic.errors import Fault, InputError
from diagnostic.formatting import NBSP, enumeration, plural, typographic
from diagnostic.publication.figures.caption import NOT_A_DISCRIMINATION, Caption, sheet_for
from diagnostic.publication.figures.lettering import wrap
from diagnostic.publication.figures.registry import FIGURES, FigureKind
from diagnostic.publication.figures.tables import require
from diagnostic.publication.figures.theme import BLUE, GREY, HAIR, INK, PAPER, SMALL, Box, leading

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from diagnostic.publication.figures.theme import Sheet

DEGREES: Final = range(6)
KINDS: Final = (
    "ressenti mesuré", "écart statistique", "pratique observée ou réclamations",
    "testing ou écart à caractéristiques égales", "décision (justice ou Défenseur des droits)",
)  # fmt: skip
TITLE: Final = "Convergence des sources"
STEP: Final = 8.0
BOX: Final = 5.4
HEAD: Final = 12.0
SIZE: Final = 8.0
_LINE: Final = leading(SIZE) * 0.94
_SMALL: Final = leading(SMALL) * 0.94
_NAME: Final = "convergence des sources"


@dataclass(frozen=True, slots=True)
class _Finding:
    """A finding, its rung (``None`` where unknown), and the sources that concur."""

    text: str
    rung: int | None
    sources: str


def ladder(values: pd.DataFrame, *, caption: Caption) -> Figure:
    """Draw the convergence of sources of each finding.

    Parameters
    ----------
    values
        Columns ``finding`` (a sentence), ``evidence`` (0 to 5: how many kinds of sources concur, empty where that
        is not established), ``sources`` (their names, as printed). Rows keep their order.
    caption
        Words around the chart.

    Returns
    -------
    matplotlib.figure.Figure
        Boxes filled up to the number of kinds that concur, the sources named, and what the five kinds are.

    Raises
    ------
    InputError
        When a column is absent, there is no row, or a rung is not between 0 and 5.
    """
    findings = _read(values)
    scale = len(DEGREES) * STEP
    room_for_text = caption.paper.width - scale - 6
    blocks = [_lines(one, room_for_text) for one in findings]
    heights = [max(len(text) * _LINE + len(said) * _SMALL + 3.4, BOX + 3) for text, said in blocks]
    key = _key(caption.paper.width)
    words = replace(
        caption, caveat=caption.caveat or NOT_A_DISCRIMINATION, total=len(findings),
        count=sum(one.rung is not None for one in findings),
    )  # fmt: skip
    sheet, room = sheet_for(words, HEAD + sum(heights) + 3 + leading(SMALL) * len(key))
    left = room.right - scale
    _draw_head(sheet, left, room.y, right=room.right)
    y = room.y + HEAD
    for rank, (one, (text, said), high) in enumerate(zip(findings, blocks, heights, strict=True)):
        sheet.line([room.x, room.right], [y, y], colour=HAIR, width=0.4, gid="rule")
        below = sheet.paragraph(room.x, y + 1.4, text, size=SIZE, weight="semibold", gid=f"finding-{rank}")
        sheet.paragraph(room.x, below, said, size=SMALL, colour=GREY, gid=f"sources-{rank}")
        _draw_rungs(sheet, one, left=left, y=y + high / 2, gid=str(rank))
        y += high
    sheet.paragraph(room.x, y + 2, key, size=SMALL, colour=INK, gid="key")
    return sheet.figure


def _read(values: pd.DataFrame) -> list[_Finding]:
    require(values, ["finding", "evidence", "sources"], figure=_NAME)
    known = values["evidence"].dropna()
    wrong = known[~known.isin(DEGREES)]
    if len(wrong):
        raise InputError(
            Fault(f"{_NAME} hors de l’échelle", column="evidence", expected="un entier de 0 à 5",
                  found=enumeration(f"{value:g}" for value in wrong.unique()),
                  remedy="vérifiez la table des constats")
        )  # fmt: skip
    return [
        _Finding(
            typographic(str(row["finding"])),
            None if row["evidence"] is None or math.isnan(float(row["evidence"])) else int(row["evidence"]),
            typographic(row["sources"]) if isinstance(row["sources"], str) else "",
        )
        for row in values.to_dict("records")
    ]


def _lines(one: _Finding, room: float) -> tuple[list[str], list[str]]:
    said = f"Sources{NBSP}: {one.sources}" if one.sources else "Aucune source rattachée"
    return wrap(one.text, room, size=SIZE, weight="semibold", most=3), wrap(said, room, size=SMALL, most=2)


def _draw_head(sheet: Sheet, left: float, y: float, *, right: float) -> None:
    sheet.text((left + right) / 2, y + 4, TITLE, size=SMALL, weight="semibold", align="center", gid="scale-title")
    for rank in DEGREES:
        sheet.text(left + (rank + 0.5) * STEP, y + 9.4, str(rank), size=SMALL, colour=GREY, align="center",
                   gid=f"rung-{rank}")  # fmt: skip


def _draw_rungs(sheet: Sheet, one: _Finding, *, left: float, y: float, gid: str) -> None:
    if one.rung is None:
        sheet.text(left + len(DEGREES) * STEP / 2, y + 0.9, "non établie", size=SMALL, colour=GREY, align="center",
                   italic=True, gid=f"absent-{gid}")  # fmt: skip
        return
    for rank in DEGREES:
        reached = rank <= one.rung
        box = Box(left + rank * STEP + (STEP - BOX) / 2, y - BOX / 2, BOX, BOX)
        sheet.rectangle(
            box, facecolor=BLUE if reached else PAPER, edgecolor=BLUE if reached else HAIR, linewidth=0.8,
            gid=f"{'reached' if reached else 'open'}-{gid}-{rank}",
        )  # fmt: skip
        if rank == one.rung:
            sheet.text(box.x + BOX / 2, y + 1.1, str(rank), size=SIZE, weight="bold", colour=PAPER, align="center",
                       gid=f"evidence-{gid}")  # fmt: skip


def _key(width: float) -> list[str]:
    """Say what is counted, broken to a width."""
    kinds = " ; ".join(KINDS)
    said = f"Nombre de sortes de sources qui concordent, parmi cinq{NBSP}: {kinds}. 0{NBSP}: parole isolée."
    return wrap(typographic(said), width, size=SMALL)


def describe_ladder(values: pd.DataFrame, *, caption: Caption) -> str:
    """Say the chart in words; same arguments as :func:`ladder`."""
    findings = _read(values)
    parts = [f"Tableau{NBSP}: {caption.title}.", f"{caption.subtitle}." if caption.subtitle else "",
             f"{plural(len(findings), 'constat')}, {TITLE.lower()} de 0 à 5."]  # fmt: skip
    for one in findings:
        rung = "non établie" if one.rung is None else str(one.rung)
        said = f" ; sources{NBSP}: {one.sources}" if one.sources else ""
        parts.append(f"{one.text.rstrip('.')}{NBSP}: {rung}{said}.")
    parts.append(caption.caveat or NOT_A_DISCRIMINATION)
    return typographic(" ".join(part for part in parts if part).replace("..", "."))


FIGURES.register(FigureKind("ladder", _NAME, ladder, describe_ladder))
