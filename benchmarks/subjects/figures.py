"""Twenty figures of one territory, and one map of the country."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.measure import Command, Row, child, paired, within

if TYPE_CHECKING:
    from benchmarks.measure import Sample
    from benchmarks.subjects.setting import Setting

title = "Figures"
what = (
    "Twenty figures of Lille as SVG (ten maps of 26 neighbourhoods, small maps, charts, a slide), then the 1,584 "
    "neighbourhoods of 2024 with overseas panels in their own projections. The peer draws the contours of Lille "
    "and the points of the country with plain `GeoDataFrame.plot`, same classes and labels; ours also places "
    "names without overlap and boxes each kind of absence. Maps are timed inside the process, tables loaded."
)


def rows(setting: Setting) -> tuple[list[Row], str]:
    folder, real = setting.lille(), setting.real()
    ours = Command([child("figures_ours", folder, real)])
    theirs = Command([child("figures_plain", folder / "data" / "processed" / "public", real, peer=True)])
    mine, other = paired(ours, theirs, runs=setting.few)
    label = "GeoDataFrame.plot"
    warm = within(mine, "warm")
    return [
        Row("twenty figures, first drawn", within(mine, "cold")),
        Row("twenty figures, warm", warm, aim_seconds=4, note=_each(mine)),
        Row("contours of Lille, warm", within(mine, "choropleth"), label, within(other, "choropleth")),
        Row("1,584 neighbourhoods", within(mine, "national"), label, within(other, "national"), aim_seconds=1),
    ], ""


def _each(samples: list[Sample]) -> str:
    """List the milliseconds of each figure, slowest first."""
    each = samples[-1].told["each"]
    slowest = sorted(each.items(), key=lambda one: -one[1])
    return "milliseconds each: " + ", ".join(f"{name} {1000 * time:.0f}" for name, time in slowest) + "."
