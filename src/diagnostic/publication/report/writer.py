"""The report from cover to annexes: public tables in, PDF bytes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diagnostic.publication.report.annexes import definitions, hidden, offer, sources, unknowns
from diagnostic.publication.report.answers import answers
from diagnostic.publication.report.chapters import chapters
from diagnostic.publication.report.edition import Edition
from diagnostic.publication.report.frame import follow_up, help_points, legal_criteria, legal_notice, purpose
from diagnostic.publication.report.pages import ANNEXES, cover, essentials, on_cover, reading_guide, territory
from diagnostic.publication.report.perception import declared
from diagnostic.publication.report.sheets import sheets
from diagnostic.publication.report.variants import variants

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
    return _report(Edition(tables, texts, indicators))


def write_documents(tables: PublicTables, *, texts: Mapping[str, str] | None = None) -> dict[str, bytes]:
    """Write the diagnostic and its variants from the same figures, each drawn once.

    Parameters
    ----------
    tables, texts
        As :func:`write_report` takes them.

    Returns
    -------
    dict of str to bytes
        ``diagnostic.pdf``, then the note, the residents' pages, the posters and a sheet a domain, by file name.

    Raises
    ------
    ConfigurationError, TerritoryError, ToolError
        As :func:`write_report`.
    """
    edition = Edition(tables, texts)
    return {"diagnostic.pdf": _report(edition), **variants(edition)}


def _report(edition: Edition) -> bytes:
    reader, prose, album, survey = edition.reader, edition.prose, edition.album, edition.survey
    situation = edition.situation
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
        *unknowns(reader, prose),
        *offer(reader, prose),
        *sources(reader, prose),
        *hidden(reader, prose),
        *definitions(reader, prose),
        *legal_criteria(prose),
        *help_points(prose),
        *legal_notice(reader, prose),
    ]
    return edition.typeset(blocks, title=f"Diagnostic territorial — {reader.identity.name}")
