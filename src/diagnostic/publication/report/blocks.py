"""What a page is made of: plain data, rendered by ``blocks.typ``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from diagnostic.formatting import number, typographic

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Block = dict[str, Any]
Run = dict[str, str]

_JOIN: Final = "\ue000"


def typeset_runs(runs: Sequence[Run]) -> list[Run]:
    """Apply French typography over a whole paragraph, whatever its emphasis.

    Examples
    --------
    >>> typeset_runs([{"t": "Écart", "s": "strong"}, {"t": " : 3 %", "s": ""}])[1]["t"] == "\u00a0: 3\u00a0%"
    True
    """
    whole = typographic(_JOIN.join(run["t"] for run in runs))
    return [{"t": text, "s": run["s"]} for text, run in zip(whole.split(_JOIN), runs, strict=True)]


def after_colon(text: str) -> str:
    """Take the capital off a sentence that follows a colon, not off an acronym.

    Examples
    --------
    >>> after_colon("La pauvreté définit le quartier."), after_colon("CAF et CCAS.")
    ('la pauvreté définit le quartier.', 'CAF et CCAS.')
    """
    return text[:1].lower() + text[1:] if not text[1:2].isupper() else text


def plain(text: str) -> list[Run]:
    """Make one run of a text that holds no markup."""
    return [{"t": typographic(text), "s": ""}]


def heading(text: str, level: int, *, page: bool = False) -> Block:
    """Make a heading, on a new page if wanted."""
    return {"kind": "heading", "text": typographic(text), "level": level, "page": page}


def paragraph(text: str) -> Block:
    """Make a paragraph of a text that holds no markup."""
    return {"kind": "paragraph", "runs": plain(text)}


def note(text: str) -> Block:
    """Make a small grey paragraph as wide as the page."""
    return {"kind": "note", "runs": plain(text)}


def bullets(items: Iterable[str]) -> Block:
    """Make a list."""
    return {"kind": "list", "items": [plain(item) for item in items]}


def figure(file: str, *, alt: str, width: float, height: float) -> Block:
    """Place a drawn figure of a size in millimetres, its alternative text beside it."""
    return {"kind": "figure", "file": file, "alt": alt, "width": width, "height": height}


def box(parts: Iterable[tuple[str, Iterable[str]]]) -> Block:
    """Make the small box "Ce que ça dit…": titles and their sentences; a part without any is left out."""
    shown = [
        {"title": typographic(title), "items": [plain(item) for item in items]}
        for title, given in parts
        if (items := [item for item in given if item])
    ]
    return {"kind": "box", "parts": shown}


def blanks(zones: Iterable[tuple[str, float]], *, across: bool = False) -> Block:
    """Make titled frames to write in, of a height in millimetres, one under the other or side by side."""
    shown = [{"title": typographic(title), "height": height} for title, height in zones]
    return {"kind": "blanks", "zones": shown, "across": across}


def remainder(title: str) -> Block:
    """Make a titled frame to write in, as high as what is left of the page."""
    return {"kind": "remainder", "title": typographic(title)}


def people(panels: Iterable[tuple[float, str]]) -> Block:
    """Draw shares as people among a hundred: percentages, and whose each is."""
    shown = [{"count": number(share), "label": typographic(label)} for share, label in panels]
    said = " ; ".join(f"{one['count']}, {one['label']}" for one in shown)
    return {"kind": "people", "panels": shown, "alt": typographic(f"Personnes sur 100 : {said}.")}


def column(title: str, *, align: str = "left", width: float = -1) -> Block:
    """Describe a column; a width of 0 takes what is left, a negative one what the text needs."""
    return {"title": typographic(title), "align": align, "width": width}


def text_cell(text: str, *, strong: bool = False, faint: bool = False, pad: str = "") -> Block:
    """Make a table cell."""
    return {"t": typographic(text), "strong": strong, "faint": faint, "pad": pad}


def table(columns: Sequence[Block], rows: Sequence[Sequence[Block]], *, title: str = "", foot: str = "") -> Block:
    """Make a table whose first row is its header."""
    return {
        "kind": "table", "columns": list(columns), "rows": [list(row) for row in rows],
        "title": typographic(title), "foot": typographic(foot),
    }  # fmt: skip


def align_commas(texts: Sequence[str]) -> list[str]:
    r"""Give what each number of a column lacks on the right, for the commas to meet.

    Examples
    --------
    >>> align_commas(["12,3", "1 200", "s"])
    ['', ',0', '']
    """
    tails = [match.group(0) if (match := re.search(r",\d+$", text)) else "" for text in texts]
    longest = max((len(tail) for tail in tails), default=0)
    filler = "," + "0" * (longest - 1) if longest else ""
    return [
        ("0" * (longest - len(tail)) if tail else filler) if text[-1:].isdigit() else ""
        for text, tail in zip(texts, tails, strict=True)
    ]
