"""From a producer's wide sheet to rows of ``measures``: columns are declared, never guessed.

A source declares what each published column means; :func:`melt` does the rest, the same way for all: a value
that is there is observed, and an empty cell says why it is empty, from the producer's NOTE column where there
is one. A column that nobody declared is an error, so that nothing is dropped in silence.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from diagnostic.errors import InputError
from diagnostic.ingestion.tabular import Table, assemble, number_matrix
from diagnostic.registry import Registry
from diagnostic.schemas import MEASURE_COLUMNS
from diagnostic.vocabulary import UNIT_LABELS, Level, PeriodBasis, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from diagnostic.errors import Fault

# Codes of the NOTE columns of Insee: the list is published nowhere, their effect was read in the files.
SECRET_NOTES: Final = frozenset({"2", "3", "4", "5"})  # every such row of the block is blank
NOT_COVERED_NOTES: Final = frozenset({"6"})  # a whole département blank (La Réunion in DEMO 2021)
# A département counts as not covered when a whole block is empty there, or, with at least this many quarters,
# a good part of one: a single rare figure (foreigners aged 75) may be empty everywhere for its own reasons.
WHOLE_FROM: Final = 10
WIDE_BLOCK: Final = 3
GOOD_PART: Final = 0.25

ALL_QPV: Final = "QPV2015"
# Parts of disposable income: taxes are taken from it, and a deficit lets the others exceed the whole.
INCOME_SHARES: Final = frozenset({
    "activity_income_share", "wages_share", "self_employment_income_share", "unemployment_benefits_share",
    "pensions_share", "property_income_share", "social_benefits_share", "family_benefits_share",
    "minimum_benefits_share", "housing_benefits_share", "taxes_share",
})  # fmt: skip
CHANGE: Final = "_change"
COUNTED: Final = frozenset({
    "persons", "households", "beneficiaries", "contracts", "dwellings", "pupils", "consumption_units", "index",
    "facilities", "establishments", "families",
})  # fmt: skip
SHOWN_VALUES: Final = 3

NO_NOTE: Final = "cellule vide, sans note du producteur"
# What Insee writes in the place of a figure: "non significatif", "non diffusé", secret, "sans objet".
MARKS: Final = {
    "s": Status.SUPPRESSED, "c": Status.SUPPRESSED, "*": Status.SUPPRESSED, "ns": Status.NOT_RELEASED,
    "nd": Status.NOT_RELEASED, "so": Status.NOT_APPLICABLE,
}  # fmt: skip
WHOLE_DEPARTMENT: Final = "vide pour tout le département"

_STATES = (Status.OBSERVED, Status.SUPPRESSED, Status.NOT_RELEASED, Status.MISSING, Status.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Column:
    """What a published column means.

    Parameters
    ----------
    variable, group, unit
        As in ``measures``.
    block
        What the producer made together: its columns share a NOTE column and a data year.
    note_column
        Published name of the companion NOTE column, ``None`` when there is none.
    remark
        What the figure's ``note`` always says; ``{name}`` stands for the published name.
    """

    variable: str
    group: str
    unit: str
    block: str
    note_column: str | None = None
    remark: str = ""


class Period(NamedTuple):
    """The year that figures speak of, and whether the producer states it."""

    year: int
    basis: PeriodBasis


def _published(name: str) -> str:
    return name.strip().upper()


@dataclass(frozen=True, slots=True)
class Layout:
    """Every column that a kind of file may have.

    Parameters
    ----------
    columns
        Meaning by published name, in upper case.
    code
        Column of the codes.
    labels
        Columns of names, which are not figures.
    base
        Takes a name as it stands in a file to the published name (suffixes of the year taken off).
    beyond
        Published names of percentages that the producer estimates, so that some of them exceed 100.
    marks
        What stands in the place of a figure, in lower case, and what it means; empty where a letter is an error.
    """

    columns: Mapping[str, Column]
    code: str = "CODGEO"
    labels: Collection[str] = field(default=("LIBGEO",))
    base: Callable[[str], str] = _published
    beyond: Collection[str] = frozenset()
    marks: Mapping[str, Status] = field(default_factory=dict)

    @property
    def notes(self) -> set[str]:
        """Names of the NOTE columns."""
        return {column.note_column for column in self.columns.values() if column.note_column}

    def find(self, table: Table, published: str) -> str | None:
        """Give the name that a published column has in a table, or ``None`` when it is not there."""
        return next((name for name in table.frame.columns if self.base(name) == published), None)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a published sheet is known by, even when it lost columns.

    Parameters
    ----------
    name
        Source that reads it.
    layout
        Meaning of its columns.
    editions
        By edition, the columns that every file has.
    signs
        Columns of which one at least must be there, so that a neighbouring file of the producer is not mistaken
        for it.
    """

    name: str
    layout: Layout
    editions: Mapping[str, Collection[str]]
    signs: Collection[str] = ()


