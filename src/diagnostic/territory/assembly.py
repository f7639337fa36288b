"""The territory as a table: its quarters in list order, the communes of its EPCI as the ground of maps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from diagnostic.errors import Fault, TerritoryError
from diagnostic.formatting import enumeration, plural
from diagnostic.schemas import TERRITORY_COLUMNS
from diagnostic.territory import catalogue
from diagnostic.territory.memberships import Member, index_links, present_commune
from diagnostic.territory.metric import LONLAT, areas
from diagnostic.territory.short_names import short_names as shorten
from diagnostic.vocabulary import Level, is_fictional

if TYPE_CHECKING:
    from collections.abc import Mapping

    from diagnostic.territory.memberships import Memberships
    from diagnostic.territory.places import Territory

HECTARE: Final = 10_000.0
COVERED: Final = 0.5  # share of a quarter that the contours at hand must cover to rank its communes by area


@dataclass(frozen=True, slots=True, eq=False)
class Assembled:
    """A territory with its places.

    Parameters
    ----------
    territory
        As asked, completed: communes with the codes they had, EPCI, départements, regions of its quarters.
    territories
        Columns ``schemas.TERRITORY_COLUMNS``, EPSG:4326: the quarters (``number`` from 1, in list order), then the
        communes of the EPCI (``number`` 0) when their contours are at hand; ``area`` in hectares.
    members
        Where each quarter lies, by code; the commune that holds most of its area comes first.
    memberships
        The links behind it.
    notes
        French sentences: what is missing or was decided.
    """

    territory: Territory
    territories: gpd.GeoDataFrame
    members: Mapping[str, Member]
    memberships: Memberships
    notes: tuple[str, ...]


def assemble(
    territory: Territory,
    boundaries: gpd.GeoDataFrame,
    links: pd.DataFrame,
    *,
    short_names: Mapping[str, str] | None = None,
) -> Assembled:
    """Put together the places of a territory.

    Parameters
    ----------
    territory
        See :func:`diagnostic.territory.places.resolve`.
    boundaries
        Columns ``schemas.BOUNDARY_COLUMNS``, EPSG:4326; rows of other places and generations are left aside.
    links
        Columns ``schemas.LINK_COLUMNS``.
    short_names
        Names that the lead prefers to the rule's, by QPV code.

    Returns
    -------
    Assembled
        A quarter without outline is kept, with an empty geometry, and said in ``notes``.

    Raises
    ------
    TerritoryError
        When the boundaries are in another reference system, or repeat a quarter.
    """
    _check(boundaries)
    territory = _listed(territory, boundaries, links)
    ours = links[(links["level"] != Level.QPV) | links["code"].isin(territory.qpv)]
    memberships = index_links(ours, outlines=boundaries, generation=territory.generation)
    quarters = _quarters(territory, boundaries)
    ground = _ground_shapes(boundaries)
    members = {
        code: _ranked(memberships.of(code, territory.generation), shape, ground, main=territory.main_epci)
        for code, shape in zip(territory.qpv, quarters.geometry, strict=True)
    }
    territory = _completed(territory, members)
    own = _quarter_rows(territory, quarters, members, short_names=short_names or {})
    communes = _commune_rows(territory, ground, memberships, members)
    table = gpd.GeoDataFrame(pd.concat([own, communes], ignore_index=True), geometry="geometry", crs=LONLAT)
    notes = (*territory.notes, *_notes(territory, own, communes))
    return Assembled(territory, table[TERRITORY_COLUMNS], members, memberships, notes)


def _check(boundaries: gpd.GeoDataFrame) -> None:
    if len(boundaries) and boundaries.crs != LONLAT:
        raise TerritoryError(
            Fault(
                "contours dans un autre système de coordonnées",
                expected="longitude et latitude (EPSG:4326)",
                found=str(boundaries.crs),
                remedy="reprojetez-les avant de les assembler",
            )
        )


def _listed(territory: Territory, boundaries: gpd.GeoDataFrame, links: pd.DataFrame) -> Territory:
    """Give a fictional EPCI its quarters: the shipped list does not know them, its own files do."""
    if territory.qpv or not territory.fictional:
        return territory
    rows = boundaries[(boundaries["level"] == Level.QPV) & (boundaries["vintage"] == territory.generation)]
    memberships = index_links(links, outlines=boundaries, generation=territory.generation)
    codes = sorted(code for code in rows["code"] if is_fictional(Level.QPV, code))
    homes = {code: memberships.of(code, territory.generation).epci for code in codes}
    kept = [code for code in codes if territory.main_epci in {epci for epci, _ in homes[code]}]
    return replace(territory, qpv=tuple(kept or codes))


def _quarters(territory: Territory, boundaries: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    rows = boundaries[(boundaries["level"] == Level.QPV) & (boundaries["vintage"] == territory.generation)]
    rows = rows[rows["code"].isin(territory.qpv)]
    twice = sorted(set(rows["code"][rows["code"].duplicated()]))
    if twice:
        raise TerritoryError(
            Fault(
                f"{plural(len(twice), 'quartier')} avec deux contours",
                found=enumeration(twice[:5]),
                remedy="retirez l’un des deux fichiers de contours avec « diagnostic remove »",
            )
        )
    listed = rows.set_index("code").reindex(list(territory.qpv))
    missing = listed.geometry.isna()
    shapes = np.where(missing, np.full(len(listed), shapely.Polygon(), dtype=object), listed.geometry.to_numpy())
    labels = [
        label if isinstance(label, str) and label else _label(code, territory.generation)
        for code, label in listed["label"].items()
    ]
    return gpd.GeoDataFrame({"code": listed.index, "label": labels}, geometry=shapes, crs=LONLAT)


def _label(code: str, generation: int) -> str:
    known = catalogue.quarters(generation).get(code)
    return known.label if known else code


def _ground_shapes(boundaries: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give one contour a commune of today: those that merged since are joined."""
    rows = boundaries[boundaries["level"] == Level.COMMUNE]
    codes = rows["code"].map(present_commune)
    frame = gpd.GeoDataFrame({"code": codes, "label": rows["label"]}, geometry=rows.geometry, crs=LONLAT)
    if not codes.duplicated().any():
        return frame.sort_values("code", ignore_index=True)
    newest = rows["vintage"] == rows["vintage"].max()  # two vintages of contours would overlap
    frame = frame[newest.to_numpy()]
    several = frame["code"].duplicated(keep=False)
    joined = frame[several].dissolve("code", as_index=False, aggfunc="first")
    whole = pd.concat([frame[~several], joined[frame.columns]], ignore_index=True)
    return gpd.GeoDataFrame(whole, geometry="geometry", crs=LONLAT).sort_values("code", ignore_index=True)


