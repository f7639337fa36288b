"""The tables of a campaign, as they may be published: by sector, never by offer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from diagnostic.analysis.domains import theme_of
from diagnostic.analysis.evidence import SIGNAL_COLUMNS, TERRITORY, Kind
from diagnostic.analysis.testing.campaign import COLUMNS, compare, compare_all
from diagnostic.analysis.testing.effects import EFFECT_COLUMNS, effects
from diagnostic.formatting import quantity

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from diagnostic.analysis.testing.campaign import Several

RESULT_COLUMNS: Final = ["sector", "criterion", *COLUMNS, "status"]
PUBLISHED_FROM: Final = 30  # matched offers, under which a sector is not told: it could name an agency
JOINED: Final = " · "
_CLEAR: Final = 0.05
_TESTS: Final = ("student", "p_student", "p_mcnemar", "p_fisher")  # of sectors none: nothing would correct them


def results(
    applications: pd.DataFrame,
    reference: Mapping[str, str],
    *,
    criteria: Mapping[str, str],
    several: Several = "refuse",
) -> pd.DataFrame:
    """Compare every type of candidate with the reference, over all offers and by sector.

    Parameters
    ----------
    applications
        Columns ``offer, sector, callback`` and the traits.
    reference
        Value of each trait of the reference candidate.
    criteria
        Legal criterion behind each trait.
    several
        As :func:`~diagnostic.analysis.testing.compare` takes it.

    Returns
    -------
    pandas.DataFrame
        Columns ``RESULT_COLUMNS``. ``sector`` is empty over all offers; ``criterion`` is that of the only trait
        which sets the candidate apart, empty when several do. ``status`` is ``masked``, and every number empty,
        where fewer than thirty offers of a sector are matched, or would be found by difference: one organisation
        might be known by them. ``p_adjusted`` corrects the tests over all offers; sectors are described, without
        any test.

    Raises
    ------
    InputError
        When no offer at all is matched, or one was sent a type of candidate twice.
    """
    found = compare_all(applications, list(reference), reference=list(reference.values()), several=several)
    whole = found.assign(
        sector="", status="observed",
        criterion=[_criterion(str(tested), reference, criteria) for tested in found["tested"]],
    )  # fmt: skip
    parts = [_by_sector(applications, reference, row, several=several) for row in whole.to_dict("records")]
    return pd.concat([whole, *parts], ignore_index=True)[RESULT_COLUMNS]


def _criterion(tested: str, reference: Mapping[str, str], criteria: Mapping[str, str]) -> str:
    values = dict(zip(reference, tested.split(JOINED), strict=True))
    changed = [trait for trait, value in reference.items() if values[trait] != value]
    return criteria[changed[0]] if len(changed) == 1 else ""


def _by_sector(
    applications: pd.DataFrame, reference: Mapping[str, str], row: Mapping[Hashable, object], *, several: Several
) -> pd.DataFrame:
    """Compare one candidate with the reference in each sector; those too small to be told are masked."""
    tested = dict(zip(reference, str(row["tested"]).split(JOINED), strict=True))
    ours, theirs = (applications[_of_type(applications, traits)] for traits in (reference, tested))
    matched = ours[ours["offer"].isin(theirs["offer"])]
    sizes = matched.groupby("sector")["offer"].nunique()
    words: dict[Hashable, object] = {name: row[name] for name in ("criterion", "reference", "tested")}
    rows = []
    for sector in sorted(set(applications["sector"]) - {""}):
        base: dict[Hashable, object] = {**words, "sector": sector, "status": "masked"}
        if sector in told_sectors(sizes):
            own = applications[applications["sector"] == sector]
            found = compare(own, reference=reference, tested=tested, several=several)
            base |= {**found.drop(list(_TESTS)).to_dict(), "status": "observed"}
        rows.append(base)
    return pd.DataFrame(rows, columns=RESULT_COLUMNS)


def _of_type(applications: pd.DataFrame, traits: Mapping[str, str]) -> pd.Series[bool]:
    found = pd.Series(data=True, index=applications.index)
    for trait, value in traits.items():
        found &= applications[trait].eq(value)
    return found


def told_sectors(sizes: pd.Series[int]) -> set[str]:
    """Choose the sectors that may be told: large enough, the others too large together to be found by difference.

    Parameters
    ----------
    sizes
        Matched offers by sector; those of no sector, under an empty name, are never told.

    Examples
    --------
    >>> sorted(told_sectors(pd.Series({"agences": 80, "particuliers": 45, "bailleurs": 12})))
    ['agences']
    """
    ordered = sizes.sort_values(kind="stable")
    hidden = [str(name) for name, size in ordered.items() if size < PUBLISHED_FROM or name == ""]
    kept = [str(name) for name in ordered.index if name not in hidden]
    while hidden and kept and int(ordered[hidden].sum()) < PUBLISHED_FROM:
        hidden.append(kept.pop(0))
    return set(kept)


def publishable(found: pd.DataFrame) -> pd.DataFrame:
    """Keep the candidates matched on thirty offers or more: under it chance weighs too much, one agency too.

    Parameters
    ----------
    found
        Of :func:`results`.
    """
    enough = found.loc[(found["sector"] == "") & (found["offers"] >= PUBLISHED_FROM), "tested"]
    return found[found["tested"].isin(enough)].reset_index(drop=True)


def trait_effects(applications: pd.DataFrame, reference: Mapping[str, str]) -> pd.DataFrame:
    """Estimate what each trait changes, alone and together, when at least two vary; else no row.

    Parameters
    ----------
    applications, reference
        As :func:`results` takes them.
    """
    varied = {trait: value for trait, value in reference.items() if len(applications[trait].unique()) > 1}
    if len(varied) < 2:  # noqa: PLR2004 - two traits to tell apart
        return pd.DataFrame(columns=EFFECT_COLUMNS)
    return effects(applications.assign(callback=applications["callback"].astype(float)), varied)


def signals_of(found: pd.DataFrame, *, domain: str, title: str) -> pd.DataFrame:
    """Say what a campaign adds to the convergence of sources.

    Parameters
    ----------
    found
        Of :func:`results`.
    domain
        One of the sixteen.
    title
        Of the campaign.

    Returns
    -------
    pandas.DataFrame
        Columns ``evidence.SIGNAL_COLUMNS``: one row a criterion that one candidate alone carries. It concurs when
        the reference is favoured beyond chance, the tests corrected for their number.
    """
    whole = found[(found["sector"] == "") & (found["criterion"] != "")]
    rows = [
        {
            "theme": str(theme_of(domain)), "criterion": row["criterion"], "perimeter": TERRITORY,
            "kind": str(Kind.TESTING),
            "concurs": bool(row["difference"] > 0 and row["p_adjusted"] < _CLEAR),
            "what": f"{title} : {row['tested']}, {quantity(-float(row['difference']), 'points', signed=True)}",
            "source": "testing",
        }
        for row in whole.to_dict("records")
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=SIGNAL_COLUMNS)
