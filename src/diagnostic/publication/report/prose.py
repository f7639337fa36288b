"""French prose kept in small markdown files, with references to blocks and words.

The subset: ``#`` to ``###`` headings, paragraphs, ``-`` lists, ``**strong**``, ``*emphasis*``, ``>`` for a note in
the margin of the paragraph above, ``<!-- remark -->``. ``{{name}}`` inside a sentence takes a word; alone on its
line it takes blocks (a map, a table), and vanishes when there are none; ``{{gap:employment_rate:QP059040}}`` takes
a published number (:class:`diagnostic.publication.report.facts.Facts`). What a reference brings is never read as
markup.
"""

from __future__ import annotations

import re
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from diagnostic.errors import ConfigurationError, Fault
from diagnostic.formatting import enumeration, number, plural
from diagnostic.publication.report.blocks import Block, Run, heading, typeset_runs
from diagnostic.publication.report.characters import MARK, undrawn
from diagnostic.publication.report.facts import UnknownFactError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Value = str | list[Block]
    Lookup = Callable[[str], str]

_REFERENCE: Final = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_ALONE: Final = re.compile(r"^\{\{\s*([^{}]*?)\s*\}\}$")
_INLINE: Final = re.compile(
    r"\*\*(?P<strong>.+?)\*\*|\*(?P<emph>[^*\s](?:[^*]*[^*\s])?)\*|\{\{\s*(?P<name>[^{}]*?)\s*\}\}"
)
_COMMENT: Final = re.compile(r"<!--.*?-->", re.DOTALL)
_PICTURE: Final = re.compile(r"!\[[^\]]*\]\s*[(\[]|<img\b|data:image/", re.IGNORECASE)
LONGEST: Final = 50_000  # characters: some fifteen pages
_HEADING: Final = re.compile(r"^(#{1,3})\s+(.*)$")
# Texts that only the lead can write: each has its place in the report, empty until then.
OWN: Final = (
    "contexte", "partenaires", "commentaire_ressources", "commentaire_emploi", "commentaire_education",
    "commentaire_logement", "commentaire_sante", "commentaire_services", "commentaire_biens",
)  # fmt: skip
_QUARTER: Final = "quartier_"  # then the code of the neighbourhood


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
    """The texts of a report: the package's, each replaced by the lead's of the same name, and the lead's own.

    Parameters
    ----------
    texts
        File name to markdown, the lead's: one of ours to replace, one of :data:`OWN`, or ``quartier_CODE.md``.
    facts
        Gives the number that a reference with a colon names; without it such a reference is unknown.
    codes
        Neighbourhoods that a text may be about.

    Raises
    ------
    ConfigurationError
        When a given name is none of these (it would change nothing, in silence), a number is unknown, or a text
        holds a picture or is longer than :data:`LONGEST`.
    """

    def __init__(
        self, texts: Mapping[str, str] | None = None, *, facts: Lookup | None = None, codes: Iterable[str] = ()
    ) -> None:
        ours = shipped()
        own = [f"{name}.md" for name in (*OWN, *(_QUARTER + code for code in codes))]
        strange = sorted(set(texts or {}) - set(ours) - set(own))
        if strange:
            raise ConfigurationError([
                Fault(
                    "texte inconnu", file=name, expected=", ".join([*own, *ours]),
                    remedy="renommez le fichier comme celui qu’il remplace, ou retirez-le",
                ) for name in strange
            ])  # fmt: skip
        _check_texts(texts or {})
        self._texts = {**ours, **(texts or {})}
        self._numbers = _numbers(texts or {}, facts) if facts else {}

    def __contains__(self, name: str) -> bool:
        """Say whether there is a text of that name."""
        return f"{name}.md" in self._texts

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
        return parse(self._texts[f"{name}.md"], {**self._numbers, **(values or {})}, file=f"{name}.md")

    def own(self, name: str) -> list[Block]:
        """Give the blocks of a text that the lead wrote, none until it is written.

        Parameters
        ----------
        name
            One of :data:`OWN`.

        Raises
        ------
        ConfigurationError
            When a reference is unknown.
        """
        return self.blocks(name) if name in self else []

    def quarter(self, code: str) -> list[Block]:
        """Give the blocks that the lead wrote about a neighbourhood.

        Parameters
        ----------
        code
            Of the neighbourhood.
        """
        return self.own(_QUARTER + code)


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
    text = _without_remarks(text)
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
    """Keep a short paragraph on the page of what it announces: a figure, a table, the parts of a chapter."""
    opening = False  # whether the block above is the heading of a chapter
    for block, below in pairwise(blocks):
        if block["kind"] == "paragraph":
            announced = {"figure", "table", "people", "heading"} if opening else {"figure", "table", "people"}
            block["sticky"] = below["kind"] in announced
        opening = block["kind"] == "heading" and block["level"] == 1
    return blocks


def _without_empty_sections(blocks: list[Block]) -> list[Block]:
    """Drop the headings under which nothing came, but those of chapters."""
    kept: list[Block] = []
    following = 1  # level of the heading below, 0 for anything else; the end closes every section
    for block in reversed(blocks):
        is_heading = block["kind"] == "heading"
        empty = is_heading and block["level"] > 1 and 0 < following <= block["level"]
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


def _without_remarks(text: str) -> str:
    """Drop the remarks, their line breaks kept: a fault names the line that the lead sees."""
    return _COMMENT.sub(lambda found: "\n" * found.group(0).count("\n"), text)


def _check_texts(texts: Mapping[str, str]) -> None:
    """Refuse pictures, signs without a drawing, and what is too long: a picture pasted as text is all of these."""
    faults = []
    for file, text in texts.items():
        lines = _without_remarks(text).splitlines()
        faults += [
            Fault(
                "image dans un texte", file=file, line=rank, expected="du texte seul",
                remedy="retirez l’image : un texte n’en reçoit pas, seules les cartes et figures de l’outil "
                "ont leur description et leur source",
            )
            for rank, line in enumerate(lines, start=1) if _PICTURE.search(line)
        ]  # fmt: skip
        faults += [
            Fault(
                "signe que la police du document n’a pas", file=file, line=rank,
                expected="des lettres et des signes de ponctuation",
                found=enumeration(f"{sign} (U+{ord(sign):04X})" for sign in sorted(strange)),
                remedy="retirez-le, ou écrivez-le en lettres",
            )
            for rank, line in enumerate(lines, start=1) if (strange := undrawn([line.removeprefix(MARK)]))
        ]  # fmt: skip
        if len(text) > LONGEST and not any(fault.file == file for fault in faults):
            faults.append(Fault(
                "texte trop long", file=file, found=plural(len(text), "caractère"),
                expected=f"{number(LONGEST)} au plus", remedy="gardez l’essentiel, joignez le reste à part",
            ))  # fmt: skip
    if faults:
        raise ConfigurationError(faults)


def _numbers(texts: Mapping[str, str], facts: Lookup) -> dict[str, Value]:
    """Write every number that the lead's texts call; the unknown ones of all files are named at once."""
    found: dict[str, Value] = {}
    faults = []
    for file, text in texts.items():
        for rank, line in enumerate(_without_remarks(text).splitlines(), start=1):
            for name in (name for name in _REFERENCE.findall(line) if ":" in name):
                try:
                    found[name] = facts(name)
                except UnknownFactError as problem:
                    faults.append(
                        Fault(
                            "chiffre inconnu", file=file, line=rank, found=f"{{{{{name}}}}}",
                            expected=problem.expected, remedy="corrigez la référence entre accolades",
                        )
                    )  # fmt: skip
    if faults:
        raise ConfigurationError(faults)
    return found


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
