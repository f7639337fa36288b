"""A run killed at any moment leaves no half-written file, and the next one ends with the same bytes."""

import random
import shutil
import subprocess
import sys

import pytest

from diagnostic.demonstration import prepare
from diagnostic.pipeline import run
from diagnostic.workspace import UNFINISHED, Workspace

RUN = "import sys; from diagnostic.cli import main; sys.argv = ['diagnostic', 'run', sys.argv[1]]; main()"
KILLS = 10
MADE = ("reports", "data/processed/public")


def documents(folder):
    return {
        path.relative_to(folder): path.read_bytes()
        for place in MADE
        for path in sorted((folder / place).rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    workspace = prepare(tmp_path_factory.mktemp("coupure") / "entier")
    run(workspace)
    return workspace.root


def test_killed_runs_finish_to_the_same_bytes(finished, tmp_path):
    folder = tmp_path / "coupé"
    shutil.copytree(finished, folder)
    expected = documents(folder)
    for made in MADE:
        shutil.rmtree(folder / made)
    shutil.rmtree(Workspace(folder).cache)
    chance = random.Random(20211130)  # noqa: S311 - moments, not secrets
    for _ in range(KILLS):
        process = subprocess.Popen([sys.executable, "-c", RUN, str(folder)], stdout=subprocess.DEVNULL)
        try:
            process.wait(timeout=chance.uniform(0.3, 5.0))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for path, content in documents(folder).items():
            unfinished = path.name.startswith(UNFINISHED)
            assert unfinished or content == expected[path], f"{path} is half-written"
    run(Workspace(folder))
    assert documents(folder) == expected
