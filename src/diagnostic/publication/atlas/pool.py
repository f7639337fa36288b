"""What many indicators share, written once: sources, names of comparators, lists, words of the catalogue."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from diagnostic.formatting import typographic
from diagnostic.publication.report.reading import text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

_WORDS: Final = ("producer", "title", "label", "licence", "published")


class Pool:
    """Values by rank, each kept once.

    Parameters
    ----------
    sources
        ``SOURCE_COLUMNS``.

    Examples
    --------
    >>> import pandas as pd
    >>> pool = Pool(pd.DataFrame())
    >>> pool.name("Lille"), pool.name("Lens"), pool.name("Lille"), pool.content()["names"]
    (0, 1, 0, ['Lille', 'Lens'])
    """

    def __init__(self, sources: pd.DataFrame) -> None:
        self._files: dict[tuple[str, str], list[dict[str, str]]] = {}
        for row in sources.to_dict("records"):
            words = {name: typographic(text_of(row[name])) for name in _WORDS}
            found = {**words, "edition": str(row["edition"]), "url": web_address(text_of(row["url"]))}
            self._files.setdefault((str(row["source"]), str(row["edition"])), []).append(found)
        self._kept: dict[str, dict[str, int]] = {name: {} for name in ("sources", "names", "lists", "words")}

    def _rank(self, kind: str, value: object) -> int:
        kept = self._kept[kind]
        return kept.setdefault(json.dumps(value, ensure_ascii=False, sort_keys=True), len(kept))

    def name(self, text: str) -> int:
        """Keep the name of a comparator."""
        return self._rank("names", typographic(text))

    def shared(self, values: list[int | None]) -> int:
        """Keep a list that several indicators repeat."""
        return self._rank("lists", values)

    def words(self, texts: Mapping[str, str]) -> int:
        """Keep what an indicator says and does not say."""
        return self._rank("words", {name: typographic(text) for name, text in texts.items()})

    def sources(self, rows: pd.DataFrame) -> list[int]:
        """Keep the files behind some rows, by source and edition."""
        pairs = sorted(set(zip(rows["source"].astype(str), rows["edition"].astype(str), strict=True)))
        named = dict.fromkeys((source, edition) for both, edition in pairs for source in both.split(" + "))
        found = [self._rank("sources", file) for pair in named for file in self._files.get(pair, [])]
        return list(dict.fromkeys(found))

    def content(self) -> dict[str, Any]:
        """Give what was kept, in order."""
        return {kind: [json.loads(text) for text in kept] for kind, kept in self._kept.items()}


def web_address(text: str) -> str:
    """Give an address that may be followed, nothing when it is not one of the web.

    Examples
    --------
    >>> web_address("https://www.insee.fr/fr"), web_address("javascript:alert(1)"), web_address("http://[x")
    ('https://www.insee.fr/fr', '', '')
    """
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme in {"http", "https"} and parts.netloc else ""
