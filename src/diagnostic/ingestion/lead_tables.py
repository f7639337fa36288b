"""Small tables that a lead fills in beside the inventory: recourse, credits, state of the plans."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from diagnostic.action_model import Field, Kind, fields
from diagnostic.errors import InputError
from diagnostic.ingestion.actions.cells import NOWHERE, UnreadableError, read_cell
from diagnostic.ingestion.document import open_document
from diagnostic.ingestion.headings import column_of
from diagnostic.ingestion.tabular import read_table
from diagnostic.territory.metric import METROPOLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from diagnostic.errors import Fault
    from diagnostic.ingestion.actions.cells import Places, Value
    from diagnostic.ingestion.tabular import Table

# What was read of plans in Hauts-de-France, with its sources; a lead's own ``ptlcd.csv`` takes its place.
PLANS: Final = Path(__file__).with_name("ptlcd.csv")
# What one line is about.
KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "recours": ("nature", "perimetre", "annee"), "credits_p147": ("annee",), "acces_droit": ("qpv", "lieu"),
    "ptlcd": ("territoire",),
}  # fmt: skip
# Where a place of access lies; a line gives it, or the minutes from a neighbourhood, or both.
ACCESS: Final = "acces_droit"
TRAVEL: Final = ("qpv", "minutes")
POSITION: Final[Mapping[str, Field]] = {
    code: Field(
        code, label, f"{label} du lieu, en degrés décimaux (WGS84).", example, Kind.TEXT, (),
        required=False, public=True,
    )
    for code, label, example in (("latitude", "Latitude", "50,3629"), ("longitude", "Longitude", "3,5187"))
}  # fmt: skip
_DEGREES: Final = re.compile(r"[+-]?\d{1,3}[.,]\d+|[+-]?\d+")
_DECIMALS: Final = 3  # about a hundred metres
_EXPECTED: Final = "des degrés décimaux WGS84, comme 50,3629 et 3,5187"
# West, south, east, north of each part of France, neighbouring countries within a day's journey.
_FRANCE: Final = (
    METROPOLE, (-63.5, 14.0, -60.5, 18.5), (-55.0, 2.0, -51.0, 6.0), (55.0, -21.6, 56.0, -20.7),
    (44.8, -13.2, 45.5, -12.4), (-56.8, 46.5, -55.9, 47.3), (-155.0, -28.5, -134.0, -7.5),
    (163.0, -23.0, 169.0, -19.0), (-178.5, -14.7, -175.9, -13.0),
)  # fmt: skip
_TYPES: Final = {Kind.EUROS: "float64", Kind.COUNT: "int64", Kind.YEAR: "int64"}


def columns(name: str) -> Mapping[str, Field]:
    """Give the columns of a small table, as :func:`diagnostic.action_model.fields` does.

    A place of access to the law may also be located: then a line needs no neighbourhood.

    Examples
    --------
    >>> list(columns("acces_droit"))
    ['qpv', 'minutes', 'lieu', 'source', 'latitude', 'longitude']
    """
    known = fields(name)
    if name != ACCESS:
        return known
    return {
        code: replace(field, required=field.required and code not in TRAVEL) for code, field in known.items()
    } | dict(POSITION)


def blank(name: str) -> str:
    r"""Give the csv to fill in: its titles.

    Examples
    --------
    >>> blank("credits_p147")
    'annee;montant;source\n'
    """
    return ";".join(columns(name)) + "\n"


def read_lead_table(path: Path, name: str, *, places: Places = NOWHERE) -> pd.DataFrame:
    """Read a small table, csv or workbook.

    Parameters
    ----------
    path
        The file.
    name
        ``recours``, ``credits_p147``, ``acces_droit`` or ``ptlcd``.
    places
        Neighbourhoods that a cell may name, by code.

    Returns
    -------
    pandas.DataFrame
        Those of :func:`columns`, codes for coded words; ``latitude`` and ``longitude`` in degrees. Of
        ``acces_droit``, NaN and an empty ``qpv`` where a line has only one of travel time and position.

    Raises
    ------
    InputError
        When a title, a required cell or a value is wrong, or two rows say different things of one; all at once.
        Coordinates that were exchanged, that lost their comma or their decimals, or lie outside France are told.
    """
    known = columns(name)
    first = next(iter(known))
    document = open_document(path)
    rows = [row for head in document.heads.values() for row in head]
    title = next((word for row in rows if (word := column_of(row, first, known[first].label))), first)
    table = read_table(document, [title])
    titles = {code: column_of(table.frame.columns, code, field.label) for code, field in known.items()}
    faults = list(_absent(table, titles, known))
    read: list[dict[str, Value]] = []
    for line, row in zip(table.frame.index, table.frame.to_dict("records"), strict=True):
        cells = {code: str(row[column]).strip() for code, column in titles.items() if column}
        values, wrong = _values(table, int(line), cells, known=known, places=places)
        if name == ACCESS and not wrong:
            wrong += _located(table, int(line), values)
        read.append(values)
        faults += wrong
    if faults:
        raise InputError(faults)
    found = pd.DataFrame(read, columns=list(known)).drop_duplicates(ignore_index=True)
    _check_repeated(table, found, KEYS[name])
    if name == ACCESS:
        _check_repeated(table, found[["lieu", *POSITION]].dropna().drop_duplicates(), ["lieu"])
    return found.astype({code: _type(field) for code, field in known.items()})


def _type(field: Field) -> str:
    if field.code in POSITION:
        return "float64"
    kind = _TYPES.get(field.kind, "str")
    return "float64" if kind == "int64" and not field.required else kind  # an empty count is unknown, not zero


def _located(table: Table, line: int, values: dict[str, Value]) -> Iterator[Fault]:
    """Read the position of a place where it stands, and say what a line lacks."""
    position = {code: str(values[code]) for code in POSITION}
    travel = {code: values[code] for code in TRAVEL}
    values |= dict.fromkeys(POSITION, np.nan)
    if travel["minutes"] == "":
        values["minutes"] = np.nan
    halves = [given for given in (position, travel) if len({str(one) == "" for one in given.values()}) > 1]
    for given in halves:
        yield table.fault(
            "l’un sans l’autre", line=line, column=next(code for code in given if str(given[code]) == ""),
            expected=" et ".join(given), remedy="remplissez les deux, ou aucun des deux",
        )  # fmt: skip
    if halves:
        return
    if not position["latitude"]:
        if not travel["qpv"]:
            yield table.fault(
                "ni temps de trajet ni position", line=line, expected="qpv et minutes, ou latitude et longitude",
                remedy="remplissez les uns ou les autres",
            )  # fmt: skip
        return
    problem = _misplaced(position["latitude"], position["longitude"])
    if problem is None:
        values |= {code: _degrees(text) for code, text in position.items()}
    else:
        what, remedy = problem
        yield table.fault(what, line=line, column="latitude et longitude", expected=_EXPECTED, remedy=remedy)


def _degrees(text: str) -> float:
    return float(text.replace(",", "."))


def _misplaced(latitude: str, longitude: str) -> tuple[str, str] | None:
    """Say what is wrong with a position, and what to do; nothing where it lies in France.

    Examples
    --------
    >>> _misplaced("50,3629", "3.5187"), _misplaced("3.5187", "50.3629")[0], _misplaced("503629", "35187")[0]
    (None, 'latitude et longitude échangées', 'la virgule des coordonnées est perdue')
    """
    texts = latitude, longitude
    if not all(_DEGREES.fullmatch(text) for text in texts):
        return "coordonnées illisibles", "écrivez deux nombres, sans degré, minute ni lettre, un par colonne"
    north, east = map(_degrees, texts)
    if abs(north) > 90 or abs(east) > 180:  # noqa: PLR2004 - degrees of the globe
        return "la virgule des coordonnées est perdue", (
            "mettez la colonne au format texte, puis recopiez-les ; des mètres (Lambert) ne sont pas lus"
        )
    if not _in_france(north, east):
        if _in_france(east, north):
            return "latitude et longitude échangées", "échangez les deux cases"
        return "ce lieu n’est pas en France", "recopiez ses coordonnées, la latitude (nord) d’abord"
    if max(len(re.split("[.,]", text)[1]) if re.search("[.,]", text) else 0 for text in texts) < _DECIMALS:
        return "les décimales des coordonnées sont perdues", "gardez au moins quatre décimales (dix mètres)"
    return None


def _in_france(north: float, east: float) -> bool:
    return any(west <= east <= far and south <= north <= top for west, south, far, top in _FRANCE)


def _absent(table: Table, columns: Mapping[str, str | None], known: Mapping[str, Field]) -> Iterator[Fault]:
    for code, field in known.items():
        if field.required and columns[code] is None:
            yield table.fault(
                "colonne obligatoire absente", line=table.header_line, column=code,
                expected=" ; ".join(known), remedy="ajoutez-la, même nom",
            )  # fmt: skip


def _values(
    table: Table, line: int, cells: Mapping[str, str], *, known: Mapping[str, Field], places: Places
) -> tuple[dict[str, Value], list[Fault]]:
    values: dict[str, Value] = dict.fromkeys(known, "")
    faults = []
    for code, text in cells.items():
        if not text:
            if known[code].required:
                faults.append(table.fault("case vide", line=line, column=code, remedy="remplissez-la"))
            continue
        if code in POSITION and _DEGREES.fullmatch(text):  # ten decimals may look like a telephone number
            values[code] = text
            continue
        try:
            values[code] = read_cell(text, known[code], places, sheets=False)
        except UnreadableError as problem:
            faults.append(table.fault(
                problem.what, line=line, column=code, expected=problem.expected,
                found=problem.found or f"« {text[:60]} »", remedy=problem.remedy,
            ))  # fmt: skip
    return values, faults


def _check_repeated(table: Table, found: pd.DataFrame, keys: Sequence[str]) -> None:
    """Refuse two lines that say different things of one."""
    twice = found[found.duplicated(list(keys), keep=False)]
    if not twice.empty:
        names = twice[list(keys)].drop_duplicates().astype(str).agg(" · ".join, axis="columns")
        raise InputError([
            table.fault("deux lignes différentes pour une même chose", found=name,
                        remedy="gardez celle qui a la bonne source")
            for name in names
        ])  # fmt: skip
