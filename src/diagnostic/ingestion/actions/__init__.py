"""The inventory of actions: a workbook to fill in, and the same workbook read back, whatever was done to it."""

from __future__ import annotations

from diagnostic.ingestion.actions.reading import ACTION_TABLE, read_actions
from diagnostic.ingestion.actions.template import template

__all__ = ["ACTION_TABLE", "read_actions", "template"]
