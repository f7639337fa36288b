"""Commands that bring public files: from the network, or on a USB key."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from diagnostic.cli.folder import FOLDER, opened
from diagnostic.cli.terminal import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.progress import TaskID

    from diagnostic.ingestion.catalogue.downloads import Download
    from diagnostic.ingestion.fetch.delivery import Delivery
    from diagnostic.ingestion.fetch.transfer import Progress

ZIP = click.Path(path_type=Path, dir_okay=False)


@click.command(short_help="Télécharger les fichiers publics.")
@click.argument("source", nargs=-1)
@click.option("--dossier", type=FOLDER, default=Path(), help="Dossier de travail (par défaut : celui-ci).")
@click.option("--millesime", help="Un seul millésime (par exemple 2022) ; jamais un autre à sa place.")
@click.option("--list", "only_list", is_flag=True, help="Écrire les adresses, sans rien télécharger.")
@click.option("--verifier", is_flag=True, help="Redemander ce qui est déjà là, pour savoir s’il a changé.")
def fetch(source: Sequence[str], dossier: Path, millesime: str | None, only_list: bool, verifier: bool) -> None:
    """Télécharger les fichiers de SOURCE dans data/raw ; sans SOURCE, ceux qui suffisent à un diagnostic.

    SOURCE est un nom donné par « diagnostic sources » ou par « diagnostic fetch --list ».
    """
    from diagnostic.ingestion.catalogue.downloads import downloads, select  # noqa: PLC0415 - the help page needs none
    from diagnostic.ingestion.fetch.delivery import Result, deliver  # noqa: PLC0415 - idem
    from diagnostic.ingestion.fetch.network import Client, network_of  # noqa: PLC0415 - idem
    from diagnostic.pipeline import accept  # noqa: PLC0415 - idem
    from diagnostic.workspace import exclusive  # noqa: PLC0415 - idem

    if only_list:
        chosen = select(source, vintage=millesime) if source or millesime else list(downloads())
        _list(chosen)
        return
    workspace = opened(dossier)
    configuration = workspace.configuration()
    chosen = select(source, vintage=millesime, generation=configuration.territoire.generation)
    done: list[Delivery] = []
    way_out = contextlib.closing(Client(network_of(configuration.reseau, workspace.root)))
    with exclusive(workspace), way_out as client:
        reader = accept(workspace)
        for one in chosen:
            with _bar() as progress:  # gone before anything is said: it would fold the lines
                done.append(
                    deliver(workspace, one, client=client, accept=reader, progress=progress, again=verifier)
                )
            _tell(done[-1], told={delivery.message for delivery in done[:-1]})
    if any(delivery.result is Result.FAILED for delivery in done):
        sys.exit(1)


def _list(chosen: Sequence[Download]) -> None:
    from diagnostic.ingestion.catalogue.downloads import UNTRIED  # noqa: PLC0415 - idem

    for one in chosen:
        tried = "" if one.tried or one.by_hand else f" [{UNTRIED}]"
        say(f"{one.id} (millésime {one.vintage}){tried}")
        say(f"  {'à la main : ' if one.by_hand else ''}{one.where}")
        if one.page not in one.where:
            say(f"  page : {one.page}")
        if one.digest:
            say(f"  empreinte relevée en {one.seen} : {one.digest}")
        if one.note:
            say(f"  {one.note}")


def _tell(delivery: Delivery, *, told: set[str]) -> None:
    one = delivery.download
    failed = delivery.result == "échec"
    say(f"{delivery.result.capitalize()} : {one.id} (millésime {one.vintage})", error=failed)
    message = "même cause que plus haut" if failed and delivery.message in told else delivery.message
    for line in [*message.splitlines(), *([f"à la main : {delivery.by_hand}"] if delivery.by_hand else [])]:
        say(f"  {line}", error=failed)


@contextlib.contextmanager
def _bar() -> Iterator[Progress]:
    """Show size and rate, when somebody looks."""
    from diagnostic.ingestion.fetch.transfer import silent  # noqa: PLC0415 - idem

    if not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console  # noqa: PLC0415 - idem
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TransferSpeedColumn  # noqa: PLC0415 - idem
    from rich.progress import Progress as Bar  # noqa: PLC0415 - idem

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def tell(name: str, *, received: int, total: int | None, rate: float) -> None:
            del rate  # the column measures its own
            if name not in tasks:
                tasks[name] = bar.add_task(name)
            bar.update(tasks[name], completed=received, total=total)

        yield tell


@click.command(short_help="Faire un seul zip des fichiers publics, pour une clé USB.")
@click.argument("fichier", type=ZIP)
@click.option("--dossier", type=FOLDER, default=Path(), help="Dossier de travail (par défaut : celui-ci).")
def bundle(fichier: Path, dossier: Path) -> None:
    """Mettre les fichiers publiés de data/raw dans FICHIER (zip), avec leurs empreintes.

    Ni enquête, ni table locale : seulement ce que les producteurs publient. À l’arrivée : diagnostic add FICHIER.
    """
    from diagnostic.formatting import plural  # noqa: PLC0415 - idem
    from diagnostic.ingestion.bundle import pack  # noqa: PLC0415 - idem

    packed = pack(opened(dossier), fichier)
    say(f"{plural(len(packed.files), 'fichier')} dans {fichier}")
    for entry in packed.left:
        say(f"  laissé ici (table locale) : {entry.file}")
