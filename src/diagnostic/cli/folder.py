"""Commands on the working folder: make it, give it files, say what it holds."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from diagnostic.cli.terminal import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from diagnostic.ingestion.intake import Verdict
    from diagnostic.workspace import Workspace

FOLDER = click.Path(path_type=Path, file_okay=False)
ANYTHING = click.Path(path_type=Path)


def opened(folder: Path) -> Workspace:
    """Give the working folder, or say at once that it is not one."""
    from diagnostic.workspace import Workspace  # noqa: PLC0415 - the help page needs none of these

    workspace = Workspace(folder)
    workspace.configuration()
    return workspace


@click.command(short_help="Créer un dossier de travail pour un territoire.")
@click.argument("dossier", type=FOLDER)
@click.option("--epci", help="Numéro SIREN ou nom de l’intercommunalité.")
@click.option("--contrat", help="Nom du contrat de ville 2014-2020 (des noms proches sont proposés).")
@click.option("--qpv", multiple=True, help="Code d’un quartier ; à répéter, ou séparés par des virgules.")
@click.option(
    "--generation", type=click.Choice(["2015", "2024"]), default="2015", show_default=True,
    help="Génération des quartiers prioritaires.",
)  # fmt: skip
def init(dossier: Path, epci: str | None, contrat: str | None, qpv: Sequence[str], generation: str) -> None:
    """Créer DOSSIER pour un territoire, désigné par --epci, --contrat ou --qpv."""
    from datetime import UTC, datetime  # noqa: PLC0415 - the help page needs none of these

    from diagnostic.config import TerritorySection, render_configuration  # noqa: PLC0415 - idem
    from diagnostic.formatting import plural  # noqa: PLC0415 - idem
    from diagnostic.notebooks import copy_notebooks  # noqa: PLC0415 - idem
    from diagnostic.territory.places import resolve  # noqa: PLC0415 - idem
    from diagnostic.workspace import create  # noqa: PLC0415 - idem

    codes = [code.upper() for item in qpv for code in re.split(r"[,;\s]+", item) if code]
    territory = resolve(epci=epci, contrat=contrat, qpv=codes, generation=int(generation))
    section = TerritorySection.model_validate({
        "nom": territory.name, "generation": int(generation), "epci": list(territory.epci),
        "qpv": list(territory.qpv),
    })  # fmt: skip
    today = datetime.now(tz=UTC).astimezone().date()
    workspace = create(dossier, configuration=render_configuration(section, today))
    copy_notebooks(workspace.root / "notebooks")
    for note in territory.notes:
        say(note)
    say(f"{territory.name} : {plural(len(territory.qpv), 'quartier')} de la génération {generation}.")
    say(f"Dossier créé : {dossier}")
    say(f'Ensuite : diagnostic add FICHIERS --dossier "{dossier}", puis diagnostic run "{dossier}"')


@click.command(short_help="Ajouter des fichiers téléchargés à la main.")
@click.argument("chemins", nargs=-1, required=True, type=ANYTHING)
@click.option("--dossier", type=FOLDER, default=Path(), help="Dossier de travail (par défaut : celui-ci).")
@click.option("--edition", help="Édition, quand le contenu ne la dit pas (par exemple 2022).")
@click.option(
    "--table-locale", is_flag=True, help="Prendre les tableaux inconnus comme tables locales à déclarer."
)
@click.option("--simuler", is_flag=True, help="Dire ce qui serait fait, sans rien copier.")
def add(chemins: Sequence[Path], dossier: Path, edition: str | None, table_locale: bool, simuler: bool) -> None:
    """Reconnaître, vérifier et copier des fichiers dans data/raw. Les dossiers sont parcourus.

    Un lot fait par « diagnostic bundle » est pris en entier, ou refusé en entier.
    """
    from diagnostic.ingestion import bundle, intake  # noqa: PLC0415 - the help page needs none of these
    from diagnostic.pipeline import accept  # noqa: PLC0415 - idem
    from diagnostic.reception import receive  # noqa: PLC0415 - idem

    workspace = opened(dossier)
    verdicts = bundle.add(
        workspace, chemins, accept=accept(workspace), edition=edition, local=table_locale, simulate=simuler,
        survey=lambda path: receive(workspace, path),
    )  # fmt: skip
    _tell(verdicts, simulated=simuler)
    if any(verdict.outcome is intake.Outcome.REFUSED for verdict in verdicts):
        sys.exit(1)


def _tell(verdicts: Sequence[Verdict], *, simulated: bool) -> None:
    from diagnostic.ingestion.intake import Outcome  # noqa: PLC0415 - idem

    for outcome in Outcome:
        found = [verdict for verdict in verdicts if verdict.outcome is outcome]
        if found:
            say(f"{outcome.capitalize()} ({len(found)}){' - simulation' if simulated else ''} :")
        for verdict in found:
            say(f"  {verdict.path.name} : {verdict.message}")


@click.command(short_help="Ôter un fichier de data/raw.")
@click.argument("nom")
@click.option("--dossier", type=FOLDER, default=Path(), help="Dossier de travail (par défaut : celui-ci).")
def remove(nom: str, dossier: Path) -> None:
    """Ôter le fichier NOM de data/raw ; le prochain « run » s’en passera."""
    from diagnostic.ingestion.intake import remove as take_out  # noqa: PLC0415 - idem

    entry = take_out(opened(dossier), nom)
    say(f"Ôté : {entry.file}")
