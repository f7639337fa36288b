"""Rows into columns and domains: what every estimate is summed over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import sparse

from diagnostic.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Codes = NDArray[np.int64]
    Mask = NDArray[np.bool_]

OUTSIDE = -1


@dataclass(frozen=True, slots=True, eq=False)
class Domains:
    """Which domain each row belongs to.

    Parameters
    ----------
    codes
        Shape ``(rows,)``: number of the row's domain, ``OUTSIDE`` when it belongs to none.
    labels
        One row a domain, one column a ``by`` variable (no column without ``by``).
    """

    codes: Codes
    labels: pd.DataFrame

    @property
    def count(self) -> int:
        """Number of domains."""
        return len(self.labels)


def aggregate(codes: Codes, count: int, values: Floats, *, weights: Floats | None = None) -> Floats:
    """Sum rows by code, leaving out the rows marked ``OUTSIDE``.

    Parameters
    ----------
    codes
        Shape ``(rows,)``.
    count
        Number of codes.
    values
        Shape ``(rows,)`` or ``(rows, items)``.
    weights
        Shape ``(rows,)``: what each row is multiplied by, without copying the values; 1 by default.

    Returns
    -------
    numpy.ndarray
        Shape ``(count,)`` or ``(count, items)``.

    Examples
    --------
    >>> aggregate(np.array([0, 1, -1, 0]), 2, np.array([1.0, 2.0, 4.0, 8.0])).tolist()
    [9.0, 2.0]
    """
    # One column a row, holding its code or nothing: the values are read once, in order.
    inside = codes != OUTSIDE
    factors = np.ones(int(inside.sum())) if weights is None else weights[inside]
    starts = np.concatenate([[0], np.cumsum(inside)])
    adder = sparse.csc_array((factors, codes[inside], starts), shape=(count, len(codes)))
    return np.asarray(adder @ values)


def names(given: str | Sequence[str] | None) -> list[str]:
    """Give a list of column names from one name, several or none."""
    if given is None:
        return []
    return [given] if isinstance(given, str) else list(given)


def need_columns(frame: pd.DataFrame, wanted: Iterable[str]) -> None:
    """Raise one error for all the columns that are not in the table.

    Raises
    ------
    InputError
        With one fault per absent column.
    """
    faults = [
        Fault("colonne absente de l’enquête", column=str(name), remedy="vérifiez le nom de la question")
        for name in wanted
        if name not in frame.columns
    ]
    if faults:
        raise InputError(faults)


def row_mask(frame: pd.DataFrame, where: ArrayLike | pd.Series[Any] | None) -> Mask:
    """Turn ``where`` into one boolean per row.

    Raises
    ------
    InputError
        When its length or its index is not the survey's, when it is not boolean, or selects nobody.
    """
    if where is None:
        return np.ones(len(frame), dtype=bool)
    if isinstance(where, pd.Series) and not where.index.equals(frame.index):
        raise InputError(Fault("le masque n’a pas les mêmes lignes que l’enquête", remedy="calculez-le sur elle"))
    mask = np.asarray(where)
    if mask.dtype != np.bool_ or mask.shape != (len(frame),):
        raise InputError(
            Fault(
                "le masque doit donner vrai ou faux pour chaque ligne",
                expected=f"{len(frame)} valeurs vrai/faux",
                found=f"{mask.size} valeurs de type {mask.dtype}",
            )
        )
    if not mask.any():
        raise InputError(Fault("le domaine est vide : le masque ne retient personne", remedy="élargissez-le"))
    return mask


def make_domains(
    frame: pd.DataFrame, by: str | Sequence[str] | None, where: ArrayLike | pd.Series[Any] | None
) -> Domains:
    """Make the domains crossed by the ``by`` variables inside ``where``.

    A row whose ``by`` value is missing belongs to no domain.

    Raises
    ------
    InputError
        When a column is absent, the mask is wrong, or nobody is left.
    """
    columns = names(by)
    need_columns(frame, columns)
    mask = row_mask(frame, where)
    if not columns:
        return Domains(np.where(mask, 0, OUTSIDE).astype(np.int64), pd.DataFrame(index=range(1)))
    # A missing label is not a domain: ngroup marks it by -1, which is OUTSIDE.
    groups = frame.loc[mask, columns].groupby(columns, observed=True, sort=True, dropna=True)
    codes = np.full(len(frame), OUTSIDE, dtype=np.int64)
    codes[mask] = groups.ngroup().fillna(OUTSIDE).to_numpy(dtype=np.int64)
    if not (codes != OUTSIDE).any():
        raise InputError(Fault("le domaine est vide", column=", ".join(columns), remedy="vérifiez la variable"))
    labels = groups.size().index.to_frame(index=False)
    return Domains(codes, labels)


def numbers(frame: pd.DataFrame, items: Sequence[str]) -> Floats:
    """Give the items as numbers, NaN where there is no answer.

    Returns
    -------
    numpy.ndarray
        Shape ``(rows, items)``.

    Raises
    ------
    InputError
        When a column is absent, is not numeric, or holds infinite values.
    """
    need_columns(frame, items)
    faults = [
        Fault(
            "la question n’est pas numérique", column=name, found=str(frame[name].dtype),
            remedy="utilisez proportion(..., level=…) pour une modalité",
        )
        for name in items
        if not pd.api.types.is_numeric_dtype(frame[name])
    ]  # fmt: skip
    if faults:
        raise InputError(faults)
    # Sums by code read whole rows: they must lie together in memory.
    values = np.ascontiguousarray(frame[list(items)].to_numpy(dtype=np.float64, na_value=np.nan))
    if np.isinf(values).any():
        raise InputError(Fault("une question contient des valeurs infinies", remedy="corrigez-les ou videz-les"))
    return values
