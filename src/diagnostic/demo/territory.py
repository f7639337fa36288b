"""Write the raw files of the fictional territory, as a person would have downloaded them."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import numpy as np

from diagnostic.demo import filosofi, gazetteer, living, quarters_2024, surroundings, thematic, workbooks
from diagnostic.demo.delimited import NARROW_BLANK, Layout
from diagnostic.demo.outlines import draw_outlines
from diagnostic.demo.places import QUARTERS

if TYPE_CHECKING:
    from pathlib import Path

DEFAULT_SEED = 20211130

_MEMBER_DATE = (2018, 1, 10, 14, 49, 44)
# Number of cells of each line of the re-saved csv files, trailing empty ones included.
_WIDTHS = {"DEMO": 191, "IPRO": 226, "REVN": 1024}
_TABLES = {"DEMO": thematic.demo_table, "IPRO": thematic.ipro_table, "REVN": thematic.revn_table}
# The spreadsheet that re-saved the csv files took the decimals off whole numbers in these columns only.
_BARE = ("TX_TOT_ET", "TX_F_ET", "PMIMP")
_ONE_DECIMAL = ("TX_", "EVOL_", "IND_", "PMIMP", "BREV", "TP60", "PACT", "PPEN", "PPSOC", "PIMPOT", "PPAT")


def write_territory(folder: Path, *, seed: int = DEFAULT_SEED) -> list[Path]:
    """Write every raw file of the fictional territory.

    The boundaries of the quarters of both generations, the lists and outlines of places, the thematic tables of
    two editions (2021 as re-saved csv, 2022 as official workbooks with communes and intercommunalities),
    schooling and housing, Filosofi 2018 and 2019, the populations of 2013, facilities and schools. Nothing depends
    on the clock: the same seed gives the same bytes.

    Parameters
    ----------
    folder
        Where to write; made if need be. Files of the same names are replaced.
    seed
        Seed of every figure and of every outline.

    Returns
    -------
    list of pathlib.Path
        The files written, in the order of their names.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     paths = write_territory(Path(folder))
    >>> len(paths), paths[0].name
    (31, 'BPE24.parquet')
    """
    folder.mkdir(parents=True, exist_ok=True)
    contents = _contents(seed)
    paths = []
    for name in sorted(contents):
        path = folder / name
        path.write_bytes(contents[name])
        paths.append(path)
    return paths


def _contents(seed: int) -> dict[str, bytes]:
    """Build every file, by name."""
    model = thematic.draw_model(seed)
    outlines = draw_outlines(np.random.default_rng([seed, 0]))
    files = {
        "qp-politiquedelaville-shp.zip": _archive(gazetteer.boundary_members(outlines)),
        "pop_qp_2013.xlsx": workbooks.population_workbook(_people_of_2013(model)),
    }
    files |= _living_files(model) | surroundings.surrounding_files(model, outlines)
    files |= gazetteer.lists() | gazetteer.outline_files(outlines) | quarters_2024.outline_file(outlines)
    for theme in _TABLES:
        files |= _thematic_files(model, theme)
    for year in filosofi.YEARS:
        files[f"data_filo{year % 100}_qp_revdis.csv"] = filosofi.quarter_file(model, year=year)
        files |= filosofi.place_files(model, year=year)
    return files


def _thematic_files(model: thematic.Model, theme: str) -> dict[str, bytes]:
    """Write the two editions of a thematic table, each in its own layout."""
    table_of = _TABLES[theme]
    older, newer = thematic.EDITIONS
    layout = Layout(thousands=NARROW_BLANK, mark=True, width=_WIDTHS[theme])
    csv = layout.render(table_of(model, edition=older, level="qpv"), decimals=_decimals, bare=_BARE)
    tables = {level: table_of(model, edition=newer, level=level) for level in ("qpv", "commune", "epci")}
    return {
        f"{theme}_{older}.csv": csv,
        f"{theme}_{newer}.xlsx": workbooks.thematic_workbook(theme, newer, tables=tables),
    }


def _living_files(model: thematic.Model) -> dict[str, bytes]:
    """Write the tables of schooling and housing, the older stock of social landlords beside them."""
    levels = ("qpv", "commune", "epci")
    tables = {
        ("EDUC", living.SCHOOLING_EDITION): {level: living.educ_table(model, level=level) for level in levels},
        ("LOGT", living.HOUSING_EDITION): {level: living.logt_table(model, level=level) for level in levels},
    }
    books = {
        f"{theme}_{edition}.xlsx": workbooks.thematic_workbook(theme, edition, tables=found)
        for (theme, edition), found in tables.items()
    }
    stock = Layout(separator=",").render(living.rpls_table(model), decimals=living.rpls_decimals)
    return books | {f"rpls_qpv_{living.RPLS_YEAR}.csv": stock}


def _decimals(column: str) -> int:
    """Give the number of decimals of a column of the thematic tables."""
    return int(column.startswith(_ONE_DECIMAL) or column.endswith("_D1D9"))


def _people_of_2013(model: thematic.Model) -> dict[str, int]:
    """Count the inhabitants of the quarters five years before the tables, a little more numerous."""
    rng = np.random.default_rng([model.seed, 3])
    now = model.census[max(model.census)]["people"]
    codes = [unit.quarter.code if unit.quarter else "" for unit in model.units]
    people = now.groupby(np.array(codes)).sum()
    return {quarter.code: round(people[quarter.code] * rng.uniform(0.98, 1.06)) for quarter in QUARTERS}


def _archive(members: dict[str, bytes]) -> bytes:
    """Pack members with a fixed date."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(members):
            info = zipfile.ZipInfo(name, _MEMBER_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0  # the same bytes on every system
            archive.writestr(info, members[name])
    return stream.getvalue()
