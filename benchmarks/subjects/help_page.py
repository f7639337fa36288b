"""The help page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.measure import Command, Row, diagnostic, paired, python

if TYPE_CHECKING:
    from benchmarks.subjects.setting import Setting

title = "Help page"
what = "`diagnostic --help` must not pay for pandas or matplotlib."


def rows(setting: Setting) -> tuple[list[Row], str]:
    ours = Command([diagnostic("--help")])
    bare = Command([[python(), "-c", "pass"]])
    found = paired(ours, bare, runs=2 * setting.runs)
    return [
        Row("`diagnostic --help`", found[0], "Python that does nothing", found[1], aim_seconds=0.2, floor=True)
    ], ""
