"""Tables of the report: what they compare with, and why a comparator is not there."""

from dataclasses import replace

import pandas as pd
import pytest

from diagnostic.publication.report.grids import comparison
from diagnostic.publication.report.reading import Reader


@pytest.fixture
def compared(public_tables):
    """Build a reader of one indicator and its comparators: kind, value and note of each."""
    tables = public_tables(3)
    row = tables.gaps[tables.gaps["variable"] == tables.gaps["variable"].iloc[0]].iloc[[0]]
    codes = tables.territories.loc[tables.territories["level"] == "qpv", "code"]
    variable = str(row["variable"].iloc[0])

    def build(*others):
        rows = [
            row.assign(code=code, comparator_kind=kind, comparator_value=value, note=note, notable=False)
            for code in codes for kind, value, note in others
        ]  # fmt: skip
        return Reader(replace(tables, gaps=pd.concat(rows, ignore_index=True))), variable

    return build


def heads(block):
    return [column["title"] for column in block["columns"] if column["title"] != "Écart"][3:]


def test_a_place_without_its_quarters_takes_the_room_of_a_median(compared):
    kinds = [
        (kind, 20.0, "") for kind in ("commune", "epci", "qpv_departement_median", "epci_hors_qpv", "contrat")
    ]
    (block,) = comparison(*compared(*kinds))
    assert heads(block) == ["Commune", "EPCI", "EPCI hors QPV"]
    (alone,) = comparison(*compared(*(one for one in kinds if one[0] in {"qpv_departement_median", "contrat"})))
    assert heads(alone) == ["Médiane des QPV du dép.", "Ensemble des QPV du contrat"]


def test_the_reason_of_an_absent_total_is_under_the_table_once(compared):
    why = "chiffre non publié dans 1 quartier sur 3 (QP099002)"
    (block,) = comparison(
        *compared(("epci", 20.0, ""), ("contrat", None, f"3 quartiers, celui-ci compris ; {why}"))
    )
    assert heads(block) == ["EPCI"]
    assert block["foot"].count(f"Ensemble des QPV du contrat, absent\u00a0: {why}.") == 1
    assert "celui-ci" not in block["foot"]
