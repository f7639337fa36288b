"""Maps and charts: tables in, matplotlib figures out.

Each figure is a function of the user's own DataFrames that returns a ``matplotlib.figure.Figure``; its
companion ``describe_…`` gives the alternative text. Nothing here computes: values are rounded, sorted and
classed for display.
"""

from __future__ import annotations

from matplotlib.figure import Figure

from diagnostic.publication.figures.caption import NOT_A_DISCRIMINATION, Caption
from diagnostic.publication.figures.ground import Basemap, Place, places
from diagnostic.publication.figures.kinds.circles_map import circles_map, describe_circles_map
from diagnostic.publication.figures.kinds.gap_chart import describe_gap_chart, gap_chart
from diagnostic.publication.figures.kinds.group_gap_chart import describe_group_gap_chart, group_gap_chart
from diagnostic.publication.figures.kinds.interval_bars import (
    NO_COMPARISON,
    describe_interval_bars,
    interval_bars,
)
from diagnostic.publication.figures.kinds.locator import describe_locator, locator
from diagnostic.publication.figures.kinds.situation import describe_situation, situation
from diagnostic.publication.figures.legend import Comparator
from diagnostic.publication.figures.registry import FIGURES, FigureKind
from diagnostic.publication.figures.theme import png, svg

__all__ = [
    "FIGURES",
    "NOT_A_DISCRIMINATION",
    "NO_COMPARISON",
    "Basemap",
    "Caption",
    "Comparator",
    "Figure",
    "FigureKind",
    "Place",
    "circles_map",
    "describe_circles_map",
    "describe_gap_chart",
    "describe_group_gap_chart",
    "describe_interval_bars",
    "describe_locator",
    "describe_situation",
    "gap_chart",
    "group_gap_chart",
    "interval_bars",
    "locator",
    "places",
    "png",
    "situation",
    "svg",
]
