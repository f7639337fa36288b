"""What frames the figures: why, the law, what to follow, where to turn, who answers for the document."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from diagnostic.formatting import long_date
from diagnostic.publication.report.blocks import Block, column, paragraph, table, text_cell
from diagnostic.survey_model.criteria import CRITERIA_VERSION, criteria
from diagnostic.vocabulary import DIRECTION_LABELS, THEME_LABELS, Direction, Theme

if TYPE_CHECKING:
    from diagnostic.publication.report.prose import Prose
    from diagnostic.publication.report.reading import Reader

_TO_CHECK: Final = "à vérifier"


def purpose(reader: Reader, prose: Prose) -> list[Block]:
    """Make the page that says why there is a diagnostic, what the law says, and what the document can say."""
    return prose.blocks("pourquoi", {"territoire": reader.identity.name, "contexte": prose.own("contexte")})


def follow_up(reader: Reader, prose: Prose) -> list[Block]:
    """Make the list of the indicators to read again, with the year they speak of today."""
    rows = [
        [
            text_cell(THEME_LABELS[theme]), text_cell(reader.short(one)), text_cell(reader.unit_label(one)),
            text_cell(reader.period(one)), text_cell(DIRECTION_LABELS[Direction(reader.word(one, "direction"))]),
        ]
        for theme in Theme
        for one in reader.variables(theme)
        if reader.main(one) and reader.word(one, "direction") not in {"", Direction.NEUTRAL}
    ]  # fmt: skip
    if not rows:
        return []
    columns = [
        column("Domaine", width=30), column("Indicateur", width=0), column("Unité", width=16),
        column("Année", width=24), column("Sens", width=46),
    ]  # fmt: skip
    return prose.blocks("suivi", {"tableau": [table(columns, rows)]})


def legal_criteria(prose: Prose) -> list[Block]:
    """Make the dated list of the criteria of the law, with their texts."""
    columns = [
        column("Critère", width=40), column("Textes", width=0), column("Depuis", width=26),
        column("Au niveau du quartier", width=42),
    ]  # fmt: skip
    rows = [
        [
            text_cell(one.label, strong=True), text_cell(one.texts), text_cell(one.since or _TO_CHECK),
            text_cell(one.documentable),
        ]
        for one in criteria().values()
        if one.printable
    ]  # fmt: skip
    version = long_date(date.fromisoformat(CRITERIA_VERSION))
    return prose.blocks("criteres", {"tableau": [table(columns, rows)], "version": version})


def help_points(prose: Prose) -> list[Block]:
    """Make the page that says where to turn, the lead's own list of partners after it."""
    return prose.blocks("ou_sadresser", {"partenaires": prose.own("partenaires")})


def legal_notice(reader: Reader, prose: Prose) -> list[Block]:
    """Make the last page: who answers for the document, how anonymity is kept, how to correct it."""
    identity = reader.identity
    people = {"Rédaction": identity.author, "Commande": identity.commissioner}
    who = [f"{title} : {name}." for title, name in people.items() if name]
    return prose.blocks("mentions", {
        "version": identity.version,
        "responsable": [paragraph(" ".join([f"{identity.name}, {long_date(identity.edition_date)}.", *who]))],
        "enquete": prose.blocks("mentions_enquete") if len(reader.tables.card) else [],
    })  # fmt: skip
