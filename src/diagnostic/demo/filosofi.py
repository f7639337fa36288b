"""The Filosofi files of 2018 and 2019: source file of the quarters, and bases of communes, EPCI and above."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from diagnostic.demo import population, secrecy
from diagnostic.demo.delimited import BLANK, Layout
from diagnostic.demo.incomes import QUANTILES, income_table
from diagnostic.demo.places import DEPARTMENT_CODE, DEPARTMENT_LABEL

if TYPE_CHECKING:
    from diagnostic.demo.thematic import Model

YEARS = (2018, 2019)
_QUARTER_TEXT = (
    "Q1 MED Q3 EQ D1 D2 D3 D4 D6 D7 D8 D9 RD GINI S80S20 PACT PCHO PPEN PPAT PPSOC PPFAM PPMINI PPLOGT PIMPOT TP60"
    " NOTE"
)
_QUARTER_COLUMNS = _QUARTER_TEXT.split()
_SHARES_TEXT = "PACT PTSA PCHO PBEN PPEN PPAT PPSOC PPFAM PPMINI PPLOGT PIMPOT"
_QUARTER_DECIMALS = {"EQ": 2, "GINI": 3, "NOTE": 0, **dict.fromkeys(QUANTILES, 0)}
# Model name behind each published name; {} takes the two digits of the year.
_PLACE_COLUMNS = {
    **{f"Q{rank}{{}}": name for rank, name in ((1, "Q1"), (2, "MED"), (3, "Q3"))},
    "Q3_Q1": "Q3_Q1",
    **{f"D{rank}{{}}": f"D{rank}" for rank in (1, 2, 3, 4, 6, 7, 8, 9)},
    "RD": "RD",
    "S80S20{}": "S80S20",
    "GI{}": "GINI",
    **{f"{name}{{}}": name for name in _SHARES_TEXT.split()},
}
_LEVELS = {"COM": "commune", "EPCI": "epci"}
_DECILES = tuple(f"D{rank}" for rank in (1, 2, 3, 4, 6, 7, 8, 9))


def quarter_file(model: Model, *, year: int) -> bytes:
    """Write the source file of disposable incomes in the quarters.

    Parameters
    ----------
    model
        What :func:`~diagnostic.demo.thematic.draw_model` gave.
    year
        Data year, 2018 or 2019.

    Returns
    -------
    bytes
        Content of ``data_filoYY_qp_revdis.csv``.
    """
    table = income_table(list(population.place_labels("qpv")), year=year, seed=model.seed)
    table["NOTE"] = secrecy.income_notes(table)
    table.loc[table.index.isin(secrecy.HIDDEN_INCOMES), _QUARTER_COLUMNS[:-1]] = np.nan
    table.loc[table.index.isin(secrecy.CAUTIOUS_INCOMES), "TP60"] = np.nan
    published = table[_QUARTER_COLUMNS].reset_index()
    published.columns = pd.Index(["CODGEO", *(f"DISP_{name}_A{year % 100}" for name in _QUARTER_COLUMNS)])
    return Layout(thousands=BLANK).render(
        published, decimals=lambda name: _QUARTER_DECIMALS.get("_".join(name.split("_")[1:-1]), 1)
    )


def place_files(model: Model, *, year: int) -> dict[str, bytes]:
    """Write the bases of disposable incomes of communes, EPCI and department.

    Parameters
    ----------
    model
        What :func:`~diagnostic.demo.thematic.draw_model` gave.
    year
        Data year, 2018 or 2019.

    Returns
    -------
    dict of str to bytes
        Content by file name. There is no file of metropolitan France, for which nothing fictional may pass, and
        none of the regions: its one row would have the code of the department, and the layout of the two files
        is the same.
    """
    counts = model.census[max(model.census)]
    levels = {name: population.add_up(model.units, counts, level=level) for name, level in _LEVELS.items()}
    whole = levels["EPCI"].sum().to_frame().T
    levels["DEP"] = whole.set_axis([DEPARTMENT_CODE])
    labels = {"DEP": {DEPARTMENT_CODE: DEPARTMENT_LABEL}}
    labels |= {name: population.place_labels(level) for name, level in _LEVELS.items()}
    return {
        f"FILO{year}_DISP_{name}.csv": _place_file(people, labels[name], year=year, seed=model.seed)
        for name, people in levels.items()
    }


def _place_file(counts: pd.DataFrame, labels: dict[str, str], *, year: int, seed: int) -> bytes:
    """Write one base."""
    codes = [str(code) for code in counts.index]
    short = year % 100
    incomes = income_table(codes, year=year, seed=seed)
    incomes["Q3_Q1"] = incomes["Q3"] - incomes["Q1"]
    # Fiscal households hold a little less than all the inhabitants.
    persons = (0.97 * counts["people"]).round().to_numpy()
    households = (0.98 * counts["households"]).round().to_numpy()
    head = pd.DataFrame(
        {
            "CODGEO": codes,
            "LIBGEO": [labels[code] for code in codes],
            f"NBMEN{short}": households,
            f"NBPERS{short}": persons,
            f"NBUC{short}": (persons / 1.48).round(1),
        }
    )
    body = incomes.reset_index(drop=True)[list(_PLACE_COLUMNS.values())]
    small = [code in secrecy.MEDIAN_ONLY for code in codes]
    body.loc[small, [name for name in body if name != "MED"]] = np.nan
    body.columns = pd.Index([name.format(short) for name in _PLACE_COLUMNS])
    indices = {f"S80S20{short}": 1 if year == min(YEARS) else 3, f"GI{short}": 3}
    whole = {f"{name}{short}" for name in ("NBMEN", "NBPERS", "Q1", "Q2", "Q3", *_DECILES)} | {"Q3_Q1"}
    return Layout(mark=True, final_break=False).render(
        head.join(body), decimals=lambda name: 0 if name in whole else indices.get(name, 1)
    )
