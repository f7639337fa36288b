"""The legal criteria, as a dated list: print the list, never a number of criteria.

The wording is that of article 225-1 of the Code pénal as in force on 2 April 2026 and of loi 2008-496 article 1.
What could not be read in a text is left empty and named in ``to_check``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from diagnostic.survey_model.tables import rows

if TYPE_CHECKING:
    from collections.abc import Mapping

CRITERIA_VERSION: Final = "2026-04-02"


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion on which the law forbids to discriminate.

    Parameters
    ----------
    slug
        Stable code.
    label
        Its name in the law.
    texts
        Where it stands, texts separated by semicolons.
    since, added_by
        When and by which text it entered the law; empty when no text was read that says so.
    family
        Heading under which it is listed.
    documentable
        What public statistics at QPV level can say of it.
    to_check
        What remains to be verified before printing; empty when all was read.
    """

    slug: str
    label: str
    texts: str
    since: str
    added_by: str
    family: str
    documentable: str
    to_check: str

    @property
    def printable(self) -> bool:
        """Whether the name itself was read in a text."""
        return not self.to_check.startswith("rédaction")


@lru_cache(maxsize=1)
def criteria() -> Mapping[str, Criterion]:
    """Give the criteria by slug, in the order of the list.

    Examples
    --------
    >>> criteria()["lieu_residence"].added_by
    'Loi n° 2014-173 du 21 février 2014'
    >>> [entry.slug for entry in criteria().values() if not entry.printable]
    ['mandat_electif']
    """
    return MappingProxyType({row["slug"]: Criterion(**row) for row in rows("criteria.csv")})
