"""Convergence of sources: monotone, never raised by a decomposition, same domain, criterion and perimeter."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostic.analysis.domains import DOMAIN_THEMES
from diagnostic.analysis.evidence import (
    COUNTED,
    SIGNAL_COLUMNS,
    TERRITORY,
    Kind,
    blind_spots,
    evidence,
    signals,
)
from diagnostic.errors import InputError
from diagnostic.survey_model import domain_codes

ONE = ("health", "handicap", TERRITORY)


def table(*rows):
    return pd.DataFrame(
        [(*place, str(kind), concurs, "", "") for place, kind, concurs in rows], columns=SIGNAL_COLUMNS
    )


def degree(*kinds):
    found = evidence(table(*((ONE, kind, True) for kind in kinds)))
    return int(found["degree"].iloc[0])


def test_the_scale_is_that_of_the_domain():
    assert degree(Kind.TESTIMONY) == 0
    assert [degree(*COUNTED[:count]) for count in range(1, 6)] == [1, 2, 3, 4, 5]


@settings(deadline=None, max_examples=50)
@given(st.lists(st.sampled_from(list(Kind)), min_size=1), st.sampled_from(list(Kind)))
def test_a_source_more_never_lowers_and_adds_at_most_one(kinds, more):
    assert degree(*kinds) <= degree(*kinds, more) <= degree(*kinds) + 1 <= 6


@settings(deadline=None, max_examples=50)
@given(st.lists(st.sampled_from(list(Kind)), min_size=1))
def test_a_decomposition_or_a_testimony_never_raises_it(kinds):
    assert degree(*kinds, Kind.DECOMPOSITION, Kind.TESTIMONY) == degree(*kinds)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.sampled_from(COUNTED), min_size=1, max_size=8))
def test_the_same_kind_twice_counts_once(kinds):
    assert degree(*kinds) == len(set(kinds))


@pytest.mark.parametrize(
    "elsewhere",
    [("housing", "handicap", TERRITORY), ("health", "sexe", TERRITORY), ("health", "handicap", "QP099001")],
    ids=["domain", "criterion", "perimeter"],
)
def test_sources_of_another_domain_criterion_or_perimeter_do_not_concur(elsewhere):
    found = evidence(table((ONE, Kind.SURVEY, True), (elsewhere, Kind.GAP, True)))
    assert found["degree"].tolist() == [1, 1]


def test_a_source_that_looked_and_found_nothing_is_said():
    row = evidence(table((ONE, Kind.SURVEY, True), (ONE, Kind.GAP, False))).iloc[0]
    assert (row["degree"], row["against"]) == (1, "écart statistique")
    assert row["label"] == "convergence des sources\u00a0: 1 sur\u00a05"


def test_no_printed_word_says_more_than_convergence():
    found = evidence(table(*((ONE, kind, True) for kind in Kind)))
    text = " ".join(found[["label", "sources", "against"]].to_numpy().ravel())
    for word in ("preuve", "présomption", "prouve"):
        assert word not in text


# Where signals come from.


def test_a_gap_speaks_of_the_territory_when_most_of_it_has_it(figures, gap_rows):
    codes = ["QP099001", "QP099002", "QP099003"]
    for differences, whole in (([9, 9, 1], True), ([9, 1, 1], False)):
        gaps = gap_rows(*zip(codes, differences, strict=True))
        found = signals(figures((codes[0], 30.0)), gaps, territory=codes)
        mine = found[(found["criterion"] == "lieu_residence")].set_index("perimeter")["concurs"]
        assert mine[TERRITORY] == whole
        assert mine[codes].tolist() == [difference == 9 for difference in differences]


def test_a_contrast_speaks_of_its_own_criterion(figures, gap_rows):
    rows = figures(*(
        (f"QP09900{rank}", -12.0, {"variable": "employment_gap_women_men", "unit": "points", "width": 4.0,
                                   "status": "estimated"}) for rank in (1, 2)
    ))  # fmt: skip
    found = signals(rows, gap_rows(), territory=["QP099001", "QP099002"])
    assert set(found["criterion"]) == {"sexe"}
    assert found["concurs"].all()


def test_the_survey_speaks_only_through_the_crossing_of_one_event(figures, gap_rows, estimate_rows):
    told = estimate_rows(
        ("event_domain*event_motives", "emploi_prive|quartier", 30.0, {"base": "concerned"}),
        ("event_domain*event_motives", "sante|argent", 30.0, {"base": "concerned", "status": "suppressed"}),
        ("motives", "sexe", 30.0, {"base": "concerned"}), ("domains", "logement_prive", 30.0),
    )  # fmt: skip
    found = signals(figures(("QP099001", 1.0)), gap_rows(), territory=["QP099001"], estimates=told)
    assert found[["theme", "criterion", "kind"]].to_numpy().tolist() == [
        ["employment", "lieu_residence", "survey"]
    ]


def test_what_the_lead_adds_is_joined_and_checked(figures, gap_rows):
    row = {"theme": "sante", "criterion": "handicap", "perimeter": TERRITORY, "kind": "practice", "concurs": True,
           "what": "refus de rendez-vous", "source": "médiateur"}  # fmt: skip
    arguments = (figures(("QP099001", 1.0)), gap_rows())
    found = signals(*arguments, territory=["QP099001"], others=pd.DataFrame([row]))
    assert found["theme"].tolist() == ["health"]
    wrong = row | {"theme": "ailleurs", "kind": "rumeur", "perimeter": "QP059001"}
    with pytest.raises(InputError) as caught:
        signals(*arguments, territory=["QP099001"], others=pd.DataFrame([row, wrong]))
    assert len(caught.value.faults) == 3
    assert {fault.line for fault in caught.value.faults} == {2}


def test_every_domain_of_the_survey_has_a_theme():
    assert set(DOMAIN_THEMES) == set(domain_codes())


# Blind spots.


def test_a_signal_without_data_and_data_without_action_are_blind_spots():
    measured = ("employment", "sexe", TERRITORY)
    rows = table((ONE, Kind.SURVEY, True), (measured, Kind.GAP, True))
    assert blind_spots(rows)["spot"].tolist() == ["signal_without_data"]
    actions = pd.DataFrame({"domain": ["emploi_prive"], "criterion": ["tous"], "level": ["micro"], "qpv": [""]})
    found = blind_spots(rows, actions=actions).set_index("theme")["spot"]
    assert found["employment"] == "data_without_action"  # a generalist action covers no criterion
    assert found["health"].tolist() == ["signal_without_data", "signal_without_action"]
    covering = actions.assign(criterion="sexe")
    assert "employment" not in set(blind_spots(rows, actions=covering)["theme"])
