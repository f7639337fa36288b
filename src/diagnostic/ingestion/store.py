"""Tables on disk: Parquet and GeoParquet, the same bytes for the same rows. The only module that writes tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pyproj

from diagnostic.errors import Fault, WorkspaceError
from diagnostic.vocabulary import Level
from diagnostic.workspace import replacing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

# Through its JSON: out of the main thread pyproj describes the same system by its datum, in other bytes.
LONLAT = pyproj.CRS.from_json(pyproj.CRS.from_epsg(4326).to_json())
_WIDE = [str(level) for level in (Level.EPCI, Level.URBAN_UNIT, Level.DEPARTMENT, Level.REGION, Level.FRANCE)]

# Schools bear the number of their département on three digits; those of Corsica kept their own.
_SCHOOLS = {"2A": "620", "2B": "720"}

# Statistics would repeat extreme values in the file's footer, hidden rows included.
_OPTIONS = {"compression": "zstd", "write_statistics": False, "store_schema": True}


def write_table(path: Path, table: pd.DataFrame) -> None:
    """Write a table whole or not at all.

    Parameters
    ----------
    path
        ``*.parquet``; a table with a geometry becomes GeoParquet.
    table
        Any frame; its index is not kept.
    """
    with replacing(path) as temporary:
        if isinstance(table, gpd.GeoDataFrame):
            # One system has several equal descriptions; the bytes must not depend on which one was read.
            plain = table.reset_index(drop=True).set_crs(LONLAT, allow_override=True)
            plain.to_parquet(temporary, index=False, compression="zstd")
        else:
            pq.write_table(pa.Table.from_pandas(table, preserve_index=False), temporary, **_OPTIONS)


def read_table(path: Path) -> pd.DataFrame:
    """Read a table written by :func:`write_table`.

    Returns
    -------
    pandas.DataFrame
        A ``geopandas.GeoDataFrame`` where the file holds a geometry.

    Raises
    ------
    FileNotFoundError
        When the table was never written.
    WorkspaceError
        When its bytes were damaged.
    """
    try:
        metadata = pq.read_schema(path).metadata or {}
        if b"geo" in metadata:
            geographic: pd.DataFrame = gpd.read_parquet(path)
            return geographic
        frame: pd.DataFrame = pq.read_table(path).to_pandas()
    except pa.ArrowInvalid as problem:
        raise WorkspaceError(
            Fault(
                "table de travail illisible", file=str(path),
                remedy="effacez le dossier « data/processed/restricted/cache », puis lancez « diagnostic run »",
            )
        ) from problem  # fmt: skip
    return frame


def read_near(path: Path, departments: Sequence[str]) -> pd.DataFrame:
    """Read the figures of some départements, and all those of wider places.

    Parameters
    ----------
    path
        A table of measures written by :func:`write_table`.
    departments
        Codes of the départements whose communes, Iris, QPV and schools are kept.

    Returns
    -------
    pandas.DataFrame
        Rows in the order of the file; the rest of the country is never in memory as a frame.
    """
    level, code = pc.field("level"), pc.field("code")
    near = level.isin(_WIDE)
    for department in departments:
        quarter = f"^Q[PN]{department.rjust(3, '0')}"
        near |= (level == str(Level.QPV)) & pc.match_substring_regex(code, quarter)
        near |= level.isin([str(Level.COMMUNE), str(Level.IRIS)]) & pc.starts_with(code, department)
        school = _SCHOOLS.get(department, department.rjust(3, "0"))
        near |= (level == str(Level.ESTABLISHMENT)) & pc.starts_with(code, school)
    frame: pd.DataFrame = pq.read_table(path, filters=near).to_pandas()
    return frame


def read_cells(path: Path, bounds: tuple[float, float, float, float]) -> pd.DataFrame:
    """Read the squares of a grid whose south-west corner lies in a rectangle.

    Parameters
    ----------
    path
        A table of squares written by :func:`write_table`.
    bounds
        West, south, east, north, in metres in the reference system of the squares; for every square that touches
        an outline, the outline's bounds widened by the side of a square.

    Returns
    -------
    pandas.DataFrame
        Rows in the order of the file; the rest of the country is never in memory.
    """
    west, south, east, north = bounds
    x, y = pc.field("x"), pc.field("y")
    near = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    frame: pd.DataFrame = pq.read_table(path, filters=near).to_pandas()
    return frame
