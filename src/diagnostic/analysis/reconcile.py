"""The same figure published twice must be the same: equal duplicates collapse, unequal ones are an error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from diagnostic.errors import Fault, InputError
from diagnostic.formatting import number
from diagnostic.schemas import MEASURE_KEY
from diagnostic.vocabulary import Status

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
        One row a key. A value hidden in one file and given in another stays hidden: the producer may have masked
        it since; a value that is only missing is completed by the other file.

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
    # Hidden first, then known, then missing; files in the order of their names, so that runs agree.
    hidden = measures["status"].isin([Status.SUPPRESSED, Status.MASKED, Status.NOT_RELEASED])
    order = measures["value"].isna().astype("int64").mask(hidden, -1)
    ordered = measures.assign(order=order).sort_values(["order", "file"], kind="stable")
    return ordered.drop_duplicates(MEASURE_KEY).drop(columns=["order", "file"]).sort_index()


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
