"""The engine of one machine: processes that are born, work, and may die without taking the batch along."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import Counter, deque
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Final

from diagnostic.batch.jobs import DIED, Job, Outcome, attempt, failed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TRIES: Final = 2
RENEWED: Final = 8  # territories after which a process gives its memory back
# One thread a process: the processes already fill the machine.
THREADS: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS")


class _Process:
    """A process that works on one territory at a time, replaced when it dies or has grown."""

    def __init__(self) -> None:
        self._executor: ProcessPoolExecutor | None = None
        self._done = 0

    def submit(self, job: Job) -> Future[Outcome]:
        if self._done >= RENEWED:
            self.stop()
        if self._executor is None:
            context = multiprocessing.get_context("spawn")
            self._executor = ProcessPoolExecutor(1, mp_context=context, initializer=_alone)
        self._done += 1
        return self._executor.submit(attempt, job)

    def stop(self) -> None:
        if self._executor is not None:
            self._executor.shutdown(cancel_futures=True)
        self._executor, self._done = None, 0


def work(jobs: Sequence[Job], *, processes: int) -> Iterator[Outcome]:
    """Make territories in processes of this machine.

    Parameters
    ----------
    jobs
        What to make, in the order in which it is begun.
    processes
        How many at once, each of one thread.

    Yields
    ------
    Outcome
        One a job, as they end. A job whose process dies is tried once more, then told.
    """
    waiting, tries = deque(jobs), Counter[str]()
    idle = [_Process() for _ in range(min(processes, len(jobs)))]
    every = tuple(idle)
    running: dict[Future[Outcome], tuple[_Process, Job]] = {}
    try:
        while waiting or running:
            while idle and waiting:
                process, job = idle.pop(), waiting.popleft()
                running[process.submit(job)] = process, job
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                process, job = running.pop(future)
                idle.append(process)
                problem = future.exception()
                if not isinstance(problem, BrokenProcessPool):
                    yield failed(job, problem) if problem else future.result()
                    continue
                process.stop()
                tries[job.member.name] += 1
                if tries[job.member.name] < TRIES:
                    waiting.append(job)
                else:
                    yield Outcome(job.member.name, problem=DIED)
    finally:
        for process in every:
            process.stop()


def _alone() -> None:
    """Use one thread, and end with the batch: a process that outlives it would keep its territory locked."""
    os.environ.update(dict.fromkeys(THREADS, "1"))
    parent = multiprocessing.parent_process()

    def follow() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=follow, daemon=True).start()