SHEETS: Registry[Sheet] = Registry("diagnostic.ingestion.sources")


def declare(text: str, *, block: str, unit: str, note: str | None = None, remark: str = "") -> dict[str, Column]:
    """Read a declaration: one line a column, ``PUBLISHED variable [group [unit]]``.

    Parameters
    ----------
    text
        The lines; the group is ``all`` and the unit ``unit`` unless said.
    block, unit, note, remark
        See :class:`Column`.

    Returns
    -------
    dict of str to Column
        By published name.

    Raises
    ------
    ValueError
        When a line is malformed, a name declared twice or a unit unknown.

    Examples
    --------
    >>> declare("TX_F_ET foreign_share women", block="census", unit="percent")["TX_F_ET"].group
    'women'
    """
    columns: dict[str, Column] = {}
    for words in filter(None, (line.split() for line in text.splitlines())):
        name, variable, *rest = words
        group = rest[0] if rest else "all"
        own = rest[1] if len(rest) > 1 else unit
        if len(rest) > 2 or name in columns or own not in UNIT_LABELS:  # noqa: PLR2004 - group and unit
            raise ValueError(f"bad declaration: {' '.join(words)!r}")
        columns[name] = Column(variable, group, own, block, note, remark.format(name=name))
    return columns


def unique_rows(table: Table, column: str) -> Table:
    """Collapse rows that repeat another entirely.

    Parameters
    ----------
    table, column
        The table and its column of codes.

    Returns
    -------
    Table
        One row a code.

    Raises
    ------
    InputError
        When two rows of one code differ.
    """
    codes = table.frame[column]
    if not codes.duplicated().any():
        return table
    frame = table.frame.drop_duplicates()
    again = frame[frame[column].duplicated()]
    if not again.empty:
        raise InputError([
            table.fault(
                "deux lignes différentes pour le même code", line=line, column=column.strip(),
                expected="une ligne par code", found=str(code),
                remedy="gardez la bonne ligne, ou téléchargez de nouveau le fichier",
            )
            for line, code in zip(again.index.tolist(), again[column], strict=True)
        ])  # fmt: skip
    return replace(table, frame=frame)


def melt(
    table: Table, layout: Layout, *, places: pd.DataFrame, periods: Mapping[str, Period], source: str,
    edition: str,
) -> pd.DataFrame:  # fmt: skip
    """Turn a wide text table into rows of ``measures``, empty cells with the reason why they are empty.

    Parameters
    ----------
    table
        One row a place.
    layout
        What its columns mean.
    places
        Columns ``level``, ``code``, ``vintage``, one row a row of ``table``, in the same order.
    periods
        Data year by block.
    source, edition
        Written on every row.

    Returns
    -------
    pandas.DataFrame
        Columns ``MEASURE_COLUMNS``, column after column of the sheet, rows in their order.

    Raises
    ------
    InputError
        When a column is unknown, a cell is neither empty nor a number, or a figure is impossible (a percentage
        outside 0 to 100, a negative count).
    """
    meant = _meanings(table, layout)
    figures, marks = _without_marks(table, layout, list(meant))
    values = number_matrix(figures, list(meant))
    _check_possible(table, layout, meant, values)
    reasons = _Reasons(table, layout, values, list(meant.values()), _departments(places))
    reasons.mark(marks, layout, list(meant.values()))
    rows, columns = values.shape
    of_column = [_per_column([getattr(column, part) for column in meant.values()], rows)
                 for part in ("variable", "group", "unit")]  # fmt: skip
    when = [periods[column.block] for column in meant.values()]
    parts: dict[str, np.ndarray | tuple[Sequence[str], np.ndarray]] = {
        "level": _per_row(places["level"], columns),
        "code": _per_row(places["code"], columns),
        "vintage": np.tile(places["vintage"].to_numpy("int64"), columns),
        "period": np.repeat(np.array([period.year for period in when], dtype="int64"), rows),
        "variable": of_column[0], "group": of_column[1], "unit": of_column[2],
        "source": ([source], np.zeros(rows * columns, dtype="int32")),
        "edition": ([edition], np.zeros(rows * columns, dtype="int32")),
        "value": values.T.reshape(-1),
        "status": ([str(state) for state in _STATES], reasons.states),
        "note": (reasons.words, reasons.notes),
        "period_basis": _per_column([str(period.basis) for period in when], rows),
    }  # fmt: skip
    return assemble({name: parts[name] for name in MEASURE_COLUMNS})


