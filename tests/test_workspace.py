"""The working folder: whole or not at all, one run at a time."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from diagnostic import pipeline
from diagnostic.errors import ConfigurationError, RefusedError, WorkspaceError
from diagnostic.workspace import Workspace, create, exclusive, explained, replacing, write_bytes


@pytest.fixture
def workspace(tmp_path):
    return create(tmp_path / "dossier d’essai é", configuration="format = 1\n")


def test_create_makes_the_shape_of_a_diagnostic(workspace):
    for folder in (workspace.raw, workspace.public, workspace.restricted, workspace.reports, workspace.texts):
        assert folder.is_dir()
    assert "envoyé" in (workspace.restricted / "LISEZ-MOI.txt").read_text(encoding="utf-8")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no file modes")
def test_what_may_not_leave_is_for_its_owner_only(workspace):
    assert stat.S_IMODE(workspace.restricted.stat().st_mode) == 0o700
    write_bytes(workspace.restricted / "table.parquet", b"x")
    assert stat.S_IMODE((workspace.restricted / "table.parquet").stat().st_mode) == 0o600


def test_create_refuses_a_folder_in_use(tmp_path):
    (tmp_path / "lettre.docx").write_text("x")
    with pytest.raises(WorkspaceError, match="n’est pas vide"):
        create(tmp_path, configuration="")
    assert [path.name for path in tmp_path.iterdir()] == ["lettre.docx"]


def test_a_file_is_replaced_whole_or_stays(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("ancien")

    def interrupted():
        with replacing(path) as temporary:
            temporary.write_text("moitié")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert path.read_text() == "ancien"
    assert [one.name for one in tmp_path.iterdir()] == ["table.csv"]


def test_an_identical_file_is_not_touched(tmp_path):
    path = tmp_path / "table.csv"
    write_bytes(path, b"x")
    os.utime(path, (1, 1))
    write_bytes(path, b"x")
    assert path.stat().st_mtime == 1


def test_a_second_run_is_refused_and_a_killed_one_leaves_the_folder_free(workspace):
    program = (
        "import sys, time; from pathlib import Path; from diagnostic.workspace import Workspace, exclusive\n"
        "with exclusive(Workspace(Path(sys.argv[1]))):\n print('tenu', flush=True)\n time.sleep(60)"
    )
    other = subprocess.Popen([sys.executable, "-c", program, str(workspace.root)], stdout=subprocess.PIPE)
    try:
        assert other.stdout.readline().strip() == b"tenu"
        with pytest.raises(WorkspaceError, match="un autre traitement"), exclusive(workspace):
            pass
    finally:
        other.kill()
        other.communicate()
    with exclusive(Workspace(workspace.root)):
        pass


def test_the_system_s_refusals_become_sentences(tmp_path):
    with pytest.raises(WorkspaceError, match="libérez de la place"), explained(tmp_path):
        raise OSError(28, "No space left on device", str(tmp_path))
    with pytest.raises(WorkspaceError, match="fermez ce fichier"), explained(tmp_path):
        raise PermissionError(13, "Permission denied", str(tmp_path / "diagnostic.pdf"))
    with pytest.raises(RefusedError, match="refusé par la loi"), explained(tmp_path):
        raise RefusedError("refusé par la loi")


@pytest.mark.parametrize(
    ("number", "words"), [(2, "chemin trop long"), (22, "ôtez du nom les signes")], ids=["long path", "sign"]
)
def test_what_windows_answers_to_a_path_it_does_not_take_is_told(tmp_path, number, words):
    with pytest.raises(WorkspaceError, match=words), explained(tmp_path):
        raise OSError(number, "refused", str(tmp_path))


def test_a_file_held_for_a_moment_is_replaced_after_it(tmp_path, monkeypatch):
    path, held = tmp_path / "table.csv", iter([PermissionError, PermissionError])
    path.write_text("ancien", encoding="utf-8")
    place = type(path).replace

    def busy(self, target):
        for problem in held:
            raise problem
        return place(self, target)

    monkeypatch.setattr("diagnostic.workspace.PATIENCE", (0, 0, 0))
    monkeypatch.setattr("diagnostic.workspace.WATCHED", True)
    monkeypatch.setattr(type(path), "replace", busy)
    write_bytes(path, b"nouveau")
    assert path.read_bytes() == b"nouveau"


def test_a_folder_is_free_as_soon_as_a_run_ends(workspace):
    for _ in range(3):
        with exclusive(workspace):
            pass


def test_a_refusal_names_the_file_that_a_person_knows(tmp_path):
    path = tmp_path / "diagnostic.pdf"
    with pytest.raises(WorkspaceError, match=r"accès refusé \(fichier «.+diagnostic\.pdf"), explained(path):
        raise PermissionError(13, "Permission denied", str(tmp_path / ".~diagnostic-abc.pdf"))


def test_a_text_that_would_be_passed_over_is_refused(workspace):
    (workspace.texts / "contexte.md.txt").write_text("# Contexte", encoding="utf-8")
    (workspace.texts / "~brouillon.md").write_text("", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"contexte\.md\.txt") as refused:
        pipeline._prose(workspace)
    assert "brouillon" not in str(refused.value)


def test_nothing_is_replaced_while_one_document_is_held(workspace, monkeypatch):
    held = workspace.reports / "indicateurs.xlsx"
    held.write_bytes(b"avant")
    opened = Path.open

    def refuse(path, mode="r", *rest, **more):
        if path == held and "+" in mode:
            raise PermissionError(13, "held", str(path))
        return opened(path, mode, *rest, **more)

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(WorkspaceError, match=r"indicateurs\.xlsx"):
        pipeline._check_free(workspace, ["diagnostic.pdf", "indicateurs.xlsx"])
