"""The neighbourhoods of 2024 with one rate each, from the real files: what both national maps draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from pathlib import Path


def country(real: Path) -> tuple[pd.DataFrame, gpd.GeoDataFrame]:
    """Give values (``code``, ``value``, ``status``) and places (``code``, ``label``, ``geometry``)."""
    places = gpd.read_file(real / "boundaries" / "qpv2024_derived_4decimals.geojson")
    places = places.rename(columns={"code_qp": "code", "lib_qp": "label"})
    rows = pd.read_csv(real / "insee_qpv2024" / "compilation_qpv2024.csv", dtype="str").drop_duplicates("codeQPV")
    rates = pd.to_numeric(rows["taux_pauvrete_60%"])
    status = np.where(rates.notna(), "observed", "suppressed")
    values = pd.DataFrame({"code": rows["codeQPV"], "value": rates, "status": status})
    return values, places
