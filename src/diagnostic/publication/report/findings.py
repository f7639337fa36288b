"""The findings one by one: how far sources concur, what else could explain them, room for an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from diagnostic.analysis.findings import completed
from diagnostic.formatting import typographic
from diagnostic.publication.report.blocks import Block, bullets
from diagnostic.publication.report.reading import Reader, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from diagnostic.publication.report.prose import Prose

NOT_GAPS: Final = ("decision", "declared", "not_found", "blind_spot")
REPLY: Final = "Réponse du partenaire"
_RIVALS: Final = ("rival_first", "rival_second")


def rows_of(reader: Reader, kind: str = "") -> list[dict[str, Any]]:
    """Give the findings of a kind in their order; by default those that are gaps."""
    table = completed(reader.tables.findings).sort_values("rank", kind="stable")
    rows = [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]
    return [row for row in rows if (row["kind"] == kind if kind else row["kind"] not in NOT_GAPS)]


def findings(reader: Reader, prose: Prose) -> list[Block]:
    """Make the chapter of the findings, each with two rival explanations and an empty frame for the answer.

    Parameters
    ----------
    reader, prose
        Numbers, texts.
    """
    gaps = rows_of(reader)
    if not gaps:
        return []
    absent = [
        f"{text_of(row['message'])} {text_of(row['detail'])}".strip() for row in rows_of(reader, "not_found")
    ]
    return prose.blocks("constats", {
        "constats": [_whole(row, rank) for rank, row in enumerate(gaps, start=1)],
        "non_trouve": [bullets(absent)] if absent else [],
    })  # fmt: skip


def short(row: dict[str, Any], rank: int) -> Block:
    """Make a finding as the first page says it: the sentence, how far sources concur, the question."""
    return _finding(row, rank, [("", _convergence(row)), ("Question.", text_of(row["question"]))])


def _whole(row: dict[str, Any], rank: int) -> Block:
    rivals = " ".join(f"{place}. {text_of(row[name])}" for place, name in enumerate(_RIVALS, start=1) if row[name])
    return _finding(row, rank, [
        ("", f"{text_of(row['detail'])} {_convergence(row)}".strip()),
        ("Deux autres explications possibles.", rivals), ("Limite.", text_of(row["caveat"])),
        ("Question.", text_of(row["question"])),
    ], reply=typographic(REPLY))  # fmt: skip


def _convergence(row: dict[str, Any]) -> str:
    """Say how many kinds of sources concur, and which; nothing where that is not established."""
    if not row["evidence"]:
        return ""
    said = row["evidence"][:1].upper() + row["evidence"][1:]
    return f"{said} ({row['sources']})." if row["sources"] else f"{said}."


def _finding(row: dict[str, Any], rank: int, lines: Iterable[tuple[str, str]], *, reply: str = "") -> Block:
    return {
        "kind": "finding", "rank": str(rank), "message": typographic(text_of(row["message"])), "reply": reply,
        "lines": [{"title": title, "text": typographic(text)} for title, text in lines if text],
    }  # fmt: skip