def _ranked(member: Member, shape: shapely.Geometry, ground: gpd.GeoDataFrame, *, main: str | None) -> Member:
    """Put first the commune that holds most of the quarter's area, and the diagnostic's own EPCI."""
    epci = tuple(sorted(member.epci, key=lambda home: home[0] != main))
    codes = [code for code, _ in member.communes]
    if len(codes) < 2 or shape.is_empty:  # noqa: PLR2004 - one commune needs no rank
        return replace(member, epci=epci)
    near = ground[ground["code"].isin(codes)]
    shares = dict(zip(near["code"], _shares(shape, near), strict=True))
    if set(shares) != set(codes) or sum(shares.values()) < COVERED:
        return replace(member, epci=epci)
    communes = tuple(sorted(member.communes, key=lambda town: -shares[town[0]]))
    return replace(member, communes=communes, epci=epci)


def _shares(shape: shapely.Geometry, ground: gpd.GeoDataFrame) -> np.ndarray:
    pieces = gpd.GeoSeries([shape, *shapely.intersection(ground.geometry.to_numpy(), shape)], crs=LONLAT)
    measured = areas(pieces)
    shares: np.ndarray = measured[1:] / measured[0]
    return shares


def _completed(territory: Territory, members: Mapping[str, Member]) -> Territory:
    """Complete the codes of a territory from its quarters, with the codes they had in older tables."""
    towns = dict.fromkeys(code for member in members.values() for code, _ in member.communes if code)
    known = catalogue.communes()
    former = [code for town in towns if town in known for code in known[town].former]
    homes = dict.fromkeys(code for member in members.values() for code, _ in member.epci)
    main = territory.main_epci or next(iter(homes), None)
    epcis = catalogue.epcis()
    older = [code for home in homes if home in epcis for code in epcis[home].former]
    places = dict.fromkeys(member.departement[0] for member in members.values())
    regions = dict.fromkeys(member.region[0] for member in members.values() if member.region[0])
    return replace(
        territory,
        communes=tuple(dict.fromkeys([*towns, *former])),
        epci=tuple(dict.fromkeys([*territory.epci, *homes, *older])),
        departements=tuple(dict.fromkeys([*territory.departements, *places])),
        regions=tuple(dict.fromkeys([*territory.regions, *regions])),
        main_epci=main,
    )


