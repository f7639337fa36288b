"""What residents declare, as the atlas shows it: texts and bars made from the published estimates."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from diagnostic.formatting import NBSP, number, typographic
from diagnostic.publication.figures import NO_COMPARISON
from diagnostic.publication.figures.answers import (
    COUNTED_FROM,
    REASONS,
    Answer,
    Group,
    Series,
    groups,
    read_answer,
)
from diagnostic.publication.report.messages import declared_title
from diagnostic.publication.report.panels import CHAPTER
from diagnostic.publication.report.reading import group_label
from diagnostic.publication.report.survey import ALLOWS, RESPONDENTS, WHOLE, answer_name
from diagnostic.survey_model import concepts

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from diagnostic.publication.report.prose import Prose
    from diagnostic.publication.report.reading import Reader
    from diagnostic.publication.report.survey import Survey

_MASKED: Final = REASONS["masked"]
_QUARTER: Final = "quartier"
_MARKS: Final = {"masked": "m", "imprecise": "p", "few": "ef", "absent": "–"}


def declared(survey: Survey, reader: Reader, prose: Prose) -> dict[str, Any] | None:
    """Give the survey view, ``None`` without a survey.

    Parameters
    ----------
    survey
        The survey.
    reader
        The neighbourhoods of its generation.
    prose
        Texts.
    """
    if not survey.present:
        return None
    words = {"repondants": survey.people, "intervalle": survey.interval, "permis": survey.entry(ALLOWS)}
    return {
        "source": typographic(survey.source), "interval": typographic(survey.interval), "caveat": NO_COMPARISON,
        "rule": prose.blocks("ressenti_indicatif" if survey.indicative else "ressenti_aleatoire", words),
        "reading": prose.blocks("ressenti_lecture", words),
        "card": [[typographic(str(row["entry"])), typographic(str(row["text"]))]
                 for row in survey.card.to_dict("records")],
        "panels": [_panel(survey, panel) for panels in CHAPTER.values() for panel in panels],
        "counts": _counts(survey, reader),
        "breakdowns": _breakdowns(reader),
    }  # fmt: skip


def _panel(survey: Survey, panel: Any) -> dict[str, Any]:  # noqa: ANN401 - a panel of the report
    found = groups(survey.values(panel.sections))
    return {
        "title": typographic(declared_title(survey, panel, found)), "subtitle": typographic(panel.subtitle),
        "groups": [_group(group) for group in found],
    }  # fmt: skip


def _group(group: Group) -> dict[str, Any]:
    return {
        "title": group.title, "hidden": group.hidden(),
        "series": [
            {"label": one.label, "size": one.size(), "answers": [_answer(one.answers[name]) for name in shown]}
            for one in group.series
            if (shown := [name for name in group.names() if name in one.answers and one.answers[name].shown])
        ],
    }  # fmt: skip


def _answer(answer: Answer) -> dict[str, Any]:
    """Give one share to the unit, its bounds rounded outwards as its text says them."""
    share, low, high = answer.share or 0.0, answer.low or 0.0, answer.high or 0.0
    return {
        "name": answer.name, "text": answer.text(), "interval": answer.interval(), "strong": answer.headline,
        "n": "" if answer.n is None else number(answer.n),
        "bar": [round(share), max(math.floor(low + 1e-9), 0), min(math.ceil(high - 1e-9), 100)],
    }  # fmt: skip


def _counts(survey: Survey, reader: Reader) -> list[list[str]]:
    """Count the respondents of each neighbourhood, in list order."""
    found = {str(row["code"]): float(row["n"]) for row in survey.quarters.to_dict("records")}
    return [
        [str(place.number), typographic(place.name),
         number(found[place.code]) if found[place.code] >= COUNTED_FROM else _MASKED]
        for place in reader.places if place.code in found
    ]  # fmt: skip


def _breakdowns(reader: Reader) -> list[dict[str, Any]]:
    """Give the shares published by neighbourhood or by group, one table a question, never ranked."""
    rows = reader.tables.estimates
    apart = rows["level"].ne(WHOLE) | ~rows["by"].isin(["", "all"])
    apart &= rows["concept"].ne(RESPONDENTS)
    order = {code: rank for rank, code in enumerate(reader.codes)}
    found: dict[str, dict[str, dict[tuple[int, str], dict[str, Answer]]]] = {}
    for row in rows[apart].to_dict("records"):
        who, rank = _who(row, reader, order)
        series = found.setdefault(_axis(row), {}).setdefault(_question(row), {}).setdefault((rank, who), {})
        series[typographic(answer_name(row))] = read_answer(row)
    return [
        {"axis": axis, "tables": tables}
        for axis, questions in found.items()
        if (
            tables := [
                _crossed(title, series, turned=axis == _QUARTER)
                for title, series in questions.items()
                if _any_shown(series)
            ]
        )
    ]


def _any_shown(series: Mapping[tuple[int, str], Mapping[str, Answer]]) -> bool:
    return any(answer.shown for answers in series.values() for answer in answers.values())


def _crossed(
    title: str, series: Mapping[tuple[int, str], Mapping[str, Answer]], *, turned: bool
) -> dict[str, Any]:
    """Cross answers and groups, or groups and answers when turned; a hidden share has its mark, said below."""
    ordered = [Series(who, series[rank, who]) for rank, who in sorted(series, key=lambda key: key[0])]
    names = Group(title, tuple(ordered)).names()
    heads = [f"{one.label}, {one.size()}" if one.size() else one.label for one in ordered]
    cells = [[_crossed_cell(one.answers.get(name)) for one in ordered] for name in names]
    if turned:
        names, heads, cells = heads, names, [list(column) for column in zip(*cells, strict=True)]
    kinds = {answer.kind for one in ordered for answer in one.answers.values() if not answer.shown}
    return {
        "title": title, "heads": heads, "rows": [[name, *line] for name, line in zip(names, cells, strict=True)],
        "marks": [f"{_MARKS[kind]}{NBSP}: {REASONS[kind]}" for kind in _MARKS if kind in kinds],
    }  # fmt: skip


def _crossed_cell(answer: Answer | None) -> str:
    if answer is None:
        return ""
    return f"{answer.text()} ({answer.interval()})" if answer.shown else _MARKS[answer.kind]


def _axis(row: Mapping[Hashable, Any]) -> str:
    by = str(row["by"])
    if by in {"", "all"}:
        return _QUARTER
    return concepts()[by].label if by in concepts() else by


def _question(row: Mapping[Hashable, Any]) -> str:
    known = concepts()
    parts = str(row["concept"]).split("*")
    name = " × ".join(known[part].label if part in known else part for part in parts).capitalize()
    return typographic(name if row["base"] == "all" else f"{name}, parmi les personnes concernées")


def _who(row: Mapping[Hashable, Any], reader: Reader, order: Mapping[str, int]) -> tuple[str, int]:
    """Name those whom a row is about, and say their place in the list."""
    code, by, group = str(row["code"]), str(row["by"]), str(row["group"])
    if by in {"", "all"} and code in order:
        place = reader.places[order[code]]
        return typographic(f"{place.number}. {place.name}"), order[code]
    options = {one.code: one.label for one in concepts()[by].options} if by in concepts() else {}
    name = typographic(options.get(group, group_label(group)))
    return name[:1].upper() + name[1:], 0
