"""What left the machine, cell by cell: the counts that any later publication is compared with.

The ledger is a text; who keeps it and where is not known here. It never holds a hidden value.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from diagnostic.analysis.disclosure.differencing import across_perimeters
from diagnostic.errors import Fault, InputError, RefusedError
from diagnostic.territory.places import GENERATIONS

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


def binding(
    out: Mapping[Key, frozenset[int]], pairs: pd.DataFrame, *, generation: int
) -> Mapping[Key, frozenset[int]]:
    """Let what was released of one generation of neighbourhoods bind the other.

    Parameters
    ----------
    out
        Of :func:`known_cells`.
    pairs
        Both generations: ``code_2015``, ``code_2024`` and the share of each one's surface that lies in the other,
        ``share_of_2015`` and ``share_of_2024``; empty where an outline lacks.
    generation
        Of the neighbourhoods now.

    Returns
    -------
    mapping
        ``out``, and the same cells under the code that nearly coincides.

    Raises
    ------
    RefusedError
        When counts of the other generation are out and nothing says where it lies.
    """
    others = tuple(start for year, start in GENERATIONS.items() if year != generation)
    if pairs.empty and any(label.startswith(others) for _, _, label, _ in out):
        raise RefusedError(Fault(
            "des chiffres de l’autre génération de quartiers sont diffusés, et rien ne dit où elle se trouve",
            expected="les contours des deux générations", found=f"ceux de {generation}",
            remedy="ajoutez les contours de l’autre génération (« diagnostic sources » dit où les obtenir) : "
            "sans eux, une petite différence entre deux périmètres désignerait des personnes",
        ))  # fmt: skip
    columns = {"code_2015": "old", "code_2024": "new", "share_of_2015": "old_share", "share_of_2024": "new_share"}
    return across_perimeters(out, pairs.rename(columns=columns))


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
