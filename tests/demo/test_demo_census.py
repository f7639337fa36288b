"""The fictional census: same seed, same persons; whole households; the law it says."""

import pandas as pd
import pytest

from diagnostic.demo import census
from diagnostic.demo.census import CHUNK, layout, write_census


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    table = pd.read_parquet(write_census(tmp_path_factory.mktemp("people") / "p.parquet", 30_000))
    return table.astype(dict.fromkeys(table.columns.drop("IPONDI"), str))


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    one, two, other = (write_census(tmp_path / f"{name}.csv", 800, seed=seed) for name, seed in
                       (("one", 1), ("two", 1), ("other", 2)))  # fmt: skip
    assert one.read_bytes() == two.read_bytes() != other.read_bytes()


def test_a_csv_is_as_published(tmp_path):
    lines = write_census(tmp_path / "p.csv", 40).read_text("utf-8").splitlines()
    assert lines[0].split(";") == list(layout())
    assert len(lines) == 41
    assert '"' not in "".join(lines)


def test_a_file_longer_than_a_part_has_its_rows(tmp_path, monkeypatch):
    monkeypatch.setattr(census, "CHUNK", 700)
    assert CHUNK > 700
    table = pd.read_parquet(write_census(tmp_path / "p.parquet", 2000))
    assert len(table) == 2000
    assert table.groupby("NUMMI", observed=True)["CANTVILLE"].nunique().drop("Z").max() == 1


def test_codes_are_those_of_the_layout(people):
    for name, codes in layout().items():
        assert not codes or set(people[name]) <= set(codes)


def test_everybody_is_of_the_fictional_department(people):
    assert set(people["DEPT"]) == {"99"} == set(people["REGION"])
    assert people["CANTVILLE"].str.startswith("99").all()


def test_children_have_no_activity_nor_diploma(people):
    young = people["AGEREV"].astype(int) < 14
    assert young.any()
    assert set(people.loc[young, "TACT"]) == {"23"}
    assert set(people.loc[young, "DIPL_15"]) == {"Z"}
    assert not people.loc[~young, "TACT"].eq("23").any()


def test_persons_of_a_household_share_its_weight(people):
    shared = people[people["NUMMI"] != "Z"].groupby("NUMMI")["IPONDI"].nunique()
    assert (shared == 1).all()
    assert (people[people["NUMMI"] != "Z"].groupby("NUMMI").size() > 1).any()
