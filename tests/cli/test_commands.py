"""Commands as a person types them: what is said, what is left, what the exit code tells a script."""

import gettext
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pypdf
import pytest

import diagnostic as dg
from diagnostic.cli.terminal import printable
from diagnostic.errors import InputError, WorkspaceError

DIAGNOSTIC = [sys.executable, "-c", "from diagnostic.cli import main; main()"]


def command(*words, folder=None, encoding="utf-8"):
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    return subprocess.run(
        [*DIAGNOSTIC, *map(str, words)], capture_output=True, cwd=folder, env=environment, check=False,
        text=True, encoding=encoding,
    )  # fmt: skip


def snapshot(folder):
    return {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory):
    folder = tmp_path_factory.mktemp("essai") / "démo avec espace"
    done = command("demo", folder)
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


def copied(demonstration, tmp_path):
    target = tmp_path / "copie"
    shutil.copytree(demonstration[0], target)
    return target


# The main job.


def test_demo_makes_the_documents(demonstration):
    folder, said = demonstration
    for name in ("diagnostic.pdf", "indicateurs.xlsx", "manifest.json"):
        assert (folder / "reports" / name).stat().st_size > 1000
        assert name in said
    assert "données fictives" in said


def test_a_second_run_recomputes_nothing_and_changes_no_byte(demonstration):
    folder, _ = demonstration
    before = snapshot(folder)
    done = command("run", folder)
    assert done.returncode == 0
    assert "Tout était à jour." in done.stdout
    assert snapshot(folder) == before


def test_the_same_inputs_give_the_same_bytes(demonstration, tmp_path):
    other = tmp_path / "ailleurs"
    assert command("demo", other).returncode == 0
    made = ("reports", "data/processed/public")
    for place in made:
        assert snapshot(demonstration[0] / place) == snapshot(other / place)


def test_only_publication_is_made_again_when_prose_changes(demonstration, tmp_path):
    folder = copied(demonstration, tmp_path)
    (folder / "textes" / "comment_lire.md").write_text("# Lire\n\nNotre propre introduction.\n", encoding="utf-8")
    done = command("run", folder)
    assert done.returncode == 0, done.stderr
    assert "Recalculé : publication." in done.stdout


