"""Convergence of sources, 0 to 5: how many kinds of sources concur on one domain, criterion and perimeter.

The five kinds stand in the order of the scale: perceived discrimination measured by a survey, a statistical gap,
a practice observed or complaints, a test or a gap at equal characteristics, a decision of a court or of the
Défenseur des droits. Each adds one; a single testimony adds none, nor does a decomposition, however it comes out.
The number says how much is known from different sides, never that a discrimination is established.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

import pandas as pd

from diagnostic.analysis.domains import DOMAIN_THEMES, theme_of
from diagnostic.analysis.gaps import main_gaps
from diagnostic.analysis.indicator import INDICATORS
from diagnostic.analysis.multiplicity import contrasts, discovered
from diagnostic.errors import Fault, InputError
from diagnostic.formatting import enumeration, plural, typographic
from diagnostic.survey_model import criteria, motive_criteria
from diagnostic.vocabulary import THEME_LABELS, Direction, Status, Theme

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

TERRITORY: Final = "territoire"
SIGNAL_COLUMNS: Final = ["theme", "criterion", "perimeter", "kind", "concurs", "what", "source"]
EVIDENCE_COLUMNS: Final = [
    "theme", "criterion", "criterion_label", "perimeter", "degree", "label", "sources", "against",
]  # fmt: skip
# What a gap between a whole neighbourhood and the city around it may document; not its women nor its foreigners.
OF_PLACE: Final = ("lieu_residence", "vulnerabilite_economique")
BLIND_COLUMNS: Final = ["theme", "criterion", "criterion_label", "spot", "message"]
CLEAR_POINTS: Final = 5.0
MEASURED_FROM: Final = 30
_EVENT: Final = "event_domain*event_motives"


class Kind(StrEnum):
    """What a source is; the first five count, in the order of the scale."""

    SURVEY = "survey"
    GAP = "gap"
    PRACTICE = "practice"
    TESTING = "testing"
    DECISION = "decision"
    TESTIMONY = "testimony"
    DECOMPOSITION = "decomposition"


COUNTED: Final = (Kind.SURVEY, Kind.GAP, Kind.PRACTICE, Kind.TESTING, Kind.DECISION)
KIND_LABELS: Final = {
    Kind.SURVEY: "ressenti mesuré", Kind.GAP: "écart statistique",
    Kind.PRACTICE: "pratique observée ou réclamations", Kind.TESTING: "testing ou écart à caractéristiques égales",
    Kind.DECISION: "décision (justice ou Défenseur des droits)", Kind.TESTIMONY: "parole isolée",
    Kind.DECOMPOSITION: "décomposition (n’ajoute rien)",
}  # fmt: skip


def signals(
    indicators: pd.DataFrame,
    gaps: pd.DataFrame,
    *,
    territory: Collection[str],
    estimates: pd.DataFrame | None = None,
    others: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Gather what each source says of a domain and a criterion.

    Parameters
    ----------
    indicators, gaps
        Columns ``schemas.INDICATOR_COLUMNS`` and ``schemas.GAP_COLUMNS``.
    territory
        Codes of the territory's neighbourhoods.
    estimates
        Released estimates of a survey, columns ``schemas.ESTIMATE_COLUMNS``.
    others
        What the lead knows besides, columns ``SIGNAL_COLUMNS``: ``theme`` a theme or one of the sixteen domains,
        ``criterion`` a legal slug, ``perimeter`` ``territoire`` or the code of a neighbourhood, ``kind`` one of
        :class:`Kind`, ``concurs`` whether it points the same way.

    Returns
    -------
    pandas.DataFrame
        Columns ``SIGNAL_COLUMNS``. A gap speaks of the territory when it is unfavourable and notable in most of
        the neighbourhoods where it is known, and of each of these neighbourhoods besides.

    Raises
    ------
    InputError
        When a row of ``others`` has an unknown theme, criterion, perimeter or kind; all of them at once.
    """
    rows = [*_of_gaps(gaps[gaps["code"].isin(territory)]), *_of_contrasts(indicators, gaps, territory=territory)]
    if estimates is not None:
        rows += list(_of_survey(estimates))
    table = pd.DataFrame(rows, columns=SIGNAL_COLUMNS).astype({"concurs": bool})
    if others is not None and len(others):
        table = pd.concat([table, _checked(others, territory)], ignore_index=True)
    return table.drop_duplicates().reset_index(drop=True)


def _signal(
    theme: str, criterion: str, perimeter: str, kind: Kind, *, concurs: bool, what: str, source: str
) -> dict[str, object]:
    return {
        "theme": theme, "criterion": criterion, "perimeter": perimeter, "kind": str(kind), "concurs": concurs,
        "what": typographic(what), "source": source,
    }  # fmt: skip


