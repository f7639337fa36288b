"""What tables of schools share: the shape of an establishment's number, where it stands."""

from __future__ import annotations

from typing import Final

import pandas as pd

from diagnostic.schemas import LINK_COLUMNS
from diagnostic.territory.links import link_table
from diagnostic.vocabulary import Level

SHAPE: Final = r"\d[0-9AB]\d{5}[A-Z]"
COMMUNE: Final = r"\d[0-9AB]\d{3}"


def school_links(frame: pd.DataFrame, *, source: str) -> pd.DataFrame:
    """Link schools to their commune, and to themselves to bear their name.

    Parameters
    ----------
    frame
        Columns ``code``, ``label``, ``commune``, ``commune_label`` (text) and ``vintage``.
    source
        Name of the source.

    Returns
    -------
    pandas.DataFrame
        Columns ``schemas.LINK_COLUMNS``, each link once.

    Examples
    --------
    >>> one = pd.DataFrame([["0590001A", "LES LILAS", "59350", "LILLE", 2021]],
    ...                    columns=["code", "label", "commune", "commune_label", "vintage"])
    >>> school_links(one, source="depp_ips")["parent_code"].tolist()
    ['0590001A', '59350']
    """
    parents = ((Level.ESTABLISHMENT, "code", "label"), (Level.COMMUNE, "commune", "commune_label"))
    parts = [
        pd.DataFrame({
            "level": str(Level.ESTABLISHMENT), "code": frame["code"], "vintage": frame["vintage"],
            "parent_level": str(level), "parent_code": frame[code], "parent_vintage": frame["vintage"], "rank": 0,
            "label": frame[label], "source": source,
        })
        for level, code, label in parents
    ]  # fmt: skip
    rows = pd.concat(parts, ignore_index=True)[LINK_COLUMNS]
    return link_table(rows[rows["parent_code"] != ""].itertuples(index=False))
