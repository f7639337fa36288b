"""The territories of a region."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

from benchmarks.measure import Command, Row, diagnostic, paired

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.subjects.setting import Setting

title = "Many territories"
what = (
    "Complete sets (PDF, workbook, atlas, slides, open data) of the EPCI of Hauts-de-France that hold a QPV of "
    "2015, from the files as published, read once; two processes of one thread. Processor time counts every "
    "process, memory is the largest one's."
)
SIZES = (5, 10, 20)
DAY = "2026-01-31"


def rows(setting: Setting) -> tuple[list[Row], str]:
    from diagnostic.batch import in_regions  # noqa: PLC0415 - a second that `--help` must not pay

    real = setting.real()
    every = in_regions(["32"], generation=2015)
    found: list[Row] = []
    for size in (*SIZES, len(every)):
        # Every k-th territory by size: a sample of the same mixture, so that doubling means doubling.
        ordered = sorted(every, key=lambda one: (-len(one.territory.qpv), one.name))
        chosen = [ordered[round(rank * len(ordered) / size)] for rank in range(size)]
        listed = setting.scratch / f"liste-{size}.txt"
        listed.write_text("".join(f"{one.territory.main_epci}\n" for one in chosen), encoding="utf-8")
        quarters = sum(len(one.territory.qpv) for one in chosen)
        samples, _ = paired(_batch(setting.scratch / f"lot-{size}", listed, real, processes=2), runs=1, warm=False)
        note = f"{quarters} neighbourhoods."
        if found:
            before = found[-1]
            note += f" {samples[0].wall / before.ours[0].wall:.2f} times the time of the row above."
        whole = size == len(every)
        found.append(Row(
            f"{size} territories", samples, aim_seconds=360 if whole else None,
            aim_mebibytes=2048 if whole else None, note=note,
        ))  # fmt: skip
    listed = setting.scratch / f"liste-{SIZES[1]}.txt"
    alone, _ = paired(_batch(setting.scratch / "lot-seul", listed, real, processes=1), runs=1, warm=False)
    gain = alone[0].wall / found[1].ours[0].wall
    found.append(
        Row(f"{SIZES[1]} territories, one process", alone, note=f"two processes are {gain:.2f} times faster.")
    )
    again, _ = paired(_again(setting.scratch / f"lot-{len(every)}", real), runs=1, warm=False)
    found.append(Row(f"{len(every)} territories, nothing to do again", again))
    return found, ""


def _batch(folder: Path, listed: Path, real: Path, *, processes: int) -> Command:
    words = ("--source", real, "--dossier", folder, "--date", DAY, "--processus", processes)
    # A refused sample among the files of the folder ends with code 3, which `_tolerant` takes for done.
    return Command([_tolerant("batch", listed, *words)], lambda: shutil.rmtree(folder, ignore_errors=True))


def _again(folder: Path, real: Path) -> Command:
    return Command([_tolerant("batch", "--region", 32, "--source", real, "--dossier", folder, "--processus", 2)])


def _tolerant(*words: object) -> list[str]:
    program = (
        "import subprocess, sys; done = subprocess.run(sys.argv[1:], check=False).returncode; "
        "sys.exit(0 if done in (0, 3) else done)"
    )
    return [sys.executable, "-c", program, *diagnostic(*words)]
