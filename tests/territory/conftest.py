"""Outlines and links of real files, read once."""

import geopandas as gpd
import pandas as pd
import pytest

from diagnostic.ingestion.document import open_document
from diagnostic.ingestion.source import SOURCES

FILES = {
    2015: ("boundaries/qp-politiquedelaville-shp.zip", "anct_qpv_2015"),
    2024: ("boundaries/qpv2024_derived_4decimals.geojson", "anct_qpv_2024"),
}


def _tables(path, source):
    document = open_document(path)
    return SOURCES[source].read(document, SOURCES[source].recognise(document))


@pytest.fixture(scope="session")
def real_places(shared):
    """Give the outlines and links of a generation, contours of communes included."""
    ground = _tables(shared / "real/geography/communes-hauts-de-france.geojson", "ign_communes").boundaries
    found = {}
    for generation, (path, source) in FILES.items():
        tables = _tables(shared / "real" / path, source)
        stacked = pd.concat([tables.boundaries, ground], ignore_index=True)
        found[generation] = (gpd.GeoDataFrame(stacked, crs=4326), tables.links)
    return found
