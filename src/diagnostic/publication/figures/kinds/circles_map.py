"""A thematic map: numbered circles sized by population, coloured by class, absences each with its own mark."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from diagnostic.errors import RefusedError
from diagnostic.formatting import NBSP, enumeration, number, plural, quantity, typographic
from diagnostic.publication.figures.caption import Caption, sheet_for
from diagnostic.publication.figures.cells import VALUE, WEAK, Cell, cells, mark
from diagnostic.publication.figures.classes import Classes, classes, written
from diagnostic.publication.figures.ground import (
    NO_CONTOURS,
    Basemap,
    draw_frame,
    draw_leader,
    draw_scale,
    map_height,
    name_communes,
    names_without_contours,
)
from diagnostic.publication.figures.lettering import shorten
from diagnostic.publication.figures.lettering import width as measured
from diagnostic.publication.figures.listing import draw_list, list_height
from diagnostic.publication.figures.marks import (
    ALWAYS,
    DOT,
    LEGEND_LABELS,
    class_style,
    ink_on,
    legend_box,
    style,
)
from diagnostic.publication.figures.placing import Obstacles, spread
from diagnostic.publication.figures.projection import Frame
from diagnostic.publication.figures.registry import FIGURES, FigureKind
from diagnostic.publication.figures.theme import ACCENT, GREY, INK, PAPER, SMALL, WIDTH, Box, Sheet
from diagnostic.vocabulary import UNIT_LABELS, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd
    from matplotlib.figure import Figure

LIST_WIDTH: Final = 56.0
SMALLEST: Final = 2.15
LARGEST: Final = 4.4
LEGEND: Final = 27.5
BAR: Final = 62.0
NEVER_MAPPED: Final = ("foreign_share", "immigrant_share")


@dataclass(frozen=True, slots=True)
class Comparator:
    r"""A value drawn as a tick on the legend, or a band where it differs a little between places.

    Parameters
    ----------
    label
        Its printed name.
    value
        The value, or the least of them.
    high
        The greatest, ``None`` where there is one value only.

    Examples
    --------
    >>> Comparator("région", 12.0).text("percent").replace("\u00a0", " ")
    'région : 12,0 %'
    """

    label: str
    value: float
    high: float | None = None

    def text(self, unit: str) -> str:
        """Write the name and the value."""
        most = "" if self.high is None else quantity(self.high, unit)
        least = quantity(self.value, unit)
        amount = f"de {least} à {most}" if most and most != least else least
        return typographic(f"{self.label} : {amount}")


def circles_map(
    values: pd.DataFrame, territories: gpd.GeoDataFrame, *, unit: str, caption: Caption, variable: str = "",
    comparators: Sequence[Comparator] = (), basemap: Basemap | None = None,
) -> Figure:  # fmt: skip
    """Draw a thematic map of neighbourhoods.

    Parameters
    ----------
    values
        Columns ``code``, ``value``; ``status`` and ``reliability`` where they exist.
    territories
        ``code``, ``label``, ``geometry``; ``level``, ``number``, ``short_label``, ``population`` where they exist.
    unit
        Unit of the values.
    caption
        Words around the map.
    variable
        Name of the indicator.
    comparators
        Values to place on the legend.
    basemap
        The same territories already projected.

    Returns
    -------
    matplotlib.figure.Figure
        Map, numbered list with values or marks, legend with the four marks.

    Raises
    ------
    RefusedError
        For shares of foreigners or immigrants: they are never mapped by neighbourhood.
    TerritoryError
        When the table has no reference system or no neighbourhood.
    """
    if variable in NEVER_MAPPED:
        raise RefusedError("la part d’étrangers ou d’immigrés n’est pas cartographiée par quartier")
    base = basemap or Basemap(territories)
    shown = cells(values, [place.code for place in base.places], unit=unit)
    levels = classes(cell.value for cell in shown.values() if cell.written and cell.value is not None)
    texts = {code: cell.text() for code, cell in shown.items()}
    heading = UNIT_LABELS.get(unit, "")
    rows = list_height(base.places, LIST_WIDTH, values=texts, heading=heading)
    wide = WIDTH - LIST_WIDTH - 5
    high = map_height(base, wide, listed=rows - LEGEND)
    words = _counted(caption, list(shown.values()), contours=base.has_communes)
    sheet, room = sheet_for(words, max(high + LEGEND, rows))
    box = Box(room.x, room.y, wide, high)
    frame = Frame.around(base.bounds(), box, margin=0.06)
    shapes = base.draw_communes(sheet, frame) or names_without_contours(base, frame)
    contours = base.draw_contours(sheet, frame, colour="#c9cfd8", edge="#9aa3b2")
    taken = Obstacles()
    draw_scale(sheet, frame, taken)
    sizes = _draw_circles(sheet, frame, base, shown=shown, levels=levels, taken=taken)
    name_communes(sheet, frame, shapes, taken=taken, avoid=contours)
    draw_frame(sheet, box)
    draw_list(
        sheet, Box(room.right - LIST_WIDTH, room.y, LIST_WIDTH, rows), base.places, values=texts, heading=heading
    )
    legend = Box(room.x, box.bottom + 1.5, wide, LEGEND - 1.5)
    _draw_classes(sheet, legend, levels, unit=unit, comparators=comparators)
    _draw_marks(sheet, legend, list(shown.values()))
    _draw_sizes(sheet, legend, sizes)
    return sheet.figure


def _counted(caption: Caption, shown: Sequence[Cell], *, contours: bool) -> Caption:
    caveat = caption.caveat if contours else f"{caption.caveat} {NO_CONTOURS}".strip()
    return replace(caption, count=sum(cell.written for cell in shown), total=len(shown), caveat=caveat)


def _radii(basemap: Basemap) -> np.ndarray:
    people = np.array([place.population or 0.0 for place in basemap.places])
    if not people.max(initial=0.0):
        return np.full(len(people), (SMALLEST + LARGEST) / 2)
    largest = LARGEST if len(people) < 30 else 3.4  # noqa: PLR2004 - more circles need smaller ones
    radii: np.ndarray = np.maximum(SMALLEST, largest * np.sqrt(people / people.max()))
    return radii


def _draw_circles(
    sheet: Sheet, frame: Frame, basemap: Basemap, *, shown: dict[str, Cell], levels: Classes, taken: Obstacles
) -> dict[float, float]:
    """Draw the circles; give the radii drawn by population."""
    anchors, radii = basemap.anchors(frame), _radii(basemap)
    known = np.isfinite(anchors[:, 0])
    centres = spread(anchors[known], radii[known], frame.box)
    drawn = [place for place, here in zip(basemap.places, known, strict=True) if here]
    for anchor, centre, radius in zip(anchors[known], centres, radii[known], strict=True):
        draw_leader(sheet, anchor, centre, radius)
    for place, (x, y), radius in zip(drawn, centres, radii[known], strict=True):
        ink = _draw_circle(sheet, x, y, radius, cell=shown[place.code], levels=levels, code=place.code)
        sheet.text(
            x + _aside(shown[place.code]), y + 0.85, str(place.number), size=SMALL - 0.5,
            weight="semibold", colour=ink, align="center", gid=f"number-{place.code}",
        )  # fmt: skip
        taken.add(Box(x - radius, y - radius, 2 * radius, 2 * radius))
    return {
        place.population: float(radius)
        for place, radius in zip(basemap.places, radii, strict=True)
        if place.population
    }


def _aside(cell: Cell) -> float:
    """Give the millimetres by which a number stands beside a dot too small to hold it."""
    return DOT + 1.6 if cell.kind == Status.NOT_APPLICABLE else 0.0


def _draw_circle(
    sheet: Sheet, x: float, y: float, radius: float, *, cell: Cell, levels: Classes, code: str
) -> str:
    """Draw one circle; give the ink of its number."""
    if cell.kind == VALUE and cell.value is not None:
        rank = levels.of(cell.value)
        sheet.circle(x, y, radius, gid=f"circle-{code}", **class_style(rank, len(levels)))
        return ink_on(rank, len(levels))
    if cell.kind == Status.NOT_APPLICABLE:
        sheet.circle(x, y, DOT, gid=f"circle-{code}", **style(cell.kind))
        return INK
    sheet.circle(x, y, radius, gid=f"circle-{code}", **style(cell.kind))
    sheet.circle(x, y, 1.45, facecolor=PAPER, edgecolor="none", gid="number-back")
    return INK


def _draw_classes(
    sheet: Sheet, box: Box, levels: Classes, *, unit: str, comparators: Sequence[Comparator]
) -> None:
    """Draw the classes as one bar, limits below, comparators as ticks above."""
    wide, high, top = BAR, 3.2, box.y + 7.0
    if not len(levels):
        sheet.text(box.x, top + high, "Aucune valeur publiée.", size=SMALL, colour=GREY, gid="legend-empty")
        return
    step = wide / len(levels)
    for rank in range(len(levels)):
        sheet.rectangle(
            Box(box.x + 0.3 + rank * step, top, step, high), gid=f"class-{rank}", **class_style(rank, len(levels))
        )
    for rank, text in enumerate(written(levels.limits, unit)):
        align = "left" if rank == 0 else "right" if rank == len(levels) else "center"
        sheet.text(box.x + rank * step, top + high + 2.9, text, size=SMALL, align=align, gid=f"class-limit-{rank}")
    sheet.text(
        box.x + wide + 2, top + high + 2.9, UNIT_LABELS.get(unit, ""), size=SMALL, colour=GREY, gid="class-unit"
    )
    _draw_ticks(sheet, Box(box.x + 0.3, top, wide, high), levels, unit=unit, comparators=comparators[:2], room=box)


def _draw_ticks(
    sheet: Sheet, bar: Box, levels: Classes, *, unit: str, comparators: Sequence[Comparator], room: Box
) -> None:
    for row, one in enumerate(sorted(comparators, key=lambda one: one.value)):
        x = bar.x + bar.width * _along(levels, one.value)
        y = bar.y - 1.0 - 2.9 * (len(comparators) - 1 - row)
        outside = not levels.limits[0] <= one.value <= levels.limits[-1]
        text = f"{one.text(unit)}{' (hors échelle)' if outside else ''}"
        far = bar.x + bar.width * _along(levels, one.high if one.high is not None else one.value)
        if far - x > 1:
            band = Box(x, bar.y - 0.6, far - x, 0.6)
            sheet.rectangle(band, facecolor=ACCENT, edgecolor="none", gid="comparator-band")
        sheet.line([x, x], [y + 0.4, bar.bottom + 0.4], colour=ACCENT, width=1.2, gid="comparator-tick")
        text = shorten(text, room.width, size=SMALL)
        half = measured(text, SMALL)
        start = min(max(x + 1.0, room.x), room.right - half)
        sheet.text(start, y + 1.1 - 0.9, text, size=SMALL, colour=ACCENT, gid="comparator-label")


def _along(levels: Classes, value: float) -> float:
    """Place a value on a bar whose classes have equal lengths, 0 to 1."""
    inside = float(np.clip(value, levels.limits[0], levels.limits[-1]))
    rank = levels.of(inside)
    low, high = levels.limits[rank], levels.limits[rank + 1]
    return (rank + (inside - low) / (high - low)) / len(levels)


def _draw_marks(sheet: Sheet, box: Box, shown: Sequence[Cell]) -> None:
    """Draw the box of each mark, with how many places bear it, or "aucun"."""
    counts = {kind: sum(cell.kind == kind for cell in shown) for kind in (*ALWAYS, WEAK)}
    kinds = [kind for kind in counts if kind in ALWAYS or counts[kind]]
    x, y = box.x + 0.4, box.y + 19.4
    for kind in kinds:
        count = number(counts[kind]) if counts[kind] else "aucun"
        symbol = f"({mark(kind)}){NBSP}" if kind in ALWAYS or counts[kind] else ""
        text = f"{LEGEND_LABELS[kind]} {symbol}: {count}".replace(" :", f"{NBSP}:")
        if x + 6 + measured(text, SMALL) > box.right + 1:
            x, y = box.x + 0.4, y + 4.2
        legend_box(sheet, Box(x, y - 2.3, 4.4, 2.8), kind)
        sheet.text(x + 5.6, y, text, size=SMALL, gid=f"legend-label-{kind}")
        x += 5.6 + measured(text, SMALL) + 4


def _draw_sizes(sheet: Sheet, box: Box, sizes: dict[float, float]) -> None:
    """Say what the size of a circle is, with its largest."""
    if not sizes:
        return
    people = max(sizes)
    radius = sizes[people]
    x, y = box.right - 20, box.y + 11.6
    sheet.circle(x - radius - 1.5, y, radius, facecolor="none", edgecolor=GREY, linewidth=0.7, gid="size-sample")
    sheet.text(x, y - 0.4, f"{number(people)}{NBSP}hab.", size=SMALL, colour=GREY, gid="size-label")
    sheet.text(x, y + 2.5, "(le plus peuplé)", size=SMALL, colour=GREY)


def describe_circles_map(
    values: pd.DataFrame, territories: gpd.GeoDataFrame, *, unit: str, caption: Caption, variable: str = "",
    comparators: Sequence[Comparator] = (), basemap: Basemap | None = None,
) -> str:  # fmt: skip
    """Say the map in words; same arguments as :func:`circles_map`. Hidden values are counted, never given."""
    del variable
    listed = basemap.places if basemap else Basemap(territories).places
    shown = cells(values, [place.code for place in listed], unit=unit)
    known = sorted(
        (cell.value, place.name) for place in listed if (cell := shown[place.code]).written
    )  # fmt: skip
    parts = [f"Carte{NBSP}: {caption.title}.", f"{caption.subtitle}." if caption.subtitle else ""]
    if len(known) > 1:
        low, high = known[0], known[-1]
        parts.append(
            f"{plural(len(known), 'valeur publiée', 'valeurs publiées')}, "
            f"de {quantity(low[0] or 0, unit)} ({low[1]}) à {quantity(high[0] or 0, unit)} ({high[1]})."
        )
    elif known:
        parts.append(f"{known[0][1]}{NBSP}: {quantity(known[0][0] or 0, unit)}.")
    else:
        parts.append("Aucune valeur publiée.")
    parts += [f"{one.text(unit)}." for one in comparators]
    absent = [
        f"{LEGEND_LABELS[kind]}{NBSP}: {number(count)}"
        for kind in (*ALWAYS, WEAK)
        if (count := sum(cell.kind == kind for cell in shown.values()))
    ]
    parts.append(f"Sans valeur écrite, {enumeration(absent)}." if absent else "")
    return typographic(" ".join(part for part in parts if part).replace("..", "."))


FIGURES.register(FigureKind("circles_map", "carte en cercles", circles_map, describe_circles_map))
