"""Everything, beside the script that a colleague would otherwise write."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from benchmarks.measure import Command, Row, child, lacks, pages, paired
from benchmarks.subjects.setting import lille_steps

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.subjects.setting import Setting

title = "The whole way"
what = (
    "From Lille's published files to a PDF and a workbook. The peer is a plain script "
    "(`children/whole_plain.py`): pandas.read_csv, geopandas.sjoin and plot, WeasyPrint, about as many "
    "pages, figures and tables. It checks nothing, keeps no reasons of absence, and its PDF is neither "
    "accessible nor archivable."
)


def rows(setting: Setting) -> tuple[list[Row], str]:
    needed = setting.needed()
    if lacks("weasyprint"):
        return [], "the peer, `pip install weasyprint` (and the Pango library)."
    folder, plain = setting.scratch / "whole", setting.scratch / "plain"
    ours = Command(lille_steps(folder, needed), lambda: shutil.rmtree(folder, ignore_errors=True))
    theirs = Command([child("whole_plain", setting.real(), plain, peer=True)])
    mine, other = paired(ours, theirs, runs=setting.few)
    told = other[0].told
    note = (
        f"{pages(folder / 'reports' / 'diagnostic.pdf')} pages; the plain script {told['pages']} pages, "
        f"{told['figures']} figures, {told['tables']} tables."
    )
    run = Command([lille_steps(folder, needed)[2]], lambda: _forget(folder))
    alone, beside = paired(run, theirs, runs=setting.few, warm=False)
    return [
        Row("`init`, `add`, `run` of Lille", mine, "the plain script", other, note=note),
        Row(
            "`run` of Lille, files already added",
            alone,
            "the plain script",
            beside,
            note="our reading of the files is not counted here; the plain script's is.",
        ),
    ], ""


def _forget(folder: Path) -> None:
    """Take away tables and documents; what was read stays, as after ``add``."""
    processed = folder / "data" / "processed"
    made = [*processed.glob("public/*"), *processed.glob("restricted/*.parquet"), *folder.glob("reports/**/*")]
    for path in [*made, processed / "restricted" / "cache" / "publication.zip"]:
        if path.is_file():
            path.unlink()
