"""The command: what is said, what the exit code tells a script."""

import sys

import pytest
from click.testing import CliRunner

from diagnostic.batch.jobs import attempt
from diagnostic.cli import main


def typed(*words):
    return CliRunner().invoke(main, ["batch", *map(str, words)])


def test_unknown_territories_are_all_named_and_nothing_is_written(tmp_path):
    listed = tmp_path / "liste.txt"
    listed.write_text("200093201\nAtlantide\n999999999\n", encoding="utf-8")
    done = typed(listed, "--dossier", tmp_path / "lot")
    assert done.exit_code == 1
    assert "Atlantide" in done.stderr
    assert "999999999" in done.stderr
    assert not (tmp_path / "lot").exists()


@pytest.mark.parametrize(
    "words", [(), ("--tout", "--region", "32"), ("--region", "32", "--part", "2"), ("--tout", "--processus", "0")]
)
def test_what_is_badly_asked_is_refused(tmp_path, words):
    assert typed(*words, "--dossier", tmp_path / "lot").exit_code == 2
    assert not (tmp_path / "lot").exists()


@pytest.mark.usefixtures("light")
def test_a_batch_is_told_line_by_line_and_a_failure_has_its_code(files, tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules["diagnostic.cli.batch"], "_engine", lambda *_: lambda jobs: map(attempt, jobs))
    listed = tmp_path / "deux.txt"
    listed.write_text("QP099004\n246000756\n", encoding="utf-8")
    words = ("--source", files, "--dossier", tmp_path / "lot", "--date", "2026-01-31")
    done = typed(listed, *words)
    assert done.exit_code == 3
    assert "[2/2]" in done.stdout
    assert "1\u00a0territoire fait sur 2." in done.stdout
    assert "246000756-cc-du-pays-noyonnais" in done.stderr
    assert "Diagnostics territoriaux : deux" in (tmp_path / "lot" / "reports" / "index.html").read_text("utf-8")
    listed.write_text("QP099004\n", encoding="utf-8")
    assert typed(listed, *words).exit_code == 0
    assert typed("--reunir", tmp_path / "lot", "--dossier", tmp_path / "réuni").exit_code == 0
