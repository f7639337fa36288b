"""What the document says first: findings ranked by how widely they hold, and what stays unknown.

Sentences are bounded by what the figures allow: a size declared in advance, a comparator named, never a cause.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from diagnostic.analysis.gaps import NOTABLE_POINTS, NOTABLE_RATIO, large
from diagnostic.analysis.hidden import reason
from diagnostic.analysis.indicator import INDICATORS
from diagnostic.formatting import NBSP, enumeration, number, plural, quantity, typographic
from diagnostic.schemas import FINDING_COLUMNS
from diagnostic.vocabulary import GROUP_LABELS, KNOWN, Direction, Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from diagnostic.analysis.indicator import Indicator

SHOWN: Final = {"gap": 5, "not_found": 3, "blind_spot": 3}
PER_THEME: Final = 3
# From the perimeter the law names first to the widest that files commonly hold.
COMPARATOR_ORDER: Final = ("epci", "departement", "region", "france", "qpv_departement_median", "commune")
_OWN: Final = {
    "commune": "leur commune", "epci": "leur intercommunalité", "departement": "leur département",
    "region": "leur région",
}  # fmt: skip
_PLACES: Final = {
    "commune": "la commune ({label})",
    "epci": "l’intercommunalité ({label})",
    "departement": "le département ({label})",
    "region": "la région ({label})",
    "france": "la France métropolitaine",
    "qpv_departement_median": "la médiane des autres quartiers du département",
}


@dataclass(frozen=True, slots=True)
class _Candidate:
    kind: str
    strength: float
    one: Indicator
    group: str
    message: str
    detail: str
    codes: tuple[str, ...]


def findings(
    indicators: pd.DataFrame, gaps: pd.DataFrame, *, territory: Iterable[str], survey: bool
) -> pd.DataFrame:
    """Rank what the figures show, what they do not show, and what is missing.

    Parameters
    ----------
    indicators, gaps
        Columns ``schemas.INDICATOR_COLUMNS`` and ``schemas.GAP_COLUMNS``; only headline rows are read.
    territory
        Codes of the territory's neighbourhoods.
    survey
        Whether a survey of perceived discrimination was ingested.

    Returns
    -------
    pandas.DataFrame
        Columns ``schemas.FINDING_COLUMNS``; ``kind`` is ``gap``, ``not_found`` or ``blind_spot``.
    """
    codes = set(territory)
    own = indicators[(indicators["level"] == Level.QPV) & indicators["code"].isin(codes) & indicators["headline"]]
    shown = gaps[gaps["code"].isin(codes) & gaps["headline"]]
    candidates = [*_comparisons(own, shown), *_contrasts(own)]
    rows = _kept([one for one in candidates if one.kind == "gap"], "gap")
    rows += _kept([one for one in candidates if one.kind == "not_found"], "not_found")
    table = [_row(one) for one in rows]
    table += list(_blind_spots(own, shown, survey=survey))[: SHOWN["blind_spot"]]
    ranked = [{**row, "rank": rank} for rank, row in enumerate(table, start=1)]
    return pd.DataFrame(ranked, columns=FINDING_COLUMNS)


def _kept(candidates: list[_Candidate], kind: str) -> list[_Candidate]:
    ordered = sorted(candidates, key=lambda one: (-one.strength, one.one.id, one.group))
    kept: list[_Candidate] = []
    for one in ordered:
        if sum(other.one.theme == one.one.theme for other in kept) < PER_THEME:
            kept.append(one)
    return kept[: SHOWN[kind]]


def _row(one: _Candidate) -> dict[str, object]:
    return {
        "theme": str(one.one.theme), "variable": one.one.name, "group": one.group, "kind": one.kind,
        "message": typographic(one.message), "detail": typographic(one.detail),
        "caveat": typographic(one.one.does_not_say),
        "question": typographic(one.one.ask), "codes": ", ".join(one.codes),
    }  # fmt: skip


def _principal() -> Iterator[Indicator]:
    """Give the indicators of the reference list itself; variants of one story are left to the chapters."""
    return (one for one in INDICATORS if "-" not in one.id and one.direction != Direction.NEUTRAL)


def _comparisons(own: pd.DataFrame, gaps: pd.DataFrame) -> Iterator[_Candidate]:
    for one in _principal():
        if one.contrast:
            continue
        rows = gaps[(gaps["variable"] == one.name) & (gaps["group"] == "all")]
        kind = next((kind for kind in COMPARATOR_ORDER if (rows["comparator_kind"] == kind).any()), None)
        if kind is None:
            continue
        best = rows[rows["comparator_kind"] == kind].drop_duplicates("code")
        known = best[best["difference"].notna()]
        if not known.empty:
            yield _comparison(one, known, total=own["code"].nunique())


def _comparison(one: Indicator, known: pd.DataFrame, *, total: int) -> _Candidate:
    notable = known[known["notable"] & known["worse"]]
    label = _place(known)
    more = one.direction == Direction.MORE_IS_WORSE
    where = f"{one.label} ({_period(known)})"
    size = _size(one.unit)
    if len(known) == 1:
        row = known.iloc[0]
        unit = "points" if one.unit == "percent" else one.unit
        detail = (
            f"{quantity(row['value'], one.unit)} dans le quartier, {quantity(row['comparator_value'], one.unit)} "
            f"pour {label} : {quantity(row['difference'], unit, signed=True)}."
        )
    else:
        detail = f"Connu dans {_out_of(len(known), total)}. Comparé à\u00a0: {label}."
    unsure = known[known["worse"] & large(known) & ~known["notable"]]
    if notable.empty and not unsure.empty:
        message = (
            f"{where} : {_places(len(unsure), len(known))}, écart défavorable d’au moins {size} avec {label}, "
            "mais pas au-delà de l’incertitude : on ne peut pas conclure."
        )
        return _Candidate("not_found", len(known) / total, one, "all", message, detail, ())
    if notable.empty:
        message = f"{where} : aucun quartier ne s’écarte de {label} d’au moins {size} dans un sens défavorable."
        return _Candidate("not_found", len(known) / total, one, "all", message, detail, ())
    verb = "plus élevée" if more else "plus basse"
    message = f"{where} : {_places(len(notable), len(known))}, valeur {verb} que pour {label}, d’au moins {size}."
    strength = len(notable) / total + abs(float(notable["ratio"].sub(1).abs().median())) / 10
    return _Candidate("gap", strength, one, "all", message, detail, tuple(notable["code"]))


def _place(known: pd.DataFrame) -> str:
    """Name the comparator, the same for all or each neighbourhood's own."""
    kind = known["comparator_kind"].iloc[0]
    labels = known["comparator_label"].unique()
    if len(labels) > 1 and kind in _OWN:
        return _OWN[kind]
    return _PLACES[kind].format(label=labels[0])


