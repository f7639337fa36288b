"""The synthesis says what each territory says, and leads to its documents."""

import csv
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import unquote

import openpyxl
import pytest

import diagnostic as dg
from diagnostic.api import load_public
from diagnostic.batch.pages import Place, write_synthesis
from diagnostic.batch.synthesis import plans, synthesise
from diagnostic.ingestion.lead_tables import read_lead_table
from diagnostic.workspace import Workspace


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


# Plans.

LEAD = "territoire;plan;date;pilotage;axes;evaluation;source;a_verifier\n"


@pytest.fixture(scope="module")
def two(light_lot, members):
    """Give the public tables of two territories, renamed as two real ones that no plan of theirs lies in."""
    folders = [light_lot[0] / "territoires" / member.name for member in members]
    return {folder.name: load_public(Workspace(folder)) for folder in folders}


def renamed(tables, *names):
    return {
        folder: replace(one, identity=replace(one.identity, name=name))
        for (folder, one), name in zip(tables.items(), names, strict=True)
    }


def with_plans(tables, tmp_path, lines):
    path = tmp_path / "ptlcd.csv"
    path.write_text(LEAD + lines, encoding="utf-8")
    return replace(tables, ptlcd=read_lead_table(path, "ptlcd"))


def test_plans_are_found_by_the_name_of_the_territory_and_no_other_is_given_one(two):
    found = plans(renamed(two, "Communauté d’agglomération Valenciennes Métropole", "CA de la Porte du Hainaut"))
    assert found["state"].tolist() == ["dated", "unknown"]
    assert found["source"].tolist()[0].startswith("irev.fr")
    assert found.loc[1, ["territoire", "source"]].tolist() == ["", ""]


def test_a_quarter_over_two_epci_brings_no_plan_of_the_other(two):
    first, second = renamed(two, "Liste", "Autre liste").items()
    moved = second[1].territories.copy()
    moved.loc[moved["level"] == "qpv", "epci"] = "200042190, 245901160"
    kept = first[1].territories.copy()
    kept.loc[kept["level"] == "qpv", "epci"] = "245901160"
    found = plans({
        first[0]: replace(first[1], territories=kept), second[0]: replace(second[1], territories=moved)
    })  # fmt: skip
    assert found["state"].tolist() == ["dated", "unknown"]


def test_what_a_territory_says_of_itself_goes_first_and_a_commune_is_no_territory(two, tmp_path):
    tables = renamed(two, "CA Valenciennes Métropole", "CU de Dunkerque")
    own, other = tables
    town = tables[own].territories.query("level == 'qpv'")["commune_labels"].iloc[0].split(",")[0]
    lines = f"CA Valenciennes Métropole;en cours;;;;;Nous;non\n{town};oui;2020;;;;Mairie;oui\n"
    tables[own] = with_plans(tables[own], tmp_path, lines)
    tables[other] = with_plans(tables[other], tmp_path, "CU de Dunkerque;oui;;;;;Elle;oui\n")
    found = plans(tables)
    assert found["state"].tolist() == ["under_way", "", "undated", ""]  # the commune lies in both
    assert found["source"].tolist() == ["Nous", "Mairie", "Elle", "Mairie"]
    assert found["territory"].tolist() == [own, own, other, other]


def test_the_synthesis_draws_the_plans_with_their_table_and_sources(two):
    tables = renamed(two, "CA Valenciennes Métropole", "CU de Dunkerque")
    places = [Place(folder, one.identity.name, 1, ("59",), ()) for folder, one in tables.items()]
    files = write_synthesis(synthesise(tables, name="Essai"), places, title="Essai")
    assert files["plans.png"].startswith(b"\x89PNG")
    page = files["index.html"].decode("utf-8").replace("\u00a0", " ")
    assert "Plan connu et daté : CA Valenciennes Métropole. Non documenté : 1 territoire." in page
    assert page.count('src="plans.png"') == 1
    assert "mrapdk.over-blog.com (à vérifier)" in page
    assert b"CU de Dunkerque" in files["plans.csv"]


def test_without_a_trace_of_any_plan_no_map_is_drawn_and_the_table_says_so(lot):
    assert not (lot[0] / "reports" / "plans.png").exists()
    found = rows(lot[0] / "reports" / "plans.csv")
    assert [row["state"] for row in found] == ["unknown", "unknown"]
