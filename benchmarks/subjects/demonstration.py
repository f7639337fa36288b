"""The fictional territory."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from benchmarks.measure import Command, Row, diagnostic, paired, python

if TYPE_CHECKING:
    from benchmarks.subjects.setting import Setting

title = "Demonstration"
what = (
    "`diagnostic demo` writes the raw files of a fictional territory of nine neighbourhoods, reads them, "
    "and makes the PDF and the workbook; warm, it checks that everything is up to date."
)
IMPORTS = "import pandas, geopandas, matplotlib.figure"


def rows(setting: Setting) -> tuple[list[Row], str]:
    folder = setting.scratch / "demonstration"
    cold = Command([diagnostic("demo", folder)], lambda: shutil.rmtree(folder, ignore_errors=True))
    imports = Command([[python(), "-c", IMPORTS]])
    first, alone = paired(cold, imports, runs=setting.runs)
    second, beside = paired(Command([diagnostic("demo", folder)]), imports, runs=setting.runs)
    label = "importing pandas, geopandas, matplotlib"
    return [
        Row("`diagnostic demo`, cold", first, label, alone, aim_seconds=10, aim_mebibytes=1024, floor=True),
        Row("`diagnostic demo`, warm", second, label, beside, floor=True),
    ], ""
