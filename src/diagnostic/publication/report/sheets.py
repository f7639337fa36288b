"""One page a neighbourhood: where it is, a dozen figures beside their comparators, three questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from diagnostic.formatting import DECIMALS, NBSP, enumeration, number
from diagnostic.publication.report.blocks import Block, box, heading, note, paragraph, remainder
from diagnostic.publication.report.grids import sheet_table
from diagnostic.vocabulary import Theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from diagnostic.publication.figures import Place
    from diagnostic.publication.report.pictures import Album
    from diagnostic.publication.report.prose import Prose
    from diagnostic.publication.report.reading import Reader

_PER_THEME: Final = {Theme.POPULATION: 5, Theme.RESOURCES: 4, Theme.EMPLOYMENT: 5, Theme.HEALTH: 1}
_QUESTIONS: Final = 3
NOTES: Final = "Ce que nous en disons"
_BY_GROUP: Final = "employment_rate"
_GROUPS: Final = ("all", "women", "foreign")


def sheets(reader: Reader, album: Album, prose: Prose) -> list[Block]:
    """Make the sheets of every neighbourhood, in list order."""
    figures = _selection(reader)
    first = prose.blocks("fiches_un_quartier" if reader.alone else "fiches", {"territoire": reader.identity.name})
    blocks: list[Block] = []
    for rank, place in enumerate(reader.places):
        page = _sheet(reader, album, prose, place=place, figures=figures)
        blocks += first + page if rank == 0 else [{"kind": "pagebreak"}, *page]
    return blocks


def _selection(reader: Reader) -> list[tuple[str, str]]:
    """Choose about a dozen indicators and groups, the same for every neighbourhood."""
    chosen = [
        one
        for theme, most in _PER_THEME.items()
        for one in [name for name in reader.variables(theme) if reader.main(name) and name != "population"][:most]
    ]
    return [
        (one, group)
        for one in chosen
        for group in (_GROUPS if one == _BY_GROUP else ("all",))
        if not reader.rows(one, group).empty
    ]


def _sheet(
    reader: Reader, album: Album, prose: Prose, *, place: Place, figures: Sequence[tuple[str, str]]
) -> list[Block]:
    facts = [
        f"Commune{'s' if len(place.communes) > 1 else ''} : {enumeration(place.communes)}."
        if place.communes
        else "",
        f"Population : {number(place.population)}{NBSP}habitants." if place.population is not None else "",
        f"Superficie : {number(place.area, DECIMALS['hectares'])}{NBSP}ha." if place.area is not None else "",
        f"Code : {place.code}, génération {reader.identity.generation}.",
    ]
    title = place.label if reader.alone else f"{place.number}. {place.label}"
    right = [paragraph(fact) for fact in facts if fact]
    contour = album.locator(place.code)
    top: list[Block] = [{"kind": "split", "left": contour, "right": right, "width": 62}] if contour else right
    return [
        heading(title, 2), *top, *sheet_table(reader, place, figures), *prose.quarter(place.code),
        box([("Trois questions à poser", _questions(reader, place, figures))]),
        remainder(NOTES), note(_words(prose.blocks("fiche_note"))),
    ]  # fmt: skip


def _words(blocks: list[Block]) -> str:
    return " ".join("".join(run["t"] for run in block["runs"]) for block in blocks if "runs" in block)


def _questions(reader: Reader, place: Place, figures: Sequence[tuple[str, str]]) -> list[str]:
    """Put first the questions of the indicators whose gap is notable here."""
    usable = [one for one, group in figures if group == "all" and reader.cells(one)[place.code].written]
    asked = [
        reader.word(one, "ask") for one in sorted(usable, key=lambda one: not reader.notable(one, place.code))
    ]
    return list(dict.fromkeys(question for question in asked if question))[:_QUESTIONS]
