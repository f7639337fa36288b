"""Testing campaigns: matched applications that differ by one trait, and what separates their answers.

The only source of the diagnostic that shows a treatment. Its results hold for the offers that were tested, not for
a neighbourhood; names of offers and of those who made them never leave the memory.
"""

from __future__ import annotations

from diagnostic.analysis.testing.campaign import COLUMNS, compare, compare_all
from diagnostic.analysis.testing.effects import EFFECT_COLUMNS, effects
from diagnostic.analysis.testing.planning import offers_needed, power, power_table
from diagnostic.analysis.testing.results import (
    PUBLISHED_FROM,
    RESULT_COLUMNS,
    publishable,
    results,
    signals_of,
    trait_effects,
)

__all__ = [
    "COLUMNS",
    "EFFECT_COLUMNS",
    "PUBLISHED_FROM",
    "RESULT_COLUMNS",
    "compare",
    "compare_all",
    "effects",
    "offers_needed",
    "power",
    "power_table",
    "publishable",
    "results",
    "signals_of",
    "trait_effects",
]
