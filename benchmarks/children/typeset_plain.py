"""Typeset the same text, tables and figures from HTML with WeasyPrint, as PDF/UA-1."""

from __future__ import annotations

import json
import sys
from html import escape
from pathlib import Path
from typing import Any

import weasyprint
from clock import clocks, since

STYLE = """
@page { size: A4; margin: 12mm 23mm; @bottom-right { content: counter(page) "/" counter(pages); font-size: 8pt } }
body { font: 9pt "Source Sans 3", sans-serif; color: #1d2433 }
h1 { font-size: 17pt; color: #173f73 } h2 { font-size: 12pt } .page { break-before: page }
p, ul { width: 118mm } .wide { width: auto; font-size: 8pt; color: #5f6672 }
table { width: 100%; border-collapse: collapse; font-size: 8pt }
td, th { padding: .3mm 1.3mm; border-top: .3pt solid #d3cec5 }
th { text-align: left } .number { text-align: right } .faint { color: #5f6672 } .strong { font-weight: 600 }
figure { margin: 1mm 0; break-inside: avoid } .two { display: grid; grid-template-columns: 1fr 1fr; gap: 5mm }
.parts { display: grid; grid-template-columns: 1fr 1fr 1fr; gap: 4mm; font-size: 8pt }
.two p, .two ul, .parts p, .parts ul { width: auto; margin: 0 0 1.5mm }
ul { padding-left: 4mm }
.box { background: #f4f2ed; border-left: 1.6pt solid #173f73; padding: 2mm }
"""

LEAVES = {"box", "heading", "figure", "paragraph", "note", "list", "table", "pagebreak"}


def runs(parts: list[dict[str, str]]) -> str:
    """Write a paragraph's runs."""
    tags = {"strong": "b", "emph": "i"}
    return "".join(
        f"<{tags[part['s']]}>{escape(part['t'])}</{tags[part['s']]}>" if part["s"] in tags else escape(part["t"])
        for part in parts
    )


def items(rows: list[list[dict[str, str]]]) -> str:
    """Write a list."""
    return f"<ul>{''.join(f'<li>{runs(row)}</li>' for row in rows)}</ul>"


def part(block: dict[str, Any]) -> str:
    """Write one column of a box."""
    return f"<div><b>{escape(block['title'])}</b>{items(block['items'])}</div>"


def table(block: dict[str, Any]) -> str:
    """Write a table, its first row a header."""
    sides = [column["align"] for column in block["columns"]]
    head = "".join(
        f'<th scope="col" class="{side}">{escape(column["title"])}</th>'
        for side, column in zip(sides, block["columns"], strict=True)
    )
    rows = "".join(
        "<tr>" + "".join(_cell(cell, side) for side, cell in zip(sides, row, strict=True)) + "</tr>"
        for row in block["rows"]
    )
    foot = f'<p class="wide">{escape(block["foot"])}</p>'
    return f"<p><b>{escape(block['title'])}</b></p><table><thead><tr>{head}</tr></thead>{rows}</table>{foot}"


def _cell(cell: dict[str, Any], side: str) -> str:
    names = [side, *(name for name in ("strong", "faint") if cell.get(name))]
    return f'<td class="{" ".join(names)}">{escape(cell["t"])}</td>'


def html(block: dict[str, Any]) -> str:
    """Write any block; one of an unknown kind gives its text."""
    kind = block.get("kind")
    if kind == "heading":
        page = ' class="page"' if block["page"] else ""
        return f"<h{block['level']}{page}>{escape(block['text'])}</h{block['level']}>"
    if kind == "figure":
        size = f"width: {block['width']}mm; height: {block['height']}mm"
        return (
            f'<figure><img src="{block["file"]}" alt="{escape(block["alt"], quote=True)}" style="{size}"></figure>'
        )
    simple = {
        "paragraph": lambda: f"<p>{runs(block['runs'])}</p>",
        "note": lambda: f'<p class="wide">{runs(block["runs"])}</p>',
        "list": lambda: items(block["items"]),
        "table": lambda: table(block),
        "box": lambda: f'<div class="box parts">{"".join(map(part, block["parts"]))}</div>',
        "pagebreak": lambda: '<div class="page"></div>',
    }
    if kind in simple:
        return simple[kind]()
    return f'<div class="{"two" if kind == "split" else "box"}">{inside(block)}</div>'


def inside(value: object) -> str:
    """Write what a block of blocks holds, in order."""
    if isinstance(value, str):
        return f"<p>{escape(value)}</p>" if " " in value else ""
    if isinstance(value, list):
        if value and all(isinstance(one, dict) and "t" in one and "s" in one for one in value):
            return f"<p>{runs(value)}</p>"
        return "".join(f"<div>{inside(one)}</div>" for one in value)
    if isinstance(value, dict):
        if value.get("kind") in LEAVES:
            return html(value)
        return "".join(inside(one) for name, one in value.items() if name != "kind")
    return ""


def main(folder: Path) -> None:
    content = json.loads((folder / "blocks.json").read_text(encoding="utf-8"))
    body = "".join(map(html, content["blocks"]))
    title = escape(content["meta"]["title"])
    source = f'<html lang="fr"><head><title>{title}</title><style>{STYLE}</style></head><body>{body}</body></html>'
    start = clocks()
    document = weasyprint.HTML(string=source, base_url=f"{folder}/").render(pdf_variant="pdf/ua-1")
    pdf = document.write_pdf(pdf_variant="pdf/ua-1")
    seconds = since(start)
    (folder / "plain.pdf").write_bytes(pdf)
    print(json.dumps({"seconds": seconds, "pages": len(document.pages), "bytes": len(pdf)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