def _of_gaps(gaps: pd.DataFrame) -> Iterator[dict[str, object]]:
    for one in INDICATORS:
        slugs = [slug for slug in one.criteria if slug in OF_PLACE]
        if one.contrast or not one.principal or one.direction == Direction.NEUTRAL or not slugs:
            continue
        rows = main_gaps(gaps, one.name)
        if not rows.empty:
            clear = rows["worse"] & rows["notable"]
            yield from _perimeters(rows["code"], clear, str(one.theme), slugs, one.label)


def _of_contrasts(
    indicators: pd.DataFrame, gaps: pd.DataFrame, *, territory: Collection[str]
) -> Iterator[dict[str, object]]:
    rows = clear_contrasts(indicators, gaps, territory=territory)
    for variable, group in rows.groupby("variable"):
        one = INDICATORS[str(variable)]
        yield from _perimeters(group["code"], group["clear"], str(one.theme), one.criteria, one.label)


def clear_contrasts(indicators: pd.DataFrame, gaps: pd.DataFrame, *, territory: Collection[str]) -> pd.DataFrame:
    """Give the differences between groups that may be printed, and say which are clear.

    Parameters
    ----------
    indicators, gaps
        Columns ``schemas.INDICATOR_COLUMNS`` and ``schemas.GAP_COLUMNS``.
    territory
        Codes of the territory's neighbourhoods.

    Returns
    -------
    pandas.DataFrame
        Headline rows of the contrasts, with ``clear``: to the disadvantage of the first group by at least 5
        points, beyond the interval, and a discovery of the whole family of gaps.
    """
    rows = contrasts(indicators, territory=territory)
    _, kept = discovered(gaps, rows)
    clear = (rows["high"] < 0) & (rows["value"] <= -CLEAR_POINTS) & kept
    shown = rows["headline"].astype(bool) & (rows["reliability"] == "publish")
    return rows.assign(clear=clear)[shown]


def _perimeters(
    codes: pd.Series[str], clear: pd.Series[bool], theme: str, slugs: Iterable[str], label: str
) -> Iterator[dict[str, object]]:
    what = f"{label} : défavorable dans {plural(int(clear.sum()), 'quartier')} sur {len(clear)}"
    for criterion in slugs:
        yield _signal(theme, criterion, TERRITORY, Kind.GAP, concurs=bool(2 * clear.sum() > len(clear)),
                      what=what, source="statistique publique")  # fmt: skip
        for code, mine in zip(codes, clear, strict=True):
            yield _signal(theme, criterion, str(code), Kind.GAP, concurs=bool(mine), what=label,
                          source="statistique publique")  # fmt: skip


def _of_survey(estimates: pd.DataFrame) -> Iterator[dict[str, object]]:
    """Read the only true crossing of a survey: the domain and the motives of the most recent event."""
    rows = estimates[
        (estimates["concept"] == _EVENT) & (estimates["level"] == TERRITORY) & (estimates["by"] == "")
        & (estimates["status"] == str(Status.ESTIMATED)) & (estimates["reliability"] != "suppress")
        & (estimates["n"] >= MEASURED_FROM)
    ]  # fmt: skip
    for answer, label in rows[["answer", "label"]].itertuples(index=False):
        domain, _, motive = str(answer).partition("|")
        if domain in DOMAIN_THEMES:
            for criterion in motive_criteria(motive):
                yield _signal(str(DOMAIN_THEMES[domain]), criterion, TERRITORY, Kind.SURVEY, concurs=True,
                              what=str(label), source="enquête")  # fmt: skip


def _checked(others: pd.DataFrame, territory: Collection[str]) -> pd.DataFrame:
    missing = [name for name in SIGNAL_COLUMNS if name not in others]
    if missing:
        raise InputError(Fault("colonnes manquantes", expected=", ".join(SIGNAL_COLUMNS),
                               found=f"sans {enumeration(missing)}"))  # fmt: skip
    themes = [theme_of(str(name)) for name in others["theme"]]
    accepted = {
        "criterion": set(criteria()), "kind": {str(kind) for kind in Kind}, "perimeter": {TERRITORY, *territory},
    }  # fmt: skip
    wrong = [("theme", line, str(value)) for line, (value, theme) in
             enumerate(zip(others["theme"], themes, strict=True), start=1) if theme is None]  # fmt: skip
    wrong += [
        (column, line, str(value))
        for column, known in accepted.items()
        for line, value in enumerate(others[column], start=1)
        if str(value) not in known
    ]
    if wrong:
        raise InputError([Fault("valeur inconnue", line=line, column=column, found=value,
                                remedy="écrivez un des mots du modèle de la table des autres sources")
                          for column, line, value in wrong])  # fmt: skip
    return others[SIGNAL_COLUMNS].assign(theme=[str(theme) for theme in themes]).astype({"concurs": bool})


