"""The census file of individuals counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.measure import Command, Row, child, lacks, median, paired, within

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.measure import Sample
    from benchmarks.subjects.setting import Setting

title = "Census of individuals"
what = (
    "20 million persons of the official layout (88 columns, parquet) counted by region, sex, age band, "
    "immigration, nationality, diploma and activity, then by canton, sex, immigration and activity; weighted and "
    "not. Peers read the needed columns only, as categories. Ours also refuses unknown codes and weights, and its "
    "sums do not depend on the order."
)
PERSONS, MEMORY = 20_000_000, 0.6 * 1024
GROWTH = (8, 4, 2)


def rows(setting: Setting, *, persons: int = PERSONS) -> tuple[list[Row], str]:
    file = _file(setting, persons)
    mine, theirs = paired(_count("ours", file), _count("pandas", file, peer=True), runs=setting.few)
    whole, area = within(mine, "whole"), within(mine, "area")
    apart = abs(mine[0].told["whole_persons"] / theirs[0].told["whole_persons"] - 1)
    note = (
        f"{mine[0].told['whole_persons'] / 1e6:.3f} million persons once weighted; pandas differs by {apart:.0e}."
    )
    found = [
        Row("census, whole process, both counts", mine, "pandas", theirs, aim_mebibytes=MEMORY, note=note),
        Row("census by seven dimensions, imports left out", whole, "pandas", within(theirs, "whole")),
        Row("census by canton, imports left out", area, "pandas", within(theirs, "area")),
    ]
    missing = "polars, `pip install polars`." if lacks("polars") else ""
    if not missing:
        again, streamed = paired(_count("ours", file), _count("polars", file, peer=True), runs=setting.few)
        found += [
            Row("census, whole process, both counts", again, "polars, in streams", streamed),
            Row("census by seven dimensions, imports left out", within(again, "whole"), "polars, in streams",
                within(streamed, "whole")),
        ]  # fmt: skip
    found += [_smaller(setting, persons // part) for part in GROWTH]
    return found, missing


def _smaller(setting: Setting, persons: int) -> Row:
    samples: Sequence[Sample] = paired(_count("ours", _file(setting, persons)), runs=setting.few)[0]
    alone = median(within(samples, "whole"), "processor")
    note = f"{alone:.2f} s of processor for the count by seven dimensions alone."
    return Row(f"census of {persons / 1e6:g} million, whole process", samples, note=note)


def _count(who: str, file: Path, *, peer: bool = False) -> Command:
    return Command([child(f"census_{who}", file, peer=peer)])


def _file(setting: Setting, persons: int) -> Path:
    file = setting.scratch / f"census-{persons}.parquet"
    if not file.is_file():
        Command([child("census_file", file, persons)]).run()
    return file
