"""What the territories of a batch say side by side: published figures of neighbourhoods, of one year each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd

from diagnostic.action_model import fields
from diagnostic.analysis.disclosure.public import Identity, PublicTables, empty
from diagnostic.ingestion.source import SOURCES
from diagnostic.schemas import CATALOGUE_COLUMNS, FINDING_COLUMNS, GAP_COLUMNS, HIDDEN_COLUMNS, SOURCE_COLUMNS
from diagnostic.territory.catalogue import epcis
from diagnostic.territory.names import epci_keys, key, split_communes
from diagnostic.vocabulary import NEVER_MAPPED, Level

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping

FIGURE: Final = ["variable", "group"]
QUARTER_COLUMNS: Final = [
    "territory", "territory_label", "code", "place", "id", *FIGURE, "label", "period", "period_basis", "value",
    "unit", "status", "note", "source", "edition",
]  # fmt: skip
MEDIAN_COLUMNS: Final = [
    "territory", "territory_label", "quarters", "id", *FIGURE, "label", "period", "period_basis", "unit",
    "published", "median", "least", "greatest", "unlike",
]  # fmt: skip
PLAN: Final = list(fields("ptlcd"))
PLAN_COLUMNS: Final = ["territory", "territory_label", "state", *PLAN]
PLAN_STATES: Final[Mapping[str, str]] = {"en_cours": "under_way", "non": "none", "inconnu": "unknown"}


@dataclass(frozen=True, slots=True)
class Synthesis:
    """The figures of a batch.

    Parameters
    ----------
    tables
        Every neighbourhood once, with the figures of all; neither gaps nor findings: they are each territory's.
    quarters
        ``QUARTER_COLUMNS``: one row a territory, a neighbourhood and a figure, in the order of the territories,
        then in list order, never by value.
    medians
        ``MEDIAN_COLUMNS``: the median of the published values of a territory's neighbourhoods, how many they are
        of how many (``published``, ``quarters``), the least and the greatest; never a rate of the territory.
        ``unlike`` counts the neighbourhoods that have the figure of another year or source only: left out.
    plans
        ``PLAN_COLUMNS``: what is known of the plan of each territory, with its source. ``state`` is one of
        ``kinds.plan_map.STATES``; a territory that no table names has one line, ``unknown``, without a source.
        Lines on one of its communes follow, their ``state`` empty: a commune's plan is not its territory's.
    """

    tables: PublicTables
    quarters: pd.DataFrame
    medians: pd.DataFrame
    plans: pd.DataFrame


def synthesise(territories: Mapping[str, PublicTables], *, name: str) -> Synthesis:
    """Put the neighbourhoods of several territories into the same tables.

    Figures of a survey and of local tables stay out: they were not asked alike everywhere. So do the shares of
    foreigners and immigrants, by which no place is set beside another.

    Parameters
    ----------
    territories
        Public tables of one generation, by folder, in the order in which they are shown.
    name
        Of the whole.

    Returns
    -------
    Synthesis
        For each figure, the year and the source that most neighbourhoods have; another year never stands for it.
    """
    figures = pd.concat([_figures(tables).assign(territory=key) for key, tables in territories.items()])
    figures = figures.reset_index(drop=True)
    chosen = _chosen(figures)
    alike = figures.merge(chosen, on=[*FIGURE, "period", "source"], how="left", indicator=True)["_merge"] == "both"
    catalogue = _once((tables.catalogue for tables in territories.values()), ["variable"], CATALOGUE_COLUMNS)
    shown = _named(figures[alike.to_numpy()], catalogue, territories)
    whole = _whole(territories, figures[alike.to_numpy()], catalogue, name=name)
    return Synthesis(whole, shown[QUARTER_COLUMNS], _medians(shown, figures, territories), plans(territories))


def _figures(tables: PublicTables) -> pd.DataFrame:
    """Keep the comparable figures of a territory's neighbourhoods, in list order."""
    rows = tables.indicators
    places = tables.territories
    order = list(places.loc[places["level"] == Level.QPV, "code"])
    kept = rows[
        rows["code"].isin(order) & (rows["level"] == Level.QPV) & ~rows["variable"].isin(NEVER_MAPPED)
        & rows["source"].map(_national)
    ]  # fmt: skip
    rank = {code: position for position, code in enumerate(order)}
    return kept.sort_values("code", key=lambda codes: codes.map(rank), kind="stable")


def _national(source: str) -> bool:
    """Say whether every part of a source was published for the whole country."""
    return all(name in SOURCES for name in source.split(" + "))


def _chosen(figures: pd.DataFrame) -> pd.DataFrame:
    """Choose for each figure the year and the source that most neighbourhoods show; of equals, the newest."""
    shown = figures[figures["headline"]]
    counts = shown.groupby([*FIGURE, "period", "source"], sort=True).size().rename("count").reset_index()
    ordered = counts.sort_values([*FIGURE, "count", "period", "source"], kind="stable")
    return ordered.drop_duplicates(FIGURE, keep="last")[[*FIGURE, "period", "source"]]


def _named(
    figures: pd.DataFrame, catalogue: pd.DataFrame, territories: Mapping[str, PublicTables]
) -> pd.DataFrame:
    """Give each row the names that a person reads; of several editions of a figure, the newest."""
    words = catalogue.set_index("variable")
    names = {key: tables.identity.name for key, tables in territories.items()}
    places = {
        (key, code): label
        for key, tables in territories.items()
        for code, label in zip(tables.territories["code"], tables.territories["label"], strict=True)
    }
    newest = figures.sort_values("edition", kind="stable").drop_duplicates(
        ["territory", "code", *FIGURE], keep="last"
    )
    rows = newest.sort_index(kind="stable")
    return rows.assign(
        territory_label=rows["territory"].map(names),
        place=[places[key] for key in zip(rows["territory"], rows["code"], strict=True)],
        id=rows["variable"].map(words["id"]), label=rows["variable"].map(words["label"]),
    )  # fmt: skip


