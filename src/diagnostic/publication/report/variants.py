"""The same content for other readers: the préfet, residents, the people in the room, a partner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from diagnostic.formatting import plural
from diagnostic.publication.report.blocks import Block, blanks, bullets, heading
from diagnostic.publication.report.cards import cards
from diagnostic.publication.report.chapters import TEXTS, domain, mapped
from diagnostic.publication.report.grids import matrix
from diagnostic.publication.report.pages import essentials_of, fitted
from diagnostic.publication.report.residents import residents
from diagnostic.publication.report.roles import appraisal_grid
from diagnostic.vocabulary import THEME_LABELS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from diagnostic.publication.report.edition import Edition, Page

NOTE: Final = "note_prefet.pdf"
RESIDENTS: Final = "habitants.pdf"
POSTERS: Final = "affiches.pdf"
CARDS: Final = "cartes.pdf"
GRID: Final = "grille_instruction.pdf"
_NOTE_FINDINGS: Final = 5
_NOTE_COLUMNS: Final = 6
_NOTE_MAPPED: Final = 12  # neighbourhoods: with more, the table fills the page
_ENLARGED: Final = 1.64  # as wide as the room beside the frames
_POSTER_HEIGHT: Final = 222.0  # millimetres that an A3 page leaves under its title
_WRITING: Final = (
    ("Ce que je vois", 70),
    ("Deux explications possibles", 84),
    ("À vérifier, auprès de qui ?", 66),
)
_LEVELS: Final = tuple(
    (level, 225) for level in ("Micro : une personne", "Méso : une organisation", "Macro : une règle")
)


def variants(edition: Edition) -> Iterator[tuple[str, Page]]:
    """Prepare every variant.

    Parameters
    ----------
    edition
        Numbers, figures and texts of the territory.

    Yields
    ------
    tuple
        File name and :meth:`Edition.page`: the note of two pages, the residents' pages, the cards, the posters,
        the grid to examine applications, a sheet a domain.
    """
    name = edition.reader.identity.name
    yield NOTE, edition.page(_note(edition), title=f"Note de synthèse — {name}")
    yield RESIDENTS, edition.page(residents(edition), title=f"Notre quartier, nos droits — {name}", form="facile")
    yield CARDS, edition.page(cards(edition.prose), title=f"Cartes des exercices — {name}")
    yield POSTERS, edition.page(_posters(edition), title=f"Affiches à annoter — {name}", form="affiche")
    if len(edition.reader.tables.ptlcd):
        said, blind = essentials_of(edition.reader), edition.reader.tables.blind_spots
        grid = appraisal_grid(said, blind=blind, prose=edition.prose)
        yield GRID, edition.page(grid, title=f"Grille d’instruction des demandes — {name}")
    for theme, text in TEXTS.items():
        blocks = domain(edition.reader, edition.album, edition.prose, theme=theme)
        if blocks:
            blocks += edition.prose.blocks("demandes", {"domaine": THEME_LABELS[theme].lower()})
            title = f"{THEME_LABELS[theme]} : fiche pour les partenaires — {name}"
            yield f"fiche_{text}.pdf", edition.page(blocks, title=title)


def _note(edition: Edition) -> list[Block]:
    reader = edition.reader
    said = essentials_of(reader)
    main = [one for theme in TEXTS for one in reader.variables(theme) if reader.main(one) and not reader.pair(one)]
    return edition.prose.blocks("note_prefet", {
        "territoire": reader.identity.name,
        "quartiers": plural(len(reader.places), "quartier prioritaire", "quartiers prioritaires"),
        "generation": str(reader.identity.generation),
        "constats": [bullets(said.findings[:_NOTE_FINDINGS])] if said.findings
        else edition.prose.blocks("sans_constat"),
        "declare": [bullets(said.declared)] if said.declared else [],
        "decisions": [bullets(said.decisions)] if said.decisions else [],
        "inconnues": [bullets(said.unknown)] if said.unknown else [],
        "carte": [fitted(edition.situation)] if len(reader.places) <= _NOTE_MAPPED else [],
        "tableau": matrix(reader, main[:_NOTE_COLUMNS], title=""),
    })  # fmt: skip


def _posters(edition: Edition) -> list[Block]:
    """Make one poster a map, room to write beside it, and one to place facts on three levels."""
    blocks: list[Block] = []
    for theme in TEXTS:
        for picture in mapped(edition.reader, edition.album, theme):
            high = min(_ENLARGED, _POSTER_HEIGHT / picture["height"])
            large = {**picture, "width": round(picture["width"] * high, 2)}
            blocks += [
                heading(THEME_LABELS[theme], 1, page=bool(blocks)),
                {"kind": "split", "left": [large], "right": [blanks(_WRITING)], "width": 270},
            ]
    return [*blocks, *edition.prose.blocks("affiche_niveaux"), blanks(_LEVELS, across=True)]
