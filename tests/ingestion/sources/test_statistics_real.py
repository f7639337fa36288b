"""Real files of incomes by Iris, squares, schools and offences, read whole and judged against a plain reading."""

import csv
from collections import Counter

import geopandas as gpd
import numpy as np
import pytest

from diagnostic.ingestion.document import open_document
from diagnostic.ingestion.grid import squares
from diagnostic.ingestion.source import SOURCES
from diagnostic.ingestion.store import read_cells, read_near, write_table
from diagnostic.schemas import check_measures

REAL = {
    "filosofi/BASE_TD_FILO_DISP_IRIS_2019.csv": ("insee_filosofi_iris", "2019", 12_481 * 27),
    "education/fr-en-ips_ecoles_2022.csv": ("depp_ips", "2021", 32_091),
    "education/fr-en-ips_colleges_2022.csv": ("depp_ips", "2021", 6_967),
    "ssmsi/donnee-dep-2023.csv": ("ssmsi_crime", "2023", 2 * 16 * 8 * 101),
    "ssmsi/donnee-reg-2023.csv": ("ssmsi_crime", "2023", 2 * 16 * 8 * 18),
}


def plain(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


def tables(path):
    document = open_document(path)
    (recognition,) = (found for source in SOURCES if (found := source.recognise(document)) is not None)
    return recognition, SOURCES[recognition.source].read(document, recognition)


@pytest.mark.parametrize("name", REAL)
def test_each_file_is_known_by_its_hash_and_read_whole(shared, name):
    source, edition, rows = REAL[name]
    recognition, found = tables(shared / "real" / name)
    assert (recognition.source, recognition.edition) == (source, edition)
    assert recognition.basis == "empreinte connue"
    assert not recognition.fictional
    assert len(check_measures(found.measures, where=name)) == rows


def number(text):
    return float(text.replace(",", "."))


def test_no_income_by_iris_is_lost_or_changed(shared):
    path = shared / "real" / "filosofi/BASE_TD_FILO_DISP_IRIS_2019.csv"
    raw, rows = plain(path), tables(path)[1].measures
    by_name = {
        "DISP_TP6019": "poverty_rate", "DISP_MED19": "disposable_income_median",
        "DISP_D919": "disposable_income_d9",
        "DISP_S80S2019": "s80_s20_ratio", "DISP_GI19": "gini_index", "DISP_PIMPOT19": "taxes_share",
    }  # fmt: skip
    for column, variable in by_name.items():
        ours = rows[rows["variable"] == variable].set_index("code")["value"].dropna().to_dict()
        assert ours == {row["IRIS"]: number(row[column]) for row in raw if row[column]}
    absent = rows[rows["value"].isna()]
    assert set(absent["status"]) == {"not_released"}
    empty = Counter(row["DISP_NOTE19"] for row in raw for name, cell in row.items() if not cell)
    assert dict(Counter(absent["note"])) == {f"NOTE={note}": count for note, count in empty.items()}


@pytest.mark.parametrize(
    ("name", "code", "period", "variable", "value"),
    [
        ("filosofi/BASE_TD_FILO_DISP_IRIS_2019.csv", "593500104", 2019, "disposable_income_median", 26_380),
        ("filosofi/BASE_TD_FILO_DISP_IRIS_2019.csv", "595120201", 2019, "poverty_rate", 59.0),
        ("filosofi/BASE_TD_FILO_DISP_IRIS_2019.csv", "595120101", 2019, "social_benefits_share", 27.2),
        ("education/fr-en-ips_colleges_2022.csv", "0590131X", 2021, "college_social_position_index", 86.4),
        ("education/fr-en-ips_colleges_2022.csv", "0595394T", 2021, "college_social_position_index", 127.6),
        ("education/fr-en-ips_ecoles_2022.csv", "0591382G", 2021, "school_social_position_index", 98.9),
        ("ssmsi/donnee-dep-2023.csv", "59", 2023, "recorded_homicides", 43),
        ("ssmsi/donnee-dep-2023.csv", "62", 2020, "recorded_armed_robberies_rate", 0.0615524765638945),
        ("ssmsi/donnee-reg-2023.csv", "32", 2023, "recorded_sexual_violence", 9_702),
    ],
)
def test_figures_read_by_hand(shared, *, name, code, period, variable, value):
    rows = tables(shared / "real" / name)[1].measures
    found = rows[(rows["code"] == code) & (rows["period"] == period) & (rows["variable"] == variable)]
    assert found["value"].tolist() == [value]


def test_offences_add_up_to_those_of_the_file(shared):
    path = shared / "real" / "ssmsi/donnee-dep-2023.csv"
    raw, rows = plain(path), tables(path)[1].measures
    placed = [row for row in raw if row["Code.département"] != "NA"]
    assert len(raw) - len(placed) == 128
    counts = rows[rows["unit"] == "offences"]
    assert counts["value"].sum() == sum(number(row["faits"]) for row in placed)


def test_schools_of_lille_lie_in_lille(shared):
    links = tables(shared / "real" / "education/fr-en-ips_ecoles_2022.csv")[1].links
    raw = plain(shared / "real" / "education/fr-en-ips_ecoles_2022.csv")
    ours = set(links[(links["parent_level"] == "commune") & (links["parent_code"] == "59350")]["code"])
    assert ours == {row["UAI"] for row in raw if row["Code INSEE de la commune"] == "59350"}
    assert len(ours) == 64


@pytest.fixture(scope="module")
def lille(shared):
    path = shared / "real" / "grid/mel_lille.gpkg"
    recognition, found = tables(path)
    assert (recognition.source, recognition.edition, recognition.basis) == (
        "insee_filosofi_grid", "2017", "empreinte connue",
    )  # fmt: skip
    return found.cells, gpd.read_file(path, layer="enriched_grid")


def test_squares_of_the_lille_area(lille):
    table, raw = lille
    assert len(table) == 9_096
    assert int(table["imputed"].sum()) == 3_564
    assert table["persons"].sum() == 1_099_836.5
    first = table[table["cell_id"] == "CRS3035RES200mN3068000E3817600"].iloc[0]
    assert (first["x"], first["y"], first["persons"]) == (3_817_600, 3_068_000, 156.5)
    assert first["mean_living_standard"] == pytest.approx(20_089.86, abs=0.005)
    np.testing.assert_array_equal(table["persons"], raw["num_people"])


def test_squares_drawn_from_their_corner_are_those_published(lille):
    table, raw = lille
    drawn = squares(table).to_crs(raw.crs)
    apart = drawn.geometry.symmetric_difference(raw.geometry).area
    assert apart.max() < 1e-4  # square metres, of 40,000: rounding of the projection


def test_squares_are_read_back_by_their_corner(lille, tmp_path):
    table, _ = lille
    write_table(tmp_path / "cells.parquet", table)
    bounds = (3_830_000, 3_080_000, 3_832_000, 3_083_000)
    near = read_cells(tmp_path / "cells.parquet", bounds)
    wanted = table[table["x"].between(bounds[0], bounds[2]) & table["y"].between(bounds[1], bounds[3])]
    assert 0 < len(near) < len(table)
    assert near["cell_id"].tolist() == wanted["cell_id"].tolist()


@pytest.mark.parametrize(
    "name", ["filosofi/BASE_TD_FILO_DISP_IRIS_2019.csv", "education/fr-en-ips_ecoles_2022.csv"]
)
def test_only_the_departments_at_hand_are_read_back(shared, tmp_path, name):
    rows = tables(shared / "real" / name)[1].measures
    write_table(tmp_path / "measures.parquet", rows)
    near = read_near(tmp_path / "measures.parquet", ["59", "02"])
    starts = ("59", "02") if "IRIS" in name else ("059", "002")
    assert near["code"].tolist() == rows[rows["code"].str.startswith(starts)]["code"].tolist()
    assert len(near) > 500
