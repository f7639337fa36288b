"""The census of individuals: counted, protected, and gaps between groups at equal composition.

Takes the file as an ibis table, whatever the engine; ``ingestion.census_detail.open_census`` opens one.
"""

from __future__ import annotations

from diagnostic.analysis.census.adjustment import Logistic, Standardised, decompose, logistic, standardise
from diagnostic.analysis.census.layout import AREAS, DIMENSIONS, Dimension
from diagnostic.analysis.census.people import sample
from diagnostic.analysis.census.tabulation import in_french, release, tabulate, with_totals

__all__ = [
    "AREAS",
    "DIMENSIONS",
    "Dimension",
    "Logistic",
    "Standardised",
    "decompose",
    "in_french",
    "logistic",
    "release",
    "sample",
    "standardise",
    "tabulate",
    "with_totals",
]