def _meanings(table: Table, layout: Layout) -> dict[str, Column]:
    known = {layout.code, *layout.labels, *layout.notes}
    meant = {}
    unknown = []
    for name in table.frame.columns:
        published = layout.base(name)
        if published in layout.columns:
            meant[name] = layout.columns[published]
        elif published not in known:
            unknown.append(name.strip())
    if unknown:
        raise InputError([
            table.fault(
                "colonne inconnue", line=table.header_line, column=name,
                expected="les colonnes publiées de cette source", found=name,
                remedy="si le producteur l’a ajoutée, signalez-la ; si elle vient de vous, retirez-la"
                " ou déclarez un tableau local",
            )
            for name in unknown
        ])  # fmt: skip
    return meant


def _without_marks(table: Table, layout: Layout, names: list[str]) -> tuple[Table, dict[int, pd.Series[str]]]:
    """Blank the marks of secrecy, and give them by position of their column, by line."""
    marks: dict[int, pd.Series[str]] = {}
    if not layout.marks:
        return table, marks
    blanked = table.frame.copy()
    for position, name in enumerate(names):
        cells = table.frame[name].str.strip().str.casefold()
        marked = cells.isin(list(layout.marks))
        if marked.any():
            marks[position] = cells.where(marked, "")
            blanked[name] = table.frame[name].mask(marked, "")
    return replace(table, frame=blanked), marks


def _check_possible(table: Table, layout: Layout, meant: Mapping[str, Column], values: np.ndarray) -> None:
    """Refuse figures that their unit rules out: a decimal mark lost, a column shifted."""
    faults = []
    for position, (name, column) in enumerate(meant.items()):
        bounds = _bounds(column.variable, column.unit, free=layout.base(name) in layout.beyond)
        faults += _impossible(table, name, values[:, position], bounds)
    if faults:
        raise InputError(faults)


def check_bounds(table: Table, name: str, meant: pd.DataFrame, values: np.ndarray) -> None:
    """Refuse figures of a long table that their unit rules out.

    Parameters
    ----------
    table, name
        A text table and its column of figures.
    meant
        Columns ``variable`` and ``unit``, one row a row of the table.
    values
        The figures.

    Raises
    ------
    InputError
        A fault for each variable that has an impossible figure.
    """
    faults = []
    for (variable, unit), rows in meant.reset_index(drop=True).groupby(["variable", "unit"], sort=False):
        own = np.full(len(values), np.nan)
        own[rows.index] = values[rows.index]
        faults += _impossible(table, name, own, _bounds(str(variable), str(unit), free=False))
    if faults:
        raise InputError(faults)


def _impossible(table: Table, name: str, values: np.ndarray, bounds: tuple[float, float]) -> list[Fault]:
    least, most = bounds
    rows = np.flatnonzero((values < least) | (values > most))
    if not rows.size:
        return []
    lines = table.frame.index[rows[:SHOWN_VALUES]].tolist()
    cells = table.frame[name].iloc[rows[:SHOWN_VALUES]].str.strip().tolist()
    found = ", ".join(f"{cell} (ligne {line})" for cell, line in zip(cells, lines, strict=True))
    more = f"… {rows.size} en tout" if rows.size > SHOWN_VALUES else ""
    return [table.fault(
        "valeur impossible", line=int(lines[0]), column=name.strip(),
        expected="un pourcentage de 0 à 100" if np.isfinite(most) else "un nombre positif ou nul",
        found=found + more,
        remedy="le fichier a été modifié (virgule perdue, colonnes décalées) : téléchargez-le de nouveau",
    )]  # fmt: skip


def _bounds(variable: str, unit: str, *, free: bool) -> tuple[float, float]:
    if unit == "percent" and variable not in INCOME_SHARES and not variable.endswith(CHANGE):
        return (0.0, np.inf) if free else (0.0, 100.0)
    return (0.0 if unit in COUNTED else -np.inf), np.inf


def _per_row(series: pd.Series[str], columns: int) -> tuple[list[str], np.ndarray]:
    positions, words = pd.factorize(series)
    return [str(word) for word in words], np.tile(positions.astype("int32"), columns)


def _per_column(labels: Sequence[str], rows: int) -> tuple[list[str], np.ndarray]:
    words = list(dict.fromkeys(labels))
    positions = np.array([words.index(label) for label in labels], dtype="int32")
    return words, np.repeat(positions, rows)


