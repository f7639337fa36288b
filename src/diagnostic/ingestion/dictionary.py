"""The dictionary that Insee ships beside a table: ``meta_….csv``, one row a variable or a modality.

It says what a column means and, in its words, of which year the figures speak. A column that the tool does not
know keeps its label, so that a person can declare it as a local table without looking it up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from diagnostic.errors import InputError
from diagnostic.ingestion.document import Kind, open_document
from diagnostic.ingestion.tabular import read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from diagnostic.ingestion.document import Document

NAMED: Final = re.compile(r"(?:^meta[_-].*|.*[_-]metadata)\.csv$", re.IGNORECASE)
NEEDLES: Final = ("COD_VAR", "LIB_VAR")
_COLUMN = re.compile(r'^\[colonnes\."(?P<title>(?:[^"\\]|\\.)*)"\]', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Dictionary:
    """Labels of variables, by published name in upper case."""

    labels: Mapping[str, str]

    def describe(self, names: Iterable[str]) -> list[str]:
        """Write each name with its label, alone where the dictionary does not know it.

        Examples
        --------
        >>> Dictionary({"TX_F": "Part des femmes"}).describe(["TX_F", "XYZ"])
        ['TX_F (Part des femmes)', 'XYZ']
        """
        return [f"{name} ({label})" if (label := self.labels.get(name.upper())) else name for name in names]


NONE: Final = Dictionary({})


def is_dictionary(document: Document) -> bool:
    """Say whether a document is a dictionary, not a table of figures."""
    return document.kind is Kind.DELIMITED and bool(document.headers(NEEDLES))


def read_dictionary(document: Document) -> Dictionary:
    """Read the labels of the variables; raises ``InputError`` when the file is damaged."""
    table = read_table(document, NEEDLES)
    by_name = {name.upper(): name for name in table.frame.columns}
    long = by_name.get("LIB_VAR_LONG", by_name["LIB_VAR"])
    rows = table.frame[[by_name["COD_VAR"], long]].itertuples(index=False)
    said = {str(name).strip().upper(): str(label).strip() for name, label in rows}
    return Dictionary({name: label for name, label in said.items() if label})


def dictionary_beside(document: Document) -> Dictionary:
    """Find the dictionary of a table among the files that came with it.

    Parameters
    ----------
    document
        A table; its folder is looked at, where an archive was unpacked.

    Returns
    -------
    Dictionary
        That whose name resembles the table's most; without any label when there is none that can be read.
    """
    around = sorted(path for path in document.path.parent.glob("*.csv") if NAMED.match(path.name))
    own = document.path.stem.casefold()
    for path in sorted(around, key=lambda path: own not in path.stem.casefold()):
        try:
            found = open_document(path)
            if is_dictionary(found):
                return read_dictionary(found)
        except InputError:
            continue  # it will be refused for itself, with the reason
    return NONE


def annotated(draft: str, dictionary: Dictionary) -> str:
    r"""Write the labels of a dictionary in the draft of a declaration.

    Parameters
    ----------
    draft
        What :func:`diagnostic.ingestion.local_draft.draft` gives.
    dictionary
        Labels of the table's columns.

    Returns
    -------
    str
        The same TOML, a comment above each column that the dictionary describes.

    Examples
    --------
    >>> text = annotated('[colonnes."TX"]  # proposé', Dictionary({"TX": "Part de…"}))
    >>> print(text.replace("\u00a0", " "))
    # dictionnaire de l’Insee : Part de…
    [colonnes."TX"]  # proposé
    """

    def described(found: re.Match[str]) -> str:
        label = dictionary.labels.get(found["title"].upper())
        said = f"# dictionnaire de l’Insee\u00a0: {' '.join(label.split())}\n" if label else ""
        return said + found[0]

    return _COLUMN.sub(described, draft)
