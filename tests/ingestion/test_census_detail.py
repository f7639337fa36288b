"""Opening the census file: what can be wrong with it, or with the machine."""

import sys

import pytest

from diagnostic.demo.census import layout, write_census
from diagnostic.errors import InputError, ToolError
from diagnostic.ingestion.census_detail import open_census

pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("déjà là")
    return {kind: write_census(folder / f"rp détail.{kind}", 500) for kind in ("parquet", "csv")}


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_all_columns_are_there_as_text(files, kind):
    table = open_census(files[kind])
    assert list(table.columns) == list(layout())
    assert table["REGION"].type().is_string()
    assert table.count().to_pyarrow().as_py() == 500


def test_an_absent_file_is_said(tmp_path):
    with pytest.raises(InputError, match=r"introuvable.*rien.parquet"):
        open_census(tmp_path / "rien.parquet")


def test_an_archive_is_to_be_unpacked(tmp_path):
    (tmp_path / "RP2016_INDCVI_csv.zip").write_bytes(b"PK")
    with pytest.raises(InputError, match="décompressez"):
        open_census(tmp_path / "RP2016_INDCVI_csv.zip")


@pytest.mark.parametrize("kept", [0, 3, 4, 2000])
def test_a_cut_parquet_is_told_before_it_is_read(files, tmp_path, kept):
    (tmp_path / "cut.parquet").write_bytes(files["parquet"].read_bytes()[:kept])
    with pytest.raises(InputError, match=r"illisible.*cut.parquet"):
        open_census(tmp_path / "cut.parquet")


def test_another_separator_is_told(files, tmp_path):
    text = files["csv"].read_text("utf-8").replace(";", "\t")
    (tmp_path / "tabs.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="une seule colonne"):
        open_census(tmp_path / "tabs.csv")


def test_without_ibis_the_extra_is_named(files, monkeypatch):
    monkeypatch.setitem(sys.modules, "ibis", None)
    with pytest.raises(ToolError, match=r"diagnostic-territorial\[scale\]"):
        open_census(files["csv"])


def test_without_spark_duckdb_is_said_to_suffice(files, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.setitem(sys.modules, "pyspark.errors", None)
    with pytest.raises(ToolError, match=r"DuckDB suffit.*pyspark"):
        open_census(files["csv"], engine="spark://ailleurs:7077")
