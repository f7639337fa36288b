"""Local tables: what a place's groups and total tell of each other."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostic.analysis.disclosure import registers
from diagnostic.analysis.disclosure.registers import protect_register
from diagnostic.errors import RefusedError
from diagnostic.schemas import MEASURE_COLUMNS


def table(**groups):
    """One place, its counts by group; ``None`` where the producer hides one."""
    rows = [
        {"level": "qpv", "code": "QP099001", "vintage": 2015, "period": 2022, "variable": "suivis", "group": group,
         "source": "local_x", "edition": "2022", "value": np.nan if value is None else float(value),
         "unit": "persons",
         "status": "suppressed" if value is None else "observed", "note": "", "period_basis": "stated"}
        for group, value in groups.items()
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=MEASURE_COLUMNS)


def shown(measures, **options):
    kept = protect_register(measures, threshold=11, **options)[0].set_index("group")["value"]
    return {group: int(value) for group, value in kept.items() if pd.notna(value)}


@pytest.mark.parametrize(
    ("groups", "kept"),
    [
        ({"all": 60, "women": 30, "men": 30}, {"all": 60, "women": 30, "men": 30}),
        ({"all": 30, "women": 25}, {"all": 30}),  # 30 - 25 men
        ({"all": 40, "women": None, "men": 36}, {"all": 40}),  # the producer hides 4, and 40 - 36 would give them
        ({"all": 50, "under_25": 4, "from_25_to_49": 26, "over_50": 20}, {"all": 50, "from_25_to_49": 26}),
        ({"all": 50, "under_25": None, "from_25_to_49": None, "over_50": 45}, {"all": 50}),
        ({"all": 30, "women": 20, "men": 20}, {"all": 30}),  # does not add up: 30 - 20 men could be few
        ({"all": 7}, {}),
        ({"all": 0, "women": 0, "men": 0}, {"all": 0, "women": 0, "men": 0}),
        ({"all": None, "women": 30, "men": 3}, {"women": 30}),
    ],
)
def test_groups_and_totals(groups, kept):
    assert shown(table(**groups)) == kept


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 120))
def test_nothing_small_is_found_by_subtraction(women, men, more):
    total = women + men
    kept = shown(table(all=total, women=women, men=men, foreign=min(more, total)))
    assert not [value for value in kept.values() if 0 < value < 11]
    for group in ("women", "men", "foreign"):
        if "all" in kept and group in kept:
            assert not 0 < kept["all"] - kept[group] < 11


def test_what_is_out_already_is_compared():
    cell = ("local_x/2022/qpv/2015/suivis/2022", "Ensemble", "QP099001", "Ensemble")
    assert shown(table(all=60), out={cell: frozenset({57})}) == {}
    assert shown(table(all=60), out={cell: frozenset({60})}) == {"all": 60}
    assert shown(table(all=60), out={cell: frozenset({40})}) == {"all": 60}


def test_a_table_that_its_producer_protected_is_left_as_it_is():
    measures = table(all=30, women=4)
    assert protect_register(measures, threshold=0)[0] is measures


def test_a_sabotaged_protection_is_refused(monkeypatch):
    def only_small(cells, _dimensions, *, primary, threshold):
        small = cells["n"].between(1, threshold - 1)
        status = small.map({True: "primary", False: "published"})
        return cells.drop(columns=primary).assign(hide=small, n=cells["n"].mask(small), status=status)

    monkeypatch.setattr(registers, "protect", only_small)
    with pytest.raises(RefusedError, match="se retrouvent par différence"):
        protect_register(table(all=50, women=42, men=8), threshold=11)
