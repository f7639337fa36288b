"""What stands where in the fictional territory: facilities (BPE), schools, their index (IPS) and addresses."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from diagnostic.demo.delimited import Layout
from diagnostic.demo.gazetteer import capitals
from diagnostic.demo.outlines import to_wgs84
from diagnostic.demo.places import COMMUNE_LABELS, COMMUNES, DEPARTMENT_CODE, DEPARTMENT_LABEL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from diagnostic.demo.outlines import Outlines
    from diagnostic.demo.population import Unit
    from diagnostic.demo.shapefile import Ring
    from diagnostic.demo.thematic import Model

BPE_YEAR, SCHOOL_YEAR = 2024, 2021
# Facilities for 1,000 inhabitants, in the quarters and around them.
_KINDS = {
    "A128": (0.10, 0.03), "A129": (0.0, 0.12), "A203": (0.18, 0.40), "A206": (0.10, 0.16), "B105": (0.12, 0.22),
    "B201": (0.35, 0.25), "B207": (0.25, 0.75), "B302": (0.05, 0.60), "C108": (0.30, 0.25), "D265": (0.45, 0.90),
    "D307": (0.20, 0.38), "F103": (0.15, 0.35), "F121": (0.30, 0.45),
}  # fmt: skip
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_PRIVATE = "privé sous contrat"
# Kinds of schools: the word of its name, inhabitants for one in and out of the quarters, for a private one.
_SCHOOLS = {"ecoles": ("ECOLE PRIMAIRE", 2_600, 4_200, 15_000), "colleges": ("COLLEGE", 6_500, 13_000, 30_000)}
_WITHOUT_PLACE = 11  # one school in so many has no coordinates


def surrounding_files(model: Model, outlines: Outlines) -> dict[str, bytes]:
    """Write the facilities, the index of the schools and their addresses, in the layouts of their producers.

    Parameters
    ----------
    model
        What :func:`~diagnostic.demo.thematic.draw_model` gave.
    outlines
        What :func:`~diagnostic.demo.outlines.draw_outlines` gave.

    Returns
    -------
    dict of str to bytes
        Content by file name.

    Examples
    --------
    >>> from diagnostic.demo.outlines import draw_outlines
    >>> from diagnostic.demo.thematic import draw_model
    >>> sorted(surrounding_files(draw_model(1), draw_outlines(np.random.default_rng(1))))[:2]
    ['BPE24.parquet', 'DS_BPE_2024_data.csv']
    """
    rng = np.random.default_rng([model.seed, 7])
    schools = pd.DataFrame(_list_schools(model, outlines, rng))
    facilities = pd.DataFrame(_list_facilities(model, outlines, rng))
    stream = io.BytesIO()
    facilities.to_parquet(stream, index=False)
    point = Layout(decimal=".")
    files = {
        f"fr-en-ips_{kind}_{SCHOOL_YEAR + 1}.csv": point.render(_index(rows), decimals=lambda _: 1)
        for kind, rows in schools.groupby("kind", sort=True)
    }
    return files | {
        f"BPE{BPE_YEAR % 100}.parquet": stream.getvalue(),
        f"DS_BPE_{BPE_YEAR}_data.csv": Layout(quoted=True).render(_counts(facilities)),
        f"fr-en-adresse-et-geolocalisation-etablissements-{SCHOOL_YEAR}.csv": point.render(
            _addresses(schools), decimals=lambda _: 6
        ),
    }


def _centre(unit: Unit, outlines: Outlines) -> np.ndarray:
    """Give the middle of a unit, in metres; that of a commune stands for what is around its quarters."""
    ring: Ring = outlines.quarters[unit.quarter.code][0] if unit.quarter else outlines.communes[unit.commune.code]
    middle: np.ndarray = ring.mean(axis=0)
    return middle


def _list_facilities(model: Model, outlines: Outlines, rng: np.random.Generator) -> Iterator[dict[str, object]]:
    """Draw facilities, one row each."""
    for unit in model.units:
        centre, inside = _centre(unit, outlines), unit.quarter is not None
        for kind, densities in _KINDS.items():
            number = rng.poisson(densities[0 if inside else 1] * unit.population / 1_000)
            for _ in range(max(number, 1) if kind == "A129" and not inside else number):
                x, y = np.round(centre + rng.normal(0, 90 if inside else 600, 2), 1)
                yield {
                    "AN": str(BPE_YEAR), "TYPEQU": kind, "DEPCOM": unit.commune.code,
                    "DCIRIS": f"{unit.commune.code}0000", "QP2015": unit.quarter.code if unit.quarter else "",
                    "LAMBERT_X": x, "LAMBERT_Y": y, "QUALITE_XY": "Bonne",
                }  # fmt: skip


def _counts(facilities: pd.DataFrame) -> pd.DataFrame:
    """Count facilities by EPCI and département, in Insee's long format; ``_T`` is the whole of a domain.

    The communes are left to the list: a figure stands in one file only.
    """
    epci = facilities["DEPCOM"].map({commune.code: commune.epci for commune in COMMUNES})
    places = {"DEP": pd.Series(DEPARTMENT_CODE, index=facilities.index), "EPCI": epci}
    kinds = facilities["TYPEQU"]
    finest = pd.DataFrame({"FACILITY_DOM": kinds.str[0], "FACILITY_SDOM": kinds.str[:2], "FACILITY_TYPE": kinds})
    whole = finest.assign(FACILITY_SDOM="_T", FACILITY_TYPE="_T")
    rows = pd.concat([
        cells.assign(GEO=codes, GEO_OBJECT=level) for level, codes in places.items() for cells in (finest, whole)
    ])  # fmt: skip
    counted = rows.groupby(["GEO", "GEO_OBJECT", *finest]).size().rename("OBS_VALUE").reset_index()
    table = counted.assign(BPE_MEASURE="FACILITIES", TIME_PERIOD=BPE_YEAR)
    return table[["GEO", "GEO_OBJECT", *finest, "BPE_MEASURE", "TIME_PERIOD", "OBS_VALUE"]]


def _list_schools(model: Model, outlines: Outlines, rng: np.random.Generator) -> Iterator[dict[str, object]]:
    """Draw schools, one row each, poorer in the poorest quarters and richer where they are private."""
    number = 0
    for kind, (word, inside, around, private) in _SCHOOLS.items():
        for unit in model.units:
            place = unit.quarter or unit.commune
            publics = max(1, round(unit.population / inside)) if unit.quarter and kind == "ecoles" else round(
                unit.population / (inside if unit.quarter else around)
            )  # fmt: skip
            sectors = ["public"] * publics
            sectors += [_PRIVATE] * (0 if unit.quarter else round(unit.population / private))
            for rank, sector in enumerate(sectors, start=1):
                number += 1
                x, y = _centre(unit, outlines) + rng.normal(0, 60 if unit.quarter else 900, 2)
                level = 66 + (place.median - 11_500) / 290 + 13 * (sector == _PRIVATE) + rng.normal(0, 3.5)
                yield {
                    "kind": kind, "code": f"099{number:04d}{_LETTERS[number % len(_LETTERS)]}",
                    "label": f"{word} {'PRIVEE ' * (sector == _PRIVATE)}{capitals(place.label)} {rank}",
                    "commune": unit.commune.code, "sector": sector, "index": level, "x": x, "y": y,
                }  # fmt: skip


def _index(schools: pd.DataFrame) -> pd.DataFrame:
    """Lay the index out as the ministry did for the school year 2021."""
    return pd.DataFrame({
        "Rentrée scolaire": f"{SCHOOL_YEAR}-{SCHOOL_YEAR + 1}", "Académie": "VALBRECQUES",
        "Code du département": "099", "Département": capitals(DEPARTMENT_LABEL), "UAI": schools["code"],
        "Nom de l'établissment": schools["label"], "Code INSEE de la commune": schools["commune"],
        "Nom de la commune": schools["commune"].map(COMMUNE_LABELS).map(capitals), "Secteur": schools["sector"],
        "IPS": schools["index"].round(1),
    })  # fmt: skip


def _addresses(schools: pd.DataFrame) -> pd.DataFrame:
    """Lay the addresses out as the ministry does; one school in a few is not located."""
    where = np.round(to_wgs84(schools[["x", "y"]].to_numpy()), 6)
    where[::_WITHOUT_PLACE] = np.nan
    return pd.DataFrame({
        "numero_uai": schools["code"], "appellation_officielle": schools["label"],
        "code_commune": schools["commune"], "libelle_commune": schools["commune"].map(COMMUNE_LABELS),
        "latitude": where[:, 1], "longitude": where[:, 0], "localisation": "Numéro de rue",
    })  # fmt: skip
