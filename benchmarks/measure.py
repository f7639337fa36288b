"""Whole processes measured from outside: wall and processor time, peak memory; two commands in turn."""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

CHILDREN = Path(__file__).parent / "children"
PEER_PYTHON = "DIAGNOSTIC_PEER_PYTHON"
_TAIL = 600


class FailedError(RuntimeError):
    """A measured command ended with an error."""


@dataclass(frozen=True)
class Sample:
    """One run of a command: seconds, mebibytes, and what its last line of output told as JSON."""

    wall: float
    processor: float | None
    peak: float | None
    told: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Command:
    """Steps run one after the other and counted together; ``prepare`` is not counted."""

    steps: Sequence[Sequence[str]]
    prepare: Callable[[], object] = lambda: None

    def run(self) -> Sample:
        """Run it once."""
        self.prepare()
        samples = [_child(list(step)) for step in self.steps]
        return Sample(
            sum(one.wall for one in samples),
            _all(sum, [one.processor for one in samples]),
            _all(max, [one.peak for one in samples]),
            samples[-1].told,
        )


@dataclass(frozen=True)
class Row:
    """One line of the tables: a command, and the peer measured in the same minutes."""

    label: str
    ours: Sequence[Sample]
    peer_label: str = ""
    theirs: Sequence[Sample] = ()
    aim_seconds: float | None = None
    aim_mebibytes: float | None = None
    note: str = ""
    floor: bool = False  # the peer does nothing useful: it only shows what cannot be avoided


def _all(reduce: Callable[[list[float]], float], values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return reduce(known) if len(known) == len(values) else None


def _child(command: list[str]) -> Sample:
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        if hasattr(os, "wait4"):
            _, status, usage = os.wait4(process.pid, 0)
            code = process.returncode = os.waitstatus_to_exitcode(status)
        else:  # Windows tells neither
            code, usage = process.wait(), None
        wall = time.perf_counter() - start
        output.seek(0)
        text = output.read().decode(errors="replace")
    if code:
        raise FailedError(f"{' '.join(command)[:200]}\n{text.strip()[-_TAIL:]}")
    if usage is None:
        return Sample(wall, None, None, _told(text))
    unit = 1024**2 if sys.platform == "darwin" else 1024
    return Sample(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit, _told(text))


def _told(text: str) -> dict[str, Any]:
    last = text.rstrip().rsplit("\n", 1)[-1]
    try:
        found = json.loads(last)
    except json.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def paired(
    ours: Command, theirs: Command | None = None, *, runs: int, warm: bool = True
) -> tuple[list[Sample], list[Sample]]:
    """Measure two commands in turn; a first pair is not counted when ``warm``."""
    found: tuple[list[Sample], list[Sample]] = ([], [])
    for turn in range(runs + warm):
        for command, samples in zip((ours, theirs), found, strict=True):
            if command is not None:
                sample = command.run()
                if turn >= warm:
                    samples.append(sample)
    return found


def within(samples: Sequence[Sample], name: str) -> list[Sample]:
    """Give what the child itself timed, its imports and the reading of its input left out."""
    times = [one.told[name] for one in samples if name in one.told]
    return [Sample(wall, processor, None) for wall, processor in times]


def median(samples: Sequence[Sample], name: str) -> float | None:
    """Give the median of one figure, or nothing where the system does not tell it."""
    values = [value for one in samples if (value := getattr(one, name)) is not None]
    return statistics.median(values) if values else None


def ratios(row: Row, name: str) -> list[float]:
    """Divide ours by the peer's, pair by pair."""
    pairs = zip(row.ours, row.theirs, strict=False)
    return [a / b for one, other in pairs if (a := getattr(one, name)) and (b := getattr(other, name))]


def child(name: str, *arguments: object, peer: bool = False) -> list[str]:
    """Give the command of a script of ``children``."""
    return [python(peer=peer), str(CHILDREN / f"{name}.py"), *map(str, arguments)]


def python(*, peer: bool = False) -> str:
    """Give the interpreter: ours, or the one where the peer's libraries are."""
    return os.environ.get(PEER_PYTHON, sys.executable) if peer else sys.executable


def diagnostic(*arguments: object) -> list[str]:
    """Give a command of the package, as a person runs it."""
    script = Path(sys.executable).with_name("diagnostic.exe" if os.name == "nt" else "diagnostic")
    door = [str(script)] if script.is_file() else [sys.executable, "-c", "from diagnostic.cli import main; main()"]
    return [*door, *map(str, arguments)]


def lacks(module: str) -> bool:
    """Say whether the peer's interpreter lacks a library."""
    probe = [python(peer=True), "-c", f"import {module}"]
    return subprocess.run(probe, capture_output=True, check=False).returncode != 0


def pages(pdf: Path) -> int:
    """Count the pages of a document whose page objects are written plainly."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf.read_bytes()))
