"""What a figure asks of the tables it is given, and what it refuses to draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diagnostic.errors import Fault, InputError, RefusedError
from diagnostic.vocabulary import NEVER_MAPPED

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd


def require(table: pd.DataFrame, columns: Sequence[str], *, figure: str) -> None:
    r"""Refuse a table that a figure cannot be drawn from, all faults at once.

    Parameters
    ----------
    table
        What the figure is given.
    columns
        What it needs.
    figure
        Its name in French, for the message.

    Raises
    ------
    InputError
        When a column is absent, or when there is no row.

    Examples
    --------
    >>> import pandas as pd
    >>> try:
    ...     require(pd.DataFrame({"code": []}), ["code"], figure="carte")
    ... except InputError as problem:
    ...     print(problem.faults[0].what.replace("\u00a0", " "))
    carte : aucune ligne à dessiner
    """
    lost = [name for name in columns if name not in table]
    faults = [
        Fault(
            f"{figure}\u00a0: colonne absente", column=name, found=", ".join(map(str, table.columns)) or "aucune",
            remedy="ajoutez la colonne, ou passez la table que la documentation de la figure décrit",
        )
        for name in lost
    ]  # fmt: skip
    if not lost and table.empty:
        remedy = "vérifiez que la source est dans le dossier et que l’indicateur y est publié"
        faults.append(Fault(f"{figure}\u00a0: aucune ligne à dessiner", remedy=remedy))
    if faults:
        raise InputError(faults)


def refuse_origin(*variables: str) -> None:
    """Refuse to map shares of foreigners or immigrants by neighbourhood.

    Raises
    ------
    RefusedError
        Always for one of them.
    """
    if set(variables) & set(NEVER_MAPPED):
        raise RefusedError("la part d’étrangers ou d’immigrés n’est pas cartographiée par quartier")
