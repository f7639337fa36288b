"""Which QPV a respondent lives in: by code, by name or by coordinates, and never by likeness alone under 95."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from diagnostic.errors import ConfigurationError, Fault, TerritoryError
from diagnostic.formatting import plural
from diagnostic.ingestion.survey.codebook import find_column, find_question
from diagnostic.ingestion.survey.wording import non_answer
from diagnostic.territory import points
from diagnostic.territory.metric import LONLAT
from diagnostic.territory.names import fold, key
from diagnostic.territory.places import ACCEPTED, CODE, GENERATIONS, NEAR
from diagnostic.territory.points import STATUSES, PlaceStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import geopandas as gpd

    from diagnostic.ingestion.survey.codebook.model import PlaceSection
    from diagnostic.ingestion.survey.export import Export, Question

__all__ = ["STATUSES", "UNRESOLVED_COLUMNS", "UNRESOLVED_NAME", "PlaceStatus", "Placed", "locate"]

UNRESOLVED_COLUMNS: Final = ("nom", "code_propose", "libelle_propose", "score", "reponses", "code_retenu")
UNRESOLVED_NAME: Final = "quartiers_a_confirmer.csv"
_OUTSIDE: Final = re.compile(r"hors\b.*|aucun(?: quartier.*)?|none")
_DIGITS: Final = re.compile(r"\d+")
_DEGREES: Final = {"latitude": 90.0, "longitude": 180.0}


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """The QPV of every respondent.

    Parameters
    ----------
    codes
        Position in ``quarters``, -1 outside ``inside``.
    statuses
        Position in ``STATUSES``.
    quarters
        QPV codes of the territory, in list order.
    unresolved
        Names to settle, columns ``UNRESOLVED_COLUMNS``; what looks like an address is counted, never listed.
    notes
        French sentences.
    """

    codes: np.ndarray
    statuses: np.ndarray
    quarters: tuple[str, ...]
    unresolved: pd.DataFrame = field(repr=False)
    notes: tuple[str, ...]


@dataclass(slots=True)
class _Verdict:
    status: PlaceStatus
    code: str | None = None
    proposal: tuple[str, float] | None = None
    why: str = ""


def locate(
    export: Export, section: PlaceSection, *, labels: Mapping[str, str], elsewhere: Iterable[str] = (),
    outlines: gpd.GeoDataFrame | None = None,
) -> Placed:  # fmt: skip
    """Find the QPV of every respondent.

    Parameters
    ----------
    export, section
        The answers, and the ``[quartier]`` of the codebook.
    labels
        QPV code to name, for the territory's quarters of the declared generation.
    elsewhere
        Codes of the other QPV of that generation: living there is living outside the territory's quarters.
    outlines
        ``code``, ``vintage`` and polygons, for coordinates only.

    Raises
    ------
    TerritoryError
        When a code is of the other generation, or the outlines are absent or of another vintage.
    """
    if section.par == "coordonnees":
        return _by_coordinates(export, section, labels=labels, outlines=outlines)
    question = find_question(export, section.question or "")
    column = find_column(export, section.question or "")
    if column is None:
        raise ConfigurationError(Fault(
            "question du quartier absente de l’export", file=export.file, column=section.question,
            remedy="corrigez [quartier] dans le codebook",
        ))  # fmt: skip
    options = dict(question.options) if question else {}
    spellings = dict(question.spellings) if question else {}
    positions, words = pd.factorize(_cells(export, column, question))
    reader = _Reader(section, dict(labels), frozenset(elsewhere), options)
    verdicts = [reader.verdict(spellings.get(str(word), str(word))) for word in words]
    wrong = sorted({verdict.why for verdict in verdicts if verdict.why.startswith(tuple(GENERATIONS.values()))})
    if wrong:
        raise TerritoryError([
            Fault(
                f"le quartier {code} n’est pas de la génération {section.generation} que déclare le codebook",
                file=export.file, column=column,
                remedy="corrigez « generation » ; deux générations ne se mélangent jamais",
            )
            for code in wrong
        ])  # fmt: skip
    counts = np.bincount(positions[positions >= 0], minlength=len(words))
    return _placed(verdicts, positions, [str(word) for word in words], counts=counts, labels=labels)


def _cells(export: Export, column: str, question: Question | None) -> pd.Series[str]:
    """Give the answers, and what was typed beside "autre" where something was."""
    cells = export.answers[column].str.strip()
    if question is None or question.other_column is None or question.other_column == column:
        return cells
    typed = export.answers[question.other_column].str.strip()
    return cells.mask(typed != "", typed)


@dataclass(frozen=True, slots=True)
class _Reader:
    section: PlaceSection
    labels: dict[str, str]
    elsewhere: frozenset[str]
    options: dict[str, str]

    def verdict(self, word: str) -> _Verdict:
        label = self.options.get(word, "") or word
        spellings = {word, label}
        declared = next((self.section.modalites[one] for one in spellings if one in self.section.modalites), None)
        unknown = not word or declared == "inconnu" or spellings & set(self.section.inconnu)
        if spellings & set(self.section.hors) or declared == "hors":
            return _Verdict(PlaceStatus.OUTSIDE)
        code = next((one.upper() for one in (declared, word, label) if one and CODE.match(one.upper())), None)
        if code is not None:
            return self._code(code)
        if unknown or non_answer(label) or non_answer(word):
            return _Verdict(PlaceStatus.UNKNOWN)
        return _Verdict(PlaceStatus.OUTSIDE) if _OUTSIDE.fullmatch(fold(label)) else self._name(declared or label)

    def _code(self, code: str) -> _Verdict:
        if code in self.labels:
            return _Verdict(PlaceStatus.INSIDE, code)
        if not code.startswith(GENERATIONS[self.section.generation]):
            return _Verdict(PlaceStatus.UNDECIDED, why=code)
        if code in self.elsewhere:
            return _Verdict(PlaceStatus.OUTSIDE, why="autre quartier prioritaire")
        return _Verdict(PlaceStatus.UNDECIDED, why="code inconnu")

    def _name(self, text: str) -> _Verdict:
        same = [code for code, label in self.labels.items() if key(label) == key(text)]
        if len(same) == 1:
            return _Verdict(PlaceStatus.INSIDE, same[0])
        from rapidfuzz import fuzz, process  # noqa: PLC0415 - only names that fail an exact match pay for it

        choices = {code: fold(label) for code, label in self.labels.items()}
        found = process.extract(fold(text), choices, scorer=fuzz.ratio, limit=2, score_cutoff=NEAR)
        if not found:
            return _Verdict(PlaceStatus.UNDECIDED, why="sans proposition")
        _, score, code = found[0]
        numbers = _DIGITS.findall(text) == _DIGITS.findall(self.labels[code])
        alone = len(found) == 1 or found[1][1] < ACCEPTED
        if score >= ACCEPTED and alone and numbers and not same:
            return _Verdict(PlaceStatus.INSIDE, str(code), why="nom très proche")
        return _Verdict(PlaceStatus.UNDECIDED, proposal=(str(code), float(score)))


def _placed(
    verdicts: list[_Verdict], positions: np.ndarray, words: list[str], *, counts: np.ndarray,
    labels: Mapping[str, str],
) -> Placed:  # fmt: skip
    quarters = tuple(labels)
    rank = {code: position for position, code in enumerate(quarters)}
    unknown = STATUSES.index(PlaceStatus.UNKNOWN)
    codes = np.array([*(rank.get(one.code or "", -1) for one in verdicts), -1], dtype=np.int16)
    statuses = np.array([*(STATUSES.index(one.status) for one in verdicts), unknown], dtype=np.int8)
    rows = [
        (word, one.proposal[0], labels[one.proposal[0]], round(one.proposal[1], 1), int(count), "")
        for word, one, count in zip(words, verdicts, counts, strict=True)
        if one.proposal and not _DIGITS.search(word)
    ]
    hidden = sum(
        int(count)
        for word, one, count in zip(words, verdicts, counts, strict=True)
        if one.status is PlaceStatus.UNDECIDED and not (one.proposal and not _DIGITS.search(word))
    )
    return Placed(
        codes[positions], statuses[positions], quarters,
        pd.DataFrame(rows, columns=list(UNRESOLVED_COLUMNS)).sort_values("nom", ignore_index=True),
        tuple(_notes(verdicts, counts, listed=len(rows), hidden=hidden)),
    )  # fmt: skip


def _notes(verdicts: list[_Verdict], counts: np.ndarray, *, listed: int, hidden: int) -> Iterable[str]:
    def total(why: str) -> int:
        return sum(int(count) for one, count in zip(verdicts, counts, strict=True) if one.why == why)

    if near := total("nom très proche"):
        yield f"Quartier : {plural(near, 'réponse')} d’un nom presque identique au nom officiel (95 sur 100)."
    if other := total("autre quartier prioritaire"):
        yield f"Quartier : {plural(other, 'réponse')} dans un quartier d’un autre territoire, lues « hors »."
    if listed:
        yield f"Quartier : {plural(listed, 'nom')} à confirmer dans {UNRESOLVED_NAME}."
    if hidden:
        yield f"Quartier : {plural(hidden, 'réponse')} sans quartier reconnaissable, comptées « indécis »."


def _by_coordinates(
    export: Export, section: PlaceSection, *, labels: Mapping[str, str], outlines: gpd.GeoDataFrame | None
) -> Placed:
    if outlines is None or outlines.empty:
        raise TerritoryError(Fault(
            "coordonnées sans contours de quartiers", file=export.file,
            expected=f"les contours de la génération {section.generation}",
            remedy="ajoutez d’abord le fichier des contours avec « diagnostic add »",
        ))  # fmt: skip
    vintages = {int(vintage) for vintage in outlines["vintage"]}
    if vintages != {section.generation} or outlines.crs is None:
        raise TerritoryError(Fault(
            "les contours ne sont pas de la génération déclarée par le codebook", file=export.file,
            expected=str(section.generation), found=", ".join(map(str, sorted(vintages))),
            remedy="corrigez « generation », ou ajoutez les contours de cette génération",
        ))  # fmt: skip
    latitude, longitude = (
        _degrees(export, getattr(section, name) or "", limit) for name, limit in _DEGREES.items()
    )
    inside = outlines[outlines["code"].isin(list(labels))]
    found = points.locate(
        longitude, latitude, quarters=inside, generation=section.generation, crs=LONLAT, tolerance=0.0
    )
    quarters = tuple(labels)
    rank = np.array([*map(quarters.index, found.quarters), -1], dtype=np.int16)
    codes = np.where(found.statuses == STATUSES.index(PlaceStatus.INSIDE), rank[found.codes], -1).astype(np.int16)
    note = (
        f"Quartier : coordonnées comparées en mémoire aux contours de {section.generation}, puis oubliées ; "
        "aucune n’est écrite."
    )
    return Placed(codes, found.statuses, quarters, pd.DataFrame(columns=list(UNRESOLVED_COLUMNS)), (note,))


def _degrees(export: Export, reference: str, limit: float) -> np.ndarray:
    column = find_column(export, reference)
    cells = export.answers[column] if column else pd.Series("", index=export.answers.index)
    numbers = pd.to_numeric(cells.str.strip().str.replace(",", ".", regex=False), errors="coerce")
    values = numbers.to_numpy(dtype=float, na_value=np.nan)
    return np.where(np.abs(values) <= limit, values, np.nan)
