"""Whatever the table, an independent attacker finds nothing; on small ones no cheaper pattern is safe."""

import itertools

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from outsider import TOTAL, Outsider, complete, faults

from diagnostic import attack, protect


def some(examples):
    return settings(
        max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
    )


COUNTS = st.one_of(st.just(0), st.just(1), st.integers(0, 12), st.integers(0, 60))


@st.composite
def tables(draw, dimensions, longest=4):
    shape = tuple(draw(st.integers(2, longest)) for _ in range(dimensions))
    inner = np.array(draw(st.lists(COUNTS, min_size=int(np.prod(shape)), max_size=int(np.prod(shape)))))
    return complete(inner.reshape(shape), [[f"{axis}{i}" for i in range(size)] for axis, size in enumerate(shape)])


def check(table, dimensions, threshold, parents=None):
    result = protect(table, dimensions, threshold=threshold, hierarchies=parents)
    truth = table["n"].to_numpy(dtype=float)
    primary = (truth > 0) & (truth < threshold)
    hidden = result["n"].isna().to_numpy()
    assert ((result["status"] == "primary") == primary).all()
    assert (hidden == (result["status"] != "published")).all()
    assert not (hidden & (truth == 0)).any()
    assert (
        faults(
            Outsider(table, dimensions, parents),
            truth,
            hidden,
            primary=primary,
            threshold=threshold,
            everything=truth > 0,
        )
        == []
    )
    assert attack(result, dimensions, threshold=threshold, hierarchies=parents).empty
    return result


@some(10)
@given(tables(1, longest=8), st.sampled_from([3, 5, 11]))
def test_one_way(table, threshold):
    check(table, ["d0"], threshold)


@some(8)
@given(tables(2, longest=5), st.sampled_from([3, 5, 11]))
def test_two_way(table, threshold):
    check(table, ["d0", "d1"], threshold)


@some(4)
@given(tables(3, longest=3), st.sampled_from([3, 11]))
def test_three_way(table, threshold):
    check(table, ["d0", "d1", "d2"], threshold)


@some(6)
@given(tables(2, longest=5), st.data())
def test_hierarchy(table, data):
    leaves = sorted(set(table["d0"]) - {TOTAL})
    parents = {leaf: data.draw(st.sampled_from(["commune A", "commune B"])) for leaf in leaves}
    middle = table[table["d0"] != TOTAL].assign(d0=lambda t: t["d0"].map(parents))
    middle = middle.groupby(["d0", "d1"], as_index=False)["n"].sum()
    check(pd.concat([table, middle], ignore_index=True), ["d0", "d1"], 11, {"d0": parents})


@some(4)
@given(tables(3, longest=3), st.data())
def test_linked(first, data):
    """A second table splits the same cells by another criterion; the two share their margins over both."""
    shared = first[(first["d2"] == TOTAL) & (first["d0"] != TOTAL) & (first["d1"] != TOTAL)]
    part = np.array([data.draw(st.integers(0, n)) for n in shared["n"]])
    other = pd.concat([shared.assign(d2="p", n=part), shared.assign(d2="q", n=shared["n"] - part)])
    for axis, rest in (("d0", ["d1", "d2"]), ("d1", ["d0", "d2"])):
        margin = other.groupby(rest, as_index=False)["n"].sum().assign(**{axis: TOTAL})
        other = pd.concat([other, margin], ignore_index=True)
    table = pd.concat(
        [first.assign(d3=TOTAL), other.rename(columns={"d2": "d3"}).assign(d2=TOTAL)], ignore_index=True
    )
    check(table, ["d0", "d1", "d2", "d3"], 11)


@some(6)
@given(tables(2, longest=3))
def test_no_cheaper_pattern_is_safe(table):
    result = protect(table, ["d0", "d1"], threshold=11)
    truth = table["n"].to_numpy(dtype=float)
    primary = (truth > 0) & (truth < 11)
    outsider = Outsider(table, ["d0", "d1"])
    cost = np.log2(1 + truth) * 10.0 ** (table[["d0", "d1"]] == TOTAL).sum(axis=1).to_numpy()
    ours = cost[(result["status"] == "secondary").to_numpy()].sum()
    free = np.flatnonzero((truth > 0) & ~primary)
    for size in range(min(len(free), 4) + 1):
        for extra in itertools.combinations(free, size):
            if cost[list(extra)].sum() < ours - 1e-6:
                hidden = primary.copy()
                hidden[list(extra)] = True
                assert faults(outsider, truth, hidden, primary=primary, threshold=11, everything=truth > 0)
