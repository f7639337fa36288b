"""Reading a large survey export, as a ratio to ``pandas.read_csv`` of the same file in the same run.

Each measure runs in a process of its own, so that its peak memory is its own.
Run ``python benchmarks/survey_reading.py [respondents] [columns]``.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

RESPONDENTS = 200_000
COLUMNS = 300
AIM_SECONDS = 20.0
AIM_GIB = 2.0
OPTIONS = 10

MEASURE = """
import resource, sys, time
from pathlib import Path
path, what = Path(sys.argv[1]), sys.argv[2]
start = time.perf_counter()
if what == "ours":
    from diagnostic.ingestion.survey.reader import read_export
    begin = time.perf_counter()
    export = read_export(path)
    shape = export.states.shape
else:
    import pandas as pd
    begin = time.perf_counter()
    shape = pd.read_csv(path, dtype=str, keep_default_na=False).shape
print(time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2, *shape)
"""


def write_export(path: Path, *, respondents: int, columns: int) -> None:
    """Write a LimeSurvey export: multiple choices, single choices, numbers, a comment with line breaks."""
    rng = np.random.default_rng(1)
    fixed = ["id", "submitdate", "lastpage", "startlanguage", "seed", "qpv", "age", "comment"]
    left = columns - len(fixed)
    multiples = [f"q{left_at // OPTIONS}[SQ{left_at % OPTIONS:03d}]" for left_at in range(left // 2)]
    singles = [f"s{at}" for at in range(left - len(multiples))]
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        stream.write(",".join(f'"{name}"' for name in [*fixed, *multiples, *singles]) + "\r\n")
        block = 5_000
        for first in range(0, respondents, block):
            rows = min(block, respondents - first)
            ticks = np.where(rng.random((rows, len(multiples))) < 0.2, '"Y"', '""')
            codes = np.char.add(np.char.add('"A', rng.integers(1, 6, (rows, len(singles))).astype(str)), '"')
            ages, areas = rng.integers(18, 90, rows), rng.integers(1, 40, rows)
            for row in range(rows):
                comment = "é, ligne 1\nligne 2" if row % 50 == 0 else ""
                head = (
                    f'"{first + row + 1}","2025-03-11 14:05:00","4","fr","{row * 7919}","QN{areas[row]:05d}M",'
                    f'"{ages[row]}","{comment}"'
                )
                stream.write(",".join([head, *ticks[row], *codes[row]]) + "\r\n")


def measure(path: Path, what: str) -> tuple[float, float]:
    """Give seconds and GiB of one reading in its own process."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path), what], check=True, capture_output=True, text=True
    )  # fmt: skip
    seconds, gib, rows, columns = done.stdout.split()
    print(f"{what:8} {float(seconds):7.2f} s  {float(gib):5.2f} Gio  {rows} × {columns}")
    return float(seconds), float(gib)


def main() -> None:
    asked = [int(value) for value in sys.argv[1:3]]
    respondents, columns = asked if len(asked) > 1 else (RESPONDENTS, COLUMNS)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "enquete.csv"
        write_export(path, respondents=respondents, columns=columns)
        print(f"{respondents} répondants × {columns} colonnes, {path.stat().st_size / 1024**2:.0f} Mio")
        plain, _ = measure(path, "pandas")
        ours, gib = measure(path, "ours")
    print(f"rapport à pandas.read_csv : {ours / plain:.2f}")
    verdict = "tenu" if ours < AIM_SECONDS and gib < AIM_GIB else "manqué"
    print(f"objectif {AIM_SECONDS:.0f} s et {AIM_GIB:.0f} Gio : {verdict}")


if __name__ == "__main__":
    main()
