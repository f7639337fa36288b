"""Weights: those given, else one each; fitted to the known population by sex and age when it is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from diagnostic.analysis.survey import SurveyDesign
from diagnostic.analysis.survey_quality import population_margins
from diagnostic.errors import Fault, TerritoryError
from diagnostic.formatting import number, typographic

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from diagnostic.analysis.survey.sample import Basis
    from diagnostic.survey_model.identity import SurveyIdentity

    Targets = dict[str | tuple[str, ...], dict[str, float]]

BASES: Final[Mapping[str, Basis]] = {"aleatoire": "random", "quotas": "quota", "volontaires": "volunteer"}
BROAD_AGES: Final = {"25_39": "25_59", "40_59": "25_59", "60_plus": "60_plus"}
OUTSIDE: Final = "hors_calage"
TRIM: Final = (0.3, 3.0)
SMALLEST_CELL: Final = 5
MOST_ADULTS: Final = 4


@dataclass(frozen=True, slots=True)
class Weighting:
    """What was done to the weights, for the reader.

    Parameters
    ----------
    origin
        Where the weights come from and what they were fitted to, in French.
    kish
        Design effect of unequal weights alone.
    low, high
        Smallest and largest weight, as multiples of their mean.
    converged
        Whether every target was reached; ``None`` without targets.
    """

    origin: str
    kish: float
    low: float
    high: float
    converged: bool | None = None

    def __str__(self) -> str:
        reached = {None: "", True: "\u202f; calage atteint", False: "\u202f; calage approché, non atteint"}
        return typographic(
            f"{self.origin}\u202f; effet des poids (Kish) {number(self.kish, 2)}\u202f; poids de "
            f"{number(self.low, 2)} à {number(self.high, 2)} fois leur moyenne{reached[self.converged]}"
        )


def public_margins(
    measures: pd.DataFrame, *, generation: int | None = None, codes: Sequence[str] | None = None
) -> pd.DataFrame:
    """Derive the calibration targets, women and men aged 25-59 and 60 and over, from the figures of Insee.

    The published figures stop at 25: those aged 18-24 have no target, and only the 25 and over are calibrated.

    Parameters
    ----------
    measures
        Of QPV, see :func:`diagnostic.analysis.survey_quality.population_margins`.
    generation
        Of the survey; without it the measures must hold one only.
    codes
        QPV to add up; all of the generation by default.

    Returns
    -------
    pandas.DataFrame
        ``vintage``, ``sex``, ``age``, ``population`` (persons); no row when the figures are not there.

    Raises
    ------
    TerritoryError
        When the generation is not given and the measures hold two.
    """
    quarters = measures[measures["level"] == "qpv"]
    found = sorted(int(vintage) for vintage in quarters["vintage"].unique())
    if generation is None and len(found) > 1:
        raise TerritoryError(Fault(
            "les marges mêlent deux générations de quartiers", found=", ".join(map(str, found)),
            remedy="précisez la génération des quartiers de l’enquête",
        ))  # fmt: skip
    wanted = generation if generation is not None else next(iter(found), 0)
    own = quarters.loc[quarters["vintage"] == wanted, "code"].unique().tolist() if codes is None else list(codes)
    table = population_margins(quarters, own, generation=wanted, survey_generation=wanted)
    table.insert(0, "vintage", wanted)
    return table if (table["population"] > 0).all() else table.iloc[:0]


def adults_by_quarter(measures: pd.DataFrame, *, generation: int) -> dict[str, float]:
    """Count the adults of each neighbourhood, from below: the figures published stop at 25.

    Parameters
    ----------
    measures
        Rows of ``measures``.
    generation
        Of the neighbourhoods.

    Returns
    -------
    dict
        QPV code to persons aged 25 and more, of the newest edition that tells both; absent where none does.
    """
    wanted = measures["variable"].isin(["population", "share_under_25"]) & measures["group"].eq("all")
    own = measures["level"].eq("qpv") & measures["vintage"].eq(generation) & measures["value"].notna()
    rows = measures[wanted & own].sort_values(["period", "edition", "source"], kind="stable")
    wide = rows.pivot_table(index=["code", "edition"], columns="variable", values="value", aggfunc="last").dropna()
    if not {"population", "share_under_25"} <= set(wide):
        return {}
    adults = (wide["population"] * (1 - wide["share_under_25"] / 100)).groupby("code").last()
    return {str(code): float(count) for code, count in adults.items()}


def base_weights(responses: pd.DataFrame, identity: SurveyIdentity) -> tuple[NDArray[np.float64], str]:
    """Give the weight of each respondent before any calibration, and where it comes from.

    Weights of the file when there are; else, for a random sample of dwellings in each of which one adult is asked,
    the number of adults (at most four); else one.
    """
    if identity.weighted and "weight" in responses:
        given = identity.weighting or "méthode non décrite"
        return responses["weight"].to_numpy(dtype=np.float64), f"poids fournis ({given})"
    adults = responses.get("household_adults")
    if adults is not None and identity.basis == "aleatoire":
        counts = adults.astype(object).map({"1": 1.0, "2": 2.0, "3": 3.0, "4_plus": float(MOST_ADULTS)})
        usual = float(counts.astype(float).mean()) if counts.notna().any() else 1.0
        known = np.array(counts.astype(float).fillna(usual), dtype=np.float64)
        return known, "nombre d’adultes du logement"
    return np.ones(len(responses)), "aucun poids\u00a0: chaque réponse compte pour une"


def make_design(
    frame: pd.DataFrame, identity: SurveyIdentity, *, weights: NDArray[np.float64], origin: str,
    margins: pd.DataFrame | None = None,
) -> tuple[SurveyDesign, Weighting]:  # fmt: skip
    """Describe how the survey was drawn, and fit its weights.

    Parameters
    ----------
    frame
        One row a respondent, with what is estimated; ``stratum`` and ``cluster`` are used when they are there.
    identity
        The protocol.
    weights, origin
        Of :func:`base_weights`, all positive.
    margins
        Of :func:`public_margins`; weights whose method the producer describes are kept as they are.

    Raises
    ------
    TerritoryError
        When the margins and the respondents are not of the same generation.
    InputError
        When a cluster lies in two strata.
    """
    cells = calibration_cells(frame)
    design = SurveyDesign(
        frame.assign(**cells), weights,
        strata="stratum" if "stratum" in frame else None, clusters="cluster" if "cluster" in frame else None,
        lonely_psu="adjust", basis=BASES[identity.basis],
    )  # fmt: skip
    converged = None
    if margins is not None and not margins.empty:
        _same_generation(margins, identity)
        targets = calibration_targets(design, margins)
        if identity.weighted and identity.weighting:
            origin += "\u202f; redressement du producteur gardé tel quel"
        elif targets:
            design = design.rake(targets, trim=TRIM)
            converged = design.adjustments[-1].converged
            origin += "\u202f; calage sur la population par sexe et âge (25 ans et plus)"
        else:
            origin += "\u202f; calage impossible\u00a0: sexe ou âge absents, ou trop peu de répondants par case"
    mean = float(design.weights.mean())
    low, high = design.weight_range
    return design, Weighting(origin, design.kish, low / mean, high / mean, converged)


def _same_generation(margins: pd.DataFrame, identity: SurveyIdentity) -> None:
    found = {int(vintage) for vintage in margins["vintage"].unique()} if "vintage" in margins else set()
    if identity.generation is not None and found - {identity.generation}:
        raise TerritoryError(Fault(
            "les marges et les répondants ne sont pas de la même génération de quartiers",
            expected=str(identity.generation), found=", ".join(map(str, sorted(found))),
            remedy="donnez les marges de la génération de l’enquête, ou aucune",
        ))  # fmt: skip


def calibration_cells(frame: pd.DataFrame) -> dict[str, NDArray[np.object_]]:
    """Put each respondent in a cell of sex and broad age, or outside: under 25, or one of the two not known."""
    if not {"sex", "age_group"} <= set(frame):
        return {}
    sex = frame["sex"].astype(object)
    age = frame["age_group"].astype(object).map(BROAD_AGES)
    inside = (sex.isin(["femme", "homme"]) & age.notna()).to_numpy()
    sex, age = sex.astype(str), age.astype(str)
    values = {"__cell": sex + "/" + age, "__sex": sex, "__age": age}
    return {name: np.where(inside, column.to_numpy(dtype=object), OUTSIDE) for name, column in values.items()}


def calibration_targets(design: SurveyDesign, margins: pd.DataFrame) -> Targets:
    """Scale the known population to the weight of the respondents it is about.

    Those outside the margins keep their weight as a whole. With under five respondents in one of the four cells,
    sex and age are fitted in turn; nothing is fitted when even that leaves a margin with as few.
    """
    known = {
        "__cell": margins.assign(key=margins["sex"] + "/" + margins["age"]).set_index("key")["population"],
        "__sex": margins.groupby("sex")["population"].sum(), "__age": margins.groupby("age")["population"].sum(),
    }  # fmt: skip
    for columns in (("__cell",), ("__sex", "__age")):
        if all(_enough(design, column, known[column].index) for column in columns):
            return {column: _scaled(design, column, known[column]) for column in columns}
    return {}


def _enough(design: SurveyDesign, column: str, levels: pd.Index[str]) -> bool:
    if column not in design.frame:
        return False
    counts = design.frame[column].value_counts()
    return bool((counts.reindex(levels).fillna(0) >= SMALLEST_CELL).all())


def _scaled(design: SurveyDesign, column: str, population: pd.Series[float]) -> dict[str, float]:
    outside = (design.frame[column] == OUTSIDE).to_numpy()
    rest = float(design.weights[outside].sum())
    total = float(design.weights.sum()) - rest
    shares = population / population.sum()
    targets = {str(level): float(share) * total for level, share in shares.items()}
    return targets | ({OUTSIDE: rest} if outside.any() else {})
