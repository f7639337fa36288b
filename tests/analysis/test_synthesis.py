"""Findings with their convergence and rivals, coverage of the reference list, what is not known."""

import pandas as pd
import pytest

from diagnostic.analysis.coverage import COVERAGE_COLUMNS, coverage, reference_list, reference_sources, unknowns
from diagnostic.analysis.crossing import Material, crossings
from diagnostic.analysis.evidence import EVIDENCE_COLUMNS, blind_spots, evidence, signals
from diagnostic.analysis.findings import COLUMNS, completed, findings
from diagnostic.analysis.indicator import INDICATORS
from diagnostic.analysis.rivals import rivals
from diagnostic.analysis.synthesis import Declared, synthesis
from diagnostic.analysis.trends import WORSENING_COLUMNS
from diagnostic.schemas import FINDING_COLUMNS
from diagnostic.vocabulary import Direction

CODES = ["QP099001", "QP099002", "QP099003"]
ME = {"territory": CODES, "survey": True}


@pytest.fixture
def tables(figures, gap_rows):
    """Poverty is notable everywhere; C2S in one neighbourhood of three, and by more."""
    rows = figures(*((code, 30.0, {"variable": name}) for name in ("poverty_rate", "c2s_share") for code in CODES))
    gaps = gap_rows(
        *((code, 10.0) for code in CODES),
        *((code, size, {"variable": "c2s_share"}) for code, size in zip(CODES, (40.0, 1.0, 1.0), strict=True)),
    )
    return rows, gaps


def test_findings_come_in_the_order_of_convergence_then_extent(tables):
    rows, gaps = tables
    assert findings(rows, gaps, **ME)["variable"].tolist()[:2] == ["poverty_rate", "c2s_share"]
    more = pd.DataFrame([{
        "theme": "sante", "criterion": "vulnerabilite_economique", "perimeter": "QP099001", "kind": "practice",
        "concurs": True, "what": "", "source": "",
    }])  # fmt: skip
    convergence = evidence(signals(rows, gaps, territory=CODES, others=more))
    found = findings(rows, gaps, **ME, convergence=convergence)
    assert found["variable"].tolist()[:2] == ["c2s_share", "poverty_rate"]
    assert found["degree"].tolist()[:2] == [2, 1]
    assert found["sources"].iloc[0] == "écart statistique et pratique observée ou réclamations"
    assert found["evidence"].iloc[0] == "convergence des sources\u00a0: 2 sur\u00a05"


def test_the_perimeter_of_a_finding_is_where_it_holds(tables):
    """A practice known over the whole territory does not speak for one neighbourhood of three."""
    rows, gaps = tables
    more = pd.DataFrame([{
        "theme": "sante", "criterion": "vulnerabilite_economique", "perimeter": "territoire", "kind": "practice",
        "concurs": True, "what": "", "source": "",
    }])  # fmt: skip
    found = findings(rows, gaps, **ME, convergence=evidence(signals(rows, gaps, territory=CODES, others=more)))
    assert found.set_index("variable").loc["c2s_share", "degree"] == 1


def test_a_finding_has_two_rival_explanations_and_room_for_an_answer(tables):
    found = findings(*tables, **ME)
    gaps = found[found["kind"] == "gap"]
    assert (gaps[["rival_first", "rival_second"]] != "").all().all()
    assert (gaps["rival_first"] != gaps["rival_second"]).all()
    assert (found["reply"] == "").all()
    others = found[found["kind"] != "gap"]
    assert others["degree"].isna().all()
    assert (others["rival_first"] == "").all()


def test_the_columns_of_before_are_kept(tables):
    found = findings(*tables, **ME)
    assert found.columns.tolist() == COLUMNS
    assert COLUMNS[: len(FINDING_COLUMNS)] == FINDING_COLUMNS
    again = completed(found[FINDING_COLUMNS])
    assert again["degree"].isna().all()
    assert (again["evidence"] == "").all()


def test_a_gap_that_widened_is_said_with_its_year(tables):
    row = dict.fromkeys(WORSENING_COLUMNS) | {
        "code": "QP099001", "variable": "poverty_rate", "group": "all", "earlier_period": 2016,
    }  # fmt: skip
    found = findings(*tables, **ME, widened=pd.DataFrame([row]))
    assert "L’écart s’est creusé depuis 2016 dans 1\u00a0quartier." in found["detail"].iloc[0]


def test_a_contrast_that_is_no_discovery_is_not_found(figures, gap_rows):
    """One contrast just beyond its interval among many that show nothing."""
    codes = [f"QP0990{rank:02d}" for rank in range(1, 31)]
    other = {"variable": "employment_gap_women_men", "unit": "points", "status": "estimated"}
    crowd = [(code, -0.1, {**other, "width": 6.0}) for code in codes[1:]]
    alone = findings(figures((codes[0], -6.1, {**other, "width": 6.0})), gap_rows(), territory=codes, survey=True)
    assert alone["kind"].tolist()[0] == "gap"
    rows = figures((codes[0], -6.1, {**other, "width": 6.0}), *crowd)
    many = findings(rows, gap_rows(), territory=codes, survey=True)
    assert many["kind"].tolist()[0] == "not_found"


@pytest.mark.parametrize(
    "one", [one for one in INDICATORS if one.direction != Direction.NEUTRAL], ids=lambda one: one.name
)
def test_every_oriented_indicator_has_two_careful_rivals(one):
    both = rivals(one)
    assert len(set(both)) == 2
    for text in both:
        assert text.endswith(".")
        for word in ("prouve", "présomption", "communauté", "culture"):
            assert word not in text


