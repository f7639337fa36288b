"""Counts by commune carried from the communes of one year to those of another.

The Insee lists every event since 2015: communes that merge, split, change code or name. Counts of communes that
merged are added, which is exact; those of a commune that split are shared out by a declared key, and refused
without one. The passage table of the Insee leads every former code to the communes of one year: it cannot tell
of which year a code is, and a code that came back (27058) or was split means two places.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from diagnostic.errors import Fault, TerritoryError
from diagnostic.formatting import enumeration, plural
from diagnostic.vocabulary import ABSENCE_PRECEDENCE, KNOWN, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FIRST: Final = 2015  # the events begin here
COMMUNE: Final = "COM"
SHOWN: Final = 5
EVENT_COLUMNS: Final = ["DATE_EFF", "TYPECOM_AV", "COM_AV", "TYPECOM_AP", "COM_AP"]
PASSAGE_COLUMNS: Final = ["before", "after"]
Successors = dict[str, frozenset[str]]


def passage(events: pd.DataFrame, *, since: int, until: int) -> pd.DataFrame:
    """Say what the communes of one year have become, or what they were.

    Parameters
    ----------
    events
        Columns ``EVENT_COLUMNS`` at least, as the Insee publishes them (text, ISO dates); events of delegated and
        associated communes are left aside.
    since, until
        Years of the geography, at 1 January; ``until`` may come before ``since``.

    Returns
    -------
    pandas.DataFrame
        ``before`` (code of ``since``) and ``after`` (code of ``until``), for the communes that an event touches: a
        merged commune is one of several with one ``after``, a split one has several. Others keep their code.

    Raises
    ------
    TerritoryError
        When a year lies before the first event.

    Examples
    --------
    >>> events = pd.DataFrame([("2019-01-01", "COM", "01130", "COM", "01130"),
    ...                        ("2019-01-01", "COM", "01109", "COM", "01130")], columns=EVENT_COLUMNS)
    >>> passage(events, since=2018, until=2020).to_numpy().tolist()
    [['01109', '01130'], ['01130', '01130']]
    """
    if min(since, until) < FIRST:
        raise TerritoryError(
            Fault(
                "millésime de communes antérieur à la liste des mouvements",
                expected=f"{FIRST} ou après",
                found=str(min(since, until)),
                remedy="prenez la table publiée dans la géographie d’une année plus récente",
            )
        )
    first, last = sorted((since, until))
    dates = events["DATE_EFF"].astype(str)
    kept = (dates > f"{first}-01-01") & (dates <= f"{last}-01-01")
    kept &= (events["TYPECOM_AV"] == COMMUNE) & (events["TYPECOM_AP"] == COMMUNE)
    found: Successors = {}
    for _, day in events[kept].groupby("DATE_EFF", sort=True):
        found = _after(found, _one_day(zip(day["COM_AV"], day["COM_AP"], strict=True)))
    pairs = [(before, after) for before, successors in found.items() for after in successors]
    if until < since:
        pairs = [(before, after) for after, before in pairs]
    return pd.DataFrame(sorted(pairs), columns=PASSAGE_COLUMNS, dtype="str")


def _one_day(pairs: Iterable[tuple[str, str]]) -> Successors:
    """Gather the events of one day; a commune may change code and merge on the same day."""
    day: dict[str, set[str]] = {}
    for before, after in pairs:
        day.setdefault(before, set()).add(after)
    return {
        before: frozenset().union(*(
            day[after] if after != before and after in day and after not in day[after] else {after}
            for after in successors
        ))
        for before, successors in day.items()
    }  # fmt: skip


def _after(found: Successors, day: Mapping[str, frozenset[str]]) -> Successors:
    """Follow what was found so far through one more day."""
    moved = {
        before: frozenset().union(*(day.get(code, {code}) for code in successors))
        for before, successors in found.items()
    }
    alive = {code for successors in found.values() for code in successors}
    moved.update({code: successors for code, successors in day.items() if code not in found and code not in alive})
    return moved


def carry_counts(
    counts: pd.Series[float], moves: pd.DataFrame, *, statuses: pd.Series[str] | None = None,
    key: pd.Series[float] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Carry counts by commune to the communes of another year.

    Parameters
    ----------
    counts
        By commune code; counts only: rates and medians do not add up.
    moves
        See :func:`passage`.
    statuses
        ``vocabulary.Status`` of each count; by default observed where there is a value, else missing.
    key
        By commune code of the year of arrival: what shares out a commune that split (its parts' inhabitants).

    Returns
    -------
    pandas.DataFrame
        By code of arrival: ``value``, ``status`` and a French ``note``. A sum of observed counts is observed; a
        part of a split commune is estimated; a sum with a hidden count is hidden for the same reason. Totals are
        conserved.

    Raises
    ------
    TerritoryError
        When a code is repeated, does not exist in the year of departure, or splits without a key.

    Examples
    --------
    >>> moves = pd.DataFrame({"before": ["01109", "01130"], "after": ["01130", "01130"]})
    >>> carry_counts(pd.Series({"01109": 10.0, "01130": 30.0, "59350": 5.0}), moves)["value"].to_dict()
    {'01130': 40.0, '59350': 5.0}
    """
    _check(counts, moves)
    words = pd.Series(Status.OBSERVED.value, index=counts.index) if statuses is None else statuses
    words = words.reindex(counts.index)
    words = words.mask(words.isna() | (counts.isna() & words.isin(KNOWN)), Status.MISSING.value)
    stay = counts.index.difference(pd.Index(moves["before"]))
    same = pd.DataFrame({"before": stay, "after": stay})
    pairs = pd.concat([moves[moves["before"].isin(counts.index)], same], ignore_index=True)
    share = _shares(pairs, key)
    pairs["status"] = words.reindex(pairs["before"]).to_numpy()
    pairs["value"] = counts.reindex(pairs["before"]).to_numpy() * share
    pairs.loc[(share < 1) & pairs["status"].isin(KNOWN), "status"] = Status.ESTIMATED.value
    parts = pairs.sort_values(PASSAGE_COLUMNS).groupby("after")
    table = pd.DataFrame({"value": parts["value"].sum(min_count=1), "status": parts["status"].agg(_joint)})
    table.loc[~table["status"].isin(KNOWN), "value"] = np.nan
    table["note"] = parts["before"].agg(lambda codes: _note(list(codes)))
    return table.rename_axis(None)


