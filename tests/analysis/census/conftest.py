"""A fictional census, written once; and tables of a few persons written row by row."""

import pandas as pd
import pytest

from diagnostic.demo.census import layout, write_census
from diagnostic.ingestion.census_detail import open_census

PERSONS = 60_000
PERSON = {
    "CANTVILLE": "9901", "NUMMI": "1", "DEPT": "99", "REGION": "99", "SEXE": "1", "AGEREV": "030", "IMMI": "2",
    "INATC": "1", "DIPL_15": "D", "TACT": "11", "IPONDI": 2.5,
}  # fmt: skip


@pytest.fixture(scope="session")
def census_file(tmp_path_factory):
    return write_census(tmp_path_factory.mktemp("census") / "indcvi.parquet", PERSONS)


@pytest.fixture(scope="session")
def census(census_file):
    return open_census(census_file)


@pytest.fixture(scope="session")
def raw(census_file):
    """The same file as pandas reads it, codes as text."""
    people = pd.read_parquet(census_file)
    return people.astype(dict.fromkeys(people.columns.drop("IPONDI"), str))


@pytest.fixture
def persons(tmp_path):
    """Open a file of a few persons: ``persons({"IMMI": "1"}, {})``; ``columns`` renames some."""

    def write(*rows, columns=None):
        table = pd.DataFrame([PERSON | row for row in rows])
        path = tmp_path / "indcvi.parquet"
        table.rename(columns=columns or {}).to_parquet(path)
        return open_census(path)

    return write


@pytest.fixture(scope="session")
def dictionary(shared):
    """The producer's dictionary of 2016: code to label, by column."""
    path = shared / "real" / "dictionaries" / "RP2016_INDCVI_varmod_from_DoReMIFaSol.csv"
    rows = pd.read_csv(path, sep=";", dtype=str, keep_default_na=False)
    return {
        name: dict(zip(part["COD_MOD"], part["LIB_MOD"], strict=True))
        for name, part in rows.groupby("COD_VAR", sort=False)
    }


@pytest.fixture(scope="session")
def columns():
    return layout()
