"""Insee's grid of squares: what their columns mean, and the squares themselves drawn from their identifiers.

A square is known by the corner that its identifier states (``CRS3035RES200mN3068000E3817600``: northing and
easting of its south-west corner, in metres, in the reference system of that number). Figures of small squares are
imputed by Insee from a larger square around: the flag stays with every square.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from diagnostic.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CELL_COLUMNS: Final = ["cell_id", "x", "y", "epsg", "vintage", "imputed"]
SIDE: Final = 200.0
BATCH: Final = 200_000  # squares whose text is cut at once: bounds the memory
WIDE: Final = 100_000_000.0  # beyond any coordinate in metres
SHAPE: Final = r"CRS(\d{4,5})RES200mN(-?\d+)E(-?\d+)"


@dataclass(frozen=True, slots=True)
class CellColumn:
    """What a column of the grid means.

    Parameters
    ----------
    variable, unit
        As in ``measures``.
    extensive
        Whether figures of two squares add up; otherwise they are means, to weight by ``weight``.
    weight
        Variable that weights an intensive one.
    """

    variable: str
    unit: str
    extensive: bool = True
    weight: str = ""


# The names of Insee in lower case; those of 2015 and 2017 differ by capitals alone. Floor areas, ages and kinds of
# dwellings are not read.
COLUMNS: Final[Mapping[str, CellColumn]] = {
    "ind": CellColumn("persons", "persons"),
    "men": CellColumn("households", "households"),
    "men_pauv": CellColumn("poor_households", "households"),
    "men_1ind": CellColumn("one_person_households", "households"),
    "men_5ind": CellColumn("five_person_households", "households"),
    "men_prop": CellColumn("owner_households", "households"),
    "men_fmp": CellColumn("single_parent_households", "households"),
    "ind_snv": CellColumn("winsorised_living_standards_sum", "euros"),
    "log_soc": CellColumn("social_dwellings", "dwellings"),
    "ind_0_3": CellColumn("persons_0_3", "persons"),
    "ind_4_5": CellColumn("persons_4_5", "persons"),
    "ind_6_10": CellColumn("persons_6_10", "persons"),
    "ind_11_17": CellColumn("persons_11_17", "persons"),
    "ind_18_24": CellColumn("persons_18_24", "persons"),
    "ind_25_39": CellColumn("persons_25_39", "persons"),
    "ind_40_54": CellColumn("persons_40_54", "persons"),
    "ind_55_64": CellColumn("persons_55_64", "persons"),
    "ind_65_79": CellColumn("persons_65_79", "persons"),
    "ind_80p": CellColumn("persons_80_over", "persons"),
    "ind_inc": CellColumn("persons_of_unknown_age", "persons"),
    # A pack of the Lille area made from the same grid: means instead of sums.
    "num_people": CellColumn("persons", "persons"),
    "mean_std_living": CellColumn("mean_living_standard", "euros", extensive=False, weight="persons"),
    "poverty_ratio": CellColumn("poor_households_ratio", "ratio", extensive=False, weight="households"),
}
VARIABLES: Final[Mapping[str, CellColumn]] = {column.variable: column for column in COLUMNS.values()}


def cells(
    identifiers: pd.Series[str], flags: pd.Series[float], figures: Mapping[str, np.ndarray], *, vintage: int,
    file: str, layer: str | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Build the table of squares.

    Parameters
    ----------
    identifiers
        Published identifiers; their index holds line numbers.
    flags
        1 where Insee imputed the figures of a square, 0 elsewhere.
    figures
        By variable, one number a square.
    vintage
        Year of the figures.
    file, layer
        Where they come from, for the messages.

    Returns
    -------
    pandas.DataFrame
        :data:`CELL_COLUMNS` (``x``, ``y``: south-west corner in metres in the system ``epsg``), then variables.

    Raises
    ------
    InputError
        When an identifier is not that of a square of 200 m or stands twice, a flag is neither 0 nor 1, or a figure
        is absent or negative.

    Examples
    --------
    >>> ids = pd.Series(["CRS3035RES200mN3068000E3817600"], index=[1])
    >>> flags, figures = pd.Series([0.0], index=[1]), {"persons": np.array([156.5])}
    >>> table = cells(ids, flags, figures, vintage=2017, file="a.gpkg")
    >>> table[["x", "y", "epsg", "vintage", "imputed", "persons"]]
             x        y  epsg  vintage  imputed  persons
    0  3817600  3068000  3035     2017    False    156.5
    """
    names = identifiers.to_numpy()
    epsg, y, x = _corners(identifiers)
    systems = np.unique(epsg, return_inverse=True)[1]
    place = pd.Series((y * WIDE + x) * 10 + systems)  # whole, below 2 to the 53
    checks: list[tuple[str, str | None, str, np.ndarray, np.ndarray]] = [
        ("identifiant de carreau inconnu", None, "CRS3035RES200mN…E…", np.isnan(x), names),
        ("carreau répété", None, "un carreau par ligne", place.duplicated().to_numpy() & ~np.isnan(x), names),
        ("marque d’imputation inconnue", None, "0 ou 1", ~flags.isin([0, 1]).to_numpy(), flags.to_numpy()),
    ]
    checks += [
        ("effectif absent ou négatif", name, "un nombre positif ou nul", ~(values >= 0), values)
        for name, values in figures.items()
        if VARIABLES[name].extensive and not (values >= 0).all()
    ]
    faults = [
        Fault(
            what, file=file, sheet=layer, column=name, line=int(identifiers.index[int(wrong.argmax())]),
            expected=expected, found=f"{shown[wrong.argmax()]}, {int(wrong.sum())} en tout",
            remedy="téléchargez de nouveau le fichier",
        )
        for what, name, expected, wrong, shown in checks if wrong.any()
    ]  # fmt: skip
    if faults:
        raise InputError(faults)
    columns = {
        "cell_id": identifiers.array, "x": x.astype("int64"), "y": y.astype("int64"), "epsg": epsg.astype("int32"),
        "vintage": np.full(len(x), vintage, dtype="int64"), "imputed": flags.to_numpy() == 1, **figures,
    }  # fmt: skip
    return pd.DataFrame(columns, copy=False)  # a country of squares is held once


