"""Commands for the notebooks: copy them into a folder, open them."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from diagnostic.cli.folder import FOLDER, opened
from diagnostic.cli.terminal import say

if TYPE_CHECKING:
    from diagnostic.workspace import Workspace

PLACE: Final = "notebooks"
# A laboratory that asks the network for nothing: neither news, nor updates, nor extensions.
QUIET: Final = (
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
)


@click.command(short_help="Copier les carnets à exécuter pas à pas.")
@click.argument("dossier", type=FOLDER, default=Path())
def notebooks(dossier: Path) -> None:
    """Copier les carnets dans DOSSIER/notebooks. Un carnet déjà là n’est jamais remplacé."""
    _copied(opened(dossier))


@click.command(short_help="Ouvrir les carnets dans JupyterLab.")
@click.argument("dossier", type=FOLDER, default=Path())
def lab(dossier: Path) -> None:
    """Copier les carnets qui manquent, puis ouvrir DOSSIER dans le navigateur."""
    from diagnostic.errors import Fault, ToolError  # noqa: PLC0415 - the help page needs none of these

    workspace = opened(dossier)
    if find_spec("jupyterlab") is None:
        raise ToolError(Fault(
            "JupyterLab n’est pas installé",
            remedy='dans le dossier de l’outil, lancez : python -m pip install -c constraints.txt ".[notebooks]"',
        ))  # fmt: skip
    _copied(workspace)
    say("JupyterLab s’ouvre dans le navigateur, sur cet ordinateur seulement. Pour l’arrêter : Ctrl + C ici.")
    root = workspace.root.resolve()
    where = (f"--ServerApp.root_dir={root}", f"--LabApp.default_url=/lab/tree/{PLACE}")
    done = subprocess.run([sys.executable, "-m", "jupyterlab", *where, *QUIET], check=False)  # noqa: S603 - ours
    sys.exit(done.returncode)


def _copied(workspace: Workspace) -> None:
    from diagnostic.formatting import plural  # noqa: PLC0415 - the help page needs none of these
    from diagnostic.notebooks import copy_notebooks  # noqa: PLC0415 - idem

    copied, left = copy_notebooks(workspace.root / PLACE)
    if copied:
        say(f"{plural(len(copied), 'carnet copié', 'carnets copiés')} : {', '.join(copied)}.")
    for name in left:
        say(f"Laissé tel quel, car le vôtre diffère du nôtre : {name} (pour le nôtre, renommez le vôtre d’abord).")
    if not copied and not left:
        say("Tous les carnets sont là.")
