"""What a crossing is: two measures of one domain side by side, each with its interval, and a bounded reading.

A crossing is one function of :class:`Material` in ``diagnostic.analysis.crossings``; its decorator carries the
French labels, as for indicators. Where an input is missing it gives one row that names the missing source.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from diagnostic.analysis.domains import domain_label, theme_of
from diagnostic.analysis.evidence import MEASURED_FROM, TERRITORY
from diagnostic.analysis.gaps import NOTABLE_POINTS, main_gaps
from diagnostic.analysis.indicator import INDICATORS
from diagnostic.formatting import typographic
from diagnostic.registry import Registry
from diagnostic.vocabulary import Direction, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from diagnostic.analysis.indicator import Indicator
    from diagnostic.survey_model.identity import SurveyIdentity
    from diagnostic.vocabulary import Theme

ACTION_COLUMNS: Final = ["action", "domain", "criterion", "level", "qpv"]
RECORDED_COLUMNS: Final = ["kind", "period", "count", "source"]
ACCESS_COLUMNS: Final = ["code", "minutes"]
_SIDES: Final = [f"{axis}{part}" for axis in "xy" for part in ("", "_low", "_high", "_label", "_unit")]
_NUMBERS: Final = [name for name in _SIDES if not name.endswith(("_label", "_unit"))]
CROSSING_COLUMNS: Final = [
    "id", "label", "domain", "domain_label", "theme", "level", "code", *_SIDES, "cell", "cell_label", "reading",
    "missing", "caveat",
]  # fmt: skip
CROSSING_CATALOGUE_COLUMNS: Final = ["id", "label", "formula", "says", "does_not_say", "ask"]
# Declared in advance, on both axes: a measure is high from 5 points, when its whole interval is above.
LINE: Final = NOTABLE_POINTS
NO_SURVEY: Final = "enquête sur le ressenti des discriminations"
NO_ACTIONS: Final = "inventaire des actions"


@dataclass(frozen=True, slots=True)
class Material:
    """What crossings may read; anything may be missing.

    Parameters
    ----------
    gaps
        Columns ``schemas.GAP_COLUMNS``, of the territory.
    evidence
        Of :func:`diagnostic.analysis.evidence.evidence`.
    estimates
        Released estimates of a survey, columns ``schemas.ESTIMATE_COLUMNS``.
    identity
        Protocol of the survey.
    perimeter
        What the survey covers: ``contrat``, ``departement``, ``region`` or ``france``.
    adults
        Inhabitants of 18 and more of this perimeter.
    actions
        Columns ``ACTION_COLUMNS``: one row an action, a domain and a criterion; ``level`` is micro, meso or macro.
    recorded
        Columns ``RECORDED_COLUMNS``: complaints and offences recorded over the same perimeter in twelve months.
    access
        Columns ``ACCESS_COLUMNS``: minutes from each neighbourhood to the nearest place of access to the law.
    """

    gaps: pd.DataFrame
    evidence: pd.DataFrame
    estimates: pd.DataFrame | None = None
    identity: SurveyIdentity | None = None
    perimeter: str = "contrat"
    adults: float | None = None
    actions: pd.DataFrame | None = None
    recorded: pd.DataFrame | None = None
    access: pd.DataFrame | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """One axis of a crossing: a value, its interval, what it is.

    Parameters
    ----------
    value, low, high
        ``low`` and ``high`` are missing where the uncertainty is unknown.
    label, unit
        French words, and a unit of ``vocabulary.UNIT_LABELS``.
    """

    value: float
    low: float
    high: float
    label: str
    unit: str = "points"

    def above(self, line: float) -> bool | None:
        """Say whether the whole interval is over a line, or under it; ``None`` when it is neither."""
        if np.isnan(self.low) or np.isnan(self.high):
            return None
        if self.low > line:
            return True
        return False if self.high < line else None


@dataclass(frozen=True, slots=True)
class Crossing:
    """A registered crossing; see :func:`crossing` for the fields."""

    name: str
    id: str
    label: str
    formula: str
    says: str
    does_not_say: str
    ask: str
    function: Callable[[Material], Iterator[dict[str, object]]]


CROSSINGS: Registry[Crossing] = Registry("diagnostic.analysis.crossings")


def crossing(
    *,
    id: str,  # noqa: A002 - the field's own word
    label: str,
    formula: str,
    says: str,
    does_not_say: str,
    ask: str,
) -> Callable[
    [Callable[[Material], Iterator[dict[str, object]]]], Callable[[Material], Iterator[dict[str, object]]]
]:
    """Register a function as a crossing.

    Parameters
    ----------
    id
        Its entry in the reference list (``"CRO01"``).
    label, formula, says, does_not_say, ask
        French text, as printed.

    Returns
    -------
    Callable
        The function, unchanged.
    """

    def register(
        function: Callable[[Material], Iterator[dict[str, object]]],
    ) -> Callable[[Material], Iterator[dict[str, object]]]:
        CROSSINGS.register(Crossing(function.__name__, id, label, formula, says, does_not_say, ask, function))
        return function

    return register


def crossings(material: Material) -> pd.DataFrame:
    """Compute every crossing.

    Parameters
    ----------
    material
        What is at hand.

    Returns
    -------
    pandas.DataFrame
        Columns ``CROSSING_COLUMNS``, in the order of the reference list. ``missing`` names the source that lacks,
        in French, and is empty otherwise; ``cell`` is empty for crossings that have no quadrant.
    """
    blank = {name: np.nan if name in _NUMBERS else "" for name in CROSSING_COLUMNS}
    rows = [
        {**blank, "id": one.id, "label": one.label, "caveat": one.does_not_say, **row}
        for one in sorted(CROSSINGS, key=lambda one: one.id)
        for row in one.function(material)
    ]
    table = pd.DataFrame(rows, columns=CROSSING_COLUMNS)
    for column in ("label", "caveat", "reading", "missing", "x_label", "y_label"):
        table[column] = table[column].map(typographic)
    return table.astype(dict.fromkeys(_NUMBERS, float))


def crossing_catalogue() -> pd.DataFrame:
    """Give one row a crossing, columns ``CROSSING_CATALOGUE_COLUMNS``.

    Examples
    --------
    >>> len(crossing_catalogue())
    8
    """
    return pd.DataFrame(
        [
            {name: typographic(getattr(one, name)) for name in CROSSING_CATALOGUE_COLUMNS}
            for one in sorted(CROSSINGS, key=lambda one: one.id)
        ],
        columns=CROSSING_CATALOGUE_COLUMNS,
    )


def row(x: Side | None = None, y: Side | None = None, **words: object) -> dict[str, object]:
    """Lay two sides and the words of a crossing out as a row; a side may be missing."""
    found: dict[str, object] = {"level": TERRITORY, **words}
    for axis, side in (("x", x), ("y", y)):
        if side is not None:
            found |= {
                axis: side.value, f"{axis}_low": side.low, f"{axis}_high": side.high,
                f"{axis}_label": side.label, f"{axis}_unit": side.unit,
            }  # fmt: skip
    if "domain" in words:
        found |= {"domain_label": domain_label(str(words["domain"])), "theme": str(theme_of(str(words["domain"])))}
    return found


def lacking(*sources: str) -> dict[str, object]:
    """Give the row of a crossing that cannot be computed: it names the sources to ask for."""
    return row(cell="undetermined", cell_label="indéterminé", missing=" ; ".join(sources))


def perceived(material: Material, concept: str, answer: str, *, base: str = "all") -> Side | None:
    """Read one released share of a survey, percent; ``None`` where it may not be written."""
    if material.estimates is None:
        return None
    table = material.estimates
    rows = table[
        (table["concept"] == concept) & (table["answer"] == answer) & (table["base"] == base)
        & (table["level"] == TERRITORY) & (table["by"] == "") & (table["status"] == str(Status.ESTIMATED))
        & (table["reliability"] != "suppress") & (table["n"] >= MEASURED_FROM)
    ]  # fmt: skip
    if rows.empty:
        return None
    found = rows.iloc[0]
    return Side(float(found["estimate"]), float(found["ci_low"]), float(found["ci_high"]),
                str(found["label"]), "percent")  # fmt: skip


def bounded(material: Material, reading: str) -> str:
    """Say of a reading, unless people were drawn at random, that it bears on the respondents alone."""
    drawn = material.identity is not None and material.identity.basis == "aleatoire"
    return reading if drawn else f"Parmi les répondants seulement. {reading}"


def objective(gaps: pd.DataFrame, theme: Theme | str) -> Side | None:
    """Read the unfavourable gap of a theme: the median of its neighbourhoods', points, worse is positive.

    Parameters
    ----------
    gaps
        Columns ``schemas.GAP_COLUMNS``.
    theme
        Its first indicator in percent that has a direction and a comparator is taken.

    Returns
    -------
    Side or None
        The bounds are the medians of the neighbourhoods' bounds: if each true gap is inside its interval, their
        median is inside this one.
    """
    ones = sorted((one for one in INDICATORS if one.theme == theme), key=lambda one: one.id)
    for one in ones:
        if one.contrast or not one.principal or one.unit != "percent" or one.direction == Direction.NEUTRAL:
            continue
        rows = main_gaps(gaps, one.name)
        if not rows.empty:
            return median_gap(rows, one)
    return None


def median_gap(rows: pd.DataFrame, one: Indicator) -> Side:
    """Take the median of oriented gaps and of their bounds."""
    worse = rows["difference"] * (-1 if one.direction == Direction.LESS_IS_WORSE else 1)
    width = rows["half_width"]
    low, high = (worse - width).median(skipna=False), (worse + width).median(skipna=False)
    label = f"{one.label} : écart défavorable médian ({rows['comparator_label'].iloc[0]})"
    return Side(float(worse.median()), float(low), float(high), label)
