"""The census of individuals: counted, protected, and gaps between groups at equal composition.

Takes the file as an ibis table, whatever the engine; ``ingestion.census_detail.open_census`` opens one. Counting
needs neither scipy nor the survey tools: each name is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from diagnostic.analysis.census.adjustment import Logistic, Standardised, decompose, logistic, standardise
    from diagnostic.analysis.census.layout import DIMENSIONS, Dimension
    from diagnostic.analysis.census.people import sample
    from diagnostic.analysis.census.protected import in_french, release, with_totals
    from diagnostic.analysis.census.tabulation import tabulate

_MODULES = {
    "adjustment": ("Logistic", "Standardised", "decompose", "logistic", "standardise"),
    "layout": ("DIMENSIONS", "Dimension"),
    "people": ("sample",),
    "protected": ("in_french", "release", "with_totals"),
    "tabulation": ("tabulate",),
}
_HOMES = {name: f"{__name__}.{module}" for module, names in _MODULES.items() for name in names}

__all__ = [
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


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the type is the exported object's own
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