def _joint(statuses: pd.Series[str]) -> str:
    """Give the status of a sum: its strongest reason of absence, else its weakest knowledge."""
    found = set(statuses)
    order = [*ABSENCE_PRECEDENCE, Status.ESTIMATED, Status.IMPUTED, Status.OBSERVED]
    return next(status.value for status in order if status in found)


def _note(codes: list[str]) -> str:
    return f"communes de départ : {enumeration(codes)}" if len(codes) > 1 else ""


def _shares(pairs: pd.DataFrame, key: pd.Series[float] | None) -> np.ndarray:
    several = pairs["before"].duplicated(keep=False).to_numpy()
    share = np.ones(len(pairs))
    if not several.any():
        return share
    parts = pairs[several]
    weight = (pd.Series(dtype=float) if key is None else key).reindex(parts["after"]).to_numpy(dtype=float)
    total = pd.Series(weight).groupby(parts["before"].to_numpy()).transform("sum").to_numpy()
    lacking = ~(weight >= 0) | ~(total > 0)
    if lacking.any():
        codes = sorted(set(parts["before"][lacking]))
        raise TerritoryError(
            Fault(
                f"{plural(len(codes), 'commune scindée', 'communes scindées')} sans clé de répartition",
                expected="un effectif pour chacune des communes d’arrivée",
                found=enumeration(codes[:SHOWN]),
                remedy="donnez une clé (la population des communes d’arrivée), ou gardez la géographie d’origine",
            )
        )
    share[several] = weight / total
    return share


def _check(counts: pd.Series[float], moves: pd.DataFrame) -> None:
    twice = sorted(set(counts.index[counts.index.duplicated()]))
    unborn = sorted(set(counts.index) & (set(moves["after"]) - set(moves["before"])))
    faults = [
        Fault(what, expected=expected, found=enumeration(codes[:SHOWN]), remedy=remedy)
        for codes, what, expected, remedy in (
            (twice, "communes répétées", "un effectif par commune", "choisissez une édition"),
            (
                unborn, "codes de communes qui n’existaient pas cette année-là",
                "les communes de l’année de départ", "vérifiez le millésime des communes de cette table",
            ),
        )
        if codes
    ]  # fmt: skip
    if faults:
        raise TerritoryError(faults)
