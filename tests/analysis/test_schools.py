"""Schools carried to places: distances, weights, sectors, places without a school."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from diagnostic.analysis.schools import OF_COMMUNES, school_means
from diagnostic.formatting import plural
from diagnostic.schemas import BOUNDARY_COLUMNS, LINK_COLUMNS, MEASURE_COLUMNS
from diagnostic.territory.memberships import index_links

EAST, NORTH = 700_000, 7_000_000
SIDE = 1_000
PARENTS = [
    ("qpv", "QP099001", 2015, "commune", "99001", 2015), ("qpv", "QP099002", 2015, "commune", "99002", 2015),
    ("commune", "99001", 2020, "epci", "990000011", 2020), ("commune", "99002", 2020, "epci", "990000011", 2020),
]  # fmt: skip


def link(*ends):
    return dict(zip(LINK_COLUMNS, [*ends, 0, "", "s"], strict=True))


def index(code, value, *, kind="school", sector="public", variable="social_position_index", unit="index"):
    return {
        "level": "etablissement", "code": code, "vintage": 2021, "period": 2021, "variable": f"{kind}_{variable}",
        "group": "all", "source": "depp_ips", "edition": "2021", "value": value, "unit": unit,
        "status": "observed", "note": f"secteur {sector}", "period_basis": "stated",
    }  # fmt: skip


def pupils(code, count, *, kind="school"):
    return index(code, count, kind=kind, variable="pupils", unit="pupils")


@pytest.fixture
def means():
    """Average the schools of two square quarters a few kilometres apart.

    ``schools`` maps a code to metres east of the first quarter's border and to the school's commune.
    """

    def build(rows, schools, *, points=True):
        outlines = {
            "QP099001": shapely.box(EAST - SIDE, NORTH, EAST, NORTH + SIDE),
            "QP099002": shapely.box(EAST + 9_000, NORTH, EAST + 9_000 + SIDE, NORTH + SIDE),
        }
        shapes = [("qpv", code, 2015, "", "", shape) for code, shape in outlines.items()]
        if points:
            shapes += [
                ("etablissement", code, 2021, "", "", shapely.Point(EAST + far, NORTH + SIDE / 2))
                for code, (far, _) in schools.items()
            ]
        boundaries = gpd.GeoDataFrame(
            pd.DataFrame(shapes, columns=BOUNDARY_COLUMNS), geometry="geometry", crs="EPSG:2154"
        ).to_crs(4326)
        links = pd.DataFrame([
            *(link(*parent) for parent in PARENTS),
            *(link("etablissement", code, 2021, "commune", town, 2021) for code, (_, town) in schools.items()),
        ])  # fmt: skip
        memberships = index_links(links, outlines=None, generation=2015)
        return school_means(
            pd.DataFrame(rows, columns=MEASURE_COLUMNS),
            boundaries=boundaries,
            links=links,
            memberships=memberships,
        )

    return build


def one(table, code, *, kind="school", group="all", suffix=""):
    name = f"{kind}_social_position_index{suffix}"
    found = table[(table["code"] == code) & (table["variable"] == name) & (table["group"] == group)]
    assert len(found) == 1
    return found.iloc[0]


def test_a_school_counts_up_to_a_hundred_metres_and_a_college_up_to_three_hundred(means):
    rows = [index("0990001A", 70.0), index("0990002B", 90.0), index("0990003C", 80.0, kind="college"),
            index("0990004D", 99.0, kind="college")]  # fmt: skip
    schools = {"0990001A": (99, "99001"), "0990002B": (101, "99001"), "0990003C": (299, "99001"),
               "0990004D": (301, "99001")}  # fmt: skip
    found = means(rows, schools)
    assert one(found, "QP099001")["value"] == 70
    assert one(found, "QP099001", kind="college")["value"] == 80
    assert one(found, "99001")["value"] == 80
    assert one(found, "99001", kind="college")["value"] == 89.5


def test_a_quarter_without_a_school_near_is_not_applicable_and_says_so(means):
    found = means([index("0990001A", 70.0)], {"0990001A": (-10, "99001")})
    row = one(found, "QP099002")
    assert (row["status"], row["vintage"]) == ("not_applicable", 2015)
    assert pd.isna(row["value"])
    assert row["note"] == "aucun établissement à moins de 100 m"
    private = one(found, "QP099001", group="private", suffix=OF_COMMUNES)
    assert private["note"] == "aucun établissement du secteur privé dans la commune"


def test_without_any_point_nothing_is_said_of_what_stands_near(means):
    found = means([index("0990001A", 70.0)], {"0990001A": (-10, "99001")}, points=False)
    assert not ((found["level"] == "qpv") & (found["variable"] == "school_social_position_index")).any()
    assert one(found, "99001")["value"] == 70


def test_pupils_weigh_only_where_all_are_published(means):
    schools = {"0990001A": (-10, "99001"), "0990002B": (-20, "99001")}
    rows = [index("0990001A", 70.0), index("0990002B", 100.0)]
    whole = one(means([*rows, pupils("0990001A", 100), pupils("0990002B", 200)], schools), "QP099001")
    assert whole["value"] == pytest.approx(90)
    assert whole["note"] == f"moyenne de {plural(2, 'école')}, pondérée par les élèves"
    part = one(means([*rows, pupils("0990001A", 100)], schools), "QP099001")
    assert part["value"] == 85
    assert "non pondérée" in part["note"]


def test_sectors_are_averaged_apart_over_the_communes_of_the_quarter(means):
    schools = {"0990001A": (-10, "99001"), "0990002B": (5_000, "99001"), "0990003C": (9_500, "99002")}
    rows = [
        index("0990001A", 70.0),
        index("0990002B", 110.0, sector="privé sous contrat"),
        index("0990003C", 90.0),
    ]
    found = means(rows, schools)
    assert one(found, "QP099001", group="private", suffix=OF_COMMUNES)["value"] == 110
    assert one(found, "QP099001", group="public", suffix=OF_COMMUNES)["value"] == 70
    assert one(found, "990000011", group="public")["value"] == 80
    assert one(found, "99")["value"] == 90


def test_a_secret_index_is_left_out_and_no_school_gives_no_row(means):
    hidden = {**index("0990001A", None), "status": "suppressed"}
    assert means([hidden], {"0990001A": (-10, "99001")}).empty
