"""Insee's long format: one row a figure, its place, its measure, its year, its confidentiality.

The files ``DS_…_data.csv`` follow SDMX: ``GEO``, ``GEO_OBJECT``, one or more dimensions, ``TIME_PERIOD``,
``OBS_VALUE``, and where the producer has something to say ``UNIT_MULT``, ``CONF_STATUS`` and ``OBS_STATUS``, whose
code lists are those of SDMX (CL_CONF_STATUS, CL_OBS_STATUS).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from diagnostic.errors import InputError
from diagnostic.ingestion.columns import check_bounds
from diagnostic.ingestion.document import Kind
from diagnostic.ingestion.editions import edition_stated
from diagnostic.ingestion.source import Recognition, Tables
from diagnostic.ingestion.tabular import SPREADSHEET_REMEDY, code_kinds, number_matrix, read_table
from diagnostic.ingestion.unproven import remark
from diagnostic.schemas import MEASURE_COLUMNS
from diagnostic.vocabulary import KNOWN, Level, PeriodBasis, Status, is_fictional

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from diagnostic.ingestion.columns import Column
    from diagnostic.ingestion.document import Document
    from diagnostic.ingestion.tabular import Table

PLACE: Final = ("GEO", "GEO_OBJECT")
YEAR: Final = "TIME_PERIOD"
VALUE: Final = "OBS_VALUE"
METROPOLE: Final = "METROPOLE"

# Kinds of places and the shape of their codes; other zonings (employment areas, attraction areas) are left aside.
LEVELS: Final = {
    "COM": (Level.COMMUNE, r"\d[0-9AB]\d{3}"), "ARM": (Level.COMMUNE, r"\d{5}"), "EPCI": (Level.EPCI, r"\d{9}"),
    "DEP": (Level.DEPARTMENT, r"\d{2}|2[AB]|97\d"), "REG": (Level.REGION, r"\d{2}"),
    "FRANCE": (Level.FRANCE, r"F|FM|FE|FR|FRANCE|\d"), "IRIS": (Level.IRIS, r"(?:\d\d|2[AB])\d{7}"),
}  # fmt: skip
# "FM" is metropolitan France, the whole that the tool compares with everywhere else.
FRANCE: Final = {"FM": METROPOLE}
FREE: Final = ("", "F")  # every other confidentiality keeps the figure from being shown
# What an absent figure owes to its status, and what a present one does.
ABSENT: Final = {
    "Q": Status.SUPPRESSED, "M": Status.NOT_APPLICABLE, "L": Status.MISSING, "O": Status.MISSING,
    "H": Status.MISSING, "J": Status.MISSING, "K": Status.MISSING,
}  # fmt: skip
PRESENT: Final = {"E": Status.ESTIMATED, "I": Status.IMPUTED, "F": Status.ESTIMATED}
NORMAL: Final = ("", "A")
NO_REASON: Final = "valeur vide, sans motif du producteur"
SHOWN: Final = 4
SEPARATOR: Final = "\x1f"

# The interface of Melodi writes codes with their year and kind: 2024-COM-59350.
_PREFIX = re.compile(r"^(?:20\d\d-)?[A-Z]+-(?P<code>\w+)$")
_GEOGRAPHY = re.compile(r"geo_?(20\d\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cube:
    """One dataset in the long format.

    Parameters
    ----------
    name
        Name of the source.
    dimensions
        Columns that say what is measured.
    meaning
        Takes the codes of the dimensions; gives the variable, or ``None`` for a measure that the tool ignores.
    fixed
        Columns that must hold one code (``BPE_MEASURE`` is ``FACILITIES``); rows of any other are left aside.
    lag
        Years from those of the figures to that of the codes of places, where the name of the file does not say it.
    """

    name: str
    dimensions: Sequence[str]
    meaning: Callable[[tuple[str, ...]], Column | None]
    fixed: Mapping[str, str]
    lag: int

    @property
    def needles(self) -> tuple[str, ...]:
        """Columns that every file has."""
        return (*PLACE, *self.dimensions, *self.fixed, YEAR, VALUE)

    def recognise(self, document: Document) -> Recognition | None:
        """Say whether a document is this dataset, and which data it holds; ``None`` when it is not."""
        if document.kind not in (Kind.DELIMITED, Kind.WORKBOOK) or not document.headers(self.needles):
            return None
        table = self._table(document)
        years = self._years(table)
        edition, basis = edition_stated(document, source=self.name, stated=str(years.max()))
        places = table.frame[list(PLACE)].drop_duplicates()
        kinds = places["GEO_OBJECT"].map(lambda kind: str(LEVELS[kind][0]) if kind in LEVELS else "")
        fictional = any(is_fictional(kind, code) for kind, code in zip(kinds, places["GEO"], strict=True) if kind)
        return Recognition(self.name, edition, basis + self._aside(table), fictional=fictional)

    def _aside(self, table: Table) -> str:
        said = []
        kinds = set(table.frame["GEO_OBJECT"]) - LEVELS.keys()
        measures = {"/".join(codes) for codes in self._codes(table)[1] if self.meaning(codes) is None}
        for what, names in (("mailles", kinds), ("mesures", measures)):
            if names:
                more = "…" if len(names) > SHOWN else ""
                said.append(f" ; {what} laissées de côté\u00a0: {', '.join(sorted(names)[:SHOWN])}{more}")
        return "".join(said)

    def read(self, document: Document, recognition: Recognition) -> Tables:
        """Read every figure of a known measure and place; raises ``InputError`` with all faults."""
        table = self._table(document)
        frame = table.frame
        positions, codes = self._codes(table)
        columns = [self.meaning(one) for one in codes]
        known = np.array([column is not None for column in columns])[positions]
        known &= frame["GEO_OBJECT"].isin(list(LEVELS)).to_numpy()
        for column, wanted in self.fixed.items():
            known &= (frame[column] == wanted).to_numpy()
        kept = replace(table, frame=frame[known])
        meant = pd.DataFrame(
            {part: [getattr(column, part, "") for column in columns] for part in ("variable", "group", "unit")}
        )
        meant = meant.iloc[positions[known]].set_axis(kept.frame.index, axis=0)
        return Tables(measures=self._measures(kept, meant, document=document, recognition=recognition))

    def _measures(
        self, table: Table, meant: pd.DataFrame, *, document: Document, recognition: Recognition
    ) -> pd.DataFrame:
        values = number_matrix(table, [VALUE])[:, 0] * 10.0 ** self._powers(table)
        status, note = _reasons(table, values)
        values = np.where(status.isin([str(state) for state in KNOWN]), values, np.nan)
        check_bounds(table, VALUE, meant, values)
        years = self._years(table)
        said = remark(self.name)
        if said:
            note = (note + " ; ").mask(note == "", "") + said
        places = self._places(table, document=document, years=years)
        measures = pd.concat([places, meant], axis=1).assign(
            period=years, source=self.name, edition=recognition.edition, value=values, status=status, note=note,
            period_basis=str(PeriodBasis.STATED),
        )[MEASURE_COLUMNS]  # fmt: skip
        return _once(table, measures)

    def _table(self, document: Document) -> Table:
        table = read_table(document, self.needles)
        frame = table.frame.rename(columns=lambda name: name.strip().upper())
        frame = frame.apply(lambda cells: cells.str.strip())
        if frame["GEO"].str.contains("-", regex=False).any():
            frame["GEO"] = frame["GEO"].str.replace(_PREFIX, r"\g<code>", regex=True)
        return replace(table, frame=frame)

    def _codes(self, table: Table) -> tuple[np.ndarray, list[tuple[str, ...]]]:
        """Give each row the position of its measure, and the measures."""
        first, *others = self.dimensions
        keys = table.frame[first]
        for name in others:
            keys = keys + SEPARATOR + table.frame[name]
        positions, words = pd.factorize(keys)
        return positions, [tuple(str(word).split(SEPARATOR)) for word in words]

    def _years(self, table: Table) -> pd.Series[int]:
        cells = table.frame[YEAR]
        wrong = cells[~cells.str.fullmatch(r"(?:19|20)\d\d(?:-12(?:-31)?)?").astype(bool)]
        if not wrong.empty:
            raise InputError(table.fault(
                "année illisible", line=int(wrong.index[0]), column=YEAR, expected="une année (2021)",
                found=repr(wrong.iloc[0]), remedy=SPREADSHEET_REMEDY,
            ))  # fmt: skip
        return cells.str[:4].astype("int64")

    def _powers(self, table: Table) -> np.ndarray:
        if "UNIT_MULT" not in table.frame.columns:
            return np.zeros(len(table.frame))
        powers: np.ndarray = np.nan_to_num(number_matrix(table, ["UNIT_MULT"])[:, 0])
        return powers

    def _places(self, table: Table, *, document: Document, years: pd.Series[int]) -> pd.DataFrame:
        frame = table.frame
        for kind, rows in frame.groupby("GEO_OBJECT", sort=False):
            level, shape = LEVELS[str(kind)]
            code_kinds(replace(table, frame=rows), "GEO", shapes={str(level): shape})
        geography = _GEOGRAPHY.search(document.name)
        vintage = years + self.lag if geography is None else pd.Series(int(geography[1]), index=years.index)
        return pd.DataFrame({
            "level": frame["GEO_OBJECT"].map({kind: str(level) for kind, (level, _) in LEVELS.items()}),
            "code": frame["GEO"].where(frame["GEO_OBJECT"] != "FRANCE", frame["GEO"].replace(FRANCE)),
            "vintage": vintage,
        })  # fmt: skip


def _reasons(table: Table, values: np.ndarray) -> tuple[pd.Series[str], pd.Series[str]]:
    """Give status and note of every figure from its confidentiality and its observation status."""
    frame = table.frame
    blank = pd.Series("", index=frame.index)
    secret, state = frame.get("CONF_STATUS", blank), frame.get("OBS_STATUS", blank)
    there = pd.Series(~np.isnan(values), index=frame.index)
    hidden = ~secret.isin(FREE)
    absent = state.map({code: str(one) for code, one in ABSENT.items()}).fillna(str(Status.NOT_RELEASED))
    present = state.map({code: str(one) for code, one in PRESENT.items()}).fillna(str(Status.OBSERVED))
    status = present.where(there, absent).mask(hidden, str(Status.SUPPRESSED))
    said = ("OBS_STATUS=" + state).mask(state.isin(NORMAL), "").mask(hidden, "CONF_STATUS=" + secret)
    return status, said.mask(~there & (said == ""), NO_REASON)


def _once(table: Table, measures: pd.DataFrame) -> pd.DataFrame:
    """Collapse figures that stand twice, and refuse a figure that has two values."""
    key = ["level", "code", "vintage", "period", "variable", "group"]
    if not measures.duplicated(key).any():
        return measures.reset_index(drop=True)
    rows = measures.drop_duplicates()
    again = rows[rows.duplicated(key)]
    if not again.empty:
        raise InputError(table.fault(
            "deux valeurs différentes pour le même chiffre", line=int(again.index[0]), column=VALUE,
            expected="une valeur par lieu, mesure et année", found=f"{len(again)} répétitions",
            remedy="téléchargez de nouveau le fichier",
        ))  # fmt: skip
    return rows.reset_index(drop=True)
