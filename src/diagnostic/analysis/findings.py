"""What the document says first: findings ranked by convergence of sources and size, and what stays unknown.

Sentences are bounded by what the figures allow: a size declared in advance, a comparator named, never a cause.
Each finding carries two rival explanations and room for the answer of the partner it questions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from diagnostic.analysis.evidence import (
    OF_PLACE,
    TERRITORY,
    clear_contrasts,
    degree_label,
    evidence,
    signals,
)
from diagnostic.analysis.gaps import MEDIAN, NOTABLE_POINTS, SIMILAR, large, main_gaps
from diagnostic.analysis.hidden import reason
from diagnostic.analysis.indicator import INDICATORS
from diagnostic.analysis.rivals import rivals
from diagnostic.analysis.wording import out_of, period, place, places, size, unknown
from diagnostic.formatting import enumeration, plural, quantity, typographic
from diagnostic.schemas import FINDING_COLUMNS
from diagnostic.vocabulary import GROUP_LABELS, KNOWN, Direction, Level, Status

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from diagnostic.analysis.indicator import Indicator

EVIDENCE_COLUMNS: Final = ["degree", "evidence", "sources", "rival_first", "rival_second", "reply"]
COLUMNS: Final = [*FINDING_COLUMNS, *EVIDENCE_COLUMNS]
SHOWN: Final = {"gap": 5, "not_found": 3, "blind_spot": 3}
PER_THEME: Final = 3


@dataclass(frozen=True, slots=True)
class _Candidate:
    kind: str
    strength: float
    one: Indicator
    message: str
    detail: str
    codes: tuple[str, ...] = ()
    whole: bool = True  # holds in most of the neighbourhoods where it is known


def findings(
    indicators: pd.DataFrame,
    gaps: pd.DataFrame,
    *,
    territory: Collection[str],
    survey: bool,
    convergence: pd.DataFrame | None = None,
    widened: pd.DataFrame | None = None,
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
    convergence
        Of :func:`diagnostic.analysis.evidence.evidence`; that of public statistics alone by default.
    widened
        Of :func:`diagnostic.analysis.trends.worsening`: said in the detail of the finding.

    Returns
    -------
    pandas.DataFrame
        Columns ``COLUMNS``; ``kind`` is ``gap``, ``not_found`` or ``blind_spot``. Gaps come in the order of their
        ``degree`` (0 to 5, missing elsewhere), then of their extent. ``reply`` is empty: room for the partner.
    """
    codes = set(territory)
    own = indicators[(indicators["level"] == Level.QPV) & indicators["code"].isin(codes) & indicators["headline"]]
    shown = gaps[gaps["code"].isin(codes) & gaps["headline"]]
    if convergence is None:
        convergence = evidence(signals(indicators, gaps, territory=codes))
    clear = clear_contrasts(indicators, gaps, territory=codes)
    candidates = [*_comparisons(own, shown), *_contrasts(clear, total=own["code"].nunique())]
    degrees = {id(one): _degree(one, convergence) for one in candidates}
    found = _kept([one for one in candidates if one.kind == "gap"], "gap", degrees)
    table = [_row(one, *degrees[id(one)], widened) for one in found]
    table += [_row(one) for one in _kept([one for one in candidates if one.kind == "not_found"], "not_found", {})]
    table += list(_blind_spots(own, shown, survey=survey))[: SHOWN["blind_spot"]]
    ranked = [{**row, "rank": rank} for rank, row in enumerate(table, start=1)]
    return completed(pd.DataFrame(ranked, columns=COLUMNS))


def completed(table: pd.DataFrame) -> pd.DataFrame:
    """Give a table of findings every column of ``COLUMNS``: no degree, and empty words, where there is none.

    Parameters
    ----------
    table
        Columns ``schemas.FINDING_COLUMNS`` at least.
    """
    whole = table.reindex(columns=COLUMNS)
    words = [name for name in EVIDENCE_COLUMNS if name != "degree"]
    whole[words] = whole[words].astype(object).where(whole[words].notna(), "").astype(str)
    return whole.assign(degree=pd.to_numeric(whole["degree"]).astype("Int64"))


