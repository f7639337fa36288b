"""The polygons: what must touch touches, what must be apart is, and the broken one stays broken in the file."""

import json

import numpy as np
import pyogrio
import pytest
import shapely

from diagnostic.demo.outlines import draw_outlines
from diagnostic.demo.places import INVALID_QUARTER, MULTIPOLYGON_QUARTER, QUARTERS


def layer(territory, name):
    return pyogrio.read_dataframe(f"/vsizip/{territory / 'qp-politiquedelaville-shp.zip'}/{name}.shp")


@pytest.fixture(scope="module")
def quarters(territory):
    return layer(territory, "QP_METROPOLE_LB93").set_index("CODE_QP")


def test_read_by_gdal_with_names_and_reference_systems(territory, quarters):
    assert quarters.crs.to_epsg() == 2154
    assert quarters["NOM_QP"].to_dict() == {quarter.code: quarter.label for quarter in QUARTERS}
    world = layer(territory, "QP_METROPOLEOUTREMER_WGS84_EPSG4326").set_index("CODE_QP")
    assert world.crs.to_epsg() == 4326
    moved = shapely.buffer(world.to_crs(2154).geometry, 0)
    assert shapely.hausdorff_distance(moved, shapely.buffer(quarters.geometry, 0)).max() < 0.01


def test_one_polygon_crosses_itself_and_one_is_in_two_parts(quarters):
    invalid = quarters[~quarters.geometry.is_valid]
    assert list(invalid.index) == [INVALID_QUARTER]
    assert shapely.is_valid_reason(invalid.geometry.iloc[0]).startswith("Self-intersection")
    assert list(quarters.index[quarters.geometry.geom_type == "MultiPolygon"]) == [MULTIPOLYGON_QUARTER]


def test_areas_are_those_of_quarters_and_repair_changes_them_little(quarters):
    raw, mended = quarters.geometry.area, shapely.make_valid(quarters.geometry).area
    assert (mended / raw - 1).abs().max() < 0.005
    assert mended.between(100_000, 1_200_000).all()
    assert (shapely.get_num_coordinates(quarters.geometry) > 60).all()


def test_communes_tile_the_department(territory):
    read = {
        name: json.loads((territory / f"{name}-plaines-du-septentrion.geojson").read_text(encoding="ascii"))
        for name in ("communes", "departements")
    }
    shapes = {name: [shapely.geometry.shape(f["geometry"]) for f in read[name]["features"]] for name in read}
    assert all(shape.is_valid for shape in shapes["communes"])
    assert shapely.coverage_is_valid(shapes["communes"])
    whole = shapely.union_all(shapes["communes"])
    assert len(whole.interiors) == 0
    assert whole.equals(shapes["departements"][0])


@pytest.mark.parametrize("seed", [0, 3, 7, 20211130])
def test_each_quarter_lies_in_its_communes_and_apart_from_the_others(seed):
    outlines = draw_outlines(np.random.default_rng(seed))
    communes = {code: shapely.Polygon(ring) for code, ring in outlines.communes.items()}
    shapes = [
        shapely.make_valid(
            shapely.MultiPolygon([shapely.Polygon(ring) for ring in outlines.quarters[quarter.code]])
        )
        for quarter in QUARTERS
    ]
    for quarter, shape in zip(QUARTERS, shapes, strict=True):
        inside = {code for code, commune in communes.items() if commune.intersection(shape).area > 1}
        assert inside == {code for code, _ in quarter.parts}
    pairs = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    assert (pairs[0] == pairs[1]).all()
