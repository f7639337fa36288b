"""The steps in order: read, analyse, publish. With ``diagnosis``, the only module that knows the whole house."""

from __future__ import annotations

import csv
import zipfile
from dataclasses import asdict, dataclass
from itertools import chain, count
from typing import TYPE_CHECKING, Final, Protocol

import pandas as pd

from diagnostic import inventory, reception
from diagnostic.analysis.disclosure.ledger import LEDGER_NAME, entered, known_cells
from diagnostic.analysis.hidden import SURVEY
from diagnostic.api import IDENTITY_NAME, MEASURES, PUBLIC_TABLES, identity_text, load_public
from diagnostic.config import CONFIG_NAME
from diagnostic.diagnosis import Input, diagnose, perimeter
from diagnostic.errors import ConfigurationError, Fault, InputError
from diagnostic.formatting import enumeration, plural, typographic
from diagnostic.ingestion import intake, local_table
from diagnostic.ingestion.catalogue.entries import catalogue as public_catalogue
from diagnostic.ingestion.catalogue.territory import territory_catalogue
from diagnostic.ingestion.source import SOURCES, Tables
from diagnostic.ingestion.store import read_near, read_table, write_table
from diagnostic.provenance import sha256
from diagnostic.reception import ESTIMATES
from diagnostic.steps import Steps
from diagnostic.territory.names import department_of
from diagnostic.workspace import exclusive, explained, replacing, write_bytes, write_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from diagnostic.analysis.perception.asked import Survey
    from diagnostic.ingestion.intake import Entry, Verdict
    from diagnostic.territory.places import Territory
    from diagnostic.workspace import Workspace

# What the result of each step depends on, beside its inputs: patterns from the package's root.
READING: Final = ("*.py", "ingestion/**/*", "territory/**/*")
ANALYSIS: Final = (*READING, "analysis/**/*")
PUBLICATION: Final = (*ANALYSIS, "publication/**/*", "textes/*.md")
KINDS: Final = (MEASURES, "boundaries", "links")
CELLS: Final = "cells"
PRIVATE: Final = 0o600
MARKER: Final = "complet.txt"  # written last, with the number of figures read
SHORT_NAMES: Final = "noms_courts.csv"


class Progress(Protocol):
    """Told what begins, out of how much."""

    def __call__(self, step: str, *, done: int, total: int) -> None: ...  # noqa: D102 - the protocol's only word


