"""The chapter on what residents declare: who answered, what they say, how to read it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from diagnostic.formatting import number, typographic
from diagnostic.publication.figures.answers import COUNTED_FROM, SILENCE, groups, read_answer
from diagnostic.publication.report.blocks import Block, bullets, column, table, text_cell
from diagnostic.publication.report.messages import declared_title
from diagnostic.publication.report.panels import ALL, ANY, CHAPTER, PREVALENCE
from diagnostic.publication.report.survey import ALLOWS
from diagnostic.survey_model import concepts

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from diagnostic.publication.figures.answers import Answer
    from diagnostic.publication.report.panels import Panel
    from diagnostic.publication.report.pictures import Album
    from diagnostic.publication.report.prose import Prose
    from diagnostic.publication.report.reading import Reader
    from diagnostic.publication.report.survey import Survey

MASKED: Final = "masqué"
ELSEWHERE: Final = (
    "Les réponses par quartier qui peuvent être publiées sont dans le classeur : elles ne permettent pas de "
    "comparer les quartiers."
)
GROUPED: Final = (("situations", ANY), ("experience_5y", "oui"), ("experience_12m", "oui"))
# What a short chapter keeps: entries of the card, sections, each with its first figure.
BRIEF: Final = ("Commanditaire", "Collecte", "Population", "Base", "Mode", "Taux de réponse", "Répondants")
SHOWN: Final = ("ressenti_prevalence", "ressenti_motifs", "ressenti_recours")
SECTIONS: Final = 3  # of one figure
_BOUND: Final = re.compile(r"jusqu’à (\d+(?:,\d+)?)")


def declared(reader: Reader, survey: Survey, *, album: Album, prose: Prose, long: bool = True) -> list[Block]:
    """Make the chapter; nothing at all without a survey.

    Parameters
    ----------
    reader, survey
        Numbers.
    album, prose
        Figures, texts.
    long
        Whether it shows everything; else :func:`declared_rest` shows the rest, whose messages close the chapter.

    Returns
    -------
    list of dict
        Blocks of the chapter, its heading first.
    """
    if not survey.present:
        return []
    words = _words(survey)
    return [
        *prose.blocks("ressenti", {
            **words,
            "regle": prose.blocks("ressenti_indicatif" if survey.indicative else "ressenti_aleatoire", words),
            "fiche": _card(reader, survey, only=() if long else BRIEF),
            "effectifs": _counts(reader, survey) if long else [],
        }),
        *(_sections(survey, album=album, prose=prose) if long else _summed_up(survey, album=album, prose=prose)),
        *_reading(prose, words),
    ]  # fmt: skip


def declared_rest(reader: Reader, survey: Survey, *, album: Album, prose: Prose) -> list[Block]:
    """Make the annex of what the short chapter leaves out; nothing at all without a survey.

    Parameters
    ----------
    reader, survey, album, prose
        As :func:`declared`.
    """
    if not survey.present:
        return []
    return prose.blocks("ressenti_suite", {
        "fiche": _card(reader, survey), "effectifs": _counts(reader, survey),
        "groupes": [*_shares(survey), *_by_group(survey)],
        "figures": [block for panel in _left(survey) for block in album.declared(survey, panel)],
    })  # fmt: skip


def _sections(survey: Survey, *, album: Album, prose: Prose) -> list[Block]:
    tables = {PREVALENCE.name: [*_shares(survey), *_by_group(survey)]}
    found: list[Block] = []
    for name, panels in CHAPTER.items():
        beside = tables.get(panels[0].name, [])
        found += _section(name, panels, survey, album=album, prose=prose, tables=beside)
    return found


def _summed_up(survey: Survey, *, album: Album, prose: Prose) -> list[Block]:
    """Show three figures, and say the others in a sentence each."""
    shown = [_section(name, [_brief(CHAPTER[name][0])], survey, album=album, prose=prose) for name in SHOWN]
    others = prose.blocks("ressenti_aussi", {"messages": _messages(survey)})
    return [*(block for section in shown[:-1] for block in section), *others, *shown[-1]]


def _brief(panel: Panel) -> Panel:
    """Keep what a short chapter shows of a figure."""
    if len(panel.sections) <= SECTIONS:
        return panel
    return replace(panel, name=f"{panel.name}-bref", sections=panel.sections[:SECTIONS])


def _left(survey: Survey) -> list[Panel]:
    """Give the figures that the short chapter leaves out, or shows in part, where there is something to show."""
    shown = [CHAPTER[name][0] for name in SHOWN]
    rest = [panel for panels in CHAPTER.values() for panel in panels if panel not in map(_brief, shown)]
    return [panel for panel in rest if survey.values(panel.sections)]


def _messages(survey: Survey) -> list[Block]:
    """Say in a sentence each what the figures of the annex show."""
    shown = [CHAPTER[name][0] for name in SHOWN]
    said = [
        declared_title(survey, panel, groups(survey.values(panel.sections)))
        for panel in _left(survey) if panel not in shown
    ]  # fmt: skip
    return [bullets(f"{one}." for one in said)] if said else []


def _words(survey: Survey) -> dict[str, str]:
    return {"repondants": survey.people, "intervalle": survey.interval, "permis": survey.entry(ALLOWS)}


def _section(
    name: str, panels: Sequence[Panel], survey: Survey, *, album: Album, prose: Prose, tables: Sequence[Block] = ()
) -> list[Block]:  # fmt: skip
    drawn = [block for panel in panels for block in album.declared(survey, panel)]
    return prose.blocks(name, {**_words(survey), "figures": drawn, "tableau": list(tables)}) if drawn else []


def _card(reader: Reader, survey: Survey, *, only: Collection[str] = ()) -> list[Block]:
    """Make the identity card, without what stands beside it: counts by neighbourhood, what the figures allow."""
    names = [name for place in reader.places for name in (place.code, place.label, place.name)]
    apart = {typographic(f"répondants : {name}").lower() for name in names} if len(survey.quarters) else set()
    rows = [
        [text_cell(str(row["entry"]), strong=True), text_cell(str(row["text"]))]
        for row in survey.card.to_dict("records")
        if typographic(str(row["entry"])).lower() not in apart
        and row["entry"] != ALLOWS
        and (not only or row["entry"] in only)
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
                  foot=f"{foot}{ELSEWHERE}")]  # fmt: skip


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
    title = "Les réponses principales, et ce que changeraient les sans-réponse"
    return [table(columns, rows, title=title)] if rows else []


def _by_group(survey: Survey) -> list[Block]:
    """Write the main shares by group of respondents, with why one is not there."""
    known = concepts()
    found = {
        (str(row["by"]), str(row["group"]), str(row["concept"])): read_answer(row)
        for row in survey.groups.to_dict("records")
        if (row["concept"], row["answer"]) in GROUPED and row["base"] == ALL
    }
    groups = list(dict.fromkeys((by, group) for by, group, _ in found))
    asked = [concept for concept, _ in GROUPED if any(key[2] == concept for key in found)]
    rows = [
        [
            text_cell(known[by].label), text_cell(_options(by).get(group, group)),
            *(_share_of(found.get((by, group, concept))) for concept in asked),
        ]
        for by, group in groups
    ]  # fmt: skip
    columns = [
        column("Selon", width=26), column("Groupe", width=32),
        *(column(known[concept].label.capitalize(), width=0) for concept in asked),
    ]  # fmt: skip
    foot = "Un écart entre groupes n’est dit que si les intervalles sont disjoints. Motifs d’absence en annexe."
    return [table(columns, rows, title="Selon le sexe, l’âge et le mode de réponse", foot=foot)] if rows else []


def _share_of(answer: Answer | None) -> Block:
    if answer is None:
        return text_cell("–", faint=True)
    if answer.shown:
        return text_cell(f"{answer.text()} ({answer.interval()})")
    return text_cell(MASKED if answer.kind == "masked" else "pas de pourcentage", faint=True)


def _options(by: str) -> dict[str, str]:
    return {option.code: option.label for option in concepts()[by].options} | {SILENCE: "sans réponse"}


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
