"""A sheet for every neighbourhood of the country."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.measure import Command, Row, child, diagnostic, paired
from diagnostic.territory.catalogue import quarters

if TYPE_CHECKING:
    from benchmarks.subjects.setting import Setting

title = "Every neighbourhood"
what = (
    "One page a neighbourhood, with its map and a dozen indicators beside its comparators, for all those of 2015: "
    "files already added, one analysis of the country, PDF files of a hundred pages, one process."
)


def rows(setting: Setting) -> tuple[list[Row], str]:
    folder = setting.scratch / "country"
    words = diagnostic("init", folder, "--qpv", ",".join(sorted(quarters(2015))))
    Command([words, diagnostic("add", "--dossier", folder, *setting.needed())]).run()
    found, _ = paired(Command([child("sheets_ours", folder)]), runs=1, warm=False)
    return [Row(f"{found[0].told['sheets']} sheets", found, aim_seconds=180)], ""
