"""The chapter on what is already done: who acts, where, at which level, for how much, and what nobody acts on."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from diagnostic.action_model import ALL_CRITERIA, SEPARATOR, label_of
from diagnostic.formatting import enumeration, number, plural, quantity
from diagnostic.publication.figures import Caption, coverage, describe_coverage
from diagnostic.publication.report.blocks import Block, bullets, column, heading, table, text_cell

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    import pandas as pd

    from diagnostic.analysis.actions import ActionTables
    from diagnostic.publication.report.pictures import Album
    from diagnostic.publication.report.prose import Prose

    Row = dict[Hashable, Any]

FIGURE: Final = "couverture-actions"
UNKNOWN_AMOUNT: Final = "non connu"
UNACTED: Final = ("data_without_action", "signal_without_action")  # blind spots that an inventory shows
_SHOWN: Final = 12  # blind spots on the page; the others are in the workbook
_RANKS: Final = ("micro", "meso", "macro")


def actions_chapter(
    found: ActionTables, blind: pd.DataFrame, *, prose: Prose, album: Album, long: bool = True
) -> list[Block]:
    """Make the chapter; nothing at all without an inventory.

    Parameters
    ----------
    found
        The tables of an inventory.
    blind
        Columns ``evidence.BLIND_COLUMNS``.
    prose, album
        Texts, and where the figure is kept.
    long
        Whether it shows everything; else :func:`actions_rest` shows the tables.

    Returns
    -------
    list of dict
        Blocks of the chapter, its heading first.
    """
    if found.actions.empty:
        return []
    given_up = int(found.actions["etat"].eq("abandonnee").sum())
    return prose.blocks("actions", {
        "nombre": plural(len(found.actions), "action recensée", "actions recensées"),
        "abandonnees": f" ({plural(given_up, 'abandonnée')}, hors des comptes)" if given_up else "",
        "chiffres": _figures(found.action_figures),
        "figure": _matrix(found.action_spots, album),
        "angles_morts": _blind(blind),
        "suite": _tables(found, prose=prose, album=album) if long
        else prose.blocks("renvoi_annexe", {"contenu": "domaine, par quartier et par montant"}),
    })  # fmt: skip


def actions_rest(found: ActionTables, *, prose: Prose, album: Album) -> list[Block]:
    """Make the annex of what the short chapter leaves out; nothing at all without an inventory."""
    return [] if found.actions.empty else [
        heading("Annexe : les actions, en tableaux", 1, page=True), *_tables(found, prose=prose, album=album)
    ]  # fmt: skip


def _tables(found: ActionTables, *, prose: Prose, album: Album) -> list[Block]:
    return prose.blocks("actions_suite", {
        "tableau": _domains(found.action_coverage, found.action_levels),
        "quartiers": _quarters(found.action_quarters, album),
        "argent": _money(found.action_money),
        "ecueils": _reasons(found.action_reasons, "ecueils"),
        "leviers": _reasons(found.action_reasons, "leviers"),
    })  # fmt: skip


def action_list(found: ActionTables, prose: Prose) -> list[Block]:
    """Make the annex: the inventory, one line an action, in the order of domains then of titles."""
    if found.actions.empty:
        return []
    ordered = found.actions.sort_values(["domaines", "intitule", "action"], kind="stable")
    rows = [
        [
            text_cell(f"{row['intitule']}\n{row['porteur']}"), text_cell(_words(row, "domaines")),
            text_cell(_words(row, "criteres")), text_cell(label_of("niveaux", row["niveau"]).split(" (")[0]),
            text_cell(label_of("etats", row["etat"])),
            text_cell(_euros(row["montant"]), faint=math.isnan(row["montant"])),
        ]
        for row in ordered.to_dict("records")
    ]  # fmt: skip
    columns = [
        column("Action et porteur", width=0), column("Domaines", width=36), column("Critères", width=27),
        column("Niveau", width=13), column("État", width=18), column("Montant", align="number", width=18),
    ]  # fmt: skip
    return prose.blocks("actions_liste", {"tableau": [table(columns, rows)]})


def _words(row: Row, name: str) -> str:
    return ", ".join(label_of(name, code) for code in str(row[name]).split(SEPARATOR))


def _euros(amount: float) -> str:
    return UNKNOWN_AMOUNT if math.isnan(amount) else quantity(amount, "euros")


def _figures(figures: pd.DataFrame) -> list[Block]:
    rows = []
    for row in figures.to_dict("records"):
        known = not math.isnan(row["value"])
        value = quantity(row["value"], "percent") if row["unit"] == "percent" and known else (
            number(row["value"]) if known else "–"
        )  # fmt: skip
        rows.append([
            text_cell(f"{row['label']} {row['period']}".strip()),
            text_cell(value, strong=known), text_cell(row["note"], faint=not known),
        ])  # fmt: skip
    columns = [
        column("Indicateur", width=0), column("Valeur", align="number", width=18),
        column("À savoir", width=66),
    ]  # fmt: skip
    return [table(columns, rows)]


def _matrix(spots: pd.DataFrame, album: Album) -> list[Block]:
    """Draw signals, data and actions by theme and criterion; nothing where no pair is known."""
    if spots.empty:
        return []
    identity = album.reader.identity
    caption = Caption(
        "Signaux, données et actions, par domaine et par critère",
        subtitle="Une action sur tous les critères n’en couvre aucun : elle n’est pas dessinée",
        source="inventaire des actions et diagnostic", generation=identity.generation,
        fictional=identity.fictional, caveat="Ne dit pas : l’intensité ni l’effet des actions.",
    )  # fmt: skip
    return [album.draw(FIGURE, coverage, describe_coverage, spots, caption=caption)]


def _domains(covered: pd.DataFrame, levels: pd.DataFrame) -> list[Block]:
    """Count by domain: levels side by side, then the criteria that actions name."""
    counts = levels.set_index(["domain", "level"])["actions"].to_dict()
    rows = []
    for (domain, label), group in covered.groupby(["domain", "domain_label"], sort=False):
        by_level = [int(counts[domain, level]) for level in _RANKS]
        named = group[(group["criterion"] != ALL_CRITERIA) & (group["actions"] > 0)]
        broad = int(group.loc[group["criterion"] == ALL_CRITERIA, "actions"].sum())
        said = enumeration(
            f"{row['criterion_label'].lower()} ({row['actions']})" for row in named.to_dict("records")
        )
        rows.append([
            text_cell(str(label), strong=sum(by_level) > 0),
            *(text_cell(number(one) if one else "–", faint=not one) for one in by_level),
            text_cell(number(broad) if broad else "–", faint=not broad),
            text_cell(said or "aucun", faint=not said),
        ])  # fmt: skip
    columns = [
        column("Domaine", width=0), column("Micro", align="number", width=13),
        column("Méso", align="number", width=13), column("Macro", align="number", width=13),
        column("Dont tous critères", align="number", width=19), column("Critères nommés (actions)", width=58),
    ]  # fmt: skip
    foot = "Une action de plusieurs domaines compte dans chacun : les lignes ne s’ajoutent pas."
    return [table(columns, rows, title="Actions par domaine et par niveau", foot=foot)]


def _blind(blind: pd.DataFrame) -> list[Block]:
    messages = [str(text) for text in blind.loc[blind["spot"].isin(UNACTED), "message"]]
    more = len(messages) - _SHOWN
    shown = [*messages[:_SHOWN], *([f"Et {plural(more, 'autre')}, dans le classeur."] if more > 0 else [])]
    return [bullets(shown)] if shown else []


def _quarters(quarters: pd.DataFrame, album: Album) -> list[Block]:
    found = {str(row["code"]): row for row in quarters.to_dict("records")}
    rows = []
    for place in album.reader.places:
        row = found.get(place.code)
        if row is None:
            continue
        rows.append([
            text_cell(str(place.number), faint=True), text_cell(place.name),
            text_cell(number(row["actions"]) if row["actions"] else "aucune", faint=not row["actions"]),
            text_cell(number(row["generalist"]) if row["generalist"] else "–"),
            text_cell(number(row["only_here"]) if row["only_here"] else "–"),
            text_cell(_partial(row["euros"], row["amounts_known"], row["only_here"])),
        ])  # fmt: skip
    columns = [
        column("N°", align="number", width=7), column("Quartier", width=0),
        column("Actions", align="number", width=20), column("Dont tous critères", align="number", width=20),
        column("Dans ce seul quartier", align="number", width=23),
        column("Leur montant", align="number", width=38),
    ]  # fmt: skip
    foot = (
        "Seules comptent les actions qui nomment le quartier. Un nombre d’actions ne dit ni leur taille, ni les "
        "besoins : il ne classe pas les quartiers."
    )
    return [table(columns, rows, title="Actions par quartier", foot=foot)] if rows else []


def _partial(euros: float, known: int, total: int) -> str:
    """Write a sum with how many of its amounts are known."""
    if not total:
        return "–"
    if math.isnan(euros):
        return UNKNOWN_AMOUNT
    return quantity(euros, "euros") + ("" if known == total else f" ({number(known)} sur {number(total)})")


def _money(money: pd.DataFrame) -> list[Block]:
    titles = {"": "", "etat": "État", "niveau": "Niveau", "domaine": "Domaine"}
    rows = [
        [
            text_cell(titles[row["split"]] if first else "", faint=True),
            text_cell(row["label"], strong=not row["split"]), text_cell(number(row["actions"])),
            text_cell(_partial(row["euros"], row["amounts_known"], row["actions"]), strong=not row["split"]),
            text_cell(_partial(row["p147"], row["p147_known"], row["actions"])),
        ]
        for row, first in _marked(money.to_dict("records"))
    ]  # fmt: skip
    columns = [
        column("Selon", width=20), column("", width=0), column("Actions", align="number", width=16),
        column("Montant connu", align="number", width=42), column("Dont programme 147", align="number", width=42),
    ]  # fmt: skip
    foot = "Entre parenthèses : montants connus sur actions. Un montant inconnu n’est pas compté pour zéro."
    return [table(columns, rows, foot=foot)]


def _marked(rows: Sequence[Row]) -> list[tuple[Row, bool]]:
    """Say which row opens its split."""
    before = [None, *(row["split"] for row in rows)]
    return [(row, row["split"] != last) for row, last in zip(rows, before, strict=False)]


def _reasons(reasons: pd.DataFrame, kind: str) -> list[Block]:
    rows = reasons[(reasons["kind"] == kind) & (reasons["actions"] > 0)].to_dict("records")
    return [bullets(f"{row['label']} : {plural(row['actions'], 'action')}" for row in rows)] if rows else []
