"""No name of the fictional territory exists in France."""

import gzip
import json
import re
import unicodedata

import pandas as pd
import pyogrio
import pytest

from diagnostic.demo import places


def key(name):
    """Compare without case, accents, ligatures or signs."""
    letters = unicodedata.normalize("NFKD", name.lower().replace("œ", "oe"))
    return re.sub(r"[^a-z0-9]+", " ", "".join(c for c in letters if not unicodedata.combining(c))).strip()


@pytest.fixture(scope="module")
def real_names(shared):
    real = shared / "real"
    geography = real / "geography"
    names = set(pd.read_csv(geography / "commune_2021.csv", dtype=str)["LIBELLE"])
    for table, columns in {
        "communes_info_supra.csv.gz": ["NOM_DEPCOM", "NOM_EPCI", "NOM_DEP", "NOM_REG"],
        "mvtcommunes_depuis_2015.csv.gz": ["LIBELLE_AV", "LIBELLE_AP"],
    }.items():
        read = pd.read_csv(geography / table, dtype=str)
        names |= {name for column in columns for name in read[column].dropna()}
    members = pd.read_csv(geography / "EPCI_2020.csv", sep=";", dtype=str, encoding="utf-8-sig")
    names |= set(members["LIBGEO"]) | set(members["LIBEPCI"])
    with gzip.open(geography / "etalab-decoupage-administratif-6.0.0_epci.json.gz") as stream:
        names |= {epci["nom"] for epci in json.load(stream)}
    layer = "QP_METROPOLEOUTREMER_WGS84_EPSG4326.shp"
    archive = f"/vsizip/{real / 'boundaries' / 'qp-politiquedelaville-shp.zip'}/{layer}"
    names |= set(pyogrio.read_dataframe(archive, read_geometry=False)["NOM_QP"])
    compilation = pd.read_csv(real / "insee_qpv2024" / "compilation_qpv2024.csv", dtype=str)
    names |= set(compilation["lib_qp"].dropna())
    return {key(name) for name in names}


def test_no_place_has_a_real_name(real_names):
    ours = [place.label for place in (*places.COMMUNES, *places.QUARTERS)]
    ours += [places.REGION_LABEL, places.DEPARTMENT_LABEL, *places.EPCI_LABELS.values()]
    assert len(real_names) > 30_000
    assert [name for name in ours if key(name) in real_names] == []


def test_no_intercommunality_is_named_after_a_real_one_without_its_kind(real_names):
    bare = {re.sub(r"^(ca|cc|cu) (du |de la |de l |des |de |d )?", "", name) for name in real_names}
    assert not {"grand valbrecques", "pays d osterlou"} & (bare | real_names)


def test_codes_of_intercommunalities_cannot_be_company_numbers():
    """A real number passes the check of Luhn; these do not, so no organisation will ever bear them."""
    for code in places.EPCI_LABELS:
        doubled = [int(digit) * (1 + rank % 2) for rank, digit in enumerate(reversed(code))]
        assert sum(number - 9 * (number > 9) for number in doubled) % 10 != 0


def test_nine_quarters_of_five_communes_and_seven_elsewhere():
    inside = [quarter for quarter in places.QUARTERS if places.epci_of(quarter) == places.EPCI_CODE]
    assert len(inside) == 9
    assert len(places.QUARTERS) == 16
    assert {code for quarter in inside for code, _ in quarter.parts} == {f"9900{rank}" for rank in range(1, 6)}
    assert max(len(quarter.label) for quarter in inside) > 90
    assert sum(len(quarter.parts) > 1 for quarter in inside) == 1
