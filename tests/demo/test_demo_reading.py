"""Every file is recognised by one source, as fictional, and read without loss."""

import pandas as pd
import pytest

from diagnostic.ingestion.document import open_document
from diagnostic.ingestion.source import SOURCES

# Lists and outlines of places, whose readers are tested with them.
GEOGRAPHY = ("EPCI_", "commune", "departement", "region")
KEY = ["level", "code", "vintage", "period", "variable", "group", "source", "edition"]


def recognitions(path):
    document = open_document(path)
    found = [(source, source.recognise(document)) for source in SOURCES]
    return document, [(source, what) for source, what in found if what is not None]


@pytest.fixture(scope="module")
def read(territory):
    tables = {}
    for path in sorted(territory.iterdir()):
        if path.name.startswith(GEOGRAPHY):
            continue
        document, found = recognitions(path)
        assert len(found) == 1, f"{path.name}: {[source.name for source, _ in found]}"
        source, what = found[0]
        assert what.fictional, path.name
        tables[path.name] = (what, source.read(document, what))
    return tables


def test_editions_are_those_of_the_names(read):
    editions = {name: what.edition for name, (what, _) in read.items()}
    for name in ("DEMO", "IPRO", "REVN"):
        assert (editions[f"{name}_2021.csv"], editions[f"{name}_2022.xlsx"]) == ("2021", "2022")
    assert editions["FILO2019_DISP_COM.csv"] == editions["data_filo19_qp_revdis.csv"] == "2019"


def test_the_same_figure_is_the_same_in_every_file(read):
    measures = pd.concat([tables.measures for _, tables in read.values() if tables.measures is not None])
    assert not measures.duplicated(KEY).any()
    figure = [name for name in KEY if name not in {"source", "edition"}]
    stated = measures[measures["period_basis"] == "stated"].dropna(subset=["value"])
    spread = stated.groupby(figure)["value"].agg(["min", "max", "size"])
    assert (spread["min"] == spread["max"]).all()
    assert (spread["size"] > 1).any()


def test_quarters_have_outlines_and_every_level_has_figures(read):
    boundaries = read["qp-politiquedelaville-shp.zip"][1].boundaries
    assert len(boundaries) == 16
    assert boundaries.geometry.is_valid.all()
    measures = pd.concat([tables.measures for _, tables in read.values() if tables.measures is not None])
    assert set(measures["level"]) == {"qpv", "iris", "commune", "epci", "departement", "etablissement"}
