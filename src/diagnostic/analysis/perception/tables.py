"""The survey's counts as tables that add up: what an outsider who subtracts would write down.

A question of one answer is one table: its answers, those of a grouping under it, the rest, the base. A list is
two: who cited something, nothing or did not say; and its answers, which overlap and are treated as if they added
up to a number of mentions that everybody knew, the reader most to be feared. Each stands for the whole territory,
by neighbourhood and by group at once, tied by the territory.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd

from diagnostic.analysis.disclosure.tables import TOTAL
from diagnostic.analysis.perception.families import FORMAL, NUMBER, groupings, nobody, ticked
from diagnostic.analysis.perception.indicators import CUMULATION, EVENT
from diagnostic.analysis.perception.items import ALL, ANY, NO_ANSWER
from diagnostic.survey_model import Kind, concepts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

THRESHOLD: Final = 11
REST: Final = "(reste)"
ASKED: Final = "(concernés)"
OUTSIDE: Final = "(non concernés)"
CITED: Final = "(ont répondu)"
OPTIONS: Final = "/réponses"
BASES: Final = "/bases"
KEPT: Final = 100.0  # how much dearer a cell is that hiding would not hide: everybody knows it, or could guess it
FIRST: Final = 5.0


class Group(NamedTuple):
    """Part of the respondents: an axis (``qpv``, ``sex``…) and a label; ``Ensemble`` of both is everybody."""

    axis: str
    label: str


class Cell(NamedTuple):
    """One count: a table, a group, an answer."""

    table: str
    group: Group
    answer: str


class Figure(NamedTuple):
    """One published figure: its people and its base, without weights."""

    group: Group
    concept: str
    answer: str
    base: str
    n: int
    people: int


EVERYBODY: Final = Group(TOTAL, TOTAL)


@dataclass(slots=True, eq=False)
class CountTable:
    """Counts that add up.

    Parameters
    ----------
    name
        Of the table.
    counts
        By group and answer; ``Ensemble`` is the total of either.
    parents
        Answer to the answer it belongs to; the others belong to ``Ensemble``.
    primary
        Cells hidden for what they are.
    kept
        Answers that hiding would not hide.
    first
        Answers to hide last.
    """

    name: str
    counts: dict[tuple[Group, str], int] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    primary: set[tuple[Group, str]] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)
    first: set[str] = field(default_factory=set)

    def groups(self) -> list[Group]:
        """Give the groups of respondents, everybody first."""
        return list(dict.fromkeys(group for group, _ in self.counts))

    def complete(self) -> None:
        """Add, on each axis, those of no group: the whole less the groups is as good as published."""
        axes = dict.fromkeys(group.axis for group in self.groups() if group != EVERYBODY)
        answers = [answer for group, answer in self.counts if group == EVERYBODY]
        for axis in axes:
            groups = [group for group in self.groups() if group.axis == axis]
            rests = {
                answer: self.counts[EVERYBODY, answer] - sum(self.counts.get((one, answer), 0) for one in groups)
                for answer in answers
                if any((one, answer) in self.counts for one in groups)
            }
            if any(rests.values()):
                self.counts |= {(Group(axis, REST), answer): rest for answer, rest in rests.items()}

    def frame(self, hidden: AbstractSet[tuple[Group, str]] = frozenset()) -> pd.DataFrame:
        """Lay the table out as :func:`diagnostic.protect` takes it.

        Parameters
        ----------
        hidden
            Cells to hide besides ``primary``.

        Returns
        -------
        pandas.DataFrame
            One column an axis, ``answer``, ``n``, ``hide``, ``weight``.
        """
        axes = self.axes()
        rows = [
            {
                **dict.fromkeys(axes, TOTAL), **({group.axis: group.label} if group != EVERYBODY else {}),
                "answer": answer, "n": count, "hide": (group, answer) in self.primary or (group, answer) in hidden,
                "weight": KEPT if answer in self.kept else FIRST if answer in self.first else 1.0,
            }
            for (group, answer), count in self.counts.items()
        ]  # fmt: skip
        return pd.DataFrame(rows)

    def axes(self) -> list[str]:
        """Name the axes of the table."""
        return list(dict.fromkeys(group.axis for group in self.groups() if group != EVERYBODY))


def count_tables(figures: Iterable[Figure]) -> dict[str, list[CountTable]]:
    """Put figures into tables.

    Parameters
    ----------
    figures
        One an answer, a base and a group; of whole concepts.

    Returns
    -------
    dict
        Concept to its tables: the one of its bases first. Crossings that are shown whole or not at all, and pairs,
        have tables of their own under the name of the crossing.
    """
    found: dict[str, dict[Group, dict[tuple[str, str], Figure]]] = {}
    for one in figures:
        found.setdefault(one.concept, {}).setdefault(one.group, {})[one.base, one.answer] = one
    tables = {}
    for concept, alone in found.items():
        if concept in {CUMULATION, EVENT}:
            continue
        counted = concept == ticked(found) and CUMULATION in found
        groups = _with_parts(alone, found[CUMULATION]) if counted else alone
        single = concept not in concepts() or concepts()[concept].kind is Kind.SINGLE
        listed = [CountTable(concept), *(() if single else (CountTable(f"{concept}{OPTIONS}"),))]
        listed += [] if single else [CountTable(f"{concept}{BASES}")]
        for group, own in groups.items():
            (_fill_single if single else _fill_list)(listed, group, own)
        _only_batteries(listed)
        tables[concept] = [table for table in listed if table.counts]
    if EVENT in found:
        tables[EVENT] = [_events(found[EVENT].get(EVERYBODY, {}).values())]
    for one in (table for tables_ in tables.values() for table in tables_):
        one.complete()
        # Where nobody anywhere gave an answer, that nobody of a group did is no secret.
        one.primary = {key for key in one.primary if one.counts.get((EVERYBODY, key[1]), 1)}
    return tables


def _with_parts(
    groups: Mapping[Group, dict[tuple[str, str], Figure]], parts: Mapping[Group, dict[tuple[str, str], Figure]]
) -> dict[Group, dict[tuple[str, str], Figure]]:
    """Put beside a list how many cited one answer or several: together, those who cited something."""
    return {
        group: own | {
            key: one for key, one in parts.get(group, {}).items() if "+" not in key[1] and key[1] != NO_ANSWER
        }
        for group, own in groups.items()
    }  # fmt: skip


def small(one: Figure) -> bool:
    """Say whether a figure tells of too few people, in its base, in the answer or out of it."""
    few = 0 < one.n < THRESHOLD or 0 < one.people < THRESHOLD
    return few or (one.people > 0 and one.n - one.people < THRESHOLD)


def _split(own: Mapping[tuple[str, str], Figure]) -> tuple[dict[str, Figure], dict[str, Figure]]:
    """Tell the figures of those concerned, all of them when there are no others, from those of everybody."""
    bases = {base for base, _ in own}
    inner = next((base for base in bases if base != ALL), ALL)
    whole = {answer: one for (base, answer), one in own.items() if base == ALL} if inner != ALL else {}
    return {answer: one for (base, answer), one in own.items() if base == inner}, whole


def _fill_single(tables: list[CountTable], group: Group, own: Mapping[tuple[str, str], Figure]) -> None:
    table = tables[0]
    asked, whole = _split(own)
    parts = {answer: one.people for answer, one in asked.items()}
    under = {leaf: top for top, leaves in groupings(table.name).items() if top in parts for leaf in leaves}
    under = {leaf: top for leaf, top in under.items() if leaf in parts}
    tops = [answer for answer in parts if answer not in under]
    for top in dict.fromkeys(under.values()):
        rest = parts[top] - sum(parts[leaf] for leaf in under if under[leaf] == top)
        if rest:
            parts[f"{REST} {top}"], under[f"{REST} {top}"] = rest, top
    _fill(table, group, parts, tops=tops, under=under, base=_size(asked.values()), whole=_size(whole.values()))
    table.primary |= {(group, answer) for answer, one in asked.items() if small(one)}


def _fill_list(tables: list[CountTable], group: Group, own: Mapping[tuple[str, str], Figure]) -> None:
    table, options, bases = tables
    asked, whole = _split(own)
    base, extra = _size(asked.values()), [name for name in (*FORMAL, *NUMBER) if name in asked]
    none = [answer for answer in (*nobody(table.name), NO_ANSWER) if answer in asked]
    out = sum(asked[answer].people for answer in none)
    cited = (
        asked[ANY].people if ANY in asked else sum(asked[name].people for name in extra) if extra else base - out
    )
    parts = {ANY if ANY in asked else CITED: cited} | {answer: asked[answer].people for answer in none}
    top = next(iter(parts))
    tops, under = list(parts), {str(name): top for name in extra}
    _fill(
        table, group, parts | {name: asked[name].people for name in extra}, tops=tops, under=under, base=base,
        whole=_size(whole.values()),
    )  # fmt: skip
    inner = {*parts, *extra}
    table.primary |= {(group, answer) for answer, one in asked.items() if answer in inner and small(one)}
    if FORMAL[1] in asked and "entourage" in asked:
        both = asked["entourage"].people - asked[FORMAL[1]].people
        table.primary |= {(group, FORMAL[1])} if both < THRESHOLD and asked[FORMAL[1]].people else set()
    cells = {answer: one for answer, one in asked.items() if answer not in inner}
    for answer, one in cells.items():
        options.counts[group, answer] = one.people
        if small(one) or (one.people and cited - one.people < THRESHOLD):
            options.primary.add((group, answer))
        bases.counts[group, answer] = one.n
    if cells:
        options.counts[group, TOTAL] = sum(one.people for one in cells.values())
        options.kept.add(TOTAL)
    if cited == 0 and (group, top) in table.primary:
        # Nobody cited anything, which is hidden: zeros all along the list would tell it.
        options.primary |= {key for key in options.counts if key[0] == group}


def _only_batteries(tables: list[CountTable]) -> None:
    """Keep the bases of the lines of a battery where they are not those of the question."""
    for table in tables[2:]:
        sizes = {group: tables[0].counts.get((group, ASKED), tables[0].counts[group, TOTAL])
                 for group in table.groups()}  # fmt: skip
        apart = {answer for (group, answer), count in table.counts.items() if count != sizes[group]}
        table.counts = {key: count for key, count in table.counts.items() if key[1] in apart}


def _size(figures: Iterable[Figure]) -> int:
    """Give the base of a question: that of a battery varies with those who left one of its lines."""
    return max((one.n for one in figures), default=0)


def _fill(
    table: CountTable, group: Group, parts: Mapping[str, int], *, tops: Iterable[str], under: Mapping[str, str],
    base: int, whole: int,
) -> None:  # fmt: skip
    """Write the parts of a base, what is left of it, and those who are not concerned."""
    rest = base - sum(parts[top] for top in tops)
    found = dict(parts) | ({REST: rest} if rest else {})
    inner = ASKED if whole else TOTAL
    table.counts |= {(group, answer): count for answer, count in found.items()} | {(group, inner): base}
    table.parents |= {answer: under.get(answer, inner) for answer in found if under.get(answer, inner) != TOTAL}
    table.kept |= {TOTAL, inner}
    if whole:
        table.counts |= {(group, TOTAL): whole, (group, OUTSIDE): whole - base}
    if base and any(count == base for answer, count in found.items() if answer != CITED):
        # Everybody said the same: the zeros around it would tell.
        table.primary |= {(group, answer) for answer in found}


def _events(figures: Iterable[Figure]) -> CountTable:
    """Cross domains and motives of the event, both margins taken as known."""
    table = CountTable(EVENT, kept={TOTAL})
    for one in figures:
        domain, motive = one.answer.split("|")
        group = Group("domaine", domain)
        for key in ((group, motive), (group, TOTAL), (EVERYBODY, motive), (EVERYBODY, TOTAL)):
            table.counts[key] = table.counts.get(key, 0) + one.people
        if small(one):
            table.primary.add((group, motive))
    return table


def cells_of(one: Figure, tables: Mapping[str, list[CountTable]]) -> Iterator[Cell]:
    """Give the cells that a figure shows: its base, its people, its line of a battery."""
    group = one.group
    if one.concept == EVENT:
        domain, motive = one.answer.split("|")
        yield Cell(EVENT, Group("domaine", domain), motive)
        return
    concept = ticked(tables) if one.concept == CUMULATION else one.concept
    listed = tables[concept]
    inner = ASKED if (group, ASKED) in listed[0].counts and one.base != ALL else TOTAL
    yield Cell(concept, group, inner)
    for table in listed:
        if (group, one.answer) in table.counts:
            yield Cell(table.name, group, one.answer)
    if one.concept == CUMULATION and one.answer == NO_ANSWER:
        yield from (Cell(concept, group, name) for name in (ANY, CITED, REST) if (group, name) in listed[0].counts)
