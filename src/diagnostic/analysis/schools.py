"""From schools to places: the mean social position index of a neighbourhood's schools, and of wider places'.

Insee counts as near a quarter the schools at less than 100 m and the collèges at less than 300 m; so does this.
The index is that of all the pupils of a school, wherever they live.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from diagnostic.formatting import plural
from diagnostic.schemas import MEASURE_COLUMNS
from diagnostic.territory.catalogue import epcis
from diagnostic.territory.memberships import present_commune
from diagnostic.territory.metric import by_system
from diagnostic.territory.names import department_of
from diagnostic.vocabulary import KNOWN, Level, PeriodBasis, Status

if TYPE_CHECKING:
    import geopandas as gpd

    from diagnostic.territory.memberships import Memberships

NEAR: Final = {"school": 100.0, "college": 300.0}  # metres
NAMES: Final = {"school": ("école", "écoles"), "college": ("collège", "collèges")}
INDEX: Final = "social_position_index"
SECTORS: Final = {"public": "secteur public", "private": "secteur privé"}
OF_COMMUNES: Final = "_of_communes"
_FILE: Final = ["source", "edition", "period", "kind"]
_PLACE: Final = ["level", "place", "vintage", "suffix"]


def school_means(
    measures: pd.DataFrame, *, boundaries: gpd.GeoDataFrame, links: pd.DataFrame, memberships: Memberships
) -> pd.DataFrame:
    """Average the index of the schools of each place.

    Parameters
    ----------
    measures
        Columns ``schemas.MEASURE_COLUMNS``; the rows of establishments are read.
    boundaries
        Columns ``schemas.BOUNDARY_COLUMNS``: points of establishments, outlines of the quarters of one generation.
    links
        Columns ``schemas.LINK_COLUMNS``: establishments to communes.
    memberships
        Where communes and quarters lie.

    Returns
    -------
    pandas.DataFrame
        Columns ``schemas.MEASURE_COLUMNS``: variable ``school_social_position_index`` (``college_``…), groups all,
        public and private, of quarters, communes, EPCI and départements; with the suffix ``_of_communes``, of the
        schools of a quarter's communes. Weighted by pupils where all are published, which the note says. A quarter
        without a school near, or without a private one in its communes, is not applicable; said only where points
        are known. An EPCI over a département whose schools are not at hand has none.
    """
    schools = _schools(measures)
    quarters = boundaries[boundaries["level"] == Level.QPV]
    if schools.empty:
        return pd.DataFrame(columns=MEASURE_COLUMNS)
    communes = _communes(links, schools["code"])
    near = _near(boundaries[boundaries["level"] == Level.ESTABLISHMENT], quarters)
    parts = [near, _wider(communes, memberships), _around(communes, quarters, memberships)]
    joined = schools.merge(pd.concat(parts, ignore_index=True), on="code")
    joined = joined[joined["reach"].isna() | (joined["reach"] < joined["kind"].map(NEAR))]
    joined["vintage"] = joined["vintage"].fillna(joined["period"]).astype("int64")
    both = pd.concat([joined.assign(group="all"), joined[joined["group"] != ""]])
    means = both.groupby([*_FILE, *_PLACE, "group"]).agg(
        value=("value", "mean"), size=("value", "size"), counted=("pupils", "count"), pupils=("pupils", "sum"),
        weighted=("weighted", "sum"),
    )  # fmt: skip
    table = _measured(means.reset_index())
    return table if near.empty else pd.concat([table, _without(table, schools, quarters)], ignore_index=True)


def _schools(measures: pd.DataFrame) -> pd.DataFrame:
    """Lay schools out, one row a year: kind, sector, index, pupils."""
    own = measures[(measures["level"] == Level.ESTABLISHMENT) & measures["status"].isin(KNOWN)]
    key = ["code", "period", "edition"]
    parts = []
    for kind in NEAR:
        index = own[own["variable"] == f"{kind}_{INDEX}"]
        pupils = own[own["variable"] == f"{kind}_pupils"].set_index(key)["value"].rename("pupils")
        parts.append(index.assign(kind=kind).join(pupils, on=key))
    table = pd.concat(parts, ignore_index=True)
    table["group"] = ""
    for sector, words in SECTORS.items():
        table["group"] = table["group"].mask(table["note"].str.contains(words, regex=False), sector)
    table["weighted"] = table["value"] * table["pupils"]
    return table[["code", "group", *_FILE, "value", "pupils", "weighted"]]


def _communes(links: pd.DataFrame, schools: pd.Series[str]) -> pd.DataFrame:
    """Give the commune of today of each school: columns ``code`` and ``commune``."""
    rows = links[(links["parent_level"] == Level.COMMUNE) & links["code"].isin(schools)]
    newest = rows.sort_values("vintage", kind="stable").drop_duplicates("code", keep="last")
    return pd.DataFrame({"code": newest["code"], "commune": newest["parent_code"].map(present_commune)})


def _near(points: gpd.GeoDataFrame, quarters: gpd.GeoDataFrame) -> pd.DataFrame:
    """Pair establishments with the quarters they stand in or near, with the distance in metres."""
    newest = points.sort_values("vintage", kind="stable").drop_duplicates("code", keep="last")
    parts = []
    for rows, outlines in by_system(quarters.geometry):
        here = newest.geometry.to_crs(outlines.crs)
        which, where = outlines.sindex.query(here, predicate="dwithin", distance=max(NEAR.values()))
        ours = quarters.iloc[rows[where]]
        parts.append(pd.DataFrame({
            "code": newest["code"].to_numpy()[which], "level": str(Level.QPV), "place": ours["code"].to_numpy(),
            "vintage": ours["vintage"].to_numpy(dtype=float), "suffix": "",
            "reach": here.iloc[which].distance(outlines.iloc[where], align=False).to_numpy(),
        }))  # fmt: skip
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"code": []})


def _wider(communes: pd.DataFrame, memberships: Memberships) -> pd.DataFrame:
    """Pair establishments with their commune, EPCI and département, whose schools are all counted."""
    departments = communes["commune"].map(department_of)
    homes = communes["commune"].map(lambda code: (memberships.epci_of(code) or ("", ""))[0])
    known, here = epcis(), set(departments)
    cut = [code for code in homes.unique() if code in known and set(known[code].departements) - here]
    found = {
        Level.COMMUNE: communes["commune"], Level.EPCI: homes.mask(homes.isin(cut), ""),
        Level.DEPARTMENT: departments,
    }  # fmt: skip
    return pd.concat([
        communes.assign(place=places, level=str(level), suffix=suffix, vintage=np.nan, reach=np.nan)[places != ""]
        for level, places in found.items() for suffix in ("", OF_COMMUNES)
    ])  # fmt: skip


def _around(communes: pd.DataFrame, quarters: gpd.GeoDataFrame, memberships: Memberships) -> pd.DataFrame:
    """Pair establishments with the quarters whose communes they stand in."""
    pairs = [
        (town, str(code), float(vintage))
        for code, vintage in zip(quarters["code"], quarters["vintage"], strict=True)
        for town, _ in memberships.of(str(code), int(vintage)).communes
    ]
    towns = pd.DataFrame(pairs, columns=["commune", "place", "vintage"]).astype({"commune": "str"})
    return communes.merge(towns, on="commune").assign(level=str(Level.QPV), suffix=OF_COMMUNES, reach=np.nan)


def _measured(means: pd.DataFrame) -> pd.DataFrame:
    """Put the means in the form of measures."""
    whole = means["counted"] == means["size"]
    said = [
        f"moyenne de {plural(size, *NAMES[kind])}" for kind, size in zip(means["kind"], means["size"], strict=True)
    ]
    weighting = whole.map({True: ", pondérée par les élèves", False: ", non pondérée (élèves non publiés)"})
    return means.assign(
        code=means["place"], variable=means["kind"] + f"_{INDEX}" + means["suffix"], unit="index",
        value=(means["weighted"] / means["pupils"]).where(whole, means["value"]), status=str(Status.OBSERVED),
        note=pd.Series(said, index=means.index) + weighting, period_basis=str(PeriodBasis.STATED),
    )[MEASURE_COLUMNS]  # fmt: skip


def _without(table: pd.DataFrame, schools: pd.DataFrame, quarters: gpd.GeoDataFrame) -> pd.DataFrame:
    """Say of the other quarters that no school stands near, or none of a sector in their communes."""
    cells = [("all", "", "à moins de {near:.0f} m")]
    cells += [(group, OF_COMMUNES, f"du {words} dans la commune") for group, words in SECTORS.items()]
    rows = schools[_FILE].drop_duplicates().merge(pd.DataFrame(quarters[["code", "vintage"]]), how="cross")
    rows = rows.merge(pd.DataFrame(cells, columns=["group", "suffix", "where"]), how="cross")
    rows = rows.assign(
        level=str(Level.QPV), unit="index", value=np.nan, status=str(Status.NOT_APPLICABLE),
        variable=rows["kind"] + f"_{INDEX}" + rows["suffix"], period_basis=str(PeriodBasis.STATED),
        note=[
            "aucun établissement " + where.format(near=NEAR[kind])
            for kind, where in zip(rows["kind"], rows["where"], strict=True)
        ],
    )  # fmt: skip
    key = ["level", "code", "vintage", "period", "variable", "group", "edition"]
    there = pd.MultiIndex.from_frame(rows[key]).isin(pd.MultiIndex.from_frame(table[key]))
    return rows.loc[~there, MEASURE_COLUMNS]
