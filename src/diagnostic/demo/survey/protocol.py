"""How the fictional survey was made: who asked, when, whom, and what the story of each quarter is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from diagnostic.demo.places import EPCI_CODE, EPCI_LABEL, QUARTERS, Quarter, epci_of

TITLE: Final = f"Comment êtes-vous traité·e ? Enquête auprès des habitants : {EPCI_LABEL} (données fictives)"
COMMISSIONER: Final = f"{EPCI_LABEL} (collectivité fictive)"
POPULATION: Final = "habitants de 18 ans et plus des quartiers prioritaires"
START, END = date(2025, 3, 3), date(2025, 4, 18)
DELETION = date(2099, 12, 31)  # the demonstration never expires
BASIS: Final = "quotas"
MODES: Final = ("en_ligne", "face_a_face")
RESPONSE_RATE: Final = 34.5
GENERATION: Final = 2015
OUTSIDE, UNKNOWN, DECLINED = "HORS", "NSP", "REF"
UNFINISHED: Final = 40
MINORS: Final = 2
LAST_PAGE: Final = 9


@dataclass(frozen=True, slots=True)
class Group:
    """Respondents who gave the same answer to "which quarter do you live in?".

    Parameters
    ----------
    answer
        Code of that answer in the questionnaire: ``Q01`` to ``Q09``, ``HORS``, ``NSP``, ``REF``.
    respondents
        Number of complete answers.
    prevalence
        Share of them who declare discrimination over five years.
    stigma
        Share who feel that the image of their quarter harms them.
    quarter
        Their QPV, ``None`` elsewhere.
    """

    answer: str
    respondents: int
    prevalence: float
    stigma: float
    quarter: Quarter | None = None


# In « Les Hauts D'Orvelle » women and men who look foreign are exposed; « La Briqueterie Saint-Éloi » is calm; in
# « Fosse Amicale » too few people answered for any figure, in « Le Clos Des Houblons » for any percentage.
_STORY: Final = {
    "QP099001": (125, 0.26, 0.58),
    "QP099002": (180, 0.38, 0.78),
    "QP099003": (150, 0.30, 0.66),
    "QP099004": (75, 0.20, 0.47),
    "QP099005": (55, 0.22, 0.52),
    "QP099006": (110, 0.24, 0.55),
    "QP099007": (28, 0.16, 0.35),
    "QP099008": (90, 0.13, 0.40),
    "QP099009": (8, 0.10, 0.45),
}
_ELSEWHERE: Final = {OUTSIDE: (24, 0.13, 0.25), UNKNOWN: (9, 0.24, 0.50), DECLINED: (4, 0.24, 0.50)}


def surveyed_quarters() -> dict[str, Quarter]:
    """Give the quarters of the territory by their code in the questionnaire, in list order.

    Examples
    --------
    >>> {answer: quarter.code for answer, quarter in surveyed_quarters().items()}["Q09"]
    'QP099009'
    """
    own = [quarter for quarter in QUARTERS if epci_of(quarter) == EPCI_CODE]
    return {f"Q{rank:02d}": quarter for rank, quarter in enumerate(own, start=1)}


def groups() -> tuple[Group, ...]:
    """Give the groups of respondents.

    Examples
    --------
    >>> sum(group.respondents for group in groups())
    858
    """
    inside = (
        Group(answer, *_STORY[quarter.code], quarter=quarter) for answer, quarter in surveyed_quarters().items()
    )
    return (*inside, *(Group(answer, *story) for answer, story in _ELSEWHERE.items()))
