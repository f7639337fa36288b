"""The command that compares two diagnostics."""

import csv
import shutil

import pytest
from click.testing import CliRunner

from diagnostic.cli import main
from diagnostic.demonstration import prepare
from diagnostic.pipeline import run


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("compare") / "avant"
    run(prepare(place))
    return place


def test_a_diagnostic_beside_itself_has_changed_in_nothing(folder, tmp_path):
    after = tmp_path / "après"
    shutil.copytree(folder, after)
    result = CliRunner().invoke(main, ["compare", str(folder), str(after)])
    assert result.exit_code == 0, result.output
    assert "0 chiffre comparable" in result.output.replace("\u00a0", " ")
    lines = (after / "reports" / "comparaison.csv").read_text(encoding="utf-8-sig").splitlines()
    rows = list(csv.DictReader(lines, delimiter=";"))
    assert len(rows) > 100
    assert {row["reason"] for row in rows} == {"même année dans les deux diagnostics"}
    assert all(row["change"] == "" for row in rows)


def test_a_folder_without_result_is_said(folder, tmp_path):
    result = CliRunner().invoke(main, ["compare", str(folder), str(tmp_path)])
    assert result.exit_code == 1
    assert "dossier de diagnostic" in result.output
