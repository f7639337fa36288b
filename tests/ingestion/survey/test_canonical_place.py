"""Which QPV: never guessed, never dropped, and nothing of an address is kept."""

import geopandas as gpd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box
from survey_builder import build, codebook, single

from diagnostic.errors import ConfigurationError, TerritoryError
from diagnostic.ingestion.survey.canonical import canonical
from diagnostic.ingestion.survey.codebook import load_codebook
from diagnostic.ingestion.survey.export import QuestionKind
from diagnostic.territory.places import Territory, resolve

HOME = Territory(
    "Territoire fictif", 2015, ("QP099001", "QP099002", "QP099003"), ("990000001",), (), ("99",), ("99",), None
)
LABELS = {"QP099001": "Les Prés-Hauts", "QP099002": "Centre - Faubourg de la Gare 1", "QP099003": "Œuvrière"}


def placed(cells, *, options=None, home=HOME, labels=LABELS, outlines=None, columns=None, **place):
    question = single("q", "Quartier", options, kind=QuestionKind.SINGLE if options else QuestionKind.TEXT)
    more = [single(name, name, kind=QuestionKind.NUMBER) for name in columns or {}]
    export = build([question, *more], {"q": cells, **(columns or {})})
    section = {"question": "q", "par": "nom", "generation": home.generation, **place}
    return canonical(export, codebook(quartier=section), territory=home, labels=labels, outlines=outlines)


def rows(tables):
    codes = tables.responses["qpv"].astype(object)
    return list(zip(codes.where(codes.notna(), None), tables.responses["qpv_status"], strict=True))


def test_names_are_compared_by_rule():
    tables = placed(["les pres hauts", "OEUVRIERE", "Centre – Faubourg de la Gare 1", "", "Hors quartier", "NSP"])
    assert rows(tables) == [
        ("QP099001", "inside"), ("QP099003", "inside"), ("QP099002", "inside"), (None, "unknown"),
        (None, "outside"), (None, "unknown"),
    ]  # fmt: skip
    assert tables.unresolved.empty


def test_a_near_name_is_listed_for_the_lead_and_never_taken():
    tables = placed(
        ["Les Prés Hautes", "Les Prés Hautes", "Centre - Faubourg de la Gare 2", "Xyz", "12 rue des Prés"]
    )
    assert [status for _, status in rows(tables)] == ["undecided"] * 5
    listed = tables.unresolved.to_dict("records")
    assert [(row["nom"], row["code_propose"], row["reponses"]) for row in listed] == [
        ("Les Prés Hautes", "QP099001", 2)
    ]
    assert all(row["score"] < 95 for row in listed)
    assert not any("rue" in note or "Xyz" in note for note in tables.notes)
    assert any("3 réponses sans quartier reconnaissable" in n.replace("\u00a0", " ") for n in tables.notes)


def test_a_name_over_95_is_taken_and_said():
    long = {"QP099001": "Quartier Intercommunal Blanc Sceau - Croix Basse Saint Pierre"}
    tables = placed(["Quartier Intercommunal Blanc Sceau - Croix Base Saint Pierre"], labels=long)
    assert rows(tables)[0] == ("QP099001", "inside")
    assert any("95 sur 100" in note for note in tables.notes)


def test_names_that_differ_by_a_number_are_never_alike():
    long = {"QP099001": "Quartier Intercommunal Blanc Sceau - Croix Basse Saint Pierre 1"}
    tables = placed(["Quartier Intercommunal Blanc Sceau - Croix Basse Saint Pierre 2"], labels=long)
    assert rows(tables)[0] == (None, "undecided")
    assert tables.unresolved.empty, "a text with a number may be an address"


def test_codes_options_and_declared_answers():
    tables = placed(
        ["QP099001", "qp099002", "1", "2", "3", "QP099999"],
        options={"1": "Œuvrière", "2": "Ailleurs", "3": "Ne sait pas"},
        par="code", hors=["2"],
    )  # fmt: skip
    assert rows(tables) == [
        ("QP099001", "inside"), ("QP099002", "inside"), ("QP099003", "inside"), (None, "outside"),
        (None, "unknown"), (None, "undecided"),
    ]  # fmt: skip


