"""The demonstration: the fictional territory's raw files, taken in as any others."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Final

from diagnostic import inventory
from diagnostic.config import CONFIG_NAME, TerritorySection, render_configuration
from diagnostic.demo import (
    EPCI_CODE,
    EPCI_LABEL,
    write_actions,
    write_campaign,
    write_lead_tables,
    write_survey,
    write_territory,
)
from diagnostic.errors import Fault, InputError
from diagnostic.ingestion import intake
from diagnostic.notebooks import copy_notebooks
from diagnostic.pipeline import accept
from diagnostic.reception import receive
from diagnostic.workspace import Workspace, create

EDITION_DATE: Final = date(2026, 1, 31)
QPV: Final = [f"QP09900{number}" for number in range(1, 10)]


def prepare(folder: Path) -> Workspace:
    """Make the demonstration folder, or give back the one that is there.

    Parameters
    ----------
    folder
        Where; a folder already prepared is kept with what was changed in it.

    Returns
    -------
    Workspace
        Ready for ``pipeline.run``.

    Raises
    ------
    WorkspaceError
        When the folder holds something else.
    """
    if (folder / CONFIG_NAME).is_file():
        workspace = Workspace(folder)
    else:
        section = TerritorySection(nom=EPCI_LABEL, generation=2015, epci=[EPCI_CODE], qpv=QPV)
        workspace = create(folder, configuration=render_configuration(section, EDITION_DATE))
        copy_notebooks(workspace.root / "notebooks")
    if not intake.inventory(workspace):
        _fill(workspace)
    return workspace


def _fill(workspace: Workspace) -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        files = write_territory(Path(scratch) / "fichiers")
        verdicts = intake.add(workspace, files, accept=accept(workspace))
        receive(workspace, write_survey(Path(scratch) / "enquete")[0])
    for write in (write_actions, write_campaign, write_lead_tables):
        write(workspace.root / inventory.FOLDER)
    refused = [verdict for verdict in verdicts if verdict.outcome is not intake.Outcome.ADDED]
    if refused:
        what = "un fichier de démonstration n’est pas reconnu"
        raise InputError(Fault(what, file=verdict.path.name, found=verdict.message) for verdict in refused)
