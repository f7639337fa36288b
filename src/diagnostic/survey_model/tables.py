"""The csv files of the model, read with the standard library only."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

HERE = Path(__file__).parent


@lru_cache(maxsize=8)
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Read one file of the model, every field as text; the rows are shared, not to be changed.

    Examples
    --------
    >>> rows("options.csv")[0]["label"]
    'Oui'
    """
    text = (HERE / name).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines(), delimiter=";"))
