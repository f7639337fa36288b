"""Points in quarters: the public reference points, the border, what is undecided, and a plain join as judge."""

import json

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from diagnostic.errors import TerritoryError
from diagnostic.territory import points
from diagnostic.territory.points import STATUSES, locate

LAMBERT, LONLAT = "EPSG:2154", "EPSG:4326"
SOUTH, WEST = 7_000_000, 700_000


def quarters(*shapes, vintage=2015, crs=LAMBERT):
    codes = [f"QP09900{number}" for number in range(1, len(shapes) + 1)]
    return gpd.GeoDataFrame({"code": codes, "vintage": vintage}, geometry=list(shapes), crs=crs)


def square(left, bottom, right, top):
    return shapely.box(WEST + left, SOUTH + bottom, WEST + right, SOUTH + top)


def found_at(pairs, home, *, crs=LAMBERT, **more):
    x, y = np.array(pairs, dtype=float).T + np.array([[WEST], [SOUTH]])
    return locate(x, y, quarters=home, generation=2015, crs=crs, **{"tolerance": 0} | more)


def words(found):
    return [STATUSES[status] for status in found.statuses]


def test_the_reference_points(shared, real_places):
    reference = json.loads((shared / "reference/geography/qpv_points.json").read_text(encoding="utf-8"))
    outlines = real_places[2015][0]
    outlines = outlines[outlines["level"] == "qpv"]
    listed = reference["points"]
    table = locate(
        np.array([one["lon"] for one in listed]), np.array([one["lat"] for one in listed]),
        quarters=outlines, generation=2015, crs=reference["crs"], tolerance=0,
    ).table()  # fmt: skip
    assert table["code"].astype(object).fillna("").tolist() == [one["expect"] or "" for one in listed]
    assert set(table["generation"]) == {2015}


@pytest.mark.parametrize(("crs", "places"), [(LAMBERT, ["59", "62"]), (LONLAT, ["59", "974"])])
def test_every_real_outline_answers_as_a_plain_join(real_places, crs, places):
    outlines = real_places[2015][0]
    prefixes = tuple(f"QP{place.zfill(3)}" for place in places)
    outlines = outlines[(outlines["level"] == "qpv") & outlines["code"].str.startswith(prefixes)]
    local = outlines.to_crs(crs)
    random = np.random.default_rng(0)
    middles = shapely.get_coordinates(local.representative_point().to_numpy())
    spread = 800 if crs == LAMBERT else 0.008
    xy = np.repeat(middles, 60, axis=0)
    xy = xy + random.normal(0, spread, xy.shape)
    found = locate(*xy.T, quarters=outlines, generation=2015, crs=crs, tolerance=0)
    plain = gpd.sjoin(
        gpd.GeoDataFrame(geometry=gpd.points_from_xy(*xy.T), crs=crs), local[["code", "geometry"]], how="left"
    )
    single = ~plain.index.duplicated(keep=False)
    expected = plain["code"][single].fillna("")
    got = found.table()["code"].astype(object).fillna("")[single]
    assert (got == expected).all()
    assert 0.1 < (got != "").mean() < 0.9


def test_a_point_near_the_border_is_undecided_and_the_distance_is_signed():
    home = quarters(square(0, 0, 1000, 1000))
    found = found_at(
        [(500, 500), (995, 500), (1005, 500), (1030, 500), (5000, 5000)], home, tolerance=10, reach=50
    )
    assert words(found) == ["inside", "undecided", "undecided", "outside", "outside"]
    assert found.codes.tolist() == [0, 0, 0, -1, -1]
    assert found.distance == pytest.approx([np.nan, -5, 5, 30, np.nan], nan_ok=True)


def test_without_tolerance_the_border_is_inside_and_nothing_is_measured():
    found = found_at([(1000, 500), (1000.001, 500)], quarters(square(0, 0, 1000, 1000)))
    assert words(found) == ["inside", "outside"]
    assert np.isnan(found.distance).all()


def test_a_point_in_two_outlines_is_undecided():
    found = found_at([(50, 50), (150, 50)], quarters(square(0, 0, 100, 100), square(30, 0, 200, 100)))
    assert words(found) == ["undecided", "inside"]
    assert found.codes.tolist() == [0, 1]


