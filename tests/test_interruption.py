"""A run killed, refused or short of disk leaves no half of a file, and the next one ends with the same bytes."""

import errno
import os
import random
import shutil
import subprocess
import sys
import tempfile

import pytest

from diagnostic.demonstration import prepare
from diagnostic.errors import WorkspaceError
from diagnostic.pipeline import run
from diagnostic.workspace import UNFINISHED, Workspace, exclusive, replacing, write_bytes

RUN = "import sys; from diagnostic.cli import main; sys.argv = ['diagnostic', 'run', sys.argv[1]]; main()"
KILLS = int(os.environ.get("DIAGNOSTIC_KILLS", "10"))  # `python -m benchmarks kills` asks for a hundred
MADE = ("reports", "data/processed/public")
LONG = 260  # characters of a path on Windows


def documents(folder):
    return {
        path.relative_to(folder): path.read_bytes()
        for place in MADE
        for path in sorted((folder / place).rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    workspace = prepare(tmp_path_factory.mktemp("coupure") / "entier")
    run(workspace)
    return workspace.root


@pytest.fixture
def undone(finished, tmp_path):
    """A copy of the finished folder whose tables and documents are still to be made."""
    folder = tmp_path / "à refaire"
    shutil.copytree(finished, folder)
    for made in MADE:
        shutil.rmtree(folder / made)
    (Workspace(folder).cache / "steps.json").unlink()
    return folder


def test_killed_runs_finish_to_the_same_bytes(finished, tmp_path):
    folder = tmp_path / "coupé"
    shutil.copytree(finished, folder)
    expected = documents(folder)
    chance = random.Random(20211130)  # noqa: S311 - moments, not secrets
    for kill in range(KILLS):
        if kill % 10 == 0:  # begun again from nothing, so that every step is met
            for made in (*MADE, Workspace(folder).cache.relative_to(folder)):
                shutil.rmtree(folder / made, ignore_errors=True)
        process = subprocess.Popen([sys.executable, "-c", RUN, str(folder)], stdout=subprocess.DEVNULL)
        try:
            process.wait(timeout=chance.uniform(0.3, 5.0))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for path, content in documents(folder).items():
            unfinished = path.name.startswith(UNFINISHED)
            assert unfinished or content == expected[path], f"{path} is half-written"
    run(Workspace(folder))
    assert documents(folder) == expected


def test_two_runs_in_one_folder_are_refused(finished):
    before = documents(finished)
    with exclusive(Workspace(finished)), pytest.raises(WorkspaceError, match="un autre traitement est en cours"):
        run(Workspace(finished))
    assert documents(finished) == before


REFUSALS = [
    pytest.param(OSError(errno.ENOSPC, "full"), "libérez de la place", id="disk-full"),
    pytest.param(OSError(errno.EROFS, "read-only"), "lecture seule", id="read-only-disk"),
    pytest.param(PermissionError(errno.EACCES, "denied"), "vérifiez vos droits", id="read-only-folder"),
    pytest.param(OSError(errno.ENOLCK, "no locks"), "changez de dossier", id="odd-network-share"),
]


@pytest.mark.parametrize(("refusal", "said"), REFUSALS)
def test_a_disk_that_refuses_is_told_and_the_next_run_finishes(undone, finished, monkeypatch, refusal, said):
    """The refusal comes at a write chosen at random: between two tables, between two documents."""
    left = random.Random(said).randrange(30)  # noqa: S311 - idem
    make = tempfile.mkstemp

    def full(*words, **options):
        nonlocal left
        if options.get("prefix") == UNFINISHED:
            left -= 1
            if left < 0:
                raise refusal
        return make(*words, **options)

    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "mkstemp", full)
        with pytest.raises(WorkspaceError, match=said):
            run(Workspace(undone))
    expected = documents(finished)
    assert all(content == expected[path] for path, content in documents(undone).items())
    run(Workspace(undone))
    assert documents(undone) == expected


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device that is always full exists on Linux only")  # noqa: PTH110 - one word
def test_a_disk_that_fills_within_a_file_leaves_the_old_one(tmp_path):
    path = tmp_path / "table.csv"
    write_bytes(path, b"ancien")

    def fill():
        with replacing(path) as temporary:
            temporary.unlink()
            temporary.symlink_to("/dev/full")
            temporary.write_bytes(b"nouveau" * 10_000)

    with pytest.raises(WorkspaceError, match="disque plein"):
        fill()
    assert path.read_bytes() == b"ancien"
    assert [one.name for one in tmp_path.iterdir()] == ["table.csv"]


def test_a_long_path_with_blanks_and_accents_gives_the_same_bytes(undone, finished, tmp_path):
    if os.name == "nt" and not _long_paths():
        pytest.skip("this Windows refuses paths of 260 characters")
    folder = tmp_path
    while len(str(folder)) < LONG:
        folder /= "l’été à l’îlot nº 1 (copie)"
    folder.parent.mkdir(parents=True)
    shutil.copytree(undone, folder)
    run(Workspace(folder))
    assert documents(folder) == documents(finished)


def _long_paths():
    import winreg  # noqa: PLC0415 - Windows only

    with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SYSTEM\CurrentControlSet\Control\FileSystem") as key:
        return winreg.QueryValueEx(key, "LongPathsEnabled")[0] == 1
