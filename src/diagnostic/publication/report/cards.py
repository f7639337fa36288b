"""The cards of the exercises: to cut out, with the answers apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from diagnostic.publication.report.blocks import Block, column, heading, table, text_cell

if TYPE_CHECKING:
    from diagnostic.publication.report.prose import Prose

_SEPARATOR: Final = " | "


def cards(prose: Prose) -> list[Block]:
    """Make the cards of each exercise, then the answers together for the facilitator.

    Parameters
    ----------
    prose
        ``cartes.md``: a heading an exercise, a list item a card, its answer after a bar.
    """
    shown: list[Block] = []
    answers: list[Block] = []
    for block in prose.blocks("cartes"):
        if block["kind"] == "heading":
            shown.append(block)
            answers.append(heading(f"Réponses. {block['text']}", 1, page=not answers))
        elif block["kind"] == "list":
            pairs = [_pair("".join(run["t"] for run in item)) for item in block["items"]]
            shown.append({"kind": "cards", "texts": [text for text, _ in pairs]})
            rows = [[text_cell(text), text_cell(answer)] for text, answer in pairs]
            answers.append(table([column("Carte", width=70), column("Réponse", width=0)], rows))
    return [*shown, *answers]


def _pair(text: str) -> tuple[str, str]:
    card, _, answer = text.partition(_SEPARATOR)
    return card, answer
