"""Titles that state what a figure shows, no further than its evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from diagnostic.formatting import NBSP, enumeration, number, plural, quantity
from diagnostic.publication.figures.answers import first

if TYPE_CHECKING:
    import pandas as pd

    from diagnostic.publication.figures.answers import Group
    from diagnostic.publication.report.panels import Panel
    from diagnostic.publication.report.reading import Reader
    from diagnostic.publication.report.survey import Survey

COMPARATORS: Final = {
    "commune": "la commune", "epci": "l’intercommunalité", "unite_urbaine": "l’unité urbaine",
    "departement": "le département", "region": "la région", "france": "la France métropolitaine",
    "qpv_departement_median": "la médiane des QPV du département",
    "epci_hors_qpv": "l’EPCI hors QPV", "commune_hors_qpv": "la commune hors QPV",
    "contrat": "l’ensemble des QPV du contrat",
}  # fmt: skip
_NAMED: Final = 3


def comparator_name(reader: Reader, variable: str, kind: str) -> str:
    """Name a comparator in a sentence, with its own name where it is the same everywhere."""
    rows = reader.gaps(variable)
    labels = rows.loc[rows["comparator_kind"] == kind, "comparator_label"].unique()
    if kind == "commune" and len(labels) == 1:
        return f"la commune ({labels[0]})"
    if kind in {"epci", "unite_urbaine", "region", "departement"} and len(labels) == 1:
        return f"{COMPARATORS[kind]} ({labels[0]})"
    return COMPARATORS[kind]


def _written(reader: Reader, variable: str) -> set[str]:
    return {code for code, cell in reader.cells(variable).items() if cell.written}


def gap_title(reader: Reader, variable: str, kind: str) -> str:
    """Say in how many neighbourhoods the difference with a comparator is notable."""
    rows = [
        row
        for code in sorted(_written(reader, variable))
        if (row := reader.comparison(variable, code, kind)) is not None
    ]
    name, short = comparator_name(reader, variable, kind), reader.short(variable)
    marked = [row for row in rows if row["notable"] and row["worse"]]
    if len(rows) == 1:
        row = rows[0]
        unit = "points" if reader.unit(variable) == "percent" else reader.unit(variable)
        side = quantity(float(row["difference"]), unit, signed=True)
        return (
            f"{short} : {quantity(float(row['value']), reader.unit(variable))}, soit {side} par rapport à {name}"
        )
    if not marked:
        return f"{short} : aucun écart défavorable notable avec {name}"
    where = _share(len(marked), len(rows))
    return f"{short} : écart défavorable notable avec {name} {where}"


def map_title(reader: Reader, variable: str) -> str:
    """Say the extent of the published values."""
    known = [cell.value for cell in reader.cells(variable).values() if cell.written and cell.value is not None]
    short, unit = reader.short(variable), reader.unit(variable)
    if not known:
        return f"{short} : aucune valeur publiée"
    if len(known) == 1 or min(known) == max(known):
        return f"{short} : {quantity(known[0], unit)}"
    return f"{short} : de {quantity(min(known), unit)} à {quantity(max(known), unit)} selon les quartiers"


def pair_title(reader: Reader, variable: str, group: str) -> str:
    """Say in how many neighbourhoods a difference between groups leaves its interval."""
    shown = [cell for cell in reader.cells(variable).values() if cell.written and cell.value is not None]
    less = reader.word(variable, "direction") == "less_is_worse"
    beyond = sum(
        bound < 0 if less else bound > 0
        for cell in shown
        if (bound := (cell.high if less else cell.low) if cell.high is not None else cell.value) is not None
    )
    who = "aux femmes" if group == "women" else "aux étrangers"
    label = reader.label(variable)
    if not shown:
        return f"{label} : aucune valeur publiée"
    if not beyond:
        return f"{label} : aucun quartier où l’écart sorte de l’intervalle"
    return f"{label} : défavorable {who}, au-delà de l’intervalle, {_share(beyond, len(shown))}"


def _share(count: int, total: int) -> str:
    r"""Say how many neighbourhoods among those that are published.

    Examples
    --------
    >>> _share(9, 9).replace("\u00a0", " "), _share(1, 3).replace("\u00a0", " "), _share(1, 1)
    ('dans les 9 quartiers publiés', 'dans 1 quartier sur 3', 'dans le quartier')
    """
    if total == 1:
        return "dans le quartier"
    if count == total:
        return f"dans les{NBSP}{number(total)} quartiers publiés"
    return f"dans {plural(count, 'quartier')} sur{NBSP}{number(total)}"


def series_title(reader: Reader, variable: str) -> str:
    """Say in how many neighbourhoods a figure went the unfavourable way, where its years may be compared."""
    rows = reader.series(variable)
    last = rows[rows["comparable"] & rows["change"].notna()].drop_duplicates("code", keep="last")
    short = reader.short(variable)
    if last.empty:
        return f"{short} : les années publiées ne se comparent pas entre elles"
    ends = f"de {last['previous_period'].min()} à {last['period'].max()}"
    less = reader.word(variable, "direction") == "less_is_worse"
    down = int((last["change"] < 0).sum() if less else (last["change"] > 0).sum())
    way = "baisse" if less else "hausse"
    if reader.alone:
        return (
            f"{short}, {ends} : {quantity(float(last['change'].iloc[0]), _points(reader, variable), signed=True)}"
        )
    return f"{short}, {ends} : en {way} {_share(down, len(last))}" if down else f"{short}, {ends} : sans {way}"


def _points(reader: Reader, variable: str) -> str:
    return "points" if reader.unit(variable) == "percent" else reader.unit(variable)


def measure_line(reader: Reader, variable: str, group: str = "all", *, years: pd.DataFrame | None = None) -> str:
    """Say measure, unit and year, or the years of a series, under a title."""
    parts = [
        reader.label(variable),
        f"en{NBSP}{reader.unit_label(variable)}" if reader.unit_label(variable) else "",
    ]
    when = reader.period(variable, group) if years is None else reader.years(years)
    return ", ".join(part for part in (*parts, when) if part)


def declared_title(survey: Survey, panel: Panel, found: list[Group]) -> str:
    """Say what residents declare: the answer that sums up, else those cited most, else that nothing is shown."""
    said = survey.answer(*panel.message) if panel.message else None
    if said is None or panel.message is None:
        return _cited_most(found)
    concept, _, base = panel.message
    answer, label = said
    among = survey.among(panel, concept, base)
    if survey.indicative:
        subject = among.replace("l’ensemble des", "les") if base == "all" else among
        return f"{subject.capitalize()}, {answer.text()} {label} ({survey.interval} : {answer.interval()})"
    start = "On estime que" if base == "all" else f"On estime que, {among},"
    return f"{start} {answer.interval()} {'des personnes ' if base == 'all' else ''}{label}"


def _cited_most(found: list[Group]) -> str:
    """Name the answers of the first question that can be read, where intervals set at most three of them apart."""
    group = next((group for group in found if group.shown()), None)
    if group is None:
        return f"{found[0].title} : aucun pourcentage publié" if found else "Aucun pourcentage publié"
    series = next(one for one in group.series if any(answer.shown for answer in one.answers.values()))
    what = group.title if series is group.series[0] else f"{group.title}, {series.label}"
    top = first(series.answers.values(), _NAMED)
    names = [f"« {answer.name} »" for answer in top]
    if not names:
        return f"{what} : aucune réponse ne se détache des autres"
    if len(names) == 1:
        return f"{what} : {names[0]} se détache ({top[0].interval()})"
    return f"{what} : {enumeration(names)} reviennent le plus, sans départage possible"
