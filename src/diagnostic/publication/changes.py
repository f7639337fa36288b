"""What changed from one diagnostic to the next, as a table to open in a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from diagnostic.analysis.evolution import BEYOND, UNQUALIFIED, WITHIN
from diagnostic.publication.opendata import sheet_csv
from diagnostic.publication.workbook.columns import Column, Sheet
from diagnostic.vocabulary import GROUP_LABELS, STATUS_LABELS, UNIT_LABELS

if TYPE_CHECKING:
    import pandas as pd

_STATES: Final = {str(status): label for status, label in STATUS_LABELS.items()}
_JUDGEMENTS: Final = {
    BEYOND: "oui", WITHIN: "non", UNQUALIFIED: "écart non qualifiable (registre, pas d’intervalle)", "": "",
}  # fmt: skip
SHEET: Final = Sheet("Évolution", "comparaison", lambda tables: tables.indicators, (
    Column("code", "Code", "code officiel du quartier"), Column("label", "Quartier", "nom"),
    Column("indicator", "Indicateur", "libellé"), Column("group", "Groupe", "personnes concernées", GROUP_LABELS),
    Column("unit", "Unité", "unité des valeurs", UNIT_LABELS),
    Column("previous_period", "Année avant", "année du premier diagnostic"),
    Column("previous_value", "Valeur avant", "vide quand elle est absente ou masquée"),
    Column("previous_status", "Statut avant", "pourquoi la valeur est là ou absente", _STATES),
    Column("period", "Année après", "année du second diagnostic"), Column("value", "Valeur après", "idem"),
    Column("status", "Statut après", "idem", _STATES),
    Column("change", "Changement", "vide quand les deux années ne se comparent pas"),
    Column("half_width", "Incertitude (±)", "des deux valeurs ensemble"),
    Column("judgement", "Au-delà de l’incertitude", "le changement dépasse l’incertitude", _JUDGEMENTS),
    Column("reason", "Pourquoi pas", "ce qui empêche de comparer"),
))  # fmt: skip


def write_changes(table: pd.DataFrame) -> bytes:
    """Write the changes as csv, French words in place of codes.

    Parameters
    ----------
    table
        Of :func:`diagnostic.analysis.evolution.evolution`.
    """
    said = table.copy()
    for column in SHEET.columns:
        if column.words:
            said[column.name] = [column.words.get(value, value) for value in table[column.name]]
    return sheet_csv(SHEET, said)