def _departments(places: pd.DataFrame) -> np.ndarray:
    """Give each row the number of its département, -1 where it has none."""
    code, level = places["code"], places["level"]
    overseas = code.str.startswith("97") | code.str.startswith("98")
    of_commune = code.str[:2].mask(overseas, code.str[:3])
    names = code.str[2:5].where(level == Level.QPV, of_commune.where(level == Level.COMMUNE, ""))
    positions, words = pd.factorize(names)
    numbered: np.ndarray = np.where(np.isin(positions, np.flatnonzero(words == "")), -1, positions)
    return numbered


class _Reasons:
    """Status and note of every cell, column after column."""

    def __init__(
        self, table: Table, layout: Layout, values: np.ndarray, columns: list[Column], departments: np.ndarray
    ) -> None:
        self.words: list[str] = []
        self._positions: dict[str, int] = {}
        self._departments = departments
        self._present = ~np.isnan(values)
        noted = {name: layout.find(table, name) for name in layout.notes}
        factorized = {name: pd.factorize(table.frame[found].str.strip()) for name, found in noted.items() if found}
        blank = (np.zeros(len(values), dtype="int64"), pd.Index([""]))
        whole = self._whole_departments(columns)
        states, notes = [], []
        for position, column in enumerate(columns):
            codes, words = factorized.get(column.note_column or "", blank)
            state, note = self._lookup(column, [str(word) for word in words])
            which = np.where(self._present[:, position], 0, np.where(whole[:, position], 2, 1))
            states.append(state[codes, which])
            notes.append(note[codes, which])
        self.states = np.concatenate(states) if states else np.empty(0, dtype="int32")
        self.notes = np.concatenate(notes) if notes else np.empty(0, dtype="int32")

    def mark(self, marks: Mapping[int, pd.Series[str]], layout: Layout, columns: list[Column]) -> None:
        """Let the marks that stood in the cells say why there is no figure."""
        rows = len(self._present)
        for position, cells in marks.items():
            for mark, state in layout.marks.items():
                where = position * rows + np.flatnonzero(cells == mark)
                said = f"marque «\u00a0{mark}\u00a0» du producteur"
                self.states[where] = _STATES.index(state)
                self.notes[where] = self._word(" ; ".join(filter(None, (said, columns[position].remark))))

    def _lookup(self, column: Column, words: list[str]) -> tuple[np.ndarray, np.ndarray]:
        """Give status and note by NOTE code and by case: value there, cell empty, département empty."""
        states = np.empty((len(words), 3), dtype="int32")
        notes = np.empty((len(words), 3), dtype="int32")
        for row, word in enumerate(words):
            for case in range(3):
                state, reason = _reason(column.note_column, word, case)
                states[row, case] = _STATES.index(state)
                notes[row, case] = self._word(" ; ".join(filter(None, (reason, column.remark))))
        return states, notes

    def _word(self, text: str) -> int:
        if text not in self._positions:
            self._positions[text] = len(self.words)
            self.words.append(text)
        return self._positions[text]

    def _whole_departments(self, columns: list[Column]) -> np.ndarray:
        """Say where a column is empty throughout a département, because nothing there was covered."""
        inside = self._departments >= 0
        whole = np.zeros(self._present.shape, dtype=bool)
        if not inside.any():
            return whole
        numbers = self._departments[inside]
        sizes = np.bincount(numbers)
        filled = np.stack([np.bincount(numbers, weights=column) for column in self._present[inside].T], axis=1)
        blocks = np.array([column.block for column in columns])
        for block in dict.fromkeys(blocks):
            members = blocks == block
            empty = filled[:, members] == 0
            width = int(members.sum())
            bare = empty.all(axis=1) & ((sizes >= WHOLE_FROM // 2) | (width >= WIDE_BLOCK))
            partly = (sizes >= WHOLE_FROM) & (empty.sum(axis=1) >= max(WIDE_BLOCK, GOOD_PART * width))
            whole[np.ix_(inside, members)] = (empty & (bare | partly)[:, None])[numbers]
        return whole


def _reason(note_column: str | None, note: str, case: int) -> tuple[Status, str]:
    said = f"{note_column}={note}" if note else ""
    if case == 0:
        return Status.OBSERVED, said if note != "0" else ""
    if note in SECRET_NOTES:
        return Status.SUPPRESSED, said
    if note in NOT_COVERED_NOTES:
        return Status.MISSING, said
    if case == 2 and not note:  # noqa: PLR2004 - the département is empty
        return Status.MISSING, WHOLE_DEPARTMENT
    return Status.NOT_RELEASED, said or NO_NOTE
