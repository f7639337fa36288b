"""Tables on disk: Parquet and GeoParquet, the same bytes for the same rows. The only module that writes tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from diagnostic.workspace import replacing

if TYPE_CHECKING:
    from pathlib import Path

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
            table.reset_index(drop=True).to_parquet(temporary, index=False, compression="zstd")
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
    """
    metadata = pq.read_schema(path).metadata or {}
    if b"geo" in metadata:
        geographic: pd.DataFrame = gpd.read_parquet(path)
        return geographic
    return pq.read_table(path).to_pandas()
