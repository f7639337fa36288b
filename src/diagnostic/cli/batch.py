"""The command that makes many territories."""

from __future__ import annotations

import os
import re
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from diagnostic.cli.folder import ANYTHING, FOLDER
from diagnostic.cli.terminal import say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from diagnostic.batch import Batch, Member
    from diagnostic.batch.making import Engine

INCOMPLETE = 3  # done, but a territory failed or a file was left aside: a script must be able to tell


@click.command(short_help="Faire les diagnostics de plusieurs territoires, et leur synthèse.")
@click.argument("liste", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--region", "regions", multiple=True, help="Les territoires d’une région (code, ex. 32) ; à répéter."
)
@click.option("--tout", is_flag=True, help="Tous les territoires du pays.")
@click.option("--reunir", multiple=True, type=FOLDER, help="Réunir des lots déjà faits (parts) ; à répéter.")
@click.option(
    "--source", "sources", multiple=True, type=ANYTHING, help="Fichiers publics, dossier ou lot ; à répéter."
)
@click.option("--dossier", type=FOLDER, default=Path("lot"), show_default=True, help="Où écrire.")
@click.option(
    "--generation", type=click.Choice(["2015", "2024"]), default="2015", show_default=True,
    help="Génération des quartiers prioritaires.",
)  # fmt: skip
@click.option("--part", "piece", help="Ne faire qu’une part, par exemple 2/8 : sur une machine parmi huit.")
@click.option(
    "--processus", type=click.IntRange(1), help="Territoires faits en même temps (par défaut : les cœurs)."
)
@click.option("--planificateur", help="Adresse d’un planificateur dask, par exemple tcp://10.0.0.5:8786.")
@click.option(
    "--date", "day", type=click.DateTime(["%Y-%m-%d"]), metavar="AAAA-MM-JJ",
    help="Date imprimée sur les documents (par défaut : aujourd’hui).",
)  # fmt: skip
def batch(  # noqa: PLR0917 - click passes them by name
    liste: Path | None, regions: Sequence[str], tout: bool, reunir: Sequence[Path], sources: Sequence[Path],
    dossier: Path, generation: str, piece: str | None, processus: int | None, planificateur: str | None,
    day: datetime | None,
) -> None:  # fmt: skip
    """Faire un jeu complet de documents pour chaque territoire de LISTE, d’une région ou du pays.

    LISTE est un texte, un territoire par ligne : SIREN, nom, code de contrat (CV192) ou codes de quartiers.
    Les fichiers ne sont lus qu’une fois. Interrompue, la commande reprend où elle s’était arrêtée.
    """
    from datetime import UTC  # noqa: PLC0415 - the help page needs none of these
    from datetime import datetime as clock  # noqa: PLC0415 - idem

    from diagnostic.batch import gather, make, share  # noqa: PLC0415 - idem

    given = [name for name, value in (
        ("LISTE", liste), ("--region", regions), ("--tout", tout), ("--reunir", reunir),
    ) if value]  # fmt: skip
    if len(given) != 1:
        raise click.UsageError("Donnez une liste, ou --region, ou --tout, ou --reunir : un seul des quatre.")
    if reunir:
        _report(gather(dossier, reunir, title=_title((), liste)))
        return
    members = _members(liste, regions, int(generation))
    if piece:
        members = share(members, part=_piece(piece)[0], parts=_piece(piece)[1])
    today = day or clock.now(tz=UTC).astimezone()
    done = make(
        dossier, members, engine=_engine(processus, planificateur), day=today.date(), title=_title(regions, liste),
        sources=sources, tell=_tell,
    )  # fmt: skip
    _report(done)


def _members(liste: Path | None, regions: Sequence[str], generation: int) -> tuple[Member, ...]:
    from diagnostic.batch import in_regions, read_list  # noqa: PLC0415 - idem

    return read_list(liste, generation=generation) if liste else in_regions(regions, generation=generation)


def _piece(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d+)/(\d+)", text)
    if found is None:
        raise click.BadParameter("écrivez par exemple 2/8 : la deuxième de huit parts", param_hint="--part")
    return int(found[1]), int(found[2])


def _engine(processes: int | None, address: str | None) -> Engine:
    if address:
        from diagnostic.batch import cluster  # noqa: PLC0415 - idem

        return partial(cluster.work, address=address)
    from diagnostic.batch import processes as local  # noqa: PLC0415 - idem

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return partial(local.work, processes=processes or cores)


def _title(regions: Sequence[str], liste: Path | None) -> str:
    from diagnostic.formatting import enumeration  # noqa: PLC0415 - idem
    from diagnostic.territory import catalogue  # noqa: PLC0415 - idem

    if regions:
        return f"Diagnostics territoriaux : {enumeration([catalogue.regions()[code] for code in regions])}"
    return f"Diagnostics territoriaux : {liste.stem}" if liste else "Diagnostics territoriaux"


def _tell(step: str, *, done: int, total: int, remaining: float | None) -> None:
    from diagnostic.formatting import plural  # noqa: PLC0415 - idem

    left = "" if not remaining else f" - reste environ {plural(max(1, round(remaining / 60)), 'minute')}"
    say(f"[{done}/{total}] {step}{left}")


def _report(done: Batch) -> None:
    from diagnostic.formatting import plural  # noqa: PLC0415 - idem

    refused = [verdict for verdict in done.ignored if verdict.outcome == "refusé"]
    for verdict in refused:
        say(f"Non utilisé : {verdict.path.name} : {verdict.message}")
    failed = [outcome for outcome in done.outcomes if outcome.problem]
    for outcome in failed:
        say(f"Non fait : {outcome.name} : {outcome.problem}", error=True)
    made = plural(len(done.outcomes) - len(failed), "territoire fait", "territoires faits")
    say(f"{made} sur {len(done.outcomes)}.")
    for path in done.documents:
        say(f"  {path}")
    if failed or refused:
        sys.exit(INCOMPLETE)
