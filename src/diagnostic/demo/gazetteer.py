"""Lists and outlines of the official geography: communes, department, region, intercommunalities."""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from diagnostic.demo.delimited import Layout
from diagnostic.demo.outlines import to_wgs84
from diagnostic.demo.places import (
    COMMUNE_LABELS,
    COMMUNES,
    DEPARTMENT_CODE,
    DEPARTMENT_LABEL,
    EPCI_LABELS,
    QUARTERS,
    REGION_CODE,
    REGION_LABEL,
    commune_list,
)
from diagnostic.demo.shapefile import LAMBERT_93, WGS_84, shapefile

if TYPE_CHECKING:
    from diagnostic.demo.outlines import Outlines
    from diagnostic.demo.shapefile import Ring

_DIGITS = 5


def capitals(label: str) -> str:
    """Write a name as the official code does in its upper-case column.

    Examples
    --------
    >>> capitals("Saint-Éloi-lès-Marbœuvre")
    'SAINT ELOI LES MARBOEUVRE'
    """
    letters = unicodedata.normalize("NFD", label.replace("œ", "oe"))
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return bare.replace("-", " ").replace("'", " ").upper()


def lists() -> dict[str, bytes]:
    """Write the lists of communes, department, region and members of intercommunalities.

    Returns
    -------
    dict of str to bytes
        Content by file name.

    Examples
    --------
    >>> sorted(lists())
    ['EPCI_2020.csv', 'commune_2021.csv', 'departement2021.csv', 'region2021.csv']
    """
    place = {"REG": REGION_CODE, "DEP": DEPARTMENT_CODE}
    chief = {"CHEFLIEU": COMMUNES[0].code, "TNCC": "0"}
    communes = [
        {
            "TYPECOM": "COM",
            "COM": commune.code,
            **place,
            "CTCD": f"{DEPARTMENT_CODE}D",
            "ARR": f"{DEPARTMENT_CODE}1",
        }
        | {"TNCC": "0", **_names(commune.label), "CAN": f"{DEPARTMENT_CODE}0{1 + rank % 4}", "COMPARENT": ""}
        for rank, commune in enumerate(COMMUNES)
    ]
    department = {"DEP": DEPARTMENT_CODE, "REG": REGION_CODE, **chief, **_names(DEPARTMENT_LABEL)}
    region = {"REG": REGION_CODE, **chief, **_names(REGION_LABEL)}
    members = [
        {"CODGEO": c.code, "LIBGEO": c.label, "EPCI": c.epci, "LIBEPCI": EPCI_LABELS[c.epci]}
        | {"DEP": DEPARTMENT_CODE, "REG": REGION_CODE}
        for c in COMMUNES
    ]
    code = Layout(separator=",")
    return {
        "commune_2021.csv": code.render(pd.DataFrame(communes)),
        "departement2021.csv": code.render(pd.DataFrame([department])),
        "region2021.csv": code.render(pd.DataFrame([region])),
        "EPCI_2020.csv": Layout(mark=True, final_break=False).render(pd.DataFrame(members)),
    }


def _names(label: str) -> dict[str, str]:
    """Give the three spellings of a name."""
    return {"NCC": capitals(label), "NCCENR": label, "LIBELLE": label}


def outline_files(outlines: Outlines) -> dict[str, bytes]:
    """Write the outlines of communes and department, in longitudes and latitudes with five decimals.

    Parameters
    ----------
    outlines
        What :func:`~diagnostic.demo.outlines.draw_outlines` gave.

    Returns
    -------
    dict of str to bytes
        Content by file name.
    """
    rings = {code: np.round(to_wgs84(ring), _DIGITS) for code, ring in outlines.communes.items()}
    union = shapely.union_all([shapely.Polygon(ring) for ring in rings.values()])
    whole = {DEPARTMENT_CODE: shapely.get_coordinates(shapely.get_exterior_ring(union))}
    suffix = capitals(REGION_LABEL).lower().replace(" ", "-")
    return {
        f"communes-{suffix}.geojson": _features(rings, COMMUNE_LABELS),
        f"departements-{suffix}.geojson": _features(whole, {DEPARTMENT_CODE: DEPARTMENT_LABEL}),
    }


def _features(rings: dict[str, Ring], labels: dict[str, str]) -> bytes:
    """Write polygons with their code and name, one line, ASCII."""
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Polygon", "coordinates": [ring.tolist()]},
            "properties": {"code": code, "nom": labels[code]},
        }
        for code, ring in sorted(rings.items())
    ]
    collection = {"type": "FeatureCollection", "features": features}
    return json.dumps(collection, separators=(",", ":")).encode("ascii")


def boundary_members(outlines: Outlines) -> dict[str, bytes]:
    """Write the members of the official archive of the 2015 quarters.

    Parameters
    ----------
    outlines
        What :func:`~diagnostic.demo.outlines.draw_outlines` gave.

    Returns
    -------
    dict of str to bytes
        Content by member name: the metropolitan layer in Lambert-93 and the layer of all quarters in WGS 84.
    """
    # As in the official list: no ligature, and a double blank after some commas.
    rows = [
        (quarter.code, quarter.label, commune_list(quarter, separator=",  ").replace("œ", "oe"))
        for quarter in QUARTERS
    ]
    metres = [outlines.quarters[quarter.code] for quarter in QUARTERS]
    degrees = [[to_wgs84(ring) for ring in rings] for rings in metres]
    layers = {
        "QP_METROPOLEOUTREMER_WGS84_EPSG4326": shapefile(rows, degrees, projection=WGS_84),
        "QP_METROPOLE_LB93": shapefile(rows, metres, projection=LAMBERT_93),
    }
    return {f"{layer}.{kind}": content for layer, kinds in layers.items() for kind, content in kinds.items()}
