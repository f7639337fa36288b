"""Insee's thematic tables on the quarters of 2015 (DEMO, IPRO, REVN): what the three have in common.

Three layouts carry the same columns: the official csv, the official workbook (sheets of quarters, communes and
intercommunal bodies under title rows, then documentation sheets) and a workbook's sheet saved as csv.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import pandas as pd

from diagnostic.errors import InputError
from diagnostic.formatting import enumeration
from diagnostic.ingestion.columns import SHEETS, Layout, Period, Sheet, melt, unique_rows
from diagnostic.ingestion.document import Document, Header, Kind
from diagnostic.ingestion.editions import Values, edition_of
from diagnostic.ingestion.source import Recognition, Tables
from diagnostic.ingestion.tabular import Table, check_separators, code_kinds, looks_damaged, read_table
from diagnostic.vocabulary import Level, PeriodBasis, is_fictional

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from diagnostic.ingestion.columns import Column

GENERATION: Final = 2015
QPV_SHAPE: Final = r"QP(?:\d{3}|02[AB])\d{3}"
SHAPES: Final = {
    Level.QPV: QPV_SHAPE,
    Level.FRANCE: r"(?i:ensemble)",
    Level.COMMUNE: r"\d[0-9AB]\d{3}",
    Level.EPCI: r"(?:2\d|99)\d{7}",
}
# Codes of these places have the shape of others: only the name of the sheet tells them apart.
NAMED_SHEETS: Final = (
    (re.compile(r"^(uu\b|unit)", re.IGNORECASE), Level.URBAN_UNIT, r"[0-9A-Z]{5}"),
    (re.compile(r"^d[eé]p", re.IGNORECASE), Level.DEPARTMENT, r"\d{2}|2[AB]|97\d"),
    (re.compile(r"^r[eé]g", re.IGNORECASE), Level.REGION, r"\d{2}"),
)
LICENCE: Final = "Licence ouverte / réutilisation Insee avec mention de la source"


@dataclass(frozen=True, slots=True)
class Thematic:
    """One thematic table.

    Parameters
    ----------
    source
        Name of the source.
    needles
        Columns that this table has and no other.
    layout
        Meaning of every column of every edition.
    probe
        Published column whose values tell the editions apart.
    periods
        Takes the edition's year; gives the data year of each block.
    absent
        By edition, the columns of the layout that some file of this edition was published without.
    """

    source: str
    needles: Sequence[str]
    layout: Layout
    probe: str
    periods: Callable[[int], Mapping[str, Period]]
    absent: Mapping[str, str]

    def recognise(self, document: Document) -> Recognition | None:
        """Say whether a document is this table, and of which edition; ``None`` when it is not."""
        headers = document.headers(self.needles)
        if not headers or document.kind not in (Kind.DELIMITED, Kind.WORKBOOK):
            return None
        codes = [code for header in headers for code in head_codes(document, header, self.layout.code)]
        if not any(has_shape(code) for code in codes) and not looks_damaged(codes):
            return None
        quarters = []
        for header in headers:
            table, kinds = read_body(document, self.needles, sheet=header.sheet, code=self.layout.code)
            names = [str(name) for name in table.frame.columns]
            check_separators(table, [name for name in names if self.layout.base(name) in self.layout.columns])
            quarters += [table] if (kinds == Level.QPV).any() else []
        edition, basis = edition_of(document, source=self.source, values=lambda: self.probed(document))
        self._check_whole(quarters, edition)
        fictional = any(is_fictional(Level.QPV, code) for code in codes)
        return Recognition(self.source, edition, basis, fictional=fictional)

    def expected(self, edition: str) -> list[str]:
        """List the columns of figures and notes that every file of an edition has, none for an unknown edition."""
        if edition not in self.absent:
            return []
        absent = self.absent[edition].split()
        return [name for name in (*self.layout.columns, *sorted(self.layout.notes)) if name not in absent]

    def sheet(self) -> Sheet:
        """Give what the table is known by when it lost columns."""
        return Sheet(self.source, self.layout, {edition: self.expected(edition) for edition in self.absent})

    def _check_whole(self, tables: Sequence[Table], edition: str) -> None:
        """Refuse sheets of quarters that lost a column: a missing note would change the reason of empty cells."""
        faults = []
        for table in tables:
            there = {self.layout.base(name) for name in table.frame.columns}
            missing = [name for name in self.expected(edition) if name not in there]
            if missing:
                faults.append(table.fault(
                    "colonnes manquantes", line=table.header_line,
                    expected=f"les colonnes publiées dans l’édition {edition}",
                    found=f"sans {enumeration(missing)}",
                    remedy="téléchargez de nouveau le fichier complet et ajoutez-le sans le modifier",
                ))  # fmt: skip
        if faults:
            raise InputError(faults)

    def probed(self, document: Document) -> Values:
        """Give the probed column by QPV, empty cells left out."""
        values: Values = {}
        for header in document.headers(self.needles):
            table, kinds = read_body(document, self.needles, sheet=header.sheet, code=self.layout.code)
            name = self.layout.find(table, self.probe)
            if name is not None:
                kept = table.frame[(kinds == Level.QPV) & (table.frame[name].str.strip() != "")]
                values.update(zip(_codes(kept, self.layout), kept[name].str.strip(), strict=True))
        return values

    def read(self, document: Document, recognition: Recognition) -> Tables:
        """Read every sheet of figures; raises ``InputError`` with the faults of the first sheet at fault."""
        year = int(recognition.edition)
        frames = []
        for header in document.headers(self.needles):
            table, kinds = read_body(document, self.needles, sheet=header.sheet, code=self.layout.code)
            column = self.layout.find(table, self.layout.code) or self.layout.code
            table = unique_rows(table, column)
            places = places_of(table, kinds.loc[table.frame.index], column=column, year=year)
            frames.append(melt(
                table, self.layout, places=places, periods=self.periods(year), source=self.source,
                edition=recognition.edition,
            ))  # fmt: skip
        return Tables(measures=frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True))


def words(source: str, *blocks: str) -> dict[str, Column]:
    """Give the columns of some blocks of a table that is known already: one meaning a name, whatever the file.

    Parameters
    ----------
    source
        Name under which the table is registered in :data:`~diagnostic.ingestion.columns.SHEETS`.
    blocks
        Names of the blocks, all of them by default.

    Examples
    --------
    >>> words("insee_qpv_demo", "caf")["PERCOU"].variable
    'persons_covered_by_caf'
    """
    columns = SHEETS[source].layout.columns
    return {name: column for name, column in columns.items() if not blocks or column.block in blocks}


def edition_periods(year: int, blocks: Sequence[str], **stated: int | None) -> dict[str, Period]:
    """Give each block its data year where it is known, else the edition's.

    Examples
    --------
    >>> periods = edition_periods(2022, ["income", "caf"], income=2018, caf=None)
    >>> periods["income"].year, str(periods["caf"].basis)
    (2018, 'edition')
    """
    periods = {}
    for block in blocks:
        known = stated.get(block)
        periods[block] = Period(year, PeriodBasis.EDITION) if known is None else Period(known, PeriodBasis.STATED)
    return periods


def head_codes(document: Document, header: Header, code: str) -> list[str]:
    """Give the codes that stand under a header in the head of a document, blanks left out."""
    position = [name.upper() for name in header.columns].index(code)
    rows = document.heads[header.sheet][header.line :]
    return [row[position].strip() for row in rows if len(row) > position and row[position].strip()]


def read_body(
    document: Document, needles: Sequence[str], *, sheet: str | None, code: str,
    shapes: Mapping[Level, str] = SHAPES,
) -> tuple[Table, pd.Series[str]]:  # fmt: skip
    """Read a sheet and the level of each of its rows, notes under the table left out.

    Parameters
    ----------
    document, needles, sheet
        See :func:`~diagnostic.ingestion.tabular.read_table`.
    code
        Published name of the column of codes, in upper case.
    shapes
        Shape of the codes of each level.

    Returns
    -------
    tuple of Table and pandas.Series
        The rows of figures, and their levels by line.

    Raises
    ------
    InputError
        When a code has no known shape, above all when a spreadsheet turned it into a number.
    """
    table = read_table(document, needles, sheet=sheet)
    column = next(name for name in table.frame.columns if name.strip().upper() == code)
    named = {str(level): shape for level, shape in shapes.items()}
    for pattern, level, shape in NAMED_SHEETS:
        if sheet and pattern.search(sheet):
            named = {str(Level.FRANCE): shapes[Level.FRANCE], str(level): shape}
    table = _without_footnotes(table, column, shapes="|".join(named.values()))
    return table, code_kinds(table, column, shapes=named)


def _without_footnotes(table: Table, column: str, *, shapes: str) -> Table:
    frame = table.frame
    alone = (frame != "").sum(axis=1) == 1
    if not alone.iloc[-1:].any():
        return table
    keep = frame[column].str.strip().str.fullmatch(shapes).astype(bool) | ~alone
    last = int(keep.to_numpy().nonzero()[0].max(initial=-1))
    return replace(table, frame=frame.iloc[: last + 1])


def has_shape(code: str) -> bool:
    """Say whether a code is one of the places that tables of the quarters of 2015 hold."""
    return any(re.fullmatch(shape, code) for shape in SHAPES.values())


def _codes(frame: pd.DataFrame, layout: Layout) -> pd.Series[str]:
    name = next(name for name in frame.columns if layout.base(name) == layout.code)
    return frame[name].str.strip()


def places_of(
    table: Table, kinds: pd.Series[str], *, column: str, year: int, generation: int = GENERATION
) -> pd.DataFrame:
    """Give level, code and vintage of each row.

    Parameters
    ----------
    table, column
        A text table and its column of codes.
    kinds
        Level of each row.
    year
        Vintage of places other than quarters.
    generation
        Of the quarters.

    Returns
    -------
    pandas.DataFrame
        Columns ``level``, ``code``, ``vintage``; the row of all quarters is France, code ``QPV`` and generation.
    """
    codes = table.frame[column].str.strip()
    main = kinds.mode().iloc[0] if len(kinds) else str(Level.QPV)
    of_quarters = (kinds == Level.QPV).any() or (kinds == Level.FRANCE).all()
    whole = f"QPV{generation}" if of_quarters else f"ENSEMBLE_{main.upper()}"
    quarters = kinds.isin([Level.QPV, Level.FRANCE])
    return pd.DataFrame({
        "level": kinds,
        "code": codes.mask(kinds == Level.FRANCE, whole),
        "vintage": quarters.map({True: generation, False: year}).astype("int64"),
    })  # fmt: skip
