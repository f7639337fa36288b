"""The guide names only what exists: commands, options, notebooks, documents, pictures."""

import re
import shlex
from pathlib import Path

import click
import pytest

from diagnostic.cli import main
from diagnostic.notebooks import notebooks

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "docs" / "guide.fr.md", ROOT / "README.md"]
LIMIT = 80_000
_FENCE = re.compile(r"```\w*\n(.*?)```", re.DOTALL)
_INLINE = re.compile(r"`(diagnostic [^`\n]+)`")


def commands(page):
    """Every command line of a page, as a person would type it."""
    text = page.read_text(encoding="utf-8")
    lines = [line.strip() for block in _FENCE.findall(text) for line in block.splitlines()]
    lines = [re.sub(r"^.*?(\.venv[\\/]\S*[\\/])(?=diagnostic )", "", line) for line in lines]
    lines += _INLINE.findall(_FENCE.sub("", text))
    return sorted({line.split("#")[0].strip() for line in lines if line.startswith("diagnostic ")})


LINES = [pytest.param(line, id=f"{page.stem}: {line}") for page in PAGES for line in commands(page)]


@pytest.mark.parametrize("line", LINES)
def test_a_command_exists_with_its_options(line):
    words = shlex.split(line.replace("\\", "/"))[1:]
    command = main
    while isinstance(command, click.Group) and words and words[0] in command.commands:
        command = command.commands[words.pop(0)]
    known = {option for one in command.params for option in one.opts} | {"--help", "--version", "COMMANDE"}
    asked = {word for word in words if word.startswith("--")}
    assert command is not main or asked | {"COMMANDE"} <= known, f"unknown command: {line}"
    assert asked <= known, f"{line}: unknown options {sorted(asked - known)}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_leads_somewhere(page):
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (page.parent / target).exists(), target


def test_every_picture_is_light_and_told():
    text = PAGES[0].read_text(encoding="utf-8")
    told = dict(re.findall(r"!\[([^\]]*)\]\((guide/[^)]+)\)", text))
    shown = sorted(path.name for path in (ROOT / "docs" / "guide").iterdir())
    assert sorted(Path(file).name for file in told.values()) == shown
    assert all(len(words) > 20 for words in told)
    assert all(path.stat().st_size <= LIMIT for path in (ROOT / "docs" / "guide").iterdir())


def test_every_notebook_is_told():
    named = set(re.findall(r"`(\d\d_\w+)`", PAGES[0].read_text(encoding="utf-8")))
    assert named == {path.stem for path in notebooks()}
