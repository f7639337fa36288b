"""One map of 26 neighbourhoods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.measure import Command, Row, child, paired, within

if TYPE_CHECKING:
    from benchmarks.subjects.setting import Setting

title = "Thematic map"
what = (
    "Numbered circles of poverty rates over the communes of Lille, with legend, list, scale bar and "
    "source, as SVG. Ours also moves circles apart, places commune names without overlap and boxes each "
    "kind of absence; the peer is plain GeoDataFrame.plot with the same content."
)


def rows(setting: Setting) -> tuple[list[Row], str]:
    folder = setting.lille()
    ours = Command([child("map_ours", folder)])
    theirs = Command([child("map_plain", folder / "data" / "processed" / "public", peer=True)])
    mine, other = paired(ours, theirs, runs=setting.runs)
    label = "GeoDataFrame.plot"
    return [
        Row("map, whole process", mine, label, other),
        Row("map alone, first drawn", within(mine, "first"), label, within(other, "first")),
        Row("map alone, the next ones", within(mine, "next"), label, within(other, "next")),
    ], ""