def _places(count: int, known: int) -> str:
    if known == 1:
        return "dans le quartier"
    if count == known:
        return f"dans les {number(known)} quartiers où le chiffre est connu"
    return f"dans {_out_of(count, known)}"


def _out_of(count: int, total: int) -> str:
    return f"{plural(count, 'quartier')} sur{NBSP}{number(total)}"


def _unknown(count: int, total: int) -> str:
    if total == 1:
        return "dans le quartier"
    return f"dans {_out_of(count, total)}"


def _size(unit: str) -> str:
    percent = f"{number(100 * NOTABLE_RATIO)} %"
    return f"{quantity(NOTABLE_POINTS, 'points', decimals=0)} et {percent}" if unit == "percent" else percent


def _period(rows: pd.DataFrame) -> str:
    row = rows.iloc[0]
    return f"édition {row['edition']}" if row["period_basis"] == "edition" else str(row["period"])


def _contrasts(own: pd.DataFrame) -> Iterator[_Candidate]:
    """Compare two groups of the same neighbourhood."""
    for one in _principal():
        if not one.contrast:
            continue
        rows = own[(own["variable"] == one.name) & own["high"].notna() & (own["reliability"] == "publish")]
        if rows.empty:
            continue
        clear = rows[(rows["high"] < 0) & (rows["value"] <= -NOTABLE_POINTS)]
        first, second = (GROUP_LABELS[name] for name in one.contrast)
        where = f"{one.label} ({_period(rows)})"
        known = f"Connu, avec son incertitude, dans {_out_of(len(rows), own['code'].nunique())}."
        if clear.empty:
            message = f"{where} : dans aucun quartier l’écart en défaveur des {first} ne dépasse son incertitude."
            yield _Candidate("not_found", len(rows) / own["code"].nunique(), one, "all", message, known, ())
            continue
        size = quantity(NOTABLE_POINTS, "points", decimals=0)
        message = (
            f"{where} : {_places(len(clear), len(rows))}, le taux des {first} est inférieur d’au moins {size} "
            f"à celui des {second}, au-delà de l’incertitude."
        )
        strength = len(clear) / own["code"].nunique() + abs(float(clear["value"].median())) / 100
        yield _Candidate("gap", strength, one, "all", message, known, tuple(clear["code"]))


