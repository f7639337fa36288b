"""Tables of quarters that no real file has shown whole yet: known columns are read, the others named.

Insee publishes these tables one archive a theme, data beside their dictionary. Their columns are those of the
tables of 2015, more or less: what the tool knows is read under the same names as everywhere; what it does not
know is left aside, said with its label from the dictionary, and may be declared as a local table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd

from diagnostic.errors import Fault, InputError
from diagnostic.ingestion.columns import MARKS, Layout, Period, melt, unique_rows
from diagnostic.ingestion.dictionary import Dictionary, dictionary_beside, is_dictionary
from diagnostic.ingestion.document import Document, Kind
from diagnostic.ingestion.editions import BY_HASH, BY_NAME, BY_USER, edition_stated
from diagnostic.ingestion.source import Recognition, Tables
from diagnostic.ingestion.tabular import check_separators
from diagnostic.ingestion.thematic import SHAPES, places_of, read_body
from diagnostic.ingestion.unproven import remark
from diagnostic.registry import Registry
from diagnostic.vocabulary import Level, PeriodBasis, is_fictional

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from diagnostic.ingestion.columns import Column
    from diagnostic.ingestion.tabular import Table

QUARTERS: Final = {2015: SHAPES[Level.QPV], 2024: r"QN[0-9AB]{3}\d{2}[A-Z]"}
# In Insee's files "00" is the whole of the quarters of metropolitan France.
WHOLE: Final = r"(?i:ensemble|00)"
CODES: Final = ("CODGEO", "CODEQPV", "CODE_QP", "CODEQP", "CODE_QPV", "QP")
LABELS: Final = frozenset({
    "LIBGEO", "LIBQPV", "LIB_QP", "LIB_QPV", "NOM_QP", "LIB_COM", "CODEREG", "CODEUU2020", "LISTEDEPCOM",
    "LISTELIBDEPCOM", "LISTEEPCI2022", "LISTEDEP", "REG", "DEP", "UU2020", "LIST_COM_2025",
})  # fmt: skip
# Places other than quarters in files of the first generation, one level a file.
OTHER_PLACES: Final = {level: SHAPES[level] for level in (Level.COMMUNE, Level.EPCI)}
# Compilations of a third party repeat a quarter by commune, and carry the commune's code.
FOREIGN: Final = frozenset({"COG", "INSEE_COM", "SIREN_EPCI"})
SHOWN: Final = 4

_NOTE = re.compile(r"(?:.*_)?NOTE(?:_.*)?")
_SUFFIX = re.compile(r"_?A?(\d\d)$")
_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?!\d)")
_GEOGRAPHY = re.compile(r"Q(?:P|PV|N)_?(?:20)?(?:15|24)", re.IGNORECASE)


class Found(NamedTuple):
    """Where a table stands in a document."""

    sheet: str | None
    code: str
    names: tuple[str, ...]
    known: frozenset[str]


@dataclass(frozen=True, slots=True)
class Described:
    """One theme of Insee's tables of quarters, one generation.

    Parameters
    ----------
    name
        Name of the source.
    generation
        2015 or 2024: the shape of the codes.
    words
        Gives the columns that the tool knows, by published name in upper case, without the suffix of the year.
    signs
        Columns of which one at least must be there.
    against
        Columns whose presence means another table.
    levels
        Shape of the codes of places other than quarters.
    suffixed
        Whether the names of columns end with the data year (``DISP_MED_A21``).
    dated
        Whether a year in the name of the file is that of the figures; else it is the edition's.
    years
        By block, the data year of the editions for which it was established.
    beyond
        See :class:`~diagnostic.ingestion.columns.Layout`.
    """

    name: str
    generation: int
    words: Callable[[], Mapping[str, Column]]
    signs: Collection[str]
    against: Collection[str] = ()
    levels: Mapping[Level, str] = field(default_factory=dict)
    suffixed: bool = False
    dated: bool = True
    years: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    beyond: Collection[str] = frozenset()

    def base(self, name: str) -> str:
        """Give the published name of a column, the suffix of its year taken off."""
        published = name.strip().upper()
        return _SUFFIX.sub("", published) if self.suffixed and published not in self.words() else published

    def find(self, document: Document) -> list[Found]:
        """Find the sheets whose titles and first codes are those of this theme."""
        return [found for found in self._candidates(document) if self._has_codes(document, found)]

    def _candidates(self, document: Document) -> Iterator[Found]:
        for sheet, head in document.heads.items():
            for row in head:
                names = tuple(cell.strip() for cell in row)
                if not any(name.upper() in CODES for name in names):
                    continue
                bases = {self.base(name) for name in names if name}
                code = next((code for code in CODES if code in bases), None)
                if code is None or not bases & set(self.signs) or bases & {*self.against, *FOREIGN}:
                    continue
                yield Found(sheet, code, names, frozenset(bases & self.words().keys()))
                break

    def _has_codes(self, document: Document, found: Found) -> bool:
        position = [name.upper() for name in found.names].index(found.code)
        codes = [row[position].strip() for row in document.heads[found.sheet] if len(row) > position]
        if any(re.fullmatch(shape, code) for shape in QUARTERS.values() for code in codes):
            return any(re.fullmatch(QUARTERS[self.generation], code) for code in codes)
        return any(re.fullmatch(shape, code) for shape in self._others(document) for code in codes)

    def _others(self, document: Document) -> list[str]:
        """Give the shapes that are enough without any quarter; the whole of them only where the name tells."""
        geography = {found[-2:] for found in _GEOGRAPHY.findall(document.name)}
        return [*self.levels.values(), *([WHOLE] if str(self.generation)[-2:] in geography else [])]

    def recognise(self, document: Document) -> Recognition | None:
        """Say whether a document is this table, and of which year; ``None`` when another is."""
        if document.kind not in (Kind.DELIMITED, Kind.WORKBOOK) or is_dictionary(document):
            return None
        found = self.find(document)
        if not found or not self._alone(document, found):
            return None
        tables = [self._body(document, one) for one in found]
        for (table, _), one in zip(tables, found, strict=True):
            figures = [name for name in table.frame.columns if self.base(name) in one.known]
            check_separators(table, figures)
        dictionary = dictionary_beside(document)
        edition, basis = self._edition(document, found, dictionary)
        codes = [code for table, _ in tables for code in self._codes(table)]
        return Recognition(
            self.name, edition, basis + self._aside(found, dictionary),
            fictional=any(is_fictional(Level.QPV, code) for code in codes),
        )  # fmt: skip

    def _alone(self, document: Document, found: Sequence[Found]) -> bool:
        """Say whether this theme knows all that others know here: a mix of themes is no table of the producer."""
        mine = _known(found)
        for other in THEMES:
            theirs = _known(other.find(document)) if other.generation == self.generation else frozenset()
            if not theirs <= mine or (theirs == mine and other.name > self.name):
                return False
        return True

    def _edition(self, document: Document, found: Sequence[Found], dictionary: Dictionary) -> tuple[str, str]:
        years = sorted({year for one in found for year in self._suffixes(one)})
        if len(years) > 1:
            raise InputError(Fault(
                "colonnes de plusieurs années", file=document.name, sheet=found[0].sheet,
                expected="une seule année dans les noms de colonnes", found=", ".join(years),
                remedy="téléchargez de nouveau le fichier",
            ))  # fmt: skip
        named = _YEAR.findall(_GEOGRAPHY.sub("", document.name))
        if self.dated and not named and not years:
            years = self._said(found, dictionary)
        if years or not self.dated or not named or document.edition:
            return edition_stated(document, source=self.name, stated=years[0] if years else None)
        edition, basis = edition_stated(document, source=self.name, stated=named[0])
        return edition, basis if basis == BY_HASH else BY_NAME

    def _said(self, found: Sequence[Found], dictionary: Dictionary) -> list[str]:
        """Give the year that the labels of the figures name, when they name one only."""
        names = [name for one in found for name in one.names if self.base(name) in one.known]
        said = sorted({year for name in names for year in _YEAR.findall(dictionary.labels.get(name.upper(), ""))})
        return said if len(said) == 1 else []

    def _suffixes(self, found: Found) -> set[str]:
        if not self.suffixed:
            return set()
        names = [name.upper() for name in found.names if self.base(name) in found.known]
        ends = [_SUFFIX.search(name) for name in names if name not in found.known]
        return {f"20{end[1]}" for end in ends if end}

    def _aside(self, found: Sequence[Found], dictionary: Dictionary) -> str:
        unknown = [name for one in found for name in self.unknown(one.names)]
        if not unknown:
            return ""
        more = "…" if len(unknown) > SHOWN else ""
        shown = " ; ".join(dictionary.describe(unknown[:SHOWN]))
        return f" ; colonnes inconnues laissées de côté ({len(unknown)})\u00a0: {shown}{more}"

    def unknown(self, names: Sequence[str]) -> list[str]:
        """List the columns that are neither known figures, nor labels, nor notes."""
        known = self.words().keys() | LABELS | set(CODES)
        return [name for name in names if name and self.base(name) not in known and not _is_note(self.base(name))]

    def _body(self, document: Document, found: Found) -> tuple[Table, pd.Series[str]]:
        shapes = {**SHAPES, **self.levels, Level.QPV: QUARTERS[self.generation], Level.FRANCE: WHOLE}
        needles = (found.code, *(name for name in found.names if self.base(name) in self.signs))
        return read_body(document, needles, sheet=found.sheet, code=found.code, shapes=shapes)

    def _codes(self, table: Table) -> list[str]:
        column = next(name for name in table.frame.columns if name.strip().upper() in CODES)
        return table.frame[column].str.strip().tolist()

    def _layout(self, table: Table, code: str) -> Layout:
        """Give the layout of one file: its own note column serves every figure of its source."""
        names = [self.base(name) for name in table.frame.columns]
        notes = [name for name in names if _is_note(name)]
        said = remark(self.name)
        columns = {}
        for name in names:
            column = self.words().get(name)
            if column is not None:
                note = column.note_column if column.note_column in notes else notes[0] if len(notes) == 1 else None
                text = " ; ".join(filter(None, (column.remark, said)))
                columns[name] = replace(column, note_column=note, remark=text)
        aside = {name for name in names if name not in columns and name != code}
        return Layout(columns, code=code, labels=aside, base=self.base, beyond=self.beyond, marks=MARKS)

    def read(self, document: Document, recognition: Recognition) -> Tables:
        """Read the known columns of every sheet; raises ``InputError`` with the faults of the first at fault."""
        year = int(recognition.edition)
        frames = []
        for found in self.find(document):
            table, kinds = self._body(document, found)
            layout = self._layout(table, found.code)
            column = layout.find(table, found.code) or found.code
            table = unique_rows(table, column)
            places = places_of(
                table, kinds.loc[table.frame.index], column=column, year=year, generation=self.generation
            )
            frames.append(melt(
                table, layout, places=places, periods=self._periods(layout, recognition), source=self.name,
                edition=recognition.edition,
            ))  # fmt: skip
        return Tables(measures=frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True))

    def _periods(self, layout: Layout, recognition: Recognition) -> dict[str, Period]:
        edition = recognition.edition
        stated = self.dated and not recognition.basis.startswith(BY_USER)
        same = Period(int(edition), PeriodBasis.STATED if stated else PeriodBasis.EDITION)
        known = {
            block: Period(years[edition], PeriodBasis.STATED)
            for block, years in self.years.items()
            if edition in years
        }
        return {column.block: known.get(column.block, same) for column in layout.columns.values()}


def _known(found: Sequence[Found]) -> frozenset[str]:
    return frozenset().union(*(one.known for one in found))


def _is_note(name: str) -> bool:
    return bool(_NOTE.fullmatch(name))


THEMES: Final[Registry[Described]] = Registry("diagnostic.ingestion.sources")
