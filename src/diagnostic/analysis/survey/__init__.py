"""Survey inference: estimates a survey statistician would sign, checked against R digit by digit."""

from __future__ import annotations

from diagnostic.analysis.survey.design import SurveyDesign

__all__ = ["SurveyDesign"]