def _medians(shown: pd.DataFrame, figures: pd.DataFrame, territories: Mapping[str, PublicTables]) -> pd.DataFrame:
    by = ["territory", *FIGURE]
    head = shown.groupby(by, sort=False)
    table = head["value"].agg(published="count", median="median", least="min", greatest="max")
    table = table.join(head[["territory_label", "id", "label", "period", "period_basis", "unit"]].first())
    every = figures.drop_duplicates([*by, "code"]).groupby(by).size()
    alike = shown.groupby(by).size()
    table["unlike"] = (every.reindex(table.index) - alike).astype("int64")
    counts = {key: int((tables.territories["level"] == Level.QPV).sum()) for key, tables in territories.items()}
    table = table.reset_index()
    table["quarters"] = table["territory"].map(counts)
    rank = {key: position for position, key in enumerate(territories)}
    ordered = table.assign(place=table["territory"].map(rank)).sort_values(["id", *FIGURE, "place"], kind="stable")
    shaped: pd.DataFrame = ordered[MEDIAN_COLUMNS].reset_index(drop=True)
    return shaped


def _whole(
    territories: Mapping[str, PublicTables], figures: pd.DataFrame, catalogue: pd.DataFrame, *, name: str
) -> PublicTables:
    """Put public tables together: every number in them was public already."""
    every = list(territories.values())
    columns = list(every[0].territories.columns)
    places = gpd.GeoDataFrame(
        _once((tables.territories for tables in every), ["level", "code", "vintage"], columns),
        geometry="geometry", crs=every[0].territories.crs,
    )  # fmt: skip
    quarters = places["level"] == Level.QPV
    places.loc[quarters, "number"] = range(1, int(quarters.sum()) + 1)
    identity = every[0].identity
    key = ["level", "code", "vintage", *FIGURE, "period", "source", "edition"]
    return PublicTables(
        identity=Identity(
            name=name, generation=identity.generation,
            edition_date=max(tables.identity.edition_date for tables in every),
            fictional=any(tables.identity.fictional for tables in every), author=identity.author,
            commissioner=identity.commissioner, version=identity.version, comparator_label="",
        ),
        territories=places,
        indicators=figures.drop(columns="territory").drop_duplicates(key).reset_index(drop=True),
        gaps=empty(GAP_COLUMNS),
        findings=empty(FINDING_COLUMNS),
        catalogue=catalogue[catalogue["variable"].isin(figures["variable"])].reset_index(drop=True),
        sources=_once((tables.sources for tables in every), ["sha256"], SOURCE_COLUMNS),
        hidden=empty(HIDDEN_COLUMNS),
    )  # fmt: skip


def plans(territories: Mapping[str, PublicTables]) -> pd.DataFrame:
    """Give what is known of the plan of each territory, columns ``PLAN_COLUMNS``.

    Parameters
    ----------
    territories
        Public tables by folder. What a territory's own table says of it goes before what the others' say.
    """
    every = [tables.ptlcd for tables in territories.values() if len(tables.ptlcd)]
    blank = dict.fromkeys(PLAN_COLUMNS, "")
    rows = [
        {**blank, "territory": folder, "territory_label": tables.identity.name, **row}
        for folder, tables in territories.items()
        for row in _plans_of(tables, every)
    ]
    return pd.DataFrame(rows, columns=PLAN_COLUMNS)


def _plans_of(tables: PublicTables, every: Iterable[pd.DataFrame]) -> Iterator[dict[Hashable, object]]:
    places = tables.territories
    quarters = places[places["level"] == Level.QPV]
    # A quarter may lie in two: the EPCI of a territory is the one that holds all of its quarters.
    holding = [set(split_communes(str(listed))) for listed in quarters["epci"]]
    common = set.intersection(*holding) & set(epcis()) if holding else set()
    labels = [tables.identity.name, *(epcis()[code].label for code in common if len(common) == 1)]
    towns = [name for listed in quarters["commune_labels"] for name in split_communes(str(listed))]
    own = _named_in(tables.ptlcd, every, {epci_keys(label)[0] for label in labels})
    yield from ({**row, "state": _state(row)} for row in own or [{"plan": "inconnu"}])
    yield from ({**row, "state": ""} for row in _named_in(tables.ptlcd, every, {key(name) for name in towns}))


def _named_in(first: pd.DataFrame, every: Iterable[pd.DataFrame], names: set[str]) -> list[dict[Hashable, object]]:
    """Give the lines of the first table that has one on any of some names, keys of :func:`epci_keys`."""
    for table in (first, *every):
        if len(table):
            found = table[table["territoire"].map(lambda name: epci_keys(str(name))[0]).isin(names)]
            if len(found):
                return found.to_dict("records")
    return []


def _state(row: Mapping[Hashable, object]) -> str:
    """Tell a plan that has a date from one that has none.

    Examples
    --------
    >>> _state({"plan": "oui", "date": "2018"}), _state({"plan": "oui", "date": ""}), _state({"plan": "non"})
    ('dated', 'undated', 'none')
    """
    if row["plan"] == "oui":
        return "dated" if row["date"] else "undated"
    return PLAN_STATES[str(row["plan"])]


def _once(tables: Iterable[pd.DataFrame], key: list[str], columns: list[str]) -> pd.DataFrame:
    return pd.concat(list(tables), ignore_index=True).drop_duplicates(key).reset_index(drop=True)[columns]
