"""The open data, read back by the tools that others would use."""

import io
import json
import sqlite3
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
from frictionless import Package, system

from diagnostic.publication.opendata import write_opendata
from diagnostic.vocabulary import NEVER_MAPPED


@pytest.fixture
def files(public_tables, declared_tables):
    return write_opendata(declared_tables(public_tables(9)))


def table(files, name):
    return pd.read_csv(io.BytesIO(files[name]), sep=";", decimal=",", encoding="utf-8-sig", dtype={"code": "str"})


def test_the_description_is_valid_and_every_table_follows_it(files, tmp_path):
    for name, body in files.items():
        (tmp_path / name).write_bytes(body)
    with system.use_context(trusted=True):
        report = Package(str(tmp_path / "datapackage.json")).validate()
    assert report.valid, report.flatten(["title", "message"])
    assert {task.name for task in report.tasks} >= {"indicateurs", "ecarts", "ressenti"}


def test_values_come_back_as_they_were(files, public_tables):
    read = table(files, "indicateurs.csv")
    own = public_tables(9).indicators
    np.testing.assert_allclose(read["value"], own["value"], rtol=1e-9)
    assert list(read["status"]) == list(own["status"])


def test_every_empty_value_has_a_status_that_says_why(files):
    read = table(files, "indicateurs.csv")
    empty = read[read["value"].isna()]
    assert len(empty)
    assert set(empty["status"]).isdisjoint({"observed", "estimated", "imputed"})


@pytest.mark.parametrize("hostile", ["=1+1", "+33 3 20", "@SUM(A1)", "-2+3", '=cmd|"/c calc"!A1', "\t=1"])
def test_a_text_is_never_a_formula(public_tables, hostile):
    tables = public_tables(2)
    places = tables.territories.assign(label=hostile)
    body = write_opendata(replace(tables, territories=places))["quartiers.csv"].decode("utf-8-sig")
    cells = [cell.strip('"') for line in body.splitlines()[1:] for cell in line.split(";")]
    assert any(cell.startswith("'") for cell in cells)
    assert not any(cell[:1] in "=@\t" for cell in cells if cell)


def test_maps_hold_what_may_be_mapped_and_say_why_the_rest_is_absent(files, tmp_path):
    path = tmp_path / "territoire.gpkg"
    path.write_bytes(files["territoire.gpkg"])
    assert {name for name, _ in pyogrio.list_layers(path)} >= {"quartiers", "communes"}
    layer = gpd.read_file(path, layer="quartiers")
    assert layer.crs.to_epsg() == 4326
    assert set(layer.columns).isdisjoint(NEVER_MAPPED)
    states = [name for name in layer.columns if name.endswith("_statut")]
    for state in states:
        assert (layer[state.removesuffix("_statut")].isna() == layer[state].ne("")).all()
    with sqlite3.connect(path) as base:
        styles = base.execute("SELECT f_table_name, useAsDefault FROM layer_styles ORDER BY 1").fetchall()
    base.close()
    assert styles == [("communes", 1), ("quartiers", 1)]
    features = json.loads(files["quartiers.geojson"])["features"]
    assert [feature["properties"]["code"] for feature in features] == list(layer["code"])


def test_the_same_tables_give_the_same_bytes(files, public_tables, declared_tables):
    assert write_opendata(declared_tables(public_tables(9))) == files
