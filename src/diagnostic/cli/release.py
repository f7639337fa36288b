"""The command that lets documents leave the machine."""

from __future__ import annotations

from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING

import click

from diagnostic.cli.folder import FOLDER, opened
from diagnostic.cli.terminal import say

if TYPE_CHECKING:
    from collections.abc import Sequence


@click.command(short_help="Préparer ce qui peut sortir de la machine, et l’inscrire au registre.")
@click.argument("dossier", type=FOLDER, default=Path())
@click.option("--elu", required=True, help="Nom de l’élu·e qui valide, et date de son accord.")
@click.option("--dpo", required=True, help="Nom ou référence de l’avis du délégué à la protection des données.")
@click.option("--lecture", multiple=True, help="Partenaire qui a relu, et date\u202f; à répéter.")
def publier(dossier: Path, elu: str, dpo: str, lecture: Sequence[str]) -> None:
    """Mettre reports et data/processed/public de DOSSIER dans une archive datée, et noter qui a validé.

    Le registre (released.json) garde les effectifs publiés, jamais une valeur masquée\u202f: le prochain « run »
    masque ce qu’une différence avec eux livrerait. Gardez-le avec le dossier.
    """
    from datetime import UTC, datetime  # noqa: PLC0415 - the help page needs none of these

    from diagnostic.formatting import long_date  # noqa: PLC0415 - idem
    from diagnostic.pipeline import release  # noqa: PLC0415 - idem

    today = datetime.now(tz=UTC).astimezone().date()
    agreed = {"elu": elu, "dpo": dpo, "lectures": list(lecture)}
    path = release(opened(dossier), date=today, validations=agreed)
    say(f"Diffusion du {long_date(today)} inscrite au registre (released.json).")
    say(f"  {path}")


release = copy(publier)
release.name, release.hidden = "release", True
