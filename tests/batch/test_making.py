"""Each territory of a batch has the bytes of a diagnostic made alone; made again, nothing is redone."""

import shutil

import diagnostic as dg
from diagnostic import pipeline
from diagnostic.config import TerritorySection, render_configuration
from diagnostic.ingestion import intake
from diagnostic.workspace import Workspace, create


def test_each_territory_has_its_whole_set(lot, members):
    folder, done = lot
    assert [outcome.problem for outcome in done.outcomes] == ["", ""]
    for member in members:
        reports = folder / "territoires" / member.name / "reports"
        for name in ("diagnostic.pdf", "atlas.html", "indicateurs.xlsx", "manifest.json"):
            assert (reports / name).stat().st_size > 1000


def test_a_territory_has_the_bytes_of_a_diagnostic_made_alone(lot, members, files, tmp_path, day):
    territory = members[0].territory
    section = TerritorySection(nom=territory.name, generation=2015, epci=[], qpv=list(territory.qpv))
    workspace = create(tmp_path / "seul", configuration=render_configuration(section, day))
    intake.add(workspace, [files], accept=pipeline.accept(workspace))
    pipeline.run(workspace)
    batch = lot[0] / "territoires" / members[0].name
    assert produced_of(workspace.root) == produced_of(batch)


def produced_of(folder):
    return {
        path.relative_to(folder): path.read_bytes()
        for place in ("reports", "data/processed/public")
        for path in sorted((folder / place).rglob("*"))
        if path.is_file()
    }


def test_raw_files_lie_once_on_the_disk(lot, members):
    folder, _ = lot
    for origin in (folder / "data" / "raw").rglob("*.csv"):
        copy = (
            folder / "territoires" / members[0].name / "data" / "raw" / origin.relative_to(folder / "data" / "raw")
        )
        assert origin.samefile(copy)


def test_a_second_time_nothing_is_redone(lot, made):
    folder, _ = lot
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    again = made(folder)
    assert [outcome.recomputed for outcome in again.outcomes] == [(), ()]
    after = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    assert after == before


def test_what_was_finished_is_kept_and_what_was_damaged_made_again(lot, members, tmp_path, made, produced):
    folder = tmp_path / "lot"
    shutil.copytree(lot[0], folder)
    damaged = folder / "territoires" / members[0].name / "reports" / "atlas.html"
    damaged.write_text("abîmé", encoding="utf-8")
    again = made(folder)
    assert again.outcomes[0].recomputed
    assert not again.outcomes[1].recomputed
    assert produced(folder) == produced(lot[0])


def test_a_lead_may_go_on_with_a_territory_alone(lot, members, tmp_path):
    folder = tmp_path / "lot"
    shutil.copytree(lot[0], folder)
    alone = Workspace(folder / "territoires" / members[1].name)
    (alone.texts / "comment_lire.md").write_text("# Lire\n\nNotre introduction.\n", encoding="utf-8")
    assert pipeline.run(alone).recomputed == ("publication",)
    assert len(dg.load(alone.root).territories.query("level == 'qpv'")) == 1
