"""Statistical secrecy: hide what must be, and let nothing published give it back.

Scipy's optimisers take a quarter of a second to import: each name is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from diagnostic.analysis.disclosure.attacker import attack
    from diagnostic.analysis.disclosure.derived import hide_complements, hide_derived
    from diagnostic.analysis.disclosure.differencing import (
        against_ledger,
        between_options,
        between_perimeters,
        between_waves,
    )
    from diagnostic.analysis.disclosure.protection import protect
    from diagnostic.analysis.disclosure.rules import (
        PRODUCER,
        PROJECT,
        RULES,
        Rule,
        find_rule,
        refuse_crossing,
        sensitive_cells,
    )
    from diagnostic.analysis.disclosure.tables import stack

_HOMES = {
    "attack": "diagnostic.analysis.disclosure.attacker",
    "hide_complements": "diagnostic.analysis.disclosure.derived",
    "hide_derived": "diagnostic.analysis.disclosure.derived",
    "against_ledger": "diagnostic.analysis.disclosure.differencing",
    "between_options": "diagnostic.analysis.disclosure.differencing",
    "between_perimeters": "diagnostic.analysis.disclosure.differencing",
    "between_waves": "diagnostic.analysis.disclosure.differencing",
    "protect": "diagnostic.analysis.disclosure.protection",
    "PRODUCER": "diagnostic.analysis.disclosure.rules",
    "PROJECT": "diagnostic.analysis.disclosure.rules",
    "RULES": "diagnostic.analysis.disclosure.rules",
    "Rule": "diagnostic.analysis.disclosure.rules",
    "find_rule": "diagnostic.analysis.disclosure.rules",
    "refuse_crossing": "diagnostic.analysis.disclosure.rules",
    "sensitive_cells": "diagnostic.analysis.disclosure.rules",
    "stack": "diagnostic.analysis.disclosure.tables",
}

__all__ = [
    "PRODUCER",
    "PROJECT",
    "RULES",
    "Rule",
    "against_ledger",
    "attack",
    "between_options",
    "between_perimeters",
    "between_waves",
    "find_rule",
    "hide_complements",
    "hide_derived",
    "protect",
    "refuse_crossing",
    "sensitive_cells",
    "stack",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the type is the exported object's own
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
