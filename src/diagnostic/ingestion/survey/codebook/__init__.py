"""The codebook: how a lead says, in one small file, what each question of an export is."""

from __future__ import annotations

from diagnostic.ingestion.survey.codebook.checking import Check, check
from diagnostic.ingestion.survey.codebook.drafting import draft
from diagnostic.ingestion.survey.codebook.forming import declared_form
from diagnostic.ingestion.survey.codebook.matching import (
    Match,
    agreed,
    column_decisions,
    find_column,
    find_question,
    match,
)
from diagnostic.ingestion.survey.codebook.model import CODEBOOK_NAME, TO_COMPLETE, Codebook
from diagnostic.ingestion.survey.codebook.reading import load_codebook, parse_codebook

__all__ = [
    "CODEBOOK_NAME", "TO_COMPLETE", "Check", "Codebook", "Match", "agreed", "check", "column_decisions",
    "declared_form", "draft", "find_column", "find_question", "load_codebook", "match", "parse_codebook",
]  # fmt: skip
