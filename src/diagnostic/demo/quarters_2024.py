"""The fictional quarters of the 2024 generation: most as they were, some moved, one gone, one new."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from diagnostic.demo.outlines import to_wgs84
from diagnostic.demo.places import QUARTERS

if TYPE_CHECKING:
    from diagnostic.demo.outlines import Outlines

FILE: Final = "QP2024_France_Hexagone_Outre_Mer_WGS84.geojson"
# How much larger or smaller each way, about its centre; the others are unchanged.
MOVED: Final = {"QP099001": 1.12, "QP099004": 1.45, "QP099005": 0.75, "QP099010": 1.08}
GONE: Final = "QP099009"
NEW: Final = ("QN09917N", "Résidence Du Grand Pré", "99005", (1_450.0, 900.0))
_DIGITS: Final = 6


def outline_file(outlines: Outlines) -> dict[str, bytes]:
    """Write the outlines of the quarters of 2024, as the ANCT does: one layer in WGS 84.

    Parameters
    ----------
    outlines
        What :func:`~diagnostic.demo.outlines.draw_outlines` gave.

    Returns
    -------
    dict of str to bytes
        Content by file name.

    Examples
    --------
    >>> from diagnostic.demo.outlines import draw_outlines
    >>> text = outline_file(draw_outlines(np.random.default_rng(1)))[FILE]
    >>> [one["properties"]["code_qp"] for one in json.loads(text)["features"]][:2]
    ['QN09901M', 'QN09902I']
    """
    shapes = {
        code: shapely.union_all([shapely.make_valid(shapely.Polygon(ring)) for ring in rings])
        for code, rings in outlines.quarters.items()
    }
    features = []
    for quarter in QUARTERS:
        if quarter.code == GONE:
            continue
        letter = "M" if quarter.code in MOVED else "I"
        code = f"QN{quarter.code[2:5]}{quarter.code[-2:]}{letter}"
        shape = _scaled(shapes[quarter.code], MOVED.get(quarter.code, 1.0))
        features.append(_feature(code, quarter.label, quarter.parts[0][0], shape))
    code, label, commune, move = NEW
    moved = shapely.transform(shapes[GONE], lambda xy: xy + np.array(move))
    features.append(_feature(code, label, commune, moved))
    collection = {"type": "FeatureCollection", "features": features}
    return {FILE: json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()}


def _scaled(shape: shapely.Geometry, factor: float) -> shapely.Geometry:
    if factor == 1.0:
        return shape
    centre = shapely.get_coordinates(shapely.centroid(shape))[0]
    return shapely.transform(shape, lambda xy: centre + (xy - centre) * factor)


def _feature(code: str, label: str, commune: str, shape: shapely.Geometry) -> dict[str, object]:
    surfaces = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    whole = shapely.MultiPolygon(surfaces) if surfaces else shape
    placed = shapely.transform(whole, lambda xy: np.round(to_wgs84(xy), _DIGITS))
    return {
        "type": "Feature",
        "properties": {"code_qp": code, "lib_qp": label, "insee_com": commune},
        "geometry": json.loads(shapely.to_geojson(placed)),
    }
