"""The persons of the census as a sample: households drawn, canton-ou-ville by canton-ou-ville."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from diagnostic.analysis.census.layout import (
    HOUSEHOLD,
    OUT_OF_HOUSEHOLDS,
    STRATUM,
    WEIGHT,
    Dimension,
    dimensions,
    need_columns,
)
from diagnostic.analysis.census.tabulation import restricted, unknown_codes
from diagnostic.analysis.survey import SurveyDesign
from diagnostic.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import ibis.expr.types as ir

    from diagnostic.analysis.census.tabulation import Keep


def sample(table: ir.Table, wanted: Sequence[str | Dimension], *, keep: Keep | None = None) -> SurveyDesign:
    """Take persons out of the census file, as a design that knows who shares a household.

    The file does not hold its design: households stand for the primary units, the canton-ou-ville for the stratum,
    drawn with replacement. Two dwellings in five are surveyed in towns, so that standard errors are a little too
    large; those of a place wholly surveyed are not zero.

    Parameters
    ----------
    table
        The file of individuals.
    wanted
        The dimensions that become columns of the sample.
    keep
        As ``tabulate``. Persons are held in memory, some 30 bytes each with six dimensions, and about twenty times
        as much for a moment, while they are read: choose a region.

    Returns
    -------
    SurveyDesign
        One row a person: a categorical column a dimension. Households are numbered anew.

    Raises
    ------
    InputError
        As ``tabulate``.
    """
    axes = dimensions(wanted)
    need_columns(table, [HOUSEHOLD, STRATUM, *(axis.column for axis in axes)])
    chosen = restricted(table, axes, keep)
    columns = {axis.name: axis.key(chosen) for axis in axes}
    own = {f"_{name}": chosen[name].cast("string") for name in (STRATUM, HOUSEHOLD)}
    weight = chosen[WEIGHT]
    weight = weight.try_cast("float64") if weight.type().is_string() else weight.cast("float64")
    # Engines give rows in any order, and sums of decimals depend on it.
    ordered = chosen.select(**own, **columns, weight=weight).order_by([*own, *columns, "weight"])
    people = _coded(ordered)
    frame = _worded(people, axes)
    frame["weight"] = people["weight"]
    frame["stratum"], frame["household"] = _units(people[f"_{STRATUM}"], people[f"_{HOUSEHOLD}"])
    return SurveyDesign(frame, "weight", strata="stratum", clusters="household", lonely_psu="adjust")


def _coded(persons: ir.Table) -> pd.DataFrame:
    """Read persons with every text as codes: a string a person would take most of the memory."""
    arrow = persons.to_pyarrow()
    for place, name in enumerate(arrow.column_names):
        if name != "weight":
            arrow = arrow.set_column(place, name, arrow.column(name).combine_chunks().dictionary_encode())
    coded: pd.DataFrame = arrow.to_pandas()
    return coded


def _worded(people: pd.DataFrame, axes: Sequence[Dimension]) -> pd.DataFrame:
    frame = pd.DataFrame(index=people.index)
    faults = []
    for axis in axes:
        codes = people[axis.name].cat
        unknown = unknown_codes([*codes.categories, *([None] if people[axis.name].isna().any() else [])], axis)
        if unknown:
            found = ", ".join(map(repr, unknown))
            faults.append(Fault("codes que le dictionnaire du recensement ne connaît pas", column=axis.column,
                                found=found, remedy="vérifiez l’édition du fichier"))  # fmt: skip
            continue
        words = [str(axis.word(code)) for code in codes.categories]
        levels = [word for word in axis.words if word in words] or sorted(set(words))
        places = pd.Index(levels).get_indexer(pd.Index(words))[np.asarray(codes.codes)]
        frame[axis.name] = pd.Categorical.from_codes(places, categories=pd.Index(levels))
    if faults:
        raise InputError(faults)
    return frame


def _units(cantons: pd.Series[str], numbers: pd.Series[str]) -> tuple[np.ndarray, np.ndarray]:
    """Give strata and households numbers; whoever lives out of a household is a unit alone."""
    strata, households = (column.cat.codes.to_numpy(dtype=np.int64) for column in (cantons, numbers))
    units, _ = pd.factorize(strata * len(numbers.cat.categories) + households)
    alone = (numbers == OUT_OF_HOUSEHOLDS).to_numpy(dtype=bool)
    units[alone] = units.max(initial=0) + 1 + np.arange(int(alone.sum()))
    return strata, units
