"""A value as a document may show it: a number, or the mark that says why there is none."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from diagnostic.errors import Fault, InputError
from diagnostic.formatting import DECIMALS, number, quantity
from diagnostic.vocabulary import KNOWN, STATUS_LABELS, STATUS_MARKS, Status

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping
    from typing import Any

    import pandas as pd

WEAK: Final = "weak"
VALUE: Final = "value"
WEAK_MARK: Final = "ef"
WEAK_LABEL: Final = "effectif faible (moins de 30 personnes) : taux non écrit"
MARKED: Final = tuple(status for status in Status if status not in KNOWN)
RATES: Final = ("percent", "points", "ratio", "per_1000_inhabitants")
WRITTEN_FROM: Final = 30


@dataclass(frozen=True, slots=True)
class Cell:
    """One value, or the reason of its absence.

    Parameters
    ----------
    kind
        ``"value"``, ``"weak"`` (base too small for a percentage) or the absent value's status.
    value, low, high
        The value and the bounds of its interval; ``None`` where they are not shown.
    unit
        Unit of the value.

    Examples
    --------
    >>> Cell("value", 41.7, None, None, "percent").text(), Cell("suppressed", None, None, None, "percent").text()
    ('41,7', 's')
    """

    kind: str
    value: float | None
    low: float | None
    high: float | None
    unit: str

    @property
    def written(self) -> bool:
        """Whether the number itself may be written."""
        return self.kind == VALUE

    def text(self, *, unit: bool = False, signed: bool = False) -> str:
        """Write the value, or its mark."""
        if self.kind != VALUE or self.value is None:
            return mark(self.kind)
        if unit:
            return quantity(self.value, self.unit, signed=signed)
        return number(self.value, DECIMALS.get(self.unit, 0), signed=signed)


def mark(kind: str) -> str:
    """Give the mark of an absent value, as in tables.

    Examples
    --------
    >>> mark("suppressed"), mark("weak")
    ('s', 'ef')
    """
    return WEAK_MARK if kind == WEAK else STATUS_MARKS[Status(kind)]


def label(kind: str) -> str:
    """Say a mark in words.

    Examples
    --------
    >>> label("not_applicable")
    'sans objet'
    """
    return WEAK_LABEL if kind == WEAK else STATUS_LABELS[Status(kind)]


def _bound(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) and math.isfinite(value) else None


def cell(
    value: object, *, status: str, unit: str, reliability: str = "publish", low: object = None, high: object = None
) -> Cell:
    """Read one row: what is hidden loses its value here, once for every document.

    Examples
    --------
    >>> cell(100.0, status="observed", unit="percent", reliability="suppress")
    Cell(kind='weak', value=None, low=None, high=None, unit='percent')
    """
    amount = _bound(value)
    if status not in KNOWN or amount is None:
        kind = status if status not in KNOWN else str(Status.MISSING)
        return Cell(kind, None, None, None, unit)
    if reliability == "suppress":
        return Cell(WEAK, None, None, None, unit)
    kind = WEAK if reliability == "caution" and unit in RATES else VALUE
    return Cell(kind, amount, _bound(low), _bound(high), unit)


def read(row: Mapping[Hashable, Any], *, unit: str) -> Cell:
    """Read ``value`` of a row, and ``status``, ``low``, ``high``, ``reliability``, ``n`` where they exist.

    A percentage whose base ``n`` is known and under 30 is not written; an empty status is that of a plain figure.

    Raises
    ------
    InputError
        For a status that is not one of the vocabulary's.

    Examples
    --------
    >>> read({"value": 12.0, "n": 20}, unit="percent").kind, read({"value": 12.0, "n": 20}, unit="persons").kind
    ('weak', 'value')
    """
    base = _bound(row.get("n"))
    few = unit in RATES and base is not None and base < WRITTEN_FROM
    return cell(
        row["value"], unit=unit, low=row.get("low"), high=row.get("high"),
        status=_status(row.get("status")),
        reliability="suppress" if few else str(row.get("reliability", "publish")),
    )  # fmt: skip


def _status(given: object) -> str:
    if not isinstance(given, str) or not given:
        return str(Status.OBSERVED)
    if given not in set(Status):
        raise InputError(
            Fault("statut inconnu", column="status", expected=", ".join(Status), found=given,
                  remedy="écrivez l’un des statuts attendus")
        )  # fmt: skip
    return given


def cells(values: pd.DataFrame, codes: Iterable[str], *, unit: str) -> dict[str, Cell]:
    """Read a table of values into one cell a place; a place without a row is missing.

    Parameters
    ----------
    values
        Columns ``code``, ``value``; ``status``, ``low``, ``high``, ``reliability``, ``n`` where they exist.
        Without ``status``, an empty value is missing.
    codes
        Places wanted, in order.
    unit
        Unit of the values.

    Returns
    -------
    dict of str to Cell
        One entry a code.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"code": ["A", "B"], "value": [41.7, None], "status": ["observed", "suppressed"]})
    >>> [cell.text() for cell in cells(table, ["A", "B", "C"], unit="percent").values()]
    ['41,7', 's', '–']
    """
    found = {str(row["code"]): read(row, unit=unit) for row in values.to_dict("records")}
    absent = Cell(str(Status.MISSING), None, None, None, unit)
    return {code: found.get(code, absent) for code in codes}
