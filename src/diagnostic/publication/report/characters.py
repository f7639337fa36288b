"""Which characters a page can show: those of its font, and of the one that Typst carries for the others."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from diagnostic.publication.figures.lettering import drawn

if TYPE_CHECKING:
    from collections.abc import Iterable

    from diagnostic.analysis.disclosure.public import Identity, PublicTables

REPLACEMENT = "\ufffd"
MARK = "\ufeff"  # of the order of bytes: PDF/A refuses it


def undrawn(texts: Iterable[str]) -> set[str]:
    """Give the characters of some texts that no font of the document has.

    Examples
    --------
    >>> undrawn(["Cœur de ville – 12 €", "مرحبا"])
    set()
    >>> undrawn(["bien \N{THUMBS UP SIGN}"]) == {"\N{THUMBS UP SIGN}"}
    True
    """
    used = {sign for text in texts for sign in text}
    return (used - drawn()) | (used & {MARK})


def drawable(tables: PublicTables) -> PublicTables:
    """Replace, in names and labels, the characters that no font has: a page says so where it would fail.

    Parameters
    ----------
    tables
        What may be published.

    Returns
    -------
    PublicTables
        The same object where every character is drawn, as nearly always.
    """
    changed: dict[str, Any] = {}
    for one in fields(tables):
        value = getattr(tables, one.name)
        mended = _frame(value) if isinstance(value, pd.DataFrame) else _identity(value)
        if mended is not value:
            changed[one.name] = mended
    return replace(tables, **changed) if changed else tables


def _frame(frame: pd.DataFrame) -> pd.DataFrame:
    columns: dict[str, Any] = {}
    for name, column in frame.items():
        if isinstance(column.dtype, pd.StringDtype) or column.dtype == object:
            strange = undrawn({cell for cell in column.tolist() if isinstance(cell, str)})
            if strange:
                columns[str(name)] = [_mended(cell, strange) for cell in column.tolist()]
    return frame.assign(**columns) if columns else frame


def _identity(identity: Identity) -> Identity:
    words = {one.name: getattr(identity, one.name) for one in fields(identity)}
    strange = undrawn(word for word in words.values() if isinstance(word, str))
    mended: dict[str, Any] = {name: _mended(word, strange) for name, word in words.items()}
    return replace(identity, **mended) if strange else identity


def _mended(cell: object, strange: set[str]) -> object:
    if not isinstance(cell, str):
        return cell
    return cell.translate({ord(sign): _instead(sign) for sign in strange})


def _instead(sign: str) -> str:
    if sign == MARK:
        return ""
    return " " if sign < " " else REPLACEMENT
