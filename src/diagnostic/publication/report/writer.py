"""The report from cover to annexes: public tables in, PDF bytes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diagnostic.formatting import NBSP, long_date, typographic
from diagnostic.publication.report.annexes import definitions, hidden, sources
from diagnostic.publication.report.answers import answers
from diagnostic.publication.report.chapters import chapters
from diagnostic.publication.report.facts import Facts
from diagnostic.publication.report.frame import follow_up, help_points, legal_criteria, legal_notice, purpose
from diagnostic.publication.report.pages import ANNEXES, cover, essentials, on_cover, reading_guide, territory
from diagnostic.publication.report.perception import declared
from diagnostic.publication.report.pictures import Album
from diagnostic.publication.report.prose import Prose
from diagnostic.publication.report.reading import Reader
from diagnostic.publication.report.sheets import sheets
from diagnostic.publication.report.survey import Survey
from diagnostic.publication.report.typeset import typeset

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from diagnostic.analysis.disclosure.public import PublicTables


def write_report(
    tables: PublicTables, *, texts: Mapping[str, str] | None = None, indicators: Sequence[str] | None = None
) -> bytes:
    """Write the diagnostic of a territory as an accessible, archivable PDF.

    Parameters
    ----------
    tables
        What disclosure let out; nothing else is read.
    texts
        The lead's own texts, by file name, each in place of ours.
    indicators
        Indicators to show; all those of the catalogue by default.

    Returns
    -------
    bytes
        PDF/UA-1 and PDF/A-3a; the same tables give the same bytes.

    Raises
    ------
    ConfigurationError
        When a text has an unknown name or holds an unknown reference.
    TerritoryError
        When there is no neighbourhood, or no declared reference system.
    ToolError
        When the document cannot be typeset.
    """
    reader = Reader(tables, indicators)
    prose = Prose(texts, facts=Facts(reader), codes=reader.codes)
    album = Album(reader)
    survey = Survey(tables)
    situation = album.situation()
    blocks = [
        *cover(reader, prose, situation),
        *essentials(reader, prose),
        *purpose(reader, prose),
        *reading_guide(reader, prose, contents=not on_cover(situation), survey=survey.present),
        *territory(reader, prose, [situation]),
        *chapters(reader, album, prose),
        *declared(reader, survey, album=album, prose=prose),
        *follow_up(reader, prose),
        ANNEXES,
        *sheets(reader, album, prose),
        *answers(survey, prose),
        *sources(reader, prose),
        *hidden(reader, prose),
        *definitions(reader, prose),
        *legal_criteria(prose),
        *help_points(prose),
        *legal_notice(reader, prose),
    ]
    identity = reader.identity
    day = long_date(identity.edition_date)
    title = f"Diagnostic territorial — {identity.name}"
    meta = {
        "title": typographic(title),
        "author": [identity.author] if identity.author else [],
        "description": typographic(
            f"{reader.banner + '. ' if reader.banner else ''}Quartiers prioritaires, génération "
            f"{identity.generation}, {day}."
        ),
        "keywords": ["diagnostic territorial", "quartiers prioritaires", identity.name],
        "foot": typographic(f"{identity.name} · génération{NBSP}{identity.generation} · {day}"),
        "banner": reader.banner,
        "fictional": identity.fictional,
    }
    return typeset(blocks, meta=meta, files=album.files, day=identity.edition_date)
