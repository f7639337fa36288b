"""Which counts of the survey to hide, in every table at once, and the attack on what is left."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pandas as pd

from diagnostic.analysis.disclosure import attack, protect
from diagnostic.analysis.disclosure.ledger import CELL_COLUMNS
from diagnostic.analysis.disclosure.tables import TOTAL
from diagnostic.analysis.perception.families import CROSSED, depth, gates, headline
from diagnostic.analysis.perception.indicators import EVENT
from diagnostic.analysis.perception.tables import (
    ASKED,
    BASES,
    CITED,
    OUTSIDE,
    THRESHOLD,
    Cell,
    Group,
    count_tables,
)
from diagnostic.analysis.perception.tables import EVERYBODY as WHOLE
from diagnostic.analysis.survey_quality import tells
from diagnostic.errors import Fault, RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from diagnostic.analysis.perception.tables import CountTable, Figure


@dataclass(frozen=True, slots=True)
class Shield:
    """What may be shown.

    Parameters
    ----------
    tables
        Counts by concept.
    hidden
        The cells not to show.
    """

    tables: Mapping[str, list[CountTable]]
    hidden: AbstractSet[Cell]

    def cells(self) -> pd.DataFrame:
        """Write every cell, null where hidden: columns ``CELL_COLUMNS``."""
        rows = [
            (table.name, group.axis, group.label, answer,
             None if Cell(table.name, group, answer) in self.hidden else count)
            for tables in self.tables.values() for table in tables
            for (group, answer), count in table.counts.items()
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=CELL_COLUMNS).astype({"n": "Int64"})


@dataclass(slots=True, eq=False)
class _Search:
    """The hidden cells, found table after table until none calls for another."""

    tables: Mapping[str, list[CountTable]]
    out: Mapping[Cell, frozenset[int]]
    hidden: set[Cell] = field(default_factory=set)

    def run(self, blocked: AbstractSet[Group]) -> None:
        known = gates()
        for concept in sorted(self.tables, key=lambda one: depth(one, known)):
            shut = set(blocked)
            if concept in known:
                gate = known[concept]
                shut |= {cell.group for cell in self._of(gate.concept, gate.answer) if cell in self.hidden}
            self._settle(concept, shut)
        for concept, ties in CROSSED.items():
            if concept in self.tables:
                tied = {cell.group for tie in ties for cell in self._of(*tie) if cell in self.hidden}
                self._settle(concept, tied | blocked)

    def _of(self, concept: str, answer: str) -> list[Cell]:
        return [
            Cell(table.name, group, answer) for table in self.tables.get(concept, [])
            for group, one in table.counts if one == answer
        ]  # fmt: skip

    def _settle(self, concept: str, shut: set[Group]) -> None:
        """Protect the tables of a question, whose groups stand or fall with their base."""
        tables = self.tables[concept]
        if concept == EVENT:
            shut = {Group("domaine", cell.answer) for cell in self.hidden if cell.table == "event_domain"}
        while True:
            for table in tables:
                self._protect(table, shut)
            closed = {
                cell.group for cell in self.hidden
                if cell.table.split("/")[0] == concept and _closes(cell, concept)
            }  # fmt: skip
            if closed <= shut:
                return
            shut |= closed

    def _protect(self, table: CountTable, shut: AbstractSet[Group]) -> None:
        whole = WHOLE in shut
        given = {key for key in table.counts if whole or (key[0] in shut and table.counts.get((WHOLE, key[1]), 1))}
        given |= {key for key in table.counts if Cell(table.name, *key) in self.hidden or self._seen(table, key)}
        if whole:
            self.hidden |= {Cell(table.name, *key) for key in given}
            return
        standing = self._standing(table)
        small = {key for key, count in table.counts.items() if 0 < count < THRESHOLD}
        if {Cell(table.name, *key) for key in given | small | table.primary} <= standing and not _broken(
            table, standing
        ):
            self.hidden |= standing
            return
        table.first |= {answer for _, answer in table.counts if headline((table.name.split("/")[0], answer))}
        frame = table.frame(given)
        frame.loc[[bool(self.out.get(Cell(table.name, *key))) for key in table.counts], "weight"] = OUT
        safe = protect(
            frame, [*table.axes(), "answer"], primary="hide", threshold=THRESHOLD, weights="weight",
            hierarchies={"answer": table.parents},
        )  # fmt: skip
        hidden = safe["status"].ne("published").to_numpy()
        self.hidden |= {Cell(table.name, *key) for key, one in zip(table.counts, hidden, strict=True) if one}

    def _standing(self, table: CountTable) -> set[Cell]:
        """Give what was hidden when the same counts were released: one pattern, whatever solver finds it."""
        cells = {key: Cell(table.name, *key) for key in table.counts}
        known = all(
            cell in self.out and (not self.out[cell] or table.counts[key] in self.out[cell])
            for key, cell in cells.items()
        )
        return {cell for cell in cells.values() if not self.out[cell]} if known else set()

    def _seen(self, table: CountTable, key: tuple[Group, str]) -> bool:
        """Say whether a cell was hidden when it was last released, or tells of those who came or left since."""
        cell = Cell(table.name, *key)
        if cell not in self.out:
            return False
        base, size = self._among(table, key)
        bases = () if base == cell else self.out.get(base, ())
        return tells(table.counts[key], self.out[cell], base=size, bases=bases)

    def _among(self, table: CountTable, key: tuple[Group, str]) -> tuple[Cell, int]:
        """Give the cell of the people among whom a cell counts, itself where it tells no more; their number."""
        (group, answer), first = key, self.tables[table.name.split("/")[0]][0]
        if table.name.endswith(BASES) or answer == CITED or (answer == TOTAL and table is not first):
            return Cell(table.name, *key), table.counts[key]
        whole = answer == TOTAL
        inner = TOTAL if answer in {TOTAL, ASKED, OUTSIDE} or (group, ASKED) not in first.counts else ASKED
        base = (WHOLE if whole else group, inner)
        return Cell(first.name, *base), first.counts.get(base, 0)


def _closes(cell: Cell, concept: str) -> bool:
    """Say whether a hidden cell hides its whole group: a base, or part of what is shown whole or not at all."""
    return concept in CROSSED or (cell.answer in {TOTAL, ASKED} and cell.table == concept != EVENT)


OUT: Final = 1e3  # what is out already protects nothing by being hidden


def shield(
    figures: Iterable[Figure],
    *,
    blocked: AbstractSet[Group] = frozenset(),
    out: Mapping[Cell, frozenset[int]] | None = None,
) -> Shield:
    """Find what to hide so that no hidden count comes back by a difference.

    Parameters
    ----------
    figures
        Every figure that might be shown.
    blocked
        Groups of which nothing is shown.
    out
        Cells of this survey that were released before, with the values given; none where hidden.

    Returns
    -------
    Shield
        Deterministic.

    Raises
    ------
    RefusedError
        When the attack on what is left succeeds all the same.
    """
    tables = count_tables(figures)
    search = _Search(tables, out or {})
    search.run(blocked)
    found = Shield(tables, frozenset(search.hidden))
    withstand(found)
    return found


def withstand(found: Shield) -> None:
    """Attack what is about to be shown, as an outsider would.

    Raises
    ------
    RefusedError
        When a hidden cell comes back; the message names the tables, never a number.
    """
    broken = [
        table.name for tables in found.tables.values() for table in tables if _broken(table, found.hidden)
    ]  # fmt: skip
    if broken:
        raise RefusedError(refusal(broken))


def refusal(broken: Iterable[str]) -> list[Fault]:
    """Say which tables give a hidden number back, and which number never."""
    return [
        Fault(
            f"des effectifs masqués se retrouvent par différence dans «\u00a0{name}\u00a0»",
            expected="aucun chiffre masqué retrouvé\u202f; rien n’est écrit, les documents d’avant sont intacts",
            remedy="transmettez ce message à la personne qui vous aide",
        )
        for name in broken
    ]  # fmt: skip


def _broken(table: CountTable, hidden: AbstractSet[Cell]) -> bool:
    frame = table.frame().drop(columns=["hide", "weight"])
    lost = [Cell(table.name, *key) in hidden for key in table.counts]
    if not any(lost) or all(lost):
        return False
    exempt = [key in table.primary for key in table.counts]
    frame["n"] = frame["n"].astype("Int64").mask(pd.Series(lost))
    frame["status"] = pd.Series(exempt).map({True: "primary", False: "secondary"})
    found = attack(frame, [*table.axes(), "answer"], threshold=THRESHOLD, hierarchies={"answer": table.parents})
    return not found.empty
