"""The public tables as a report reads them: headline values, comparators, sources, words of the catalogue."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from diagnostic.analysis.trends import TREND_COLUMNS
from diagnostic.formatting import enumeration
from diagnostic.publication.figures import Basemap
from diagnostic.publication.figures.cells import Cell, cell, cells
from diagnostic.publication.figures.lettering import ELLIPSIS
from diagnostic.vocabulary import FICTIONAL_BANNER, GROUP_LABELS, UNIT_LABELS, Theme

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    import pandas as pd

    from diagnostic.analysis.disclosure.public import Identity, PublicTables
    from diagnostic.publication.figures import Place

KINDS: Final = (
    "commune", "epci", "unite_urbaine", "departement", "region", "france", "qpv_departement_median",
    "epci_hors_qpv", "commune_hors_qpv", "contrat",
)  # fmt: skip
NEAR: Final = ("commune", "epci", "unite_urbaine", "departement", "region")  # what a neighbourhood is part of
OLD_AFTER: Final = 5  # years
PAIRS: Final = {"women_men": "women", "foreign_french": "foreign"}
COLUMN_UNITS: Final = {
    "percent": "%", "euros": "€", "points": "points", "ratio": "rapport", "persons": "hab.",
    "per_1000_inhabitants": "pour 1 000 hab.",
}  # fmt: skip


def text_of(value: object) -> str:
    """Read a text cell; an empty one is an empty string.

    Examples
    --------
    >>> text_of(None), text_of(float("nan")), text_of("Auby")
    ('', '', 'Auby')
    """
    if isinstance(value, str):
        return "" if value == "—" else value
    if isinstance(value, (list, tuple)):
        return enumeration([str(word) for word in value])
    return ""


def whole_name(short: str, official: str) -> str:
    """Give a short name, or the official one where the short one is cut.

    Examples
    --------
    >>> whole_name("Les Hauts de Liévin", "Les Hauts De Liévin"), whole_name("Centre…", "Centre - Gare")
    ('Les Hauts de Liévin', 'Centre - Gare')
    """
    return official if short.endswith(ELLIPSIS) else short


class Reader:
    """What the report asks of the public tables; nothing is computed.

    Parameters
    ----------
    tables
        The public tables.
    chosen
        Indicators to show; all those of the catalogue by default.
    """

    def __init__(self, tables: PublicTables, chosen: Sequence[str] | None = None) -> None:
        self.tables = tables
        self.identity: Identity = tables.identity
        self.basemap = Basemap(tables.territories)
        self.places: list[Place] = self.basemap.places
        catalogue = (
            tables.catalogue if chosen is None else tables.catalogue[tables.catalogue["variable"].isin(chosen)]
        )
        self.catalogue: dict[str, dict[Hashable, Any]] = {
            str(row["variable"]): row for row in catalogue.to_dict("records")
        }
        rows = tables.indicators
        keep = (
            (rows["level"] == "qpv")
            & rows["headline"].astype(bool)
            & (rows["vintage"] == self.identity.generation)
        )
        self._rows = {
            (str(variable), str(group)): part
            for (variable, group), part in rows[keep].groupby(["variable", "group"], sort=True)
        }
        gaps = tables.gaps
        known = gaps[gaps["headline"].astype(bool) & (gaps["level"] == "qpv") & gaps["comparator_value"].notna()]
        self._comparisons = self._first_named(known)
        known = known[known["group"] == "all"]
        self._gaps = {str(variable): part for variable, part in known.groupby("variable", sort=True)}
        self._empty_gaps = gaps.iloc[:0]
        self._kinds = {
            name: [kind for kind in KINDS if (part["comparator_kind"] == kind).any()]
            for name, part in self._gaps.items()
        }
        self._cells: dict[tuple[str, str], dict[str, Cell]] = {}
        self._periods: dict[tuple[str, str], str] = {}
        self._source_rows = {
            (str(row["source"]), str(row["edition"])): row for row in tables.sources.to_dict("records")
        }

    def _first_named(self, gaps: pd.DataFrame) -> dict[tuple[str, str, str, str], Mapping[Hashable, Any]]:
        """Index comparisons; a neighbourhood over several communes is read beside the first one named."""
        home = {place.code: place.commune_codes[:1] for place in self.places}
        found: dict[tuple[str, str, str, str], Mapping[Hashable, Any]] = {}
        for row in gaps.to_dict("records"):
            code = str(row["code"])
            key = (str(row["variable"]), str(row["group"]), code, str(row["comparator_kind"]))
            if key not in found or str(row["comparator_code"]) in home.get(code, ()):
                found[key] = row
        return found

    @cached_property
    def codes(self) -> list[str]:
        """Codes of the neighbourhoods, in list order."""
        return [place.code for place in self.places]

    @property
    def alone(self) -> bool:
        """Whether the territory has one neighbourhood only: then nothing is ranked or charted."""
        return len(self.places) == 1

    def rows(self, variable: str, group: str = "all") -> pd.DataFrame:
        """Give the headline rows of an indicator; empty where there is none."""
        return self._rows.get((variable, group), self.tables.indicators.iloc[:0])

    def groups(self, variable: str) -> list[str]:
        """Give the groups that an indicator is published for."""
        return sorted(group for name, group in self._rows if name == variable)

    def cells(self, variable: str, group: str = "all") -> dict[str, Cell]:
        """Give one cell a neighbourhood."""
        key = (variable, group)
        if key not in self._cells:
            self._cells[key] = cells(self.rows(variable, group), self.codes, unit=self.unit(variable))
        return self._cells[key]

    def written(self, variable: str, group: str = "all") -> int:
        """Count the neighbourhoods whose value may be written."""
        return sum(cell.written for cell in self.cells(variable, group).values())

    def gaps(self, variable: str) -> pd.DataFrame:
        """Give the comparisons of an indicator, every group together, at its headline period."""
        return self._gaps.get(variable, self._empty_gaps)

    def kinds(self, variable: str) -> list[str]:
        """Give the comparators that an indicator has, nearest first."""
        return self._kinds.get(variable, [])

    def variables(self, theme: Theme, *, shown: bool = True) -> list[str]:
        """Give the indicators of a theme, main ones first; those without any row are left out."""
        names = [name for name, row in self.catalogue.items() if row["theme"] == str(theme)]
        if shown:
            names = [name for name in names if not self.rows(name).empty]
        return sorted(names, key=self._rank)

    def _rank(self, variable: str) -> tuple[bool, str]:
        identifier = text_of(self.catalogue[variable]["id"])
        return "-" in identifier, identifier

    def main(self, variable: str) -> bool:
        """Say whether an indicator is a main one, not a detail of another."""
        return not self._rank(variable)[0]

    def pair(self, variable: str) -> str | None:
        """Say which two groups an indicator sets apart: ``women``, ``foreign`` or neither."""
        return next((group for ending, group in PAIRS.items() if variable.endswith(ending)), None)

    def word(self, variable: str, field: str) -> str:
        """Give a text of the catalogue, empty where it has none."""
        return text_of(self.catalogue[variable].get(field)) if variable in self.catalogue else ""

    def label(self, variable: str) -> str:
        """Give the full label of an indicator."""
        return self.word(variable, "label") or variable

    def short(self, variable: str) -> str:
        """Give the short label of an indicator."""
        return self.word(variable, "short_label") or self.label(variable)

    def unit(self, variable: str) -> str:
        """Give the unit of an indicator."""
        return self.word(variable, "unit")

    def unit_label(self, variable: str) -> str:
        """Give the unit as a column heading prints it."""
        unit = self.unit(variable)
        return COLUMN_UNITS.get(unit, UNIT_LABELS.get(unit, unit))

    def period(self, variable: str, group: str = "all") -> str:
        """Say the year of the data, or the edition where the year is stated nowhere."""
        key = (variable, group)
        if key not in self._periods:
            self._periods[key] = self.years(self.rows(variable, group))
        return self._periods[key]

    def series(self, variable: str) -> pd.DataFrame:
        """Give the years of an indicator for the territory's neighbourhoods, each step beside its break.

        One source only, that of the latest year: no step was measured between the years of two of them.
        """
        rows = self.tables.trends
        if rows.empty:
            return rows.reindex(columns=TREND_COLUMNS)
        kept = (rows["level"] == "qpv") & (rows["variable"] == variable) & (rows["group"] == "all")
        own = rows[kept & rows["code"].isin(self.codes)]
        latest = own.groupby("source")["period"].max()
        return own[own["source"] == latest.idxmax()] if len(latest) else own

    @staticmethod
    def years(rows: pd.DataFrame) -> str:
        """Say the years of some rows, or their editions where the year is stated nowhere."""
        known = rows[rows["value"].notna()]
        said = {
            f"édition {row['edition']}" if row["period_basis"] == "edition" else str(row["period"])
            for row in (known if len(known) else rows).to_dict("records")
        }
        return enumeration(sorted(said))

    def source(self, variable: str, group: str = "all") -> str:
        """Name the files behind an indicator, as printed under figures."""
        rows = self.rows(variable, group)
        names: dict[str, None] = {}
        for source, edition in sorted(
            {(str(s), str(e)) for s, e in zip(rows["source"], rows["edition"], strict=True)}
        ):
            for one in source.split(" + "):
                found = self._source_rows.get((one, edition))
                label = str(found["label"]) if found else self._label(one)
                if label:
                    names[f"{label}, édition {edition}" if edition else label] = None
        return " ; ".join(names)

    def _label(self, source: str) -> str:
        return next((str(row["label"]) for (name, _), row in self._source_rows.items() if name == source), "")

    def contours(self) -> str:
        """Name the source of the neighbourhoods' contours."""
        own = f"anct_qpv_{self.identity.generation}"
        named = [
            str(row["label"])
            for (name, _), row in sorted(self._source_rows.items())
            if name == own or (name.endswith("communes") and "ontours" in str(row["title"]))
        ]
        return enumeration(list(dict.fromkeys(named)))

    def oldest(self) -> int | None:
        """Give the oldest stated year among the headline values."""
        years = [
            int(year)
            for (variable, _), rows in self._rows.items()
            if variable in self.catalogue
            for year in rows.loc[(rows["period_basis"] == "stated") & rows["value"].notna(), "period"].unique()
        ]
        return min(years, default=None)

    @property
    def fictional(self) -> bool:
        """Whether the figures are invented."""
        return self.identity.fictional

    @property
    def banner(self) -> str:
        """The banner of invented data, empty for real ones."""
        return FICTIONAL_BANNER if self.fictional else ""

    def comparison(
        self, variable: str, code: str, kind: str, *, group: str = "all"
    ) -> Mapping[Hashable, Any] | None:
        """Give one row of ``gaps``, ``None`` where the comparator does not exist."""
        return self._comparisons.get((variable, group, code, kind))

    def finding(self, variable: str) -> str:
        """Give what the findings say of an indicator, without its final stop; empty where they say nothing."""
        rows = self.tables.findings
        said = rows[(rows["variable"] == variable) & (rows["group"] == "all") & (rows["kind"] != "blind_spot")]
        return "" if said.empty else text_of(said["message"].iloc[0]).rstrip(".")

    def notable(self, variable: str, code: str) -> bool:
        """Say whether a neighbourhood has an unfavourable and notable gap with any comparator."""
        found = [self.comparison(variable, code, kind) for kind in self.kinds(variable)]
        return any(row is not None and bool(row["notable"]) and bool(row["worse"]) for row in found)


def comparator_cell(row: Mapping[Hashable, Any] | None, field: str, *, unit: str) -> Cell | None:
    """Read a number of a comparison; ``None`` where there is no comparator."""
    if row is None:
        return None
    read = cell(row[field], status="observed", unit=unit)
    return read if read.written else None


def group_label(group: str) -> str:
    """Name a group in French."""
    return GROUP_LABELS.get(group, group)