def _corners(identifiers: pd.Series[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Read system, northing and easting, NaN where the identifier has another shape."""
    found = np.full((3, len(identifiers)), np.nan)
    for start in range(0, len(identifiers), BATCH):
        parts = identifiers.iloc[start : start + BATCH].str.extract(rf"^{SHAPE}$")
        found[:, start : start + BATCH] = parts.astype("float64").to_numpy().T
    epsg, y, x = found
    return epsg, y, x


def squares(table: pd.DataFrame, *, columns: Sequence[str] = ()) -> gpd.GeoDataFrame:
    """Draw squares from their corners, in the reference system that their identifiers state.

    Parameters
    ----------
    table
        Columns :data:`CELL_COLUMNS` and variables, all squares in one system.
    columns
        Variables kept, all by default.

    Returns
    -------
    geopandas.GeoDataFrame
        One row a square, in order, areas of exactly 40,000 m² in that system.

    Raises
    ------
    InputError
        When two systems meet: metropolitan France and La Réunion are two tables.

    Examples
    --------
    >>> ids = pd.Series(["CRS3035RES200mN3068000E3817600"])
    >>> people = {"persons": np.array([3.0])}
    >>> drawn = squares(cells(ids, pd.Series([1.0]), people, vintage=2017, file="a.csv"))
    >>> drawn.crs.to_epsg(), drawn.area.tolist()
    (3035, [40000.0])
    """
    systems = sorted(set(table["epsg"]))
    if len(systems) != 1:
        raise InputError(Fault(
            "carreaux de plusieurs systèmes de coordonnées", expected="un seul système",
            found=", ".join(f"EPSG:{system}" for system in systems),
            remedy="traitez la métropole et chaque outre-mer séparément",
        ))  # fmt: skip
    x, y = table["x"].to_numpy("float64"), table["y"].to_numpy("float64")
    kept = table[[*CELL_COLUMNS, *columns]] if columns else table
    shapes = shapely.box(x, y, x + SIDE, y + SIDE)
    return gpd.GeoDataFrame(kept, geometry=shapes, crs=f"EPSG:{systems[0]}")
