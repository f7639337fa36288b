"""The thematic tables DEMO, IPRO and REVN: the columns of the real editions, filled by the model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from diagnostic.demo import population, secrecy
from diagnostic.demo.incomes import declared, income_table
from diagnostic.demo.places import QUARTERS, commune_list

if TYPE_CHECKING:
    from collections.abc import Iterable

EDITIONS = (2021, 2022)
INCOME_LAG = 4
"""Years between an edition and the incomes it publishes."""

_DEMO_TEXT = (
    "CODGEO LIBGEO POP_MUN POP_COM_QP POP_COM LIB_COM TX_F TX_TOT_0A24 TX_F_0A24 TX_TOT_60ETPLUS TX_F_60ETPLUS"
    " IND_JEUNE TX_TOT_MEN1 TX_TOT_MEN6 TX_TOT_ET TX_F_ET NOTE_RP A PERCOU AM AI ACSSENF ACAVENF AC3ENF"
    " A_NETUD_24 A_ETUD ENF ENF_2 ENF_3_5 ENF_6_10 ENF_11_14 ENF_15_17 ENF_18_24 NOTE_CNAF"
)
DEMO_COLUMNS = tuple(_DEMO_TEXT.split())
_SEX = ("", "_F", "_H")
_SEEKERS = [f"{name}{sex}" for name in ("ABCDE", "ABC", "ABC_RSA", "A") for sex in _SEX]
_CROSSED = [
    f"ABC_{name}{sex}"
    for family in (population.EDUCATION, population.DURATIONS)
    for sex in _SEX
    for name in family
]
_CHANGING = [f"{name}{sex}" for name in ("ABC", "A") for sex in _SEX]
_CHANGES = [f"EVOL_{name}_T4" for name in _CHANGING]
IPRO_COLUMNS = (
    *("CODGEO", "LIBGEO"),
    *(f"TX_{group}_{name}" for name in ("EMPL", "EDLIM") for group in ("TOT", "F", "ET")),
    # The trailing blank is in the published header.
    *("CA", "NOTE_ASP", "EVOL_CA_N_E ", "NOTE_ASP_E"),
    *_SEEKERS,
    *("ABC_25", "ABC_2649", "ABC_50", "ABC_FR", "ABC_E"),
    *_CROSSED,
    "NOTE_PE",
    *_CHANGES,
    "NOTE_PE_T",
)
_INCOMES = (
    "CODGEO LIBGEO PMIMP DECUC_Q2 DECUC_Q1 DECUC_Q3 BREV DECUC_D1 DECUC_D9 DECUC_D1D9 DISP_Q2 DISP_Q1 DISP_Q3 TP60"
    " DISP_D1 DISP_D9 DISP_D1D9 PACT PPEN PPSOC PIMPOT PPAT NOTE_FILO C"
)
_FUNDS = "NOTE_CNAM A APPA ARSAS AAAH NOTE_CNAF"
REVN_COLUMNS = {
    2021: tuple(f"{_INCOMES} CC2S {_FUNDS}".split()),
    2022: tuple(f"{_INCOMES} C_C2SNP C_C2SP {_FUNDS}".split()),
}
_NAMED_BY_QUARTER = ("POP_COM_QP", "POP_COM", "LIB_COM")

_DEMO_RATES = {
    "TX_F": ("women", "people"),
    "TX_TOT_0A24": ("young", "people"),
    "TX_F_0A24": ("young_women", "women"),
    "TX_TOT_60ETPLUS": ("old", "people"),
    "TX_F_60ETPLUS": ("old_women", "women"),
    "TX_TOT_MEN1": ("alone", "households"),
    "TX_TOT_MEN6": ("large", "households"),
    "TX_TOT_ET": ("foreign", "people"),
    "TX_F_ET": ("foreign_women", "women"),
}
_IPRO_RATES = {
    "TX_TOT_EMPL": ("jobs", "people"),
    "TX_F_EMPL": ("jobs_women", "women"),
    "TX_ET_EMPL": ("jobs_foreign", "foreign"),
    "TX_TOT_EDLIM": ("fixed", "jobs"),
    "TX_F_EDLIM": ("fixed_women", "jobs_women"),
    "TX_ET_EDLIM": ("fixed_foreign", "jobs_foreign"),
}


@dataclass(frozen=True, slots=True)
class Model:
    """Every count by unit, for both editions.

    Parameters
    ----------
    seed
        Seed of the territory.
    units
        What :func:`~diagnostic.demo.population.list_units` gave.
    census, seekers, funds
        Counts by unit, by edition.
    """

    seed: int
    units: list[population.Unit]
    census: dict[int, pd.DataFrame]
    seekers: dict[int, pd.DataFrame]
    funds: dict[int, pd.DataFrame]


def draw_model(seed: int) -> Model:
    """Draw every inhabitant, household and job seeker of the territory.

    Parameters
    ----------
    seed
        Seed of the territory.

    Examples
    --------
    >>> sorted(draw_model(1).census)
    [2021, 2022]
    """
    rng = np.random.default_rng([seed, 1])
    units = population.list_units(rng)
    return Model(
        seed,
        units,
        {year: population.census_counts(units, edition=year, rng=rng) for year in EDITIONS},
        {year: population.job_seekers(units, edition=year, rng=rng) for year in EDITIONS},
        {year: population.benefit_recipients(units, edition=year, rng=rng) for year in EDITIONS},
    )


def demo_table(model: Model, *, edition: int, level: str) -> pd.DataFrame:
    """Build the table of demography as published: rates rounded, secret cells empty.

    Parameters
    ----------
    model
        What :func:`draw_model` gave.
    edition
        2021 or 2022.
    level
        ``"qpv"``, ``"commune"`` or ``"epci"``; the columns that describe a quarter's communes exist only for
        ``"qpv"``.

    Examples
    --------
    >>> table = demo_table(draw_model(1), edition=2022, level="qpv")
    >>> len(table), tuple(table) == DEMO_COLUMNS
    (16, True)
    """
    counts = population.add_up(model.units, model.census[edition], level=level)
    table = rates(counts, _DEMO_RATES)
    table["POP_MUN"] = counts["people"]
    table["IND_JEUNE"] = (counts["under_20"] / counts["old"]).round(1)
    table = table.join(population.add_up(model.units, model.funds[edition], level=level))
    if level == "qpv":
        table = table.join(_communes_of_quarters(model))
    secrecy.hide_demography(table)
    return publish(table, DEMO_COLUMNS, level)


def ipro_table(model: Model, *, edition: int, level: str) -> pd.DataFrame:
    """Build the table of employment and job seekers as published.

    Parameters
    ----------
    model
        What :func:`draw_model` gave.
    edition
        2021 or 2022.
    level
        ``"qpv"``, ``"commune"`` or ``"epci"``.

    Examples
    --------
    >>> tuple(ipro_table(draw_model(1), edition=2021, level="qpv")) == IPRO_COLUMNS
    True
    """
    table = rates(population.add_up(model.units, model.census[edition], level=level), _IPRO_RATES)
    seekers = {year: population.add_up(model.units, model.seekers[year], level=level) for year in EDITIONS}
    table = table.join(seekers[edition])
    former = seekers.get(edition - 1)
    before = _earlier(table, seed=model.seed) if former is None else former
    for name in ("CA", *_CHANGING):
        change = (100 * (table[name] / before[name].where(before[name] > 0) - 1)).round(1)
        table["EVOL_CA_N_E " if name == "CA" else f"EVOL_{name}_T4"] = change
    secrecy.hide_employment(table, former=former)
    return publish(table, IPRO_COLUMNS, level)


def revn_table(model: Model, *, edition: int, level: str) -> pd.DataFrame:
    """Build the table of incomes and benefits as published; incomes are four years older than the edition.

    Parameters
    ----------
    model
        What :func:`draw_model` gave.
    edition
        2021 or 2022.
    level
        ``"qpv"``, ``"commune"`` or ``"epci"``.

    Examples
    --------
    >>> tuple(revn_table(draw_model(1), edition=2022, level="qpv")) == REVN_COLUMNS[2022]
    True
    """
    funds = population.add_up(model.units, model.funds[edition], level=level)
    incomes = income_table(list(funds.index), year=edition - INCOME_LAG, seed=model.seed)
    renamed = {"MED": "DISP_Q2", "RD": "DISP_D1D9"} | {name: f"DISP_{name}" for name in ("Q1", "Q3", "D1", "D9")}
    table = declared(incomes).join(incomes.rename(columns=renamed)).join(funds)
    secrecy.hide_incomes(table)
    return publish(table, REVN_COLUMNS[edition], level)


def _earlier(table: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    """Invent the counts of the year before the first edition, in slight decline."""
    rng = np.random.default_rng([seed, 2, len(table)])
    before = pd.DataFrame(
        {
            name: table[name] / rng.uniform(0.96, 1.07, len(table))
            for name in ("CA", "A_F", "A_H", "ABC_F", "ABC_H")
        }
    )
    return population.both_sexes(before, ("A", "ABC"))


def rates(counts: pd.DataFrame, ratios: dict[str, tuple[str, str]]) -> pd.DataFrame:
    """Give percentages with one decimal.

    Parameters
    ----------
    counts
        One row a place.
    ratios
        By published name, the columns of ``counts`` above and below the line.

    Examples
    --------
    >>> rates(pd.DataFrame({"jobs": [1], "people": [3]}), {"TX": ("jobs", "people")})["TX"].tolist()
    [33.3]
    """
    return pd.DataFrame(
        {name: (100 * counts[top] / counts[base]).round(1) for name, (top, base) in ratios.items()}
    )


def _communes_of_quarters(model: Model) -> pd.DataFrame:
    """Count the inhabitants of the communes of each quarter, and those of their quarters."""
    frame = pd.DataFrame(
        [(unit.commune.code, unit.population, unit.quarter is not None) for unit in model.units],
        columns=["commune", "people", "inside"],
    )
    whole = frame.groupby("commune")["people"].sum()
    inside = frame[frame["inside"]].groupby("commune")["people"].sum()
    codes = {quarter.code: [code for code, _ in quarter.parts] for quarter in QUARTERS}
    return pd.DataFrame(
        {
            "POP_COM_QP": {code: inside[communes].sum() for code, communes in codes.items()},
            "POP_COM": {code: whole[communes].sum() for code, communes in codes.items()},
            "LIB_COM": {quarter.code: commune_list(quarter) for quarter in QUARTERS},
        }
    )


def publish(table: pd.DataFrame, columns: Iterable[str], level: str) -> pd.DataFrame:
    """Put the published columns in the published order.

    Parameters
    ----------
    table
        Indexed by code; changed in place.
    columns
        Published names, ``CODGEO`` and ``LIBGEO`` first.
    level
        ``"qpv"``, ``"commune"`` or ``"epci"``.
    """
    table.insert(0, "LIBGEO", table.index.map(population.place_labels(level)))
    table.insert(0, "CODGEO", table.index)
    kept = [name for name in columns if level == "qpv" or name not in _NAMED_BY_QUARTER]
    return table[kept].reset_index(drop=True)
