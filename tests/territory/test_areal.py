"""Areal interpolation: totals conserved, order without effect, hidden and imputed parts said."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostic.errors import TerritoryError
from diagnostic.territory.areal import TRANSFER_COLUMNS, Kind, transfer
from diagnostic.territory.overlay import Squares, dasymetric, overlay
from diagnostic.territory.squares import covered_cells

LAMBERT, GRID = "EPSG:2154", "EPSG:3035"
EXACT = 1e-9


def outlines(shapes, *, crs=LAMBERT, prefix="T"):
    names = [f"{prefix}{number}" for number in range(len(shapes))]
    return gpd.GeoSeries(list(shapes), index=names, crs=crs)


@st.composite
def partitions(draw, *, side=1000.0):
    """Cut a square into cells that fill it exactly: the pieces between random points."""
    count = draw(st.integers(2, 12))
    seed = draw(st.integers(0, 2**32 - 1))
    points = shapely.multipoints(np.random.default_rng(seed).uniform(0, side, (count, 2)))
    whole = shapely.box(0, 0, side, side)
    pieces = shapely.intersection(
        shapely.get_parts(shapely.voronoi_polygons(points, extend_to=whole)), whole
    )  # fmt: skip
    return pieces[shapely.area(pieces) > 0]


def counts(draw_seed, size):
    return np.random.default_rng(draw_seed).gamma(0.5, 1000, size)


@given(partitions(), partitions(), st.integers(0, 1000))
def test_totals_are_conserved(pieces, others, seed):
    sources, targets = outlines(pieces, prefix="S"), outlines(others)
    values = pd.Series(counts(seed, len(sources)), sources.index)
    table = transfer(overlay(sources, targets), values, kind=Kind.EXTENSIVE)
    assert table["value"].sum() == pytest.approx(values.sum(), rel=EXACT)
    assert list(table.columns) == TRANSFER_COLUMNS
    assert set(table["status"]) == {"estimated"}
    assert table["coverage"].to_numpy() == pytest.approx(1)


@given(partitions(), st.integers(0, 1000))
def test_what_no_target_receives_is_left_over(pieces, seed):
    sources = outlines(pieces, prefix="S")
    target = outlines([shapely.box(100, 100, 700, 650)])
    values = pd.Series(counts(seed, len(sources)), sources.index)
    found = overlay(sources, target)
    table = transfer(found, values, kind=Kind.EXTENSIVE)
    assert table["value"].sum() + found.leftover @ values == pytest.approx(values.sum(), rel=EXACT)


@given(partitions(), st.data())
def test_a_union_of_sources_gets_their_exact_sum(pieces, data):
    sources = outlines(pieces, prefix="S")
    inside = data.draw(st.lists(st.booleans(), min_size=len(pieces), max_size=len(pieces)).filter(any))
    target = outlines([shapely.union_all(pieces[np.array(inside)])])
    values = pd.Series(np.arange(1.0, len(sources) + 1), sources.index)
    table = transfer(overlay(sources, target), values, kind=Kind.EXTENSIVE)
    assert table["value"].iloc[0] == pytest.approx(values[inside].sum(), rel=1e-7)
    assert table["cut"].iloc[0] < 1e-6


@given(partitions(), partitions(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(pieces, others, random):
    sources, targets = outlines(pieces, prefix="S"), outlines(others)
    values = pd.Series(np.arange(1.0, len(sources) + 1), sources.index)
    statuses = pd.Series(
        random.choices(["observed", "imputed", "suppressed"], k=len(sources)), sources.index
    )  # fmt: skip
    limits = (values * 0.5, values * 2.0)

    def mixed(table):
        order = list(range(len(table)))
        random.shuffle(order)
        return table.iloc[order]

    for kind in Kind:
        first = transfer(overlay(sources, targets), values, kind=kind, statuses=statuses, limits=limits)
        again = transfer(
            overlay(mixed(sources), mixed(targets)),
            mixed(values),
            kind=kind,
            statuses=mixed(statuses),
            limits=limits,
        )
        pd.testing.assert_frame_equal(first, again.loc[first.index], rtol=EXACT)


@given(partitions(), partitions(), st.integers(0, 1000))
def test_splitting_a_source_changes_nothing(pieces, others, seed):
    sources, targets = outlines(pieces, prefix="S"), outlines(others)
    values = pd.Series(counts(seed, len(sources)), sources.index)
    west, south, east, north = pieces[0].bounds
    halves = [
        shapely.intersection(pieces[0], shapely.box(left, south, right, north))
        for left, right in ((west, (west + east) / 2), ((west + east) / 2, east))
    ]
    cut = outlines([*halves, *pieces[1:]], prefix="S")
    areas = shapely.area(halves)
    split = pd.Series([*(values.iloc[0] * areas / areas.sum()), *values.iloc[1:]], cut.index)
    rate = pd.Series([7.0, 7.0, *np.arange(len(pieces) - 1)], cut.index)
    whole = pd.Series(rate.to_numpy()[1:], sources.index)
    for kind, before, after in ((Kind.EXTENSIVE, values, split), (Kind.INTENSIVE, whole, rate)):
        first = transfer(overlay(sources, targets), before, kind=kind)
        again = transfer(overlay(cut, targets), after, kind=kind)
        assert again["value"].to_numpy() == pytest.approx(first["value"].to_numpy(), rel=1e-7, abs=1e-7)


@given(partitions(), st.floats(-1e4, 1e4, allow_subnormal=False))
def test_a_constant_rate_stays_constant(pieces, rate):
    sources = outlines(pieces, prefix="S")
    target = outlines([shapely.box(-500, 200, 600, 900)])
    table = transfer(overlay(sources, target), pd.Series(rate, sources.index), kind=Kind.INTENSIVE)
    assert table["value"].iloc[0] == pytest.approx(rate)
    assert table["coverage"].iloc[0] == pytest.approx(600 / 1100)


# The grid.


@st.composite
def gridded(draw):
    """Squares of 200 m of a plain, some absent, with their inhabitants."""
    seed = draw(st.integers(0, 2**32 - 1))
    random = np.random.default_rng(seed)
    column, row = np.meshgrid(np.arange(20), np.arange(15))
    kept = random.random(column.size) < draw(st.floats(0.2, 1.0))
    kept[0] = True
    x, y = (3_800_000 + 200 * column.ravel()[kept], 3_060_000 + 200 * row.ravel()[kept])
    return Squares(x, y), random.gamma(0.5, 40, kept.sum())


def blob(seed):
    random = np.random.default_rng(seed)
    middle = np.array([3_802_000, 3_061_500])
    discs = shapely.buffer(shapely.points(middle + random.normal(0, 700, (6, 2))), random.uniform(20, 600, 6))
    holes = shapely.buffer(shapely.points(middle + random.normal(0, 700, (3, 2))), random.uniform(20, 200, 3))
    return shapely.difference(shapely.union_all(discs), shapely.union_all(holes))


@given(gridded(), st.integers(0, 10_000))
def test_squares_agree_with_the_intersection_of_polygons(grid, seed):
    squares, persons = grid
    targets = outlines([blob(seed), blob(seed + 1)], crs=GRID)
    cells = gpd.GeoSeries(
        shapely.box(squares.x, squares.y, squares.x + 200, squares.y + 200), crs=GRID
    )  # fmt: skip
    fast = transfer(overlay(squares, targets), pd.Series(persons), kind=Kind.EXTENSIVE)
    slow = transfer(overlay(cells, targets), pd.Series(persons), kind=Kind.EXTENSIVE)
    known = slow["value"].notna()
    pd.testing.assert_frame_equal(fast[known], slow[known], rtol=1e-7, atol=1e-7)


@given(gridded(), st.integers(0, 10_000))
def test_targets_that_fill_the_plain_share_out_the_whole_grid(grid, seed):
    squares, persons = grid
    plain, part = shapely.box(3_799_000, 3_059_000, 3_805_000, 3_064_000), blob(seed)
    found = overlay(squares, outlines([part, shapely.difference(plain, part)], crs=GRID))
    table = transfer(found, pd.Series(persons), kind=Kind.EXTENSIVE)
    assert table["value"].sum() == pytest.approx(persons.sum(), rel=EXACT)
    assert found.leftover == pytest.approx(0, abs=1e-12)


@settings(max_examples=60)
@given(st.integers(0, 10_000), st.sampled_from([0, 1, 50, 200]), st.sampled_from([(200, 200), (37, 111)]))
def test_coverage_of_cells_is_exact(seed, snap, size):
    shape = shapely.set_precision(blob(seed), snap) if snap else blob(seed)
    found = covered_cells(np.array([shape]), width=size[0], height=size[1])
    west, south = found.column * size[0], found.row * size[1]
    boxes = shapely.box(west, south, west + size[0], south + size[1])
    real = shapely.area(shapely.intersection(boxes, shape)) / (size[0] * size[1])
    assert found.share == pytest.approx(real, abs=1e-7)
    assert found.share.sum() * size[0] * size[1] == pytest.approx(shape.area, rel=EXACT)
    assert (found.share[~found.crossed] == 1).all()


def test_a_corner_off_the_grid_or_repeated_is_refused():
    with pytest.raises(TerritoryError, match="hors de leur grille"):
        Squares(np.array([3_800_050]), np.array([3_060_000]))
    with pytest.raises(TerritoryError, match="répétés"):
        Squares(np.array([200, 200]), np.array([0, 0]))


# Like a population.


def test_the_population_decides_where_area_cannot():
    iris = outlines([shapely.box(0, 0, 800, 200)], crs=GRID, prefix="I")
    quarter = outlines([shapely.box(600, 0, 800, 200)], crs=GRID)
    grid = Squares(np.array([0, 600]), np.array([0, 0]))
    found = dasymetric(iris, quarter, cells=grid, population=np.array([10.0, 90.0]))
    table = transfer(found, pd.Series({"I0": 1000.0}), kind=Kind.EXTENSIVE)
    assert table.loc["T0", "value"] == pytest.approx(900)
    assert overlay(iris, quarter).share.tolist() == [0.25]


@given(gridded(), partitions(side=4000.0), partitions(side=4000.0))
def test_sharing_out_like_a_population_conserves_totals(grid, pieces, others):
    squares, persons = grid

    def moved(shapes, prefix):
        return outlines(
            shapely.transform(shapes, lambda xy: np.add(xy, (3_800_000, 3_060_000))), crs=GRID, prefix=prefix
        )

    sources, targets = moved(pieces, "S"), moved(others, "T")
    values = pd.Series(np.arange(1.0, len(sources) + 1), sources.index)
    found = dasymetric(sources, targets, cells=squares, population=persons)
    table = transfer(found, values, kind=Kind.EXTENSIVE)
    assert table["value"].sum() == pytest.approx(values.sum(), rel=EXACT)


@pytest.mark.parametrize("population", [[1.0], [1.0, -1.0], [1.0, np.nan]])
def test_a_population_must_be_whole(population):
    iris = outlines([shapely.box(0, 0, 400, 200)], crs=GRID)
    grid = Squares(np.array([0, 200]), np.array([0, 0]))
    with pytest.raises(TerritoryError, match="population de carreaux"):
        dasymetric(iris, iris, cells=grid, population=np.array(population))


# Hidden, imputed, absent.

ROW = outlines([shapely.box(100 * k, 0, 100 * (k + 1), 100) for k in range(4)], prefix="S")
WIDE = outlines([shapely.box(0, 0, 400, 100)])
VALUES = pd.Series([10.0, 20.0, np.nan, 40.0], ROW.index)


def carried(statuses, **more):
    return transfer(
        overlay(ROW, WIDE), VALUES, statuses=pd.Series(statuses, ROW.index), **{"kind": Kind.EXTENSIVE} | more
    ).loc["T0"]


def test_a_hidden_count_is_not_zero():
    row = carried(["observed", "observed", "suppressed", "imputed"])
    assert np.isnan(row["value"])
    assert row["status"] == "suppressed"
    assert row["low"] == 30
    assert np.isnan(row["high"])
    assert (row["quality"], row["imputed"], row["hidden"]) == (0.5, 0.25, 0.25)


def test_limits_bound_what_is_hidden_or_imputed():
    row = carried(["observed", "observed", "suppressed", "imputed"], limits=(1.0, 50.0))
    assert row["status"] == "estimated"
    assert (row["low"], row["value"], row["high"]) == (32, 95.5, 130)


def test_the_strongest_reason_is_said():
    assert carried(["observed", "not_released", "missing", "observed"])["status"] == "not_released"
    assert carried(["observed", "missing", "suppressed", "not_released"])["status"] == "suppressed"


def test_a_mean_needs_enough_known_sources():
    statuses = ["observed", "observed", "suppressed", "observed"]
    assert carried(statuses, kind=Kind.INTENSIVE)["status"] == "suppressed"
    row = carried(statuses, kind=Kind.INTENSIVE, least=0.7, limits=(0.0, 100.0))
    assert row["value"] == pytest.approx(70 / 3)
    assert (row["low"], row["high"]) == (pytest.approx(70 / 4), pytest.approx(170 / 4))


def test_a_weight_decides_the_mean_and_the_shares():
    weight = pd.Series([1.0, 1.0, 0.0, 2.0], ROW.index)
    row = carried(["observed", "imputed", "suppressed", "observed"], kind=Kind.INTENSIVE, weight=weight)
    assert row["value"] == pytest.approx((10 + 20 + 80) / 4)
    assert (row["quality"], row["imputed"], row["hidden"]) == (0.75, 0.25, 0)
    with pytest.raises(TerritoryError, match="pondération"):
        carried(["observed"] * 4, weight=weight.drop("S0"))


def test_what_does_not_apply_weighs_nothing():
    row = carried(["observed", "observed", "not_applicable", "observed"])
    assert (row["value"], row["status"], row["quality"]) == (70, "estimated", 1)
    alone = transfer(
        overlay(ROW, ROW[["S2"]]), VALUES, kind=Kind.INTENSIVE,
        statuses=pd.Series("not_applicable", ROW.index),
    )  # fmt: skip
    assert alone["status"].tolist() == ["not_applicable"]


def test_a_target_without_source_is_missing_and_a_part_is_said():
    targets = outlines([shapely.box(5000, 0, 5100, 100), shapely.box(300, 0, 500, 100)])
    table = transfer(overlay(ROW, targets), VALUES, kind=Kind.EXTENSIVE)
    assert table["status"].tolist() == ["missing", "estimated"]
    assert table["coverage"].tolist() == [0, 0.5]
    assert table.loc["T1", "value"] == 40
    assert table.loc["T0", ["low", "high", "quality"]].isna().all()


def test_a_repeated_place_is_refused():
    with pytest.raises(TerritoryError, match="répétés"):
        transfer(overlay(ROW, WIDE), pd.concat([VALUES, VALUES]), kind=Kind.EXTENSIVE)


@pytest.mark.parametrize("other", [GRID, "EPSG:4326", None])
def test_two_reference_systems_never_meet(other):
    with pytest.raises(TerritoryError, match="systèmes de coordonnées"):
        overlay(ROW, gpd.GeoSeries(WIDE.to_numpy(), crs=other))
    if other != GRID:
        with pytest.raises(TerritoryError, match="systèmes de coordonnées"):
            overlay(gpd.GeoSeries(ROW.to_numpy(), crs=other), gpd.GeoSeries(WIDE.to_numpy(), crs=other))


def test_an_outline_without_surface_is_refused():
    bow = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    for shape in (bow, shapely.Point(0, 0), None):
        with pytest.raises(TerritoryError, match="sans surface"):
            overlay(ROW, outlines([shape]))
