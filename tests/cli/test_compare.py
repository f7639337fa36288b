"""The command that compares two diagnostics."""

import csv
import shutil

import pandas as pd
import pytest
from click.testing import CliRunner

from diagnostic.analysis.evolution import BEYOND, UNQUALIFIED, WITHIN
from diagnostic.cli import main
from diagnostic.demonstration import prepare
from diagnostic.pipeline import run
from diagnostic.publication.changes import SHEET, write_changes

EVERY = (BEYOND, WITHIN, UNQUALIFIED, "")


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


def test_the_size_of_a_change_is_said_only_where_an_interval_is_known():
    names = [column.name for column in SHEET.columns]
    table = pd.DataFrame([{**dict.fromkeys(names, ""), "judgement": one} for one in EVERY])
    rows = list(csv.DictReader(write_changes(table).decode("utf-8-sig").splitlines(), delimiter=";"))
    unqualified = "écart non qualifiable (registre, pas d’intervalle)"
    assert [row["judgement"] for row in rows] == ["oui", "non", unqualified, ""]


def test_a_folder_without_result_is_said(folder, tmp_path):
    result = CliRunner().invoke(main, ["compare", str(folder), str(tmp_path)])
    assert result.exit_code == 1
    assert "dossier de diagnostic" in result.output