def evidence(table: pd.DataFrame) -> pd.DataFrame:
    """Count the kinds of sources that concur.

    Parameters
    ----------
    table
        Columns ``SIGNAL_COLUMNS``.

    Returns
    -------
    pandas.DataFrame
        Columns ``EVIDENCE_COLUMNS``, one row a theme, a criterion and a perimeter: ``degree`` 0 to 5, ``label``
        and ``sources`` in French, ``against`` the kinds that looked and did not concur.

    Examples
    --------
    >>> rows = [("health", "handicap", "territoire", kind, True, "", "") for kind in ("survey", "decomposition")]
    >>> evidence(pd.DataFrame(rows, columns=SIGNAL_COLUMNS))["degree"].tolist()
    [1]
    """
    labels = {slug: entry.label for slug, entry in criteria().items()}
    looked: dict[tuple[str, str, str], dict[str, bool]] = {}
    columns = ["theme", "criterion", "perimeter", "kind", "concurs"]
    for theme, criterion, perimeter, kind, concurs in table[columns].itertuples(index=False, name=None):
        kinds = looked.setdefault((theme, criterion, perimeter), {})
        kinds[kind] = kinds.get(kind, False) or bool(concurs)
    rows = []
    for (theme, criterion, perimeter), kinds in sorted(looked.items()):
        agreeing = [kind for kind in COUNTED if kinds.get(kind)]
        silent = [kind for kind in COUNTED if kind in kinds and kind not in agreeing]
        heard = kinds.get(Kind.TESTIMONY)
        none = KIND_LABELS[Kind.TESTIMONY] if heard else "aucune source concordante"
        rows.append({
            "theme": theme, "criterion": criterion, "criterion_label": labels.get(str(criterion), str(criterion)),
            "perimeter": perimeter, "degree": len(agreeing), "label": degree_label(len(agreeing)),
            "sources": enumeration(KIND_LABELS[kind] for kind in agreeing) or none,
            "against": enumeration(KIND_LABELS[kind] for kind in silent),
        })  # fmt: skip
    return pd.DataFrame(rows, columns=EVIDENCE_COLUMNS).astype({"degree": "int64"})


def degree_label(degree: int) -> str:
    r"""Write a degree as documents print it.

    Examples
    --------
    >>> degree_label(2)
    'convergence des sources\xa0: 2 sur\xa05'
    """
    return f"convergence des sources\u00a0: {degree} sur\u00a05"


def blind_spots(table: pd.DataFrame, *, actions: pd.DataFrame | None = None) -> pd.DataFrame:
    """Find what is said and not measured, measured and not acted upon, or neither.

    Parameters
    ----------
    table
        Columns ``SIGNAL_COLUMNS``.
    actions
        The inventory, columns ``domain, criterion, level, qpv``, one row an action and a domain; criterion
        ``tous`` is a generalist action, which covers no criterion. Without it nothing is said of actions.

    Returns
    -------
    pandas.DataFrame
        Columns ``BLIND_COLUMNS``; ``spot`` is ``signal_without_data``,
        ``data_without_action`` or ``signal_without_action``.
    """
    labels = {slug: entry.label for slug, entry in criteria().items()}
    whole = table[table["perimeter"] == TERRITORY]
    acted = set() if actions is None else {
        (str(theme_of(str(domain))), str(criterion))
        for domain, criterion in actions[["domain", "criterion"]].itertuples(index=False)
    }  # fmt: skip
    rows = []
    for (theme, criterion), group in whole.groupby(["theme", "criterion"], sort=True):
        data = group["kind"].isin([Kind.GAP, Kind.TESTING]).any()
        concurs = bool(group["concurs"].any())
        where = f"{THEME_LABELS[Theme(str(theme))]}, critère « {labels.get(str(criterion), str(criterion))} »"
        if concurs and not data:
            words = "des signaux, et aucune donnée publique pour les mettre en regard"
            rows.append((theme, criterion, "signal_without_data", f"{where} : {words}."))
        if actions is not None and concurs and (theme, criterion) not in acted:
            kind, words = ("data_without_action", "mesuré") if data else ("signal_without_action", "signalé")
            rows.append((theme, criterion, kind, f"{where} : {words}, et aucune action recensée."))
    found = pd.DataFrame(rows, columns=["theme", "criterion", "spot", "message"])
    return found.assign(
        criterion_label=found["criterion"].map(lambda slug: labels.get(slug, slug)),
        message=found["message"].map(typographic),
    )[BLIND_COLUMNS]
