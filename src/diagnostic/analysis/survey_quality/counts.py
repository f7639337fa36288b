"""Counts of respondents, without weights: by QPV, by state of their answers, by profile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from diagnostic.formatting import enumeration, number, typographic
from diagnostic.survey_model import Kind, concepts

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from diagnostic.survey_model.identity import SurveyIdentity

THRESHOLD: Final = 11
PROFILE: Final = (
    "qpv", "sex", "age_group", "education", "activity", "nationality", "birthplace", "parents_birthplace",
)  # fmt: skip
STATES: Final = ("answered", "dont_know", "refused", "empty", "ambiguous", "incomplete")
STATE_SUFFIX: Final = "__state"
ITEM_COLUMNS: Final = ("concept", "label", "asked", *STATES, "missing_rate", "wording", "period")


@dataclass(frozen=True, slots=True)
class UniqueProfiles:
    """How many respondents are alone with their profile.

    Parameters
    ----------
    count, total
        Respondents alone with their combination, and all of them.
    variables
        Variables of the profile that the survey has.
    """

    count: int
    total: int
    variables: tuple[str, ...]

    @property
    def share(self) -> float:
        """Percent of respondents; 0 without respondents."""
        return 100 * self.count / self.total if self.total else 0.0

    def __str__(self) -> str:
        labels = [concepts()[name].label for name in self.variables]
        return typographic(
            f"{number(self.share, 0)} % des répondants sont seuls de leur profil ({enumeration(labels)}) : "
            "même sans nom, ces réponses restent des données personnelles."
        )


def kish_effect(weights: np.ndarray) -> float:
    """Give Kish's design effect of weighting, ``n * sum(w²) / sum(w)²`` (Kish 1965).

    Examples
    --------
    >>> kish_effect(np.array([1.0, 1.0, 1.0])), round(kish_effect(np.array([1.0, 3.0])), 2)
    (1.0, 1.25)
    """
    return float(len(weights) * np.square(weights).sum() / np.square(weights.sum()))


def respondents_by_qpv(
    responses: pd.DataFrame,
    *,
    out: Mapping[str, frozenset[int]] | None = None,
    sizes: frozenset[int] = frozenset(),
) -> pd.DataFrame:
    """Count respondents by QPV, masking small counts and what would give them back.

    Parameters
    ----------
    responses
        With ``qpv`` and ``qpv_status``.
    out
        Place to the counts released before, none where it was masked: a count that tells of those who came or left
        since (:func:`tells`), or was masked, is masked too.
    sizes
        How many respondents were released before, in all.

    Returns
    -------
    pandas.DataFrame
        ``place`` (QPV code or status), ``label``, ``n``, ``shown``; list order of the quarters, then those
        outside, unknown and undecided. Never fewer than two rows are masked, nor fewer than 11 people together,
        since the total is printed.

    Examples
    --------
    >>> codes = pd.Categorical(["Q1"] * 40 + ["Q2"] * 4 + ["Q3"] * 20)
    >>> table = respondents_by_qpv(pd.DataFrame({"qpv": codes, "qpv_status": "inside"}))
    >>> table["shown"].tolist()
    [True, False, False]
    """
    known = out or {}
    quarters = list(responses["qpv"].astype("category").cat.categories)
    counts = responses["qpv"].value_counts()
    statuses = responses["qpv_status"].value_counts()
    others = {
        "outside": "hors quartier prioritaire du territoire", "unknown": "quartier inconnu",
        "undecided": "quartier à confirmer",
    }  # fmt: skip
    rows = [(code, str(code), int(counts.get(code, 0))) for code in quarters]
    rows += [(status, label, int(statuses[status])) for status, label in others.items() if status in statuses]
    table = pd.DataFrame(rows, columns=["place", "label", "n"])
    told = [
        place in known and tells(size, known[place], base=len(responses), bases=sizes)
        for place, size in zip(table["place"].astype(str), table["n"], strict=True)
    ]
    return table.assign(shown=~_masked(table["n"].to_numpy(), np.array(told, dtype=bool)))


def tells(count: int, before: Collection[int], *, base: int, bases: Collection[int]) -> bool:
    """Say whether a count, beside what was released of it, tells of the people who came or left since.

    Those are people like the others: neither fewer than 11 of them, nor all but fewer than 11, may be found in a
    cell by a difference. None of them may.

    Parameters
    ----------
    count, before
        The count, and its values released before; none where it was hidden, which tells at once.
    base, bases
        The same for the people among whom it counts.

    Examples
    --------
    >>> tells(208, [220], base=846, bases=[858]), tells(208, [220], base=806, bases=[858])
    (True, False)
    """
    moved = {one - count for one in before} - {0}
    among = {one - base for one in bases} - {0}
    few = any(abs(one) < THRESHOLD for one in moved)
    return not before or few or any(abs(all_ - one) < THRESHOLD for one in moved for all_ in among)


def _masked(counts: np.ndarray, told: np.ndarray) -> np.ndarray:
    """Mask counts from 1 to 10 or ``told``, then the smallest others until the total gives none of them back."""
    masked = told | ((counts > 0) & (counts < THRESHOLD))
    if not masked.any():
        return masked
    for position in np.argsort(counts, kind="stable"):
        if masked.sum() > 1 and counts[masked].sum() >= THRESHOLD:
            break
        masked[position] |= counts[position] > 0
    return masked


def item_nonresponse(responses: pd.DataFrame, identity: SurveyIdentity) -> pd.DataFrame:
    """Count, question by question, those who were asked and those who gave no answer.

    Returns
    -------
    pandas.DataFrame
        Columns ``ITEM_COLUMNS``, in the order of the questionnaire; ``asked`` leaves out ``not_asked``, and
        ``missing_rate`` is the percentage of those asked whose state is anything but ``answered``. Counts stay
        restricted; the card prints rates.

    Examples
    --------
    >>> import types
    >>> frame = pd.DataFrame({"sex__state": ["answered", "refused", "not_asked"]})
    >>> row = item_nonresponse(frame, types.SimpleNamespace(wordings={}, periods={})).iloc[0]
    >>> int(row["asked"]), float(row["missing_rate"])
    (2, 50.0)
    """
    rows = []
    for code, concept in concepts().items():
        if f"{code}{STATE_SUFFIX}" not in responses or concept.kind is Kind.PLACE:
            continue
        counts = responses[f"{code}{STATE_SUFFIX}"].astype(str).value_counts()
        by_state = [int(counts.get(state, 0)) for state in STATES]
        asked = sum(by_state)
        rate = 100 * (asked - by_state[0]) / asked if asked else 0.0
        wording = identity.wordings.get(code, concept.wording)
        rows.append((code, concept.label, asked, *by_state, rate, wording, identity.periods.get(code, "")))
    return pd.DataFrame(rows, columns=list(ITEM_COLUMNS))


def unique_profiles(responses: pd.DataFrame, variables: Sequence[str] = PROFILE) -> UniqueProfiles:
    """Count respondents whose combination of profile variables nobody shares.

    An absent answer is a value like another: it may single a person out too.

    Examples
    --------
    >>> profile = pd.DataFrame({"sex": ["femme", "femme", "homme"], "age_group": ["18_24"] * 3})
    >>> unique_profiles(profile).count
    1
    """
    present = tuple(name for name in variables if name in responses)
    if not present or responses.empty:
        return UniqueProfiles(0, len(responses), present)
    keys = responses[list(present)].astype(object)
    alone = ~keys.where(keys.notna(), "").duplicated(keep=False)
    return UniqueProfiles(int(alone.sum()), len(responses), present)
