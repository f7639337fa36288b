"""Maps are read by their artists: classes, marks, legend boxes, labels that fit."""

import inspect
import itertools

import numpy as np
import pytest
import shapely

from diagnostic.errors import RefusedError, TerritoryError
from diagnostic.publication.figures import (
    FIGURES,
    Basemap,
    Caption,
    Comparator,
    circles_map,
    describe_circles_map,
    describe_situation,
    locator,
    png,
    situation,
    svg,
)
from diagnostic.publication.figures.lettering import width
from diagnostic.publication.figures.projection import Frame
from diagnostic.publication.figures.theme import Box, artists

CAPTION = Caption("Demandeurs d’emploi", source="Insee", generation=2015, fictional=True)


def values_of(tables, variable="women_among_job_seekers"):
    rows = tables.indicators
    return rows[(rows["variable"] == variable) & (rows["group"] == "all")]


def draw(tables, **options):
    return circles_map(values_of(tables), tables.territories, unit="percent", caption=CAPTION, **options)


def named(figure, prefix):
    return {artist.get_gid(): artist for artist in artists(figure, prefix)}


@pytest.mark.parametrize("count", [1, 2, 9, 11, 26, 40])
def test_every_neighbourhood_has_its_circle_its_number_and_its_line(public_tables, count):
    figure = draw(public_tables(count))
    codes = [f"QP099{rank:03d}" for rank in range(1, count + 1)]
    assert set(named(figure, "circle-")) == {f"circle-{code}" for code in codes}
    assert [named(figure, "number-QP")[f"number-{code}"].get_text() for code in codes] == [
        str(rank) for rank in range(1, count + 1)
    ]
    assert set(named(figure, "value-")) == {f"value-{code}" for code in codes}


@pytest.mark.parametrize("count", [9, 26, 40])
def test_circles_do_not_touch_and_stay_on_the_map(public_tables, count):
    figure = draw(public_tables(count))
    panel = named(figure, "frame")["frame"].get_bbox()
    circles = list(named(figure, "circle-").values())
    for one, other in itertools.combinations(circles, 2):
        apart = np.hypot(one.center[0] - other.center[0], one.center[1] - other.center[1])
        assert apart > one.radius + other.radius - 0.05
    for one in circles:
        assert panel.x0 <= one.center[0] - one.radius + 1e-6
        assert one.center[0] + one.radius <= panel.x1 + 1e-6


@pytest.mark.parametrize("count", [2, 9, 26])
def test_names_of_communes_lie_inside_and_never_overlap(public_tables, count):
    figure = situation(public_tables(count).territories, caption=CAPTION)
    panel = named(figure, "frame")["frame"].get_bbox()
    boxes = []
    for label in named(figure, "commune-").values():
        half = width(label.get_text(), label.get_fontsize()) / 2
        x, y = label.get_position()
        assert panel.x0 <= x - half
        assert x + half <= panel.x1
        boxes.append((x - half, x + half, y - 2.0, y + 0.5))
    assert boxes
    for one, other in itertools.combinations(boxes, 2):
        assert one[1] <= other[0] or other[1] <= one[0] or one[3] <= other[2] or other[3] <= one[2]


def test_secret_is_hatched_and_the_four_marks_always_have_their_box(public_tables):
    figure = draw(public_tables(9))
    secret = named(figure, "circle-")["circle-QP099002"]
    assert secret.get_hatch() == "//////"
    boxes = named(figure, "legend-")
    styles = set()
    for kind in ("suppressed", "not_released", "missing", "not_applicable"):
        box = boxes[f"legend-{kind}"]
        styles.add((box.get_hatch(), str(box.get_linestyle()), box.get_facecolor()))
    assert len(styles) == 4
    assert boxes["legend-label-suppressed"].get_text().endswith("2")
    assert boxes["legend-label-not_released"].get_text().endswith("aucun")


def test_classes_are_five_at_most_rounded_and_hold_every_value(public_tables):
    figure = draw(public_tables(40))
    assert 2 <= len(named(figure, "class-")) <= 2 * 5 + 3
    assert len([name for name in named(figure, "class-") if name[6:].isdigit()]) <= 5
    limits = [named(figure, "class-limit-")[f"class-limit-{rank}"].get_text() for rank in range(2)]
    assert all("," not in limit or len(limit.split(",")[1]) == 1 for limit in limits)


def test_the_comparator_is_a_tick_with_its_value(public_tables):
    figure = draw(public_tables(9), comparators=[Comparator("CA des Trois Rivières", 21.0)])
    assert len(artists(figure, "comparator-tick")) == 1
    assert artists(figure, "comparator-label")[0].get_text() == "CA des Trois Rivières\u00a0: 21,0\u00a0%"


def test_a_comparator_that_differs_a_little_is_a_band(public_tables):
    figure = draw(public_tables(9), comparators=[Comparator("médiane", 15.0, 24.0)])
    assert artists(figure, "comparator-band")
    assert "de 15,0\u00a0% à 24,0\u00a0%" in artists(figure, "comparator-label")[0].get_text()


def hiding(tables, value):
    values = values_of(tables).copy()
    first, second = values.index[:2]
    values.loc[first, ["value", "status", "reliability"]] = [value, "observed", "suppress"]
    values.loc[second, ["value", "status"]] = [value, "suppressed"]
    return values


