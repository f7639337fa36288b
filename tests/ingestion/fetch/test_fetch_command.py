"""The whole command against a producer that answers: settings, download, recognition, what is said."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from diagnostic.cli import main
from diagnostic.config import TerritorySection, render_configuration
from diagnostic.ingestion.catalogue.downloads import downloads
from diagnostic.workspace import create

SAMPLES = Path(__file__).parents[1] / "sources" / "samples"


@pytest.fixture
def folder(tmp_path, certificate):
    section = TerritorySection(nom="Fiction", generation=2015, epci=["200043396"], qpv=["QP059074"])
    place = create(tmp_path / "ici", configuration=render_configuration(section, date(2026, 1, 31))).root
    shutil.copy(certificate, place / "ville.pem")
    settings = place / "diagnostic.toml"
    text = settings.read_text(encoding="utf-8").replace(
        '# certificat = "certificat.pem"', 'certificat = "ville.pem"'
    )
    settings.write_text(text, encoding="utf-8")
    return place


def outlines():
    return next(one for one in downloads() if one.id == "contours_qpv_2015")


def fetch(folder, *words):
    return CliRunner().invoke(main, ["fetch", *words, "--dossier", str(folder)])


@pytest.mark.usefixtures("official")
def test_outlines_come_through_the_certificate_of_the_town(producer, folder):
    sample = SAMPLES / "anct_qpv_2015.zip"
    producer.publish(outlines().url, sample.read_bytes())
    done = fetch(folder, "contours_qpv", "--millesime", "2015")
    assert done.exit_code == 0, done.output
    assert "Téléchargé : contours_qpv_2015 (millésime 2015)" in done.output
    kept = folder / "data" / "raw" / "anct_qpv_2015" / "qp-politiquedelaville-shp.zip"
    assert kept.read_bytes() == sample.read_bytes()
    assert "Déjà là : contours_qpv_2015" in fetch(folder, "contours_qpv_2015").output
    assert "inchangé" in fetch(folder, "contours_qpv_2015", "--verifier").output


@pytest.mark.usefixtures("official")
def test_one_failure_does_not_stop_the_others(producer, folder):
    del producer  # it publishes nothing: every address answers 404
    done = fetch(folder)
    assert done.exit_code == 1
    assert "Échec : contours_qpv_2015" in done.output
    assert "n’est plus à cette adresse" in done.output
    assert "À la main : demo_2022" in done.output


@pytest.mark.usefixtures("official")
def test_doctor_says_which_addresses_answer(producer, folder):
    producer.publish(outlines().url, b"PK rien d'autre")
    done = CliRunner().invoke(main, ["doctor", "--network", "--dossier", str(folder)])
    assert done.exit_code == 1
    assert "[ok] contours_qpv_2015 (millésime 2015) : qp-politiquedelaville-shp.zip, 15 octets" in done.output
    assert "[PROBLEME] contours_qpv_2024" in done.output
