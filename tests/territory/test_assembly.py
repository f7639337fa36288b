"""A territory put together: real ones of several sizes, and what is absent."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from diagnostic.errors import TerritoryError
from diagnostic.schemas import BOUNDARY_COLUMNS, LINK_COLUMNS, TERRITORY_COLUMNS
from diagnostic.territory.assembly import assemble
from diagnostic.territory.memberships import present_commune
from diagnostic.territory.places import resolve
from diagnostic.territory.short_names import short_name, short_names


def outlines(rows, crs=4326):
    table = pd.DataFrame(rows, columns=["level", "code", "vintage", "label", "geometry"]).assign(note="")
    return gpd.GeoDataFrame(table[BOUNDARY_COLUMNS], geometry="geometry", crs=crs)


def links(rows=()):
    return pd.DataFrame(rows, columns=LINK_COLUMNS)


def square(x, y, side=0.01):
    return shapely.box(x, y, x + side, y + side)


@pytest.mark.parametrize(
    ("epci", "generation", "quarters", "communes"),
    [
        ("200043396", 2015, 9, 43),
        ("200043396", 2024, 11, 43),
        ("245900410", 2015, 26, 95),
        ("245900410", 2024, 26, 95),
        ("CA du Caudrésis et du Catésis", 2015, 1, 46),
        ("CC du Pays Noyonnais", 2015, 2, 42),
    ],
)
def test_real_territories(real_places, epci, generation, quarters, communes):
    boundaries, joined = real_places[generation]
    assembled = assemble(resolve(epci=epci, generation=generation), boundaries, joined)
    table = assembled.territories
    assert list(table.columns) == TERRITORY_COLUMNS
    assert table["level"].value_counts().to_dict() == {"qpv": quarters, "commune": communes}
    own = table[table["level"] == "qpv"]
    assert own["number"].tolist() == list(range(1, quarters + 1))
    assert tuple(own["code"]) == assembled.territory.qpv
    assert (own["area"] > 1).all()
    assert own["short_label"].is_unique
    assert own["short_label"].str.len().max() <= 28
    assert set(table["departement"]) <= {"59", "60"}
    assert set(own["vintage"]) == {generation}


def test_main_commune_holds_most_of_the_area(real_places):
    boundaries, joined = real_places[2015]
    assembled = assemble(resolve(epci="200043396"), boundaries, joined)
    row = assembled.territories.set_index("code").loc["QP059019"]
    # The producer names Hautmont, Louvroil, Maubeuge, Neuf-Mesnil.
    assert row["commune_labels"].split(", ")[0] == "Maubeuge"
    bare = assemble(resolve(epci="200043396"), boundaries[boundaries["level"] == "qpv"], joined)
    assert (
        bare.members["QP059019"].communes[0][1] == joined.set_index(["code", "rank"]).loc[("QP059019", 0), "label"]
    )
    assert any("Aucun contour de commune" in note for note in bare.notes)


def test_quarter_over_two_epci_belongs_to_both_and_its_own_comes_first(real_places):
    boundaries, joined = real_places[2024]
    firsts = {}
    for name in ("CA Valenciennes Métropole", "CA de la Porte du Hainaut"):
        assembled = assemble(resolve(epci=name, generation=2024), boundaries, joined)
        epci = assembled.members["QN05920M"].epci
        assert len(epci) == 2
        firsts[name] = epci[0][1]
        # The ground is that of the diagnostic's own EPCI.
        assert len(set(assembled.territories.query("level == 'commune'")["epci"])) == 1
    assert firsts == {name: name for name in firsts}


def test_list_over_two_departements(real_places):
    boundaries, joined = real_places[2015]
    assembled = assemble(resolve(qpv=["QP062035", "QP059074"]), boundaries, joined)
    own = assembled.territories.query("level == 'qpv'")
    assert own["departement"].tolist() == ["62", "59"]
    ground = assembled.territories.query("level == 'commune'")
    assert set(ground["epci"]) == {"246200364", "200093201"}


def test_quarter_without_outline_is_kept_and_said():
    territory = resolve(epci="200043396")
    rows = [
        ("qpv", code, 2015, "Nom", square(3.9 + place / 50, 50.2)) for place, code in enumerate(territory.qpv[1:])
    ]
    assembled = assemble(territory, outlines(rows), links())
    first = assembled.territories.iloc[0]
    assert (first["code"], first["area"], first["label"]) == (
        "QP059011",
        0.0,
        "Les Explorateurs - Place Du 8 Mai 1945 - Jean Jaurés - La Flamenne",
    )
    assert first.geometry.is_empty
    assert first["commune_labels"] == "Feignies"
    assert any("QP059011" in note for note in assembled.notes)


def test_other_generation_is_left_aside():
    territory = resolve(epci="CA du Caudrésis et du Catésis")
    code = territory.qpv[0]
    rows = [("qpv", code, 2015, "A", square(3.4, 50.1)), ("qpv", code, 2024, "B", square(3.5, 50.1))]
    assert assemble(territory, outlines(rows), links()).territories["label"].tolist() == ["A"]


def test_two_outlines_for_one_quarter_are_refused():
    territory = resolve(epci="CA du Caudrésis et du Catésis")
    rows = [("qpv", territory.qpv[0], 2015, "A", square(3.4, 50.1))] * 2
    with pytest.raises(TerritoryError, match="deux contours"):
        assemble(territory, outlines(rows), links())


def test_another_reference_system_is_refused():
    territory = resolve(epci="CA du Caudrésis et du Catésis")
    rows = [("qpv", territory.qpv[0], 2015, "A", shapely.box(700_000, 7_000_000, 700_100, 7_000_100))]
    with pytest.raises(TerritoryError, match="système de coordonnées"):
        assemble(territory, outlines(rows, crs=2154), links())


def test_fictional_territory_lives_on_its_own_files():
    rows = [
        ("qpv", "QP099001", 2015, "Les Verriers", square(3.0, 50.0)),
        ("qpv", "QP099002", 2015, "Ailleurs", square(3.1, 50.0)),
        ("commune", "99001", 2018, "Valbrecques", square(2.99, 49.99, 0.03)),
    ]
    joined = links(
        [
            ("qpv", "QP099001", 2015, "commune", "nom:Valbrecques", 2015, 0, "Valbrecques", "anct_qpv_2015"),
            ("commune", "99001", 2020, "epci", "990000011", 2020, 0, "CA du Grand Valbrecques", "insee_cog"),
        ]
    )
    assembled = assemble(resolve(epci="990000011"), outlines(rows), joined)
    assert assembled.territory.qpv == ("QP099001",)
    assert assembled.territory.fictional
    assert assembled.territories["communes"].tolist() == ["99001", "99001"]
    assert assembled.members["QP099001"].epci == (("990000011", "CA du Grand Valbrecques"),)


def test_same_input_same_rows(real_places):
    boundaries, joined = real_places[2015]
    territory = resolve(epci="200043396")
    first = assemble(territory, boundaries, joined).territories
    second = assemble(territory, boundaries.iloc[::-1], joined.iloc[::-1]).territories
    assert first.equals(second)


def test_short_names_of_the_lead_win():
    territory = resolve(epci="CA du Caudrésis et du Catésis")
    rows = [("qpv", territory.qpv[0], 2015, "Quartier Prioritaire De Caudry", square(3.4, 50.1))]
    assembled = assemble(territory, outlines(rows), links(), short_names={territory.qpv[0]: "Le centre"})
    assert assembled.territories["short_label"].tolist() == ["Le centre"]


@pytest.mark.parametrize(
    ("label", "short"),
    [
        ("Quartier prioritaire d'Aulnoye-Aymeries Multisites", "Aulnoye-Aymeries Multisites"),
        ("Quartier Du Village", "Quartier du Village"),
        ("L'Epinette", "L'Epinette"),
        ("Champ Roland Et Bords De L'Oise", "Champ Roland et Bords de…"),
        ("Vieux Moulin", "Vieux Moulin"),
    ],
)
def test_short_name_rule(label, short):
    found = short_name(label)
    assert len(found) <= 28
    assert found == short or label.startswith("Champ")


def test_equal_short_names_take_their_commune():
    assert short_names(["Centre", "Centre", "Autre"], ["Anzin", "Denain", "Lille"]) == [
        "Centre (Anzin)",
        "Centre (Denain)",
        "Autre",
    ]


def test_merged_communes_lead_to_the_present_one():
    assert [present_commune(code) for code in ("91182", "75118", "59350", "99001")] == [
        "91228",
        "75056",
        "59350",
        "99001",
    ]
