"""Measure, print, and write ``docs/performance.md``.

``python -m benchmarks`` measures every subject (three quarters of an hour) and writes the page;
``python -m benchmarks SUBJECT…`` measures a few and renews their sections; ``--studies`` runs the longer studies
too (they print their own tables). Real files are looked for in ``$DIAGNOSTIC_SHARED`` (by default ``../shared``),
the peers' libraries in the interpreter that ``$DIAGNOSTIC_PEER_PYTHON`` names (by default this one). What is
absent is said, not measured.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import page
from benchmarks.machine import crowd, load, machine, versions
from benchmarks.measure import FailedError, Row
from benchmarks.subjects import STUDIES, SUBJECTS, Setting, UnavailableError

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "performance.md"


def main() -> int:
    options = _options()
    names = options.names or list(SUBJECTS)
    kept = page.sections(PAGE.read_text(encoding="utf-8")) if PAGE.is_file() else {}
    failed = False
    with tempfile.TemporaryDirectory() as scratch:
        for name in [name for name in names if name in SUBJECTS]:
            subject, before = SUBJECTS[name], load()
            print(f"\n{subject.title}", flush=True)
            missing = ""
            rows: list[Row] = []
            try:
                rows, missing = subject.rows(Setting(Path(scratch), options.runs))
                print(page.plain(rows), flush=True)
            except UnavailableError as reason:
                missing = str(reason)
            except FailedError as problem:
                failed = True
                print(problem, file=sys.stderr)
                continue
            if missing:
                print(f"  Not measured: {missing}", flush=True)
            kept[subject.title] = page.section(subject, rows, missing=missing, told=crowd(before, load()))
            _write(kept)
    for name in STUDIES if options.studies else [name for name in names if name in STUDIES]:
        kept[_title(name)] = _study(name)
        _write(kept)
    return int(failed)


def _write(kept: dict[str, str]) -> None:
    """Write the page: what was measured now, and what was measured before of the other subjects."""
    order = [*(subject.title for subject in SUBJECTS.values()), *map(_title, STUDIES)]
    facts = "".join(f"* {fact}\n" for fact in (*machine(), f"{versions()}."))
    PAGE.write_text("\n".join([page.INTRODUCTION, facts, *(kept[one] for one in order if one in kept)]), "utf-8")


def _title(study: str) -> str:
    return f"Study: {study.replace('_', ' ').capitalize()}"


def _study(name: str) -> str:
    """Run a study that prints its own table, and keep what it prints."""
    script = HERE / f"{name}.py"
    print(f"\n{name}", flush=True)
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=False, cwd=HERE.parent
    )
    print(done.stdout, done.stderr[-600:] if done.returncode else "", flush=True)
    told = done.stdout.strip() if not done.returncode else "The study failed."
    body = told if told.startswith("|") else f"```text\n{told}\n```"
    return f"## {_title(name)}\n\n`python benchmarks/{name}.py`\n\n{body}\n"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.split("\n", 1)[0])
    parser.add_argument("names", nargs="*", metavar="SUBJECT", help=f"among {', '.join([*SUBJECTS, *STUDIES])}")
    parser.add_argument("--runs", type=int, default=5, help="counted runs of the quick subjects (long ones: 3)")
    parser.add_argument("--studies", action="store_true", help="run the longer studies too")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in SUBJECTS and name not in STUDIES]
    if unknown:
        parser.error(f"unknown: {', '.join(unknown)}")
    return options


if __name__ == "__main__":
    sys.exit(main())
