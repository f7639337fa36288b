"""The command that answers « quelles données mobiliser ? »."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from diagnostic.cli.folder import FOLDER, opened
from diagnostic.cli.terminal import say

if TYPE_CHECKING:
    import pandas as pd

    from diagnostic.ingestion.intake import Entry
    from diagnostic.workspace import Workspace

LETTERS = "courriers"
_HEADINGS = {
    "have": "Présentes :",
    "fetch": "À télécharger :",
    "ask": "À demander :",
    "absent": "N’existent pas à cette échelle :",
}


@click.command(short_help="Dire quelles données existent : présentes, à télécharger, à demander.")
@click.argument("dossier", type=FOLDER, default=Path())
@click.option("--lettre", metavar="ID", help="Écrire un modèle de lettre pour demander cette source.")
@click.option("--detail", is_flag=True, help="Dire aussi ce que chaque source dit et ne dit pas.")
def sources(dossier: Path, lettre: str | None, detail: bool) -> None:
    """Lister les sources utiles au territoire de DOSSIER : présentes, à télécharger, à demander, inexistantes."""
    from diagnostic.ingestion.catalogue.entries import catalogue  # noqa: PLC0415 - the help page needs none
    from diagnostic.ingestion.catalogue.territory import territory_catalogue  # noqa: PLC0415 - idem
    from diagnostic.ingestion.intake import inventory  # noqa: PLC0415 - idem

    workspace = opened(dossier)
    if lettre is not None:
        _write_letter(workspace, lettre)
        return
    present = inventory(workspace)
    generation = workspace.configuration().territoire.generation
    seen = territory_catalogue(catalogue(), generation=generation, present=present)
    for availability, heading in _HEADINGS.items():
        say(heading)
        rows = seen[seen["availability"] == availability]
        for row in rows.to_dict("records"):
            _tell({str(key): str(value) for key, value in row.items()}, detail=detail)
        if rows.empty:
            say("  aucune")
        if availability == "have":
            _tell_others(present, seen)
    say("« à vérifier » : ce que le catalogue dit de cette source n’a pas été contrôlé sur ses fichiers.")


def _tell(row: dict[str, str], *, detail: bool) -> None:
    mark = "" if row["verified"] == "True" else f" [{row['evidence']}]"
    say(f"  {row['id']} - {row['producer']} : {row['title']}{mark}")
    if row["files"]:
        say(f"      édition {row['editions']} : {row['files']}")
    else:
        for text in (row["why"], row["how"]):
            if text:
                say(f"      {text}")
    if detail:
        say(f"      Critères : {row['criteria']}. Niveau : {row['level']}. Millésimes : {row['vintages']}.")
        say(f"      Dit : {row['says']}")
        say(f"      Ne dit pas : {row['does_not_say']}")
        if row["limits"]:
            say(f"      Limites : {row['limits']}")


def _tell_others(present: list[Entry], seen: pd.DataFrame) -> None:
    """Say what is there beside the catalogue: local tables, outlines of the other generation."""
    told = ", ".join(seen["files"]).split(", ")
    for entry in present:
        if entry.file not in told:
            say(f"  {entry.source}, édition {entry.edition} : {entry.file} (hors du catalogue de ce territoire)")


def _write_letter(workspace: Workspace, name: str) -> None:
    from diagnostic.errors import Fault, InputError, WorkspaceError  # noqa: PLC0415 - idem
    from diagnostic.formatting import enumeration  # noqa: PLC0415 - idem
    from diagnostic.ingestion.catalogue.entries import catalogue  # noqa: PLC0415 - idem
    from diagnostic.ingestion.catalogue.letter import letter  # noqa: PLC0415 - idem
    from diagnostic.workspace import write_text  # noqa: PLC0415 - idem

    entries = {entry.id: entry for entry in catalogue()}
    if name not in entries:
        asked = enumeration([entry.id for entry in entries.values() if entry.ask])
        raise InputError(Fault(f"source inconnue du catalogue : {name}", expected=asked))
    territory = workspace.configuration().territoire
    text = letter(entries[name], territory=territory.nom, generation=territory.generation, codes=territory.qpv)
    path = workspace.root / LETTERS / f"{name}.md"
    if path.is_file() and path.read_bytes() != text.encode("utf-8"):  # also when saved in another encoding
        raise WorkspaceError(Fault(
            "cette lettre existe déjà et a été modifiée", file=str(path), remedy="renommez-la, puis relancez"
        ))  # fmt: skip
    write_text(path, text)
    say(f"Lettre écrite : {path}")
    say("Complétez ce qui est entre crochets, relisez, puis envoyez-la.")
