"""From an official address to data/raw: local first, never another year, never swapped in silence."""

import hashlib
import io
import json
import shutil
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from diagnostic.config import TerritorySection, render_configuration
from diagnostic.errors import Fault, InputError
from diagnostic.ingestion import intake
from diagnostic.ingestion.catalogue.downloads import Download, downloads
from diagnostic.ingestion.fetch.address import locate
from diagnostic.ingestion.fetch.delivery import Result, deliver
from diagnostic.ingestion.fetch.probe import probe
from diagnostic.workspace import create

SAMPLES = Path(__file__).parents[1] / "sources" / "samples"
REVN = (SAMPLES / "insee_qpv_revn_2021.csv").read_bytes()
PAGE = "https://www.insee.fr/fr/statistiques/5359605"
FILE = "https://www.insee.fr/fr/statistiques/fichier/5359605"
LINKS = """<!DOCTYPE html><html><body>
<a href="/fr/statistiques/fichier/5359605/REVN_2021_csv.zip">csv</a>
<a href="https://www.insee.fr/fr/statistiques/fichier/5359605/REVN_2022_csv.zip">csv</a>
<a href="/fr/statistiques/fichier/2500477/autre_page_2021.zip">une autre page</a></body></html>"""


def zipped(name, content):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
        archive.writestr(f"meta_{name}", "COD_VAR;LIB_VAR\nTP60;Taux de pauvreté\n")
    return stream.getvalue()


ARCHIVE = zipped("REVN_2021.csv", REVN)
FOUND = Download(
    id="revn_2021", source="insee_qpv_revn", page=PAGE, vintage="2021", reader="insee_qpv_revn", generation=2015,
    pattern=r"REVN_2021.*\.zip",
)  # fmt: skip


@pytest.fixture
def workspace(tmp_path):
    section = TerritorySection(nom="Fiction", generation=2015, epci=["990000001"], qpv=["QP099001"])
    return create(tmp_path / "dossier", configuration=render_configuration(section, date(2026, 1, 31)))


@pytest.fixture
def insee(producer):
    producer.publish(PAGE, LINKS, kind="text/html; charset=utf-8")
    producer.publish(f"{FILE}/REVN_2021_csv.zip", ARCHIVE)
    return producer


def read_whole(entry, path):
    return intake.read(entry, path)


def delivered(workspace, client, download=FOUND, *, accept=read_whole, **options):
    return deliver(workspace, download, client=client, accept=accept, **options)


def raw(workspace):
    return {path.name for path in workspace.raw.rglob("*") if path.is_file()}


def waiting(workspace):
    folder = workspace.root / "data" / "downloads"
    return {path.name for path in folder.rglob("*") if path.is_file()} - {"journal.json"}


@pytest.mark.usefixtures("insee")
def test_a_file_named_on_a_page_of_insee_comes_into_raw(client, workspace):
    done = delivered(workspace, client)
    assert done.result is Result.FETCHED, done.message
    assert "édition 2021" in done.message
    assert raw(workspace) == {"REVN_2021.csv", "inventaire.json"}
    assert (workspace.raw / "insee_qpv_revn" / "REVN_2021.csv").read_bytes() == REVN
    assert waiting(workspace) == set()


def test_what_is_there_is_not_asked_for_again(insee, client, workspace):
    delivered(workspace, client)
    insee.seen.clear()
    done = delivered(workspace, client)
    assert done.result is Result.PRESENT
    assert hashlib.sha256(REVN).hexdigest()[:12] in done.message
    assert insee.seen == []


def test_a_file_added_by_hand_counts_as_there(insee, client, workspace):
    intake.add(workspace, [SAMPLES / "insee_qpv_revn_2021.csv"], accept=read_whole)
    assert delivered(workspace, client).result is Result.PRESENT
    assert insee.seen == []


@pytest.mark.usefixtures("insee")
def test_asking_again_tells_an_unchanged_file(client, workspace):
    delivered(workspace, client)
    done = delivered(workspace, client, again=True)
    assert done.result is Result.PRESENT
    assert "inchangé chez le producteur depuis le 2026-03-04" in done.message
    assert waiting(workspace) == set()


def test_asking_again_tells_a_changed_file_and_changes_nothing_here(insee, client, workspace):
    delivered(workspace, client)
    insee.publish(f"{FILE}/REVN_2021_csv.zip", zipped("REVN_2021.csv", REVN.replace(b";", b"; ", 1)))
    done = delivered(workspace, client, again=True)
    assert done.result is Result.FAILED
    assert "a changé ce fichier" in done.message
    assert hashlib.sha256(ARCHIVE).hexdigest() in done.message
    assert "relevé le 2026-03-04" in done.message
    assert (workspace.raw / "insee_qpv_revn" / "REVN_2021.csv").read_bytes() == REVN
    assert waiting(workspace) == {"REVN_2021_csv.zip"}


@pytest.mark.usefixtures("insee")
def test_a_file_taken_out_comes_back_from_its_producer(client, workspace):
    delivered(workspace, client)
    intake.remove(workspace, "REVN_2021.csv")
    assert delivered(workspace, client).result is Result.FETCHED
    assert "REVN_2021.csv" in raw(workspace)


