"""The export as LimeSurvey writes it, with what a lead leaves in it: dates, typed texts, a free comment."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import numpy as np

from diagnostic.demo.survey.answering import answer, asked_concepts
from diagnostic.demo.survey.comments import comments
from diagnostic.demo.survey.protocol import END, START
from diagnostic.survey_model import Concept, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from diagnostic.demo.survey.draws import Answer
    from diagnostic.demo.survey.people import Person

_MARK: Final = "\ufeff"
_BREAK: Final = "\r\n"
SYSTEM: Final = ("id", "submitdate", "lastpage", "startlanguage", "seed", "startdate", "datestamp")
COMMENT: Final = "commentaire"
OTHER: Final = "autre"
# Questions on which LimeSurvey's own "Autre" was switched on: the text typed has its column.
TYPED: Final = {
    "motives": ("Mon accent ; on me dit « de la cité »", 'On me dit "pas d\'ici"', "Mes tatouages", "Mon permis"),
    "event_forms": ("On ne m'a pas cru", "On m'a fait revenir trois fois"),
    "step_outcome": ("J'ai laissé tomber", "On attend une réponse, rien de sûr"),
}
_HOURS: Final = (9, 20)


def export(rng: np.random.Generator, people: Sequence[Person]) -> bytes:
    """Write the answers of everybody.

    Parameters
    ----------
    rng
        Source of every random number.
    people
        In the order of their answers.

    Returns
    -------
    bytes
        UTF-8 with a byte order mark, codes in the titles and in the cells, every cell between quotation marks,
        Windows line breaks, and one empty line at the end.
    """
    rows = [[*SYSTEM, *_titles()]]
    number = 0
    for person, started, comment in zip(people, _starts(rng, len(people)), _typed(rng, people), strict=True):
        number += int(rng.integers(1, 3))  # test answers were deleted: numbers have gaps
        rows.append([*_system(rng, person, started, number=number), *_cells(rng, person), comment])
    return (_MARK + "".join(_line(row) for row in rows) + _BREAK).encode()


def _titles() -> Iterator[str]:
    for concept in asked_concepts():
        if concept.kind is Kind.MULTIPLE:
            yield from (f"{concept.title}[{short}]" for _, short in _boxes(concept))
        else:
            yield concept.title
        if concept.code in TYPED:
            yield f"{concept.title}[other]"
    yield COMMENT


def _boxes(concept: Concept) -> list[tuple[str, str]]:
    """List the options that have a column of their own; a text typed beside "Autre" takes the place of its box."""
    typed = concept.code in TYPED
    return [(option.code, option.short) for option in concept.options if not (typed and option.code == OTHER)]


def _cells(rng: np.random.Generator, person: Person) -> Iterator[str]:
    answers = answer(rng, person)
    for concept in asked_concepts():
        said = answers.get(concept.code, "")
        if concept.kind is Kind.MULTIPLE:
            yield from ("Y" if code in said else "" for code, _ in _boxes(concept))
        else:
            yield _code(concept, str(said))
        if concept.code in TYPED:
            yield _one_of(rng, TYPED[concept.code]) if _is_other(said) else ""


def _typed(rng: np.random.Generator, people: Sequence[Person]) -> list[str]:
    """Give each comment to one of those who reached the end."""
    texts = [""] * len(people)
    reached = [rank for rank, person in enumerate(people) if person.finished and person.adult]
    for rank, comment in zip(rng.permutation(reached), comments(rng), strict=False):
        texts[rank] = comment
    return texts


def _is_other(said: Answer) -> bool:
    return said == OTHER if isinstance(said, str) else OTHER in said


def _code(concept: Concept, said: str) -> str:
    """Give the code in a cell: the kit's short one, or LimeSurvey's own for "Autre"."""
    if said == OTHER and concept.code in TYPED:
        return "-oth-"
    return next((option.short for option in concept.options if option.code == said), said)


def _one_of(rng: np.random.Generator, texts: Sequence[str]) -> str:
    return texts[int(rng.integers(len(texts)))]


def _starts(rng: np.random.Generator, size: int) -> list[datetime]:
    """Give increasing times within the hours of collection."""
    days = (END - START).days + 1
    first, last = _HOURS
    minutes = np.sort(24 * 60 * rng.integers(days, size=size) + rng.integers(60 * first, 60 * last, size=size))
    midnight = datetime(START.year, START.month, START.day)  # noqa: DTZ001 - LimeSurvey writes no zone
    return [midnight + timedelta(minutes=int(minute)) for minute in minutes]


def _system(rng: np.random.Generator, person: Person, started: datetime, *, number: int) -> list[str]:
    """Give what LimeSurvey adds by itself; an unfinished questionnaire has no date of submission."""
    seconds = int(rng.integers(60, 180)) * person.last_page
    ended = str(started + timedelta(seconds=seconds))
    seed = str(rng.integers(10**8, 2 * 10**9))
    sent = ended if person.finished else ""
    return [str(number), sent, str(person.last_page), "fr", seed, str(started), ended]


def _line(cells: Sequence[str]) -> str:
    return ",".join(_quoted(cell) for cell in cells) + _BREAK


def _quoted(cell: str) -> str:
    """Put a cell between quotation marks, with an apostrophe before what a spreadsheet would compute."""
    masked = f"'{cell}" if cell.startswith("=") else cell
    return '"' + masked.replace('"', '""') + '"'
