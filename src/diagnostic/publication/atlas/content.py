"""Everything the atlas holds, as plain data: what is not here is not in the file."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from diagnostic.formatting import DECIMALS, enumeration, long_date, quantity, typographic
from diagnostic.publication.atlas.declared import declared
from diagnostic.publication.atlas.outlines import Grid
from diagnostic.publication.atlas.pool import Pool
from diagnostic.publication.atlas.quadrant import quadrant
from diagnostic.publication.atlas.series import KINDS_OF_ABSENCE, all_series, scaled
from diagnostic.publication.figures.cells import label, mark
from diagnostic.publication.figures.classes import MOST
from diagnostic.publication.figures.marks import LEGEND_LABELS, ink_on, ramp
from diagnostic.publication.report.facts import Facts
from diagnostic.publication.report.grids import SHORT_KINDS
from diagnostic.publication.report.messages import COMPARATORS
from diagnostic.publication.report.pages import reading_guide
from diagnostic.publication.report.prose import Prose
from diagnostic.publication.report.reading import Reader
from diagnostic.publication.report.survey import Survey

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from diagnostic.analysis.disclosure.public import PublicTables
    from diagnostic.publication.figures import Place

# Invisible characters that would turn the words after them round, or break a line of the file.
_INVISIBLE: Final = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


def content(
    tables: PublicTables, *, texts: Mapping[str, str] | None = None, crossings: pd.DataFrame | None = None
) -> dict[str, Any]:
    """Gather what the page shows.

    Parameters
    ----------
    tables
        What disclosure let out.
    texts
        The lead's own texts, by file name.
    crossings
        Gaps beside perceived shares, where they were crossed.

    Returns
    -------
    dict
        Plain data: words without invisible controls, numbers rounded as they are written.

    Raises
    ------
    ConfigurationError
        When a text has an unknown name or holds an unknown reference.
    TerritoryError
        When there is no neighbourhood, or no declared reference system.
    """
    readers = [Reader(one) for one in _generations(tables)]
    main = readers[0]
    prose = Prose(texts, facts=Facts(main), codes=[code for one in readers for code in one.codes])
    grid = Grid([one.basemap for one in readers])
    pool = Pool(tables.sources)
    survey = Survey(tables)
    layers = [_layer(one, grid, pool, prose) for one in readers]
    pool.sources(tables.sources)  # outlines, and files that no figure shown here comes from
    found: dict[str, Any] = clean({
        "identity": _identity(main),
        "layers": layers,
        "ground": {
            "window": grid.window(), "metres": grid.step, "communes": grid.communes(main.basemap),
            "source": typographic(main.contours()),
        },
        "absences": [
            {"letter": _LETTERS[rank], "kind": kind, "mark": mark(kind), "label": typographic(label(kind)),
             "short": typographic(LEGEND_LABELS[kind])}
            for rank, kind in enumerate(KINDS_OF_ABSENCE)
        ],
        "ramps": [[[colour, ink_on(rank, count)] for rank, colour in enumerate(ramp(count))]
                  for count in range(1, MOST + 1)],
        "units": {unit: _unit(unit) for unit in sorted({row["unit"] for one in layers for row in one["series"]} |
                                                        {"points", "hectares"})},
        "comparators": {kind: typographic(name) for kind, name in COMPARATORS.items()},
        "columns": {kind: typographic(name) for kind, name in SHORT_KINDS.items()},
        "survey": declared(survey, main, prose),
        "quadrant": quadrant(crossings),
        "reading": _reading(main, prose, survey),
        **pool.content(),
    })  # fmt: skip
    return found


def _generations(tables: PublicTables) -> list[PublicTables]:
    """Part the tables by generation, that of the document first: no layer ever mixes two."""
    of_qpv = {name: getattr(tables, name) for name in ("territories", "indicators", "gaps")}
    quarters = tables.territories[tables.territories["level"].eq("qpv")]
    own = tables.identity.generation
    others = sorted({int(one) for one in quarters["vintage"]} - {own}, reverse=True)
    return [
        replace(tables, identity=replace(tables.identity, generation=generation), **{
            name: table[table["level"].ne("qpv") | table["vintage"].eq(generation)]
            for name, table in of_qpv.items()
        })
        for generation in (own, *others)
    ]  # fmt: skip


def _identity(reader: Reader) -> dict[str, Any]:
    identity = reader.identity
    return {
        "name": typographic(identity.name), "banner": reader.banner, "date": long_date(identity.edition_date),
        "author": typographic(identity.author), "commissioner": typographic(identity.commissioner),
        "version": identity.version,
    }  # fmt: skip


def _layer(reader: Reader, grid: Grid, pool: Pool, prose: Prose) -> dict[str, Any]:
    return {
        "generation": reader.identity.generation,
        "places": [_place(reader, place, grid, pool, prose) for place in reader.places],
        "series": all_series(reader, pool),
    }


def _place(reader: Reader, place: Place, grid: Grid, pool: Pool, prose: Prose) -> dict[str, Any]:
    """Give a neighbourhood; its full name and the lead's words only where there are."""
    contour = reader.basemap.contours.get(place.code)
    name, label = typographic(place.name), typographic(place.label)
    found = {
        "code": place.code, "number": place.number, "name": name,
        "in": pool.name(enumeration(place.communes)),
        "population": None if place.population is None else round(place.population),
        "area": scaled(place.area, "hectares"),
        "shape": None if contour is None else grid.neighbourhood(contour),
        "label": label if label != name else "", "words": prose.quarter(place.code),
    }  # fmt: skip
    return {key: value for key, value in found.items() if value not in ("", [], None)}


def _unit(unit: str) -> dict[str, Any]:
    """Give how a unit is written: digits after the comma, what follows one and what follows several."""
    one, several = (quantity(value, unit, decimals=0)[1:] for value in (1, 2))
    return {"decimals": DECIMALS.get(unit, 0), "one": one, "several": several}


def _reading(reader: Reader, prose: Prose, survey: Survey) -> list[dict[str, Any]]:
    """Give the words around the figures: how to read a gap, how an interval is made."""
    banner = prose.blocks("donnees_fictives") if reader.fictional else []
    interval = [one for one in prose.blocks("definitions", {"tableau": []}) if not _is_title(one)]
    return [*banner, *reading_guide(reader, prose, contents=False, survey=survey.present), *interval]


def _is_title(block: dict[str, Any]) -> bool:
    return bool(block["kind"] == "heading" and block["level"] == 1)


def clean(value: Any) -> Any:  # noqa: ANN401 - any plain data
    r"""Drop invisible controls from every text, keys included.

    Examples
    --------
    >>> clean({"name": ["a\u202eb", 1, None]})
    {'name': ['ab', 1, None]}
    """
    if isinstance(value, str):
        return _INVISIBLE.sub("", value)
    if isinstance(value, dict):
        return {clean(name): clean(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean(one) for one in value]
    return value
