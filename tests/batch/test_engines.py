"""Processes that die, a scheduler that is absent or wrong, two workers that give the bytes of one machine."""

import gc
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from functools import partial

import pytest

from diagnostic.batch import cluster, processes
from diagnostic.batch.jobs import DIED, Job
from diagnostic.errors import ToolError

DAY = "2026-01-31"
DRIVER = """
import sys
from diagnostic.cli import main
if __name__ == "__main__":
    sys.argv = ["diagnostic", *sys.argv[1:]]
    main()
"""


class Killer(threading.Thread):
    """Kills the first processes that are born, so many of them."""

    def __init__(self, count):
        super().__init__(daemon=True)
        self.left = count
        self.over = threading.Event()

    def run(self):
        seen = set()
        while self.left and not self.over.is_set():
            for child in multiprocessing.active_children():
                if child.pid not in seen and self.left:
                    seen.add(child.pid)
                    os.kill(child.pid, signal.SIGKILL)
                    self.left -= 1
            time.sleep(0.02)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.join()


def test_a_process_that_dies_once_is_replaced(lot, tmp_path, made, produced):
    engine = partial(processes.work, processes=1)
    with Killer(1) as killer:
        done = made(tmp_path / "lot", engine=engine)
    assert killer.left == 0
    assert [outcome.problem for outcome in done.outcomes] == ["", ""]
    assert produced(tmp_path / "lot") == produced(lot[0])


def test_a_process_that_dies_twice_is_told_and_the_others_are_made(tmp_path, made):
    engine = partial(processes.work, processes=1)
    with Killer(3):  # the first territory, the second, the first again
        done = made(tmp_path / "lot", engine=engine)
    assert sorted(outcome.problem for outcome in done.outcomes) == ["", DIED]


def test_nothing_survives_a_killed_batch(lot, files, tmp_path, made, produced):
    psutil = pytest.importorskip("psutil")
    listed = tmp_path / "liste.txt"
    listed.write_text("QP099001, QP099002, QP099003\nQP099004\n", encoding="utf-8")
    folder = tmp_path / "lot"
    words = ["batch", listed, "--source", files, "--dossier", folder, "--date", DAY, "--processus", "2"]
    driver = subprocess.Popen([sys.executable, "-c", DRIVER, *map(str, words)], stdout=subprocess.DEVNULL)
    family = psutil.Process(driver.pid)
    while not [one for one in family.children(recursive=True) if one.cpu_times().user > 2]:
        assert driver.poll() is None
        time.sleep(0.05)
    children = family.children(recursive=True)
    driver.kill()
    driver.wait()
    gone, alive = psutil.wait_procs(children, timeout=10)
    assert gone
    assert not alive
    made(folder)
    assert produced(folder) == produced(lot[0])


# Schedulers.


def test_without_dask_one_is_told_how_and_that_processes_suffice(members, tmp_path, monkeypatch, day):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ToolError) as caught:
        list(cluster.work([Job(tmp_path, members[0], day)], address="tcp://127.0.0.1:1"))
    assert "scale" in str(caught.value)
    assert "--processus suffit" in str(caught.value)


@pytest.fixture(scope="module")
def distributed():
    return pytest.importorskip("distributed", reason="extra « scale » absent: dask.distributed")


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nimporte quoi"])
def test_a_scheduler_that_does_not_answer_leaves_nothing_open(members, tmp_path, distributed, address, day):
    with pytest.raises(ToolError, match="ne répond pas"):
        list(cluster.work([Job(tmp_path, members[0], day)], address=address, patience=1))
    left = [one for one in gc.get_objects() if type(one) is distributed.Client]
    assert [one.status for one in left] == ["closed"] * len(left) != []


@pytest.fixture
def workers(distributed):
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as two:
        yield two


def test_two_workers_give_the_bytes_of_one_machine(lot, tmp_path, workers, made, produced):
    engine = partial(cluster.work, address=workers.scheduler_address)
    done = made(tmp_path / "lot", engine=engine)
    assert [outcome.problem for outcome in done.outcomes] == ["", ""]
    assert produced(tmp_path / "lot") == produced(lot[0])


def test_a_worker_that_dies_is_replaced(lot, tmp_path, workers, made, produced):
    pids = [nanny.pid for nanny in workers.workers.values()]
    engine = partial(cluster.work, address=workers.scheduler_address)
    folder = tmp_path / "lot"

    def kill():
        while not list(folder.glob("territoires/qp*")):
            time.sleep(0.05)
        os.kill(pids[0], signal.SIGKILL)

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    done = made(folder, engine=engine)
    killer.join()
    assert [outcome.problem for outcome in done.outcomes] == ["", ""]
    assert produced(tmp_path / "lot") == produced(lot[0])


def test_workers_that_cannot_do_the_work_are_refused_for_all_reasons(
    members, tmp_path, distributed, monkeypatch, day
):
    with distributed.LocalCluster(n_workers=1, threads_per_worker=2, dashboard_address=None) as wrong:
        monkeypatch.setattr("diagnostic.steps.diagnostic.__version__", "0.0.0")
        job = Job(tmp_path / "absent", members[0], day)
        with pytest.raises(ToolError) as caught:
            list(cluster.work([job], address=wrong.scheduler_address, patience=20))
    told = str(caught.value)
    for word in ("--nthreads 1", "même chemin", "même version"):
        assert word in told


def test_when_no_worker_is_left_the_rest_is_told(tmp_path, distributed, made):
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as lone:
        engine = partial(cluster.work, address=lone.scheduler_address, patience=3)
        timer = threading.Timer(5, lambda: lone.scale(0))
        timer.start()
        done = made(tmp_path / "lot", engine=engine)
        timer.join()
    assert DIED in {outcome.problem for outcome in done.outcomes}