@pytest.mark.usefixtures("insee")
def test_asking_again_for_a_file_added_by_hand_compares_its_bytes(client, workspace):
    (workspace.root / "REVN_2021.csv").write_bytes(REVN)
    intake.add(workspace, [workspace.root / "REVN_2021.csv"], accept=read_whole)
    done = delivered(workspace, client, again=True)
    assert done.result is Result.PRESENT
    assert "inchangé" in done.message
    assert waiting(workspace) == set()


@pytest.mark.usefixtures("insee")
def test_a_file_added_by_hand_that_differs_from_the_producers_stays_alone(client, workspace):
    saved = workspace.root / "REVN_2021.csv"
    saved.write_bytes(REVN + b"\r\n")  # saved again by a spreadsheet
    intake.add(workspace, [saved], accept=read_whole)
    done = delivered(workspace, client, again=True)
    assert done.result is Result.FAILED
    assert hashlib.sha256(saved.read_bytes()).hexdigest() in done.message
    assert hashlib.sha256(ARCHIVE).hexdigest() in done.message
    assert len(intake.inventory(workspace)) == 1
    assert waiting(workspace) == {"REVN_2021_csv.zip"}


@pytest.mark.usefixtures("insee")
def test_a_missing_vintage_names_those_that_exist_and_takes_none(client, workspace):
    done = delivered(workspace, client, replace(FOUND, vintage="2020", pattern=r"REVN_2020.*\.zip"))
    assert done.result is Result.FAILED
    assert "le millésime 2020 n’est pas sur cette page" in done.message
    assert "REVN_2021_csv.zip et REVN_2022_csv.zip" in done.message
    assert "autre_page" not in done.message
    assert raw(workspace) == set()


@pytest.mark.usefixtures("insee")
def test_several_files_for_one_vintage_are_not_chosen_between(client, workspace):
    done = delivered(workspace, client, replace(FOUND, pattern=r"REVN_202.*\.zip"))
    assert "plusieurs fichiers conviennent" in done.message


def test_the_content_of_another_year_is_refused_whatever_its_name(insee, client, workspace):
    other = (SAMPLES / "insee_qpv_revn_2022.csv").read_bytes()
    insee.publish(f"{FILE}/REVN_2021_csv.zip", zipped("REVN_2021.csv", other))
    done = delivered(workspace, client)
    assert done.result is Result.FAILED
    assert "2022" in done.message
    assert raw(workspace) == set()


def test_a_page_without_any_file_may_be_that_of_a_proxy(insee, client, workspace):
    insee.publish(PAGE, "<html>Identifiez-vous</html>", kind="text/html")
    done = delivered(workspace, client)
    assert "celle d’un proxy" in done.message


def test_every_failure_says_the_page_the_file_and_the_command(insee, client, workspace):
    insee.publish(f"{FILE}/REVN_2021_csv.zip", "<html>503</html>", kind="text/html")
    done = delivered(workspace, client)
    assert f"ouvrez {PAGE}, téléchargez «\u00a0REVN_2021_csv.zip\u00a0»" in done.by_hand
    assert f'diagnostic add CHEMIN-DU-FICHIER --dossier "{workspace.root}"' in done.by_hand


def test_a_file_had_by_hand_asks_nobody(producer, client, workspace):
    done = delivered(workspace, client, replace(FOUND, pattern="", note="rubrique Revenus"))
    assert done.result is Result.BY_HAND
    assert "rubrique Revenus" in done.by_hand
    assert producer.seen == []


def test_a_file_that_no_reader_takes_is_kept_and_said(producer, client, workspace):
    url = "https://data.caf.fr/inconnu.csv"
    producer.publish(url, "article;prix\npain;1,20\nlait;1,10\n")
    unread = Download(id="x", source="cnaf_qpv", page="https://data.caf.fr", vintage="continu", url=url)
    done = delivered(workspace, client, unread)
    assert done.result is Result.KEPT
    assert waiting(workspace) == {"inconnu.csv"}


def test_a_damaged_file_is_refused_with_the_reason(insee, client, workspace):
    insee.publish(f"{FILE}/REVN_2021_csv.zip", ARCHIVE[:-40])
    done = delivered(workspace, client)
    assert done.result is Result.FAILED
    assert "tronquée ou abîmée" in done.message
    assert raw(workspace) == set()


@pytest.mark.usefixtures("insee")
def test_a_file_that_cannot_be_read_whole_is_refused(client, workspace):
    def refuse(_entry, path):
        raise InputError(Fault("illisible", file=path.name))

    assert delivered(workspace, client, accept=refuse).result is Result.FAILED
    assert raw(workspace) == set()


LIST = "https://www.data.gouv.fr/api/1/datasets/5a561801c751df42d7fca9b6/"
RESOURCE = "https://www.data.gouv.fr/api/1/datasets/r/942d4ee8"
STATIC = "https://static.data.gouv.fr/resources/qpv/20260116/liste-correspondance-qp2024-qp2015.csv"
LINKED = Download(
    id="correspondance", source="contours_qpv", page="https://www.data.gouv.fr/datasets/qpv", vintage="2024",
    reader="anct_correspondance_qpv", dataset="5a561801c751df42d7fca9b6", pattern=".*correspondance.*",
)  # fmt: skip


