"""One look for every figure: fonts, colours, sizes, and the sheet on which figures are drawn.

A figure is drawn on a :class:`Sheet` whose coordinates are millimetres of paper, origin at the top left, so
that what is measured is what is printed. Nothing global of matplotlib is changed.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl
import numpy as np
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import CircleCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, FancyBboxPatch, PathPatch, Rectangle

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from matplotlib.artist import Artist
    from matplotlib.path import Path as Outline
    from matplotlib.text import Text

FONTS: Final = Path(__file__).resolve().parent.parent / "fonts"
FAMILY: Final = "Source Sans 3"
WEIGHTS: Final = {"regular": 400, "semibold": 600, "bold": 700}

INK: Final = "#1d2433"
BLUE: Final = "#173f73"
ACCENT: Final = "#b5541c"
GREY: Final = "#5f6672"
MID: Final = "#8d9099"
HAIR: Final = "#d3cec5"
GROUND: Final = "#f4f2ed"
HOLDING: Final = "#e7e2d8"
PAPER: Final = "#ffffff"
RAMP: Final = ("#dfe9f4", "#aec6e0", "#7299c4", "#3a69a2", "#12335d")
INTERVAL: Final = "#a9bdd6"
GROUP_COLOURS: Final = {"women": "#b5541c", "foreign": "#5b4a8c"}
GROUP_PALES: Final = {"women": "#e9c3a9", "foreign": "#c5bddb"}

MM: Final = 1 / 25.4
WIDTH: Final = 164.0
LEADING: Final = 1.28
POINT: Final = 25.4 / 72  # millimetres
TEXT: Final = 8.0
SMALL: Final = 7.0

_SAVE: Final = {"svg.fonttype": "none", "svg.hashsalt": "diagnostic", "hatch.linewidth": 0.55, "pdf.fonttype": 42}


@dataclass(frozen=True, slots=True)
class Paper:
    """What a figure is drawn for.

    Parameters
    ----------
    width
        Width at which the figure is laid out, in millimetres: smaller makes larger letters on the same page.
    page
        Width and height of the whole page in millimetres, the figure enlarged to fill it; ``None`` for a figure
        that lies in a column and is as high as it needs.
    margin
        Left around the figure on its page, in millimetres.
    turns
        Whether the page is turned upright for a figure that is so larger on it.
    """

    width: float = WIDTH
    page: tuple[float, float] | None = None
    margin: float = 0.0
    turns: bool = False

    @property
    def height(self) -> float:
        """Height that keeps the full enlargement, in the same millimetres as the width; infinite in a column."""
        if self.page is None:
            return math.inf
        wide, high = (side - 2 * self.margin for side in self.page)
        return self.width * high / wide

    def fit(self, width: float, height: float) -> tuple[float, float, float]:
        """Give the page of a figure, width and height, and how much the figure is enlarged on it.

        Examples
        --------
        >>> A4.fit(164, 90)
        (164, 90, 1.0)
        >>> wide, high, zoom = POSTER.fit(190, 260)
        >>> wide < high, round(zoom, 2)
        (True, 1.39)
        """
        if self.page is None:
            return width, height, 1.0
        pages = [self.page, self.page[::-1]] if self.turns else [self.page]
        room = 2 * self.margin
        zooms = [min((wide - room) / width, (high - room) / height) for wide, high in pages]
        best = max(zooms)
        wide, high = pages[zooms.index(best)]
        return wide, high, best


A4: Final = Paper()
SLIDE: Final = Paper(200.0, (338.7, 190.5), margin=10.0)
POSTER: Final = Paper(190.0, (420.0, 297.0), margin=16.0, turns=True)


@cache
def register_fonts() -> None:
    """Make the shipped font known to matplotlib; later calls do nothing."""
    for path in sorted(FONTS.glob("*.ttf")):
        font_manager.fontManager.addfont(path)


def leading(size: float) -> float:
    """Give the height of a line of text in millimetres.

    Examples
    --------
    >>> round(leading(10), 2)
    4.52
    """
    return size * POINT * LEADING


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of the sheet, in millimetres; ``y`` goes down.

    Examples
    --------
    >>> Box(10, 20, 30, 40).right, Box(10, 20, 30, 40).bottom
    (40, 60)
    """

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Abscissa of the right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Ordinate of the lower edge."""
        return self.y + self.height


class Sheet:
    """A figure whose only axes are millimetres of paper.

    Parameters
    ----------
    width, height
        Size in millimetres, before it is enlarged.
    paper
        What it is drawn for: its page gives the enlargement.

    Examples
    --------
    >>> sheet = Sheet(80, 40)
    >>> label = sheet.text(2, 10, "Écart")
    >>> label.get_text(), sheet.axes.get_xlim() == (0, 80)
    ('Écart', True)
    """

    def __init__(self, width: float, height: float, *, paper: Paper = A4) -> None:
        register_fonts()
        self.width, self.height = width, height
        wide, high, self.zoom = paper.fit(width, height)
        self.figure = Figure(figsize=(wide * MM, high * MM), facecolor=PAPER)
        FigureCanvasAgg(self.figure)
        across, down = width * self.zoom / wide, height * self.zoom / high
        room = ((1 - across) / 2, (1 - down) / 2, across, down)
        self.axes = self.figure.add_axes(room, xlim=(0, width), ylim=(height, 0))
        self.axes.set_axis_off()
        self._order = 0

    def _add(self, artist: Any, gid: str | None) -> Any:  # noqa: ANN401 - any artist, given back as it came
        self._order += 1
        artist.set_zorder(self._order)  # what is drawn later lies above
        if gid:
            artist.set_gid(gid)
        return artist

    def text(
        self, x: float, y: float, text: str, *, size: float = TEXT, weight: str = "regular",
        colour: str = INK, align: str = "left", base: str = "baseline", italic: bool = False,
        turn: float = 0.0, gid: str | None = None,
    ) -> Text:  # fmt: skip
        """Write one line of text at a point, turned by degrees around it."""
        artist = self.axes.text(
            x, y, text, size=size * self.zoom, color=colour, ha=align, va=base, family=FAMILY,
            weight=WEIGHTS[weight], style="italic" if italic else "normal", parse_math=False,
            rotation=turn, rotation_mode="anchor",
        )  # fmt: skip
        added: Text = self._add(artist, gid)
        return added

    def paragraph(
        self, x: float, y: float, lines: Sequence[str], *, size: float = TEXT, weight: str = "regular",
        colour: str = INK, italic: bool = False, gid: str | None = None,
    ) -> float:  # fmt: skip
        """Write lines under each other from the top ``y``; give the ordinate below them."""
        step = leading(size)
        for row, line in enumerate(lines):
            self.text(
                x, y + step * (row + 0.78), line, size=size, weight=weight, colour=colour, italic=italic,
                gid=gid and f"{gid}-{row}",
            )  # fmt: skip
        return y + step * len(lines)

    def line(
        self, xs: Sequence[float], ys: Sequence[float], *, colour: str = GREY, width: float = 0.6,
        style: Any = "-", gid: str | None = None,  # noqa: ANN401 - matplotlib's own line styles
    ) -> Line2D:  # fmt: skip
        """Draw a broken line."""
        artist = Line2D(xs, ys, color=colour, linewidth=width * self.zoom, linestyle=style, solid_capstyle="butt")
        self.axes.add_artist(artist)
        added: Line2D = self._add(artist, gid)
        return added

    def marker(
        self, x: float, y: float, shape: str, *, colour: str = GREY, fill: str = PAPER, size: float = 5,
        width: float = 0.9, gid: str | None = None,
    ) -> Line2D:  # fmt: skip
        """Draw a mark drawn by matplotlib, so that no font has to hold it."""
        return self.markers([x], [y], shape, colour=colour, fill=fill, size=size, width=width, gid=gid)

    def markers(
        self, xs: npt.ArrayLike, ys: npt.ArrayLike, shape: str, *, colour: str = GREY, fill: str = PAPER,
        size: float = 5, width: float = 0.9, gid: str | None = None,
    ) -> Line2D:  # fmt: skip
        """Draw many marks of one kind at once."""
        artist = Line2D(
            xs, ys, linestyle="none", marker=shape, markersize=size * self.zoom, markeredgecolor=colour,
            markerfacecolor=fill, markeredgewidth=width * self.zoom,
        )  # fmt: skip
        self.axes.add_artist(artist)
        added: Line2D = self._add(artist, gid)
        return added

    def disks(self, points: npt.NDArray[np.float64], *, colours: Sequence[str], radius: float, gid: str) -> Any:  # noqa: ANN401 - a collection of matplotlib
        """Draw many small circles at once, in the order given; ``points`` has shape (n, 2)."""
        area = np.pi * (radius / POINT * self.zoom) ** 2
        disks = CircleCollection(
            [area], offsets=points, offset_transform=self.axes.transData, facecolors=list(colours),
            edgecolors=INK, linewidths=0.22 * self.zoom,
        )  # fmt: skip
        self.axes.add_collection(disks, autolim=False)
        return self._add(disks, gid)

    def rectangle(self, box: Box, *, gid: str | None = None, **style: Any) -> Rectangle:  # noqa: ANN401 - patch style
        """Draw a rectangle."""
        added: Rectangle = self.patch(Rectangle((box.x, box.y), box.width, box.height, **style), gid)
        return added

    def circle(self, x: float, y: float, radius: float, *, gid: str | None = None, **style: Any) -> Circle:  # noqa: ANN401 - idem
        """Draw a circle of a radius in millimetres."""
        added: Circle = self.patch(Circle((x, y), radius, **style), gid)
        return added

    def outline(self, path: Outline, *, gid: str | None = None, **style: Any) -> PathPatch:  # noqa: ANN401 - idem
        """Draw a compound path."""
        added: PathPatch = self.patch(PathPatch(path, **style), gid)
        return added

    def patch(self, patch: Any, gid: str | None = None) -> Any:  # noqa: ANN401 - any patch, given back
        """Add a patch above what is already drawn."""
        patch.set_linewidth(patch.get_linewidth() * self.zoom)
        self.axes.add_artist(patch)
        return self._add(patch, gid)

    def badge(self, text: str, *, right: float, y: float, width: float) -> None:
        """Write the discreet banner of fictional data, its right edge given."""
        box = FancyBboxPatch(
            (right - width, y), width, 4.2, boxstyle="round,pad=0,rounding_size=0.8", facecolor="#fbf1ea",
            edgecolor=ACCENT, linewidth=0.6,
        )  # fmt: skip
        self.patch(box, "banner-box")
        self.text(
            right - width / 2, y + 3.05, text, size=SMALL, weight="semibold", colour=ACCENT, align="center",
            gid="banner",
        )  # fmt: skip

    def artists(self, prefix: str) -> list[Artist]:
        """List what carries a name that starts so."""
        return artists(self.figure, prefix)


def artists(figure: Figure, prefix: str) -> list[Artist]:
    """List the artists of a figure by the beginning of their name.

    Examples
    --------
    >>> sheet = Sheet(10, 10)
    >>> mark = sheet.circle(5, 5, 1, gid="circle-QP099001")
    >>> artists(sheet.figure, "circle-") == [mark]
    True
    """
    return [artist for artist in figure.axes[0].get_children() if str(artist.get_gid()).startswith(prefix)]


def svg(figure: Figure) -> bytes:
    """Write a figure as SVG with text as text; the same figure gives the same bytes."""
    stream = io.BytesIO()
    with mpl.rc_context(_SAVE):
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return stream.getvalue()


def png(figure: Figure, *, dpi: int = 200) -> bytes:
    """Write a figure as PNG; the same figure gives the same bytes."""
    stream = io.BytesIO()
    with mpl.rc_context(_SAVE):
        figure.savefig(stream, format="png", dpi=dpi, metadata={"Software": None})
    return stream.getvalue()


def pdf(figure: Figure) -> bytes:
    """Write a figure as PDF with its fonts inside; the same figure gives the same bytes."""
    stream = io.BytesIO()
    with mpl.rc_context(_SAVE):
        figure.savefig(stream, format="pdf", metadata={"CreationDate": None, "Creator": None, "Producer": None})
    return stream.getvalue()
