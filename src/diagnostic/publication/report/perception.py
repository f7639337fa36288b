"""The chapter on what residents declare: who answered, what they say, how to read it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from diagnostic.formatting import number, typographic
from diagnostic.publication.figures.answers import COUNTED_FROM, read_answer
from diagnostic.publication.report.blocks import Block, column, table, text_cell
from diagnostic.publication.report.panels import CHAPTER, PREVALENCE
from diagnostic.publication.report.survey import ALLOWS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from diagnostic.publication.report.pictures import Album
    from diagnostic.publication.report.prose import Prose
    from diagnostic.publication.report.reading import Reader
    from diagnostic.publication.report.survey import Survey

MASKED: Final = "masqué"
_BOUND: Final = re.compile(r"jusqu’à (\d+(?:,\d+)?)")


def declared(reader: Reader, survey: Survey, *, album: Album, prose: Prose) -> list[Block]:
    """Make the chapter; nothing at all without a survey.

    Parameters
    ----------
    reader, survey
        Numbers.
    album, prose
        Figures, texts.

    Returns
    -------
    list of dict
        Blocks of the chapter, its heading first.
    """
    if not survey.present:
        return []
    words = {"repondants": survey.people, "intervalle": survey.interval, "permis": survey.entry(ALLOWS)}
    return [
        *prose.blocks("ressenti", {
            **words,
            "regle": prose.blocks("ressenti_indicatif" if survey.indicative else "ressenti_aleatoire", words),
            "fiche": _card(reader, survey), "effectifs": _counts(reader, survey),
        }),
        *(block for name in CHAPTER for block in _section(name, survey, album=album, prose=prose, words=words)),
        *_reading(prose, words),
    ]  # fmt: skip


def _section(name: str, survey: Survey, *, album: Album, prose: Prose, words: Mapping[str, str]) -> list[Block]:
    drawn = [block for panel in CHAPTER[name] for block in album.declared(survey, panel)]
    tables = _shares(survey) if PREVALENCE in CHAPTER[name] else []
    return prose.blocks(name, {**words, "figures": drawn, "tableau": tables}) if drawn else []


def _card(reader: Reader, survey: Survey) -> list[Block]:
    """Make the identity card, without what stands beside it: counts by neighbourhood, what the figures allow."""
    names = [name for place in reader.places for name in (place.code, place.label, place.name)]
    apart = {typographic(f"répondants : {name}").lower() for name in names} if len(survey.quarters) else set()
    rows = [
        [text_cell(str(row["entry"]), strong=True), text_cell(str(row["text"]))]
        for row in survey.card.to_dict("records")
        if typographic(str(row["entry"])).lower() not in apart and row["entry"] != ALLOWS
    ]
    return [table([column("Rubrique", width=52), column("Enquête", width=0)], rows,
                  title="Carte d’identité de l’enquête")]  # fmt: skip


def _counts(reader: Reader, survey: Survey) -> list[Block]:
    """Count the respondents of each neighbourhood, in list order."""
    found = {str(row["code"]): row for row in survey.quarters.to_dict("records")}
    if not any(code in found for code in reader.codes):
        return []
    cells = [_count(found[code]["n"]) if code in found else "–" for code in reader.codes]
    columns = [
        column("N°", align="number", width=7), column("Quartier", width=80),
        column("Répondants", align="number", width=26),
    ]  # fmt: skip
    rows = [
        [text_cell(str(place.number), faint=True), text_cell(place.name), text_cell(cell, faint=cell == MASKED)]
        for place, cell in zip(reader.places, cells, strict=True)
    ]
    foot = (
        "Masqué pour protéger l’anonymat : moins de 11 répondants, ou effectif qui en ferait retrouver un autre. "
        if MASKED in cells
        else ""
    )
    return [table(columns, rows, title="Répondants par quartier",
                  foot=f"{foot}Aucun pourcentage n’est publié par quartier.")]  # fmt: skip


def _count(n: float) -> str:
    return number(n) if n >= COUNTED_FROM else MASKED


def _shares(survey: Survey) -> list[Block]:
    """Write the main shares: counts, intervals, how far unknown answers could move them."""
    rows = []
    for row, answer in [(row, read_answer(row)) for row in survey.values(PREVALENCE.sections) if row["headline"]]:
        if not answer.shown:
            continue
        rows.append([
            text_cell(answer.name), text_cell(answer.text(), strong=True), text_cell(answer.interval()),
            text_cell(_at_most(str(row["note"]))), text_cell(number(row["count"])), text_cell(number(row["n"])),
        ])  # fmt: skip
    columns = [
        column("Parmi l’ensemble des " + survey.people, width=0), column("Part", align="number", width=14),
        column(survey.interval.capitalize(), align="number", width=28),
        column("Au plus, si les sans-réponse disaient oui", align="number", width=30),
        column("Réponses", align="number", width=17), column("Base (n)", align="number", width=16),
    ]  # fmt: skip
    return [table(columns, rows)] if rows else []


def _at_most(note: str) -> str:
    """Read the upper bound that a note gives when unknown answers are counted as a yes, to the unit."""
    found = _BOUND.search(note)
    return f"{number(float(found.group(1).replace(',', '.')))} %" if found else ""


def _reading(prose: Prose, words: Mapping[str, str]) -> list[Block]:
    """Turn a text of headings and lists into the box that says what this says, and what not."""
    blocks = prose.blocks("ressenti_lecture", words)
    parts: list[Block] = []
    before: list[Block] = []
    for block in blocks:
        if block["kind"] == "heading" and block["level"] == 3:  # noqa: PLR2004 - a part of the box
            parts.append({"title": block["text"], "items": []})
        elif block["kind"] == "list" and parts:
            parts[-1]["items"] += block["items"]
        else:
            before.append(block)
    return [*before, {"kind": "box", "parts": parts}]
