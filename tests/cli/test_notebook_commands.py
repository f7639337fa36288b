"""Notebooks as a person gets them: copied once, never over work already done, opened without the network."""

import json
import subprocess
import sys
from importlib import import_module
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from diagnostic.cli import main
from diagnostic.notebooks import notebooks

door = import_module("diagnostic.cli.notebooks")  # the module: its command bears the same name


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "mon territoire"
    done = CliRunner().invoke(main, ["init", str(made), "--qpv", "QP059011"])
    assert done.exit_code == 0, done.output
    return made


@pytest.fixture
def launched(monkeypatch):
    """What would be started, in place of a server that never ends."""
    calls = []
    monkeypatch.setattr(door, "find_spec", lambda name: name)
    fake = SimpleNamespace(run=lambda words, **_: calls.append(words) or SimpleNamespace(returncode=0))
    monkeypatch.setattr(door, "subprocess", fake)
    return calls


def says(*words):
    done = CliRunner().invoke(main, [str(word) for word in words])
    return done.exit_code, done.output


def test_a_folder_is_given_every_notebook(folder):
    assert [path.name for path in notebooks()] == sorted(path.name for path in (folder / "notebooks").iterdir())
    assert says("notebooks", folder) == (0, "Tous les carnets sont là.\n")


def test_a_missing_notebook_comes_back(folder):
    (folder / "notebooks" / "02_enquete.ipynb").unlink()
    code, said = says("notebooks", folder)
    assert code == 0
    assert "1\xa0carnet copié : 02_enquete.ipynb." in said


def test_work_in_a_notebook_is_never_lost(folder):
    own = folder / "notebooks" / "01_premier_diagnostic.ipynb"
    content = json.loads(own.read_text(encoding="utf-8"))
    content["cells"][0]["source"] = ["Mes notes"]
    own.write_text(json.dumps(content), encoding="utf-8")
    before = own.read_bytes()
    code, said = says("notebooks", folder)
    assert code == 0
    assert "Laissé tel quel" in said
    assert own.name in said
    assert own.read_bytes() == before


def test_elsewhere_nothing_is_written(tmp_path, launched):
    for name in ("notebooks", "lab"):
        code, said = says(name, tmp_path)
        assert code == 1
        assert "diagnostic init" in said
    assert not list(tmp_path.iterdir())
    assert not launched


def test_the_laboratory_opens_on_the_folder_and_asks_the_network_for_nothing(folder, launched):
    code, said = says("lab", folder)
    assert code == 0
    assert "Ctrl + C" in said
    (words,) = launched
    assert words[:3] == [sys.executable, "-m", "jupyterlab"]
    assert f"--ServerApp.root_dir={folder.resolve()}" in words
    assert {"--LabApp.news_url=None", "--LabApp.extension_manager=readonly"} <= set(words)


def test_without_jupyterlab_the_way_out_is_said(folder, monkeypatch):
    monkeypatch.setattr(door, "find_spec", lambda _: None)
    code, said = says("lab", folder)
    assert code == 1
    assert "JupyterLab n’est pas installé" in said
    assert ".[notebooks]" in said


def test_the_settings_of_the_laboratory_are_known_to_it():
    pytest.importorskip("jupyterlab")
    done = subprocess.run(
        [sys.executable, "-m", "jupyterlab", *door.QUIET, "--show-config-json"], capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    settings = json.loads(done.stdout[done.stdout.index("{") :])["LabApp"]
    assert set(settings) >= {word.removeprefix("--LabApp.").split("=")[0] for word in door.QUIET}
    assert "Unrecognized" not in done.stderr
