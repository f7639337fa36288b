"""Statistical secrecy: hide what must be, and let nothing published give it back."""

from diagnostic.analysis.disclosure.protection import protect
from diagnostic.analysis.disclosure.rules import RULES, Rule, find_rule, refuse_crossing, sensitive_cells
from diagnostic.analysis.disclosure.tables import stack

__all__ = ["RULES", "Rule", "find_rule", "protect", "refuse_crossing", "sensitive_cells", "stack"]
