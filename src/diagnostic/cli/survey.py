"""Commands on surveys of perceived discrimination."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from diagnostic.cli.folder import FOLDER, opened
from diagnostic.cli.terminal import say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

EXPORT = click.Path(path_type=Path, dir_okay=False)
HERE = click.option("--dossier", type=FOLDER, default=Path(), help="Dossier de travail (par défaut : celui-ci).")
YES = {"o", "oui"}
DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group(short_help="Enquêtes de ressenti : préparer, vérifier, effacer.")
def survey() -> None:
    """Enquêtes de ressenti. Pour prendre en compte un export : diagnostic add EXPORT."""


@survey.command(short_help="Proposer la description d’un export (enquete.toml).")
@click.argument("export", type=EXPORT)
def codebook(export: Path) -> None:
    """Écrire à l’écran une proposition de enquete.toml pour EXPORT ; ce qui est deviné est marqué."""
    from diagnostic.reception import proposed  # noqa: PLC0415 - the help page needs none of these

    say(proposed(export))


@survey.command(short_help="Dire ce qui serait lu dans un export.")
@click.argument("export", type=EXPORT)
@HERE
def check(export: Path, dossier: Path) -> None:
    """Dire ce que enquete.toml lirait dans EXPORT, sans rien garder."""
    from diagnostic.reception import describe  # noqa: PLC0415 - idem

    say(describe(opened(dossier), export))


@survey.command(short_help="Écrire le questionnaire, les notices et le plan de sondage.")
@click.argument("destination", type=FOLDER)
@HERE
@click.option("--regime", type=click.Choice(["anonyme", "consentement"]), default="anonyme", show_default=True,
              help="Enquête anonyme, ou avec consentement recueilli.")  # fmt: skip
@click.option("--commanditaire", required=True, help="Qui commande l’enquête et répond des données.")
@click.option("--debut", type=DAY, required=True, help="Premier jour de la collecte (AAAA-MM-JJ).")
@click.option("--fin", type=DAY, required=True, help="Dernier jour de la collecte.")
@click.option("--suppression", type=DAY, required=True, help="Jour où les réponses seront effacées.")
@click.option("--mode", multiple=True, default=["en_ligne"], help="Mode de réponse ; à répéter.")
@click.option("--base", type=click.Choice(["aleatoire", "quotas", "volontaires"]), default="volontaires",
              show_default=True, help="Comment les personnes sont choisies.")  # fmt: skip
@click.option("--avis-dpo", help="Référence de l’avis du délégué à la protection des données.")
def kit(  # noqa: PLR0917 - one argument an option
    destination: Path, dossier: Path, regime: str, commanditaire: str, debut: datetime, fin: datetime,
    suppression: datetime, mode: Sequence[str], base: str, avis_dpo: str | None,
) -> None:  # fmt: skip
    """Écrire dans DESTINATION tout ce qu’il faut pour enquêter : questionnaire, notices, plan de sondage."""
    from diagnostic.kit import prepare  # noqa: PLC0415 - idem

    files = prepare(
        opened(dossier), destination, regime=regime, commissioner=commanditaire, start=debut.date(),
        end=fin.date(), deletion=suppression.date(), mode=mode, basis=base, dpo_reference=avis_dpo,
    )  # fmt: skip
    for path in files:
        say(f"  {path}")


@survey.command(short_help="Effacer les réponses et tout ce qui en a été tiré.")
@HERE
@click.option("--oui", is_flag=True, help="Sans demander.")
def purge(dossier: Path, oui: bool) -> None:
    """Effacer les réponses gardées dans data/processed/restricted, et l’écrire dans le registre."""
    from diagnostic.reception import purge as erase  # noqa: PLC0415 - idem

    workspace = opened(dossier)
    asked = "Effacer définitivement les réponses de ce dossier ? (oui ou non)"
    # click's own question only takes an answer in English.
    if not oui and click.prompt(asked, default="non").strip().casefold() not in YES:
        say("Rien n’a été effacé.", error=True)
        sys.exit(1)
    gone = erase(workspace)
    for name in gone:
        say(f"Effacé : {name}")
    say("L’export d’origine reste où vous l’avez mis : effacez-le aussi." if gone else "Aucune réponse à effacer.")
