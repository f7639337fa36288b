"""Draw the same map the plain way, then the same again."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from clock import clocks, since
from matplotlib.figure import Figure

AGAIN = 5
RAMP = ["#dfe9f4", "#aec6e0", "#7299c4", "#3a69a2", "#12335d"]


def draw(
    communes: gpd.GeoDataFrame, quarters: gpd.GeoDataFrame, *, size: tuple[float, float] = (6.5, 4.5)
) -> bytes:
    """Draw circles by class; ``quarters`` holds ``number``, ``label``, ``population``, ``value``."""
    figure = Figure(figsize=size)
    axes = figure.add_axes((0, 0.1, 0.66, 0.8))
    communes.plot(ax=axes, color="#f4f2ed", edgecolor="#d3cec5", linewidth=0.5)
    quarters.plot(ax=axes, color="#c9cfd8", edgecolor="#9aa3b2", linewidth=0.4)
    edges = np.unique(np.nanquantile(quarters["value"], np.linspace(0, 1, 6)).round(1))
    classes = pd.cut(quarters["value"], edges, labels=False, include_lowest=True)
    points = quarters.representative_point()
    for level in range(len(edges) - 1):
        kept = classes == level
        axes.scatter(
            points.x[kept], points.y[kept], s=quarters["population"][kept] / 60, color=RAMP[level],
            edgecolor="#1d2433",
            label=f"{edges[level]:.1f} – {edges[level + 1]:.1f} %", zorder=3,
        )  # fmt: skip
    for number, x, y in zip(quarters["number"], points.x, points.y, strict=True):
        axes.annotate(str(number), (x, y), fontsize=7, ha="center", va="center", zorder=4)
    held = communes.cx[slice(*points.x.agg(["min", "max"])), slice(*points.y.agg(["min", "max"]))]
    for label, at in zip(held["label"], held.representative_point(), strict=True):
        axes.annotate(label, (at.x, at.y), fontsize=6, color="#5f6672", ha="center", zorder=4)
    west, south, east, north = quarters.total_bounds
    axes.set(xlim=(west - 2000, east + 2000), ylim=(south - 2000, north + 2000))
    axes.plot([west, west + 5000], [south - 1500] * 2, color="#1d2433", linewidth=1)
    axes.annotate("5 km", (west, south - 1300), fontsize=7)
    axes.set_axis_off()
    axes.legend(fontsize=6, loc="lower right", frameon=False)
    rows = zip(quarters["number"], quarters["label"], quarters["value"], strict=True)
    for line, (number, label, value) in enumerate(rows):
        at = 0.9 - line * 0.8 / max(len(quarters), 1)
        figure.text(0.68, at, f"{number}  {label[:30]}", fontsize=6)
        figure.text(0.99, at, f"{value:.1f}".replace(".", ","), fontsize=6, ha="right")
    figure.text(0.01, 0.96, "Taux de pauvreté au seuil de 60 %", fontsize=10, weight="bold")
    figure.text(0.01, 0.02, "Source : Insee, Filosofi. Un écart n’est pas une discrimination.", fontsize=6)
    stream = io.BytesIO()
    figure.savefig(stream, format="svg")
    return stream.getvalue()


def main(folder: Path) -> None:
    places = gpd.read_parquet(folder / "territories.parquet")
    figures = pd.read_parquet(folder / "indicators.parquet")
    kept = (figures["variable"] == "poverty_rate") & (figures["group"] == "all") & figures["headline"]
    values = figures[kept & (figures["level"] == "qpv")]
    start = clocks()
    projected = places[places.geometry.notna()].to_crs(2154)
    quarters = projected[projected["level"] == "qpv"].merge(values[["code", "value"]], on="code", how="left")
    communes = projected[projected["level"] == "commune"]
    body = draw(communes, quarters)
    first = since(start)
    start = clocks()
    for _ in range(AGAIN):
        draw(communes, quarters)
    following = [one / AGAIN for one in since(start)]
    print(json.dumps({"first": first, "next": following, "bytes": len(body)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
