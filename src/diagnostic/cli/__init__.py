"""The door: commands in French. The only place that prints."""

from __future__ import annotations

import gettext
import os
import sys
import tempfile
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import TracebackType

# Click asks gettext for its own sentences, which follows this variable on every system.
os.environ["LANGUAGE"] = "fr"
gettext.bindtextdomain("messages", str(Path(__file__).parent / "locale"))

import click  # noqa: E402 - its sentences are translated from the lines above

from diagnostic import __version__  # noqa: E402 - idem
from diagnostic.cli.actions import actions  # noqa: E402 - idem
from diagnostic.cli.batch import batch  # noqa: E402 - idem
from diagnostic.cli.compare import compare  # noqa: E402 - idem
from diagnostic.cli.folder import add, init, remove  # noqa: E402 - idem
from diagnostic.cli.network import bundle, fetch  # noqa: E402 - idem
from diagnostic.cli.notebooks import lab, notebooks  # noqa: E402 - idem
from diagnostic.cli.release import publier, release  # noqa: E402 - idem
from diagnostic.cli.sources import sources  # noqa: E402 - idem
from diagnostic.cli.survey import survey  # noqa: E402 - idem
from diagnostic.cli.terminal import say  # noqa: E402 - idem
from diagnostic.cli.work import demo, doctor, run  # noqa: E402 - idem
from diagnostic.errors import DiagnosticError  # noqa: E402 - idem

FAULT = 1


def _unexpected(kind: type[BaseException], problem: BaseException, trace: TracebackType | None) -> None:
    """Say in one French block what nobody foresaw; the details, without any value, go to a file."""
    if issubclass(kind, KeyboardInterrupt):
        say("Interrompu.", error=True)
        return
    handle, name = tempfile.mkstemp(prefix="diagnostic-erreur-", suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        # Where it happened, never the message: it could quote a cell of a survey.
        stream.writelines([f"diagnostic {__version__}, {kind.__name__}\n", *traceback.format_tb(trace)])
    del problem
    say(
        "Erreur inattendue : ce n’est pas votre faute. Vos fichiers n’ont pas été modifiés. "
        f"À faire : transmettez ce fichier à la personne qui vous aide : {name}",
        error=True,
    )


sys.excepthook = _unexpected
EPILOG = "Une aide par commande : diagnostic COMMANDE --help. Pour commencer : diagnostic demo"


class _Group(click.Group):
    """Errors that a person can mend are said in one block, without a traceback."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own type
        try:
            return super().invoke(ctx)
        except DiagnosticError as problem:
            say(str(problem), error=True)
            sys.exit(FAULT)

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(self.commands)


@click.group(cls=_Group, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "--version", message="diagnostic %(version)s")
def main() -> None:
    """Diagnostic territorial des discriminations, pour les contrats de ville."""


for command in (
    demo, init, sources, fetch, add, remove, run, batch, compare, bundle, survey, actions, notebooks, lab, publier,
    release, doctor,
):  # fmt: skip
    main.add_command(command)