# Coverage.


def test_the_reference_list_is_whole_and_its_sources_are_known():
    table = reference_list()
    assert table["id"].is_unique
    assert len(table) == 54
    assert table["sources"].str.split().explode().isin(reference_sources()["source"]).all()
    assert not reference_sources().eq("").any().any()
    assert not table["label"].str.contains(r"\[", regex=True).any()


def test_coverage_says_what_is_computed_and_whom_to_ask(figures):
    rows = figures(
        ("QP099001", 30.0), ("QP099001", None, {"variable": "c2s_share"}),
        ("QP099001", 60.0, {"variable": "below_bac_share"}),
    )  # fmt: skip
    found = coverage(rows).set_index("id")
    assert found.reset_index()[COVERAGE_COLUMNS].columns.tolist() == COVERAGE_COLUMNS
    states = found.loc[["RES01", "SAN01", "EDU03", "EMP01", "LOG04"], "state"].tolist()
    assert states == ["computed", "hidden", "partial", "no_file", "no_source"]
    assert "Demandes et attributions" in found.loc["LOG04", "source_labels"]
    assert "sur demande" in found.loc["LOG04", "access"]
    assert (found["source_labels"] != "").all()


def test_every_indicator_of_the_list_that_is_registered_is_in_the_list():
    ids = set(reference_list()["id"])
    named = {one.id for one in INDICATORS if "-" not in one.id}
    assert named <= ids


def test_what_is_not_known_says_how_to_learn_it(figures, gap_rows):
    rows = figures(("QP099001", 30.0))
    crossed = crossings(Material(gaps=gap_rows(), evidence=pd.DataFrame(columns=EVIDENCE_COLUMNS)))
    found = unknowns(
        coverage(rows), blind=blind_spots(signals(rows, gap_rows(), territory=CODES)), crossed=crossed
    )
    assert found["rank"].tolist() == list(range(1, len(found) + 1))
    assert (found[["what", "how"]] != "").all().all()
    assert found["ids"].str.contains("LOG04 LOG05 LOG06 LOG07").any()
    assert found["ids"].str.contains("CRO01").any()
    assert not found["ids"].str.contains("RES01").any()


# The whole.


def test_the_synthesis_gives_every_table_and_is_deterministic(tables, estimate_rows):
    told = estimate_rows(("domains", "emploi_prive", 12.0))
    identity = type("Protocol", (), {"basis": "quotas"})()
    one, two = (synthesis(*tables, territory=CODES, declared=Declared(told, identity)) for _ in range(2))
    for name in one.__slots__:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(two, name))
    assert one.findings["variable"].iloc[0] == "poverty_rate"
    assert not one.crossings.empty
    assert not one.unknowns.empty


def test_an_inventory_of_actions_gives_its_entries_and_its_blind_spots(tables):
    actions = pd.DataFrame({"domain": ["sante"], "criterion": ["tous"], "level": ["micro"], "qpv": [""]})
    whole = synthesis(*tables, territory=CODES, actions=actions)
    states = whole.coverage.set_index("id")["state"]
    assert states[["ACT01", "ACT03", "REC02"]].tolist() == ["computed", "computed", "no_source"]
    assert "data_without_action" in set(whole.blind_spots["spot"])


def test_one_neighbourhood_alone_reads_in_the_singular(figures, gap_rows):
    contrast = {"variable": "employment_gap_women_men", "unit": "points", "status": "estimated", "width": 9.0}
    rows = figures(("QP099001", 20.1), ("QP099001", -3.0, contrast))
    found = findings(rows, gap_rows(("QP099001", 0.1)), territory=["QP099001"], survey=True)
    text = " ".join(found["message"])
    assert "le quartier ne s’écarte pas de" in text
    assert "l’écart en défaveur des femmes ne dépasse pas son incertitude" in text
    assert "aucun quartier" not in text
    assert not found["detail"].str.contains("sur 1").any()


def test_no_sentence_calls_a_gap_a_discrimination(tables):
    whole = synthesis(*tables, territory=CODES)
    text = " ".join(
        str(cell) for table in (whole.findings, whole.crossings, whole.unknowns, whole.blind_spots)
        for cell in table.select_dtypes(["object", "str"]).to_numpy().ravel()
    )  # fmt: skip
    for word in ("prouve", "présomption", "victime", " nan", "None"):
        assert word not in text


def test_a_territory_without_any_figure_has_tables_without_a_lie(figures, gap_rows):
    whole = synthesis(figures(), gap_rows(), territory=CODES)
    assert whole.findings["kind"].tolist() == ["blind_spot"]
    assert whole.trends.empty
    assert set(whole.coverage["state"]) <= {"no_file", "no_source"}


def test_a_figure_without_object_is_not_an_unknown_one(tables, figures):
    rows, gaps = tables
    nowhere = [(code, None, {"variable": "late_in_grade6", "status": "not_applicable"}) for code in CODES]
    found = findings(pd.concat([rows, figures(*nowhere)]), gaps, **ME)
    assert not found["message"].str.contains("chiffre inconnu").any()
    hidden = [(code, None, {"variable": "late_in_grade6", "status": "suppressed"}) for code in CODES]
    found = findings(pd.concat([rows, figures(*hidden)]), gaps, **ME)
    assert found["message"].str.contains("chiffre inconnu").any()
