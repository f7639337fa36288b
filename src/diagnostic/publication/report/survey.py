"""The survey as a report reads it: its identity card, its protocol in words, the rows of a figure."""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Final

from diagnostic.formatting import NBSP
from diagnostic.publication.figures.answers import SILENCE, read_answer
from diagnostic.publication.report.panels import Line, Panel, Section
from diagnostic.survey_model import Kind, concepts

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from diagnostic.analysis.disclosure.public import PublicTables
    from diagnostic.publication.figures.answers import Answer

    Row = dict[Hashable, Any]

WHOLE: Final = "territoire"
INDICATIVE: Final = "indicatif"
ALLOWS: Final = "Ce que ces chiffres permettent"
RESPONDENTS: Final = "respondents"
_LAST: Final = 10_000


class Survey:
    """What a chapter asks of the survey's public tables; nothing is computed.

    Parameters
    ----------
    tables
        The public tables; without a survey, ``present`` is false.
    """

    def __init__(self, tables: PublicTables) -> None:
        self.card = tables.card.sort_values("rank", kind="stable")
        rows = tables.estimates
        whole = rows["level"].eq(WHOLE) & rows["by"].isin(["", "all"]) & rows["group"].isin(["", "all"])
        self.rows = rows[whole]
        self.groups = rows[rows["level"].eq(WHOLE) & ~whole]
        self.quarters = rows[rows["level"].eq("qpv") & rows["concept"].eq(RESPONDENTS)]

    @property
    def present(self) -> bool:
        """Whether there is a survey."""
        return not self.card.empty

    @cached_property
    def indicative(self) -> bool:
        """Whether the respondents were not drawn at random: then figures speak of them alone."""
        return bool(self.rows["method"].astype(str).str.startswith(INDICATIVE).any())

    @property
    def people(self) -> str:
        """Name those who answered."""
        return "répondants" if self.indicative else "personnes interrogées"

    @property
    def interval(self) -> str:
        """Name the intervals."""
        return "intervalle indicatif" if self.indicative else f"intervalle à 95{NBSP}%"

    def entry(self, name: str) -> str:
        """Read one entry of the card, empty where it is not there."""
        found = self.card.loc[self.card["entry"].eq(name), "text"]
        return "" if found.empty else str(found.iloc[0])

    @cached_property
    def source(self) -> str:
        """Say the protocol on one line, for the foot of a figure."""
        period = self.entry("Période de référence")
        parts = [
            f"enquête {self.entry('Collecte')}".strip(), self.entry("Base"), self.entry("Mode"),
            f"période de référence : {period}" if period else "",
        ]  # fmt: skip
        return ", ".join(part for part in parts if part)

    @cached_property
    def count(self) -> int | None:
        """Count the respondents."""
        found = self.rows.loc[self.rows["concept"].eq(RESPONDENTS), "n"].dropna()
        return None if found.empty else int(found.iloc[0])

    @cached_property
    def _lines(self) -> dict[tuple[str, str], list[Row]]:
        found: dict[tuple[str, str], list[Row]] = {}
        for row in self.rows.to_dict("records"):
            found.setdefault((str(row["concept"]), str(row["base"])), []).append(row)
        for rows in found.values():
            rows.sort(key=lambda row: _rank(str(row["concept"]), str(row["answer"])))
        return found

    def lines(self, line: Line) -> list[Row]:
        """Give the rows of one series, answers that sum up first, then in the order of the questionnaire."""
        return [
            row for row in self._lines.get((line.concept, line.base), [])
            if (not line.indicator or row["indicator"] == line.indicator)
            and (not line.only or row["answer"] in line.only) and row["answer"] not in line.but
        ]  # fmt: skip

    def values(self, sections: Iterable[Section]) -> list[Row]:
        """Give the rows of a figure, as :func:`interval_bars` takes them."""
        return [
            {
                **row, "section": section.title, "series": line.among.format(people=self.people),
                "name": _sentence_case(str(row["label"])) if line.only else answer_name(row),
                "headline": len(line.only) == 1 or _rank(line.concept, str(row["answer"])) < 0,
            }
            for section in sections for line in section.lines for row in self.lines(line)
        ]  # fmt: skip

    def answer(self, concept: str, answer: str, base: str) -> tuple[Answer, str] | None:
        """Give one estimate that may be written, with its label."""
        for row in self.lines(Line(concept, base, only=(answer,))):
            found = read_answer(row)
            if found.shown:
                return found, str(row["label"])
        return None

    def among(self, panel: Panel, concept: str, base: str) -> str:
        """Name the base of a concept on a figure."""
        lines = [line for section in panel.sections for line in section.lines]
        found = next(line for line in lines if line.concept == concept and line.base == base)
        return found.among.format(people=self.people)


def several(panel: Panel) -> bool:
    """Say whether a question of a figure takes several answers."""
    found = concepts()
    return any(
        line.concept in found and found[line.concept].kind is Kind.MULTIPLE
        for section in panel.sections for line in section.lines if not line.only
    )  # fmt: skip


def answer_name(row: Mapping[Hashable, Any]) -> str:
    """Name an answer as the questionnaire words it; by what is estimated when it is no answer of a list.

    Examples
    --------
    >>> answer_name({"concept": "motives", "answer": "age", "label": "citent le motif « Votre âge »"})
    'Votre âge'
    >>> answer_name({"concept": "steps", "answer": "au_moins_une", "label": "ont engagé une démarche"})
    'Ont engagé une démarche'
    """
    concept, answer, label = str(row["concept"]), str(row["answer"]), str(row["label"])
    options = _options(concept)
    if answer in options:
        return options[answer]
    if concept == "event_authors" and ":" in label:
        label = label.split(":", 1)[1].replace("«", "").replace("»", "").strip()
        label = " ".join(label.split())
    return _sentence_case(label)


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


@cache
def _options(concept: str) -> dict[str, str]:
    found = concepts().get(concept)
    return {option.code: option.label for option in found.options} if found else {}


def _rank(concept: str, answer: str) -> int:
    """Rank an answer: what sums up is negative, then the questionnaire's order, no answer last."""
    options = list(_options(concept))
    if answer == SILENCE:
        return _LAST
    if answer in options:
        return options.index(answer)
    return -1 if options and not concept.startswith("event_authors") else 0