def test_the_manifest_names_inputs_hashes_and_versions(demonstration):
    manifest = json.loads((demonstration[0] / "reports" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["donnees_fictives"]
    assert all(len(one["sha256"]) == 64 for one in manifest["entrees"])
    assert set(manifest["documents"]) >= {"diagnostic.pdf", "indicateurs.xlsx", "atlas.html", "seance.pptx"}
    assert "typst" in manifest["versions"]


def test_a_colleague_loads_the_tables(demonstration):
    tables = dg.load(demonstration[0])
    assert len(tables.territories.query("level == 'qpv'")) == 9
    assert tables.territories.crs == "EPSG:4326"
    assert {"value", "status", "source", "edition"} <= set(tables.measures.columns)
    assert {"difference", "ratio", "comparator_kind"} <= set(tables.gaps.columns)
    assert "Données fictives" in repr(tables)
    assert tables.restricted == {}
    said = tables._repr_html_()
    assert said.count("<li>") == 5
    assert "<script" not in said
    assert {"Quartier", "Différence"} <= set(tables.in_french("Écarts"))
    with pytest.raises(InputError, match="Constats"):
        tables.in_french("Inconnue")
    private = dg.load(demonstration[0], restricted=True)
    assert {"measures", "estimates"} <= set(private.restricted)
    assert "measures" not in repr(private)


def test_loading_before_any_run_says_what_to_do(tmp_path):
    command("init", tmp_path / "neuf", "--epci", "200043396")
    with pytest.raises(WorkspaceError, match="diagnostic run"):
        dg.load(tmp_path / "neuf")


def test_tables_of_an_older_version_are_told_in_french(demonstration, tmp_path):
    folder = copied(demonstration, tmp_path)
    (folder / "data" / "processed" / "public" / "carried.parquet").unlink()
    with pytest.raises(WorkspaceError, match=r"sans carried.*diagnostic run"):
        dg.load(folder)
    (folder / "data" / "processed" / "public" / "carried.parquet").write_bytes(b"PAR1 abime PAR1")
    with pytest.raises(WorkspaceError, match=r"illisible.*carried\.parquet.*diagnostic run"):
        dg.load(folder)


def test_a_draft_says_so_and_the_diagnostic_carries_its_data(demonstration, tmp_path):
    folder = copied(demonstration, tmp_path)
    plain = pypdf.PdfReader(folder / "reports" / "diagnostic.pdf")
    assert "PROJET" not in plain.pages[3].extract_text()
    carried = {Path(name).name: body for name, (body, *_) in plain.attachments.items()}
    data = {path.name: path.read_bytes() for path in (folder / "reports" / "public").iterdir()}
    assert carried == {name: data[name] for name in data if name.endswith((".csv", ".json"))}
    done = command("run", folder, "--projet")
    assert done.returncode == 0, done.stderr
    assert "Recalculé : publication." in done.stdout
    for page in pypdf.PdfReader(folder / "reports" / "diagnostic.pdf").pages:
        assert "PROJET" in page.extract_text()


# Territories.


@pytest.mark.parametrize(
    ("words", "count"),
    [(("--epci", "200043396"), 9), (("--epci", "245900410"), 26),
     (("--epci", "Métropole européenne de Lille"), 26),
     (("--epci", "200093201", "--generation", "2024"), 26), (("--qpv", "QP059074,QP062035"), 2)],
)  # fmt: skip
def test_init_by_code_old_or_new_name_or_list(tmp_path, words, count):
    done = command("init", tmp_path / "ici", *words)
    assert done.returncode == 0, done.stderr
    assert f"{count}\u00a0quartiers" in done.stdout
    assert (tmp_path / "ici" / "notebooks" / "01_premier_diagnostic.ipynb").is_file()


def test_all_unknown_codes_at_once_with_suggestions_and_nothing_written(tmp_path):
    done = command("init", tmp_path / "ici", "--qpv", "QP059O74,QP059999,QN05910M")
    assert done.returncode == 1
    for code in ("QP059O74", "QP059999", "QN05910M"):
        assert code in done.stderr
    assert not (tmp_path / "ici").exists()


def test_a_name_that_is_nearly_right_gets_suggestions(tmp_path):
    done = command("init", tmp_path / "ici", "--epci", "Maubeuge Sambre")
    assert done.returncode == 1
    assert "CA Maubeuge Val de Sambre" in done.stderr
    assert not (tmp_path / "ici").exists()


def test_a_typo_in_the_settings_gives_all_faults_at_once(demonstration, tmp_path):
    folder = copied(demonstration, tmp_path)
    settings = folder / "diagnostic.toml"
    settings.write_text(
        settings.read_text("utf-8").replace("generation = 2015", "generaton = 2016"), encoding="utf-8"
    )
    before = snapshot(folder)
    done = command("run", folder)
    assert done.returncode == 1
    assert "vouliez-vous écrire « generation »" in done.stderr.replace("\u00a0", " ")
    assert snapshot(folder) == before


# Files.


BAD = {
    "page.csv": b"<!DOCTYPE html><html><body>503 Service Unavailable</body></html>",
    "vide.csv": b"",
    "coupe.zip": b"PK\x03\x04" + bytes(40),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_and_leaves_the_folder_as_it_was(demonstration, tmp_path, name):
    folder = copied(demonstration, tmp_path)
    (tmp_path / name).write_bytes(BAD[name])
    before = snapshot(folder)
    done = command("add", tmp_path / name, "--dossier", folder)
    assert done.returncode == 1
    assert name in done.stdout
    assert "À faire" in done.stdout
    assert snapshot(folder) == before


def test_a_zip_as_insee_publishes_it_gives_its_tables(demonstration, tmp_path):
    folder = copied(demonstration, tmp_path)
    command("remove", "REVN_2021.csv", "--dossier", folder)
    origin = next((demonstration[0] / "data" / "raw").rglob("REVN_2021.csv"))
    archive = tmp_path / "REVN_2021_csv.zip"
    with zipfile.ZipFile(archive, "w") as bundle:
        bundle.write(origin, "REVN_2021.csv")
        bundle.writestr("meta_REVN_2021.csv", "COD_VAR;LIB_VAR\nTP60;Taux de pauvreté\n")
    done = command("add", archive, "--dossier", folder)
    assert done.returncode == 0, done.stdout
    assert "Ajouté (1)" in done.stdout
    assert "Non utilisé (1)" in done.stdout
    assert next((folder / "data" / "raw").rglob("REVN_2021.csv")).read_bytes() == origin.read_bytes()


def test_a_file_nobody_knows_is_named_and_not_taken(demonstration, tmp_path):
    folder = copied(demonstration, tmp_path)
    (tmp_path / "courses.csv").write_text("article;prix\npain;1,20\n", encoding="utf-8")
    done = command("add", tmp_path / "courses.csv", "--dossier", folder)
    assert done.returncode == 0
    assert "Non utilisé (1)" in done.stdout
    assert not list((folder / "data" / "raw").rglob("courses.csv"))


def test_simulating_writes_nothing(demonstration, tmp_path):
    empty = tmp_path / "neuf"
    command("init", empty, "--epci", "200043396")
    before = snapshot(empty / "data" / "raw")
    done = command("add", demonstration[0] / "data" / "raw", "--dossier", empty, "--simuler")
    assert "simulation" in done.stdout
    assert snapshot(empty / "data" / "raw") == before


def test_a_file_altered_after_it_came_in_stops_the_run(demonstration, tmp_path):
    folder = copied(demonstration, tmp_path)
    victim = next((folder / "data" / "raw").rglob("DEMO_2021.csv"))
    victim.write_bytes(victim.read_bytes().replace(b"52", b"53", 1))
    done = command("run", folder)
    assert done.returncode == 1
    assert "fichier modifié depuis son ajout" in done.stderr
    assert "DEMO_2021.csv" in done.stderr


def test_a_file_can_be_taken_out_and_put_back(demonstration, tmp_path):
    folder = copied(demonstration, tmp_path)
    origin = next((demonstration[0] / "data" / "raw").rglob("REVN_2021.csv"))
    assert command("remove", "REVN_2021.csv", "--dossier", folder).returncode == 0
    assert "analyse" in command("run", folder).stdout
    assert "Ajouté (1)" in command("add", origin, "--dossier", folder).stdout
    assert command("run", folder).returncode == 0
    assert snapshot(folder / "reports") == snapshot(demonstration[0] / "reports")


def test_a_file_dropped_by_hand_into_raw_is_adopted(demonstration, tmp_path):
    folder = copied(demonstration, tmp_path)
    inventory = folder / "data" / "raw" / "inventaire.json"
    rows = json.loads(inventory.read_text(encoding="utf-8"))
    inventory.write_text(json.dumps(rows[:-1]), encoding="utf-8")
    assert command("run", folder).returncode == 0
    assert len(json.loads(inventory.read_text(encoding="utf-8"))) == len(rows)


def test_sources_says_what_is_there_and_what_is_missing(tmp_path):
    command("init", tmp_path / "neuf", "--epci", "200043396")
    said = command("sources", tmp_path / "neuf").stdout
    assert "Présentes :\n  aucune" in said
    assert "insee.fr" in said


def test_running_an_empty_folder_says_what_to_do(tmp_path):
    command("init", tmp_path / "neuf", "--epci", "200043396")
    done = command("run", tmp_path / "neuf")
    assert done.returncode == 1
    assert "diagnostic sources" in done.stderr


# The console.


def test_an_old_windows_console_prints_everything(demonstration):
    for words in (("run", demonstration[0]), ("sources", demonstration[0]), ("--help",), ("doctor",)):
        done = command(*words, encoding="cp1252")
        assert done.returncode == 0, done.stderr
        assert done.stdout


def test_what_a_console_cannot_print_becomes_its_nearest_sign():
    assert printable("1\u202f234 ≥ \u22122 ●", encoding="cp1252") == "1\u00a0234 >= -2 ?"


def test_usage_errors_are_french_and_exit_with_two():
    done = command("courir")
    assert done.returncode == 2
    assert "n’existe pas" in done.stderr
    assert "Usage :" in done.stderr


def test_doctor_is_satisfied_here():
    done = command("doctor")
    assert done.returncode == 0, done.stdout
    assert "PROBLEME" not in done.stdout


def test_the_french_sentences_are_compiled_from_their_source():
    place = Path(dg.__file__).parent / "cli" / "locale" / "fr" / "LC_MESSAGES"
    with (place / "messages.mo").open("rb") as stream:
        compiled = gettext.GNUTranslations(stream)
    text = (place / "messages.po").read_text(encoding="utf-8")
    assert compiled.gettext("Usage:") == "Usage :"
    for line in text.splitlines():
        if line.startswith('msgid "') and line != 'msgid ""' and "plural" not in line:
            word = line[7:-1]
            known = compiled.gettext(word) if compiled.gettext(word) != word else compiled.ngettext(word, "", 1)
            assert known != word or word == "Options", word
