"""What the producers do not publish: cells emptied in place, with the companion ``NOTE_*`` column.

No count below five is published, and no emptied cell can be found again by subtracting its neighbours from a
published total. Some rates are not released although their note is nought: the producer does not say why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from diagnostic.demo.places import COMMUNES
from diagnostic.demo.population import DURATIONS, EDUCATION

if TYPE_CHECKING:
    import pandas as pd

LEAST_COUNT = 5
LEAST_REGISTER = 60
"""Job seekers under which the whole row of the register is hidden."""

NOT_RELEASED_FOREIGN = ("QP099001", "QP099004", "QP099012")
SMALL_FOREIGN = ("QP099009", "QP099013")
SMALL_HOUSEHOLDS = ("QP099007", "QP099009", "QP099013", "QP099015")
HIDDEN_FUNDS = ("QP099008",)
HIDDEN_INCOMES = ("QP099006",)
CAUTIOUS_INCOMES = ("QP099014",)
HIDDEN_REGISTER = ("QP099015",)
HIDDEN_STOCK = ("QP099009",)
"""Fictional quarters whose rows the producers hide, by reason."""

MEDIAN_ONLY = ("99009",)
"""The commune so small that nothing but the median of its incomes is published."""

LEAST_STOCK = 50
"""Social dwellings under which nothing is published of them."""

_MARK = "s"
_STOCK = ("nbLs", "txLs", "txVac", "txRot", "moyLoy", "q1Loy", "medLoy", "q3Loy")
_HIDDEN, _SMALL_BASE, _CAUTION = 3, 5, 1
_EPCI_OF = {commune.code: commune.epci for commune in COMMUNES}
_FUNDS_TEXT = (
    "A PERCOU AM AI ACSSENF ACAVENF AC3ENF A_NETUD_24 A_ETUD ENF ENF_2 ENF_3_5 ENF_6_10 ENF_11_14 ENF_15_17"
    " ENF_18_24"
)
_FUNDS_DEMOGRAPHY = _FUNDS_TEXT.split()
_FAMILIES = ("AM", "AI", "ACSSENF", "ACAVENF")
_CHILDREN = ("ENF_2", "ENF_3_5", "ENF_6_10", "ENF_11_14", "ENF_15_17", "ENF_18_24")
_FUNDS_INCOMES = ["A", "APPA", "ARSAS", "AAAH"]
_INCOME_PREFIXES = ("PMIMP", "DECUC_", "BREV", "DISP_", "TP60", "PACT", "PPEN", "PPSOC", "PIMPOT", "PPAT")
_INSURANCE = ["C", "CC2S", "C_C2SNP", "C_C2SP"]


def hide_demography(table: pd.DataFrame) -> None:
    """Empty the cells of the table of demography that are not published, and write its notes.

    Parameters
    ----------
    table
        Indexed by code; changed in place.

    Examples
    --------
    >>> import pandas as pd
    >>> row = {name: 40.0 for name in [*_FUNDS_DEMOGRAPHY, "TX_TOT_MEN6", "TX_TOT_ET", "TX_F_ET"]}
    >>> table = pd.DataFrame([row], index=["QP099008"])
    >>> hide_demography(table)
    >>> table[["A", "NOTE_CNAF", "TX_TOT_ET", "NOTE_RP"]].to_dict("records")
    [{'A': nan, 'NOTE_CNAF': 3, 'TX_TOT_ET': 40.0, 'NOTE_RP': 0}]
    """
    _blank(table, SMALL_HOUSEHOLDS, ["TX_TOT_MEN6"])
    _blank(table, NOT_RELEASED_FOREIGN, ["TX_TOT_ET", "TX_F_ET"])
    table["NOTE_RP"] = 0
    _hide_funds(table, _FUNDS_DEMOGRAPHY)


def hide_incomes(table: pd.DataFrame) -> None:
    """Empty the cells of the table of incomes that are not published, and write its notes.

    Parameters
    ----------
    table
        Indexed by code; changed in place.
    """
    incomes = [name for name in map(str, table) if name.startswith(_INCOME_PREFIXES)]
    table["NOTE_FILO"] = income_notes(table)
    _blank(table, HIDDEN_INCOMES, incomes)
    _blank(table, CAUTIOUS_INCOMES, ["PMIMP", "TP60"])
    _blank(table, MEDIAN_ONLY, [name for name in incomes if name != "DISP_Q2"])
    table["NOTE_CNAM"] = 0
    _hide_funds(table, _FUNDS_INCOMES)
    insurance = list(table.columns.intersection(_INSURANCE))
    table[insurance] = table[insurance].where(table[insurance] >= LEAST_COUNT)


def income_notes(table: pd.DataFrame) -> np.ndarray:
    """Give the note of the incomes of each row: published, published with caution, or hidden."""
    return np.select(
        [table.index.isin(HIDDEN_INCOMES), table.index.isin(CAUTIOUS_INCOMES)], [_HIDDEN, _CAUTION], 0
    )


def hide_schooling(table: pd.DataFrame) -> None:
    """Mark the small counts of late pupils as secret.

    Parameters
    ----------
    table
        Indexed by code; changed in place.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"EFF_E6": [9.0, 40.0], "RET_E6": [1.0, 6.0]}, index=["QP099009", "QP099001"])
    >>> hide_schooling(table)
    >>> table["RET_E6"].tolist()
    ['s', 6.0]
    """
    for name in [column for column in map(str, table) if column.startswith(("EFF_", "RET_"))]:
        table[name] = table[name].where(table[name] >= LEAST_COUNT)
        _hide_second_commune(table, [name])
    mark_secret(table)


def hide_dwellings(table: pd.DataFrame) -> None:
    """Empty the rows of the places whose social dwellings belong to one landlord or are few.

    Parameters
    ----------
    table
        ``nbLsPls`` and what is said of these dwellings, indexed by code; changed in place.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"nbLsPls": [40.0, 900.0], "txVac": [2.0, 3.1]}, index=["99009", "QP099001"])
    >>> hide_dwellings(table)
    >>> table["txVac"].isna().tolist()
    [True, False]
    """
    names = [name for name in map(str, table) if name.startswith(_STOCK)]
    hidden = (table["nbLsPls"] < LEAST_STOCK) | table.index.isin(HIDDEN_STOCK)
    table.loc[hidden, names] = np.nan
    _hide_second_commune(table, names)


def mark_secret(table: pd.DataFrame) -> None:
    """Write ``s`` in the cells that are not published, where no column of notes says why.

    Parameters
    ----------
    table
        Changed in place.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"A": [1.0, None]})
    >>> mark_secret(table)
    >>> table["A"].tolist()
    [1.0, 's']
    """
    for name in map(str, table):
        if table[name].isna().any():
            table[name] = table[name].astype(object).where(table[name].notna(), _MARK)


def hide_employment(table: pd.DataFrame, *, former: pd.DataFrame | None) -> None:
    """Empty the cells of the table of employment that are not published, and write its notes.

    Parameters
    ----------
    table
        Indexed by code; changed in place.
    former
        Counts of the edition before, when it is known: a change from a hidden number is hidden.
    """
    before = table if former is None else former
    _blank(table, SMALL_FOREIGN, ["TX_ET_EMPL", "TX_ET_EDLIM"])
    few = table["CA"] < LEAST_COUNT
    table["CA"] = table["CA"].mask(few)
    _hide_second_commune(table, ["CA"])
    few = table["CA"].isna()
    few_before = few | (before["CA"] < LEAST_COUNT)
    table["NOTE_ASP"] = np.where(few, _HIDDEN, 0)
    table["NOTE_ASP_E"] = np.where(few_before, _HIDDEN, 0)
    table["EVOL_CA_N_E "] = table["EVOL_CA_N_E "].mask(few_before)
    small_before = before["ABC"] < LEAST_REGISTER
    _hide_register(table)
    changes = [name for name in map(str, table) if name.startswith(("EVOL_A_", "EVOL_ABC_"))]
    hidden = small_before | (table["NOTE_PE"] > 0)
    table["NOTE_PE_T"] = np.where(hidden, np.maximum(table["NOTE_PE"], _HIDDEN), 0)
    table.loc[hidden, changes] = np.nan


def _hide_register(table: pd.DataFrame) -> None:
    """Hide small rows of the register whole, then small cells with what would give them away."""
    register = [name for name in map(str, table) if name.startswith(("ABC", "A_")) or name == "A"]
    table[register] = table[register].astype(float)
    totals = [f"ABC_{name}" for name in (*EDUCATION, *DURATIONS, "50", "RSA", "F", "H")]
    small = (table["ABC"] < LEAST_REGISTER) | (table[[*totals, "A_F", "A_H"]].min(axis=1) < LEAST_COUNT)
    named = table.index.isin(HIDDEN_REGISTER)
    table["NOTE_PE"] = np.where(named, _HIDDEN, np.where(small, _SMALL_BASE, 0))
    table.loc[small | named, register] = np.nan
    for names in (("FR", "E"), ("RSA_F", "RSA_H"), ("25", "2649", "50")):
        _hide_parts(table, [[f"ABC_{name}"] for name in names])
    _hide_second_commune(table, ["ABC_FR", "ABC_E"])
    for family in (EDUCATION, DURATIONS):
        _hide_parts(table, [[f"ABC_{name}_F", f"ABC_{name}_H"] for name in family])


def _hide_parts(table: pd.DataFrame, parts: list[list[str]]) -> None:
    """Empty the small parts of a published sum, and a second one lest the first be found by subtraction.

    A part is one column, or the two sexes of one category, whose sum is published too.
    """
    lowest = np.column_stack([table[names].min(axis=1).to_numpy(dtype=float) for names in parts])
    hidden = lowest < LEAST_COUNT
    alone = hidden.sum(axis=1) == 1
    hidden[alone, np.argsort(lowest, axis=1, kind="stable")[alone, 1]] = True
    for names, rows in zip(parts, hidden.T, strict=True):
        table.loc[rows, names] = np.nan


def _hide_funds(table: pd.DataFrame, names: list[str]) -> None:
    """Hide whole rows of the family allowances fund, then small cells."""
    table[names] = table[names].astype(float)
    _blank(table, HIDDEN_FUNDS, names)
    table["NOTE_CNAF"] = np.where(table.index.isin(HIDDEN_FUNDS), _HIDDEN, 0)
    for family in (_FAMILIES, _CHILDREN):
        if set(family) <= set(names):
            _hide_parts(table, [[name] for name in family])
    table[names] = table[names].where(table[names] >= LEAST_COUNT)
    for name in {"A_ETUD", "A_NETUD_24"} & set(names):
        _hide_second_commune(table, [name])


def _hide_second_commune(table: pd.DataFrame, names: list[str]) -> None:
    """Empty cells of a second commune where one alone would be found from the total of its intercommunality."""
    hidden = table[names].isna().any(axis=1)
    for codes in table.groupby(table.index.map(_EPCI_OF)).groups.values():
        if 1 == hidden[codes].sum() < len(codes):
            table.loc[table.loc[codes, names[-1]].idxmin(), names] = np.nan


def _blank(table: pd.DataFrame, codes: tuple[str, ...], names: list[str]) -> None:
    """Empty cells of the given rows and columns."""
    table.loc[table.index.isin(codes), names] = np.nan
