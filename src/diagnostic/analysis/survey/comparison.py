"""When two survey figures may be set side by side, and why not.

Two figures are compared only when everything that makes the answer is the same; what is not known is not the same.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pandas as pd

from diagnostic.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

# What is said when an element is not known, and when it differs.
_LABELS = {
    "period": ("période de référence non documentée", "périodes de référence différentes"),
    "wording": ("formulation non documentée", "formulations différentes"),
    "mode": ("mode de collecte non documenté", "modes de collecte différents"),
    "field": ("champ non documenté", "champs différents"),
    "age_range": ("âges non documentés", "âges différents"),
    "response_scale": ("échelle de réponse non documentée", "échelles de réponse différentes"),
    "question_order": ("place de la question non documentée", "places de la question différentes"),
    "step_definition": ("définition d’une démarche non documentée", "définitions d’une démarche différentes"),
    "basis": ("tirage de l’échantillon non documenté", "tirages de l’échantillon différents"),
}


@dataclass(frozen=True, slots=True)
class Protocol:
    """How a figure was obtained, in short codes; empty means not known.

    Parameters
    ----------
    period
        Of the events asked about (``5 ans``, ``12 mois``).
    wording, response_scale, question_order
        Which question, which answers count as yes, where it comes in the questionnaire.
    mode, basis
        How people were reached, and drawn (``random``, ``quota``, ``volunteer``).
    field, age_range
        Whom the figure describes.
    step_definition
        What counts as a step; empty on both sides when the figure is not about steps.
    """

    period: str = ""
    wording: str = ""
    mode: str = ""
    field: str = ""
    age_range: str = ""
    response_scale: str = ""
    question_order: str = ""
    step_definition: str = ""
    basis: str = ""

    @classmethod
    def of(cls, described: Protocol | Mapping[str, Any]) -> Protocol:
        """Read a protocol from a mapping (a row of ``benchmarks()``); other keys are ignored."""
        if isinstance(described, Protocol):
            return described
        known = {name.name: described.get(name.name, "") for name in fields(cls)}
        return cls(**{name: "" if pd.isna(value) else str(value).strip() for name, value in known.items()})


@dataclass(frozen=True, slots=True)
class Comparison:
    """Whether two figures may be compared, and the reasons when not, as French phrases."""

    allowed: bool
    reasons: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """What the report prints in place of the comparison; empty when it is allowed."""
        return "" if self.allowed else f"Comparaison non faite\u00a0: {' ; '.join(self.reasons)}."


def compare(ours: Protocol | Mapping[str, Any], theirs: Protocol | Mapping[str, Any]) -> Comparison:
    """Decide whether two figures may be compared.

    Parameters
    ----------
    ours, theirs
        Protocols, or mappings with the same keys.

    Returns
    -------
    Comparison
        Refused with one reason for each element that differs or is not known on a side.

    Examples
    --------
    >>> local = Protocol("5 ans", "teo", "face_to_face", "qpv", "18-49", "often+sometimes", "teo", "", "random")
    >>> print(compare(local, {"period": "12 mois"}).reasons[0])
    périodes de référence différentes (5 ans / 12 mois)
    >>> compare(local, local).allowed
    True
    """
    first, second = Protocol.of(ours), Protocol.of(theirs)
    reasons = []
    for name, (unknown, different) in _LABELS.items():
        one, other = getattr(first, name), getattr(second, name)
        if name == "step_definition" and not one and not other:
            continue
        if not one or not other:
            reasons.append(unknown)
        elif one != other:
            reasons.append(f"{different} ({one} / {other})")
    return Comparison(not reasons, tuple(reasons))


def benchmarks() -> pd.DataFrame:
    """Give the published figures the report may cite, with their source and what is known of their protocol.

    Returns
    -------
    pandas.DataFrame
        One row a figure, indexed by ``id``: ``survey, year, population, indicator, value`` (percent), ``n``,
        ``quality``, ``citable`` (a faulty or ambiguous figure is kept, marked false, so that nobody brings it
        back), ``source``, and the columns of ``Protocol``.

    Examples
    --------
    >>> print(benchmarks().loc["teo2_any_corrected", "value"])
    18.0
    """
    path = files("diagnostic.analysis.survey") / "benchmarks.csv"
    with path.open(encoding="utf-8") as lines:
        table = pd.read_csv(lines, dtype=str, keep_default_na=False, index_col="id")
    return table.assign(
        value=pd.to_numeric(table["value"]), n=pd.to_numeric(table["n"]), citable=table["citable"] == "yes"
    )


def benchmark(identifier: str) -> pd.Series[Any]:
    """Give one published figure.

    Raises
    ------
    InputError
        When the figure is unknown, or known to be faulty.
    """
    table = benchmarks()
    if identifier not in table.index:
        raise InputError(
            Fault("repère national inconnu", found=identifier, expected=", ".join(table.index[:8]) + "…")
        )
    row: pd.Series[Any] = table.T[identifier]
    if not row["citable"]:
        raise InputError(Fault("ce repère n’est plus à citer", found=f"{identifier} : {row['quality']}"))
    return row
