"""Points located in the quarters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.measure import Command, Row, child, paired, within
from benchmarks.subjects.areal import POINTS, prepared

if TYPE_CHECKING:
    from benchmarks.subjects.setting import Setting

title = "Points in quarters"
what = (
    "5 million longitudes and latitudes, half of them around quarters, located in the 1,584 outlines of 2024. "
    "With a tolerance ours also measures the distance to the border and says who is undecided, which the join "
    "does not."
)


def rows(setting: Setting, *, points: int = POINTS) -> tuple[list[Row], str]:
    folder = prepared(setting, points=points)
    arguments = (folder / "points.npz", folder / "quarters_lonlat.parquet")
    ours = Command([child("points_ours", *arguments)])
    theirs = Command([child("points_sjoin", *arguments, peer=True)])
    mine, other = paired(ours, theirs, runs=setting.few)
    note = (
        f"{mine[0].told['inside_seconds']} points inside, {other[0].told['inside_seconds']} pairs for the peer "
        "(rounded outlines overlap)."
    )
    alone, joined = within(mine, "seconds"), within(other, "seconds")
    return [
        Row("points, whole process", mine, "geopandas.sjoin", other, aim_mebibytes=1024, note=note),
        Row("points alone, from coordinates", alone, "points_from_xy and sjoin", joined),
        Row("points alone, the join only", alone, "sjoin", within(other, "join")),
        Row("points with a tolerance of 20 m", within(mine, "tolerance"), "points_from_xy and sjoin", joined),
    ], ""
