"""The report from cover to annexes: public tables in, PDF bytes out."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from diagnostic.analysis.actions import ActionTables
from diagnostic.publication.report.actions import action_list, actions_chapter, actions_rest
from diagnostic.publication.report.annexes import definitions, hidden, offer, sources, unknowns
from diagnostic.publication.report.answers import answers
from diagnostic.publication.report.chapters import chapters, complements
from diagnostic.publication.report.crossings import crossings, crossings_rest
from diagnostic.publication.report.edition import Edition
from diagnostic.publication.report.findings import findings
from diagnostic.publication.report.frame import follow_up, help_points, legal_criteria, legal_notice, purpose
from diagnostic.publication.report.generations import generations
from diagnostic.publication.report.pages import (
    ANNEXES,
    cover,
    essentials,
    essentials_of,
    on_cover,
    reading_guide,
    territory,
)
from diagnostic.publication.report.perception import declared, declared_rest
from diagnostic.publication.report.roles import issues_chapter
from diagnostic.publication.report.sheets import sheets
from diagnostic.publication.report.testing import testing_chapter, testing_rest
from diagnostic.publication.report.variants import variants

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from diagnostic.analysis.disclosure.public import PublicTables
    from diagnostic.publication.report.blocks import Block
    from diagnostic.publication.report.edition import Page


def write_report(
    tables: PublicTables, *, texts: Mapping[str, str] | None = None, indicators: Sequence[str] | None = None,
    long: bool = False, draft: bool = False, attached: Mapping[str, bytes] | None = None,
) -> bytes:  # fmt: skip
    """Write the diagnostic of a territory as an accessible, archivable PDF.

    Parameters
    ----------
    tables
        What disclosure let out; nothing else is read.
    texts
        The lead's own texts, by file name, each in place of ours.
    indicators
        Indicators to show; all those of the catalogue by default.
    long
        Whether the chapters show everything; else what they leave out stands in the annexes.
    draft
        Whether every page says that the document is a draft.
    attached
        The published data, by file name (csv, json): the document carries them (PDF/A-3).

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
    return _report(Edition(tables, texts, indicators, long=long, draft=draft), attached)()


def write_documents(
    tables: PublicTables, *, texts: Mapping[str, str] | None = None, long: bool = False, draft: bool = False,
    attached: Mapping[str, bytes] | None = None,
) -> dict[str, bytes]:  # fmt: skip
    """Write the diagnostic and its variants from the same figures, each drawn once.

    Parameters
    ----------
    tables, texts, long, draft, attached
        As :func:`write_report` takes them; the diagnostic alone carries the data.

    Returns
    -------
    dict of str to bytes
        ``diagnostic.pdf``, then the note, the residents' pages, the posters and a sheet a domain, by file name.

    Raises
    ------
    ConfigurationError, TerritoryError, ToolError
        As :func:`write_report`.
    """
    edition = Edition(tables, texts, long=long, draft=draft)
    return {name: page() for name, page in pages(edition, attached=attached)}


def pages(edition: Edition, *, attached: Mapping[str, bytes] | None = None) -> Iterator[tuple[str, Page]]:
    """Prepare the diagnostic and its variants one after the other, by file name, ready to be typeset."""
    yield "diagnostic.pdf", _report(edition, attached)
    yield from variants(edition)


def _report(edition: Edition, attached: Mapping[str, bytes] | None) -> Page:
    title = f"Diagnostic territorial — {edition.reader.identity.name}"
    return edition.page([*_body(edition), ANNEXES, *_annexes(edition)], title=title, attached=attached)


def _body(edition: Edition) -> list[Block]:
    reader, prose, album, long = edition.reader, edition.prose, edition.album, edition.long
    situation = edition.situation
    opening = [*cover(reader, prose, situation), *essentials(reader, prose), *findings(reader, prose)]
    following = [
        *purpose(reader, prose),
        *(_guide(edition) if long or not on_cover(situation) else []),
        *territory(reader, prose, [situation] if long else [], long=long),
        *chapters(reader, album, prose, long=long),
        *declared(reader, edition.survey, album=album, prose=prose, long=long),
        *crossings(reader, album, prose, long=long),
        *_done(edition),
        *([*_plan(edition), *follow_up(reader, prose)] if long else []),
    ]
    return [*opening, *(following if long else _running(following))]


def _done(edition: Edition) -> list[Block]:
    """Say what is already done, and what a campaign showed, where the lead gathered them."""
    tables, prose, long = edition.reader.tables, edition.prose, edition.long
    return [
        *actions_chapter(_inventory(tables), tables.blind_spots, prose=prose, album=edition.album, long=long),
        *testing_chapter(
            tables.testing,
            tables.testing_effects,
            card=tables.testing_card,
            power=tables.testing_power,
            prose=prose,
            long=long,
        ),
    ]


def _inventory(tables: PublicTables) -> ActionTables:
    return ActionTables(**{field.name: getattr(tables, field.name) for field in fields(ActionTables)})


def _plan(edition: Edition) -> list[Block]:
    """Give the stakes, the lead's part and the state of the plans."""
    tables = edition.reader.tables
    if tables.ptlcd.empty:
        return []
    return issues_chapter(
        essentials_of(edition.reader), blind=tables.blind_spots, plans=tables.ptlcd, recourse=tables.recourse,
        prose=edition.prose, access=tables.access,
    )  # fmt: skip


def _running(blocks: Sequence[Block], *, first: bool = False) -> list[Block]:
    """Let chapters follow one another on a page, the first on a page of its own if wanted."""
    found = [{**block, "page": False} if block["kind"] == "heading" else block for block in blocks]
    if first and found:
        found[0] = {**found[0], "page": True}
    return found


def _guide(edition: Edition) -> list[Block]:
    contents = not on_cover(edition.situation)
    return reading_guide(edition.reader, edition.prose, contents=contents, survey=edition.survey.present)


def _annexes(edition: Edition) -> list[Block]:
    reader, prose, album = edition.reader, edition.prose, edition.album
    before = [] if edition.long else _running(_left(edition), first=True)
    after = [
        *generations(reader, album, prose),
        *action_list(_inventory(reader.tables), prose),
        *answers(edition.survey, prose),
        *unknowns(reader, prose),
        *offer(reader, prose),
        *sources(reader, prose),
        *hidden(reader, prose),
        *definitions(reader, prose),
        *legal_criteria(prose),
        *help_points(prose),
    ]
    return [*before, *sheets(reader, album, prose), *_running(after, first=True), *legal_notice(reader, prose)]


def _left(edition: Edition) -> list[Block]:
    """Give what the short version leaves out of its chapters."""
    reader, prose, album = edition.reader, edition.prose, edition.album
    tables = reader.tables
    return [
        *_plan(edition),
        *follow_up(reader, prose),
        *(_guide(edition) if on_cover(edition.situation) else []),
        *complements(reader, album, prose, crossed=crossings_rest(reader, album)),
        *declared_rest(reader, edition.survey, album=album, prose=prose),
        *actions_rest(_inventory(tables), prose=prose, album=album),
        *testing_rest(tables.testing, card=tables.testing_card, power=tables.testing_power, prose=prose),
    ]
