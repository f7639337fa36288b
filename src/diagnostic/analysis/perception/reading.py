"""The canonical tables of a survey, asked one question at a time: who was asked, who said what."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from diagnostic.survey_model import Option, Role, concepts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from diagnostic.survey_model.identity import SurveyIdentity

    Mask = NDArray[np.bool_]
    Floats = NDArray[np.float64]

STATE_SUFFIX: Final = "__state"
ANSWERED: Final = "answered"
UNKNOWN: Final = ("dont_know", "refused")
OTHER: Final = Option("autre", "Autre réponse", "AUT", Role.OTHER, ())
SILENT: Final = ("empty", "not_asked", "ambiguous", "incomplete")


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """Answers of a survey as masks of respondents.

    Parameters
    ----------
    responses
        Canonical ``responses``, one row a respondent.
    identity
        The protocol.
    positions
        ``(concept, option, state)`` to the rows of the respondents with it, see :func:`read`.
    events
        ``(domain, motive)`` of the most recent event to the rows of the respondents.
    """

    responses: pd.DataFrame
    identity: SurveyIdentity
    positions: Mapping[tuple[str, str, str], NDArray[np.intp]] = field(repr=False)
    events: Mapping[tuple[str, str], NDArray[np.intp]] = field(repr=False)

    def __len__(self) -> int:
        return len(self.responses)

    def has(self, concept: str) -> bool:
        """Say whether the survey has the question."""
        return f"{concept}{STATE_SUFFIX}" in self.responses

    def unknown(self, concept: str) -> Mask:
        """Mark those who do not know or refuse."""
        return self._states(concept, UNKNOWN)

    def filtered(self, concept: str) -> bool:
        """Say whether some were not asked."""
        return bool(self._states(concept, ("not_asked",)).any())

    def valid(self, concept: str) -> Mask:
        """Mark those who were asked and reacted: an answer, "don't know" or a refusal."""
        answered = self._states(concept, (ANSWERED,))
        if concept in self.responses:  # an answer outside the list has no value
            answered &= self.responses[concept].notna().to_numpy()
        return answered | self.unknown(concept)

    def chosen(self, concept: str, codes: Sequence[str]) -> Mask:
        """Mark those who gave one of these answers, to a question with one answer or to a list."""
        if concept in self.responses:
            chosen: Mask = np.array(self.responses[concept].isin(list(codes)), dtype=bool)
            return np.logical_and(chosen, self._states(concept, (ANSWERED,)))
        masks = [self.ticked(concept, code) for code in codes]
        return self._union(masks)

    def ticked(self, concept: str, option: str) -> Mask:
        """Mark those who ticked an answer of a list; "none of them" is also said by ticking nothing else."""
        if _none(concept) != option:
            return self._mask(self.positions.get((concept, option, ANSWERED)))
        others = [rows for (code, one, state), rows in self.positions.items()
                  if code == concept and one != option and state == ANSWERED]  # fmt: skip
        return self._states(concept, (ANSWERED,)) & ~self._mask(np.concatenate([np.empty(0, np.intp), *others]))

    def unsaid(self, concept: str, option: str) -> Mask:
        """Mark those of a battery whose question on this answer stayed without any reaction."""
        masks = [self._mask(self.positions.get((concept, option, state))) for state in SILENT]
        return self._union(masks)

    def together(self, domain: str, motive: str) -> Mask:
        """Mark those whose most recent event took place there and, they say, for that motive."""
        return self._mask(self.events.get((domain, motive)))

    def options(self, concept: str) -> tuple[Option, ...]:
        """Give the answers that the questionnaire offered or that somebody gave, in the order of the model."""
        offered = set(self.identity.offered.get(concept, ()))
        values = set(self.responses[concept].dropna().astype(str)) if concept in self.responses else set()
        ticked = {option for code, option, state in self.positions if code == concept and state == ANSWERED}
        wanted = offered | values | ticked | {_none(concept)}
        known = concepts()[concept].options
        extra = () if any(option.code == OTHER.code for option in known) or OTHER.code not in wanted else (OTHER,)
        states = {Role.DONT_KNOW, Role.REFUSED}
        found = [option for option in known if option.role not in states and option.code in wanted]
        return (*found, *extra)

    def period(self, concept: str) -> str:
        """Write the reference period of a question, empty when it has none."""
        period = self.identity.periods.get(concept) or concepts()[concept].period
        return PERIODS.get(period, f"(période\u00a0: {period})") if period else ""

    def _states(self, concept: str, states: Sequence[str]) -> Mask:
        return np.array(self.responses[f"{concept}{STATE_SUFFIX}"].isin(list(states)), dtype=bool)

    def _union(self, masks: Sequence[Mask]) -> Mask:
        union = np.zeros(len(self), dtype=bool)
        for mask in masks:
            union |= mask
        return union

    def _mask(self, rows: NDArray[np.intp] | None) -> Mask:
        mask = np.zeros(len(self), dtype=bool)
        if rows is not None:
            mask[rows] = True
        return mask


PERIODS: Final = {
    "5 ans": "au cours des cinq dernières années",
    "12 mois": "au cours des douze derniers mois",
    "fait le plus récent": "pour le fait le plus récent",
}


def _parts(key: object) -> tuple[object, ...]:
    return key if isinstance(key, tuple) else (key,)


def _none(concept: str) -> str:
    """Give the answer "none of them" of a list, empty when it has none."""
    return next((option.code for option in concepts()[concept].options if option.role is Role.NONE), "")


def read(
    responses: pd.DataFrame, choices: pd.DataFrame, *, experiences: pd.DataFrame, identity: SurveyIdentity
) -> Reading:
    """Index the canonical tables by question and answer.

    Parameters
    ----------
    responses, choices, experiences
        Canonical tables; rows of respondents absent from ``responses`` are left out.
    identity
        The protocol.

    Returns
    -------
    Reading
        Row numbers are those of ``responses`` as given, whatever its index.
    """
    responses = responses.reset_index(drop=True)
    people = pd.Index(responses["respondent"])
    positions = _rows_by(choices, people, ("concept", "option", "state"))
    events = _rows_by(experiences, people, ("domain", "motive"))
    return Reading(
        responses,
        identity,
        {(key[0], key[1], key[2]): rows for key, rows in positions.items()},
        {(key[0], key[1]): rows for key, rows in events.items()},
    )


def _rows_by(
    table: pd.DataFrame, people: pd.Index[int], columns: tuple[str, ...]
) -> dict[tuple[str, ...], NDArray[np.intp]]:
    if table.empty:
        return {}
    rows = people.get_indexer(pd.Index(table["respondent"]))
    groups = table.groupby(list(columns), observed=True, sort=False).indices
    found = {tuple(str(part) for part in _parts(key)): rows[places] for key, places in groups.items()}
    return {key: places[places >= 0] for key, places in found.items()}
