"""A survey, from its responses to the tables that are shown of it, beside what was released before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from diagnostic.analysis.disclosure.ledger import CELL_COLUMNS
from diagnostic.analysis.disclosure.public import empty
from diagnostic.analysis.disclosure.tables import TOTAL
from diagnostic.analysis.hidden import SURVEY, hidden_answers
from diagnostic.analysis.perception.card import card
from diagnostic.analysis.perception.estimation import RESPONDENTS, estimates
from diagnostic.analysis.perception.release import released, shielded
from diagnostic.analysis.perception.sentences import sentences
from diagnostic.analysis.perception.tables import EVERYBODY, THRESHOLD, Cell, Group
from diagnostic.analysis.perception.weighting import adults_by_quarter, public_margins
from diagnostic.analysis.survey_quality import respondents_by_qpv
from diagnostic.analysis.synthesis import Declared
from diagnostic.formatting import typographic
from diagnostic.schemas import CARD_COLUMNS, ESTIMATE_COLUMNS
from diagnostic.vocabulary import Level

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from diagnostic.analysis.disclosure.ledger import Key
    from diagnostic.survey_model.identity import SurveyIdentity
    from diagnostic.territory.places import Territory

TABLE: Final = " / "  # between the name of a survey and that of one of its tables of counts
PLACE: Final = "lieu"
UNCHANGED: Final = typographic(
    "Enquête : depuis une diffusion, le nombre de réponses a changé de moins de 11 personnes. De nouveaux "
    "chiffres les désigneraient par différence : ceux de l’enquête sont laissés tels qu’ils étaient."
)


@dataclass(frozen=True, slots=True)
class Survey:
    """What was kept of a survey: pseudonymised personal data, never published as it is.

    Parameters
    ----------
    responses, choices, experiences
        See :class:`diagnostic.ingestion.survey.canonical.SurveyTables`.
    identity
        The protocol.
    """

    responses: pd.DataFrame
    choices: pd.DataFrame
    experiences: pd.DataFrame
    identity: SurveyIdentity

    def __repr__(self) -> str:
        return f"Survey(respondents={len(self.responses)})"


@dataclass(frozen=True, slots=True)
class Asked:
    """What comes of a survey: everything estimated, what of it is shown, and what is said of it.

    Parameters
    ----------
    estimates
        All of them: restricted.
    shown, card, hidden
        What may be published: estimates, identity card, values hidden and why.
    cells
        Counts shown, null where hidden; columns ``CELL_COLUMNS``.
    sentences
        Of :func:`diagnostic.analysis.perception.sentences`.
    declared
        For the crossings.
    stands
        Nothing new may be shown beside what was released: that stands.
    """

    estimates: pd.DataFrame
    shown: pd.DataFrame
    card: pd.DataFrame
    cells: pd.DataFrame
    hidden: tuple[pd.DataFrame, ...] = ()
    sentences: Sequence[Mapping[str, object]] = ()
    declared: Declared | None = None
    stands: bool = False


def asked(
    survey: Survey | None,
    measures: pd.DataFrame,
    territory: Territory,
    *,
    labels: Mapping[str, str],
    out: Mapping[Key, frozenset[int]] | None = None,
    standing: tuple[pd.DataFrame, pd.DataFrame] | None = None,
) -> Asked:
    """Estimate what residents declare, and protect it.

    Parameters
    ----------
    survey
        What was kept of a survey; without one every table is empty.
    measures
        The territory's figures, for the population that weights are fitted to.
    territory
        Its neighbourhoods and their generation.
    labels
        QPV code to name.
    out
        Counts released before, of :func:`diagnostic.analysis.disclosure.ledger.known_cells`.
    standing
        Estimates and card of the last run, if any: what stands where nothing new may be shown, or where responses
        were erased.

    Returns
    -------
    Asked
        When those who answered differ in number by fewer than 11 people from a release, nothing new is shown: a
        withdrawn response would be found by difference. What stands is then told everywhere, or nothing is.

    Raises
    ------
    RefusedError
        When the attack on what would be shown succeeds.
    """
    nothing = pd.DataFrame(columns=CELL_COLUMNS)
    told = standing or (empty(ESTIMATE_COLUMNS), empty(CARD_COLUMNS))
    if survey is None:
        return _told(empty(ESTIMATE_COLUMNS), *told, nothing, identity=None, stands=standing is not None)
    responses, identity = survey.responses, survey.identity
    generation = identity.generation or territory.generation
    margins = public_margins(measures[measures["level"] == Level.QPV], generation=generation, codes=territory.qpv)
    known = None if margins.empty else margins
    name = f"{SURVEY} {identity.start}{TABLE}"  # neither its title nor a perimeter: mending one changes nobody
    before = _of_survey(out or {}, name)
    places = _places(responses, before)
    estimated = estimates(
        responses, survey.choices, survey.experiences, identity, generation=territory.generation, margins=known,
        places=places,
    )  # fmt: skip
    if any(0 < abs(one - len(responses)) < THRESHOLD for one in before.get(_cell(EVERYBODY), ())):
        return _told(estimated, *told, nothing, identity=identity, stands=True)
    shield = shielded(
        estimated, generation=territory.generation, out=before,
        adults=adults_by_quarter(measures, generation=generation),
    )  # fmt: skip
    shown = released(estimated, generation=territory.generation, shield=shield)
    cells = pd.concat([shield.cells(), _counted(len(responses), places)], ignore_index=True)
    entries = card(identity, responses, margins=known, labels=labels, places=places)
    return _told(estimated, shown, entries, cells.assign(table=name + cells["table"]), identity=identity)


def _told(
    estimated: pd.DataFrame, shown: pd.DataFrame, entries: pd.DataFrame, cells: pd.DataFrame, *,
    identity: SurveyIdentity | None, stands: bool = False,
) -> Asked:  # fmt: skip
    """Say everything that follows from what is shown, and from nothing else."""
    if shown.empty:
        return Asked(estimated, shown, entries, cells, stands=stands)
    hidden = (hidden_answers(shown, year="" if identity is None else identity.end.year),)
    said = [] if identity is None else sentences(shown, identity)
    return Asked(estimated, shown, entries, cells, hidden, said, Declared(shown, identity), stands=stands)


def _cell(group: Group) -> Cell:
    return Cell(RESPONDENTS, group, TOTAL)


def _places(responses: pd.DataFrame, before: Mapping[Cell, frozenset[int]]) -> pd.DataFrame | None:
    """Count who answered where; ``None`` where the survey does not say."""
    if not {"qpv", "qpv_status"} <= set(responses):
        return None
    out = {cell.group.label: values for cell, values in before.items() if cell.group.axis == PLACE}
    return respondents_by_qpv(responses, out=out, sizes=before.get(_cell(EVERYBODY), frozenset()))


def _counted(size: int, places: pd.DataFrame | None) -> pd.DataFrame:
    """Write who answered, in all and by place, as cells."""
    rows: list[tuple[object, ...]] = [(RESPONDENTS, *EVERYBODY, TOTAL, size)]
    if places is not None:
        rows += [
            (RESPONDENTS, PLACE, str(one["place"]), TOTAL, one["n"] if one["shown"] else None)
            for one in places.to_dict("records")
        ]
    return pd.DataFrame(rows, columns=CELL_COLUMNS).astype({"n": "Int64"})


def _of_survey(out: Mapping[Key, frozenset[int]], name: str) -> dict[Cell, frozenset[int]]:
    """Keep what was released of this survey; another one asked other people."""
    return {
        Cell(table.removeprefix(name), Group(axis, label), answer): values
        for (table, axis, label, answer), values in out.items()
        if table.startswith(name)
    }
