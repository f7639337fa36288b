"""The inventory of actions beside the diagnostic: what is covered, for how much, what is signalled and left alone.

An action that is given up covers nothing; a generalist one (every criterion) is counted apart, because it would
fill a whole row and hide what is not done. An amount that is not known is neither zero nor guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from diagnostic.action_model import ALL_CRITERIA, PUBLIC, SEPARATOR, choices, label_of
from diagnostic.analysis.crossing import ACTION_COLUMNS
from diagnostic.analysis.domains import DOMAIN_THEMES, domain_label, theme_of
from diagnostic.analysis.evidence import SIGNAL_COLUMNS, TERRITORY, Kind
from diagnostic.formatting import plural, typographic
from diagnostic.vocabulary import SCALE_LABELS, THEME_LABELS, Scale, Theme

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

GIVEN_UP: Final = "abandonnee"
LIST_COLUMNS: Final = ["action", *PUBLIC]
COVERAGE_COLUMNS: Final = ["domain", "domain_label", "criterion", "criterion_label", "actions"]
LEVEL_COLUMNS: Final = ["domain", "domain_label", "level", "level_label", "actions", "generalist"]
QUARTER_COLUMNS: Final = ["code", "actions", "generalist", "only_here", "amounts_known", "euros"]
MONEY_COLUMNS: Final = ["split", "code", "label", "actions", "amounts_known", "euros", "p147_known", "p147"]
REASON_COLUMNS: Final = ["kind", "code", "label", "actions"]
FIGURE_COLUMNS: Final = ["id", "label", "period", "value", "unit", "numerator", "denominator", "note"]
SPOT_COLUMNS: Final = ["domain", "criterion", "signals", "data", "actions"]
CREDIT_COLUMNS: Final = ["year", "euros", "source"]
UNACTED: Final = ("data_without_action", "signal_without_action")
SEVERAL: Final = "plusieurs"
_DATA: Final = (Kind.GAP, Kind.TESTING)
_COUNTED: Final = ("ecueils", "leviers")


@dataclass(frozen=True, slots=True)
class ActionTables:
    """Everything that documents show of an inventory.

    Parameters
    ----------
    actions
        ``LIST_COLUMNS``: the inventory without the texts that may not leave the machine.
    action_coverage
        ``COVERAGE_COLUMNS``: actions by domain and criterion, criterion ``tous`` for generalist ones, zeros kept.
    action_levels
        ``LEVEL_COLUMNS``: actions by domain and level; ``generalist`` those among them that name no criterion.
    action_quarters
        ``QUARTER_COLUMNS``: actions that name each neighbourhood; ``only_here`` name no other and
        make ``euros``.
    action_money
        ``MONEY_COLUMNS``: sums, split by nothing, state, level and domain (an action of several domains apart).
    action_reasons
        ``REASON_COLUMNS``: pitfalls and levers, by the number of actions that name them.
    action_figures
        ``FIGURE_COLUMNS``: ACT01, ACT02 a year, ACT03, REC02; ``value`` is NaN where ``note`` says why.
    action_spots
        ``SPOT_COLUMNS``: the rows of the coverage figure: theme by criterion, with a signal, with data, acted on.
    """

    actions: pd.DataFrame
    action_coverage: pd.DataFrame
    action_levels: pd.DataFrame
    action_quarters: pd.DataFrame
    action_money: pd.DataFrame
    action_reasons: pd.DataFrame
    action_figures: pd.DataFrame
    action_spots: pd.DataFrame


def action_tables(
    actions: pd.DataFrame,
    *,
    territory: Sequence[str],
    signals: pd.DataFrame | None = None,
    blind: pd.DataFrame | None = None,
    p147: pd.DataFrame | None = None,
) -> ActionTables:
    """Set an inventory beside what the diagnostic says.

    Parameters
    ----------
    actions
        Columns of the action model, codes of a cell joined by semicolons, and ``action``, their number.
    territory
        Codes of the neighbourhoods, in list order.
    signals
        Columns ``evidence.SIGNAL_COLUMNS``; ``None`` before any diagnostic.
    blind
        Columns ``evidence.BLIND_COLUMNS``, found with this inventory (:func:`long_form`); ``None`` likewise.
    p147
        Columns ``CREDIT_COLUMNS``: all credits of programme 147 of the contract, by year.

    Returns
    -------
    ActionTables
        Deterministic: the same tables give the same rows in the same order.
    """
    going = underway(actions)
    long = long_form(actions)
    said = pd.DataFrame(columns=SIGNAL_COLUMNS) if signals is None else signals
    return ActionTables(
        actions=actions[LIST_COLUMNS], action_coverage=coverage(long, cited=_cited(said)),
        action_levels=levels(long), action_quarters=quarters(going, territory),
        action_money=money(going), action_reasons=reasons(actions),
        action_figures=pd.DataFrame(
            [*_counts(going, blind), *_marked(going, p147), _trained(going)], columns=FIGURE_COLUMNS
        ),
        action_spots=spots(said, long),
    )  # fmt: skip


def underway(actions: pd.DataFrame) -> pd.DataFrame:
    """Keep the actions that are planned, under way or done."""
    return actions[actions["etat"] != GIVEN_UP]


def long_form(actions: pd.DataFrame) -> pd.DataFrame:
    """Give one row an action, a domain and a criterion, those given up left out.

    Parameters
    ----------
    actions
        Columns ``action, domaines, criteres, niveau, qpv, etat``.

    Returns
    -------
    pandas.DataFrame
        Columns ``ACTION_COLUMNS``: those that crossings and blind spots read, and the number of the action,
        by which to count; ``qpv`` keeps the codes of an action together.

    Examples
    --------
    >>> one = {"action": 1, "domaines": "sante;justice", "criteres": "sexe", "niveau": "micro", "qpv": "",
    ...        "etat": "en_cours"}
    >>> long_form(pd.DataFrame([one]))["domain"].tolist()
    ['sante', 'justice']
    """
    kept = underway(actions)
    long = kept.assign(
        domain=kept["domaines"].str.split(SEPARATOR), criterion=kept["criteres"].str.split(SEPARATOR),
        level=kept["niveau"],
    )  # fmt: skip
    return long.explode("domain").explode("criterion").reset_index(drop=True)[ACTION_COLUMNS]


def _cited(signals: pd.DataFrame) -> set[str]:
    whole = signals[(signals["perimeter"] == TERRITORY) & signals["concurs"].astype(bool)]
    return {str(criterion) for criterion in whole["criterion"]}


def coverage(long: pd.DataFrame, *, cited: Collection[str] = ()) -> pd.DataFrame:
    """Count actions by domain and criterion.

    Parameters
    ----------
    long
        Columns ``ACTION_COLUMNS``.
    cited
        Criteria that have a row although no action names them: those that a source signals.

    Returns
    -------
    pandas.DataFrame
        Columns ``COVERAGE_COLUMNS``: every domain, the criteria cited or acted on in the order of the law, then
        ``tous``; zeros are written.
    """
    counts = long.groupby(["domain", "criterion"])["action"].nunique()
    acted = set(long["criterion"])
    named = [
        one.code for one in choices("criteres") if one.code in acted | set(cited) and one.code != ALL_CRITERIA
    ]
    rows = [
        (domain, domain_label(domain), criterion, label_of("criteres", criterion),
         int(counts.get((domain, criterion), 0)))
        for domain, criterion in product(DOMAIN_THEMES, [*named, ALL_CRITERIA])
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=COVERAGE_COLUMNS)


def levels(long: pd.DataFrame) -> pd.DataFrame:
    """Count actions by domain and level, columns ``LEVEL_COLUMNS``; zeros are written."""
    generalist = long[long["criterion"] == ALL_CRITERIA]
    every, broad = (
        table.groupby(["domain", "level"])["action"].nunique().to_dict() for table in (long, generalist)
    )
    rows = [
        (domain, domain_label(domain), str(scale), SCALE_LABELS[scale], int(every.get((domain, str(scale)), 0)),
         int(broad.get((domain, str(scale)), 0)))
        for domain, scale in product(DOMAIN_THEMES, Scale)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=LEVEL_COLUMNS)


def quarters(going: pd.DataFrame, territory: Sequence[str]) -> pd.DataFrame:
    """Count the actions that name each neighbourhood, columns ``QUARTER_COLUMNS``, in list order.

    An action of the commune or of the intercommunality may reach a neighbourhood: it is not counted here, since
    nothing says that it does.
    """
    named = going.assign(code=going["qpv"].str.split(SEPARATOR), alone=~going["qpv"].str.contains(SEPARATOR))
    named = named.explode("code")
    named = named[named["code"] != ""]
    rows = []
    for code in territory:
        own = named[named["code"] == code]
        amounts = own.loc[own["alone"], "montant"]
        rows.append((
            code, len(own), int(_generalist(own).sum()), int(own["alone"].sum()), int(amounts.notna().sum()),
            amounts.sum(min_count=1),
        ))  # fmt: skip
    return pd.DataFrame(rows, columns=QUARTER_COLUMNS).astype({"euros": "float64"})


def _generalist(actions: pd.DataFrame) -> pd.Series[bool]:
    return actions["criteres"].str.split(SEPARATOR).map(lambda codes: ALL_CRITERIA in codes).astype(bool)


def money(going: pd.DataFrame) -> pd.DataFrame:
    """Add up amounts, columns ``MONEY_COLUMNS``; ``euros`` is NaN where no amount is known."""
    domain = going["domaines"].where(~going["domaines"].str.contains(SEPARATOR), SEVERAL)
    splits = {"etat": ("etats", going["etat"]), "niveau": ("niveaux", going["niveau"]),
              "domaine": ("domaines", domain)}  # fmt: skip
    rows = [("", "", "Ensemble", *_sums(going))]
    for split, (listed, keys) in splits.items():
        labels = {one.code: one.label for one in choices(listed)} | {SEVERAL: "Plusieurs domaines"}
        rows += [(split, code, label, *_sums(going[keys == code])) for code, label in labels.items()
                 if keys.eq(code).any()]  # fmt: skip
    return pd.DataFrame(rows, columns=MONEY_COLUMNS).astype({"euros": "float64", "p147": "float64"})


def _sums(actions: pd.DataFrame) -> tuple[int, int, float, int, float]:
    amounts, marked = actions["montant"], actions["part_p147"]
    return (
        len(actions), int(amounts.notna().sum()), float(amounts.sum(min_count=1)),
        int(marked.notna().sum()), float(marked.sum(min_count=1)),
    )  # fmt: skip


def reasons(actions: pd.DataFrame) -> pd.DataFrame:
    """Count pitfalls and levers over all actions, those given up included, columns ``REASON_COLUMNS``.

    The most named first, then in the order of the list; zeros are written.
    """
    rows = []
    for kind in _COUNTED:
        named = actions[kind].str.split(SEPARATOR).explode()
        counted = [(kind, one.code, one.label, int(named.eq(one.code).sum())) for one in choices(kind)]
        rows += sorted(counted, key=lambda row: -row[3])
    return pd.DataFrame(rows, columns=REASON_COLUMNS)


def spots(signals: pd.DataFrame, long: pd.DataFrame) -> pd.DataFrame:
    """Lay signals, data and actions out by theme and criterion, columns ``SPOT_COLUMNS``.

    Pairs that a source looked at, or that an action names; a generalist action fills none.
    """
    whole = signals[signals["perimeter"] == TERRITORY]
    data, heard = whole[whole["kind"].isin(_DATA)], whole[whole["concurs"].astype(bool)]
    seen, said = (set(zip(table["theme"], table["criterion"], strict=True)) for table in (data, heard))
    named = long[long["criterion"] != ALL_CRITERIA]
    pairs = named.assign(theme=[str(theme_of(str(domain))) for domain in named["domain"]])
    acted = pairs.groupby(["theme", "criterion"])["action"].nunique().to_dict()
    used_by_any = {*whole["criterion"], *named["criterion"]}
    used = [one.code for one in choices("criteres") if one.code in used_by_any]
    rows = [
        (THEME_LABELS[theme], label_of("criteres", criterion), float((str(theme), criterion) in said),
         float((str(theme), criterion) in seen), float(acted.get((str(theme), criterion), 0)))
        for theme, criterion in product(Theme, used)
        if theme is not Theme.POPULATION
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=SPOT_COLUMNS)


# Indicators of the reference list that an inventory gives.


def _figure(id: str, label: str, **cells: object) -> dict[str, object]:  # noqa: A002 - the field's own word
    blank = {"period": "", "value": np.nan, "unit": "", "numerator": np.nan, "denominator": np.nan, "note": ""}
    found = {**blank, "id": id, "label": label, **cells}
    return {**found, "note": typographic(str(found["note"]))}


def _counts(going: pd.DataFrame, blind: pd.DataFrame | None) -> Iterator[dict[str, object]]:
    broad = int(_generalist(going).sum())
    yield _figure(
        "ACT01", "Actions recensées contre les discriminations", value=float(len(going)), unit="actions",
        numerator=float(len(going)), note=f"dont {plural(broad, 'action')} sur tous les critères, à part",
    )  # fmt: skip
    label = "Angles morts : couples signalés, sans action qui nomme le critère"
    if blind is None:
        yield _figure("ACT03", label, unit="couples", note="diagnostic à calculer d’abord")
        return
    unacted = int(blind["spot"].isin(UNACTED).sum())
    yield _figure(
        "ACT03", label, value=float(unacted),
        unit="couples", numerator=float(unacted),
        note="couples domaine × critère ; une action générale n’en couvre aucun",
    )  # fmt: skip


def _marked(going: pd.DataFrame, p147: pd.DataFrame | None) -> Iterator[dict[str, object]]:
    """Give the share of the programme's credits that the inventory marks, by year of first day (ACT02)."""
    label = "Part des crédits du programme 147 consacrée à la lutte contre les discriminations"
    if p147 is None or p147.empty:
        asked = "total des crédits du programme 147 du contrat à demander au délégué du préfet"
        yield _figure("ACT02", label, unit="percent", note=asked)
        return
    for row in p147.sort_values("year", kind="stable").to_dict("records"):
        begun = going[going["debut"].dt.year == row["year"]]
        known = begun["part_p147"].notna()
        share = float(begun["part_p147"].sum())
        lacking = int((~known).sum())
        note = f"actions commencées cette année-là ; {plural(lacking, 'part inconnue', 'parts inconnues')}"
        yield _figure(
            "ACT02", label, period=str(row["year"]), unit="percent", numerator=share,
            denominator=float(row["euros"]), note=note,
            value=100 * share / row["euros"] if known.any() else np.nan,
        )  # fmt: skip


def _trained(going: pd.DataFrame) -> dict[str, object]:
    """Give the share of front-line professionals trained among those to train (REC02)."""
    label = "Part des acteurs de première ligne formés à la lutte contre les discriminations"
    both = going.dropna(subset=["professionnels_vises", "professionnels_formes"])
    target, done = both["professionnels_vises"].sum(), both["professionnels_formes"].sum()
    if not target:
        unsaid = "aucune action ne dit à la fois combien sont à former et combien sont formés"
        return _figure("REC02", label, unit="percent", note=unsaid)
    return _figure(
        "REC02", label, value=float(100 * done / target), unit="percent", numerator=float(done),
        denominator=float(target),
        note=f"sur {plural(len(both), 'action')} de formation ; une personne formée deux fois compte deux fois",
    )  # fmt: skip
