"""Territorial diagnostics of discriminations for French contrats de ville.

``import diagnostic as dg`` is light: what needs pandas or matplotlib is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "Diagnostic": "diagnostic.api",
    "DiagnosticError": "diagnostic.errors",
    "SurveyDesign": "diagnostic.analysis.survey",
    "attack": "diagnostic.analysis.disclosure",
    "load": "diagnostic.api",
    "open_census": "diagnostic.ingestion.census_detail",
    "protect": "diagnostic.analysis.disclosure",
}

__all__ = [
    "Diagnostic", "DiagnosticError", "SurveyDesign", "__version__", "attack", "load", "open_census", "protect",
]  # fmt: skip


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the type is the exported object's own
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'diagnostic' has no attribute {name!r}")
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted(__all__)
