"""The chapters by theme: a question, what is missing, a map, a table, the gaps, what to ask."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from diagnostic.formatting import enumeration
from diagnostic.publication.report.blocks import Block, after_colon, box, heading
from diagnostic.publication.report.evolution import evolution, over_time
from diagnostic.publication.report.grids import comparison, matrix, sheet_table
from diagnostic.publication.report.pages import population
from diagnostic.publication.report.reading import NEAR
from diagnostic.vocabulary import NEVER_MAPPED, THEME_LABELS, Theme

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
_TABLED: Final = 12  # neighbourhoods: a longer table leaves its chapter, the map's list gives the first column
_WORDS: Final = 4
_FEWER: Final = 3  # in a short chapter; every definition stands in the annexes
_FULL: Final = 3  # themes: the later ones leave their table to the annexes, and one map is enough


def chapters(reader: Reader, album: Album, prose: Prose, *, long: bool = True) -> list[Block]:
    """Make a chapter for each theme with data; resources and employment, when bare, say what to ask for.

    Parameters
    ----------
    reader, album, prose
        Numbers, figures, texts.
    long
        Whether each chapter shows everything; else :func:`complements` shows the rest.

    Returns
    -------
    list of dict
        Blocks of the chapters, each after its heading.
    """
    blocks: list[Block] = []
    full = True  # whether what comes before fills its page
    told = False
    for theme, name in TEXTS.items():
        found = domain(reader, album, prose, theme=theme, long=long, told=told)
        told = told or any(block["kind"] == "aside" for block in found)
        if found:
            blocks += found
        elif f"{name}_sans_donnees" in prose:
            short = prose.blocks(f"{name}_sans_donnees", {"territoire": reader.identity.name})
            blocks += [{**one, "page": full} if one["kind"] == "heading" else one for one in short]
        full = bool(found)
    return blocks


def complements(reader: Reader, album: Album, prose: Prose, *, crossed: Sequence[Block] = ()) -> list[Block]:
    """Make the annex of what short chapters leave out.

    Parameters
    ----------
    reader, album, prose
        As :func:`chapters`.
    crossed
        What the chapter of crossings leaves out.
    """
    people = population(reader)
    blocks: list[Block] = [heading(THEME_LABELS[Theme.POPULATION], 2), *people] if people else []
    for theme in TEXTS:
        variables = [one for one in reader.variables(theme) if reader.written(one)]
        rates = [one for one in variables if reader.pair(one) is None]
        left = [
            *([] if _on_map(reader, theme, rates) else _map(reader, album, rates)),
            *_matrices(reader, theme, rates)[1],
            *_gaps(reader, album, rates)[1],
            *over_time(reader, album, variables),
        ]
        blocks += [heading(THEME_LABELS[theme], 2), *left] if left else []
    blocks += [heading("Croisements", 2), *crossed] if crossed else []
    return prose.blocks("complements", {"domaines": blocks}) if blocks else []


def domain(
    reader: Reader, album: Album, prose: Prose, *, theme: Theme, long: bool = True, told: bool = False
) -> list[Block]:
    """Make the chapter of a theme; nothing without a figure that may be written.

    Parameters
    ----------
    reader, album, prose
        Numbers, figures, texts.
    theme
        One of :data:`TEXTS`.
    long
        Whether it shows everything.
    told
        Whether a chapter before it said where the absent comparators are.
    """
    variables = [one for one in reader.variables(theme) if reader.written(one)]
    if not variables:
        return []
    name = TEXTS[theme]
    rates = [one for one in variables if reader.pair(one) is None]
    tables, others = _matrices(reader, theme, rates)
    charts, more = _gaps(reader, album, rates)
    shown = long or _on_map(reader, theme, rates)
    blocks = prose.blocks(name, {
        "territoire": reader.identity.name,
        "comparateurs_manquants": _missing(reader, prose, rates, told=told),
        "carte": _map(reader, album, rates) if shown else [],
        "tableau": [*tables, *others] if long else tables,
        "ecarts": [*charts, *more] if long else charts,
        "groupes": _groups(reader, album, prose, variables),
        "evolution": evolution(reader, album, prose, variables=variables, drawn=long),
        "commentaire": prose.own(f"commentaire_{name}"),
        "dit_et_ne_dit_pas": [_box(reader, variables, most=_WORDS if long else _FEWER)],
    })  # fmt: skip
    return blocks if long else _straight(blocks)


def _straight(blocks: list[Block]) -> list[Block]:
    """Drop the heading of the first figure: it answers the chapter's own question."""
    for rank, (block, below) in enumerate(pairwise(blocks)):
        if rank and block["kind"] == "heading" and below["kind"] == "figure":
            return [*blocks[:rank], *blocks[rank + 1 :]]
        if block["kind"] in {"figure", "table"}:
            break
    return blocks


