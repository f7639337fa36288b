"""French prose kept in small markdown files, with references to blocks and words.

The subset: ``#`` to ``###`` headings, paragraphs, ``-`` lists, ``**strong**``, ``*emphasis*``, ``>`` for a note in
the margin of the paragraph above, ``<!-- remark -->``. ``{{name}}`` inside a sentence takes a word; alone on its
line it takes blocks (a map, a table), and vanishes when there are none. What a reference brings is never read as
markup.
"""

from __future__ import annotations

import re
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from diagnostic.errors import ConfigurationError, Fault
from diagnostic.publication.report.blocks import Block, Run, heading, typeset_runs

if TYPE_CHECKING:
    from collections.abc import Mapping

    Value = str | list[Block]

_REFERENCE: Final = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_ALONE: Final = re.compile(r"^\{\{\s*([^{}]*?)\s*\}\}$")
_INLINE: Final = re.compile(
    r"\*\*(?P<strong>.+?)\*\*|\*(?P<emph>[^*\s](?:[^*]*[^*\s])?)\*|\{\{\s*(?P<name>[^{}]*?)\s*\}\}"
)
_COMMENT: Final = re.compile(r"<!--.*?-->", re.DOTALL)
_HEADING: Final = re.compile(r"^(#{1,3})\s+(.*)$")


def shipped() -> dict[str, str]:
    """Read the texts of the package, by file name.

    Examples
    --------
    >>> "comment_lire.md" in shipped()
    True
    """
    folder = resources.files("diagnostic") / "textes"
    return {
        path.name: path.read_text(encoding="utf-8")
        for path in sorted(folder.iterdir(), key=lambda path: path.name)
        if path.name.endswith(".md")
    }


class Prose:
    """The texts of a report: the package's, each replaced by the lead's of the same name.

    Parameters
    ----------
    texts
        File name to markdown, the lead's.

    Raises
    ------
    ConfigurationError
        When a given name is none of ours: it would change nothing, in silence.
    """

    def __init__(self, texts: Mapping[str, str] | None = None) -> None:
        ours = shipped()
        strange = sorted(set(texts or {}) - set(ours))
        if strange:
            raise ConfigurationError([
                Fault(
                    "texte inconnu", file=name, expected=", ".join(ours),
                    remedy="renommez le fichier comme celui qu’il remplace, ou retirez-le",
                ) for name in strange
            ])  # fmt: skip
        self._texts = {**ours, **(texts or {})}

    def blocks(self, name: str, values: Mapping[str, Value] | None = None) -> list[Block]:
        """Turn a text into blocks, its references resolved.

        Parameters
        ----------
        name
            Name of the file, without ``.md``.
        values
            What each reference takes: a word, or blocks.

        Returns
        -------
        list of dict
            Blocks for ``blocks.typ``.

        Raises
        ------
        ConfigurationError
            When a reference is unknown; all are listed at once, with those that exist.
        """
        return parse(self._texts[f"{name}.md"], values or {}, file=f"{name}.md")


def parse(text: str, values: Mapping[str, Value], *, file: str = "texte") -> list[Block]:
    """Read the markdown subset.

    Raises
    ------
    ConfigurationError
        When a reference is unknown, or blocks are asked for inside a sentence.

    Examples
    --------
    >>> parse("Le **taux** de {{place}}.", {"place": "*Lens*"})[0]["runs"][3]
    {'t': '*Lens*', 's': ''}
    """
    text = _COMMENT.sub("", text)
    _check(text, values, file=file)
    found: list[Block] = []
    for chunk in re.split(r"\n\s*\n", text.strip()):
        lines = [line.rstrip() for line in chunk.splitlines() if line.strip()]
        while lines and (match := _HEADING.match(lines[0])):
            words = "".join(run["t"] for run in _runs(match.group(2), values))
            found.append(heading(words, len(match.group(1)), page=len(match.group(1)) == 1))
            lines = lines[1:]
        if lines:
            _add(found, lines, values)
    return _sticking(_without_empty_sections(found))


def _sticking(blocks: list[Block]) -> list[Block]:
    """Keep a short paragraph on the page of the figure or table that it announces."""
    for block, below in pairwise(blocks):
        if block["kind"] == "paragraph":
            block["sticky"] = below["kind"] in {"figure", "table"}
    return blocks


def _without_empty_sections(blocks: list[Block]) -> list[Block]:
    """Drop the headings under which nothing came, but those of chapters."""
    kept: list[Block] = []
    following = 0  # level of the heading below, 0 for anything else; the end closes a section
    for rank, block in enumerate(reversed(blocks)):
        is_heading = block["kind"] == "heading"
        empty = is_heading and block["level"] > 1 and (rank == 0 or 0 < following <= block["level"])
        if not empty:
            kept.append(block)
            following = block["level"] if is_heading else 0
    return kept[::-1]


def _add(found: list[Block], lines: list[str], values: Mapping[str, Value]) -> None:
    """Add the block of one chunk of lines."""
    alone = _ALONE.match(lines[0].strip()) if len(lines) == 1 else None
    if alone and isinstance(blocks := values[alone.group(1)], list):
        found.extend(blocks)
    elif all(line.startswith(">") for line in lines):
        words = " ".join(line.lstrip("> ") for line in lines)
        body = [found.pop()] if found and found[-1]["kind"] in {"paragraph", "list"} else []
        found.append({"kind": "aside", "body": body, "runs": _runs(words, values)})
    elif lines[0].startswith("- "):
        items: list[str] = []
        for line in lines:
            if line.startswith("- "):
                items.append(line[2:])
            else:
                items[-1] += " " + line.strip()
        found.append({"kind": "list", "items": [_runs(item, values) for item in items]})
    else:
        runs = _runs(" ".join(line.strip() for line in lines), values)
        if any(run["t"].strip() for run in runs):
            found.append({"kind": "paragraph", "runs": runs})


def _check(text: str, values: Mapping[str, Value], *, file: str) -> None:
    faults = []
    for rank, line in enumerate(text.splitlines(), start=1):
        for name in _REFERENCE.findall(line):
            if name not in values:
                faults.append(_fault("référence inconnue", name, values, file=file, line=rank))
            elif not isinstance(values[name], str) and not _ALONE.match(line.strip()):
                faults.append(
                    _fault("cette référence se met seule sur sa ligne", name, values, file=file, line=rank)
                )
    if faults:
        raise ConfigurationError(faults)


def _fault(what: str, name: str, values: Mapping[str, Value], *, file: str, line: int) -> Fault:
    return Fault(
        what, file=file, line=line, found=f"{{{{{name}}}}}",
        expected=", ".join(sorted(values)) or "aucune référence", remedy="corrigez le nom entre accolades",
    )  # fmt: skip


def _runs(text: str, values: Mapping[str, Value]) -> list[Run]:
    """Cut a paragraph into runs of one style."""
    runs: list[Run] = []
    last = 0
    for match in _INLINE.finditer(text):
        runs.append({"t": text[last : match.start()], "s": ""})
        if match["name"] is not None:
            runs.append({"t": str(values[match["name"]]), "s": ""})
        else:
            style = "strong" if match["strong"] is not None else "emph"
            inner = _REFERENCE.sub(lambda found: str(values[found.group(1)]), match[style])
            runs.append({"t": inner, "s": style})
        last = match.end()
    runs.append({"t": text[last:], "s": ""})
    return typeset_runs([run for run in runs if run["t"]]) if any(run["t"] for run in runs) else []
