"""The fictional territory."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from benchmarks.measure import Command, Row, diagnostic, paired, python

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.subjects.setting import Setting

title = "Demonstration"
what = (
    "`diagnostic demo` writes the files of a fictional territory of nine neighbourhoods, with its survey, its "
    "actions and its campaign, reads them, and makes the complete set: PDF and variants, workbook, atlas, slides, "
    "open data; then one text of the lead is changed; warm, it checks that everything is up to date."
)
IMPORTS = "import pandas, geopandas, matplotlib.figure"


def rows(setting: Setting) -> tuple[list[Row], str]:
    folder = setting.scratch / "demonstration"
    cold = Command([diagnostic("demo", folder)], lambda: shutil.rmtree(folder, ignore_errors=True))
    imports = Command([[python(), "-c", IMPORTS]])
    first, alone = paired(cold, imports, runs=setting.runs)
    second, beside = paired(Command([diagnostic("demo", folder)]), imports, runs=setting.runs)
    text = folder / "textes" / "contexte.md"
    changed, _ = paired(Command([diagnostic("run", folder)], lambda: _changed(text)), runs=setting.few, warm=False)
    label = "importing pandas, geopandas, matplotlib"
    return [
        Row("`diagnostic demo`, cold", first, label, alone, aim_seconds=20, aim_mebibytes=1024, floor=True),
        Row("`diagnostic run` after a text was changed", changed, aim_seconds=5),
        Row("`diagnostic demo`, warm", second, label, beside, floor=True),
    ], ""


def _changed(text: Path) -> None:
    with text.open("a", encoding="utf-8") as body:
        body.write("\nUne phrase de plus.\n")
