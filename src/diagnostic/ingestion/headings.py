"""Names of columns as portals write them: a label, or a machine name, with faults of spelling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diagnostic.territory.names import key

if TYPE_CHECKING:
    from collections.abc import Iterable


def column_of(names: Iterable[object], *published: str) -> str | None:
    """Find a column under one of its published names: case, accents, blanks and marks do not count.

    Parameters
    ----------
    names
        Names of a row of titles.
    published
        Names under which the column is known, the preferred first.

    Returns
    -------
    str or None
        The name as it stands in the row.

    Examples
    --------
    >>> column_of(["Rentrée scolaire", "UAI"], "rentree_scolaire"), column_of(["UAI"], "ips")
    ('Rentrée scolaire', None)
    """
    known = {key(str(name)): str(name) for name in names}
    return next((known[key(name)] for name in published if key(name) in known), None)
