"""The residents' pages: large type, short sentences, people counted among a hundred."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from diagnostic.formatting import number, plural, typographic
from diagnostic.publication.figures.answers import read_answer
from diagnostic.publication.report.blocks import Block, bullets, note, people, remainder
from diagnostic.publication.report.reading import NEAR, whole_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from diagnostic.publication.report.edition import Edition
    from diagnostic.publication.report.reading import Reader

# Shares that plain words can say, and the text that says each; the first ones that are published are shown.
_COUNTED: Final = {
    "employment_rate": "habitants_emploi", "not_in_school_nor_employed": "habitants_jeunes",
    "c2s_share": "habitants_soins",
}  # fmt: skip
_SHOWN: Final = 2  # figures on the page, the residents' own answers among them
_IN_COLUMNS: Final = 10  # names: more stand on two columns
_COLUMNS: Final = {1: 75, 2: 34}  # letters a line of each holds
_LINE: Final = 6.0  # millimetres
_ROOM: Final = 190.0  # that the first page leaves to the names and the map
_LEAST_MAP: Final = 60.0


def residents(edition: Edition) -> list[Block]:
    """Make the four pages for residents.

    Parameters
    ----------
    edition
        Numbers, figures and texts of the territory.
    """
    reader = edition.reader
    names = [whole_name(place.name, place.label) for place in reader.places]
    columns = 2 if len(names) > _IN_COLUMNS else 1
    said = _declared(edition)
    return edition.prose.blocks("habitants", {
        "territoire": reader.identity.name,
        "nombre": number(len(names)),
        "pluriel": "" if len(names) == 1 else "s",
        "liste": [{**bullets(names), "columns": columns}],
        "carte": _beneath(names, edition.situation, columns=columns),
        "chiffres": _counted(edition, most=_SHOWN - bool(said)),
        "ressenti": said,
        "place": [remainder("")],
    })  # fmt: skip


def _beneath(names: Sequence[str], situation: Block, *, columns: int) -> list[Block]:
    """Make the map small enough for what the names leave of the page; nothing where it could not be read."""
    lines = sum(math.ceil(len(name) / _COLUMNS[columns]) for name in names) / columns
    high = min(situation["height"], _ROOM - _LINE * math.ceil(lines))
    width = round(situation["width"] * high / situation["height"], 2)
    return [{**situation, "width": width}] if high >= _LEAST_MAP else []


def _counted(edition: Edition, *, most: int) -> list[Block]:
    """Draw the first published shares as people among a hundred."""
    reader = edition.reader
    known = [one for one in _COUNTED if one in reader.catalogue and reader.written(one)]
    blocks: list[Block] = []
    for variable in known[:most]:
        source = f"{reader.label(variable)}, {reader.period(variable)}. Source : {reader.source(variable)}."
        blocks += edition.prose.blocks(_COUNTED[variable], {
            "figure": [people(_panels(reader, variable)), note(source)], "connus": _known(reader, variable),
        })  # fmt: skip
    return blocks


def _panels(reader: Reader, variable: str) -> list[tuple[float, str]]:
    """Set the least and the greatest share of the neighbourhoods beside what they are all a part of."""
    shares = sorted(
        cell.value for cell in reader.cells(variable).values() if cell.written and cell.value is not None
    )
    own = [
        (shares[0], "dans le quartier où il y en a le moins"),
        (shares[-1], "dans le quartier où il y en a le plus"),
    ]
    if len(shares) == 1:
        own = [(shares[0], "dans le quartier")]
    return [*own, *_around(reader, variable)]


def _around(reader: Reader, variable: str) -> list[tuple[float, str]]:
    """Give the nearest comparator that is the same for every neighbourhood."""
    rows = reader.gaps(variable)
    for kind in NEAR:
        one = rows[rows["comparator_kind"] == kind].drop_duplicates(["comparator_code", "comparator_value"])
        if len(one) == 1:
            return [(float(one["comparator_value"].iloc[0]), str(one["comparator_label"].iloc[0]))]
    return []


def _known(reader: Reader, variable: str) -> str:
    written, count = reader.written(variable), len(reader.places)
    if written == count:
        return ""
    return f"Nous connaissons ce chiffre dans {plural(written, 'quartier')} sur {number(count)}."


def _declared(edition: Edition) -> list[Block]:
    """Say the share that declares a discrimination as people among a hundred, if it may be written."""
    rows = edition.reader.tables.estimates
    own = rows[(rows["indicator"] == "PER01") & (rows["answer"] == "oui") & (rows["by"] == "")]
    answers = [read_answer(row) for row in own[own["level"] == "territoire"].to_dict("records")]
    shown = [one for one in answers if one.share is not None]
    if not shown:
        return []
    share = shown[0].share or 0.0
    return edition.prose.blocks("habitants_ressenti", {
        "personnes": number(share), "nombre": number(shown[0].n or 0),
        "figure": [people([(share, typographic("personnes sur 100 disent avoir vécu une discrimination"))])],
    })  # fmt: skip
