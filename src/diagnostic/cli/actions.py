"""Commands on the inventory of actions."""

from __future__ import annotations

from pathlib import Path

import click

from diagnostic.cli.folder import FOLDER, opened
from diagnostic.cli.terminal import say

TARGET = click.Path(path_type=Path, dir_okay=False)
HERE = click.option("--dossier", type=FOLDER, default=Path(), help="Dossier de travail (par défaut : celui-ci).")


@click.group(short_help="Actions : modèle à remplir, vérification, tableau de séance.")
def actions() -> None:
    """Inventaire des actions. Les fichiers des partenaires se posent dans le sous-dossier actions."""


@actions.command(short_help="Écrire le classeur à remplir par les partenaires.")
@click.argument("fichier", type=TARGET, required=False)
@HERE
def template(fichier: Path | None, dossier: Path) -> None:
    """Écrire le modèle d’inventaire dans FICHIER (par défaut : actions/inventaire.xlsx)."""
    from diagnostic.inventory import write_template  # noqa: PLC0415 - the help page needs none of these

    say(f"Modèle écrit : {write_template(opened(dossier), fichier)}")


@actions.command(short_help="Dire ce qui serait lu, ou tout ce qui est à corriger.")
@HERE
def check(dossier: Path) -> None:
    """Lire les fichiers du sous-dossier actions et dire ce qu’ils contiennent, sans rien garder."""
    from diagnostic.inventory import check as described  # noqa: PLC0415 - idem

    for line in described(opened(dossier)):
        say(line)


@actions.command(short_help="Projeter le tableau des actions, mis à jour à chaque enregistrement.")
@HERE
@click.option("--une-fois", is_flag=True, help="Écrire la page une fois, sans suivre les fichiers.")
def board(dossier: Path, une_fois: bool) -> None:
    """Écrire reports/tableau_actions.html, et le refaire à chaque enregistrement (Ctrl + C pour finir)."""
    from diagnostic.inventory import watch, write_board  # noqa: PLC0415 - idem

    workspace = opened(dossier)
    if une_fois:
        _tell(*write_board(workspace))
        return
    say("Tableau suivi : ouvrez la page dans un navigateur. Ctrl + C pour finir.")
    watch(workspace, _tell)


def _tell(path: Path, faults: tuple[str, ...]) -> None:
    for fault in faults:
        say(f"À corriger : {fault}")
    say(f"Tableau écrit : {path}")
