"""Runs killed at random moments."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import Command, FailedError, Row, paired

if TYPE_CHECKING:
    from benchmarks.subjects.setting import Setting

title = "Interruptions"
what = "A run of the demonstration killed a hundred times, in the test that the gate runs with ten."
KILLS = 100
TESTS = Path(__file__).parents[2] / "tests" / "test_interruption.py"


def rows(_: Setting) -> tuple[list[Row], str]:
    settings = ["env", f"DIAGNOSTIC_KILLS={KILLS}"] if os.name != "nt" else []
    test = [*settings, sys.executable, "-m", "pytest", "-q", str(TESTS), "-k", "killed"]
    try:
        samples, _pairs = paired(Command([test]), runs=1, warm=False)
    except FailedError as problem:
        raise FailedError(f"killed runs did not finish to the same bytes\n{problem}") from problem
    return [Row(f"A run killed {KILLS} times", samples, note="every next run finished to the same bytes.")], ""
