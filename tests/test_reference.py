"""The reference says what the docstrings say, of everything it names."""

import importlib.util
import inspect
from importlib import import_module
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[1] / "docs"


def script():
    spec = importlib.util.spec_from_file_location("build_reference", DOCS / "build_reference.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


BUILD = script()
MODULES = [module for modules in BUILD.CHAPTERS.values() for module in modules]


def test_the_page_is_up_to_date():
    written = (DOCS / "reference.md").read_text(encoding="utf-8")
    assert written == BUILD.page(), "run: python docs/build_reference.py"


@pytest.mark.parametrize("name", MODULES)
def test_every_name_says_what_it_is(name):
    found = BUILD.public(import_module(f"diagnostic.{name}"))
    assert found
    for own, one in found:
        assert inspect.getdoc(one), f"{name}.{own}"


def test_sections_become_lists_and_examples_code():
    said = "Add.\n\nParameters\n----------\na, b\n    Two\n    numbers.\n\nExamples\n--------\n>>> 1 + 1\n2"
    assert list(BUILD.rendered(said)) == [
        "Add.", "**Parameters**", "- `a, b`: Two numbers.", "```pycon\n>>> 1 + 1\n2\n```",
    ]  # fmt: skip


def test_nothing_of_one_machine_is_in_the_page():
    assert " at 0x" not in BUILD.page()
