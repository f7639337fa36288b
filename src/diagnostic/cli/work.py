"""Commands that work: run, demonstrate, examine the installation."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from diagnostic.cli.folder import FOLDER, opened
from diagnostic.cli.terminal import say

if TYPE_CHECKING:
    from diagnostic.pipeline import Run
    from diagnostic.workspace import Workspace

INCOMPLETE = 3  # done, but a file was left aside: a script must be able to tell


@click.command(short_help="Tout faire : lire, analyser, publier.")
@click.argument("dossier", type=FOLDER, default=Path())
@click.option("--projet", is_flag=True, help="Écrire « PROJET » sur chaque page des documents.")
def run(dossier: Path, *, projet: bool) -> None:
    """Lire les fichiers de DOSSIER, calculer, puis écrire le PDF et le classeur dans reports."""
    _report(_work(opened(dossier), draft=projet))


@click.command(short_help="Faire un diagnostic complet sur un territoire fictif.")
@click.argument("dossier", type=FOLDER, default=Path("demonstration"))
def demo(dossier: Path) -> None:
    """Écrire un territoire fictif dans DOSSIER (par défaut : demonstration), puis tout calculer."""
    from diagnostic.demonstration import prepare  # noqa: PLC0415 - the help page needs none of these

    workspace = prepare(dossier)
    say(f"Territoire fictif : {workspace.configuration().territoire.nom} (données fictives).")
    _report(_work(workspace))


def _work(workspace: Workspace, *, draft: bool = False) -> Run:
    """Run the pipeline under a progress bar, when somebody looks."""
    from diagnostic import pipeline  # noqa: PLC0415 - idem

    if not sys.stderr.isatty():
        return pipeline.run(workspace, draft=draft)
    from rich.console import Console  # noqa: PLC0415 - idem
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415 - idem

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Démarrage", total=1)

        def tell(step: str, *, done: int, total: int) -> None:
            bar.update(task, description=step, completed=done, total=total)

        return pipeline.run(workspace, progress=tell, draft=draft)


def _report(result: Run) -> None:
    for verdict in result.ignored:
        say(f"Non utilisé : {verdict.path.name} : {verdict.message}")
    for note in result.notes:
        say(f"À savoir : {note}")
    if result.recomputed:
        say(f"Recalculé : {', '.join(result.recomputed)}.")
    else:
        say("Tout était à jour.")
    for path in result.documents:
        say(f"  {path}")
    if any(verdict.outcome == "refusé" for verdict in result.ignored):
        say("Un fichier de data/raw a été refusé : le diagnostic est fait sans lui.", error=True)
        sys.exit(INCOMPLETE)


@click.command(short_help="Examiner l’installation ; avec --network, les adresses des fichiers publics.")
@click.option("--network", is_flag=True, help="Essayer aussi chaque adresse du registre (une minute ou deux).")
@click.option("--dossier", type=FOLDER, help="Dossier dont les réglages [reseau] sont à essayer.")
def doctor(network: bool, dossier: Path | None) -> None:
    """Dire ce qui ne va pas dans l’installation, et quoi faire. Code de sortie 1 s’il y a un problème."""
    from itertools import chain  # noqa: PLC0415 - the help page needs none of these

    from diagnostic.installation import examine, examine_network  # noqa: PLC0415 - idem

    sound = True
    for check in chain(examine(), examine_network(dossier) if network else ()):
        say(f"[{'ok' if check.ok else 'PROBLEME'}] {check.what}{'' if check.ok else ' -> ' + check.remedy}")
        sound = sound and check.ok
    if not sound:
        sys.exit(1)
