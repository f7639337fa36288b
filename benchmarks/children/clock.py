"""Wall and processor time, told together."""

from __future__ import annotations

import time


def clocks() -> tuple[float, float]:
    """Read both clocks, in seconds."""
    return time.perf_counter(), time.process_time()


def since(start: tuple[float, float]) -> list[float]:
    """Give what passed on each clock since they were read."""
    return [now - then for now, then in zip(clocks(), start, strict=True)]
