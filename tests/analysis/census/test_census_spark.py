"""Spark gives what DuckDB gives, to the last bit."""

import shutil

import pandas as pd
import pytest

from diagnostic.analysis.census import sample, tabulate
from diagnostic.demo.census import write_census
from diagnostic.errors import InputError, ToolError
from diagnostic.ingestion.census_detail import open_census

# pyspark 4 warns of pandas 3 and leaves sockets to the garbage collector; ibis 12 calls a name duckdb 2 renamed.
pytestmark = pytest.mark.filterwarnings("ignore")
MASTER = "local[2]"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    pytest.importorskip("pyspark", reason="Spark is optional: pip install 'ibis-framework[pyspark]'")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java 17, which is not on this machine")
    folder = tmp_path_factory.mktemp("spark")
    return [write_census(folder / f"indcvi.{kind}", 8000) for kind in ("parquet", "csv")]


def test_counts_are_those_of_duckdb(files):
    by = ["canton", "sex", "age", "immigration", "nationality", "diploma", "activity"]
    for file in files:
        found = [tabulate(open_census(file, engine=engine), by) for engine in ("duckdb", MASTER)]
        pd.testing.assert_frame_equal(*found, check_exact=True)


def test_samples_are_those_of_duckdb(files):
    kept = {"canton": ["9902"], "age": ["from_25_to_54"]}
    one, two = (sample(open_census(files[0], engine=engine), ["sex"], keep=kept) for engine in ("duckdb", MASTER))
    pd.testing.assert_frame_equal(one.frame, two.frame, check_exact=True)


def test_faults_are_said_alike(files, tmp_path):
    raw = pd.read_csv(files[1], sep=";", dtype=str)
    raw.loc[0, "IMMI"] = "7"
    raw.to_csv(tmp_path / "wrong.csv", sep=";", index=False)
    for engine in ("duckdb", MASTER):
        with pytest.raises(InputError, match=r"IMMI.*'7'"):
            tabulate(open_census(tmp_path / "wrong.csv", engine=engine), ["immigration"])


def test_another_address_is_not_silently_the_first(files):
    open_census(files[0], engine=MASTER)
    with pytest.raises(ToolError, match="autre adresse"):
        open_census(files[0], engine="local[1]")