def _blind_spots(own: pd.DataFrame, gaps: pd.DataFrame, *, survey: bool) -> Iterator[dict[str, object]]:
    if not survey:
        yield _blind(
            "Le ressenti des habitants n’est pas mesuré : aucune enquête n’a été ajoutée.",
            "Sans lui, on ne sait ni ce que les habitants déclarent vivre, ni s’ils font valoir leurs droits.",
            "Qui peut porter une enquête locale, et à partir de quelle date ?",
        )
    yield from _without_comparator(own, gaps)
    yield from _most_hidden(own)


def _blind(message: str, detail: str, question: str, variable: str = "", group: str = "") -> dict[str, object]:
    return {
        "theme": "", "variable": variable, "group": group, "kind": "blind_spot", "message": typographic(message),
        "detail": typographic(detail), "caveat": "", "question": typographic(question), "codes": "",
    }  # fmt: skip


def _without_comparator(own: pd.DataFrame, gaps: pd.DataFrame) -> Iterator[dict[str, object]]:
    places = gaps[gaps["comparator_kind"] != "qpv_departement_median"]
    compared = set(places["variable"])
    alone = [one for one in _principal() if one.name in set(own["variable"]) - compared and not one.contrast]
    if alone:
        named = alone[:4]
        labels = enumeration(one.short_label[0].lower() + one.short_label[1:] for one in named)
        listed = labels if len(named) == len(alone) else f"dont {labels}"
        yield _blind(
            f"{plural(len(alone), 'indicateur')} sans comparaison publiée dans les fichiers ajoutés : {listed}.",
            "Ils sont comparés à la médiane des autres quartiers du département, faute de mieux.",
            "À l’Insee : les mêmes tables, à la commune et à l’intercommunalité, de la même édition ?",
        )


def _most_hidden(own: pd.DataFrame) -> Iterator[dict[str, object]]:
    absent = own[~own["status"].isin(KNOWN)]
    if absent.empty:
        return
    counts = absent.groupby(["variable", "group"], as_index=False).size()
    total = own["code"].nunique()
    ordered = counts.sort_values(["size", "variable", "group"], ascending=[False, True, True], kind="stable")
    for variable, group, count in ordered.itertuples(index=False):
        one = INDICATORS[variable]
        rows = absent[(absent["variable"] == variable) & (absent["group"] == group)]
        reasons = reason(rows).unique()
        what = one.label if group == "all" else f"{one.label} ({GROUP_LABELS.get(group, group)})"
        yield _blind(
            f"{what} : chiffre inconnu {_unknown(int(count), total)}.",
            f"Motif : {enumeration(sorted(reasons))}.",
            "À l’Insee régional : un produit sur mesure, à une échelle plus large, est-il possible ?",
            variable, group,
        )  # fmt: skip