def mapped(reader: Reader, album: Album, theme: Theme) -> list[Block]:
    """Give the map of a theme, none where nothing may be mapped."""
    return _map(reader, album, [one for one in reader.variables(theme) if reader.pair(one) is None])


def _missing(reader: Reader, prose: Prose, variables: Sequence[str], *, told: bool) -> list[Block]:
    """Say which main indicators have no commune, EPCI… figure, and how to get it unless that is told."""
    names = [reader.short(one) for one in variables if reader.main(one) and not set(reader.kinds(one)) & set(NEAR)]
    if not names:
        return []
    found = [reader.short(one) for one in variables if set(reader.kinds(one)) & set(NEAR)]
    blocks = prose.blocks("sans_comparateur", {
        "indicateurs": enumeration(names),
        "indicateurs_compares": enumeration(found[:4]) if found else "aucun",
    })  # fmt: skip
    return [one for block in blocks for one in (block["body"] if told and "body" in block else [block])]


def _map(reader: Reader, album: Album, variables: Sequence[str]) -> list[Block]:
    mapped = next((one for one in variables if reader.unit(one) == "percent" and one not in NEVER_MAPPED), None)
    return album.circles(mapped) if mapped else []


def _matrices(reader: Reader, theme: Theme, variables: Sequence[str]) -> tuple[list[Block], list[Block]]:
    """Give the table of a short chapter, then those that it leaves to the annexes."""
    if reader.alone:
        return sheet_table(reader, reader.places[0], [(one, "all") for one in variables]), []
    main = [one for one in variables if reader.main(one)][:_COLUMNS]
    rest = [one for one in variables if one not in main][:_COLUMNS]
    if len(rest) == 1 or len(main) + len(rest) <= _COLUMNS:  # a table of one column teaches nothing
        main, rest = [*main, *rest], []
    first = matrix(reader, main, title="Les quartiers, indicateur par indicateur")
    others = matrix(reader, rest, title="Autres indicateurs publiés") if rest else []
    late = theme not in _themes(reader)[:_FULL] and any(reader.kinds(one) for one in variables)
    apart = len(reader.places) > _TABLED or _repeats(reader, variables) or late
    return ([], [*first, *others]) if apart else (first, others)


def _on_map(reader: Reader, theme: Theme, variables: Sequence[str]) -> bool:
    """Say whether a short chapter has its map: those of the first themes do, where it adds to their chart."""
    themes = _themes(reader)
    return theme in themes[: 1 if len(themes) > _FULL else _FULL - 1] and not _repeats(reader, variables)


def _themes(reader: Reader) -> list[Theme]:
    """Give the themes that have a chapter."""
    return [one for one in TEXTS if any(reader.written(name) for name in reader.variables(one))]


def _repeats(reader: Reader, variables: Sequence[str]) -> bool:
    """Say whether a theme has one indicator, that its chart gives whole: map and table would say it again."""
    return len(variables) == 1 and not reader.alone and bool(reader.kinds(variables[0]))


def _gaps(reader: Reader, album: Album, variables: Sequence[str]) -> tuple[list[Block], list[Block]]:
    """Chart the indicator that is best compared; then, for the annexes, the next one and a table."""
    compared = [] if reader.alone else [one for one in variables if reader.kinds(one)]
    near = [one for one in compared if set(reader.kinds(one)) & set(NEAR)]
    chosen = list(dict.fromkeys([*near[:1], *[one for one in compared if reader.main(one)], *compared]))[:_CHARTS]
    charts = [album.gaps(variable) for variable in chosen]
    tables = [block for variable in chosen[:1] for block in comparison(reader, variable)]
    return charts[0] if charts else [], [*(block for chart in charts[1:] for block in chart), *tables]


def _groups(reader: Reader, album: Album, prose: Prose, variables: Sequence[str]) -> list[Block]:
    pairs = [one for one in variables if reader.pair(one)]
    if not pairs:
        return []
    drawn = [block for one in pairs for block in album.pair(one)]
    shown = drawn or sheet_table(reader, reader.places[0], [(one, "all") for one in pairs])
    return prose.blocks("ecarts_entre_groupes", {"figures": shown})


def _box(reader: Reader, variables: Sequence[str], *, most: int) -> Block:
    main = ([one for one in variables if reader.main(one)] or list(variables))[:most]
    return box([
        (title, dict.fromkeys(
            f"{reader.short(one)} : {after_colon(words)}" if field != "ask" else words
            for one in main if (words := reader.word(one, field))
        ))
        for title, field in (
            ("Ce que ça dit", "says"), ("Ce que ça ne dit pas", "does_not_say"), ("À demander", "ask"),
        )
    ])  # fmt: skip
