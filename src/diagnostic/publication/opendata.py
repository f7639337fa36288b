"""The published tables as open data: csv for spreadsheets, GeoPackage and GeoJSON for maps, a description.

Follows Frictionless Data Package 1 (``datapackage.json``) and OGC GeoPackage 1.3, styles as QGIS stores them.
"""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pyogrio

from diagnostic.publication.figures.cells import cells, label
from diagnostic.publication.workbook.writing import SHEETS
from diagnostic.vocabulary import FICTIONAL_BANNER, NEVER_MAPPED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd

    from diagnostic.analysis.disclosure.public import PublicTables
    from diagnostic.publication.workbook.columns import Column, Sheet

LICENCE: Final = {
    "name": "other-open", "title": "Licence Ouverte / Open Licence 2.0, hors mentions contraires des producteurs",
    "path": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
}  # fmt: skip
_LAYERS: Final = {"quartiers": "qpv", "communes": "commune"}
_PLACE: Final = ("code", "label", "number", "vintage", "commune_labels", "population", "area")
_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run, at the head of a text
_STYLE: Final = """<qgis version="3.34" styleCategories="Symbology|Labeling" labelsEnabled="{labelled}">
<renderer-v2 type="singleSymbol"><symbols><symbol type="fill" name="0" alpha="1"><layer class="SimpleFill">
<Option type="Map"><Option type="QString" name="color" value="{fill}"/>
<Option type="QString" name="outline_color" value="{line}"/>
<Option type="QString" name="outline_width" value="{width}"/></Option></layer></symbol></symbols></renderer-v2>
<labeling type="simple"><settings><text-style fieldName="{field}" fontSize="9" textColor="29,36,51,255"/>
</settings></labeling></qgis>
"""
_STYLES: Final = {
    "quartiers": {
        "fill": "23,63,115,160", "line": "29,36,51,255", "width": "0.4", "field": "number", "labelled": 1,
    },
    "communes": {
        "fill": "231,226,217,255", "line": "211,206,197,255", "width": "0.2", "field": "label", "labelled": 1,
    },
}  # fmt: skip


def write_opendata(tables: PublicTables) -> dict[str, bytes]:
    """Make the open data of a territory.

    Parameters
    ----------
    tables
        What may be published; nothing else is read.

    Returns
    -------
    dict of str to bytes
        Content by file name, the same for the same tables: a csv a table (semicolon, decimal comma, UTF-8 with its
        mark), ``territoire.gpkg``, ``quartiers.geojson`` and ``datapackage.json``. Shares of foreigners and
        immigrants are in the tables, not in the maps.
    """
    filled = [(sheet, sheet.table(tables)) for sheet in SHEETS]
    shown = [(sheet, table) for sheet, table in filled if len(table) or not sheet.optional]
    files = {f"{sheet.file}.csv": sheet_csv(sheet, table) for sheet, table in shown}
    layers = {name: layer for name, level in _LAYERS.items() if len(layer := _layer(tables, level))}
    files["territoire.gpkg"] = _geopackage(layers, day=tables.identity.edition_date.isoformat())
    files["quartiers.geojson"] = _geojson(layers["quartiers"])
    files["datapackage.json"] = _description(tables, shown)
    return files


def _columns(sheet: Sheet) -> list[Column]:
    """Give the columns of a sheet that its table holds under one name."""
    return list({column.name: column for column in sheet.columns}.values())


