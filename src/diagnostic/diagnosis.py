"""From the tables of every source to the tables of one territory."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd

import diagnostic
from diagnostic.analysis.carried import carried
from diagnostic.analysis.catalogue import catalogue
from diagnostic.analysis.compute import indicators
from diagnostic.analysis.disclosure.ledger import CELL_COLUMNS, binding
from diagnostic.analysis.disclosure.public import Identity, PublicTables
from diagnostic.analysis.disclosure.registers import protect_register
from diagnostic.analysis.facilities import facility_counts
from diagnostic.analysis.findings import completed
from diagnostic.analysis.gaps import FIGURE, gaps
from diagnostic.analysis.hidden import hidden_values
from diagnostic.analysis.indicator import INDICATORS
from diagnostic.analysis.perception.asked import UNCHANGED, Survey, asked
from diagnostic.analysis.reconcile import reconcile
from diagnostic.analysis.schools import school_means
from diagnostic.analysis.similar import neighbours
from diagnostic.analysis.synthesis import synthesis
from diagnostic.analysis.wholes import paired, wholes
from diagnostic.config import CONFIG_NAME
from diagnostic.errors import Fault, TerritoryError
from diagnostic.ingestion.source import SOURCES
from diagnostic.schemas import (
    BOUNDARY_COLUMNS,
    LINK_COLUMNS,
    MEASURE_COLUMNS,
    SOURCE_COLUMNS,
)
from diagnostic.territory.assembly import assemble
from diagnostic.territory.comparators import comparators
from diagnostic.territory.counterparts import Counterparts, counterparts
from diagnostic.territory.generations import OLD
from diagnostic.territory.memberships import index_links
from diagnostic.territory.names import department_of
from diagnostic.territory.places import declared
from diagnostic.vocabulary import Level, is_fictional

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from diagnostic.analysis.disclosure.ledger import Key
    from diagnostic.config import Configuration
    from diagnostic.ingestion.source import Tables
    from diagnostic.inventory import Gathered
    from diagnostic.territory.assembly import Assembled
    from diagnostic.territory.places import Territory

# The widest a neighbourhood's own boundary may come from; wider levels carry figures only.
NUMBERS: Final = dict.fromkeys(("vintage", "period", "parent_vintage", "rank"), "int64")
TYPES: Final = {**NUMBERS, "value": "float64", "geometry": "object"}
OUTLINED: Final = (Level.QPV, Level.COMMUNE)
SAID: Final = (
    "trends", "worsening", "evidence", "blind_spots", "crossings", "crossing_catalogue", "coverage", "unknowns",
)  # fmt: skip
DECLARED: Final = ("PER01", "PER05", "PER13")
HELPERS: Final = {"share_under_25", "share_over_60", "women_share"}  # read to estimate bases
TYPES_OF_CELLS: Final = {**dict.fromkeys(CELL_COLUMNS, "str"), "n": "Int64"}
LAW: Final = 2014  # the year of the law that made the neighbourhoods: no edition is older


@dataclass(frozen=True, slots=True)
class Input:
    """One ingested file: what it is, and whether its figures may be published.

    Parameters
    ----------
    row
        Its line of the table of sources, columns ``schemas.SOURCE_COLUMNS``.
    tables
        What was read from it.
    publishable
        ``False`` for a local table that its owner lends for the lead's eyes only.
    threshold
        Least count of a local table that may be shown; 0 where the producer protected the table.
    """

    row: Mapping[str, object]
    tables: Tables
    publishable: bool = True
    threshold: int = 0


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Everything computed for one territory.

    Parameters
    ----------
    public
        What may be published.
    measures
        The territory's publishable figures as they were read, columns ``schemas.MEASURE_COLUMNS``.
    restricted
        Figures that may not leave the machine, same columns.
    estimates
        Every estimate of the survey, those that may not be published included; columns
        ``schemas.ESTIMATE_COLUMNS``.
    cells
        Every count that the public tables rest on, null where hidden, columns
        :data:`diagnostic.analysis.disclosure.ledger.CELL_COLUMNS`: what the ledger keeps of a release.
    notes
        French sentences worth reading.
    stands
        What was released of the survey stands: nothing new may be shown beside it.
    """

    public: PublicTables
    measures: pd.DataFrame
    restricted: pd.DataFrame
    estimates: pd.DataFrame
    cells: pd.DataFrame
    notes: tuple[str, ...]
    stands: bool = False


