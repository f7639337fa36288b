"""A batch is cut in parts and put together, begun again, refused; a failing territory leaves the others."""

import csv
import os
import shutil

import pytest

from diagnostic import pipeline
from diagnostic.batch import gather, in_regions, make, share
from diagnostic.batch.jobs import attempt, failed
from diagnostic.errors import InputError, WorkspaceError
from diagnostic.workspace import Workspace, exclusive


def rows(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


def test_a_failing_territory_leaves_the_others_and_is_told(members, tmp_path, light):
    lille = in_regions(["32"], generation=2015)[-1]  # no figure of it among the fictional files
    done = light(tmp_path / "lot", [*members, lille])
    assert [bool(outcome.problem) for outcome in done.outcomes] == [False, False, True]
    told = rows(tmp_path / "lot" / "reports" / "echecs.csv")
    assert [row["territory"] for row in told] == [lille.name]
    assert told[0]["problem"]
    assert "non fait" in (tmp_path / "lot" / "reports" / "index.html").read_text(encoding="utf-8")
    light(tmp_path / "lot")
    assert not (tmp_path / "lot" / "reports" / "echecs.csv").exists()


def test_what_nobody_foresaw_is_told_by_its_kind_only(tmp_path, monkeypatch, light):
    def broken(workspace):
        raise KeyError(f"une cellule de {workspace.root}")

    def engine(jobs):
        for job in jobs:
            try:
                yield attempt(job)
            except KeyError as problem:
                yield failed(job, problem)

    monkeypatch.setattr(pipeline, "run", broken)
    done = light(tmp_path / "lot", engine=engine)
    assert all("KeyError" in one.problem and "cellule" not in one.problem for one in done.outcomes)


def test_parts_put_together_are_the_whole(light_lot, members, tmp_path, light, produced):
    parts = [tmp_path / "part 1", tmp_path / "part 2"]
    for number, part in enumerate(parts, start=1):
        light(part, share(members, part=number, parts=2))
    gather(tmp_path / "réuni", parts, title="Essai")
    # The list of this batch is in the order of names already.
    assert [one.name for one in members] == sorted(one.name for one in members)
    assert produced(tmp_path / "réuni") == produced(light_lot[0])
    gather(parts[0], parts, title="Essai")
    assert produced(parts[0]) == produced(light_lot[0])
    again = light(tmp_path / "réuni")
    assert [outcome.recomputed for outcome in again.outcomes] == [(), ()]


def test_putting_together_never_writes_over_what_a_lead_did(light_lot, members, tmp_path):
    whole = tmp_path / "réuni"
    gather(whole, [light_lot[0]], title="Essai")
    own = whole / "territoires" / members[0].name
    (own / "textes" / "comment_lire.md").write_text("à moi", encoding="utf-8")
    gather(whole, [light_lot[0]], title="Essai")
    assert (own / "textes" / "comment_lire.md").read_text(encoding="utf-8") == "à moi"
    (own / "reports" / "manifest.json").write_text("refait", encoding="utf-8")
    with pytest.raises(WorkspaceError, match="deux fois"):
        gather(whole, [light_lot[0]], title="Essai")
    assert (own / "reports" / "manifest.json").read_text(encoding="utf-8") == "refait"


def test_parts_that_contradict_each_other_or_are_none_are_refused(light_lot, members, tmp_path):
    other = tmp_path / "autre"
    shutil.copytree(light_lot[0], other)
    manifest = other / "territoires" / members[0].name / "reports" / "manifest.json"
    manifest.unlink()  # a new file: the copy may be a link
    manifest.write_text("autre", encoding="utf-8")
    with pytest.raises(WorkspaceError) as caught:
        gather(tmp_path / "réuni", [light_lot[0], other, tmp_path / "rien"], title="Essai")
    assert len(caught.value.faults) == 2
    assert not (tmp_path / "réuni").exists()


def test_two_batches_in_one_folder_are_refused(light_lot, light):
    with exclusive(Workspace(light_lot[0])), pytest.raises(WorkspaceError, match="en cours"):
        light(light_lot[0])


def test_a_territory_in_use_is_told_and_the_others_are_made(light_lot, members, tmp_path, light):
    folder = tmp_path / "lot"
    shutil.copytree(light_lot[0], folder)
    with exclusive(Workspace(folder / "territoires" / members[0].name)):
        done = light(folder)
    assert "en cours" in done.outcomes[0].problem
    assert not done.outcomes[1].problem


def test_without_files_one_is_told_where_they_come_from(members, tmp_path, day):
    with pytest.raises(InputError, match="--source"):
        make(tmp_path / "vide", members, engine=lambda jobs: map(attempt, jobs), day=day, title="Essai")


def test_another_generation_in_the_same_folder_is_refused(light_lot, members, tmp_path, light):
    folder = tmp_path / "lot"
    shutil.copytree(light_lot[0], folder)
    settings = folder / "territoires" / members[0].name / "diagnostic.toml"
    text = (
        settings.read_text(encoding="utf-8").replace("generation = 2015", "generation = 2024").replace("QP", "QN")
    )
    settings.write_text(text, encoding="utf-8")
    done = light(folder)
    assert "autre génération" in done.outcomes[0].problem
    assert not done.outcomes[1].problem


def test_a_file_added_later_reaches_every_territory(light_lot, files, tmp_path, light, produced):
    folder, kept = tmp_path / "lot", tmp_path / "fichiers"
    shutil.copytree(files, kept)
    late = next(kept.rglob("*REVN*"))
    aside = tmp_path / late.name
    shutil.move(late, aside)
    light(folder, sources=kept)
    assert produced(folder) != produced(light_lot[0])
    light(folder, sources=aside)
    assert produced(folder) == produced(light_lot[0])


def test_progress_says_what_remains(tmp_path, light):
    told = []

    def tell(step, *, done, total, remaining):
        told.append((step, done, total, remaining))

    light(tmp_path / "lot", tell=tell)
    assert told[0][0] == "Lecture des fichiers"
    assert [(done, total) for _, done, total, _ in told[1:3]] == [(1, 2), (2, 2)]
    assert told[1][3] > 0
    assert told[2][3] == 0
    assert told[-1][0] == "Synthèse"


@pytest.fixture
def flat(monkeypatch):
    def refuse(*_):
        raise OSError(1, "no links here")

    monkeypatch.setattr(os, "link", refuse)


@pytest.mark.usefixtures("flat")
def test_a_disk_without_links_gets_copies(light_lot, tmp_path, light, produced):
    light(tmp_path / "lot")
    assert produced(tmp_path / "lot") == produced(light_lot[0])
