"""The same figure published twice must be the same: equal duplicates collapse, unequal ones are an error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from diagnostic.errors import Fault, InputError
from diagnostic.formatting import number
from diagnostic.schemas import MEASURE_KEY

if TYPE_CHECKING:
    import pandas as pd

SHOWN: Final = 5


def reconcile(measures: pd.DataFrame) -> pd.DataFrame:
    """Collapse the figures that two files of one edition both hold.

    Parameters
    ----------
    measures
        Columns ``schemas.MEASURE_COLUMNS`` and ``file``, the file each row was read from.

    Returns
    -------
    pandas.DataFrame
        One row a key; where one file says why a value is absent and the other gives it, the value is kept.

    Raises
    ------
    InputError
        When two files of one edition give different values, with the first of them.
    """
    duplicated = measures.duplicated(MEASURE_KEY, keep=False)
    if not duplicated.any():
        return measures.drop(columns="file")
    twice = measures[duplicated & measures["value"].notna()]
    spread = twice.groupby(MEASURE_KEY)["value"].agg(["min", "max"])
    unequal = spread[spread["min"] != spread["max"]]
    if not unequal.empty:
        raise InputError(_faults(unequal, twice))
    # A known value comes before an absent one; files in the order of their names, so that runs agree.
    ordered = measures.assign(absent=measures["value"].isna()).sort_values(["absent", "file"], kind="stable")
    return ordered.drop_duplicates(MEASURE_KEY).drop(columns=["absent", "file"]).sort_index()


def _faults(unequal: pd.DataFrame, twice: pd.DataFrame) -> list[Fault]:
    files = " et ".join(sorted(twice["file"].unique()))
    faults = []
    for key, row in unequal.head(SHOWN).iterrows():
        place = dict(zip(MEASURE_KEY, key, strict=True))  # type: ignore[call-overload]
        faults.append(
            Fault(
                f"deux fichiers de la même édition se contredisent ({number(len(unequal))} valeurs)",
                file=files,
                column=f"{place['variable']} ({place['group']}), {place['code']}",
                found=f"{number(row['min'], 2)} et {number(row['max'], 2)}",
                remedy="gardez le fichier publié par le producteur, ôtez l’autre avec « diagnostic remove »",
            )
        )
    return faults
