"""Tables of the report: neighbourhoods × indicators, neighbourhoods × comparators, one neighbourhood's sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from diagnostic.analysis.gaps import MEDIAN
from diagnostic.analysis.wholes import MADE, OUTSIDE
from diagnostic.formatting import DECIMALS, enumeration, number
from diagnostic.publication.figures.cells import Cell, label, mark
from diagnostic.publication.report.blocks import Block, align_commas, column, table, text_cell
from diagnostic.publication.report.reading import Reader, comparator_cell, group_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from diagnostic.publication.figures import Place

SHORT_KINDS: Final = {
    "commune": "Commune", "epci": "EPCI", "unite_urbaine": "Unité urbaine", "departement": "Département",
    "region": "Région", "france": "France", "qpv_departement_median": "Médiane des QPV du dép.",
    "epci_hors_qpv": "EPCI hors QPV", "commune_hors_qpv": "Commune hors QPV",
    "contrat": "Ensemble des QPV du contrat",
}  # fmt: skip
_TRANSPOSED_UNDER: Final = 3
_NUMBERS: Final = 102.0  # millimetres left to the numbers beside the names
SEVERAL: Final = "Pour un quartier sur plusieurs communes, la commune est la première nommée."


def number_cell(cell: Cell | None, *, signed: bool = False, strong: bool = False, pad: str = "") -> Block:
    """Make a cell of a value, or of its mark."""
    if cell is None:
        return text_cell("", faint=True)
    return text_cell(cell.text(signed=signed), strong=strong and cell.written, faint=not cell.written, pad=pad)


def legend(shown: Iterable[Cell]) -> str:
    """Say the marks that a table uses."""
    kinds = sorted({cell.kind for cell in shown if not cell.written})
    return " ; ".join(f"{mark(kind)} : {label(kind)}" for kind in kinds) + ("." if kinds else "")


def numbers(cells: Sequence[Cell | None], *, signed: bool = False, strong: bool = False) -> list[Block]:
    """Make a column of values whose commas meet."""
    texts = ["" if cell is None else cell.text(signed=signed) for cell in cells]
    return [
        number_cell(cell, signed=signed, strong=strong, pad=pad)
        for cell, pad in zip(cells, align_commas(texts), strict=True)
    ]


def matrix(reader: Reader, variables: Sequence[str], *, title: str) -> list[Block]:
    """Make the table of neighbourhoods by indicators, in list order; turned round for one or two of them."""
    known = [name for name in variables if any(cell.kind != "missing" for cell in reader.cells(name).values())]
    if not known:
        return []
    shown = {name: list(reader.cells(name).values()) for name in known}
    foot = legend(cell for cells in shown.values() for cell in cells)
    if len(reader.places) < _TRANSPOSED_UNDER:
        return [_turned(reader, known, shown, title=title, foot=foot)]
    columns = [column("N°", align="number", width=7), column("Quartier", width=0)]
    columns += [
        column(
            f"{reader.short(name)} ({reader.unit_label(name)})\n{reader.period(name)}", align="number",
            width=min(34.0, max(17.5, _NUMBERS / len(known))),
        ) for name in known
    ]  # fmt: skip
    values = [numbers(shown[name]) for name in known]
    rows = [
        [text_cell(str(place.number), faint=True), text_cell(place.name), *(cells[rank] for cells in values)]
        for rank, place in enumerate(reader.places)
    ]
    return [table(columns, rows, title=title, foot=foot)]


def _turned(reader: Reader, known: Sequence[str], shown: dict[str, list[Cell]], *, title: str, foot: str) -> Block:
    columns = [column("Indicateur", width=0), column("Unité"), column("Année")]
    columns += [column(place.name, align="number", width=34) for place in reader.places]
    values = [numbers([shown[name][rank] for name in known]) for rank in range(len(reader.places))]
    rows = [
        [
            text_cell(reader.short(name)), text_cell(reader.unit_label(name), faint=True),
            text_cell(reader.period(name), faint=True), *(cells[row] for cells in values),
        ] for row, name in enumerate(known)
    ]  # fmt: skip
    return table(columns, rows, title=title, foot=foot)


def _beside(reader: Reader, variable: str) -> list[str]:
    """Choose the three comparators that a page holds: a place without its quarters says more than a median."""
    kinds = reader.kinds(variable)
    outside = [kind for kind in kinds if kind in OUTSIDE.values()]
    return [kind for kind in kinds if not (outside and kind == MEDIAN)][:3]


def comparison(reader: Reader, variable: str) -> list[Block]:
    """Make the table of neighbourhoods by comparators for one indicator."""
    kinds = _beside(reader, variable)
    if not kinds:
        return []
    unit = reader.unit(variable)
    columns = [
        column("N°", align="number", width=7), column("Quartier", width=0),
        column(f"Valeur ({reader.unit_label(variable)})", align="number", width=18),
    ]  # fmt: skip
    shown = reader.cells(variable)
    body: list[list[Block]] = [numbers(list(shown.values()), strong=True)]
    notable = False
    for kind in kinds:
        found = [reader.comparison(variable, code, kind) for code in reader.codes]
        columns += [
            column(SHORT_KINDS[kind], align="number", width=17), column("Écart", align="number", width=14),
        ]  # fmt: skip
        body.append(numbers([comparator_cell(row, "comparator_value", unit=unit) for row in found]))
        gaps = [
            comparator_cell(row, "difference", unit=unit) if shown[code].written else None
            for row, code in zip(found, reader.codes, strict=True)
        ]
        cells = numbers(gaps, signed=True)
        for cell, row in zip(cells, found, strict=True):
            if row is not None and bool(row["notable"]) and bool(row["worse"]):
                cell["strong"] = notable = True
        body.append(cells)
    rows = [
        [text_cell(str(place.number), faint=True), text_cell(place.name), *(cells[rank] for cells in body)]
        for rank, place in enumerate(reader.places)
    ]
    parts = [
        f"Source : {reader.source(variable)}.",
        "En gras : écart défavorable notable." if notable else "",
        SEVERAL if "commune" in kinds and any(len(place.communes) > 1 for place in reader.places) else "",
        legend(shown.values()),
        *_not_made(reader, variable),
    ]
    foot = " ".join(part for part in parts if part)
    return [table(columns, rows, title=f"{reader.label(variable)}, {reader.period(variable)}", foot=foot)]


def _not_made(reader: Reader, variable: str) -> list[str]:
    """Say why quarters could not be added up, or taken from their place; the reason ends the note of a gap."""
    rows = reader.tables.gaps
    rows = rows[rows["headline"].astype(bool) & (rows["variable"] == variable) & (rows["group"] == "all")]
    rows = rows[rows["comparator_kind"].isin([str(level) for level in MADE]) & rows["comparator_value"].isna()]
    last = rows.assign(why=rows["note"].str.split(" ; ", regex=False).str[-1]).drop_duplicates("comparator_kind")
    return [
        f"{SHORT_KINDS[kind]}, absent : {why}."
        for kind, why in last[["comparator_kind", "why"]].itertuples(index=False)
    ]


def inventory(reader: Reader) -> Block:
    """Make the list of the neighbourhoods: number, name, communes, population, area."""
    columns = [
        column("N°", align="number", width=7), column("Quartier", width=0), column("Code", width=19),
        column("Commune(s)", width=44), column("Population", align="number", width=19),
        column("Superficie (ha)", align="number", width=19),
    ]  # fmt: skip
    population = ["–" if place.population is None else number(place.population) for place in reader.places]
    areas = ["–" if place.area is None else number(place.area, DECIMALS["hectares"]) for place in reader.places]
    rows = [
        [
            text_cell(str(place.number), faint=True), text_cell(place.label), text_cell(place.code, faint=True),
            text_cell(enumeration(place.communes) or "–"), text_cell(people), text_cell(area),
        ] for place, people, area in zip(reader.places, population, areas, strict=True)
    ]  # fmt: skip
    return table(columns, rows)


def sheet_table(reader: Reader, place: Place, figures: Sequence[tuple[str, str]]) -> list[Block]:
    """Make one neighbourhood's table: its indicators (name and group) beside up to three comparators."""
    shown = [(name, group, reader.cells(name, group)[place.code]) for name, group in figures]
    if not shown:
        return []
    present = [kind for kind in SHORT_KINDS if any(kind in reader.kinds(name) for name, _ in figures)]
    near = [kind for kind in present if kind != "qpv_departement_median"]
    kinds = [*near[:2], *(kind for kind in present if kind not in near), *near[2:]][:3]
    columns = [
        column("Indicateur", width=0), column("Unité", width=13), column("Année", width=20),
        column("Quartier", align="number", width=18),
        *(column(SHORT_KINDS[kind], align="number", width=20) for kind in kinds),
    ]  # fmt: skip
    values = numbers([cell for *_, cell in shown], strong=True)
    others = [
        numbers([_reference(reader, place, kind, name, group) for name, group, _ in shown]) for kind in kinds
    ]
    rows = [
        [
            text_cell(_named(reader, name, group)), text_cell(reader.unit_label(name), faint=True),
            text_cell(reader.period(name, group), faint=True), values[rank], *(cells[rank] for cells in others),
        ] for rank, (name, group, _) in enumerate(shown)
    ]  # fmt: skip
    foot = [
        legend(cell for *_, cell in shown),
        "Case vide : pas de comparateur publié."
        if any(cell["t"] == "" for cells in others for cell in cells)
        else "",
        SEVERAL if "commune" in kinds and len(place.communes) > 1 else "",
    ]
    return [table(columns, rows, foot=" ".join(part for part in foot if part))]


def _named(reader: Reader, variable: str, group: str) -> str:
    return reader.short(variable) + ("" if group == "all" else f", {group_label(group)}")


def _reference(reader: Reader, place: Place, kind: str, variable: str, group: str) -> Cell | None:
    row = reader.comparison(variable, place.code, kind, group=group)
    return comparator_cell(row, "comparator_value", unit=reader.unit(variable))
