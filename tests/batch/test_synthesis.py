"""The synthesis says what each territory says, and leads to its documents."""

import csv
from html.parser import HTMLParser
from urllib.parse import unquote

import openpyxl
import pytest

import diagnostic as dg
from diagnostic.batch.pages import Place, write_synthesis


def rows(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


def test_the_synthesis_says_what_each_territory_says(lot, members):
    found = rows(lot[0] / "reports" / "synthese_quartiers.csv")
    own = dg.load(lot[0] / "territoires" / members[0].name).indicators
    values = {
        (row["code"], row["variable"], row["group"]): row for row in found if row["territory"] == members[0].name
    }
    assert len(values) == sum(row["territory"] == members[0].name for row in found)
    shown = own[(own["level"] == "qpv") & own["headline"]]
    compared = 0
    for row in shown.itertuples():
        line = values.get((row.code, row.variable, row.group))
        if line and line["period"] == str(row.period):
            compared += 1
            assert line["status"] == row.status
            assert (line["value"] == "") == (row.value != row.value)
    assert compared > 50


def test_no_origin_no_survey_and_one_year_a_figure(lot):
    found = rows(lot[0] / "reports" / "synthese_quartiers.csv")
    assert not {row["variable"] for row in found} & {"foreign_share", "immigrant_share"}
    assert not any(row["id"].startswith("PER") for row in found)
    years = {}
    for row in found:
        years.setdefault((row["variable"], row["group"]), set()).add((row["period"], row["source"]))
    assert all(len(each) == 1 for each in years.values())


def test_medians_are_those_of_published_values_in_the_order_of_the_list(lot, members):
    found = rows(lot[0] / "reports" / "synthese_territoires.csv")
    quarters = rows(lot[0] / "reports" / "synthese_quartiers.csv")
    order = [member.name for member in members]
    figures = {}
    for row in found:
        figures.setdefault((row["variable"], row["group"]), []).append(row["territory"])
        published = sorted(
            float(one["value"].replace(",", "."))
            for one in quarters
            if (one["territory"], one["variable"], one["group"])
            == (row["territory"], row["variable"], row["group"])
            and one["value"]
        )
        assert int(row["published"]) == len(published) <= int(row["quarters"])
        if published:
            half = len(published) // 2
            middle = published[half] if len(published) % 2 else (published[half - 1] + published[half]) / 2
            assert float(row["median"].replace(",", ".")) == pytest.approx(middle)
            assert float(row["least"].replace(",", ".")) == published[0]
    assert all(each == [name for name in order if name in each] for each in figures.values())


def test_the_workbook_holds_every_neighbourhood_once(lot):
    book = openpyxl.load_workbook(lot[0] / "reports" / "synthese.xlsx")
    codes = [row[1] for row in book["Quartiers"].iter_rows(min_row=2, values_only=True)]
    assert codes == ["QP099001", "QP099002", "QP099003", "QP099004"]
    assert "Indicateurs" in book.sheetnames


class Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found += [value for name, value in attrs if (tag, name) in {("a", "href"), ("img", "src")}]


def test_the_index_leads_to_documents_that_exist(lot):
    text = (lot[0] / "reports" / "index.html").read_text(encoding="utf-8")
    links = Links()
    links.feed(text)
    assert len(links.found) > 10
    assert all((lot[0] / "reports" / unquote(link)).is_file() for link in links.found)
    assert "DONNÉES FICTIVES" in text.upper()


def test_names_cannot_write_into_the_page():
    wicked = '<script>alert("x")</script>'
    place = Place("a&b", wicked, 1, ("59",), ("atlas.html",))
    missed = Place("c", "=1+1", 1, ("59",), (), problem=wicked)
    files = write_synthesis(None, [place, missed], title=wicked)
    page = files["index.html"].decode("utf-8")
    assert "<script" not in page
    assert "a%26b" in page
    assert "'=1+1" in files["echecs.csv"].decode("utf-8-sig")
