"""Both generations side by side: what a run says of the quarters of a territory."""

from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from diagnostic.analysis.carried import CARRIED_COLUMNS, carried
from diagnostic.territory.counterparts import counterparts
from diagnostic.territory.links import link_table
from diagnostic.territory.places import resolve

LEFT, LOW, STEP = 2.0, 49.9, 0.01


@pytest.fixture(scope="module")
def territory():
    whole = resolve(epci="200043396", generation=2015)
    return replace(whole, qpv=("QP099001", "QP099002", "QP099003"))


def outlines(*rows):
    """Rows of code, vintage, left and right in hundredths of a degree."""
    shapes = [shapely.box(LEFT + STEP * left, LOW, LEFT + STEP * right, LOW + STEP) for *_, left, right in rows]
    table = pd.DataFrame({
        "level": "qpv", "code": [row[0] for row in rows], "vintage": [row[1] for row in rows],
        "label": [f"Quartier {row[0][-3:]}" for row in rows], "note": "",
    })  # fmt: skip
    return gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:4326")


BOTH = outlines(
    ("QP099001", 2015, 0, 4), ("QP099002", 2015, 10, 14), ("QP099003", 2015, 20, 24), ("QP099009", 2015, 90, 94),
    ("QN09901M", 2024, 0, 5), ("QN09902I", 2024, 10, 14), ("QN09909M", 2024, 90, 95),
)  # fmt: skip
NO_LINKS = link_table([])


def indicators(*rows):
    table = pd.DataFrame(rows, columns=["code", "variable", "value"])
    unit = table["variable"].map({"population": "persons"}).fillna("percent")
    return table.assign(
        level="qpv", vintage=2015, group="all", period=2019, period_basis="stated", edition="2019", unit=unit,
        reliability="publish",
        status=["observed" if known else "suppressed" for known in table["value"].notna()], headline=True,
    )  # fmt: skip


def test_pairs_of_the_territory_and_what_meets_nothing(territory):
    found = counterparts(territory, BOTH, NO_LINKS)
    pairs = found.pairs.set_index("code_2015")
    assert list(pairs.index) == ["QP099001", "QP099002", "QP099003"]
    assert pairs.loc["QP099001", "code_2024"] == "QN09901M"
    assert pairs.loc["QP099001", "share_of_2024"] == pytest.approx(0.8, abs=0.01)
    assert pairs.loc["QP099002", "change"] == "inchangé"
    assert pd.isna(pairs.loc["QP099003", "code_2024"])
    assert set(found.outlines["code"]) == {"QP099001", "QP099002", "QP099003", "QN09901M", "QN09902I"}
    assert pairs.loc["QP099001", "label_2024"] == "Quartier 01M"


def test_one_generation_alone_says_nothing(territory):
    found = counterparts(territory, BOTH[BOTH["vintage"] == 2015], NO_LINKS)
    assert found.pairs.empty
    assert found.outlines.empty
    assert carried(indicators(("QP099001", "population", 100.0)), found.outlines).empty


def test_quarters_that_meet_none_of_2024_are_told(territory):
    far = BOTH[BOTH["code"].isin(["QP099001", "QP099002", "QP099003", "QN09909M"])]
    pairs = counterparts(territory, far, NO_LINKS).pairs
    assert pairs["code_2015"].tolist() == ["QP099001", "QP099002", "QP099003"]
    assert pairs["code_2024"].isna().all()


def test_a_rate_is_carried_where_the_quarter_was_one_and_only_there(territory):
    both = counterparts(territory, BOTH, NO_LINKS).outlines
    table = carried(
        indicators(
            ("QP099001", "population", 900.0), ("QP099002", "population", 500.0), ("QP099003", "population", 80.0),
            ("QP099001", "poverty_rate", 41.0), ("QP099002", "poverty_rate", None),
            ("QP099001", "foreign_share", 20.0), ("QP099002", "foreign_share", 10.0),
        ), both,
    )  # fmt: skip
    assert list(table.columns) == CARRIED_COLUMNS
    assert set(table["variable"]) == {"poverty_rate"}
    rows = table.set_index("code")
    hidden = rows.loc["QN09902I"]
    assert (hidden["status"], pd.isna(hidden["value"])) == ("suppressed", True)
    wide = outlines(("QP099001", 2015, 0, 4), ("QN09901M", 2024, 0, 8))
    thin = carried(indicators(("QP099001", "population", 9.0), ("QP099001", "poverty_rate", 41.0)), wide).iloc[0]
    assert (thin["status"], pd.isna(thin["value"])) == ("missing", True)
    assert "pas d’estimation" in thin["note"]
    close = outlines(("QP099001", 2015, 0, 4), ("QN09901M", 2024, 0, 4))
    kept = carried(indicators(("QP099001", "population", 9.0), ("QP099001", "poverty_rate", 41.0)), close).iloc[0]
    assert (kept["status"], kept["value"], kept["vintage"]) == ("estimated", 41.0, 2024)
    assert kept["note"].startswith("estimé depuis les périmètres de 2015")


def test_a_rate_of_few_people_is_not_written_on_the_new_outlines_either():
    same = outlines(("QP099001", 2015, 0, 4), ("QN09901M", 2024, 0, 4))
    rows = indicators(("QP099001", "population", 90.0), ("QP099001", "poverty_rate", 41.0))
    rows["reliability"] = ["publish", "caution"]
    assert carried(rows, same).empty
    more = pd.concat([rows, indicators(("QP099002", "population", 9.0), ("QP099002", "poverty_rate", 20.0))])
    wide = outlines(("QP099001", 2015, 0, 4), ("QP099002", 2015, 4, 8), ("QN09901M", 2024, 0, 4))
    assert carried(more, wide)["value"].isna().all()


def test_a_mean_of_two_quarters_is_weighted_by_their_inhabitants():
    old = outlines(("QP099001", 2015, 0, 4), ("QP099002", 2015, 4, 8), ("QN09901M", 2024, 0, 8))
    table = carried(
        indicators(
            ("QP099001", "population", 300.0), ("QP099002", "population", 100.0),
            ("QP099001", "poverty_rate", 40.0), ("QP099002", "poverty_rate", 60.0),
        ), old,
    )  # fmt: skip
    assert table["value"].tolist() == [45.0]


def test_real_quarters_of_lille_meet_those_of_2024(real_places):
    places = pd.concat([real_places[year][0] for year in (2015, 2024)])
    places = gpd.GeoDataFrame(places, geometry="geometry", crs="EPSG:4326")
    lille = resolve(epci="200093201", generation=2015)
    found = counterparts(lille, places, pd.concat([real_places[year][1] for year in (2015, 2024)]))
    assert set(found.pairs["code_2015"]) >= set(lille.qpv)
    share = found.pairs.groupby("code_2015")["share_of_2015"].sum()
    assert share[list(lille.qpv)].median() > 0.9
