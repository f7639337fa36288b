"""Benjamini-Hochberg over the family of all printed gaps."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import false_discovery_control, norm

from diagnostic.analysis.gaps import SIMILAR, gaps, main_gaps
from diagnostic.analysis.multiplicity import discoveries, p_values

ps = st.lists(st.floats(0, 1), min_size=1, max_size=40)


@settings(deadline=None, max_examples=50)
@given(ps, st.floats(0.01, 0.5))
def test_the_procedure_is_that_of_scipy(values, rate):
    p = pd.Series(values)
    adjusted = false_discovery_control(p)
    clear = np.abs(adjusted - rate) > 1e-9  # at the limit itself rounding decides
    assert (discoveries(p, rate=rate).to_numpy() == (adjusted <= rate))[clear].all()


@settings(deadline=None, max_examples=50)
@given(ps)
def test_what_has_no_law_is_no_part_of_the_family(values):
    p = pd.Series(values)
    more = pd.concat([p, pd.Series([np.nan] * 5)], ignore_index=True)
    assert discoveries(more).tolist() == [*discoveries(p), *[False] * 5]


def test_p_values_are_those_of_the_normal_law():
    found = p_values(pd.Series([3.0, -3.0, 3.0, 3.0]), pd.Series([2.0, 2.0, 0.0, np.nan]))
    expected = 2 * norm.sf(3 / (2 / norm.ppf(0.975)))
    assert found[:2].tolist() == pytest.approx([expected] * 2)
    assert found[2:].isna().all()


def pairs(*codes):
    return pd.DataFrame({
        "code": codes, "comparator_kind": "epci", "comparator_code": "990000011", "comparator_label": "CA d’essai",
        "rank": 0, "level": "qpv", "vintage": 2015, "note": "",
    })  # fmt: skip


def test_many_comparisons_take_back_what_one_alone_would_call_notable(figures):
    """A gap just beyond its interval stays when it is alone, not among thirty that show nothing."""
    comparator = ("990000011", 20.0, {"level": "epci"})
    alone = gaps(figures(("QP099001", 26.1, {"width": 6.0}), comparator), pairs("QP099001"))
    assert alone["notable"].tolist() == [True]
    codes = [f"QP0990{rank:02d}" for rank in range(2, 32)]
    crowd = [(code, 20.1, {"width": 6.0}) for code in codes]
    many = gaps(figures(("QP099001", 26.1, {"width": 6.0}), *crowd, comparator), pairs("QP099001", *codes))
    assert not many["notable"].any()


def test_registers_are_judged_by_size_alone(figures):
    comparator = ("990000011", 20.0, {"level": "epci"})
    codes = [f"QP0990{rank:02d}" for rank in range(2, 32)]
    crowd = [(code, 20.1, {"width": 6.0}) for code in codes]
    table = gaps(figures(("QP099001", 26.1), *crowd, comparator), pairs("QP099001", *codes))
    assert table.loc[table["notable"], "code"].tolist() == ["QP099001"]


def test_the_interval_of_the_comparator_counts(figures):
    rows = figures(("QP099001", 42.0, {"width": 3.0}), ("990000011", 14.0, {"level": "epci", "width": 4.0}))
    assert gaps(rows, pairs("QP099001"))["half_width"].tolist() == [5.0]


def test_similar_neighbourhoods_are_a_comparator_except_for_what_they_were_chosen_on(figures):
    others = [f"QP09900{rank}" for rank in range(2, 8)]
    rows = figures(
        *((code, 10.0 + place, {"variable": name}) for name in ("rsa_share", "population")
          for place, code in enumerate(["QP099001", *others])),
        ("990000011", 14.0, {"level": "epci"}),
    )  # fmt: skip
    near = pd.DataFrame({"code": "QP099001", "vintage": 2015, "neighbour": others})
    table = gaps(rows, pairs("QP099001"), neighbours=near)
    assert table[["variable", "comparator_kind", "comparator_value"]].to_numpy().tolist() == [
        ["rsa_share", SIMILAR, 13.5]
    ]
    assert table["comparator_label"].tolist() == ["médiane des 6 quartiers les plus proches (6 sur 6 publiés)"]
    assert main_gaps(table, "rsa_share")["difference"].tolist() == [-3.5]
