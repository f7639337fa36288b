"""Annexes: sources with their fingerprints, hidden values counted, definitions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from diagnostic.formatting import enumeration, number
from diagnostic.publication.figures.cells import label, mark
from diagnostic.publication.report.blocks import Block, column, table, text_cell
from diagnostic.publication.report.reading import Reader, group_label, text_of
from diagnostic.vocabulary import Theme

if TYPE_CHECKING:
    from collections.abc import Hashable

    from diagnostic.publication.report.prose import Prose

_PROVENANCE: Final = ["source", "label", "citation", "licence", "url"]
_COMMANDS: Final = {
    r"diagnostic fetch \w+": "l’outil la télécharge",
    r"modèle de lettre\s: diagnostic sources --lettre \w+": "modèle de lettre fourni par l’outil",
    r"diagnostic sources --lettre \w+": "lettre fournie par l’outil",
    r", puis diagnostic add": "",
}  # fmt: skip
_FILES: Final = 10  # of one row: more would not leave room for the page to break


def offer(reader: Reader, prose: Prose) -> list[Block]:
    """List the public sources by what can be done: at hand, to fetch, to ask for, or none at this level."""
    rows = [
        [
            text_cell(str(row["availability_label"]), strong=True),
            text_cell(f"{row['title']}\n{row['producer']}"),
            text_cell(str(row["criteria"]) or "–"),
            text_cell(str(row["why"]) or _printed(str(row["how"])) or str(row["editions"])),
            text_cell(str(row["evidence"]), faint=True),
        ]
        for row in reader.tables.offer.to_dict("records")
    ]
    if not rows:
        return []
    columns = [
        column("Pour ce territoire", width=24), column("Source et producteur", width=0),
        column("Critères documentés", width=30), column("Comment, ou pourquoi non", width=44),
        column("Vérification", width=22),
    ]  # fmt: skip
    return prose.blocks("donnees", {"tableau": [table(columns, rows)]})


def _printed(how: str) -> str:
    """Say on paper what the commands do: a reader of the document has none."""
    for command, words in _COMMANDS.items():
        how = re.sub(command, words, how)
    return how


def unknowns(reader: Reader, prose: Prose) -> list[Block]:
    """List what the document does not know, and how to learn it."""
    rows = [
        [text_cell(str(row["what"])), text_cell(str(row["how"]))]
        for row in reader.tables.unknowns.to_dict("records")
    ]
    columns = [column("Ce que nous ne savons pas", width=0), column("Comment l’apprendre", width=70)]
    return prose.blocks("inconnues", {"tableau": [table(columns, rows)]}) if rows else []


def sources(reader: Reader, prose: Prose) -> list[Block]:
    """List the ingested files with their fingerprints, the editions of one source together."""
    ordered = reader.tables.sources.sort_values(["source", "edition", "file"], kind="stable")
    rows = [
        [text_cell("\n".join(words), faint=rank > 0), text_cell("\n".join(_files(part)))]
        for _, found in ordered.groupby(_PROVENANCE, sort=False, dropna=False)
        for rank, part in enumerate(_parts(found.to_dict("records")))
        for words in [_provenance(part[0], again=rank > 0)]
    ]
    columns = [
        column("Source, citation, licence, adresse", width=0),
        column("Éditions, fichiers et empreintes (SHA-256)", width=103),
    ]  # fmt: skip
    return prose.blocks("sources", {
        "version": reader.identity.version,
        "tableau": [table(columns, rows)] if rows else [],
    })  # fmt: skip


def _parts(rows: list[dict[Hashable, Any]]) -> list[list[dict[Hashable, Any]]]:
    return [rows[start : start + _FILES] for start in range(0, len(rows), _FILES)]


def _provenance(row: dict[Hashable, Any], *, again: bool) -> list[str]:
    if again:
        return [f"{row['label']} (suite)"]
    return [word for word in (text_of(row[name]) for name in _PROVENANCE[1:]) if word]


def _files(rows: list[dict[Hashable, Any]]) -> list[str]:
    return [line for row in rows for line in (f"{row['edition']} : {row['file']}", str(row["sha256"]))]


def hidden(reader: Reader, prose: Prose) -> list[Block]:
    """Count the hidden values by indicator and reason; the values themselves appear nowhere."""
    names = {(str(row["source"]), str(row["edition"])): str(row["label"])
             for row in reader.tables.sources.to_dict("records")}  # fmt: skip
    rows = []
    for row in reader.tables.hidden.to_dict("records"):
        data = text_of(row["label"]) or str(row["variable"])
        group = group_label(str(row["group"]))
        if row["group"] != "all" and group not in data:
            data += f" ({group})"
        source = enumeration([
            names.get((one, str(row["edition"])), one) for one in str(row["source"]).split(" + ")
        ])  # fmt: skip
        rows.append([
            text_cell(data), text_cell(source),
            text_cell(_why(str(row["status"]), text_of(row["reason"]))),
            text_cell(f"{number(int(row['cells']))} sur {number(int(row['total']))}"),
        ])  # fmt: skip
    if not rows:
        return prose.blocks("valeurs_masquees_aucune")
    columns = [
        column("Donnée", width=0), column("Source", width=46), column("Marque et motif", width=52),
        column("Cases", align="number", width=18),
    ]  # fmt: skip
    return prose.blocks("valeurs_masquees", {"tableau": [table(columns, rows)]})


def _why(status: str, reason: str) -> str:
    """Write the mark, what it means, then what the producer says beside it.

    Examples
    --------
    >>> _why("suppressed", "secret statistique : NOTE=3"), _why("suppressed", "secret statistique")
    ('s : secret statistique ; NOTE=3', 's : secret statistique')
    """
    told = reason.removeprefix(label(status)).lstrip(" \u00a0\u202f:;,")
    return f"{mark(status)} : {label(status)}" + (f" ; {told}" if told else "")


def definitions(reader: Reader, prose: Prose) -> list[Block]:
    """Define every indicator that the report shows."""
    shown = [one for theme in Theme for one in reader.variables(theme)]
    rows = [
        [
            text_cell(f"{reader.label(one)}\n{reader.word(one, 'id')}"), text_cell(reader.word(one, "formula")),
            text_cell(reader.word(one, "says")), text_cell(reader.word(one, "does_not_say")),
            text_cell(reader.word(one, "reference")),
        ] for one in shown
    ]  # fmt: skip
    columns = [
        column("Indicateur", width=34), column("Formule", width=40), column("Dit", width=0),
        column("Ne dit pas", width=0), column("Référence", width=27),
    ]  # fmt: skip
    return prose.blocks("definitions", {"tableau": [table(columns, rows)] if rows else []})
