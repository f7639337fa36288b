"""National files, read whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.measure import Command, Row, child, paired, within

if TYPE_CHECKING:
    from benchmarks.subjects.setting import Setting

title = "Reading national files"
what = (
    "Every file of `insee_qpv` and `filosofi` that a source of the package knows, the whole country. Ours "
    "recognises each by its content, checks it, and gives one row a figure with the reason of each "
    "absence; the peer gives wide tables as they stand, thousands left as text, the reasons of absences "
    "unread."
)


def rows(setting: Setting) -> tuple[list[Row], str]:
    real = setting.real()
    folders = [real / "insee_qpv", real / "filosofi"]
    listing = setting.scratch / "readable.txt"
    Command([child("read_ours", listing, *folders)]).run()
    ours = Command([child("read_ours", listing, *folders)])
    theirs = Command([child("read_plain", listing, peer=True)])
    mine, other = paired(ours, theirs, runs=setting.few)
    told, plain = mine[0].told, other[0].told
    note = (
        f"{told['files']} files, {told['bytes'] / 1e6:.0f} MB, {told['figures'] / 1e6:.1f} million figures; "
        f"the peer holds {plain['cells'] / 1e6:.1f} million cells."
    )
    return [
        Row("reading, whole process", mine, "pandas.read_csv, read_excel", other, note=note),
        Row("reading alone, imports left out", within(mine, "seconds"), "idem", within(other, "seconds")),
    ], ""
