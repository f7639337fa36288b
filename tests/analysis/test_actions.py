"""Actions beside signals: what counts, what does not, and what nobody acts on, against a plain recount."""

import csv
import math
from importlib import resources

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from diagnostic.action_model import SEPARATOR
from diagnostic.analysis.actions import (
    CREDIT_COLUMNS,
    LIST_COLUMNS,
    action_tables,
    coverage,
    levels,
    long_form,
    money,
    quarters,
    reasons,
    spots,
    underway,
)
from diagnostic.analysis.crossing import ACTION_COLUMNS
from diagnostic.analysis.evidence import SIGNAL_COLUMNS, blind_spots
from diagnostic.analysis.recourse import distances, recorded, recourse_table
from diagnostic.demo import write_actions
from diagnostic.errors import InputError
from diagnostic.ingestion.actions import read_actions

QPV = [f"QP09900{rank}" for rank in range(1, 10)]
SIGNALS = pd.DataFrame(
    [
        ("employment", "sexe", "territoire", "gap", True, "", ""),
        ("goods", "origine", "territoire", "survey", True, "", ""),
        ("goods", "religion", "territoire", "survey", False, "", ""),
        ("housing", "age", QPV[0], "gap", True, "", ""),
        ("justice", "apparence_physique", "territoire", "survey", True, "", ""),
    ],
    columns=SIGNAL_COLUMNS,
)  # fmt: skip


@pytest.fixture(scope="module")
def actions(tmp_path_factory):
    return read_actions(
        write_actions(tmp_path_factory.mktemp("actions")), generation=2015, qpv=dict.fromkeys(QPV, "")
    )


@pytest.fixture(scope="module")
def lines():
    """The demonstration's own lines, counted by hand below."""
    text = (resources.files("diagnostic.demo") / "actions.csv").read_text(encoding="utf-8")
    return [row for row in csv.DictReader(text.splitlines(), delimiter=";") if row["etat"] != "abandonnee"]


@pytest.fixture(scope="module")
def found(actions):
    return action_tables(
        actions, territory=QPV, signals=SIGNALS, blind=blind_spots(SIGNALS, actions=long_form(actions)),
        p147=pd.DataFrame([(2025, 1_000_000.0, "programmation")], columns=CREDIT_COLUMNS),
    )  # fmt: skip


def test_each_cell_is_a_plain_recount(actions, lines):
    table = coverage(long_form(actions))
    for row in table.to_dict("records"):
        expected = sum(
            row["domain"] in line["domaines"].split(",") and row["criterion"] in line["criteres"].split(",")
            for line in lines
        )
        assert row["actions"] == expected, row


def test_levels_are_a_plain_recount(actions, lines):
    for row in levels(long_form(actions)).to_dict("records"):
        own = [
            line
            for line in lines
            if row["domain"] in line["domaines"].split(",") and line["niveau"] == row["level"]
        ]
        assert row["actions"] == len(own)
        assert row["generalist"] == sum("tous" in line["criteres"] for line in own)


def test_an_action_given_up_covers_nothing_and_stays_in_the_list(actions, found):
    assert found.actions["etat"].eq("abandonnee").sum() == 2
    assert len(underway(actions)) == 38
    assert not set(long_form(actions)["action"]) & set(actions.loc[actions["etat"] == "abandonnee", "action"])


def test_a_generalist_action_covers_no_criterion(found):
    spot = found.action_spots.query("domain == 'Services publics' and criterion == 'Origine'")
    assert not spot["actions"].any()
    broad = found.action_coverage.query("domain == 'services_publics' and criterion == 'tous'")
    assert broad["actions"].iloc[0] == 7


def test_a_signalled_criterion_has_a_column_though_nobody_acts_on_it(found):
    assert not found.action_coverage.query("criterion == 'apparence_physique'")["actions"].any()
    assert found.action_coverage["criterion"].iloc[-1] == "tous"


def test_signals_of_one_neighbourhood_or_that_do_not_concur_open_nothing(found):
    assert not found.action_spots.query("domain == 'Logement' and criterion == 'Âge'")["signals"].any()
    assert not found.action_spots.query("domain == 'Biens et services' and criterion == 'Religion'")[
        "signals"
    ].any()


def test_blind_spots_are_the_signals_that_no_action_names(found):
    rows = found.action_figures.set_index("id")
    # Employment by sex is acted on; goods by origin and justice by appearance are not.
    assert rows.loc["ACT03", "value"] == 2


