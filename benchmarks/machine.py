"""On what the figures were measured."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.measure import python

LIBRARIES = (
    "numpy", "pandas", "geopandas", "shapely", "pyarrow", "duckdb", "ibis-framework", "polars", "matplotlib",
    "typst", "xlsxwriter",
)  # fmt: skip
_PROBE = "import importlib.metadata as m; print(m.version('weasyprint'))"


def machine() -> list[str]:
    """Say the machine, in a few lines."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return [f"{_processor()}, {cores} cores{_memory()}; {platform.system()} {platform.machine()}."]


def load() -> float | None:
    """Give the mean number of running programs of the last quarter of an hour, where the system tells it."""
    return os.getloadavg()[2] if hasattr(os, "getloadavg") else None


def crowd(before: float | None, after: float | None) -> str:
    """Say how busy the machine was; the measures alone make a load of about 1."""
    if before is None or after is None:
        return ""
    others = " Other programs were running: trust processor seconds and ratios, not times." if after > 1.5 else ""
    return f"Load over the quarter of an hour before {before:.1f}, up to the end {after:.1f}.{others}"


def versions() -> str:
    """Say the versions of what is measured and of the peers."""
    names = [f"Python {platform.python_version()}"]
    for library in LIBRARIES:
        try:
            names.append(f"{library} {version(library)}")
        except PackageNotFoundError:
            names.append(f"{library} absent")
    found = subprocess.run([python(peer=True), "-c", _PROBE], capture_output=True, text=True, check=False)
    names.append(f"WeasyPrint {found.stdout.strip() or 'absent'}")
    return ", ".join(names)


def _processor() -> str:
    listing = Path("/proc/cpuinfo")
    if listing.is_file():
        for line in listing.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or "unknown processor"


def _memory() -> str:
    try:
        size = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return ""
    return f", {size / 1024**3:.0f} GiB"