def silent(step: str, *, done: int, total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a run did.

    Parameters
    ----------
    documents
        Files of ``reports`` in the order they are shown.
    recomputed
        Names of the steps that were not already up to date.
    ignored
        Files of ``data/raw`` that could not be used, and why.
    notes
        French sentences worth reading: a quarter without outline, a perimeter that differs…
    """

    documents: tuple[Path, ...]
    recomputed: tuple[str, ...]
    ignored: tuple[Verdict, ...]
    notes: tuple[str, ...]


def run(workspace: Workspace, *, progress: Progress = silent, draft: bool = False) -> Run:
    """Do everything: read what ``data/raw`` holds, analyse, publish; what is up to date is left as it is.

    Parameters
    ----------
    workspace
        A working folder.
    progress
        Told each step.
    draft
        Whether every page of the documents says that it is a draft; a release never does.

    Returns
    -------
    Run
        What was made.

    Raises
    ------
    DiagnosticError
        When the configuration, an input or the folder has a fault; documents made earlier stay intact.
    """
    workspace.configuration()
    with exclusive(workspace):
        steps = Steps(workspace.cache / "steps.json")
        ignored = _adopt(workspace, steps)
        entries = intake.inventory(workspace)
        total = len(entries) + 2
        for done, entry in enumerate(entries):
            progress(f"Lecture de {entry.file.rsplit('/', 1)[-1]}", done=done, total=total)
            _read(workspace, entry, workspace.raw / entry.file, steps=steps)
        progress("Analyse", done=total - 2, total=total)
        notes = _analyse(workspace, entries, steps=steps)
        progress("Publication", done=total - 1, total=total)
        documents = _publish(workspace, steps=steps, draft=draft)
        progress("Terminé", done=total, total=total)
    return Run(tuple(documents), tuple(steps.recomputed), tuple(ignored), tuple(notes))


def release(workspace: Workspace, *, date: date, validations: Mapping[str, object]) -> Path:
    """Make what may leave the machine, and write in the ledger what left, who agreed and when.

    Parameters
    ----------
    workspace
        A working folder; it is brought up to date first.
    date
        Day of the release.
    validations
        Who agreed, and when.

    Returns
    -------
    Path
        A zip of the documents and of the public tables, in ``diffusions``.

    Raises
    ------
    DiagnosticError
        As :func:`run`.
    """
    made = run(workspace).documents  # whatever else lies in the folder stays there
    found = sorted({*made, *(path for path in workspace.public.rglob("*") if path.is_file())})
    files = {path.relative_to(workspace.root).as_posix(): path for path in found}
    with exclusive(workspace):
        cells = read_table(workspace.restricted / f"{CELLS}.parquet")
        hashes = {name: sha256(path) for name, path in files.items()}
        # The ledger first: a release that is written down and did not leave is safe, the reverse is not.
        text = entered(
            _ledger(workspace), cells, date=date.isoformat(), files=hashes, validations=validations
        )  # fmt: skip
        write_text(workspace.root / LEDGER_NAME, text)
        target = _free(workspace.root / "diffusions" / f"{date.isoformat()}.zip")
        with replacing(target) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, path in files.items():
                archive.writestr(zipfile.ZipInfo(name), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return target


def _ledger(workspace: Workspace) -> str:
    path = workspace.root / LEDGER_NAME
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _free(path: Path) -> Path:
    """Give a name that is not taken: nothing released is ever overwritten."""
    taken = (path.with_stem(f"{path.stem}-{number}") for number in count(2))
    return next(one for one in chain([path], taken) if not one.exists())


def accept(workspace: Workspace, *, steps: Steps | None = None) -> Callable[[Entry, Path], object]:
    """Give the reader that ``intake.add`` calls: it reads a file whole and keeps the result for the next run."""
    kept = steps or Steps(workspace.cache / "steps.json")
    return lambda entry, path: _read(workspace, entry, path, steps=kept)


def _adopt(workspace: Workspace, steps: Steps) -> list[Verdict]:
    """Take in the files that were put into ``data/raw`` by hand, or left there by an interrupted copy."""
    if not any(path.is_file() for path in workspace.raw.rglob("*")):
        return []
    verdicts = intake.add(workspace, [workspace.raw], accept=accept(workspace, steps=steps))
    usual = {intake.Outcome.ADDED, intake.Outcome.PRESENT}
    return [verdict for verdict in verdicts if verdict.outcome not in usual]


# Reading: one folder of the cache a file, made once for its bytes and the reader's code.


def _folder(workspace: Workspace, entry: Entry, path: Path, steps: Steps) -> Path:
    key = steps.key(READING, entry.sha256, entry.source, entry.edition, intake.declaration_digest(path))
    return workspace.cache / key[:24]


def _read(workspace: Workspace, entry: Entry, path: Path, *, steps: Steps) -> None:
    folder = _folder(workspace, entry, path, steps)
    marker = folder / MARKER
    if marker.is_file():
        return
    tables = intake.read(entry, path)
    for kind in KINDS:
        table = getattr(tables, kind)
        if table is not None:
            write_table(folder / f"{kind}.parquet", table)
    write_text(marker, f"{0 if tables.measures is None else len(tables.measures)}\n")
    steps.recomputed.append(f"lecture de {entry.file.rsplit('/', 1)[-1]}")


def _input(workspace: Workspace, entry: Entry, steps: Steps, *, departments: Sequence[str]) -> Input:
    path = workspace.raw / entry.file
    folder = _folder(workspace, entry, path, steps)
    if entry.source in SOURCES:
        source = SOURCES[entry.source]
        label, provenance, publishable, threshold = source.label, source.provenance, True, 0
    else:
        declaration = local_table.load(local_table.declaration_of(path))
        label, provenance = declaration.table.titre, declaration.provenance
        publishable, threshold = declaration.table.diffusion == "publique", declaration.table.seuil
        if not publishable:
            path.chmod(PRIVATE)
    row = {
        "source": entry.source, "edition": entry.edition, "label": label, **asdict(provenance),
        "file": entry.file.rsplit("/", 1)[-1], "sha256": entry.sha256,
        "rows": int((folder / MARKER).read_text(encoding="utf-8")), "basis": entry.basis,
    }  # fmt: skip
    return Input(row, _tables(folder, departments), publishable, threshold)


def _tables(folder: Path, departments: Sequence[str]) -> Tables:
    files = {kind: folder / f"{kind}.parquet" for kind in KINDS}
    found = {kind: read_table(file) for kind, file in files.items() if kind != MEASURES and file.is_file()}
    if files[MEASURES].is_file():
        found[MEASURES] = read_near(files[MEASURES], departments)
    return Tables(**found)


# Analysis: the territory's tables, made once for its settings and inputs.


def _analyse(workspace: Workspace, entries: list[Entry], *, steps: Steps) -> list[str]:
    names = workspace.root / SHORT_NAMES
    hashes = [f"{entry.file} {entry.sha256} {entry.source} {entry.edition}" for entry in entries]
    declared = [intake.declaration_digest(workspace.raw / entry.file) for entry in entries]
    settings = [sha256(workspace.root / CONFIG_NAME), sha256(names) if names.is_file() else ""]
    reception.check_deletion(workspace)
    answers = [sha256(path) for path in reception.files(workspace)]
    gathered = [f"{path.name} {sha256(path)}" for path in inventory.inputs(workspace)]
    key = steps.key(ANALYSIS, *settings, *hashes, *declared, *answers, *gathered, _ledger(workspace))
    notes = workspace.cache / "notes.txt"
    outputs = [workspace.public / f"{name}.parquet" for name in (*PUBLIC_TABLES, MEASURES)]
    outputs += [workspace.restricted / f"{name}.parquet" for name in (MEASURES, ESTIMATES, CELLS)]
    outputs += [workspace.public / IDENTITY_NAME, notes]
    if not steps.current("analyse", key, outputs):
        if not entries:
            raise InputError(
                Fault(
                    "aucun fichier de données dans ce dossier", file=str(workspace.raw),
                    remedy="« diagnostic sources » dit quoi télécharger, « diagnostic add » l’ajoute",
                )
            )  # fmt: skip
        _write_tables(workspace, entries, steps=steps, notes=notes)
        steps.done("analyse", key, outputs)
    return notes.read_text(encoding="utf-8").splitlines()


def _write_tables(workspace: Workspace, entries: list[Entry], *, steps: Steps, notes: Path) -> None:
    configuration = workspace.configuration()
    territory = perimeter(configuration)
    departments = sorted({*territory.departements, *map(department_of, territory.communes)})
    inputs = [_input(workspace, entry, steps, departments=departments) for entry in entries]
    survey, names = reception.recall(workspace), _short_names(workspace)
    result = diagnose(
        inputs, configuration, short_names=names, survey=survey,
        out=known_cells(_ledger(workspace)), offer=_offer(entries, generation=territory.generation),
        gathered=inventory.gather(workspace), standing=_standing(workspace, survey),
    )  # fmt: skip
    for name in PUBLIC_TABLES:
        write_table(workspace.public / f"{name}.parquet", getattr(result.public, name))
    write_table(workspace.public / f"{MEASURES}.parquet", result.measures)
    write_table(workspace.restricted / f"{MEASURES}.parquet", result.restricted)
    write_table(workspace.restricted / f"{ESTIMATES}.parquet", result.estimates)
    record = workspace.restricted / f"{CELLS}.parquet"
    before = read_table(record) if result.stands and record.is_file() else result.cells.iloc[:0]
    kept = before[before["table"].str.startswith(SURVEY)]
    write_table(record, pd.concat([result.cells, kept], ignore_index=True) if len(kept) else result.cells)
    write_text(workspace.public / IDENTITY_NAME, identity_text(result.public.identity))
    told = (*result.notes, *_astray(names, territory))
    write_text(notes, "".join(f"{note}\n" for note in told))


def _standing(workspace: Workspace, survey: Survey | None) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """Give what the last run showed of the survey: aggregates hold nobody, they outlive erased responses."""
    estimates, card = (workspace.public / f"{name}.parquet" for name in ("estimates", "card"))
    kept = survey is not None or reception.was_erased(workspace)
    return (read_table(estimates), read_table(card)) if kept and estimates.is_file() and card.is_file() else None


def _offer(entries: list[Entry], *, generation: int) -> pd.DataFrame:
    """Say which public sources exist for the territory; a lead's own files are named in no public table."""
    known = [entry for entry in entries if entry.source in SOURCES]
    return territory_catalogue(public_catalogue(), generation=generation, present=known)


def _short_names(workspace: Workspace) -> dict[str, str]:
    path = workspace.root / SHORT_NAMES
    if not path.is_file():
        return {}
    rows = list(csv.reader(_text(path, SHORT_NAMES).splitlines(), delimiter=";"))
    faults = [
        Fault("ligne illisible", file=SHORT_NAMES, line=line, expected="code;nom court", found=";".join(row))
        for line, row in enumerate(rows, start=1)
        if row and len(row) != 2  # noqa: PLR2004 - a code and a name
    ]
    if faults:
        raise ConfigurationError(faults)
    titled = bool(rows and rows[0]) and not rows[0][0].strip().startswith("Q")
    return {row[0].strip(): row[1].strip() for row in rows[titled:] if row}


def _astray(names: Mapping[str, str], territory: Territory) -> Iterator[str]:
    """Say which short names serve nowhere: a code mistyped, or of the other generation."""
    strange = [code for code in names if code not in territory.qpv]
    if strange:
        yield typographic(
            f"{SHORT_NAMES} : {plural(len(strange), 'nom ne sert pas', 'noms ne servent pas')}, "
            f"{enumeration(strange)} : hors des quartiers de {CONFIG_NAME}, génération {territory.generation}."
        )


# Publication: documents made once for the public tables and the lead's prose.


def _publish(workspace: Workspace, *, steps: Steps, draft: bool) -> list[Path]:
    tables = [workspace.public / f"{name}.parquet" for name in PUBLIC_TABLES]
    prose = _prose(workspace)
    numbers, words = (
        [f"{path.name} {sha256(path)}" for path in paths]
        for paths in ([*tables, workspace.public / IDENTITY_NAME], prose)
    )
    key = steps.key(PUBLICATION, *numbers, *words, sha256(workspace.root / CONFIG_NAME), "projet" if draft else "")
    made = workspace.cache / "documents.txt"
    outputs = [workspace.reports / name for name in _lines(made)] or [made]
    if steps.current("publication", key, outputs):
        return outputs
    # Drawing is heavy to load, and neither `add` nor an up-to-date run draws.
    from diagnostic.publication.documents import write_all  # noqa: PLC0415 - idem
    from diagnostic.publication.kept import Kept  # noqa: PLC0415 - idem

    same, store = steps.key(PUBLICATION, *numbers), workspace.cache / "publication.zip"
    kept = Kept(store.read_bytes() if steps.current("figures", same, [store]) else b"")

    texts = {path.name: _text(path, f"textes/{path.name}") for path in prose}
    long = workspace.configuration().publication.version == "longue"
    settings = sha256(workspace.root / CONFIG_NAME)
    documents = write_all(
        load_public(workspace), texts=texts, settings=settings, long=long, draft=draft, kept=kept
    )
    _check_free(workspace, documents)
    for name, body in documents.items():
        write_bytes(workspace.reports / name, body)
    for former in set(_lines(made)) - set(documents):
        (workspace.reports / former).unlink(missing_ok=True)
    write_text(made, "".join(f"{name}\n" for name in documents))
    outputs = [workspace.reports / name for name in documents]
    if kept.grown:
        write_bytes(store, kept.packed())
        steps.done("figures", same, [store])
    steps.done("publication", key, outputs)
    return outputs


def _prose(workspace: Workspace) -> list[Path]:
    """List the lead's texts; one that would be passed over for its name is refused."""
    found = sorted(path for path in workspace.texts.glob("[!.~]*") if path.is_file())
    wrong = [path.name for path in found if path.suffix != ".md" or path.stem.endswith(".md")]
    if wrong:
        raise ConfigurationError([
            Fault(
                "un texte dont le nom ne finit pas par .md", file=f"textes/{name}", expected="contexte.md",
                remedy="renommez-le ; l’explorateur cache peut-être la fin des noms (Affichage, Extensions)",
            )
            for name in wrong
        ])  # fmt: skip
    return found


def _check_free(workspace: Workspace, names: Iterable[str]) -> None:
    """Refuse to begin when a document is held by another program: all are replaced, or none."""
    for path in (workspace.reports / name for name in names):
        if path.is_file():
            with explained(path), path.open("r+b"):
                pass


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []


def _text(path: Path, name: str) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as problem:
        raise ConfigurationError(
            Fault(
                "le fichier n’est pas enregistré en UTF-8", file=name,
                remedy="dans votre éditeur, « Enregistrer sous », encodage UTF-8",
            )
        ) from problem  # fmt: skip
