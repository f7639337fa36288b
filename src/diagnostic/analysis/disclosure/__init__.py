"""Statistical secrecy: hide what must be, and let nothing published give it back."""

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
