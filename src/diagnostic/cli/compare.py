"""Compare two diagnostics of one territory."""

from __future__ import annotations

from pathlib import Path

import click

from diagnostic.cli.folder import FOLDER, opened
from diagnostic.cli.terminal import say

NAME = "comparaison.csv"


@click.command(short_help="Comparer deux diagnostics du même territoire, d’une année à l’autre.")
@click.argument("avant", type=FOLDER)
@click.argument("apres", type=FOLDER, default=Path())
def compare(avant: Path, apres: Path) -> None:
    """Comparer AVANT et APRES là où années et périmètres le permettent ; écrit dans reports de APRES."""  # noqa: D401
    from diagnostic.analysis.evolution import evolution  # noqa: PLC0415 - the help page needs none of these
    from diagnostic.api import load  # noqa: PLC0415 - idem
    from diagnostic.formatting import plural  # noqa: PLC0415 - idem
    from diagnostic.publication.changes import write_changes  # noqa: PLC0415 - idem
    from diagnostic.workspace import write_bytes  # noqa: PLC0415 - idem

    workspace = opened(apres)
    table = evolution(load(opened(avant).root).public, load(workspace.root).public)
    path = workspace.reports / NAME
    write_bytes(path, write_changes(table))
    unqualified = int(table["judgement"].eq("unqualified").sum())
    say(
        f"{plural(int(table['comparable'].sum()), 'chiffre comparable', 'chiffres comparables')}, dont "
        f"{plural(int(table['moved'].sum()), 'changement', 'changements')} au-delà de l’incertitude."
        f" {plural(unqualified, 'écart non qualifiable', 'écarts non qualifiables')}"
        " (registre, pas d’intervalle)."
    )
    for reason, rows in table[table["reason"].ne("")].groupby("reason", sort=True):
        say(f"Non comparé, {plural(len(rows), 'chiffre')} : {reason}.")
    say(f"  {path}")
