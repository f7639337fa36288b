"""The small model behind the tables: one list of inhabitants, of which every figure is a sum or a ratio.

A *unit* is the part of a quarter that lies in one commune, or what remains of a commune around its quarters.
Everything is drawn by unit; quarters, communes and intercommunalities are sums of units, so that identities hold
at every level.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from diagnostic.demo.places import COMMUNES, EPCI_LABELS, QUARTERS, Commune, Quarter

if TYPE_CHECKING:
    from collections.abc import Iterable

LATEST = 2022
DURATIONS = ("DUR1", "DUR2", "DUR3", "DUR4")
EDUCATION = ("INFCAPBEP", "CAPBEP", "BAC", "SUPBAC")
_DURATION_SHARES = (0.36, 0.165, 0.18, 0.295)
_EDUCATION_SHARES = ((0.22, 0.34, 0.24, 0.20), (0.27, 0.40, 0.18, 0.15))
_AGE_SHARES = (0.15, 0.59, 0.26)
_FAMILY_SHARES = (0.47, 0.17, 0.08, 0.28)
_CHILD_AGES = ("ENF_2", "ENF_3_5", "ENF_6_10", "ENF_11_14", "ENF_15_17", "ENF_18_24")
_CHILD_SHARES = (0.15, 0.15, 0.255, 0.195, 0.14, 0.11)


@dataclass(frozen=True, slots=True)
class Unit:
    """The inhabitants of one quarter, or of no quarter, in one commune."""

    commune: Commune
    quarter: Quarter | None
    population: int


def list_units(rng: np.random.Generator) -> list[Unit]:
    """Draw the inhabitants of each unit around the populations of :mod:`~diagnostic.demo.places`.

    Parameters
    ----------
    rng
        Source of every random number.

    Examples
    --------
    >>> units = list_units(np.random.default_rng(1))
    >>> len(units), sum(unit.quarter is None for unit in units)
    (26, 9)
    """
    by_code = {commune.code: commune for commune in COMMUNES}
    inside = [
        Unit(by_code[code], _jitter(quarter, rng), round(people * (1 + rng.uniform(-0.03, 0.03))))
        for quarter in QUARTERS
        for code, people in quarter.parts
    ]
    taken = pd.Series([unit.population for unit in inside]).groupby([unit.commune.code for unit in inside]).sum()
    around = [Unit(commune, None, commune.population - int(taken.get(commune.code, 0))) for commune in COMMUNES]
    return inside + around


def _jitter(quarter: Quarter, rng: np.random.Generator) -> Quarter:
    """Move a profile a little, without touching its story."""
    return replace(
        quarter,
        foreign=quarter.foreign * (1 + rng.uniform(-0.04, 0.04)),
        employment=quarter.employment + rng.uniform(-0.6, 0.6),
        young=quarter.young + rng.uniform(-0.6, 0.6),
    )


def _profile(units: list[Unit], edition: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Give shares and rates by unit, as fractions."""
    rows = [
        (q.foreign, q.employment, q.women_gap, q.foreign_gap, q.young)
        if (q := unit.quarter) is not None
        else (3.5 if unit.population > 10_000 else 1.8, 62.0, -6.5, -9.0, 29.0)  # noqa: PLR2004 - a town
        for unit in units
    ]
    foreign, employment, women_gap, foreign_gap, young = np.array(rows).T / 100
    years = edition - LATEST
    size = len(units)
    return {
        "foreign": foreign * (1 + 0.015 * years),
        "employment": employment + 0.006 * years + rng.uniform(-0.004, 0.004, size),
        "women_gap": women_gap,
        "foreign_gap": foreign_gap,
        "young": young - 0.002 * years + rng.uniform(-0.003, 0.003, size),
        "poor": np.array([unit.quarter is not None for unit in units], dtype=float),
    }


