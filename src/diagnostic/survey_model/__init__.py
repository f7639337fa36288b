"""The canonical model of a survey on perceived discrimination: what may be asked, answered and meant.

The model is data (three csv files that a colleague can read) and a few lookups. It knows no platform, no file of
a user and no statistic.
"""

from __future__ import annotations

from diagnostic.survey_model.criteria import CRITERIA_VERSION, Criterion, criteria
from diagnostic.survey_model.model import (
    MODEL_VERSION,
    NUMBERS,
    Concept,
    Filter,
    Kind,
    Option,
    Role,
    Sensitivity,
    age_group,
    author_scale,
    concept_keys,
    concepts,
    domain_codes,
    grouped,
    motive_criteria,
    option_lists,
)

__all__ = [
    "CRITERIA_VERSION", "MODEL_VERSION", "NUMBERS", "Concept", "Criterion", "Filter", "Kind", "Option", "Role",
    "Sensitivity", "age_group", "author_scale", "concept_keys", "concepts", "criteria", "domain_codes", "grouped",
    "motive_criteria", "option_lists",
]  # fmt: skip
