"""The model of an inventory of actions: its columns, the words that each accepts, and small tables beside it.

The model is data (two csv files that a colleague can read) and a few lookups. It knows no workbook and no number.
"""

from __future__ import annotations

from diagnostic.action_model.model import (
    ALL_CRITERIA,
    EXAMPLE,
    PUBLIC,
    SEPARATOR,
    SHEET,
    Choice,
    Field,
    Kind,
    choices,
    fields,
    label_of,
)

__all__ = [
    "ALL_CRITERIA", "EXAMPLE", "PUBLIC", "SEPARATOR", "SHEET", "Choice", "Field", "Kind", "choices", "fields",
    "label_of",
]  # fmt: skip
