"""Schooling and housing: the tables EDUC, LOGT and RPLS of the fictional territory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from diagnostic.demo import population, secrecy
from diagnostic.demo.thematic import publish, rates

if TYPE_CHECKING:
    from diagnostic.demo.thematic import Model

SCHOOLING_EDITION, HOUSING_EDITION, RPLS_YEAR = 2022, 2023, 2020
_GRADES = {"E6": (0.0125, 0.045), "E3": (0.0118, 0.075), "E0_GT": (0.0068, 0.06), "E0_PRO": (0.0036, 0.31)}
"""By grade: pupils for one inhabitant, and share of them who are late where nobody is poor."""

EDUC_COLUMNS = ("CODGEO", "LIBGEO", *(f"{kind}_{grade}" for grade in _GRADES for kind in ("EFF", "RET")),
                "TX_NSNE_16A25")  # fmt: skip
_STOCK_RATES = {
    "txVac": ("vacant", "social"), "txVac3m": ("vacant_3_months", "social"), "txRot": ("moved", "social"),
    "txLsCol": ("collective", "social"), "txLsInd": ("individual", "social"),
}  # fmt: skip
_HOME_RATES = {
    "txLsRp": ("social", "homes"), "partResPrinc": ("homes", "dwellings"), "partResVac": ("empty", "dwellings"),
    "partResPrincSurocc": ("overcrowded", "homes"), "partMenProp": ("owners", "homes"),
    "txMobGlob": ("arrived", "homes"),
}  # fmt: skip
LOGT_COLUMNS = ("codGeo", "libGeo", "nbLsPls", *_HOME_RATES, *_STOCK_RATES, "moyLoy")
RPLS_COLUMNS = ("CodGeo", "Note", "nbLsPls", "nbLsMes", *_STOCK_RATES, "moyLoy", "q1Loy", "medLoy", "q3Loy")


def _generator(model: Model, part: int, year: int) -> np.random.Generator:
    """Give a source of numbers of its own: what is added here moves no other table."""
    return np.random.default_rng([model.seed, part, year])


def _poor(model: Model) -> np.ndarray:
    return np.array([unit.quarter is not None for unit in model.units], dtype=float)


def _young(model: Model) -> np.ndarray:
    census = model.census[SCHOOLING_EDITION]
    share: np.ndarray = (census["young"] / census["people"]).to_numpy(dtype=float)
    return share


def educ_table(model: Model, *, level: str) -> pd.DataFrame:
    """Build the table of schooling as published: counts of pupils, late ones secret when few.

    Parameters
    ----------
    model
        What :func:`~diagnostic.demo.thematic.draw_model` gave.
    level
        ``"qpv"``, ``"commune"`` or ``"epci"``.

    Examples
    --------
    >>> from diagnostic.demo.thematic import draw_model
    >>> table = educ_table(draw_model(1), level="qpv")
    >>> len(table), tuple(table) == EDUC_COLUMNS
    (16, True)
    """
    rng = _generator(model, 4, SCHOOLING_EDITION)
    census = model.census[SCHOOLING_EDITION]
    poor, young = _poor(model), _young(model)
    counts: dict[str, np.ndarray] = {}
    for grade, (pupils, late) in _GRADES.items():
        number = rng.poisson(census["people"] * pupils * young / 0.29)
        counts[f"EFF_{grade}"] = number
        counts[f"RET_{grade}"] = rng.binomial(number, late * (1 + 0.55 * poor))
    counts["youth"] = np.round(0.36 * census["young"].to_numpy()).astype(int)
    share = 0.13 + 0.10 * poor + 0.5 * poor * (young - 0.36) + rng.uniform(-0.02, 0.02, len(young))
    counts["out"] = rng.binomial(counts["youth"], share)
    table = population.add_up(model.units, pd.DataFrame(counts), level=level).astype(float)
    table["TX_NSNE_16A25"] = rates(table, {"TX_NSNE_16A25": ("out", "youth")})["TX_NSNE_16A25"]
    secrecy.hide_schooling(table)
    return publish(table, EDUC_COLUMNS, level)


def _dwellings(model: Model, *, year: int) -> pd.DataFrame:
    """Count dwellings by unit, and what they are; ``rent`` is the sum of rents by square metre."""
    rng = _generator(model, 5, year)
    census = model.census[SCHOOLING_EDITION]
    poor, young = _poor(model), _young(model)
    homes = np.round(census["households"].to_numpy()).astype(int)
    empty = rng.binomial(homes, 0.075)
    landlords = _generator(model, 6, 0).uniform(-0.08, 0.08, len(homes))  # the same from one year to the next
    social = rng.binomial(homes, 0.13 + 0.55 * poor + landlords)
    vacant = rng.binomial(social, 0.025 + 0.02 * poor)
    return pd.DataFrame({
        "homes": homes, "dwellings": homes + empty, "empty": empty,
        "overcrowded": rng.binomial(homes, 0.03 + 0.45 * np.clip(young - 0.28, 0, 1)),
        "owners": rng.binomial(homes - social, 0.72 - 0.25 * poor),
        "arrived": rng.binomial(homes, 0.13 - 0.02 * poor),
        "social": social, "vacant": vacant, "vacant_3_months": rng.binomial(vacant, 0.5),
        "moved": rng.binomial(social, 0.105 - 0.03 * poor), "new": rng.binomial(social, 0.01),
        "individual": (individual := rng.binomial(social, 0.30 - 0.18 * poor)), "collective": social - individual,
        "rent": social * (5.7 - 0.25 * poor + 0.03 * (year - RPLS_YEAR) + rng.uniform(-0.2, 0.2, len(homes))),
    })  # fmt: skip


def logt_table(model: Model, *, level: str) -> pd.DataFrame:
    """Build the table of housing as published; the census and RPLS are of different years within it.

    Parameters
    ----------
    model
        What :func:`~diagnostic.demo.thematic.draw_model` gave.
    level
        ``"qpv"``, ``"commune"`` or ``"epci"``.

    Examples
    --------
    >>> from diagnostic.demo.thematic import draw_model
    >>> tuple(logt_table(draw_model(1), level="commune")) == LOGT_COLUMNS
    True
    """
    counts = population.add_up(model.units, _dwellings(model, year=HOUSING_EDITION), level=level)
    table = _stock(counts).join(rates(counts, _HOME_RATES))
    secrecy.hide_dwellings(table)
    secrecy.mark_secret(table)
    published = publish(table, ("CODGEO", "LIBGEO", *LOGT_COLUMNS[2:]), level)
    return published.rename(columns={"CODGEO": "codGeo", "LIBGEO": "libGeo"})


def rpls_table(model: Model) -> pd.DataFrame:
    """Build the table of the dwellings of social landlords by quarter, with its note of release.

    Parameters
    ----------
    model
        What :func:`~diagnostic.demo.thematic.draw_model` gave.

    Examples
    --------
    >>> from diagnostic.demo.thematic import draw_model
    >>> table = rpls_table(draw_model(1))
    >>> len(table), tuple(table) == RPLS_COLUMNS
    (16, True)
    """
    counts = population.add_up(model.units, _dwellings(model, year=RPLS_YEAR), level="qpv")
    table = _stock(counts)
    table["nbLsMes"] = counts["new"].astype(float).mask(counts["new"] < secrecy.LEAST_COUNT)
    for name, scale in (("q1Loy", 0.92), ("medLoy", 0.985), ("q3Loy", 1.07)):
        table[name] = (table["moyLoy"] * scale).round(2)
    secrecy.hide_dwellings(table)
    table["Note"] = table["nbLsPls"].isna().map({True: 3, False: 0})
    return table.rename_axis("CodGeo").reset_index()[list(RPLS_COLUMNS)]


def rpls_decimals(column: str) -> int:
    """Give the number of decimals of a column of the table of social landlords.

    Examples
    --------
    >>> rpls_decimals("txVac"), rpls_decimals("medLoy"), rpls_decimals("nbLsPls")
    (1, 2, 0)
    """
    return 2 if column.endswith("Loy") else int(column.startswith("tx"))


def _stock(counts: pd.DataFrame) -> pd.DataFrame:
    """Give the figures of the social dwellings that both tables publish."""
    table = rates(counts, _STOCK_RATES)
    table["nbLsPls"] = counts["social"].astype(float)
    table["moyLoy"] = (counts["rent"] / counts["social"]).round(2)
    return table