def perimeter(configuration: Configuration) -> Territory:
    """Give the territory that ``diagnostic.toml`` describes.

    Raises
    ------
    TerritoryError
        When a code is unknown or of another generation; all of them at once, each with its key of the file.
    """
    return declared(configuration.territoire, file=CONFIG_NAME)


def diagnose(
    inputs: Sequence[Input],
    configuration: Configuration,
    *,
    short_names: Mapping[str, str] | None = None,
    survey: Survey | None = None,
    out: Mapping[Key, frozenset[int]] | None = None,
    offer: pd.DataFrame | None = None,
    gathered: Gathered | None = None,
    standing: tuple[pd.DataFrame, pd.DataFrame] | None = None,
) -> Diagnosis:
    """Compute the tables of a territory.

    Parameters
    ----------
    inputs
        Every ingested file.
    configuration
        The lead's choices.
    short_names
        Short names of neighbourhoods, by code, that the lead prefers to the rule's.
    survey
        What was kept of a survey of perceived discrimination, if there was one.
    out
        Counts released before, of :func:`diagnostic.analysis.disclosure.ledger.known_cells`.
    offer
        Which public sources exist for the territory, as printed.
    gathered
        What the lead gathered on action, testing and recourse.
    standing
        Estimates and card of the last run, told where nothing new may be shown of the survey.

    Returns
    -------
    Diagnosis
        Deterministic: the same inputs give the same rows in the same order.

    Raises
    ------
    TerritoryError
        When no outline or figure of the territory's generation was given.
    InputError
        When two files contradict each other.
    RefusedError
        When the attack on what would be published finds a hidden number, or counts of the other generation are out
        and its outlines are not at hand.
    """
    territory = perimeter(configuration)
    _check_generation(inputs, territory)
    boundaries = _stacked([one.tables.boundaries for one in inputs], BOUNDARY_COLUMNS)
    links = _stacked([one.tables.links for one in inputs], LINK_COLUMNS)
    assembled = assemble(territory, _outlines(boundaries), links, short_names=short_names)
    territory = assembled.territory
    units = {unit.code for member in assembled.members.values() for unit in member.urban_units}
    both = counterparts(territory, _outlines(boundaries), links)
    out = binding(out or {}, both.pairs, generation=territory.generation)
    inputs, cells = _protected(inputs, territory, out, units=units)
    measures = reconcile(_within(inputs, territory, units=units, publishable=True))
    measures = _with_derived(measures, inputs, assembled, boundaries=boundaries, links=links)
    editions = _editions(configuration, inputs)
    known = index_links(links, outlines=boundaries, generation=territory.generation)
    sets = wholes(territory, known, quarters=measures.loc[measures["level"] == Level.QPV, "code"].unique())
    computed = indicators(
        measures, precedence=_precedence(), editions=editions, territory=territory.qpv, sets=sets
    )
    places = assembled.territories.assign(population=_population(assembled.territories, computed))
    pairs = pd.concat([comparators(territory, assembled, computed), paired(sets, territory=territory)])
    shown = pairs[pairs["comparator_kind"].isin(configuration.comparateurs.afficher)]
    near = neighbours(computed, territory=territory.qpv)
    compared = gaps(computed, shown, neighbours=near)
    own = _own(computed, places)
    labels = places.set_index("code")["label"].to_dict()
    answers = asked(survey, measures, territory, labels=labels, out=out, standing=standing)
    perimeter_of = answers.declared.perimeter if answers.declared else str(Level.CONTRACT)
    given = gathered.material(perimeter_of) if gathered else {}
    said = synthesis(own, compared, territory=territory.qpv, declared=answers.declared, **given)
    used = {
        (source, edition)
        for names, edition in own[["source", "edition"]].drop_duplicates().itertuples(index=False)
        for source in names.split(" + ")
    }
    public = PublicTables(
        identity=_identity(configuration, territory, inputs, pairs),
        territories=places,
        indicators=own,
        gaps=compared,
        findings=_with_declared(said.findings, answers.sentences),
        catalogue=_used(catalogue(), own),
        sources=_sources([one for one in inputs if _contributes(one, used, territory)]),
        hidden=pd.concat([hidden_values(own, territory=territory.qpv), *answers.hidden], ignore_index=True),
        estimates=answers.shown,
        card=answers.card,
        neighbours=near,
        counterparts=both.pairs,
        outlines=both.outlines,
        carried=carried(_of_2015(computed, inputs, territory, both), both.outlines),
        **{name: getattr(said, name) for name in SAID},
        **({} if offer is None else {"offer": offer}),
        **(gathered.tables(territory.qpv, signals=said.signals, blind=said.blind_spots) if gathered else {}),
        **({"access": gathered.distances(places)} if gathered else {}),
    )
    left = (UNCHANGED,) if answers.stands and survey is not None else ()
    told = (*left, *(gathered.notes if gathered else ()))
    notes = (*assembled.notes, *told, *_left_aside(inputs, territory))
    cells = pd.concat([cells, answers.cells], ignore_index=True).astype(TYPES_OF_CELLS)
    lent = _within(inputs, territory, units=units, publishable=False).drop(columns="file")
    return Diagnosis(public, measures, lent, answers.estimates, cells, notes, answers.stands)


