"""Time of 60 yes/no items by 200 neighbourhoods, clustered, with intervals; beside R ``survey`` when present.

Run: ``python benchmarks/survey_inference.py [respondents] [R areas]``. R's single call is timed as it is; item by
item, R is timed on two items and a few areas, and its time is scaled to all of them.
"""

from __future__ import annotations

import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from diagnostic.analysis.survey import SurveyDesign

if TYPE_CHECKING:
    from collections.abc import Callable

ITEMS = [f"q{number}" for number in range(60)]
AREAS = 200
R_ITEMS = 2
MARGINS = {"sex": 2, "age": 6, "diploma": 4, "tenure": 3}
R_SCRIPT = """
suppressMessages(library(survey))
given <- commandArgs(TRUE); areas <- as.integer(given[2]); items <- as.integer(given[3])
frame <- read.csv(given[1])
frame$kept <- ifelse(frame$area < areas, frame$area, NA)
design <- svydesign(id = ~cluster, strata = ~area, weights = ~weight, data = frame)
all <- as.formula(paste("~", paste(paste0("q", 0:59), collapse = "+")))
together <- system.time(svyby(all, ~area, design, svymean))[["elapsed"]]
single <- system.time(for (item in seq_len(items)) {
  svyby(as.formula(paste0("~q", item - 1)), ~kept, design, svyciprop, vartype = "ci", method = "beta")
})[["elapsed"]]
cat("together", together, "single", single, "\\n")
"""


def make_survey(respondents: int) -> pd.DataFrame:
    rng = np.random.default_rng(20240229)
    cluster = rng.integers(0, AREAS * 20, respondents)
    frame = pd.DataFrame(rng.integers(0, 2, (respondents, len(ITEMS))).astype(np.int8), columns=ITEMS)
    profile = {name: rng.integers(0, levels, respondents) for name, levels in MARGINS.items()}
    weight = rng.uniform(0.5, 3, respondents)
    return frame.assign(cluster=cluster, area=cluster // 20, weight=weight, **profile)


def timed(label: str, call: Callable[[], object]) -> float:
    """Give the best of three runs, after one that pays the imports."""
    call()
    runs = []
    for _ in range(3):
        start = time.perf_counter()
        call()
        runs.append(time.perf_counter() - start)
    print(f"{label:<62}{min(runs):8.2f} s")
    return min(runs)


def in_r(frame: pd.DataFrame, areas: int) -> tuple[float, float] | None:
    """Give R's times for all items and areas, or ``None`` without R."""
    command = shutil.which("Rscript")
    if command is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        data, script = Path(folder, "survey.csv"), Path(folder, "survey.R")
        frame.to_csv(data, index=False)
        script.write_text(R_SCRIPT, encoding="utf-8")
        done = subprocess.run(
            [command, script, data, str(areas), str(R_ITEMS)], capture_output=True, text=True, check=False
        )
    found = re.search(r"together ([\d.]+) single ([\d.]+)", done.stdout)
    if found is None:
        print(f"R is here but failed: {done.stderr.strip()[-300:]}")
        return None
    together, single = map(float, found.groups())
    return together, single * AREAS / areas * len(ITEMS) / R_ITEMS


def main(respondents: int, areas: int) -> None:
    frame = make_survey(respondents)
    design = SurveyDesign(frame, "weight", strata="area", clusters="cluster")
    targets = {
        name: frame.groupby(name)["weight"].sum() * np.linspace(0.9, 1.1, levels)
        for name, levels in MARGINS.items()
    }
    margins = {name: total / total.sum() * 1e6 for name, total in targets.items()}
    print(
        f"{respondents:,} respondents, {len(ITEMS)} items, {AREAS} areas, {frame['cluster'].nunique():,} clusters"
    )
    ours = timed("all items by area, intervals", lambda: design.proportion(ITEMS, by="area", interval="guarded"))
    raked = design.rake(margins)
    timed("idem, after raking", lambda: raked.proportion(ITEMS, by="area", interval="guarded"))
    timed(f"raking on {len(MARGINS)} margins", lambda: design.rake(margins))
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2:.2f} GiB")
    theirs = in_r(frame, areas)
    if theirs is None:
        print("R (package survey) is not available here: no comparison")
        return
    for label, seconds in zip(
        ("one svyby(svymean) call, no interval", "item by item, svyciprop (scaled)"), theirs, strict=True
    ):
        print(f"R {label:<60}{seconds:8.1f} s: {seconds / ours:,.0f} times ours")


if __name__ == "__main__":
    given = [int(value) for value in sys.argv[1:]]
    main(*(given + [100_000, 5][len(given) :]))