def test_another_quarter_of_the_country_is_outside():
    lens = resolve(qpv=["QP062035"])
    tables = placed(["QP062035", "QP059074"], home=lens, labels=None, par="code")
    assert rows(tables) == [("QP062035", "inside"), (None, "outside")]
    assert any("autre territoire" in note for note in tables.notes)


def test_generations_never_meet():
    with pytest.raises(TerritoryError, match="génération 2015"):
        placed(["QN09901M"], par="code")


def test_a_survey_on_the_other_map_needs_its_quarters():
    with pytest.raises(TerritoryError, match="aucun quartier de la génération 2024"):
        placed(["QP099001"], par="code", generation=2024)
    tables = placed(["QN09901M"], par="code", generation=2024, labels={"QN09901M": "Les Prés"})
    assert rows(tables) == [("QN09901M", "inside")]


OUTLINES = gpd.GeoDataFrame(
    {"code": ["QP099001", "QP099002"], "vintage": [2015, 2015]},
    geometry=[box(3.0, 50.0, 3.1, 50.1), box(3.2, 50.0, 3.3, 50.1)],
    crs="EPSG:4326",
)


def located(latitude, longitude, **more):
    return placed(
        [""] * len(latitude), columns={"lat": latitude, "lon": longitude}, par="coordonnees", latitude="lat",
        longitude="lon", **more,
    )  # fmt: skip


@pytest.mark.parametrize("system", ["EPSG:4326", "EPSG:2154"])
def test_coordinates_become_a_quarter_and_are_forgotten(system):
    tables = located(
        ["50,05", "50.05", "48.8", "", "999"], ["3.05", "3.25", "2.3", "3.05", "3.05"],
        outlines=OUTLINES.to_crs(system),
    )  # fmt: skip
    assert rows(tables) == [
        ("QP099001", "inside"), ("QP099002", "inside"), (None, "outside"), (None, "unknown"), (None, "unknown"),
    ]  # fmt: skip
    assert any("en mémoire aux contours de 2015" in note for note in tables.notes)
    text = " ".join([tables.responses.to_csv(), *tables.notes])
    assert "50.05" not in text
    assert "3.05" not in text


def test_coordinates_need_outlines_of_their_generation():
    with pytest.raises(TerritoryError, match="sans contours"):
        located(["50"], ["3"])
    with pytest.raises(TerritoryError, match="génération déclarée"):
        located(["50"], ["3"], outlines=OUTLINES.assign(vintage=2024))


def test_the_column_must_exist():
    export = build([single("q", "Quartier", kind=QuestionKind.TEXT)], {"q": ["a"]})
    book = codebook(quartier={"question": "absent", "par": "nom", "generation": 2015})
    with pytest.raises(ConfigurationError, match="absente"):
        canonical(export, book, territory=HOME)


def test_what_the_lead_settles_in_the_csv_is_taken(tmp_path):
    tables = placed(["Les Prés Hautes"])
    tables.unresolved.assign(code_retenu="QP099001").to_csv(tmp_path / "noms.csv", sep=";", index=False)
    (tmp_path / "enquete.toml").write_text(
        'commanditaire = "Ville"\ndebut = 2025-03-01\nfin = 2025-04-15\npopulation = "adultes"\n'
        'base = "volontaires"\nmode = ["papier"]\nregime = "anonyme"\ndate_suppression = 2027-12-31\n'
        '[quartier]\nquestion = "q"\npar = "nom"\ngeneration = 2015\nconfirmations = "noms.csv"\n',
        encoding="utf-8",
    )
    export = build([single("q", "Quartier", kind=QuestionKind.TEXT)], {"q": ["Les Prés Hautes"]})
    book = load_codebook(tmp_path / "enquete.toml")
    assert rows(canonical(export, book, territory=HOME, labels=LABELS)) == [("QP099001", "inside")]


@given(st.lists(st.text(max_size=12), min_size=1, max_size=8))
def test_any_text_gets_a_status_and_no_row_is_lost(cells):
    tables = placed(cells)
    assert len(tables.responses) == len(cells)
    inside = tables.responses["qpv"].notna()
    assert (inside == (tables.responses["qpv_status"] == "inside")).all()
