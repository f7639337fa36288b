"""The atlas in a real browser: mouse, keyboard, paper, no network, nobody shut out. Part of the slower gate."""

import io
import os
import shutil
import unicodedata
from dataclasses import replace

import numpy as np
import pandas as pd
import pypdf
import pytest

from diagnostic.analysis.crossing import CROSSING_COLUMNS
from diagnostic.formatting import quantity
from diagnostic.publication.atlas import write_atlas
from diagnostic.publication.figures.cells import cells

try:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright
except ImportError:  # said by the fixture
    sync_playwright = None

SIZES = {"desk": (1280, 800), "tablet": (768, 1024), "phone": (390, 844)}
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
RATE = "poverty_rate"


def lacking(reason):
    """Skip on a person's machine, fail on the gate's."""
    (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)


@pytest.fixture(scope="module")
def browser():
    if sync_playwright is None:
        lacking("playwright or axe is not installed: pip install playwright axe-playwright-python")
    if CHROMIUM is None:
        lacking("no chromium on this machine: apt-get install chromium")
    with sync_playwright() as play:
        own = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield own
        own.close()


@pytest.fixture(scope="module")
def tables(public_tables, declared_tables):
    return declared_tables(public_tables(26))


@pytest.fixture
def opened(browser, tmp_path):
    """Opens an atlas from the disk, the network cut; at the end, nothing was asked for and nothing complained."""
    contexts, asked, complaints = [], [], []

    def build(given, *, size="desk", state="", touch=False, crossings=None):
        path = tmp_path / f"atlas-{len(contexts)}.html"
        path.write_bytes(write_atlas(given, crossings=crossings))
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height}, offline=True, has_touch=touch, reduced_motion="reduce"
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url.split("#")[0]))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message) or dialog.dismiss())
        page.goto(f"{path.as_uri()}{state}")
        page.wait_for_selector("html[data-ready]", state="attached")
        return page

    yield build
    for context in contexts:
        context.close()
    assert not complaints
    assert len(asked) == len(contexts)
    assert all(url.startswith("file:") for url in asked)


