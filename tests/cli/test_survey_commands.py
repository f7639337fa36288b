"""Surveys on the command line: described, taken in without an identifier, estimated, erased."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile

import pytest

import diagnostic as dg
from diagnostic.demo import write_survey

DIAGNOSTIC = [sys.executable, "-c", "from diagnostic.cli import main; main()"]
PERSONAL = re.compile(r"[\w.]+@[\w.]+\.\w+|\b0[1-9](?:[ .-]?\d{2}){4}\b")


def command(*words):
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [*DIAGNOSTIC, *map(str, words)], capture_output=True, env=environment, check=False, text=True,
        encoding="utf-8",
    )  # fmt: skip


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory):
    folder = tmp_path_factory.mktemp("enquete") / "demo"
    assert command("demo", folder).returncode == 0
    return folder


@pytest.fixture(scope="module")
def survey(tmp_path_factory):
    return write_survey(tmp_path_factory.mktemp("export"))


@pytest.fixture
def folder(demonstration, tmp_path):
    target = tmp_path / "copie"
    shutil.copytree(demonstration, target)
    return target


def test_the_demonstration_has_its_survey(demonstration):
    tables = dg.load(demonstration, restricted=True)
    assert len(tables.restricted["responses"]) == 858
    row = tables.estimates.query("level == 'territoire' and indicator == 'PER01' and answer == 'oui' and by == ''")
    # 222 of 858 respondents, those who do not know or refuse kept in the base; weights fitted to sex and age.
    assert (row["count"].iloc[0], row["n"].iloc[0]) == (222, 858)
    assert row["estimate"].iloc[0] == pytest.approx(100 * 222 / 858, abs=0.5)


def test_what_residents_declare_is_among_the_findings(demonstration):
    said = dg.load(demonstration).findings.query("kind == 'declared'")
    assert said["variable"].tolist() == ["PER01", "PER05", "PER13"]
    assert "intervalle indicatif" in said["message"].iloc[0]


def test_a_neighbourhood_is_told_only_where_the_thresholds_allow(demonstration):
    rows = dg.load(demonstration).estimates.query("level == 'qpv' and concept != 'respondents'")
    shown = rows.dropna(subset=["estimate"])
    assert len(shown) > 100
    assert shown["n"].ge(30).all()
    assert shown["count"].ge(11).all()
    assert (shown["n"] - shown["count"]).ge(11).all()
    # Eight answered in one, and twenty-eight in the one that would give them back.
    assert not set(shown["code"]) & {"QP099007", "QP099009"}
    assert rows["n"].dropna().ge(11).all()
    assert rows[["n_eff", "deff", "se"]].isna().all(axis=None)


def test_nothing_personal_is_anywhere(demonstration, survey):
    planted = set(PERSONAL.findall(survey[0].read_text(encoding="utf-8-sig")))
    assert planted
    for path in demonstration.rglob("*"):
        if path.is_file() and path.suffix not in {".zip", ".xlsx", ".ipynb"}:
            content = path.read_bytes()
            assert not [word for word in planted if word.encode() in content], path
    for path in demonstration.rglob("*.xlsx"):
        with zipfile.ZipFile(path) as book:
            for name in book.namelist():
                assert not [word for word in planted if word.encode() in book.read(name)], (path, name)


def test_responses_live_in_restricted_only(demonstration):
    assert {path.parent.name for path in demonstration.rglob("responses.parquet")} == {"enquete"}
    assert not list((demonstration / "data" / "raw").rglob("enquete*"))
    assert not list((demonstration / "data" / "processed" / "public").glob("responses*"))


def test_an_export_without_a_description_gets_a_draft(folder, survey, tmp_path):
    (folder / "enquete.toml").unlink()
    alone = tmp_path / "export.csv"
    shutil.copyfile(survey[0], alone)
    done = command("add", alone, "--dossier", folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "complétez enquete.toml" in done.stdout
    assert not PERSONAL.search((folder / "enquete.toml").read_text(encoding="utf-8"))


def test_check_says_what_would_be_read_and_keeps_nothing(folder, survey):
    before = sorted(folder.rglob("*"))
    done = command("survey", "check", survey[0], "--dossier", folder)
    assert done.returncode == 0, done.stderr
    assert "Questions lues" in done.stdout
    assert not PERSONAL.search(done.stdout)
    assert sorted(folder.rglob("*")) == before


def test_codebook_proposes_a_description(survey):
    done = command("survey", "codebook", survey[0])
    assert done.returncode == 0, done.stderr
    assert "date_suppression" in done.stdout
    assert not PERSONAL.search(done.stdout)


def test_purge_erases_responses_and_writes_it_down(folder):
    before = dg.load(folder).estimates
    assert command("survey", "purge", "--dossier", folder, "--oui").returncode == 0
    assert not list(folder.rglob("responses.parquet"))
    assert "réponses effacées" in (folder / "data/processed/restricted/suppressions.txt").read_text(
        encoding="utf-8"
    )
    assert command("run", folder).returncode == 0
    # What was released holds nobody: it stays, with its card.
    assert len(dg.load(folder).estimates) == len(before)


@pytest.mark.parametrize(("answer", "erased"), [("", False), ("yes", False), ("Oui", True)])
def test_purge_asks_in_french_and_keeps_in_doubt(folder, answer, erased):
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [*DIAGNOSTIC, "survey", "purge", "--dossier", folder], input=f"{answer}\n", capture_output=True,
        env=environment, check=False, text=True, encoding="utf-8",
    )  # fmt: skip
    assert "(oui ou non)" in done.stdout
    assert done.returncode == (0 if erased else 1)
    assert bool(list(folder.rglob("responses.parquet"))) is not erased


def test_a_date_written_the_french_way_says_how_to_write_it(folder, tmp_path):
    words = (
        "--commanditaire",
        "Mairie",
        "--debut",
        "10/01/2030",
        "--fin",
        "2030-02-10",
        "--suppression",
        "2031-01-01",
    )
    done = command("survey", "kit", tmp_path / "kit", "--dossier", folder, *words)
    assert done.returncode == 2
    assert "n’est pas une date ; écrivez par exemple" in done.stderr


def test_responses_past_their_day_stop_the_run(folder):
    card = folder / "data/processed/restricted/enquete/enquete.json"
    card.write_text(card.read_text(encoding="utf-8").replace("2099-12-31", "2020-01-01"), encoding="utf-8")
    done = command("run", folder)
    assert done.returncode == 1
    assert "survey purge" in done.stderr


def test_the_kit_is_written_for_this_territory(folder, tmp_path):
    done = command(
        "survey", "kit", tmp_path / "kit", "--dossier", folder, "--commanditaire", "Mairie d’essai",
        "--debut", "2030-01-10", "--fin", "2030-02-10", "--suppression", "2031-01-01",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    names = {path.name for path in (tmp_path / "kit").iterdir()}
    assert {"questionnaire_kobo.xlsx", "questionnaire_limesurvey.lss", "enquete.toml"} <= names
    assert "QP099001" in (tmp_path / "kit" / "enquete.toml").read_text(encoding="utf-8")


def test_the_manifest_does_not_name_the_export(demonstration):
    manifest = json.loads((demonstration / "reports" / "manifest.json").read_text(encoding="utf-8"))
    assert "enquete.csv" not in json.dumps(manifest)
