"""What must be printed with every figure of a survey, and what decides whether two figures may be compared."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


@dataclass(frozen=True, slots=True)
class SurveyIdentity:
    """The protocol of a survey and what was kept of its file.

    Parameters
    ----------
    title, commissioner, population, drawn_from, weighting
        French texts; empty when nothing was said.
    start, end, deletion
        Collection dates, and the day the responses are to be erased.
    basis
        ``aleatoire``, ``quotas`` or ``volontaires``.
    modes
        Ways in which answers were collected.
    response_rate
        Percent, ``None`` when unknown.
    regime
        ``anonyme`` or ``consentement``.
    generation
        Of the QPV, ``None`` when the quarter is not known.
    file, platform
        Where the answers come from.
    rows, kept, incomplete, minors, without_consent
        Rows of the file, respondents kept, rows left out because unfinished, under 18 or without consent.
    weighted
        Whether a weight column was read.
    wordings, periods
        Exact wording and reference period by concept.
    offered
        Our answers that the questionnaire offered, by concept.
    """

    title: str
    commissioner: str
    population: str
    start: date
    end: date
    basis: str
    modes: tuple[str, ...]
    response_rate: float | None
    regime: str
    deletion: date
    generation: int | None
    file: str
    platform: str
    rows: int
    kept: int
    incomplete: int
    minors: int
    weighted: bool
    without_consent: int = 0
    weighting: str = ""
    drawn_from: str = ""
    wordings: Mapping[str, str] = field(default_factory=dict)
    periods: Mapping[str, str] = field(default_factory=dict)
    offered: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