def sheet_csv(sheet: Sheet, table: pd.DataFrame) -> bytes:
    """Write a table as a French spreadsheet reads it: semicolons, decimal commas, UTF-8 with its mark.

    Parameters
    ----------
    sheet
        Which columns, in order.
    table
        Its rows; a text that a spreadsheet would run is preceded by an apostrophe.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    names = [column.name for column in _columns(sheet)]
    writer.writerow(names)
    writer.writerows([_written(value) for value in row] for row in table[names].itertuples(index=False))
    return text.getvalue().encode("utf-8-sig")


def _written(value: object) -> str:
    """Write one value as a French spreadsheet reads it; a text is never a formula."""
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, int | np.integer):
        return str(value)
    if isinstance(value, float | np.floating):
        return "" if not np.isfinite(value) else f"{value:.10g}".replace(".", ",")
    if isinstance(value, list | tuple | np.ndarray):
        return _written(", ".join(str(one) for one in value))
    words = "" if value is None or value != value else str(value)  # noqa: PLR0124 - what pandas calls absent
    return f"'{words}" if words.startswith(_FORMULAS) else words


def _layer(tables: PublicTables, level: str) -> gpd.GeoDataFrame:
    """Put the places of a level on a map, with the value of each indicator or why there is none."""
    places = tables.territories[tables.territories["level"] == level]
    places = places[places.geometry.notna() & ~places.geometry.is_empty]
    table = places[
        [*(name for name in _PLACE if level == "qpv" or name not in {"number", "commune_labels"})]
    ].copy()
    if "commune_labels" in table:
        table["commune_labels"] = table["commune_labels"].map(_written)
    if level == "qpv":
        for name, column in _retained(tables, list(places["code"])):
            table[name] = column
    return gpd.GeoDataFrame(table, geometry=places.geometry, crs=places.crs)


def _retained(tables: PublicTables, codes: list[str]) -> Iterator[tuple[str, list[object]]]:
    rows = tables.indicators
    kept = rows[(rows["level"] == "qpv") & rows["headline"].astype(bool) & (rows["group"] == "all")]
    for variable, own in kept.groupby("variable", sort=True):
        if variable in NEVER_MAPPED or variable == "population":
            continue
        found = cells(own, codes, unit=str(own["unit"].iloc[0]))
        yield str(variable), [found[code].value if found[code].written else None for code in codes]
        yield f"{variable}_statut", ["" if found[code].written else label(found[code].kind) for code in codes]


def _geojson(layer: gpd.GeoDataFrame) -> bytes:
    content = json.loads(layer.to_crs("EPSG:4326").to_json(drop_id=True))
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _geopackage(layers: dict[str, gpd.GeoDataFrame], *, day: str) -> bytes:
    """Write the layers; the only date inside is that of the documents."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "territoire.gpkg"
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{day}T00:00:00.000Z"})
        try:
            for name, layer in layers.items():
                layer.to_file(path, layer=name, driver="GPKG", engine="pyogrio")
        finally:
            pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
        _add_styles(path, layers, day=day)
        return path.read_bytes()


def _add_styles(path: Path, layers: Iterable[str], *, day: str) -> None:
    """Add the table where QGIS looks for the style of each layer."""
    with sqlite3.connect(path) as base:
        base.execute(
            "CREATE TABLE layer_styles (id INTEGER PRIMARY KEY, f_table_catalog TEXT, f_table_schema TEXT, "
            "f_table_name TEXT, f_geometry_column TEXT, styleName TEXT, styleQML TEXT, styleSLD TEXT, "
            "useAsDefault BOOLEAN, description TEXT, owner TEXT, ui TEXT, update_time DATETIME)"
        )
        base.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change) "
            "VALUES ('layer_styles', 'attributes', 'layer_styles', ?)", (f"{day}T00:00:00.000Z",),
        )  # fmt: skip
        base.executemany(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, "
            "styleName, styleQML, styleSLD, useAsDefault, update_time) VALUES ('', '', ?, 'geom', ?, ?, '', 1, ?)",
            [(name, name, _STYLE.format(**_STYLES[name]), f"{day}T00:00:00.000Z") for name in layers],
        )
    base.close()


def _description(tables: PublicTables, shown: list[tuple[Sheet, pd.DataFrame]]) -> bytes:
    identity = tables.identity
    banner = f"{FICTIONAL_BANNER}. " if identity.fictional else ""
    package = {
        "profile": "data-package",
        "name": "diagnostic-territorial",
        "title": f"{banner}Diagnostic territorial : {identity.name}",
        "description": (
            f"Quartiers prioritaires de la génération {identity.generation}. Une case vide a toujours un statut "
            "qui dit pourquoi. Un écart n’est pas une discrimination."
        ),
        "version": identity.edition_date.isoformat(),
        "licenses": [LICENCE],
        "sources": [
            {"title": f"{row['producer']}, {row['label']}, édition {row['edition']}", "path": row["url"]}
            for row in tables.sources.to_dict("records")
        ],
        "resources": [_resource(sheet, table) for sheet, table in shown],
    }
    return (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode()


def _resource(sheet: Sheet, table: pd.DataFrame) -> dict[str, Any]:
    name = sheet.file
    return {
        "profile": "tabular-data-resource", "name": name, "path": f"{name}.csv", "title": sheet.title,
        "format": "csv", "mediatype": "text/csv", "encoding": "utf-8", "dialect": {"delimiter": ";"},
        "schema": {"fields": [_field(column, table) for column in _columns(sheet)], "missingValues": [""]},
    }  # fmt: skip


def _field(column: Column, table: pd.DataFrame) -> dict[str, Any]:
    words = column.words
    meaning = column.meaning
    if words:
        meaning += " (" + " ; ".join(f"{code} : {word}" for code, word in words.items() if code) + ")"
    kind = table[column.name].dtype.kind
    number = {"i": {"type": "integer"}, "f": {"type": "number", "decimalChar": ","}, "b": {"type": "boolean"}}
    return {
        "name": column.name,
        "title": column.title,
        "description": meaning,
        **number.get(kind, {"type": "string"}),
    }
