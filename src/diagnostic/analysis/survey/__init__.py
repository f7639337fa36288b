"""Survey inference: estimates a survey statistician would sign, checked against R digit by digit."""

from __future__ import annotations

from diagnostic.analysis.survey.answers import (
    bounded_share,
    co_mentions,
    criterion_by_domain,
    non_recourse,
    overlapping_shares,
)
from diagnostic.analysis.survey.calibration import Adjustment, CalibrationError
from diagnostic.analysis.survey.comparison import Comparison, Protocol, benchmark, benchmarks, compare
from diagnostic.analysis.survey.design import SurveyDesign
from diagnostic.analysis.survey.reliability import PUBLICATION, Reliability, Thresholds, rate
from diagnostic.analysis.survey.small_area import FayHerriot, SmallAreas, fay_herriot, small_areas
from diagnostic.analysis.survey.tabulation import Crosstab

__all__ = [
    "PUBLICATION",
    "Adjustment",
    "CalibrationError",
    "Comparison",
    "Crosstab",
    "FayHerriot",
    "Protocol",
    "Reliability",
    "SmallAreas",
    "SurveyDesign",
    "Thresholds",
    "benchmark",
    "benchmarks",
    "bounded_share",
    "co_mentions",
    "compare",
    "criterion_by_domain",
    "fay_herriot",
    "non_recourse",
    "overlapping_shares",
    "rate",
    "small_areas",
]
