"""The atlas as a file: what it holds, what it never holds, what it never does."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
import shapely

from diagnostic.errors import ConfigurationError, TerritoryError
from diagnostic.publication.atlas import write_atlas
from diagnostic.publication.atlas.series import never_ranked
from diagnostic.vocabulary import STATUS_MARKS

CANARY = 77777.7
HOSTILE = (
    "</script><script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "<!--<script>",
    "a\u202ecod\u2066\u200f",
    "' onmouseover='alert(1)", "&lt;b&gt; {{7*7}} ${7*7} ]]>",
)  # fmt: skip


class Page(HTMLParser):
    """Tags with their attributes, and the text of scripts and styles."""

    def __init__(self, content):
        super().__init__(convert_charrefs=True)
        self.tags, self.inside = [], {"script": [], "style": []}
        self.feed(content.decode("utf-8"))

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag in self.inside:
            self.inside[tag].append("")

    def handle_data(self, data):
        if self.tags and self.tags[-1][0] in self.inside:
            self.inside[self.tags[-1][0]][-1] += data

    def handle_endtag(self, tag):
        if tag in self.inside:
            self.tags.append(("", {}))

    @property
    def data(self):
        return json.loads(self.inside["script"][0])

    def meta(self, name):
        metas = (given for tag, given in self.tags if tag == "meta")
        return next(given["content"] for given in metas if given.get("http-equiv") == name)


@pytest.fixture(scope="module")
def tables(public_tables, declared_tables):
    return declared_tables(public_tables(26))


@pytest.fixture(scope="module")
def page(tables):
    return Page(write_atlas(tables))


def test_same_tables_give_the_same_bytes_and_few_of_them(tables):
    content = write_atlas(tables)
    assert content == write_atlas(tables)
    assert len(content) < 400 * 1024


def test_the_policy_allows_this_script_and_this_style_and_nothing_else(page):
    data, script = page.inside["script"]
    hashes = [
        base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode()
        for text in (script, *page.inside["style"])
    ]
    policy = page.meta("Content-Security-Policy")
    assert policy.startswith("default-src 'none'; ")
    assert f"script-src 'sha256-{hashes[0]}';" in policy
    assert f"style-src 'sha256-{hashes[1]}';" in policy
    assert "unsafe" not in policy
    assert json.loads(data)


def test_the_page_asks_for_nothing(page):
    assert not {tag for tag, _ in page.tags} & {"link", "img", "iframe", "object", "embed", "base", "form"}
    given = {name for _, attributes in page.tags for name in attributes}
    assert not {name for name in given if name.startswith("on") or name in {"src", "srcset", "style"}}
    code = page.inside["script"][1]
    never = r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\(|new Function|fetch\(|XMLHttp|import\s*\("
    assert not re.search(never, code)
    assert not re.search(r"url\((?!#)|@import|https?:", page.inside["style"][0])


def test_hostile_texts_stay_texts(public_tables, declared_tables):
    tables = declared_tables(public_tables(9))
    places, catalogue, sources = tables.territories.copy(), tables.catalogue.copy(), tables.sources.copy()
    estimates, card = tables.estimates.copy(), tables.card.copy()
    for rank, text in enumerate(HOSTILE):
        places.loc[places.index[rank], ["label", "short_label"]] = text
    catalogue["says"] = catalogue["short_label"] = HOSTILE[0]
    sources["title"], sources["url"] = HOSTILE[1], "javascript:alert(1)"
    estimates["label"], card["text"] = HOSTILE[0], HOSTILE[1]
    identity = replace(tables.identity, name=HOSTILE[0], author=HOSTILE[1])
    content = write_atlas(
        replace(tables, identity=identity, territories=places, catalogue=catalogue, sources=sources,
                estimates=estimates, card=card),
        texts={"comment_lire.md": f"# Lire\n\n<script>alert(1)</script> {HOSTILE[2]}"},
    )  # fmt: skip
    page = Page(content)
    assert [tag for tag, _ in page.tags].count("script") == 2
    assert "img" not in {tag for tag, _ in page.tags}
    names = [place.get("label", place["name"]) for place in page.data["layers"][0]["places"]]
    assert names[0].startswith("</script><script>alert(1)</script>")
    assert names[3] == "acod"
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f]", content.decode("utf-8"))
    assert {one["url"] for one in page.data["sources"]} == {""}


def test_a_hidden_number_is_nowhere(public_tables, declared_tables):
    tables = declared_tables(public_tables(9))
    values, gaps, estimates = tables.indicators.copy(), tables.gaps.copy(), tables.estimates.copy()
    hidden = values["value"].isna() | values["reliability"].eq("suppress")
    weak = values["reliability"].eq("caution") & values["unit"].isin(["percent", "points", "ratio"])
    assert hidden.any()
    assert weak.any()
    values.loc[hidden | weak, ["value", "low", "high"]] = CANARY
    key = ["code", "variable", "group"]
    kept = pd.MultiIndex.from_frame(values.loc[hidden | weak, key])
    behind = pd.MultiIndex.from_frame(gaps[key]).isin(kept)
    assert behind.any()
    gaps.loc[behind, ["value", "difference", "ratio"]] = CANARY
    masked = estimates["status"].eq("suppressed")
    numbers = ["estimate", "se", "ci_low", "ci_high", "count", "n_eff", "df", "deff"]
    estimates.loc[masked, numbers] = CANARY
    content = write_atlas(replace(tables, indicators=values, gaps=gaps, estimates=estimates))
    assert b"7777" not in content
    assert content == write_atlas(tables)


def test_every_absence_has_its_mark(tables, page):
    absences = page.data["absences"]
    assert {one["kind"] for one in absences} == {str(status) for status in STATUS_MARKS} | {"weak"}
    letters = {one["letter"]: one["kind"] for one in absences}
    status = tables.indicators.set_index(["variable", "group", "code"])["status"]
    layer = page.data["layers"][0]
    for series in layer["series"]:
        variable, _, group = series["id"].partition(".")
        for rank, place in enumerate(layer["places"]):
            found = status[variable, group or "all", place["code"]]
            if found in {"suppressed", "not_released", "missing"}:
                assert letters[series["marks"][rank]] == found
                assert series["values"][rank] is None


def test_foreigners_are_neither_classed_nor_ranked(page):
    about = [one for one in page.data["layers"][0]["series"] if "foreign" in one["id"]]
    assert about
    assert all(one["plain"] and one["limits"] == [] and not re.search(r"\d", one["marks"]) for one in about)
    assert never_ranked("immigrant_share", "all")
    others = [one for one in page.data["layers"][0]["series"] if not one["plain"]]
    assert any(one["limits"] for one in others)


def test_generations_never_meet(public_tables):
    old = public_tables(9)
    quarters = old.territories["level"].eq("qpv")
    new = {}
    for name in ("territories", "indicators", "gaps"):
        table = getattr(old, name)
        own = table[table["level"].eq("qpv")].copy()
        own["vintage"], own["code"] = 2024, own["code"].str.replace("QP", "QN")
        new[name] = pd.concat([table, own], ignore_index=True)
    values = new["indicators"]
    values.loc[values["vintage"].eq(2024) & values["value"].notna(), "value"] = 12.5
    data = Page(write_atlas(replace(old, **new))).data
    assert [one["generation"] for one in data["layers"]] == [2015, 2024]
    for layer, prefix in zip(data["layers"], ("QP", "QN"), strict=True):
        assert len(layer["places"]) == quarters.sum()
        assert all(place["code"].startswith(prefix) for place in layer["places"])
    rates = [one for one in data["layers"][1]["series"] if one["unit"] == "percent"]
    assert {value for one in rates for value in one["values"]} == {125, None}
    first = [one for one in data["layers"][0]["series"] if one["unit"] == "percent"]
    assert {value for one in first for value in one["values"]} - {125, None}


def test_communes_keep_their_common_borders(page):
    shapes = [_polygon(one["d"]) for one in page.data["ground"]["communes"]]
    whole = shapely.union_all(shapes)
    assert whole.geom_type == "Polygon"
    assert not whole.interiors
    assert sum(one.area for one in shapes) == pytest.approx(whole.area, rel=1e-9)


def _polygon(path):
    start, steps = re.fullmatch(r"M(-?\d+ -?\d+)l([^Mz]+)z", path).groups()
    origin = np.array(start.split(), dtype=int)
    moves = np.array(re.findall(r"-?\d+", steps), dtype=int).reshape(-1, 2)
    return shapely.Polygon(np.vstack([origin, origin + moves.cumsum(axis=0)]))


def test_without_communes_or_survey_nothing_is_invented(public_tables):
    data = Page(write_atlas(public_tables(2, communes=False, fictional=False))).data
    assert data["ground"]["communes"] == []
    assert data["survey"] is None
    assert data["identity"]["banner"] == ""


def test_survey_rates_stay_in_the_order_of_the_questionnaire(declared_tables, public_tables):
    straight, shuffled = (
        Page(write_atlas(declared_tables(public_tables(9), shuffled=one))).data["survey"]["panels"][1:3]
        for one in (False, True)
    )
    assert straight == shuffled
    answers = straight[0]["groups"][0]["series"][0]["answers"]
    assert [one["bar"][0] for one in answers] != sorted((one["bar"][0] for one in answers), reverse=True)


def test_shares_by_group_are_said_with_their_interval_or_their_reason(public_tables, declared_tables):
    tables = declared_tables(public_tables(9))
    row = tables.estimates[tables.estimates["answer"].eq("oui") & tables.estimates["base"].eq("all")].iloc[0]
    known = {"by": "sex", "estimate": 30.2, "ci_low": 20.4, "ci_high": 41.3, "n": 60.0, "status": "estimated",
             "reliability": "publish", "note": ""}  # fmt: skip
    few = known | {"n": 12.0, "group": "men"}
    rows = pd.DataFrame([{**row, **known, "group": "women"}, {**row, **few}])
    estimates = pd.concat([tables.estimates, rows], ignore_index=True)
    data = Page(write_atlas(replace(tables, estimates=estimates))).data
    (found,) = data["survey"]["breakdowns"]
    (table,) = found["tables"]
    assert [head.replace("\u00a0", " ") for head in table["heads"]] == ["Femmes, n = 60", "Hommes, n = 12"]
    ((_, women, men),) = table["rows"]
    assert women.replace("\u00a0", " ") == "30 % (de 20 à 42 %)"
    assert men == "ef"
    assert [mark.replace("\u00a0", " ") for mark in table["marks"]] == [
        "ef : moins de 30 personnes, pas de pourcentage"
    ]


def test_the_lead_replaces_texts_and_only_known_ones(public_tables):
    data = Page(write_atlas(public_tables(2), texts={"comment_lire.md": "# Lire\n\nNos propres mots."})).data
    assert any(run["t"] == "Nos propres mots." for one in data["reading"] for run in one.get("runs", []))
    with pytest.raises(ConfigurationError, match="texte inconnu"):
        write_atlas(public_tables(2), texts={"inconnu.md": "?"})


def test_no_neighbourhood_is_an_error(public_tables):
    tables = public_tables(2)
    with pytest.raises(TerritoryError):
        write_atlas(replace(tables, territories=tables.territories[tables.territories["level"].ne("qpv")]))
