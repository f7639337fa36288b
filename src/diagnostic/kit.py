"""The survey kit of a working folder: its quarters, its adults, its dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from diagnostic.errors import WorkspaceError
from diagnostic.ingestion.survey.kit import write_kit
from diagnostic.territory import catalogue

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from diagnostic.workspace import Workspace


def prepare(workspace: Workspace, folder: Path, **choices: Any) -> tuple[Path, ...]:  # noqa: ANN401 - those of write_kit
    """Write the kit of a folder's territory.

    Parameters
    ----------
    workspace
        The folder; names come from its last run, else from the shipped list.
    folder
        Where the kit is written.
    **choices
        The other arguments of :func:`diagnostic.ingestion.survey.kit.write_kit`.

    Returns
    -------
    tuple of Path
        What was written.
    """
    section = workspace.configuration().territoire
    return write_kit(
        folder, territory_name=section.nom, generation=section.generation, qpv=quarter_names(workspace), **choices
    )


def quarter_names(workspace: Workspace) -> Mapping[str, str]:
    """Name the quarters of a folder: as in its last run, else in the shipped list."""
    from diagnostic.api import load_public  # noqa: PLC0415 - heavy, and useless before a first run

    section = workspace.configuration().territoire
    listed = catalogue.quarters(section.generation)
    names = {code: listed[code].label if code in listed else code for code in section.qpv}
    try:
        places = load_public(workspace).territories
    except (FileNotFoundError, WorkspaceError):
        return names
    known = places.set_index("code")["label"]
    return {code: str(known.get(code, label)) for code, label in names.items()}
