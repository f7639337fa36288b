"""Annex: the answers to the survey, question by question, with their counts and intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from diagnostic.formatting import number
from diagnostic.publication.figures.answers import groups
from diagnostic.publication.report.blocks import Block, column, table, text_cell
from diagnostic.publication.report.panels import ALL, CHAPTER, CONCERNED, DECLARING, WITNESSES, Line, Section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from diagnostic.publication.figures.answers import Answer, Group
    from diagnostic.publication.report.prose import Prose
    from diagnostic.publication.report.survey import Survey

# Questions that no figure shows, or shows in part.
_MORE: Final = (
    Section("Situations citées, une à une", (Line("situations"),)),
    Section("Motifs cités ensemble (co-mention)", (
        Line("motives*motives", CONCERNED, DECLARING, but=("un_seul", "plusieurs", "sans_reponse")),
    )),
    Section("Où s’est passé le fait le plus récent", (Line("event_domain", CONCERNED, DECLARING),)),
    Section("Motifs des faits vus par des témoins", (Line("witness_motives", CONCERNED, WITNESSES),)),
    Section("Motifs reconnus comme interdits par la loi", (Line("known_criteria", ALL),)),
)  # fmt: skip


def answers(survey: Survey, prose: Prose) -> list[Block]:
    """List what was answered; nothing without a survey.

    Parameters
    ----------
    survey
        The survey.
    prose
        Texts.
    """
    if not survey.present:
        return []
    whole = {line.concept for section in _MORE for line in section.lines if not line.but}
    sections = [
        section for panels in CHAPTER.values() for panel in panels for section in panel.sections
        if not {line.concept for line in section.lines if line.only} & whole
    ]  # fmt: skip
    shown = [group for section in (*sections, *_MORE) for group in groups(survey.values([section]))]
    tables = [_table(group, survey) for group in shown if group.shown()]
    silent = [table for group in shown if not group.shown() for table in _masked(group)]
    return prose.blocks("reponses", {
        "repondants": survey.people, "intervalle": survey.interval, "tableaux": [*tables, *silent],
    })  # fmt: skip


def _table(group: Group, survey: Survey) -> Block:
    several = len(group.series) > 1
    bases = [one.label[:1].upper() + one.label[1:] for one in group.series]
    columns = [
        column("\n".join(f"({rank}) {base}" for rank, base in enumerate(bases, start=1)) if several else bases[0],
               width=0)
    ]  # fmt: skip
    for rank in range(1, len(group.series) + 1):
        columns += [
            column(f"Part ({rank})" if several else "Part", align="number", width=14),
            column(survey.interval.capitalize(), align="number", width=26), column("n", align="number", width=11),
        ]  # fmt: skip
    rows = [
        [
            text_cell(name, strong=any(one.answers[name].headline for one in group.series if name in one.answers)),
            *(cell for one in group.series for cell in _cells(one.answers.get(name))),
        ] for name in group.shown()
    ]  # fmt: skip
    return table(columns, rows, title=group.title, foot=" ".join(group.hidden()))


def _cells(answer: Answer | None) -> Sequence[Block]:
    if answer is None or not answer.shown:
        return [text_cell("") for _ in range(3)]
    size = "" if answer.n is None else number(answer.n)
    return [text_cell(answer.text()), text_cell(answer.interval()), text_cell(size, faint=True)]


def _masked(group: Group) -> list[Block]:
    """Name a question of which nothing may be written."""
    hidden = " ".join(group.hidden())
    return [{"kind": "note", "runs": [{"t": f"{group.title}. {hidden}", "s": ""}]}] if hidden else []