def census_counts(units: list[Unit], *, edition: int, rng: np.random.Generator) -> pd.DataFrame:
    """Count inhabitants, households and jobs by unit, as the census would estimate them.

    Employment rates of women and foreigners are placed around the rate of all so that the weighted mean of a
    group and its complement is the rate of all.

    Parameters
    ----------
    units
        What :func:`list_units` gave.
    edition
        Year of the edition.
    rng
        Source of every random number.

    Returns
    -------
    pandas.DataFrame
        One row a unit, one column a count of persons, households or jobs (not rounded).

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> counts = census_counts(list_units(rng), edition=2022, rng=rng)
    >>> bool((counts["women"] < counts["people"]).all())
    True
    """
    people = np.array([unit.population for unit in units], dtype=float)
    profile = _profile(units, edition, rng)
    size, poor = len(units), profile["poor"]
    women_share = 0.525 + rng.uniform(-0.012, 0.012, size)
    women, foreign = people * women_share, people * profile["foreign"]
    old_share = 0.30 - 0.13 * poor + rng.uniform(-0.015, 0.015, size)
    young = people * profile["young"]
    rate = profile["employment"]
    women_rate = rate + (1 - women_share) * profile["women_gap"]
    foreign_rate = rate + (1 - profile["foreign"]) * profile["foreign_gap"]
    fixed_term = 0.15 + 0.10 * poor + rng.uniform(-0.02, 0.02, size)
    households = people / (2.15 + 0.25 * poor)
    return pd.DataFrame(
        {
            "people": people,
            "women": women,
            "young": young,
            "young_women": women * (profile["young"] - 0.018),
            "old": people * old_share,
            "old_women": women * (old_share + 0.025),
            "under_20": 0.81 * young,
            "households": households,
            "alone": households * (0.36 + rng.uniform(-0.04, 0.04, size)),
            "large": households * (0.012 + 0.11 * poor * (profile["young"] - 0.18)),
            "foreign": foreign,
            "foreign_women": women * profile["foreign"] * rng.uniform(0.93, 1.02, size),
            "jobs": people * rate,
            "jobs_women": women * women_rate,
            "jobs_foreign": foreign * foreign_rate,
            "fixed": people * rate * fixed_term,
            "fixed_women": women * women_rate * (fixed_term + 0.012),
            "fixed_foreign": foreign * foreign_rate * (fixed_term + 0.045),
        }
    )


def job_seekers(units: list[Unit], *, edition: int, rng: np.random.Generator) -> pd.DataFrame:
    """Count the job seekers by unit, in the columns and categories of the register.

    Parameters
    ----------
    units
        What :func:`list_units` gave.
    edition
        Year of the edition.
    rng
        Source of every random number.

    Returns
    -------
    pandas.DataFrame
        One row a unit, whole numbers; sexes, ages, nationalities, levels of education and durations each add
        up to ``ABC``.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> seekers = job_seekers(list_units(rng), edition=2022, rng=rng)
    >>> bool((seekers["ABC_FR"] + seekers["ABC_E"] == seekers["ABC_F"] + seekers["ABC_H"]).all())
    True
    """
    people = np.array([unit.population for unit in units])
    profile = _profile(units, edition, rng)
    rate = (0.055 + 0.28 * np.maximum(0, 0.62 - profile["employment"]) + 0.035 * profile["poor"]) * (
        1 - 0.07 * (edition - LATEST)
    )
    total = np.round(people * rate).astype(int)
    women = rng.binomial(total, 0.485 - 0.15 * (profile["women_gap"] + 0.12))
    sexes = {"F": women, "H": total - women}
    counts: dict[str, np.ndarray] = {"CA": rng.binomial(total, 0.018 + 0.022 * (edition == LATEST))}
    for (sex, number), shares in zip(sexes.items(), _EDUCATION_SHARES, strict=True):
        counts[f"ABC_{sex}"] = number
        counts[f"A_{sex}"] = rng.binomial(number, 0.57)
        counts[f"ABC_RSA_{sex}"] = rng.binomial(number, 0.15 + 0.18 * profile["poor"])
        counts[f"ABCDE_{sex}"] = number + rng.binomial(number, 0.11)
        counts |= _split(f"ABC_{{}}_{sex}", number, dict(zip(EDUCATION, shares, strict=True)), rng)
        counts |= _split(f"ABC_{{}}_{sex}", number, dict(zip(DURATIONS, _DURATION_SHARES, strict=True)), rng)
    counts |= _split("ABC_{}", total, dict(zip(("25", "2649", "50"), _AGE_SHARES, strict=True)), rng)
    counts["ABC_E"] = rng.binomial(total, np.clip(1.25 * profile["foreign"], 0, 1))
    counts["ABC_FR"] = total - counts["ABC_E"]
    crossed = (f"ABC_{key}" for key in EDUCATION + DURATIONS)
    return both_sexes(pd.DataFrame(counts), ("ABC", "A", "ABC_RSA", "ABCDE", *crossed))


def both_sexes(counts: pd.DataFrame, names: Iterable[str]) -> pd.DataFrame:
    """Add a column for the women and the men of each name together.

    Examples
    --------
    >>> both_sexes(pd.DataFrame({"A_F": [2], "A_H": [3]}), ["A"])["A"].tolist()
    [5]
    """
    return counts.assign(**{name: counts[f"{name}_F"] + counts[f"{name}_H"] for name in names})