def _degree(one: _Candidate, convergence: pd.DataFrame) -> tuple[int, str]:
    """Find the convergence of a finding: same theme, one of its criteria, and the perimeter where it holds."""
    slugs = one.one.criteria if one.one.contrast else [slug for slug in one.one.criteria if slug in OF_PLACE]
    perimeters = [TERRITORY] if one.whole else list(one.codes)
    rows = convergence[
        (convergence["theme"] == str(one.one.theme)) & convergence["criterion"].isin(slugs)
        & convergence["perimeter"].isin(perimeters)
    ].sort_values(["degree", "criterion", "perimeter"], ascending=[False, True, True], kind="stable")  # fmt: skip
    return (int(rows["degree"].iloc[0]), str(rows["sources"].iloc[0])) if len(rows) else (0, "")


def _kept(candidates: list[_Candidate], kind: str, degrees: dict[int, tuple[int, str]]) -> list[_Candidate]:
    def order(one: _Candidate) -> tuple[int, float, str]:
        return -degrees.get(id(one), (0, ""))[0], -one.strength, one.one.id

    kept: list[_Candidate] = []
    for one in sorted(candidates, key=order):
        if sum(other.one.theme == one.one.theme for other in kept) < PER_THEME:
            kept.append(one)
    return kept[: SHOWN[kind]]


def _row(
    one: _Candidate, degree: int | None = None, sources: str = "", widened: pd.DataFrame | None = None
) -> dict[str, object]:
    row: dict[str, object] = {
        "theme": str(one.one.theme), "variable": one.one.name, "group": "all", "kind": one.kind,
        "message": typographic(one.message), "detail": typographic(one.detail + _widened(one, widened)),
        "caveat": typographic(one.one.does_not_say),
        "question": typographic(one.one.ask), "codes": ", ".join(one.codes),
    }  # fmt: skip
    if degree is None:
        return row
    first, second = rivals(one.one)
    return row | {
        "degree": degree, "evidence": degree_label(degree), "sources": sources, "rival_first": first,
        "rival_second": second, "reply": "",
    }  # fmt: skip


def _widened(one: _Candidate, widened: pd.DataFrame | None) -> str:
    """Say where and since when the gap became wider."""
    if widened is None or one.one.contrast:
        return ""
    rows = widened[
        (widened["variable"] == one.one.name) & (widened["group"] == "all") & widened["code"].isin(one.codes)
    ]
    if rows.empty:
        return ""
    since = f" L’écart s’est creusé depuis {rows['earlier_period'].min()}"
    return f"{since}." if len(one.codes) == 1 else f"{since} dans {plural(rows['code'].nunique(), 'quartier')}."


def _principal() -> Iterator[Indicator]:
    """Give the indicators of the reference list itself; variants of one story are left to the chapters."""
    return (one for one in INDICATORS if one.principal and one.direction != Direction.NEUTRAL)


def _comparisons(own: pd.DataFrame, gaps: pd.DataFrame) -> Iterator[_Candidate]:
    for one in _principal():
        known = main_gaps(gaps, one.name)
        if not one.contrast and not known.empty:
            yield _comparison(one, known, total=own["code"].nunique())


