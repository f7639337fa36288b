"""Which QPV a contrat de ville 2014-2020 holds: found three ways, checked by the population it declares."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from diagnostic.territory.names import department_of
from diagnostic.territory.reference.files import rows_of

if TYPE_CHECKING:
    from pathlib import Path

    from diagnostic.territory.reference.files import Row

TOUCHING = 0.02


def contract_rows(real: Path, *, quarters: list[Row], inhabited: list[Row]) -> list[Row]:
    """List the contracts with their QPV of 2015.

    A contract's QPV are those whose polygon lies in its perimeter more than in another, or in the commune or the
    2015 EPCI whose code it bears, or those of the département that no perimeter holds. The way whose QPV add up
    to the population that the ANCT declares for the contract is kept (``checked`` = ``population``). Where none
    does, the first way that finds any is kept and marked ``non``.

    Parameters
    ----------
    real
        Folder of the producers' files.
    quarters
        Rows of ``qpv.csv``.
    inhabited
        QPV of 2015 with their EPCI codes of 2015.

    Returns
    -------
    list of dict
        ``code, label, departement, published, epci, qpv, checked``.
    """
    places = {row["code"]: row for row in quarters if row["generation"] == "2015"}
    people = _populations(real)
    drawn = _inside(real)
    apart = set(places) - {code for codes in drawn.values() for code in codes}
    return [
        _contract(contract, places=places, inhabited=inhabited, people=people, drawn=drawn, apart=apart)
        for contract in _published(real)
    ]


def _published(real: Path) -> list[dict[str, Any]]:
    """Read the contracts; one that lies in two départements is published in two parts."""
    features = json.loads((real / "contrats_ville" / "geom_cv_ctr.json").read_bytes())["features"]
    contracts: dict[str, dict[str, Any]] = {}
    for part in sorted((feature["properties"] for feature in features), key=lambda row: row["code_cv"]):
        whole = contracts.setdefault(part["code_cv"], part | {"pop": 0, "insee_dep": ""})
        whole["pop"] += part["pop"] or 0
        whole["insee_dep"] = f"{whole['insee_dep']} {part['insee_dep']}".strip()
    return list(contracts.values())


def _contract(
    contract: dict[str, Any],
    *,
    places: dict[str, Row],
    inhabited: list[Row],
    people: dict[str, float],
    drawn: dict[str, list[str]],
    apart: set[str],
) -> Row:
    published = contract["codgeo"]
    ways = [
        drawn.get(contract["code_cv"], []),
        [place for place, row in places.items() if published in row["communes"].split()],
        [row["code"] for row in inhabited if published in (row["epci1"], row["epci2"])],
        [row["code"] for row in inhabited if published == row["epci1"]],
    ]
    last = [place for place in apart if department_of(place) in contract["insee_dep"].split()]
    chosen, checked = _choose([*ways, last], people, total=float(contract["pop"]))
    if not checked:
        chosen = next((way for way in ways if way), [])
    homes = dict.fromkeys(home for place in sorted(chosen) for home in places[place]["epci"].split()[:1])
    return {
        "code": contract["code_cv"],
        "label": contract["lib_cv"].partition(" - ")[2],
        "departement": contract["insee_dep"],
        "published": published,
        "epci": " ".join(homes),
        "qpv": " ".join(sorted(chosen)),
        "checked": "population" if checked else "non",
    }


def _choose(ways: list[list[str]], people: dict[str, float], *, total: float) -> tuple[list[str], bool]:
    for way in ways:
        if way and abs(sum(people.get(code, 0.0) for code in way) - total) < 1:
            return way, True
    return [], False


def _populations(real: Path) -> dict[str, float]:
    """Read the municipal population 2018 of the QPV, as the contracts' layer adds it up."""
    table = rows_of(real / "insee_qpv" / "DEMO_2022.csv", delimiter=";")
    numbers = {row["CODGEO"]: "".join(filter(str.isdigit, row["POP_MUN"])) for row in table}
    return {code: float(number) for code, number in numbers.items() if number}


def _inside(real: Path) -> dict[str, list[str]]:
    """Give each contract the QPV whose area lies in its perimeter more than in another."""
    import geopandas as gpd  # noqa: PLC0415 - only the regeneration draws
    import shapely  # noqa: PLC0415 - idem

    layer = f"/vsizip/{real}/boundaries/qp-politiquedelaville-shp.zip/QP_METROPOLEOUTREMER_WGS84_EPSG4326.shp"
    places = gpd.read_file(layer)
    shapes = shapely.make_valid(places.geometry.to_numpy())
    contracts = gpd.read_file(real / "contrats_ville" / "cv.topojson", columns=["id"])
    perimeters = shapely.make_valid(contracts.geometry.to_numpy())
    left, right = shapely.STRtree(perimeters).query(shapes, predicate="intersects")
    shares = shapely.area(shapely.intersection(shapes[left], perimeters[right])) / shapely.area(shapes[left])
    pairs = sorted(zip(left, right, shares, strict=True), key=lambda found: found[2])
    best = {place: contract for place, contract, share in pairs if share > TOUCHING}
    found: dict[str, list[str]] = {}
    for place, contract in sorted(best.items()):
        found.setdefault(contracts["id"].iloc[contract], []).append(places["CODE_QP"].iloc[place])
    return found
