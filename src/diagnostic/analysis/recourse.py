"""What reached a counter: complaints, points of law, prosecutions. They measure recourse, not what was lived."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from diagnostic.action_model import SEPARATOR, choices
from diagnostic.analysis.crossing import ACCESS_COLUMNS, RECORDED_COLUMNS
from diagnostic.errors import Fault, InputError
from diagnostic.territory.metric import LONLAT, by_system
from diagnostic.vocabulary import Level, Status

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Mapping

RECOURSE_COLUMNS: Final = [
    "kind", "kind_label", "perimeter", "perimeter_label", "period", "count", "status", "source", "reading",
]  # fmt: skip
DISTANCE_COLUMNS: Final = [
    "code", "vintage", "label", "inside", "inside_place", "edge", "edge_place", "places", "source"
]  # fmt: skip
FAR: Final = 100_000.0  # metres: nobody goes so far to a counter, such places are not of this territory
# One fact may be a complaint to a delegate, then to the institution; a case filed, then prosecuted: added up once.
COUNTED: Final = ("reclamation_ddd", "plainte")
LOCAL: Final = "contrat"
SMALL: Final = 11  # of a contract, under which a count may point to someone: hidden
# What counts part of another line: shown beside it, it tells the rest.
PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "reclamation_ddd": ("delegue_ddd",), "plainte": ("poursuite", "classement"),
}  # fmt: skip
READINGS: Final[Mapping[str, str]] = {
    "reclamation_ddd": "Dit qui a saisi l’institution. Un nombre bas peut dire qu’elle n’est pas connue.",
    "delegue_ddd": "Déjà comptées dans les réclamations : ne s’y ajoutent pas. Suit les permanences ouvertes.",
    "point_justice": "Des entretiens, pas des faits : une personne peut venir plusieurs fois.",
    "plainte": "Faits portés à la police ou au parquet. Peu de plaintes ne veut pas dire peu de faits.",
    "poursuite": "Part des plaintes : ne s’y ajoute pas. La preuve manque souvent.",
    "classement": "Part des plaintes : ne s’y ajoute pas. Classé ne veut pas dire que rien ne s’est passé.",
}


def recourse_table(table: pd.DataFrame) -> pd.DataFrame:
    """Lay the lead's table out with the proper reading of each line.

    Parameters
    ----------
    table
        Columns ``nature, perimetre, annee, nombre, source``.

    Returns
    -------
    pandas.DataFrame
        Columns ``RECOURSE_COLUMNS``, by perimeter, kind and year, in the order of the lists. ``status`` is
        ``masked`` and ``count`` NaN for one to ten facts in a contract and what would give them by difference.
    """
    kinds, perimeters = (
        {one.code: (rank, one.label) for rank, one in enumerate(choices(name))}
        for name in ("recours", "perimetres")
    )  # fmt: skip
    hidden = _hidden(table)
    rows = [
        {
            "kind": row["nature"], "kind_label": kinds[row["nature"]][1], "perimeter": row["perimetre"],
            "perimeter_label": perimeters[row["perimetre"]][1], "period": int(row["annee"]),
            **_shown(row, hidden=hidden), "source": row["source"],
            "reading": READINGS[row["nature"]],
        }
        for row in table.to_dict("records")
    ]  # fmt: skip
    rows.sort(key=lambda row: (perimeters[row["perimeter"]][0], kinds[row["kind"]][0], row["period"]))
    return pd.DataFrame(rows, columns=RECOURSE_COLUMNS)


def _hidden(table: pd.DataFrame) -> set[tuple[str, int]]:
    """Find the kinds and years of a contract to hide: small counts, and parts that would tell a small rest."""
    own = table[table["perimetre"] == LOCAL]
    counts = {(str(row["nature"]), int(row["annee"])): int(row["nombre"]) for row in own.to_dict("records")}
    hidden = {key for key, count in counts.items() if 0 < count < SMALL}
    for (whole, year), count in counts.items():
        parts = {(part, year) for part in PARTS.get(whole, ())} & set(counts)
        rest = count - sum(counts[part] for part in parts)
        if parts and (0 < rest < SMALL or parts & hidden):
            hidden |= {part for part in parts if counts[part]}
    return hidden


def _shown(row: Mapping[Hashable, Any], *, hidden: Collection[tuple[str, int]]) -> dict[str, object]:
    if row["perimetre"] == LOCAL and (row["nature"], int(row["annee"])) in hidden:
        return {"count": math.nan, "status": str(Status.MASKED)}
    return {"count": float(row["nombre"]), "status": str(Status.OBSERVED)}


def recorded(table: pd.DataFrame, *, perimeter: str) -> pd.DataFrame | None:
    """Keep what may be set beside a survey: one perimeter, one year, each fact once.

    Parameters
    ----------
    table
        Columns ``nature, perimetre, annee, nombre, source``.
    perimeter
        That of the survey.

    Returns
    -------
    pandas.DataFrame or None
        Columns ``crossing.RECORDED_COLUMNS``: complaints to the Défenseur des droits and criminal complaints of
        the last year that has both; ``None`` when there is none, as one alone would be half the count.
    """
    own = table[table["perimetre"].eq(perimeter) & table["nature"].isin(COUNTED)]
    complete = own.groupby("annee")["nature"].nunique()
    years = complete[complete == len(COUNTED)].index
    if years.empty:
        return None
    last = own[own["annee"] == max(years)].rename(columns={"nature": "kind", "annee": "period", "nombre": "count"})
    found: pd.DataFrame = last[RECORDED_COLUMNS].reset_index(drop=True)
    return found


def access(table: pd.DataFrame) -> pd.DataFrame:
    """Keep the nearest place of access to the law of each neighbourhood, columns ``crossing.ACCESS_COLUMNS``.

    Parameters
    ----------
    table
        Columns ``qpv, minutes``: one row a place and the neighbourhoods it is so far from; a row without minutes
        only says where a place lies.

    Examples
    --------
    >>> access(pd.DataFrame({"qpv": ["QP099002", "QP099001;QP099002"], "minutes": [40, 25]}))
           code  minutes
    0  QP099001       25
    1  QP099002       25
    """
    travelled = table[table["minutes"].notna()]
    each = travelled.assign(qpv=travelled["qpv"].str.split(SEPARATOR)).explode("qpv")
    nearest = each.groupby("qpv", sort=True)["minutes"].min()
    return nearest.rename_axis("code").reset_index()[ACCESS_COLUMNS]


def distances(table: pd.DataFrame, territories: gpd.GeoDataFrame) -> pd.DataFrame:
    """Measure how far the nearest place of access to the law is, in a straight line.

    Parameters
    ----------
    table
        Columns ``lieu, latitude, longitude, source``, degrees of WGS84; a row without a position is left out, a
        place outside the territory counts.
    territories
        Neighbourhoods: ``level, code, vintage, label, geometry`` in a declared reference system, ``short_label``
        where it exists; other levels are left out.

    Returns
    -------
    pandas.DataFrame
        Columns ``DISTANCE_COLUMNS``, one row a neighbourhood in the order given, none where no place is located.
        ``inside`` is the distance from a point inside the neighbourhood (its representative point), ``edge`` from
        the point of its outline nearest to a place, 0 where the place lies in it; both in metres of Lambert-93 or
        of the local UTM zone, each with the name of its own nearest place; NaN and an empty name without an
        outline. ``places`` is how many places were compared, ``source`` what is said of them.

    Raises
    ------
    InputError
        When no place lies within a hundred kilometres of any neighbourhood.

    Examples
    --------
    >>> square = gpd.GeoDataFrame(
    ...     {"level": ["qpv"], "code": ["QP099001"], "vintage": [2015], "label": ["A"]},
    ...     geometry=[shapely.box(700_000, 7_000_000, 701_000, 7_001_000)], crs="EPSG:2154")
    >>> place = pd.DataFrame({"lieu": ["Maison"], "latitude": [50.11], "longitude": [3.0], "source": ["carte"]})
    >>> distances(place, square)[["inside", "edge"]].round().to_numpy().tolist()
    [[946.0, 302.0]]
    """
    places = table.dropna(subset=["latitude", "longitude"]).drop_duplicates("lieu", ignore_index=True)
    quarters = territories[territories["level"] == Level.QPV].reset_index(drop=True)
    if places.empty or quarters.empty:
        return pd.DataFrame(columns=DISTANCE_COLUMNS)
    found = pd.DataFrame(quarters[["code", "vintage"]]).assign(
        label=quarters.get("short_label", quarters["label"]),  # two may have the same official name
        inside=math.nan, inside_place="", edge=math.nan, edge_place="", places=len(places),
        source=" ; ".join(dict.fromkeys(places["source"])),
    )[DISTANCE_COLUMNS]  # fmt: skip
    names = places["lieu"].to_numpy(dtype=object)
    points = gpd.GeoSeries(gpd.points_from_xy(places["longitude"], places["latitude"], crs=LONLAT))
    for rows, outlines in by_system(quarters.geometry):
        local = points.to_crs(outlines.crs).to_numpy()
        for start, shapes in (("inside", outlines.representative_point()), ("edge", outlines)):
            metres = shapely.distance(shapes.to_numpy()[:, None], local[None, :])
            metres = np.where(np.isfinite(metres), metres, np.inf)  # a place overseas, out of the local system
            nearest = metres.argmin(axis=1)
            found.loc[rows, start] = metres[np.arange(len(rows)), nearest]
            found.loc[rows, f"{start}_place"] = names[nearest]
    if found["edge"].min() > FAR:
        raise InputError(Fault(
            "aucun lieu d’accès au droit à moins de cent kilomètres d’un quartier", column="latitude et longitude",
            expected="des lieux où les habitants peuvent aller", found=f"{len(places)} lieux plus loin"
            if len(places) > 1 else "un lieu plus loin",
            remedy="vérifiez les coordonnées : signe perdu, ou lieux d’un autre territoire",
        ))  # fmt: skip
    return found
