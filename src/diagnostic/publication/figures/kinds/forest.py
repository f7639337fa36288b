"""Survey estimates by neighbourhood, in list order, with intervals and marks of reliability."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from diagnostic.formatting import NBSP, number, typographic
from diagnostic.publication.figures.answers import REASONS, Answer, read_answer
from diagnostic.publication.figures.caption import NO_COMPARISON, Caption, sheet_for
from diagnostic.publication.figures.cells import label
from diagnostic.publication.figures.ground import Place, places
from diagnostic.publication.figures.lettering import width as measured
from diagnostic.publication.figures.registry import FIGURES, FigureKind
from diagnostic.publication.figures.rows import NAMES, SIZE, draw_name, layout
from diagnostic.publication.figures.scales import Scale
from diagnostic.publication.figures.tables import require
from diagnostic.publication.figures.theme import (
    BLUE,
    GREY,
    HAIR,
    HOLDING,
    INTERVAL,
    MID,
    PAPER,
    SMALL,
    Box,
)
from diagnostic.vocabulary import KNOWN, STATUS_LABELS, Status

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence
    from typing import Any

    import geopandas as gpd
    import pandas as pd
    from matplotlib.figure import Figure

    from diagnostic.publication.figures.rows import Row
    from diagnostic.publication.figures.theme import Sheet

COUNT: Final = 14.0
RANGE: Final = 32.0
HEAD: Final = 9.0
AXIS: Final = 5.0
CAUTION: Final = "avec prudence"
_NAME: Final = "estimations par quartier"


@dataclass(frozen=True, slots=True)
class _Estimate:
    """An answer of one place, whether it must be read with caution, or why there is none."""

    answer: Answer
    caution: bool
    reason: str


def forest(
    values: pd.DataFrame, *, territories: gpd.GeoDataFrame | pd.DataFrame, caption: Caption,
    listed: Sequence[Place] | None = None,
) -> Figure:  # fmt: skip
    """Draw one estimate a neighbourhood.

    Parameters
    ----------
    values
        Columns of ``schemas.ESTIMATE_COLUMNS``: ``code``, ``estimate``, ``ci_low``, ``ci_high`` (percent), ``n``;
        ``status``, ``reliability``, ``note`` where they exist. A row whose code is empty is the whole territory.
    territories
        ``code``, ``label``; ``level``, ``number``, ``short_label`` where they exist.
    caption
        Words around the chart.
    listed
        The neighbourhoods already read from the territories.

    Returns
    -------
    matplotlib.figure.Figure
        One row a neighbourhood, always in list order; a hollow mark where the estimate asks for caution; those
        without one are named with the reason.

    Raises
    ------
    InputError
        When a column is absent or there is no row.
    """
    every = listed or places(territories)
    found = _read(values, every)
    shown = [found[place.code] for place in every]
    words = replace(
        caption, caveat=caption.caveat or NO_COMPARISON, total=len(every),
        count=sum(one.answer.shown for one in shown),
    )  # fmt: skip
    rows = layout(every)
    high = rows[-1].top + rows[-1].height
    sheet, room = sheet_for(words, HEAD + high + AXIS)
    plot = Box(room.x + NAMES + 3, room.y + HEAD, room.width - NAMES - RANGE - COUNT - 8, high)
    whole = found.get("")
    bounds = [
        bound for one in (*shown, *([whole] if whole else [])) if one.answer.shown
        for bound in (one.answer.low, one.answer.high) if bound is not None
    ]  # fmt: skip
    scale = Scale.over([0.0, *bounds], plot) if bounds else None
    if scale and whole and whole.answer.shown:
        _draw_whole(sheet, scale, whole.answer)
    if scale:
        scale.draw(sheet, "percent")
    _draw_head(sheet, room, caution=any(one.caution for one in shown), whole=whole, empty=not bounds)
    for row in rows:
        draw_name(sheet, row, x=room.x, right=room.right, top=plot.y)
        _draw_row(sheet, row, found[row.place.code], scale=scale, plot=plot, right=room.right)
    return sheet.figure


def _read(values: pd.DataFrame, listed: Sequence[Place]) -> dict[str, _Estimate]:
    require(values, ["code", "estimate", "ci_low", "ci_high", "n"], figure=_NAME)
    found = {str(row["code"] or ""): _estimate(row) for row in values.to_dict("records")}
    missing = _Estimate(Answer("", "absent"), caution=False, reason=STATUS_LABELS[Status.MISSING])
    codes = [*([""] if "" in found else []), *(place.code for place in listed)]
    return {code: found.get(code, missing) for code in codes}


def _estimate(row: dict[Hashable, Any]) -> _Estimate:
    answer = read_answer({**row, "label": "", "name": ""})
    status = str(row.get("status", Status.ESTIMATED))
    reason = label(status) if status not in KNOWN else "" if answer.shown else REASONS[answer.kind]
    return _Estimate(answer, caution=str(row.get("reliability", "publish")) == "caution", reason=reason)


def _draw_whole(sheet: Sheet, scale: Scale, whole: Answer) -> None:
    low, high = scale.x(whole.low or 0.0), scale.x(whole.high or 0.0)
    sheet.rectangle(
        Box(low, scale.box.y, high - low, scale.box.height), facecolor=HOLDING, edgecolor="none", gid="whole-band"
    )
    x = scale.x(whole.share or 0.0)
    sheet.line([x, x], [scale.box.y, scale.box.bottom], colour=MID, width=1.0, style=(0, (3, 2)), gid="whole-line")


def _draw_head(sheet: Sheet, room: Box, *, caution: bool, whole: _Estimate | None, empty: bool) -> None:
    """Say what the marks are, and head the columns of numbers."""
    x, y = room.x + 1.4, room.y + 2.6
    sheet.marker(x, y - 0.9, "o", colour=BLUE, fill=BLUE, size=5.6, gid="legend-value")
    sheet.text(x + 2.6, y, "part déclarée et intervalle à 95 %".replace(" %", f"{NBSP}%"), size=SMALL, colour=GREY)
    x += 54
    if caution:
        sheet.marker(x, y - 0.9, "o", colour=BLUE, fill=PAPER, size=5.6, gid="legend-caution")
        sheet.text(x + 2.6, y, CAUTION, size=SMALL, colour=GREY)
        x += 26
    if whole is not None and whole.answer.shown:
        sheet.rectangle(Box(x - 1, y - 2.2, 5, 2.8), facecolor=HOLDING, edgecolor="none", gid="legend-whole")
        text = f"ensemble du territoire{NBSP}: {whole.answer.text()} ({whole.answer.interval()})"
        sheet.text(x + 5.2, y, text, size=SMALL, colour=GREY, gid="legend-label-whole")
    if empty:
        sheet.text(x, y, "Aucune estimation publiée.", size=SMALL, colour=GREY, gid="legend-empty")
    sheet.text(room.right - COUNT, y + 5, "part et intervalle", size=SMALL, colour=GREY, align="right")
    sheet.text(room.right - 0.5, y + 5, "n", size=SMALL, colour=GREY, align="right")
    sheet.line([room.x, room.right], [room.y + HEAD] * 2, colour=HAIR, width=0.6, gid="rule")


def _draw_row(sheet: Sheet, row: Row, one: _Estimate, *, scale: Scale | None, plot: Box, right: float) -> None:
    answer, y, code = one.answer, plot.y + row.middle, row.place.code
    base = number(answer.n) if answer.n is not None else "–"
    sheet.text(right - 0.5, y + 0.9, base, size=SIZE, colour=GREY, align="right", gid=f"n-{code}")
    if scale is None or not answer.shown:
        back = Box(plot.x + 0.6, y - 1.6, measured(one.reason, SIZE) + 1.2, 3.2)
        sheet.rectangle(back, facecolor=PAPER, edgecolor="none", gid="absent-back")
        sheet.text(plot.x + 1.2, y + 0.9, one.reason, size=SIZE, colour=GREY, italic=True, gid=f"absent-{code}")
        return
    low, high = scale.x(answer.low or 0.0), scale.x(answer.high or 0.0)
    sheet.rectangle(
        Box(low, y - 1.0, max(high - low, 0.6), 2.0), facecolor=INTERVAL, edgecolor="none", gid=f"interval-{code}"
    )
    sheet.marker(
        scale.x(answer.share or 0.0), y, "o", colour=BLUE, fill=PAPER if one.caution else BLUE, size=5.6,
        gid=f"value-{code}",
    )  # fmt: skip
    sheet.text(right - COUNT - 20.5, y + 0.9, answer.text(), size=SIZE, weight="semibold", colour=BLUE,
               align="right", gid=f"text-{code}")  # fmt: skip
    sheet.text(right - COUNT, y + 0.9, answer.interval(), size=SMALL, align="right", gid=f"range-{code}")


def describe_forest(
    values: pd.DataFrame, *, territories: gpd.GeoDataFrame | pd.DataFrame, caption: Caption,
    listed: Sequence[Place] | None = None,
) -> str:  # fmt: skip
    """Say the chart in words; same arguments as :func:`forest`. Hidden estimates are named, never given."""
    every = listed or places(territories)
    found = _read(values, every)
    whole = found.get("")
    parts = [f"Graphique{NBSP}: {caption.title}.", f"{caption.subtitle}." if caption.subtitle else ""]
    if whole and whole.answer.shown:
        parts.append(f"Ensemble du territoire{NBSP}: {whole.answer.text()} ({whole.answer.interval()}).")
    for place in every:
        one = found[place.code]
        said = f"{one.answer.text()} ({one.answer.interval()})" if one.answer.shown else one.reason
        parts.append(f"{place.name}{NBSP}: {said}{f', {CAUTION}' if one.caution and one.answer.shown else ''}.")
    parts.append(caption.caveat or NO_COMPARISON)
    return typographic(" ".join(part for part in parts if part).replace("..", "."))


FIGURES.register(FigureKind("forest", _NAME, forest, describe_forest))
