"""Figures as a page of Markdown."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from benchmarks.measure import median, ratios

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.measure import Row, Sample
    from benchmarks.subjects import Subject

HEAD = (
    "| measured | time: min / **median** / max | processor | peak memory | beside it | time of that | its peak "
    "| time ÷ | processor ÷ | memory ÷ |\n|---|---|---|---|---|---|---|---|---|---|"
)
EVEN = 1.05
INTRODUCTION = """# Speed and memory

Written by `python -m benchmarks`; nothing here is copied by hand. Every line is a whole process seen from
outside, imports included, unless it says otherwise. A peer is what a colleague would write without this package;
it runs in turn with ours; the ratios (ours divided by the peer's: under 1 is better) are medians over the pairs.
"Cold" means a new working folder; the operating system's file cache is warm. Time is wall time in seconds,
*processor* is processor time of all cores in seconds, memory the peak of the largest process in MiB. Who loses is
judged on processor time, which other programs disturb less.
"""


def seconds(samples: Sequence[Sample]) -> str:
    """Write the least, the middle and the greatest of some times."""
    values = sorted(one.wall for one in samples)
    low, middle, high = (_short(value) for value in (values[0], statistics.median(values), values[-1]))
    return f"{low} / **{middle}** / {high}"


def _short(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.0f}" if value >= 100 else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def _ratio(row: Row, name: str) -> str:
    found = ratios(row, name)
    return f"{statistics.median(found):.2f}" if found else "–"


def line(row: Row) -> str:
    """Write one row of a table."""
    cells = [
        row.label, seconds(row.ours), _short(median(row.ours, "processor")), _whole(median(row.ours, "peak")),
        row.peer_label or "–", seconds(row.theirs) if row.theirs else "–", _whole(median(row.theirs, "peak")),
        *(_ratio(row, name) for name in ("wall", "processor", "peak")),
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _whole(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f}"


def verdicts(row: Row) -> list[str]:
    """Say whether an aim is met, and where the peer is better."""
    found = []
    time, peak = median(row.ours, "wall"), median(row.ours, "peak")
    if row.aim_seconds is not None and time is not None:
        processor = median(row.ours, "processor")
        least = min(one.wall for one in row.ours)
        met = "met" if time <= row.aim_seconds else "**missed**"
        beside = "" if time <= row.aim_seconds else f" (least {least:.1f} s, processor {_short(processor)} s)"
        found.append(f"{row.label}: aim of {row.aim_seconds:g} s {met}{beside}.")
    if row.aim_mebibytes is not None and peak is not None:
        met = "met" if peak <= row.aim_mebibytes else "**missed**"
        found.append(f"{row.label}: aim of {row.aim_mebibytes:.0f} MiB {met}.")
    if not row.floor:
        time_name = "processor" if ratios(row, "processor") else "wall"  # on a busy machine the wall lies
        for name, words in ((time_name, "slower than"), ("peak", "more memory than")):
            pairs = ratios(row, name)
            if pairs and (ratio := statistics.median(pairs)) > EVEN:
                times = f"{ratio:.1f} times " if ratio >= 1.5 else f"{100 * (ratio - 1):.0f} % "
                found.append(f"{row.label}: **we lose**, {times}{words} its peer.")
    if row.note:
        found.append(f"{row.label}: {row.note}")
    return found


def sections(text: str) -> dict[str, str]:
    """Cut a page into its sections, by title; what stands above them is left out."""
    return {part.split("\n", 1)[0]: f"## {part.strip()}\n" for part in text.split("\n## ")[1:]}


def section(subject: Subject, rows: Sequence[Row], *, missing: str = "", told: str = "") -> str:
    """Write the section of a subject; ``told`` is said of the machine meanwhile."""
    parts = [f"## {subject.title}", subject.what]
    if rows:
        parts.append("\n".join([HEAD, *map(line, rows)]))
        said = [sentence for row in rows for sentence in verdicts(row)]
        parts.append("\n".join(f"* {sentence}" for sentence in said))
    if missing:
        parts.append(f"Not measured: {missing}")
    parts.append(told)
    return "\n\n".join(part for part in parts if part) + "\n"


def plain(rows: Sequence[Row]) -> str:
    """Write rows for a console."""
    found = []
    for row in rows:
        text = f"  {row.label:<52}{seconds(row.ours).replace('*', ''):>24} s"
        peak = median(row.ours, "peak")
        text += f"{_whole(peak):>7} MiB" if peak is not None else ""
        if row.theirs:
            text += f"   {_ratio(row, 'wall')} x the time, {_ratio(row, 'peak')} x the memory of: {row.peer_label}"
        found.append(text)
        found += [f"    {sentence.replace('*', '')}" for sentence in verdicts(row)]
    return "\n".join(found)
