"""The gallery shows every kind of figure, with its words, and weighs little."""

import re
from pathlib import Path

import pytest

from diagnostic.publication.figures import FIGURES

DOCS = Path(__file__).resolve().parents[3] / "docs"
MOST_BYTES = 1_500_000


@pytest.fixture(scope="module")
def page():
    return (DOCS / "gallery.md").read_text(encoding="utf-8")


def test_every_kind_is_shown_with_its_words(page):
    shown = dict(re.findall(r"### `(\w+)`[^\n]*\n\n!\[[^\]]+\]\(gallery/\w+\.png\)\n\n> ([^\n]+)", page))
    assert {kind.name for kind in FIGURES} <= set(shown)
    assert all(len(words) > 60 and "nan" not in words.split() for words in shown.values())


def test_the_images_are_those_of_the_page_and_are_light(page):
    files = {path.name: path for path in (DOCS / "gallery").glob("*")}
    assert set(re.findall(r"\(gallery/(\w+\.png)\)", page)) == set(files)
    assert sum(path.stat().st_size for path in files.values()) < MOST_BYTES
