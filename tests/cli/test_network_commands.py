"""The commands on public files, as a person types them; a proxy that is not there keeps them off the network."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

DIAGNOSTIC = [sys.executable, "-c", "from diagnostic.cli import main; main()"]
SAMPLES = Path(__file__).parents[1] / "ingestion" / "sources" / "samples"
NOWHERE = "http://localhost:9"


def command(*words):
    kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    environment = {**kept, "PYTHONIOENCODING": "utf-8", "HTTPS_PROXY": NOWHERE}
    return subprocess.run(
        [*DIAGNOSTIC, *map(str, words)], capture_output=True, env=environment, check=False, text=True,
        encoding="utf-8",
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "ici"
    assert command("init", place, "--epci", "200043396").returncode == 0
    return place


def test_sources_sorts_the_catalogue_for_the_territory(folder):
    said = command("sources", folder).stdout
    headings = ["Présentes :", "À télécharger :", "À demander :", "N’existent pas à cette échelle :"]
    places = [said.index(heading) for heading in headings]
    assert places == sorted(places)
    assert "publié sur les quartiers de 2024 seulement" in said
    assert "à vérifier (de mémoire)" in said
    assert "Ne dit pas :" not in said
    assert "Ne dit pas :" in command("sources", folder, "--detail").stdout


def test_a_letter_is_written_once_and_never_over_the_leads_own(folder):
    done = command("sources", folder, "--lettre", "missions_locales")
    assert done.returncode == 0, done.stderr
    path = folder / "courriers" / "missions_locales.md"
    text = path.read_text(encoding="utf-8")
    assert "QP0590" in text
    assert "CA Maubeuge Val de Sambre" in text
    path.write_text(text + "\nAvec nos remerciements.\n", encoding="utf-8")
    again = command("sources", folder, "--lettre", "missions_locales")
    assert again.returncode == 1
    assert "a été modifiée" in again.stderr
    assert "remerciements" in path.read_text(encoding="utf-8")


def test_a_letter_for_an_unknown_source_names_those_that_exist(folder):
    done = command("sources", folder, "--lettre", "mission")
    assert done.returncode == 1
    assert "missions_locales" in done.stderr


def test_the_list_of_addresses_needs_no_folder_and_no_network():
    done = command("fetch", "--list")
    assert done.returncode == 0, done.stderr
    assert (
        "https://www.insee.fr/fr/statistiques/fichier/8647014/base-ic-evol-struct-pop-2022_csv.zip" in done.stdout
    )
    assert "[non éprouvé]" in done.stdout
    few = command("fetch", "--list", "insee_rp_iris", "--millesime", "2021").stdout
    assert "2021" in few
    assert "2022" not in few


def test_a_failed_download_says_whose_fault_and_what_to_do_by_hand(folder):
    done = command("fetch", "contours_qpv_2015", "--dossier", folder)
    assert done.returncode == 1
    said = done.stderr.replace("\u00a0", " ")
    assert "En cause : le proxy" in said
    assert "téléchargez « qp-politiquedelaville-shp.zip »" in said
    assert "diagnostic add" in said
    assert "Traceback" not in said


def test_a_vintage_that_is_not_registered_stops_before_any_request(folder):
    done = command("fetch", "insee_rp_iris", "--millesime", "2020", "--dossier", folder)
    assert done.returncode == 1
    assert "2021 et 2022" in done.stderr


def test_doctor_tries_each_site_when_asked():
    done = command("doctor", "--network")
    assert done.returncode == 1
    assert "PROBLEME" in done.stdout
    for name in ("contours_qpv_2024", "rp_iris_population_2022", "caf_communes"):
        assert f"{name} (millésime" in done.stdout
    assert "Traceback" not in done.stderr


def test_a_bundle_goes_from_one_folder_to_another(folder, tmp_path):
    for name in ("insee_qpv_revn_2021.csv", "anct_qpv_2015.zip"):
        assert command("add", SAMPLES / name, "--dossier", folder).returncode == 0
    made = command("bundle", tmp_path / "lot.zip", "--dossier", folder)
    assert made.returncode == 0, made.stderr
    other = tmp_path / "la"
    command("init", other, "--epci", "200043396")
    added = command("add", tmp_path / "lot.zip", "--dossier", other)
    assert added.returncode == 0, added.stdout
    assert "Ajouté (2)" in added.stdout
    names = {path.name for path in (folder / "data" / "raw").rglob("*") if path.is_file()}
    assert names == {path.name for path in (other / "data" / "raw").rglob("*") if path.is_file()}
