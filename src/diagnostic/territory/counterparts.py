"""The neighbourhoods of the other generation that meet those of a territory, when both outlines are at hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd
import shapely

from diagnostic.territory.generations import NEW, OLD, OVERLAP_COLUMNS, correspondence, overlaps
from diagnostic.territory.metric import LONLAT
from diagnostic.territory.short_names import short_name
from diagnostic.vocabulary import Level

if TYPE_CHECKING:
    from diagnostic.territory.places import Territory

OUTLINE_COLUMNS: Final = ["code", "vintage", "label", "geometry"]
PAIR_COLUMNS: Final = [*OVERLAP_COLUMNS, "official", "change", "label_2024", "label_2015"]


@dataclass(frozen=True, slots=True, eq=False)
class Counterparts:
    """Both generations side by side.

    Parameters
    ----------
    outlines
        Columns ``OUTLINE_COLUMNS``, EPSG:4326: the quarters of both generations that appear in ``pairs``.
    pairs
        Columns ``PAIR_COLUMNS``: of :func:`diagnostic.territory.generations.correspondence`, with short names; a
        quarter of the territory that meets none has one row, the other side empty.
    """

    outlines: gpd.GeoDataFrame
    pairs: pd.DataFrame


def counterparts(territory: Territory, boundaries: gpd.GeoDataFrame, links: pd.DataFrame) -> Counterparts:
    """Put the quarters of a territory beside those of the other generation.

    Parameters
    ----------
    territory
        Its quarters and their generation.
    boundaries
        Columns ``schemas.BOUNDARY_COLUMNS``, EPSG:4326; both generations.
    links
        Columns ``schemas.LINK_COLUMNS``; those from 2024 to 2015 are the official correspondence.

    Returns
    -------
    Counterparts
        Empty tables when one generation has no outline here.
    """
    shapes = boundaries[(boundaries["level"] == Level.QPV) & ~boundaries.geometry.is_empty]
    shapes = shapes.drop_duplicates(["code", "vintage"])
    own = shapes[(shapes["vintage"] == territory.generation) & shapes["code"].isin(territory.qpv)]
    others = shapes[shapes["vintage"].isin({OLD, NEW} - {territory.generation})]
    if own.empty or others.empty:
        return Counterparts(
            gpd.GeoDataFrame({name: [] for name in OUTLINE_COLUMNS}, geometry="geometry", crs=LONLAT),
            pd.DataFrame({name: [] for name in PAIR_COLUMNS}),
        )
    near = others[shapely.intersects(others.geometry.to_numpy(), shapely.box(*own.total_bounds))]
    old, new = (own, near) if territory.generation == OLD else (near, own)
    measured = overlaps(old, new) if len(near) else _no_pair()
    told = links[links["code"].isin({*new["code"], *measured["code_2024"]})]
    pairs = correspondence(measured, told[told["parent_code"].isin(old["code"])])
    pairs = _with_the_alone(pairs, own["code"], side=f"code_{territory.generation}")
    met = pd.concat([pairs["code_2015"], pairs["code_2024"]]).dropna()
    outlines = pd.concat([own, near[near["code"].isin(met)]])[OUTLINE_COLUMNS]
    names = outlines.drop_duplicates("code").set_index("code")["label"]
    named = {f"label_{year}": pairs[f"code_{year}"].map(names.map(short_name)) for year in (NEW, OLD)}
    order = outlines.sort_values(["vintage", "code"], ignore_index=True)
    return Counterparts(order, pairs.assign(**named)[PAIR_COLUMNS])


def _no_pair() -> pd.DataFrame:
    kinds = {name: "str" if name.startswith("code") else "float64" for name in OVERLAP_COLUMNS}
    return pd.DataFrame({name: pd.Series([], dtype=kind) for name, kind in kinds.items()})


def _with_the_alone(pairs: pd.DataFrame, codes: pd.Series[str], *, side: str) -> pd.DataFrame:
    alone = codes[~codes.isin(pairs[side])]
    if alone.empty:
        return pairs
    rows = pd.DataFrame({side: alone.to_numpy()})
    table = pd.concat([pairs, rows], ignore_index=True) if len(pairs) else rows.reindex(columns=pairs.columns)
    return table.sort_values(["code_2024", "code_2015"], ignore_index=True)
