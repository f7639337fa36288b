"""A survey of the whole country: 60 yes/no items by 1,584 neighbourhoods in one pass, at four sizes.

Run: ``python benchmarks/survey_country.py [respondents a neighbourhood]``. Each size is a process, with its own
peak of memory.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time

import numpy as np
import pandas as pd

from diagnostic.analysis.survey import SurveyDesign

AREAS, ITEMS = 1584, 60


def one(each: int) -> None:
    """Measure one size and tell it as JSON."""
    rng = np.random.default_rng(1584)
    area = np.repeat(np.arange(AREAS), each)
    answers = (rng.random((len(area), ITEMS)) < 0.3).astype(np.float32)
    answers[rng.random(answers.shape) < 0.03] = np.nan
    frame = pd.DataFrame(answers, columns=[f"q{item}" for item in range(ITEMS)])
    frame = frame.assign(area=area, dwelling=np.arange(len(area)) // 2, weight=rng.uniform(1, 5, len(area)))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start = time.process_time()
    design = SurveyDesign(frame, "weight", strata="area", clusters="dwelling")
    drawn = time.process_time() - start
    start = time.process_time()
    found = design.proportion([f"q{item}" for item in range(ITEMS)], by="area", interval="guarded")
    spent = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([len(area), len(found), drawn, spent, before, peak]))


def main(each: int) -> None:
    print("| respondents | estimates with intervals | design | estimates | MiB before | MiB at most |")
    print("|---|---|---|---|---|---|")
    for times in (1, 2, 4, 8):
        command = [sys.executable, __file__, "--one", str(each * times)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        people, cells, drawn, spent, *memory = json.loads(done.stdout)
        held = " | ".join(f"{value:.0f}" for value in memory)
        print(f"| {people:,} | {cells:,} | {drawn:.2f} s | {spent:.2f} s | {held} |", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(int(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 50)
