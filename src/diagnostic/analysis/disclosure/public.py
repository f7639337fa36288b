"""What may leave the machine: the only tables that publication receives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from diagnostic.schemas import CARD_COLUMNS, ESTIMATE_COLUMNS

if TYPE_CHECKING:
    from datetime import date

    import geopandas as gpd
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Identity:
    """What a document says of itself on its cover and in its foot.

    Parameters
    ----------
    name
        The territory, as printed.
    generation
        QPV generation, 2015 or 2024.
    edition_date
        Date of the document: declared by the lead, else that of the newest input.
    fictional
        Whether the figures are invented; every page and figure then says so.
    author, commissioner
        As the lead wrote them, possibly empty.
    version
        Version of the package that computed the figures.
    comparator_label
        The main comparator, as printed (``"CA Maubeuge Val de Sambre"``).
    """

    name: str
    generation: int
    edition_date: date
    fictional: bool
    author: str
    commissioner: str
    version: str
    comparator_label: str


@dataclass(frozen=True, slots=True)
class PublicTables:
    """Every number that a document may show; columns are those of :mod:`diagnostic.schemas`.

    Parameters
    ----------
    identity
        What the documents say of themselves.
    territories
        ``TERRITORY_COLUMNS``: the QPV in list order, and the communes around them; EPSG:4326.
    indicators
        ``INDICATOR_COLUMNS``: one row an indicator, a place, a group and a period.
    gaps
        ``GAP_COLUMNS``: one row an indicator and a comparator.
    findings
        ``FINDING_COLUMNS``: what the document says first, in order.
    catalogue
        ``CATALOGUE_COLUMNS``: what each indicator is, says and does not say.
    sources
        ``SOURCE_COLUMNS``: one row an ingested file.
    hidden
        ``HIDDEN_COLUMNS``: how many values are hidden, by source and reason.
    estimates
        ``ESTIMATE_COLUMNS``: what residents declare, protected; no row without a survey. Shares are percentages;
        ``level`` is ``territoire`` for the whole, ``base`` is ``all`` or ``concerned``.
    card
        ``CARD_COLUMNS``: the identity card of the survey, printed with every figure; no row without a survey.
    trends, worsening
        Series over time, and gaps that widened: columns of :mod:`diagnostic.analysis.trends`.
    neighbours
        Neighbourhoods most alike, with their distance: columns of :mod:`diagnostic.analysis.similar`.
    evidence, blind_spots
        Convergence of sources, and where it cannot be judged: columns of :mod:`diagnostic.analysis.evidence`.
    crossings, crossing_catalogue
        Crossed indicators and what they say: columns of :mod:`diagnostic.analysis.crossing`.
    coverage, unknowns
        The reference list, and how to learn what is not known: columns of :mod:`diagnostic.analysis.coverage`.
    counterparts, outlines
        Neighbourhoods of both generations that meet, and their outlines: columns of
        :class:`diagnostic.territory.counterparts.Counterparts`; no row when only one generation is at hand.
    carried
        Rates of 2015 estimated on the outlines of 2024: columns of :mod:`diagnostic.analysis.carried`.
    actions, action_coverage, action_levels, action_quarters
        What is done, beside what is signalled: :class:`diagnostic.analysis.actions.ActionTables`.
    action_money, action_reasons, action_figures, action_spots
        The same; no row without an inventory.
    testing, testing_effects, testing_card, testing_power
        A testing campaign by sector, and what a campaign needs: columns of :mod:`diagnostic.analysis.testing`.
    recourse
        Complaints, points of law, prosecutions, with their proper reading.
    access
        Metres to the nearest place of access to the law: ``analysis.recourse.DISTANCE_COLUMNS``.
    ptlcd
        State of the territorial plans against discriminations.
    offer
        Which public sources are at hand, can be fetched, are to be asked for, or do not exist at this level.
    """

    identity: Identity
    territories: gpd.GeoDataFrame
    indicators: pd.DataFrame
    gaps: pd.DataFrame
    findings: pd.DataFrame
    catalogue: pd.DataFrame
    sources: pd.DataFrame
    hidden: pd.DataFrame
    estimates: pd.DataFrame = field(default_factory=lambda: empty(ESTIMATE_COLUMNS))
    card: pd.DataFrame = field(default_factory=lambda: empty(CARD_COLUMNS))
    trends: pd.DataFrame = field(default_factory=lambda: empty([]))
    worsening: pd.DataFrame = field(default_factory=lambda: empty([]))
    neighbours: pd.DataFrame = field(default_factory=lambda: empty([]))
    evidence: pd.DataFrame = field(default_factory=lambda: empty([]))
    blind_spots: pd.DataFrame = field(default_factory=lambda: empty([]))
    crossings: pd.DataFrame = field(default_factory=lambda: empty([]))
    crossing_catalogue: pd.DataFrame = field(default_factory=lambda: empty([]))
    coverage: pd.DataFrame = field(default_factory=lambda: empty([]))
    unknowns: pd.DataFrame = field(default_factory=lambda: empty([]))
    counterparts: pd.DataFrame = field(default_factory=lambda: empty([]))
    outlines: pd.DataFrame = field(default_factory=lambda: empty([]))
    carried: pd.DataFrame = field(default_factory=lambda: empty([]))
    actions: pd.DataFrame = field(default_factory=lambda: empty([]))
    action_coverage: pd.DataFrame = field(default_factory=lambda: empty([]))
    action_levels: pd.DataFrame = field(default_factory=lambda: empty([]))
    action_quarters: pd.DataFrame = field(default_factory=lambda: empty([]))
    action_money: pd.DataFrame = field(default_factory=lambda: empty([]))
    action_reasons: pd.DataFrame = field(default_factory=lambda: empty([]))
    action_figures: pd.DataFrame = field(default_factory=lambda: empty([]))
    action_spots: pd.DataFrame = field(default_factory=lambda: empty([]))
    testing: pd.DataFrame = field(default_factory=lambda: empty([]))
    testing_effects: pd.DataFrame = field(default_factory=lambda: empty([]))
    testing_card: pd.DataFrame = field(default_factory=lambda: empty([]))
    testing_power: pd.DataFrame = field(default_factory=lambda: empty([]))
    recourse: pd.DataFrame = field(default_factory=lambda: empty([]))
    access: pd.DataFrame = field(default_factory=lambda: empty([]))
    ptlcd: pd.DataFrame = field(default_factory=lambda: empty([]))
    offer: pd.DataFrame = field(default_factory=lambda: empty([]))


def empty(columns: list[str]) -> pd.DataFrame:
    """Give a table without a row.

    Parameters
    ----------
    columns
        Its columns.
    """
    import pandas as pd  # noqa: PLC0415 - the type alone does not need it

    return pd.DataFrame({name: [] for name in columns})
