"""A batch from its list to its index page: read once, hand out, put together, begin again where it stopped."""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final, Protocol

from diagnostic.batch.jobs import TERRITORIES, UNREADY, Job, Outcome, share_tree
from diagnostic.batch.territories import heaviest_first
from diagnostic.errors import Fault, InputError, WorkspaceError
from diagnostic.workspace import Workspace, exclusive, explained, write_bytes, write_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from diagnostic.batch.pages import Place
    from diagnostic.batch.territories import Member
    from diagnostic.ingestion.intake import Verdict

    Engine = Callable[[Sequence[Job]], Iterator[Outcome]]

RECORD: Final = "lot.json"
FIXED: Final = 20  # a territory costs as much as so many quarters before its first one


class Tell(Protocol):
    """Told what was just done, out of how much, and the seconds that should remain (``None``: unknown)."""

    def __call__(self, step: str, *, done: int, total: int, remaining: float | None) -> None: ...  # noqa: D102 - the protocol's only word


def silent(step: str, *, done: int, total: int, remaining: float | None) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What a batch did.

    Parameters
    ----------
    outcomes
        One a territory, in the order of the list.
    documents
        Files of the synthesis.
    ignored
        Files of the sources that could not be used, and why.
    """

    outcomes: tuple[Outcome, ...]
    documents: tuple[Path, ...]
    ignored: tuple[Verdict, ...] = ()


def make(
    folder: Path,
    members: Sequence[Member],
    *,
    engine: Engine,
    day: date,
    title: str,
    sources: Sequence[Path] = (),
    tell: Tell = silent,
) -> Batch:
    """Make a complete set of documents for each territory, then their synthesis.

    Parameters
    ----------
    folder
        Where; it has the shape of a working folder: ``data/raw`` holds the files, ``territoires`` a working folder
        a territory, ``reports`` the synthesis. What is there and up to date is only checked, by its hashes.
    members
        The territories.
    engine
        Who does the work: :func:`diagnostic.batch.processes.work` or :func:`diagnostic.batch.cluster.work` with
        its options.
    day
        Date printed on the documents of territories that are not there yet.
    title
        Name of the whole.
    sources
        Files, folders or bundles to take in first.
    tell
        Told the progress.

    Returns
    -------
    Batch
        A territory that fails leaves the others alone: it is in ``echecs.csv``.

    Raises
    ------
    DiagnosticError
        When the folder is in use, cannot be written, or holds no file.
    """
    lot = Workspace(folder.resolve())
    with explained(folder):
        (lot.root / TERRITORIES).mkdir(parents=True, exist_ok=True)
    with exclusive(lot):
        for left in (lot.root / TERRITORIES).glob(f"{UNREADY}*"):
            shutil.rmtree(left)  # by a batch that was killed
        ignored = _ingest(lot, sources, tell=tell)
        jobs = [Job(lot.root, member, day) for member in heaviest_first(members)]
        outcomes = _worked(jobs, engine, tell=tell)
        tell("Synthèse", done=len(jobs), total=len(jobs), remaining=None)
        ordered = tuple(outcomes[member.name] for member in members)
        places = [_place(lot, member, outcome) for member, outcome in zip(members, ordered, strict=True)]
        documents = _conclude(lot, places, title=title)
    return Batch(ordered, documents, tuple(ignored))


def _ingest(lot: Workspace, sources: Sequence[Path], *, tell: Tell) -> list[Verdict]:
    """Take the files in and read each once; what was read serves every territory."""
    from diagnostic import pipeline  # noqa: PLC0415 - half a second that a wrong list must not cost
    from diagnostic.ingestion import bundle, intake  # noqa: PLC0415 - idem

    held = lot.raw.is_dir() and any(path.is_file() for path in lot.raw.rglob("*"))
    if not (sources or held):
        raise InputError(Fault(
            "aucun fichier de données dans ce dossier", file=str(lot.raw),
            remedy="donnez leur dossier avec --source ; « diagnostic sources » dit quoi télécharger",
        ))  # fmt: skip
    tell("Lecture des fichiers", done=0, total=1, remaining=None)
    accept = pipeline.accept(lot)
    verdicts = bundle.add(lot, [*sources, *([lot.raw] if held else [])], accept=accept)
    for entry in intake.inventory(lot):
        accept(entry, lot.raw / entry.file)
    usual = {intake.Outcome.ADDED, intake.Outcome.PRESENT}
    return [verdict for verdict in verdicts if verdict.outcome not in usual]


def _worked(jobs: Sequence[Job], engine: Engine, *, tell: Tell) -> dict[str, Outcome]:
    """Have the work done, and say how long it should still take from what it took so far."""
    weights = {job.member.name: FIXED + len(job.member.territory.qpv) for job in jobs}
    labels = {job.member.name: job.member.territory.name for job in jobs}
    start, left, whole = time.monotonic(), sum(weights.values()), sum(weights.values())
    outcomes: dict[str, Outcome] = {}
    for outcome in engine(jobs):
        outcomes[outcome.name] = outcome
        left -= weights[outcome.name]
        remaining = (time.monotonic() - start) * left / (whole - left)
        word = "non fait" if outcome.problem else "fait" if outcome.recomputed else "déjà à jour"
        tell(f"{labels[outcome.name]} : {word}", done=len(outcomes), total=len(jobs), remaining=remaining)
    return outcomes


def _place(lot: Workspace, member: Member, outcome: Outcome) -> Place:
    from diagnostic.batch.pages import Place  # noqa: PLC0415 - idem

    reports = lot.root / TERRITORIES / member.name / "reports"
    names = sorted(path.name for path in reports.glob("*") if path.is_file())
    territory = member.territory
    return Place(
        member.name, territory.name, len(territory.qpv), territory.departements, tuple(names), outcome.problem
    )


def _conclude(lot: Workspace, places: Sequence[Place], *, title: str) -> tuple[Path, ...]:
    """Write the synthesis of what was made, and the record by which parts are put together."""
    from diagnostic.api import load_public  # noqa: PLC0415 - idem
    from diagnostic.batch.pages import FAILURES, write_synthesis  # noqa: PLC0415 - idem
    from diagnostic.batch.synthesis import synthesise  # noqa: PLC0415 - idem

    made = {
        place.name: load_public(Workspace(lot.root / TERRITORIES / place.name))
        for place in places
        if not place.problem
    }
    synthesis = synthesise(made, name=title) if made else None
    files = write_synthesis(synthesis, places, title=title)
    for name, body in files.items():
        write_bytes(lot.reports / name, body)
    if FAILURES not in files:
        (lot.reports / FAILURES).unlink(missing_ok=True)
    record = {"titre": title, "territoires": [asdict(place) for place in places]}
    write_text(lot.root / "data" / "processed" / RECORD, json.dumps(record, ensure_ascii=False, indent=1) + "\n")
    return tuple(lot.reports / name for name in files)


def gather(folder: Path, parts: Iterable[Path], *, title: str) -> Batch:
    """Put together the parts of a batch that several machines made.

    Parameters
    ----------
    folder
        Where the whole goes; it may be one of the parts.
    parts
        Folders of the parts.
    title
        Name of the whole.

    Returns
    -------
    Batch
        As if one machine had made everything.

    Raises
    ------
    WorkspaceError
        When a folder is no batch, or two hold the same territory with other documents; all of them at once.
        A territory that lies in ``folder`` already is never written over.
    """
    lot = Workspace(folder.resolve())
    origins = list(dict.fromkeys(part.resolve() for part in parts))
    found = _recorded(origins, lot)
    with explained(folder):
        (lot.root / TERRITORIES).mkdir(parents=True, exist_ok=True)
    with exclusive(lot):
        for origin, place in found.values():
            if not (place.problem or (lot.root / TERRITORIES / place.name).exists()):
                _take_over(origin / TERRITORIES / place.name, lot.root / TERRITORIES / place.name)
        places = [place for _, place in sorted(found.values(), key=lambda one: one[1].name)]
        documents = _conclude(lot, places, title=title)
    return Batch(tuple(Outcome(place.name, problem=place.problem) for place in places), documents)


def _take_over(source: Path, target: Path) -> None:
    """Bring a working folder over, whole or not at all: what people write is copied, data are linked."""
    temporary = target.with_name(f"{UNREADY}{target.name}")
    with explained(target):
        shutil.rmtree(temporary, ignore_errors=True)
        shutil.copytree(source, temporary, ignore=shutil.ignore_patterns("data", ".*"))
        share_tree(source / "data", temporary / "data")
        temporary.replace(target)


def _recorded(parts: Sequence[Path], lot: Workspace) -> dict[str, tuple[Path, Place]]:
    """Read what each part holds; a territory that failed in one part may have been made in another."""
    found: dict[str, tuple[Path, Place]] = {}
    faults: list[Fault] = []
    for part in parts:
        record = part / "data" / "processed" / RECORD
        if not record.is_file():
            faults.append(Fault(
                "ce dossier n’est pas un lot terminé", file=str(part), expected=f"un fichier {RECORD}",
                remedy="relancez « diagnostic batch » sur cette part",
            ))  # fmt: skip
            continue
        for place in _places(record):
            first = found.get(place.name)
            if first is None or first[1].problem:
                first = found[place.name] = part, place
            faults += [
                Fault(
                    "le même territoire a été fait deux fois, avec d’autres documents", file=place.name,
                    found=f"{other} et {part}", remedy="gardez l’un des deux, ou réunissez dans un autre dossier",
                )
                for other in dict.fromkeys((first[0], lot.root))
                if not place.problem and _manifest(other, place) not in {b"", _manifest(part, place)}
            ]  # fmt: skip
    if faults:
        raise WorkspaceError(faults)
    return found


def _places(record: Path) -> list[Place]:
    from diagnostic.batch.pages import Place  # noqa: PLC0415 - idem

    rows = json.loads(record.read_text(encoding="utf-8"))["territoires"]
    tuples = ("departements", "documents")
    return [Place(**{**row, **{name: tuple(row[name]) for name in tuples}}) for row in rows]


def _manifest(part: Path, place: Place) -> bytes:
    path = part / TERRITORIES / place.name / "reports" / "manifest.json"
    return path.read_bytes() if path.is_file() else b""
