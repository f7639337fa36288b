"""The Métropole Européenne de Lille, from the files as published."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from benchmarks.measure import Command, Row, diagnostic, pages, paired
from benchmarks.subjects.setting import lille_steps

if TYPE_CHECKING:
    from benchmarks.subjects.setting import Setting

title = "A real territory"
what = (
    "Métropole Européenne de Lille, 26 neighbourhoods, 19 files as published (20 MB): `init`, `add` and "
    "`run` in three processes, then `run` again."
)


def rows(setting: Setting) -> tuple[list[Row], str]:
    folder = setting.scratch / "lille"
    steps = lille_steps(folder, setting.needed())
    cold, _ = paired(Command(steps, lambda: shutil.rmtree(folder, ignore_errors=True)), runs=setting.few)
    warm, _ = paired(Command([diagnostic("run", folder)]), runs=setting.runs)
    (folder / "reports" / "diagnostic.pdf").unlink()
    again = Command([diagnostic("run", folder)], (folder / "reports" / "diagnostic.pdf").unlink)
    Command([diagnostic("run", folder)]).run()
    anew, _ = paired(again, runs=setting.few, warm=False)
    made = pages(folder / "reports" / "diagnostic.pdf")
    return [
        Row("Lille, cold: `init`, `add`, `run`", cold, aim_seconds=15, aim_mebibytes=1024, note=f"{made} pages."),
        Row("Lille, documents made again", anew),
        Row("Lille, warm: nothing to do", warm),
    ], ""
