"""Annex: the neighbourhoods of both generations on one map, and what may be carried from one to the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from diagnostic.formatting import number
from diagnostic.publication.report.blocks import Block, column, table, text_cell
from diagnostic.publication.report.reading import text_of, whole_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from diagnostic.publication.report.pictures import Album
    from diagnostic.publication.report.prose import Prose
    from diagnostic.publication.report.reading import Reader

NONE: Final = "–"
A_PAGE: Final = 16  # maps
ACROSS: Final = 5  # rates in a table
# The rates that the chapters open with, first; the others follow in the order of the reference list.
FIRST: Final = ("poverty_rate", "employment_rate", "rsa_share", "lone_parent_share", "long_term_job_seekers")


def generations(reader: Reader, album: Album, prose: Prose) -> list[Block]:
    """Put both generations side by side; nothing when only one is at hand."""
    pairs = reader.tables.counterparts
    if pairs.empty:
        return []
    codes = [place.code for place in reader.places if place.code in reader.basemap.contours]
    pages = [codes[start : start + A_PAGE] for start in range(0, len(codes), A_PAGE)]
    return prose.blocks("generations", {
        "generation": str(reader.identity.generation),
        "cartes": [album.generations(page, rank=rank) for rank, page in enumerate(pages)],
        "correspondance": [_correspondence(reader)],
        "estimations": _estimates(reader),
    })  # fmt: skip


def _names(reader: Reader) -> dict[str, str]:
    """Name the neighbourhoods of both generations, none cut."""
    pairs, official = reader.tables.counterparts, reader.tables.outlines.set_index("code")["label"].to_dict()
    named = {
        text_of(code): text_of(label)
        for year in (2015, 2024)
        for code, label in zip(pairs[f"code_{year}"], pairs[f"label_{year}"], strict=True)
    }
    return {code: whole_name(label, official.get(code, label)) for code, label in named.items()}


def _correspondence(reader: Reader) -> Block:
    names = _names(reader)
    rows = [
        [
            *(text_cell(_place(names, text_of(row[f"code_{year}"]))) for year in (2015, 2024)),
            text_cell(text_of(row["change"]) or NONE),
            text_cell(_share(row["share_of_2024"])), text_cell(_share(row["share_of_2015"])),
        ]
        for row in reader.tables.counterparts.to_dict("records")
    ]  # fmt: skip
    columns = [
        column("Quartier de 2015", width=0), column("Quartier de 2024", width=0), column("Évolution", width=20),
        column("Part de la surface de 2024", align="number", width=25),
        column("Part de la surface de 2015", align="number", width=25),
    ]  # fmt: skip
    return table(columns, rows)


def _place(names: dict[str, str], code: str) -> str:
    return f"{names[code]}\n{code}" if code else NONE


def _share(value: float) -> str:
    return NONE if pd.isna(value) else f"{number(100 * value, 0)} %"


def _estimates(reader: Reader) -> list[Block]:
    carried = reader.tables.carried
    if carried.empty or carried["value"].isna().all():
        return []
    known = carried.groupby("variable")["value"].count()
    names = [name for name in [*FIRST, *carried["variable"].unique()] if known.get(name, 0)]
    names = list(dict.fromkeys(names))[:ACROSS]
    labels = _names(reader)
    rows = []
    for code, own in carried.groupby("code", sort=True):
        values = own.drop_duplicates("variable").set_index("variable")["value"].dropna().to_dict()
        told = [f"≈ {number(values[name], 1)} %" if name in values else NONE for name in names]
        coverage = f"{number(100 * float(own['coverage'].iloc[0]), 0)} %"
        rows.append([text_cell(_place(labels, str(code))), text_cell(coverage), *(text_cell(one) for one in told)])
    heads = list(_heads(carried, names))
    columns = [
        column("Quartier de 2024", width=0), column("Surface déjà en quartier", align="number", width=17),
        *(column(head, align="number", width=20.5) for head in heads),
    ]  # fmt: skip
    return [table(columns, rows, foot="Estimations, non publiées par les producteurs. – : pas d’estimation.")]


def _heads(carried: pd.DataFrame, names: list[str]) -> Iterator[str]:
    rows = carried.drop_duplicates("variable").set_index("variable")
    heads = (rows["label"] + ", " + rows["period"].astype(str)).to_dict()
    yield from (heads[name] for name in names)
