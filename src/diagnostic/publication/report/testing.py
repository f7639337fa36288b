"""The chapter on a testing campaign: who was compared with whom, what the matched answers show, and no name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from diagnostic.action_model import label_of
from diagnostic.formatting import NBSP, number, plural, quantity
from diagnostic.publication.report.blocks import Block, column, table, text_cell

if TYPE_CHECKING:
    from collections.abc import Hashable

    import pandas as pd

    from diagnostic.publication.report.prose import Prose

    Row = dict[Hashable, Any]

MASKED: Final = "masqué"
_LEVEL: Final = 0.05
_OPENING: Final = 4  # entries of the card: what, in which domain, when, by whom


def testing_chapter(
    results: pd.DataFrame, effects: pd.DataFrame, *, card: pd.DataFrame, power: pd.DataFrame, prose: Prose,
    long: bool,
) -> list[Block]:  # fmt: skip
    """Make the chapter; nothing at all without a campaign.

    Parameters
    ----------
    results, effects
        Columns ``analysis.testing.RESULT_COLUMNS`` and ``EFFECT_COLUMNS``.
    card
        Columns ``schemas.CARD_COLUMNS``: what the campaign is.
    power
        Columns ``difference, apart, offers_80, offers_90``, to plan the next one.
    prose
        Texts.
    long
        Whether it shows everything; else :func:`testing_rest` shows the card, the sectors and the next campaign.

    Returns
    -------
    list of dict
        Blocks of the chapter, its heading first.
    """
    if results.empty:
        return []
    return prose.blocks("testing", {
        "fiche": _card(card if long else card.head(_OPENING)),
        "comparaisons": _compared(results[results["sector"] == ""]),
        "effets": _effects(effects),
        "secteurs": _sectors(results[results["sector"] != ""]) if long else [],
        "puissance": _power(power) if long else [],
    })  # fmt: skip


def testing_rest(results: pd.DataFrame, *, card: pd.DataFrame, power: pd.DataFrame, prose: Prose) -> list[Block]:
    """Make the annex of what the short chapter leaves out; nothing at all without a campaign.

    Parameters
    ----------
    results, card, power, prose
        As :func:`testing_chapter` takes them.
    """
    return [] if results.empty else prose.blocks("testing_suite", {
        "fiche": _card(card), "secteurs": _sectors(results[results["sector"] != ""]), "puissance": _power(power),
    })  # fmt: skip


def _card(card: pd.DataFrame) -> list[Block]:
    rows = [[text_cell(row["entry"], strong=True), text_cell(row["text"])] for row in card.to_dict("records")]
    return [table([column("Rubrique", width=52), column("Campagne", width=0)], rows)]


def _compared(whole: pd.DataFrame) -> list[Block]:
    rows = [
        [
            text_cell(_who(row)), text_cell(number(row["offers"])),
            text_cell(_rate(row, "rate_reference")), text_cell(_rate(row, "rate_tested")),
            text_cell(_gap(row), strong=True), text_cell(_verdict(row)),
        ]
        for row in whole.to_dict("records")
    ]  # fmt: skip
    reference = str(whole["reference"].iloc[0])
    columns = [
        column("Candidat testé", width=0), column("Offres", align="number", width=12),
        column("Réponses favorables : référence", align="number", width=26),
        column("Réponses favorables : testé", align="number", width=26),
        column("Écart net", align="number", width=34), column("Lecture", width=27),
    ]  # fmt: skip
    foot = (
        f"Référence : {reference}. Écart net : référence moins testé, mêmes offres ; intervalles à 95 %. "
        "« Au-delà du hasard » : test de Student apparié, corrigé du nombre de comparaisons (Holm), seuil 5 %."
    )
    return [table(columns, rows, foot=foot)]


def _who(row: Row) -> str:
    criterion = str(row["criterion"])
    return f"{row['tested']}\n({label_of('criteres', criterion).lower()})" if criterion else str(row["tested"])


def _rate(row: Row, name: str) -> str:
    shown = quantity(row[name], "percent")
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return shown if _absent(low) else f"{shown} ({number(low)} à {number(high)})"


def _gap(row: Row) -> str:
    shown = quantity(row["difference"], "points", signed=True)
    if _absent(row["difference_low"]):
        return shown
    low, high = (number(row[f"difference_{side}"], 1, signed=True) for side in ("low", "high"))
    return f"{shown} ({low} à {high})"


def _absent(value: float | None) -> bool:
    return value is None or value != value  # noqa: PLR0124 - an absent number is not equal to itself


def _verdict(row: Row) -> str:
    p = row["p_adjusted"]
    if _absent(p):
        return "aucune offre ne les départage"
    if p >= _LEVEL:
        return "ne se distingue pas du hasard"
    return "au-delà du hasard, défavorable" if row["difference"] > 0 else "au-delà du hasard, favorable"


def _effects(effects: pd.DataFrame) -> list[Block]:
    rows = [
        [
            text_cell(str(row["trait"])), text_cell(quantity(row["effect"], "points", signed=True), strong=True),
            text_cell(f"{number(row['low'], 1, signed=True)} à {number(row['high'], 1, signed=True)}"),
        ]
        for row in effects.to_dict("records")
    ]  # fmt: skip
    columns = [
        column("Trait", width=0), column("Effet sur la part de réponses favorables", align="number", width=44),
        column(f"Intervalle à 95{NBSP}%", align="number", width=36),
    ]  # fmt: skip
    foot = (
        "Chaque trait à part, à autres traits égaux, dans une même offre ; erreurs groupées par offre. "
        "Un croisement (×) sous zéro : les deux traits ensemble coûtent plus que leur somme."
    )
    return [table(columns, rows, title="Ce que chaque trait change", foot=foot)] if rows else []


def _sectors(sectors: pd.DataFrame) -> list[Block]:
    rows = [
        [
            text_cell(str(row["sector"])), text_cell(_who(row)),
            *(
                (text_cell(number(row["offers"])), text_cell(_gap(row))) if row["status"] == "observed"
                else (text_cell(MASKED, faint=True), text_cell(MASKED, faint=True))
            ),
        ]
        for row in sectors.sort_values(["sector", "tested"], kind="stable").to_dict("records")
    ]  # fmt: skip
    columns = [
        column("Secteur", width=46), column("Candidat testé", width=0), column("Offres", align="number", width=18),
        column("Écart net", align="number", width=46),
    ]  # fmt: skip
    foot = (
        "Masqué : moins de 30 offres, ou effectif qui se retrouverait par différence ; un organisme pourrait être "
        "reconnu. Les secteurs décrivent, aucun test ne les compare."
    )
    return [table(columns, rows, title="Par secteur", foot=foot)] if rows else []


def _power(power: pd.DataFrame) -> list[Block]:
    """Lay the offers needed out: a row a difference, a column a share of offers that set the candidates apart."""
    apart = sorted(power["apart"].unique())
    counts = power.set_index(["difference", "apart"])["offers_80"].to_dict()
    rows = [
        [
            text_cell(plural(int(gap), "point"), strong=True),
            *(text_cell(number(counts[gap, share]) if (gap, share) in counts else "–") for share in apart),
        ]
        for gap in sorted(power["difference"].unique())
    ]  # fmt: skip
    columns = [
        column("Écart à voir", width=0),
        *(column(f"{number(share)}{NBSP}% d’offres qui départagent", align="number", width=32) for share in apart),
    ]
    foot = "Offres, chacune envoyée aux deux candidats, pour voir l’écart quatre fois sur cinq (Connor, 1987)."
    return [table(columns, rows, title="Combien d’offres pour une prochaine campagne ?", foot=foot)]
