"""Squares of a national grid shared out over the quarters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.measure import Command, Row, child, lacks, paired, within

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.subjects.setting import Setting

title = "Areal transfer"
what = (
    "2.3 million squares of 200 m shared out over the 1,584 quarters of 2024, a count. Ours also says what part "
    "of each result is observed, imputed, hidden or cut; the peer gets polygons already built."
)
SQUARES, POINTS = 2_300_000, 5_000_000


def prepared(setting: Setting, *, squares: int = SQUARES, points: int = POINTS) -> Path:
    """Write squares, points and quarters once, for this subject and the next."""
    folder = setting.scratch / f"transfer-{squares}-{points}"
    if not folder.is_dir():
        folder.mkdir()
        file = setting.real() / "boundaries" / "qpv2024_derived_4decimals.geojson"
        Command([child("transfer_data", file, folder, squares, points)]).run()
    return folder


def rows(setting: Setting, *, squares: int = SQUARES) -> tuple[list[Row], str]:
    folder = prepared(setting, squares=squares)
    arguments = (folder / "cells.npz", folder / "quarters_grid.parquet")
    missing = "the peer, `pip install tobler`." if lacks("tobler") else ""
    theirs = None if missing else Command([child("areal_tobler", *arguments, peer=True)])
    mine, other = paired(Command([child("areal_ours", *arguments)]), theirs, runs=setting.few)
    label = "tobler.area_interpolate" if other else ""
    note = f"{mine[0].told['squares'] / 1e6:.1f} million squares"
    if other:
        apart = abs(mine[0].told["total"] / other[0].told["total"] - 1)
        note += f"; totals differ by {apart:.0e} of themselves"
    return [
        Row("areal transfer, whole process", mine, label, other, aim_mebibytes=1024, note=f"{note}."),
        Row("areal transfer alone", within(mine, "seconds"), label, within(other, "seconds")),
    ], missing
