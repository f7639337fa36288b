"""Draw the same two maps with plain ``GeoDataFrame.plot``: contours of one territory, points of the country."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from clock import clocks, since
from country import country
from matplotlib.figure import Figure

AGAIN = 3
RAMP = ["#dfe9f4", "#aec6e0", "#7299c4", "#3a69a2", "#12335d"]
# Windows of a map of the country with its overseas parts: reference system, west, south, east, north in degrees.
WINDOWS = (
    (2154, -5.6, 41.2, 9.8, 51.3), (2154, 1.75, 48.45, 2.95, 49.2), (32620, -61.9, 15.7, -60.9, 16.6),
    (32620, -61.4, 14.3, -60.7, 15.0), (32622, -54.8, 2.0, -51.4, 6.0), (32740, 55.1, -21.5, 55.9, -20.8),
    (32738, 44.9, -13.1, 45.4, -12.6), (32620, -63.2, 17.9, -62.9, 18.2), (32706, -152.0, -18.5, -148.5, -16.0),
)  # fmt: skip


def classes(values: pd.Series) -> tuple[pd.Series, np.ndarray]:
    edges = np.unique(np.nanquantile(values, np.linspace(0, 1, 6)).round(1))
    return pd.cut(values, edges, labels=False, include_lowest=True), edges


def saved(figure: Figure) -> bytes:
    stream = io.BytesIO()
    figure.savefig(stream, format="svg")
    return stream.getvalue()


def contours(communes: gpd.GeoDataFrame, quarters: gpd.GeoDataFrame) -> bytes:
    figure = Figure(figsize=(6.5, 4.5))
    axes = figure.add_axes((0, 0.1, 0.66, 0.8))
    communes.plot(ax=axes, color="#f4f2ed", edgecolor="#d3cec5", linewidth=0.5)
    ranks, edges = classes(quarters["value"])
    for level in range(len(edges) - 1):
        kept = quarters[ranks == level]
        if len(kept):
            kept.plot(ax=axes, color=RAMP[level], edgecolor="#1d2433", linewidth=0.5)
    hidden = quarters[quarters["value"].isna()]
    if len(hidden):
        hidden.plot(ax=axes, color="white", edgecolor="#5f6672", hatch="//////")
    points = quarters.representative_point()
    for number, at in zip(quarters["number"], points, strict=True):
        axes.annotate(str(number), (at.x, at.y), fontsize=7, ha="center", va="center")
    for label, at in zip(communes["label"], communes.representative_point(), strict=True):
        axes.annotate(label, (at.x, at.y), fontsize=6, color="#5f6672", ha="center")
    axes.set_axis_off()
    for line, (number, label, value) in enumerate(
        zip(quarters["number"], quarters["label"], quarters["value"], strict=True)
    ):
        figure.text(0.68, 0.9 - line * 0.03, f"{number}  {label[:30]}", fontsize=6)
        figure.text(0.99, 0.9 - line * 0.03, f"{value:.1f}".replace(".", ","), fontsize=6, ha="right")
    figure.text(0.01, 0.96, "Une figure", fontsize=10, weight="bold")
    figure.text(0.01, 0.02, "Source : Insee.", fontsize=6)
    return saved(figure)


def points(values: pd.DataFrame, places: gpd.GeoDataFrame) -> bytes:
    figure = Figure(figsize=(6.5, 6))
    merged = places.merge(values, on="code", how="left")
    merged["rank"], edges = classes(merged["value"])
    centres = merged.set_geometry(merged.representative_point())
    for rank, (crs, west, south, east, north) in enumerate(WINDOWS):
        room = (0.34, 0.1, 0.65, 0.85) if rank == 0 else (0.01, 0.1 + 0.105 * (rank - 1), 0.3, 0.1)
        axes = figure.add_axes(room)
        shown = centres.cx[west:east, south:north].to_crs(crs)
        for level in range(len(edges) - 1):
            kept = shown[shown["rank"] == level]
            if len(kept):
                kept.plot(ax=axes, color=RAMP[level], edgecolor="#1d2433", linewidth=0.2, markersize=6)
        hidden = shown[shown["rank"].isna()]
        if len(hidden):
            hidden.plot(ax=axes, color="#1d2433", marker="x", markersize=6)
        axes.set_axis_off()
    figure.text(0.01, 0.96, "Une figure", fontsize=10, weight="bold")
    figure.text(0.01, 0.02, "Source : Insee.", fontsize=6)
    return saved(figure)


def main(folder: Path, real: Path) -> None:
    places = gpd.read_parquet(folder / "territories.parquet")
    figures = pd.read_parquet(folder / "indicators.parquet")
    kept = (figures["variable"] == "poverty_rate") & (figures["group"] == "all") & figures["headline"]
    values = figures[kept & (figures["level"] == "qpv")]
    projected = places[places.geometry.notna()].to_crs(2154)
    quarters = projected[projected["level"] == "qpv"].merge(values[["code", "value"]], on="code", how="left")
    communes = projected[projected["level"] == "commune"]
    contours(communes, quarters)
    start = clocks()
    for _ in range(AGAIN):
        contours(communes, quarters)
    told: dict[str, object] = {"choropleth": [one / AGAIN for one in since(start)]}
    if real.is_dir():
        rates, country_places = country(real)
        start = clocks()
        points(rates, country_places)
        told["national"] = since(start)
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
