"""Write the same neighbourhoods with folium: one layer coloured by poverty, every figure in its tooltip."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import folium
import geopandas as gpd
import pandas as pd
from clock import clocks, since

EAST, SOUTH, ACROSS = 0.9, 0.6, 8


def repeated(quarters: gpd.GeoDataFrame, count: int) -> gpd.GeoDataFrame:
    """Repeat neighbourhoods, each copy elsewhere."""
    parts = [
        quarters.assign(geometry=quarters.translate((copy % ACROSS) * EAST, -(copy // ACROSS) * SOUTH))
        for copy in range(-(-count // len(quarters)))
    ]
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True).head(count), crs=quarters.crs)


def main(folder: Path, target: Path, count: int) -> None:
    places = gpd.read_parquet(folder / "territories.parquet")
    figures = pd.read_parquet(folder / "indicators.parquet")
    headline = figures[figures["headline"] & figures["level"].eq("qpv")]
    wide = headline.assign(name=headline["variable"] + " " + headline["group"]).pivot_table(
        index="code", columns="name", values="value", observed=True
    )
    names = list(wide.columns)
    kept = places.loc[places["level"].eq("qpv"), ["code", "label", "geometry"]]
    quarters = repeated(kept.merge(wide.reset_index(), on="code", how="left"), count)
    communes = places.loc[places["level"].eq("commune"), ["label", "geometry"]]
    start = clocks()
    middle = quarters.total_bounds
    plan = folium.Map(
        location=[(middle[1] + middle[3]) / 2, (middle[0] + middle[2]) / 2], zoom_start=11, tiles=None
    )
    folium.GeoJson(communes, style_function=lambda _: {"color": "#d3cec5", "weight": 0.5}).add_to(plan)
    ramp = ["#dfe9f4", "#aec6e0", "#7299c4", "#3a69a2", "#12335d"]
    classes = pd.cut(quarters["poverty_rate all"], 5, labels=False)
    quarters["fill"] = [ramp[int(rank)] if rank == rank else "#ffffff" for rank in classes]  # noqa: PLR0124 - not a number
    folium.GeoJson(
        quarters,
        style_function=lambda one: {"fillColor": one["properties"]["fill"], "fillOpacity": 1, "weight": 1},
        tooltip=folium.GeoJsonTooltip(["label", *names]),
    ).add_to(plan)
    plan.save(str(target))
    seconds = since(start)
    print(json.dumps({"write": seconds, "bytes": target.stat().st_size}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
