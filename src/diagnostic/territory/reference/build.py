"""Regenerate the shipped reference list: ``python -m diagnostic.territory.reference.build FOLDER``.

The list carries codes, names and memberships (facts, each file naming its sources), no polygon. Names of communes
are turned into codes by the rules of :mod:`diagnostic.territory.names`; what the rules cannot read stands in
``exceptions.csv``, and what neither can read is written as unresolved, never guessed.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from diagnostic.territory.names import commune_code, department_of, key, legible, split_codes, split_communes
from diagnostic.territory.reference.contracts import contract_rows
from diagnostic.territory.reference.files import HERE, Row, reference_rows, rows_of, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

GEOGRAPHY = "geography"
COG_2025 = "Insee, code officiel géographique 2025 (communes, passage depuis 1943, mouvements depuis 2015)"
ADMIN_2026 = "Etalab, découpage administratif 6.0.0 (COG 2026, Banatic)"
EPCI_2020 = "Insee, composition communale des EPCI au 01/01/2020"
QPV_2015 = "ANCT, contours des quartiers prioritaires 2015 (décrets 2014-1750 et 2014-1751, révision d’août 2015)"
QPV_2024 = "ANCT, quartiers prioritaires 2024 (décrets 2023-1314 et 2024-806)"
POP_2013 = "Insee, population municipale 2013 des quartiers (EPCI au 01/01/2015)"
CONTRACTS = "ANCT, contrats de ville 2014-2020 (couche geom_cv_ctr et périmètres)"
POP_2018 = "Insee, base Démographie des quartiers, édition 2022 (population municipale 2018)"

# The day a code ended, where a text gives it; elsewhere only the vintages that show it are known.
ENDED = {"245900410": "2020-03-14", "245901061": "2020-03-14"}
MAJORITY = 0.5  # a code stands for an EPCI of today only when most of its inhabitants lived under it


@dataclass(frozen=True, slots=True)
class Geography:
    """Communes and EPCI of the day, and what they were.

    Parameters
    ----------
    communes
        2025 commune rows by code.
    passage
        2025 code of each commune code ever used.
    epci
        2026 EPCI as published, by SIREN.
    member
        SIREN of 2026 by commune code.
    old
        SIREN and label of 2020 by commune code of 2020.
    known
        Commune codes by ``(département, name key)``.
    """

    communes: dict[str, Row]
    passage: dict[str, str]
    epci: dict[str, dict[str, object]]
    member: dict[str, str]
    old: dict[str, Row]
    known: Mapping[tuple[str, str], Iterable[str]]


def read_geography(real: Path) -> Geography:
    """Read the lists of communes and EPCI of the folder of real files."""
    folder = real / GEOGRAPHY
    communes = {row["DEPCOM"]: row for row in rows_of(folder / "communes_info_supra.csv.gz")}
    passage = {
        row["DEPCOM_HIST"]: row["DEPCOM"] for row in rows_of(folder / "table_passage_com_historique.csv.gz")
    }
    published = gzip.decompress((folder / "etalab-decoupage-administratif-6.0.0_epci.json.gz").read_bytes())
    epci = {row["code"]: row for row in json.loads(published)}
    member = {town["code"]: code for code, row in epci.items() for town in row["membres"]}
    old = {row["CODGEO"]: row for row in rows_of(folder / "EPCI_2020.csv", delimiter=";")}
    return Geography(communes, passage, epci, member, old, _names(folder, communes, passage))


def _names(folder: Path, communes: dict[str, Row], passage: dict[str, str]) -> dict[tuple[str, str], set[str]]:
    """Index names: those of today first, then those of merged or renamed communes, then the exceptions."""
    today: dict[tuple[str, str], set[str]] = defaultdict(set)
    former: dict[tuple[str, str], set[str]] = defaultdict(set)
    for code, row in communes.items():
        today[row["DEP"], key(row["NOM_DEPCOM"])].add(code)
    before = [(row["COM"], row["LIBELLE"]) for row in rows_of(folder / "commune_2021.csv")]
    moves = rows_of(folder / "mvtcommunes_depuis_2015.csv.gz")
    for code, label in before + [(row["COM_AV"], row["LIBELLE_AV"]) for row in moves]:
        if code in passage:
            former[department_of(code), key(label)].add(passage[code])
    known = former | today
    for row in reference_rows("exceptions.csv"):
        known[row["departement"], key(row["name"])] = {row["code"]}
    country: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (_, name), codes in known.items():
        country["", name] |= codes
    return known | country


def commune_rows(geography: Geography) -> list[Row]:
    """List the communes of 2025 with their EPCI of 2026 and of 2020, and the codes they had."""
    former: dict[str, list[str]] = defaultdict(list)
    for before, now in sorted(geography.passage.items()):
        if before != now:
            former[now].append(before)
    return [
        {
            "code": code,
            "label": row["NOM_DEPCOM"],
            "departement": row["DEP"],
            "epci": geography.member.get(code, ""),
            "epci_2020": geography.old.get(code, {}).get("EPCI", "").replace("ZZZZZZZZZ", ""),
            "former": " ".join(former[code]),
        }
        for code, row in sorted(geography.communes.items())
    ]


def code_rows(geography: Geography, inhabited: list[Row]) -> list[Row]:
    """List the EPCI codes that are no longer used, or whose perimeter has changed, with what they share."""
    current: dict[tuple[str, str], set[str]] = defaultdict(set)
    counts: dict[str, int] = defaultdict(int)
    labels: dict[str, str] = {}
    for code, row in geography.old.items():
        if row["EPCI"].isdigit():
            town = geography.passage.get(code, code)
            current[row["EPCI"], geography.member.get(town, "")].add(town)
            counts[row["EPCI"]] += 1
            labels[row["EPCI"]] = row["LIBEPCI"]
    rows = []
    for (published, canonical), towns in sorted(current.items()):
        members = {str(town["code"]): int(town["populationMunicipale"]) for town in _members(geography, canonical)}
        if not canonical or (published == canonical and towns == set(members)):
            continue
        if published != canonical and published in geography.epci:
            continue  # a commune that changed EPCI does not make two EPCI one
        share = sum(members[town] for town in towns) / sum(members.values())
        rows.append(
            {
                "published": published,
                "vintage": "2020",
                "label": labels[published],
                "canonical": canonical,
                "communes": str(counts[published]),
                "shared": str(len(towns)),
                "now": str(len(members)),
                "population_share": f"{share:.4f}",
                "until": ENDED.get(published, ""),
            }
        )
    return rows + _codes_of_2015(geography, inhabited, seen={row["published"] for row in rows})


def _members(geography: Geography, canonical: str) -> list[dict[str, str]]:
    members = geography.epci.get(canonical, {}).get("membres", [])
    return members if isinstance(members, list) else []


def _codes_of_2015(geography: Geography, inhabited: list[Row], *, seen: set[str]) -> list[Row]:
    """Follow the EPCI codes of 2015 through the communes of their QPV: their full perimeter is not known here."""
    towns: dict[str, set[str]] = defaultdict(set)
    for row in inhabited:
        if row["epci1"] and not row["epci2"]:
            towns[row["epci1"]].update(row["communes"].split())
    rows = []
    for published, codes in sorted(towns.items()):
        for canonical in sorted({geography.member.get(code, "") for code in codes} - {""}):
            if published in geography.epci or published in seen:
                continue
            blank = dict.fromkeys(("communes", "shared"), "")
            size = str(len(_members(geography, canonical)))
            rows.append(
                {"published": published, "vintage": "2015", "label": "", "canonical": canonical}
                | blank
                | {"now": size, "population_share": "", "until": ENDED.get(published, "")}
            )
    return rows


def epci_rows(geography: Geography, codes: list[Row]) -> list[Row]:
    """List the EPCI of 2026."""
    former: dict[str, list[str]] = defaultdict(list)
    for row in codes:
        heirs = sum(other["published"] == row["published"] for other in codes)
        renamed = row["published"] != row["canonical"] and heirs == 1
        if renamed and float(row["population_share"] or 0) > MAJORITY:
            former[row["canonical"]].append(f"{row['published']}@{row['vintage']}")
    rows = []
    for code, body in sorted(geography.epci.items()):
        homes = [geography.communes[town["code"]] for town in _members(geography, code)]
        departements = _by_count(home["DEP"] for home in homes)
        rows.append(
            {
                "code": code,
                "label": str(body["nom"]),
                "departements": " ".join(departements),
                "region": _by_count(home["REG"] for home in homes)[0],
                "communes": str(len(homes)),
                "population": str(body["populationMunicipale"]),
                "former": " ".join(former[code]),
            }
        )
    return rows


def _by_count(values: Iterable[str]) -> list[str]:
    listed = list(values)
    return sorted(set(listed), key=lambda value: (-listed.count(value), value))


def quarter_rows(geography: Geography, published: list[tuple[int, str, str, str]]) -> list[Row]:
    """List QPV with the codes of their communes, EPCI, départements and region.

    Parameters
    ----------
    geography
        Communes and EPCI.
    published
        Generation, code, label, communes as published (names in 2015, codes in 2024).
    """
    return [_quarter(geography, *row) for row in sorted(published)]


def _quarter(geography: Geography, generation: int, code: str, label: str, text: str) -> Row:
    own = department_of(code)
    unresolved: list[str] = []
    towns: list[str] = []
    if generation == 2015:  # noqa: PLR2004 - the generation that names its communes without codes
        for name in split_communes(text):
            found = commune_code(name, own, known=geography.known)
            (towns if found else unresolved).append(found or name)
    else:
        towns = [geography.passage.get(town, town) for town in split_codes(text)]
    towns = list(dict.fromkeys(towns))
    homes = [geography.communes[town] for town in towns if town in geography.communes]
    return {
        "generation": str(generation),
        "code": code,
        "label": legible(" ".join(label.split())),
        "communes": " ".join(towns),
        "commune_labels": ", ".join(_town_label(geography, town) for town in towns),
        "epci": " ".join(dict.fromkeys(geography.member[town] for town in towns if town in geography.member)),
        "departements": " ".join(dict.fromkeys([own, *(home["DEP"] for home in homes)])),
        "region": homes[0]["REG"] if homes else "",
        "unresolved": ", ".join(unresolved),
    }


def _town_label(geography: Geography, code: str) -> str:
    if code in geography.communes:
        return geography.communes[code]["NOM_DEPCOM"]
    return next(row["name"] for row in reference_rows("exceptions.csv") if row["code"] == code)


def published_quarters(real: Path) -> list[tuple[int, str, str, str]]:
    """Read the codes, labels and communes of the QPV of both generations."""
    import geopandas as gpd  # noqa: PLC0415 - only the regeneration opens a shapefile

    folder = real / "boundaries"
    layer = f"/vsizip/{folder}/qp-politiquedelaville-shp.zip/QP_METROPOLEOUTREMER_WGS84_EPSG4326.shp"
    table = gpd.read_file(layer, ignore_geometry=True)
    old = zip(table["CODE_QP"], table["NOM_QP"], table["COMMUNE_QP"], strict=True)
    features = json.loads((folder / "qpv2024_derived_4decimals.geojson").read_bytes())["features"]
    new = [feature["properties"] for feature in features]
    return [(2015, *row) for row in old] + [(2024, row["code_qp"], row["lib_qp"], row["insee_com"]) for row in new]


def inhabited_rows(real: Path, quarters: list[Row]) -> list[Row]:
    """Join the QPV of 2015 to the EPCI codes that Insee gave them in 2015."""
    import pandas as pd  # noqa: PLC0415 - idem

    path = real / "insee_qpv" / "pop_qp_2013.xls"
    table = pd.read_excel(path, engine="calamine", header=8, dtype=str).fillna("")
    towns = {row["code"]: row["communes"] for row in quarters if row["generation"] == "2015"}
    return [
        {"code": code, "epci1": first, "epci2": second, "communes": towns[code]}
        for code, first, second in zip(table["qp"], table["epci1"], table["epci2"], strict=True)
        if code
    ]


def build(real: Path) -> dict[str, bytes]:
    """Make every file of the reference list.

    Parameters
    ----------
    real
        Folder of the producers' files (``boundaries``, ``geography``, ``insee_qpv``, ``contrats_ville``).

    Returns
    -------
    dict
        Content by file name; the same input gives the same bytes.
    """
    geography = read_geography(real)
    quarters = quarter_rows(geography, published_quarters(real))
    inhabited = inhabited_rows(real, quarters)
    codes = code_rows(geography, inhabited)
    folder = real / GEOGRAPHY
    departements = [
        {"code": row["DEP"], "label": row["LIBELLE"], "region": row["REG"]}
        for row in rows_of(folder / "departement2021.csv")
    ]
    regions = [{"code": row["REG"], "label": row["LIBELLE"]} for row in rows_of(folder / "region2021.csv")]
    contracts = contract_rows(real, quarters=quarters, inhabited=inhabited)
    cog = "Insee, code officiel géographique 2021"
    return {
        "communes.csv.gz": gzip.compress(
            written([COG_2025, ADMIN_2026, EPCI_2020], commune_rows(geography)), 9, mtime=0
        ),
        "contrats.csv": written([CONTRACTS, POP_2013, POP_2018], contracts),
        "departements.csv": written([cog], departements),
        "epci.csv": written([ADMIN_2026, EPCI_2020, POP_2013], epci_rows(geography, codes)),
        "epci_codes.csv": written([EPCI_2020, ADMIN_2026, POP_2013], codes),
        "qpv.csv": written([QPV_2015, QPV_2024, COG_2025, ADMIN_2026], quarters),
        "regions.csv": written([cog], regions),
    }


if __name__ == "__main__":
    for name, content in build(Path(sys.argv[1])).items():
        (HERE / name).write_bytes(content)
