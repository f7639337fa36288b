"""Quarters of 2015 and 2024: which comes from which, by how much, and what is carried over."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from diagnostic.errors import TerritoryError
from diagnostic.territory.areal import Kind
from diagnostic.territory.generations import Passage, change, correspondence, overlaps
from diagnostic.territory.links import link_table
from diagnostic.territory.overlay import Squares

SOUTH, WEST = 3_060_000, 3_800_000


def frame(codes, vintage, *boxes, crs="EPSG:3035"):
    shapes = [shapely.box(WEST + left, SOUTH, WEST + right, SOUTH + 200) for left, right in boxes]
    return gpd.GeoDataFrame({"code": codes, "vintage": vintage}, geometry=shapes, crs=crs)


OLD = frame(["QP099001", "QP099002"], 2015, (0, 400), (1000, 1400))
NEW = frame(["QN09901M", "QN09902I", "QN09903N"], 2024, (200, 600), (1000, 1400), (5000, 5400))
LINKS = link_table([
    ("qpv", "QN09901M", 2024, "qpv", "QP099001", 2015, 0, "", "x"),
    ("qpv", "QN09901M", 2024, "qpv", "QP099002", 2015, 1, "", "x"),
    ("qpv", "QN09903N", 2024, "qpv", "QN09903N", 2024, 0, "", "x"),
])  # fmt: skip


@pytest.fixture(scope="module")
def real(real_places):
    return [places[places["level"] == "qpv"] for places, _ in (real_places[2015], real_places[2024])]


def test_shares_of_both():
    table = overlaps(OLD, NEW)
    assert table[["code_2024", "code_2015"]].to_numpy().tolist() == [
        ["QN09901M", "QP099001"], ["QN09902I", "QP099002"],
    ]  # fmt: skip
    assert table["share_of_2024"].tolist() == [0.5, 1]
    assert table["iou"].tolist() == pytest.approx([1 / 3, 1])
    assert table["population_of_2024"].isna().all()


def test_shares_of_population_follow_the_grid():
    grid = Squares(WEST + np.array([0, 200, 400]), np.full(3, SOUTH))
    table = overlaps(OLD, NEW, cells=grid, population=np.array([70.0, 30.0, 10.0]))
    assert table.loc[0, ["population_of_2024", "population_of_2015"]].tolist() == [0.75, 0.3]
    assert np.isnan(table.loc[1, "population_of_2024"])


def test_the_official_table_and_the_outlines_side_by_side():
    table = correspondence(overlaps(OLD, NEW), LINKS).set_index(["code_2024", "code_2015"])
    assert table["official"].tolist() == [True, True, pd.NA]
    assert np.isnan(table.loc[("QN09901M", "QP099002"), "iou"])
    assert table["change"].tolist() == ["modifié", "modifié", "inchangé"]


def test_the_letter_of_a_code():
    assert change("QN97801C") == "suffixe dont le sens n’est pas publié"
    for code in ("QP059001", "QN05901X"):
        with pytest.raises(TerritoryError, match="quartier de 2024"):
            change(code)


def test_real_overlaps_are_those_measured_apart(real, shared):
    measured = overlaps(*real)
    best = measured.sort_values("iou", kind="stable").drop_duplicates("code_2024", keep="last")
    table = pd.read_csv(shared / "real/boundaries/derived_overlap_qp2024_qp2015_metropole.csv", sep=";")
    both = table.merge(best, left_on="code_qp2024", right_on="code_2024", suffixes=("_apart", ""))
    assert len(both) > 1200
    assert (both["meilleur_qp2015"] == both["code_2015"]).all()
    apart = (both["iou"] - both["iou_apart"]).abs()
    assert apart.median() < 0.001
    assert apart.max() < 0.06
    unseen = table[~table["code_qp2024"].isin(best["code_2024"])]
    assert (unseen["iou"].fillna(0) < 0.01).all()
    suffixes = measured.groupby(measured["code_2024"].str[-1])["iou"].median()
    assert suffixes["I"] > 0.95 > suffixes["M"] > 0.6


def test_a_figure_of_2015_reaches_2024_only_as_an_estimate(real):
    values = pd.Series(50.0, real[0]["code"])
    table = Passage(*real).carry(values, kind=Kind.INTENSIVE)
    assert table.index.tolist() == real[1]["code"].tolist()
    assert set(table["status"]) == {"estimated", "missing"}
    assert set(table["vintage"]) == {2024}
    assert table["value"].dropna().to_numpy() == pytest.approx(50)
    assert (table["coverage"] == 0).sum() == (table["status"] == "missing").sum()


def test_counts_are_shared_out_by_area_or_like_the_grid():
    values = pd.Series({"QP099001": 100.0, "QP099002": 8.0})
    by_area = Passage(OLD, NEW).carry(values, kind=Kind.EXTENSIVE)
    assert by_area["value"].tolist() == pytest.approx([50, 8, np.nan], nan_ok=True)
    assert (
        by_area["note"]
        .iloc[0]
        .replace("\u00a0", " ")
        .endswith("par la surface : 50 % de la surface du quartier y était")
    )
    grid = Squares(WEST + np.array([0, 200]), np.full(2, SOUTH))
    passage = Passage(OLD, NEW, cells=grid, population=np.array([70.0, 30.0]))
    like = passage.carry(values, kind=Kind.EXTENSIVE)
    assert like["value"].tolist() == pytest.approx([30, 8, np.nan], nan_ok=True)
    assert "par la population des carreaux" in like["note"].iloc[0]


def test_generations_have_their_place():
    for old, new in ((NEW, OLD), (OLD, OLD), (OLD, NEW.to_crs("EPSG:2154"))):
        with pytest.raises(TerritoryError, match="deux générations"):
            overlaps(old, new)
