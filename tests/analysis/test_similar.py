"""Nearest neighbourhoods on context; requests that the tool refuses."""

import numpy as np
import pandas as pd
import pytest

from diagnostic.analysis.refusals import REFUSALS, about_origin, guess_from_name, rank, score
from diagnostic.analysis.similar import CONTEXT, neighbours
from diagnostic.errors import RefusedError

NAMES = ("population", "youth_index", "median_living_standard", "pensions_share")


def pool(figures, size=25, *, skip=()):
    generator = np.random.default_rng(4)
    rows = [
        (f"QP0990{place:02d}", float(generator.uniform(1, 99)), {"variable": name})
        for place in range(size) for name in NAMES if (place, name) not in skip
    ]  # fmt: skip
    return figures(*rows)


def test_neighbours_are_the_nearest_of_a_hand_computed_distance(figures):
    table = pool(figures)
    found = neighbours(table, territory=["QP099003"], count=10)
    wide = table.pivot_table(index="code", columns="variable", values="value")[list(NAMES)]
    wide["population"] = np.log(wide["population"])
    scaled = (wide - wide.mean()) / wide.std(ddof=0)
    distance = ((scaled - scaled.loc["QP099003"]) ** 2).mean(axis=1).pow(0.5).drop("QP099003").sort_values()
    assert found["neighbour"].tolist() == distance.index[:10].tolist()
    assert found["distance"].to_numpy() == pytest.approx(distance.to_numpy()[:10])
    assert found["rank"].tolist() == list(range(1, 11))
    assert set(found["pool"]) == {24}


def test_a_neighbourhood_is_never_its_own_and_order_does_not_count(figures):
    table = pool(figures)
    found = neighbours(table, territory=["QP099001", "QP099002"])
    assert not (found["code"] == found["neighbour"]).any()
    shuffled = table.sample(frac=1, random_state=0)
    pd.testing.assert_frame_equal(found, neighbours(shuffled, territory=["QP099001", "QP099002"]))


def test_an_unknown_context_gives_no_neighbour_rather_than_a_guess(figures):
    table = pool(figures, skip={(1, "population")})
    found = neighbours(table, territory=["QP099001", "QP099002"])
    assert set(found["code"]) == {"QP099002"}
    assert "QP099001" not in set(found["neighbour"])


def test_too_few_neighbourhoods_or_too_little_context_give_nothing(figures):
    assert neighbours(pool(figures, size=10), territory=["QP099001"], count=10).empty
    table = pool(figures)
    assert neighbours(table[table["variable"].isin(NAMES[:2])], territory=["QP099001"]).empty


def test_generations_do_not_meet(figures):
    table = pd.concat([pool(figures), pool(figures).assign(vintage=2024)], ignore_index=True)
    found = neighbours(table, territory=["QP099001"], count=10)
    assert found.groupby("vintage")["pool"].first().to_dict() == {2015: 24, 2024: 24}


@pytest.mark.parametrize("name", ["foreign_share", "immigrant_share", "part_etrangers", "nationalite"])
def test_nationality_and_immigration_never_make_a_resemblance(figures, name):
    with pytest.raises(RefusedError, match="origine"):
        neighbours(pool(figures), territory=["QP099001"], context=(*CONTEXT, name))


# Refusals.


def test_every_refusal_says_whether_it_is_the_law_or_a_choice():
    for one in REFUSALS.values():
        assert one.basis.startswith(("interdit par", "refusé par choix de l’outil"))
        assert one.why
        assert one.instead
        assert one.basis in str(one.error())


@pytest.mark.parametrize(
    ("variable", "group"),
    [("foreign_share", "all"), ("immigrant_share", "all"), ("foreign_overrepresentation", "all"),
     ("employment_rate", "foreign"), ("population", "all"), ("PER01", "all")],
)  # fmt: skip
def test_no_rank_by_origin_nor_by_what_has_no_unfavourable_side(figures, variable, group):
    table = figures(("QP099001", 3.0, {"variable": variable, "group": group}))
    with pytest.raises(RefusedError):
        rank(table, variable=variable, group=group)


def test_an_allowed_rank_puts_the_least_favourable_first(figures):
    table = figures(("QP099001", 30.0), ("QP099002", 50.0), ("QP099003", None))
    found = rank(table, variable="poverty_rate")
    assert found[:2].tolist() == [2.0, 1.0]
    assert found[2:].isna().all()


def test_a_score_of_a_population_and_a_guess_from_a_name_are_refused():
    with pytest.raises(RefusedError, match="note composite"):
        score("poverty_rate", "employment_rate")
    with pytest.raises(RefusedError) as refused:
        guess_from_name("Zineb")
    assert "Zineb" not in str(refused.value)


def test_poverty_is_not_origin():
    assert not any(about_origin(name) for name in CONTEXT)
