"""From an export and its codebook to the tables of the canonical model."""

from __future__ import annotations

from diagnostic.ingestion.survey.canonical.place import UNRESOLVED_NAME, PlaceStatus
from diagnostic.ingestion.survey.canonical.stacking import stack
from diagnostic.ingestion.survey.canonical.tables import STATE_SUFFIX, SurveyTables, canonical

__all__ = ["STATE_SUFFIX", "UNRESOLVED_NAME", "PlaceStatus", "SurveyTables", "canonical", "stack"]
