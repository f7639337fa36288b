"""Where each quarter lies: the links that files give, completed by the list that travels with the package."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pandas as pd

from diagnostic.territory import catalogue
from diagnostic.territory.links import UNRESOLVED
from diagnostic.territory.names import department_of, key
from diagnostic.vocabulary import Level, is_fictional

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

OUTLINES: Final = "anct_qpv"
FICTIONAL: Final = "99"
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class UrbanUnit:
    """An urban unit of one zoning: 2010 or 2020; the same code may mean another perimeter ten years later."""

    code: str
    label: str
    zoning: int


@dataclass(frozen=True, slots=True)
class Member:
    """Where a quarter lies.

    Parameters
    ----------
    communes
        Code and label of each commune, the main one first; a commune that no list knows has an empty code.
    epci
        Code and label of each EPCI, the main one first.
    departement, region
        Code and label; empty when unknown.
    urban_units
        Those that files give to the quarter, or to its communes.
    """

    communes: tuple[Pair, ...]
    epci: tuple[Pair, ...]
    departement: Pair
    region: Pair
    urban_units: tuple[UrbanUnit, ...] = ()


@dataclass(frozen=True, slots=True)
class Memberships:
    """The links of a run, indexed.

    Parameters
    ----------
    communes
        Codes (or ``nom:`` and a name) of the communes of each quarter, in the producer's order.
    parents
        Code and label of the parent of a place, by ``(level, code, parent level)``.
    labels
        Label of a place by ``(level, code)``.
    codes
        Commune codes by ``(département, name key)``.
    urban_units
        Those of a quarter or a commune, by code.
    """

    communes: Mapping[str, tuple[str, ...]]
    parents: Mapping[tuple[str, str, str], str]
    labels: Mapping[Pair, str]
    codes: Mapping[Pair, str]
    urban_units: Mapping[str, tuple[UrbanUnit, ...]] = field(default_factory=dict)

    def commune(self, text: str, departement: str) -> Pair:
        """Give the code of today and the label of a commune."""
        if text.startswith(UNRESOLVED):
            name = text.removeprefix(UNRESOLVED)
            code = self.codes.get((departement, key(name)), "")
            return code, self.labels.get((Level.COMMUNE.value, code), name)
        code = present_commune(text)
        known = catalogue.communes().get(code)
        return code, known.label if known else self.labels.get((Level.COMMUNE.value, code), code)

    def epci_of(self, commune: str) -> Pair | None:
        """Give the EPCI of a commune: that of 2026 for a real one."""
        known = catalogue.communes().get(commune)
        if known is not None:
            return (known.epci, catalogue.epcis()[known.epci].label) if known.epci else None
        code = self.parents.get((Level.COMMUNE.value, commune, Level.EPCI.value))
        return (code, self.labels.get((Level.EPCI.value, code), code)) if code else None

    def departement(self, code: str) -> Pair:
        """Give a département with its label."""
        known = catalogue.departements().get(code)
        return code, known[0] if known else self.labels.get((Level.DEPARTMENT.value, code), code)

    def region_of(self, departement: str) -> Pair:
        """Give the region of a département, empty when it has none."""
        known = catalogue.departements().get(departement)
        code = known[1] if known else self.parents.get(
            (Level.DEPARTMENT.value, departement, Level.REGION.value), ""
        )  # fmt: skip
        label = catalogue.regions().get(code) or self.labels.get((Level.REGION.value, code), code)
        return code, label

    def of(self, quarter: str, generation: int) -> Member:
        """Say where a quarter lies; the outlines' own links first, else the shipped list.

        Parameters
        ----------
        quarter
            QPV code.
        generation
            2015 or 2024.
        """
        place = department_of(quarter)
        listed = catalogue.quarters(generation).get(quarter)
        texts = self.communes.get(quarter) or (listed.communes if listed else ())
        communes = list(dict.fromkeys(self.commune(text, place) for text in texts))
        if listed and any(not code for code, _ in communes):
            communes = list(zip(listed.communes, listed.commune_labels, strict=True))
        homes = [home for code, _ in communes if (home := self.epci_of(code))]
        direct = self.parents.get((Level.QPV.value, quarter, Level.EPCI.value))
        if not homes and direct and is_fictional(Level.EPCI, direct):
            homes = [(direct, self.labels.get((Level.EPCI.value, direct), direct))]
        departement = self.departement(place)
        region = self.region_of(departement[0])
        units = [unit for one in (quarter, *dict(communes)) for unit in self.urban_units.get(one, ())]
        return Member(
            tuple(communes), tuple(dict.fromkeys(homes)), departement, region, tuple(dict.fromkeys(units))
        )


def present_commune(code: str) -> str:
    """Give the commune of 2025 that a commune code of another year has become.

    Examples
    --------
    >>> present_commune("91182"), present_commune("59350"), present_commune("99001")
    ('91228', '59350', '99001')
    """
    return code if code in catalogue.communes() else catalogue.former_communes().get(code, code)


def index_links(links: pd.DataFrame, *, outlines: pd.DataFrame | None, generation: int) -> Memberships:
    """Index the links of every file.

    Parameters
    ----------
    links
        Columns ``schemas.LINK_COLUMNS``; links of another generation are left aside.
    outlines
        Columns ``schemas.BOUNDARY_COLUMNS``: the labels of communes give codes to those that are only named.
    generation
        2015 or 2024.
    """
    # Real communes, EPCI and départements are in the shipped list: only the fictional ones need the files' links.
    own = links[(links["level"] == Level.QPV) & (links["vintage"] == generation)]
    own = pd.concat([own, links[(links["level"] != Level.QPV) & links["code"].str.startswith(FICTIONAL)]])
    labels: dict[Pair, str] = {}
    for row in own.itertuples():
        if row.label and not str(row.parent_code).startswith(UNRESOLVED):
            labels.setdefault((str(row.parent_level), str(row.parent_code)), str(row.label))
    if outlines is not None:
        for level, code, label in zip(outlines["level"], outlines["code"], outlines["label"], strict=True):
            labels.setdefault((str(level), str(code)), str(label))
    towns = {code: label for (level, code), label in labels.items() if level == Level.COMMUNE}
    codes = {(department_of(code), key(label)): code for code, label in towns.items()}
    first = own.sort_values("rank", kind="stable").drop_duplicates(["level", "code", "parent_level"])
    parents = {
        (str(row.level), str(row.code), str(row.parent_level)): str(row.parent_code)
        for row in first.itertuples()
        if str(row.level) != str(row.parent_level)
    }
    return Memberships(_communes(own), parents, labels, codes, _urban_units(links, generation))


def _urban_units(links: pd.DataFrame, generation: int) -> dict[str, tuple[UrbanUnit, ...]]:
    """Give the urban units of quarters of the generation, and of communes, whose links are kept for this alone."""
    ours = (links["level"] == Level.COMMUNE) | ((links["level"] == Level.QPV) & (links["vintage"] == generation))
    rows = links[ours & (links["parent_level"] == Level.URBAN_UNIT)]
    found: dict[str, list[UrbanUnit]] = {}
    columns = rows.sort_values("rank", kind="stable")[["code", "parent_code", "label", "parent_vintage"]]
    for place, code, label, zoning in columns.to_numpy(dtype=object):
        found.setdefault(place, []).append(UrbanUnit(code, label or f"unité urbaine {code}", int(zoning)))
    return {code: tuple(units) for code, units in found.items()}


def _communes(links: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Give the communes of each quarter from one source: the outlines' own before any other."""
    rows = links[(links["level"] == Level.QPV) & (links["parent_level"] == Level.COMMUNE)]
    found: dict[str, tuple[str, ...]] = {}
    sources: Sequence[str] = sorted(set(rows["source"]), key=lambda name: (not name.startswith(OUTLINES), name))
    for source in sources:
        mine = rows[rows["source"] == source].sort_values(["code", "rank"], kind="stable")
        for quarter, group in mine.groupby("code", sort=False):
            found.setdefault(str(quarter), tuple(dict.fromkeys(group["parent_code"].astype(str))))
    return found
