"""One page a neighbourhood: where it is, a dozen figures beside their comparators, three questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from diagnostic.formatting import DECIMALS, NBSP, enumeration, number
from diagnostic.publication.report.blocks import Block, box, heading, note, paragraph
from diagnostic.publication.report.grids import sheet_table
from diagnostic.vocabulary import Theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from diagnostic.publication.figures import Place
    from diagnostic.publication.report.pictures import Album
    from diagnostic.publication.report.prose import Prose
    from diagnostic.publication.report.reading import Reader

_PER_THEME: Final = {Theme.POPULATION: 4, Theme.RESOURCES: 4, Theme.EMPLOYMENT: 5, Theme.HEALTH: 1}
_QUESTIONS: Final = 3


def sheets(reader: Reader, album: Album, prose: Prose) -> list[Block]:
    """Make the sheets of every neighbourhood, in list order."""
    variables = _selection(reader)
    first = prose.blocks("fiches", {"territoire": reader.identity.name})
    blocks: list[Block] = []
    for rank, place in enumerate(reader.places):
        page = _sheet(reader, album, prose, place=place, variables=variables)
        blocks += first + page if rank == 0 else [{"kind": "pagebreak"}, *page]
    return blocks


def _selection(reader: Reader) -> list[str]:
    """Choose about a dozen indicators, the same for every neighbourhood."""
    return [
        one
        for theme, most in _PER_THEME.items()
        for one in [name for name in reader.variables(theme) if reader.main(name) and name != "population"][:most]
    ]


def _sheet(
    reader: Reader, album: Album, prose: Prose, *, place: Place, variables: Sequence[str]
) -> list[Block]:
    facts = [
        f"Commune{'s' if len(place.communes) > 1 else ''} : {enumeration(place.communes)}." if place.communes else "",
        f"Population : {number(place.population)}{NBSP}habitants." if place.population is not None else "",
        f"Superficie : {number(place.area, DECIMALS['hectares'])}{NBSP}ha." if place.area is not None else "",
        f"Code : {place.code}, génération {reader.identity.generation}.",
    ]
    title = place.label if reader.alone else f"{place.number}. {place.label}"
    right = [paragraph(fact) for fact in facts if fact]
    figure = album.locator(place.code)
    top: list[Block] = (
        [{"kind": "split", "left": figure, "right": right, "width": 62}] if figure else right
    )
    return [
        heading(title, 2), *top, *sheet_table(reader, place, variables),
        box([("Trois questions à poser", _questions(reader, place, variables))]),
        note(_words(prose.blocks("fiche_note"))),
    ]  # fmt: skip


def _words(blocks: list[Block]) -> str:
    return " ".join("".join(run["t"] for run in block["runs"]) for block in blocks if "runs" in block)


def _questions(reader: Reader, place: Place, variables: Sequence[str]) -> list[str]:
    """Put first the questions of the indicators whose gap is notable here."""
    usable = [one for one in variables if reader.cells(one)[place.code].written]
    asked = [reader.word(one, "ask") for one in sorted(usable, key=lambda one: not reader.notable(one, place.code))]
    return list(dict.fromkeys(question for question in asked if question))[:_QUESTIONS]
