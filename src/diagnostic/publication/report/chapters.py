"""The chapters by theme: a question, what is missing, a map, a table, the gaps, what to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from diagnostic.formatting import enumeration
from diagnostic.publication.figures.kinds.circles_map import NEVER_MAPPED
from diagnostic.publication.report.blocks import Block, after_colon, box
from diagnostic.publication.report.grids import comparison, matrix, sheet_table
from diagnostic.vocabulary import Theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from diagnostic.publication.report.pictures import Album
    from diagnostic.publication.report.prose import Prose
    from diagnostic.publication.report.reading import Reader

TEXTS: Final = {
    Theme.RESOURCES: "ressources", Theme.EMPLOYMENT: "emploi", Theme.EDUCATION: "education",
    Theme.HOUSING: "logement", Theme.HEALTH: "sante", Theme.PUBLIC_SERVICES: "services", Theme.GOODS: "biens",
}  # fmt: skip
_COLUMNS: Final = 6
_CHARTS: Final = 2
_WORDS: Final = 4
_NEAR: Final = ("commune", "epci", "departement", "region")


def chapters(reader: Reader, album: Album, prose: Prose) -> list[Block]:
    """Make a chapter for each theme with data; resources and employment, when bare, say what to ask for.

    Parameters
    ----------
    reader, album, prose
        Numbers, figures, texts.

    Returns
    -------
    list of dict
        Blocks of the chapters, each after its heading.
    """
    blocks: list[Block] = []
    full = True  # whether what comes before fills its page
    for theme, name in TEXTS.items():
        found = domain(reader, album, prose, theme=theme)
        if found:
            blocks += found
        elif f"{name}_sans_donnees" in prose:
            short = prose.blocks(f"{name}_sans_donnees", {"territoire": reader.identity.name})
            blocks += [{**one, "page": full} if one["kind"] == "heading" else one for one in short]
        full = bool(found)
    return blocks


def domain(reader: Reader, album: Album, prose: Prose, *, theme: Theme) -> list[Block]:
    """Make the chapter of a theme; nothing without a figure that may be written.

    Parameters
    ----------
    reader, album, prose
        Numbers, figures, texts.
    theme
        One of :data:`TEXTS`.
    """
    variables = [one for one in reader.variables(theme) if reader.written(one)]
    if not variables:
        return []
    name = TEXTS[theme]
    rates = [one for one in variables if reader.pair(one) is None]
    return prose.blocks(name, {
        "territoire": reader.identity.name,
        "comparateurs_manquants": _missing(reader, prose, rates),
        "carte": _map(reader, album, rates),
        "tableau": _matrices(reader, rates),
        "ecarts": _gaps(reader, album, rates),
        "groupes": _groups(reader, album, prose, variables),
        "commentaire": prose.own(f"commentaire_{name}"),
        "dit_et_ne_dit_pas": [_box(reader, variables)],
    })  # fmt: skip


def mapped(reader: Reader, album: Album, theme: Theme) -> list[Block]:
    """Give the map of a theme, none where nothing may be mapped."""
    return _map(reader, album, [one for one in reader.variables(theme) if reader.pair(one) is None])


def _missing(reader: Reader, prose: Prose, variables: Sequence[str]) -> list[Block]:
    """Say which main indicators have no commune, EPCI… figure, and how to get it."""
    names = [
        reader.short(one) for one in variables if reader.main(one) and not set(reader.kinds(one)) & set(_NEAR)
    ]
    if not names:
        return []
    found = [reader.short(one) for one in variables if set(reader.kinds(one)) & set(_NEAR)]
    return prose.blocks("sans_comparateur", {
        "indicateurs": enumeration(names),
        "indicateurs_compares": enumeration(found[:4]) if found else "aucun",
    })  # fmt: skip


def _map(reader: Reader, album: Album, variables: Sequence[str]) -> list[Block]:
    mapped = next((one for one in variables if reader.unit(one) == "percent" and one not in NEVER_MAPPED), None)
    return album.circles(mapped) if mapped else []


def _matrices(reader: Reader, variables: Sequence[str]) -> list[Block]:
    if reader.alone:
        return sheet_table(reader, reader.places[0], [(one, "all") for one in variables])
    main = [one for one in variables if reader.main(one)][:_COLUMNS]
    rest = [one for one in variables if one not in main][:_COLUMNS]
    if len(rest) == 1:  # a table of one column teaches nothing
        main, rest = [*main, *rest], []
    return [
        *matrix(reader, main, title="Les quartiers, indicateur par indicateur"),
        *(matrix(reader, rest, title="Autres indicateurs publiés") if rest else []),
    ]


def _gaps(reader: Reader, album: Album, variables: Sequence[str]) -> list[Block]:
    """Give a chart and a table for the indicators that are best compared."""
    compared = [] if reader.alone else [one for one in variables if reader.kinds(one)]
    near = [one for one in compared if set(reader.kinds(one)) & set(_NEAR)]
    chosen = list(dict.fromkeys([*near[:1], *[one for one in compared if reader.main(one)], *compared]))[:_CHARTS]
    blocks: list[Block] = []
    for variable in chosen:
        blocks += album.gaps(variable)
    for variable in chosen[:1]:
        blocks += comparison(reader, variable)
    return blocks


def _groups(reader: Reader, album: Album, prose: Prose, variables: Sequence[str]) -> list[Block]:
    pairs = [one for one in variables if reader.pair(one)]
    if not pairs:
        return []
    drawn = [block for one in pairs for block in album.pair(one)]
    shown = drawn or sheet_table(reader, reader.places[0], [(one, "all") for one in pairs])
    return prose.blocks("ecarts_entre_groupes", {"figures": shown})


def _box(reader: Reader, variables: Sequence[str]) -> Block:
    main = [one for one in variables if reader.main(one)][:_WORDS]
    return box([
        (title, dict.fromkeys(
            f"{reader.short(one)} : {after_colon(words)}" if field != "ask" else words
            for one in main if (words := reader.word(one, field))
        ))
        for title, field in (
            ("Ce que ça dit", "says"), ("Ce que ça ne dit pas", "does_not_say"), ("À demander", "ask"),
        )
    ])  # fmt: skip
