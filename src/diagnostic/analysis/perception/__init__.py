"""Perceived discrimination: what residents declare, estimated, protected and put in sentences."""

from __future__ import annotations

from diagnostic.analysis.perception.card import card
from diagnostic.analysis.perception.estimation import estimates
from diagnostic.analysis.perception.release import released, shielded
from diagnostic.analysis.perception.sentences import sentences
from diagnostic.analysis.perception.weighting import adults_by_quarter, public_margins

__all__ = ["adults_by_quarter", "card", "estimates", "public_margins", "released", "sentences", "shielded"]
