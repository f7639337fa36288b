"""Annexes: sources with their fingerprints, hidden values counted, definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diagnostic.formatting import enumeration, number
from diagnostic.publication.figures.cells import label, mark
from diagnostic.publication.report.blocks import Block, column, table, text_cell
from diagnostic.publication.report.reading import Reader, group_label, text_of
from diagnostic.vocabulary import Theme

if TYPE_CHECKING:
    from diagnostic.publication.report.prose import Prose

_HASH_LINE = 32


def sources(reader: Reader, prose: Prose) -> list[Block]:
    """List the ingested files: producer, vintage, fingerprint."""
    rows, seen = [], set()
    for row in reader.tables.sources.sort_values(["source", "edition", "file"], kind="stable").to_dict("records"):
        new = row["source"] not in seen
        seen.add(row["source"])
        citation = [str(row["label"]), text_of(row["citation"])] if new else [str(row["label"])]
        licence = [text_of(row["licence"]), text_of(row["url"])] if new else ["idem"]
        digest = str(row["sha256"])
        rows.append([
            text_cell("\n".join(part for part in citation if part)), text_cell(str(row["edition"])),
            text_cell("\n".join(part for part in licence if part), faint=not new),
            text_cell(f"{row['file']}\n{digest[:_HASH_LINE]}\n{digest[_HASH_LINE:]}"),
        ])  # fmt: skip
    columns = [
        column("Source", width=0), column("Édition", width=15), column("Licence, adresse", width=45),
        column("Fichier et empreinte (SHA-256)", width=56),
    ]  # fmt: skip
    return prose.blocks("sources", {
        "version": reader.identity.version,
        "tableau": [table(columns, rows)] if rows else [],
    })  # fmt: skip


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
            text_cell(f"{mark(str(row['status']))} : {label(str(row['status']))}"),
            text_cell(text_of(row["reason"])),
            text_cell(f"{number(int(row['cells']))} sur {number(int(row['total']))}"),
        ])  # fmt: skip
    if not rows:
        return prose.blocks("valeurs_masquees_aucune")
    columns = [
        column("Donnée", width=0), column("Source", width=34), column("Marque", width=36),
        column("Motif", width=34), column("Cases", align="number", width=18),
    ]  # fmt: skip
    return prose.blocks("valeurs_masquees", {"tableau": [table(columns, rows)]})


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