def _quarter_rows(
    territory: Territory,
    quarters: gpd.GeoDataFrame,
    members: Mapping[str, Member],
    *,
    short_names: Mapping[str, str],
) -> pd.DataFrame:
    listed = [members[code] for code in quarters["code"]]
    firsts = [member.communes[0][1] if member.communes else "" for member in listed]
    short = shorten(quarters["label"].tolist(), firsts)
    return pd.DataFrame(
        {
            "level": Level.QPV.value,
            "code": quarters["code"].to_numpy(),
            "vintage": territory.generation,
            "label": quarters["label"].to_numpy(),
            "short_label": [
                short_names.get(code, rule) for code, rule in zip(quarters["code"], short, strict=True)
            ],
            "number": np.arange(1, len(quarters) + 1),
            "communes": [_joined(code for code, _ in member.communes) for member in listed],
            "commune_labels": [_joined(label for _, label in member.communes) for member in listed],
            "epci": [_joined(code for code, _ in member.epci) for member in listed],
            "departement": [member.departement[0] for member in listed],
            "region": [member.region[0] for member in listed],
            "population": np.nan,
            "area": areas(quarters.geometry) / HECTARE,
            "geometry": quarters.geometry.to_numpy(),
        }
    )


def _joined(words: object) -> str:
    return ", ".join(str(word) for word in words if word)  # type: ignore[attr-defined]


def _commune_rows(
    territory: Territory, ground: gpd.GeoDataFrame, memberships: Memberships, members: Mapping[str, Member]
) -> pd.DataFrame:
    """Give the communes of the EPCI that the quarters lie in, the diagnostic's own when they lie in it."""
    wanted = {member.epci[0][0] for member in members.values() if member.epci}
    homes = [memberships.epci_of(code) for code in ground["code"]]
    kept = [home is not None and home[0] in wanted for home in homes]
    rows = ground[np.array(kept, dtype=bool)]
    epci = [home[0] for home, keep in zip(homes, kept, strict=True) if keep and home]
    towns = [memberships.commune(code, "") for code in rows["code"]]
    places = [_department(code) for code in rows["code"]]
    labels = [label if label != code else name for (code, label), name in zip(towns, rows["label"], strict=True)]
    return pd.DataFrame(
        {
            "level": Level.COMMUNE.value,
            "code": rows["code"].to_numpy(),
            "vintage": territory.generation,
            "label": labels,
            "short_label": labels,
            "number": np.zeros(len(rows), dtype="int64"),
            "communes": rows["code"].to_numpy(),
            "commune_labels": labels,
            "epci": epci,
            "departement": places,
            "region": [memberships.region_of(place)[0] for place in places],
            "population": np.full(len(rows), np.nan),
            "area": areas(rows.geometry) / HECTARE,
            "geometry": rows.geometry.to_numpy(),
        }
    )


def _department(commune: str) -> str:
    known = catalogue.communes().get(commune)
    return known.departement if known else commune[:2]


def _notes(territory: Territory, quarters: pd.DataFrame, communes: pd.DataFrame) -> list[str]:
    bare = quarters.loc[[shape.is_empty for shape in quarters["geometry"]], "code"].tolist()
    notes = []
    if bare:
        verb = "n’a" if len(bare) == 1 else "n’ont"
        notes.append(
            f"{plural(len(bare), 'quartier')} de la liste {verb} pas de contour dans les fichiers ajoutés"
            f" ({enumeration(bare)}) : présents dans les tables, absents des cartes."
        )
    if communes.empty:
        notes.append("Aucun contour de commune n’a été ajouté : les cartes montrent les quartiers seuls.")
    elif not territory.fictional:
        _add_missing_ground(territory, communes, notes)
    return notes


def _add_missing_ground(territory: Territory, communes: pd.DataFrame, notes: list[str]) -> None:
    towns = catalogue.communes().values()
    drawn = set(communes["code"])
    wanted = set(communes["epci"])
    missing = [town.label for town in towns if town.epci in wanted and town.code not in drawn]
    if missing:
        notes.append(
            f"{plural(len(missing), 'commune')} de l’intercommunalité sans contour dans les fichiers ajoutés"
            f" ({enumeration(missing[:10])}{'…' if len(missing) > 10 else ''})."  # noqa: PLR2004 - a line
        )
    if not territory.main_epci:
        notes.append("Ce territoire n’a pas d’intercommunalité.")