def _comparison(one: Indicator, known: pd.DataFrame, *, total: int) -> _Candidate:
    notable = known[known["notable"] & known["worse"]]
    label = place(known)
    more = one.direction == Direction.MORE_IS_WORSE
    where = f"{one.label} ({period(known)})"
    least = size(one.unit)
    if len(known) == 1:
        row = known.iloc[0]
        unit = "points" if one.unit == "percent" else one.unit
        detail = (
            f"{quantity(row['value'], one.unit)} dans le quartier, {quantity(row['comparator_value'], one.unit)} "
            f"pour {label} : {quantity(row['difference'], unit, signed=True)}."
        )
    else:
        detail = f"Connu dans {out_of(len(known), total)}. Comparé à\u00a0: {label}."
    unsure = known[known["worse"] & large(known) & ~known["notable"]]
    if notable.empty and not unsure.empty:
        message = (
            f"{where} : {places(len(unsure), len(known))}, écart défavorable d’au moins {least} avec {label}, "
            "mais pas au-delà de l’incertitude : on ne peut pas conclure."
        )
        return _Candidate("not_found", len(known) / total, one, message, detail)
    if notable.empty:
        nobody = "le quartier ne s’écarte pas" if len(known) == 1 else "aucun quartier ne s’écarte"
        message = f"{where} : {nobody} de {label} d’au moins {least} dans un sens défavorable."
        return _Candidate("not_found", len(known) / total, one, message, detail)
    verb = "plus élevée" if more else "plus basse"
    message = f"{where} : {places(len(notable), len(known))}, valeur {verb} que pour {label}, d’au moins {least}."
    strength = len(notable) / total + abs(float(notable["ratio"].sub(1).abs().median())) / 10
    whole = 2 * len(notable) > len(known)
    return _Candidate("gap", strength, one, message, detail, tuple(notable["code"]), whole)


def _contrasts(rows: pd.DataFrame, *, total: int) -> Iterator[_Candidate]:
    """Compare two groups of the same neighbourhood."""
    for one in _principal():
        known = rows[rows["variable"] == one.name]
        if not one.contrast or known.empty:
            continue
        clear = known[known["clear"]]
        first, second = (GROUP_LABELS[name] for name in one.contrast)
        where = f"{one.label} ({period(known)})"
        detail = "" if total == 1 else f"Connu, avec son incertitude, dans {out_of(len(known), total)}."
        if clear.empty:
            nobody = (
                f"l’écart en défaveur des {first} ne dépasse pas son incertitude" if total == 1
                else f"dans aucun quartier l’écart en défaveur des {first} ne dépasse son incertitude"
            )  # fmt: skip
            message = f"{where} : {nobody}."
            yield _Candidate("not_found", len(known) / total, one, message, detail)
            continue
        least = quantity(NOTABLE_POINTS, "points", decimals=0)
        message = (
            f"{where} : {places(len(clear), len(known))}, le taux des {first} est inférieur d’au moins {least} "
            f"à celui des {second}, au-delà de l’incertitude."
        )
        strength = len(clear) / total + abs(float(clear["value"].median())) / 100
        whole = 2 * len(clear) > len(known)
        yield _Candidate("gap", strength, one, message, detail, tuple(clear["code"]), whole)


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
    published = gaps[~gaps["comparator_kind"].isin([MEDIAN, SIMILAR, Level.CONTRACT])]
    compared = set(published["variable"])
    alone = [one for one in _principal() if one.name in set(own["variable"]) - compared and not one.contrast]
    if alone:
        named = alone[:4]
        labels = enumeration(one.short_label[0].lower() + one.short_label[1:] for one in named)
        listed = labels if len(named) == len(alone) else f"dont {labels}"
        yield _blind(
            f"{plural(len(alone), 'indicateur')} sans comparaison publiée dans les fichiers ajoutés : {listed}.",
            f"{'Il est comparé' if len(alone) == 1 else 'Ils sont comparés'} à une médiane d’autres quartiers, "
            "faute de mieux.",
            "À l’Insee : les mêmes tables, à la commune et à l’intercommunalité, de la même édition ?",
        )


def _most_hidden(own: pd.DataFrame) -> Iterator[dict[str, object]]:
    # A figure without object, as the collège of a place that has none, is not an unknown one.
    absent = own[~own["status"].isin([*KNOWN, Status.NOT_APPLICABLE])]
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
            f"{what} : chiffre inconnu {unknown(int(count), total)}.",
            f"Motif : {enumeration(sorted(reasons))}.",
            "À l’Insee régional : un produit sur mesure, à une échelle plus large, est-il possible ?",
            variable, group,
        )  # fmt: skip