def plain(text):
    """Words with plain spaces and without the ligatures of a PDF."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def chosen(page):
    return page.evaluate("new URLSearchParams(location.hash.slice(1)).get('q')")


def test_a_click_on_the_map_opens_a_sheet_that_the_address_keeps(opened, tables):
    page = opened(tables)
    page.select_option("#series", RATE)
    page.locator("#pane .mark[data-rank='4'] .disc").click()
    place = tables.territories.iloc[4]
    assert chosen(page) == place["code"]
    assert plain(place["label"]) in plain(page.inner_text("#sheet-title"))
    assert page.locator("#sheet-body tbody tr:not(.theme)").count() > 10
    assert page.locator("#gaps-table tr[aria-current]").get_attribute("data-rank") == "4"
    again = opened(tables, state=page.evaluate("location.hash"))
    assert again.inner_text("#sheet-title") == page.inner_text("#sheet-title")
    assert again.input_value("#series") == RATE


def test_an_address_that_means_nothing_opens_the_first_view(opened, tables):
    page = opened(tables, state="#i=__proto__&q=QP&c=constructor&g=1789")
    assert page.input_value("#series")
    assert chosen(page) is None


def test_every_number_is_written_as_the_report_writes_it(opened, tables):
    page = opened(tables)
    rows = tables.indicators
    codes = list(tables.territories.loc[tables.territories["level"].eq("qpv"), "code"])
    for variable, unit in (("poverty_rate", "percent"), ("median_living_standard", "euros"),
                           ("employment_gap_women_men", "points"), ("foreign_share", "percent")):  # fmt: skip
        page.select_option("#series", variable)
        shown = cells(rows[rows["variable"].eq(variable) & rows["group"].eq("all")], codes, unit=unit)
        texts = page.evaluate("[...document.querySelectorAll('#list .value')].map(one => one.textContent)")
        assert texts == [
            quantity(cell.value, unit) if cell.written else cell.text() for cell in shown.values()
        ]  # fmt: skip


def test_rows_are_sorted_except_where_that_would_rank_foreigners(opened, tables):
    page = opened(tables)
    ranks = "[...document.querySelectorAll('#gaps-table tbody tr')].map(one => Number(one.dataset.rank))"
    page.select_option("#series", RATE)
    assert page.evaluate(ranks) != sorted(page.evaluate(ranks))
    page.select_option("#series", "foreign_share")
    assert page.evaluate(ranks) == sorted(page.evaluate(ranks))
    discs = "[...document.querySelectorAll('.mark[data-kind=value] .disc')]"
    fills = page.evaluate(f"{discs}.map((one) => one.getAttribute('fill'))")
    assert set(fills) == {"#ffffff"}
    assert page.locator("#legend .bar").count() == 0


def test_the_legend_boxes_every_absence_even_of_none(opened, tables):
    page = opened(tables)
    page.select_option("#series", RATE)
    boxes = [plain(text) for text in page.locator("#legend .absences li").all_inner_texts()]
    for name in ("secret statistique", "non diffusé", "donnée manquante", "sans objet"):
        assert any(box.startswith(name) for box in boxes)
    assert any(box.endswith(": aucun") for box in boxes)


def test_everything_is_reached_by_keyboard_in_reading_order_focus_seen(opened, tables):
    page = opened(tables)
    found = []
    for _ in range(60):
        page.keyboard.press("Tab")
        name, outlined = page.evaluate(
            "[document.activeElement.id || document.activeElement.className || document.activeElement.tagName,"
            " getComputedStyle(document.activeElement).outlineStyle !== 'none']"
        )
        if name == "BODY":
            break
        assert outlined, name
        found.append(name)
    order = ["skip", "series", "kind", "print", "nearer", "farther", "whole", "pane", "search", "list"]
    assert found[: len(order)] == order
    assert {"gaps-table"} & set(found) or page.locator("#gaps-table table").count()


def test_keys_alone_choose_search_zoom_and_are_told(opened, tables):
    page = opened(tables)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("#list").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    codes = list(tables.territories["code"])
    assert chosen(page) == codes[1]
    assert page.get_attribute("#list", "aria-activedescendant") == "q1"
    assert plain(tables.territories.iloc[1]["short_label"]) in plain(page.inner_text("#status"))
    page.keyboard.press("End")
    assert chosen(page) == codes[25]
    page.locator("#search").focus()
    page.keyboard.type("epinette")
    assert "trouvé" in page.inner_text("#status")
    page.keyboard.press("Enter")
    assert "pinette" in page.inner_text("#sheet-title")
    page.locator("#pane").focus()
    scale = "document.querySelector('#pane svg > g').getAttribute('transform')"
    before = page.evaluate(scale)
    for key in ("+", "+", "ArrowLeft"):
        page.keyboard.press(key)
    assert page.evaluate(scale) != before
    page.keyboard.press("0")
    assert page.evaluate(scale) == before


def test_zoomed_in_circles_become_outlines(opened, tables):
    page = opened(tables, state="#q=QP099003")
    page.select_option("#series", RATE)
    assert page.locator(".outline[data-rank='2'].open").count() == 0
    page.click("#near")
    assert page.locator(".outline[data-rank='2'].open").count() == 1
    page.mouse.move(400, 500)
    page.mouse.wheel(0, 300)


def test_a_finger_chooses_and_the_page_still_scrolls(opened, tables):
    page = opened(tables, size="phone", touch=True)
    page.locator("#pane").scroll_into_view_if_needed()
    page.locator("#pane .mark[data-rank='5'] .disc").tap()
    assert chosen(page) == "QP099006"
    assert "pan-y" in page.evaluate("getComputedStyle(document.getElementById('pane')).touchAction")


def test_the_switch_of_generations_is_there_only_for_two(opened, public_tables):
    old = public_tables(9)
    assert opened(old).locator("#generations").is_hidden()
    both = {}
    for name in ("territories", "indicators", "gaps"):
        table = getattr(old, name)
        own = table[table["level"].eq("qpv")].copy()
        own["vintage"], own["code"] = 2024, own["code"].str.replace("QP", "QN")
        both[name] = pd.concat([table, own.iloc[::-1]], ignore_index=True)
    page = opened(replace(old, **both), state="#q=QP099002")
    page.check("input[name=generation][value='2024']")
    assert chosen(page) is None
    assert "génération 2024" in page.inner_text("#map-source")
    page.locator("#list").focus()
    page.keyboard.press("ArrowDown")
    assert chosen(page).startswith("QN")


@pytest.mark.parametrize("count", [1, 9, 26, 40])
@pytest.mark.parametrize("state", ["", "#q=QP099001"], ids=["territory", "sheet"])
def test_it_prints_on_two_pages(opened, public_tables, declared_tables, count, state):
    page = opened(declared_tables(public_tables(count)), state=state)
    printed = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, print_background=True)))
    assert len(printed.pages) == 2
    assert all(abs(float(one.mediabox.width) - 595) < 2 for one in printed.pages)
    texts = [plain(one.extract_text()) for one in printed.pages]
    assert "Données fictives" in texts[0]
    assert "Données fictives" in texts[1]
    assert "Source" in texts[0]


def test_a_printed_sheet_holds_four_comparators_the_screen_all(opened, public_tables):
    made = public_tables(9)
    one = made.gaps.drop_duplicates(["code", "variable"])
    kinds = ["commune", "epci", "unite_urbaine", "departement", "region", "qpv_departement_median"]
    many = pd.concat([one.assign(comparator_kind=kind) for kind in kinds], ignore_index=True)
    page = opened(replace(made, gaps=many), state="#q=QP099001")
    heads = "table.sheet thead th:visible"
    assert [page.locator(heads).all_inner_texts().count(word) for word in ("Écart", "Source")] == [6, 1]
    page.emulate_media(media="print")
    assert page.locator(heads).all_inner_texts().count("Écart") == 4
    assert "les derniers comparateurs se lisent à l’écran" in page.inner_text("#sheet-body")
    printed = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, print_background=True)))
    assert len(printed.pages) == 2


def test_the_quadrant_is_drawn_with_its_table(opened, tables):
    blank = dict.fromkeys(CROSSING_COLUMNS, "")
    blank |= {f"{axis}{part}": np.nan for axis in "xy" for part in ("", "_low", "_high")}
    given = {"id": "CRO01", "label": "Écart et ressenti", "caveat": "Un lien."}
    rows = [
        {**blank, **given, "domain_label": "emploi", "cell": "convergence", "cell_label": "écart et ressenti",
         "x": 9.0, "x_low": 7.0, "x_high": 11.0, "y": 22.0, "y_low": 18.0, "y_high": 26.0},
        {**blank, **given, "domain_label": "logement", "cell": "undetermined", "cell_label": "indéterminé",
         "x": 5.5, "x_low": 3.0, "x_high": 8.0, "y": 12.0, "y_low": 9.0, "y_high": 16.0},
        {**blank, **given, "domain_label": "santé", "cell": "undetermined", "missing": "enquête"},
    ]  # fmt: skip
    page = opened(tables, crossings=pd.DataFrame(rows))
    assert page.locator("#crossing .plane circle").count() == 2
    assert page.locator("#crossing .plane .unsure").count() == 1
    lines = [plain(text) for text in page.locator("#crossing tbody tr").all_inner_texts()]
    assert "emploi 9,0 (de 7,0 à 11,0) 22,0 (de 18,0 à 26,0) écart et ressenti" in lines[0]
    assert "Manque : enquête." in lines[2]
    assert opened(tables).locator("#crossing").is_hidden()


def test_hostile_names_do_nothing(opened, public_tables):
    tables = public_tables(9)
    places = tables.territories.copy()
    places["label"] = places["short_label"] = '"><img src=x onerror=alert(1)></script><script>alert(1)</script>'
    page = opened(replace(tables, territories=places), state="#q=QP099001")
    assert page.locator("img").count() == 0
    assert "<img src=x" in page.inner_text("#sheet-title")
    page.fill("#search", "<img")
    assert page.locator("#list li").count() == 9


@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_serious_and_nothing_overflows(opened, tables, size):
    page = opened(tables, size=size, state="#q=QP099003")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") == 16
    for variable in (RATE, "foreign_share"):
        page.select_option("#series", variable)
        found = Axe().run(page).response["violations"]
        grave = [
            (one["id"], [node["html"][:120] for node in one["nodes"][:3]])
            for one in found if one["impact"] in {"serious", "critical"}
        ]  # fmt: skip
        assert not grave, grave
