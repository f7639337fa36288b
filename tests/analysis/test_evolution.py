"""Two diagnostics of one territory, side by side."""

from dataclasses import replace
from datetime import date

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point

from diagnostic.analysis.catalogue import catalogue
from diagnostic.analysis.disclosure.public import Identity, PublicTables
from diagnostic.analysis.evolution import EVOLUTION_COLUMNS, evolution
from diagnostic.errors import RefusedError

EMPTY = pd.DataFrame()


def tables(rows, *, generation=2015, codes=("QP099001", "QP099002")):
    identity = Identity("CA", generation, date(2024, 1, 1), True, "", "", "0", "")
    places = gpd.GeoDataFrame(
        {"level": "qpv", "code": list(codes), "label": [f"Q{code[-1]}" for code in codes]},
        geometry=[Point(0, 0)] * len(codes), crs="EPSG:4326",
    )  # fmt: skip
    figures = pd.DataFrame([
        {
            "level": "qpv", "code": code, "vintage": generation, "variable": variable, "group": "all",
            "unit": "percent", "source": source, "period_basis": "stated", "period": period,
            "edition": str(period), "value": value, "low": value, "high": value,
            "status": "observed" if value is not None else "suppressed", "headline": True,
        }
        for code, variable, source, period, value in rows
    ])  # fmt: skip
    figures[["value", "low", "high"]] = figures[["value", "low", "high"]].astype("float64")
    return PublicTables(identity, places, figures, EMPTY, EMPTY, catalogue(), EMPTY, EMPTY)


def found(first, second):
    return evolution(tables(first), tables(second)).set_index(["code", "variable"])


RSA = ("QP099001", "rsa_share", "insee_qpv_revn")


def test_a_change_is_read_where_years_may_be_compared():
    row = found([(*RSA, 2018, 20.0)], [(*RSA, 2021, 24.5)]).loc[RSA[:2]]
    assert (row["change"], row["moved"], row["comparable"], row["reason"]) == (4.5, False, True, "")
    assert (row["previous_period"], row["period"], row["label"]) == (2018, 2021, "Q1")


@pytest.mark.parametrize(
    ("half", "moved", "judgement"), [(0.0, False, "unqualified"), (1.0, True, "beyond"), (9.0, False, "within")]
)
def test_only_an_interval_allows_to_judge_the_size_of_a_change(half, moved, judgement):
    sides = [tables([(*RSA, 2018, 20.0)]), tables([(*RSA, 2021, 24.5)])]
    wide = [
        replace(side, indicators=side.indicators.assign(
            low=side.indicators["value"] - half, high=side.indicators["value"] + half
        )) for side in sides
    ]  # fmt: skip
    row = evolution(*wide).iloc[0]
    assert (row["moved"], row["judgement"]) == (moved, judgement)


def test_what_may_not_be_compared_is_not_judged():
    row = found([(*RSA, 2018, 20.0)], [(*RSA, 2018, 20.0)]).loc[RSA[:2]]
    assert row["judgement"] == ""


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        ((2018, 20.0), (2018, 20.0), "même année"),
        ((2018, 20.0), (2018, 21.0), "révisé"),
        ((2018, 20.0), (2021, None), "masquée"),
        ((2018, None), (2021, 20.0), "masquée"),
    ],
)
def test_what_may_not_be_read_says_why_and_has_no_change(first, second, why):
    row = found([(*RSA, *first)], [(*RSA, *second)]).loc[RSA[:2]]
    assert why in row["reason"]
    assert not row["comparable"]
    assert not row["moved"]


def test_a_break_of_the_producer_forbids_the_reading():
    income = ("QP099001", "poverty_rate", "insee_filosofi_qpv")
    row = found([(*income, 2018, 40.0)], [(*income, 2019, 45.0)]).loc[income[:2]]
    assert "géoréférencement" in row["reason"]
    assert pd.isna(row["change"])


def test_one_side_only_is_kept_and_said():
    other = ("QP099002", "rsa_share", "insee_qpv_revn")
    table = found([(*RSA, 2018, 20.0)], [(*other, 2018, 30.0)])
    assert table.loc[RSA[:2], "reason"] == "absent du second diagnostic"
    assert table.loc[other[:2], "reason"] == "absent du premier diagnostic"
    assert list(table.reset_index()[EVOLUTION_COLUMNS].columns) == EVOLUTION_COLUMNS


def test_generations_and_territories_never_mix():
    one = tables([(*RSA, 2018, 20.0)])
    with pytest.raises(RefusedError, match="générations différentes"):
        evolution(one, replace(one, identity=replace(one.identity, generation=2024)))
    with pytest.raises(RefusedError, match="aucun quartier commun"):
        evolution(one, tables([("QP099009", *RSA[1:], 2018, 20.0)], codes=("QP099009",)))
