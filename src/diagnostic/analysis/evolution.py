"""From one diagnostic to the next: what changed, only where years and perimeters may be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from diagnostic.analysis.trends import SERIES, trends
from diagnostic.errors import Fault, RefusedError
from diagnostic.formatting import typographic
from diagnostic.vocabulary import KNOWN, Level

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from diagnostic.analysis.disclosure.public import PublicTables

EVOLUTION_COLUMNS: Final = [
    "code", "label", "variable", "indicator", "group", "unit", "source", "previous_period", "previous_value",
    "previous_status", "period", "value", "status", "change", "half_width", "moved", "judgement", "comparable",
    "reason",
]  # fmt: skip
# What may be said of the size of a change; a register is counted, not sampled: it has no interval to compare with.
BEYOND: Final = "beyond"
WITHIN: Final = "within"
UNQUALIFIED: Final = "unqualified"
_SAME_YEAR: Final = "même année dans les deux diagnostics"
_REVISED: Final = typographic("même année, mais le producteur a révisé le chiffre")
_ABSENT: Final = "valeur absente ou masquée"
_NEW: Final = "absent du premier diagnostic"
_GONE: Final = "absent du second diagnostic"


def evolution(first: PublicTables, second: PublicTables) -> pd.DataFrame:
    """Compare two diagnostics of one territory, neighbourhood by neighbourhood.

    Parameters
    ----------
    first, second
        Public tables of the earlier and of the later diagnostic; their headline figures are compared.

    Returns
    -------
    pandas.DataFrame
        Columns ``EVOLUTION_COLUMNS``, one row a neighbourhood, indicator and group of either. ``change`` and
        ``moved`` (beyond the two intervals joined) are there only where ``comparable``; ``judgement`` is then
        ``beyond``, ``within``, or ``unqualified`` where no interval is known (a register); ``reason`` says why it
        is not: a break declared by the producer, two censuses that share surveys, the same year, one side only.

    Raises
    ------
    RefusedError
        When the two are about different generations of neighbourhoods, or have none in common.
    """
    _check(first, second)
    names = second.territories[second.territories["level"] == Level.QPV].set_index("code")["label"]
    codes = sorted(set(names.index) & set(first.territories["code"]))
    sides = [_headline(tables, codes) for tables in (first, second)]
    both = pd.concat(sides, ignore_index=True)
    steps = trends(both, territory=codes).dropna(subset=["previous_period"])
    old = sides[0].set_index(SERIES)
    rows = sides[1].merge(
        steps[[*SERIES, "period", "change", "half_width", "comparable", "moved", "break_label"]],
        on=[*SERIES, "period"], how="outer", indicator=True,
    )  # fmt: skip
    rows = rows[rows["_merge"] != "right_only"]
    before = old.reindex(pd.MultiIndex.from_frame(rows[SERIES]))
    rows = rows.assign(**{f"previous_{name}": before[name].to_numpy() for name in ("period", "value", "status")})
    rows = pd.concat([rows, _gone(sides)], ignore_index=True)
    rows["reason"] = [_reason(row) for row in rows.to_dict("records")]
    rows["comparable"] = rows["reason"].eq("") & rows["comparable"].eq(True)
    known = rows["half_width"].gt(0)
    rows["moved"] = rows["moved"].eq(True) & rows["comparable"] & known
    judged = pd.Series(UNQUALIFIED, index=rows.index).where(~known, WITHIN).where(~rows["moved"], BEYOND)
    rows["judgement"] = judged.where(rows["comparable"], "")
    labels = second.catalogue.set_index("variable")["label"]
    rows = rows.assign(label=rows["code"].map(names), indicator=rows["variable"].map(labels).fillna(""))
    order = ["code", "variable", "group", "source"]
    return rows.sort_values(order, kind="stable")[EVOLUTION_COLUMNS].reset_index(drop=True)


def _check(first: PublicTables, second: PublicTables) -> None:
    generations = first.identity.generation, second.identity.generation
    if generations[0] != generations[1]:
        raise RefusedError(
            Fault(
                "les deux diagnostics portent sur des générations différentes de quartiers",
                found=f"{generations[0]} et {generations[1]}", expected="la même génération",
                remedy="comparez deux diagnostics de la même génération : les périmètres ont changé en 2024",
            )
        )  # fmt: skip
    ours = [
        set(tables.territories.loc[tables.territories["level"] == Level.QPV, "code"]) for tables in (first, second)
    ]
    if not ours[0] & ours[1]:
        raise RefusedError(
            Fault(
                "aucun quartier commun aux deux diagnostics",
                found=f"{first.identity.name} ; {second.identity.name}", remedy="vérifiez les deux dossiers",
            )
        )  # fmt: skip


def _headline(tables: PublicTables, codes: list[str]) -> pd.DataFrame:
    rows = tables.indicators
    kept = (rows["level"] == Level.QPV) & rows["code"].isin(codes) & rows["headline"].astype(bool)
    return rows[kept].reset_index(drop=True)


def _gone(sides: list[pd.DataFrame]) -> pd.DataFrame:
    """Give what only the first diagnostic shows."""
    keys = [pd.MultiIndex.from_frame(side[SERIES]) for side in sides]
    lost = sides[0][~keys[0].isin(keys[1])]
    moved = {name: f"previous_{name}" for name in ("period", "value", "status")}
    return lost[[*SERIES, *moved]].rename(columns=moved).assign(comparable=False, moved=False, break_label="")


def _reason(row: Mapping[Hashable, Any]) -> str:
    """Say why a change may not be read; empty where it may."""
    if pd.isna(row["previous_period"]):
        return _NEW
    if pd.isna(row["period"]):
        return _GONE
    if row["period"] == row["previous_period"]:
        values = row["value"], row["previous_value"]
        return _SAME_YEAR if pd.isna(list(values)).all() or values[0] == values[1] else _REVISED
    hidden = [status for status in (row["previous_status"], row["status"]) if status not in KNOWN]
    return str(row["break_label"]) or (_ABSENT if hidden else "")
