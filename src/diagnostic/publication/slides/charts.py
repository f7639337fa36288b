"""What a native chart shows: categories, series, intervals, and what is not there; still no slide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from diagnostic.formatting import NBSP, plural
from diagnostic.publication.figures import NOT_A_DISCRIMINATION
from diagnostic.publication.figures.answers import groups
from diagnostic.publication.figures.cells import label
from diagnostic.publication.report.messages import COMPARATORS, declared_title, gap_title, measure_line
from diagnostic.publication.report.panels import MOTIVES, PREVALENCE, Panel
from diagnostic.publication.report.reading import comparator_cell
from diagnostic.vocabulary import Theme

if TYPE_CHECKING:
    from diagnostic.publication.figures.cells import Cell
    from diagnostic.publication.report.reading import Reader
    from diagnostic.publication.report.survey import Survey

_FIRST: Final = (Theme.EMPLOYMENT, Theme.RESOURCES, Theme.EDUCATION, Theme.HOUSING, Theme.HEALTH)
_ROWS: Final = 14  # bars that a room reads


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar chart.

    Parameters
    ----------
    title
        The message.
    subtitle
        Measure, unit, year.
    names
        One a bar, from top to bottom; an absent value is named with its reason.
    series
        Values by the name of the series, ``None`` where there is none.
    below, above
        How far the interval of the first series reaches on each side, empty without intervals.
    source
        Under the chart.
    number_format
        As a spreadsheet writes it.
    """

    title: str
    subtitle: str
    names: tuple[str, ...]
    series: dict[str, tuple[float | None, ...]]
    below: tuple[float, ...]
    above: tuple[float, ...]
    source: str
    number_format: str


def gap_bars(reader: Reader) -> Bars | None:
    """Show the first indicator that has a comparator, neighbourhoods in list order.

    Parameters
    ----------
    reader
        The public tables.

    Returns
    -------
    Bars or None
        ``None`` when no indicator in per cent may be compared.
    """
    found = [
        one for theme in _FIRST for one in reader.variables(theme)
        if reader.unit(one) == "percent" and reader.kinds(one) and reader.pair(one) is None and reader.written(one)
    ]  # fmt: skip
    if not found:
        return None
    variable, places = found[0], reader.places[:_ROWS]
    kind = reader.kinds(variable)[0]
    cells = reader.cells(variable)
    rows = [reader.comparison(variable, place.code, kind) for place in places]
    compared = [comparator_cell(row, "comparator_value", unit=reader.unit(variable)) for row in rows]
    return Bars(
        title=gap_title(reader, variable, kind),
        subtitle=measure_line(reader, variable),
        names=tuple(f"{place.number}. {place.name}{_absence(cells[place.code])}" for place in places),
        series={
            "Quartier": tuple(cells[place.code].value if cells[place.code].written else None for place in places),
            COMPARATORS[kind].removeprefix("la ").removeprefix("l’").capitalize(): tuple(
                cell.value if cell else None for cell in compared
            ),
        },
        below=(), above=(),
        source=f"Source : {reader.source(variable)}. {NOT_A_DISCRIMINATION}{_others(reader)}",
        number_format="0.0",
    )  # fmt: skip


def _absence(cell: Cell) -> str:
    return "" if cell.written else f" ({label(cell.kind)})"


def _others(reader: Reader) -> str:
    left = len(reader.places) - _ROWS
    return f" {plural(left, 'autre quartier', 'autres quartiers')} : voir le rapport." if left > 0 else ""


def declared_bars(survey: Survey) -> Bars | None:
    """Show what residents declare, in the order of the questionnaire, with its intervals.

    Parameters
    ----------
    survey
        Of the public tables.

    Returns
    -------
    Bars or None
        ``None`` without a survey, or when no percentage may be written.
    """
    for panel in (MOTIVES, PREVALENCE):
        bars = _declared(survey, panel) if survey.present else None
        if bars:
            return bars
    return None


def _declared(survey: Survey, panel: Panel) -> Bars | None:
    found = groups(survey.values(panel.sections))
    series = [
        (group, one) for group in found for one in group.series if any(a.shown for a in one.answers.values())
    ]
    if not series:
        return None
    group, one = series[0]
    shown = [
        (answer.name, float(round(answer.share)), answer.low, answer.high)
        for answer in one.answers.values()
        if not answer.silent and answer.share is not None and answer.low is not None and answer.high is not None
    ][:_ROWS]
    if not shown:  # only those who gave no answer, or shares without an interval
        return None
    size = one.size()
    return Bars(
        title=declared_title(survey, panel, found),
        subtitle=", ".join(part for part in (group.title, one.label, f"en{NBSP}%", size) if part),
        names=tuple(name for name, *_ in shown),
        series={"Part déclarée": tuple(share for _, share, _, _ in shown)},
        below=tuple(share - low for _, share, low, _ in shown),
        above=tuple(high - share for _, share, _, high in shown),
        source=f"Source : {survey.source}. Ne permet pas de comparer les quartiers.",
        number_format="0",
    )  # fmt: skip