def test_a_hidden_value_changes_nothing_in_the_image_nor_in_its_words(public_tables):
    tables = public_tables(9)
    options = {"unit": "percent", "caption": CAPTION}
    one, other = (hiding(tables, value) for value in (98.7654, 3.21))
    assert svg(circles_map(one, tables.territories, **options)) == svg(
        circles_map(other, tables.territories, **options)
    )
    assert describe_circles_map(one, tables.territories, **options) == describe_circles_map(
        other, tables.territories, **options
    )


def test_all_suppressed_still_says_so(public_tables):
    tables = public_tables(9)
    values = values_of(tables).assign(value=np.nan, status="suppressed")
    figure = circles_map(values, tables.territories, unit="percent", caption=CAPTION)
    assert artists(figure, "legend-empty")[0].get_text() == "Aucune valeur publiée."
    assert {circle.get_hatch() for circle in artists(figure, "circle-")} == {"//////"}


def test_equal_values_make_one_class(public_tables):
    tables = public_tables(9)
    values = values_of(tables).assign(value=42.0, status="observed")
    figure = circles_map(values, tables.territories, unit="percent", caption=CAPTION)
    assert [name for name in named(figure, "class-") if name[6:].isdigit()] == ["class-0"]


def test_without_contours_communes_are_named_and_the_map_says_so(public_tables):
    tables = public_tables(9, communes=False)
    figure = situation(tables.territories, caption=CAPTION)
    assert artists(figure, "commune-")
    assert any("Contours des communes absents" in artist.get_text() for artist in artists(figure, "foot"))
    assert artists(figure, "scale-bar")


def test_overseas_maps_keep_true_distances(public_tables):
    basemap = Basemap(public_tables(5, origin=(55.45, -20.95)).territories)
    west, south, east, north = basemap.bounds()
    assert 1_000 < east - west < 60_000
    assert 7_000_000 < north < 8_000_000
    assert south < north


def test_long_names_are_cut_inside_the_list(public_tables):
    tables = public_tables(9, names=("Quartier " * 12).strip().split("|"))
    figure = draw(tables)
    for label in artists(figure, "name-"):
        assert (
            label.get_position()[0] + width(label.get_text(), label.get_fontsize()) < figure.get_figwidth() * 25.4
        )


def test_shares_of_foreigners_are_refused_on_a_map(public_tables):
    tables = public_tables(9)
    with pytest.raises(RefusedError, match="étrangers"):
        draw(tables, variable="foreign_share")


def test_a_table_without_reference_system_is_refused(public_tables):
    bare = public_tables(2).territories.set_crs(None, allow_override=True)
    with pytest.raises(TerritoryError):
        situation(bare)


def test_the_banner_marks_invented_data_and_only_them(public_tables):
    tables = public_tables(9)
    assert artists(draw(tables), "banner")
    true = circles_map(values_of(tables), tables.territories, unit="percent", caption=Caption("Titre"))
    assert not artists(true, "banner")


def test_same_tables_same_bytes(public_tables):
    tables = public_tables(9)
    assert svg(draw(tables)) == svg(draw(tables))
    assert png(locator(tables.territories, "QP099001"), dpi=60) == png(
        locator(tables.territories, "QP099001"), dpi=60
    )


def test_a_figure_takes_a_plain_table_of_the_user(public_tables):
    mine = public_tables(2).territories.query("level == 'qpv'")[["code", "label", "geometry"]]
    words = describe_situation(mine)
    assert words.startswith("Carte de situation. 2\u00a0quartiers prioritaires")
    assert situation(mine).axes


def test_each_figure_is_described_with_the_arguments_it_is_drawn_with():
    for kind in FIGURES:
        assert list(inspect.signature(kind.draw).parameters) == list(inspect.signature(kind.describe).parameters)


def test_a_neighbourhood_without_object_is_a_dot_with_its_number_beside(public_tables):
    tables = public_tables(9)
    values = values_of(tables).assign(value=np.nan, status="not_applicable")
    figure = circles_map(values, tables.territories, unit="percent", caption=CAPTION)
    dot, number = (named(figure, name)[name] for name in ("circle-QP099001", "number-QP099001"))
    assert dot.radius < 1.5
    assert number.get_position()[0] > dot.center[0] + dot.radius


def test_every_kind_of_figure_is_found():
    assert [kind.name for kind in FIGURES] == [
        "bivariate", "choropleth", "circles_map", "coverage", "flow", "forest", "gap_chart", "group_gap_chart",
        "heat_table", "interval_bars", "ladder", "locator", "national_map", "quadrant", "situation",
        "small_multiples", "time_series", "two_generations", "upset",
    ]  # fmt: skip
    assert all(kind.label for kind in FIGURES)


def test_an_outline_torn_by_the_loss_of_detail_is_mended(monkeypatch):
    torn = shapely.Polygon([(10, 10), (20, 20), (20, 10), (10, 20)])
    monkeypatch.setattr(shapely, "simplify", lambda *_, **__: np.array([torn]))
    (drawn,) = Frame.around(np.array([0.0, 0.0, 100.0, 100.0]), Box(0, 0, 100, 100), margin=0).draw([torn])
    assert drawn.is_valid
    assert drawn.area == pytest.approx(50)
