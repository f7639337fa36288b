"""The map of plans: a state a circle, told apart without colour, every state in the legend."""

import pandas as pd
import pytest

from diagnostic.errors import InputError
from diagnostic.publication.figures import POSTER, SLIDE, Caption, png
from diagnostic.publication.figures.kinds.plan_map import INKS, STATES, describe_plan_map, plan_map
from diagnostic.publication.figures.theme import artists

CAPTION = Caption("Où en sont les plans", source="irev.fr", generation=2015, fictional=True)


@pytest.fixture
def ground(public_tables):
    return public_tables(9).territories


@pytest.fixture
def states(ground):
    codes = ground.loc[ground["level"] == "qpv", "code"].tolist()
    return pd.DataFrame({"code": codes[:5], "state": list(STATES)})


def luminance(colour):
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_states_are_apart_without_colour():
    looks = {
        (round(luminance(ink.style["facecolor"]) / 64), ink.style.get("hatch"), ink.style.get("linestyle"),
         ink.style["linewidth"] > 1)
        for ink in INKS.values()
    }  # fmt: skip
    assert len(looks) == len(STATES)
    assert set(INKS) == set(STATES)


def test_each_territory_is_under_its_state_and_the_rest_is_not_documented(ground, states):
    figure = plan_map(states, ground, caption=CAPTION)
    labels = [one.get_text().replace("\u00a0", " ") for one in artists(figure, "legend-label-")]
    assert labels[0] == "Plan connu et daté : 1"
    assert labels[-1] == "Non documenté : 5"
    heights = {one.get_gid(): one.get_position()[1] for one in figure.axes[0].texts if one.get_gid()}
    first, last = states["code"].iloc[[0, 4]]
    assert heights["legend-label-dated"] < heights[f"name-{first}"] < heights["legend-label-undated"]
    assert heights[f"name-{last}"] > heights["legend-label-unknown"]
    circle = artists(figure, f"circle-{states['code'].iloc[2]}")[0]
    assert circle.get_hatch() == INKS["under_way"].style["hatch"]


def test_a_state_without_a_territory_is_said(ground, states):
    figure = plan_map(states.iloc[:1], ground, caption=CAPTION)
    assert artists(figure, "legend-label-none")[0].get_text().endswith("aucun")


def test_the_words_name_what_is_known_and_count_the_rest(ground, states):
    words = describe_plan_map(states, ground, caption=CAPTION).replace("\u00a0", " ")
    assert words.endswith("Non documenté : 5 territoires.")
    assert words.count(":") == 6  # the title, the four states known, the rest


@pytest.mark.parametrize("paper", [None, SLIDE, POSTER])
def test_it_is_drawn_for_every_paper_the_same_each_time(ground, states, paper):
    caption = CAPTION if paper is None else Caption("Où en sont les plans", source="irev.fr", paper=paper)
    one, other = (png(plan_map(states, ground, caption=caption), dpi=40) for _ in range(2))
    assert one == other


def test_a_table_without_its_columns_is_refused(ground):
    with pytest.raises(InputError, match="colonne absente"):
        plan_map(pd.DataFrame({"autre": [1]}), ground, caption=CAPTION)