def _protected(
    inputs: Sequence[Input], territory: Territory, out: Mapping[Key, frozenset[int]], *, units: Collection[str]
) -> tuple[list[Input], pd.DataFrame]:
    """Protect the counts of the public local tables, as far as the territory's tables hold them."""
    found, cells = [], []
    for one in inputs:
        if one.tables.measures is None or not one.threshold or not one.publishable:
            found.append(one)
            continue
        kept = _kept(one.tables.measures, territory, units).reset_index(drop=True)
        measures, shown = protect_register(kept, threshold=one.threshold, out=out)
        found.append(replace(one, tables=replace(one.tables, measures=measures)))
        cells.append(shown)
    if not cells:
        return found, pd.DataFrame({name: pd.Series([], dtype=TYPES_OF_CELLS[name]) for name in CELL_COLUMNS})
    return found, pd.concat(cells, ignore_index=True).astype(TYPES_OF_CELLS)


def _with_declared(table: pd.DataFrame, said: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """Add what residents declare to the findings: the headlines of the survey, as sentences."""
    rows = [
        {
            "theme": "", "variable": one["indicator"], "group": "all", "kind": "declared", "question": "",
            "codes": "", **{name: one[name] for name in ("message", "detail", "caveat")},
        }
        for one in said
        if one["indicator"] in DECLARED
    ]  # fmt: skip
    if not rows:
        return completed(table)
    whole = pd.concat([table, completed(pd.DataFrame(rows))], ignore_index=True)
    return completed(whole.assign(rank=range(1, len(whole) + 1)))


def _check_generation(inputs: Sequence[Input], territory: Territory) -> None:
    """Refuse to go on without an outline and a figure of the territory's generation."""
    outlines = _vintages(one.tables.boundaries for one in inputs)
    figures = _vintages(one.tables.measures for one in inputs)
    wanted = territory.generation
    faults = [
        Fault(
            f"{what} de la génération {wanted} des quartiers parmi les fichiers ajoutés",
            found=", ".join(f"génération {vintage}" for vintage in sorted(found)) or "aucun",
            remedy="« diagnostic sources » dit quels fichiers ajouter et où les obtenir",
        )
        for what, found in (("aucun contour", outlines), ("aucun chiffre", figures))
        if wanted not in found
    ]
    if faults:
        raise TerritoryError(faults)


def _vintages(tables: Iterable[pd.DataFrame | None]) -> set[int]:
    present = [table for table in tables if table is not None]
    return {
        int(vintage) for table in present for vintage in table.loc[table["level"] == Level.QPV, "vintage"].unique()
    }


def _stacked(tables: Iterable[pd.DataFrame | None], columns: list[str]) -> pd.DataFrame:
    present = [table for table in tables if table is not None and not table.empty]
    if not present:
        return pd.DataFrame({name: pd.Series([], dtype=TYPES.get(name, "str")) for name in columns})
    return pd.concat(present, ignore_index=True)


def _outlines(boundaries: pd.DataFrame) -> gpd.GeoDataFrame:
    rows = boundaries[boundaries["level"].isin(OUTLINED)]
    return gpd.GeoDataFrame(rows, geometry="geometry", crs="EPSG:4326")


def _within(
    inputs: Sequence[Input], territory: Territory, *, units: Collection[str], publishable: bool
) -> pd.DataFrame:
    """Keep the territory's figures and those it is compared with: its departments' neighbourhoods included."""
    parts = [
        _kept(one.tables.measures, territory, units).assign(file=str(one.row["file"]))
        for one in inputs
        if one.tables.measures is not None and one.publishable == publishable
    ]
    return _stacked(parts, [*MEASURE_COLUMNS, "file"])


def _with_derived(
    measures: pd.DataFrame,
    inputs: Sequence[Input],
    assembled: Assembled,
    *,
    boundaries: pd.DataFrame,
    links: pd.DataFrame,
) -> pd.DataFrame:
    """Add what figures of other places become: schools to neighbourhoods, facilities beside inhabitants."""
    territory = assembled.territory
    schools = [
        table[table["level"] == Level.ESTABLISHMENT]
        for one in inputs
        if (table := one.tables.measures) is not None and one.publishable
    ]
    quarters = (boundaries["level"] == Level.QPV) & (boundaries["vintage"] == territory.generation)
    quarters &= boundaries["code"].map(department_of).isin(territory.departements)
    placed = boundaries[quarters | (boundaries["level"] == Level.ESTABLISHMENT)]
    means = school_means(
        _stacked(schools, MEASURE_COLUMNS), links=links, memberships=assembled.memberships,
        boundaries=gpd.GeoDataFrame(placed, geometry="geometry", crs="EPSG:4326"),
    )  # fmt: skip
    added = [one for one in (measures, _kept(means, territory, ()), facility_counts(measures)) if not one.empty]
    return pd.concat(added, ignore_index=True) if added else measures


def _kept(table: pd.DataFrame, territory: Territory, units: Collection[str]) -> pd.DataFrame:
    level, code = table["level"], table["code"]
    wider = level.isin([Level.DEPARTMENT, Level.REGION, Level.FRANCE])
    near = (level == Level.EPCI) & code.isin(territory.epci)
    near |= (level == Level.COMMUNE) & code.isin(territory.communes)
    near |= (level == Level.URBAN_UNIT) & code.isin(units)
    quarters = table[(level == Level.QPV) & (table["vintage"] == territory.generation)]
    departments = quarters["code"].drop_duplicates()
    kept = departments[departments.map(department_of).isin(territory.departements)]
    near |= (level == Level.QPV) & code.isin(kept) & (table["vintage"] == territory.generation)
    own = {Level.DEPARTMENT: territory.departements, Level.REGION: territory.regions}
    for one, codes in own.items():
        wider &= (level != one) | code.isin(codes)
    return table[wider | near]


def _of_2015(
    computed: pd.DataFrame, inputs: Sequence[Input], territory: Territory, both: Counterparts
) -> pd.DataFrame:
    """Give the indicators of the quarters of 2015, also when the territory is of 2024."""
    if territory.generation == OLD or both.outlines.empty:
        return computed
    codes = set(both.pairs["code_2015"].dropna())
    kept = [
        table[(table["vintage"] == OLD) & table["code"].isin(codes)].assign(file=str(one.row["file"]))
        for one in inputs
        if one.publishable and (table := one.tables.measures) is not None
    ]
    measures = reconcile(_stacked(kept, [*MEASURE_COLUMNS, "file"]))
    return indicators(measures, precedence=_precedence(), territory=codes)


def _precedence() -> dict[str, int]:
    return {source.name: source.precedence for source in SOURCES}


def _editions(configuration: Configuration, inputs: Sequence[Input]) -> dict[str, str]:
    """Read the imposed editions; a source may be named in full or by its last word (``demo``)."""
    present: dict[str, set[str]] = {}
    for one in inputs:
        present.setdefault(str(one.row["source"]), set()).add(str(one.row["edition"]))
    chosen: dict[str, str] = {}
    faults = []
    for name, wanted in configuration.sources.items():
        found = [source for source in sorted(present) if source == name or source.endswith(f"_{name}")]
        editions = sorted(present[found[0]]) if len(found) == 1 else []
        if str(wanted) in editions:
            chosen[found[0]] = str(wanted)
            continue
        what = (
            f"édition {wanted} de {name} absente des fichiers ajoutés" if editions else f"source inconnue : {name}"
        )
        faults.append(
            Fault(
                what, file="diagnostic.toml", column="sources", expected=", ".join(editions or sorted(present)),
                remedy="écrivez l’un de ces mots, ou ajoutez le fichier",
            )
        )  # fmt: skip
    if faults:
        raise TerritoryError(faults)
    return chosen


def _own(computed: pd.DataFrame, places: gpd.GeoDataFrame) -> pd.DataFrame:
    """Keep the territory's neighbourhoods, and of wider places the figures that a neighbourhood has too."""
    ours = places.loc[places["level"] == Level.QPV, "code"]
    quarters = computed[(computed["level"] == Level.QPV) & computed["code"].isin(ours)]
    shared = pd.MultiIndex.from_frame(computed[FIGURE]).isin(pd.MultiIndex.from_frame(quarters[FIGURE]))
    return computed[computed.index.isin(quarters.index) | (shared & (computed["level"] != Level.QPV))].reset_index(
        drop=True
    )


def _contributes(one: Input, used: Collection[tuple[object, object]], territory: Territory) -> bool:
    """Say whether a file gave a figure, an outline or a link of the territory."""
    if one.publishable and (one.row["source"], one.row["edition"]) in used:
        return True
    for table in (one.tables.boundaries, one.tables.links):
        if table is None:
            continue
        quarters = table["code"].isin(territory.qpv) & (table["vintage"] == territory.generation)
        towns = (table["level"] == Level.COMMUNE) & table["code"].isin(territory.communes)
        if (quarters | towns).any():
            return True
    if one.publishable and one.tables.measures is not None:
        return bool((one.tables.measures["level"] == Level.ESTABLISHMENT).any())  # carried to neighbourhoods
    return False


def _left_aside(inputs: Sequence[Input], territory: Territory) -> Iterator[str]:
    """Say which files hold nothing of this territory, and which variables no indicator reads."""
    read = {name.variable for one in INDICATORS for name in one.inputs} | HELPERS
    for one in inputs:
        table = one.tables.measures
        if table is None or table.empty:
            continue
        quarters = table[(table["level"] == Level.QPV) & (table["vintage"] == territory.generation)]
        what = f"{one.row['file']} ({one.row['label']}, édition {one.row['edition']})"
        if len(quarters) and not quarters["code"].isin(territory.qpv).any():
            yield f"{what} ne contient aucun des quartiers de ce territoire."
        unread = sorted(set(table["variable"]) - read)
        if unread and str(one.row["source"]).startswith("local_"):
            yield f"{what} : gardé dans les tables, sans indicateur dans le rapport : {', '.join(unread)}."


def _sources(inputs: Sequence[Input]) -> pd.DataFrame:
    return pd.DataFrame([one.row for one in inputs], columns=SOURCE_COLUMNS)


def _population(places: gpd.GeoDataFrame, computed: pd.DataFrame) -> pd.Series[float]:
    rows = computed[(computed["variable"] == "population") & computed["headline"]]
    known = rows.set_index(["level", "code"])["value"]
    found = known.reindex(pd.MultiIndex.from_frame(places[["level", "code"]]))
    return pd.Series(found.to_numpy(dtype="float64"), index=places.index)


def _used(table: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    return table[table["variable"].isin(own["variable"])].reset_index(drop=True)


def _identity(
    configuration: Configuration, territory: Territory, inputs: Sequence[Input], pairs: pd.DataFrame
) -> Identity:
    section = configuration.publication
    labels = pairs.loc[pairs["comparator_kind"] == "epci", "comparator_label"]
    return Identity(
        name=territory.name,
        generation=territory.generation,
        edition_date=section.date_edition or _newest(inputs),
        fictional=any(is_fictional("qpv", code) for code in territory.qpv),
        author=section.auteur,
        commissioner=section.commanditaire,
        version=diagnostic.__version__,
        comparator_label=str(labels.iloc[0]) if len(labels) else "",
    )


def _newest(inputs: Sequence[Input]) -> date:
    years = [int(edition) for one in inputs if (edition := str(one.row["edition"])).isdigit()]
    return date(max(years, default=LAW), 12, 31)
