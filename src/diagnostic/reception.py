"""A survey taken in: read where it lies, stripped of every identifier, kept in ``restricted`` until its day."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, fields
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import pandas as pd

from diagnostic.analysis.perception.asked import Survey
from diagnostic.diagnosis import perimeter
from diagnostic.errors import ConfigurationError, Fault
from diagnostic.formatting import long_date, plural
from diagnostic.ingestion import intake
from diagnostic.ingestion.privacy import Decision, strip
from diagnostic.ingestion.source import SOURCES
from diagnostic.ingestion.store import read_table, write_table
from diagnostic.ingestion.survey.canonical import UNRESOLVED_NAME, canonical
from diagnostic.ingestion.survey.codebook import CODEBOOK_NAME, check, column_decisions, draft, load_codebook
from diagnostic.ingestion.survey.detection import inspect
from diagnostic.ingestion.survey.reader import read_export
from diagnostic.ingestion.survey.rules import Action
from diagnostic.provenance import sha256
from diagnostic.survey_model.identity import SurveyIdentity
from diagnostic.vocabulary import Level
from diagnostic.workspace import copy_file, explained, write_text

if TYPE_CHECKING:
    from pathlib import Path

    from diagnostic.ingestion.survey.canonical import SurveyTables
    from diagnostic.ingestion.survey.codebook import Codebook
    from diagnostic.ingestion.survey.export import Export
    from diagnostic.workspace import Workspace

ESTIMATES: Final = "estimates"
CARD: Final = "enquete.json"
TABLES: Final = ("responses", "choices", "experiences")
_FORBIDDEN: Final = """
# {label} : {text}.
# Le fichier est refusé tant que cette colonne y est. Ôtez-la de l’export, ou inscrivez la décision :
# [decisions."{column}"]
# decision = "retirer"
# motif = "non nécessaire au diagnostic"
# date = AAAA-MM-JJ
# par = "nom de la personne qui décide"\
"""
ERASED: Final = "suppressions.txt"


def receive(workspace: Workspace, path: Path) -> str:
    """Take in a survey, or prepare its codebook when there is none yet.

    Parameters
    ----------
    workspace
        The folder; only what the codebook names is kept, without any direct identifier.
    path
        The export; it stays where it is.

    Returns
    -------
    str
        French sentence: what was kept, or what to complete.

    Raises
    ------
    RefusedError
        When the file holds what may not be collected.
    InputError, ConfigurationError, TerritoryError
        When the export, its codebook or its quarters have faults.
    """
    place = workspace.root / CODEBOOK_NAME
    beside = path.with_name(CODEBOOK_NAME)
    export = read_export(path)
    if not place.is_file():
        if not beside.is_file():
            write_text(place, _draft(export))
            return f"complétez {CODEBOOK_NAME}, puis ajoutez de nouveau ce fichier"
        copy_file(beside, place)
    codebook = load_codebook(place)
    _still_allowed(codebook.date_suppression)
    strip(export, decisions=column_decisions(export, codebook))  # refuses what nobody may hold, mapped or not
    tables = canonical(
        export, codebook, territory=perimeter(workspace.configuration()), outlines=_outlines(workspace, codebook)
    )
    _keep(workspace, tables, path)
    notes = " ".join(tables.notes)
    unsettled = ""
    if len(tables.unresolved):
        unsettled = f" {plural(len(tables.unresolved), 'nom')} de quartier à confirmer dans {UNRESOLVED_NAME}."
    return f"enquête : {plural(len(tables.responses), 'réponse')} retenues. {notes}{unsettled}".strip()


def check_deletion(workspace: Workspace) -> None:
    """Refuse to work on responses that should be erased by now.

    Raises
    ------
    ConfigurationError
        When the day of deletion has passed.
    """
    identity = _card(workspace)
    if identity is not None:
        _still_allowed(identity.deletion)


def was_erased(workspace: Workspace) -> bool:
    """Say whether responses were erased from this folder."""
    return (workspace.restricted / ERASED).is_file()


def _still_allowed(deletion: date) -> None:
    today = datetime.now(tz=UTC).astimezone().date()
    if deletion < today:
        raise ConfigurationError(
            Fault(
                "la date de suppression des réponses est passée", file=CODEBOOK_NAME, column="date_suppression",
                found=long_date(deletion),
                remedy="effacez l’export et les réponses (« diagnostic survey purge »)",
            )
        )  # fmt: skip


def _outlines(workspace: Workspace, codebook: Codebook) -> gpd.GeoDataFrame | None:
    place = codebook.quartier
    if place is None or place.par != "coordonnees":
        return None
    found = []
    for entry in intake.inventory(workspace):
        if entry.source in SOURCES and SOURCES[entry.source].generation == place.generation:
            boundaries = intake.read(entry, workspace.raw / entry.file).boundaries
            if boundaries is not None:
                found.append(boundaries[boundaries["level"] == Level.QPV])
    return gpd.GeoDataFrame(pd.concat(found), crs="EPSG:4326") if found else None


def _keep(workspace: Workspace, tables: SurveyTables, path: Path) -> None:
    folder = workspace.survey
    for name in TABLES:
        write_table(folder / f"{name}.parquet", getattr(tables, name))
    if len(tables.unresolved):
        write_text(folder / UNRESOLVED_NAME, tables.unresolved.to_csv(sep=";", index=False))
    card = {"identite": asdict(tables.identity), "export_sha256": sha256(path)}
    write_text(folder / CARD, json.dumps(card, ensure_ascii=False, indent=1, default=str) + "\n")


def recall(workspace: Workspace) -> Survey | None:
    """Give back the survey that was taken in, or ``None``.

    Parameters
    ----------
    workspace
        The folder.
    """
    identity = _card(workspace)
    if identity is None:
        return None
    tables = {name: read_table(workspace.survey / f"{name}.parquet") for name in TABLES}
    return Survey(**tables, identity=identity)


def _card(workspace: Workspace) -> SurveyIdentity | None:
    path = workspace.survey / CARD
    if not path.is_file():
        return None
    raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["identite"]
    for name in ("start", "end", "deletion"):
        raw[name] = date.fromisoformat(raw[name])
    raw["modes"] = tuple(raw["modes"])
    raw["offered"] = {concept: tuple(answers) for concept, answers in raw["offered"].items()}
    return SurveyIdentity(**{field.name: raw[field.name] for field in fields(SurveyIdentity)})


def files(workspace: Workspace) -> list[Path]:
    """List what is kept of the survey, in a fixed order; the next run depends on it."""
    folder = workspace.survey
    return sorted(path for path in folder.glob("*") if path.is_file()) if folder.is_dir() else []


def describe(workspace: Workspace, path: Path) -> str:
    """Say what the codebook would read in an export.

    Parameters
    ----------
    workspace
        The folder whose ``enquete.toml`` is used.
    path
        The export.

    Raises
    ------
    ConfigurationError
        When there is no codebook, or it has faults.
    """
    return str(check(read_export(path), load_codebook(workspace.root / CODEBOOK_NAME)))


def proposed(path: Path) -> str:
    """Draft the codebook of an export, its guesses marked.

    Parameters
    ----------
    path
        The export.
    """
    return _draft(read_export(path))


def _draft(export: Export) -> str:
    """Draft a codebook without any personal value; what is forbidden gets its decision to record."""
    forbidden = [found for found in inspect(export) if found.action is Action.REFUSE]
    kept, _ = strip(export, decisions=dict.fromkeys((found.column for found in forbidden), Decision.REMOVE))
    blocks = [_FORBIDDEN.format(column=found.column, text=found.text, label=found.label) for found in forbidden]
    return "\n".join([draft(kept).rstrip("\n"), *blocks, ""])


def purge(workspace: Workspace) -> list[str]:
    """Erase the responses and every table made from them, and write it down.

    Parameters
    ----------
    workspace
        The folder. Documents already published are not touched: they hold no response.

    Returns
    -------
    list of str
        What was erased, from the folder.
    """
    folder = workspace.survey
    gone = [path.relative_to(workspace.root).as_posix() for path in files(workspace)]
    estimates = workspace.restricted / f"{ESTIMATES}.parquet"
    with explained(folder):
        if folder.is_dir():
            shutil.rmtree(folder)
        if estimates.is_file():
            estimates.unlink()
            gone.append(estimates.relative_to(workspace.root).as_posix())
    if gone:
        today = datetime.now(tz=UTC).astimezone().date()
        record = workspace.restricted / ERASED
        before = record.read_text(encoding="utf-8") if record.is_file() else ""
        write_text(record, f"{before}{today.isoformat()} : réponses effacées ({', '.join(gone)})\n")
    return gone
