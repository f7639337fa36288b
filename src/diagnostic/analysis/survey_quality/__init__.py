"""The quality of a survey: what is printed with each of its figures, and what it forbids to say.

Respondents are counted without weights throughout: the card speaks of the people who answered, not of those they
stand for. Counts under the threshold of protection are masked, and more where the total would give them back.
"""

from __future__ import annotations

from diagnostic.analysis.survey_quality.card import MASKED, Inference, identity_card, inference, summary
from diagnostic.analysis.survey_quality.counts import (
    UniqueProfiles,
    item_nonresponse,
    kish_effect,
    respondents_by_qpv,
    tells,
    unique_profiles,
)
from diagnostic.analysis.survey_quality.margins import population_gap, population_margins

__all__ = [
    "MASKED", "Inference", "UniqueProfiles", "identity_card", "inference", "item_nonresponse", "kish_effect",
    "population_gap", "population_margins", "respondents_by_qpv", "summary", "tells", "unique_profiles",
]  # fmt: skip
