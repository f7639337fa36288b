# ruff: noqa: INP001 - a script beside the pages it illustrates
"""Picture the documents of a working folder for the guide, with Chromium and pdftoppm.

``python docs/screenshots.py [FOLDER]`` reads a folder already run (by default it makes the demonstration in a
scratch folder) and writes ``docs/guide/*.png``, each under 80 KB.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps

from diagnostic.demonstration import prepare
from diagnostic.pipeline import run

IMAGES: Final = Path(__file__).resolve().parent / "guide"
LIMIT: Final = 80_000
# Each picture: pages of documents side by side, all of one height.
PAGES: Final = {
    "diagnostic": (("diagnostic.pdf", 1), ("diagnostic.pdf", 2), ("diagnostic.pdf", 6)),
    "variantes": (("note_prefet.pdf", 1), ("habitants.pdf", 1), ("fiche_emploi.pdf", 1)),
    "seance": (("affiches.pdf", 1), ("cartes.pdf", 1)),
}
HEIGHT: Final = 560
GAP: Final = 12
GREY: Final = "#c8c8c8"
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
WINDOW: Final = (1280, 1000)
COLOURS: Final = (64, 48, 32, 24, 16)


def page(document: Path, number: int, scratch: Path) -> Image.Image:
    """Draw one page of a PDF.

    Parameters
    ----------
    document
        The PDF.
    number
        From 1.
    scratch
        Where the page is left.
    """
    stem = scratch / f"{document.stem}-{number}"
    words = ("-png", "-singlefile", "-f", str(number), "-l", str(number), "-scale-to-x", "-1", "-scale-to-y")
    subprocess.run([_tool("pdftoppm"), *words, str(HEIGHT), str(document), str(stem)], check=True)  # noqa: S603
    return ImageOps.expand(Image.open(stem.with_suffix(".png")).convert("RGB"), border=1, fill=GREY)


def beside(images: list[Image.Image]) -> Image.Image:
    """Lay images out side by side.

    Parameters
    ----------
    images
        All of one height.
    """
    width = sum(image.width for image in images) + GAP * (len(images) - 1)
    sheet = Image.new("RGB", (width, images[0].height), "white")
    left = 0
    for image in images:
        sheet.paste(image, (left, 0))
        left += image.width + GAP
    return sheet


def atlas(document: Path, scratch: Path) -> Image.Image:
    """Draw the atlas as a browser without network shows it.

    Parameters
    ----------
    document
        The HTML file.
    scratch
        Where the browser keeps what it needs.
    """
    target = scratch / "atlas.png"
    words = (
        "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
        "--host-resolver-rules=MAP * ~NOTFOUND",
        f"--user-data-dir={scratch / 'browser'}", f"--window-size={WINDOW[0]},{WINDOW[1]}",
        "--virtual-time-budget=3000", f"--screenshot={target}",
    )  # fmt: skip
    done = subprocess.run(  # noqa: S603 - our own command
        [_tool(*BROWSERS), *words, document.resolve().as_uri()], check=False, capture_output=True
    )
    if not target.is_file():
        sys.exit(f"the browser drew nothing: {done.stderr.decode(errors='replace')[-500:]}")
    return ImageOps.expand(Image.open(target).convert("RGB").resize((960, 750)), border=1, fill=GREY)


def save(image: Image.Image, path: Path) -> None:
    """Write an image with as many colours as the limit allows.

    Parameters
    ----------
    image
        What to write.
    path
        A PNG file.
    """
    for colours in COLOURS:
        image.quantize(colours, dither=Image.Dither.NONE).save(path, "PNG", optimize=True)
        if path.stat().st_size <= LIMIT:
            return
    sys.exit(f"{path.name} is still over {LIMIT} bytes with {COLOURS[-1]} colours: show less of it")


def build(reports: Path, target: Path) -> None:
    """Write every picture.

    Parameters
    ----------
    reports
        The documents of a working folder.
    target
        Folder of the images.
    """
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        for title, pages in PAGES.items():
            save(
                beside([page(reports / file, number, scratch) for file, number in pages]), target / f"{title}.png"
            )
        save(atlas(reports / "atlas.html", scratch), target / "atlas.png")


def _tool(*names: str) -> str:
    found = next((path for name in names if (path := shutil.which(name))), None)
    return found or sys.exit(f"{' or '.join(names)} is needed and is not on this machine")


def main() -> None:
    """Picture the folder given, or a demonstration made for it."""
    if len(sys.argv) > 1:
        build(Path(sys.argv[1]) / "reports", IMAGES)
        return
    with tempfile.TemporaryDirectory() as scratch:
        workspace = prepare(Path(scratch) / "demonstration")
        run(workspace)
        build(workspace.reports, IMAGES)


if __name__ == "__main__":
    main()
