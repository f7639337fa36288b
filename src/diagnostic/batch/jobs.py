"""One territory of a batch: its working folder, and its diagnostic made in whichever process it falls to."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from diagnostic.config import CONFIG_NAME, TerritorySection, render_configuration
from diagnostic.errors import DiagnosticError, Fault, WorkspaceError
from diagnostic.workspace import Workspace, copy_file, create, explained

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from diagnostic.batch.territories import Member

TERRITORIES: Final = "territoires"
UNREADY: Final = ".en-preparation-"
DIED: Final = (
    "le processus qui faisait ce territoire s’est arrêté deux fois. À faire : relancez avec moins de processus "
    "(la mémoire manque peut-être), ou lancez « diagnostic run » sur ce seul dossier."
)


@dataclass(frozen=True, slots=True)
class Job:
    """A territory to make.

    Parameters
    ----------
    lot
        Folder of the batch; every process must see it under this path.
    member
        The territory.
    day
        Date printed on the documents.
    """

    lot: Path
    member: Member
    day: date

    @property
    def workspace(self) -> Workspace:
        """The territory's working folder."""
        return Workspace(self.lot / TERRITORIES / self.member.name)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a territory.

    Parameters
    ----------
    name
        Its folder.
    recomputed
        Steps that were not up to date; none when everything was there already.
    problem
        Why it could not be made, in French; empty when it was.
    """

    name: str
    recomputed: tuple[str, ...] = ()
    problem: str = ""


def attempt(job: Job) -> Outcome:
    """Make one territory; a fault that a person can mend is told, not raised.

    Parameters
    ----------
    job
        The territory; a folder that is already up to date is only checked, by its hashes.
    """
    from diagnostic import pipeline  # noqa: PLC0415 - whoever hands out the work does not do it

    try:
        done = pipeline.run(prepare(job))
    except DiagnosticError as problem:
        return Outcome(job.member.name, problem=str(problem))
    return Outcome(job.member.name, recomputed=done.recomputed)


def failed(job: Job, problem: BaseException) -> Outcome:
    """Tell what nobody foresaw by its kind only: its message could quote a cell of a survey."""
    told = (
        f"erreur inattendue ({type(problem).__name__}). À faire : lancez « diagnostic run » sur ce seul dossier, "
        "et transmettez le fichier qu’il indique à la personne qui vous aide."
    )
    return Outcome(job.member.name, problem=told)


def prepare(job: Job) -> Workspace:
    """Give the territory's working folder, with every file of the batch in it.

    The folder is an ordinary one: ``diagnostic run`` and ``diagnostic publier`` work on it. Raw files and what was
    read of them are hard links to those of the batch where the disk knows links, else copies.

    Raises
    ------
    WorkspaceError
        When the folder cannot be written, or holds another generation of quarters.
    """
    from diagnostic.ingestion import intake  # noqa: PLC0415 - idem
    from diagnostic.pipeline import accept  # noqa: PLC0415 - idem

    lot, workspace = Workspace(job.lot), job.workspace
    if not (workspace.root / CONFIG_NAME).is_file():
        _create(job)
    _check_generation(job)
    for read in sorted(path for path in lot.cache.iterdir() if path.is_dir()):
        share_tree(read, workspace.cache / read.name)
    known = {entry.sha256 for entry in intake.inventory(workspace)}
    lacking = [lot.raw / entry.file for entry in intake.inventory(lot) if entry.sha256 not in known]
    if lacking:
        intake.add(workspace, lacking, accept=accept(workspace))
    return workspace


def _create(job: Job) -> None:
    """Make the folder beside its place and put it there whole: a killed batch leaves no half of one."""
    from diagnostic.notebooks import copy_notebooks  # noqa: PLC0415 - idem

    final = job.workspace.root
    temporary = final.with_name(f"{UNREADY}{job.member.name}")
    territory = job.member.territory
    section = TerritorySection.model_validate({
        "nom": territory.name, "generation": territory.generation, "epci": list(territory.epci),
        "qpv": list(territory.qpv),
    })  # fmt: skip
    with explained(final):
        shutil.rmtree(temporary, ignore_errors=True)
        made = create(temporary, configuration=render_configuration(section, job.day))
        copy_notebooks(made.root / "notebooks")
        share_tree(Workspace(job.lot).raw, made.raw)
        temporary.replace(final)


def _check_generation(job: Job) -> None:
    found = job.workspace.configuration().territoire.generation
    if found != job.member.territory.generation:
        raise WorkspaceError(Fault(
            "ce territoire est déjà là avec une autre génération de quartiers", file=job.member.name,
            expected=f"génération {job.member.territory.generation}", found=f"génération {found}",
            remedy="faites les deux générations dans deux dossiers (--dossier)",
        ))  # fmt: skip


def share_tree(origin: Path, target: Path) -> None:
    """Make the files of a folder appear in another one too, without a second copy where the disk allows it.

    Parameters
    ----------
    origin, target
        Folders; a file that is in the target already stays as it is. Hidden files belong to their folder.
    """
    with explained(target):
        target.mkdir(parents=True, exist_ok=True)
        for path in sorted(origin.rglob("*")):
            place = target / path.relative_to(origin)
            if path.is_dir():
                place.mkdir(exist_ok=True)
                shutil.copymode(path, place)
            elif not place.exists() and not path.name.startswith("."):
                _share(path, place)


def _share(origin: Path, target: Path) -> None:
    if origin.suffix == ".toml":  # a declaration is edited by hand, in its own folder
        copy_file(origin, target)
        return
    try:
        os.link(origin, target)
    except OSError:  # another disk, or a system without links
        copy_file(origin, target)