def benefit_recipients(units: list[Unit], *, edition: int, rng: np.random.Generator) -> pd.DataFrame:
    """Count the recipients of the family allowances fund and of the health insurance by unit.

    Parameters
    ----------
    units
        What :func:`list_units` gave.
    edition
        Year of the edition.
    rng
        Source of every random number.

    Returns
    -------
    pandas.DataFrame
        One row a unit, whole numbers; families add up to ``A``, ages of children to ``ENF``.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> funds = benefit_recipients(list_units(rng), edition=2022, rng=rng)
    >>> bool((funds[["AI", "AM", "ACSSENF", "ACAVENF"]].sum(axis=1) == funds["A"]).all())
    True
    """
    people = np.array([unit.population for unit in units])
    poor = np.array([unit.quarter is not None for unit in units], dtype=float)
    recipients = np.round(people * (0.145 + 0.175 * poor) * (1 + 0.012 * (edition - LATEST))).astype(int)
    families = ("AI", "AM", "ACSSENF", "ACAVENF")
    counts = {"A": recipients}
    counts |= _split("{}", recipients, dict(zip(families, _FAMILY_SHARES, strict=True)), rng)
    counts["AC3ENF"] = rng.binomial(counts["ACAVENF"], 0.28 + 0.14 * poor)
    counts["A_NETUD_24"] = rng.binomial(recipients, 0.06)
    counts["A_ETUD"] = rng.binomial(recipients, 0.012)
    children = np.round(1.8 * counts["AM"] + 2.2 * counts["ACAVENF"]).astype(int)
    counts["ENF"] = children
    counts |= _split("{}", children, dict(zip(_CHILD_AGES, _CHILD_SHARES, strict=True)), rng)
    others = rng.binomial(recipients, 0.02)
    counts["PERCOU"] = recipients + counts["ACSSENF"] + counts["ACAVENF"] + children + others
    counts["APPA"] = rng.binomial(recipients, 0.34)
    counts["ARSAS"] = rng.binomial(recipients, 0.14 + 0.13 * poor)
    counts["AAAH"] = rng.binomial(recipients, 0.11)
    counts["C"] = np.round(0.96 * people).astype(int)
    covered = rng.multinomial(
        counts["C"], np.column_stack((0.06 + 0.23 * poor, 0.03 + 0.025 * poor, 0.91 - 0.255 * poor))
    )
    counts["C_C2SNP"], counts["C_C2SP"] = covered[:, 0], covered[:, 1]
    counts["CC2S"] = covered[:, 0] + covered[:, 1]
    return pd.DataFrame(counts)


def _split(
    pattern: str, totals: np.ndarray, shares: dict[str, float], rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Share whole numbers between categories that add up to them."""
    drawn = rng.multinomial(totals, list(shares.values()))
    return {pattern.format(name): drawn[:, rank] for rank, name in enumerate(shares)}


def add_up(units: list[Unit], counts: pd.DataFrame, *, level: str) -> pd.DataFrame:
    """Add units up to the places of a level.

    Parameters
    ----------
    units
        What :func:`list_units` gave.
    counts
        One row a unit.
    level
        ``"qpv"``, ``"commune"`` or ``"epci"``.

    Returns
    -------
    pandas.DataFrame
        One row a place, indexed by its code, in the order of the codes.

    Examples
    --------
    >>> units = list_units(np.random.default_rng(1))
    >>> ones = pd.DataFrame({"units": [1] * len(units)})
    >>> add_up(units, ones, level="epci")["units"].to_dict()
    {'990000011': 15, '990000029': 11}
    """
    codes = [_code(unit, level) for unit in units]
    keep = [code is not None for code in codes]
    kept = pd.Index([code for code in codes if code is not None], name="CODGEO")
    return counts.loc[keep].groupby(kept).sum()


def _code(unit: Unit, level: str) -> str | None:
    """Say where a unit is counted."""
    if level == "qpv":
        return unit.quarter.code if unit.quarter is not None else None
    return unit.commune.code if level == "commune" else unit.commune.epci


def place_labels(level: str) -> dict[str, str]:
    """Name the places of a level, by code.

    Examples
    --------
    >>> place_labels("epci")["990000011"]
    'CA du Grand Valbrecques'
    """
    if level == "epci":
        return dict(EPCI_LABELS)
    places: tuple[Quarter | Commune, ...] = QUARTERS if level == "qpv" else COMMUNES
    return {place.code: place.label for place in places}