def test_figures_of_the_reference_list(found, lines):
    rows = found.action_figures.set_index("id")
    assert rows.loc["ACT01", "value"] == len(lines)
    begun = [line for line in lines if line["debut"].startswith("2025")]
    marked = sum(float(line["part_p147"] or 0) for line in begun)
    assert rows.loc["ACT02", "value"] == pytest.approx(100 * marked / 1_000_000)
    assert rows.loc["ACT02", "period"] == "2025"
    trained = [line for line in lines if line["professionnels_vises"] and line["professionnels_formes"]]
    share = sum(int(line["professionnels_formes"]) for line in trained) / sum(
        int(line["professionnels_vises"]) for line in trained
    )
    assert rows.loc["REC02", "value"] == pytest.approx(100 * share)


def test_without_credits_nothing_is_guessed(actions):
    rows = action_tables(actions, territory=QPV).action_figures.set_index("id")
    assert np.isnan(rows.loc["ACT02", "value"])
    assert "délégué du préfet" in rows.loc["ACT02", "note"]
    assert np.isnan(rows.loc["ACT03", "value"])


def test_an_unknown_amount_is_not_zero(actions, lines):
    table = money(underway(actions))
    whole = table.iloc[0]
    amounts = [line["montant"] for line in lines]
    assert whole["euros"] == sum(float(amount) for amount in amounts if amount)
    assert (whole["actions"], whole["amounts_known"]) == (len(lines), sum(bool(amount) for amount in amounts))
    for split in ("etat", "niveau", "domaine"):
        rows = table[table["split"] == split]
        assert rows["actions"].sum() == len(lines)
        assert rows["euros"].sum() == pytest.approx(whole["euros"])
    office = table.query("split == 'domaine' and code == 'emploi_public'").iloc[0]
    assert (office["actions"], office["amounts_known"]) == (1, 0)
    assert np.isnan(office["euros"])


def test_neighbourhoods_keep_list_order_and_zeros(actions, lines):
    table = quarters(underway(actions), QPV[::-1])
    assert table["code"].tolist() == QPV[::-1]
    for row in table.to_dict("records"):
        own = [line for line in lines if row["code"] in line["qpv"].split(",")]
        alone = [line for line in own if line["qpv"] == row["code"]]
        assert (row["actions"], row["only_here"]) == (len(own), len(alone))
    assert np.isnan(table.set_index("code").loc["QP099009", "euros"])


def test_pitfalls_and_levers_are_counted_over_all_actions(actions):
    table = reasons(actions).set_index(["kind", "code"])["actions"]
    assert table["ecueils", "deni"] == actions["ecueils"].str.split(SEPARATOR).map(lambda one: "deni" in one).sum()
    assert table["ecueils"].is_monotonic_decreasing


def test_rows_may_come_in_any_order(actions):
    turned = action_tables(actions.iloc[::-1], territory=QPV, signals=SIGNALS)
    straight = action_tables(actions, territory=QPV, signals=SIGNALS)
    for name in ("action_coverage", "action_levels", "action_quarters", "action_money", "action_reasons"):
        pd.testing.assert_frame_equal(getattr(turned, name), getattr(straight, name))


def test_texts_that_may_not_leave_are_not_in_the_list(found):
    assert list(found.actions) == LIST_COLUMNS
    assert not {"validation", "instance", "description", "beneficiaires_atteints", "source"} & set(found.actions)


def test_spots_are_what_the_figure_takes(found):
    assert set(found.action_spots) == {"domain", "criterion", "signals", "data", "actions"}
    assert "Population" not in set(found.action_spots["domain"])
    assert spots(SIGNALS.iloc[:0], pd.DataFrame(columns=ACTION_COLUMNS)).empty


# Recourse.

RECOURSE = pd.DataFrame(
    [
        ("reclamation_ddd", "departement", 2023, 41, "a"), ("reclamation_ddd", "departement", 2024, 37, "a"),
        ("plainte", "departement", 2024, 22, "b"), ("plainte", "departement", 2025, 30, "b"),
        ("delegue_ddd", "departement", 2024, 12, "c"), ("plainte", "contrat", 2024, 7, "d"),
    ],
    columns=["nature", "perimetre", "annee", "nombre", "source"],
)  # fmt: skip


def test_a_fact_is_added_up_once_and_one_year_only():
    kept = recorded(RECOURSE, perimeter="departement")
    assert kept[["kind", "period", "count"]].to_numpy().tolist() == [
        ["reclamation_ddd", 2024, 37],
        ["plainte", 2024, 22],
    ]


def test_half_a_count_is_no_count():
    assert recorded(RECOURSE, perimeter="contrat") is None
    assert recorded(RECOURSE, perimeter="region") is None


