"""Crossings: a cell only beyond both intervals, a missing source named, magnitudes in their place."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostic.analysis.crossing import (
    ACTION_COLUMNS,
    CROSSING_COLUMNS,
    CROSSINGS,
    Material,
    Side,
    crossing_catalogue,
    crossings,
)
from diagnostic.analysis.crossings.quadrant import cell
from diagnostic.analysis.evidence import EVIDENCE_COLUMNS
from diagnostic.survey_model.identity import SurveyIdentity

NOTHING = pd.DataFrame(columns=EVIDENCE_COLUMNS)
ACTIONS = pd.DataFrame(
    [
        (1, "emploi_prive", "origine", "micro", ""),
        (2, "emploi_prive", "sexe", "micro", ""),
        (3, "sante", "tous", "meso", ""),
    ],
    columns=ACTION_COLUMNS,
)
RECORDED = pd.DataFrame({"kind": ["plainte", "réclamation"], "period": 2023, "count": [30, 10], "source": ""})


def identity(basis="aleatoire"):
    day = date(2024, 1, 1)
    return SurveyIdentity(
        title="", commissioner="", population="", start=day, end=day, basis=basis, modes=(), response_rate=None,
        regime="anonyme", deletion=day, generation=2015, file="", platform="", rows=1, kept=1, incomplete=0,
        minors=0, weighted=False,
    )  # fmt: skip


@pytest.fixture
def material(gap_rows, estimate_rows):
    codes = ("QP099001", "QP099002", "QP099003")
    rows = [
        (code, difference, {"variable": name, "width": 1.0, "direction": direction, "worse": True})
        for name, direction, sign in (
            ("employment_rate", "less_is_worse", -1),
            ("poverty_rate", "more_is_worse", 1),
        )
        for code, difference in zip(codes, (sign * 9.0, sign * 12.0, sign * 20.0), strict=True)
    ]
    told = estimate_rows(
        ("domains", "emploi_prive", 12.0), ("domains", "emploi_public", 6.0), ("domains", "stage_formation", 1.0),
        ("domains", "logement_prive", 9.0), ("motives", "quartier", 35.0, {"base": "concerned"}),
        ("steps", "hors_entourage", 20.0, {"base": "concerned"}), ("experience_12m", "oui", 4.0),
        ("no_step_reasons", "pas_su", 40.0, {"base": "concerned"}),
        ("event_authors", "micro", 50.0, {"base": "concerned"}),
        ("event_authors", "meso", 60.0, {"base": "concerned"}),
    )  # fmt: skip
    return Material(gaps=gap_rows(*rows), evidence=NOTHING, estimates=told, identity=identity())


def of(material, name):
    table = crossings(material)
    return table[table["id"] == name]


# The quadrant.


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [((9, 7, 11), (9, 7, 11), "convergence"), ((1, 0, 2), (9, 7, 11), "felt_only"),
     ((9, 7, 11), (1, 0, 2), "gap_only"), ((1, 0, 2), (1, 0, 2), "neither"),
     ((9, 4, 14), (9, 7, 11), "undetermined"), ((9, 7, 11), (9, 4, 14), "undetermined"),
     ((9, float("nan"), float("nan")), (9, 7, 11), "undetermined"), ((7, 5, 9), (9, 7, 11), "undetermined")],
)  # fmt: skip
def test_a_cell_needs_both_intervals_to_clear_the_line(x, y, expected):
    assert cell(Side(*x, ""), Side(*y, ""))[0] == expected


intervals = st.tuples(st.floats(-20, 20), st.floats(0, 10)).map(
    lambda one: (one[0], one[0] - one[1], one[0] + one[1])
)


@settings(deadline=None, max_examples=50)
@given(intervals, intervals, st.floats(0.1, 10))
def test_more_uncertainty_never_moves_a_cell_elsewhere_than_undetermined(x, y, more):
    before = cell(Side(*x, ""), Side(*y, ""))[0]
    after = cell(Side(x[0], x[1] - more, x[2] + more, ""), Side(*y, ""))[0]
    assert after in (before, "undetermined")


def test_the_gap_of_a_theme_is_the_median_with_the_median_bounds(material):
    row = of(material, "CRO01").set_index("domain").loc["emploi_prive"]
    assert row[["x", "x_low", "x_high"]].tolist() == [12.0, 11.0, 13.0]
    assert row[["y", "y_low", "y_high"]].tolist() == [12.0, 10.0, 14.0]
    assert row["cell"] == "convergence"


def test_each_domain_has_its_row_and_says_what_lacks(material):
    rows = of(material, "CRO01").set_index("domain")
    assert len(rows) == 16
    assert rows.loc["stage_formation", "cell"] == "gap_only"
    assert rows.loc["emploi_public", "cell"] == "undetermined"
    assert rows.loc["logement_prive", "missing"] == "statistique publique comparée, pour ce domaine"
    assert "part publiable du ressenti" in rows.loc["sante", "missing"]
    assert (rows.loc[rows["missing"] != "", "cell"] == "undetermined").all()


def test_without_a_random_draw_the_reading_speaks_of_respondents(material):
    whole = replace(material, actions=ACTIONS, access=pd.DataFrame({"code": ["QP099001"], "minutes": [20]}))
    quota = replace(whole, identity=identity("quotas"))
    for name in ("CRO01", "CRO05", "CRO06", "CRO08"):
        given = of(quota, name).query("missing == ''")["reading"]
        assert len(given), name
        assert given.str.startswith("Parmi les répondants seulement.").all(), name
        assert not of(whole, name)["reading"].str.startswith("Parmi").any(), name


# Non-recourse.


@pytest.mark.parametrize("name", ["CRO02", "CRO03"])
@pytest.mark.parametrize(
    "change", [{"perimeter": "contrat"}, {"identity": None}, {"identity": identity("quotas")}, {"recorded": None},
               {"estimates": None}],
    ids=["contrat", "no protocol", "quotas", "nothing recorded", "no survey"],
)  # fmt: skip
def test_recorded_facts_meet_only_a_wide_random_survey_of_twelve_months(material, name, change):
    wide = replace(material, perimeter="departement", recorded=RECORDED, adults=100_000.0)
    assert of(wide, name)["missing"].tolist() == [""]
    row = of(replace(wide, **change), name).iloc[0]
    assert row["missing"]
    assert row[["x", "y"]].isna().all()


def test_non_recourse_and_orders_of_magnitude_by_hand(material):
    wide = replace(material, perimeter="departement", recorded=RECORDED, adults=100_000.0)
    steps = of(wide, "CRO02").iloc[0]
    assert steps[["x", "x_low", "x_high", "y"]].tolist() == [80.0, 78.0, 82.0, 40.0]
    declared = of(wide, "CRO03").iloc[0]
    assert declared[["x", "x_low", "x_high"]].tolist() == pytest.approx([4000, 2000, 6000])
    assert declared["reading"] == "De l’ordre de 50 à 150 personnes pour un fait enregistré."


def test_access_is_a_median_of_minutes(material):
    table = pd.DataFrame({"code": ["QP099001", "QP099002", "QP099003"], "minutes": [10, 40, 20]})
    row = of(replace(material, access=table), "CRO05").iloc[0]
    assert row[["x", "x_low", "x_high", "y"]].tolist() == [20, 10, 40, 40]
    assert "lieux d’accès au droit" in of(material, "CRO05")["missing"].iloc[0]


# Actions, stigma, convergence, levels.


def test_coverage_starts_with_the_domains_that_converge(material):
    rows = of(replace(material, actions=ACTIONS), "CRO04")
    assert rows.iloc[0][["domain", "x"]].tolist() == ["emploi_prive", 2.0]
    assert rows.iloc[0]["reading"] == "écart et ressenti\u00a0: 2\u00a0actions recensées."
    assert of(material, "CRO04")["missing"].tolist() == ["inventaire des actions"]


def test_stigma_stands_beside_the_gap_of_poverty(material):
    row = of(material, "CRO06").iloc[0]
    assert row[["x", "y"]].tolist() == [12.0, 35.0]
    assert "leur lien n’est pas mesuré" in row["reading"]


def test_convergence_gives_the_highest_degree_of_each_theme(material):
    rows = [("employment", "sexe", "sexe", "territoire", 1, "", "écart statistique", ""),
            ("employment", "nation", "nation", "territoire", 2, "", "ressenti mesuré et écart statistique", ""),
            ("employment", "nation", "nation", "QP099001", 4, "", "", "")]  # fmt: skip
    found = of(replace(material, evidence=pd.DataFrame(rows, columns=EVIDENCE_COLUMNS)), "CRO07")
    assert found[["domain", "x"]].to_numpy().tolist() == [["employment", 2.0]]
    assert "critère «\u00a0nation\u00a0»" in found["reading"].iloc[0]


def test_levels_face_the_share_of_actions(material):
    rows = of(replace(material, actions=ACTIONS), "CRO08").set_index("cell")
    assert rows.loc["micro", "x"] == pytest.approx(200 / 3)
    assert rows.loc["meso", "y"] == 60.0
    assert rows.loc["macro", "missing"] == "part publiable du niveau macro"


def test_with_nothing_at_hand_each_crossing_names_its_source(gap_rows):
    table = crossings(Material(gaps=gap_rows(), evidence=NOTHING))
    assert table.columns.tolist() == CROSSING_COLUMNS
    assert table["id"].tolist() == ["CRO01", "CRO02", "CRO03", "CRO04", "CRO05", "CRO06", "CRO08"]
    assert (table["missing"] != "").all()


def test_a_suppressed_share_is_not_read(material, estimate_rows):
    told = estimate_rows(("motives", "quartier", 35.0, {"base": "concerned", "status": "suppressed"}))
    assert of(replace(material, estimates=told), "CRO06")["missing"].iloc[0].startswith("enquête")


def test_every_crossing_has_its_sheet():
    assert sorted(one.id for one in CROSSINGS) == [f"CRO0{rank}" for rank in range(1, 9)]
    table = crossing_catalogue()
    assert (table != "").all().all()
    assert table["ask"].str.endswith("?").all()
    assert not table.apply(lambda column: column.str.contains("prouve|présomption")).any().any()