def test_a_hole_is_outside():
    ring = square(0, 0, 1000, 1000).difference(square(400, 400, 600, 600))
    assert words(found_at([(500, 500), (300, 300)], quarters(ring))) == ["outside", "inside"]


def test_an_absent_coordinate_is_unknown():
    found = found_at([(np.nan, 500), (500, np.inf), (500, 500)], quarters(square(0, 0, 1000, 1000)))
    assert words(found) == ["unknown", "unknown", "inside"]
    assert found.codes.tolist() == [-1, -1, 0]


@given(st.integers(0, 10_000), st.floats(0, 80))
def test_the_distance_is_that_of_the_nearest_border(seed, tolerance):
    random = np.random.default_rng(seed)
    discs = shapely.buffer(
        shapely.points(np.add(random.uniform(0, 1500, (4, 2)), (WEST, SOUTH))), random.uniform(30, 300, 4)
    )
    home = quarters(*discs)
    x, y = random.uniform(-200, 1700, (2, 50)) + np.array([[WEST], [SOUTH]])
    found = locate(x, y, quarters=home, generation=2015, crs=LAMBERT, tolerance=tolerance, reach=120)
    spots = shapely.points(x, y)
    nearest = shapely.distance(spots[:, None], shapely.boundary(discs)[None]).min(axis=1)
    held = shapely.intersects(spots[:, None], discs[None]).sum(axis=1)
    expected = np.where(nearest <= 120, np.where(held > 0, -nearest, nearest), np.nan)
    assert found.distance == pytest.approx(expected, nan_ok=True, abs=1e-3)
    undecided = (held > 1) | ((nearest <= tolerance) & (tolerance > 0))
    told = np.select([undecided, held == 1], ["undecided", "inside"], "outside")
    sure = np.abs(nearest - tolerance) > 1e-6
    assert (np.array(words(found))[sure] == told[sure]).all()


def test_chunks_and_order_do_not_matter(monkeypatch):
    home = quarters(square(0, 0, 700, 1000), square(800, 0, 1500, 900))
    pairs = np.random.default_rng(1).uniform(-300, 1800, (500, 2))
    whole = found_at(pairs, home, tolerance=20)
    monkeypatch.setattr(points, "CHUNK", 7)
    small = found_at(pairs[::-1], home, tolerance=20)
    assert (small.codes[::-1] == whole.codes).all()
    assert (small.statuses[::-1] == whole.statuses).all()
    assert small.distance[::-1] == pytest.approx(whole.distance, nan_ok=True)


def test_metres_are_metres_far_from_france():
    island = quarters(shapely.box(55.45, -20.91, 55.46, -20.90), crs=LONLAT)
    step = 30 / (111_320 * np.cos(np.radians(20.905)))
    found = locate(
        np.array([55.46 + step]), np.array([-20.905]), quarters=island, generation=2015, crs=LONLAT,
        tolerance=5, reach=100,
    )  # fmt: skip
    assert found.distance == pytest.approx([30], abs=0.5)


def test_outlines_of_an_island_hold_no_point_in_lambert():
    both = quarters(
        shapely.box(3.05, 50.62, 3.06, 50.63), shapely.box(55.45, -20.91, 55.46, -20.90), crs=LONLAT
    )  # fmt: skip
    inside = both.to_crs(LAMBERT).geometry.iloc[0].centroid
    found = locate(
        np.array([inside.x]), np.array([inside.y]), quarters=both, generation=2015, crs=LAMBERT, tolerance=0
    )
    assert found.codes.tolist() == [0]


def test_two_generations_never_meet():
    home = quarters(square(0, 0, 1, 1), vintage=2024)
    with pytest.raises(TerritoryError, match="génération"):
        found_at([(0, 0)], home)
    with pytest.raises(TerritoryError, match="système de coordonnées"):
        found_at([(0, 0)], quarters(square(0, 0, 1, 1), crs=None))


def test_swapped_columns_are_noticed():
    home = quarters(shapely.box(3.05, 50.62, 3.06, 50.63), crs=LONLAT)
    with pytest.raises(TerritoryError, match="inversées"):
        locate(np.array([50.625]), np.array([3.055]), quarters=home, generation=2015, crs=LONLAT, tolerance=0)