def test_a_few_facts_in_a_contract_are_hidden_and_each_line_has_its_reading():
    table = recourse_table(RECOURSE)
    small = table[table["perimeter"] == "contrat"].iloc[0]
    assert small["status"] == "masked"
    assert np.isnan(small["count"])
    assert table["reading"].str.len().gt(20).all()


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ({"plainte": 12, "poursuite": 1, "classement": 11}, {"poursuite", "classement"}),
        ({"plainte": 40, "poursuite": 15, "classement": 22}, {"poursuite", "classement"}),  # three are pending
        ({"plainte": 40, "poursuite": 0, "classement": 25}, set()),
        ({"reclamation_ddd": 30, "delegue_ddd": 27}, {"delegue_ddd"}),
        ({"reclamation_ddd": 30, "delegue_ddd": 12, "point_justice": 5}, {"point_justice"}),
    ],
)
def test_what_gives_a_few_facts_by_difference_is_hidden_with_them(counts, hidden):
    rows = [
        (kind, place, 2024, count, "d") for kind, count in counts.items() for place in ("contrat", "departement")
    ]
    table = recourse_table(pd.DataFrame(rows, columns=RECOURSE.columns))
    masked = table[table["status"] == "masked"]
    assert set(masked["kind"]) == hidden
    assert masked["perimeter"].eq("contrat").all()
    assert masked["count"].isna().all()


# Distances.


def test_distances_are_those_of_the_plane_from_inside_and_from_the_outline():
    squares = gpd.GeoDataFrame(
        {"level": ["qpv", "qpv", "commune"], "code": ["QP099002", "QP099001", "99001"], "vintage": 2015,
         "label": ["B", "A", "C"]},
        geometry=[shapely.box(700_000, 7_000_000, 701_000, 7_001_000),
                  shapely.box(705_000, 7_000_000, 706_000, 7_001_000), shapely.box(0, 0, 1, 1)],
        crs="EPSG:2154",
    )  # fmt: skip
    spots = gpd.GeoSeries(
        [shapely.Point(700_900, 7_000_500), shapely.Point(704_000, 7_000_500), shapely.Point(9_000, 6_300_000)],
        crs="EPSG:2154",
    ).to_crs(4326)
    table = pd.DataFrame({
        "lieu": ["dedans", "entre", "loin", "nulle part"], "source": ["carte", "carte", "liste", "carte"],
        "latitude": [*spots.y, math.nan], "longitude": [*spots.x, math.nan],
    })  # fmt: skip
    for frame in (squares, squares.to_crs(4326)):  # the result does not depend on the system of the outlines
        found = distances(table, frame)
        assert found["code"].tolist() == ["QP099002", "QP099001"]
        assert found["inside"].tolist() == pytest.approx([400, 1500], abs=1)
        assert found["edge"].tolist() == pytest.approx([0, 1000], abs=1)
        assert found["edge_place"].tolist() == ["dedans", "entre"]
        assert found["places"].unique().tolist() == [3]
        assert found["source"].unique().tolist() == ["carte ; liste"]


def test_each_end_of_a_distance_names_its_own_place():
    bar = gpd.GeoDataFrame(
        {"level": ["qpv"], "code": ["QP099001"], "vintage": [2015], "label": ["A"]},
        geometry=[shapely.box(700_000, 7_000_000, 710_000, 7_000_100)], crs="EPSG:2154",
    )  # fmt: skip
    spots = gpd.GeoSeries(
        [shapely.Point(710_200, 7_000_050), shapely.Point(705_000, 7_001_000)], crs="EPSG:2154"
    ).to_crs(4326)
    table = pd.DataFrame({"lieu": ["bout", "milieu"], "source": "c", "latitude": spots.y, "longitude": spots.x})
    row = distances(table, bar).iloc[0]
    assert (row["edge_place"], row["inside_place"]) == ("bout", "milieu")
    assert row["edge"] == pytest.approx(200, abs=1)


def test_without_an_outline_nothing_is_measured_and_without_a_place_there_is_no_row():
    home = gpd.GeoDataFrame(
        {"level": ["qpv", "qpv"], "code": ["QP099001", "QP099002"], "vintage": 2015, "label": ["A", "B"]},
        geometry=[shapely.Polygon(), shapely.box(3.0, 50.0, 3.01, 50.01)], crs=4326,
    )  # fmt: skip
    place = pd.DataFrame({"lieu": ["x"], "source": ["c"], "latitude": [50.02], "longitude": [3.005]})
    found = distances(place, home)
    assert math.isnan(found.loc[0, "edge"])
    assert found.loc[0, "edge_place"] == ""
    assert found.loc[1, "edge"] == pytest.approx(1112, abs=5)
    assert distances(place.assign(latitude=math.nan), home).empty
    with pytest.raises(InputError, match="cent kilomètres"):
        distances(place.assign(latitude=43.3), home)
    with pytest.raises(InputError, match="cent kilomètres"):  # from the other side of the world
        distances(place.assign(latitude=-20.9, longitude=55.45), home)
