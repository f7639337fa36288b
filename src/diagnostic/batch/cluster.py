"""The engine of several machines: a dask.distributed scheduler that somebody already runs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from diagnostic.batch.jobs import DIED, Job, Outcome, attempt, failed
from diagnostic.errors import Fault, ToolError
from diagnostic.formatting import enumeration
from diagnostic.steps import Steps

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from distributed import Client

PATIENCE: Final = 30  # seconds without any news after which one looks whether a worker is left
UNFIT: Final = "des postes ne peuvent pas travailler"
ALONE: Final = "sur une seule machine, ôtez --planificateur : --processus suffit"


def work(jobs: Sequence[Job], *, address: str, patience: float = PATIENCE) -> Iterator[Outcome]:
    """Make territories on the workers of a scheduler.

    Parameters
    ----------
    jobs
        What to make; the folder of the batch must be seen by every worker under the same path.
    address
        Of the scheduler, such as ``tcp://10.0.0.5:8786``.
    patience
        Seconds to wait for the scheduler, for a worker, and between two looks.

    Yields
    ------
    Outcome
        One a job, as they end, the same bytes as on one machine. A job whose worker dies is tried again by the
        scheduler (its setting ``allowed-failures``), then told.

    Raises
    ------
    ToolError
        When dask is absent, the scheduler does not answer, or a worker cannot do the work: its threads, its
        version or its view of the folder; all of them at once.
    """
    try:
        from distributed import Client, wait  # noqa: PLC0415 - extra `scale`
        from distributed.scheduler import KilledWorker  # noqa: PLC0415 - idem
    except ModuleNotFoundError as problem:
        raise ToolError(Fault(
            "dask.distributed n’est pas installé", expected="l’extra « scale »",
            remedy=f'pip install "diagnostic-territorial[scale]" ; {ALONE}',
        )) from problem  # fmt: skip
    client = Client.__new__(Client)
    try:
        client.__init__(address, timeout=patience)
    except (OSError, ValueError) as problem:
        client.close()  # left to the garbage collector, dask may do it while it starts another, and wait for ever
        raise ToolError(Fault(
            "le planificateur ne répond pas", found=address, expected="l’adresse que « dask scheduler » affiche",
            remedy=f"vérifiez l’adresse et le pare-feu ; {ALONE}",
        )) from problem  # fmt: skip
    with client:
        _check(client, jobs[0].lot, patience=patience)
        futures = {
            client.submit(attempt, job, key=f"{job.member.name}-{id(job)}", pure=False): job for job in jobs
        }
        while futures:
            try:
                done = wait(list(futures), timeout=patience, return_when="FIRST_COMPLETED").done
            except TimeoutError:
                if _workers(client):
                    continue
                yield from (Outcome(job.member.name, problem=DIED) for job in futures.values())
                return
            for future in done:
                job, found = futures.pop(future), future.exception()
                if isinstance(found, KilledWorker):
                    yield Outcome(job.member.name, problem=DIED)
                else:
                    yield failed(job, found) if found else future.result()


def _workers(client: Client) -> Mapping[str, Mapping[str, int]]:
    found: Mapping[str, Mapping[str, int]] = client.scheduler_info(n_workers=-1)["workers"]
    return found


def _check(client: Client, lot: Path, *, patience: float) -> None:
    try:
        client.wait_for_workers(1, timeout=patience)
        told = client.run(look, str(lot), on_error="return")
    except TimeoutError as problem:
        raise ToolError(Fault(
            "aucun poste ne s’est annoncé au planificateur",
            remedy=f"sur chaque poste : dask worker ADRESSE --nthreads 1 ; {ALONE}",
        )) from problem  # fmt: skip
    if any(isinstance(one, ModuleNotFoundError) for one in told.values()):
        raise ToolError(Fault(
            "diagnostic n’est pas installé sur les postes", remedy="installez-y la même version qu’ici",
        ))  # fmt: skip
    seen = {name: one for name, one in told.items() if isinstance(one, tuple)}  # another one died meanwhile
    ours = look(str(lot))
    faults = [
        Fault(UNFIT, expected=expected, found=enumeration(sorted(wrong)), remedy=remedy)
        for expected, remedy, wrong in (
            ("un fil par processus", "relancez ces postes avec --nthreads 1",
             [name for name, one in _workers(client).items() if one["nthreads"] != 1]),
            (f"le dossier {lot}", "placez le dossier sur un disque que tous voient sous le même chemin",
             [name for name, (_, visible) in seen.items() if not visible]),
            ("le même code qu’ici", "installez-y la même version qu’ici",
             [name for name, (code, _) in seen.items() if code != ours[0]]),
        )
        if wrong
    ]  # fmt: skip
    if faults:
        raise ToolError(faults)


def look(lot: str) -> tuple[str, bool]:
    """Say which code a machine runs, and whether it sees the folder of the batch."""
    from diagnostic.pipeline import PUBLICATION  # noqa: PLC0415 - heavy, and asked of workers

    return Steps(Path(os.devnull)).key(PUBLICATION), Path(lot).is_dir()
