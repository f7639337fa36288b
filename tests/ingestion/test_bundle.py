"""A bundle is taken in whole or refused whole; only what producers publish travels."""

import json
import zipfile
from datetime import date
from pathlib import Path

import pytest

from diagnostic.config import TerritorySection, render_configuration
from diagnostic.errors import Fault, InputError, WorkspaceError
from diagnostic.ingestion import bundle, intake
from diagnostic.ingestion.intake import Outcome
from diagnostic.provenance import sha256
from diagnostic.workspace import create

SAMPLES = Path(__file__).parent / "sources" / "samples"
NAMES = ("insee_qpv_revn_2021.csv", "insee_qpv_demo_2021.csv", "anct_qpv_2015.zip")


def workspace_at(folder):
    section = TerritorySection(nom="Fiction", generation=2015, epci=["990000001"], qpv=["QP099001"])
    return create(folder, configuration=render_configuration(section, date(2026, 1, 31)))


def read_whole(entry, path):
    return intake.read(entry, path)


@pytest.fixture
def origin(tmp_path):
    workspace = workspace_at(tmp_path / "origine")
    verdicts = intake.add(workspace, [SAMPLES / name for name in NAMES], accept=read_whole)
    assert {verdict.outcome for verdict in verdicts} == {Outcome.ADDED}
    return workspace


@pytest.fixture
def target(tmp_path):
    return workspace_at(tmp_path / "arrivee")


@pytest.fixture
def packed(origin, tmp_path):
    path = tmp_path / "cle" / "lot.zip"
    bundle.pack(origin, path)
    return path


def raw(workspace):
    return {path.relative_to(workspace.raw): path.read_bytes() for path in workspace.raw.rglob("*.*")}


def altered(packed, *, change=(), drop=(), extra=(), rows=lambda rows: rows):
    """Write the bundle again with other members or another list."""
    with zipfile.ZipFile(packed) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    listed = json.loads(content[bundle.MANIFEST])
    listed["fichiers"] = rows(listed["fichiers"])
    content[bundle.MANIFEST] = json.dumps(listed).encode()
    content |= dict(change) | dict(extra)
    with zipfile.ZipFile(packed, "w") as archive:
        for name, body in content.items():
            if name not in drop:
                archive.writestr(name, body)
    return packed


def refused(target, path, **options):
    before = raw(target)
    verdicts = bundle.add(target, [path], accept=options.pop("accept", read_whole), **options)
    assert [verdict.outcome for verdict in verdicts] == [Outcome.REFUSED]
    assert raw(target) == before
    return verdicts[0].message


def test_what_leaves_here_arrives_there_byte_for_byte(origin, target, packed):
    verdicts = bundle.add(target, [packed], accept=read_whole)
    assert {verdict.outcome for verdict in verdicts} == {Outcome.ADDED}
    assert {entry.sha256 for entry in intake.inventory(target)} == {
        entry.sha256 for entry in intake.inventory(origin)
    }
    again = bundle.add(target, [packed], accept=read_whole)
    assert {verdict.outcome for verdict in again} == {Outcome.PRESENT}


def test_the_same_files_make_the_same_bytes(origin, packed, tmp_path):
    bundle.pack(origin, tmp_path / "autre.zip")
    assert (tmp_path / "autre.zip").read_bytes() == packed.read_bytes()


def test_a_bundle_in_a_folder_of_downloads_is_found(target, packed):
    verdicts = bundle.add(target, [packed.parent], accept=read_whole)
    assert len(verdicts) == len(NAMES)


def test_local_tables_stay_where_they_are(origin, tmp_path):
    inventory = origin.raw / intake.INVENTORY_NAME
    rows = json.loads(inventory.read_text(encoding="utf-8"))
    local = origin.raw / intake.LOCAL_FOLDER / "mission_locale.csv"
    local.parent.mkdir()
    local.write_text("code;jeunes\nQP099001;12\n", encoding="utf-8")
    rows.append({**rows[0], "file": "tables_locales/mission_locale.csv", "source": "mission_locale",
                 "sha256": sha256(local)})  # fmt: skip
    inventory.write_text(json.dumps(rows), encoding="utf-8")
    done = bundle.pack(origin, tmp_path / "lot.zip")
    assert [entry.source for entry in done.left] == ["mission_locale"]
    with zipfile.ZipFile(tmp_path / "lot.zip") as archive:
        assert not any("mission" in name for name in archive.namelist())
        assert b"mission" not in archive.read(bundle.MANIFEST)


def test_all_the_faults_of_a_bundle_are_said_at_once(target, packed):
    name = "insee_qpv_revn/insee_qpv_revn_2021.csv"
    altered(
        packed, change={name: b"CODGEO;TP60\nQP099001;12\n"}, drop=["insee_qpv_demo/insee_qpv_demo_2021.csv"],
        extra={"enquete.csv": b"nom;prenom\n"},
    )  # fmt: skip
    said = refused(target, packed)
    assert "le lot entier est refusé" in said
    for part in ("fichier altéré", "fichier absent du lot", "enquete.csv", "3 problèmes"):
        assert part in said.replace("\u00a0", " ")


def test_one_file_that_cannot_be_read_refuses_the_whole(target, packed):
    def read(entry, path):
        if entry.source == "insee_qpv_demo":
            raise InputError(Fault("illisible", file=path.name))
        return read_whole(entry, path)

    said = refused(target, packed, accept=read)
    assert "insee_qpv_demo_2021.csv" in said
    assert "insee_qpv_revn_2021.csv" not in said


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (lambda rows: [{**row, "source": "inventee"} for row in rows], "source inconnue de cette version"),
        (lambda rows: [{**row, "edition": "1999"} for row in rows], "le lot entier est refusé"),
        (lambda _: [{"file": "a"}], "liste du lot illisible"),
        (lambda _: "rien", "liste du lot illisible"),
    ],
    ids=["source", "edition", "columns", "kind"],
)
def test_a_list_that_lies_is_refused(target, packed, rows, said):
    assert said in refused(target, altered(packed, rows=rows))


def test_a_bundle_that_would_write_outside_is_refused(target, packed):
    altered(packed, extra={"../dehors.csv": b"x"})
    assert "dangereuse" in refused(target, packed)


def test_simulating_takes_nothing(target, packed):
    verdicts = bundle.add(target, [packed], accept=read_whole, simulate=True)
    assert {verdict.outcome for verdict in verdicts} == {Outcome.ADDED}
    assert raw(target) == {}


def test_files_beside_a_bundle_come_in_as_usual(target, packed):
    verdicts = bundle.add(target, [packed, SAMPLES / "insee_qpv_ipro_2021.csv"], accept=read_whole)
    assert len(verdicts) == len(NAMES) + 1


def test_nothing_to_carry_and_names_already_taken_are_said(target, origin, tmp_path):
    with pytest.raises(InputError, match="rien à emporter"):
        bundle.pack(target, tmp_path / "lot.zip")
    (tmp_path / "these.zip").write_bytes(b"ma these")
    with pytest.raises(WorkspaceError, match="n’est pas un lot"):
        bundle.pack(origin, tmp_path / "these.zip")
    assert (tmp_path / "these.zip").read_bytes() == b"ma these"


def test_an_altered_file_does_not_travel(origin, tmp_path):
    victim = origin.raw / "insee_qpv_revn" / "insee_qpv_revn_2021.csv"
    victim.write_bytes(victim.read_bytes() + b"\n")
    with pytest.raises(InputError, match="modifié depuis son ajout"):
        bundle.pack(origin, tmp_path / "lot.zip")
    assert not (tmp_path / "lot.zip").exists()
