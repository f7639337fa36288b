"""The PDF alone: figures already drawn, text already written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.measure import Command, Row, child, lacks, paired, within

if TYPE_CHECKING:
    from benchmarks.subjects.setting import Setting

title = "Typesetting"
what = (
    "The blocks and figures of Lille's report, typeset. The peer gets the same text, tables and SVG "
    "figures as HTML and writes PDF/UA-1; ours writes PDF/UA-1 and PDF/A-3a at once."
)


def rows(setting: Setting) -> tuple[list[Row], str]:
    scratch = setting.scratch / "typesetting"
    Command([child("typeset_ours", "prepare", setting.lille(), scratch)]).run()
    ours = Command([child("typeset_ours", "typeset", scratch)])
    missing = "the peer, `pip install weasyprint` (and the Pango library)." if lacks("weasyprint") else ""
    theirs = None if missing else Command([child("typeset_plain", scratch, peer=True)])
    mine, other = paired(ours, theirs, runs=setting.few)
    label = "WeasyPrint" if other else ""
    note = f"{mine[0].told['pages']} pages, {mine[0].told['bytes'] / 1e6:.1f} MB"
    if other:
        note += f"; the peer {other[0].told['pages']} pages, {other[0].told['bytes'] / 1e6:.1f} MB"
    return [
        Row("typesetting, whole process", mine, label, other, note=f"{note}."),
        Row("typesetting alone", within(mine, "seconds"), label, within(other, "seconds")),
    ], missing
