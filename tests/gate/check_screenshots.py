"""The guide's pictures are drawn from the documents as they are."""

import importlib.util
import os
import shutil
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"


def script():
    spec = importlib.util.spec_from_file_location("screenshots", DOCS / "screenshots.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_picture_of_the_guide_is_drawn_and_light(demonstration, tmp_path):
    pictures = script()
    if not (shutil.which("pdftoppm") and any(map(shutil.which, pictures.BROWSERS))):
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("pdftoppm or chromium is not installed")
    pictures.build(demonstration.reports, tmp_path)
    drawn = {path.name: path.stat().st_size for path in tmp_path.iterdir()}
    assert set(drawn) == {path.name for path in (DOCS / "guide").iterdir()}
    assert max(drawn.values()) <= pictures.LIMIT
    assert min(drawn.values()) > 10_000  # a page that failed to draw is nearly empty
