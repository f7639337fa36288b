"""The actions of a working folder: the workbook to fill in, a dry reading, the board of the session."""

from __future__ import annotations

import contextlib
import math
import time
from dataclasses import replace
from datetime import date
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from diagnostic.analysis.actions import action_tables, coverage, long_form
from diagnostic.analysis.domains import DOMAIN_THEMES
from diagnostic.analysis.evidence import TERRITORY
from diagnostic.api import load_public
from diagnostic.errors import Fault, InputError, WorkspaceError
from diagnostic.formatting import number, plural, quantity
from diagnostic.ingestion.actions import read_actions, template
from diagnostic.kit import _names
from diagnostic.publication.board import board as page
from diagnostic.vocabulary import Level, is_fictional
from diagnostic.workspace import write_bytes, write_text

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from pathlib import Path

    import pandas as pd

    from diagnostic.analysis.actions import ActionTables
    from diagnostic.workspace import Workspace

FOLDER: Final = "actions"
TEMPLATE_NAME: Final = "inventaire.xlsx"
BOARD_NAME: Final = "tableau_actions.html"
REFRESH: Final = 3  # seconds between two looks, of the page and of the command
UNDATED: Final = date(1980, 1, 1)  # no output reads a clock: the first day that a zip can hold
_OPEN: Final = "~$"  # what an office suite writes beside a file that it holds


def files(workspace: Workspace) -> list[Path]:
    """List the inventory's files, in the order of their names."""
    found = [*(workspace.root / FOLDER).glob("*.xlsx"), *(workspace.root / FOLDER).glob("*.ods")]
    return sorted(path for path in found if not path.name.startswith(_OPEN))


def recall(workspace: Workspace) -> pd.DataFrame | None:
    """Read the inventory of a folder; ``None`` where there is no file.

    Raises
    ------
    InputError
        With every fault of every file.
    """
    paths = files(workspace)
    section = workspace.configuration().territoire
    return read_actions(paths, generation=section.generation, qpv=_names(workspace)) if paths else None


def write_template(workspace: Workspace, target: Path | None = None) -> Path:
    """Write the workbook to fill in, never over one that is there.

    Parameters
    ----------
    workspace
        A working folder.
    target
        Where; ``actions/inventaire.xlsx`` by default.

    Raises
    ------
    WorkspaceError
        When a file of that name is there.
    """
    path = target or workspace.root / FOLDER / TEMPLATE_NAME
    if path.exists():
        raise WorkspaceError(Fault(
            "ce fichier existe déjà, il est gardé tel quel", file=str(path),
            remedy="donnez un autre nom, par exemple celui du partenaire",
        ))  # fmt: skip
    configuration = workspace.configuration()
    section = configuration.territoire
    write_bytes(path, template(
        territory=section.nom, generation=section.generation, qpv=_names(workspace),
        day=configuration.publication.date_edition or UNDATED,
        fictional=any(is_fictional(Level.QPV, code) for code in section.qpv),
    ))  # fmt: skip
    return path


def check(workspace: Workspace) -> list[str]:
    """Say what the files of the folder hold, without keeping anything.

    Raises
    ------
    InputError
        With every fault of every file.
    """
    found = recall(workspace)
    if found is None:
        return ["Aucun fichier dans le dossier « actions » : « diagnostic actions template » en écrit un."]
    counts = found.groupby("file")["action"].size().to_dict()
    figures = _tables(workspace, found).action_figures.to_dict("records")
    return [
        *(f"{name} : {plural(int(count), 'action')}" for name, count in counts.items()),
        *(f"{row['label']} : {_value(row)}{row['note']}" for row in figures),
    ]


def _value(row: dict[Hashable, Any]) -> str:
    if math.isnan(row["value"]):
        return ""
    shown = quantity(row["value"], "percent") if row["unit"] == "percent" else number(row["value"])
    return f"{shown}, "


def _tables(workspace: Workspace, found: pd.DataFrame) -> ActionTables:
    """Set the inventory out; criteria that the last diagnostic signals have a column, acted on or not."""
    tables = action_tables(found, territory=list(workspace.configuration().territoire.qpv))
    cited = {criterion for _, criterion in _signalled(workspace)}
    return replace(tables, action_coverage=coverage(long_form(found), cited=cited))


def _signalled(workspace: Workspace) -> set[tuple[str, str]]:
    """Give the domains and criteria that the last diagnostic signals, none before it."""
    try:
        found = load_public(workspace).evidence
    except (FileNotFoundError, WorkspaceError):
        return set()
    rows = found[(found["perimeter"] == TERRITORY) & (found["degree"] > 0)]
    themes = set(zip(rows["theme"].astype(str), rows["criterion"].astype(str), strict=True))
    return {(domain, one) for domain, theme in DOMAIN_THEMES.items() for name, one in themes if name == theme}


def write_board(workspace: Workspace, *, refresh: int = 0) -> tuple[Path, tuple[str, ...]]:
    """Write the board from the files as they are.

    Parameters
    ----------
    workspace
        A working folder.
    refresh
        Seconds after which the page reads itself again, 0 for never.

    Returns
    -------
    tuple
        ``reports/tableau_actions.html``, and the faults of the files: the page shows them above the actions of the
        files that have none.

    Raises
    ------
    InputError
        When no file at all can be read.
    """
    read, faults = _readable(workspace)
    section = workspace.configuration().territoire
    path = workspace.reports / BOARD_NAME
    write_text(path, page(
        _tables(workspace, read), title=section.nom, signalled=_signalled(workspace), faults=faults,
        refresh=refresh, fictional=any(is_fictional(Level.QPV, code) for code in section.qpv),
    ))  # fmt: skip
    return path, faults


def _readable(workspace: Workspace) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Read what can be, the files that have a fault left out, the faults of all said."""
    paths, section = files(workspace), workspace.configuration().territoire
    names = _names(workspace)

    def read(kept: list[Path]) -> pd.DataFrame:
        return read_actions(kept, generation=section.generation, qpv=names)

    try:
        return read(paths), ()
    except InputError as problem:
        wrong = {fault.file for fault in problem.faults}
        return read([path for path in paths if path.name not in wrong]), tuple(map(str, problem.faults))


def watch(
    workspace: Workspace, tell: Callable[[Path, tuple[str, ...]], None], *, looks: int | None = None
) -> None:
    """Write the board again each time a file is saved, until interrupted.

    Parameters
    ----------
    workspace
        A working folder.
    tell
        Told the page and the faults each time it is written.
    looks
        How many times to look, without end by default.
    """
    before: dict[Path, tuple[int, int]] | None = None
    for look in count() if looks is None else range(looks):
        if look:
            time.sleep(REFRESH)
        now = _stamps(workspace)
        if now != before:
            tell(*write_board(workspace, refresh=REFRESH))
            before = now


def _stamps(workspace: Workspace) -> dict[Path, tuple[int, int]]:
    """Say when each file was saved; one that an office suite is just replacing is not there."""
    found = {}
    for path in files(workspace):
        with contextlib.suppress(FileNotFoundError):
            stat = path.stat()
            found[path] = stat.st_mtime_ns, stat.st_size
    return found
