"""From figures and declarations to what is said of them: one call, every table of the crossing chapters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from diagnostic.analysis.coverage import coverage, unknowns
from diagnostic.analysis.crossing import Material, crossing_catalogue, crossings
from diagnostic.analysis.evidence import blind_spots, evidence, signals
from diagnostic.analysis.findings import findings
from diagnostic.analysis.trends import trends, worsening

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd

    from diagnostic.survey_model.identity import SurveyIdentity


COUNTED_ACTIONS: Final = ("ACT01", "ACT03")  # CRO04 and the blind spots give them


@dataclass(frozen=True, slots=True)
class Declared:
    """What a survey declares, as it may be published.

    Parameters
    ----------
    estimates
        Released estimates, columns ``schemas.ESTIMATE_COLUMNS``.
    identity
        The protocol; ``None`` when it was erased with the responses, which are then told as volunteers' are.
    perimeter
        ``contrat``, ``departement``, ``region`` or ``france``.
    adults
        Inhabitants of 18 and more of this perimeter, where they are known.
    """

    estimates: pd.DataFrame
    identity: SurveyIdentity | None
    perimeter: str = "contrat"
    adults: float | None = None


@dataclass(frozen=True, slots=True)
class Synthesis:
    """The tables of the crossing chapters.

    Parameters
    ----------
    findings
        ``findings.COLUMNS``.
    trends
        ``trends.TREND_COLUMNS``.
    worsening
        ``trends.WORSENING_COLUMNS``.
    signals
        ``evidence.SIGNAL_COLUMNS``.
    evidence
        ``evidence.EVIDENCE_COLUMNS``.
    blind_spots
        ``evidence.BLIND_COLUMNS``.
    crossings
        ``crossing.CROSSING_COLUMNS``.
    crossing_catalogue
        ``crossing.CROSSING_CATALOGUE_COLUMNS``.
    coverage
        ``coverage.COVERAGE_COLUMNS``.
    unknowns
        ``coverage.UNKNOWN_COLUMNS``.
    """

    findings: pd.DataFrame
    trends: pd.DataFrame
    worsening: pd.DataFrame
    signals: pd.DataFrame
    evidence: pd.DataFrame
    blind_spots: pd.DataFrame
    crossings: pd.DataFrame
    crossing_catalogue: pd.DataFrame
    coverage: pd.DataFrame
    unknowns: pd.DataFrame


def synthesis(
    indicators: pd.DataFrame,
    gaps: pd.DataFrame,
    *,
    territory: Collection[str],
    declared: Declared | None = None,
    actions: pd.DataFrame | None = None,
    others: pd.DataFrame | None = None,
    recorded: pd.DataFrame | None = None,
    access: pd.DataFrame | None = None,
) -> Synthesis:
    """Say what the figures allow to say of a territory.

    Parameters
    ----------
    indicators, gaps
        Columns ``schemas.INDICATOR_COLUMNS`` and ``schemas.GAP_COLUMNS``, of the territory.
    territory
        Codes of its neighbourhoods.
    declared
        The survey, if there was one.
    actions
        Inventory of actions, columns ``crossing.ACTION_COLUMNS``.
    others
        Practices, complaints, tests, decisions, testimonies; columns ``evidence.SIGNAL_COLUMNS``.
    recorded, access
        Columns ``crossing.RECORDED_COLUMNS`` and ``crossing.ACCESS_COLUMNS``.

    Returns
    -------
    Synthesis
        Deterministic: the same tables give the same rows in the same order.

    Raises
    ------
    InputError
        When ``others`` has a word that is not of the model.
    """
    estimates = None if declared is None else declared.estimates
    series = trends(indicators, territory=territory)
    widened = worsening(gaps, series)
    said = signals(indicators, gaps, territory=territory, estimates=estimates, others=others)
    convergence = evidence(said)
    blind = blind_spots(said, actions=actions)
    crossed = crossings(Material(
        gaps=gaps, evidence=convergence, estimates=estimates,
        identity=None if declared is None else declared.identity,
        perimeter="contrat" if declared is None else declared.perimeter,
        adults=None if declared is None else declared.adults,
        actions=actions, recorded=recorded, access=access,
    ))  # fmt: skip
    covered = coverage(indicators, elsewhere=() if actions is None else COUNTED_ACTIONS)
    return Synthesis(
        findings=findings(
            indicators, gaps, territory=territory, survey=declared is not None, convergence=convergence,
            widened=widened,
        ),
        trends=series, worsening=widened, signals=said, evidence=convergence, blind_spots=blind,
        crossings=crossed, crossing_catalogue=crossing_catalogue(), coverage=covered,
        unknowns=unknowns(covered, blind=blind, crossed=crossed),
    )  # fmt: skip
