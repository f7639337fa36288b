"""The slides, read back by the library that others would use."""

import io
import zipfile
from dataclasses import replace

import openpyxl
import pytest
from pptx import Presentation
from pptx.util import Mm

from diagnostic.publication.slides import write_slides


@pytest.fixture(scope="module")
def deck(public_tables, declared_tables):
    return write_slides(declared_tables(public_tables(9)))


def slides(content):
    return list(Presentation(io.BytesIO(content)).slides)


def charts(content):
    return [shape.chart for slide in slides(content) for shape in slide.shapes if shape.has_chart]


def words(slide):
    return " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def test_every_slide_has_a_title_a_script_and_the_foot(deck):
    assert Presentation(io.BytesIO(deck)).slide_width == Mm(338.7)
    assert len(slides(deck)) == 12
    for slide in slides(deck):
        assert slide.shapes.title.text
        assert len(slide.notes_slide.notes_text_frame.text) > 60
        assert "Données fictives" in words(slide)
        assert "{{" not in words(slide)


def test_the_four_exercises_are_there(deck):
    titles = " ".join(slide.shapes.title.text for slide in slides(deck))
    assert all(f"Exercice {rank}" in titles for rank in (1, 2, 3, 4))


def test_charts_are_native_and_their_workbook_holds_what_is_drawn(deck, public_tables):
    gaps, declared = charts(deck)
    own = public_tables(9).indicators
    shown = own[(own["variable"] == "employment_rate") & own["headline"].astype(bool) & (own["group"] == "all")]
    drawn = [value for value in gaps.plots[0].series[0].values if value is not None]
    assert set(drawn) <= set(shown["value"].dropna())
    assert drawn
    book = openpyxl.load_workbook(io.BytesIO(declared.part.chart_workbook.xlsx_part.blob))
    column = [row[1].value for row in list(book.active.rows)[1:]]
    assert column == list(declared.plots[0].series[0].values)
    assert all(float(value).is_integer() for value in column)
    assert book.sheetnames == ["Sheet1"]


def test_intervals_are_drawn_on_what_residents_declare(deck):
    bars = charts(deck)[1].plots[0].series[0]._element.findall(".//{*}errBars//{*}pt")
    assert len(bars) == 2 * len(charts(deck)[1].plots[0].categories)


def test_a_hidden_value_is_named_and_not_drawn(public_tables):
    tables = public_tables(2)
    rows = tables.indicators.copy()
    own = rows["variable"].eq("employment_rate") & rows["code"].eq(rows["code"].max())
    rows.loc[own, ["value", "low", "high"]] = None
    rows.loc[own, "status"] = "suppressed"
    chart = charts(write_slides(replace(tables, indicators=rows)))[0]
    hidden = [name for name in chart.plots[0].categories if "secret" in name]
    assert len(hidden) == 1
    assert list(chart.plots[0].series[0].values).count(None) == 1


def test_pictures_and_charts_say_what_they_show(deck):
    found = [
        shape for slide in slides(deck) for shape in slide.shapes if shape.has_chart or shape.shape_type == 13
    ]
    assert len(found) == 4
    for shape in found:
        assert len(shape._element.xpath(".//p:cNvPr")[0].get("descr")) > 40


def test_without_a_survey_nothing_declared_is_drawn(public_tables):
    assert len(charts(write_slides(public_tables(2)))) == 1


@pytest.mark.parametrize("hostile", ["</a:t><a:t>x", "A & B < C", '"=1+1"', "L'Épi «\u00a0d'Or\u00a0»"])
def test_names_are_text(public_tables, hostile):
    tables = public_tables(2)
    places = tables.territories.assign(label=hostile, short_label=hostile)
    chart = charts(write_slides(replace(tables, territories=places)))[0]
    assert all(hostile in str(name) for name in chart.plots[0].categories)


def test_the_same_tables_give_the_same_bytes_without_a_clock(deck, public_tables, declared_tables):
    assert write_slides(declared_tables(public_tables(9))) == deck
    with zipfile.ZipFile(io.BytesIO(deck)) as archive:
        assert {member.date_time[0] for member in archive.infolist()} == {2024}
