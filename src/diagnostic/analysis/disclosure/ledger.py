"""What left the machine, cell by cell: the counts that any later publication is compared with.

The ledger is a text; who keeps it and where is not known here. It never holds a hidden value.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from diagnostic.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    Key = tuple[str, str, str, str]

LEDGER_NAME: Final = "released.json"
FORMAT: Final = 1
COORDINATES: Final = ["table", "axis", "label", "answer"]
CELL_COLUMNS: Final = [*COORDINATES, "n"]


def known_cells(text: str) -> dict[Key, frozenset[int]]:
    """Read the values under which each cell is already out; none where it was hidden.

    Parameters
    ----------
    text
        The ledger, possibly empty.

    Raises
    ------
    InputError
        When it is not a ledger: it may not be guessed empty.

    Examples
    --------
    >>> cells = pd.DataFrame([["t", "qpv", "A", "oui", 12], ["t", "qpv", "B", "oui", None]], columns=CELL_COLUMNS)
    >>> known_cells(entered("", cells, date="2025-01-02", files={}, validations={}))
    {('t', 'qpv', 'A', 'oui'): frozenset({12}), ('t', 'qpv', 'B', 'oui'): frozenset()}
    """
    found: dict[Key, frozenset[int]] = {}
    for release in _read(text)["diffusions"]:
        for *key, n in release["cellules"]:
            place = (str(key[0]), str(key[1]), str(key[2]), str(key[3]))
            found[place] = found.get(place, frozenset()) | (frozenset() if n is None else {int(n)})
    return found


def entered(
    text: str, cells: pd.DataFrame, *, date: str, files: Mapping[str, str], validations: Mapping[str, object]
) -> str:
    """Add a release.

    Parameters
    ----------
    text
        The ledger so far, possibly empty.
    cells
        Columns ``CELL_COLUMNS``, null where hidden.
    date
        Day of the release.
    files
        Name of each file that leaves, and its SHA-256.
    validations
        Who agreed, and when.

    Returns
    -------
    str
        JSON.
    """
    content = _read(text)
    counts = [None if pd.isna(n) else int(n) for n in cells["n"]]
    rows = [[*key, n] for key, n in zip(cells[COORDINATES].to_numpy().tolist(), counts, strict=True)]
    content["diffusions"].append(
        {"date": date, "validations": dict(validations), "fichiers": dict(files), "cellules": rows}
    )
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _read(text: str) -> dict[str, Any]:
    if not text.strip():
        return {"format": FORMAT, "diffusions": []}
    fault = Fault(
        "le registre des diffusions est illisible", file=LEDGER_NAME, expected="le fichier écrit par l’outil",
        remedy="remettez sa dernière sauvegarde\u202f: sans lui, ce qui est déjà public ne peut être protégé",
    )  # fmt: skip
    try:
        content = json.loads(text)
    except json.JSONDecodeError as problem:
        raise InputError(fault) from problem
    if not isinstance(content, dict) or content.get("format") != FORMAT or "diffusions" not in content:
        raise InputError(fault)
    return content
