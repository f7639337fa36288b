"""What may be shown before disclosure control of the survey exists: the whole territory, and counts by QPV.

*Protection* hides a figure whose base, numerator or complement is under 11 people, then every figure that would
give it back: the last hidden part of a sum, an answer that nearly everybody who answered gave, the same answer in
another base, pairs, and the questions put to a number of people that is hidden. *Precision* takes the percentage
away where the published rule allows none. Both leave a row, its label and a note.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from diagnostic.analysis.perception.estimation import EVERYBODY, NUMBERS, QUALITY, QUARTER, TERRITORY, UPPER
from diagnostic.analysis.perception.families import families, gates, headline
from diagnostic.analysis.perception.indicators import CUMULATION, EVENT
from diagnostic.analysis.perception.items import NO_ANSWER
from diagnostic.analysis.survey import Reliability
from diagnostic.analysis.survey_quality import MASKED
from diagnostic.formatting import typographic
from diagnostic.schemas import ESTIMATE_COLUMNS
from diagnostic.vocabulary import Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from diagnostic.analysis.perception.families import Family

    Key = tuple[str, str]

THRESHOLD: Final = 11
IMPRECISE: Final = typographic("précision insuffisante : pas de pourcentage")


@dataclass(slots=True, eq=False)
class _Cells:
    """Counts of one base by figure, and what is hidden in all of them."""

    counts: dict[str, dict[Key, tuple[int, int]]]
    hidden: set[Key]

    def hide(self, keys: Iterable[Key]) -> bool:
        before = len(self.hidden)
        self.hidden |= set(keys)
        return len(self.hidden) > before


def released(estimates: pd.DataFrame, *, generation: int) -> pd.DataFrame:
    """Keep what may be published of the estimates.

    Parameters
    ----------
    estimates
        Of :func:`estimates`.
    generation
        QPV generation of the publication: counts by QPV of another one are left out.

    Returns
    -------
    pandas.DataFrame
        Columns ``ESTIMATE_COLUMNS``: the whole territory without groups, and for each QPV its number of
        respondents alone. A hidden row keeps its label, has the status ``suppressed``, no number at all, and a
        note that says whether it is for protection or for precision.
    """
    whole = estimates["level"].eq(TERRITORY) & estimates["by"].eq("") & estimates["group"].eq(EVERYBODY)
    quality = estimates["indicator"].eq(QUALITY)
    places = quality & (estimates["level"].eq(QUARTER) & estimates["vintage"].eq(generation))
    table = estimates[whole | places].reset_index(drop=True)[ESTIMATE_COLUMNS].copy()
    if table.empty:
        return table
    counted = table["indicator"].eq(QUALITY)
    hidden = protected(table[~counted])
    keys = list(zip(table["concept"], table["answer"], strict=True))
    masked = pd.Series([key in hidden for key in keys], index=table.index, dtype=bool) & ~counted
    small = (table["n"] > 0) & (table["n"] < THRESHOLD)
    masked |= counted & (table["reliability"].eq(str(Reliability.SUPPRESS)) | small)
    absent = table["status"].eq(str(Status.MISSING)) & ~masked
    vague = ~counted & ~masked & ~absent & table["reliability"].eq(str(Reliability.SUPPRESS))
    silenced = pd.Series([(concept, NO_ANSWER) in hidden for concept in table["concept"]], index=table.index)
    table["note"] = table["note"].str.split(UPPER).str[0].where(silenced, table["note"])
    table = _emptied(_emptied(table, masked, MASKED), vague, IMPRECISE)
    quarters = table["level"].eq(QUARTER)
    table.loc[quarters, ["n_eff", "deff", "df", "se"]] = np.nan
    return table


def _emptied(table: pd.DataFrame, rows: pd.Series[bool], note: str) -> pd.DataFrame:
    table.loc[rows, NUMBERS] = np.nan
    table.loc[rows, "status"] = str(Status.SUPPRESSED)
    table.loc[rows, "reliability"] = str(Reliability.SUPPRESS)
    table.loc[rows, "note"] = note
    return table


def protected(table: pd.DataFrame) -> set[Key]:
    """Find the figures to hide, so that none is given back by a difference.

    Parameters
    ----------
    table
        Estimates of one place, without groups: ``concept, answer, base, n, count``.

    Returns
    -------
    set
        ``(concept, answer)``, hidden in every base and under every indicator.
    """
    columns = (table[name] for name in ("base", "concept", "answer", "n", "count"))
    counts: dict[str, dict[Key, tuple[int, int]]] = {}
    for base, concept, answer, n, count in zip(*columns, strict=True):
        counts.setdefault(base, {})[concept, answer] = (int(n), int(count))
    cells = _Cells(counts, set())
    cells.hide(
        key for found in counts.values() for key, (n, count) in found.items()
        if _small(n, count) and not _nobody_silent(key, n, count)
    )  # fmt: skip
    answers: dict[str, tuple[str, ...]] = {}
    for found in counts.values():
        for concept, answer in found:
            answers[concept] = tuple(dict.fromkeys((*answers.get(concept, ()), answer)))
    ties = families(answers)
    while _pass(cells, ties):
        pass
    return cells.hidden


def _small(n: int, count: int) -> bool:
    return min(n, count, n - count) < THRESHOLD


def _nobody_silent(key: Key, n: int, count: int) -> bool:
    """Say whether everybody answered: nobody stands behind that zero, and hiding it would hide the answers."""
    return key[1] == NO_ANSWER and count == 0 and n >= THRESHOLD


def _pass(cells: _Cells, ties: list[Family]) -> bool:
    """Apply every rule once, and say whether something more was hidden."""
    changed = [
        cells.hide(_tied(found, cells.hidden, family)) for found in cells.counts.values() for family in ties
    ]
    changed += [
        cells.hide(_nested(found, cells.hidden, family)) for found in cells.counts.values() for family in ties
    ]
    changed.append(cells.hide(_behind_gates(cells)))
    changed.append(cells.hide(_pairs(cells)))
    return any(changed)


def _tied(found: dict[Key, tuple[int, int]], hidden: set[Key], family: Family) -> list[Key]:
    """Give what more to hide so that the hidden parts of a sum stay at least two and 11 people together."""
    parts = [part for part in family.parts if part in found]
    unseen = [part for part in parts if part in hidden]
    shown = sorted(
        (part for part in parts if part not in hidden), key=lambda part: (headline(part), found[part][1])
    )
    if family.block:
        return shown if unseen else []
    if not unseen:
        return shown[:1] if family.exact and family.total in hidden else []
    more: list[Key] = []
    while shown and (len(unseen) < 2 or sum(found[part][1] for part in unseen) < THRESHOLD):  # noqa: PLR2004 - a pair
        more.append(shown.pop(0))
        unseen.append(more[-1])
    return more


def _nested(found: dict[Key, tuple[int, int]], hidden: set[Key], family: Family) -> list[Key]:
    """Hide the answers that all but a few of those who gave one gave, where how many did is shown."""
    parts = [part for part in family.parts if part in found and part not in hidden]
    if family.silence in found and family.silence not in hidden:
        whole = found[family.silence][0] - found[family.silence][1]
    elif not family.exact and family.total in found and family.total not in hidden:
        whole = found[family.total][1]
    else:
        return []
    return [part for part in parts if whole - found[part][1] < THRESHOLD]


def _behind_gates(cells: _Cells) -> list[Key]:
    """Hide the questions put to those whose number is itself hidden."""
    closed = {concept for concept, gate in gates().items() if (gate.concept, gate.answer) in cells.hidden}
    keys = {key for found in cells.counts.values() for key in found}
    events = [key for key in keys if key[0] == EVENT and ("event_domain", key[1].split("|")[0]) in cells.hidden]
    return [key for key in keys if key[0] in closed] + events


def _pairs(cells: _Cells) -> list[Key]:
    """Hide a pair when one of its motives is hidden, or when too few cite one without the other, or neither."""
    found = cells.counts.get("concerned", {})
    return [key for key in found if key[0] == CUMULATION and "+" in key[1] and not _pair_shown(cells, key)]


def _pair_shown(cells: _Cells, key: Key) -> bool:
    found = cells.counts["concerned"]
    n, both = found[key]
    concept = "motives" if any(name == "motives" for name, _ in found) else "event_motives"
    singles = [(concept, answer) for answer in key[1].split("+")]
    if any(single in cells.hidden or single not in found for single in singles):
        return False
    first, second = (found[single][1] for single in singles)
    return min(first - both, second - both, n - first - second + both) >= THRESHOLD