def listed(digest):
    resources = [
        {"title": "Liste des QPV 2024", "url": "https://static.data.gouv.fr/a.csv", "latest": "https://x"},
        {"title": "Correspondance QP2024-QP2015", "url": STATIC, "latest": RESOURCE,
         "checksum": {"type": "sha1", "value": digest}},
    ]  # fmt: skip
    return json.dumps({"resources": resources})


def test_a_resource_of_data_gouv_is_chosen_by_its_title(producer, client, workspace):
    content = (SAMPLES / "anct_correspondance_qpv.csv").read_bytes()
    producer.publish(
        LIST, listed(hashlib.sha1(content, usedforsecurity=False).hexdigest()), kind="application/json"
    )
    producer.publish(RESOURCE, b"", lambda handler, _: handler.reply(302, b"", headers={"Location": STATIC}))
    producer.publish(STATIC, content)
    done = delivered(workspace, client, LINKED)
    assert done.result is Result.FETCHED, done.message
    assert "liste-correspondance-qp2024-qp2015.csv" in raw(workspace)


def test_the_hash_that_data_gouv_states_is_checked(producer, client, workspace):
    producer.publish(LIST, listed("0" * 40), kind="application/json")
    producer.publish(RESOURCE, (SAMPLES / "anct_correspondance_qpv.csv").read_bytes())
    done = delivered(workspace, client, LINKED)
    assert done.result is Result.FAILED
    assert "annoncé par le site" in done.message
    assert raw(workspace) == set()


def test_a_list_that_cannot_be_read_is_said(producer, client, workspace):
    producer.publish(LIST, "{", kind="application/json")
    assert "illisible" in delivered(workspace, client, LINKED).message


def test_the_real_outlines_come_from_their_official_address(producer, client, workspace, shared):
    outlines = next(one for one in downloads() if one.id == "contours_qpv_2015")
    real = shared / "real" / "boundaries" / "qp-politiquedelaville-shp.zip"
    producer.publish(outlines.url, real.read_bytes())
    done = delivered(workspace, client, outlines)
    assert done.result is Result.FETCHED, done.message
    assert (workspace.raw / "anct_qpv_2015" / real.name).read_bytes() == real.read_bytes()


def test_a_real_table_cut_twice_on_the_way_arrives_whole(producer, client, workspace, shared):
    real = shared / "real" / "insee_qpv" / "DEMO_2022.csv"
    url = f"{FILE}/DEMO_2022.csv"

    def cut(handler, content):
        handler.reply(200, content[:70_000], length=len(content), mark='"demo"')
        handler.close_connection = True

    producer.publish(url, real.read_bytes(), cut, cut)
    demo = replace(FOUND, id="demo", vintage="2022", reader="insee_qpv_demo", pattern="", url=url)
    done = delivered(workspace, client, demo)
    assert done.result is Result.FETCHED, done.message
    assert (workspace.raw / "insee_qpv_demo" / real.name).read_bytes() == real.read_bytes()


@pytest.mark.usefixtures("insee")
def test_a_journal_that_was_damaged_is_said(client, workspace):
    delivered(workspace, client)
    shutil.rmtree(workspace.raw / "insee_qpv_revn")
    (workspace.raw / "inventaire.json").unlink()
    (workspace.root / "data" / "downloads" / "journal.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="journal des téléchargements illisible"):
        delivered(workspace, client)


# Trying addresses.


def test_each_address_is_tried_with_a_few_bytes(insee, client):
    found = list(probe(client, [FOUND, replace(FOUND, pattern=r"REVN_2020.*\.zip"), replace(FOUND, pattern="")]))
    assert found[0].error is None
    assert found[0].found.startswith(f"REVN_2021_csv.zip, {len(ARCHIVE)} octets")
    assert "n’est pas sur cette page" in str(found[1].error)
    assert found[2].found == "la page répond"
    assert insee.asked(f"{FILE}/REVN_2021_csv.zip")[0]["Range"] == "bytes=0-1023"


def test_a_site_that_cannot_be_reached_is_asked_once(producer, make_client):
    stranger = make_client(trusted=False)
    direct = replace(FOUND, url=f"{FILE}/REVN_2021_csv.zip")
    found = list(probe(stranger, [direct, direct, FOUND]))
    assert all(one.error is found[0].error for one in found)
    assert producer.seen == []


@pytest.mark.parametrize(
    ("end", "name"), [("a%2F..%5Cb.csv", "a_.._b.csv"), ("%3Fid%3A1.csv", "_id_1.csv"), ("%2E%2E", "fichier")]
)
def test_the_name_of_a_file_leads_to_no_folder_and_holds_on_every_disk(end, name):
    one = replace(downloads()[0], url=f"https://producteur.test/x/{end}", file="")
    assert locate(None, one).name == name
