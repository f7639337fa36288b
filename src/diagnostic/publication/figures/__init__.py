"""Maps and charts: tables in, matplotlib figures out.

Each figure is a function of the user's own DataFrames that returns a ``matplotlib.figure.Figure``; its
companion ``describe_…`` gives the alternative text. Nothing here computes: values are rounded, sorted and
classed for display.
"""

from __future__ import annotations

from matplotlib.figure import Figure

from diagnostic.publication.figures.caption import NO_COMPARISON, NOT_A_DISCRIMINATION, Caption
from diagnostic.publication.figures.ground import Basemap, Place, places
from diagnostic.publication.figures.kinds.bivariate import bivariate, describe_bivariate
from diagnostic.publication.figures.kinds.choropleth import choropleth, describe_choropleth
from diagnostic.publication.figures.kinds.circles_map import circles_map, describe_circles_map
from diagnostic.publication.figures.kinds.coverage import coverage, describe_coverage
from diagnostic.publication.figures.kinds.flow import describe_flow, flow
from diagnostic.publication.figures.kinds.forest import describe_forest, forest
from diagnostic.publication.figures.kinds.gap_chart import describe_gap_chart, gap_chart
from diagnostic.publication.figures.kinds.group_gap_chart import describe_group_gap_chart, group_gap_chart
from diagnostic.publication.figures.kinds.heat_table import describe_heat_table, heat_table
from diagnostic.publication.figures.kinds.interval_bars import describe_interval_bars, interval_bars
from diagnostic.publication.figures.kinds.ladder import describe_ladder, ladder
from diagnostic.publication.figures.kinds.locator import describe_locator, locator
from diagnostic.publication.figures.kinds.national_map import describe_national_map, national_map
from diagnostic.publication.figures.kinds.quadrant import describe_quadrant, quadrant
from diagnostic.publication.figures.kinds.situation import describe_situation, situation
from diagnostic.publication.figures.kinds.small_multiples import describe_small_multiples, small_multiples
from diagnostic.publication.figures.kinds.time_series import describe_time_series, time_series
from diagnostic.publication.figures.kinds.two_generations import describe_two_generations, two_generations
from diagnostic.publication.figures.kinds.upset import describe_upset, upset
from diagnostic.publication.figures.legend import Comparator
from diagnostic.publication.figures.registry import FIGURES, FigureKind
from diagnostic.publication.figures.theme import A4, POSTER, SLIDE, Paper, pdf, png, svg

__all__ = [
    "A4",
    "FIGURES",
    "NOT_A_DISCRIMINATION",
    "NO_COMPARISON",
    "POSTER",
    "SLIDE",
    "Basemap",
    "Caption",
    "Comparator",
    "Figure",
    "FigureKind",
    "Paper",
    "Place",
    "bivariate",
    "choropleth",
    "circles_map",
    "coverage",
    "describe_bivariate",
    "describe_choropleth",
    "describe_circles_map",
    "describe_coverage",
    "describe_flow",
    "describe_forest",
    "describe_gap_chart",
    "describe_group_gap_chart",
    "describe_heat_table",
    "describe_interval_bars",
    "describe_ladder",
    "describe_locator",
    "describe_national_map",
    "describe_quadrant",
    "describe_situation",
    "describe_small_multiples",
    "describe_time_series",
    "describe_two_generations",
    "describe_upset",
    "flow",
    "forest",
    "gap_chart",
    "group_gap_chart",
    "heat_table",
    "interval_bars",
    "ladder",
    "locator",
    "national_map",
    "pdf",
    "places",
    "png",
    "quadrant",
    "situation",
    "small_multiples",
    "svg",
    "time_series",
    "two_generations",
    "upset",
]
