"""The words of the census by Iris: the columns of Insee's ``base-ic`` files that serve the diagnostic.

Published names carry the year of the data after a letter, ``P`` for the main count (every form) and ``C`` for the
additional one (a sample of forms): ``P21_POP_IMM``, ``C21_FAMMONO``. A figure keeps the name of its letter out of
its variable: the two counts never publish the same concept in these files.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from diagnostic.ingestion.columns import Layout, declare
from diagnostic.ingestion.iris import CODE, LABELS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

BLOCK: Final = "census"
SEXES: Final = (("", "all"), ("H", "men"), ("F", "women"))
AGES: Final = {
    "0014": "0_14", "1529": "15_29", "3044": "30_44", "4559": "45_59", "6074": "60_74", "75P": "75_over",
    "0019": "0_19", "2064": "20_64", "65P": "65_over",
}  # fmt: skip
WORKING_AGES: Final = {"1564": "15_64", "1524": "15_24", "2554": "25_54", "5564": "55_64"}
DIPLOMAS: Final = {
    "": "out_of_school", "_DIPLMIN": "without_diploma", "_BEPC": "with_brevet", "_CAPBEP": "with_cap",
    "_BAC": "with_bac", "_SUP2": "with_two_years_of_university", "_SUP34": "with_three_years_of_university",
    "_SUP5": "with_five_years_of_university",
}  # fmt: skip
_NAME = re.compile(r"([PC])(\d\d)_(\w+)")


def year_of(name: str) -> str | None:
    """Give the year that the name of a column carries, nothing where it carries none.

    Examples
    --------
    >>> year_of("P21_POP_IMM"), year_of("LIBIRIS")
    ('2021', None)
    """
    found = _NAME.fullmatch(name.strip().upper())
    return f"20{found.group(2)}" if found else None


def without_year(name: str) -> str:
    """Take the year off the name of a column.

    Examples
    --------
    >>> without_year("P21_POP_IMM"), without_year("iris")
    ('P_POP_IMM', 'IRIS')
    """
    published = name.strip().upper()
    found = _NAME.fullmatch(published)
    return f"{found.group(1)}_{found.group(3)}" if found else published


def _residents() -> str:
    lines = [
        f"P_{sex or 'POP'}{band} residents_{age} {group}" for band, age in AGES.items() for sex, group in SEXES
    ]
    return "\n".join(lines)


def _diplomas() -> str:
    lines = [f"P_{sex}NSCOL15P{level} {name} {group}" for level, name in DIPLOMAS.items() for sex, group in SEXES]
    return "\n".join(lines)


def _activity() -> str:
    kinds = (("", "residents"), ("ACT", "active"), ("ACTOCC", "employed"))
    lines = [
        f"P_{sex}{kind}{band} {name}_{age} {group}" if kind or sex else f"P_POP{band} {name}_{age} {group}"
        for kind, name in kinds
        for band, age in WORKING_AGES.items()
        for sex, group in SEXES
    ]
    lines += [f"P_CHOM{band} unemployed_{age}" for band, age in WORKING_AGES.items()]
    more = {
        "INACT1564": "inactive_15_64", "ETUD1564": "students_15_64", "AINACT1564": "other_inactive_15_64",
        "ACTOCC15P": "employed_15_over", "SAL15P": "employees_15_over", "SAL15P_TP": "part_time_employees_15_over",
    }  # fmt: skip
    lines += [f"P_{sex}{name} {variable} {group}" for name, variable in more.items() for sex, group in SEXES]
    return "\n".join(lines)


POPULATION: Final = declare(
    f"""
    P_POP       residents
    P_POPH      residents                      men
    P_POPF      residents                      women
    P_POP_FR    residents                      french
    P_POP_ETR   residents                      foreign
    P_POP_IMM   residents                      immigrant
    P_PMEN      residents_in_households
    P_PHORMEN   residents_outside_households
    P_POP0002   residents_0_2
    P_POP0305   residents_3_5
    P_POP0610   residents_6_10
    P_POP1117   residents_11_17
    P_POP1824   residents_18_24
    {_residents()}
    """,
    block=BLOCK, unit="persons",
)  # fmt: skip
EDUCATION: Final = declare(
    f"""
    P_POP1517   residents_15_17
    P_SCOL1517  pupils_15_17
    P_SCOL1824  pupils_18_24
    {_diplomas()}
    """,
    block=BLOCK, unit="persons",
)  # fmt: skip
ACTIVITY: Final = declare(
    f"""
    {_activity()}
    P_HCHOM1564      unemployed_15_64              men
    P_FCHOM1564      unemployed_15_64              women
    P_SAL15P_CDI     permanent_employees_15_over
    P_SAL15P_CDD     fixed_term_employees_15_over
    P_SAL15P_INTERIM agency_employees_15_over
    P_SAL15P_EMPAID  subsidised_employees_15_over
    P_SAL15P_APPR    apprentices_15_over
    """,
    block=BLOCK, unit="persons",
)  # fmt: skip
# Overcrowding: until 2021 a share of dwellings but studios of one person; since 2022 classes of all dwellings.
HOUSING: Final = declare(
    """
    P_LOG                 dwellings
    P_RP                  main_residences
    P_LOGVAC              vacant_dwellings
    P_RP_PROP             owner_occupied_residences
    P_RP_LOC              rented_residences
    P_RP_LOCHLMV          social_rented_residences
    P_RP_GRAT             rent_free_residences
    P_RP_VOIT1P           residences_with_car
    P_RP_VOIT2P           residences_with_two_cars
    P_NPER_RP             residents_of_main_residences        all  persons
    P_NPER_RP_LOCHLMV     residents_of_social_residences      all  persons
    P_MEN_ANEM0002        recently_moved_households           all  households
    C_RP_HSTU1P           residences_but_one_person_studios
    C_RP_HSTU1P_SUROCC    overcrowded_residences_but_one_person_studios
    C_RP_NORME            normally_occupied_residences
    C_RP_SOUSOCC_MOD      moderately_underoccupied_residences
    C_RP_SOUSOCC_ACC      underoccupied_residences
    C_RP_SOUSOCC_TACC     highly_underoccupied_residences
    C_RP_SUROCC_MOD       moderately_overcrowded_residences
    C_RP_SUROCC_ACC       severely_overcrowded_residences
    """,
    block=BLOCK, unit="dwellings",
)  # fmt: skip
FAMILIES: Final = declare(
    """
    C_MEN          households
    C_MENPSEUL     one_person_households
    C_MENHSEUL     one_person_households              men
    C_MENFSEUL     one_person_households              women
    C_MENFAM       family_households
    C_MENFAMMONO   single_parent_households
    C_FAM          families                           all    families
    C_COUPAENF     couples_with_children              all    families
    C_COUPSENF     couples_without_children           all    families
    C_FAMMONO      single_parent_families             all    families
    C_HMONO        single_parent_families             men    families
    C_FMONO        single_parent_families             women  families
    C_NE24F4P      families_with_four_children_under_25  all  families
    """,
    block=BLOCK, unit="households",
)  # fmt: skip
LAYOUT: Final = Layout(
    {**POPULATION, **EDUCATION, **ACTIVITY, **HOUSING, **FAMILIES}, code=CODE, labels=LABELS, base=without_year
)


class File(NamedTuple):
    """One of the five files: what is read in it, and columns that it holds in every edition."""

    columns: Collection[str]
    signs: Sequence[str]


# By the names that Insee gives them. A band of ages that two files publish is read in one.
FILES: Final = {
    "base-ic-evol-struct-pop": File(
        POPULATION, ("P_POP", "P_POPH", "P_POPF", "P_POP_FR", "P_POP_ETR", "P_POP_IMM")
    ),
    "base-ic-diplomes-formation": File(
        EDUCATION, ("P_NSCOL15P", "P_HNSCOL15P", "P_FNSCOL15P", "P_NSCOL15P_DIPLMIN")
    ),
    "base-ic-activite-residents": File(ACTIVITY, ("P_POP1564", "P_ACT1564", "P_ACTOCC1564", "P_CHOM1564")),
    "base-ic-logement": File(HOUSING, ("P_LOG", "P_RP", "P_RP_PROP", "P_RP_LOC", "P_RP_LOCHLMV")),
    "base-ic-couples-familles-menages": File(FAMILIES, ("C_MEN", "C_FAM", "C_FAMMONO")),
}


def file_of(columns: Iterable[str]) -> str:
    """Name the file whose columns these are.

    Parameters
    ----------
    columns
        Names of a row of titles.

    Examples
    --------
    >>> file_of(["IRIS", "COM", "P21_LOG", "P21_RP"])
    'base-ic-logement'
    """
    there = {without_year(name) for name in columns}
    shares = {name: len(there & set(file.signs)) / len(file.signs) for name, file in FILES.items()}
    return max(shares, key=lambda name: shares[name])
