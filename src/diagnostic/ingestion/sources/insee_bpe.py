"""BPE, the permanent base of facilities: how many of each kind stand where.

Two layouts: the counts ``DS_BPE`` in Insee's long format, and the list ``BPE24.parquet``, one row a facility. The
list also holds names and addresses; they are never read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd

from diagnostic.errors import Fault, InputError
from diagnostic.ingestion.columns import Column
from diagnostic.ingestion.document import Kind
from diagnostic.ingestion.editions import edition_stated
from diagnostic.ingestion.sdmx import Cube
from diagnostic.ingestion.source import SOURCES, Recognition, Source, Tables
from diagnostic.ingestion.tabular import Table, code_kinds
from diagnostic.ingestion.thematic import LICENCE, QPV_SHAPE
from diagnostic.ingestion.unproven import marked, remark
from diagnostic.provenance import Provenance
from diagnostic.schemas import MEASURE_COLUMNS
from diagnostic.vocabulary import Level, PeriodBasis, Status, is_fictional

if TYPE_CHECKING:
    from diagnostic.ingestion.document import Document

NAME: Final = "insee_bpe"
VARIABLE: Final = "facilities"
UNIT: Final = "facilities"
WHOLE: Final = "_T"
DOMAIN: Final = re.compile(r"[A-G]\d{0,3}")

COUNTED: Final = ("TYPEQU", "DEPCOM", "DCIRIS")
LOCATED: Final = ("LAMBERT_X", "LAMBERT_Y", "QUALITE_XY")
# Where the list says in which quarter a facility stands: column, level, vintage, shape of its codes.
PLACES: Final = (
    ("DEPCOM", Level.COMMUNE, None, r"\d[0-9AB]\d{3}"),
    ("DCIRIS", Level.IRIS, None, r"(?:\d\d|2[AB])\d{7}"),
    ("QP2015", Level.QPV, 2015, QPV_SHAPE),
    ("QP2024", Level.QPV, 2024, r"QN[0-9AB]{3}\d{2}[A-Z]"),
)
LAMBERT_93: Final = 2154
IN_METROPOLE: Final = r"(?:[0-8]\d|9[0-5]|2[AB]).*"
_YEAR = re.compile(r"BPE_?(?:20)?(\d\d)(?!\d)", re.IGNORECASE)


def _meaning(codes: tuple[str, ...]) -> Column | None:
    """Give the finest of domain, sub-domain and type that is not the whole, as the group."""
    finest = next((code for code in reversed(codes) if code != WHOLE), None)
    if finest is None:
        return Column(VARIABLE, "all", UNIT, VARIABLE)
    return Column(VARIABLE, finest.casefold(), UNIT, VARIABLE) if DOMAIN.fullmatch(finest) else None


CUBE: Final = Cube(
    name=NAME, dimensions=("FACILITY_DOM", "FACILITY_SDOM", "FACILITY_TYPE"), meaning=_meaning,
    fixed={"BPE_MEASURE": "FACILITIES"}, lag=0,
)  # fmt: skip


def recognise(document: Document) -> Recognition | None:
    """Say whether a document is one of the two layouts, and of which year."""
    if document.kind is not Kind.PARQUET:
        return CUBE.recognise(document)
    if _columns(document, COUNTED, empty=True) is None:
        return None
    named = _YEAR.search(document.name)
    edition, basis = edition_stated(document, source=NAME, stated=f"20{named[1]}" if named else None)
    codes = _list(document)["DEPCOM"].unique()
    return Recognition(NAME, edition, basis, fictional=any(is_fictional(Level.COMMUNE, code) for code in codes))


def read(document: Document, recognition: Recognition) -> Tables:
    """Count the facilities of every kind by place; raises ``InputError`` with all faults."""
    if document.kind is not Kind.PARQUET:
        return CUBE.read(document, recognition)
    frame = _list(document)
    year = int(recognition.edition)
    parts = []
    for column, level, generation, shape in PLACES:
        if column not in frame.columns:
            continue
        own = _placed(document, frame, column, shape=shape, strict=generation is None)
        kinds = [own["TYPEQU"].str[:length] for length in (1, 2, 4)]  # A domain, A1 sub-domain, A101 type
        counts = pd.concat([own.assign(group=kind.str.casefold()) for kind in kinds])
        counts = counts.groupby([column, "group"], sort=True).size().rename("value").reset_index()
        vintage = year if generation is None else generation
        parts.append(counts.rename(columns={column: "code"}).assign(level=str(level), vintage=vintage))
    measures = pd.concat(parts, ignore_index=True).assign(
        period=year, variable=VARIABLE, unit=UNIT, source=NAME, edition=recognition.edition,
        status=str(Status.OBSERVED), note=remark(NAME), period_basis=str(PeriodBasis.STATED),
    )  # fmt: skip
    return Tables(measures=measures.astype({"value": "float64"})[MEASURE_COLUMNS])


def points(document: Document) -> gpd.GeoDataFrame:
    """Give the facilities that have coordinates.

    Parameters
    ----------
    document
        The list ``BPE….parquet``.

    Returns
    -------
    geopandas.GeoDataFrame
        ``type``, ``commune``, ``quality`` (as Insee writes it: Bonne, Acceptable, Mauvaise) and a point in
        EPSG:4326; metropolitan France only, elsewhere the coordinates are in other reference systems.

    Raises
    ------
    InputError
        When the list has no coordinates.
    """
    frame = _columns(document, (*COUNTED[:2], *LOCATED))
    if frame is None:
        raise InputError(Fault(
            "liste d’équipements sans coordonnées", file=document.name,
            expected=f"les colonnes {', '.join(LOCATED)}", found="une partie d’entre elles",
            remedy="téléchargez le fichier géolocalisé (BPE….parquet)",
        ))  # fmt: skip
    x, y = (pd.to_numeric(frame[name], errors="coerce") for name in LOCATED[:2])
    kept = x.notna() & y.notna() & frame["DEPCOM"].astype(str).str.fullmatch(IN_METROPOLE)
    named = {"TYPEQU": "type", "DEPCOM": "commune", "QUALITE_XY": "quality"}
    table = frame.loc[kept, list(named)].rename(columns=named).reset_index(drop=True)
    where = gpd.points_from_xy(x[kept], y[kept], crs=LAMBERT_93)
    return gpd.GeoDataFrame(table, geometry=where).to_crs(4326)


def _columns(document: Document, names: tuple[str, ...], *, empty: bool = False) -> pd.DataFrame | None:
    """Read a few columns of the list, which has some eighty; ``None`` when one is not there."""
    try:
        rows = [("TYPEQU", "==", "")] if empty else None
        frame: pd.DataFrame = pd.read_parquet(document.path, columns=list(names), filters=rows)
    except (KeyError, ValueError):  # what the reader raises for an absent column
        return None
    return frame


def _list(document: Document) -> pd.DataFrame:
    optional = [name for name, *_ in PLACES if name not in COUNTED]
    present = [name for name in optional if _columns(document, ("TYPEQU", name), empty=True) is not None]
    frame = _columns(document, (*COUNTED, *present))
    if frame is None:  # the recognition came from elsewhere than this document
        raise ValueError(f"{document.name} is not a list of {NAME}")
    stripped: pd.DataFrame = frame.astype("str").apply(lambda cells: cells.str.strip())
    return stripped


def _placed(document: Document, frame: pd.DataFrame, column: str, *, shape: str, strict: bool) -> pd.DataFrame:
    """Keep the rows that have a place of this kind; an IRIS of a commune without any is written with letters."""
    own = frame.set_axis(pd.RangeIndex(1, len(frame) + 1), axis=0)
    inside = own[column].str.fullmatch(shape).astype(bool)
    if strict and column == COUNTED[1]:
        code_kinds(Table(document.name, None, 0, own), column, shapes={column: shape})
    return own[inside]


SOURCES.register(
    Source(
        name=NAME,
        label=marked("Insee, base permanente des équipements (BPE)", source=NAME),
        provenance=Provenance(
            producer="Insee",
            title="Base permanente des équipements",
            citation="Insee, base permanente des équipements (BPE)",
            url="https://www.insee.fr/fr/statistiques/8217527",
            licence=LICENCE,
            published="données 2024",
        ),
        recognise=recognise,
        read=read,
        how_to_get="Sur insee.fr, cherchez « Base permanente des équipements » et téléchargez « DS_BPE » (csv)"
        " pour les comptes, ou « BPE….parquet » pour les lieux.",
        themes=("public_services",),
    )
)
