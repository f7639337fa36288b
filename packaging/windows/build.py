"""Build ``diagnostic-windows.zip``: everything a town-hall laptop needs, without a network and without rights.

    python packaging/windows/build.py [--python 3.12] [--output dist]

The wheels of one Python version for 64-bit Windows, the package itself, a script that installs, one that starts,
and a page for the IT department. Wheels are checked to be enough on their own before the archive is written.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TEXTS = ("installer.bat", "diagnostic.bat", "LISEZMOI.txt")
DAY = (2026, 1, 1, 0, 0, 0)  # the archive holds no clock


def pip(*arguments: str) -> None:
    """Run pip, and stop at its first fault."""
    subprocess.run([sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments], check=True)  # noqa: S603


def gather(folder: Path, *, version: str, extras: str) -> None:
    """Put the wheels of the package and of all it needs into a folder."""
    target = ("--platform", "win_amd64", "--python-version", version, "--only-binary=:all:")
    pip("wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT))
    own = next(folder.glob("diagnostic_territorial-*.whl"))
    pip("download", "--quiet", *target, "--dest", str(folder), "--constraint", str(ROOT / "constraints.txt"),
        f"{own}[{extras}]")  # fmt: skip
    with tempfile.TemporaryDirectory() as nowhere:
        # Nothing but this folder: what installs here installs on a laptop without network.
        pip("install", "--quiet", "--dry-run", "--no-index", "--find-links", str(folder), "--target", nowhere,
            *target, f"{own}[{extras}]")  # fmt: skip


def write(archive: Path, wheels: Path, *, version: str) -> None:
    """Write the archive: scripts with Windows line ends, wheels of one version of Python, the hash of each."""
    files = {name: (HERE / name).read_text(encoding="utf-8").replace("{python}", version) for name in TEXTS}
    found = sorted(wheels.glob("*.whl"))
    files["empreintes.txt"] = "".join(
        f"{hashlib.sha256(wheel.read_bytes()).hexdigest()}  {wheel.name}\n" for wheel in found
    )
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        for name, text in files.items():
            # A batch file is read in the code page of the machine: it holds plain letters only.
            mark = "utf-8-sig" if name.endswith(".txt") else "ascii"
            body = "\r\n".join(text.splitlines()).encode(mark) + b"\r\n"
            target.writestr(zipfile.ZipInfo(f"diagnostic-windows/{name}", DAY), body)
        for wheel in found:
            info = zipfile.ZipInfo(f"diagnostic-windows/paquets/{wheel.name}", DAY)
            target.writestr(info, wheel.read_bytes(), compress_type=zipfile.ZIP_STORED)


def main() -> None:
    """Read the arguments, build, say where the archive is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", default="3.12", help="version of Python on the laptops")
    parser.add_argument("--extras", default="notebooks,presentation")
    parser.add_argument("--output", type=Path, default=ROOT / "dist")
    chosen = parser.parse_args()
    chosen.output.mkdir(parents=True, exist_ok=True)
    archive = chosen.output / "diagnostic-windows.zip"
    with tempfile.TemporaryDirectory() as folder:
        gather(Path(folder), version=chosen.python, extras=chosen.extras)
        write(archive, Path(folder), version=chosen.python)
    print(f"{archive}: {archive.stat().st_size / 2**20:.0f} MiB")  # noqa: T201 - a script speaks


if __name__ == "__main__":
    main()
