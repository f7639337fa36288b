"""Charts are read by their artists: marks, intervals, order, what is named instead of shown."""

import pandas as pd
import pytest

from diagnostic.publication.figures import (
    NOT_A_DISCRIMINATION,
    Caption,
    describe_gap_chart,
    describe_group_gap_chart,
    gap_chart,
    group_gap_chart,
    svg,
    time_series,
)
from diagnostic.publication.figures.lettering import width
from diagnostic.publication.figures.theme import GROUP_COLOURS, artists

CAPTION = Caption("Niveau de vie médian", source="Insee", generation=2015)


def rows_of(tables, variable, group="all"):
    rows = tables.indicators
    return rows[(rows["variable"] == variable) & (rows["group"] == group)]


def draw(tables, variable="median_living_standard", unit="euros", **options):
    comparisons = tables.gaps[tables.gaps["variable"] == variable]
    return gap_chart(
        rows_of(tables, variable),
        comparisons,
        territories=tables.territories,
        unit=unit,
        caption=CAPTION,
        **options,
    )


def order(figure):
    labels = [label for label in artists(figure, "name-") if label.get_gid().endswith("-0")]
    return [label.get_gid()[5:-2] for label in sorted(labels, key=lambda label: label.get_position()[1])]


@pytest.mark.parametrize("count", [1, 2, 11, 40])
def test_each_neighbourhood_has_a_row(public_tables, count):
    figure = draw(public_tables(count))
    assert len(order(figure)) == count


def test_rows_are_sorted_by_value_or_kept_in_list_order(public_tables):
    tables = public_tables(11)
    values = rows_of(tables, "median_living_standard").dropna(subset=["value"]).sort_values("value")
    assert order(draw(tables))[: len(values)] == list(values["code"])
    assert order(draw(tables, by_value=False)) == [f"QP099{rank:03d}" for rank in range(1, 12)]


def test_intervals_are_visible_bars(public_tables):
    bars = artists(draw(public_tables(9), "employment_rate", "percent"), "interval-")
    assert bars
    assert all(bar.get_width() > 1 and bar.get_height() >= 1.5 for bar in bars)


def test_comparators_are_drawn_in_grey_and_named_with_their_value(public_tables):
    figure = draw(public_tables(9))
    shapes = {artist.get_marker() for artist in artists(figure, "comparator-")}
    assert shapes == {"o", "s", "^"}
    labels = [artist.get_text() for artist in artists(figure, "legend-label-epci")]
    assert labels == ["CA des Trois Rivières\u00a0: 17\u202f300\u00a0€"]


def test_what_cannot_be_published_is_named(public_tables):
    tables = public_tables(9)
    figure = draw(tables, "women_among_job_seekers", "percent")
    words = {artist.get_text() for artist in artists(figure, "absent-")}
    assert "secret statistique" in words


def test_a_weak_rate_is_neither_written_nor_read_aloud(public_tables):
    tables = public_tables(2)
    values = pd.DataFrame(
        {
            "code": ["QP099001", "QP099002"], "value": [97.53, 44.0], "status": "observed",
            "reliability": ["caution", "publish"],
        }
    )  # fmt: skip
    options = {"territories": tables.territories, "unit": "percent", "caption": CAPTION}
    figure = gap_chart(values, tables.gaps.iloc[:0], **options)
    assert "97,5" not in svg(figure).decode()
    assert "97,5" not in describe_gap_chart(values, tables.gaps.iloc[:0], **options)
    assert artists(figure, "text-QP099001")[0].get_text() == "ef"


def test_a_long_absence_stays_on_its_side_of_zero(public_tables):
    tables = public_tables(9)
    rows = rows_of(tables, "employment_gap_foreign_french")
    rows = rows.assign(status=["not_released", *rows["status"].iloc[1:]])
    rows.loc[rows.index[0], ["value", "low", "high"]] = None
    drawn = group_gap_chart(rows, territories=tables.territories, group="foreign", caption=CAPTION)
    drawn.canvas.draw()
    (zero,) = artists(drawn, "zero")
    absent = artists(drawn, "absent-")
    assert absent
    assert all(text.get_window_extent().x1 < zero.get_window_extent().x0 for text in absent)


def test_every_chart_says_that_a_gap_is_no_discrimination(public_tables):
    tables = public_tables(9)
    values = rows_of(tables, "employment_gap_women_men")
    options = {"territories": tables.territories, "group": "women", "caption": CAPTION}
    for figure in (draw(tables), group_gap_chart(values, **options)):
        assert any(NOT_A_DISCRIMINATION in artist.get_text() for artist in artists(figure, "foot"))
    assert describe_group_gap_chart(values, **options).endswith(NOT_A_DISCRIMINATION)


def test_groups_keep_their_colour_and_nationality_its_list_order(public_tables):
    tables = public_tables(11)
    for group, variable in (("women", "employment_gap_women_men"), ("foreign", "employment_gap_foreign_french")):
        figure = group_gap_chart(
            rows_of(tables, variable), territories=tables.territories, group=group, caption=CAPTION
        )
        marks = artists(figure, "value-")
        assert {mark.get_markeredgecolor() for mark in marks} == {GROUP_COLOURS[group]}
    assert order(figure) == [f"QP099{rank:03d}" for rank in range(1, 12)]


@pytest.mark.parametrize("count", [9, 40])
def test_text_stays_on_the_sheet(public_tables, count):
    figure = draw(public_tables(count))
    wide, high = figure.get_size_inches() * 25.4
    for label in [*artists(figure, "name-"), *artists(figure, "legend-label"), *artists(figure, "title")]:
        x, y = label.get_position()
        weight = "semibold" if label.get_gid().startswith("title") else "regular"
        assert 0 <= x <= wide - width(label.get_text(), label.get_fontsize(), weight)
        assert 0 <= y <= high


@pytest.mark.parametrize("count", [3, 26])
def test_every_hidden_year_is_named_whole_and_many_lines_are_drawn_finer(count):
    names = [f"Quartier numéro {rank}" for rank in range(1, count + 1)]
    years = pd.DataFrame([{"series": name, "period": year} for name in names for year in (2017, 2019, 2021)])
    hidden = years["period"] == 2019
    values = years.assign(value=40.0, status="observed").assign(
        value=lambda rows: rows["value"].mask(hidden),
        status=lambda rows: rows["status"].mask(hidden, "suppressed"),
    )
    figure = time_series(values, unit="percent", caption=CAPTION)
    said = " ".join(note.get_text() for note in artists(figure, "note-"))
    assert all(f"{name} (2019)" in said for name in names)
    size = artists(figure, "value")[0].get_markersize()
    assert (size < 3) == (count > 12)
