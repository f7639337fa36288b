"""The fictional territory: its raw files, written in the producers' own formats and quirks."""

from __future__ import annotations

from diagnostic.demo.actions import write_actions
from diagnostic.demo.campaign import write_campaign, write_lead_tables
from diagnostic.demo.places import EPCI_CODE, EPCI_LABEL
from diagnostic.demo.survey import SURVEY_SEED, write_survey
from diagnostic.demo.territory import DEFAULT_SEED, write_territory

__all__ = [
    "DEFAULT_SEED", "EPCI_CODE", "EPCI_LABEL", "SURVEY_SEED", "write_actions", "write_campaign",
    "write_lead_tables", "write_survey", "write_territory",
]  # fmt: skip
