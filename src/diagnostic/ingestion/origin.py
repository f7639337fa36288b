"""The census by sex, age and origin or nationality: one meaning, whatever the layout of Insee's IMG1A and NAT1.

Codes of the census: ``IMMI`` 1 immigrant, 2 not; ``INATC`` 1 French, 2 foreign; ``SEXE`` 1 men, 2 women.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Final

from diagnostic.errors import InputError
from diagnostic.ingestion.columns import Layout, declare

if TYPE_CHECKING:
    import pandas as pd

    from diagnostic.ingestion.tabular import Table

BLOCK: Final = "census"
CODE: Final = "CODGEO"
AGES: Final = {"00": "0_14", "15": "15_24", "25": "25_54", "55": "55_over"}
ORIGINS: Final = {"IMMI1": "immigrant", "IMMI2": "non_immigrant", "INATC1": "french", "INATC2": "foreign"}
SEXES: Final = {"SEXE1": "men", "SEXE2": "women"}
SUBJECTS: Final = ("IMMI", "INATC")
LEAST: Final = 8  # of the 16 columns of one table
_PART = re.compile(r"_?(AGE4\d\d|IMMI\d|INATC\d|SEXE\d)")


def crossing(name: str) -> str:
    """Put the parts of a column's name in one order: age, origin or nationality, sex.

    Examples
    --------
    >>> crossing("AGE400_IMMI1_SEXE2"), crossing("SEXE2_AGE400_INATC2"), crossing("LibGeo")
    ('AGE400_IMMI1_SEXE2', 'AGE400_INATC2_SEXE2', 'LIBGEO')
    """
    published = name.strip().upper()
    return "_".join(sorted(_PART.findall(published))) if not _PART.sub("", published) else published


_LINES: Final = [
    f"AGE4{age}_{origin}_{sex} residents_{band} {who}_{gender}"
    for (age, band), (origin, who), (sex, gender) in product(AGES.items(), ORIGINS.items(), SEXES.items())
]
LAYOUT: Final = Layout(
    declare("\n".join(_LINES), block=BLOCK, unit="persons"), code=CODE, labels=("LIBGEO", "NIVGEO"), base=crossing
)


def widened(table: Table, names: dict[str, str], *, subject: str) -> Table:
    """Turn a table of one row a crossing into one row a place, every crossing a column.

    Parameters
    ----------
    table
        Text columns.
    names
        Names of the columns ``code``, ``age``, ``subject``, ``sex`` and ``count``.
    subject
        ``IMMI`` or ``INATC``.

    Returns
    -------
    Table
        Columns ``CODGEO`` and those of :data:`LAYOUT`, lines of the first row of each place.

    Raises
    ------
    InputError
        When a code is unknown or a crossing stands twice; all such rows at once.
    """
    cells = table.frame[list(names.values())].apply(lambda column: column.str.strip())
    cells = cells.set_axis(list(names), axis=1)
    age = cells["age"].str.removeprefix("AGE").str.replace(r"^4(?=\d\d$)", "", regex=True).str.zfill(2)
    wanted = {"age": age.isin(list(AGES)), **{part: cells[part].isin(["1", "2"]) for part in ("subject", "sex")}}
    faults = [
        table.fault(
            "code inconnu du recensement", line=int(known.index[~known][0]), column=names[part],
            expected=", ".join(AGES) if part == "age" else "1 ou 2", found=repr(cells[part][~known].iloc[0]),
            remedy="vérifiez que le fichier est celui du producteur, non modifié",
        )
        for part, known in wanted.items() if not known.all()
    ]  # fmt: skip
    column = "AGE4" + age + f"_{subject}" + cells["subject"] + "_SEXE" + cells["sex"]
    keyed = cells.assign(column=column, line=cells.index)
    twice = keyed[keyed.duplicated(["code", "column"])]
    faults += [
        table.fault(
            "croisement répété", line=int(line), column=names["code"], expected="une ligne par lieu, âge et sexe",
            found=f"{code}, {what}", remedy="téléchargez de nouveau le fichier",
        )
        for line, code, what in twice[["line", "code", "column"]].head().itertuples(index=False)
    ]  # fmt: skip
    if faults:
        raise InputError(faults)
    lines = keyed.groupby("code", sort=False)["line"].first()
    wide: pd.DataFrame = keyed.set_index(["code", "column"])["count"].unstack().reindex(lines.index).fillna("")  # noqa: PD010 - text, each once
    frame = wide.rename_axis(columns=None).reset_index().rename(columns={"code": CODE})
    return replace(table, frame=frame.astype(str).set_axis(lines, axis=0))
