"""Actions on the command line: a workbook that reads back, every fault, a board that follows the files."""

import shutil

import openpyxl
import pytest
from click.testing import CliRunner

from diagnostic import inventory
from diagnostic.cli import main
from diagnostic.config import TerritorySection, render_configuration
from diagnostic.demo import EPCI_CODE, EPCI_LABEL, write_actions, write_campaign, write_lead_tables
from diagnostic.demonstration import EDITION_DATE, QPV
from diagnostic.ingestion.lead_tables import blank
from diagnostic.workspace import create


@pytest.fixture
def workspace(tmp_path):
    section = TerritorySection(nom=EPCI_LABEL, generation=2015, epci=[EPCI_CODE], qpv=QPV)
    return create(tmp_path / "dossier", configuration=render_configuration(section, EDITION_DATE))


def command(*words):
    done = CliRunner().invoke(main, ["actions", *map(str, words)])
    return done.exit_code, done.output


def page(workspace):
    return (workspace.reports / inventory.BOARD_NAME).read_text(encoding="utf-8")


def test_a_template_is_written_once_and_never_over_work(workspace):
    assert command("template", "--dossier", workspace.root)[0] == 0
    path = workspace.root / "actions" / "inventaire.xlsx"
    assert "fictives" in openpyxl.load_workbook(path)["Actions"]["A1"].value
    before = path.read_bytes()
    code, said = command("template", "--dossier", workspace.root)
    assert code == 1
    assert "existe déjà" in said
    assert path.read_bytes() == before


def test_check_counts_each_file(workspace):
    write_actions(workspace.root / "actions")
    code, said = command("check", "--dossier", workspace.root)
    assert code == 0
    assert "associations.xlsx : 14" in said.replace("\u00a0", " ")


def test_an_empty_folder_says_what_to_do(workspace):
    assert "template" in command("check", "--dossier", workspace.root)[1]


def test_the_board_calls_nothing_outside_and_escapes_what_it_shows(workspace):
    write_actions(workspace.root / "actions")
    config = workspace.root / "diagnostic.toml"
    config.write_text(config.read_text("utf-8").replace(EPCI_LABEL, "<b>Ville</b> & Cie"), encoding="utf-8")
    assert command("board", "--une-fois", "--dossier", workspace.root)[0] == 0
    text = page(workspace)
    assert "&lt;b&gt;Ville" in text
    assert "<b>Ville" not in text
    assert "http" not in text.replace('http-equiv="refresh"', "")
    assert "http-equiv" not in text
    assert "Données fictives" in text


def test_the_board_shows_the_faults_above_what_can_be_read(workspace):
    first, *_ = write_actions(workspace.root / "actions")
    book = openpyxl.load_workbook(first)
    book["Actions"]["K5"] = "<i>nulle part</i>"
    book.save(first)
    assert command("board", "--une-fois", "--dossier", workspace.root)[0] == 0
    text = page(workspace)
    assert 'role="alert"' in text
    assert "&lt;i&gt;nulle part" in text
    assert "26\u00a0actions" in text or "24\u00a0actions" in text


def test_the_board_follows_the_files(workspace, monkeypatch):
    folder = workspace.root / "actions"
    paths = write_actions(workspace.root / "ailleurs")
    folder.mkdir(exist_ok=True)
    shutil.copy(paths[0], folder)
    seen = []

    def later(seconds):
        del seconds
        if len(seen) == 1 and not (folder / paths[1].name).exists():
            shutil.copy(paths[1], folder)

    monkeypatch.setattr(inventory.time, "sleep", later)
    inventory.watch(workspace, lambda path, faults: seen.append((path.read_text("utf-8"), faults)), looks=5)
    assert len(seen) == 2  # at first, then when the second file came; nothing moved after
    assert seen[0][0] != seen[1][0]
    assert 'http-equiv="refresh"' in seen[1][0]


def test_a_file_held_by_an_office_suite_is_not_read(workspace):
    write_actions(workspace.root / "actions")
    (workspace.root / "actions" / "~$associations.xlsx").write_bytes(b"verrou")
    assert len(inventory.files(workspace)) == 3


def test_a_signal_stands_out_only_where_nobody_acts_on_its_theme(workspace, monkeypatch):
    write_actions(workspace.root / "actions")
    pairs = {("employment", "lieu_residence"), ("goods", "religion"), ("justice", "age")}
    monkeypatch.setattr(inventory, "_signalled", lambda _: pairs)
    inventory.write_board(workspace)
    text = page(workspace)
    # Goods has five domains and justice two; employment is acted on in another of its domains.
    assert text.count('<td class="signal"') == 7


def plain(*words):
    code, said = command(*words)
    return code, said.replace("\u00a0", " ").replace("\u202f", " ").replace("\n", " ")


def test_check_reads_what_run_reads(workspace):
    folder = workspace.root / "actions"
    write_actions(folder)
    write_campaign(folder)
    write_lead_tables(folder)
    line = f"{QPV[0]};15;A;b;50,361;3,511\n"
    (folder / "acces_droit.csv").write_text(blank("acces_droit") + line, encoding="utf-8")
    code, said = plain("check", "--dossier", workspace.root)
    assert code == 0
    for told in (
        "associations.xlsx : 14 actions", "recours.csv : 7 lignes", "credits_p147.csv : 1 ligne",
        "acces_droit.csv : 1 ligne, 1 lieu situé",
        "testing.toml et testing.csv : 942 candidatures, 240 offres",
    ):  # fmt: skip
        assert told in said
    assert "ptlcd.csv :" not in said  # the package's own table is no file of the folder
    assert "offres sans paire" in said
    assert "ignoré" not in said


def test_files_that_nothing_reads_are_named_even_beside_a_fault(workspace):
    folder = workspace.root / "actions"
    folder.mkdir(exist_ok=True)
    (folder / "recour.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    (folder / "bilan.pdf").write_bytes(b"%PDF")
    (folder / "anciens").mkdir()
    (folder / ".DS_Store").write_bytes(b"")
    (folder / "credits_p147.csv").write_text("annee;montant;source\n24;beaucoup;A\n", encoding="utf-8")
    (folder / "recours.csv").write_text(f"{blank('recours')}plaintes;Région;2024;3;A\n", encoding="utf-8")
    (folder / "testing.toml").write_text("[testing]\n", encoding="utf-8")
    code, said = plain("check", "--dossier", workspace.root)
    assert code == 1
    assert "ignoré : bilan.pdf (rien ne lit un fichier .pdf)" in said
    assert "ignoré : anciens (un sous-dossier" in said
    assert "DS_Store" not in said
    # Every fault of every file, and nothing sent to a sheet that a csv has not.
    assert "montant illisible" in said
    assert "Plaintes pour discrimination" in said
    assert "testing > titre" in said
    assert "Aide" not in said


def test_a_table_named_wrongly_is_told_with_the_right_name_by_check_and_by_run(workspace):
    folder = workspace.root / "actions"
    folder.mkdir(exist_ok=True)
    (folder / "Recour.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    code, said = plain("check", "--dossier", workspace.root)
    assert code == 0
    assert "Fichier ignoré : Recour.csv (vouliez-vous écrire recours.csv ?). Noms attendus" in said
    assert said.count("Recour.csv") == 1
    assert "Rien à lire" in said
    assert any("Recour.csv" in note for note in inventory.gather(workspace).notes)
